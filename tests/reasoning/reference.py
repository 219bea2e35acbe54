"""The slow, obvious evaluator that the real inference is compared with: every completion tried, every set kept whole.

It reads the same `Pack` and `Case` and shares nothing else with the program but the trees: no cells, no network, no
signatures, no search by need. It knows facts of every kind over small domains, complete and incomplete lists apart.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from advisor.cases.case import Case
from advisor.language.tree import (
    CASE,
    Aggregate,
    And,
    Arithmetic,
    Between,
    Call,
    Certainty,
    Compare,
    Condition,
    Expr,
    FactRef,
    Known,
    Literal,
    Member,
    Not,
    Or,
    ParameterRef,
    Truth,
    walk,
)
from advisor.packs.pack import Fact, Pack, Rule
from advisor.values.types import CHOICES, NONE, REFERENCE, YES_NO, Among, Partial, Within

Where = tuple[str, str, str]
"""A kind, an entity's id (empty for the case), and a field (`problems.late` for one box)."""


class Reference:
    """All that is possible of each field of a case, and the state of each rule, worked out the long way."""

    def __init__(self, pack: Pack, case: Case, as_of: date) -> None:
        self.pack = pack
        self.case = case
        self.as_of = as_of
        self.ids = {kind: [item.id for item in case.items(kind)] for kind in pack.entities}
        self.times = {(kind, item.id): item.times for kind in pack.entities for item in case.items(kind)}
        self.known: dict[Where, frozenset[Any]] = {}
        self.leaves: list[Where] | None = None

    # --- what is possible ------------------------------------------------------------------------------------

    def possible(self, kind: str, entity: str, field: str) -> frozenset[Any]:
        where = (kind, entity, field)
        if where not in self.known:
            self.known[where] = self._possible(where)
        return self.known[where]

    def _possible(self, where: Where) -> frozenset[Any]:
        kind, entity, field = where
        fact = self.fact(kind, field)
        found = self._own(where, fact)
        if fact.applies is None:
            return found
        applies = self.holds(fact.applies, kind, entity)
        nothing = self.nothing(fact)
        return found if applies is True else frozenset((nothing,)) if applies is False else found | {nothing}

    def _own(self, where: Where, fact: Fact) -> frozenset[Any]:
        kind, entity, field = where
        answer = self.case.answer(kind, entity, field) if fact.asked else None
        if answer is not None and not answer.unknown:
            return listed(answer.value)
        if fact.concluded:
            found = self.concluded(fact, kind, entity)
        elif fact.derived:
            found = frozenset(self.completed(where))
        else:
            found = self.domain(fact)
        if answer is not None and fact.assume is not None and len(found) > 1:
            return listed(fact.assume.value)
        return found

    def fact(self, kind: str, field: str) -> Fact:
        return self.pack.facts[kind][field.partition(".")[0]]

    def nothing(self, fact: Fact) -> Any:
        return False if fact.type.kind in (YES_NO, CHOICES) else NONE

    def domain(self, fact: Fact) -> frozenset[Any]:
        if fact.type.kind == CHOICES:
            return frozenset((True, False))
        if fact.type.kind == REFERENCE:
            return frozenset(self.ids[fact.type.entity])
        return listed(fact.type.domain())

    def undecided(self, fact: Fact) -> frozenset[Any]:
        """What a fact may be that no rule decides: a choice with one value only is then not taken to have it."""
        found = self.domain(fact)
        return found if len(found) > 1 else found | {NONE}

    # --- rules -------------------------------------------------------------------------------------------------

    def state(self, rule: Rule, entity: str) -> bool | None:
        """Concludes, is ruled out, or is open."""
        found = both(self.holds(rule.when, rule.about, entity), rule.in_force(self.as_of))
        for other in self.pack.rules.values():
            if rule.id in other.overrides:
                state = self.state(other, entity if other.about == rule.about else "")
                found = both(found, None if state is None else not state)
        return found

    def concluded(self, fact: Fact, kind: str, entity: str) -> frozenset[Any]:
        rules = [r for r in self.pack.rules.values() if r.about == kind and r.conclude and r.conclude[0] == fact.name]
        states = {rule.id: self.state(rule, entity) for rule in rules}
        sure = [rule for rule in rules if states[rule.id] is True and not rule.speculative]
        values = {rule.conclude[1].value for rule in sure if rule.conclude and isinstance(rule.conclude[1], Literal)}
        if values:
            return frozenset(values) if len(values) == 1 else self.undecided(fact)
        may_be = [rule for rule in rules if states[rule.id] is not False]
        return self.otherwise(fact) | {rule.conclude[1].value for rule in may_be}  # type: ignore[index, union-attr]

    def otherwise(self, fact: Fact) -> frozenset[Any]:
        if isinstance(fact.otherwise, str):
            return self.undecided(fact)
        return frozenset((self.nothing(fact) if fact.otherwise is None else fact.otherwise.value,))  # type: ignore[union-attr]

    # --- conditions, in three values -----------------------------------------------------------------------------

    def holds(self, node: Condition, kind: str, entity: str) -> bool | None:
        match node:
            case Not(operand):
                found = self.holds(operand, kind, entity)
                return None if found is None else not found
            case And(operands):
                outcomes = [self.holds(one, kind, entity) for one in operands]
                return False if False in outcomes else None if None in outcomes else True
            case Or(operands):
                outcomes = [self.holds(one, kind, entity) for one in operands]
                return True if True in outcomes else None if None in outcomes else False
            case Certainty(word, operand):
                found = self.holds(operand, kind, entity)
                return found is True if word == "surely" else found is not False
            case Known(operand):
                return len(set(self.values(operand, kind, entity))) == 1
            case Truth(Aggregate(op="any" | "no" | "every") as over) if not looks_back(over):
                return self.quantified(over, entity if kind == over.entity else "")
        tried_all = {
            Completed(self, world, tried=tried).test(node, kind, entity, entity)
            for world, tried in self.atom_worlds(node, kind, entity)
        }
        return tried_all.pop() if len(tried_all) == 1 else None

    def quantified(self, over: Aggregate, this: str) -> bool | None:
        """Any, no, every: and, or and not over the entities."""
        ids = [one for one in self.ids[over.entity] if not (over.others and one == this)]
        found = [True if over.where is None else self.holds(over.where, over.entity, one) for one in ids]
        if over.op == "every":
            return False if False in found else None if None in found else True
        any_ = True if True in found else None if None in found else False
        return any_ if over.op == "any" or any_ is None else not any_

    def atom_worlds(self, node: Condition, kind: str, entity: str) -> Iterator[tuple[Mapping[Where, Any], bool]]:
        """For an atom on one fact: each of the fact's possible values; for any other: each completion of the leaves."""
        operand = getattr(node, "operand", getattr(node, "left", None))
        others = [getattr(node, name, None) for name in ("right", "low", "high")]
        plain = all(other is None or isinstance(other, Literal) for other in others)
        if not isinstance(operand, FactRef) or not plain or operand.whose == "this":
            yield from ((world, False) for world in self.worlds())
        elif operand.via:
            yield from ((world, True) for world in self.via_worlds(operand, kind, entity))
        else:
            where = self.where(operand, entity)
            yield from (({where: value}, True) for value in self.possible(*where))

    def via_worlds(self, ref: FactRef, kind: str, entity: str) -> Iterator[Mapping[Where, Any]]:
        link = (kind, entity, ref.via)
        for to in self.possible(*link):
            if to is NONE:
                yield {link: to}
            else:
                target = (ref.kind, to, field_of(ref))
                yield from ({link: to, target: value} for value in self.possible(*target))

    def where(self, ref: FactRef, entity: str) -> Where:
        return (CASE, "", field_of(ref)) if ref.kind == CASE else (ref.kind, entity, field_of(ref))

    def values(self, node: Expr, kind: str, entity: str) -> Iterator[Any]:
        if isinstance(node, FactRef) and not node.via and node.whose != "this":
            yield from self.possible(*self.where(node, entity))
            return
        for world in self.worlds():
            yield Completed(self, world).value(node, kind, entity, entity)

    # --- completions ---------------------------------------------------------------------------------------------

    def completed(self, where: Where) -> Iterator[Any]:
        for world in self.worlds():
            yield Completed(self, world).field(*where)

    def size(self) -> int:
        """How many completions there are."""
        return math.prod(len(self.leaf_values(leaf)) for leaf in self.all_leaves())

    def worlds(self) -> Iterator[Mapping[Where, Any]]:
        """Every way in which all that nobody knows could turn out."""
        if self.leaves is None:
            self.leaves = list(self.all_leaves())
        choices = [sorted(self.leaf_values(leaf), key=str) for leaf in self.leaves]
        for values in itertools.product(*choices):
            yield dict(zip(self.leaves, values, strict=True))

    def all_leaves(self) -> Iterator[Where]:
        for kind in self.pack.kinds():
            for entity in [""] if kind == CASE else self.ids[kind]:
                for fact in self.pack.facts[kind].values():
                    if not fact.derived or self.is_undetermined(fact):
                        yield from ((kind, entity, name) for name in names_of(fact))

    def is_undetermined(self, fact: Fact) -> bool:
        """Whether a concluded fact can stay unknown although all else is known."""
        rules = [r for r in self.pack.rules.values() if r.conclude and r.conclude[0] == fact.name]
        loose = any(self.is_loose(rule) for rule in rules)
        return fact.concluded and (isinstance(fact.otherwise, str) or loose or fact.may_be_stated)

    def is_loose(self, rule: Rule) -> bool:
        """Whether a rule can stay open although all is known: a guess, or vaguely dated, or overridden by such."""
        over = [other for other in self.pack.rules.values() if rule.id in other.overrides]
        return rule.speculative or rule.in_force(self.as_of) is None or any(self.is_loose(other) for other in over)

    def leaf_values(self, leaf: Where) -> frozenset[Any]:
        fact = self.fact(leaf[0], leaf[2])
        answer = self.case.answer(*leaf)
        if answer is not None and not answer.unknown:
            return listed(answer.value)
        if not fact.derived and answer is not None and fact.assume is not None:
            return listed(fact.assume.value)
        return self.undecided(fact) if fact.derived else self.domain(fact)


FUNCTIONS: dict[str, Any] = {
    "min": min,
    "max": max,
    "floor": math.floor,
    "ceiling": math.ceil,
    "abs": abs,
    "remainder": lambda one, by: NONE if by == 0 else Fraction(one) % Fraction(by),
}


class Completed:
    """One completion: every leaf has a value."""

    def __init__(self, reference: Reference, world: Mapping[Where, Any], *, tried: bool = False) -> None:
        """`tried`: `world` gives the values of fields for one atom, derived ones too; else those of the leaves."""
        self.reference = reference
        self.pack = reference.pack
        self.world = world
        self.tried = tried

    def field(self, kind: str, entity: str, field: str) -> Any:
        where = (kind, entity, field)
        fact = self.reference.fact(kind, field)
        if fact.applies is not None and not self.test(fact.applies, kind, entity, entity):
            return self.reference.nothing(fact)
        if where in self.world and not fact.derived:
            return self.world[where]
        if fact.concluded:
            return self.concluded(fact, where)
        if fact.formula is not None:
            return bounded(self.value(fact.formula, kind, entity, entity), fact)
        return self.by_rows(fact, where)

    def by_rows(self, fact: Fact, where: Where) -> Any:
        kind, entity, field = where
        rows = [row for row in fact.rows if row.when is None or self.test(row.when, kind, entity, entity)]
        if fact.hit == "collect-sum":
            shares = [self.value(row.value, kind, entity, entity) for row in rows]
            return bounded(sum(share for share in shares if share is not NONE), fact)
        if fact.type.kind == CHOICES:
            several = rows if fact.hit == "collect" else rows[:1]
            return any(field.partition(".")[2] in row.ticks for row in several)
        return bounded(self.value(rows[0].value, kind, entity, entity), fact) if rows else self.reference.nothing(fact)

    def concluded(self, fact: Fact, where: Where) -> Any:
        kind, entity, _ = where
        answer = self.reference.case.answer(*where) if fact.may_be_stated else None
        if answer is not None and not answer.unknown:
            return self.world[where]
        rules = [r for r in self.pack.rules.values() if r.about == kind and r.conclude and r.conclude[0] == fact.name]
        for rule in rules:
            if self.state(rule, entity) is True and not rule.speculative:
                return rule.conclude[1].value  # type: ignore[index, union-attr]
        loose = [r for r in rules if self.state(r, entity) is not False]
        may_be = self.reference.otherwise(fact) | {r.conclude[1].value for r in loose}  # type: ignore[index, union-attr]
        if len(may_be) == 1:
            return next(iter(may_be))
        chosen = self.world[where]
        return chosen if chosen in may_be else min(may_be, key=str)

    def state(self, rule: Rule, entity: str) -> bool | None:
        found = both(self.test(rule.when, rule.about, entity, entity), rule.in_force(self.reference.as_of))
        for other in self.pack.rules.values():
            if rule.id in other.overrides:
                state = self.state(other, entity if other.about == rule.about else "")
                found = both(found, None if state is None else not state)
        return found

    def test(self, node: Condition, kind: str, entity: str, this: str) -> bool:
        match node:
            case Not(operand):
                return not self.test(operand, kind, entity, this)
            case And(operands):
                return all(self.test(one, kind, entity, this) for one in operands)
            case Or(operands):
                return any(self.test(one, kind, entity, this) for one in operands)
            case Certainty() | Known():
                return bool(self.reference.holds(node, kind, entity))
            case Truth(operand):
                return self.value(operand, kind, entity, this) is True
            case Member(operand, values):
                return self.value(operand, kind, entity, this) in [one.value for one in values]
            case Between(operand, low, high):
                parts = [self.value(one, kind, entity, this) for one in (operand, low, high)]
                return NONE not in parts and parts[1] <= parts[0] <= parts[2]
            case Compare(op, left, right):
                return compared(op, self.value(left, kind, entity, this), self.value(right, kind, entity, this))
        raise TypeError(node)

    def value(self, node: Expr, kind: str, entity: str, this: str) -> Any:
        match node:
            case Literal(value):
                return value
            case FactRef():
                return self.fact_value(node, kind, entity, this)
            case ParameterRef(name):
                return self.parameter(name)
            case Arithmetic(op, left, right):
                return arithmetic(op, self.value(left, kind, entity, this), self.value(right, kind, entity, this))
            case Call(name, arguments):
                values = [self.value(one, kind, entity, this) for one in arguments]
                return NONE if NONE in values else FUNCTIONS[name](*values)
            case Aggregate():
                return self.aggregate(node, entity)
        raise TypeError(node)

    def fact_value(self, node: FactRef, kind: str, entity: str, this: str) -> Any:
        if node.kind == CASE:
            return self.given(CASE, "", field_of(node))
        owner = this if node.whose == "this" else entity
        if not node.via:
            return self.given(node.kind, owner, field_of(node))
        to = self.given(kind, owner, node.via)
        if to is NONE:
            return False if node.type.kind == YES_NO else NONE
        return self.given(node.kind, to, field_of(node))

    def given(self, kind: str, entity: str, field: str) -> Any:
        """A field's value: as given where an atom on it is tried, else worked out."""
        return self.world[kind, entity, field] if self.tried else self.field(kind, entity, field)

    def parameter(self, name: str) -> Any:
        for dated in self.pack.parameters[name].values:
            if dated.in_force(self.reference.as_of):
                return dated.value
        raise AssertionError("random packs have parameters in force")

    def aggregate(self, node: Aggregate, this: str) -> Any:
        found: list[Any] = []
        times: list[int] = []
        for entity in self.reference.ids[node.entity]:
            if node.others and entity == this:
                continue
            if node.where is not None and not self.test(node.where, node.entity, entity, this):
                if node.op == "every":
                    return False
                continue
            found.append(self.value(node.what, node.entity, entity, this) if node.what is not None else True)
            times.append(self.reference.times[node.entity, entity])
        return total(node.op, found, times)


def looks_back(over: Aggregate) -> bool:
    """Whether a `where` reads what it is seen from."""
    return over.where is not None and any(
        isinstance(node, FactRef) and node.whose == "this" for node in walk(over.where)
    )


def total(op: str, found: list[Any], times: list[int]) -> Any:
    """An aggregate of the values of the entities that count."""
    numbers = [value for value in found if value is not NONE]
    match op:
        case "any":
            return bool(found)
        case "no":
            return not found
        case "every":
            return True
        case "number":
            return sum(times)
        case "sum":
            return sum((value * n for value, n in zip(found, times, strict=True) if value is not NONE), 0)
        case "different":
            return len(set(numbers))
    if not numbers:
        return NONE
    return min(numbers) if op == "smallest" else max(numbers)


def compared(op: str, left: Any, right: Any) -> bool:
    """A comparison; any but == with `none` is false."""
    if op == "==":
        return bool(left == right)
    if left is NONE or right is NONE:
        return False
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op])


def arithmetic(op: str, left: Any, right: Any) -> Any:
    """Exact arithmetic; none with none, and for division by nought."""
    if left is NONE or right is NONE or (op == "/" and right == 0):
        return NONE
    return {"+": left + right, "-": left - right, "*": left * right, "/": Fraction(left) / right if right else 0}[op]


def bounded(value: Any, fact: Fact) -> Any:
    """What is worked out beyond a bound of the fact is at the bound."""
    if value is NONE:
        return NONE
    low, high = fact.type.low, fact.type.high
    return low if low is not None and value < low else high if high is not None and value > high else value


def both(one: bool | None, other: bool | None) -> bool | None:
    """Kleene's and."""
    return False if False in (one, other) else None if None in (one, other) else True


def listed(value: Any) -> frozenset[Any]:
    """Every value that is possible; ranges of whole numbers only."""
    if isinstance(value, Among):
        return value.values
    if isinstance(value, Within):
        low, high = value.low + value.low_open, value.high - value.high_open  # type: ignore[operator]
        return frozenset(range(low, high + 1)) | ({NONE} if value.maybe_none else frozenset())  # type: ignore[arg-type]
    assert not isinstance(value, Partial)
    return frozenset((value,))


def field_of(ref: FactRef) -> str:
    """A reference's field: the fact, or one box of it."""
    return f"{ref.name}.{ref.choice}" if ref.choice else ref.name


def names_of(fact: Fact) -> list[str]:
    """The fields of a fact: itself, or its boxes."""
    return [f"{fact.name}.{c}" for c in fact.type.choice_ids()] if fact.type.kind == CHOICES else [fact.name]
