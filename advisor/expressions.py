"""The condition language as a tree: typed, frozen, small.

In: nothing. Out: the node classes, what a tree reads, and the tree written back as text that the parser reads to the same
tree. What a tree *means* is in `evaluation.py` (one completion) and `network.py` (matching); how text becomes a tree, in
`parser.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal as Word

from advisor.values import DATE, DURATION, MONEY, NONE, NUMBER, TEXT, YES_NO, Scalar, Type, decimal_text

CASE = "case"
"""The kind of the case itself, beside the entities that a pack declares."""

Whose = Word["self", "this", "case"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written down."""

    value: Scalar
    type: Type


@dataclass(frozen=True, slots=True)
class FactRef:
    """A fact. `whose`: of what the condition is about (`self`), of what the rule is about from within a `where` (`this`), or
    of the case. `via`: the reference fact along which it is read, one hop. `choice`: one box of a tick-several fact."""

    kind: str
    name: str
    type: Type
    whose: Whose = "self"
    via: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A dated parameter, read at the as-of date or on another."""

    name: str
    type: Type
    on: Expr | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table (column given) or bracket parameter (column empty), looked up by a key."""

    name: str
    column: str
    key: Expr
    type: Type
    on: Expr | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """`today`, `as of`, or the `era` of the as-of date."""

    name: Word["today", "as of", "era"]
    type: Type


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left op right` on numbers, or a date plus or minus days."""

    op: Word["+", "-", "*", "/"]
    left: Expr
    right: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class AddMonths:
    """A date, some months later (or earlier), clipped to the month's last day."""

    base: Expr
    months: int
    type: Type = Type(DATE)


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """Days from one date to another; negative where the second is earlier."""

    start: Expr
    end: Expr
    type: Type = Type(DURATION)


@dataclass(frozen=True, slots=True)
class Weekday:
    """The first or last such weekday, counted from a date. `weekday`: 0 is Monday."""

    which: Word["first", "last"]
    weekday: int
    inclusive: bool
    base: Expr
    type: Type = Type(DATE)


@dataclass(frozen=True, slots=True)
class Call:
    """`min`, `max` of several, or `round` to `digits` places (half away from zero)."""

    name: Word["min", "max", "round"]
    arguments: tuple[Expr, ...]
    digits: int
    type: Type


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Over the entities of a kind (`others`: all but `this`) that meet `where`: a number, or for any/no/every a yes/no."""

    op: Word["number", "sum", "smallest", "largest", "different", "any", "no", "every"]
    entity: str
    others: bool
    what: Expr | None
    where: Condition | None
    type: Type


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes/no expression that holds."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`; `!=` is `Not` of `==`. Any comparison but `==` with `none` is false."""

    op: Word["==", "<", "<=", ">", ">="]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Between:
    """From `low` to `high`, both included."""

    operand: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class Member:
    """The value is one of these."""

    operand: Expr
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Only one value is possible."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Certainty:
    """`surely`: true whatever the unknowns are. `could`: not impossible."""

    word: Word["surely", "could"]
    operand: Condition


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    operand: Condition


@dataclass(frozen=True, slots=True)
class And:
    """All of them; of none: true."""

    operands: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them; of none: false."""

    operands: tuple[Condition, ...]


Expr = (
    Literal | FactRef | ParameterRef | Lookup | Clock | Arithmetic | AddMonths | DaysBetween | Weekday | Call | Aggregate
)
Condition = Truth | Compare | Between | Member | Known | Certainty | Not | And | Or
Node = Expr | Condition

ALWAYS = And(())
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below `node`."""
    for one in fields(node):
        value = getattr(node, one.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def walk(node: Node) -> Iterator[Node]:
    """`node` and every node below it."""
    yield node
    for child in children(node):
        yield from walk(child)


_OPERATORS = {"<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least", "==": "is"}
_DATE_OPERATORS = {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after", "==": "is"}
_NEGATED = {"==": "is not"}


def text(node: Node) -> str:
    """The tree as text in the condition language; the parser reads it back to the same tree."""
    if isinstance(node, Condition):
        return _condition_text(node)
    return _expression_text(node)


def _condition_text(node: Condition) -> str:
    match node:
        case Truth(operand):
            box = _box_text(operand, "include")
            return box or text(operand)
        case Compare(op, left, right):
            words = _DATE_OPERATORS if _is_date(left) else _OPERATORS
            return f"{_operand(left)} {words[op]} {_operand(right)}"
        case Between(operand, low, high):
            return f"{_operand(operand)} is between {_operand(low)} and {_operand(high)}"
        case Member(operand, values):
            return f"{_operand(operand)} is one of [{', '.join(text(value) for value in values)}]"
        case Known(operand):
            return f"{_operand(operand)} is known"
        case Certainty(word, operand):
            return f"{word} ({text(operand)})"
        case Not(operand):
            return _negation_text(operand)
        case And(operands) | Or(operands):
            return _joined_text(node, operands)


def _joined_text(node: And | Or, operands: tuple[Condition, ...]) -> str:
    if not operands:
        return "always" if isinstance(node, And) else "never"
    word = " and " if isinstance(node, And) else " or "
    return word.join(f"({text(one)})" if _is_loose(one) else text(one) for one in operands)


def _is_loose(node: Condition) -> bool:
    """Whether a part needs brackets within and/or: another and/or, or a `where` that would reach to the end."""
    if isinstance(node, Not):
        return _is_loose(node.operand) and not isinstance(node.operand, And | Or)
    return isinstance(node, And | Or) or any(isinstance(one, Aggregate) for one in walk(node))


def _negation_text(operand: Condition) -> str:
    match operand:
        case Truth(inner):
            return _box_text(inner, "do not include") or f"not {_bracketed(operand)}"
        case Compare("==", left, right):
            return f"{_operand(left)} is not {_operand(right)}"
        case Member(inner, values):
            return f"{_operand(inner)} is not one of [{', '.join(text(value) for value in values)}]"
        case Known(inner):
            return f"{_operand(inner)} is unknown"
    return f"not {_bracketed(operand)}"


def _bracketed(node: Condition) -> str:
    simple = isinstance(node, Truth) and isinstance(node.operand, FactRef)
    return text(node) if simple or isinstance(node, Certainty) else f"({text(node)})"


def _box_text(node: Expr, verb: str) -> str:
    if isinstance(node, FactRef) and node.choice:
        return f"{_fact_text(node)} {verb} {node.choice}"
    return ""


def _fact_text(node: FactRef) -> str:
    name = node.name.replace("_", " ")
    owner = {"self": "", "case": "", "this": "this."}[node.whose]
    return f"{owner}{node.via + '.' if node.via else ''}{name}"


def _operand(node: Expr) -> str:
    return f"({text(node)})" if isinstance(node, Arithmetic | AddMonths | DaysBetween | Aggregate | Lookup | Weekday) else text(node)


def _expression_text(node: Expr) -> str:
    match node:
        case Literal(value, type_):
            return literal_text(value, type_)
        case FactRef():
            return _fact_text(node)
        case ParameterRef(name, _, on):
            return name.replace("_", " ") + (f" on {_operand(on)}" if on else "")
        case Lookup(name, column, key, _, on):
            at = f"{name.replace('_', ' ')}{'.' + column if column else ''} at {_operand(key)}"
            return at + (f" on {_operand(on)}" if on else "")
        case Clock(name):
            return name
        case Arithmetic(op, left, right):
            return f"{_operand(left)} {op} {_operand(right)}"
        case AddMonths(base, months):
            return f"{_operand(base)} {'-' if months < 0 else '+'} {abs(months)} months"
        case DaysBetween(start, end):
            return f"days from {_operand(start)} to {_operand(end)}"
        case Weekday(which, weekday, inclusive, base):
            side = "after" if which == "first" else "before"
            return f"{which} {WEEKDAYS[weekday]} {'on or ' if inclusive else ''}{side} {_operand(base)}"
        case Call(name, arguments, digits):
            extra = f", {digits}" if name == "round" and digits else ""
            return f"{name}({', '.join(text(one) for one in arguments)}{extra})"
        case Aggregate():
            return _aggregate_text(node)


def _aggregate_text(node: Aggregate) -> str:
    plural = f"{'other ' if node.others else ''}{node.entity}"
    where = f" where {text(node.where)}" if node.where else ""
    if node.op in ("any", "no", "every"):
        return f"{node.op} {plural}{where}"
    if node.op == "number":
        return f"number of {plural}{where}"
    what = text(node.what) if node.what else ""
    of = "number of different" if node.op == "different" else "sum of" if node.op == "sum" else node.op
    return f"{of} {what} over {plural}{where}"


def literal_text(value: Scalar, type_: Type) -> str:
    """A literal in the condition language."""
    if value is NONE:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return f'"{value}"' if type_.kind == TEXT else value
    number = decimal_text(value, 24)  # type: ignore[arg-type]
    if type_.kind == MONEY and type_.unit:
        return f"{number} {type_.unit}"
    return f"{number} days" if type_.kind == DURATION else number


def _is_date(node: Expr) -> bool:
    return node.type.kind == DATE


def yes_no() -> Type:
    """The type of a yes/no."""
    return Type(YES_NO)


def number_type() -> Type:
    """The type of a plain number."""
    return Type(NUMBER)
