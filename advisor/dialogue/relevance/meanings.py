"""Conditions and expressions as decision diagrams.

In: a tree of the condition language, what it is about, and the fields as diagrams. Out: the diagram of
what it comes to, for every completion of what is unknown. The single steps (arithmetic, dates) are those of
`reasoning/evaluation.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from advisor.dialogue.relevance.diagrams import Diagram, Diagrams, TooLarge
from advisor.dialogue.relevance.kept import KeptDiagrams, Key
from advisor.dialogue.relevance.unknowns import Who
from advisor.language import printing
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
    Or,
    ParameterRef,
    TextTest,
    Truth,
    Weekday,
    walk,
)
from advisor.packs.pack import Fact, Rule
from advisor.reasoning.evaluation import empty
from advisor.reasoning.operations import (
    ARITHMETIC,
    COMPARISONS,
    add_months,
    called,
    clipped,
    days_between,
    hours_between,
    text_test,
    weekday_near,
)
from advisor.reasoning.parameters import look_up, parameter_value
from advisor.reasoning.program import Field, Program
from advisor.values.types import NONE, TEXT, YES_OR_NO, Scalar, Value


class Fields(Protocol):
    """The fields of a case as diagrams, and what else trees are read against."""

    program: Program
    diagrams: Diagrams
    kept: KeptDiagrams
    today: date
    as_of: date

    def field(self, who: Who, index: int) -> Diagram:
        """What a field comes to. Raises TooLarge."""
        ...

    def whos(self, kind: str) -> list[Who]:
        """The case, or the listed entities of a kind."""
        ...

    def listed(self, kind: str, id_: str) -> bool:
        """Whether the case has that entity."""
        ...

    def times(self, who: Who) -> int:
        """How many alike an entity stands for."""
        ...

    def complete(self, kind: str) -> bool:
        """Whether no more entities of a kind exist than are listed."""
        ...

    def unlisted(self, node: Aggregate) -> Diagram:
        """What entities that are not listed add to an aggregate."""
        ...

    def of_value(self, who: Who, name: str, value: Value) -> Diagram:
        """A figure of the pack that may be known in part."""
        ...

    def of_unlisted(self, who: Who, reference: FactRef, id_: str) -> Diagram:
        """A fact of an entity that is not listed: anything that its type allows."""
        ...

    def hangs(self, who: Who, name: str, on: frozenset[int]) -> Diagram:
        """A yes/no that is no as long as any of these unknowns is; no where none of them can be asked for."""
        ...

    def unless_doubtful(self, who: Who, one: Field, found: Diagram) -> Diagram:
        """`found`; or yes or no, where it rests on what nobody knows."""
        ...


class Meanings:
    """What trees come to.

    `it` is what a tree is about, `this` what its rule is about (another one within a `where`).
    """

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.diagrams = fields.diagrams
        self.program = fields.program
        self.case: Who = (CASE, "")

    # --- facts, rows, conclusions ----------------------------------------------------------------------------------

    def formula(self, fact: Fact, who: Who, choice: str = "") -> Diagram:
        """What a derived fact's formula or rows come to; `choice`: which of several that may be concluded."""
        return self._within_bounds(self._formula(fact, who, choice), fact)

    def _within_bounds(self, value: Diagram, fact: Fact) -> Diagram:
        low, high = fact.type.low, fact.type.high
        if low is None and high is None:
            return value
        return self.diagrams.lift(("clipped", low, high), lambda one: clipped(one, low, high), value)

    def _formula(self, fact: Fact, who: Who, choice: str) -> Diagram:
        if fact.formula is not None:
            return self.expression(fact.formula, who, who)
        if fact.hit == "collect-sum":
            return self._added_up(fact, who)
        found = self.diagrams.settled(False if choice else empty(fact.type.kind))
        for row in reversed(fact.rows_of(choice)):
            if row.when is None:
                found = self.expression(row.value, who, who)
                continue
            test = self.condition(row.when, who, who)
            if test != self.diagrams.false:
                found = self.diagrams.choice(test, self.expression(row.value, who, who), found)
        return found

    def _added_up(self, fact: Fact, who: Who) -> Diagram:
        """The sum over the rows that apply."""
        nothing = found = self.diagrams.settled(0)
        for row in fact.rows:
            share = self.expression(row.value, who, who)
            if row.when is not None:
                share = self.diagrams.choice(self.condition(row.when, who, who), share, nothing)
            found = self.diagrams.lift(("sum", 1), _adding("sum", 1), found, share)
        return found

    def conclusion(self, rule: Rule, who: Who) -> Diagram:
        """The value that a rule concludes."""
        assert rule.conclude is not None
        name, value = rule.conclude
        return self._within_bounds(self.expression(value, who, who), self.program.pack.facts[rule.about][name])

    def otherwise(self, one: Field, who: Who) -> Diagram:
        """The value of a derived fact that no rule concludes."""
        assert one.fact is not None
        node = one.fact.otherwise
        if node is None or isinstance(node, str):
            return self.diagrams.settled(empty(one.type.kind))
        return self._within_bounds(self.expression(node, who, who), one.fact)

    def ground(self, one: Field, who: Who) -> Diagram:
        """Whether something is known, surely so or possibly so: yes or no now, and what it may turn to."""
        if one.role == "known":
            assert one.expression is not None
            inner = self.expression(one.expression, who, who)
        else:
            assert one.group is not None
            inner = self.condition(one.group.conditions[0], who, who)
        if self.diagrams.is_settled(inner):
            found = (
                self.diagrams.true if one.role == "known" else self.diagrams.settled(self.diagrams.value[inner] is True)
            )
            return self.fields.unless_doubtful(who, one, found)
        turned = self.fields.hangs(who, one.name, self.diagrams.levels(inner))
        return self.diagrams.opposite(turned) if one.role == "could" else turned

    # --- conditions ------------------------------------------------------------------------------------------------

    def condition(self, node: Condition, it: Who, this: Who) -> Diagram:
        """Whether a condition holds."""
        match node:
            case Not(operand):
                return self.diagrams.opposite(self.condition(operand, it, this))
            case And(operands):
                found = self.diagrams.true
                for one in operands:
                    if found != self.diagrams.false:
                        found = self.diagrams.both(found, self.condition(one, it, this))
                return found
            case Or(operands):
                found = self.diagrams.false
                for one in operands:
                    if found != self.diagrams.true:
                        found = self.diagrams.either(found, self.condition(one, it, this))
                return found
            case Known() | Certainty():
                return self.fields.field(it, self.program.names.ground(node, it[0]))
        return self._comparison(node, it, this)

    def _comparison(self, node: Condition, it: Who, this: Who) -> Diagram:
        if isinstance(node, TextTest) or _measures_a_text(node):
            unknown = self._of_unknown_texts(node, it, this)
            if unknown is not None:
                return unknown
        match node:
            case Truth(operand):
                return self.diagrams.lift("is yes", _is_yes, self.expression(operand, it, this))
            case Compare(op, left, right):
                return self._compared(op, self.expression(left, it, this), self.expression(right, it, this))
            case Between(operand, low, high):
                value = self.expression(operand, it, this)
                at_least = self._compared(">=", value, self.expression(low, it, this))
                return self.diagrams.both(at_least, self._compared("<=", value, self.expression(high, it, this)))
            case Member(operand, values):
                among = frozenset(one.value for one in values)
                return self.diagrams.lift(("in", among), among.__contains__, self.expression(operand, it, this))
            case TextTest(op, left, right, folded):
                texts = self._settled(left, it, this), self._settled(right, it, this)
                return self.diagrams.settled(text_test(op, *texts, folded=folded))
        raise TypeError(node)

    def _of_unknown_texts(self, node: Condition, it: Who, this: Who) -> Diagram | None:
        """A comparison of texts that nobody told yet, or of their lengths: yes or no; None where they are told."""
        read = [part for part in walk(node) if isinstance(part, FactRef | Lookup) and part.type.kind == TEXT]
        texts = [self.expression(one, it, this) for one in read]
        if all(map(self.diagrams.is_settled, texts)):
            return None
        name = printing.text(node)
        found = self.fields.hangs(it, name, frozenset().union(*map(self.diagrams.levels, texts)))
        # Where none of the texts can be asked for, it may be either all the same.
        return self.fields.of_value(it, name, YES_OR_NO) if self.diagrams.is_settled(found) else found

    def _settled(self, node: Expr, it: Who, this: Who) -> Scalar:
        """The value of a text. Raises TooLarge where it is unknown: no few texts stand for all that it may be."""
        found = self.expression(node, it, this)
        if not self.diagrams.is_settled(found):
            raise TooLarge
        return self.diagrams.value[found]  # type: ignore[no-any-return]

    def _compared(self, op: str, left: Diagram, right: Diagram) -> Diagram:
        return self.diagrams.lift(op, _same if op == "==" else _ordered(op), left, right)

    # --- expressions -------------------------------------------------------------------------------------------------

    def expression(self, node: Expr, it: Who, this: Who) -> Diagram:
        """What an expression comes to."""
        match node:
            case Literal(value):
                return self.diagrams.settled(value)
            case FactRef():
                return self._fact(node, it, this)
            case ParameterRef() | Lookup() | Clock():
                return self._figure(node, it, this)
            case Aggregate():
                return self._aggregate(node, it)
        return self._worked_out(node, it, this)

    def _worked_out(self, node: Expr, it: Who, this: Who) -> Diagram:
        match node:
            case Arithmetic(op, left, right):
                parts = self.expression(left, it, this), self.expression(right, it, this)
                return self.diagrams.lift(op, ARITHMETIC[op], *parts)
            case AddMonths(base, months):
                start = self.expression(base, it, this)
                return self.diagrams.lift(("months", months), lambda day: add_months(day, months), start)
            case DaysBetween(start_, end):
                parts = self.expression(start_, it, this), self.expression(end, it, this)
                return self.diagrams.lift("days", days_between, *parts)
            case HoursBetween(start_, end):
                parts = self.expression(start_, it, this), self.expression(end, it, this)
                return self.diagrams.lift("hours", hours_between, *parts)
            case Weekday(which, weekday, inclusive, base):

                def near(day: Any) -> Scalar:  # noqa: ANN401 - a day, or none
                    return weekday_near(day, which == "first", weekday, inclusive)

                name = ("weekday", which, weekday, inclusive)
                return self.diagrams.lift(name, near, self.expression(base, it, this))
            case Call("length", (of,)):
                return self.diagrams.settled(called("length", [self._settled(of, it, this)], 0))
            case Call(name_, arguments, digits):
                found = [self.expression(one, it, this) for one in arguments]
                return self.diagrams.lift((name_, digits), lambda *values: called(name_, values, digits), *found)
        raise TypeError(node)

    def _fact(self, node: FactRef, it: Who, this: Who) -> Diagram:
        owner = self.case if node.kind == CASE and not node.via else this if node.whose == "this" else it
        if node.via:
            owner = self.case if node.whose == "case" else owner
            return self.fields.field(owner, self.program.names.alias(node, owner[0]))
        return self.fields.field(owner, self.program.field(owner[0], node.name, node.choice))

    def along(self, reference: FactRef, who: Who) -> Diagram:
        """A fact of the entity that a reference names."""
        index = self.program.field(reference.kind, reference.name, reference.choice)
        nothing = self.diagrams.settled(empty(reference.type.kind))

        def of(id_: Scalar) -> Diagram:
            if isinstance(id_, str) and self.fields.listed(reference.kind, id_):
                return self.fields.field((reference.kind, id_), index)
            if isinstance(id_, str) and id_.startswith("\x00"):
                return self.fields.of_unlisted(who, reference, id_)
            return nothing

        return self.diagrams.follow(self.fields.field(who, self.program.field(who[0], reference.via)), of)

    # --- figures of the pack -----------------------------------------------------------------------------------------

    def _figure(self, node: Expr, it: Who, this: Who) -> Diagram:
        match node:
            case ParameterRef(name, _, None):
                return self.fields.field(self.case, self.program.field(CASE, f"parameter {name}"))
            case ParameterRef(name, _, on):
                assert on is not None
                return self.diagrams.follow(self.expression(on, it, this), lambda day: self._parameter(name, day))
            case Lookup(name, column, key, _, on):
                day = self.diagrams.settled(self.fields.as_of) if on is None else self.expression(on, it, this)
                at = self.expression(key, it, this)
                return self.diagrams.follow(
                    day, lambda when: self.diagrams.follow(at, lambda value: self._cell(name, column, value, when))
                )
            case Clock("era"):
                return self.fields.field(self.case, self.program.field(CASE, "era"))
            case Clock("today"):
                return self.diagrams.settled(self.fields.today)
        return self.diagrams.settled(self.fields.as_of)

    def _parameter(self, name: str, day: Scalar) -> Diagram:
        if not isinstance(day, date):
            return self.diagrams.settled(NONE)
        value = parameter_value(self.program.pack.parameters[name], day)
        return self.fields.of_value(self.case, f"{name} on {day}", value)

    def _cell(self, name: str, column: str, key: Scalar, day: Scalar) -> Diagram:
        if not isinstance(day, date):
            return self.diagrams.settled(NONE)
        value = look_up(self.program.pack, name, column, key, day)
        return self.fields.of_value(self.case, f"{name} at {key} on {day}", value)

    # --- over entities -----------------------------------------------------------------------------------------------

    def _aggregate(self, node: Aggregate, this: Who) -> Diagram:
        return self.fields.kept.get(Key("aggregate", id(node), this), lambda: self._total(node, this))

    def _total(self, node: Aggregate, this: Who) -> Diagram:
        total = self.diagrams.settled(_nothing(node.op))
        for one in self.fields.whos(node.entity):
            if not (node.others and one == this):
                share = self._kept_share(node, one, this)
                times = self.fields.times(one)
                total = self.diagrams.lift((node.op, times), _adding(node.op, times), total, share)
        if not self.fields.complete(node.entity):
            more = self.fields.unlisted(node)
            total = self.diagrams.lift((node.op, 1), _adding(node.op, 1), total, more)
        return self.diagrams.lift(("end", node.op), _ended(node.op), total)

    def _kept_share(self, node: Aggregate, one: Who, this: Who) -> Diagram:
        """What one entity adds; seen from the case it is kept, so that entities that are alike share it."""
        if this != self.case:
            return self._share(node, one, this)
        return self.fields.kept.get(Key("share", id(node), one), lambda: self._share(node, one, this))

    def _share(self, node: Aggregate, one: Who, this: Who) -> Diagram:
        """What one entity adds."""
        nothing = self.diagrams.settled(_nothing(node.op))
        holds = self.diagrams.true if node.where is None else self.condition(node.where, one, this)
        if node.op in ("any", "no"):
            return holds
        if node.op == "every":
            return self.diagrams.opposite(holds)
        if node.op == "number":
            return self.diagrams.lift("counted", int, holds)
        if holds == self.diagrams.false:
            return nothing
        assert node.what is not None
        value = self.expression(node.what, one, this)
        if node.op == "different":
            value = self.diagrams.lift("alone", _alone, value)
        return self.diagrams.choice(holds, value, nothing)


class _Further(NamedTuple):
    """So many different things of entities that are not listed."""

    number: int


def _nothing(op: str) -> Any:  # noqa: ANN401 - a total, of whatever kind the aggregate adds up
    if op in ("number", "sum"):
        return 0
    return frozenset() if op == "different" else NONE if op in ("smallest", "largest") else False


def _alone(value: Scalar) -> frozenset[Scalar]:
    return frozenset() if value is NONE else frozenset((value,))


def _adding(op: str, times: int) -> Callable[[Any, Any], Any]:
    if op in ("number", "sum"):
        return lambda total, share: total if share is NONE else total + share * times
    if op == "different":
        return lambda total, share: total | share if isinstance(share, frozenset) else total | {_Further(share)}
    if op in ("smallest", "largest"):
        best = min if op == "smallest" else max
        return lambda total, share: share if total is NONE else total if share is NONE else best(total, share)
    return lambda total, share: total or share


def _ended(op: str) -> Callable[[Any], Any]:
    if op == "different":
        return lambda total: sum([one.number if isinstance(one, _Further) else 1 for one in total])
    return (lambda total: not total) if op in ("no", "every") else (lambda total: total)


@lru_cache(maxsize=8192)
def _measures_a_text(node: Condition) -> bool:
    return any(isinstance(part, Call) and part.name == "length" for part in walk(node))


def _is_yes(value: Scalar) -> bool:
    return value is True


def _same(one: Scalar, other: Scalar) -> bool:
    return one == other


def _ordered(op: str) -> Callable[[Scalar, Scalar], bool]:
    compare = COMPARISONS[op]
    return lambda one, other: one is not NONE and other is not NONE and compare(one, other)


__all__ = ["Fraction", "Meanings"]
