"""Which fields are whole numbers, read off how they are computed rather than off their declared type."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from advisor.language.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Expr,
    FactRef,
    Literal,
    Lookup,
    ParameterRef,
    children,
)
from advisor.reasoning.program import Field, Program
from advisor.values.types import COUNTED, DATE, Type


def is_whole(program: Program, step: Field) -> bool:
    """Whether a field takes whole numbers (or dates) only."""
    if step.type.kind == DATE:
        return True
    if step.role == "alias" and step.reference is not None:
        target = program.find(step.reference.kind, step.reference.name)
        return target is not None and is_whole(program, target)
    if not _is_counted(step.type):
        return False
    return step.fact is None or not step.fact.derived or all(_whole(one, program) for one in _values(step))


def _is_counted(type_: Type) -> bool:
    return type_.kind in COUNTED


def _values(step: Field) -> Iterator[Expr]:
    """The expressions that a derived field may take its value from."""
    assert step.fact is not None
    yield from (one for one in (step.fact.formula, step.fact.otherwise) if one is not None and not isinstance(one, str))
    yield from (row.value for row in step.fact.rows)
    for rule in step.group.rules if step.group is not None else ():
        assert rule.conclude is not None
        yield rule.conclude[1]


def _whole(node: Expr, program: Program) -> bool:
    match node:
        case Literal(value):
            return not isinstance(value, Fraction)
        case FactRef():
            found = program.find(node.kind, node.name)
            return found is not None and is_whole(program, found)
        case ParameterRef() | Lookup():
            return _is_counted(node.type) or node.type.kind == DATE
        case Arithmetic("/"):
            return False
        case Call("round", _, digits) if digits == 0:
            return True
        case Call("floor" | "ceiling" | "length"):
            return True
        case Aggregate("sum" | "smallest" | "largest", what=what):
            return what is not None and _whole(what, program)
        case Aggregate():
            return True
    return all(_whole(one, program) for one in children(node) if isinstance(one, Expr))
