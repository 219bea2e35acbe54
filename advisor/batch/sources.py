"""Files of cases as Arrow tables, a piece at a time.

In: paths and patterns. Out: tables of at most so many rows. What cannot be read is a row that says so.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv, ipc

from advisor.batch.lines import Lines
from advisor.columns.schema import UNREADABLE
from advisor.problems.problem import Place, Problem, Problems, suggestion

FORMATS: Final = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".csv": "csv",
    ".tsv": "tsv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
PIECE: Final = 65_536
"""Rows read at once."""
BLOCK: Final = 8 << 20
"""Bytes of text read at once."""
FIRST_ROW: Final = 2
"""Lines of a CSV file count from 1, and the first names the columns."""


def form_of(path: Path) -> str:
    """The format that a file's name says. Raises Problems for one that is not known."""
    found = FORMATS.get(path.suffix.casefold())
    if found is None:
        message = f"what kind of file this is cannot be told from `{path.suffix[:20] or path.name[:40]}`"
        help_ = suggestion(path.suffix, FORMATS, what="allowed")
        raise Problems([Problem(Place(str(path)), "unknown-format", message, help_)])
    return found


def files(patterns: Sequence[str]) -> list[Path]:
    """The files that paths and patterns (`cases/*.parquet`) name, in the order of their names. Raises Problems."""
    found: dict[Path, None] = {}
    problems = []
    for pattern in patterns:
        path = Path(pattern)
        named = [path] if path.exists() else [Path(one) for one in sorted(glob(pattern, recursive=True))]  # noqa: PTH207 - a pattern may begin anywhere
        listed = [one for path in named for one in (_inside(path) if path.is_dir() else [path])]
        if not listed:
            message = "there is no such file, and none that the pattern fits"
            problems.append(Problem(Place(pattern), "no-such-file", message, "check the name"))
        found |= dict.fromkeys(listed)
    if problems:
        raise Problems(problems)
    if len({form_of(path) for path in found}) > 1:
        names = ", ".join(sorted({path.suffix for path in found}))
        message = f"the files are of several kinds: {names}"
        raise Problems([Problem(Place(patterns[0]), "mixed-formats", message, "give one kind at a time")])
    return list(found)


def _inside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.casefold() in FORMATS and path.is_file())


class Source(Protocol):
    """The rows of one file after another."""

    @property
    def schema(self) -> pa.Schema:
        """The columns."""
        ...

    def pieces(self, start: int = 0) -> Iterator[pa.Table]:
        """The rows from `start` on, counted from 0."""
        ...

    def rows(self) -> int | None:
        """About how many rows there are, to show how far one has come; None where nobody knows."""
        ...

    def astray(self) -> list[dict[str, Any]]:
        """What is wrong with rows of other tables that belong to none of these: `place`, `kind`, `problem`, `mend`."""
        ...


def source(paths: Sequence[Path], lines: Lines) -> Source:
    """The rows of files of one kind; `lines` turns lines of JSON to rows.

    Raises Problems where a file cannot be read, or has other columns than the first.
    """
    form = form_of(paths[0])
    if form == "ndjson":
        return _Lines(paths, lines)
    kinds: dict[str, type[_Files]] = {"parquet": _Parquet, "arrow": _Arrow, "csv": _Csv, "tsv": _Csv}
    return kinds[form](paths)


def _broken(path: Path, error: Exception) -> Problems:
    reason = (str(error).splitlines() or [""])[0][:200]
    return Problems([Problem(Place(str(path)), "unreadable-file", f"this file cannot be read: {reason}")])


@dataclass
class _Files(ABC):
    """What the readers of all formats do alike: one file after another, and so many rows skipped."""

    paths: Sequence[Path]

    def __post_init__(self) -> None:
        self.schema = self.schema_of(self.paths[0])
        for path in self.paths[1:]:
            other = self.schema_of(path)
            if other != self.schema:
                differ = sorted({*map(str, other)} ^ {*map(str, self.schema)})[:3]
                message = f"its columns differ from those of {self.paths[0]}: {', '.join(differ) or 'another order'}"
                raise Problems([Problem(Place(str(path)), "other-columns", message, "make them the same")])

    @abstractmethod
    def schema_of(self, path: Path) -> pa.Schema:
        """The columns of a file."""

    def length(self, path: Path) -> int | None:  # noqa: ARG002 - of some it is known
        """The rows of a file where that is known without reading them."""
        return None

    @abstractmethod
    def tables(self, path: Path) -> Iterator[pa.Table]:
        """The rows of a file, a piece at a time."""

    def astray(self) -> list[dict[str, Any]]:
        return []

    def rows(self) -> int | None:
        lengths = [self.length(path) for path in self.paths]
        return None if None in lengths else sum(one for one in lengths if one is not None)

    def pieces(self, start: int = 0) -> Iterator[pa.Table]:
        for path in self.paths:
            length = self.length(path) if start else None
            if length is not None and length <= start:
                start -= length
                continue
            try:
                for table in self.tables(path):
                    if start >= len(table):
                        start -= len(table)
                    else:
                        yield table.slice(start)
                        start = 0
            except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
                raise _broken(path, error) from None


class _Parquet(_Files):
    def schema_of(self, path: Path) -> pa.Schema:
        try:
            return pq.read_schema(path)
        except (pa.ArrowException, OSError) as error:
            raise _broken(path, error) from None

    def length(self, path: Path) -> int | None:
        return int(pq.read_metadata(path).num_rows)

    def tables(self, path: Path) -> Iterator[pa.Table]:
        with pq.ParquetFile(path) as file:
            # Group by group: a batch of two groups cannot be read where a list holds dictionaries.
            for group in range(file.num_row_groups):
                for batch in file.iter_batches(PIECE, row_groups=[group]):
                    yield pa.Table.from_batches([batch], file.schema_arrow)


class _Arrow(_Files):
    def schema_of(self, path: Path) -> pa.Schema:
        with self._open(path) as reader:
            return reader.schema

    def _open(self, path: Path) -> Any:  # noqa: ANN401 - a reader of either form
        try:
            return ipc.open_file(pa.memory_map(str(path)))
        except pa.ArrowInvalid:
            try:
                return ipc.open_stream(pa.memory_map(str(path)))
            except (pa.ArrowException, OSError) as error:
                raise _broken(path, error) from None

    def length(self, path: Path) -> int | None:
        with self._open(path) as reader:
            if isinstance(reader, ipc.RecordBatchFileReader):
                return sum(int(reader.get_batch(at).num_rows) for at in range(reader.num_record_batches))
        return None

    def tables(self, path: Path) -> Iterator[pa.Table]:
        with self._open(path) as reader:
            if isinstance(reader, ipc.RecordBatchFileReader):
                batches = (reader.get_batch(at) for at in range(reader.num_record_batches))
            else:
                batches = iter(reader)
            for batch in batches:
                table = pa.Table.from_batches([batch], reader.schema)
                for at in range(0, len(table), PIECE):
                    yield table.slice(at, PIECE)


class _Text(_Files):
    """What formats of lines do alike."""

    def rows(self) -> int:
        return sum(map(_line_ends, self.paths))


def _line_ends(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))


class _Csv(_Text):
    """All columns are text, and read as case files are: a column of a file may hold `4`, `4..6` and `unknown`."""

    def schema_of(self, path: Path) -> pa.Schema:
        try:
            return pa.schema([(name, pa.string()) for name in (*self._names(path), UNREADABLE)])
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _broken(path, error) from None

    def _parsing(self, path: Path, broken: list[csv.InvalidRow] | None = None) -> csv.ParseOptions:
        def skip(row: csv.InvalidRow) -> str:
            if broken is not None:
                broken.append(row)
            return "skip"

        delimiter = "\t" if path.suffix.casefold() == ".tsv" else ","
        return csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip)

    def _names(self, path: Path) -> list[str]:
        reading = csv.ReadOptions(block_size=1 << 20, use_threads=False)
        with csv.open_csv(path, reading, self._parsing(path)) as reader:
            return list(reader.schema.names)

    def tables(self, path: Path) -> Iterator[pa.Table]:
        broken: list[csv.InvalidRow] = []
        plain = pa.schema([(one.name, pa.binary()) for one in self.schema if one.name != UNREADABLE])
        columns = csv.ConvertOptions(
            column_types=plain, strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=True
        )
        reading = csv.ReadOptions(block_size=BLOCK, use_threads=False)
        row = 0
        with csv.open_csv(path, reading, self._parsing(path, broken), columns) as reader:
            for batch in reader:
                table = self._with_broken(pa.Table.from_batches([batch], plain), row, broken)
                row += len(table)
                for at in range(0, len(table), PIECE):
                    yield table.slice(at, PIECE)
        if broken:
            yield self._with_broken(plain.empty_table(), row, broken)

    def _with_broken(self, table: pa.Table, row: int, broken: list[csv.InvalidRow]) -> pa.Table:
        """Puts rows that could not be read in their places among the others; `row`: the number of the first."""
        found = []
        while broken and broken[0].number - FIRST_ROW <= row + len(table):
            before = broken[0].number - FIRST_ROW - row
            found += [self._marked(table.slice(0, before)), self._nothing(broken.pop(0))]
            table, row = table.slice(before), row + before + 1
        return pa.concat_tables([*found, self._marked(table)]) if found else self._marked(table)

    def _marked(self, table: pa.Table) -> pa.Table:
        """The texts of a table, and of each row whether one of them is none in UTF-8."""
        try:
            texts = [column.cast(pa.string()) for column in table.columns]
            why: list[str | None] | pa.Array = pa.nulls(len(table), pa.string())
        except pa.ArrowInvalid:
            rows = [[_text(value) for value in column.to_pylist()] for column in table.columns]
            texts = [pa.array([value or None for value in values], pa.string()) for values in rows]
            broken = [False in values for values in zip(*rows, strict=True)]
            why = ["the row is not in UTF-8: save the file in that encoding" if one else None for one in broken]
        return pa.table([*texts, pa.array(why, pa.string())], schema=self.schema)

    def _nothing(self, row: csv.InvalidRow) -> pa.Table:
        columns = "1 column" if row.actual_columns == 1 else f"{row.actual_columns} columns"
        why = f"the row has {columns}, and the first line names {row.expected_columns}"
        nothing = {one.name: None for one in self.schema}
        return pa.Table.from_pylist([{**nothing, UNREADABLE: why}], self.schema)


def _text(value: bytes | None) -> str | bool | None:
    """A text in UTF-8; false for what is none."""
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return False


@dataclass
class _Lines(_Text):
    """A JSON object a line."""

    lines: Lines

    def schema_of(self, path: Path) -> pa.Schema:  # noqa: ARG002 - all files have the columns of the pack
        return self.lines.schema

    def tables(self, path: Path) -> Iterator[pa.Table]:
        with path.open("rb") as file:
            while block := file.readlines(BLOCK):
                kept = [line for line in block if line.strip()]
                for at in range(0, len(kept), PIECE):
                    yield self.lines.table(kept[at : at + PIECE])
