"""Typed values, and what is still possible of a value that is not fully known.

A settled value is a plain Python one: `bool`, `int` or `Fraction` (numbers, money, days), `str` (a choice's id, a text,
an entity's id), `datetime.date`, or `NONE` (there is no such value: the least of nothing, no score yet). A value known
in part is a `Partial`: `Among` (one of these), `Within` (a range) or `Anything` (a text nobody knows). Numbers are
exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Final


class NoneType(Enum):
    """The type of `NONE`, the value of a thing that does not exist; it is not the same as unknown."""

    NONE = "none"

    def __repr__(self) -> str:
        return "NONE"

    # There is one only; the hash of an enumeration's members is worked out anew each time.
    __hash__ = object.__hash__


NONE: Final = NoneType.NONE


Number = int | Fraction


Scalar = bool | int | Fraction | str | date | NoneType


Ordered = int | Fraction | date


LARGEST_NUMBER: Final = 10**15


LONGEST_TEXT: Final = 4000


class Partial:
    """A value of which only a part is known."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Among(Partial):
    """One of two or more settled values."""

    values: frozenset[Scalar]


@dataclass(frozen=True, slots=True)
class Within(Partial):
    """Some number or date between `low` and `high` (None: no bound), or `NONE` where `maybe_none`."""

    low: Ordered | None = None
    high: Ordered | None = None
    low_open: bool = False
    high_open: bool = False
    maybe_none: bool = False

    def ends_within(self, type_: Type) -> tuple[Ordered | None, Ordered | None]:
        """Its two ends; None for one that says no more than the bounds of the type do."""
        low = self.low if self.low_open or self.low != type_.low else None
        high = self.high if self.high_open or self.high != type_.high else None
        return low, high


@dataclass(frozen=True, slots=True)
class Anything(Partial):
    """Nothing is known: any text, or any entity of a list that is itself unknown."""


Value = Scalar | Partial


ANYTHING: Final = Anything()


YES_OR_NO: Final = Among(frozenset((True, False)))


YES_NO, CHOICE, CHOICES = "yes/no", "choice", "choices"


WHOLE, NUMBER, MONEY, DURATION = "whole number", "number", "money", "duration"


DATE, TEXT, REFERENCE = "date", "text", "reference"


TIME, MOMENT = "time of day", "moment"
"""Both in minutes: since midnight, and since midnight of the first day of the calendar."""


MINUTES_A_DAY: Final = 24 * 60


NUMERIC: Final = frozenset((WHOLE, NUMBER, MONEY, DURATION))


ORDERED: Final = NUMERIC | {DATE, TIME, MOMENT}


COUNTED: Final = frozenset((WHOLE, DURATION, TIME, MOMENT))
"""Kinds whose values are whole numbers, of whatever is counted."""


OF_TIME: Final = frozenset((DATE, TIME, MOMENT))
"""Kinds whose values come before and after one another."""


@dataclass(frozen=True, slots=True)
class Type:
    """What a fact can be: its kind, and within it the choices (id, label), the unit, the bounds, or the entity."""

    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    low: Ordered | None = None
    high: Ordered | None = None
    entity: str = ""
    none_label: str = ""

    @property
    def numeric(self) -> bool:
        """Whether values are numbers."""
        return self.kind in NUMERIC

    @property
    def ordered(self) -> bool:
        """Whether values can be compared by size or time."""
        return self.kind in ORDERED

    def choice_ids(self) -> tuple[str, ...]:
        """The ids of the choices, in the pack's order."""
        return tuple(choice for choice, _ in self.choices)

    def domain(self) -> Value:
        """Every value that is possible when nothing is known."""
        if self.kind == YES_NO:
            return YES_OR_NO
        if self.kind == CHOICE:
            return among(self.choice_ids())
        if self.ordered:
            return within(self.low, self.high)
        return ANYTHING

    def undecided(self) -> Value:
        """All that may be concluded of it where nothing is: its domain; where that is one value only, also none.

        To conclude the only value there is says something, so what is not concluded is not taken to have it.
        """
        domain = self.domain()
        return domain if isinstance(domain, Partial) else with_none(domain)

    def words(self) -> str:
        """The type as an author writes it."""
        return self.entity if self.kind == REFERENCE else self.kind


def among(values: Iterable[Scalar]) -> Value:
    """One of `values`; the value itself where there is only one. Raises ValueError for none at all."""
    distinct = frozenset(values)
    if not distinct:
        raise ValueError("no value is possible")
    return next(iter(distinct)) if len(distinct) == 1 else Among(distinct)


def within(
    low: Ordered | None,
    high: Ordered | None,
    *,
    low_open: bool = False,
    high_open: bool = False,
    maybe_none: bool = False,
) -> Value:
    """The range between two bounds; the value itself where both are one. Raises ValueError where the range is empty."""
    if low is not None and high is not None:
        if low > high or (low == high and (low_open or high_open)):  # type: ignore[operator]
            raise ValueError("the range is empty")
        if low == high and not maybe_none:
            return low
    return Within(low, high, low_open, high_open, maybe_none)


def is_known(value: Value) -> bool:
    """Whether only one value is possible."""
    return not isinstance(value, Partial)


def with_none(value: Value) -> Value:
    """`value`, or none at all."""
    if isinstance(value, Within):
        return Within(value.low, value.high, value.low_open, value.high_open, maybe_none=True)
    if isinstance(value, Among):
        return Among(value.values | {NONE})
    if isinstance(value, Anything):
        return value
    return among((value, NONE))  # type: ignore[arg-type]


def union(values: Iterable[Value]) -> Value:
    """What is possible when any one of `values` may be the case."""
    scalars: set[Scalar] = set()
    ranges: list[Within] = []
    for value in values:
        if isinstance(value, Anything):
            return value
        if isinstance(value, Within):
            ranges.append(value)
        elif isinstance(value, Among):
            scalars |= value.values
        else:
            scalars.add(value)  # type: ignore[arg-type]
    if not ranges:
        return among(scalars)
    return _hull(ranges, scalars)


def _hull(ranges: list[Within], scalars: set[Scalar]) -> Value:
    maybe_none = NONE in scalars or any(one.maybe_none for one in ranges)
    points = [one for one in scalars if one is not NONE]
    lows: list[tuple[Ordered, bool] | None] = [(p, False) for p in points]  # type: ignore[misc]
    highs: list[tuple[Ordered, bool] | None] = [(p, False) for p in points]  # type: ignore[misc]
    lows += [None if one.low is None else (one.low, one.low_open) for one in ranges]
    highs += [None if one.high is None else (one.high, one.high_open) for one in ranges]
    low = None if None in lows else min(lows)  # type: ignore[type-var]
    high = None if None in highs else max(highs, key=lambda pair: (pair[0], not pair[1]))  # type: ignore[index]
    return within(
        low[0] if low else None,
        high[0] if high else None,
        low_open=bool(low and low[1]),
        high_open=bool(high and high[1]),
        maybe_none=maybe_none,
    )


def whole(number: Number) -> Number:
    """The same number, as an `int` where it is whole: numbers of the product are always in this form."""
    return number.numerator if isinstance(number, Fraction) and number.denominator == 1 else number
