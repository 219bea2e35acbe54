"""What is wrong with the rows of facts and decision tables, proven from what their conditions compare.

A row that another takes all cases of, a row that never applies, two that overlap where only one may apply, a case that
no row takes. `boxes.py` has the algebra. The work is bounded; what is not found within the bound is not reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Final

from advisor.language.printing import text
from advisor.language.tree import Condition, Literal
from advisor.packs.boxes import Boxes, each_bit, facts_in
from advisor.packs.lineage import Lineage
from advisor.packs.pack import Fact, Pack, Row
from advisor.problems.problem import Problem
from advisor.values.text import plain
from advisor.values.types import CHOICES, NONE, YES_NO, Scalar

MOST_WORK: Final = 4_000_000
"""Steps for one table: a row beside a cell, or a word of bits."""
MOST_SPLITS: Final = 20_000
"""Parts into which the cases of a table are divided to find one that no row takes."""


def rows_of_facts(pack: Pack) -> list[Problem]:
    """Every mistake in the rows of facts and decision tables that can be proven."""
    tables: dict[tuple[str, ...], list[Fact]] = {}
    for fact in pack.all_facts():
        if fact.rows:
            tables.setdefault(tuple(str(row.place) for row in fact.rows), []).append(fact)
    lineage = Lineage(pack)
    return [problem for facts in tables.values() for problem in _Table(pack, facts, lineage).problems()]


class _Table:
    """Rows that conclude some facts together."""

    def __init__(self, pack: Pack, facts: Sequence[Fact], lineage: Lineage) -> None:
        self.facts = facts
        self.lineage = lineage
        self.rows: tuple[Row, ...] = facts[0].rows
        self.hit = facts[0].hit
        conditions = [row.when for row in self.rows]
        self.boxes = Boxes(conditions, _may_be_none(pack, conditions))
        self.index = _Index(self.boxes)

    def problems(self) -> Iterator[Problem]:
        """All that is found."""
        yield from self._never()
        yield from self._beyond_bounds()
        if not self.index.affordable:
            return
        for number, boxes in enumerate(self.boxes.rows):
            if boxes:
                yield from self._beside_others(number, boxes)
        if self.hit in ("first", "unique", "any") and all(row.when is not None for row in self.rows):
            yield from self._gap()

    def called(self, number: int) -> str:
        """How messages call a row."""
        return self.rows[number].called or f"row {number + 1} of `{self.facts[0].name}`"

    def _problem(self, number: int, kind: str, message: str, help_: str, other: int | None = None) -> Problem:
        related = () if other is None else ((self.rows[other].place, self.called(other)),)
        return Problem(self.rows[number].place, kind, message, help_, related=related)

    # --- single rows ------------------------------------------------------------------------------------------------

    def _never(self) -> Iterator[Problem]:
        """Rows of which no case is possible."""
        for number, (row, boxes) in enumerate(zip(self.rows, self.boxes.rows, strict=True)):
            if boxes == [] and row.when is not None:
                why = "no value that it asks for is possible within the bounds"
                message = f"{self.called(number)} never applies ({text(row.when)}): {why}"
                yield self._problem(number, "never-applies", message, "mend the condition, or take the row out")

    def _beyond_bounds(self) -> Iterator[Problem]:
        for fact in self.facts:
            for number, row in enumerate(fact.rows):
                value = row.value.value if isinstance(row.value, Literal) else NONE
                bound = _passed(fact, value)
                if bound is not None:
                    said, end = plain(value, fact.type), plain(bound, fact.type)
                    what = f"concludes {said}, beyond what `{fact.name}` can be, so it becomes {end}"
                    help_ = "mend the value, or the bounds of the fact"
                    yield self._problem(number, "beyond-bounds", f"{self.called(number)} {what}", help_)

    # --- a row beside others ----------------------------------------------------------------------------------------

    def _beside_others(self, number: int, boxes: list[dict[str, int]]) -> Iterator[Problem]:
        if self.hit == "first":
            yield from self._unreached(number, boxes)
        elif self.hit in ("unique", "any"):
            yield from self._overlapping(number, boxes)
        else:
            yield from self._repeated(number, boxes)

    def _unreached(self, number: int, boxes: list[dict[str, int]]) -> Iterator[Problem]:
        """A row whose cases earlier rows take, one of them alone or several together."""
        other = self.index.taking_all(number, boxes)
        if other is not None:
            yield self._taken_by(number, other)
        elif self.rows[number].when is not None:
            before = self.index.before(number)
            if all(_Cover(self.boxes, self.index, before).gap(box) is None for box in boxes):
                message = f"{self.called(number)} is never reached: the rows before it together take all its cases"
                help_ = "put it first, mend a condition, or take it out"
                yield self._problem(number, "unreachable-row", message, help_)

    def _taken_by(self, number: int, other: int) -> Problem:
        if self.boxes.rows[other] != self.boxes.rows[number]:
            message = f"{self.called(number)} is never reached: {self.called(other)} applies wherever it does"
            help_ = "put it first, mend a condition, or take it out"
            return self._problem(number, "unreachable-row", message, help_, other)
        message = f"{self.called(number)} is never reached: {self.called(other)} asks the same"
        if not self._differing(number, other):
            message = f"{self.called(number)} stands there twice: {self.called(other)} says the same"
        return self._problem(number, "unreachable-row", message, "take one of them out", other)

    def _differing(self, number: int, other: int) -> list[str]:
        """The facts of which two rows conclude different values."""
        return [
            fact.name
            for fact in self.facts
            if (fact.rows[other].value, fact.rows[other].ticks) != (fact.rows[number].value, fact.rows[number].ticks)
        ]

    def _overlapping(self, number: int, boxes: list[dict[str, int]]) -> Iterator[Problem]:
        """Two rows that may apply together, where that may not be."""
        if self.rows[number].when is None:
            return
        for other in self.index.overlapping(number, boxes):
            differing = self._differing(number, other)
            both = self._common(number, other) if self.hit == "unique" or differing else None
            if both is not None and self.lineage.independent(self.boxes.axes[name] for name in both):
                where = self.boxes.said(both) or "any case"
                message = f"{self.called(number)} and {self.called(other)} both apply where {where}"
                if self.hit == "any":
                    message += f", and differ in `{differing[0]}`"
                help_ = "narrow one of them, or let the first that applies stand: `hit` is then `first`"
                yield self._problem(number, "rows-overlap", message, help_, other)
                return

    def _common(self, number: int, other: int) -> dict[str, int] | None:
        for one in self.boxes.rows[number] or ():
            for another in self.boxes.rows[other] or ():
                both = self.boxes.meet(one, another)
                if both is not None:
                    return both
        return None

    def _repeated(self, number: int, boxes: list[dict[str, int]]) -> Iterator[Problem]:
        """A row that says again what an earlier one says."""
        other = self.index.taking_all(number, boxes)
        if other is not None and self.boxes.rows[other] == boxes and not self._differing(number, other):
            yield self._taken_by(number, other)

    # --- gaps -------------------------------------------------------------------------------------------------------

    def _gap(self) -> Iterator[Problem]:
        """A case that no row takes."""
        if None in self.boxes.rows or all(self._says_yes_only(fact) for fact in self.facts):
            return
        found = _Cover(self.boxes, self.index, self.index.every).gap({})
        if not found or not self.lineage.independent(self.boxes.axes[name] for name in found):
            return
        nothing = "no" if self.facts[0].type.kind in (YES_NO, CHOICES) else "none"
        names = " and ".join(f"`{fact.name}`" for fact in self.facts)
        where = self.boxes.said(found) or "any case"
        message = f"no row applies where {where}: then {names} {'are' if len(self.facts) > 1 else 'is'} {nothing}"
        help_ = f"if that is meant, end with a row `otherwise` and {nothing}; else write a row for it"
        yield Problem(self.rows[-1].place, "no-otherwise", message, help_)

    def _says_yes_only(self, fact: Fact) -> bool:
        """Whether nothing but yes is concluded, so that the rest is plainly no."""
        return all(isinstance(row.value, Literal) and row.value.value is True for row in fact.rows)


def _passed(fact: Fact, value: Scalar) -> Scalar | None:
    """The bound of a fact that a value lies beyond."""
    low, high = fact.type.low, fact.type.high
    if value is NONE or isinstance(value, str | bool):
        return None
    if low is not None and value < low:  # type: ignore[operator]  # both are of one type
        return low
    return high if high is not None and value > high else None  # type: ignore[operator]  # the same


def _may_be_none(pack: Pack, conditions: Iterable[Condition | None]) -> set[str]:
    """The facts among what rows ask that do not apply to every case."""
    facts = (ref for ref in facts_in(conditions) if not ref.choice and not ref.via and ref.type.kind != YES_NO)
    return {text(ref) for ref in facts if pack.facts[ref.kind][ref.name].applies is not None}


class _Index:
    """Boxes of rows by the cells that they take; bits of numbers stand for boxes, in the order of their rows."""

    def __init__(self, boxes: Boxes) -> None:
        self.boxes = boxes
        self.flat = [(number, box) for number, one in enumerate(boxes.rows) for box in one or ()]
        self.every = (1 << len(self.flat)) - 1
        self.starts: dict[int, int] = {}
        for at, (number, _) in enumerate(self.flat):
            self.starts.setdefault(number, at)
        filled = sum(mask.bit_count() for _, box in self.flat for mask in box.values())
        self.affordable = filled * (len(self.flat) // 64 + 1) <= MOST_WORK
        self.takes = {name: self._taken(name) for name in boxes.axes} if self.affordable else {}
        """For each value and each of its cells, the boxes that take it."""

    def _taken(self, name: str) -> dict[int, int]:
        full = self.boxes.axes[name].full
        cells = dict.fromkeys(each_bit(full), 0)
        asking = 0
        for at, (_, box) in enumerate(self.flat):
            mask = box.get(name, full)
            if mask != full:
                asking |= 1 << at
                for cell in each_bit(mask):
                    cells[cell] |= 1 << at
        return {cell: found | (self.every & ~asking) for cell, found in cells.items()}

    def before(self, number: int) -> int:
        """The boxes of earlier rows."""
        return (1 << self.starts[number]) - 1

    def overlapping(self, number: int, boxes: Iterable[dict[str, int]]) -> Iterator[int]:
        """The earlier rows that have a case in common with one of the boxes."""
        found = 0
        for box in boxes:
            common = self.before(number)
            for name, mask in box.items():
                common &= reduce(or_, (self.takes[name][cell] for cell in each_bit(mask)), 0)
            found |= common
        yield from dict.fromkeys(self.flat[at][0] for at in each_bit(found))

    def taking_all(self, number: int, boxes: Iterable[dict[str, int]]) -> int | None:
        """The first earlier row that takes every case of the boxes."""
        rows: set[int] | None = None
        for box in boxes:
            found = {self.flat[at][0] for at in each_bit(self._covering(box) & self.before(number))}
            rows = found if rows is None else rows & found
        return min(rows, default=None) if rows else None

    def _covering(self, box: dict[str, int]) -> int:
        found = self.every
        for name, axis in self.boxes.axes.items():
            for cell in each_bit(box.get(name, axis.full)):
                found &= self.takes[name][cell]
                if not found:
                    return 0
        return found


class _Stopped(Exception):
    """The bound is reached."""


class _Cover:
    """Whether some boxes together take every case of a box: the cases are divided value by value."""

    def __init__(self, boxes: Boxes, index: _Index, taking: int) -> None:
        self.boxes = boxes
        self.index = index
        self.taking = taking
        self.splits = 0
        self.names = sorted(boxes.axes, key=lambda name: len(index.takes[name]))
        self._covered: set[tuple[int, int]] = set()

    def gap(self, box: dict[str, int]) -> dict[str, int] | None:
        """A case of the box that none takes; None where there is none, empty where it was not found out."""
        try:
            return self._gap(0, self.taking, box)
        except _Stopped:
            return {}

    def _gap(self, at: int, taking: int, box: dict[str, int]) -> dict[str, int] | None:
        if not taking:
            return {name: box.get(name, self.boxes.axes[name].full) for name in self.names[at:]}
        if at == len(self.names) or (at, taking) in self._covered:
            return None
        self.splits += 1
        if self.splits > MOST_SPLITS:
            raise _Stopped
        name = self.names[at]
        together: dict[int, int] = {}
        for cell in each_bit(box.get(name, self.boxes.axes[name].full)):
            left = taking & self.index.takes[name][cell]
            together[left] = together.get(left, 0) | 1 << cell
        for left, cells in together.items():
            found = self._gap(at + 1, left, box)
            if found is not None:
                return {name: cells, **found}
        self._covered.add((at, taking))
        return None
