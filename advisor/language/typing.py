"""Which types go together, and what comes out: the arithmetic of types.

In: types. Out: types, or None where they do not go together; and the words in which an author reads about it.
"""

from __future__ import annotations

from fractions import Fraction

from advisor.language.tree import Expr, Literal
from advisor.values.types import (
    CHOICE,
    CHOICES,
    DATE,
    DURATION,
    MOMENT,
    MONEY,
    NONE,
    NUMBER,
    REFERENCE,
    TEXT,
    TIME,
    WHOLE,
    YES_NO,
    Type,
)

BAD = Literal("", Type("?"))
"""Stands for what could not be read, so that reading can go on: it goes together with everything."""

_COUNTED = frozenset((WHOLE, NUMBER, DURATION))
_DESCRIBED = {
    YES_NO: "a yes or no",
    CHOICE: "a choice",
    CHOICES: "a list to tick",
    WHOLE: "a whole number",
    NUMBER: "a number",
    MONEY: "an amount of money",
    DURATION: "a number of days",
    DATE: "a date",
    TIME: "a time of day",
    MOMENT: "a moment",
    TEXT: "a text",
}


def is_bad(*nodes: Expr) -> bool:
    """Whether one of them could not be read."""
    return any(node.type.kind == "?" for node in nodes)


def described(type_: Type) -> str:
    """What a value of the type is, in an author's words."""
    if type_.kind == REFERENCE:
        return f"a {type_.entity}"
    return _DESCRIBED.get(type_.kind, type_.kind)


def contrasted(type_: Type, other: Type) -> str:
    """What a value of the type is, beside one of a type that does not go with it."""
    return "a choice between other things" if type_.kind == other.kind == CHOICE else described(type_)


def example(type_: Type, currency: str) -> str:
    """How to mend a value that should be of this type."""
    match type_.kind:
        case "choice":
            return f"its choices: {choices_shown(type_)}"
        case "money":
            return f"write an amount such as `250 {currency or 'USD'}`"
        case "date":
            return "write a date such as `2024-09-03`, or `today`"
        case "time of day":
            return "write a time such as `09:30`"
        case "moment":
            return "write a day and a time, such as `2024-09-03 09:30`"
        case "duration":
            return "write a time such as `14 days`, or `days until ...` with a date"
        case "text":
            return 'write a text in quotes, such as `"Berlin"`'
        case "yes/no":
            return "write `yes` or `no`"
        case "choices":
            return "say what is ticked with `include`"
        case "reference":
            return f"name a fact that is a {type_.entity}, or `none`"
    return "write a number"


def mended(given: Type, expected: Type, currency: str) -> str:
    """How to mend a value of type `given` that stands where `expected` is needed."""
    if expected.kind == WHOLE and given.kind == NUMBER:
        return "round it, as in `round(...)`"
    if expected.kind in _COUNTED and given.kind == MONEY:
        return f"divide it by an amount, as in `... / 1 {currency or 'USD'}`"
    return example(expected, currency)


def choices_shown(type_: Type, most: int = 12) -> str:
    """The choices of a type, at most so many."""
    ids = type_.choice_ids()
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(f"`{choice}`" for choice in ids[:most]) + more


def bare(type_: Type) -> Type:
    """The type without what belongs to one fact alone: its bounds and its label."""
    if type_.kind == CHOICE:
        return type_
    return Type(type_.kind, unit=type_.unit if type_.kind == MONEY else "", entity=type_.entity)


def fitted(node: Expr, other: Type) -> Expr:
    """`node`, read as `other` where it is `none`, or a bare number beside money or days."""
    if not isinstance(node, Literal):
        return node
    if node.value is NONE:
        return Literal(NONE, bare(other))
    if node.type.kind in (WHOLE, NUMBER) and other.kind in (MONEY, DURATION):
        return Literal(node.value, bare(other))
    return node


def comparable(left: Type, right: Type) -> bool:
    """Whether values of the two types can be compared."""
    if left.kind in _COUNTED:
        return right.kind in _COUNTED
    if left.kind != right.kind:
        return False
    if left.kind == CHOICE:
        return set(left.choice_ids()) == set(right.choice_ids())
    return left.entity == right.entity


def accepts(expected: Type, given: Type) -> bool:
    """Whether a value of type `given` can stand where `expected` is asked for."""
    if expected.kind == WHOLE and given.kind == NUMBER:
        return False
    if expected.kind == CHOICE and given.kind == CHOICE:
        return set(given.choice_ids()) <= set(expected.choice_ids())
    return comparable(expected, given)


def common(types: list[Type]) -> Type | None:
    """The type that covers all of these numbers or dates."""
    kinds = {type_.kind for type_ in types}
    if len(kinds) == 1 and types[0].ordered:
        return bare(types[0])
    if not kinds <= _COUNTED:
        return None
    return Type(DURATION if DURATION in kinds else NUMBER)


def arithmetic(op: str, left: Type, right: Type) -> Type | None:
    """The type of `left op right`. The difference of two dates is not among them."""
    if DATE in (left.kind, right.kind):
        days = right if left.kind == DATE else left
        fits = days.kind in _COUNTED and (op == "+" or (op == "-" and left.kind == DATE))
        return Type(DATE) if fits else None
    if not (left.numeric and right.numeric):
        return None
    if op in "+-":
        return common([left, right])
    return _product(left, right) if op == "*" else _quotient(left, right)


def _product(left: Type, right: Type) -> Type | None:
    kinds = (left.kind, right.kind)
    if kinds == (MONEY, MONEY):
        return None
    if MONEY in kinds:
        return bare(left if left.kind == MONEY else right)
    if kinds == (WHOLE, WHOLE):
        return Type(WHOLE)
    return Type(DURATION if kinds.count(DURATION) == 1 else NUMBER)


def _quotient(left: Type, right: Type) -> Type | None:
    if right.kind == MONEY:
        return Type(NUMBER) if left.kind == MONEY else None
    if left.kind == MONEY:
        return bare(left)
    return Type(DURATION if left.kind == DURATION and right.kind != DURATION else NUMBER)


def number_literal(value: int | Fraction) -> Literal:
    """A bare number."""
    return Literal(value, Type(WHOLE if isinstance(value, int) else NUMBER))
