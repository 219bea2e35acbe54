"""Advice on a table of cases: equal cases are reasoned once, and what is wrong with a row costs that row only.

In: a pack ready to advise and Arrow tables. Out: Arrow tables with as many rows, in their order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa

from advisor.advice.advice import Advice
from advisor.advice.advisor import LoadedPack
from advisor.cases.reader import as_json
from advisor.columns.documents import Document, documents, key
from advisor.columns.parts import PARTS
from advisor.columns.results import PROBLEM, PROBLEMS, PROOF, PROOFS, Results, problem_rows, unreadable
from advisor.columns.schema import UNREADABLE, Layout, layout
from advisor.columns.spread import Spread
from advisor.problems.problem import Place, Problem, Problems, suggestion

MOST_KEPT: Final = 50_000
"""Cases of which it is kept what came out, before they are all dropped, so that memory stays flat."""

Row = dict[str, Any]


class TableAdvisor:
    """Advises on the tables of one pack, and keeps what came out of cases that may come again."""

    def __init__(
        self,
        pack: LoadedPack,
        *,
        today: date | None = None,
        as_of: date | None = None,
        parts: Collection[str] = PARTS,
        keep: Collection[str] = (),
    ) -> None:
        """`parts`: some of `PARTS`; `keep`: columns that are carried over. Raises Problems for an unknown part."""
        unknown = [one for one in parts if one not in PARTS]
        if unknown:
            raise Problems(
                Problem(Place("the parts"), "unknown-part", f"there is no part `{one[:80]}`", suggestion(one, PARTS))
                for one in unknown
            )
        self.pack = pack
        self.today = today
        self.clock = date.today()  # noqa: DTZ011 - the day where the person is
        self.as_of = as_of
        self.keep = keep
        self.results = Results(pack.program, parts)
        self._known: dict[str, Row] = {}
        self._spread: Spread | None = None

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The schema of what comes out of tables of a schema. Raises Problems for columns that are no facts."""
        found = layout(self.pack.data, given, self.keep)
        names = [*(["id"] if "id" in found.head else []), *found.kept]
        return pa.schema(
            [*(given.field(name) for name in names), *self.results.fields, pa.field(PROBLEMS, pa.list_(PROBLEM))]
        )

    def advise(self, table: pa.Table, explain: Collection[int] = ()) -> pa.Table:
        """A row a case, in their order; `problems` says what is wrong with a row, and all else of it is then null.

        `explain`: rows, counted from 0, of which the proofs are told in one more column. Raises Problems for columns
        that are no facts.
        """
        schema = self.schema(table.schema)
        found = layout(self.pack.data, table.schema, self.keep)
        made = self._concluded(table, found) if self.results.parts == ["conclusions"] else self._advised(table, found)
        columns = [made[field.name] if field.name in made else table[field.name] for field in schema]
        if explain:
            schema = schema.append(pa.field(PROOFS, pa.list_(PROOF)))
            columns.append(pa.array(self._proofs(table, found, explain), pa.list_(PROOF)))
        return pa.table(columns, schema=schema)

    def _advised(self, table: pa.Table, found: Layout) -> dict[str, pa.Array]:
        """The columns that come out, but for those that are carried over."""
        rows = self._rows(table, found)
        fields = [*self.results.fields, pa.field(PROBLEMS, pa.list_(PROBLEM))]
        return {one.name: pa.array([row.get(one.name) for row in rows], one.type) for one in fields}

    def _concluded(self, table: pa.Table, found: Layout) -> dict[str, pa.Array]:
        """The same where only conclusions are wanted: they are worked out by columns."""
        if self._spread is None:
            today = self.today or self.clock
            self._spread = Spread(self.pack, self.results, today, self.as_of, always=self.today is not None)
        columns, problems = self._spread.conclusions(table, found)
        names = [one.name for one in self.results.conclusion_fields]
        return {**dict(zip(names, columns, strict=True)), PROBLEMS: problems}

    def _rows(self, table: pa.Table, found: Layout) -> list[Row]:
        broken: Sequence[str | None] = table[UNREADABLE].to_pylist() if found.unreadable else [None] * len(table)
        rows = []
        for document, why in zip(documents(table, found), broken, strict=True):
            if why is not None:
                rows.append({PROBLEMS: unreadable(why)})
                continue
            name = key(document)
            row = self._known.get(name)
            if row is None:
                if len(self._known) >= MOST_KEPT:
                    self._known.clear()
                row = self._known[name] = self._row(document)
            rows.append(row)
        return rows

    def _row(self, document: Document) -> Row:
        try:
            return {**self.results.row(self.advice(document)), PROBLEMS: []}
        except Problems as error:
            return {PROBLEMS: problem_rows(error.problems, as_json(document))}
        except (RecursionError, MemoryError, ArithmeticError) as error:
            return {PROBLEMS: problem_rows([_too_much(error)])}

    def advice(self, document: Mapping[str, Any]) -> Advice:
        """The advice on one case. Raises Problems."""
        today = self.today or (None if "today" in document else self.clock)
        return self.pack.advise(self.pack.case(document), today=today, as_of=self.as_of)

    def _proofs(self, table: pa.Table, found: Layout, wanted: Collection[int]) -> list[list[Row] | None]:
        proofs: list[list[Row] | None] = [None] * len(table)
        for number in wanted:
            [document] = documents(table.slice(number, 1), found)
            try:
                proofs[number] = list(self._explained(self.advice(document)))
            except Problems:
                continue
        return proofs

    def _explained(self, advice: Advice) -> list[Row]:
        from advisor.advice.explain import explain  # noqa: PLC0415  only where somebody asks why

        keys = [*(one.key for one in advice.answers), *(one.key for one in advice.recommendations)]
        return [{"key": one, "why": explain(advice, one, 100)} for one in dict.fromkeys(keys)]


def _too_much(error: Exception) -> Problem:
    message = "this case is too large or too deeply nested to be worked on"
    return Problem(Place("the case"), "too-much", message, f"shorten it ({type(error).__name__})")
