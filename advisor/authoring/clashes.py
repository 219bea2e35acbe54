"""What must hold of a compiled pack, found by search: no two rules clash, and every rule can fire.

In: a `LoadedPack`. Out: problems, each with a case that shows it where there is one. The search looks through the
completions of made-up cases, of two entities of each kind and of as few as there can be; it is bounded, and what it
does not find within its bound it does not report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial, reduce
from itertools import islice
from operator import or_
from typing import Final, TypeVar

from advisor.advice import speech
from advisor.advice.advisor import LoadedPack
from advisor.authoring.slices import Slices
from advisor.cases.case import Answer, Case, Item, Items
from advisor.files.kept import Marks
from advisor.language.comparisons import atoms
from advisor.language.printing import text
from advisor.language.tree import ALWAYS, CASE, And, Certainty, Condition, Known, Not, Or, walk
from advisor.packs.pack import Fact, Rule
from advisor.problems.problem import Problem, Problems
from advisor.reasoning import evaluation
from advisor.reasoning.completions import independence
from advisor.reasoning.completions.completion import Branch, Completion, Unbounded
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Assignment, Leaf, Place
from advisor.reasoning.world import World
from advisor.values.periods import Period
from advisor.values.text import plain
from advisor.values.types import REFERENCE, TEXT, YES_NO, Among, Partial, Type, Value, with_none

MOST: Final = 2000
"""Completions looked through for one question."""
MOST_DAYS: Final = 3
"""Days on which a question is put, where rules are in force at different times."""
MOST_REPLAYED: Final = 12
"""Completions of one pair of rules that are reasoned through to see whether they show a clash."""
ENTITIES: Final = 2
"""Entities of each kind in the larger of the made-up cases."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """A completion in which a condition holds."""

    world: World
    assignment: Assignment


def check_program(
    pack: LoadedPack, today: date, slices: Slices | None = None, marks: Marks | None = None
) -> list[Problem]:
    """Every clash, and every rule and row of answers that can never hold, sorted by place.

    `marks`: what was searched before in vain, where nothing that it hangs on (by `slices`) has changed.
    """
    before = _Before(slices or Slices(pack), marks or Marks(), today)
    return sorted([*clashes(pack, before), *idle_rules(pack, before), *idle_rows(pack, before)])


@dataclass(frozen=True, slots=True)
class _Before:
    """What was looked for before, and the day it is."""

    slices: Slices
    marks: Marks
    today: date

    def passes(self, name: str, roots: Iterable[str], days: Sequence[date], work: Callable[[], T | None]) -> T | None:
        """What `work` finds; None where it found nothing before, over the same days, of what hangs on the same."""
        return self.marks.passes((name, self.slices.of(roots), *days, self.today), work)


# --- clashes ------------------------------------------------------------------------------------------------------


def clashes(pack: LoadedPack, before: _Before) -> Iterator[Problem]:
    """Pairs of rules that conclude different values for one fact, neither overriding the other, with a case of it."""
    worlds = _Worlds(pack, complete=True)
    for one, other in _rivals(pack):
        days = _days(pack, (one, other), before.today)
        case = before.passes(
            f"clash {one.id} {other.id}",
            [pack.program.group_of[one.id].key],
            days,
            partial(_clashing_case, pack, worlds, one, other, days),
        )
        if case is not None:
            yield _clash(pack, one, other, *case)


def _rivals(pack: LoadedPack) -> Iterator[tuple[Rule, Rule]]:
    """Rules that conclude different values for one fact, of which neither is beaten wherever the other holds."""
    for group in pack.program.groups.values():
        if group.target < 0:
            continue
        over = {rule.id: {above.id for above in many} for rule, many in zip(group.rules, group.overriders, strict=True)}
        said = [text(rule.conclude[1]) if rule.conclude is not None else "" for rule in group.rules]
        for first, second in group.matcher.overlapping() if group.matcher is not None else ():
            one, other = group.rules[first], group.rules[second]
            if one.speculative or other.speculative or said[first] == said[second]:
                continue
            if other.id not in over[one.id] and one.id not in over[other.id]:
                yield one, other


def _clashing_case(
    pack: LoadedPack, worlds: _Worlds, one: Rule, other: Rule, days: Iterable[date]
) -> tuple[Case, World] | None:
    both = _both_stand(pack, one, other)
    for day in days:
        if one.in_force(day) is not True or other.in_force(day) is not True:
            continue
        quick = _Search(worlds.on(day), both, one.about, by_parts=True)
        if next(quick.found(), None) is None and quick.through:
            continue
        for found in islice(_Search(worlds.on(day), both, one.about).found(), MOST_REPLAYED):
            replayed = _replayed(pack, found, one, other)
            if replayed is not None:
                return replayed
    return None


def _both_stand(pack: LoadedPack, one: Rule, other: Rule) -> Condition:
    """That both rules hold, and no rule about the same that overrides one of them."""
    group = pack.program.group_of[one.id]
    beaten = {over.id: over for rule in (one, other) for over in group.overriders[group.rules.index(rule)]}
    above = [over for over in beaten.values() if over.about == one.about and not over.periods]
    return And((one.when, other.when, *(Not(over.when) for over in above)))


def _replayed(pack: LoadedPack, found: Found, one: Rule, other: Rule) -> tuple[Case, World] | None:
    """The case of a completion, reasoned through: None where it does not show the clash after all."""
    case = found.world.source
    for (subject, index), value in found.assignment.items():
        if isinstance(index, str):
            return None
        field = pack.program.fields[subject.kind][index]
        if field.fact is None or not field.fact.asked:
            return None
        settled_value = field.cells.samples(value)[0] if isinstance(value, Among) else value
        case = case.with_answer(subject.kind, subject.id, field.name, Answer(value=settled_value))
    try:
        world = pack.reason(case, today=found.world.today, as_of=found.world.as_of)
    except Problems:
        return None
    shown = any({one, other} <= set(rules) for _, _, rules in world.clashes)
    return (case, world) if shown else None


def _clash(pack: LoadedPack, one: Rule, other: Rule, case: Case, world: World) -> Problem:
    first, second = sorted((one, other), key=lambda rule: rule.place)
    assert first.conclude is not None
    assert second.conclude is not None
    said = "; ".join(_said(pack, case, world)) or "any case"
    both = f"`{second.id}` concludes {_conclusion(second)} and `{first.id}` {_conclusion(first)}"
    return Problem(
        second.place,
        "clash",
        f"{both}, and both can hold: {said}",
        "let one of them override the other, or narrow a condition",
        related=((first.place, f"`{first.id}` is here"),),
    )


def _conclusion(rule: Rule) -> str:
    assert rule.conclude is not None
    name, value = rule.conclude
    return f"{name.replace('_', ' ')} is {text(value)}"


def _said(pack: LoadedPack, case: Case, world: World) -> Iterator[str]:
    yield f"as of {world.as_of.isoformat()}"
    for subject in [world.case, *(one for many in world.entities.values() for one in many)]:
        for field in pack.program.fields[subject.kind]:
            answer = case.answer(subject.kind, subject.id, field.name)
            if answer is not None:
                yield f"{speech.place(world, subject, field)}: {plain(answer.value, field.type)}"


# --- rules that cannot fire ---------------------------------------------------------------------------------------


def idle_rules(pack: LoadedPack, before: _Before) -> Iterator[Problem]:
    """Rules whose condition can hold in no case, where the search went through all of them."""
    worlds = _Worlds(pack, complete=False)
    turns = _turns(pack, before.today)
    plainly = _plainly_fire(pack)
    for rule in sorted(pack.data.rules.values(), key=lambda rule: rule.place):
        if rule.id in plainly:
            continue
        key = pack.program.group_of[rule.id].key
        days = [day for day in turns if rule.in_force(day) is not False]
        if not _hangs_on_what_is_known(pack, key) and before.passes(
            f"idle {rule.id}", [key], days, partial(_never_holds, worlds, rule.when, rule.about, days)
        ):
            yield Problem(
                rule.place,
                "never-fires",
                f"the condition of `{rule.id}` can hold in no case: {text(rule.when)}",
                "mend the condition, or take the rule out",
            )


def _plainly_fire(pack: LoadedPack) -> frozenset[str]:
    """The rules, by id, that fire where a few questions are answered so or so: for these nothing need be searched."""
    found: set[str] = set()
    taken: dict[Field, int] = {}
    for group in pack.program.groups.values():
        if group.matcher is None:
            continue
        fields = pack.program.fields
        operands = [*(fields[group.kind][at] for at in group.own), *(fields[CASE][at] for at in group.shared)]
        for rule, clauses in zip(group.rules, group.matcher.holding, strict=False):
            if any(
                all(_may_be_answered(operands[at], taken) & cells for at, cells in clause.items()) for clause in clauses
            ):
                found.add(rule.id)
    return frozenset(found)


def _may_be_answered(field: Field, known: dict[Field, int]) -> int:
    """The cells in which an answer may be; none where that hangs on more than the question itself."""
    if field not in known:
        plain = field.role == "asked" and field.applies < 0 and field.type.kind not in (REFERENCE, TEXT)
        samples = field.cells.samples(field.type.domain()) if plain else []
        known[field] = reduce(or_, map(field.cells.of, samples), 0)
    return known[field]


def idle_rows(pack: LoadedPack, before: _Before) -> Iterator[Problem]:
    """Rows of answers that no case reaches, since an earlier row holds wherever they do."""
    worlds = _Worlds(pack, complete=False)
    turns = _turns(pack, before.today)
    for goal in pack.data.goals.values():
        asked: list[Condition] = []
        for row in goal.rows:
            if row.when is None:
                break
            left = And((row.when, *(Not(one) for one in asked)))
            keys = [pack.program.condition(goal.about, one).key for one in (*asked, row.when)]
            asked.append(row.when)
            if any(_hangs_on_what_is_known(pack, key) for key in keys):
                continue
            if before.passes(f"row {text(left)}", keys, turns, partial(_never_holds, worlds, left, goal.about, turns)):
                yield Problem(
                    row.place,
                    "unreached-row",
                    f"no case comes to this row of `{goal.id}`: {text(row.when)}",
                    "put it before the row that takes its cases, mend the condition, or take it out",
                )


def _hangs_on_what_is_known(pack: LoadedPack, root: str) -> bool:
    """Whether a condition, or a fact below it, asks what is known: a made-up case cannot answer that."""
    pending = [root]
    seen: set[str] = set()
    while pending:
        key = pending.pop()
        if key in seen:
            continue
        seen.add(key)
        word, kind, name = key.split(" ", 2)
        if word == "group":
            pending.extend(pack.program.groups[key].reads)
            continue
        field = pack.program.find(kind, name)
        if field is not None:
            if field.role in ("known", "surely", "could"):
                return True
            pending.extend(field.reads)
    return False


class Impossible:
    """Tells whether a condition can hold in no case on any day, as far as a search goes to its end."""

    def __init__(self, pack: LoadedPack, today: date) -> None:
        self._worlds = _Worlds(pack, complete=False)
        self._turns = _turns(pack, today)

    def __call__(self, condition: Condition, about: str) -> bool:
        """Whether that is sure; false where it can hold, or where nobody knows."""
        if any(isinstance(node, Known | Certainty) for node in walk(condition)):
            return False
        return _never_holds(self._worlds, condition, about, self._turns) is True


def _never_holds(worlds: _Worlds, condition: Condition, about: str, days: Iterable[date]) -> bool | None:
    """Whether a search to the end finds no case (True): of several entities, nor of none but the one it is about."""
    for day in days:
        for only in (None, about):
            search = _Search(worlds.on(day, only), condition, about, by_parts=True)
            if next(search.found(), None) is not None or not (search.through and search.exact):
                return None
    return True


# --- the search ---------------------------------------------------------------------------------------------------


class _Worlds:
    """Made-up cases, of which nothing is known but what entities they have, reasoned over on different days.

    What may be stated may be anything, whatever the rules conclude, unless the search is for what rules conclude.
    """

    def __init__(self, pack: LoadedPack, *, complete: bool) -> None:
        """`complete`: there are no more entities than those, and nothing is stated."""
        self._pack = pack
        self._more = False if complete else None
        self._stated = {kind: {} if complete else _stated(facts) for kind, facts in pack.data.facts.items()}
        self._known: dict[tuple[date, str | None], World] = {}

    def on(self, day: date, only: str | None = None) -> World:
        """The world as of a day: of two entities of each kind, or of none but one of the kind `only`."""
        key = (day, only)
        if key not in self._known:
            self._known[key] = World(self._pack.program, self._case(only), today=day, as_of=day, sought=frozenset())
        return self._known[key]

    def _case(self, only: str | None) -> Case:
        kinds = self._pack.data.entities
        numbers = {kind: ENTITIES if only is None else int(kind == only) for kind in kinds}
        entities = {kind: self._alike(kind, number) for kind, number in numbers.items()}
        return Case(answers=self._stated[CASE], entities=entities)

    def _alike(self, kind: str, number: int) -> Items:
        items = tuple(Item(id=f"{kind}-{one}", answers=self._stated[kind]) for one in range(1, number + 1))
        return Items(items=items, more=self._more)


def _stated(facts: Mapping[str, Fact]) -> dict[str, Answer]:
    """Every fact that may be stated, as stated to be anything that it may be."""
    stateable = [fact for fact in facts.values() if fact.may_be_stated]
    return {fact.name: Answer(value=_any_value(fact.type)) for fact in stateable}


def _any_value(type_: Type) -> Value:
    return type_.domain() if type_.kind == YES_NO else with_none(type_.domain())


class _Search:
    """Looks for completions in which a condition holds of the case or the first entity.

    `by_parts`: facts that stand alone are not followed to what is asked. Afterwards `through` says whether all samples
    were looked at, and `exact` whether they stand for all that is possible.
    """

    def __init__(self, world: World, condition: Condition, about: str, *, by_parts: bool = False) -> None:
        self.world = world
        self.subject = world.case if about == CASE else world.entities[about][0]
        self.meaning = evaluation.truth(settled(condition), world.program.names, about)
        self.through = False
        self.exact = True
        self.alone = self._parts(condition) if by_parts else frozenset()

    def _parts(self, condition: Condition) -> frozenset[Place]:
        fields = [self.world.program.atom(self.subject.kind, atom)[0] for atom in atoms(condition)]
        places = [(self.world.case if one.kind == CASE else self.subject, one.index) for one in fields]
        unsettled = [(owner, index) for owner, index in places if isinstance(owner.values[index], Partial)]
        return independence.stand_alone(self.world, unsettled, with_roots=True)

    def found(self) -> Iterator[Found]:
        """The completions, at most a bounded number of all being looked at."""
        stack: list[dict[Leaf, Value]] = [{}]
        for _ in range(MOST):
            if not stack:
                self.through = True
                return
            assignment = stack.pop()
            try:
                view = Completion(self.world, assignment, {}, alone=self.alone)
                if self.meaning(view, self.subject, self.subject) is True:
                    yield Found(self.world, assignment)
            except Branch as branch:
                self.exact &= not (branch.ranged and self._is_calculated_with(branch.leaf))
                stack.extend({**assignment, branch.leaf: sample} for sample in reversed(branch.samples))
            except Unbounded:
                self.exact = False

    def _is_calculated_with(self, leaf: Leaf) -> bool:
        """Whether samples of an unknown number may miss something, since more than literals is compared with it."""
        subject, index = leaf
        if isinstance(index, str):
            return True
        program = self.world.program
        key = program.fields[subject.kind][index].key
        return any(
            key in one.reads and one.role in ("formula", "computed")
            for fields in program.fields.values()
            for one in fields
        )


def settled(condition: Condition) -> Condition:
    """The condition as it is where everything is known: `surely` and `could` say nothing more, and all is known."""
    match condition:
        case Certainty(_, operand):
            return settled(operand)
        case Known():
            return ALWAYS
        case Not(operand):
            return Not(settled(operand))
        case And(operands):
            return And(tuple(settled(one) for one in operands))
        case Or(operands):
            return Or(tuple(settled(one) for one in operands))
    return condition


def _days(pack: LoadedPack, rules: tuple[Rule, ...], today: date) -> list[date]:
    """Days on which all of some rules may be in force: today, and the first and last days of their periods."""
    found = [today]
    for period in (period for rule in rules for period in rule.periods):
        found.extend(_ends(period))
    found.extend(end for era in pack.data.eras.values() for end in _ends(era.period))
    return [day for day in dict.fromkeys(found) if all(rule.in_force(day) is True for rule in rules)][:MOST_DAYS] or [
        today
    ]


def _turns(pack: LoadedPack, today: date) -> list[date]:
    """Today, and every day on which something in the pack comes into force or goes out of it."""
    eras = [era.period for era in pack.data.eras.values()]
    rules = [period for rule in pack.data.rules.values() for period in rule.periods]
    values = [period for many in pack.data.parameters.values() for one in many.values for period in one.periods]
    periods = [*eras, *rules, *values]
    return list(dict.fromkeys([today, *(end for period in periods for end in _ends(period))]))


def _ends(period: Period) -> Iterator[date]:
    if period.first is not None and period.first.latest is not None:
        yield period.first.latest
    if period.last is not None and period.last.earliest is not None:
        yield period.last.earliest - timedelta(days=1)
