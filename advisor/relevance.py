"""Which unknown facts can still change the advice, and by how much: what to ask, and when to stop.

In: a compiled pack and a case. Out: the *targets* (each recommendation's presence and deadline, which settle its order too, and
the side of each declared line on which a figure lies) that are still open, each as a diagram over what is unknown. An unknown
matters exactly where it occurs in one. Where a target is too large to be worked out, all that it reads is taken to matter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from advisor.case import Case
from advisor.diagrams import Diagram, TooLarge
from advisor.expressions import CASE, Aggregate, Node, walk
from advisor.pack import Model, Projection, Rule
from advisor.program import Group, Program, Step
from advisor.symbolic import THE_CASE, Symbolic, Unknown, Who
from advisor.values import NONE


@dataclass(frozen=True, slots=True)
class Target:
    """Something that the advice says and that is still open. `diagram` is None where it is too large to be worked out."""

    key: str
    diagram: Diagram | None
    levels: frozenset[int]
    """The unknowns that can change it."""


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """What one question is about: a fact of the case or of an entity, or (no fact) the list of a kind's entities."""

    kind: str
    entity: str
    fact: str


class Relevance:
    """What matters in a case, kept up to date as answers come in."""

    def __init__(self, program: Program, *, today: date, as_of: date) -> None:
        self.program = program
        self.symbolic = Symbolic(program, today=today, as_of=as_of)
        self.diagrams = self.symbolic.diagrams
        self._wide = wide_targets(program)
        self.bounded = False
        """Whether a target was too large, so that more may be asked than is needed."""

    def targets(self, case: Case) -> list[Target]:
        """What is still open in a case and can be changed by an answer.

        Targets that add up or count entities are looked at once the others are settled: only then are they small.
        """
        self.symbolic.update(case)
        self.bounded = False
        keys = list(self._keys())
        for wide in (False, True):
            found = [self._target(key, name) for key, name in keys if (key[1] in self._wide) is wide]
            asked = [one for one in found if one is not None and one.levels]
            if asked:
                return asked
        return []

    def settled(self, case: Case) -> tuple[int, int]:
        """How many recommendations stand for certain, and how many may still come or go."""
        self.symbolic.update(case)
        states = [self._standing_now(key) for key, _ in self._keys() if key[0] == "advice"]
        return states.count(True), states.count(None)

    def _standing_now(self, key: tuple[Any, ...]) -> bool | None:
        try:
            found = self._diagram(key)
        except TooLarge:
            return None
        if not self.diagrams.is_settled(found):
            return None
        return self.diagrams.value[found] is not False

    def _keys(self) -> Iterator[tuple[tuple[Any, ...], str]]:
        pack = self.program.pack
        for rule in pack.rules.values():
            if rule.advise is not None:
                for who in self.symbolic.whos(rule.about):
                    yield ("advice", rule.id, who), f"{rule.id}@{who[1]}" if who[1] else rule.id
        for projection in pack.projections.values():
            if projection.thresholds:
                for model in projection.models:
                    yield ("figure", projection.id, model.id), f"{projection.id}:{model.id}"

    def _target(self, key: tuple[Any, ...], name: str) -> Target | None:
        try:
            found = self._diagram(key)
        except TooLarge:
            self.bounded = True
            return Target(name, None, self._asked_for(frozenset(self.symbolic.reached(key))))
        if self.diagrams.is_settled(found):
            return None
        return Target(name, found, self._asked_for(self.diagrams.levels(found)))

    def _diagram(self, key: tuple[Any, ...]) -> Diagram:
        self.diagrams.steps = 0
        if key[0] == "advice":
            rule = self.program.pack.rules[key[1]]
            return self.symbolic.kept(key, lambda: self._advice(rule, key[2]))
        projection = self.program.pack.projections[key[1]]
        model = next(one for one in projection.models if one.id == key[2])
        return self.symbolic.kept(key, lambda: self._figure(projection, model))

    # --- targets as diagrams -----------------------------------------------------------------------------------------

    def _advice(self, rule: Rule, who: Who) -> Diagram:
        """False where the recommendation does not stand, else its deadline."""
        assert rule.advise is not None
        standing = self._standing(rule, who)
        if standing == self.diagrams.false or rule.advise.deadline is None:
            return standing
        deadline = self.symbolic.expression(rule.advise.deadline, who)
        return self.diagrams.lift("by", _by, standing, deadline)

    def _standing(self, rule: Rule, who: Who) -> Diagram:
        """Whether advice stands: its rule holds, and no advice that is preferred to it stands."""
        key: Hashable = ("standing", rule.id, who)
        return self.symbolic.kept(key, lambda: self._stands(rule, who))

    def _stands(self, rule: Rule, who: Who) -> Diagram:
        found = self.symbolic.state(rule, who)
        for other in self.program.opponents.get(rule.id, ()):
            for owner in self._opponents(other, who):
                if found != self.diagrams.false:
                    found = self.diagrams.both(found, self.diagrams.opposite(self._standing(other, owner)))
        return found

    def _opponents(self, other: Rule, who: Who) -> list[Who]:
        if other.about == who[0]:
            return [who]
        if other.about == CASE:
            return [THE_CASE]
        return self.symbolic.whos(other.about) if who[0] == CASE else []

    def _figure(self, projection: Projection, model: Model) -> Diagram:
        """On which side of each line the figure lies; False where there is none."""
        shown = self.diagrams.true
        for condition in (projection.needs, model.when):
            if condition is not None and shown != self.diagrams.false:
                shown = self.diagrams.both(shown, self.symbolic.condition(condition, THE_CASE))
        if shown == self.diagrams.false:
            return shown
        figure = self.symbolic.field(THE_CASE, self.program.field(CASE, model.measure))
        lines = tuple(line.at for line in projection.thresholds)
        side = self.diagrams.lift(("side", lines), lambda value: _side(value, lines), figure)
        return self.diagrams.lift("by", _by, shown, side)

    # --- what is asked ---------------------------------------------------------------------------------------------------

    def _asked_for(self, levels: frozenset[int]) -> frozenset[int]:
        """The unknowns of these that a person can be asked for; for how much is known, those that it hangs on."""
        found: set[int] = set()
        for level in levels:
            if level in self.symbolic.stands_for:
                found |= self._asked_for(self.symbolic.stands_for[level])
            elif self.symbolic.unknowns[level].askable:
                found.add(level)
        return frozenset(found)

    def question(self, level: int) -> Question:
        """What to ask for an unknown."""
        unknown: Unknown = self.symbolic.unknowns[level]
        return Question(unknown.who[0], unknown.who[1], unknown.fact)


def wide_targets(program: Program) -> frozenset[str]:
    """The ids of the rules and projections that depend on a sum, a count or the like over entities."""
    reads = {step.key: step.reads for step in program.steps}
    wide = {key for key, step in ((step.key, step) for step in program.steps) if _adds_up(step)}
    grown = True
    while grown:
        more = {key for key, read in reads.items() if key not in wide and not wide.isdisjoint(read)}
        grown = bool(more)
        wide |= more
    found = {rule.id for rule in program.pack.rules.values() if program.group_of[rule.id].key in wide}
    for id_ in list(found):
        found |= {other.id for other in program.pack.rules.values() if id_ in (o.rule for o in other.opposes)}
        found |= {o.rule for o in program.pack.rules[id_].opposes}
    for projection in program.pack.projections.values():
        measures = (program.find(CASE, model.measure) for model in projection.models)
        if any(one is not None and one.key in wide for one in measures):
            found.add(projection.id)
    return frozenset(found)


def _adds_up(step: Step) -> bool:
    """Whether a field or group is itself worked out by adding up over entities."""
    nodes: list[Node] = []
    if isinstance(step, Group):
        nodes += step.conditions
    else:
        nodes += [one for one in (step.condition, step.expression) if one is not None]
        if step.fact is not None:
            nodes += [one for one in (step.fact.formula,) if one is not None]
            for row in step.fact.rows:
                nodes += [row.value, *([row.when] if row.when is not None else [])]
    parts = (part for node in nodes for part in walk(node))
    return any(isinstance(part, Aggregate) and part.op not in ("any", "no", "every") for part in parts)


def _by(standing: bool | None, more: object) -> object:
    return False if standing is False else (standing, more)


def _side(value: object, lines: tuple[Any, ...]) -> object:
    if value is NONE or not isinstance(value, int | Fraction):
        return False
    return tuple((value > line) - (value < line) for line in lines)
