"""Every condition of a pack with what it decides, and what its parts come to in a case.

In: a `Pack`. Out: `Site` values, one for each condition, and the state of each of its comparisons for a thing in a
`World`: true, false, or not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from advisor.language.comparisons import atoms
from advisor.language.printing import text
from advisor.language.tree import CASE, And, Condition, Not, Or
from advisor.packs.pack import Pack
from advisor.problems.problem import Place
from advisor.reasoning import evaluation
from advisor.reasoning.evaluation import Unsettled
from advisor.reasoning.program import Program
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World

State = bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One condition. `what` it belongs to (`rule`, `answer`, `row` ...), under which `name`, and what it is about."""

    what: str
    name: str
    said: str = ""
    """How people call it, where that is otherwise: a row of a table by its number there."""
    kind: str
    condition: Condition
    place: Place

    @property
    def called(self) -> str:
        """What it belongs to, in words."""
        return self.said or f"{self.what} {self.name}"

    @property
    def parts(self) -> tuple[Condition, ...]:
        """Its comparisons, each once."""
        return tuple(dict.fromkeys(atoms(self.condition)))


def sites(pack: Pack) -> Iterator[Site]:
    """Every condition of the rules, facts, goals, figures and options, in that order."""
    yield from _of_rules(pack)
    yield from _of_facts(pack)
    yield from _of_goals(pack)
    for projection in pack.projections.values():
        if projection.needs is not None:
            yield Site(what="figure", name=projection.id, kind=CASE, condition=projection.needs, place=projection.place)
        for model in projection.models:
            if model.when is not None:
                name = f"{projection.id}:{model.id}"
                yield Site(what="model", name=name, kind=CASE, condition=model.when, place=model.place)
    for course in pack.options.courses.values():
        if course.when is not None:
            yield Site(what="option", name=course.id, kind=course.about, condition=course.when, place=course.place)


def _of_rules(pack: Pack) -> Iterator[Site]:
    for rule in pack.rules.values():
        advise = rule.advise
        written = advise.before_deadline if advise is not None and advise.before_deadline is not None else rule.when
        yield Site(what="rule", name=rule.id, kind=rule.about, condition=written, place=rule.place)
        for number, step in enumerate(advise.steps if advise else (), 1):
            if step.when is not None:
                name = f"{number} of {rule.id}"
                yield Site(what="step", name=name, kind=rule.about, condition=step.when, place=rule.place)


def _of_facts(pack: Pack) -> Iterator[Site]:
    seen: set[Place] = set()  # a row of a table may conclude several facts, and is one condition
    for fact in pack.all_facts():
        name = fact.name if fact.kind == CASE else f"{fact.kind}.{fact.name}"
        if fact.applies is not None:
            yield Site(what="applies of", name=name, kind=fact.kind, condition=fact.applies, place=fact.place)
        if fact.likely is not None and fact.likely.when is not None:
            yield Site(what="likely of", name=name, kind=fact.kind, condition=fact.likely.when, place=fact.place)
        for number, row in enumerate(fact.rows, 1):
            if row.when is not None and not (row.called and row.place in seen):
                seen.add(row.place)
                one = f"{number} of {name}"
                yield Site(what="row", name=one, said=row.called, kind=fact.kind, condition=row.when, place=row.place)


def _of_goals(pack: Pack) -> Iterator[Site]:
    for goal in pack.goals.values():
        for what, condition in (("when of", goal.when), ("fits of", goal.fits)):
            if condition is not None:
                yield Site(what=what, name=goal.id, kind=goal.about, condition=condition, place=goal.place)
        for number, row in enumerate(goal.rows, 1):
            if row.when is not None:
                name = f"{number} of {goal.id}"
                yield Site(what="answer", name=name, kind=goal.about, condition=row.when, place=row.place)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a condition came to, and for each of its parts what it came to and whether it decided."""

    whole: State
    parts: tuple[State, ...]
    decided: tuple[bool, ...]


class Probe:
    """Looks at one condition in many worlds of one compiled pack. What parts come to together is worked out once."""

    def __init__(self, program: Program, site: Site) -> None:
        self.site = site
        self.parts = site.parts
        self._readers = [_reader(program, site.kind, part) for part in self.parts]
        self._whole = _shape(site.condition, {part: number for number, part in enumerate(self.parts)})
        self._known: dict[tuple[State, ...], Seen] = {}

    def subjects(self, world: World) -> list[Subject]:
        """What the condition is about: the case, or each entity of its kind."""
        return [world.case] if self.site.kind == CASE else world.entities[self.site.kind]

    def see(self, world: World, subject: Subject) -> Seen:
        """What the condition and its parts come to for a thing."""
        states = tuple(read(world, subject) for read in self._readers)
        found = self._known.get(states)
        if found is None:
            decided = tuple(self._decides(states, number) for number in range(len(states)))
            found = self._known[states] = Seen(self._whole(states), states, decided)
        return found

    def whole(self, world: World, subject: Subject) -> State:
        """What the condition comes to for a thing."""
        return self._whole(tuple(read(world, subject) for read in self._readers))

    def _decides(self, states: tuple[State, ...], number: int) -> bool:
        """Whether the whole comes out otherwise if this part does and all others stay; what is unknown decides not."""
        if states[number] is None:
            return False
        one, other = ((*states[:number], value, *states[number + 1 :]) for value in (True, False))
        return self._whole(one) is not self._whole(other)


def _reader(program: Program, kind: str, part: Condition) -> Callable[[World, Subject], State]:
    """How it is read off a world what a comparison comes to."""
    known = program.atoms.get((kind, part))
    if known is not None:
        index, cells, of_case = known[0].index, known[1], known[0].kind == CASE

        def masked(world: World, subject: Subject) -> State:
            mask = (world.case if of_case else subject).masks[index]
            return True if mask & ~cells == 0 else False if mask & cells == 0 else None

        return masked
    test = evaluation.truth(part, program.names, kind)

    def tested(world: World, subject: Subject) -> State:
        try:
            return test(world, subject, subject)
        except Unsettled:
            return None

    return tested


def _shape(condition: Condition, parts: Mapping[Condition, int]) -> Callable[[tuple[State, ...]], State]:
    """A condition as a function of what its parts come to, in three values."""
    if condition in parts:
        at = parts[condition]
        return lambda states: states[at]
    match condition:
        case And(operands):
            inner = [_shape(one, parts) for one in operands]
            return lambda states: _least([one(states) for one in inner])
        case Or(operands):
            inner = [_shape(one, parts) for one in operands]
            return lambda states: _most([one(states) for one in inner])
        case Not(operand):
            only = _shape(operand, parts)
            return lambda states: None if (found := only(states)) is None else not found
    raise TypeError(text(condition))


def _least(found: list[State]) -> State:
    return False if False in found else None if None in found else True


def _most(found: list[State]) -> State:
    return True if True in found else None if None in found else False
