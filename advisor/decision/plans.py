"""Courses of action played through: each way of choosing, and what it comes to by each objective.

In: a world and the pack's courses. Out: `Plan` values with their outcomes, looked for in worlds in which only what the
objectives hang on is worked out. Every way of choosing is tried up to `MOST_WAYS`; where there are more, it is said.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from advisor.advice import projections, speech
from advisor.advice.projections import Forecast
from advisor.cases.case import Answer, Case, Item, Items
from advisor.decision.probing import contradicts
from advisor.language.tree import CASE, Expr
from advisor.packs.courses import THIS, Choice, Course, Objective, Stage
from advisor.reasoning.program import Program
from advisor.reasoning.revision import below, narrowed
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values.types import NONE, Among, Number, Partial, Scalar, Value, Within

MOST_WAYS: Final = 600
"""Ways of choosing that are tried for one course."""

Chosen = Mapping[str, int | tuple[str, ...]]
"""By the name of a choice: the number, or the ids of the entities."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What something comes to; None where there is no such figure."""

    worst: Number | None = None
    likely: Number | None = None
    best: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What is seen on the day of a stage: the figures by objective, and by projection and model."""

    day: date
    dated: bool
    """Whether that day is known; where it is not, the outcome is as of today."""
    stage: Stage
    outcomes: Mapping[str, Figures]
    models: Mapping[str, Figures]
    shows: Mapping[str, bool | None]
    """By projection: whether it shows; None where that is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One way of following a course, and what it comes to. The last of `looks` is what it leads to."""

    course: Course
    subject: Subject
    chosen: Chosen
    looks: tuple[Looked, ...]
    outcomes: Mapping[str, Figures] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The course's id, and the entity it is about."""
        return speech.key(self.course.id, self.subject)


class Player:
    """Plays courses through from a world."""

    def __init__(self, world: World, screen: Program | None = None) -> None:
        """`screen`: the program narrowed to the objectives, where it is at hand."""
        self.world = world
        self.program = world.program
        self.options = world.program.pack.options
        self.screen = screen or self._narrowed()
        self._played: dict[tuple[str, tuple[tuple[str, int | tuple[str, ...]], ...]], Plan | None] = {}

    def _narrowed(self) -> Program:
        """The program without what no objective hangs on."""
        pack, program = self.program.pack, self.program
        roots: set[str] = set()
        for one in self.options.objectives:
            if one.measure:
                found = program.find(CASE, one.measure)
                roots |= {found.key} if found is not None else set()
        for projection in pack.projections.values():
            conditions = [projection.needs, *(model.when for model in projection.models)]
            roots |= {program.condition(CASE, one).key for one in conditions if one is not None}
            measures = [program.find(CASE, model.measure) for model in projection.models]
            roots |= {measure.key for measure in measures if measure is not None}
        roots |= {program.condition(one.about, one.that).key for one in pack.must_hold}
        return narrowed(program, below(program, roots))

    # --- ways of choosing -------------------------------------------------------------------------------------------

    def ways(self, course: Course) -> tuple[list[Chosen], bool]:
        """Every way of choosing, the least first, and whether there are more than are tried."""
        sizes = [
            self._sets(choice) if choice.kind else iter(range(choice.low, choice.high + 1)) for choice in course.choices
        ]
        names = [choice.name for choice in course.choices]
        ways: list[Chosen] = [
            dict(zip(names, way, strict=True)) for way in itertools.islice(_product(sizes), MOST_WAYS + 1)
        ]
        return ways[:MOST_WAYS], len(ways) > MOST_WAYS

    def _sets(self, choice: Choice) -> Iterator[tuple[str, ...]]:
        """Every set of the entities that may be chosen, the small ones first."""
        ids = [one.id for one in self.world.entities[choice.kind] if self._may(choice, one)]
        for size in range(choice.low, len(ids) + 1):
            yield from itertools.combinations(ids, size)

    def _may(self, choice: Choice, one: Subject) -> bool:
        if choice.where is None:
            return True
        condition = self.program.condition(choice.kind, choice.where)
        return one.values[condition.index] is True

    # --- playing one through ----------------------------------------------------------------------------------------

    def play(self, course: Course, subject: Subject, chosen: Chosen) -> Plan | None:
        """What a way of following a course comes to; None where it breaks what must hold."""
        key = (speech.key(course.id, subject), tuple(chosen.items()))
        if key not in self._played:
            self._played[key] = self._play(course, subject, chosen)
        return self._played[key]

    def _play(self, course: Course, subject: Subject, chosen: Chosen) -> Plan | None:
        looks: list[Looked] = []
        for stage in course.stages:
            world = self.at(course, subject, chosen, stage, self.screen)
            if contradicts(world):
                return None
            looks.append(self._look(world, stage, dated=self._dated(stage, subject)))
        plan = Plan(course=course, subject=subject, chosen=chosen, looks=tuple(looks))
        return replace(plan, outcomes={one.id: self._outcome(one, plan) for one in self.options.objectives})

    def at(
        self, course: Course, subject: Subject, chosen: Chosen, stage: Stage, program: Program | None = None
    ) -> World:
        """The world on the day of a stage; by the whole program unless a narrowed one is given."""
        case = self.changed(course, subject, chosen, stage)
        day = self.value(stage.on, subject) if stage.on is not None else None
        today = max(day, self.world.today) if isinstance(day, date) else self.world.today
        as_of, hopeless = self.world.as_of, self.world.too_much()
        return World(program or self.program, case, today=today, as_of=as_of, hopeless=hopeless)

    def changed(self, course: Course, subject: Subject, chosen: Chosen, stage: Stage) -> Case:
        """The case as a course leaves it, without what is not in play by a stage."""
        case = self._set(self.world.source, subject, course.sets, subject)
        case = self._set(case, self.world.case, course.sets_of_case, subject)
        for name, answers in course.sets_each.items():
            kind = next(choice.kind for choice in course.choices if choice.name == name)
            for id_ in _ids(chosen, name):
                each = self.world.by_id[kind][id_]
                case = self._set(case, each, answers, each)
        for name in stage.leave_out:
            ids = (subject.id,) if name == THIS else _ids(chosen, name)
            kind = subject.kind if name == THIS else next(one.kind for one in course.choices if one.name == name)
            case = _without(case, kind, ids)
        for added in course.adds:
            times = chosen[added.times] if isinstance(added.times, str) else added.times
            if isinstance(times, int) and times > 0:
                said = ((name, self._answer(value, subject)) for name, value in added.answers.items())
                known = {name: answer for name, answer in said if answer is not None}
                case = _with(case, added.kind, Item(id=added.id, times=times, answers=known))
        return case

    def _set(self, case: Case, target: Subject, answers: Mapping[str, Value | Expr], seen_from: Subject) -> Case:
        for name, value in answers.items():
            case = case.with_answer(target.kind, target.id, name, self._answer(value, seen_from))
        return case

    def _answer(self, value: Value | Expr, subject: Subject) -> Answer | None:
        """What is set: None (nobody knows) where it is not known at all, for then nothing is to be assumed of it."""
        found = self.value(value, subject) if isinstance(value, Expr) else value
        anything = isinstance(found, Within) and found.low is None and found.high is None
        return None if anything or found is NONE else Answer(value=found)

    def value(self, node: Expr, subject: Subject) -> Value:
        """What an expression of a course comes to as things are."""
        return speech.value_of(self.world, node, subject)

    # --- what it comes to -------------------------------------------------------------------------------------------

    def _dated(self, stage: Stage, subject: Subject) -> bool:
        return stage.on is None or isinstance(self.value(stage.on, subject), date)

    def _look(self, world: World, stage: Stage, *, dated: bool) -> Looked:
        forecasts = {one.key: one for one in projections.forecasts(world)}
        shows = {one.projection.id: _shows(world, one) for one in forecasts.values() if one.model is None}
        return Looked(
            day=world.today,
            dated=dated,
            stage=stage,
            outcomes={one.id: _figures(world, one, forecasts) for one in self.options.objectives},
            models={key: Figures(one.worst, one.likely, one.best) for key, one in forecasts.items()},
            shows=shows,
        )

    def _outcome(self, objective: Objective, plan: Plan) -> Figures:
        if not objective.shows:
            return plan.looks[-1].outcomes[objective.id]
        if not all(look.dated for look in plan.looks):
            return Figures()
        days = [(look.day - self.world.today).days for look in plan.looks]
        states = [look.shows.get(objective.shows) for look in plan.looks]
        sure = next((day for day, state in zip(days, states, strict=True) if state), None)
        perhaps = next((day for day, state in zip(days, states, strict=True) if state is not False), None)
        return Figures(worst=sure, likely=sure if sure == perhaps else None, best=perhaps)


def _product(sizes: list[Iterator[int] | Iterator[tuple[str, ...]]]) -> Iterator[tuple[int | tuple[str, ...], ...]]:
    return itertools.product(*sizes)


def _ids(chosen: Chosen, name: str) -> tuple[str, ...]:
    ids = chosen.get(name, ())
    return ids if isinstance(ids, tuple) else ()


def _without(case: Case, kind: str, ids: tuple[str, ...]) -> Case:
    listed = case.entities[kind]
    items = tuple(one for one in listed.items if one.id not in ids)
    return replace(case, entities={**case.entities, kind: replace(listed, items=items)})


def _with(case: Case, kind: str, item: Item) -> Case:
    listed = case.entities.get(kind, Items())
    taken = {one.id for one in listed.items}
    id_ = next(name for name in _names(item.id) if name not in taken)
    items = (*listed.items, replace(item, id=id_))
    return replace(case, entities={**case.entities, kind: replace(listed, items=items)})


def _names(id_: str) -> Iterator[str]:
    yield id_
    yield from (f"{id_}-{number}" for number in itertools.count(2))


def _shows(world: World, forecast: Forecast) -> bool | None:
    """Whether a projection surely shows; None where it may."""
    if forecast.worst is None:
        return False
    needs = forecast.projection.needs
    if needs is None:
        return True
    value = world.case.values[world.program.condition(CASE, needs).index]
    return None if isinstance(value, Partial) else value is True


def _figures(world: World, objective: Objective, forecasts: Mapping[str, Forecast]) -> Figures:
    if objective.projection:
        found = forecasts.get(objective.projection)
        return Figures(found.worst, found.likely, found.best) if found is not None else Figures()
    one = world.program.find(CASE, objective.measure) if objective.measure else None
    return _span(world.case.values[one.index], objective) if one is not None else Figures()


def _span(value: Value, objective: Objective) -> Figures:
    """The worst and the best of a measure."""
    if isinstance(value, Within):
        ends = [_number(end) for end in (value.low, value.high)]
    elif isinstance(value, Among):
        numbers = sorted(number for number in map(_number, value.values) if number is not None)
        ends = [numbers[0], numbers[-1]] if numbers else [None, None]
    else:
        ends = [_number(value)] * 2
    low, high = ends
    worst, best = (low, high) if objective.better == "higher" else (high, low)
    return Figures(worst, worst if worst == best else None, best)


def _number(value: Scalar | Partial | None) -> Number | None:
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, Number) else None
