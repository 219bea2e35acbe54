"""Cases with a table of their own for entities: each entity goes to the case that its key names.

In: the rows of cases, files of entities, and the column that names the case in both. Out: the rows of cases with one
more column, a list of structs. Of the entities only their places stay in memory; they themselves wait in a file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from advisor.batch.lines import Lines
from advisor.batch.sources import Source, source
from advisor.columns.schema import UNREADABLE
from advisor.packs.pack import Pack
from advisor.problems.problem import Place, Problem, Problems, suggestion

MOST_ASTRAY: Final = 100_000
"""Entities without a case that are told of one by one."""


class Joined:
    """The rows of `cases`, each with its entities."""

    def __init__(self, pack: Pack, cases: Source, plural: str, paths: Sequence[Path], key: str) -> None:
        """Raises Problems for a name that is no list of the pack, or a key that one of the tables does not have."""
        plurals = {one.plural: one.id for one in pack.entities.values()}
        if plural not in plurals:
            help_ = suggestion(plural, plurals, what="the pack has")
            message = f"the pack has no list `{plural[:80]}`"
            raise Problems([Problem(Place("--table"), "unknown-table", message, help_)])
        if not key:
            message = f"which case one of the {plural} belongs to is not said"
            raise Problems([Problem(Place("--table"), "no-key", message, "name the column with --key")])
        self.cases = cases
        self.plural = plural
        self.key = key
        self.paths = paths
        self.entities = source(paths, Lines(pack, (), plurals[plural], key))
        for which, schema in ((str(paths[0]), self.entities.schema), ("the cases", cases.schema)):
            if key not in schema.names:
                message = f"{which} have no column `{key[:80]}`"
                help_ = suggestion(key, [one for one in schema.names if one != UNREADABLE], what="there are")
                raise Problems([Problem(Place("--key"), "unknown-column", message, help_)])
        if plural in cases.schema.names and pa.types.is_nested(cases.schema.field(plural).type):
            cases = _Without(cases, plural)
            self.cases = cases
        parts = [one for one in self.entities.schema if one.name not in (key, UNREADABLE)]
        struct = pa.list_(pa.struct(parts))
        names = [one for one in cases.schema if one.name != UNREADABLE]
        self.schema = pa.schema([*names, pa.field(plural, struct), pa.field(UNREADABLE, pa.string())])
        self._prepared: _Prepared | None = None

    def rows(self) -> int | None:
        """About how many cases there are."""
        return self.cases.rows()

    def astray(self) -> list[dict[str, Any]]:
        """The entities that belong to no case."""
        return [*self.cases.astray(), *self._prepare().astray]

    def pieces(self, start: int = 0) -> Iterator[pa.Table]:
        """The rows of cases from `start` on, each with its entities."""
        prepared = self._prepare()
        for piece in self.cases.pieces(start):
            yield self._with_entities(piece, start, prepared)
            start += len(piece)

    def _prepare(self) -> _Prepared:
        if self._prepared is None:
            self._prepared = _Prepared(self)
        return self._prepared

    def _with_entities(self, piece: pa.Table, start: int, prepared: _Prepared) -> pa.Table:
        listed, offsets = prepared.of(start, len(piece))
        parts = [one for one in listed.schema if one.name != self.key]
        struct = pa.StructArray.from_arrays([listed[one.name].combine_chunks() for one in parts], fields=parts)
        lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), struct)
        why = piece[UNREADABLE].to_pylist() if UNREADABLE in piece.schema.names else [None] * len(piece)
        for at in prepared.unusable(start, len(piece)):
            why[at] = why[at] or f"the column `{self.key}` is empty, or names the same case as a row before"
        columns = [piece[one.name] for one in self.schema if one.name in piece.schema.names and one.name != UNREADABLE]
        return pa.table([*columns, lists, pa.array(why, pa.string())], schema=self.schema)


class _Without:
    """A source without one of its columns, for which there is a table."""

    def __init__(self, cases: Source, name: str) -> None:
        self.cases = cases
        self.name = name
        self.schema = pa.schema([one for one in cases.schema if one.name != name])

    def rows(self) -> int | None:
        return self.cases.rows()

    def astray(self) -> list[dict[str, Any]]:
        return self.cases.astray()

    def pieces(self, start: int = 0) -> Iterator[pa.Table]:
        for piece in self.cases.pieces(start):
            yield piece.drop_columns([self.name])


class _Prepared:
    """Which entities belong to which case, by number; and the entities in a file that is only looked into."""

    def __init__(self, joined: Joined) -> None:
        with tempfile.NamedTemporaryFile(
            prefix="advisor-", suffix=".arrow"
        ) as spooled:  # gone once it is no longer mapped
            keys = self._spool(joined, Path(spooled.name))
            self._file = ipc.open_file(pa.memory_map(spooled.name))
        lengths = [self._file.get_batch(at).num_rows for at in range(self._file.num_record_batches)]
        self._starts = np.cumsum([0, *lengths])
        cases = pa.chunked_array([_texts(piece[joined.key]) for piece in joined.cases.pieces()], pa.string())
        first = pc.index_in(cases, cases).to_numpy(zero_copy_only=False) if len(cases) else np.zeros(0)
        blank = pc.is_null(cases).to_numpy(zero_copy_only=False) if len(cases) else np.zeros(0, bool)
        self._unusable = np.flatnonzero(blank | (first != np.arange(len(cases))))
        found = (
            pc.fill_null(pc.index_in(keys, cases, skip_nulls=True), -1).to_numpy() if len(keys) else np.zeros(0, int)
        )
        self._order = np.argsort(found, kind="stable")
        self._owners = found[self._order]
        told = set(self._broken)
        lost = [int(row) for row in self._order[: np.searchsorted(self._owners, 0)] if int(row) not in told]
        self.astray += [self._lost(joined, row) for row in lost[:MOST_ASTRAY]]

    def _spool(self, joined: Joined, path: Path) -> pa.ChunkedArray:
        """Writes all entities to a file; the keys of their cases."""
        self.astray: list[dict[str, Any]] = []
        self._broken: list[int] = []
        keys = []
        schema = pa.schema([one for one in joined.entities.schema if one.name != UNREADABLE])
        row = 0
        with ipc.new_file(path, schema) as file:
            for piece in joined.entities.pieces():
                key = _texts(piece[joined.key])
                if UNREADABLE in piece.schema.names:
                    why = piece[UNREADABLE]
                    for at in np.flatnonzero(pc.is_valid(why).to_numpy()):
                        self.astray.append(_told(joined, row + int(at), "unreadable", why[int(at)].as_py()))
                        self._broken.append(row + int(at))
                keys.append(key)
                file.write_table(piece.select(schema.names).cast(schema))
                row += len(piece)
        return pa.chunked_array(keys, pa.string())

    def _lost(self, joined: Joined, row: int) -> dict[str, Any]:
        key = self._take(np.array([row]))[joined.key][0].as_py()
        return _told(joined, row, "no-case", f"no case is called `{str(key)[:80]}`")

    def of(self, start: int, count: int) -> tuple[pa.Table, np.ndarray[Any, Any]]:
        """The entities of so many cases from one on, and where those of each begin."""
        bounds = np.searchsorted(self._owners, np.arange(start, start + count + 1))
        return self._take(self._order[bounds[0] : bounds[-1]]), bounds - bounds[0]

    def unusable(self, start: int, count: int) -> list[int]:
        """Which of so many cases from one on have no key of their own, counted from the first."""
        low, high = np.searchsorted(self._unusable, [start, start + count])
        return [int(one) - start for one in self._unusable[low:high]]

    def _take(self, rows: np.ndarray[Any, Any]) -> pa.Table:
        """Some entities in that order: batch by batch, for a table as a whole is put in one piece to take from it."""
        if not len(rows):
            return self._file.schema.empty_table()
        batches = np.searchsorted(self._starts, rows, side="right") - 1
        sequence = np.argsort(batches, kind="stable")
        found = []
        for at in np.unique(batches):
            mine = rows[
                sequence[np.searchsorted(batches[sequence], at) : np.searchsorted(batches[sequence], at, side="right")]
            ]
            found.append(self._file.get_batch(int(at)).take(pa.array(mine - self._starts[at])))
        back = np.empty(len(rows), int)
        back[sequence] = np.arange(len(rows))
        return pa.Table.from_batches(found).combine_chunks().take(pa.array(back))


def _texts(column: pa.ChunkedArray) -> pa.Array:
    found = pc.cast(column, pa.string())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _told(joined: Joined, row: int, kind: str, message: str) -> dict[str, Any]:
    names = ", ".join(path.name for path in joined.paths[:2])
    mend = f"correct `{joined.key}` there, or add the case" if kind == "no-case" else "correct the row"
    return {"place": f"{names}, row {row + 1}", "kind": kind, "problem": message, "mend": mend}
