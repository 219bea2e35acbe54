"""Values as people write them: read, settled or known in part, and written so that they are read back the same."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from fractions import Fraction

from advisor.values.numbers import DIGITS, SCALES, TwoReadings, decimal_text, meant, read_number, tidy, unmistakable
from advisor.values.types import (
    CHOICE,
    CHOICES,
    COUNTED,
    DATE,
    DURATION,
    LONGEST_TEXT,
    MINUTES_A_DAY,
    MOMENT,
    MONEY,
    NONE,
    NUMBER,
    OF_TIME,
    REFERENCE,
    TEXT,
    TIME,
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

_MONEY = re.compile(
    rf"(?P<sign>[-+])?\s*(?P<symbol>[$€£])?\s*(?P<number>(?(sign)|[-+]?){DIGITS})"
    rf"\s*(?P<scale>{'|'.join(SCALES)}|m)?\s*(?P<currency>[a-z]{{3}}|[$€£]|(?:us )?dollars?|bucks?|euros?|pounds?)?",
    re.ASCII | re.IGNORECASE,
)


_DURATION = re.compile(rf"(?P<number>[-+]?{DIGITS})\s*(?P<unit>days?|weeks?|months?|years?)", re.IGNORECASE | re.ASCII)


_CURRENCIES = {
    "$": "USD", "dollar": "USD", "dollars": "USD", "us dollar": "USD", "us dollars": "USD", "buck": "USD",
    "bucks": "USD", "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pound": "GBP", "pounds": "GBP",
}  # fmt: skip


_YES = {"yes", "y", "true", "on"}


_NO = {"no", "n", "false", "off"}


def read_date(text: str) -> date:
    """A date from `2024-09-03`. Raises ValueError that says what is wrong."""
    text = text.strip()
    if not _DAY.fullmatch(text):
        raise ValueError(f"`{text[:40]}` is not a date; write it as year-month-day, such as 2024-09-03")
    year, month, day = map(int, text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no such day as {text}") from None


_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})\s*(am|pm)?|(\d{1,2})\s*(am|pm|h|o'clock)", re.ASCII | re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:\s*,\s*|\s+(?:at\s+)?|[tT])(.+)", re.ASCII)


def read_time(text: str) -> int:
    """Minutes since midnight from `9:30`, `21.05` or `9 pm`. Raises ValueError that says what is wrong."""
    shown = text.strip()
    found = _CLOCK.fullmatch(shown)
    if not found:
        raise ValueError(f"`{shown[:40]}` is not a time of day; write it as hours and minutes, such as 09:30")
    hours, minutes = int(found[1] or found[4]), int(found[2] or 0)
    half = (found[3] or found[5] or "").casefold()
    if half in ("am", "pm") and 1 <= hours <= MINUTES_A_DAY // 120:
        hours = hours % 12 + 12 * (half == "pm")
    if hours * 60 + minutes >= MINUTES_A_DAY or minutes >= 60:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(f"there is no such time as {shown[:40]}; the day ends at 23:59")
    return hours * 60 + minutes


def read_moment(text: str) -> int:
    """Minutes since the calendar began, from `2024-09-03 09:30`. Raises ValueError that says what is wrong."""
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"`{text.strip()[:40]}` is not a moment; write a day and a time, such as 2024-09-03 09:30")
    return read_date(found[1]).toordinal() * MINUTES_A_DAY + read_time(found[2])


def time_text(minutes: Number) -> str:
    """A time of day as `09:30`."""
    hours, rest = divmod(int(minutes) % MINUTES_A_DAY, 60)
    return f"{hours:02}:{rest:02}"


def moment_text(minutes: Number) -> str:
    """A moment as `2024-09-03 09:30`; the ends of the calendar stand for what lies beyond."""
    days = min(max(int(minutes) // MINUTES_A_DAY, date.min.toordinal()), date.max.toordinal())
    return f"{date.fromordinal(days).isoformat()} {time_text(minutes)}"


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
    if type_.kind in (TIME, MOMENT):
        return _bounded(read_time(text) if type_.kind == TIME else read_moment(text), type_)
    number = read_number(_without_unit(text, type_.unit))
    if type_.kind == WHOLE:
        return _bounded(whole_number(number, text), type_)
    return _bounded(number, type_)


def whole_number(number: Number, text: str) -> int:
    """The number, where it is whole; `text` is how it was written. Raises ValueError where it is not."""
    if isinstance(number, int):
        return number
    thousands = f"; if thousands are meant, write {number * 1000}" if unmistakable(text) != text else ""
    raise ValueError(f"`{text[:40]}` is not a whole number{thousands}")


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
    """An amount in `currency` from `250 USD`, `$1,250.50`, `2.5k` or `250`.

    Raises ValueError, which names another currency, or says which two amounts may be meant.
    """
    found = _MONEY.fullmatch(tidy(text))
    if not found:
        wanted = meant(text.replace(currency, "") if currency else text)
        amount = f"{wanted} {currency}".strip() if wanted and wanted[0] != "`" else wanted or f"250 {currency or 'USD'}"
        raise ValueError(f"`{text[:40]}` is not an amount of money; write it as {amount}")
    named = [found[group].casefold() for group in ("symbol", "currency") if found[group]]
    currencies = {_CURRENCIES.get(one, one.upper()) for one in named}
    wrong = sorted(currencies - {currency} if currency else currencies if len(currencies) > 1 else ())
    if wrong:
        raise ValueError(f"`{text[:40]}` is in {' and '.join(wrong)}; amounts here are in {currency or 'one currency'}")
    scale = {"m": "mio"}.get((found["scale"] or "").casefold(), found["scale"] or "")
    number = read_number(found["number"] + scale, amount=True)
    return -number if found["sign"] == "-" else number


def read_days(text: str) -> Number:
    """Days from `14 days`, `2 weeks`, `1.5 weeks` or a bare number.

    Raises ValueError, also for months: they have no fixed length.
    """
    found = _DURATION.fullmatch(tidy(text))
    if not found:
        try:
            return read_number(text)
        except TwoReadings:
            raise
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


_RANGE = re.compile(r"between\s+(?P<least>.+?)\s+and\s+(?P<most>.+)|(?P<low>.+?)\s*\.\.\s*(?P<high>.+)", re.IGNORECASE)


_BOUND = re.compile(
    r"(?P<word>above|over|more than|below|under|less than|at least|at most|about|before|after|on or before|on or after)"
    r"\s+(?P<rest>.+)",
    re.IGNORECASE,
)


_OF_TIME = frozenset(("before", "after", "on or before", "on or after"))


_UNIT = re.compile(r"(?<=\d)\s*[a-z%$€£][a-z%$€£ ]*$", re.IGNORECASE)


_BARE = re.compile(rf"[$€£]?[-+]?{DIGITS}", re.ASCII)


_PARTING_COMMA = re.compile(r"(?<!\d),|,(?!\d)")


_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}", re.ASCII)


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
        return among(_read_one(item, type_) for item in _items(one_of["items"], type_))
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


def _items(text: str, type_: Type) -> list[str]:
    """The items of a list. Between digits a comma may belong to a number: a space after it tells that it parts two."""
    if not type_.numeric:
        return text.split(",")
    items = _PARTING_COMMA.split(text)
    if len(items) == 1 and "," in text:
        parted = ", ".join(text.split(","))
        raise ValueError(f"`{text[:40]}` can be one number or several; write [{parted[:40]}] for several")
    return items


def _read_ordered_in_part(text: str, type_: Type) -> Value:
    text = " ".join(text.split())
    ends = _RANGE.fullmatch(text)
    if ends:
        low, high = (one for one in ends.groups() if one is not None)
        return _clip(*_two_ends(low, high, type_), type_)
    bound = _BOUND.fullmatch(text)
    if bound:
        return _read_bound(bound["word"].casefold(), bound["rest"], type_)
    if type_.kind == DATE and not _DAY.fullmatch(text):
        return _clip(_end(text, type_, last=False), _end(text, type_, last=True), type_)
    return read_scalar(text, type_)


def _two_ends(low: str, high: str, type_: Type) -> tuple[Ordered, Ordered]:
    """Both ends of a range. Raises ValueError where they are the wrong way round."""
    first, last = _end(borrowed(low, high), type_, last=False), _end(high, type_, last=True)
    if type_.kind in (MONEY, NUMBER) and first > last:  # type: ignore[operator]  # both are of one type
        first = min(first, _end(low, type_, last=False))
    in_order(first, last, type_)
    return first, last


def in_order(first: Ordered, last: Ordered, type_: Type) -> None:
    """Raises ValueError where the ends of a range are the wrong way round."""
    if first > last:  # type: ignore[operator]  # both are of one type
        than = "later" if type_.kind == DATE else "larger"
        ends = f"{_plain_scalar(first, type_)} is {than} than {_plain_scalar(last, type_)}"
        raise ValueError(f"the ends are the wrong way round: {ends}")


def borrowed(low: str, high: str) -> str:
    """The lower end of a range with the unit that stands only after the upper one: `4` of `4..6 weeks`, `$4..6k`."""
    found = _UNIT.search(high)
    return f"{low}{found[0]}" if found and _BARE.fullmatch(low) else low


def _read_bound(word: str, rest: str, type_: Type) -> Value:
    if word == "about":
        return _about(rest, type_)
    if word in _OF_TIME and type_.kind not in OF_TIME:
        wanted = {"before": "below", "after": "above", "on or before": "at most"}.get(word, "at least")
        raise ValueError(f"`{word}` goes with a day; write `{wanted} {rest[:40]}`")
    if word in ("above", "over", "more than", "after"):
        return _clip(_end(rest, type_, last=True), type_.high, type_, low_open=True)
    if word in ("at least", "on or after"):
        return _clip(_end(rest, type_, last=False), type_.high, type_)
    if word in ("at most", "on or before"):
        return _clip(type_.low, _end(rest, type_, last=True), type_)
    return _clip(type_.low, _end(rest, type_, last=False), type_, high_open=True)


def _about(rest: str, type_: Type) -> Value:
    """Give or take a fifth (at least one, for whole numbers); a week for a day; two weeks for a month."""
    if type_.kind == DATE:
        slack = timedelta(days=7 if _DAY.fullmatch(rest.strip()) else 14)
        return _clip(_day_in(rest.strip(), last=False) - slack, _day_in(rest.strip(), last=True) + slack, type_)
    number = read_scalar(rest, Type(type_.kind, unit=type_.unit))
    if not isinstance(number, int | Fraction):
        raise ValueError(f"`{rest[:40]}` is not a number")
    slack_number = abs(Fraction(number)) / 5
    if type_.kind in (TIME, MOMENT):
        slack_number = Fraction(60)
    elif type_.kind in (WHOLE, DURATION):
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
    if type_.kind in COUNTED or type_.kind == DATE:
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
    low, high = (None if end is None else _plain_scalar(end, type_) for end in value.ends_within(type_))
    if low is not None and high is not None:
        return f"{low}..{high}"
    if low is not None:
        at_least = "on or after" if type_.kind == DATE else "at least"
        return f"{'above' if value.low_open else at_least} {low}"
    if high is not None:
        at_most = "on or before" if type_.kind == DATE else "at most"
        return f"{'below' if value.high_open else at_most} {high}"
    return "unknown"


def _plain_scalar(value: Scalar, type_: Type) -> str:
    if value is NONE:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Fraction):
        if type_.kind in (TIME, MOMENT):
            return time_text(value) if type_.kind == TIME else moment_text(value)
        number = unmistakable(decimal_text(value))
        if type_.kind == MONEY and type_.unit:
            return f"{number} {type_.unit}"
        if type_.kind == DURATION:
            return f"{number} days"
        return number
    return str(value)
