"""The comparisons that a condition is made of: which, of what with what, and as differences from nought."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.language.tree import (
    And,
    Arithmetic,
    Between,
    Compare,
    Condition,
    DaysBetween,
    Expr,
    FactRef,
    Literal,
    Member,
    Not,
    Operator,
    Or,
    Truth,
    ticked,
    walk,
)
from advisor.values.types import DATE, NUMBER, Type


def atoms(condition: Condition) -> Iterator[Condition]:
    """The comparisons of a condition, without and, or and not; that nothing (or something) is ticked is one of them."""
    if ticked(condition) is not None:
        yield condition
        return
    match condition:
        case And(operands) | Or(operands):
            for one in operands:
                yield from atoms(one)
        case Not(operand):
            yield from atoms(operand)
        case _:
            yield condition


def looks_back(condition: Condition) -> bool:
    """Whether a `where` reads what the rule is about, so that it means something else for each."""
    return any(isinstance(node, FactRef) and node.whose == "this" for node in walk(condition))


def boxes(condition: Condition) -> Iterator[Condition]:
    """The ticked boxes that a condition reads, each by itself."""
    yield from (node for node in walk(condition) if isinstance(node, Truth))


def compared(atom: Condition) -> Iterator[tuple[Expr, Expr]]:
    """What is compared with what, either way."""
    match atom:
        case Compare(_, left, right):
            yield left, right
            yield right, left
        case Between(operand, low, high):
            yield operand, low
            yield operand, high


def differences(atom: Condition) -> Iterator[tuple[Operator, Expr]]:
    """A comparison of numbers or dates as differences that are compared with nought; nothing for any other."""
    match atom:
        case Compare(op, left, right) if left.type.ordered and right.type.ordered:
            yield op, difference(left, right)
        case Between(operand, low, high) if operand.type.ordered:
            yield ">=", difference(operand, low)
            yield "<=", difference(operand, high)


def difference(left: Expr, right: Expr) -> Expr:
    """`left - right`, in days for dates."""
    return DaysBetween(right, left) if left.type.kind == DATE else Arithmetic("-", left, right, Type(NUMBER))


def operand_of(atom: Condition) -> Expr | None:
    """What an atom compares with literals alone; None where it compares otherwise."""
    match atom:
        case Truth(operand):
            return operand if not isinstance(operand, Literal) else None
        case Compare(_, operand, Literal()):
            return operand
        case Between(operand, Literal(), Literal()):
            return operand
        case Member(operand, _):
            return operand
    return None
