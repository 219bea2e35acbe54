"""Values that stand for all that is possible of an unknown, when functions of it are compared.

Choices stand for themselves. Of numbers and dates these are the ends, what conditions compare with, and its
neighbours; of dates also the days that lie as far from today as any length of time in the pack. So a search over
samples is exact for comparisons with literals, and for whatever is monotone between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from advisor.language.tree import Compare, DaysBetween, Literal, Node, walk
from advisor.packs.pack import Pack
from advisor.reasoning.program import Field, Program
from advisor.values.types import (
    CHOICES,
    DATE,
    DURATION,
    NONE,
    REFERENCE,
    TEXT,
    Among,
    Anything,
    Partial,
    Scalar,
    Value,
    Within,
)

MOST_DAYS: Final = 24
"""Samples of one day."""
SOMETHING_ELSE: Final = ("\x00something else", "\x00something else again")
"""Texts that no condition names: two, so that a text of which none is named is not taken as known."""


def samples(field: Field, value: Value, days: Iterable[date] = ()) -> list[Scalar] | None:
    """Settled values for all that is possible of a field; None where nothing stands for all.

    `days`: more days to try.
    """
    if isinstance(value, Anything) and field.type.kind == TEXT:
        return [*field.cells.named(), *SOMETHING_ELSE]
    if isinstance(value, Anything) and field.type.kind == REFERENCE:
        return None
    try:
        found = list(field.cells.samples(value))
    except ValueError:
        return None
    if field.type.kind == DATE and isinstance(value, Within):
        own = [one for one in found if isinstance(one, date)]
        found = [*_thinned(own, [day for day in days if _allows(value, day)]), *([NONE] if value.maybe_none else [])]
    return found


def _thinned(own: list[date], more: list[date]) -> list[date]:
    room = max(0, MOST_DAYS - len(own))
    return sorted({*own, *more[:room]})


def _allows(span: Within, day: date) -> bool:
    """Whether a day lies within a range."""
    low, high = span.low, span.high
    above = not isinstance(low, date) or (day > low if span.low_open else day >= low)
    return above and (not isinstance(high, date) or (day < high if span.high_open else day <= high))


@lru_cache(maxsize=8)
def near_days(program: Program, today: date, as_of: date) -> Sequence[date]:
    """Days as far from today (and the as-of date) as any length of time that the pack names, the nearest first."""
    lengths = sorted({0, 1, *_lengths(program.pack)}, key=abs)
    found: dict[date, None] = {}
    for start in dict.fromkeys((today, as_of)):
        for length in lengths:
            for away in (length, -length, length + 1, -length - 1):
                if abs(away) < 100 * 366:
                    found[start + timedelta(days=away)] = None
    return tuple(sorted(found, key=lambda day: (abs((day - today).days), day)))


def _lengths(pack: Pack) -> Iterator[int]:
    for node in _nodes(pack):
        for part in walk(node):
            if isinstance(part, Literal) and part.type.kind == DURATION and not isinstance(part.value, str):
                yield _days(part.value)
            elif isinstance(part, Compare) and isinstance(part.left, DaysBetween) and isinstance(part.right, Literal):
                yield _days(part.right.value)
    for parameter in pack.parameters.values():
        if parameter.type.kind == DURATION:
            yield from (_days(one.value) for one in parameter.values if not isinstance(one.value, Partial))


def _nodes(pack: Pack) -> Iterator[Node]:
    for rule in pack.rules.values():
        yield rule.when
        if rule.conclude is not None:
            yield rule.conclude[1]
        if rule.advise is not None and rule.advise.deadline is not None:
            yield rule.advise.deadline
    for fact in pack.all_facts():
        yield from (one for one in (fact.formula, fact.applies) if one is not None)
        for row in fact.rows:
            yield row.value
            if row.when is not None:
                yield row.when


def _days(value: object) -> int:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return 0


__all__ = ["CHOICES", "MOST_DAYS", "SOMETHING_ELSE", "Among", "near_days", "samples"]
