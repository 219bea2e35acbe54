"""What a person says of one fact, from the text, list or mapping in which it is written, to answers by field."""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from functools import cache
from typing import Final

from advisor.cases.case import Answer
from advisor.files.scalars import LONGEST_VALUE, value_at
from advisor.files.yaml import ListNode, MapNode, Node, TextNode
from advisor.packs.pack import Fact
from advisor.problems.problem import Problem, suggestion
from advisor.values.types import CHOICE, CHOICES, DURATION, YES_NO, YES_OR_NO, Type, Value, within

_MONTHS = re.compile(r"(?P<count>\d{1,4})\s*(?P<unit>month|year)s?", re.IGNORECASE | re.ASCII)
_BOX = Type(YES_NO)
MOST_MONTHS: Final = 1200
LONGEST_NOTE: Final = 4000


def read_answers(fact: Fact, node: Node, problems: list[Problem]) -> dict[str, Answer]:
    """The answers that `node` gives of `fact`, by field (`price`, `extras.gift`).

    `{value: ..., note: ...}` keeps a note beside the value. What is wrong is a problem, and left out.
    """
    if isinstance(node, MapNode) and "value" in node.values and "value" not in fact.type.choice_ids():
        return _with_note(fact, node, problems)
    if fact.type.kind == CHOICES:
        return {f"{fact.name}.{box}": answer for box, answer in _boxes(fact, node, problems).items()}
    if not isinstance(node, TextNode):
        help_ = f"write one value{f', or `one of [{_first_two(node)}]`' if isinstance(node, ListNode) else ''}"
        message = f"`{fact.name}` has {'a list' if isinstance(node, ListNode) else 'a mapping'} for a value"
        problems.append(node.problem("wrong-kind", message, help_))
        return {}
    answer = _answer(node, fact.type, problems)
    return {} if answer is None else {fact.name: answer}


def _first_two(node: ListNode) -> str:
    return ", ".join(item.text[:40] for item in node.items[:2] if isinstance(item, TextNode))


def _with_note(fact: Fact, node: MapNode, problems: list[Problem]) -> dict[str, Answer]:
    for key in node.keys.values():
        if key.text not in ("value", "note"):
            help_ = suggestion(key.text, ("value", "note"), what="allowed")
            problems.append(key.problem("unknown-key", f"`{key.text[:80]}` does not go with a value", help_))
    inner = node.values["value"]
    if isinstance(inner, MapNode) and "value" in inner.values:
        problems.append(
            inner.problem("wrong-kind", "a value has a value of its own", "write `{value: ..., note: ...}`")
        )
        return {}
    note = node.text_at("note")
    if len(note) > LONGEST_NOTE:
        problems.append(
            node.values["note"].problem("bad-value", f"this note has {len(note):,} characters", "shorten it")
        )
    answers = read_answers(fact, inner, problems)
    return {field: replace(answer, note=note) for field, answer in answers.items()}


def _answer(node: TextNode, type_: Type, problems: list[Problem]) -> Answer | None:
    text = node.text.strip().casefold()
    if text in ("", "null", "~") and not node.style:
        problems.append(
            node.problem("no-value", "there is no value here", "write one, or `unknown`, or leave the fact out")
        )
        return None
    if text == "none" and type_.kind == YES_NO:
        problems.append(node.problem("bad-value", "`none` is neither yes nor no", "allowed: `yes`, `no`, `unknown`"))
        return None
    if text == "not asked":
        problems.append(node.problem("bad-value", "what was not asked is left out", "delete this line"))
        return None
    value = _months(text, type_) if type_.kind == DURATION else None
    if value is None:
        value = value_at(node, type_, problems)
    return None if value is None else Answer(value=value, unknown=text == "unknown", place=node.place)


def _months(text: str, type_: Type) -> Value | None:
    """`2 months` as the range of days that two months can have; None for what is not so many months or years."""
    found = _MONTHS.fullmatch(text) if len(text) <= LONGEST_VALUE else None
    if found is None:
        return None
    count = int(found["count"]) * (12 if found["unit"] == "year" else 1)
    if not 0 < count <= MOST_MONTHS:
        return None
    low, high = days_in_months(count)
    below = type_.low is not None and low < type_.low  # type: ignore[operator]  # the bounds of a duration are numbers
    above = type_.high is not None and high > type_.high  # type: ignore[operator]  # the same
    return None if below or above else within(low, high)


@cache
def days_in_months(count: int) -> tuple[int, int]:
    """The fewest and the most days that so many months in a row can have."""
    lengths = [calendar.monthrange(2001 + month // 12, month % 12 + 1)[1] for month in range(48 + count)]
    sums = [sum(lengths[start : start + count]) for start in range(48)]
    return min(sums), max(sums)


# --- several choices ----------------------------------------------------------------------------------------------


def _boxes(fact: Fact, node: Node, problems: list[Problem]) -> dict[str, Answer]:
    """An answer for each box: a list is complete, a mapping says only what it mentions."""
    known = fact.type.choice_ids()
    if isinstance(node, MapNode):
        return _mapped_boxes(fact, node, problems)
    if isinstance(node, ListNode):
        ticked = {_box(item, fact, problems) for item in node.items}
        return {box: Answer(value=box in ticked, place=node.place) for box in known} if None not in ticked else {}
    word = node.text.strip().casefold()
    if word == "unknown":
        return {box: Answer(value=YES_OR_NO, unknown=True, place=node.place) for box in known}
    if word == "none":
        return {box: Answer(value=False, place=node.place) for box in known}
    only = _box(node, fact, problems)
    return {box: Answer(value=box == only, place=node.place) for box in known} if only else {}


def _mapped_boxes(fact: Fact, node: MapNode, problems: list[Problem]) -> dict[str, Answer]:
    found = {}
    for key, value in node.items():
        box = _box(key, fact, problems)
        if not isinstance(value, TextNode):
            problems.append(
                value.problem("wrong-kind", f"`{key.text[:80]}` is ticked or not", "write `yes`, `no` or `unknown`")
            )
            continue
        answer = _answer(value, _BOX, problems)
        if box is not None and answer is not None:
            found[box] = answer
    return found


def _box(node: Node, fact: Fact, problems: list[Problem]) -> str | None:
    """The choice that a text names, by id or label."""
    if not isinstance(node, TextNode):
        problems.append(node.problem("wrong-kind", f"an item of `{fact.name}` is one choice", "write its id"))
        return None
    chosen = value_at(node, Type(CHOICE, fact.type.choices), problems)
    if isinstance(chosen, str):
        return chosen
    if chosen is not None:
        help_ = f"write `{{{node.text[:40]}: unknown}}` for a box of which you do not know"
        problems.append(node.problem("bad-value", f"`{node.text[:80]}` is not one choice", help_))
    return None
