"""Conclusions of a table as Arrow columns, whether they were worked out by columns or row by row.

In: a pack and a table. Out: the columns of its conclusions, and what is wrong with each row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from advisor.advice.advisor import LoadedPack
from advisor.cases.reader import as_json
from advisor.columns.codes import Array
from advisor.columns.concluding import Concluding, Found
from advisor.columns.documents import Document, documents, key
from advisor.columns.factors import Values
from advisor.columns.results import PROBLEM, Results, listed, problem_rows, unreadable
from advisor.columns.schema import UNREADABLE, Layout
from advisor.language.tree import CASE
from advisor.problems.problem import Problems
from advisor.values.text import plain

MOST_KEPT: Final = 50_000
MOST_HELD: Final = 60_000_000
"""What is kept of combinations before it is all dropped, so that memory stays flat."""


@dataclass
class Slowly:
    """What came out of one case that was reasoned over by itself: by kind, the numbers of values, a row each entity."""

    numbers: dict[str, list[list[int]]] = field(default_factory=dict)
    ids: dict[str, list[str] | None] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)


class Spread:
    """Works out the conclusions of tables of one pack, as of one day."""

    def __init__(self, pack: LoadedPack, results: Results, today: date, as_of: date | None, *, always: bool) -> None:
        """`always`: also for cases that have a day of their own."""
        self.pack = pack
        self.results = results
        self.today = today
        self.as_of = as_of
        self.always = always
        self._begin()

    def _begin(self) -> None:
        """Nothing is known yet."""
        self.columns = Concluding(self.pack, self.results.concluded, self.today, self.as_of)
        self._values: dict[tuple[str, int], Values] = self.columns.values
        for kind, fields in self.results.concluded.items():
            for one in fields:
                self._values.setdefault((kind, one.index), Values())
        self._known: dict[str, Slowly] = {}

    def conclusions(self, table: pa.Table, layout: Layout) -> tuple[list[pa.Array], pa.Array]:
        """The columns of `Results.conclusion_fields`, and the problems of each row."""
        if self.columns.held() > MOST_HELD:
            self._begin()
        found = self.columns.conclude(table, layout)
        rows = np.flatnonzero(found.slow)
        slowly = self._slowly(table, layout, rows)
        wrong = np.zeros(len(table), bool)
        wrong[rows] = [bool(one.problems) for one in slowly]
        columns = [self._of_cases(found, rows, slowly, wrong)] if self.results.concluded[CASE] else []
        kinds = [one for one in self.pack.data.entities if self.results.concluded[one]]
        columns += [self._of_entities(one, found, rows, slowly, wrong) for one in kinds]
        listed_problems: list[list[dict[str, Any]]] = [[] for _ in range(len(table))] if wrong.any() else []
        for row, one in zip(rows, slowly, strict=True):
            if one.problems:
                listed_problems[row] = one.problems
        type_ = pa.list_(PROBLEM)
        if listed_problems:
            return columns, pa.array(listed_problems, type_)
        nothing = pa.array(np.zeros(len(table) + 1, np.int32))
        return columns, pa.ListArray.from_arrays(nothing, pa.array([], PROBLEM))

    # --- row by row ----------------------------------------------------------------------------------------------

    def _slowly(self, table: pa.Table, layout: Layout, rows: Array) -> list[Slowly]:
        if not len(rows):
            return []
        some = table if len(rows) == len(table) else table.take(pa.array(rows))
        why: list[str | None] = some[UNREADABLE].to_pylist() if layout.unreadable else [None] * len(some)
        found = []
        for document, told in zip(documents(some, layout), why, strict=True):
            if told is not None:
                found.append(Slowly(problems=unreadable(told)))
                continue
            name = key(document)
            known = self._known.get(name)
            if known is None:
                if len(self._known) >= MOST_KEPT:
                    self._known.clear()
                known = self._known[name] = self._one(document)
            found.append(known)
        return found

    def _one(self, document: Document) -> Slowly:
        today = self.today if self.always or "today" not in document else None
        try:
            world = self.pack.reason(self.pack.case(document), today=today, as_of=self.as_of)
        except Problems as error:
            return Slowly(problems=problem_rows(error.problems, as_json(document)))
        found = Slowly()
        for kind, fields in self.results.concluded.items():
            subjects = [world.case] if kind == CASE else listed(world, kind)
            found.numbers[kind] = [
                [self._values[kind, one.index].number(subject.values[one.index]) for one in fields]
                for subject in subjects
            ]
            absent = kind != CASE and kind not in world.source.entities
            found.ids[kind] = None if absent else [one.id for one in subjects]
        return found

    # --- as Arrow ------------------------------------------------------------------------------------------------

    def _of_cases(self, found: Found, rows: Array, slowly: list[Slowly], wrong: Array) -> pa.Array:
        fields = self.results.concluded[CASE]
        width = len(fields)
        mine = np.array([one.numbers.get(CASE, [[0] * width])[0] for one in slowly], np.int32).reshape(-1, width)
        children = []
        for at, one in enumerate(fields):
            numbers = self._numbers(found, one, len(found.slow))
            if len(rows):
                numbers[rows] = mine[:, at]
            children.append(self._words(one, numbers))
        names = [pa.field(one.name, child.type) for one, child in zip(fields, children, strict=True)]
        mask = pa.array(wrong) if wrong.any() else None
        return pa.StructArray.from_arrays(children, fields=names, mask=mask).cast(self.results.struct(CASE))

    def _of_entities(self, kind: str, found: Found, rows: Array, slowly: list[Slowly], wrong: Array) -> pa.Array:
        fields = self.results.concluded[kind]
        things = found.many[kind]
        assert things.lengths is not None
        assert things.starts is not None
        lengths, starts = things.lengths.copy(), things.starts[:-1].copy()
        total = int(things.starts[-1])
        absent = wrong if things.absent is None else wrong | things.absent
        mine = [one.numbers.get(kind, []) for one in slowly]
        lengths[rows] = [len(one) for one in mine]
        starts[rows] = total + np.cumsum([0, *map(len, mine)])[:-1]
        absent = absent.copy()
        absent[rows] = [one.ids.get(kind) is None for one in slowly]
        lengths[absent] = 0
        ends = np.cumsum(lengths)
        offsets = np.concatenate([[0], ends])
        at_row = np.repeat(starts - offsets[:-1], lengths) + np.arange(ends[-1] if len(ends) else 0)
        further = np.array([numbers for one in mine for numbers in one], np.int32).reshape(-1, len(fields))
        children = []
        for at, one in enumerate(fields):
            numbers = self._numbers(found, one, total)
            if len(rows) or absent.any():
                numbers = np.concatenate([numbers, further[:, at]]).take(at_row)
            children.append(self._words(one, numbers))
        ids = self._ids(kind, found, slowly, at_row, total)
        names = [
            pa.field("id", pa.string()),
            *(pa.field(a.name, b.type) for a, b in zip(fields, children, strict=True)),
        ]
        struct = pa.StructArray.from_arrays([ids, *children], fields=names)
        mask = pa.array(absent) if absent.any() else None
        return pa.ListArray.from_arrays(
            pa.array(offsets, pa.int32()), struct.cast(self.results.struct(kind)), mask=mask
        )

    def _ids(self, kind: str, found: Found, slowly: list[Slowly], at_row: Array, total: int) -> pa.Array:
        things = found.many[kind]
        assert things.lengths is not None
        if things.ids is not None:
            ids = things.ids.cast(pa.string())
        else:
            most = int(things.lengths.max(initial=0))
            names = pa.array([f"{kind}-{number}" for number in range(1, most + 1)], pa.string())
            places = np.arange(total) - np.repeat(np.cumsum(things.lengths) - things.lengths, things.lengths)
            ids = names.take(pa.array(places))
        further = [id_ for one in slowly for id_ in one.ids.get(kind) or ()]
        if not further and len(at_row) == total:
            return ids
        return pa.concat_arrays([ids, pa.array(further, pa.string())]).take(pa.array(at_row))

    def _numbers(self, found: Found, one: Any, length: int) -> Array:  # noqa: ANN401 - a field
        for number, cluster in enumerate(self.columns.clusters):
            if cluster.kind == one.kind and one.index in cluster.place and number in found.rows:
                if not cluster.rows.count:
                    break
                return np.asarray(cluster.rows.found[cluster.place[one.index]].take(found.rows[number]))
        return np.zeros(length, np.int32)

    def _words(self, one: Any, numbers: Array) -> pa.Array:  # noqa: ANN401 - a field
        """A dictionary of the values as a case file writes them."""
        values = self._values[one.kind, one.index].values
        words = pa.array([plain(value, one.type) for value in values], pa.string())
        if not len(words) and len(numbers):
            words = pa.array([""], pa.string())  # all rows are wrong, and none is looked up
        return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32, copy=False)), words)
