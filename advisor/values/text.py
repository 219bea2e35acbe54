"""Values as people write them: read, settled or known in part, and written so that they are read back the same."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from advisor.values.types import (
    CHOICE,
    CHOICES,
    DATE,
    DURATION,
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MONEY,
    NONE,
    REFERENCE,
    TEXT,
    WHOLE,
    YES_NO,
    Among,
    Anything,
    Number,
    Ordered,
    Scalar,
    Type,
    Value,
    Within,
    among,
    whole,
    within,
)

MOST_DIGITS: Final = 24
"""So many digits a number that is written may have."""

_NUMBER = r"[+-]?\d[\d,_ ]*(?:\.\d+)?|[+-]?\.\d+"


_MONEY = re.compile(rf"(?P<sign>-)?(?P<symbol>[$€£])?\s*(?P<number>{_NUMBER})\s*(?P<code>[A-Za-z]{{3}})?", re.ASCII)


_DURATION = re.compile(
    r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>days?|weeks?|months?|years?)", re.IGNORECASE | re.ASCII
)


_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP"}


_YES = {"yes", "y", "true", "on"}


_NO = {"no", "n", "false", "off"}


def read_number(text: str) -> Number:
    """An exact number from `1,250.50` or `-3`. Raises ValueError that says what is wrong."""
    text = text.strip()
    if not re.fullmatch(_NUMBER, text, re.ASCII):
        raise ValueError(f"`{text[:40]}` is not a number")
    try:
        exact = Decimal(text.replace(",", "").replace("_", "").replace(" ", ""))
    except InvalidOperation:
        raise ValueError(f"`{text[:40]}` is not a number") from None
    if abs(exact) > LARGEST_NUMBER or len(exact.as_tuple().digits) > MOST_DIGITS:
        raise ValueError(f"`{text[:40]}` has more digits than anyone needs")
    return whole(Fraction(exact))


def read_date(text: str) -> date:
    """A date from `2024-09-03`. Raises ValueError that says what is wrong."""
    text = text.strip()
    if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text, re.ASCII):
        raise ValueError(f"`{text[:40]}` is not a date; write it as year-month-day, such as 2024-09-03")
    year, month, day = map(int, text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no such day as {text}") from None


def read_scalar(text: str, type_: Type) -> Scalar:
    """One settled value of `type_` from what a person wrote. Raises ValueError that says what is wrong and allowed."""
    text = text.strip()
    if type_.kind == YES_NO:
        return _read_yes_no(text)
    if type_.kind == CHOICE:
        return _read_choice(text, type_)
    if type_.kind in (TEXT, REFERENCE):
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"a text of at most {LONGEST_TEXT} characters is allowed")
        return text
    if type_.kind == DATE:
        return _bounded(read_date(text), type_)
    if type_.kind == MONEY:
        return _bounded(read_money(text, type_.unit), type_)
    if type_.kind == DURATION:
        return _bounded(read_days(text), type_)
    number = read_number(_without_unit(text, type_.unit))
    if type_.kind == WHOLE and not isinstance(number, int):
        raise ValueError(f"`{text[:40]}` is not a whole number")
    return _bounded(number, type_)


def _without_unit(text: str, unit: str) -> str:
    for ending in (unit, "%"):
        if ending and text.casefold().endswith(ending.casefold()):
            return text[: -len(ending)].strip()
    return text


def _read_yes_no(text: str) -> bool:
    folded = text.casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise ValueError(f"`{text[:40]}` is neither yes nor no")


def _read_choice(text: str, type_: Type) -> str:
    folded = _folded(text)
    for choice, label in type_.choices:
        if folded in (_folded(choice), _folded(label)):
            return choice
    raise ValueError(f"`{text[:40]}` is not one of the choices")


def _folded(text: str) -> str:
    return text.casefold().replace("_", " ").replace("-", " ").strip()


def read_money(text: str, currency: str) -> Number:
    """An amount in `currency` from `250 USD`, `$250` or `250`. Raises ValueError, which names another currency."""
    found = _MONEY.fullmatch(text.strip())
    if not found:
        raise ValueError(f"`{text[:40]}` is not an amount of money; write it as 250 {currency or 'USD'}")
    written = (found["code"] or _SYMBOLS.get(found["symbol"] or "") or currency).upper()
    if currency and written != currency:
        raise ValueError(f"`{text[:40]}` is in {written}; amounts here are in {currency}")
    number = read_number(found["number"])
    return -number if found["sign"] else number


def read_days(text: str) -> Number:
    """Days from `14 days`, `2 weeks` or a bare number.

    Raises ValueError, also for months: they have no fixed length.
    """
    text = text.strip()
    found = _DURATION.fullmatch(text)
    if not found:
        try:
            return read_number(text)
        except ValueError:
            raise ValueError(f"`{text[:40]}` is not a length of time; write it as 14 days or 2 weeks") from None
    if found["unit"].casefold()[0] in "my":
        raise ValueError(f"`{text[:40]}` has no fixed number of days; write it in days or weeks, or as a range of days")
    return whole(read_number(found["number"]) * (7 if found["unit"].casefold().startswith("w") else 1))


def _bounded(value: Ordered, type_: Type) -> Ordered:
    if type_.low is not None and value < type_.low:  # type: ignore[operator]
        raise ValueError(f"{plain(value, type_)} is below the least that is allowed, {plain(type_.low, type_)}")
    if type_.high is not None and value > type_.high:  # type: ignore[operator]
        raise ValueError(f"{plain(value, type_)} is above the most that is allowed, {plain(type_.high, type_)}")
    return value


_RANGE = re.compile(r"(?P<low>.+?)\s*\.\.\s*(?P<high>.+)")


_BOUND = re.compile(
    r"(?P<word>above|over|more than|below|under|less than|at least|at most|about)\s+(?P<rest>.+)", re.IGNORECASE
)


_ONE_OF = re.compile(r"one of\s*\[(?P<items>[^\[\]]*)\]", re.IGNORECASE)


_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)


def read_value(text: str, type_: Type) -> Value:
    """A value of `type_`, settled or in part, from what a person wrote (`4..6`, `above 0`, `one of [a, b]`, `unknown`).

    Raises ValueError that says what is wrong and what is allowed.
    """
    text = text.strip()
    folded = text.casefold()
    if folded == "unknown":
        return type_.undecided()
    if folded == "none" and type_.kind != CHOICES:
        return NONE
    one_of = _ONE_OF.fullmatch(text)
    if one_of:
        return among(_read_one(item, type_) for item in one_of["items"].split(","))
    if type_.kind == CHOICE:
        return _read_choice_in_part(text, type_)
    if type_.ordered:
        return _read_ordered_in_part(text, type_)
    return read_scalar(text, type_)


def _read_one(text: str, type_: Type) -> Scalar:
    """One of several values; `none` too, where the type has it."""
    if text.strip().casefold() == "none" and type_.kind not in (YES_NO, CHOICES):
        return NONE
    return read_scalar(text, type_)


def _read_choice_in_part(text: str, type_: Type) -> Value:
    if text.casefold().startswith("not "):
        excluded = {_read_choice(item, type_) for item in text[4:].replace("[", "").replace("]", "").split(",")}
        return among(choice for choice in type_.choice_ids() if choice not in excluded)
    return read_scalar(text, type_)


def _read_ordered_in_part(text: str, type_: Type) -> Value:
    ends = _RANGE.fullmatch(text)
    if ends:
        return _clip(_end(ends["low"], type_, last=False), _end(ends["high"], type_, last=True), type_)
    bound = _BOUND.fullmatch(text)
    if bound:
        return _read_bound(bound["word"].casefold(), bound["rest"], type_)
    if type_.kind == DATE and not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        return _clip(_end(text, type_, last=False), _end(text, type_, last=True), type_)
    return read_scalar(text, type_)


def _read_bound(word: str, rest: str, type_: Type) -> Value:
    if word == "about":
        return _about(rest, type_)
    number = read_scalar(rest, Type(type_.kind, unit=type_.unit))
    if word in ("above", "over", "more than"):
        return _clip(number, type_.high, type_, low_open=True)
    if word == "at least":
        return _clip(number, type_.high, type_)
    if word == "at most":
        return _clip(type_.low, number, type_)
    return _clip(type_.low, number, type_, high_open=True)


def _about(rest: str, type_: Type) -> Value:
    """Give or take a fifth (at least one, for whole numbers); a week for a day; two weeks for a month."""
    if type_.kind == DATE:
        slack = timedelta(days=7 if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", rest.strip()) else 14)
        return _clip(_day_in(rest.strip(), last=False) - slack, _day_in(rest.strip(), last=True) + slack, type_)
    number = read_scalar(rest, Type(type_.kind, unit=type_.unit))
    if not isinstance(number, int | Fraction):
        raise ValueError(f"`{rest[:40]}` is not a number")
    slack_number = abs(Fraction(number)) / 5
    if type_.kind in (WHOLE, DURATION):
        slack_number = Fraction(max(1, round(slack_number)))
    return _clip(whole(number - slack_number), whole(number + slack_number), type_)


def _end(text: str, type_: Type, *, last: bool) -> Ordered:
    """One end of a range; for dates, a month or a year stands for its first or last day."""
    text = text.strip()
    if type_.kind == DATE:
        return _day_in(text, last=last)
    number = read_scalar(text, Type(type_.kind, unit=type_.unit))
    if not isinstance(number, int | Fraction):
        raise ValueError(f"`{text[:40]}` is not a number")
    return number


def _day_in(text: str, *, last: bool) -> date:
    month = _MONTH.fullmatch(text)
    try:
        if month:
            year, number = int(month[1]), int(month[2])
            return date(year, number, calendar.monthrange(year, number)[1] if last else 1)
        if re.fullmatch(r"\d{4}", text):
            return date(int(text), 12, 31) if last else date(int(text), 1, 1)
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"there is no such month as {text}") from None
    return read_date(text)


def _clip(
    low: Ordered | Scalar | None,
    high: Ordered | Scalar | None,
    type_: Type,
    *,
    low_open: bool = False,
    high_open: bool = False,
) -> Value:
    """The range between two ends, within the bounds of the type; whole numbers get closed ends."""
    if type_.kind in (WHOLE, DATE, DURATION):
        step: int | timedelta = timedelta(days=1) if type_.kind == DATE else 1
        if low_open and low is not None:
            low, low_open = low + step, False  # type: ignore[operator, assignment]
        if high_open and high is not None:
            high, high_open = high - step, False  # type: ignore[operator, assignment]
    if type_.low is not None and (low is None or low < type_.low):  # type: ignore[operator]
        low, low_open = type_.low, False
    if type_.high is not None and (high is None or high > type_.high):  # type: ignore[operator]
        high, high_open = type_.high, False
    try:
        return within(low, high, low_open=low_open, high_open=high_open)  # type: ignore[arg-type]
    except ValueError:
        raise ValueError("no value is possible in that range within the allowed bounds") from None


def plain(value: Value, type_: Type) -> str:
    """The value as a case file writes it: `read_value` of it gives the same value."""
    if value == type_.undecided():
        return "unknown"
    if isinstance(value, Among):
        ordered = sorted(value.values, key=lambda one: _rank(one, type_))
        return f"one of [{', '.join(_plain_scalar(one, type_) for one in ordered)}]"
    if isinstance(value, Within):
        return _plain_range(value, type_)
    if isinstance(value, Anything):
        return "unknown"
    return _plain_scalar(value, type_)  # type: ignore[arg-type]


def _rank(value: Scalar, type_: Type) -> tuple[int, str]:
    ids = type_.choice_ids()
    return (ids.index(value) if isinstance(value, str) and value in ids else len(ids), str(value))


def _plain_range(value: Within, type_: Type) -> str:
    low = None if value.low is None or value.low == type_.low else _plain_scalar(value.low, type_)
    high = None if value.high is None or value.high == type_.high else _plain_scalar(value.high, type_)
    if low is not None and high is not None:
        return f"{low}..{high}"
    if low is not None:
        return f"{'above' if value.low_open else 'at least'} {low}"
    if high is not None:
        return f"{'below' if value.high_open else 'at most'} {high}"
    return "unknown"


def _plain_scalar(value: Scalar, type_: Type) -> str:
    if value is NONE:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Fraction):
        number = decimal_text(value)
        if type_.kind == MONEY and type_.unit:
            return f"{number} {type_.unit}"
        if type_.kind == DURATION:
            return f"{number} days"
        return number
    return str(value)


def decimal_text(number: Number, digits: int = 10) -> str:
    """A number in plain decimal notation, at most `digits` places after the point, no trailing zeros."""
    if isinstance(number, int):
        return str(number)
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):.{digits}f}"
    return text.rstrip("0").rstrip(".")
