"""The values a derived field may take, over all completions of what nobody knows.

Completions are searched by need: a value is worked out until it needs an unknown, which is then branched over the
values that stand for all of its own. What is unknown of one entity (and those it is joined with by references) is
independent of the others, so where a value depends on entities only through aggregates, each entity's contributions
are found by itself and added up: the search grows with the number of distinct totals, not with the product. The search
is exact over choices. Where an unknown lies within a range, samples of it show what may come out, and a second search
in outline (see `outlines.py`) what bounds it: no completion comes to anything else. Beyond `MOST` completions a search
stops, and says so.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final, TypeVar

from advisor.language.tree import CASE, Compare, Literal
from advisor.reasoning.aggregates import Running, finished, plus, share_of, zero
from advisor.reasoning.cells import FAR, Cells
from advisor.reasoning.completions import independence, inputs
from advisor.reasoning.completions import totals as added_up
from advisor.reasoning.completions.completion import Branch, Completion, NeedsTotal, NotApart, Total, Unbounded
from advisor.reasoning.completions.outlines import Outline, settled
from advisor.reasoning.completions.totals import TooMany, has_size
from advisor.reasoning.evaluation import Aggregated, Meaning
from advisor.reasoning.formulas.ranges import roughly, span_of
from advisor.reasoning.formulas.terms import is_term, part, standing_in
from advisor.reasoning.program import Field
from advisor.reasoning.situation import Situation
from advisor.reasoning.subject import Assignment, Leaf, Place, Reached, Subject
from advisor.values import spans
from advisor.values.types import (
    CHOICE,
    DATE,
    DURATION,
    NONE,
    NUMBER,
    YES_NO,
    YES_OR_NO,
    Among,
    Ordered,
    Partial,
    Scalar,
    Type,
    Value,
    Within,
    among,
    union,
    with_none,
    within,
)

MOST: Final = 1000
"""Completions searched for one value before the search stops."""


MOST_HOPELESS: Final = 100
"""Completions searched for a value for which the search came to its bound in a case that this one is made from."""


MOST_TOTALS: Final = 10_000
"""Distinct totals over entities kept for one value before the search stops."""


MOST_KEPT: Final = 20_000
"""Findings kept for other cases before they are all dropped, so that memory stays flat."""


MOST_APART: Final = 8
"""So many alike entities are told apart; more of them are taken to turn out all alike."""
FAR_DAYS: Final = 500_000
"""So many days only stand for what has no bound."""
MOST_TOGETHER: Final = 250
"""Totals of which a part is a term that are told apart; more of them are put together."""
NEAR: Final = range(1940, 2101)
"""The years of days that are days; others only stand for what has no bound."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sought:
    """A value that is sought: of what, seen from which subject, and the places that it reads or works out.

    Fields that stand alone below these places are searched by themselves. The search ends once all values of `enough`
    are found.
    """

    meaning: Meaning
    subject: Subject
    enough: frozenset[Scalar] = frozenset()
    roots: tuple[Place, ...] = ()
    several: bool = False
    """Whether the search ends once two values are found."""
    most: int = MOST
    """Completions looked at before the search stops."""


@dataclass(frozen=True, slots=True)
class Possible:
    """All that a value may be. `bounded`: the search stopped at its bound, so `value` is only an outer bound."""

    value: Value
    bounded: bool


def possible(world: Situation, step: Field, subject: Subject, meaning: Meaning | None = None) -> Possible:
    """All that a field (or `meaning`, for a conclusion of it) may come to."""
    if meaning is not None:
        return _possible(world, step, subject, meaning)
    name = ("possible", step.key, step.key in world.hopeless)
    found, comes_to = kept(world, (step.key,), [subject], name, lambda: _portable(world, step, subject))
    if comes_to is not None:
        world.outcomes[subject, step.index] = [
            Reached(value, _assignment(world, subject, assigned)) for value, assigned in comes_to
        ]
    return found


Assigned = list[tuple[str, str, "int | str", Value]]
"""An assignment with subjects by kind and id, to be kept for other cases; an empty kind is the subject itself."""


def _portable(world: Situation, step: Field, subject: Subject) -> tuple[Possible, list[tuple[Scalar, Assigned]] | None]:
    found = _possible(world, step, subject, step.meaning)
    comes_to = world.outcomes.get((subject, step.index))
    if comes_to is None:
        return found, None
    return found, [(one.value, _assigned(one.assignment, subject)) for one in comes_to]


def _assigned(assignment: Assignment, subject: Subject) -> Assigned:
    return [("" if one is subject else one.kind, one.id, index, value) for (one, index), value in assignment.items()]


def _assignment(world: Situation, subject: Subject, assigned: Assigned) -> dict[Leaf, Value]:
    owners = {"": subject, CASE: world.case}
    return {
        (owners[kind] if kind in owners else world.by_id[kind][id_], index): value
        for kind, id_, index, value in assigned
    }


def _possible(world: Situation, step: Field, subject: Subject, meaning: Meaning | None) -> Possible:
    assert meaning is not None
    most = MOST_HOPELESS if step.key in world.hopeless else MOST
    sought = Sought(meaning, subject, _every(step.type), ((subject, step.index),), most=most)
    try:
        found, ranged = _found(world, sought, Completion)
        if ranged and step.difference and sought.enough <= {one.value for one in found}:
            return Possible(YES_OR_NO, bounded=False)
        if ranged and step.difference:
            return Possible(_compared(world, step, subject), bounded=False)
        covered = _covered(world, sought, step.type, found) if ranged else _plainly(found)
    except (Unbounded, TooMany, RecursionError) as stopped:
        return Possible(anything(step.type), not isinstance(stopped, Unbounded))
    if meaning is step.meaning:
        world.outcomes[subject, step.index] = [*found, *covered.beyond]
    return Possible(covered.value, bounded=False)


def exact(world: Situation, step: Field, subject: Subject) -> Value:
    """What a field may come to over completions: for one that rules conclude, where layers in three values say less."""
    value = subject.values[step.index]
    if step.role in ("formula", "computed") or not isinstance(value, Partial):
        return value
    place = (subject, step.index)
    if place not in world.exact:
        world.exact[place] = kept(
            world, (step.key,), [subject], ("exact", step.key), lambda: _exact(world, step, subject)
        )
    return world.exact[place]


def _exact(world: Situation, step: Field, subject: Subject) -> Value:
    meaning = reading(subject, step.index)
    value = subject.values[step.index]
    enough = value.values if isinstance(value, Among) else _every(step.type)
    sought = Sought(meaning, subject, enough, ((subject, step.index),))
    try:
        found, ranged = _found(world, sought, Completion)
        covered = _covered(world, sought, step.type, found) if ranged else _plainly(found)
    except (Unbounded, TooMany):
        return value
    return covered.value


def kept(
    world: Situation, keys: Iterable[str], subjects: Sequence[Subject], name: Hashable, work: Callable[[], T]
) -> T:
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
    """All that a yes/no or choice may come to: once that is found there is nothing more to find."""
    if type_.kind == YES_NO:
        return YES_OR_NO.values
    return frozenset((*type_.choice_ids(), NONE)) if type_.kind == CHOICE else frozenset()


def _compared(world: Situation, step: Field, subject: Subject) -> Value:
    """A comparison over unknown numbers: from the range of the difference, for an equality can hold between samples."""
    found: Value = True
    for op, difference in step.difference:
        cells = Cells(Type(NUMBER), (0,))
        mask = cells.of(_outlined(world, difference, subject))
        holds = cells.where(Compare(op, Literal(0, Type(NUMBER)), Literal(0, Type(NUMBER))))
        if mask & holds == 0:
            return False
        if mask & ~holds:
            found = YES_OR_NO
    return found


def _outlined(world: Situation, difference: Meaning, subject: Subject) -> Value:
    """All that a difference may come to where an unknown lies within a range."""
    try:
        return _covered(world, Sought(difference, subject), Type(NUMBER), ()).value
    except (Unbounded, TooMany, RecursionError):
        return anything(Type(NUMBER))


def possible_of(world: Situation, meaning: Meaning, subject: Subject, type_: Type) -> Value:
    """All that an expression of some type may come to."""
    sought = Sought(meaning, subject)
    try:
        found, ranged = _found(world, sought, Completion)
        return (_covered(world, sought, type_, found) if ranged else _plainly(found)).value
    except (Unbounded, TooMany, RecursionError):
        return anything(type_)


def settled_of(world: Situation, meaning: Meaning, subject: Subject, type_: Type) -> Value:
    """What an expression comes to, where that is one value only; else some part of all that is possible."""
    try:
        found, ranged = _found(world, Sought(meaning, subject, several=True), Completion)
    except (Unbounded, TooMany, RecursionError):
        return anything(type_)
    return possible_of(world, meaning, subject, type_) if ranged and len(found) == 1 else _plainly(found).value


def anything(type_: Type) -> Value:
    """All that a value of a type may be where the search for it came to no end: where there are sizes, also none."""
    return with_none(type_.domain()) if type_.ordered else type_.domain()


@dataclass(frozen=True, slots=True)
class Covered:
    """All that a value may be, and outcomes at its ends where these lie beyond what samples come to."""

    value: Value
    beyond: list[Reached]


def _plainly(found: Sequence[Reached]) -> Covered:
    return Covered(among(one.value for one in found), [])


def _covered(world: Situation, sought: Sought, type_: Type, found: Sequence[Reached]) -> Covered:
    """All that a value may be where an unknown lies within a range; `found` is what it comes to for samples.

    Raises Unbounded and TooMany.
    """
    enough = frozenset() if type_.ordered else sought.enough
    if enough and enough <= {one.value for one in found}:
        return _plainly(found)
    outlined, _ = _found(world, replace(sought, enough=enough), Outline)
    reached = [one.value for one in found if has_size(one.value) and not is_far(one.value, type_)]
    beyond = list(_beyond(outlined, reached))
    value = _spanned([*reached, *(one for _, one in beyond)])
    if not isinstance(value, Within):
        return Covered(value, [])
    sampled = [one.value for one in found if has_size(one.value)]
    ends = [_end(beyond, value, type_, sampled, last=last) for last in (False, True)]
    return Covered(value, [one for one in ends if one is not None])


def _beyond(outlined: Sequence[Reached], reached: Sequence[Ordered]) -> Iterator[tuple[Reached, Value]]:
    """The outlined outcomes that may lie outside of what is reached, and what each may come to."""
    inner = spans.hull(span_of(part(one)) for one in reached) if reached else None
    for one in outlined:
        if not is_term(one.value):
            yield one, one.value
        elif inner is None or not roughly(one.value).within(inner):
            span = span_of(one.value)
            inner = span if inner is None else spans.hull((inner, span))
            yield one, settled(standing_in(one.value))


def _end(
    beyond: Sequence[tuple[Reached, Value]], span: Within, type_: Type, sampled: Sequence[Ordered], *, last: bool
) -> Reached | None:
    """An outcome at an end of what is possible, where all that samples come to lies before it."""
    end = span.high if last else span.low
    if end is None:
        if any(is_far(one, type_) for one in sampled) or type_.kind == DATE:
            return None
        end = FAR if last else -FAR
    if sampled and (end <= max(sampled) if last else end >= min(sampled)):  # type: ignore[operator]
        return None
    for one, own in beyond:
        if isinstance(own, Within) and (own.high if last else own.low) == (span.high if last else span.low):
            return Reached(end, one.assignment)
    return None


def _spanned(values: Sequence[Value]) -> Value:
    """One of the values; where they have sizes, all between the least and the greatest."""
    found = union(values)
    if not isinstance(found, Among):
        return found
    sizes = [one for one in found.values if has_size(one)]
    if len(sizes) <= 1:
        return found
    return within(min(sizes), max(sizes), maybe_none=NONE in found.values)


def is_far(value: Ordered, type_: Type) -> bool:
    """Whether a value is so large, or so far off, that it only stands for what has no bound."""
    if isinstance(value, date):
        return not NEAR.start <= value.year < NEAR.stop
    return abs(Fraction(value)) >= (FAR_DAYS if type_.kind == DURATION else FAR // 1000)


def outcomes(
    world: Situation,
    meaning: Meaning,
    subject: Subject,
    enough: frozenset[Scalar] = frozenset(),
    roots: Sequence[Place] = (),
) -> tuple[list[Reached], bool]:
    """Every value that `meaning` may come to, each once, and whether an unknown ranged over numbers.

    For `enough` and `roots` see `Sought`. Where an unknown ranged, it is samples that are assigned to it. Raises
    Unbounded and TooMany.
    """
    return _found(world, Sought(meaning, subject, enough, tuple(roots)), Completion)


def _found(world: Situation, sought: Sought, view: type[Completion]) -> tuple[list[Reached], bool]:
    """As `outcomes`, of samples or in outline."""
    search = _Search(world, sought, view)
    search.run()
    return list(search.found.values()), search.ranged


class _Search:
    def __init__(self, world: Situation, sought: Sought, view: type[Completion]) -> None:
        self.world = world
        self.view = view
        self.alone = independence.stand_alone(world, list(sought.roots)) if sought.roots else frozenset()
        self.enough = sought.enough
        self.missing = set(sought.enough)
        self.several = sought.several
        self.most = sought.most
        self.meaning = sought.meaning
        self.subject = sought.subject
        self.found: dict[Scalar | tuple[str, Scalar], Reached] = {}
        self.ranged = False
        self.totals: list[Total] = []
        self.parted: dict[tuple[object, ...], tuple[tuple[Total, ...], Sequence[_Part]]] = {}
        """By component and what is shared: the parts into which its completions fell for the last totals.

        One more total parts them further, and need not part them anew.
        """
        self.apart = True
        """Whether entities are searched by themselves; given up where what they add depends on an aggregate."""
        self.steps = 0
        self.sums_made = 0

    def run(self) -> None:
        stack: list[dict[Leaf, Value]] = [{}]
        while stack and not (self.enough and not self.missing) and not (self.several and len(self.found) > 1):
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
                self.parted = {}
                stack.append(assignment)

    def branch(self, stack: list[dict[Leaf, Value]], assignment: dict[Leaf, Value], branch: Branch) -> None:
        self.note(branch)
        stack.extend({**assignment, branch.leaf: sample} for sample in reversed(branch.samples))

    def note(self, branch: Branch) -> None:
        """Raises TooMany at the bound of the search."""
        self.count(len(branch.samples))
        self.ranged |= branch.ranged

    def count(self, steps: int) -> None:
        self.steps += steps
        if self.steps > self.most:
            raise TooMany

    def complete(self, assignment: dict[Leaf, Value]) -> None:
        """Adds what the meaning comes to under an assignment of what entities share, for each possible total."""
        for totals, local in self.joint_totals(self.totals, assignment):
            # What is read outside of the totals must be assigned to all entities alike: `local` is only their witness.
            totals_of = dict(zip(self.totals, totals, strict=True))
            view = self.view(self.world, assignment, totals_of, apart=self.apart, alone=self.alone)
            value = self.meaning(view, self.subject, self.subject)
            key = ("yes/no", value) if isinstance(value, bool) else value
            self.found.setdefault(key, Reached(value, {**assignment, **local}))
            self.missing.discard(value)

    def joint_totals(
        self, joint: list[Total], shared: dict[Leaf, Value]
    ) -> list[tuple[tuple[Any, ...], dict[Leaf, Value]]]:
        if not joint:
            return [((), {})]
        totals: dict[tuple[Any, ...], dict[Leaf, Value]] = {tuple(zero(one) for one, _ in joint): {}}
        components = self.world.components
        added = [self.kept_contributions(joint, component, shared) for component in components]
        unit = added_up.common_unit(joint, added)
        for component, more in zip(components, added, strict=True):
            totals = self.sums(joint, totals, added_up.counted_in(more, unit), component)
        return [
            (tuple(finished(one, total) for (one, _), total in zip(joint, key, strict=True)), local)
            for key, local in added_up.counted_in(totals, None if unit is None else 1 / unit).items()
        ]

    def sums(
        self,
        joint: list[Total],
        totals: dict[tuple[Any, ...], dict[Leaf, Value]],
        added: dict[tuple[Any, ...], dict[Leaf, Value]],
        component: list[Subject],
    ) -> dict[tuple[Any, ...], dict[Leaf, Value]]:
        times = component[0].times if len(component) == 1 else 1
        in_outline = any(is_term(one) for key in added for one in key)
        if in_outline and len(component) > 1 and any(one.times > 1 for one in component):
            # Taken to turn out all alike, as choices are, they would come to less than they can.
            raise TooMany
        if in_outline and times > MOST_APART:
            added, times = added_up.of_many(joint, added, times), 1
        apart = times if (len(added) > 1 or in_outline) and times <= MOST_APART else 1
        scale = 1 if apart > 1 else times
        plain = all(type(one) is int for more in added for one in more) and added_up.all_sums(joint)
        for number in range(apart):
            if number and in_outline:
                added = {added_up.copied(key, number): local for key, local in added.items()}
            grown: dict[tuple[Any, ...], dict[Leaf, Value]] = {}
            shares = [(tuple([one * scale for one in more]) if plain else more, also) for more, also in added.items()]
            for key, local in totals.items():
                for more, also in shares:
                    if plain:
                        total = tuple(map(operator.add, key, more))
                    else:
                        total = tuple(plus(one, a, b, scale) for (one, _), a, b in zip(joint, key, more, strict=True))
                    if total not in grown:
                        self.sums_made += 1
                        if self.sums_made > MOST_TOTALS:
                            raise TooMany
                        grown[total] = {**local, **also}
            totals = added_up.together(grown) if in_outline and len(grown) > MOST_TOGETHER else grown
        return totals

    def kept_contributions(
        self, joint: list[Total], component: list[Subject], shared: dict[Leaf, Value]
    ) -> dict[tuple[Any, ...], dict[Leaf, Value]]:
        """As `contributions`; kept for other cases where nothing is shared and nothing is seen from an entity."""
        if shared or any(this is not self.world.case for _, this in joint):
            return self.contributions(joint, component, shared)
        keys = {key for one, _ in joint for key in one.reads}
        name = (
            "adds",
            self.view,
            tuple(one.number for one, _ in joint),
            tuple((one.kind, one.id) for one in component),
        )
        ranged, found = kept(
            self.world, keys, component, name, lambda: self.portable(self.contributions(joint, component, shared))
        )
        self.ranged |= ranged
        return {total: _assignment(self.world, self.world.case, local) for total, local in found.items()}

    def portable(self, found: dict[tuple[Any, ...], dict[Leaf, Value]]) -> tuple[bool, dict[tuple[Any, ...], Assigned]]:
        """The contributions with entities by name, to be kept, and whether an unknown ranged over numbers."""
        return self.ranged, {total: _assigned(local, self.world.case) for total, local in found.items()}

    def contributions(
        self, joint: list[Total], component: list[Subject], shared: dict[Leaf, Value]
    ) -> dict[tuple[Any, ...], dict[Leaf, Value]]:
        """What the entities of a component may add to the totals together."""
        found: dict[tuple[Any, ...], dict[Leaf, Value]] = {}
        inside = set(component)
        most = 2 ** len(joint) if all(one.node.op in ("any", "no", "every") for one, _ in joint) else None
        at = (*component, *shared.items())
        before, parts = self.parted.get(at, ((), ()))
        stack = list(reversed(parts)) if before and before == tuple(joint[:-1]) else [_Part({}, {}, ())]
        done: list[_Part] = []
        while stack and len(found) != most:
            part = stack.pop()
            view = self.view(self.world, {**shared, **part.local}, {}, apart=self.apart, alone=self.alone)
            key: tuple[Any, ...] = ()
            if self.view.inherits:
                view.cache, key = part.cache.copy(), part.key
            try:
                for one, this in joint[len(key) :]:
                    key = (*key, _contribution(view, one, this, component))
            except Branch as branch:
                if branch.leaf[0] not in inside:
                    raise
                self.note(branch)
                more = [{**part.local, branch.leaf: sample} for sample in reversed(branch.samples)]
                stack.extend(_Part(local, view.cache, key) for local in more)
            except NeedsTotal:
                raise NotApart from None
            else:
                found.setdefault(key, part.local)
                done.append(_Part(part.local, view.cache, key))
        self.parted[at] = tuple(joint), (*done, *reversed(stack))
        return found


@dataclass(frozen=True, slots=True)
class _Part:
    """Some completions of a component: what is assigned, what was worked out by that, and what is added by then."""

    local: dict[Leaf, Value]
    cache: dict[Place, Scalar]
    key: tuple[Any, ...]


def _contribution(view: Completion, aggregated: Aggregated, this: Subject, component: list[Subject]) -> Running:
    """What the entities of a component add to an aggregate together; one that stands alone is counted once."""
    total = zero(aggregated)
    for one in component:
        if one.kind == aggregated.node.entity and not (aggregated.node.others and one is this):
            times = one.times if len(component) > 1 else 1
            total = plus(aggregated, total, share_of(view, aggregated, one, this), times)
    return total
