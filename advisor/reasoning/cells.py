"""A field's domain cut into cells, and what is possible of it as a set of cells.

For conditions, two values in one cell are equal: cells are what the comparisons of a pack can tell apart. A set of
cells is a whole number with one bit a cell; what is known of a field is such a set, and a comparison on it is another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from advisor.language.tree import Between, Compare, Condition, Literal, Member, Truth
from advisor.values.types import (
    CHOICE,
    COUNTED,
    DATE,
    DURATION,
    NONE,
    YES_NO,
    Among,
    Ordered,
    Partial,
    Scalar,
    Type,
    Value,
    Within,
)

FAR = 10**12
"""So far out lies what stands for a number without bound."""
ANOTHER = ("something else", "something else again", "\x00")
"""A text that stands for all that no condition names."""
SHORT = 16
"""Whole numbers in a range that is searched number by number."""


class Cells:
    """The cells of one field. Cell 0 is `none`; a yes/no has only no (0) and yes (1)."""

    def __init__(self, type_: Type, mentioned: Iterable[Scalar], *, only_compared: bool = False) -> None:
        """`mentioned` are the values that conditions compare the field with.

        `only_compared`: of a text, that nothing else is done with it, so that one other text stands for all others.
        """
        self.type = type_
        self._only_compared = only_compared
        points = {value for value in mentioned if value is not NONE}
        self._masks: dict[Scalar, int] = {}
        if type_.kind == YES_NO:
            self._masks = {False: 1, True: 2, NONE: 1}
            self.count = 2
        elif type_.ordered:
            self.points: list[Ordered] = sorted(points)  # type: ignore[arg-type]
            self.count = 2 * len(self.points) + 2
        else:
            self._masks = {value: 2 << number for number, value in enumerate(sorted(points, key=str))}
            self._masks[NONE] = 1
            self.count = len(points) + 2
        self.all = (1 << self.count) - 1

    def of(self, value: Value) -> int:
        """The cells that `value` may be in."""
        if value is True or value is False:
            return self._masks.get(value, self.all)
        if isinstance(value, Among):
            mask = 0
            for one in value.values:
                mask |= self.of(one)
            return mask
        if isinstance(value, Within):
            return self._of_range(value)
        if self.type.kind == YES_NO or not self.type.ordered:
            try:
                return self._masks[value]  # type: ignore[index]
            except (KeyError, TypeError):
                return self.all if not isinstance(value, str) else 1 << (self.count - 1)
        if value is NONE:
            return 1
        if isinstance(value, int | Fraction | date):
            return 1 << self._cell(value)
        return self.all

    def named(self) -> list[Scalar]:
        """The choices or texts that conditions compare the field with, in order."""
        return [value for value in self._masks if value is not NONE]

    def span(self, cell: int) -> Within:
        """The values in one cell of a field with an order, given as a set of cells."""
        number = cell.bit_length() - 1
        at, inside = divmod(number - 1, 2)
        if inside:
            return Within(self.points[at], self.points[at])
        low = self.points[at - 1] if at > 0 else None
        high = self.points[at] if at < len(self.points) else None
        return Within(low, high, low_open=low is not None, high_open=high is not None)

    def _cell(self, value: Ordered) -> int:
        at = bisect_left(self.points, value)
        exact = at < len(self.points) and self.points[at] == value
        return 2 * at + (2 if exact else 1)

    def _of_range(self, value: Within) -> int:
        low = 1 if value.low is None else self._cell(value.low)
        high = self.count - 1 if value.high is None else self._cell(value.high)
        low += 1 if value.low_open and low % 2 == 0 else 0
        high -= 1 if value.high_open and high % 2 == 0 else 0
        mask = ((1 << (high - low + 1)) - 1) << low if high >= low else 0
        return mask | (1 if value.maybe_none else 0)

    def where(self, atom: Condition) -> int:
        """The cells in which a comparison of the field with literals holds."""
        match atom:
            case Truth():
                return 2
            case Compare(op, _, Literal(value)):
                return self._where_compared(op, value)
            case Between(_, Literal(low), Literal(high)):
                return self._where_compared(">=", low) & self._where_compared("<=", high)
            case Member(_, values):
                mask = 0
                for one in values:
                    mask |= self.of(one.value)
                return mask
        raise TypeError(atom)

    def _where_compared(self, op: str, value: Scalar) -> int:
        if op == "==":
            return self.of(value)
        if value is NONE:
            return 0
        cell = self._cell(value)  # type: ignore[arg-type]
        below = ((1 << cell) - 1) & ~1
        here = 1 << cell
        return {"<": below, "<=": below | here, ">": self.all & ~below & ~here & ~1, ">=": self.all & ~below & ~1}[op]

    def samples(self, value: Value) -> list[Scalar]:
        """Settled values that stand for all that is possible. Raises ValueError for a text nobody knows.

        What is settled stands for itself, as each choice does; for ranges stand the ends, and every point that a
        condition compares with and its neighbours.
        """
        if not isinstance(value, Partial):
            return [value]
        if isinstance(value, Among):
            return sorted(value.values, key=lambda one: (one is NONE, str(one)))
        if isinstance(value, Within):
            return self._range_samples(value)
        if self.type.kind in (YES_NO, CHOICE):
            return self.samples(self.type.domain())
        if self._only_compared and self._masks.keys() - {NONE}:
            named = self.named()
            return [*named, next(text for text in ANOTHER if text not in named)]
        raise ValueError("no value stands for all")

    def exact_samples(self, value: Value) -> bool:
        """Whether `samples` are all that is possible, not only what stands for it."""
        return not isinstance(value, Within) or self._all_of(value) is not None

    def _all_of(self, value: Within) -> list[Scalar] | None:
        """Every whole number of a short range."""
        if self.type.kind not in COUNTED or not isinstance(value.low, int) or not isinstance(value.high, int):
            return None
        low, high = value.low + value.low_open, value.high - value.high_open
        if high - low >= SHORT:
            return None
        return [*range(low, high + 1), *([NONE] if value.maybe_none else [])]

    def _range_samples(self, value: Within) -> list[Scalar]:
        every = self._all_of(value)
        if every is not None:
            return every
        step = _step(self.type)
        found: set[Ordered] = set()
        low = value.low if value.low is None or not value.low_open else value.low + step  # type: ignore[operator]
        high = value.high if value.high is None or not value.high_open else value.high - step  # type: ignore[operator]
        near = [one + way for one in self.points for way in (-step, step * 0, step)]  # type: ignore[operator]
        anchors = near or ([low] if low is not None else [high] if high is not None else _anchors(self.type))
        for end, far in ((low, -_far(self.type)), (high, _far(self.type))):
            found.add(end if end is not None else _beyond(anchors[0 if far < -far else -1], far))  # type: ignore[operator]
        found.update(
            one
            for one in near
            if (low is None or one >= low) and (high is None or one <= high)  # type: ignore[operator]
        )
        if self.type.kind != DATE and min(found) < 0 < max(found):  # type: ignore[operator]
            found.add(0)
        return [*sorted(found), *([NONE] if value.maybe_none else [])]


def _step(type_: Type) -> int | Fraction | timedelta:
    if type_.kind == DATE:
        return timedelta(days=1)
    return 1 if type_.kind in COUNTED else Fraction(1, 100)


def _far(type_: Type) -> int | timedelta:
    """How far beyond all that is compared a value without bound is looked for: farther than anybody compares with."""
    if type_.kind == DATE:
        return timedelta(days=36_525)
    return 1_000_000 if type_.kind == DURATION else FAR


def _beyond(anchor: Ordered, far: int | timedelta) -> Ordered:
    try:
        return anchor + far  # type: ignore[operator]
    except OverflowError:
        return date.min if far < timedelta() else date.max  # type: ignore[operator]


def _anchors(type_: Type) -> list[Ordered]:
    return [date(2020, 1, 1)] if type_.kind == DATE else [0]
