"""What a worked-out field ultimately depends on, as a key by which what was found of it can be kept and used for other cases.

Two subjects (of one case or of two) that agree on a field's inputs agree on all that the field may come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from advisor.expressions import CASE
from advisor.independence import aggregates_within
from advisor.values import REFERENCE

if TYPE_CHECKING:
    from advisor.inference import Subject, World
    from advisor.program import Program

Inputs = tuple[tuple[str, int], ...]
"""Fields that are given and not worked out, by kind and index."""
Key = tuple[object, ...]

GIVEN: Final = frozenset(("asked", "parameter", "era"))


def of(program: Program, keys: Iterable[str]) -> Inputs | None:
    """The given fields on which fields (by their keys) depend; None where one depends on aggregates over entities."""
    wanted = tuple(sorted(keys))
    if wanted not in program.inputs:
        program.inputs[wanted] = _inputs(program, wanted)
    return program.inputs[wanted]


def _inputs(program: Program, keys: Iterable[str]) -> Inputs | None:
    pending = list(keys)
    seen: set[str] = set()
    found: set[tuple[str, int]] = set()
    while pending:
        key = pending.pop()
        if key in seen:
            continue
        seen.add(key)
        word, kind, name = key.split(" ", 2)
        if word == "group":
            pending.extend(program.groups[key].reads)
            continue
        field = program.find(kind, name)
        if field is None:
            continue
        if aggregates_within(field):
            return None
        if field.role in GIVEN or (field.fact is not None and field.fact.may_be_stated):
            found.add((kind, field.index))
        pending.extend(field.reads)
    return tuple(sorted(found))


def key(world: World, keys: Iterable[str], subjects: Sequence[Subject]) -> Key | None:
    """The values of all that fields of some subjects depend on; None where that is more than they, the case, and what they
    refer to."""
    inputs = of(world.program, keys)
    if inputs is None:
        return None
    found: list[object] = [world.as_of, world.today]
    for subject in subjects:
        found.append(subject.times)
        for kind, index in inputs:
            if kind == CASE:
                found.append(world.case.values[index])
            elif kind == subject.kind:
                found.append(subject.values[index])
            else:
                linked = _linked(world, subject, kind)
                if linked is None:
                    return None
                found.extend(one.values[index] for one in linked)
    return tuple(found)


def _linked(world: World, subject: Subject, kind: str) -> list[Subject] | None:
    """The entities of a kind that a subject refers to; none where nothing is known of what it refers to."""
    found: list[Subject] = []
    for step in world.program.fields[subject.kind]:
        if step.type.kind == REFERENCE and step.type.entity == kind and step.role == "asked":
            to = subject.values[step.index]
            if isinstance(to, str) and to in world.by_id[kind]:
                found.append(world.by_id[kind][to])
            elif world.entities[kind]:
                return None
    return found
