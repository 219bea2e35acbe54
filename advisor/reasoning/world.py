"""A case reasoned over: every field's possible values, layer by layer, and the state of every rule.

In: a `Program` and a `Case`. Out: a `World`: for the case and each of its entities what is possible of each field, and
for each rule whether it concludes, is ruled out, or is open. Proofs are not kept; `advice/proof.py` reads them off it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from operator import attrgetter
from typing import ClassVar, Final

from advisor.cases.case import Case
from advisor.language.tree import CASE, Expr, Operator
from advisor.packs.pack import Rule
from advisor.reasoning import aggregates
from advisor.reasoning.completions import possibilities
from advisor.reasoning.evaluation import Aggregated, Meaning, Unsettled, empty
from advisor.reasoning.formulas.terms import Term
from advisor.reasoning.matching import Outcome
from advisor.reasoning.parameters import look_up, parameter_value
from advisor.reasoning.program import Field, Group, Program, Role, Step
from advisor.reasoning.subject import Reached, Resolution, Subject
from advisor.values.types import (
    ANYTHING,
    NONE,
    REFERENCE,
    YES_OR_NO,
    Among,
    Anything,
    Partial,
    Scalar,
    Value,
    among,
    union,
    with_none,
)

MOST_RESOLVED: Final = 10_000
"""Resolutions of one group kept before they are all dropped, so that memory stays flat."""

_ID: Final = attrgetter("id")


class World:
    """What follows from a case. Seen as a `reasoning.evaluation.View` it gives settled values and raises Unsettled."""

    def __init__(  # noqa: PLR0913  two are what is asked, two when, two how hard to look
        self,
        program: Program,
        case: Case,
        *,
        today: date,
        as_of: date,
        sought: frozenset[str] | None = None,
        hopeless: frozenset[str] = frozenset(),
    ) -> None:
        """`sought`: the fields (by key) of which all that is possible is searched where it is open; None: of all.

        Of any other that is open it is only taken that it may be whatever its type allows: never too little. The search
        for what is `hopeless`, since it came to its bound in a case much like this one, soon stops.
        """
        self.program = program
        self.hopeless = hopeless
        self._sought = sought
        self.source = case
        self.today = today
        self.as_of = as_of
        self.case = Subject(CASE, "", 1, case.answers)
        self._case = [self.case]
        self.entities: dict[str, list[Subject]] = {
            kind: [Subject(kind, one.id, one.times, one.answers) for one in sorted(case.items(kind), key=_ID)]
            for kind in program.pack.entities
        }
        self.complete: dict[str, bool] = {
            kind: kind in case.entities and case.entities[kind].more is False for kind in program.pack.entities
        }
        self.assumed: set[tuple[Subject, int]] = set()
        self.overruled: dict[tuple[Subject, int], Value] = {}
        """Stated values that win over what the rules conclude, with the concluded value."""
        self.clashes: list[tuple[Subject, Field, tuple[Rule, ...]]] = []
        self.bounded: set[tuple[Subject, int]] = set()
        """Fields whose possible values were not searched to the end."""
        self.outcomes: dict[tuple[Subject, int], list[Reached]] = {}
        """For worked-out fields that are not settled: what each may come to, and a completion in which it does."""
        self.exact: dict[tuple[Subject, int], Value] = {}
        """For fields that rules conclude: what they may come to over completions, where that was asked."""
        self.spoken: dict[tuple[Subject, Expr], Value] = {}
        """For expressions of texts and deadlines that are not settled: what each may come to, once that was asked."""
        self._aggregates: dict[tuple[int, Subject], Scalar] = {}
        self._by_id: dict[str, dict[str, Subject]] | None = None
        self._components: list[list[Subject]] | None = None
        for stratum in program.strata:
            stratum.work(self)
        if len(self.clashes) > 1:
            place = {step.key: number for number, step in enumerate(program.steps)}
            self.clashes.sort(key=lambda one: (place[one[1].key], one[0].id))

    def subjects(self, kind: str) -> list[Subject]:
        """The case, or the entities of a kind."""
        return self._case if kind == CASE else self.entities[kind]

    def too_much(self) -> frozenset[str]:
        """The fields (by key) for which searches came to their bound, here or in the case that this is made from."""
        fields = self.program.fields
        return self.hopeless.union(fields[subject.kind][index].key for subject, index in self.bounded)

    def step(self, step: Step, subjects: list[Subject]) -> None:
        """Works out one field or group of some subjects."""
        if isinstance(step, Group):
            self._match(step, subjects)
        else:
            self._fill(step, subjects)

    # --- the view of settled values --------------------------------------------------------------------------

    def value(self, subject: Subject, index: int) -> Scalar:
        """A settled value. Raises Unsettled."""
        value = subject.values[index]
        if isinstance(value, Partial):
            raise Unsettled
        return value

    def follow(self, subject: Subject, reference: int, kind: str, index: int, alias: int) -> Scalar:  # noqa: ARG002 - as views do
        """A field of the entity that a reference names. Raises Unsettled."""
        return self.value(subject, alias)

    def aggregate(self, aggregated: Aggregated, this: Subject) -> Scalar:
        """The value of an aggregate. Raises Unsettled."""
        key = (aggregated.number, this)
        if key not in self._aggregates:
            if not self.complete[aggregated.node.entity]:
                raise Unsettled
            if aggregated.counts:
                found = aggregates.counted(self.entities[aggregated.node.entity], aggregated)
            else:
                found = aggregates.settled_aggregate(self, aggregated, this)
            self._aggregates[key] = found
        return self._aggregates[key]

    def members(self, aggregated: Aggregated, this: Subject) -> Iterator[Subject]:
        """The listed entities that an aggregate is over."""
        for one in self.entities[aggregated.node.entity]:
            if not (aggregated.node.others and one is this):
                yield one

    def parameter_on(self, name: str, day: date) -> Scalar:
        """A parameter's value on a day. Raises Unsettled."""
        value = parameter_value(self.program.pack.parameters[name], day)
        if isinstance(value, Partial):
            raise Unsettled
        return value

    def look_up(self, name: str, column: str, key: Scalar, day: date | None) -> Scalar:
        """A cell of a table or a bracket. Raises Unsettled."""
        value = look_up(self.program.pack, name, column, key, day or self.as_of)
        if isinstance(value, Partial):
            raise Unsettled
        return value

    def look_up_fact(self, subject: Subject, index: int, name: str, column: str) -> Scalar:
        """A cell of a table or a bracket, by a field. Raises Unsettled."""
        return self.look_up(name, column, self.value(subject, index), None)

    def decide(self, op: Operator, one: Scalar | Term, other: Scalar | Term, about: Subject) -> bool:
        """See `reasoning.evaluation.View`; only an outline (`reasoning/completions/outlines.py`) lets terms in."""
        raise TypeError(op, one, other, about)

    @property
    def by_id(self) -> dict[str, dict[str, Subject]]:
        """The entities, by kind and id."""
        if self._by_id is None:
            self._by_id = {kind: {one.id: one for one in many} for kind, many in self.entities.items()}
        return self._by_id

    @property
    def components(self) -> list[list[Subject]]:
        """The entities, those together that references join."""
        if self._components is None:
            self._components = aggregates.components(self)
        return self._components

    # --- one step --------------------------------------------------------------------------------------------

    def _fill(self, step: Field, subjects: list[Subject]) -> None:
        index, work, of = step.index, self._WORK[step.role], step.cells.of
        for subject in subjects:
            value = work(self, step, subject)
            if step.applies >= 0:
                value = self._where_it_applies(step, subject, value)
            subject.values[index] = value
            if step.watched:
                subject.masks[index] = of(value)

    def _match(self, group: Group, subjects: list[Subject]) -> None:
        if not subjects or group.matcher is None:
            return
        shared = group.take_shared(self.case.masks)
        take = group.take
        signatures = [take(subject.masks) + shared for subject in subjects]
        for subject, outcomes in zip(subjects, group.matcher.match(signatures), strict=True):
            subject.outcomes[group.name] = outcomes
            if group.rules:
                outside = [self.state(over, subject) for over in group.outside]
                subject.resolutions[group.name] = self.resolve(group, outcomes, tuple(outside))

    def resolve(self, group: Group, outcomes: tuple[Outcome, ...], outside: tuple[Outcome, ...]) -> Resolution:
        """What becomes of a group's rules.

        `outcomes`: what the network said of their conditions; `outside`: the states of the rules of other groups that
        override one of them.
        """
        key = (outcomes, outside, self.as_of)
        found = group.resolved.get(key)
        if found is None:
            if len(group.resolved) > MOST_RESOLVED:
                group.resolved.clear()
            found = group.resolved[key] = _resolve(group, outcomes, outside, self.as_of)
        return found

    def state(self, rule: Rule, subject: Subject) -> Outcome:
        """Whether a rule concludes (true), is ruled out (false) or is open (None) for a subject, or for the case."""
        group = self.program.group_of[rule.id]
        owner = subject if group.kind == subject.kind else self.case
        resolution = owner.resolutions.get(group.name)
        if resolution is None:
            return False
        return resolution.states[group.rules.index(rule)]

    def _where_it_applies(self, step: Field, subject: Subject, value: Value) -> Value:
        applies = subject.values[step.applies]
        if applies is True:
            return value
        nothing = empty(step.type.kind)
        if applies is False:
            self.assumed.discard((subject, step.index))
            return nothing
        return with_none(value) if nothing is NONE else union((value, nothing))

    def _matched(self, step: Field, subject: Subject) -> Value:
        outcome = self._outcome(step, subject)
        return YES_OR_NO if outcome is None else outcome

    def _surely(self, step: Field, subject: Subject) -> Value:
        return self._outcome(step, subject) is True

    def _could(self, step: Field, subject: Subject) -> Value:
        return self._outcome(step, subject) is not False

    def _parameter(self, step: Field, _: Subject) -> Value:
        known = self.program.figures
        key = (step.index, self.as_of)
        if key not in known:
            known[key] = parameter_value(self.program.pack.parameters[step.name.split(" ", 1)[1]], self.as_of)
        return known[key]

    def exactly(self, step: Field, subject: Subject) -> Value:
        """What a field may come to over completions; of one that rules conclude, layers in three values say less."""
        if self._sought is not None and step.key not in self._sought:
            self._sought |= {step.key}
            self._fill(step, self.subjects(step.kind))
        return possibilities.exact(self, step, subject)

    def said(self, step: Field, subject: Subject) -> Value:
        """What was said of a fact, what is assumed where nobody knows, or all that is possible; as if it applied."""
        answer = subject.answers.get(step.name)
        if answer is None:
            return self.domain(step)
        if answer.unknown:
            assume = step.fact.assume if step.fact else None
            if assume is not None and not isinstance(assume.value, Partial):
                self.assumed.add((subject, step.index))
                return assume.value
            return self.domain(step)
        return answer.value

    def domain(self, step: Field) -> Value:
        """All that is possible of a field; for a reference, the listed entities."""
        if step.type.kind == REFERENCE:
            listed = [one.id for one in self.entities.get(step.type.entity, ())]
            return among(listed) if listed and self.complete[step.type.entity] else ANYTHING
        if step.everything is None:
            step.everything = step.type.domain()
        return step.everything

    def _computed(self, step: Field, subject: Subject) -> Value:
        assert step.meaning is not None
        if step.applies >= 0 and subject.values[step.applies] is False:
            return empty(step.type.kind)
        if step.quantifier is not None and step.quantifier.matched >= 0:
            outcome = aggregates.quantified(self, step.quantifier, subject)
            return YES_OR_NO if outcome is None else outcome
        try:
            return step.meaning(self, subject, subject)
        except Unsettled:
            if self._sought is not None and step.key not in self._sought:
                return possibilities.anything(step.type)
            found = possibilities.possible(self, step, subject)
            if found.bounded:
                self.bounded.add((subject, step.index))
            return found.value

    def _outcome(self, step: Field, subject: Subject) -> Outcome:
        assert step.group is not None
        return subject.outcomes[step.group.name][0]

    def _is_known(self, step: Field, subject: Subject) -> bool:
        assert step.meaning is not None
        try:
            step.meaning(self, subject, subject)
        except Unsettled:
            return False
        return True

    def _followed(self, step: Field, subject: Subject) -> Value:
        reference = step.reference
        assert reference is not None
        target = self.program.field(reference.kind, reference.name, reference.choice)
        to = subject.values[self.program.field(subject.kind, reference.via)]
        if isinstance(to, Anything):
            return step.type.domain()
        ids = to.values if isinstance(to, Among) else (to,)
        nothing = empty(step.type.kind)
        known = self.by_id[reference.kind]
        return union(known[one].values[target] if isinstance(one, str) and one in known else nothing for one in ids)

    def _era(self, step: Field, _: Subject) -> Value:
        known = self.program.figures
        key = (step.index, self.as_of)
        if key not in known:
            known[key] = self._era_of_the_day()
        return known[key]

    def _era_of_the_day(self) -> Value:
        eras = self.program.pack.eras
        found = {era.id: era.period.holds(self.as_of) for era in eras.values()}
        sure = [id_ for id_, holds in found.items() if holds]
        if sure:
            return among(sure)
        vague = [id_ for id_, holds in found.items() if holds is None]
        return among(vague) if vague else NONE

    # --- conclusions -----------------------------------------------------------------------------------------

    def _concluded(self, step: Field, subject: Subject) -> Value:
        concluded = self._conclusion(step, subject)
        answer = subject.answers.get(step.name) if step.fact is not None and step.fact.may_be_stated else None
        if answer is None:
            return concluded
        if not answer.unknown:
            if _disagree(answer.value, concluded):
                self.overruled[subject, step.index] = concluded
            return answer.value
        assume = step.fact.assume if step.fact else None
        if isinstance(concluded, Partial) and assume is not None:
            self.assumed.add((subject, step.index))
            return assume.value
        return concluded

    def _conclusion(self, step: Field, subject: Subject) -> Value:
        group = step.group
        assert group is not None
        resolution = subject.resolutions.get(group.name) or _resolve(group, (), (), self.as_of)
        if resolution.winners:
            values = [self.concluded_by(group, number, subject) for number in resolution.winners]
            agreed = {value for value in values if not isinstance(value, Partial)}
            if len(agreed) > 1:
                self.clashes.append((subject, step, tuple(group.rules[number] for number in resolution.winners)))
                return step.type.undecided()
            return next(iter(agreed)) if agreed else values[0]
        if not resolution.open and not resolution.guesses:
            return self._otherwise(step, subject)
        values = [self.concluded_by(group, number, subject) for number in (*resolution.open, *resolution.guesses)]
        return union([self._otherwise(step, subject), *values])

    def _otherwise(self, step: Field, subject: Subject) -> Value:
        if step.otherwise is None:
            return step.type.undecided()
        if callable(step.otherwise):
            return self._settle(step.otherwise, step, subject)
        return step.otherwise

    def concluded_by(self, group: Group, number: int, subject: Subject) -> Value:
        """The value that a rule of a group concludes for a subject."""
        value = group.conclusions[number]
        if callable(value):
            target = self.program.fields[group.kind][group.target]
            return self._settle(value, target, subject)
        assert value is not None
        return value

    def _settle(self, meaning: Meaning, step: Field, subject: Subject) -> Value:
        try:
            return meaning(self, subject, subject)
        except Unsettled:
            if self._sought is not None and step.key not in self._sought:
                return possibilities.anything(step.type)
            return possibilities.possible(self, step, subject, meaning).value

    _WORK: ClassVar[dict[Role, Callable[[World, Field, Subject], Value]]] = {
        "asked": said,
        "formula": _computed,
        "computed": _computed,
        "concluded": _concluded,
        "matched": _matched,
        "surely": _surely,
        "could": _could,
        "known": _is_known,
        "alias": _followed,
        "parameter": _parameter,
        "era": _era,
    }
    """How a field of each role is worked out."""


def _resolve(group: Group, outcomes: tuple[Outcome, ...], outside: tuple[Outcome, ...], as_of: date) -> Resolution:
    states: list[Outcome] = [False] * len(group.rules)
    found = dict(zip((rule.id for rule in group.outside), outside, strict=bool(outcomes)))
    for number in group.order if outcomes else ():
        rule = group.rules[number]
        state = both(outcomes[number], rule.in_force(as_of))
        for over in group.overriders[number]:
            state = both(state, opposite(found[over.id]))
        states[number] = found[rule.id] = state
    certain = [number for number in range(len(states)) if not group.rules[number].speculative]
    guesses = [n for n in range(len(states)) if group.rules[n].speculative and states[n] is not False]
    return Resolution(
        tuple(states),
        tuple(number for number in certain if states[number] is True),
        tuple(number for number in certain if states[number] is None),
        tuple(guesses),
    )


def both(one: Outcome, other: Outcome) -> Outcome:
    """Kleene's and."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def opposite(outcome: Outcome) -> Outcome:
    """Kleene's not."""
    return None if outcome is None else not outcome


def _disagree(stated: Value, concluded: Value) -> bool:
    if isinstance(stated, Partial) or isinstance(concluded, Partial):
        return False
    return stated != concluded
