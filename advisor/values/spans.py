"""Ranges of numbers with open and closed ends, and what arithmetic makes of them: bounds that are surely outside.

In: spans. Out: spans that hold every result of numbers from them. An end without bound is infinite, and open. Numbers
are exact; infinity is the only float there is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from advisor.values.types import Number

Bound = Number | float

End = tuple[Bound, bool]
"""One end of a span, and whether it is open."""


@dataclass(frozen=True, slots=True)
class Span:
    """All numbers from `low` to `high`, without an end that is open."""

    low: Bound
    high: Bound
    low_open: bool = False
    high_open: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @property
    def width(self) -> Bound:
        """How far it is from one end to the other."""
        return _sum(self.high, -self.low)

    def within(self, other: Span) -> bool:
        """Whether all of it is in another."""
        return both(self, other) == self

    def holds(self, number: Bound) -> bool:
        """Whether a number is in it."""
        above = self.low < number or (self.low == number and not self.low_open)
        return above and (number < self.high or (number == self.high and not self.high_open))

    @property
    def rises(self) -> bool:
        """Whether no number in it is below nought."""
        return self.low >= 0

    @property
    def falls(self) -> bool:
        """Whether no number in it is above nought."""
        return self.high <= 0

    @property
    def nowhere_nought(self) -> bool:
        """Whether nought is not in it."""
        return not self.holds(0)


EVERYTHING: Final = Span(-math.inf, math.inf, low_open=True, high_open=True)
UPWARDS: Final = Span(0, math.inf, high_open=True)
NOUGHT: Final = Span(0, 0)


def point(number: Bound) -> Span:
    """The span of one number."""
    return Span(number, number)


def added(one: Span, other: Span) -> Span:
    """The sums."""
    low, high = _sum(one.low, other.low), _sum(one.high, other.high)
    return Span(low, high, one.low_open or other.low_open, one.high_open or other.high_open)


def negated(one: Span) -> Span:
    """The numbers on the other side of nought."""
    return Span(-one.high, -one.low, one.high_open, one.low_open)


def multiplied(one: Span, other: Span) -> Span:
    """The products."""
    ends = [_product(a, b) for a in _ends(one) for b in _ends(other)]
    return _between(ends)


def times(one: Span, number: Number) -> Span:
    """The numbers, each so many times."""
    if number == 1:
        return one
    low, high = _product((one.low, one.low_open), (number, False)), _product((one.high, one.high_open), (number, False))
    return Span(low[0], high[0], low[1], high[1]) if number > 0 else Span(high[0], low[0], high[1], low[1])


def powered(one: Span, power: int) -> Span:
    """The numbers, each to a power of one or more."""
    if power == 1:
        return one
    ends: list[End] = [(end**power, is_open) for end, is_open in _ends(one)]
    if power % 2 == 0 and one.holds(0):
        ends.append((0, False))
    return _between(ends)


def divided(one: Span, other: Span) -> Span:
    """The quotients, by all but nought."""
    if one == NOUGHT:
        return NOUGHT
    if other.low < 0 < other.high or other == NOUGHT:
        return EVERYTHING
    return multiplied(one, _between([_inverse(end, other) for end in _ends(other)]))


def least(one: Span, other: Span) -> Span:
    """The lesser of a number from each."""
    low = min((one.low, one.low_open), (other.low, other.low_open))
    high = min((one.high, not one.high_open), (other.high, not other.high_open))
    return Span(low[0], high[0], low[1], not high[1])


def greatest(one: Span, other: Span) -> Span:
    """The greater of a number from each."""
    return negated(least(negated(one), negated(other)))


def hull(spans: Iterable[Span]) -> Span:
    """All from the least to the greatest."""
    many = list(spans)
    return _between([end for one in many for end in _ends(one)])


def both(one: Span, other: Span) -> Span:
    """The numbers that are in both, where there are any."""
    low = max((one.low, one.low_open), (other.low, other.low_open))
    high = min((one.high, not one.high_open), (other.high, not other.high_open))
    return Span(low[0], high[0], low[1], not high[1])


def _ends(one: Span) -> tuple[End, End]:
    return (one.low, one.low_open), (one.high, one.high_open)


def _between(ends: list[End]) -> Span:
    """From the least to the greatest end; of two that are equal the closed one counts."""
    low, high = min(ends), max(ends, key=lambda end: (end[0], not end[1]))
    return Span(low[0], high[0], low[1], high[1])


def _product(one: End, other: End) -> End:
    if one[0] == 0 or other[0] == 0:
        # A nought that is reached makes the product nought, whatever the other is.
        return 0, not ((one[0] == 0 and not one[1]) or (other[0] == 0 and not other[1]))
    if isinstance(one[0], float) or isinstance(other[0], float):
        return (math.inf if (one[0] > 0) == (other[0] > 0) else -math.inf), True
    return one[0] * other[0], one[1] or other[1]


def _sum(one: Bound, other: Bound) -> Bound:
    """The sum; infinity is not added to numbers, of which some are too large for that."""
    return one if isinstance(one, float) else other if isinstance(other, float) else one + other


def _inverse(end: End, span: Span) -> End:
    number, is_open = end
    if number == 0:
        return (math.inf if span.high > 0 else -math.inf), True
    if isinstance(number, float):
        return 0, True
    return 1 / Fraction(number), is_open
