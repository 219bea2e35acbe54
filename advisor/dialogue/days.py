"""Days as people say them: `next Friday`, `12 Aug`, `in two weeks`, `end of March`, `about 3 May`.

In: a text and the day it is said on. Out: a day, or the first and the last day that may be meant. Raises ValueError.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

Span = tuple[date, date]
"""The first and the last day that may be meant."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WORDS: Final = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ]
    )
} | {"a": 1, "an": 1, "twenty": 20, "thirty": 30, "a couple of": 2, "a few": 3}
_NUMBER = r"\d{1,6}|" + "|".join(sorted(WORDS, key=len, reverse=True))
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" + (r"|sept" if month == "september" else "") for month in MONTHS)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s*(?P<year>\d{4}))?"
_FORMS: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?:the\s+)?{_DAY}(?:\s+of)?[\s.-]*(?P<month>{_MONTH})\.?{_YEAR}",
        rf"(?P<month>{_MONTH})\.?\s*{_DAY}{_YEAR}",
    )
)
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", re.ASCII)
_NUMERIC = re.compile(r"(?P<one>\d{1,2})[/.](?P<two>\d{1,2})(?:[/.](?P<year>\d{4}))?\.?", re.ASCII)
_AWAY = re.compile(
    rf"(?:(?P<ahead>in)\s+)?(?P<number>{_NUMBER})\s+(?P<unit>day|week|fortnight|month|year)s?"
    rf"(?:\s+(?P<back>ago|from now))?"
)
_WEEKDAY = re.compile(
    rf"(?:(?P<which>next|last|this|on|coming|past)\s+)?"
    rf"(?P<name>{'|'.join(f'{d[:3]}(?:{d[3:]})?' for d in WEEKDAYS)}|tues|thur|thurs)"
)
_PERIOD = re.compile(r"(?P<which>next|last|this)\s+(?P<unit>week|month|year)")
_PART = re.compile(r"(?:the\s+)?(?P<part>early|start of|beginning of|mid|middle of|late|end of)[\s-]+(?P<rest>.+)")
_IN_MONTH = re.compile(rf"(?:in\s+)?(?:(?P<which>next|last|this)\s+)?(?P<month>{_MONTH})\.?{_YEAR}")
_IN_YEAR = re.compile(r"(?:in\s+)?(?P<year>\d{4})")
_ISO_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})", re.ASCII)
_A_MONTH = re.compile(rf"\b(?:{_MONTH})\b|\d\s*[/.]\s*\d")
_A_YEAR = re.compile(r"\d{4}|\b(?:next|last|this)\b")
_NAMED: Final = {
    "today": 0, "now": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1,
    "the day after tomorrow": 2, "day after tomorrow": 2, "the day before yesterday": -2, "day before yesterday": -2,
}  # fmt: skip


def read_span(text: str, today: date) -> Span:
    """The day, or the first and last day, that a text means when it is said `today`. Raises ValueError."""
    said = " ".join(text.casefold().replace("’", "'").split())
    for read in _READERS:
        found = read(said, today)
        if found is not None:
            return found if isinstance(found, tuple) else (found, found)
    raise ValueError(f"`{text[:40]}` is not a day that I understand")


def leaves_the_year_open(text: str) -> bool:
    """Whether a text names a day or month without saying of which year, so that the nearest one was taken."""
    said = text.casefold()
    return _A_MONTH.search(said) is not None and _A_YEAR.search(said) is None


def _named(said: str, today: date) -> date | None:
    return today + timedelta(days=_NAMED[said]) if said in _NAMED else None


def _iso(said: str, _: date) -> date | None:
    found = _ISO.fullmatch(said)
    return _on(int(found["year"]), int(found["month"]), int(found["day"])) if found else None


def _written(said: str, today: date) -> date | None:
    found = next((match for form in _FORMS if (match := form.fullmatch(said))), None)
    if found is None:
        return None
    month = _month_number(found["month"])
    if found["year"]:
        return _on(int(found["year"]), month, int(found["day"]))
    return _nearest(month, int(found["day"]), today)


def _numeric(said: str, today: date) -> date | None:
    """`13/8/2026` has one meaning; `3/8` has two, and is sent back."""
    found = _NUMERIC.fullmatch(said)
    if found is None:
        return None
    one, two = int(found["one"]), int(found["two"])
    if one != two and one <= len(MONTHS) and two <= len(MONTHS):
        both = f"{one} {MONTHS[two - 1].title()} or {two} {MONTHS[one - 1].title()}"
        raise ValueError(f"`{said}` can mean {both}; write the month as a word")
    day, month = (one, two) if two <= len(MONTHS) else (two, one)
    return _on(int(found["year"]), month, day) if found["year"] else _nearest(month, day, today)


def _away(said: str, today: date) -> date | None:
    """`in two weeks`, `10 days ago`."""
    found = _AWAY.fullmatch(said)
    if found is None or not (found["ahead"] or found["back"]):
        return None
    count = number_of(found["number"]) * (-1 if found["back"] == "ago" else 1)
    if found["unit"] in ("month", "year"):
        return _months_away(today, count * (12 if found["unit"] == "year" else 1))
    return _moved(today, count * {"day": 1, "week": 7, "fortnight": 14}[found["unit"]])


def _weekday(said: str, today: date) -> date | None:
    """The next such day after today, or the last one before it."""
    found = _WEEKDAY.fullmatch(said)
    if found is None:
        return None
    number = next(place for place, name in enumerate(WEEKDAYS) if name.startswith(found["name"][:3]))
    if found["which"] in ("last", "past"):
        return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    ahead = (number - today.weekday()) % 7
    return today + timedelta(days=ahead or (7 if found["which"] in ("next", "coming") else 0))


def _period(said: str, today: date) -> Span | None:
    """`next week`, `last month`, `this year`."""
    found = _PERIOD.fullmatch(said)
    if found is None:
        return None
    step = {"next": 1, "last": -1, "this": 0}[found["which"]]
    if found["unit"] == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * step)
        return monday, monday + timedelta(days=6)
    if found["unit"] == "month":
        return month_span(_months_away(today.replace(day=1), step))
    return date(today.year + step, 1, 1), date(today.year + step, 12, 31)


def _month(said: str, today: date) -> Span | None:
    iso = _ISO_MONTH.fullmatch(said)
    if iso:
        return month_span(_on(int(iso["year"]), int(iso["month"]), 1))
    found = _IN_MONTH.fullmatch(said)
    if found is None:
        return None
    number = _month_number(found["month"])
    if found["year"]:
        return month_span(_on(int(found["year"]), number, 1))
    if found["which"] is None:
        return month_span(_nearest(number, 15, today))
    away = {"next": number <= today.month, "last": -(number >= today.month), "this": 0}[found["which"]]
    return month_span(_on(today.year + away, number, 1))


def _year(said: str, _: date) -> Span | None:
    found = _IN_YEAR.fullmatch(said)
    if found is None or not date.min.year <= int(found["year"]) <= date.max.year:
        return None
    return date(int(found["year"]), 1, 1), date(int(found["year"]), 12, 31)


def _part(said: str, today: date) -> Span | None:
    """`early March`, `mid 2026`, `end of August`: about a third of it."""
    found = _PART.fullmatch(said)
    if found is None:
        return None
    first, last = (
        _month(found["rest"], today) or _period(found["rest"], today) or _year(found["rest"], today) or (None, None)
    )
    if first is None or last is None:
        return None
    third = (last - first) // 3
    word = found["part"]
    if word in ("early", "start of", "beginning of"):
        return first, first + third
    return (first + third, last - third) if word in ("mid", "middle of") else (last - third, last)


_READERS: Final[tuple[Callable[[str, date], date | Span | None], ...]] = (
    _named, _iso, _written, _numeric, _away, _weekday, _period, _month, _year, _part,
)  # fmt: skip


def number_of(word: str) -> int:
    """`3`, `three`, `a couple of`."""
    return WORDS[word] if word in WORDS else int(word)


def month_span(day: date) -> Span:
    """The first and the last day of the month that a day lies in."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))


def _on(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no such day as {day}.{month}.{year}") from None


def _nearest(month: int, day: int, today: date) -> date:
    """The day of that name that lies nearest to today, before or after."""
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise ValueError(f"there is no such day as {day} {MONTHS[month - 1].title()}")
    return min(found, key=lambda one: abs((one - today).days))


def _moved(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise ValueError("that day is too far away") from None


def _months_away(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError("that day is too far away")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
