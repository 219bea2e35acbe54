"""Which unknown facts can still change the advice, and by how much: what to ask, and when to stop.

In: a compiled pack and a case. Out: the *targets* (each recommendation's presence and deadline, which settle its
order too, and the side of each declared line on which a figure lies) that are still open, each as a diagram over
what is unknown. An unknown matters exactly where it occurs in one. Where a target is too large to be worked out, all
that it reads is taken to matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from advisor.cases.case import Case, Item, Items
from advisor.dialogue.relevance.diagrams import Diagram, TooLarge
from advisor.dialogue.relevance.kept import Key
from advisor.dialogue.relevance.symbolic import THE_CASE, Symbolic, Who
from advisor.language.tree import CASE, Aggregate, Node, walk
from advisor.packs.pack import Goal, Model, Projection, Rule
from advisor.reasoning.program import Group, Program, Step
from advisor.values.types import CHOICES, NONE

PRESSING = ("must", "avoid")
"""Strengths of advice that is looked for whatever was asked."""
_SOME = "\x00some"
"""The id of an entity that nobody has named."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that the advice says and that is still open.

    `diagram` is None where it is too large to be worked out.
    """

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
        self._questions: dict[int, Question] = {}

    def targets(self, case: Case) -> list[Target]:
        """What is still open in a case and can be changed by an answer.

        What adds up over entities is left for later, and what is too large for the very last: once the rest is
        settled it is small.
        """
        self.symbolic.update(case)
        keys = list(self._keys())
        narrow = self._open([(key, name) for key, name in keys if _source(key) not in self._wide])
        worked_out = [one for one in narrow if one.diagram is not None]
        if worked_out:
            return worked_out
        found = self._open(keys)
        return [one for one in found if one.diagram is not None] or found

    def all_targets(self, case: Case) -> list[Target]:
        """Everything of the advice that is still open, what is left for later too."""
        self.symbolic.update(case)
        return self._open(self._keys())

    def targets_of(self, case: Case, who: Who) -> list[Target]:
        """What is still open of what is advised on the case or an entity; what adds up over entities left out."""
        self.symbolic.update(case)
        advised = (rule for rule in self.program.pack.rules.values() if rule.advise is not None)
        own = (rule for rule in advised if rule.about == who[0] and rule.id not in self._wide)
        return self._open((Key("advice", rule.id, who), rule.id) for rule in own)

    def _open(self, keys: Iterable[tuple[Key, str]]) -> list[Target]:
        found = (self._target(key, name) for key, name in keys)
        return [one for one in found if one is not None and one.levels]

    def answers(self, case: Case) -> Iterator[tuple[Goal, Who, bool]]:
        """The chosen goals that are asked, of whom, and whether nothing that is unknown can change the answer."""
        self.symbolic.update(case)
        for goal, who, fitting in self._goals() if case.goals else ():
            try:
                found = self._diagram(Key("goal", (goal.id, fitting), who))
            except TooLarge:
                yield goal, who, False
                continue
            if found != self.diagrams.false:
                yield goal, who, self.diagrams.is_settled(found)

    def settled(self, case: Case) -> tuple[int, int]:
        """How many recommendations stand for certain, and how many may still come or go."""
        self.symbolic.update(case)
        states = [self._standing_now(key) for key, _ in self._keys() if key.what == "advice"]
        return states.count(True), states.count(None)

    def _standing_now(self, key: Key) -> bool | None:
        try:
            found = self._diagram(key)
        except TooLarge:
            return None
        if not self.diagrams.is_settled(found):
            return None
        return self.diagrams.value[found] is not False

    def details(self, case: Case) -> list[Target]:
        """What else is shown and still open: findings, steps, and the figures themselves."""
        self.symbolic.update(case)
        return self._open(self._detail_keys())

    def matters(self, case: Case, question: Question) -> bool:
        """Whether an answer to a question that is not answered in `case` could change anything that is shown."""
        self.symbolic.update(case)
        for key, name in itertools.chain(self._keys(), self._detail_keys()):
            target = self._target(key, name)
            if target is not None and any(self.question(level) == question for level in target.levels):
                return True
        return False

    def applies_for_sure(self, question: Question) -> bool:
        """Whether it is certain that the fact which a question asks for applies."""
        applies = self._applies(question)
        return applies is None or applies == self.diagrams.true

    def must_wait(self, question: Question) -> bool:
        """Whether another question comes first, which says whether the fact applies at all."""
        applies = self._applies(question)
        return applies is not None and bool(self._asked_for(self.diagrams.levels(applies)))

    def _applies(self, question: Question) -> Diagram | None:
        fact = self.program.pack.facts[question.kind][question.fact]
        name = f"{fact.name}.{fact.type.choice_ids()[0]}" if fact.type.kind == CHOICES else fact.name
        one = self.program.fields[question.kind][self.program.field(question.kind, name)]
        if one.applies < 0:
            return None
        try:
            return self.symbolic.field((question.kind, question.entity), one.applies)
        except TooLarge:
            return None

    def list_matters(self, case: Case, kind: str) -> bool:
        """Whether it could change the advice to know what entities of a kind there are."""
        listed = case.entities.get(kind, Items())
        one_more = replace(listed, items=(*listed.items, Item(id=_SOME)), more=False)
        self.symbolic.update(replace(case, entities={**case.entities, kind: one_more}))
        who = (kind, _SOME)
        advised = (self._standing_now(key) for key, _ in self._keys() if key.what == "advice" and key.who == who)
        matters = any(state is not False for state in advised)
        targets = [] if matters else self.targets(case)
        self.symbolic.update(case)
        return matters or any(self.question(level) == Question(kind, "", "") for one in targets for level in one.levels)

    def contradicts(self, case: Case) -> bool:
        """Whether the answers break what the pack says must hold."""
        self.symbolic.update(case)
        for constraint in self.program.pack.must_hold:
            for who in self.symbolic.whos(constraint.about):
                try:
                    if self.symbolic.condition(constraint.that, who) == self.diagrams.false:
                        return True
                except TooLarge:
                    continue
        return False

    def times_read(self, kind: str) -> dict[str, int]:
        """How many conditions and formulas read each fact of a kind."""
        found: dict[str, int] = {}
        start = f"field {kind} "
        for step in self.program.steps:
            for key in step.reads:
                if key.startswith(start):
                    found[key.removeprefix(start)] = found.get(key.removeprefix(start), 0) + 1
        return found

    def _detail_keys(self) -> Iterator[tuple[Key, str]]:
        pack = self.program.pack
        for kind, fields in self.program.fields.items():
            shown = [
                one for one in fields if one.fact is not None and one.fact.derived and one.fact.finding is not None
            ]
            for who in self.symbolic.whos(kind):
                yield from ((Key("finding", one.index, who), one.name) for one in shown)
        for rule in pack.rules.values():
            for number, step in enumerate(rule.advise.steps if rule.advise is not None else ()):
                if step.when is not None:
                    for who in self.symbolic.whos(rule.about):
                        yield Key("step", (rule.id, number), who), rule.id
        for projection in pack.projections.values():
            for model in projection.models:
                yield Key("value", (projection.id, model.id), THE_CASE), f"{projection.id}:{model.id}"

    def _keys(self) -> Iterator[tuple[Key, str]]:
        """What is to be settled: the chosen answers and what presses; where none was chosen, all advice and figures.

        What must be done or avoided presses if it is advised of an entity that is asked about, or belongs to a goal.
        """
        pack = self.program.pack
        goals = list(self._goals())
        yield from ((Key("goal", (goal.id, fitting), who), _named(goal.id, who)) for goal, who, fitting in goals)
        chosen = bool(self.symbolic.case.goals)
        belonging = {id_ for goal, _, _ in goals for id_ in goal.advice}
        asked_of = {who for _, who, _ in goals if who != THE_CASE}
        for rule in pack.rules.values():
            if rule.advise is not None and (not chosen or rule.advise.strength in PRESSING):
                for who in self.symbolic.whos(rule.about):
                    presses = who in asked_of or (who == THE_CASE and (bool(asked_of) or rule.id in belonging))
                    if not chosen or presses:
                        yield Key("advice", rule.id, who), _named(rule.id, who)
        for projection in pack.projections.values():
            if projection.thresholds and not chosen:
                for model in projection.models:
                    yield Key("figure", (projection.id, model.id), THE_CASE), f"{projection.id}:{model.id}"

    def _goals(self) -> Iterator[tuple[Goal, Who, bool]]:
        """The goals that were chosen, with what each is asked of, and whether only where it fits.

        Where none was chosen, those whose answer is a value.
        """
        goals = self.program.pack.goals
        named = [key.partition("@") for key in self.symbolic.case.goals]
        named = named or [(goal.id, "", "") for goal in goals.values() if goal.value]
        for id_, _, entity in named:
            for who in self.symbolic.whos(goals[id_].about):
                if entity in ("", who[1]):
                    yield goals[id_], who, not entity

    def _target(self, key: Key, name: str) -> Target | None:
        try:
            found = self._diagram(key)
        except TooLarge:
            return Target(name, None, self._asked_for(frozenset(self.symbolic.kept.reached(key))))
        if self.diagrams.is_settled(found):
            return None
        return Target(name, found, self._asked_for(self.diagrams.levels(found)))

    def _diagram(self, key: Key) -> Diagram:
        return self.symbolic.kept.get(key, lambda: self._made(key))

    def _made(self, key: Key) -> Diagram:
        match key:
            case ("advice", str(id_), who):
                return self._advice(self.program.pack.rules[id_], who)
            case ("goal", (str(id_), bool(fitting)), who):
                return self._answer(self.program.pack.goals[id_], who, fitting=fitting)
            case ("finding", int(index), who):
                return self.symbolic.field(who, index)
            case ("step", (str(id_), int(number)), who):
                return self._step(self.program.pack.rules[id_], who, number)
            case (what, (str(id_), model_id), _):
                projection = self.program.pack.projections[id_]
                model = next(one for one in projection.models if one.id == model_id)
                return self._figure(projection, model, exact=what == "value")
        raise TypeError(key)

    # --- targets as diagrams -----------------------------------------------------------------------------------------

    def _advice(self, rule: Rule, who: Who) -> Diagram:
        """False where the recommendation does not stand, else its deadline."""
        assert rule.advise is not None
        standing = self._standing(rule, who)
        if standing == self.diagrams.false or rule.advise.deadline is None:
            return standing
        deadline = self.symbolic.expression(rule.advise.deadline, who)
        return self.diagrams.lift("by", _by, standing, deadline)

    def _answer(self, goal: Goal, who: Who, *, fitting: bool) -> Diagram:
        """The number of the first row that applies, or the value that is the answer; False where it is not asked."""
        shown = self.diagrams.true
        for condition in (goal.when, goal.fits if fitting else None):
            if condition is not None and shown != self.diagrams.false:
                shown = self.diagrams.both(shown, self.symbolic.condition(condition, who))
        if shown == self.diagrams.false:
            return shown
        if goal.value:
            found = self.symbolic.field(who, self.program.field(goal.about, goal.value))
            return self.diagrams.lift("by", _by, shown, found)
        found = shown
        for number, row in reversed(list(enumerate(goal.rows))):
            holds = self.diagrams.true if row.when is None else self.symbolic.condition(row.when, who)
            found = self.diagrams.lift(("row", number), _first(number), holds, found)
        return self.diagrams.lift("by", _by, shown, found)

    def _standing(self, rule: Rule, who: Who) -> Diagram:
        """Whether advice stands: its rule holds, and no advice that is preferred to it stands."""
        return self.symbolic.kept.get(Key("standing", rule.id, who), lambda: self._stands(rule, who))

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

    def _step(self, rule: Rule, who: Who, number: int) -> Diagram:
        """Whether a step is shown."""
        assert rule.advise is not None
        when = rule.advise.steps[number].when
        standing = self._standing(rule, who)
        if standing == self.diagrams.false or when is None:
            return standing
        return self.diagrams.both(standing, self.symbolic.condition(when, who))

    def _figure(self, projection: Projection, model: Model, *, exact: bool) -> Diagram:
        """The figure, or on which side of each line it lies; False where there is none."""
        shown = self.diagrams.true
        for condition in (projection.needs, model.when):
            if condition is not None and shown != self.diagrams.false:
                shown = self.diagrams.both(shown, self.symbolic.condition(condition, THE_CASE))
        if shown == self.diagrams.false:
            return shown
        figure = self.symbolic.field(THE_CASE, self.program.field(CASE, model.measure))
        if exact:
            return self.diagrams.lift("by", _by, shown, figure)
        lines = tuple(line.at for line in projection.thresholds)
        side = self.diagrams.lift(("side", lines), lambda value: _side(value, lines), figure)
        return self.diagrams.lift("by", _by, shown, side)

    # --- what is asked -----------------------------------------------------------------------------------------------

    def _asked_for(self, levels: frozenset[int]) -> frozenset[int]:
        """The unknowns of these that a person can be asked for; for how much is known, those that it hangs on."""
        found: set[int] = set()
        for level in levels:
            unknown = self.symbolic.unknowns[level]
            if unknown.hangs_on:
                found |= self._asked_for(unknown.hangs_on)
            elif unknown.askable:
                found.add(level)
        return frozenset(found)

    def question(self, level: int) -> Question:
        """What to ask for an unknown."""
        found = self._questions.get(level)
        if found is None:
            unknown = self.symbolic.unknowns[level]
            found = self._questions[level] = Question(unknown.who[0], unknown.who[1], unknown.fact)
        return found

    def questions(self, targets: Sequence[Target]) -> set[Question]:
        """What to ask for all that can change these targets."""
        return self.questions_on(frozenset[int]().union(*(target.levels for target in targets)))

    def questions_on(self, levels: Iterable[int]) -> set[Question]:
        """What to ask for unknowns."""
        return {self.question(level) for level in levels}

    def open_levels(self, case: Case) -> frozenset[int]:
        """All unknowns that the advice still hangs on, also those that nobody can be asked for (any more)."""
        self.symbolic.update(case)
        found: set[int] = set()
        for key, _ in self._keys():
            try:
                found |= self.diagrams.levels(self._diagram(key))
            except TooLarge:
                found |= self.symbolic.kept.reached(key)
        return frozenset(found | {one for level in found for one in self.symbolic.unknowns[level].hangs_on})


def _first(number: int) -> Callable[[bool, object], object]:
    """A row of answers, where it applies; else what the later rows give."""
    return lambda holds, later: (number,) if holds is True else later


def _named(id_: str, who: Who) -> str:
    return f"{id_}@{who[1]}" if who[1] else id_


def _source(key: Key) -> Hashable:
    """The id of the rule or projection that a target is of."""
    return key.which[0] if isinstance(key.which, tuple) else key.which


@lru_cache(maxsize=8)
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
    return frozenset(found).union(_wide_goals(program, wide))


def _wide_goals(program: Program, wide: set[str]) -> Iterator[str]:
    for goal in program.pack.goals.values():
        keys = {program.condition(goal.about, row.when).key for row in goal.rows if row.when is not None}
        if goal.value:
            keys.add(program.fields[goal.about][program.field(goal.about, goal.value)].key)
        if not keys.isdisjoint(wide):
            yield goal.id


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


def _by(standing: bool | None, more: object) -> object:  # noqa: FBT001 - an outcome
    return False if standing is False else (standing, more)


def _side(value: object, lines: tuple[Any, ...]) -> object:
    if value is NONE or not isinstance(value, int | Fraction):
        return False
    return tuple((value > line) - (value < line) for line in lines)
