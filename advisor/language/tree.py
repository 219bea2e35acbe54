"""The condition language as a tree: typed, frozen, small.

In: nothing. Out: the node classes, and what a tree reads. What a tree *means* is in `reasoning/evaluation.py` (one
completion) and `reasoning/network.py` (matching); how text becomes a tree, in `parser.py`; how a tree becomes text, in
`printing.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal as Word
from typing import get_args

from advisor.problems.problem import Place
from advisor.values.types import DATE, DURATION, NUMBER, YES_NO, Scalar, Type

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
class HoursBetween:
    """Hours from one time of day or moment to another; negative where the second is earlier."""

    start: Expr
    end: Expr
    type: Type = Type(NUMBER)


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
    """A function of values.

    `min`, `max` of several; `round` to `digits` places (half away from zero); `floor`, `ceiling` to whole numbers;
    `abs`; `remainder` of a division, with the sign of what is divided by; `length` of a text in characters.
    """

    name: Word["min", "max", "round", "floor", "ceiling", "abs", "remainder", "length"]
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
class TextTest:
    """How one text stands to another; `folded`: small and capital letters are the same. Of `none` it is false."""

    op: Word["is", "starts with", "ends with", "contains"]
    left: Expr
    right: Expr
    folded: bool = False


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
    | HoursBetween
    | Weekday
    | Call
    | Aggregate
)


Condition = Truth | Compare | Between | Member | TextTest | Known | Certainty | Not | And | Or


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


def ticked(node: Condition) -> FactRef | None:
    """For a condition that nothing, or something, of a tick-several fact is ticked: one of its boxes."""
    if not isinstance(node, And | Or) or len(node.operands) <= 1:
        return None
    found: list[FactRef] = []
    for one in node.operands:
        box = one if isinstance(node, Or) else one.operand if isinstance(one, Not) else None
        if not isinstance(box, Truth) or not isinstance(box.operand, FactRef) or not box.operand.choice:
            return None
        found.append(box.operand)
    first = found[0]
    alike = all(
        (one.kind, one.name, one.via, one.whose) == (first.kind, first.name, first.via, first.whose) for one in found
    )
    return first if alike and tuple(one.choice for one in found) == first.type.choice_ids() else None


def yes_no() -> Type:
    """The type of a yes/no."""
    return Type(YES_NO)


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people: pieces of plain text and expressions whose values are put in, in order."""

    parts: tuple[str | Expr, ...]
    place: Place

    @property
    def plain(self) -> bool:
        """Whether no value is put in."""
        return all(isinstance(part, str) for part in self.parts)
