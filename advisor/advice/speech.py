"""The pack's texts with the values of a case put in, and the names by which people know things.

In: a `World` and a `Text`, a field or a subject. Out: plain text. A value that is not settled is worded as what is
known of it.
"""

from __future__ import annotations

from collections.abc import Callable

from advisor.cases.case import path
from advisor.language.tree import CASE, Expr, FactRef, Literal, Text
from advisor.reasoning import evaluation
from advisor.reasoning.completions import possibilities
from advisor.reasoning.evaluation import Meaning, Unsettled
from advisor.reasoning.program import Field
from advisor.reasoning.situation import Situation
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values import wording
from advisor.values.types import CHOICES, TEXT, Anything, Partial, Type, Value


def named(world: World, subject: Subject) -> str:
    """What people call an entity: its label where the person gave one, else its id; nothing for the case."""
    if subject.kind == CASE:
        return ""
    label = world.program.pack.entities[subject.kind].label
    if label:
        value = subject.values[world.program.field(subject.kind, label)]
        if isinstance(value, str) and value.strip():
            return value
    return subject.id


def spoken(world: World, text: Text | None, subject: Subject) -> str:
    """A text of the pack about a subject, with the values put in."""
    if text is None:
        return ""
    return "".join(part if isinstance(part, str) else _put_in(world, part, subject) for part in text.parts).strip()


def _put_in(world: World, node: Expr, subject: Subject) -> str:
    if isinstance(node, FactRef) and node.type.kind == CHOICES:
        return _ticked(world, node, subject)
    value = value_of(world, node, subject)
    if isinstance(value, Anything) and node.type.kind == TEXT:
        own = isinstance(node, FactRef) and node.whose == "self" and subject.kind != CASE
        return subject.id if own else "not known"
    words = wording.in_words(value, node.type)
    return "not known" if isinstance(value, Partial) and words == "unknown" else words


def _ticked(world: World, node: FactRef, subject: Subject) -> str:
    owner = world.case if node.kind == CASE else subject
    labels = [
        label
        for choice, label in node.type.choices
        if owner.values[world.program.field(owner.kind, node.name, choice)] is True
    ]
    return wording.listing(labels) or "none"


def value_of(world: World, node: Expr, subject: Subject) -> Value:
    """What an expression may come to for a subject."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, FactRef) and not node.via:
        owner = world.case if node.kind == CASE else subject
        return owner.values[world.program.field(owner.kind, node.name, node.choice)]
    try:
        return meaning_of(world, node, subject.kind)(world, subject, subject)
    except Unsettled:
        if (subject, node) not in world.spoken:
            world.spoken[subject, node] = _searched(world, node, subject, possibilities.possible_of)
        return world.spoken[subject, node]


def settled_value_of(world: World, node: Expr, subject: Subject) -> Value:
    """What an expression comes to for a subject where that is one value only; else some part of all that is possible.

    That several values are possible is found out much sooner than which.
    """
    if isinstance(node, Literal) or (subject, node) in world.spoken:
        return value_of(world, node, subject)
    try:
        return meaning_of(world, node, subject.kind)(world, subject, subject)
    except Unsettled:
        return _searched(world, node, subject, possibilities.settled_of)


def _searched(
    world: World, node: Expr, subject: Subject, search: Callable[[Situation, Meaning, Subject, Type], Value]
) -> Value:
    """What a search finds, or found before where all that the expression reads was the same."""
    return possibilities.kept(
        world,
        world.program.spoken[subject.kind, node],
        [subject],
        (search, subject.kind, node, world.today, world.as_of),
        lambda: search(world, meaning_of(world, node, subject.kind), subject, node.type),
    )


def meaning_of(world: World, node: Expr, kind: str) -> Meaning:
    """The function that an expression of a text or of advice is compiled to, made once for each pack."""
    known = world.program.meanings
    if (kind, node) not in known:
        known[kind, node] = evaluation.meaning(node, world.program.names, kind)
    return known[kind, node]


def place(world: World, subject: Subject, field: Field) -> str:
    """The path of a field in the case file: `fact` or `rooms[attic].price`."""
    plural = "" if subject.kind == CASE else world.program.pack.entities[subject.kind].plural
    return path(subject.kind, subject.id, field.name, plural)


def key(id_: str, subject: Subject) -> str:
    """The key of a conclusion or recommendation: its id, and the entity it is about."""
    return id_ if subject.kind == CASE else f"{id_}@{subject.id}"


def label(field: Field) -> str:
    """How a field is called in sentences."""
    if field.label:
        return field.label
    if field.fact is None:
        return field.name[1:-1] if field.name[:1] in "[(" else field.name
    if field.choice:
        return f"{field.fact.label}: {dict(field.fact.type.choices)[field.choice]}"
    return field.fact.label


def valued(subject: Subject, field: Field) -> str:
    """What is known of a field, for people."""
    words = wording.in_words(subject.values[field.index], field.type)
    return "not known" if words == "unknown" else words
