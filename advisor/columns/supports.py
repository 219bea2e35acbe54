"""What each field is worked out from in the end, as far as a table tells it column by column.

In: a compiled pack. Out: for each step the few things that it sees of a case. Where it sees other things, too (sums
over entities, what stands at the end of a reference), it has no support, and cases are reasoned over one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from advisor.language.tree import CASE, Aggregate, Expr, walk
from advisor.reasoning.completions.independence import aggregates_within
from advisor.reasoning.evaluation import Aggregated
from advisor.reasoning.program import Field, Group, Program, Step
from advisor.reasoning.strata import counts_in, follows_from_cells, only_counts
from advisor.values.types import REFERENCE


@dataclass(frozen=True, slots=True, order=True)
class Within:
    """Whether what was said of a field is, or may be, within some cells."""

    kind: str
    index: int
    cells: int


@dataclass(frozen=True, slots=True, order=True)
class Exactly:
    """The very value that was said of a field. `settled`: what follows from one that is not is searched for."""

    kind: str
    index: int
    settled: bool


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """How many entities meet a condition: the number of an aggregate."""

    number: int


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """What a field of the case came to that compares numbers of entities."""

    index: int


Part = Within | Exactly | Counted | Result
Support = frozenset[Part]


class Supports:
    """The supports of all steps of a program; None for those that have none."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.numbers: Mapping[Aggregate, int] = {one.node: one.number for one in reversed(program.aggregates)}
        self.known: dict[str, Support | None] = {}
        self.comparing: dict[int, Support] = {}
        """By index: the fields of the case that compare numbers of entities, and which numbers."""
        for step in program.steps:
            self.known[step.key] = self._of(step)

    def of(self, one: Field) -> Support | None:
        """What a field is worked out from."""
        return self.known[one.key]

    def _of(self, step: Step) -> Support | None:
        if isinstance(step, Group):
            return self._of_group(step)
        if step.role == "asked":
            # What was said is told by whoever reads it; here only whether it applies.
            return self._applies(step)
        if step.role in ("parameter", "era"):
            return frozenset()
        if step.role == "alias" or self._sees_others(step):
            return None
        if step.role == "computed" and step.condition is not None and only_counts(step.condition):
            return self._of_counts(step)
        if follows_from_cells(step):
            found = self._together(self.known.get(key) for key in step.reads)
        else:
            found = self._together(self._exactly(key, settled=step.role != "known") for key in step.reads)
        if found is None:
            return None
        stated = step.fact is not None and step.fact.may_be_stated and step.role == "concluded"
        own: Support = frozenset((Exactly(step.kind, step.index, settled=False),)) if stated else frozenset()
        return found | own

    def _together(self, supports: Iterable[Support | None]) -> Support | None:
        found: set[Part] = set()
        for one in supports:
            if one is None:
                return None
            found |= one
        return frozenset(found)

    def _applies(self, step: Field) -> Support | None:
        if step.type.kind == REFERENCE:
            return None
        return frozenset() if step.applies < 0 else self.of(self.program.fields[step.kind][step.applies])

    def _of_group(self, group: Group) -> Support | None:
        fields = self.program.fields
        reads = [fields[group.kind][index] for index in group.own] + [fields[CASE][index] for index in group.shared]
        return self._together(
            [
                *(self._seen(one, told) for one, told in zip(reads, group.tells, strict=True)),
                *(self.known.get(self.program.group_of[rule.id].key) for rule in group.outside),
            ]
        )

    def _seen(self, one: Field, told: Iterable[int]) -> Support | None:
        """What conditions see of a field that ask whether it is within some cells."""
        found = self.of(one)
        if found is None or one.role != "asked":
            return found
        return found | {Within(one.kind, one.index, cells) for cells in told}

    def _exactly(self, key: str, *, settled: bool) -> Support | None:
        """What is seen of a step by one that reads its value. Searches go beyond cells, so below them all is exact."""
        step = self._step(key)
        if isinstance(step, Field) and step.role == "asked":
            found = self._applies(step)
            return None if found is None else found | {Exactly(step.kind, step.index, settled)}
        below = self.known.get(key)
        if below is None or not settled:
            return below
        return frozenset(
            Exactly(part.kind, part.index, settled=True) if isinstance(part, Within | Exactly) else part
            for part in below
        )

    def _step(self, key: str) -> Step | None:
        word, kind, name = key.split(" ", 2)
        return self.program.groups[key] if word == "group" else self.program.find(kind, name)

    def _sees_others(self, step: Field) -> bool:
        """Whether it is worked out over entities otherwise than by counting them."""
        counting = step.role == "computed" and step.condition is not None and only_counts(step.condition)
        if not counting and (aggregates_within(step) or any(map(_aggregates, _further(step)))):
            return True
        kinds = {key.split(" ", 2)[1] for key in step.reads}
        return not counting and not kinds <= {CASE, step.kind}

    def _of_counts(self, step: Field) -> Support | None:
        numbers = [self.numbers[node] for node in counts_in(step)]
        matched = [self.program.aggregates[number] for number in numbers]
        if not all(map(self._can_be_counted, matched)):
            return None
        counted: Support = frozenset(map(Counted, numbers))
        if step.kind != CASE:
            return counted
        self.comparing[step.index] = counted
        return frozenset((Result(step.index),))

    def _can_be_counted(self, one: Aggregated) -> bool:
        if one.matched < 0:  # all of them, or such as depends on what it is seen from
            return one.node.where is None and one.node.op in ("number", "any", "no")
        return self.of(self.program.fields[one.node.entity][one.matched]) is not None


def _further(step: Field) -> Iterator[Expr]:
    """Expressions by which a field is worked out that do not stand in its own definition."""
    if step.expression is not None:
        yield step.expression
    for rule in step.group.rules if step.group is not None else ():
        if rule.conclude is not None:
            yield rule.conclude[1]


def _aggregates(node: Expr) -> bool:
    return any(isinstance(part, Aggregate) for part in walk(node))
