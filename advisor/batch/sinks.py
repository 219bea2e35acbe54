"""Tables to files: Parquet, Arrow, CSV or NDJSON, all of it or nothing.

In: tables of one schema, one after another. Out: a file that nobody ever finds half written.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from advisor.batch.sources import form_of


class Writer(Protocol):
    """Writes tables to a file."""

    def write_table(self, table: pa.Table) -> None:
        """Adds the rows."""
        ...

    def close(self) -> None:
        """Writes what is left."""
        ...


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` to write to, which takes its place when all went well. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


class Sink:
    """A file that is written piece by piece; the format is that of its name."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        """Raises Problems for a name that tells no format."""
        self.form = form_of(path)
        self.schema = pa.schema([pa.field(one.name, decoded(one.type)) for one in schema])
        self._replacing = replacing(path)

    def __enter__(self) -> Self:
        beside = self._replacing.__enter__()
        self._writer = _writer(self.form, beside, self.schema)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        self._replacing.__exit__(kind, error, trace)

    def write(self, table: pa.Table) -> None:
        """Adds rows."""
        self._writer.write_table(table.cast(self.schema))


def decoded(type_: pa.DataType) -> pa.DataType:
    """A type without dictionaries: not all formats have them within structs."""
    if pa.types.is_dictionary(type_):
        return type_.value_type
    if pa.types.is_list(type_):
        return pa.list_(decoded(type_.value_type))
    if pa.types.is_struct(type_):
        return pa.struct([(type_.field(at).name, decoded(type_.field(at).type)) for at in range(type_.num_fields)])
    return type_


def _writer(form: str, path: Path, schema: pa.Schema) -> Writer:
    writer: Writer
    match form:
        case "parquet":
            writer = pq.ParquetWriter(path, schema, compression="zstd")
        case "arrow":
            writer = ipc.new_file(path, schema)
        case "csv":
            writer = _Csv(path, schema, ",")
        case "tsv":
            writer = _Csv(path, schema, "\t")
        case _:
            writer = _JsonLines(path)
    return writer


class _Text:
    """What both formats of text do alike."""

    def __init__(self, path: Path) -> None:
        self.file: IO[str] = path.open("w", encoding="utf-8", newline="")

    def close(self) -> None:
        self.file.close()


class _JsonLines(_Text):
    def write_table(self, table: pa.Table) -> None:
        for row in table.to_pylist():
            self.file.write(f"{_json(row)}\n")


class _Csv(_Text):
    """Lists and structs stand as JSON in their columns."""

    def __init__(self, path: Path, schema: pa.Schema, delimiter: str) -> None:
        super().__init__(path)
        self._csv = csv.writer(self.file, delimiter=delimiter, lineterminator="\n")
        self._csv.writerow(schema.names)

    def write_table(self, table: pa.Table) -> None:
        columns = [
            [None if one is None else _json(one) for one in column.to_pylist()]
            if pa.types.is_nested(column.type)
            else column.to_pylist()
            for column in table.columns
        ]
        self._csv.writerows(zip(*columns, strict=True))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> object:  # noqa: ANN401 - whatever a column that is carried over holds
    if isinstance(value, date | datetime):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else str(value)
