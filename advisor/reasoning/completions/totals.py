"""The totals of several entities, in few and plain numbers: scaled to whole units, and alike entities combined at once.

In: what each may add to each total, with the assignment that makes it so. Out: the same, to be added up.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from datetime import date
from fractions import Fraction
from typing import Any, TypeGuard

from advisor.reasoning.aggregates import Running
from advisor.reasoning.completions.completion import Total
from advisor.reasoning.formulas.ranges import is_straight, span_of
from advisor.reasoning.formulas.terms import Term, Unknown, is_dated, is_term, is_whole, loosened, part, renamed
from advisor.reasoning.subject import Leaf
from advisor.values import spans
from advisor.values.types import Ordered, Scalar, Value


class TooMany(Exception):
    """The search came to its bound."""


def all_sums(joint: list[Total]) -> bool:
    """Whether all totals are plain sums and counts."""
    return all(one.node.op in ("number", "sum") for one, _ in joint)


def common_unit(joint: list[Total], added: list[dict[tuple[Any, ...], dict[Leaf, Value]]]) -> Fraction | None:
    """The largest unit of which all that is added up is a whole number: adding whole numbers is ten times as fast.

    None where something else than settled numbers is added.
    """
    numbers = {one for found in added for key in found for one in key}
    if not all_sums(joint) or not all(isinstance(one, int | Fraction) for one in numbers):
        return None
    return Fraction(1, math.lcm(*(one.denominator for one in numbers)))


def counted_in(
    found: dict[tuple[Any, ...], dict[Leaf, Value]], unit: Fraction | None
) -> dict[tuple[Any, ...], dict[Leaf, Value]]:
    """Totals as so many of a unit, whole numbers where they are; as they are where there is none."""
    if unit is None or unit == 1:
        return found
    return {tuple([_plain(one / unit) for one in key]): local for key, local in found.items()}


def _plain(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def of_many(
    joint: list[Total], added: dict[tuple[Any, ...], dict[Leaf, Value]], times: int
) -> dict[tuple[Any, ...], dict[Leaf, Value]]:
    """What so many that are alike add together, each with unknowns of its own. Raises TooMany."""
    sums = [one.node.op in ("number", "sum") for one, _ in joint]
    local = next(iter(added.values()))
    if len(added) == 1 and all(sums) and all(is_straight(one) for key in added for one in key):
        # What they add lies on a straight line: together it is what the middle of them adds, so many times.
        (key,) = added
        return {tuple((loosened(one) if is_term(one) else one) * times for one in key): local}
    columns = enumerate(zip(*added, strict=True))
    return {tuple(_one_of_many(set(column), place, times if sums[place] else 1) for place, column in columns): local}


def _one_of_many(values: set[Any], place: int, times: int) -> Scalar | Term:
    if len(values) == 1 and not any(map(is_term, values)):
        (value,) = values
        return value * times if times > 1 else value  # type: ignore[no-any-return]
    if not all(is_term(one) or has_size(one) for one in values):
        raise TooMany
    parts = [part(one) for one in values]
    span = spans.times(spans.hull(span_of(one) for one in parts), times)
    name = ("many", (place, times, *sorted(map(str, parts))))
    return Unknown(name, span, all(map(is_whole, parts)), any(map(is_dated, values)))


def copied(key: tuple[Any, ...], number: int) -> tuple[Any, ...]:
    """What another entity adds, alike but with unknowns of its own."""
    return tuple(renamed(one, number) if isinstance(one, Term) else one for one in key)


def together(totals: dict[tuple[Any, ...], dict[Leaf, Value]]) -> dict[tuple[Any, ...], dict[Leaf, Value]]:
    """Fewer totals that hold as much: numbers of those that are otherwise alike are put together in one range."""
    alike: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key in totals:
        alike.setdefault(tuple("" if is_term(one) or has_size(one) else one for one in key), []).append(key)
    found: dict[tuple[Any, ...], dict[Leaf, Value]] = {}
    for like, keys in alike.items():
        merged = tuple(
            _merged([key[place] for key in keys], (like, place)) if one == "" else one for place, one in enumerate(like)
        )
        found[merged] = totals[keys[0]]
    return found


def has_size(value: Running) -> TypeGuard[Ordered]:
    """Whether it is a number or a day."""
    return isinstance(value, int | Fraction | date) and not isinstance(value, bool)


def _merged(values: list[Scalar | Term], name: Hashable) -> Scalar | Term:
    if len(set(values)) == 1:
        return values[0]
    parts = [part(one) for one in values]
    span = spans.hull(span_of(one) for one in parts)
    return Unknown(("together", (name, *values)), span, all(map(is_whole, parts)), is_dated(values[0]))
