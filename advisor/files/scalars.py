"""A text that stands somewhere in a file, as a typed value; what cannot be read is a problem with place and help."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Final, TypeVar

from advisor.files.yaml import MapNode, TextNode
from advisor.problems.problem import Problem, affordable, nearest, suggestion
from advisor.values.numbers import has_decimal_comma, unsettled
from advisor.values.periods import Edge, Period
from advisor.values.text import plain, read_date, read_scalar, read_value
from advisor.values.types import CHOICE, DATE, LONGEST_TEXT, TEXT, YES_NO, Ordered, Type, Value, Within

T = TypeVar("T")
LONGEST_VALUE: Final = 500
"""No value but a text is longer than that; a choice among many may be."""


def value_at(node: TextNode, type_: Type, problems: list[Problem]) -> Value | None:
    """The value of that type, settled or known in part; None, and a problem, where the text is none such."""
    return _read(node, type_, problems, lambda text: read_value(text, type_))


def scalar_at(node: TextNode, type_: Type, problems: list[Problem]) -> Ordered | None:
    """The settled value of an ordered type; None, and a problem, where the text is none such."""
    return _read(node, type_, problems, lambda text: _ordered(text, type_))


def day_at(node: TextNode, problems: list[Problem]) -> date | None:
    """The day; None, and a problem, where the text is none."""
    try:
        return read_date(node.text)
    except ValueError as error:
        problems.append(node.problem("bad-date", what_is_wrong(error), "write a date such as 2024-09-03"))
        return None


def decimal_commas(nodes: Collection[TextNode]) -> bool:
    """Whether one of the numbers of a file has a decimal comma."""
    return any(has_decimal_comma(node.text[:LONGEST_VALUE]) for node in nodes)


def check_commas(nodes: Collection[TextNode], problems: list[Problem]) -> None:
    """Notes each number of a file that could be meant in two ways, where others of it have decimal commas."""
    for node in nodes if decimal_commas(nodes) else ():
        wrong = unsettled(node.text[:LONGEST_VALUE], commas=True)
        if wrong is not None:
            problems.append(node.problem("bad-value", f"beside decimal commas {wrong}"))


def _ordered(text: str, type_: Type) -> Ordered:
    value = read_scalar(text, type_)
    if isinstance(value, str) or not isinstance(value, Ordered):
        raise ValueError(f"`{text[:40]}` cannot be compared by size")
    return value


def _read(node: TextNode, type_: Type, problems: list[Problem], read: Callable[[str], T]) -> T | None:
    longest = LONGEST_TEXT if type_.kind in (TEXT, CHOICE) else LONGEST_VALUE
    if len(node.text) > longest:
        problems.append(
            node.problem("bad-value", f"this has {len(node.text):,} characters", f"at most {longest:,} are allowed")
        )
        return None
    try:
        return read(node.text)
    except ValueError as error:
        message = str(error)
    except ArithmeticError:
        message = f"`{node.text[:40]}` reaches beyond what can be reckoned with"
    help_ = _help(node.text, type_) if affordable(problems, type_.choices) else ""
    problems.append(node.problem(_kind(message), message, help_))
    return None


def _kind(message: str) -> str:
    return "bad-date" if "date" in message or "no such day" in message else "bad-value"


def what_is_wrong(error: Exception) -> str:
    """The message of an error without its advice."""
    return str(error).partition(";")[0]


def _help(text: str, type_: Type) -> str:
    if type_.choices:
        label = nearest(text, [label for _, label in type_.choices])
        meant = next((choice for choice, called in type_.choices if called == label), None)
        return f"did you mean `{meant}`?" if meant else suggestion(text, type_.choice_ids(), what="allowed")
    if type_.kind == YES_NO:
        return "allowed: `yes`, `no`, `unknown`"
    ends = [f"{word} {plain(end, type_)}" for word, end in (("from", type_.low), ("to", type_.high)) if end is not None]
    return f"allowed: {' '.join(ends)}" if ends else ""


_DATE = Type(DATE)


def read_edge(text: str) -> Edge:
    """One end of a period: a day, the first and last day on which it may fall, or `by` a day.

    Raises ValueError that says what is wrong.
    """
    if text.startswith("by "):
        day = read_date(text.removeprefix("by "))
        return Edge(day, day, shown_by=True)
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
        help_ = (
            "write a date such as 2024-09-03, a month such as 2024-09, `about` one of these, `A .. B`, `by` a date"
            " or `unknown`"
        )
        problems.append(spot.problem("bad-date", what_is_wrong(error), help_))
        return None


def read_day(node: MapNode, key: str, problems: list[Problem]) -> date | None:
    """The day under `key`, or None where it is not given. What is not a date is a problem."""
    spot = node.values.get(key)
    return day_at(spot, problems) if isinstance(spot, TextNode) else None
