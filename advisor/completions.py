"""What a worked-out value may be, over the completions of what nobody knows.

A completion gives every unknown that is met a settled value. Completions are searched by need: a value is worked out until it
needs an unknown, which is then branched over the values that stand for all of its own. What is unknown of one entity (and those it
is joined with by references) is independent of the others, so where a value depends on entities only through aggregates, each
entity's contributions are found by itself and added up: the search grows with the number of distinct totals, not with the product.
The search is exact over choices, and over numbers and dates for values that are monotone between the points compared with;
beyond `MOST` completions it stops, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeVar

from advisor import independence, inputs
from advisor.aggregates import extended, finished, is_settled, plus, share_of, unlisted, zero
from advisor.cells import FAR, Cells
from advisor.evaluation import Aggregated, Meaning, Unsettled, empty
from advisor.expressions import CASE, Compare, Literal
from advisor.figures import look_up, parameter_value
from advisor.values import CHOICE, DURATION, NONE, NUMBER, REFERENCE, YES_OR_NO, Among, Anything, Partial, Scalar, Type, Value, Within, among, union, within

if TYPE_CHECKING:
    from advisor.independence import Place
    from advisor.inference import Resolution, Subject, World
    from advisor.pack import Rule
    from advisor.program import Field, Group

MOST: Final = 1000
"""Completions searched for one value before the search stops."""
MOST_TOTALS: Final = 10_000
"""Distinct totals over entities kept for one value before the search stops."""
MOST_KEPT: Final = 20_000
"""Findings kept for other cases before they are all dropped, so that memory stays flat."""
MOST_APART: Final = 8
"""So many alike entities are told apart; more of them are taken to turn out all alike."""

SAME_UNLISTED: Final = "?"
"""An entity that is not listed: the same one for all that refer to it so; followed by an id, one of that subject's own."""
T = TypeVar("T")
Outcomes = tuple[bool | None, ...]
"""What the network says of a group's conditions."""
Leaf = tuple["Subject", int | str]
"""An unknown: a field of a subject, or a named one (a parameter on a day, what an unlisted entity adds)."""
Total = tuple[Aggregated, "Subject"]
"""An aggregate, and the subject from which it is seen."""
Assignment = Mapping[Leaf, Value]
"""What is taken of unknowns: a settled value, or for a choice among many only some of them, where that is all that mattered."""


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


class TooMany(Exception):
    """The search came to its bound."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing a value may come to, and a completion in which it does."""

    value: Scalar
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class Possible:
    """All that a value may be. `bounded`: the search stopped at its bound, so `value` is only an outer bound."""

    value: Value
    bounded: bool


def possible(world: World, step: Field, subject: Subject, meaning: Meaning | None = None) -> Possible:
    """All that a field (or `meaning`, for a conclusion of it) may come to."""
    if meaning is not None:
        return _possible(world, step, subject, meaning)
    found, comes_to = kept(world, (step.key,), [subject], ("possible", step.key), lambda: _portable(world, step, subject))
    if comes_to is not None:
        world.outcomes[subject, step.index] = [
            Outcome(value, _assignment(world, subject, assigned)) for value, assigned in comes_to
        ]
    return found


Assigned = list[tuple[str, str, "int | str", Value]]
"""An assignment with subjects by kind and id, so that it can be kept for other cases; an empty kind is the subject itself."""


def _portable(world: World, step: Field, subject: Subject) -> tuple[Possible, list[tuple[Scalar, Assigned]] | None]:
    found = _possible(world, step, subject, step.meaning)
    comes_to = world.outcomes.get((subject, step.index))
    if comes_to is None:
        return found, None
    return found, [(one.value, _assigned(one.assignment, subject)) for one in comes_to]


def _assigned(assignment: Assignment, subject: Subject) -> Assigned:
    return [
        ("" if one is subject else one.kind, one.id, index, value) for (one, index), value in assignment.items()
    ]


def _assignment(world: World, subject: Subject, assigned: Assigned) -> dict[Leaf, Value]:
    owners = {"": subject, CASE: world.case}
    return {
        (owners[kind] if kind in owners else world.by_id[kind][id_], index): value for kind, id_, index, value in assigned
    }


def _possible(world: World, step: Field, subject: Subject, meaning: Meaning | None) -> Possible:
    assert meaning is not None
    try:
        found, ranged = outcomes(world, meaning, subject, _every(step.type), [(subject, step.index)])
    except (Unbounded, TooMany, RecursionError) as stopped:
        return Possible(step.type.domain(), not isinstance(stopped, Unbounded))
    if ranged and step.difference:
        return Possible(_compared(world, step, subject), bounded=False)
    if meaning is step.meaning:
        world.outcomes[subject, step.index] = found
    return Possible(_spanned({one.value for one in found}, ranged, step.type), bounded=False)


def exact(world: World, step: Field, subject: Subject) -> Value:
    """What a field may come to over completions: for one that rules conclude, where layers in three values say less."""
    value = subject.values[step.index]
    if step.role in ("formula", "computed") or not isinstance(value, Partial):
        return value
    place = (subject, step.index)
    if place not in world.exact:
        world.exact[place] = kept(world, (step.key,), [subject], ("exact", step.key), lambda: _exact(world, step, subject))
    return world.exact[place]


def _exact(world: World, step: Field, subject: Subject) -> Value:
    meaning = reading(subject, step.index)
    try:
        found, ranged = outcomes(world, meaning, subject, _every(step.type), [(subject, step.index)])
    except (Unbounded, TooMany):
        return subject.values[step.index]
    return _spanned({one.value for one in found}, ranged, step.type)


def kept(world: World, keys: Iterable[str], subjects: Sequence[Subject], name: Hashable, work: Callable[[], T]) -> T:
    """What `work` finds, or what it found before where all that it depends on was the same."""
    store = world.program.kept
    key = (name, inputs.key(world, keys, subjects))
    if key not in store:
        if len(store) > MOST_KEPT:
            store.clear()
        store[key] = work()
    return store[key]  # type: ignore[no-any-return]


def reading(subject: Subject, index: int) -> Meaning:
    """The value of a field of a subject, whatever it is asked of."""
    return lambda view, it, this: view.value(subject, index)


def _every(type_: Type) -> frozenset[Scalar]:
    """All values of a yes/no or choice: once they are found there is nothing more to find."""
    domain = type_.domain()
    return domain.values if isinstance(domain, Among) else frozenset()


def _compared(world: World, step: Field, subject: Subject) -> Value:
    """A comparison over unknown numbers: from the range of the difference, since an equality can hold between samples."""
    found: Value = True
    for op, difference in step.difference:
        cells = Cells(Type(NUMBER), (0,))
        mask = cells.of(possible_of(world, difference, subject, Type(NUMBER)))
        holds = cells.where(Compare(op, Literal(0, Type(NUMBER)), Literal(0, Type(NUMBER))))
        if mask & holds == 0:
            return False
        if mask & ~holds:
            found = YES_OR_NO
    return found


def possible_of(world: World, meaning: Meaning, subject: Subject, type_: Type) -> Value:
    """All that an expression of some type may come to."""
    try:
        found, ranged = outcomes(world, meaning, subject)
    except (Unbounded, TooMany, RecursionError):
        return type_.domain()
    return _spanned({one.value for one in found}, ranged, type_)


def _spanned(values: set[Scalar], ranged: bool, type_: Type) -> Value:
    """The values found, or, where an unknown ranged over numbers, all between the least and the greatest."""
    orderable = [value for value in values if not isinstance(value, bool | str) and value is not NONE]
    if not ranged or len(orderable) < 2:
        return among(values)
    low, high = (None if _is_far(one, type_) else one for one in (min(orderable), max(orderable)))  # type: ignore[type-var]
    return within(low, high, maybe_none=NONE in values)


def _is_far(value: Scalar, type_: Type) -> bool:
    """Whether a value is so large, or so far off, that it only stands for what has no bound."""
    if isinstance(value, date):
        return not 1940 <= value.year <= 2100
    return isinstance(value, int | Fraction) and abs(value) >= (500_000 if type_.kind == DURATION else FAR / 1000)


def outcomes(
    world: World,
    meaning: Meaning,
    subject: Subject,
    enough: frozenset[Scalar] = frozenset(),
    roots: Sequence[Place] = (),
) -> tuple[list[Outcome], bool]:
    """Every value that `meaning` may come to, each once, and whether an unknown ranged over numbers.

    The search ends once all values of `enough` are found. `roots` are the places that `meaning` reads or works out: fields
    that stand alone below them are searched by themselves. Raises Unbounded and TooMany.
    """
    search = _Search(world, meaning, subject, enough, independence.stand_alone(world, list(roots)) if roots else frozenset())
    search.run()
    return list(search.found.values()), search.ranged


class _Search:
    def __init__(
        self, world: World, meaning: Meaning, subject: Subject, enough: frozenset[Scalar], alone: frozenset[Place]
    ) -> None:
        self.world = world
        self.alone = alone
        self.enough = enough
        self.meaning = meaning
        self.subject = subject
        self.found: dict[Scalar | tuple[str, Scalar], Outcome] = {}
        self.ranged = False
        self.totals: list[Total] = []
        self.apart = True
        """Whether entities are searched by themselves; given up where what they add depends on an aggregate."""
        self.steps = 0
        self.sums_made = 0

    def run(self) -> None:
        stack: list[dict[Leaf, Value]] = [{}]
        while stack and not (self.enough and len(self.found) >= len(self.enough)):
            assignment = stack.pop()
            try:
                self.complete(assignment)
            except Branch as branch:
                self.branch(stack, assignment, branch)
            except NeedsTotal as needed:
                self.totals.append(needed.total)
                stack.append(assignment)
            except NotApart:
                self.apart = False
                self.totals = []
                stack.append(assignment)

    def branch(self, stack: list[dict[Leaf, Value]], assignment: dict[Leaf, Value], branch: Branch) -> None:
        self.count(len(branch.samples))
        self.ranged |= branch.ranged
        stack.extend({**assignment, branch.leaf: sample} for sample in reversed(branch.samples))

    def count(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST:
            raise TooMany

    def complete(self, assignment: dict[Leaf, Value]) -> None:
        """Adds what the meaning comes to under an assignment of what entities share, for each possible total."""
        for totals, local in self.joint_totals(self.totals, assignment):
            # What is read outside of the totals must be assigned to all entities alike: `local` is only their witness.
            view = Completion(self.world, assignment, dict(zip(self.totals, totals, strict=True)), self.apart, self.alone)
            value = self.meaning(view, self.subject, self.subject)
            key = ("yes/no", value) if isinstance(value, bool) else value
            self.found.setdefault(key, Outcome(value, {**assignment, **local}))

    def joint_totals(
        self, joint: list[Total], shared: dict[Leaf, Value]
    ) -> list[tuple[tuple[Any, ...], dict[Leaf, Value]]]:
        if not joint:
            return [((), {})]
        totals: dict[tuple[Any, ...], dict[Leaf, Value]] = {tuple(zero(one) for one, _ in joint): {}}
        for component in self.world.components:
            added = self.kept_contributions(joint, component, shared)
            totals = self.sums(joint, totals, added, component)
        return [
            (tuple(finished(one, total) for (one, _), total in zip(joint, key, strict=True)), local)
            for key, local in totals.items()
        ]

    def sums(
        self,
        joint: list[Total],
        totals: dict[tuple[Any, ...], dict[Leaf, Value]],
        added: dict[tuple[Any, ...], dict[Leaf, Value]],
        component: list[Subject],
    ) -> dict[tuple[Any, ...], dict[Leaf, Value]]:
        times = component[0].times if len(component) == 1 else 1
        apart = times if len(added) > 1 and times <= MOST_APART else 1
        scale = 1 if apart > 1 else times
        for _ in range(apart):
            grown: dict[tuple[Any, ...], dict[Leaf, Value]] = {}
            for key, local in totals.items():
                for more, also in added.items():
                    total = tuple(plus(one, a, b, scale) for (one, _), a, b in zip(joint, key, more, strict=True))
                    if total not in grown:
                        self.sums_made += 1
                        if self.sums_made > MOST_TOTALS:
                            raise TooMany
                        grown[total] = {**local, **also}
            totals = grown
        return totals

    def kept_contributions(
        self, joint: list[Total], component: list[Subject], shared: dict[Leaf, Value]
    ) -> dict[tuple[Any, ...], dict[Leaf, Value]]:
        """As `contributions`; kept for other cases where nothing is shared and nothing is seen from an entity."""
        if shared or any(this is not self.world.case for _, this in joint):
            return self.contributions(joint, component, shared)
        keys = {key for one, _ in joint for key in one.reads}
        name = ("adds", tuple(one.number for one, _ in joint), tuple((one.kind, one.id) for one in component))
        ranged, found = kept(
            self.world, keys, component, name, lambda: self.portable(self.contributions(joint, component, shared))
        )
        self.ranged |= ranged
        return {total: _assignment(self.world, self.world.case, local) for total, local in found.items()}

    def portable(self, found: dict[tuple[Any, ...], dict[Leaf, Value]]) -> tuple[bool, dict[tuple[Any, ...], Assigned]]:
        """The contributions with entities by name, so that they can be kept, and whether an unknown ranged over numbers."""
        return self.ranged, {
            total: _assigned(local, self.world.case) for total, local in found.items()
        }

    def contributions(
        self, joint: list[Total], component: list[Subject], shared: dict[Leaf, Value]
    ) -> dict[tuple[Any, ...], dict[Leaf, Value]]:
        """What the entities of a component may add to the totals together."""
        found: dict[tuple[Any, ...], dict[Leaf, Value]] = {}
        stack: list[dict[Leaf, Value]] = [{}]
        inside = set(component)
        most = 2 ** len(joint) if all(one.node.op in ("any", "no", "every") for one, _ in joint) else None
        while stack and len(found) != most:
            local = stack.pop()
            view = Completion(self.world, {**shared, **local}, {}, self.apart, self.alone)
            try:
                key = tuple(contribution(view, one, this, component) for one, this in joint)
            except Branch as branch:
                if branch.leaf[0] not in inside:
                    raise
                self.branch(stack, local, branch)
            except NeedsTotal:
                raise NotApart from None
            else:
                found.setdefault(key, local)
        return found


def contribution(view: Completion, aggregated: Aggregated, this: Subject, component: list[Subject]) -> Any:
    """What the entities of a component add to an aggregate together; one that stands alone is counted once."""
    total = zero(aggregated)
    for one in component:
        if one.kind == aggregated.node.entity and not (aggregated.node.others and one is this):
            times = one.times if len(component) > 1 else 1
            total = plus(aggregated, total, share_of(view, aggregated, one, this), times)
    return total


class Completion:
    """A view (see `evaluation.View`) of one completion: what is unknown has the assigned value, or raises Branch."""

    def __init__(
        self, world: World, assignment: Assignment, totals: Mapping[Total, Scalar], apart: bool = False,
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
        possible_values = exact(self.world, step, subject)
        if not isinstance(possible_values, Partial):
            return possible_values
        try:
            samples = step.cells.samples(possible_values)
        except ValueError:
            raise Unbounded from None
        raise Branch(key, samples, ranged=not step.cells.exact_samples(possible_values))

    def leaf(self, step: Field, subject: Subject, value: Value) -> Scalar:
        """The assigned value of an unknown. Raises Branch where it has none."""
        key = (subject, step.index)
        value = self.assignment.get(key, value)
        if not isinstance(value, Partial):
            return value
        if isinstance(value, Anything) and step.type.kind == REFERENCE:
            raise Branch(key, [SAME_UNLISTED, f"{SAME_UNLISTED}{subject.id}"], ranged=False)
        try:
            samples = step.cells.samples(value)
        except ValueError:
            raise Unbounded from None
        raise Branch(key, _likely_first(step, samples), ranged=not step.cells.exact_samples(value))

    def _told_apart(self, subject: Subject, index: int, name: Hashable, by: Callable[[Scalar], Hashable]) -> Scalar:
        """A value of an unknown that stands for all that are still possible and alike as seen `by` (which `name` names).

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
            raise Branch((subject, index), groups, ranged=not step.cells.exact_samples(value))
        return first  # type: ignore[no-any-return]

    def _match(self, group: Group, subject: Subject, decided: Callable[[Outcomes], bool]) -> Outcomes:
        """What the network says of a group's conditions in this completion; unknowns are needed only until it is decided."""
        assert group.matcher is not None
        fields = self.world.program.fields
        places = [(subject, i) for i in group.own] + [(self.case, i) for i in group.shared]
        masks = [self._peek(*place) for place in places]
        for number, (owner, index) in enumerate(places):
            if masks[number] & (masks[number] - 1) == 0:
                continue
            outcomes = group.matcher.match([tuple(masks)])[0]
            if decided(outcomes):
                return outcomes
            masks[number] = self._cell(owner, index, fields[owner.kind][index].cells, group.tells[number])
        return group.matcher.match([tuple(masks)])[0]

    def _peek(self, subject: Subject, index: int) -> int:
        """The cells in which a field may be, as far as that is known without branching."""
        known = self.cache.get((subject, index))
        if known is not None:
            return self.world.program.fields[subject.kind][index].cells.of(known)
        return subject.masks[index]

    def _cell(self, subject: Subject, index: int, cells: Cells, told: tuple[int, ...]) -> int:
        def side(value: Scalar) -> Hashable:
            cell = cells.of(value)
            return tuple([cell & where != 0 for where in told])

        return cells.of(self._told_apart(subject, index, told, side))

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
            values: list[Value] = [self.conclusion(group, n, subject) for n in (*resolution.open, *resolution.guesses)]
            otherwise = step.type.domain() if step.otherwise is None else self._otherwise(step, subject)
            return self.leaf(step, subject, union([otherwise, *values]))
        if step.otherwise is None:
            return self.leaf(step, subject, step.type.domain())
        return self._otherwise(step, subject)

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
        raise Branch(leaf, samples, ranged=aggregated.node.op in ("number", "sum", "different", "smallest", "largest"))

    def look_up(self, name: str, column: str, key: Scalar, day: date | None) -> Scalar:
        """A cell of a table or a bracket, in this completion."""
        return self._named(f"{name} at {key} on {day}", look_up(self.world.program.pack, name, column, key, day or self.as_of))

    def look_up_fact(self, subject: Subject, index: int, name: str, column: str) -> Scalar:
        """A cell of a table or a bracket, by a field, in this completion."""
        pack = self.world.program.pack

        def cell(key: Scalar) -> Hashable:
            found = look_up(pack, name, column, key, self.as_of)
            return (type(found), found)

        return self.look_up(name, column, self._told_apart(subject, index, (name, column, self.as_of), cell), None)

    def parameter_on(self, name: str, day: date) -> Scalar:
        """A parameter on a day, in this completion."""
        return self._named(f"{name} on {day}", parameter_value(self.world.program.pack.parameters[name], day))

    def _named(self, name: str, value: Value) -> Scalar:
        if not isinstance(value, Partial):
            return value
        leaf: Leaf = (self.case, name)
        if leaf in self.assignment:
            return self.assignment[leaf]  # type: ignore[return-value]
        if isinstance(value, Among):
            raise Branch(leaf, sorted(value.values, key=str), ranged=False)
        if isinstance(value, Within) and value.low is not None and value.high is not None:
            raise Branch(leaf, [value.low, value.high], ranged=True)
        raise Unbounded


def _likely_first(step: Field, samples: list[Scalar]) -> list[Scalar]:
    """The samples, the likely one first: of completions that come to the same, the first is shown, and should not be odd."""
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
