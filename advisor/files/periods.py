"""Days and periods as authors write them: `2024-09-03`, `about 2023-12`, `2023-12-05 .. 2023-12-15`, `unknown`."""

from __future__ import annotations

from datetime import date

from advisor.files.scalars import day_at, what_is_wrong
from advisor.files.yaml import MapNode, TextNode
from advisor.problems.problem import Problem
from advisor.values.periods import Edge, Period
from advisor.values.text import read_value
from advisor.values.types import DATE, Type, Within

_DATE = Type(DATE)


def read_edge(text: str) -> Edge:
    """One end of a period: a day, or the first and last day on which it may fall.

    Raises ValueError that says what is wrong.
    """
    value = read_value(text, _DATE)
    if isinstance(value, date):
        return Edge(value, value)
    if isinstance(value, Within):
        return Edge(_day(value.low), _day(value.high))
    raise ValueError(f"`{text[:40]}` is not a day, and not a time between two days")


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def read_period(node: MapNode, problems: list[Problem]) -> Period | None:
    """The period from `from` until `until`, or None where neither is given. What cannot be read is a problem."""
    first, last = (_edge(node, key, problems) for key in ("from", "until"))
    if first is None and last is None:
        return None
    if first and last and first.earliest and last.latest and first.earliest > last.latest:
        spot = node.values["until"]
        message = f"the last day, {last.latest}, is before the first, {first.earliest}"
        problems.append(spot.problem("empty-period", message, "exchange them, or correct one"))
    return Period(first, last)


def _edge(node: MapNode, key: str, problems: list[Problem]) -> Edge | None:
    spot = node.values.get(key)
    if not isinstance(spot, TextNode):
        return None
    try:
        return read_edge(spot.text)
    except (ValueError, ArithmeticError) as error:
        help_ = "write a date such as 2024-09-03, a month such as 2024-09, `about` one of these, `A .. B` or `unknown`"
        problems.append(spot.problem("bad-date", what_is_wrong(error), help_))
        return None


def read_day(node: MapNode, key: str, problems: list[Problem]) -> date | None:
    """The day under `key`, or None where it is not given. What is not a date is a problem."""
    spot = node.values.get(key)
    return day_at(spot, problems) if isinstance(spot, TextNode) else None
