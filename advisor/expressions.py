"""The condition language as a tree: typed, frozen, small.

In: nothing. Out: the node classes, what a tree reads, and the tree written back as text that the parser reads to the
same tree. What a tree *means* is in `evaluation.py` (one completion) and `network.py` (matching); how text becomes a
tree, in `parser.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal as Word
from typing import get_args

from advisor.tokens import RESERVED, quoted
from advisor.values import DATE, DURATION, MONEY, NONE, NUMBER, TEXT, YES_NO, Scalar, Type, decimal_text

CASE = "case"
"""The kind of the case itself, beside the entities that a pack declares."""

Operator = Word["==", "<", "<=", ">", ">="]
Whose = Word["self", "this", "case"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written down."""

    value: Scalar
    type: Type


@dataclass(frozen=True, slots=True)
class FactRef:
    """A fact of what a condition is about, or of the case.

    `whose`: of what the condition is about (`self`), of what the rule is about from within a `where` (`this`), or of
    the case. `via`: the reference fact along which it is read, one hop. `choice`: one box of a tick-several fact.
    """

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
    """Over the entities of a kind (`others`: all but `this`) that meet `where`: a number; for any/no/every a yes/no."""

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

    op: Operator
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
    Literal
    | FactRef
    | ParameterRef
    | Lookup
    | Clock
    | Arithmetic
    | AddMonths
    | DaysBetween
    | Weekday
    | Call
    | Aggregate
)
Condition = Truth | Compare | Between | Member | Known | Certainty | Not | And | Or
Node = Expr | Condition

ALWAYS = And(())
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


_FIELDS = {kind: tuple(one.name for one in fields(kind)) for kind in get_args(Node)}


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below `node`."""
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def walk(node: Node) -> Iterator[Node]:
    """`node` and every node below it."""
    yield node
    for child in children(node):
        yield from walk(child)


_SIZES = {"<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least", "==": "is"}
_TIMES = {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after", "==": "is"}


def ticked(node: Condition) -> FactRef | None:
    """For a condition that nothing, or something, of a tick-several fact is ticked: one of its boxes."""
    if not isinstance(node, And | Or) or len(node.operands) < 2:
        return None
    found: list[FactRef] = []
    for one in node.operands:
        box = one if isinstance(node, Or) else one.operand if isinstance(one, Not) else None
        if not isinstance(box, Truth) or not isinstance(box.operand, FactRef) or not box.operand.choice:
            return None
        found.append(box.operand)
    first = found[0]
    alike = all((one.kind, one.name, one.via, one.whose) == (first.kind, first.name, first.via, first.whose) for one in found)
    return first if alike and tuple(one.choice for one in found) == first.type.choice_ids() else None


def text(node: Node) -> str:
    """The tree as text in the condition language; the parser reads it back to the same tree."""
    if isinstance(node, Condition):
        return _condition_text(node)
    return _expression_text(node)


# --- conditions


def _condition_text(node: Condition) -> str:
    match node:
        case Truth(operand):
            return text(operand)
        case Compare(op, left, right):
            words = (_TIMES if left.type.kind == DATE else _SIZES)[op]
            return f"{_side(left)} {words} {_right_side(left, right)}"
        case Between(operand, low, high):
            return f"{_side(operand)} is between {_side(low)} and {_side(high)}"
        case Member(operand, values):
            return f"{_side(operand)} is one of {_list_text(values)}"
        case Known(operand):
            return f"{_side(operand)} is known"
        case Certainty(word, operand):
            return f"{word} ({text(operand)})"
        case Not(operand):
            return _negation_text(operand)
        case And(operands) | Or(operands):
            return _joined_text(node, operands)


def _joined_text(node: And | Or, operands: tuple[Condition, ...]) -> str:
    if not operands:
        return "always" if isinstance(node, And) else "never"
    box = ticked(node)
    if box is not None and isinstance(node, And):
        return f"{_fact_text(box)} is none"
    word = " and " if isinstance(node, And) else " or "
    return word.join(f"({text(one)})" if _is_loose(one) else text(one) for one in operands)


def _is_loose(node: Condition) -> bool:
    """Whether a part needs brackets within and/or: another and/or, or a `where` that would reach to the end."""
    if isinstance(node, Truth):
        return _reaches_to_the_end(node.operand)
    return isinstance(node, And | Or) and bool(node.operands) and not (isinstance(node, And) and ticked(node))


def _negation_text(operand: Condition) -> str:
    match operand:
        case Truth(FactRef() as box) if box.choice:
            return _box_text(box, "do not include")
        case Truth(FactRef()) | Certainty():
            return f"not {text(operand)}"
        case Compare("==", left, right) if not _not_begins_a_choice(right):
            return f"{_side(left)} is not {_right_side(left, right)}"
        case Member(inner, values):
            return f"{_side(inner)} is not one of {_list_text(values)}"
        case Known(inner):
            return f"{_side(inner)} is unknown"
        case And() if (box := ticked(operand)) is not None:
            return f"{_fact_text(box)} is not none"
    return f"not ({text(operand)})"


def _list_text(values: tuple[Literal, ...]) -> str:
    return f"[{', '.join(text(value) for value in values)}]"


def _not_begins_a_choice(node: Expr) -> bool:
    """Whether `not` before this choice would read as another choice, as `not started` would."""
    if not isinstance(node, Literal) or not isinstance(node.value, str):
        return False
    return f"not {_folded(node.value)}" in map(_folded, node.type.choice_ids())


def _right_side(left: Expr, right: Expr) -> str:
    """The right side of a comparison; in brackets where its name would be taken for a choice."""
    said = _side(right)
    if isinstance(right, Literal) or not left.type.choices:
        return said
    return f"({said})" if any(_folded(said).startswith(_folded(choice)) for choice in left.type.choice_ids()) else said


def _folded(words: str) -> str:
    return words.casefold().replace("_", " ").replace("-", " ")


def _side(node: Expr) -> str:
    """One side of a comparison."""
    return f"({text(node)})" if _reaches_to_the_end(node) or _is_box(node) else text(node)


def _reaches_to_the_end(node: Expr) -> bool:
    return isinstance(node, Aggregate) and node.where is not None


def _is_box(node: Expr) -> bool:
    return isinstance(node, FactRef) and bool(node.choice)


# --- expressions


def _expression_text(node: Expr) -> str:
    match node:
        case Literal(value, type_):
            return literal_text(value, type_)
        case FactRef():
            return _box_text(node, "include") if node.choice else _fact_text(node)
        case ParameterRef(name, _, on):
            return _name_text(name) + (f" on {_tight(on)}" if on else "")
        case Lookup():
            return _lookup_text(node)
        case Arithmetic(op, left, right):
            return f"{_term(left, op)} {op} {_term(right, op, after=True)}"
        case Call(name, arguments, digits):
            extra = f", {digits}" if name == "round" and digits else ""
            return f"{name}({', '.join(_side(one) for one in arguments)}{extra})"
        case Aggregate():
            return _aggregate_text(node)
        case _:
            return _time_text(node)


def _time_text(node: Clock | AddMonths | DaysBetween | Weekday) -> str:
    match node:
        case Clock(name):
            return name
        case AddMonths(base, months):
            return f"{_term(base, '+')} {'-' if months < 0 else '+'} {abs(months)} months"
        case DaysBetween(start, end):
            return _days_text(start, end)
        case Weekday(which, weekday, inclusive, base):
            side = "after" if which == "first" else "before"
            return f"{which} {WEEKDAYS[weekday]} {'on or ' if inclusive else ''}{side} {_tight(base)}"


def _name_text(name: str) -> str:
    """A name as sentences write it; with underscores where it would begin like something else."""
    words = name.split("_")
    return name if words[0].casefold() in RESERVED else " ".join(words)


def _fact_text(node: FactRef) -> str:
    owner = "this." if node.whose == "this" else ""
    return f"{owner}{_name_text(node.via) + '.' if node.via else ''}{_name_text(node.name)}"


def _box_text(node: FactRef, verb: str) -> str:
    return f"{_fact_text(node)} {verb} {node.choice}"


def _lookup_text(node: Lookup) -> str:
    # A parameter as the key would take the date after `on` for its own.
    key = f"({text(node.key)})" if isinstance(node.key, ParameterRef) else _tight(node.key)
    column = f".{_name_text(node.column)}" if node.column else ""
    return f"{_name_text(node.name)}{column} at {key}" + (f" on {_tight(node.on)}" if node.on else "")


def _days_text(start: Expr, end: Expr) -> str:
    today = Clock("today", Type(DATE))
    if start == today:
        return f"days until {_tight(end)}"
    return f"days since {_tight(start)}" if end == today else f"days from {_tight(start)} to {_tight(end)}"


def _tight(node: Expr) -> str:
    """A value after a word such as `at`, `on` or `until`, which take no more than one."""
    one = isinstance(node, Literal | FactRef | Clock | Call) or (isinstance(node, ParameterRef) and node.on is None)
    return text(node) if one and not _is_box(node) else f"({text(node)})"


_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2}


def _term(node: Expr, op: str, *, after: bool = False) -> str:
    """A part of a sum or product: in brackets where it would be read otherwise."""
    if isinstance(node, Arithmetic | AddMonths):
        inner = _BINDING[node.op] if isinstance(node, Arithmetic) else 1
        return text(node) if inner > _BINDING[op] or (inner == _BINDING[op] and not after) else f"({text(node)})"
    return _tight(node)


def _aggregate_text(node: Aggregate) -> str:
    entity = f"{'other ' if node.others else ''}{node.entity}"
    where = f" where {text(node.where)}" if node.where else ""
    if node.what is None:
        return f"{'number of' if node.op == 'number' else node.op} {entity}{where}"
    of = {"different": "number of different", "sum": "sum of"}.get(node.op, node.op)
    return f"{of} {_side(node.what)} over {entity}{where}"


def literal_text(value: Scalar, type_: Type) -> str:
    """A literal in the condition language."""
    if value is NONE:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return quoted(value) if type_.kind == TEXT else value
    number = decimal_text(value, 24)
    if type_.kind == MONEY and type_.unit:
        return f"{number} {type_.unit}"
    return f"{number} days" if type_.kind == DURATION else number


def yes_no() -> Type:
    """The type of a yes/no."""
    return Type(YES_NO)


def number_type() -> Type:
    """The type of a plain number."""
    return Type(NUMBER)
