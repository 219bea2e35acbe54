"""The strata of a pack: given facts first, then derived fields one by one, or in blocks that share a signature.

In: the steps of a compiled program. Out: strata. A *block* is all that follows for one kind of thing from the cells of
its fields alone, without arithmetic and without other things: equal signatures, equal conclusions. So a signature is
reasoned once, and what followed is kept. Conclusions are kept in *factors*, grouped by the fields that they read in the
end: of many fields few combinations come up in any one group, so a signature as a whole that was never seen is most
often put together of factors that were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter, getitem, itemgetter
from typing import TYPE_CHECKING, Any, Final

from advisor.cases.case import Answer, Said
from advisor.language.comparisons import looks_back
from advisor.language.tree import (
    CASE,
    Aggregate,
    Certainty,
    Clock,
    FactRef,
    Known,
    Lookup,
    Node,
    ParameterRef,
    children,
    walk,
)
from advisor.reasoning.evaluation import Unsettled
from advisor.reasoning.program import Field, Group, Program, Step, Stratum
from advisor.values.types import ANYTHING, REFERENCE, Value

if TYPE_CHECKING:
    from advisor.reasoning.subject import Subject
    from advisor.reasoning.world import World

MOST_KEPT: Final = 4_000_000
"""Values that a block keeps for whole signatures, and again for its factors, before it drops them."""
MOST_PLANS: Final = 10_000
"""Sets of facts of which it is kept how their answers are put in place."""
MOST_MASKS: Final = 10_000
"""Values of one field of which the cells are kept before they are dropped."""

Token = tuple[str, Any]
"""One thing that a signature tells: the cells of an own field (`own`) or one of the case (`case`), an own value
(`value`), how many entities meet a condition (`count`), the state of a rule of another block (`rule`), what became of
such a group (`resolution`) or what the network said of it (`outcomes`), or the day (`day`)."""
_READING: Final = (FactRef, ParameterRef, Lookup, Clock, Known, Certainty)
_VALUE: Final = attrgetter("value")
_UNKNOWN: Final = attrgetter("unknown")
OPEN: Final = "open"
"""What a signature tells of a count that is not settled: what follows from it is worked out for each subject anew."""


class Given:
    """The facts of one kind that are as they were said, whatever else is known."""

    def __init__(self, kind: str, fields: Sequence[Field], width: int) -> None:
        self.kind = kind
        self.by_name = {one.name: one for one in fields}
        self.values: list[Value] = [ANYTHING] * width
        self.masks = [0] * width
        self.references = [one for one in fields if one.type.kind == REFERENCE]
        """What is possible of these depends on the entities that are listed."""
        for one in fields:
            self.values[one.index] = one.type.domain()
            self.masks[one.index] = one.cells.of(one.type.domain()) if one.watched else 0
        self._cells: dict[str, _Masks] = {one.name: _Masks(one) for one in fields}
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def work(self, world: World) -> None:
        """Tells each subject what was said of it."""
        for subject in world.subjects(self.kind):
            subject.values = values = self.values.copy()
            subject.masks = masks = self.masks.copy()
            for one in self.references:
                self._set(world, subject, one)
            given = subject.answers
            if type(given) is Said:
                plan = self._plans.get(given.names) or self._plan(given.names)
                answers = plan.take(given.answers)
            else:
                names = tuple(given)
                plan = self._plans.get(names) or self._plan(names)
                answers = plan.take(tuple(given.values()))
            said = list(map(_VALUE, answers))
            cells = list(map(getitem, plan.cells, said))
            for here, there in plan.runs:
                values[here], masks[here] = said[there], cells[there]
            if True in map(_UNKNOWN, answers):
                for field, answer in zip(plan.fields, answers, strict=True):
                    if answer.unknown:
                        self._set(world, subject, field)

    def _plan(self, names: tuple[str, ...]) -> _Plan:
        if len(self._plans) >= MOST_PLANS:
            self._plans.clear()
        fields = sorted((self.by_name[name] for name in names if name in self.by_name), key=lambda one: one.index)
        places = [names.index(one.name) for one in fields]
        plan = self._plans[names] = _Plan(fields, places, [self._cells[one.name] for one in fields])
        return plan

    def _set(self, world: World, subject: Subject, field: Field) -> None:
        value = subject.values[field.index] = world.said(field, subject)
        subject.masks[field.index] = field.cells.of(value) if field.watched else 0


class _Masks(dict[Value, int]):
    """The cells of the values of one field that were met."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field

    def __missing__(self, value: Value) -> int:
        if not self.field.watched:
            return 0
        if len(self) >= MOST_MASKS:
            self.clear()
        mask = self[value] = self.field.cells.of(value)
        return mask


class _Plan:
    """How answers to the same facts are put in place, all at once."""

    def __init__(self, fields: Sequence[Field], places: Sequence[int], cells: Sequence[_Masks]) -> None:
        """`places`: where among all answers of a subject those of the fields are; `cells`: their known cells."""
        self.fields = fields
        self.cells = cells
        self.take: Callable[[Sequence[Answer]], Sequence[Answer]] = _taker(places)
        self.runs: list[tuple[slice, slice]] = []
        """Unbroken runs of fields, and where among the answers they are."""
        start = 0
        for run in _runs(one.index for one in fields):
            length = run.stop - run.start
            self.runs.append((run, slice(start, start + length)))
            start += length


class Single:
    """One field or group by itself."""

    def __init__(self, step: Step) -> None:
        self.step = step

    def work(self, world: World) -> None:
        """Works it out for every subject of its kind."""
        world.step(self.step, world.subjects(self.step.kind))


class Found:
    """What follows from the signature of one factor: values and cells by field, and what became of groups."""

    __slots__ = ("masks", "outcomes", "resolutions", "values")

    def __init__(self, factor: Factor, subject: Subject) -> None:
        self.values = [subject.values[index] for index in factor.fields]
        self.masks = [subject.masks[index] for index in factor.fields]
        self.outcomes = {name: subject.outcomes[name] for name in factor.groups if name in subject.outcomes}
        self.resolutions = {name: subject.resolutions[name] for name in factor.groups if name in subject.resolutions}


class Whole:
    """What follows from a whole signature: the values and cells of the block in unbroken runs of fields."""

    __slots__ = ("found", "masks", "values")

    def __init__(self, runs: Sequence[slice], subject: Subject, found: Sequence[Found]) -> None:
        self.values = [subject.values[run] for run in runs]
        self.masks = [subject.masks[run] for run in runs]
        self.found = found


class Factor:
    """Conclusions of a block that depend on the same few parts of its signature."""

    def __init__(
        self, members: Sequence[Step], places: Sequence[int], counting: Sequence[int], needed: Sequence[int]
    ) -> None:
        """`places`: of the signature, `counting` those of counts; `needed`: the steps that lead to the conclusions."""
        self.fields = [one.index for one in members if isinstance(one, Field)]
        self.groups = [one.name for one in members if isinstance(one, Group)]
        self.size = 2 * len(self.fields) + 2 * len(self.groups)
        self.needed = needed
        self.take: Callable[[Sequence[Any]], Any] = itemgetter(*places) if places else lambda signature: ()
        self.counting = counting
        self.known: dict[Any, Found] = {}

    def key(self, signature: Sequence[Any], subject: Subject) -> object:
        """By what the conclusions are found again; the subject itself where the signature leaves them open."""
        if any(signature[place] is OPEN for place in self.counting):
            return subject
        return self.take(signature)


class Block:
    """Steps about one kind of thing that follow from a signature."""

    def __init__(self, kind: str, steps: Sequence[Step], program: Program) -> None:
        self.kind = kind
        self.steps = steps
        self.size = 2 * sum(isinstance(one, Field) for one in steps)
        self.stated = [one.name for one in steps if _may_be_stated(one)]
        tokens = _Tokens(steps, program)
        self._own = _taker(tokens.indices("own"))
        self._case = _taker(tokens.indices("case"))
        self._others = tokens.others()
        self.factors = tokens.factors()
        self._runs = _runs([one.index for one in steps if isinstance(one, Field)])
        self._known: dict[tuple[Any, ...], Whole] = {}
        self._held = 0

    def work(self, world: World) -> None:
        """Tells each subject what follows from its signature."""
        shared = self._case(world.case.masks)
        pending: list[tuple[Subject, tuple[Any, ...]]] = []
        apart: list[Subject] = []
        for subject in world.subjects(self.kind):
            if self.stated and not subject.answers.keys().isdisjoint(self.stated):
                apart.append(subject)
                continue
            signature: tuple[Any, ...] = self._own(subject.masks) + shared
            if self._others:
                signature += tuple([_tell(one, world, subject) for one in self._others])
            whole = self._known.get(signature)
            if whole is None:
                pending.append((subject, signature))
                continue
            values, masks = subject.values, subject.masks
            for run, some, cells in zip(self._runs, whole.values, whole.masks, strict=True):
                values[run], masks[run] = some, cells
            subject.take(whole.found)
        if pending:
            self._learn(world, pending)
        if apart:
            for step in self.steps:
                world.step(step, apart)

    def _learn(self, world: World, pending: Sequence[tuple[Subject, tuple[Any, ...]]]) -> None:
        """Reasons over signatures that were never seen, as far as their factors were not, and keeps what followed."""
        todo: dict[int, dict[Subject, None]] = {}
        asked: set[tuple[int, Any]] = set()
        for subject, signature in pending:
            for which, factor in enumerate(self.factors):
                key = factor.key(signature, subject)
                if key not in factor.known and (which, key) not in asked:
                    asked.add((which, key))
                    for number in factor.needed:
                        todo.setdefault(number, {})[subject] = None
        before = len(world.clashes)
        for number in sorted(todo):
            world.step(self.steps[number], list(todo[number]))
        clashing = {subject for subject, _, _ in world.clashes[before:]}
        local: dict[tuple[int, Any], Found] = {}
        for subject, signature in pending:
            if subject not in clashing:
                self._put_together(subject, signature, local)
                continue
            for one in self.steps:
                world.step(one, [subject])
        world.clashes[before:] = dict.fromkeys(world.clashes[before:])

    def _put_together(self, subject: Subject, signature: tuple[Any, ...], local: dict[tuple[int, Any], Found]) -> None:
        every: list[Found] = []
        for number, factor in enumerate(self.factors):
            key = factor.key(signature, subject)
            found = factor.known.get(key) or local.get((number, key))
            if found is None:
                found = local[number, key] = Found(factor, subject)
                if key is not subject:
                    self._keep(factor, key, found)
            every.append(found)
            for index, value, mask in zip(factor.fields, found.values, found.masks, strict=True):
                subject.values[index], subject.masks[index] = value, mask
        subject.take(every)
        if OPEN in signature:
            return
        if self.size * len(self._known) > MOST_KEPT:
            self._known.clear()
        self._known[signature] = Whole(self._runs, subject, every)

    def _keep(self, factor: Factor, key: object, found: Found) -> None:
        self._held += factor.size
        if self._held > MOST_KEPT:
            self._held = 0
            for one in self.factors:
                one.known.clear()
        factor.known[key] = found


class _Tokens:
    """What the steps of a block read that is not worked out in it: directly, and in the end."""

    def __init__(self, steps: Sequence[Step], program: Program) -> None:
        self.steps = steps
        self.program = program
        self.aggregates = {one.node: one.number for one in reversed(program.aggregates)}
        self.number = {one.key: number for number, one in enumerate(steps)}
        self.needed: list[frozenset[int]] = []
        """For each step, the steps of the block that lead to it, and itself."""
        self.support: list[frozenset[Token]] = []
        for number, step in enumerate(steps):
            lower = [self.number[key] for key in self._within(step)]
            self.needed.append(frozenset(chain([number], *(self.needed[one] for one in lower))))
            self.support.append(frozenset(chain(self._outside(step), *(self.support[one] for one in lower))))
        order = {"own": 0, "case": 1}
        every = frozenset().union(*self.support)
        self.all = sorted(every, key=lambda token: (order.get(token[0], 2), token[0], _sortable(token)))

    def indices(self, word: str) -> tuple[int, ...]:
        return tuple(token[1] for token in self.all if token[0] == word)

    def others(self) -> list[Token]:
        return [token for token in self.all if token[0] not in ("own", "case")]

    def factors(self) -> list[Factor]:
        """Each step belongs to the first of the greatest supports that holds all of its own."""
        supports = sorted(set(self.support), key=lambda one: (len(one), sorted(map(str, one))))
        greatest = [one for one in supports if not any(one < other for other in supports)]
        members: dict[frozenset[Token], list[int]] = {one: [] for one in greatest}
        for number, support in enumerate(self.support):
            members[next(one for one in greatest if support <= one)].append(number)
        place = {token: at for at, token in enumerate(self.all)}
        return [
            Factor(
                [self.steps[number] for number in numbers],
                sorted(place[token] for token in support),
                sorted(place[token] for token in support if token[0] == "count"),
                sorted(frozenset().union(*(self.needed[number] for number in numbers))),
            )
            for support, numbers in members.items()
        ]

    def _within(self, step: Step) -> Iterator[str]:
        """The steps of the block that a step reads."""
        return (key for key in step.reads if key in self.number and key != step.key)

    def _outside(self, step: Step) -> Iterator[Token]:
        if isinstance(step, Group):
            yield from self._of_group(step)
            return
        if step.role == "computed":
            yield from (("count", self.aggregates[node]) for node in counts_in(step))
        if step.applies >= 0 and self.program.fields[step.kind][step.applies].key not in self.number:
            yield "value", step.applies
        group = step.group
        if group is not None and group.key not in self.number:
            yield ("resolution" if step.role == "concluded" else "outcomes"), group.name

    def _of_group(self, group: Group) -> Iterator[Token]:
        fields = self.program.fields
        for index in group.own:
            if fields[group.kind][index].key not in self.number:
                yield "own", index
        for index in group.shared:
            if group.kind != CASE or fields[CASE][index].key not in self.number:
                yield "case", index
        for rule in group.outside:
            if self.program.group_of[rule.id].key not in self.number:
                yield "rule", rule.id
        if any(rule.periods for rule in group.rules):
            yield "day", ""


def _sortable(token: Token) -> tuple[int, str]:
    return (token[1], "") if isinstance(token[1], int) else (0, token[1])


def _tell(token: Token, world: World, subject: Subject) -> object:
    word, what = token
    match word:
        case "count":
            try:
                return world.aggregate(world.program.aggregates[what], subject)
            except Unsettled:
                return OPEN
        case "value":
            return subject.values[what]
        case "rule":
            return world.state(world.program.pack.rules[what], subject)
        case "resolution":
            return subject.resolutions.get(what)
        case "outcomes":
            return subject.outcomes[what]
    return world.as_of


def one_by_one(program: Program) -> list[Stratum]:
    """The steps, each by itself: the same comes out, more slowly."""
    blank = [Given(kind, (), len(fields)) for kind, fields in program.fields.items()]
    return [*blank, *map(Single, program.steps)]


def strata(program: Program) -> list[Stratum]:
    """All steps of a program, each after what it reads, those that follow from signatures together in blocks."""
    given: dict[str, list[Field]] = {kind: [] for kind in program.fields}
    levels: dict[str, int] = {}
    in_block: dict[str, str] = {}
    """By the key of a step that goes into a block: its kind."""
    found: dict[int, list[Step]] = {}
    for step in program.steps:
        if isinstance(step, Field) and step.role == "asked" and step.applies < 0:
            given[step.kind].append(step)
            levels[step.key] = 0
            continue
        follows = follows_from_cells(step)
        level = _level(step, levels, in_block, follows=follows)
        levels[step.key] = level
        if follows:
            in_block[step.key] = step.kind
        found.setdefault(level, []).append(step)
    first = [Given(kind, fields, len(program.fields[kind])) for kind, fields in given.items()]
    return [*first, *chain.from_iterable(_stratum(found[level], program, level) for level in sorted(found))]


def _level(step: Step, levels: Mapping[str, int], in_block: Mapping[str, str], *, follows: bool) -> int:
    """Steps one by one stand on even levels, blocks on odd ones."""
    level = 1 if follows else 0
    for read in step.reads:
        if read not in levels:
            continue
        own = levels[read]
        if not follows:
            least = own + own % 2
        elif in_block.get(read) == step.kind:
            least = own
        else:
            least = own + 1 + own % 2
        level = max(level, least)
    return level


def _stratum(steps: Sequence[Step], program: Program, level: int) -> Sequence[Stratum]:
    if level % 2 == 0:
        return [Single(step) for step in steps]
    kinds = dict.fromkeys(one.kind for one in steps)
    return [Block(kind, [one for one in steps if one.kind == kind], program) for kind in kinds]


def follows_from_cells(step: Step) -> bool:
    """Whether a step follows from cells alone: conditions, and conclusions that are settled values."""
    if isinstance(step, Group):
        return step.matcher is not None
    if step.role == "concluded":
        group = step.group
        return group is not None and not any(map(callable, (step.otherwise, *group.conclusions)))
    if step.role == "computed":
        return step.condition is not None and only_counts(step.condition)
    return step.role in ("matched", "surely", "could")


def only_counts(node: Node) -> bool:
    """Whether it compares nothing but numbers of entities, and whether there are any."""
    if isinstance(node, Aggregate):
        return _is_count(node)
    return not isinstance(node, _READING) and all(map(only_counts, children(node)))


def _is_count(node: Aggregate) -> bool:
    """Whether it is a number of entities, or whether there are any, and the same whatever it is seen from."""
    plain = node.op in ("number", "any", "no", "every") and not node.others
    return plain and (node.where is None or not looks_back(node.where))


def counts_in(step: Field) -> Iterator[Aggregate]:
    """The numbers of entities, and whether there are any, that a field with a condition compares."""
    assert step.condition is not None
    return (node for node in walk(step.condition) if isinstance(node, Aggregate) and _is_count(node))


def _may_be_stated(step: Step) -> bool:
    return isinstance(step, Field) and step.fact is not None and step.fact.may_be_stated


def _taker(places: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    if len(places) == 1:
        only = places[0]
        return lambda all_: (all_[only],)
    return itemgetter(*places) if places else lambda all_: ()


def _runs(indices: Iterable[int]) -> list[slice]:
    """The indices as unbroken runs."""
    runs: list[slice] = []
    for index in sorted(indices):
        if runs and runs[-1].stop == index:
            runs[-1] = slice(runs[-1].start, index + 1)
        else:
            runs.append(slice(index, index + 1))
    return runs
