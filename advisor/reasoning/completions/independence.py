"""Which derived fields can be searched on their own, because their inputs reach the result only through them.

In: a field of a subject that is not settled. Out: the unsettled fields below it that stand for all their own unknowns,
as a dominator stands for what it dominates: whatever these unknowns turn out to be, the value sought sees only the
field. So the search branches over the few values that such a field can have, not over the many ways in which it comes
to have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from advisor.language.tree import CASE, Aggregate, Node, walk
from advisor.reasoning.program import Field
from advisor.reasoning.situation import Situation
from advisor.reasoning.subject import Place, Subject
from advisor.values.types import Anything, Partial

INNER: Final = frozenset(("formula", "computed", "concluded", "matched"))
"""Roles of fields that are worked out from others."""


def stand_alone(world: Situation, roots: list[Place], *, with_roots: bool = False) -> frozenset[Place]:
    """The unsettled worked-out fields below `roots` on whose unknowns nothing else below them hangs.

    `with_roots`: the roots are read together by something else, and may stand alone themselves.
    """
    order, below = _graph(world, roots)
    number = {place: at for at, place in enumerate(order)}
    reader = 1 << len(order)
    above = [reader if with_roots and place in roots else 0 for place in order]
    for place, lower in below.items():
        for one in lower:
            above[number[one]] |= 1 << number[place]
    reach = [0] * len(order)
    entered = [0] * len(order)
    found: set[Place] = set()
    top = set() if with_roots else {number[root] for root in roots}
    for at, place in enumerate(order):
        reach[at] = 1 << at
        for one in below[place]:
            reach[at] |= reach[number[one]]
            entered[at] |= above[number[one]] | entered[number[one]]
        role = world.program.fields[place[0].kind][place[1]].role
        if at not in top and role in INNER and below[place] and entered[at] & ~reach[at] == 0:
            found.add(place)
    return frozenset(found)


def _graph(world: Situation, roots: list[Place]) -> tuple[list[Place], dict[Place, list[Place]]]:
    """The unsettled places below `roots`, each after what it is worked out from, and what is directly below each."""
    below: dict[Place, list[Place]] = {}
    order: list[Place] = []
    stack: list[tuple[Place, bool]] = [(root, False) for root in roots]
    while stack:
        place, done = stack.pop()
        if done:
            order.append(place)
        elif place not in below:
            below[place] = list(dict.fromkeys(lower_places(world, *place)))
            stack.append((place, True))
            stack.extend((one, False) for one in below[place] if one not in below)
    return list(dict.fromkeys(order)), below


def lower_places(world: Situation, subject: Subject, index: int) -> Iterator[Place]:
    """The unsettled places that a field of a subject is directly worked out from."""
    step = world.program.fields[subject.kind][index]
    if step.role == "alias" and step.reference is not None:
        link = subject.values[world.program.field(subject.kind, step.reference.via)]
        if isinstance(link, Anything):
            # Of what is not listed nothing is read: the field is an unknown of its own.
            return
    if step.lower is None:
        step.lower = [
            (kind, read, kind == subject.kind and _is_over(step, kind)) for kind, read in _read_fields(world, step)
        ]
    for kind, read, over in step.lower:
        for owner in _owners(world, subject, step, kind, over=over):
            if isinstance(owner.values[read], Partial) and (owner, read) != (subject, index):
                yield owner, read


def _read_fields(world: Situation, step: Field) -> Iterator[tuple[str, int]]:
    pending = sorted(step.reads)
    seen: set[str] = set()
    while pending:
        key = pending.pop()
        if key in seen:
            continue
        seen.add(key)
        word, kind, name = key.split(" ", 2)
        if word == "group":
            pending.extend(sorted(world.program.groups[key].reads))
            continue
        field = world.program.find(kind, name)
        if field is not None:
            yield kind, field.index


def _owners(world: Situation, subject: Subject, step: Field, kind: str, *, over: bool) -> list[Subject]:
    if kind == CASE:
        return [world.case]
    if kind == subject.kind and not over:
        return [subject]
    if step.role == "alias" and step.reference is not None:
        link = subject.values[world.program.field(subject.kind, step.reference.via)]
        known = world.by_id[kind]
        return [known[link]] if isinstance(link, str) and link in known else world.entities[kind]
    return world.entities[kind]


def _is_over(step: Field, kind: str) -> bool:
    """Whether a field is worked out over all entities of its own kind."""
    return any(isinstance(part, Aggregate) and part.entity == kind for node in nodes(step) for part in walk(node))


def aggregates_within(step: Field) -> bool:
    """Whether a field is worked out over entities."""
    if step.over_entities is None:
        step.over_entities = any(isinstance(part, Aggregate) for node in nodes(step) for part in walk(node))
    return step.over_entities


def nodes(step: Field) -> Iterator[Node]:
    """The expressions and conditions by which a field is worked out."""
    if step.fact is not None:
        if step.fact.formula is not None:
            yield step.fact.formula
        for row in step.fact.rows:
            yield row.value
            if row.when is not None:
                yield row.when
        if step.fact.otherwise is not None and not isinstance(step.fact.otherwise, str):
            yield step.fact.otherwise
    elif step.condition is not None:
        yield step.condition
