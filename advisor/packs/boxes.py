"""Conditions of rows as boxes: for each value that rows compare, the parts of its range in which a row applies.

The range of a value falls into cells between which no row tells a difference: each number that a row mentions, the gaps
between them, each choice, and `none` where it may be none. A set of cells is a number whose bits are the cells. All
that is said here is exact for rows over different facts. Where two values hang on one another, a box may stand for no
case at all, and the caller has to see to that.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from advisor.language.printing import text
from advisor.language.tree import (
    And,
    Between,
    Compare,
    Condition,
    Expr,
    FactRef,
    Literal,
    Member,
    Not,
    Or,
    Truth,
    walk,
)
from advisor.values.text import plain
from advisor.values.types import CHOICE, DATE, NONE, TEXT, WHOLE, YES_NO, Scalar, Type, whole

MOST_BOXES: Final = 24
"""Boxes that one condition may fall into: each `or` between different values makes more."""

Box = Mapping[str, int]
"""The cells of each value that is asked about; of one that does not stand here, all."""


class TooMany(Exception):
    """A condition falls into too many boxes."""


@dataclass
class Axis:
    """One value that rows compare, and the cells of its range."""

    name: str
    expr: Expr | None
    """The value; None for a comparison that is taken as a yes or no of its own."""
    type: Type
    asked: Condition | None = None
    """That comparison."""
    none: bool = False
    """Whether it may be none."""
    points: set[Any] = field(default_factory=set)
    cells: list[Any] = field(default_factory=list)
    """Of a number or date its points in order; else the values themselves."""
    full: int = 0

    @property
    def ordered(self) -> bool:
        """Whether its cells lie along a line."""
        return self.expr is not None and self.type.ordered

    def settle(self) -> None:
        """Makes the cells, once all points are known."""
        if self.ordered:
            self.cells = sorted(self.points)
            self.full = sum(1 << cell for cell in range(2 * len(self.cells) + 1) if self._sample(cell) is not None)
        else:
            self.cells = self._values()
            self.full = (1 << len(self.cells)) - 1
        if self.none:
            self.full |= 1 << self._none_bit()

    def _values(self) -> list[Any]:
        if self.expr is None or self.type.kind == YES_NO:
            return [True, False]
        if self.type.kind == CHOICE:
            return list(self.type.choice_ids())
        return [*sorted(self.points, key=str), _ANYTHING_ELSE]

    def _none_bit(self) -> int:
        return 2 * len(self.cells) + 1 if self.ordered else len(self.cells)

    def equal(self, value: Scalar) -> int:
        """The cell of a value."""
        if value is NONE:
            return 1 << self._none_bit() if self.none else 0
        if self.ordered:
            return (1 << (2 * bisect_left(self.cells, value) + 1)) & self.full
        return 1 << self.cells.index(value) if value in self.cells else 0

    def above(self, value: Scalar, *, included: bool) -> int:
        """The cells of what is larger, or later."""
        first = 2 * bisect_left(self.cells, value) + (1 if included else 2)
        end = 2 * len(self.cells) + 1
        return ((1 << end) - (1 << first)) & self.full

    def below(self, value: Scalar, *, included: bool) -> int:
        """The cells of what is smaller, or earlier."""
        end = 2 * bisect_left(self.cells, value) + (2 if included else 1)
        return ((1 << end) - 1) & self.full

    def said(self, mask: int) -> str:
        """A value within some cells, in words: `weight is 21`."""
        cell = (mask & -mask).bit_length() - 1
        name = self.name
        if self.none and cell == self._none_bit():
            return f"{name} is none"
        if self.ordered:
            sample = self._sample(cell)
            return f"{name} is {plain(sample, self.type) if sample is not None else 'anything'}"
        value = self.cells[cell]
        if isinstance(value, bool):
            asked = self.asked if self.expr is None else Truth(self.expr)
            assert asked is not None
            return text(asked if value else Not(asked))
        return f"{name} is {value if value is not _ANYTHING_ELSE else 'something else'}"

    def _sample(self, cell: int) -> Any:  # noqa: ANN401 - a number or a day
        """A value within a cell of the line and the bounds of the type; None where there is none."""
        number, is_point = divmod(cell, 2)
        if is_point:
            return self.cells[number] if self._allowed(self.cells[number]) else None
        low = self.cells[number - 1] if number else None
        high = self.cells[number] if number < len(self.cells) else None
        step: Any = timedelta(days=1) if self.type.kind == DATE else 1
        tried: list[Any] = []
        if low is not None and high is not None and self.type.kind not in (WHOLE, DATE):
            tried.append(whole((Fraction(low) + Fraction(high)) / 2))
        tried += [self.type.low, self.type.high]
        if low is not None:
            tried += [_stepped(low, step), self._between(low, self.type.high)]
        if high is not None:
            tried += [_stepped(high, -step), self._between(self.type.low, high)]
        if low is None and high is None:
            tried.append(date(2000, 1, 1) if self.type.kind == DATE else 0)
        for value in tried:
            if value is None or not self._allowed(value):
                continue
            if (low is None or value > low) and (high is None or value < high):
                return value
        return None

    def _between(self, low: Any, high: Any) -> Any:  # noqa: ANN401 - numbers or days
        if low is None or high is None or self.type.kind in (WHOLE, DATE):
            return None
        return whole((Fraction(low) + Fraction(high)) / 2)

    def _allowed(self, value: Any) -> bool:  # noqa: ANN401 - a number or a day
        low, high = self.type.low, self.type.high
        if self.type.kind == WHOLE and isinstance(value, Fraction):
            return False
        return (low is None or value >= low) and (high is None or value <= high)


_ANYTHING_ELSE: Final = object()


def _stepped(value: Any, step: Any) -> Any:  # noqa: ANN401 - a number or a day, and a step
    try:
        return value + step
    except OverflowError:
        return None


class Boxes:
    """The conditions of some rows as boxes over common axes."""

    def __init__(self, conditions: Iterable[Condition | None], may_be_none: Iterable[str] = ()) -> None:
        """`may_be_none`: the names, as conditions write them, of values that may be none."""
        self.axes: dict[str, Axis] = {}
        self._none = frozenset(may_be_none)
        kept = list(conditions)
        for condition in kept:
            if condition is not None:
                self._note(condition)
        for axis in self.axes.values():
            axis.settle()
        self.rows: list[list[dict[str, int]] | None] = [self._boxes_of(one) for one in kept]
        """For each row its boxes; None where there are too many."""

    # --- axes -------------------------------------------------------------------------------------------------------

    def _note(self, node: Condition) -> None:
        match node:
            case And(operands) | Or(operands):
                for one in operands:
                    self._note(one)
            case Not(operand):
                self._note(operand)
            case _:
                asked, values = _compared(node)
                axis = self._axis(node if asked is None else asked)
                axis.none |= NONE in values
                axis.points.update(value for value in values if value is not NONE)

    def _axis(self, node: Expr | Condition) -> Axis:
        name = text(node)
        if name not in self.axes:
            if isinstance(node, Expr):
                self.axes[name] = Axis(name, node, node.type, none=name in self._none)
            else:
                self.axes[name] = Axis(name, None, Type(YES_NO), node)
        return self.axes[name]

    # --- boxes ------------------------------------------------------------------------------------------------------

    def _boxes_of(self, condition: Condition | None) -> list[dict[str, int]] | None:
        if condition is None:
            return [{}]
        try:
            return self._boxes(condition, holds=True)
        except TooMany:
            return None

    def _boxes(self, node: Condition, *, holds: bool) -> list[dict[str, int]]:
        match node:
            case Not(operand):
                return self._boxes(operand, holds=not holds)
            case And(operands) | Or(operands):
                parts = [self._boxes(one, holds=holds) for one in operands]
                if isinstance(node, And) is holds:
                    return self._product(parts)
                return self._union([box for part in parts for box in part])
        name, mask = self.atom(node)
        mask = mask if holds else self.axes[name].full & ~mask
        return [{name: mask}] if mask else []

    def _product(self, parts: Sequence[list[dict[str, int]]]) -> list[dict[str, int]]:
        found: list[dict[str, int]] = [{}]
        for part in parts:
            found = [both for one in found for other in part if (both := self.meet(one, other)) is not None]
            if len(found) > MOST_BOXES:
                raise TooMany
        return found

    def _union(self, boxes: list[dict[str, int]]) -> list[dict[str, int]]:
        """Boxes together; those over one value alone become one."""
        alone: dict[str, int] = {}
        others = []
        for box in boxes:
            if len(box) == 1:
                ((name, mask),) = box.items()
                alone[name] = alone.get(name, 0) | mask
            else:
                others.append(box)
        found = [{name: mask} for name, mask in alone.items()] + others
        if len(found) > MOST_BOXES:
            raise TooMany
        return found

    def meet(self, one: Box, other: Box) -> dict[str, int] | None:
        """What two boxes have in common; None where that is nothing."""
        found = dict(one)
        for name, mask in other.items():
            found[name] = found.get(name, self.axes[name].full) & mask
            if not found[name]:
                return None
        return found

    def atom(self, node: Condition) -> tuple[str, int]:
        """The value that a comparison is about, and the cells in which it holds."""
        operand, _ = _compared(node)
        if operand is None:
            axis = self.axes[text(node)]
            return axis.name, axis.equal(value=True)
        axis = self.axes[text(operand)]
        match node:
            case Truth():
                return axis.name, axis.equal(value=True)
            case Compare(op, _, Literal(value)):
                return axis.name, _in_order(axis, op, value)
            case Between(_, Literal(low), Literal(high)):
                return axis.name, axis.above(low, included=True) & axis.below(high, included=True)
            case Member(_, values):
                found = 0
                for one in values:
                    found |= axis.equal(one.value)
                return axis.name, found
        raise TypeError(node)

    def said(self, box: Box) -> str:
        """A case within a box, in words; empty for any case."""
        parts = [(axis, box.get(name, axis.full)) for name, axis in self.axes.items()]
        return " and ".join(axis.said(mask) for axis, mask in parts if mask != axis.full)


def _in_order(axis: Axis, op: str, value: Scalar) -> int:
    if op == "==":
        return axis.equal(value)
    if value is NONE:
        return 0
    return (axis.above if op[0] == ">" else axis.below)(value, included=op.endswith("="))


def _compared(node: Condition) -> tuple[Expr | None, tuple[Scalar, ...]]:
    """The value that is compared with what is written down, and that; None for any other comparison."""
    match node:
        case Truth(operand) if not isinstance(operand, Literal):
            return operand, ()
        case Compare(_, operand, Literal(value)) if _has_cells(operand, value):
            return operand, (value,)
        case Between(operand, Literal(low), Literal(high)) if NONE not in (low, high):
            return operand, (low, high)
        case Member(operand, values):
            return operand, tuple(one.value for one in values)
    return None, ()


def _has_cells(operand: Expr, value: Scalar) -> bool:
    return operand.type.ordered or operand.type.kind in (CHOICE, TEXT, YES_NO) or value is NONE


def facts_in(conditions: Iterable[Condition | None]) -> Iterator[FactRef]:
    """The facts that some conditions read."""
    for condition in conditions:
        if condition is not None:
            yield from (node for node in walk(condition) if isinstance(node, FactRef))


def each_bit(bits: int) -> Iterator[int]:
    """The places of the bits of a number, the lowest first."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1
