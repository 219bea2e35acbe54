"""A revised world: one answer is changed, and only what depends on it is computed again.

In: a `World` and an answer. Out: another `World`, the same as one reasoned from scratch (tests hold it to that), for a
fraction of the work: searches look at many cases that differ from one by an answer. What is shown is still replayed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable

from advisor.cases.case import Answer
from advisor.language.tree import CASE
from advisor.reasoning.program import Field, Group, Program, Step
from advisor.reasoning.strata import one_by_one
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values.types import Partial

_ACROSS = frozenset(("formula", "computed", "known", "alias"))
"""Roles of fields that may read other entities: through an aggregate, or along a reference."""

Dirty = dict[str, set[Subject]]
"""By the key of a field or group: the subjects for which it is not what it was."""


class Dependents:
    """Which fields and groups hang on which, through any number of steps; worked out once for a program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.idle = copy.copy(program)
        """The program without any step: worlds of it have everything but what is worked out."""
        self.idle.steps, self.idle.strata = [], ()
        self._direct: dict[str, set[str]] = {}
        for step in program.steps:
            for read in step.reads:
                self._direct.setdefault(read, set()).add(step.key)
        self._steps: dict[str, tuple[Step, ...]] = {}

    def steps(self, key: str) -> tuple[Step, ...]:
        """What must be looked at again when the field or group `key` changes, each after all that it reads."""
        if key not in self._steps:
            found, pending = {key}, [key]
            while pending:
                new = self._direct.get(pending.pop(), set()) - found
                found |= new
                pending += new
            self._steps[key] = tuple(step for step in self._program.steps if step.key in found)
        return self._steps[key]


def dependents_of(program: Program) -> Dependents:
    """Which fields and groups of a program hang on which, worked out when it is first asked."""
    if not isinstance(program.dependents, Dependents):
        program.dependents = Dependents(program)
    return program.dependents


def below(program: Program, roots: Iterable[str]) -> frozenset[str]:
    """These fields and groups (by key), and all that they are worked out from."""
    return frozenset().union(*(_closure(program, root) for root in roots))


def _closure(program: Program, root: str) -> frozenset[str]:
    known = program.closures
    if not known:
        for step in program.steps:
            known[step.key] = frozenset((step.key,)).union(*(known.get(read, (read,)) for read in step.reads))
    return known.get(root) or frozenset((root,))


def narrowed(program: Program, kept: frozenset[str]) -> Program:
    """A program of fewer steps (by key): of the others nothing is known."""
    narrow = copy.copy(program)
    narrow.closures, narrow.dependents, narrow.advised = {}, None, None
    narrow.steps = [step for step in program.steps if step.key in kept]
    narrow.strata = one_by_one(narrow)
    return narrow


class Revised(World):
    """A world in which one answer differs from another world's."""

    def __init__(
        self,
        world: World,
        dependents: Dependents,
        place: tuple[str, str, str],
        answer: Answer | None,
        within: frozenset[str] | None = None,
    ) -> None:
        """`place`: kind, entity and field of the answer (None: not asked).

        Only what is `within` (keys of steps) is worked out anew, where that is given; the rest is as it was.
        """
        kind, entity, name = place
        case = world.source.with_answer(kind, entity, name, answer)
        super().__init__(dependents.idle, case, today=world.today, as_of=world.as_of)
        self.program = world.program
        self.hopeless = world.too_much()
        self._take_over(world)
        changed = self.case if kind == CASE else self.by_id[kind][entity]
        key = f"field {kind} {name}"
        steps = dependents.steps(key)
        if within is not None:
            steps = tuple(step for step in steps if step.key in within)
        self._rerun(steps, {key: {changed}}, first=key)

    def _take_over(self, world: World) -> None:
        """All that was worked out in another world of the same entities.

        What a projected figure may come to is not: its unknowns are named by subject, and it is searched again where
        somebody asks.
        """
        twins: dict[Subject, Subject] = {world.case: self.case}
        for kind, many in world.entities.items():
            twins |= dict(zip(many, self.entities[kind], strict=True))
        for one, twin in twins.items():
            twin.values = one.values.copy()
            twin.masks = one.masks.copy()
            twin.outcomes = one.outcomes.copy()
            twin.resolutions = one.resolutions.copy()
        self.assumed |= {(twins[one], index) for one, index in world.assumed}
        self.overruled |= {(twins[one], index): value for (one, index), value in world.overruled.items()}
        self.clashes += [(twins[one], field, rules) for one, field, rules in world.clashes]
        self.bounded |= {(twins[one], index) for one, index in world.bounded}

    def _rerun(self, steps: Iterable[Step], dirty: Dirty, first: str) -> None:
        for step in steps:
            touched = dirty[first] if step.key == first else self._touched(step, dirty)
            if not touched:
                continue
            changed = self._group_again(step, touched) if isinstance(step, Group) else self._field_again(step, touched)
            dirty[step.key] = changed

    def _touched(self, step: Step, dirty: Dirty) -> set[Subject]:
        """The subjects for which something that a step reads has changed."""
        everyone = [self.case] if step.kind == CASE else self.entities[step.kind]
        across = isinstance(step, Field) and step.role in _ACROSS
        found: set[Subject] = set()
        for read in step.reads:
            changed = dirty.get(read)
            if not changed:
                continue
            if across or read.split(" ", 2)[1] != step.kind:
                return set(everyone)
            found |= changed
        return found

    def _group_again(self, group: Group, touched: set[Subject]) -> set[Subject]:
        before = {one: (one.outcomes.get(group.name), one.resolutions.get(group.name)) for one in touched}
        self._match(group, list(touched))
        return {
            one
            for one, (outcomes, resolution) in before.items()
            if one.outcomes.get(group.name) != outcomes
            or one.resolutions.get(group.name) != resolution
            or None in one.outcomes.get(group.name, ())
        }

    def _field_again(self, step: Field, touched: set[Subject]) -> set[Subject]:
        changed: set[Subject] = set()
        for subject in touched:
            place = (subject, step.index)
            self.assumed.discard(place)
            self.overruled.pop(place, None)
            self.bounded.discard(place)
            if self.clashes:
                self.clashes = [one for one in self.clashes if (one[0], one[1].index) != place]
            before = subject.values[step.index]
            self._fill(step, [subject])
            value = subject.values[step.index]
            # What is not settled may hang together otherwise than before, although as much is possible of it.
            if isinstance(value, Partial) or value != before or type(value) is not type(before):
                changed.add(subject)
        return changed
