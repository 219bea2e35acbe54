"""Recommendations: what a case advises, each standing or still open, ranked.

In: a `World`. Out: `Recommendation` values, and how they bear on one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from advisor.advice import speech
from advisor.language.tree import CASE
from advisor.packs.pack import STRENGTHS, Advise, Rule
from advisor.reasoning.matching import Outcome
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World, both, opposite
from advisor.values import wording
from advisor.values.types import Partial, Value


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


def title(world: World, one: Recommendation) -> str:
    """What a recommendation says to do, in a line."""
    return speech.spoken(world, one.advise.title, one.subject)


def deadline(world: World, one: Recommendation) -> Value | None:
    """By when, as far as it is known; None where a recommendation has no deadline."""
    if one.advise.deadline is None:
        return None
    return speech.value_of(world, one.advise.deadline, one.subject)


def deadline_text(world: World, one: Recommendation, by: Value | None) -> str | None:
    """By when, in words: those of the pack, or what is known of a `deadline` that is no one day; else None."""
    if one.advise.deadline_text is not None:
        return speech.spoken(world, one.advise.deadline_text, one.subject)
    if isinstance(by, Partial) and one.advise.deadline is not None:
        words = wording.in_words(by, one.advise.deadline.type)
        return None if words == "unknown" else words
    return None


def recommended(world: World) -> Iterator[Recommendation]:
    """What is advised, and what may be once more is known, in no order."""
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
    for other, owner in opponents(world, rule, subject):
        state = both(state, opposite(standing_state(world, other, owner)))
    return state


def opponents(world: World, rule: Rule, subject: Subject) -> Iterator[tuple[Rule, Subject]]:
    """The advice, with what it is about, that is preferred to `rule`'s where both hold."""
    for other in world.program.opponents.get(rule.id, ()):
        if other.about == subject.kind:
            yield other, subject
        elif other.about == CASE:
            yield other, world.case
        elif subject.kind == CASE:
            yield from ((other, owner) for owner in world.entities[other.about])


def ranked(world: World, found: Iterable[Recommendation]) -> list[Recommendation]:
    """What holds before what is open; then as before and after say; then the most pressing, the earliest, by key."""
    pending = sorted(found, key=lambda one: _pressing(world, one))
    ranked: list[Recommendation] = []
    for status in (True, None):
        ranked += _in_order([one for one in pending if one.status is status])
    return [
        Recommendation(rule=one.rule, advise=one.advise, subject=one.subject, status=one.status, rank=rank)
        for rank, one in enumerate(ranked, 1)
    ]


def _pressing(world: World, one: Recommendation) -> tuple[int, int, date, str]:
    node = one.advise.deadline
    by_when = None if node is None else speech.settled_value_of(world, node, one.subject)
    by = by_when if isinstance(by_when, date) else date.max
    return STRENGTHS.index(one.advise.strength), one.advise.rank, by, one.key


def _in_order(pending: list[Recommendation]) -> list[Recommendation]:
    """Sorted by how pressing they are, but each after those that must come before it."""
    place = {one.key: number for number, one in enumerate(pending)}
    first: dict[int, set[int]] = {number: set() for number in place.values()}
    related = Related(pending)
    for one in pending:
        for other in related.to(one, one.advise.after):
            first[place[one.key]].add(place[other.key])
        for other in related.to(one, one.advise.before):
            first[place[other.key]].add(place[one.key])
    sorter = TopologicalSorter(first)
    try:
        sorter.prepare()
    except CycleError:
        return pending
    order: list[Recommendation] = []
    ready: list[int] = []
    while sorter.is_active():
        for number in sorter.get_ready():
            heappush(ready, number)
        number = heappop(ready)
        order.append(pending[number])
        sorter.done(number)
    return order


class Related:
    """Recommendations found by the rules that give them, with what they concern."""

    def __init__(self, among: Iterable[Recommendation]) -> None:
        self._of_rule: dict[str, list[Recommendation]] = {}
        self._about: dict[tuple[str, Subject], list[Recommendation]] = {}
        self._of_case: dict[str, list[Recommendation]] = {}
        for one in among:
            self._of_rule.setdefault(one.rule.id, []).append(one)
            self._about.setdefault((one.rule.id, one.subject), []).append(one)
            if one.subject.kind == CASE:
                self._of_case.setdefault(one.rule.id, []).append(one)

    def to(self, one: Recommendation, ids: Iterable[str]) -> Iterator[Recommendation]:
        """The recommendations of these rules that concern the same entity, or the case on one side."""
        for id_ in dict.fromkeys(ids):
            if one.subject.kind == CASE:
                found = self._of_rule.get(id_, [])
            else:
                found = [*self._about.get((id_, one.subject), []), *self._of_case.get(id_, [])]
            yield from (other for other in found if other is not one)
