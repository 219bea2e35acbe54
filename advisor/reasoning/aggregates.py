"""Aggregates over entities: what each contributes, how that is combined, and what unlisted ones might add."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.reasoning.cells import FAR, Cells
from advisor.reasoning.evaluation import Aggregated, Unsettled, View
from advisor.reasoning.formulas.terms import Unknown, is_term, standing_in
from advisor.reasoning.operations import called
from advisor.reasoning.program import Field
from advisor.reasoning.situation import Situation
from advisor.reasoning.subject import Subject
from advisor.values.spans import Span
from advisor.values.types import NONE, REFERENCE, Among, Partial, Scalar, Within

Running = Scalar | frozenset[Scalar]
"""What an aggregate has come to so far; of `different`, the values met."""


def settled_aggregate(world: Situation, aggregated: Aggregated, this: Subject) -> Scalar:
    """An aggregate over entities of which all that it needs is settled. Raises Unsettled."""
    total = zero(aggregated)
    for one in world.members(aggregated, this):
        total = plus(aggregated, total, share_of(world, aggregated, one, this), one.times)
    return finished(aggregated, total)


def counted(entities: Sequence[Subject], aggregated: Aggregated) -> Scalar:
    """An aggregate that counts entities that meet a matched condition. Raises Unsettled."""
    at = aggregated.matched
    number = 0
    for one in entities:
        met = one.values[at]
        if met is True:
            number += one.times
        elif met is not False:
            raise Unsettled
    match aggregated.node.op:
        case "number":
            return number
        case "any":
            return number > 0
        case "no":
            return number == 0
    return number == sum([one.times for one in entities])


def is_settled(world: Situation, aggregated: Aggregated, this: Subject) -> bool:
    """Whether an aggregate, seen from `this`, has one value only."""
    try:
        settled_aggregate(world, aggregated, this)
    except Unsettled:
        return False
    return True


def zero(aggregated: Aggregated) -> Running:
    """What an aggregate over no entity has come to."""
    op = aggregated.node.op
    if op in ("number", "sum"):
        return 0
    return frozenset() if op == "different" else NONE if op in ("smallest", "largest") else False


def share_of(view: View, aggregated: Aggregated, one: Subject, this: Subject) -> Running:
    """What one entity adds to an aggregate."""
    op = aggregated.node.op
    holds = _counts(view, aggregated, one, this)
    if op == "every":
        return not holds
    if op in ("any", "no"):
        return holds
    if not holds:
        return zero(aggregated)
    if op == "number":
        return 1
    assert aggregated.what is not None
    value = aggregated.what(view, one, this)
    if op == "different":
        return frozenset() if value is NONE else frozenset((value,))
    return 0 if op == "sum" and value is NONE else value


def _counts(view: View, aggregated: Aggregated, one: Subject, this: Subject) -> bool:
    if aggregated.matched >= 0:
        return view.value(one, aggregated.matched) is True
    return aggregated.where is None or aggregated.where(view, one, this)


def quantified(world: Situation, aggregated: Aggregated, this: Subject) -> bool | None:
    """Whether any, no or every entity meets a condition, in three values; a matched field must say which do."""
    op = aggregated.node.op
    stops = op == "every"
    found: bool | None = False
    for one in world.members(aggregated, this):
        holds = one.values[aggregated.matched]
        if isinstance(holds, Partial):
            found = None
        elif (holds is True) is not stops:
            found = True
            break
    if found is False and not world.complete[aggregated.node.entity]:
        found = None
    return found if op == "any" or found is None else not found


def plus(aggregated: Aggregated, total: Running, share: Running, times: int) -> Running:
    """What an aggregate has come to once an entity that stands for `times` alike has added its share."""
    match aggregated.node.op:
        case "number" | "sum":
            return total + share * times  # type: ignore[operator]
        case "different":
            return total | share  # type: ignore[operator]
        case "smallest" | "largest":
            if total is NONE or share is NONE:
                return share if total is NONE else total
            return called("min" if aggregated.node.op == "smallest" else "max", (total, share), 0)  # type: ignore[arg-type]
    return total or share


def finished(aggregated: Aggregated, total: Running) -> Scalar:
    """The aggregate's value from its total."""
    op = aggregated.node.op
    if op == "different":
        return _different(total)  # type: ignore[arg-type]
    if op in ("no", "every"):
        return not total
    return total  # type: ignore[return-value]


def _different(values: frozenset[Scalar]) -> Scalar:
    """How many values there are; of terms, which may come to the same, each may or may not be one more."""
    terms = sum(is_term(value) for value in values)
    if not terms:
        return len(values)
    name = ("different", tuple(sorted(map(str, values))))
    return standing_in(Unknown(name, Span(max(1, len(values) - terms), len(values)), whole=True))


def is_count(aggregated: Aggregated) -> bool:
    """Whether an aggregate counts entities."""
    return aggregated.node.op in ("number", "different")


def unlisted(aggregated: Aggregated) -> list[Scalar]:
    """Samples of what entities that are not listed may add."""
    match aggregated.node.op:
        case "any" | "no" | "every":
            return [False, True]
        case "number" | "different":
            return [0, 1, FAR]
        case "sum":
            low = [] if aggregated.node.what is not None and _at_least_nothing(aggregated) else [-FAR]
            return [*low, 0, FAR]
    type_ = aggregated.node.type if aggregated.node.what is None else aggregated.node.what.type
    return [NONE, *Cells(type_, ()).samples(Within(type_.low, type_.high))]


def _at_least_nothing(aggregated: Aggregated) -> bool:
    low = aggregated.node.what.type.low if aggregated.node.what is not None else None
    return isinstance(low, int) and low >= 0


def extended(op: str, total: Scalar, more: Scalar) -> Scalar:
    """What an aggregate comes to once entities that are not listed add `more` to its total."""
    match op:
        case "any":
            return bool(total or more)
        case "no" | "every":
            return bool(total and not more)
        case "number" | "different" | "sum":
            return total + more  # type: ignore[operator]
    if total is NONE or more is NONE:
        return more if total is NONE else total
    return called("min" if op == "smallest" else "max", (total, more), 0)


def components(world: Situation) -> list[list[Subject]]:
    """The entities, those together that references join; in the order of their kinds and ids."""
    parent: dict[Subject, Subject] = {}

    def root(one: Subject) -> Subject:
        while one in parent:
            one = parent[one]
        return one

    subjects = [one for many in world.entities.values() for one in many]
    for one in subjects:
        for step in world.program.fields[one.kind]:
            if step.role == "asked" and step.type.kind == REFERENCE:
                for other in _referred(world, one, step):
                    first, second = root(one), root(other)
                    if first is not second:
                        parent[second] = first
    found: dict[Subject, list[Subject]] = {}
    for one in subjects:
        found.setdefault(root(one), []).append(one)
    return list(found.values())


def _referred(world: Situation, one: Subject, step: Field) -> list[Subject]:
    value = one.values[step.index]
    ids = value.values if isinstance(value, Among) else (value,)
    known = world.by_id[step.type.entity]
    return [known[id_] for id_ in ids if isinstance(id_, str) and id_ in known]
