"""What stands on a page for one fact, and the reply that a form gives for it.

In: the fact of a question with what was answered, and what a form sent. Out: plain data for templates, and a reply as a
person would type it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from advisor.cases.case import Answer
from advisor.packs.pack import Fact
from advisor.values import wording
from advisor.values.text import plain
from advisor.values.types import CHOICE, CHOICES, DATE, DURATION, MONEY, NUMBER, REFERENCE, TEXT, WHOLE, YES_NO, Type

Form = Mapping[str, Sequence[str]]
"""What a form or an address sent: by name, every value."""
Field = dict[str, Any]

ANSWER: Final = "answer"
WORDS: Final = "words"
"""What is typed where something can be ticked."""
NONE: Final = "none"
UNKNOWN: Final = "unknown"
MOST_RADIOS: Final = 14
"""Choices that are shown one below the other; more are folded into one box."""
_SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£"}


def first(form: Form, name: str) -> str:
    """The first value of that name; empty where there is none."""
    values = form.get(name, ())
    return values[0].strip() if values else ""


def field(fact: Fact, choices: Sequence[tuple[str, str]], said: frozenset[str], before: str, today: date) -> Field:
    """What stands on the page. `said`: replies that were ticked before; `before`: the text that was typed before."""
    type_ = fact.type
    found: Field = {"options": [_option(*one, said) for one in choices], "value": before, **_around(type_)}
    found |= {"hint": "", "free": False, "other": False}
    if type_.kind == CHOICES:
        none = _option(NONE, type_.none_label or "None of these", said, apart=True)
        return {**found, "kind": "checkboxes", "options": [*found["options"], none]}
    if type_.kind == YES_NO:
        return {**found, "kind": "radios", "options": [_option("yes", "Yes", said), _option("no", "No", said)]}
    if type_.kind == REFERENCE:
        return {**found, "kind": "radios", "other": True}
    if type_.kind == CHOICE:
        return {**found, "kind": "radios" if len(choices) <= MOST_RADIOS else "select", "free": True}
    return {**found, "kind": "text", "hint": _hint(fact, today)}


def _option(value: str, label: str, said: frozenset[str], *, apart: bool = False) -> dict[str, Any]:
    return {"value": value, "label": wording.capital(label), "on": value in said, "apart": apart}


def _around(type_: Type) -> dict[str, str]:
    """What stands before and behind the box, how wide it is, and which keys a phone shows."""
    sign = _SIGNS.get(type_.unit, "") if type_.kind == MONEY else ""
    unit = "" if sign else type_.unit
    width = {DATE: "medium", TEXT: "wide", DURATION: "medium"}.get(type_.kind, "narrow")
    return {"before": sign, "behind": unit, "width": width}


def _hint(fact: Fact, today: date) -> str:
    if fact.examples:
        return f"For example: {wording.listing(fact.examples, 'or')}."
    return {
        DATE: f"For example: {wording.short_day(today)}, next Friday or about 3 May.",
        DURATION: "For example: 14 days or 2 weeks.",
        MONEY: "For example: 5.6k or about 300.",
        WHOLE: "For example: 4, about 5 or 4-6.",
        NUMBER: "For example: 4, about 5 or 4-6.",
    }.get(fact.type.kind, "")


def typed_before(fact: Fact, answer: Answer | None) -> str:
    """An answer as it would be typed into the box; empty where there is none, or nothing is known."""
    if answer is None or answer.unknown:
        return ""
    if isinstance(answer.value, date):
        return wording.short_day(answer.value)
    text = plain(answer.value, fact.type)
    return text.replace(f" {fact.type.unit}", "") if fact.type.kind == MONEY else text


def reply(fact: Fact, form: Form) -> str:
    """What the form says, as a person would type it; empty where nothing was said."""
    words = first(form, WORDS)
    if words:
        return words
    if fact.type.kind == CHOICES:
        return ", ".join(one for one in form.get(ANSWER, ()) if one)
    return first(form, ANSWER)


def contradicts(fact: Fact, form: Form) -> bool:
    """Whether "none of these" is ticked beside one of them."""
    ticked = form.get(ANSWER, ())
    return fact.type.kind == CHOICES and NONE in ticked and len(ticked) > 1
