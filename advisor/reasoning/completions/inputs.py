"""The inputs of a derived field, as the key under which its results are cached and reused for other cases.

Two subjects (of one case or of two) that agree on a field's inputs agree on all that the field may come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Final

from advisor.language.tree import CASE, Clock, Lookup, Node, ParameterRef, walk
from advisor.packs.pack import Rule
from advisor.reasoning.completions.independence import aggregates_within, nodes
from advisor.reasoning.program import Needs, Program, Taker
from advisor.reasoning.situation import Situation
from advisor.reasoning.subject import Subject
from advisor.values.types import Among, Value

Key = tuple[object, ...]

GIVEN: Final = frozenset(("asked", "parameter", "era"))


def needs(program: Program, keys: Iterable[str]) -> Needs:
    """What fields (by their keys) are ultimately worked out from; found once."""
    wanted = tuple(sorted(keys))
    if wanted not in program.needs:
        program.needs[wanted] = _needs(program, wanted)
    return program.needs[wanted]


def _needs(program: Program, keys: Iterable[str]) -> Needs:
    pending = list(keys)
    seen: set[str] = set()
    found: dict[str, set[int]] = {}
    everyone = clock = False
    dated: dict[str, Rule] = {}
    while pending:
        key = pending.pop()
        if key in seen:
            continue
        seen.add(key)
        word, kind, name = key.split(" ", 2)
        if word == "group":
            group = program.groups[key]
            pending.extend(group.reads)
            dated.update({rule.id: rule for rule in group.rules if rule.periods})
            clock |= any(_reads_clock(node) for rule in group.rules if rule.conclude for node in walk(rule.conclude[1]))
            continue
        field = program.find(kind, name)
        if field is None:
            continue
        everyone |= aggregates_within(field)
        if field.clock is None:
            field.clock = any(_reads_clock(part) for node in nodes(field) for part in walk(node))
        clock |= field.clock
        if field.role in GIVEN or (field.fact is not None and field.fact.may_be_stated):
            found.setdefault(kind, set()).add(field.index)
        pending.extend(field.reads)
    kinds = tuple((kind, taker(tuple(sorted(many)))) for kind, many in sorted(found.items()) if kind != CASE)
    rules = tuple(dated[one] for one in sorted(dated))
    return Needs(taker(tuple(sorted(found.get(CASE, ())))), kinds, everyone, clock, rules)


def _reads_clock(node: Node) -> bool:
    """Whether an expression reads the day itself, or a figure by it that is no field of its own."""
    match node:
        case Clock(name):
            return name != "era"
        case Lookup(_, column):
            return not column
        case ParameterRef(_, _, on):
            return on is not None
    return False


def taker(indices: tuple[int, ...]) -> Taker:
    """A function that takes the values at some indices, as a tuple."""
    if not indices:
        return lambda values: ()
    if len(indices) == 1:
        only = indices[0]
        return lambda values: (values[only],)
    return itemgetter(*indices)


def key(world: Situation, keys: Iterable[str], subjects: Sequence[Subject]) -> Key:
    """The values of all that fields of some subjects depend on."""
    wanted = needs(world.program, keys)
    found: list[object] = [wanted.case(world.case.values), *(rule.in_force(world.as_of) for rule in wanted.dated)]
    if wanted.clock:
        found += [world.as_of, world.today]
    for kind, take in wanted.kinds:
        if wanted.everyone:
            found.append(world.complete[kind])
            found.extend((one.id, one.times, take(one.values)) for one in world.entities[kind])
            continue
        for subject in subjects:
            linked = [subject] if subject.kind == kind else _linked(world, subject, kind)
            found.extend((one.times, take(one.values)) for one in linked)
    if wanted.everyone:
        found.extend(subject.id for subject in subjects)
    return tuple(found)


def _linked(world: Situation, subject: Subject, kind: str) -> list[Subject]:
    """The entities of a kind that a subject may refer to."""
    known = world.by_id[kind]
    found: list[Subject] = []
    for index in world.program.references.get((subject.kind, kind), ()):
        to = subject.values[index]
        found.extend(known[one] for one in _ids(to) if one in known)
    return found


def _ids(value: Value) -> list[str]:
    if isinstance(value, Among):
        return sorted(one for one in value.values if isinstance(one, str))
    return [value] if isinstance(value, str) else []
