"""Expressions and conditions as functions of settled values: what a tree means in one completion of a case.

In: a tree. Out: a function of a view (which gives the value of a field), the thing the expression is about, and the
thing the rule is about where that is another. Where a value is not settled, the view raises; nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from advisor.language.tree import (
    CASE,
    AddMonths,
    Aggregate,
    And,
    Arithmetic,
    Between,
    Call,
    Certainty,
    Clock,
    Compare,
    Condition,
    DaysBetween,
    Expr,
    FactRef,
    HoursBetween,
    Known,
    Literal,
    Lookup,
    Member,
    Not,
    Operator,
    Or,
    ParameterRef,
    TextTest,
    Truth,
    Weekday,
)
from advisor.reasoning import operations
from advisor.reasoning.formulas.terms import Term, is_term
from advisor.reasoning.subject import Subject
from advisor.values.types import NONE, YES_NO, Scalar, Type


class Unsettled(Exception):
    """A value that is needed is not settled."""


class View(Protocol):
    """Gives the values of fields, settled, or raises."""

    case: Subject
    today: date
    as_of: date

    def value(self, subject: Subject, index: int) -> Scalar:
        """The settled value of a field of a subject."""
        ...

    def follow(self, subject: Subject, reference: int, kind: str, index: int, alias: int) -> Scalar:
        """The value of a field of the entity that a reference field names."""
        ...

    def aggregate(self, aggregated: Aggregated, this: Subject) -> Scalar:
        """The value of an aggregate, seen from `this`."""
        ...

    def look_up(self, name: str, column: str, key: Scalar, day: date | None) -> Scalar:
        """A cell of a table, or a bracket of a parameter on a day (None: the as-of date)."""
        ...

    def look_up_fact(self, subject: Subject, index: int, name: str, column: str) -> Scalar:
        """A cell of a table, or a bracket at the as-of date, by a field of a subject."""
        ...

    def parameter_on(self, name: str, day: date) -> Scalar:
        """A parameter's value on a day."""
        ...

    def decide(self, op: Operator, one: Scalar | Term, other: Scalar | Term, about: Subject) -> bool:
        """Whether `one op other`, where one is a `formulas.terms` term; only for a view that lets terms in."""
        ...


Meaning = Callable[[View, Subject, Subject], Scalar]
Test = Callable[[View, Subject, Subject], bool]


class Names(Protocol):
    """Where fields stand; the compiled pack."""

    def field(self, kind: str, name: str, choice: str = "") -> int:
        """The index of a field of a kind."""
        ...

    def alias(self, reference: FactRef, kind: str) -> int:
        """The index, in `kind`, of the field that stands for a fact read along a reference."""
        ...

    def parameter(self, name: str) -> int:
        """The index, in the case, of the field that stands for a parameter at the as-of date."""
        ...

    def era(self) -> int:
        """The index, in the case, of the era of the as-of date."""
        ...

    def ground(self, node: Known | Certainty, kind: str) -> int:
        """The index, in `kind`, of the field that says what is known now, whatever completion is looked at."""
        ...

    def aggregated(self, node: Aggregate, kind: str) -> Aggregated:
        """The compiled aggregate."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Aggregated:
    """A compiled aggregate: over which entities, which of them, and what of each."""

    number: int
    node: Aggregate
    where: Test | None
    what: Meaning | None
    matched: int = -1
    """The field of the entities that says whether they meet `where`; -1 where that depends on what it is seen from."""
    reads: frozenset[str] = frozenset()
    """Keys of the fields of the entities that it reads."""

    @property
    def counts(self) -> bool:
        """Whether it only counts, or asks whether there are, entities that meet a matched condition."""
        return self.matched >= 0 and not self.node.others and self.node.op in ("number", "any", "no", "every")


def meaning(node: Expr, names: Names, kind: str, outer: str = "") -> Meaning:
    """What an expression comes to. `kind`: what it is about; `outer`: what `this` is, within a `where`."""
    match node:
        case Literal(value):
            return lambda view, it, this: value
        case FactRef():
            return _fact(node, names, kind, outer)
        case ParameterRef(name, _, on):
            return _parameter(name, on, names, kind, outer)
        case Lookup():
            return _lookup(node, names, kind, outer)
        case Clock("era"):
            era = names.era()
            return lambda view, it, this: view.value(view.case, era)
        case Clock("today"):
            return lambda view, it, this: view.today
        case Clock():
            return lambda view, it, this: view.as_of
        case Arithmetic(op, left, right):
            return _arithmetic(op, meaning(left, names, kind, outer), meaning(right, names, kind, outer))
        case AddMonths(base, months):
            start = meaning(base, names, kind, outer)
            return lambda view, it, this: operations.add_months(start(view, it, this), months)
        case DaysBetween(begin, end) | HoursBetween(begin, end):
            apart = operations.days_between if isinstance(node, DaysBetween) else operations.hours_between
            first, second = meaning(begin, names, kind, outer), meaning(end, names, kind, outer)
            return lambda view, it, this: apart(first(view, it, this), second(view, it, this))
        case Weekday(which, weekday, inclusive, base):
            start = meaning(base, names, kind, outer)
            return lambda view, it, this: operations.weekday_near(
                start(view, it, this), which == "first", weekday, inclusive
            )
        case Call():
            return _call(node, [meaning(one, names, kind, outer) for one in node.arguments])
        case Aggregate():
            aggregated = names.aggregated(node, kind)
            return lambda view, it, this: view.aggregate(aggregated, it)
    raise TypeError(node)


def added_up(rows: Sequence[tuple[Test | None, Meaning]]) -> Meaning:
    """The sum over the rows that apply; a row that concludes none adds nothing."""
    add = operations.ARITHMETIC["+"]

    def total(view: View, it: Subject, this: Subject) -> Scalar:
        found: Scalar = 0
        for when, value in rows:
            if when is None or when(view, it, this):
                share = value(view, it, this)
                found = found if share is NONE else add(found, share)
        return found

    return total


def within_bounds(value: Meaning, type_: Type) -> Meaning:
    """What is worked out of a fact of that type: beyond a bound of the type it is at the bound."""
    low, high = type_.low, type_.high
    if low is None and high is None:
        return value
    return lambda view, it, this: operations.clipped(value(view, it, this), low, high)


def _arithmetic(op: str, first: Meaning, second: Meaning) -> Meaning:
    combine = operations.ARITHMETIC[op]
    if op != "/":
        return lambda view, it, this: combine(first(view, it, this), second(view, it, this))

    def quotient(view: View, it: Subject, this: Subject) -> Scalar:
        one, other = first(view, it, this), second(view, it, this)
        if is_term(other) and view.decide("==", other, 0, it):
            return NONE
        return combine(one, other)

    return quotient


def _call(node: Call, parts: Sequence[Meaning]) -> Meaning:
    name, digits = node.name, node.digits
    if name != "remainder":
        return lambda view, it, this: operations.called(name, [part(view, it, this) for part in parts], digits)
    whole, by = parts

    def remainder(view: View, it: Subject, this: Subject) -> Scalar:
        one, other = whole(view, it, this), by(view, it, this)
        if is_term(other) and view.decide("==", other, 0, it):
            return NONE
        return operations.called("remainder", [one, other], 0)

    return remainder


def _fact(node: FactRef, names: Names, kind: str, outer: str) -> Meaning:
    if node.via:
        owner = outer if node.whose == "this" else kind
        reference = names.field(owner, node.via)
        index = names.field(node.kind, node.name, node.choice)
        alias = names.alias(node, owner)
        target = node.kind
        if node.whose == "this":
            return lambda view, it, this: view.follow(this, reference, target, index, alias)
        return lambda view, it, this: view.follow(it, reference, target, index, alias)
    index = names.field(node.kind, node.name, node.choice)
    if node.kind == CASE:
        return lambda view, it, this: view.value(view.case, index)
    if node.whose == "this":
        return lambda view, it, this: view.value(this, index)
    return lambda view, it, this: view.value(it, index)


def _parameter(name: str, on: Expr | None, names: Names, kind: str, outer: str) -> Meaning:
    if on is None:
        index = names.parameter(name)
        return lambda view, it, this: view.value(view.case, index)
    day = meaning(on, names, kind, outer)

    def read(view: View, it: Subject, this: Subject) -> Scalar:
        at = day(view, it, this)
        return NONE if at is NONE else view.parameter_on(name, at)  # type: ignore[arg-type]

    return read


def _lookup(node: Lookup, names: Names, kind: str, outer: str) -> Meaning:
    key = meaning(node.key, names, kind, outer)
    name, column = node.name, node.column
    if node.on is None and isinstance(node.key, FactRef) and not node.key.via and node.key.whose != "this":
        index = names.field(node.key.kind, node.key.name, node.key.choice)
        if node.key.kind == CASE:
            return lambda view, it, this: view.look_up_fact(view.case, index, name, column)
        return lambda view, it, this: view.look_up_fact(it, index, name, column)
    if node.on is None:
        return lambda view, it, this: view.look_up(name, column, key(view, it, this), None)
    day = meaning(node.on, names, kind, outer)

    def read(view: View, it: Subject, this: Subject) -> Scalar:
        at = day(view, it, this)
        return NONE if at is NONE else view.look_up(name, column, key(view, it, this), at)  # type: ignore[arg-type]

    return read


def truth(node: Condition, names: Names, kind: str, outer: str = "") -> Test:
    """Whether a condition holds."""
    match node:
        case Truth(operand):
            value = meaning(operand, names, kind, outer)
            return lambda view, it, this: value(view, it, this) is True
        case Compare(op, left, right):
            return _comparison(op, meaning(left, names, kind, outer), meaning(right, names, kind, outer))
        case Between(operand, low, high):
            at_least = _comparison(">=", meaning(operand, names, kind, outer), meaning(low, names, kind, outer))
            at_most = _comparison("<=", meaning(operand, names, kind, outer), meaning(high, names, kind, outer))
            return lambda view, it, this: at_least(view, it, this) and at_most(view, it, this)
        case Member(operand, values):
            value = meaning(operand, names, kind, outer)
            return _membership(value, frozenset(one.value for one in values))
        case TextTest(op, left, right, folded):
            return _text_test(op, meaning(left, names, kind, outer), meaning(right, names, kind, outer), folded=folded)
        case Known() | Certainty():
            return _ground(node, names, kind)
        case Not(inner):
            holds = truth(inner, names, kind, outer)
            return lambda view, it, this: not holds(view, it, this)
        case And(operands):
            parts = [truth(one, names, kind, outer) for one in operands]
            return lambda view, it, this: all(part(view, it, this) for part in parts)
        case Or(operands):
            parts = [truth(one, names, kind, outer) for one in operands]
            return lambda view, it, this: any(part(view, it, this) for part in parts)
    raise TypeError(node)


def _text_test(op: str, left: Meaning, right: Meaning, *, folded: bool) -> Test:
    def holds(view: View, it: Subject, this: Subject) -> bool:
        return operations.text_test(op, left(view, it, this), right(view, it, this), folded=folded)

    return holds


def _ground(node: Known | Certainty, names: Names, kind: str) -> Test:
    index = names.ground(node, kind)
    if kind == CASE:
        return lambda view, it, this: view.value(view.case, index) is True
    return lambda view, it, this: view.value(it, index) is True


def _comparison(op: Operator, left: Meaning, right: Meaning) -> Test:
    if op == "==":
        return _equality(left, right)
    compare = operations.COMPARISONS[op]

    def holds(view: View, it: Subject, this: Subject) -> bool:
        one, other = left(view, it, this), right(view, it, this)
        if one is NONE or other is NONE:
            return False
        return view.decide(op, one, other, it) if is_term(one) or is_term(other) else compare(one, other)

    return holds


def _equality(left: Meaning, right: Meaning) -> Test:
    def holds(view: View, it: Subject, this: Subject) -> bool:
        one, other = left(view, it, this), right(view, it, this)
        if is_term(one) or is_term(other):
            return one is not NONE and other is not NONE and view.decide("==", one, other, it)
        return one == other

    return holds


def _membership(value: Meaning, members: frozenset[Scalar]) -> Test:
    def holds(view: View, it: Subject, this: Subject) -> bool:
        one = value(view, it, this)
        if is_term(one):
            return any(member is not NONE and view.decide("==", one, member, it) for member in members)
        return one in members

    return holds


def empty(kind: str) -> Scalar:
    """The value of a fact of a type that does not apply."""
    return False if kind == YES_NO else NONE
