"""One completion of a case: unknown facts have assigned values, and derived ones are computed when they are needed.

A value is worked out until it needs an unknown that has no value yet: then `Branch` is raised, with the values that
stand for all that the unknown may be. The search over completions is in `possibilities.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar, Final

from advisor.language.tree import Operator
from advisor.packs.pack import Rule
from advisor.reasoning.aggregates import extended, finished, is_settled, plus, share_of, unlisted, zero
from advisor.reasoning.cells import Cells
from advisor.reasoning.completions import counts
from advisor.reasoning.evaluation import Aggregated, empty
from advisor.reasoning.formulas.terms import Term
from advisor.reasoning.parameters import look_up, parameter_value
from advisor.reasoning.program import Field, Group
from advisor.reasoning.situation import Situation
from advisor.reasoning.subject import Assignment, Leaf, Place, Resolution, Subject
from advisor.values.types import (
    REFERENCE,
    Among,
    Anything,
    Partial,
    Scalar,
    Type,
    Value,
    Within,
    among,
    union,
)

SAME_UNLISTED: Final = "?"
"""An entity that is not listed: one for all that refer to it so; followed by an id, one of that subject's own."""


Outcomes = tuple[bool | None, ...]
"""What the network says of a group's conditions."""


Total = tuple[Aggregated, Subject]
"""An aggregate, and the subject from which it is seen."""


class Branch(Exception):
    """An unknown is needed: it may have these values."""

    def __init__(self, leaf: Leaf, samples: Sequence[Value], *, ranged: bool) -> None:
        self.leaf = leaf
        self.samples = samples
        self.ranged = ranged


class NeedsTotal(Exception):
    """An aggregate over entities that are not settled is needed."""

    def __init__(self, aggregated: Aggregated, this: Subject) -> None:
        self.total = (aggregated, this)


class NotApart(Exception):
    """What entities add to an aggregate depends on an aggregate: they cannot be searched by themselves."""


class Unbounded(Exception):
    """A value is needed of which nothing stands for all that is possible."""


class Completion:
    """One completion as a `reasoning.evaluation.View`: what is unknown has its assigned value, or raises Branch."""

    inherits: ClassVar[bool] = True
    """Whether what is worked out stays so when more is assigned."""

    def __init__(
        self,
        world: Situation,
        assignment: Assignment,
        totals: Mapping[Total, Scalar],
        *,
        apart: bool = False,
        alone: frozenset[Place] = frozenset(),
    ) -> None:
        self.world = world
        self.case = world.case
        self.today = world.today
        self.as_of = world.as_of
        self.assignment = assignment
        self.totals = totals
        self.apart = apart
        self.alone = alone
        self.cache: dict[tuple[Subject, int], Scalar] = {}

    def value(self, subject: Subject, index: int) -> Scalar:
        """The value of a field in this completion. Raises Branch, NeedsTotal and Unbounded."""
        value = subject.values[index]
        if not isinstance(value, Partial):
            return value
        key = (subject, index)
        if key in self.cache:
            return self.cache[key]
        found = self._work_out(self.world.program.fields[subject.kind][index], subject)
        self.cache[key] = found
        return found

    def _work_out(self, step: Field, subject: Subject) -> Scalar:
        if (subject, step.index) in self.alone:
            return self._by_itself(step, subject)
        if step.applies >= 0 and self.value(subject, step.applies) is not True:
            return empty(step.type.kind)
        match step.role:
            case "formula" | "computed":
                assert step.meaning is not None
                return step.meaning(self, subject, subject)
            case "concluded":
                return self._concluded(step, subject)
            case "matched":
                return self._matched(step, subject)
            case "alias":
                return self._followed(step, subject)
        return self.leaf(step, subject, self._given(step, subject))

    def _given(self, step: Field, subject: Subject) -> Value:
        """What is known of a field that is not worked out, where it applies."""
        return self.world.said(step, subject) if step.role == "asked" else subject.values[step.index]

    def _by_itself(self, step: Field, subject: Subject) -> Scalar:
        """The assigned value of a worked-out field that stands for all its own unknowns."""
        key = (subject, step.index)
        value = self.assignment.get(key)
        if value is not None and not isinstance(value, Partial):
            return value
        possible_values = self.world.exactly(step, subject)
        if not isinstance(possible_values, Partial):
            return possible_values
        raise self.needed(key, step, possible_values, step.cells.samples)

    def leaf(self, step: Field, subject: Subject, value: Value) -> Scalar:
        """The assigned value of an unknown. Raises Branch where it has none."""
        key = (subject, step.index)
        value = self.assignment.get(key, value)
        if not isinstance(value, Partial):
            return value
        if isinstance(value, Anything) and step.type.kind == REFERENCE:
            raise Branch(key, [SAME_UNLISTED, f"{SAME_UNLISTED}{subject.id}"], ranged=False)
        raise self.needed(key, step, value, lambda one: _likely_first(step, step.cells.samples(one)))

    def needed(self, leaf: Leaf, step: Field, value: Value, samples: Callable[[Value], list[Scalar]]) -> Branch:
        """That an unknown is needed, of which so much is known. Raises Unbounded."""
        try:
            return Branch(leaf, samples(value), ranged=self.is_ranged(step, value))
        except ValueError:
            raise Unbounded from None

    def is_ranged(self, step: Field, value: Value) -> bool:
        """Whether samples only stand for what is possible, since it lies within a range."""
        return isinstance(value, Within) and not (
            step.cells.exact_samples(value) and counts.is_whole(self.world.program, step)
        )

    def told_apart(self, subject: Subject, index: int, name: Hashable, by: Callable[[Scalar], Hashable]) -> Scalar:
        """A value of an unknown that stands for all that are possible and alike as seen `by` (which `name` names).

        Branches only as far as `by` tells values apart, so that a table of two hundred rows is not two hundred cases.
        """
        step = self.world.program.fields[subject.kind][index]
        if step.role != "asked" or step.type.kind == REFERENCE or not isinstance(subject.values[index], Partial):
            return self.value(subject, index)
        if step.applies >= 0 and self.value(subject, step.applies) is not True:
            return empty(step.type.kind)
        value = self.assignment.get((subject, index), self._given(step, subject))
        if not isinstance(value, Among | Within):
            return self.value(subject, index)
        store, key = self.world.program.kept, ("alike", step.key, name, value)
        if key not in store:
            store[key] = _alike(_likely_first(step, step.cells.samples(value)), by)
        groups, first = store[key]
        if len(groups) > 1:
            raise Branch((subject, index), groups, ranged=self.is_ranged(step, value))
        return first  # type: ignore[no-any-return]

    def _match(self, group: Group, subject: Subject, decided: Callable[[Outcomes], bool]) -> Outcomes:
        """What the network says of a group's conditions here; unknowns are needed only until it is decided."""
        assert group.matcher is not None
        fields = self.world.program.fields
        places = [(subject, i) for i in group.own] + [(self.case, i) for i in group.shared]
        masks = [self.peek(*place) for place in places]
        for number, (owner, index) in enumerate(places):
            if masks[number] & (masks[number] - 1) == 0:
                continue
            outcomes = group.matcher.match([tuple(masks)])[0]
            if decided(outcomes):
                return outcomes
            masks[number] = self.cell(owner, index, fields[owner.kind][index].cells, group.tells[number])
        return group.matcher.match([tuple(masks)])[0]

    def peek(self, subject: Subject, index: int) -> int:
        """The cells in which a field may be, as far as that is known without branching."""
        known = self.cache.get((subject, index))
        if known is not None:
            return self.world.program.fields[subject.kind][index].cells.of(known)
        return subject.masks[index]

    def cell(self, subject: Subject, index: int, cells: Cells, told: tuple[int, ...]) -> int:
        """The cells in which a field is, as far as sets of cells are told apart."""

        def side(value: Scalar) -> Hashable:
            cell = cells.of(value)
            return tuple([cell & where != 0 for where in told])

        return self.side(self.told_apart(subject, index, told, side), cells, told, subject)

    def side(self, value: Scalar, cells: Cells, told: tuple[int, ...], about: Subject) -> int:  # noqa: ARG002 - as an outline does
        """The cells in which a value is."""
        return cells.of(value)

    def _matched(self, step: Field, subject: Subject) -> Scalar:
        assert step.group is not None
        return self._match(step.group, subject, lambda outcomes: outcomes[0] is not None)[0] is True

    def _concluded(self, step: Field, subject: Subject) -> Scalar:
        if step.fact is not None and step.fact.may_be_stated:
            answer = subject.answers.get(step.name)
            if answer is not None and not answer.unknown:
                return self.leaf(step, subject, answer.value)
        group = step.group
        assert group is not None
        resolution = self.resolution(group, subject)
        if resolution.winners:
            return self.conclusion(group, resolution.winners[0], subject)
        if resolution.open or resolution.guesses:
            numbers = (*resolution.open, *resolution.guesses)
            values = [self.known(self.conclusion(group, number, subject)) for number in numbers]
            otherwise = step.type.undecided() if step.otherwise is None else self.known(self._otherwise(step, subject))
            return self.leaf(step, subject, union([otherwise, *values]))
        if step.otherwise is None:
            return self.leaf(step, subject, step.type.undecided())
        return self._otherwise(step, subject)

    def known(self, value: Scalar) -> Value:
        """What is known of a value without branching."""
        return value

    def decide(self, op: Operator, one: Scalar | Term, other: Scalar | Term, about: Subject) -> bool:
        """See `reasoning.evaluation.View`: here all values are settled."""
        raise TypeError(op, one, other, about)

    def resolution(self, group: Group, subject: Subject) -> Resolution:
        """What becomes of a group's rules in this completion."""
        outside = tuple(self.state(over, subject) for over in group.outside)

        def decided(outcomes: Outcomes) -> bool:
            found = self.world.resolve(group, outcomes, outside)
            return bool(found.winners) or None not in found.states

        outcomes = self._match(group, subject, decided) if group.rules else ()
        return self.world.resolve(group, outcomes, outside)

    def state(self, rule: Rule, subject: Subject) -> bool | None:
        """Whether a rule concludes in this completion, for a subject or for the case."""
        group = self.world.program.group_of[rule.id]
        owner = subject if group.kind == subject.kind else self.case
        outside = tuple(self.state(over, owner) for over in group.outside)
        number = group.rules.index(rule)

        def decided(outcomes: Outcomes) -> bool:
            return self.world.resolve(group, outcomes, outside).states[number] is not None

        return self.world.resolve(group, self._match(group, owner, decided), outside).states[number]

    def conclusion(self, group: Group, number: int, subject: Subject) -> Scalar:
        """The value that a rule of a group concludes, in this completion."""
        value = group.conclusions[number]
        return value(self, subject, subject) if callable(value) else value  # type: ignore[return-value]

    def _otherwise(self, step: Field, subject: Subject) -> Scalar:
        return step.otherwise(self, subject, subject) if callable(step.otherwise) else step.otherwise  # type: ignore[return-value]

    def _followed(self, step: Field, subject: Subject) -> Scalar:
        reference = step.reference
        assert reference is not None
        fields = self.world.program
        to = fields.field(subject.kind, reference.via)
        target = fields.field(reference.kind, reference.name, reference.choice)
        return self.follow(subject, to, reference.kind, target, step.index)

    def follow(self, subject: Subject, reference: int, kind: str, index: int, alias: int) -> Scalar:
        """A field of the entity that a reference names in this completion."""
        known = subject.values[alias]
        if not isinstance(known, Partial):
            return known
        fields = self.world.program.fields
        if isinstance(subject.values[reference], Anything):
            return self.leaf(fields[subject.kind][alias], subject, known)
        to = self.value(subject, reference)
        target = self.world.by_id[kind].get(to) if isinstance(to, str) else None
        return empty(fields[kind][index].type.kind) if target is None else self.value(target, index)

    def aggregate(self, aggregated: Aggregated, this: Subject) -> Scalar:
        """An aggregate in this completion, with what unlisted entities may add."""
        if (aggregated, this) in self.totals:
            total = self.totals[aggregated, this]
        elif self.apart and not is_settled(self.world, aggregated, this):
            raise NeedsTotal(aggregated, this)
        else:
            total = self._total(aggregated, this)
        if self.world.complete[aggregated.node.entity]:
            return total
        return self._with_unlisted(aggregated, total)

    def _total(self, aggregated: Aggregated, this: Subject) -> Scalar:
        total = zero(aggregated)
        for one in self.world.members(aggregated, this):
            total = plus(aggregated, total, share_of(self, aggregated, one, this), one.times)
        return finished(aggregated, total)

    def _with_unlisted(self, aggregated: Aggregated, total: Scalar) -> Scalar:
        """`total`, once more entities than are listed have added to it whatever they can."""
        leaf: Leaf = (self.case, f"unlisted {aggregated.number}")
        if leaf in self.assignment:
            return extended(aggregated.node.op, total, self.assignment[leaf])  # type: ignore[arg-type]
        samples = unlisted(aggregated)
        if len({extended(aggregated.node.op, total, sample) for sample in samples}) == 1:
            return total
        raise self.needed_of_unlisted(leaf, aggregated, samples)

    def needed_of_unlisted(self, leaf: Leaf, aggregated: Aggregated, samples: list[Scalar]) -> Branch:
        """That it is needed what entities that are not listed add to an aggregate."""
        return Branch(leaf, samples, ranged=aggregated.node.op not in ("any", "no", "every"))

    def look_up(self, name: str, column: str, key: Scalar, day: date | None) -> Scalar:
        """A cell of a table or a bracket, in this completion."""
        pack = self.world.program.pack
        type_ = pack.tables[name].columns[column] if column else pack.parameters[name].type
        return self.named(f"{name} at {key} on {day}", look_up(pack, name, column, key, day or self.as_of), type_)

    def look_up_fact(self, subject: Subject, index: int, name: str, column: str) -> Scalar:
        """A cell of a table or a bracket, by a field, in this completion."""
        pack = self.world.program.pack

        def cell(key: Scalar) -> Hashable:
            found = look_up(pack, name, column, key, self.as_of)
            return (type(found), found)

        return self.look_up(name, column, self.told_apart(subject, index, (name, column, self.as_of), cell), None)

    def parameter_on(self, name: str, day: date) -> Scalar:
        """A parameter on a day, in this completion."""
        parameter = self.world.program.pack.parameters[name]
        return self.named(f"{name} on {day}", parameter_value(parameter, day), parameter.type)

    def named(self, name: str, value: Value, type_: Type) -> Scalar:
        """The assigned value of an unknown that is no field. Raises Branch where it has none."""
        if not isinstance(value, Partial):
            return value
        leaf: Leaf = (self.case, name)
        if leaf in self.assignment:
            return self.assignment[leaf]  # type: ignore[return-value]
        if isinstance(value, Among):
            raise Branch(leaf, sorted(value.values, key=str), ranged=False)
        raise self.needed_by_name(leaf, value, type_)

    def needed_by_name(self, leaf: Leaf, value: Value, type_: Type) -> Branch:
        """That an unknown number or date is needed that is no field. Raises Unbounded."""
        if not isinstance(value, Within) or value.low is None or value.high is None:
            raise Unbounded
        return Branch(leaf, [value.low, value.high], ranged=type_.ordered)


def _likely_first(step: Field, samples: list[Scalar]) -> list[Scalar]:
    """The samples, the likely one first: of completions that come to the same the first is shown."""
    found = (step.fact.likely, step.fact.assume) if step.fact else ()
    presumed = [one.value for one in found if one is not None and one.when is None]
    return sorted(samples, key=lambda one: one not in presumed)


def _alike(values: Iterable[Scalar], by: Callable[[Scalar], Hashable]) -> tuple[list[Value], Scalar]:
    """Values in groups that are alike as seen `by`, and the first of all."""
    alike: dict[Hashable, list[Scalar]] = {}
    for one in values:
        alike.setdefault(by(one), []).append(one)
    groups = list(alike.values())
    return [among(many) for many in groups], groups[0][0]
