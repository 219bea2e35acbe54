"""A number or date that hangs on unknown ones, as a formula of them.

In: the operators and values of an expression, some of which are terms. Out: terms. Two terms that are equal are the
same quantity: unknowns are told apart by name. Dates are counted as days; `dated` says that a term is a date. What a
term can come to is worked out in `ranges.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final, TypeGuard, cast

from advisor.values.spans import Span
from advisor.values.types import Number, Scalar

Step = tuple[Any, ...]
"""What names a step function: it rises or stays, and leaps in between."""


LEAPS_AT_WHOLES: Final = (("whole",), ("floor",), ("ceiling",))
"""Step functions to whole numbers that leap at whole numbers."""


class Term:
    """A quantity that is not settled."""

    __slots__ = ()
    dated: bool

    def __add__(self, other: Part) -> Term:
        return combined("+", self, other)

    __radd__ = __add__

    def __mul__(self, other: Part) -> Term:
        return combined("*", self, other)

    __rmul__ = __mul__


Part = Term | Number


@dataclass(frozen=True, slots=True)
class Unknown(Term):
    """An unknown quantity: its name, what is known of it, and whether it takes only whole numbers."""

    name: tuple[Hashable, ...]
    span: Span
    whole: bool = False
    dated: bool = False

    def __str__(self) -> str:
        return f"{self.name} in {self.span}"


@dataclass(frozen=True, slots=True)
class Formula(Term):
    """An operator and what it is applied to: `+ - * /`, `min`, `max`, or `step` with the function that leaps."""

    op: str
    parts: tuple[Part, ...]
    dated: bool = False
    step: Step = ()
    function: Callable[[Number], Number] | None = field(default=None, compare=False)
    """For a step function: its value. `step` names it."""
    hashed: int = field(default=0, compare=False)
    """The hash, worked out once: terms are keys, and deep."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "hashed", hash((self.op, self.parts, self.dated, self.step)))

    def __hash__(self) -> int:
        return self.hashed

    def __str__(self) -> str:
        return f"{self.op}{self.step or ''}({', '.join(map(str, self.parts))})"


def combined(op: str, left: Scalar | Term, right: Scalar | Term) -> Term:
    """`left op right`. A date takes whole days only: of others, what is behind the point does not count."""
    dated = is_dated(left) or is_dated(right)
    parts = [part(one) for one in (left, right)]
    if dated:
        parts = [one if is_dated(given) else whole_days(one) for one, given in zip(parts, (left, right), strict=True)]
    return Formula(op, tuple(parts), dated)


def extreme(name: str, values: Sequence[Scalar | Term]) -> Term:
    """`min` or `max` of several."""
    return Formula(name, tuple(part(one) for one in values), is_dated(values[0]))


def stepped(step: Step, function: Callable[[Number], Number], inner: Term, *, dated: bool = False) -> Term:
    """A function of a term that rises or stays everywhere, and leaps in between."""
    return Formula("step", (inner,), dated, step, function)


def apart(left: Scalar | Term, right: Scalar | Term) -> Formula:
    """`left - right` as a number; in days for dates."""
    return Formula("-", (part(left), part(right)))


def as_unknown(value: object) -> Unknown | None:
    """The value where it is an unknown by itself."""
    return value if isinstance(value, Unknown) else None


def standing_in(term: Term) -> Scalar:
    """The term, where a settled value would stand: a view that lets terms in takes them out again."""
    return cast("Scalar", term)


def part(value: Scalar | Term) -> Part:
    """A value as a part of a term: dates are counted as days."""
    if isinstance(value, date):
        return value.toordinal()
    assert isinstance(value, int | Fraction | Term)
    return value


def is_term(value: object) -> TypeGuard[Term]:
    """Whether a value is not settled but a term."""
    return isinstance(value, Term)


def is_dated(value: Scalar | Term) -> bool:
    """Whether a value is a date."""
    return value.dated if isinstance(value, Term) else isinstance(value, date)


def whole_days(days: Part) -> Part:
    """Days without what is behind the point."""
    if not isinstance(days, Term):
        return int(days)
    return days if is_whole(days) else stepped(("whole",), int, days)


def is_whole(value: Part) -> bool:
    """Whether a quantity is surely a whole number."""
    match value:
        case Unknown():
            return value.whole
        case Formula("step"):
            return (
                value.dated or value.step in LEAPS_AT_WHOLES or value.step == ("round", 0) or is_whole(value.parts[0])
            )
        case Formula("/"):
            return False
        case Formula():
            return all(is_whole(one) for one in value.parts)
    return isinstance(value, int)


def unknowns(value: Part) -> Iterator[Unknown]:
    """The unknowns that a quantity hangs on, some of them several times."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, Formula):
        for one in value.parts:
            yield from unknowns(one)


def renamed(value: Term, suffix: Hashable) -> Term:
    """The same formula of other unknowns, of which as much is known."""
    return _of_others(value, lambda one: Unknown((*one.name, suffix), one.span, one.whole, one.dated))


def loosened(value: Term) -> Term:
    """The same formula of unknowns that need not be whole numbers."""
    return _of_others(value, lambda one: Unknown((*one.name, "loose"), one.span, whole=False, dated=one.dated))


def _of_others(value: Term, other: Callable[[Unknown], Unknown]) -> Term:
    if isinstance(value, Unknown):
        return other(value)
    assert isinstance(value, Formula)
    parts = tuple(_of_others(one, other) if isinstance(one, Term) else one for one in value.parts)
    return Formula(value.op, parts, value.dated, value.step, value.function)
