"""The condition language written: a tree as text that the parser reads to the same tree."""

from __future__ import annotations

from datetime import date

from advisor.language.tokens import RESERVED, is_bare, quoted
from advisor.language.tree import (
    WEEKDAYS,
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
    Node,
    Not,
    Or,
    ParameterRef,
    TextTest,
    Truth,
    Weekday,
    ticked,
)
from advisor.values.numbers import MOST_DIGITS, decimal_text, unmistakable
from advisor.values.text import moment_text, time_text
from advisor.values.types import CHOICE, DATE, DURATION, MOMENT, MONEY, NONE, OF_TIME, TEXT, TIME, Scalar, Type

_SIZES = {"<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least", "==": "is"}


_TIMES = {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after", "==": "is"}


def text(node: Node) -> str:
    """The tree as text in the condition language; the parser reads it back to the same tree."""
    if isinstance(node, Condition):
        return _condition_text(node)
    return _expression_text(node)


def _condition_text(node: Condition) -> str:
    match node:
        case Truth(operand):
            return text(operand)
        case Compare(op, left, right):
            words = (_TIMES if left.type.kind in OF_TIME else _SIZES)[op]
            return f"{_side(left)} {words} {_right_side(left, right)}"
        case Between(operand, low, high):
            return f"{_side(operand)} is between {_side(low)} and {_side(high)}"
        case Member(operand, values):
            return f"{_side(operand)} is one of {_list_text(values)}"
        case TextTest(op, left, right, folded):
            return f"{_side(left)} {op} {_side(right)}{' ignoring case' * folded}"
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
        case TextTest(op, left, right, folded):
            verb = {"is": "is not", "starts with": "does not start with", "ends with": "does not end with"}
            return f"{_side(left)} {verb.get(op, 'does not contain')} {_side(right)}{' ignoring case' * folded}"
        case And() if (first := ticked(operand)) is not None:
            return f"{_fact_text(first)} is not none"
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
        case Call("length", (of,)):
            return f"length of {_tight(of)}"
        case Call(name, arguments, digits):
            extra = f", {digits}" if name == "round" and digits else ""
            return f"{name}({', '.join(_side(one) for one in arguments)}{extra})"
        case Aggregate():
            return _aggregate_text(node)
        case _:
            return _time_text(node)


def _time_text(node: Clock | AddMonths | DaysBetween | HoursBetween | Weekday) -> str:
    match node:
        case Clock(name):
            return name
        case AddMonths(base, months):
            return f"{_term(base, '+')} {'-' if months < 0 else '+'} {abs(months)} months"
        case DaysBetween(start, end):
            return _days_text(start, end)
        case HoursBetween(start, end):
            return f"hours from {_tight(start)} to {_tight(end)}"
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
    return f"{_fact_text(node)} {verb} {literal_text(node.choice, Type(CHOICE))}"


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
        return quoted(value) if type_.kind == TEXT or not is_bare(value) else value
    if type_.kind in (TIME, MOMENT):
        return time_text(value) if type_.kind == TIME else moment_text(value)
    number = decimal_text(value, MOST_DIGITS)
    if type_.kind == MONEY:
        return f"{unmistakable(number)} {type_.unit}".rstrip()
    return f"{number} days" if type_.kind == DURATION else number
