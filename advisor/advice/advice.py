"""Advice: ranked recommendations, forecasts and what is still open.

In: a `World`. Out: an `Advice`, which `data.py` writes as plain data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from advisor.advice import projections, speech
from advisor.advice.proof import Leaf, Prover
from advisor.language.tree import CASE, Condition
from advisor.packs.pack import FIRST_ADVICE, STRENGTHS, Advise, HeadlineRow, Rule
from advisor.reasoning.matching import Outcome
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World, both, opposite
from advisor.values.types import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """Something advised, of the case or of one entity. `status` is true where it holds, None while it is open."""

    rule: Rule
    advise: Advise
    subject: Subject
    status: Outcome
    rank: int = 0

    @property
    def key(self) -> str:
        """Its name: the rule's id, and the entity it is about."""
        return speech.key(self.rule.id, self.subject)


class Advice:
    """What is advised in a case, and why. Parts are worked out when they are first looked at."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.prover = Prover(world)

    @cached_property
    def recommendations(self) -> list[Recommendation]:
        """What is advised, and what may be once more is known, the most pressing first."""
        return _ranked(self, _recommended(self.world))

    @cached_property
    def forecasts(self) -> list[projections.Forecast]:
        """The figures that are forecast: each model's, then the range over all of them."""
        return projections.forecasts(self.world)

    @property
    def headline(self) -> str:
        """The one sentence to read first."""
        for row in self.world.program.pack.headline:
            if row.when is None or self._is_true(row.when):
                return self.spoken_row(row)
        return ""

    def spoken_row(self, row: HeadlineRow) -> str:
        """What a row of the headline says in this case."""
        say = speech.spoken(self.world, row.say, self.world.case)
        if FIRST_ADVICE not in say:
            return say
        return say.replace(FIRST_ADVICE, self.title(self.recommendations[0]) if self.recommendations else "")

    def _is_true(self, condition: Condition) -> bool:
        one = self.world.program.condition(CASE, condition)
        return self.world.case.values[one.index] is True

    def title(self, one: Recommendation) -> str:
        """What a recommendation says to do, in a line."""
        return speech.spoken(self.world, one.advise.title, one.subject)

    def deadline(self, one: Recommendation) -> Value | None:
        """By when, as far as it is known; None where a recommendation has no deadline."""
        if one.advise.deadline is None:
            return None
        return speech.value_of(self.world, one.advise.deadline, one.subject)

    def missing(self, one: Recommendation) -> list[Leaf]:
        """The unknown facts on which an open recommendation hangs."""
        found = dict.fromkeys(self.prover.rule_unknowns(one.rule, one.subject)) if one.status is None else {}
        for rule, subject in _opponents(self.world, one.rule, one.subject):
            if one.status is None and self.world.state(rule, subject) is None:
                found |= dict.fromkeys(self.prover.rule_unknowns(rule, subject))
        return sorted(found, key=lambda leaf: speech.place(self.world, *leaf))

    @cached_property
    def open_questions(self) -> list[tuple[Leaf, list[str]]]:
        """Unknown facts that a person may know, and the keys of what each could change; the most telling first."""
        hangs: dict[Leaf, list[str]] = {}
        for one in self.recommendations:
            for leaf in self.missing(one):
                hangs.setdefault(leaf, []).append(one.key)
        for forecast in self.forecasts:
            for subject, index in sorted(forecast.leaves, key=str):
                if isinstance(index, int):
                    found = self.world.program.fields[subject.kind][index]
                    if found.fact is not None and found.fact.asked:
                        hangs.setdefault((subject, found), []).append(forecast.key)
        return sorted(hangs.items(), key=lambda item: (-len(item[1]), speech.place(self.world, *item[0])))


def _recommended(world: World) -> Iterator[Recommendation]:
    for rule in world.program.pack.rules.values():
        if rule.advise is None:
            continue
        for subject in subjects(world, rule.about):
            status = standing_state(world, rule, subject)
            if status is not False:
                yield Recommendation(rule=rule, advise=rule.advise, subject=subject, status=status)


def subjects(world: World, kind: str) -> list[Subject]:
    """The case, or the entities of a kind."""
    return [world.case] if kind == CASE else world.entities[kind]


def standing_state(world: World, rule: Rule, subject: Subject) -> Outcome:
    """Whether advice stands: its rule holds, and no advice that opposes it and is preferred stands."""
    state = world.state(rule, subject)
    if state is False:
        return False
    for other, owner in _opponents(world, rule, subject):
        state = both(state, opposite(standing_state(world, other, owner)))
    return state


def _opponents(world: World, rule: Rule, subject: Subject) -> Iterator[tuple[Rule, Subject]]:
    """The advice, with what it is about, that is preferred to `rule`'s where both hold."""
    for other in world.program.opponents.get(rule.id, ()):
        if other.about == subject.kind:
            yield other, subject
        elif other.about == CASE:
            yield other, world.case
        elif subject.kind == CASE:
            yield from ((other, owner) for owner in world.entities[other.about])


def _ranked(advice: Advice, found: Iterable[Recommendation]) -> list[Recommendation]:
    """What holds before what is open; then as before and after say; then the most pressing, the earliest, by key."""
    pending = sorted(found, key=lambda one: _pressing(advice, one))
    ranked: list[Recommendation] = []
    for status in (True, None):
        ranked += _in_order([one for one in pending if one.status is status])
    return [
        Recommendation(rule=one.rule, advise=one.advise, subject=one.subject, status=one.status, rank=rank)
        for rank, one in enumerate(ranked, 1)
    ]


def _pressing(advice: Advice, one: Recommendation) -> tuple[int, int, date, str]:
    deadline = advice.deadline(one)
    by = deadline if isinstance(deadline, date) else date.max
    return STRENGTHS.index(one.advise.strength), one.advise.rank, by, one.key


def _in_order(pending: list[Recommendation]) -> list[Recommendation]:
    """Sorted by how pressing they are, but each after those that must come before it."""
    place = {one.key: number for number, one in enumerate(pending)}
    first: dict[int, set[int]] = {number: set() for number in place.values()}
    for one in pending:
        for other in related(one, one.advise.after, pending):
            first[place[one.key]].add(place[other.key])
        for other in related(one, one.advise.before, pending):
            first[place[other.key]].add(place[one.key])
    sorter = TopologicalSorter(first)
    try:
        sorter.prepare()
    except CycleError:
        return pending
    order: list[Recommendation] = []
    ready: list[int] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()])
        number, *ready = ready
        order.append(pending[number])
        sorter.done(number)
    return order


def related(one: Recommendation, ids: tuple[str, ...], among: list[Recommendation]) -> list[Recommendation]:
    """The recommendations of these ids that concern the same entity (or the case on one side)."""
    return [
        other
        for other in among
        if other.rule.id in ids
        and other is not one
        and (other.subject is one.subject or CASE in (other.subject.kind, one.subject.kind))
    ]
