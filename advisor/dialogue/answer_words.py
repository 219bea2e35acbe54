"""Answers to a fact: made from what a person typed, and put back into words and into replies to choose from.

In: a fact and a reply, or the answers filed for it (a fact of several boxes has one for each). Raises Misread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from advisor.cases.case import Answer
from advisor.dialogue import replies
from advisor.dialogue.replies import Misread
from advisor.packs.pack import Fact
from advisor.values import wording
from advisor.values.types import CHOICES, REFERENCE, YES_NO, Anything, Type, Value

_BOX = Type(YES_NO)

Answers = Mapping[str, Answer]
"""By the name under which each is filed."""


def fields(fact: Fact) -> list[str]:
    """The names under which the answer to a fact is filed."""
    if fact.type.kind == CHOICES:
        return [f"{fact.name}.{choice}" for choice in fact.type.choice_ids()]
    return [fact.name]


def not_known(fact: Fact) -> dict[str, Answer]:
    """The answer "don't know"."""
    type_ = _BOX if fact.type.kind == CHOICES else fact.type
    return {name: Answer(value=type_.undecided(), unknown=True) for name in fields(fact)}


def read(fact: Fact, text: str, today: date) -> dict[str, Answer]:
    """The answers that a reply gives. Raises Misread."""
    if replies.is_unknown(text):
        return not_known(fact)
    if fact.type.kind == CHOICES:
        boxes = replies.read_boxes(text, fact, today)
        return {f"{fact.name}.{box}": Answer(value=ticked) for box, ticked in boxes.items()}
    if fact.type.kind == REFERENCE:
        raise Misread(f"Type the {fact.type.entity} when you are asked for it.")
    return {fact.name: Answer(value=replies.read_reply(text, fact, today))}


def in_words(fact: Fact, answers: Answers, name_of: Callable[[str, str], str]) -> str:
    """Answers in words. `name_of`: what people call an entity, by kind and id."""
    return wording.listing(_words(fact, answers, name_of)) or fact.type.none_label or "none of these"


def _words(fact: Fact, answers: Answers, name_of: Callable[[str, str], str]) -> Iterator[str]:
    if all(answer.unknown for answer in answers.values()):
        yield "you don't know"
    elif fact.type.kind == CHOICES:
        labels = dict(fact.type.choices)
        yield from (labels[name.partition(".")[2]] for name, answer in answers.items() if answer.value is True)
    else:
        yield from (_value(fact, answer.value, name_of) for answer in answers.values())


def _value(fact: Fact, value: Value, name_of: Callable[[str, str], str]) -> str:
    if fact.type.kind == REFERENCE and isinstance(value, str):
        return name_of(fact.type.entity, value)
    return "anything" if isinstance(value, Anything) else wording.in_words(value, fact.type)


def as_replies(fact: Fact, answers: Answers) -> frozenset[str]:
    """The replies, of those to choose from, that would give these answers again; none where they were typed."""
    if answers and all(answer.unknown for answer in answers.values()):
        return frozenset(("unknown",))
    if fact.type.kind == CHOICES:
        ticked = {name.partition(".")[2] for name, answer in answers.items() if answer.value is True}
        return frozenset(ticked or ({"none"} if answers else ()))
    values = [answer.value for answer in answers.values()]
    boxes = {"yes" if value else "no" for value in values if isinstance(value, bool)}
    return frozenset(boxes | {value for value in values if isinstance(value, str)})
