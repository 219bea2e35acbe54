"""What the operators and functions of the condition language do with settled values; with `none` they give none.

In: settled values. Out: settled values, exact. Where a value is a `Term` (see `formulas/terms.py`), what comes
out is one too.
Which of them an expression uses is said in `evaluation.py` and `dialogue/relevance/meanings.py`.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from advisor.reasoning.formulas.ranges import roughly
from advisor.reasoning.formulas.terms import Step, Term, apart, combined, extreme, part, standing_in, stepped
from advisor.values.types import NONE, Number, Ordered, Scalar, whole

Operand = Scalar | Term


def _add(left: Operand, right: Operand) -> Scalar:
    if isinstance(left, Term) or isinstance(right, Term):
        return _formula("+", left, right)
    if isinstance(left, date):
        return _moved(left, right)
    if isinstance(right, date):
        return _moved(right, left)
    return left + right if _numbers(left, right) else NONE  # type: ignore[operator]


def _subtract(left: Operand, right: Operand) -> Scalar:
    if isinstance(left, Term) or isinstance(right, Term):
        return _formula("-", left, right)
    if isinstance(left, date):
        return _moved(left, -right) if isinstance(right, int | Fraction) else NONE
    return left - right if _numbers(left, right) else NONE  # type: ignore[operator]


def _moved(start: date, days: Scalar) -> Scalar:
    if not isinstance(days, int | Fraction):
        return NONE
    try:
        return start + timedelta(days=int(days))
    except OverflowError:
        return NONE


def _multiply(left: Operand, right: Operand) -> Scalar:
    if isinstance(left, Term) or isinstance(right, Term):
        return _formula("*", left, right)
    return whole(left * right) if _numbers(left, right) else NONE  # type: ignore[operator, arg-type]


def _divide(left: Operand, right: Operand) -> Scalar:
    if isinstance(left, Term) or isinstance(right, Term):
        return NONE if right == 0 else _formula("/", left, right)
    if not _numbers(left, right) or right == 0:
        return NONE
    return whole(Fraction(left) / Fraction(right))  # type: ignore[arg-type]


def _numbers(left: Scalar, right: Scalar) -> bool:
    return left is not NONE and right is not NONE


def _formula(op: str, left: Operand, right: Operand) -> Scalar:
    if left is NONE or right is NONE:
        return NONE
    return standing_in(combined(op, left, right))


ARITHMETIC: dict[str, Callable[[Scalar, Scalar], Scalar]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
}


def add_months(start: Operand, months: int) -> Scalar:
    """The same day some months later or earlier, or the month's last where it has none; none past the calendar."""
    if isinstance(start, Term):
        return _day_by(("months", months), start, lambda day: add_months(day, months))
    if not isinstance(start, date):
        return NONE
    number = start.year * 12 + start.month - 1 + months
    year, month = divmod(number, 12)
    if not date.min.year <= year <= date.max.year:
        return NONE
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def days_between(start: Operand, end: Operand) -> Scalar:
    """Whole days from one date to another, negative where the second is earlier; none where one is none."""
    if isinstance(start, Term) or isinstance(end, Term):
        return NONE if start is NONE or end is NONE else standing_in(apart(end, start))
    return (end - start).days if isinstance(start, date) and isinstance(end, date) else NONE


def hours_between(start: Operand, end: Operand) -> Scalar:
    """Hours from one time of day or moment to another, negative where the second is earlier; none where one is none."""
    if isinstance(start, Term) or isinstance(end, Term):
        return NONE if start is NONE or end is NONE else standing_in(combined("/", standing_in(apart(end, start)), 60))
    minutes = _subtract(end, start)
    return NONE if minutes is NONE else _divide(minutes, 60)


def weekday_near(start: Operand, later: bool, weekday: int, inclusive: bool) -> Scalar:
    """The nearest such weekday (0 is Monday), later or earlier, with or without the day itself; none of none."""
    if isinstance(start, Term):
        step = ("weekday", later, weekday, inclusive)
        return _day_by(step, start, lambda day: weekday_near(day, later, weekday, inclusive))
    if not isinstance(start, date):
        return NONE
    away = (weekday - start.weekday()) % 7 if later else (start.weekday() - weekday) % 7
    if away == 0 and not inclusive:
        away = 7
    return _moved(start, away if later else -away)


def _day_by(step: Step, start: Term, function: Callable[[date], Scalar]) -> Scalar:
    """A date that a function makes of one that is not settled; past the calendar it leaves days as they are."""

    def moved(day: Number) -> Number:
        try:
            found = function(date.fromordinal(int(day)))
        except (ValueError, OverflowError):
            return day
        return found.toordinal() if isinstance(found, date) else day

    return standing_in(stepped(step, moved, start, dated=True))


def called(name: str, values: Sequence[Operand], digits: int) -> Scalar:
    """What a function of the language makes of values (see `tree.Call`); none where a value is none."""
    if any(value is NONE for value in values):
        return NONE
    if any(isinstance(value, Term) for value in values):
        return standing_in(_called_of_terms(name, values, digits))
    if name not in ("min", "max"):
        return _of_numbers(name, values, digits)
    return min(values) if name == "min" else max(values)  # type: ignore[type-var, return-value]


def _of_numbers(name: str, values: Sequence[Operand], digits: int) -> Scalar:
    """A function of settled numbers, or the length of a text."""
    first, last = values[0], values[-1]
    if isinstance(first, str):
        return len(first)
    assert isinstance(first, int | Fraction)
    assert isinstance(last, int | Fraction)
    match name:
        case "round":
            return rounded(first, digits)
        case "floor":
            return math.floor(first)
        case "ceiling":
            return math.ceil(first)
        case "abs":
            return first if first >= 0 else -first
    if last == 0:
        return NONE
    return whole(Fraction(first) - last * math.floor(Fraction(first) / last))


def text_test(op: str, left: Scalar, right: Scalar, *, folded: bool) -> bool:
    """Whether one text is, starts with, ends with or contains another; of `none` nothing of it holds."""
    if not isinstance(left, str) or not isinstance(right, str):
        return False
    if folded:
        left, right = left.casefold(), right.casefold()
    match op:
        case "starts with":
            return left.startswith(right)
        case "ends with":
            return left.endswith(right)
        case "contains":
            return right in left
    return left == right


def clipped(value: Operand, low: Ordered | None, high: Ordered | None) -> Scalar:
    """The value; `low` where it is less, `high` where it is more. None stays none."""
    if value is NONE:
        return NONE
    if isinstance(value, Term):
        return _clipped_term(value, low, high)
    if low is not None and value < low:  # type: ignore[operator]
        return low
    return high if high is not None and value > high else value  # type: ignore[operator]


def _clipped_term(term: Term, low: Ordered | None, high: Ordered | None) -> Scalar:
    """Only where the term may pass a bound is it in the formula, so that others stay as simple as they are."""
    found = standing_in(term)
    span = roughly(term)
    if low is not None and span.low < part(low):  # type: ignore[operator]
        found = called("max", [found, low], 0)
    if high is not None and span.high > part(high):  # type: ignore[operator]
        found = called("min", [found, high], 0)
    return found


def _called_of_terms(name: str, values: Sequence[Operand], digits: int) -> Term:
    if name in ("min", "max"):
        return extreme(name, values)
    if name == "remainder":
        return _remainder(*values)
    (value,) = values
    assert isinstance(value, Term)
    if name == "abs":
        return extreme("max", [value, combined("-", 0, value)])
    if name == "round":
        return stepped(("round", digits), lambda number: rounded(number, digits), value)
    return stepped((name,), math.floor if name == "floor" else math.ceil, value)


def _remainder(left: Operand, by: Operand) -> Term:
    """What is left of a division; the bounds, which it never passes, are in the formula where they are known."""
    times = stepped(("floor",), math.floor, combined("/", left, by))
    found = combined("-", left, combined("*", by, times))
    if isinstance(by, int | Fraction):
        found = extreme("max", [min(0, by), extreme("min", [max(0, by), found])])
    return found


def rounded(number: Number, digits: int) -> Number:
    """To `digits` places, halves away from zero."""
    scaled = abs(Fraction(number)) * 10**digits
    nearest = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return whole(Fraction(nearest if number >= 0 else -nearest, 10**digits))


COMPARISONS: dict[str, Callable[[Scalar, Scalar], bool]] = {
    "<": lambda one, other: one < other,  # type: ignore[operator]
    "<=": lambda one, other: one <= other,  # type: ignore[operator]
    ">": lambda one, other: one > other,  # type: ignore[operator]
    ">=": lambda one, other: one >= other,  # type: ignore[operator]
}
