"""What people type in answer to a question, read as values: `5.6k`, `next Friday`, `y`, `about 5`, `4-6`, `don't know`.

In: a text, the fact's type and the day it is said on. Out: a value, settled or known in part. Raises Misread, whose
message says what is allowed and gives an example. What this reads, a case file can hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from advisor.cases.answers import MOST_MONTHS, days_in_months
from advisor.dialogue import choice_replies
from advisor.dialogue import days as said_days
from advisor.packs.pack import Fact
from advisor.values import wording
from advisor.values.numbers import DIGITS, TwoReadings, read_number, tidy
from advisor.values.text import (
    borrowed,
    in_order,
    plain,
    read_moment,
    read_money,
    read_scalar,
    read_time,
    read_value,
    whole_number,
)
from advisor.values.types import (
    CHOICE,
    CHOICES,
    DATE,
    DURATION,
    LONGEST_TEXT,
    MOMENT,
    MONEY,
    NUMBER,
    TEXT,
    TIME,
    WHOLE,
    YES_NO,
    Number,
    Ordered,
    Scalar,
    Type,
    Value,
    Within,
    is_known,
    whole,
)

MOST_LISTED: Final = 20
FEW_LISTED: Final = 8
"""Choices that a message lists: all of them up to that many, else the first few."""


Ends = tuple[Ordered, Ordered]
"""The least and the most that a text can mean."""


class Misread(ValueError):
    """What was typed is not understood; the message says what is allowed and gives an example."""


_UNKNOWN: Final = re.compile(
    r"(i\s+)?(really\s+)?(unknown|do\s*n['’]?o?t know|don['’]?t know|dunno|dk|no idea|not sure|unsure"
    r"|idk|who knows|nobody knows)"
    r"(\s+(that|it|yet))?[.!]?"
)
_ABOUT: Final = re.compile(r"(?:about|around|roughly|approximately|approx\.?|circa|ca\.?|some|~)\s*(?P<rest>.+)")
_OR_SO: Final = re.compile(r"(?P<rest>.+?),?\s+(?:or so|or thereabouts|give or take|more or less)")
_AT_LEAST: Final = re.compile(r"(?:at least|from|no less than|not less than|minimum|min|>=|≥)\s*(?P<rest>.+)")
_AT_MOST: Final = re.compile(r"(?:at most|up to|no more than|not more than|maximum|max|<=|≤)\s*(?P<rest>.+)")
_ABOVE: Final = re.compile(r"(?:above|over|more than|greater than|after|>)\s*(?P<rest>.+)")
_BELOW: Final = re.compile(r"(?:below|under|less than|fewer than|before|<)\s*(?P<rest>.+)")
_SINCE: Final = re.compile(r"(?:since|on or after)\s+(?P<rest>.+)")
_UNTIL: Final = re.compile(r"(?:until|till|by|on or before)\s+(?P<rest>.+)")
_MORE: Final = re.compile(r"(?P<rest>.+?)\s*(?:\+|or more|and more|or later)")
_LESS: Final = re.compile(r"(?P<rest>.+?)\s*(?:or less|or fewer|or earlier)")
_RANGE: Final = re.compile(
    r"(?:between\s+(?P<a>.+?)\s+and\s+(?P<b>.+)|(?:from\s+)?(?P<c>.+?)\s*(?:\.\.+|\s-\s|–|—|\bto\b|\buntil\b|(?<=[\dk%])-(?=[\d$€£.,]))\s*(?P<d>.+))"
)
_RANGE_OF_DAYS: Final = re.compile(
    r"(?:between\s+(?P<a>.+?)\s+and\s+(?P<b>.+)"
    r"|(?P<c>\d{1,2})\s?-\s?(?P<d>\d{1,2}\s*[a-z].*)"
    r"|(?:from\s+)?(?P<e>.+?)\s*(?:\.\.+|\s-\s|–|—|\bto\b|\buntil\b)\s*(?P<f>.+))"
)
_FILLER: Final = re.compile(r"\s+(?:so far|yet|until now|till now|by now|at the moment|at present|of it)$")
_SPAN: Final = re.compile(
    rf"(?:(?P<half>half a|half an)|(?P<number>{DIGITS}|[a-z ]+?))"
    r"\s*-?(?P<unit>d|day|w|wk|week|fortnight|month|year|yr)s?",
    re.ASCII,
)
_DAYS: Final = {"d": 1, "day": 1, "w": 7, "wk": 7, "week": 7, "fortnight": 14}


def is_unknown(text: str) -> bool:
    """Whether a reply says that the person does not know."""
    return _UNKNOWN.fullmatch(" ".join(text.casefold().split())) is not None


def read_reply(text: str, fact: Fact, today: date) -> Value:
    """The value that a reply gives of a fact (not one where several boxes may be ticked). Raises Misread."""
    type_ = fact.type
    try:
        found = _read(text.strip(), type_, today)
    except ValueError as error:
        raise Misread(f"{wording.sentence(wording.capital(str(error)))} {allowed(fact, today)}") from None
    return found


def read_boxes(text: str, fact: Fact, today: date) -> dict[str, bool]:
    """Which of several boxes a reply ticks: numbers or names, `none`, or `all`. Raises Misread."""
    said = " ".join(text.casefold().split())
    ids = fact.type.choice_ids()
    if said in ("none", "no", "n", "nothing", "0", "none of these", fact.type.none_label.casefold() or "none"):
        return dict.fromkeys(ids, False)
    if said == "all":
        return dict.fromkeys(ids, True)
    try:
        whole = choice_replies.chosen(said, fact.type)
        ticked = {whole}
    except ValueError:
        ticked = {_box(part, fact, today) for part in _parts(said)}
    return {one: one in ticked for one in ids}


def _parts(said: str) -> list[str]:
    parts = [part.strip() for part in re.split(r",|;|&|\+|\band\b", said) if part.strip()]
    return [one for part in parts for one in (part.split() if re.fullmatch(r"[\d ]+", part) else [part])]


def _box(part: str, fact: Fact, today: date) -> str:
    try:
        return choice_replies.chosen(part, fact.type)
    except ValueError as error:
        raise Misread(f"{wording.sentence(wording.capital(str(error)))} {allowed(fact, today)}") from None


def _read(text: str, type_: Type, today: date) -> Value:
    said = " ".join(text.casefold().split())
    if type_.kind == TEXT:
        if not text:
            raise ValueError("nothing was typed")
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"a text of at most {LONGEST_TEXT} characters is allowed")
        return text
    if type_.kind == YES_NO:
        return choice_replies.yes_no(said)
    if type_.kind == CHOICE:
        return choice_replies.choice(said, type_)
    return _clipped(_in_part(said, type_, today), type_)


# --- numbers and days, also known in part ----------------------------------------------------------------------------


def _in_part(said: str, type_: Type, today: date) -> Value:
    """A number or day, or a range of them, not yet within the bounds of the type."""
    for form, read in _PARTS:
        found = form.fullmatch(said)
        if found is not None and found["rest"].strip():
            return read(_ends(found["rest"].strip(), type_, today), type_)
    found = (_RANGE_OF_DAYS if type_.kind in (DATE, MOMENT) else _RANGE).fullmatch(said)
    if found is not None:
        low_text, high_text = (one for one in found.groups() if one is not None)
        low, high = _two_ends(low_text, high_text, type_, today)
        return _between(low, high, type_)
    return _between(*_ends(said, type_, today), type_)


def _two_ends(low: str, high: str, type_: Type, today: date) -> Ends:
    """Both ends of a range; what only the second says (`4-6 weeks`, `3 to 10 May`) holds for the first too."""
    last = _ends(high, type_, today)[1]
    alike = borrowed(low, high)
    if type_.kind == DATE:
        of_month = re.search(r"(?<=\d)\s*[a-z ]+\d*$", high)
        alike = f"{low}{of_month[0]}" if of_month and low.isdecimal() else low
    try:
        first = _ends(alike, type_, today)[0]
        if type_.kind not in (MONEY, NUMBER) or first <= last:  # type: ignore[operator]  # both are of one type
            return first, last
    except TwoReadings:
        raise
    except ValueError:
        pass
    first = _ends(low, type_, today)[0]
    return first, last


def _ends(said: str, type_: Type, today: date) -> tuple[Ordered, Ordered]:
    """The least and the most that a text can mean."""
    if type_.kind == DATE:
        return said_days.read_span(said, today)
    if type_.kind == DURATION:
        return _duration(said)
    if type_.kind in (TIME, MOMENT):
        minutes = read_time(said) if type_.kind == TIME else read_moment(said)
        return minutes, minutes
    number = _number(said, type_)
    if type_.kind == WHOLE:
        number = whole_number(number, said)
    return number, number


def _number(said: str, type_: Type) -> Number:
    bare = _FILLER.sub("", said.strip()).removesuffix(".").rstrip()
    if bare in ("half", "a half") and type_.unit == "%":
        return 50
    if bare in said_days.WORDS or bare in ("nothing", "none", "nil"):
        return said_days.WORDS.get(bare, 0)
    if type_.kind == MONEY:
        return read_money(bare, type_.unit)
    return read_number(_without_unit(bare, type_.unit.casefold()))


def _without_unit(said: str, unit: str) -> str:
    """A number without the unit behind it, in one of the ways in which people write that."""
    for ending in (unit, unit.removesuffix("s"), "%", "percent"):
        if ending and said.endswith(ending):
            return said.removesuffix(ending).rstrip()
    return said


def _duration(said: str) -> tuple[Number, Number]:
    """Days; months and years have no fixed number of them."""
    found = _SPAN.fullmatch(tidy(said))
    if found is None:
        number = _number(said, Type("number"))
        return number, number
    count = Fraction(1, 2) if found["half"] else _count(found["number"], said)
    if found["unit"] in _DAYS:
        days = whole(count * _DAYS[found["unit"]])
        return days, days
    months = count * (1 if found["unit"] == "month" else 12)
    if months.denominator != 1 or not 0 < months <= MOST_MONTHS:
        raise ValueError(f"`{said[:40]}` has no certain number of days")
    return days_in_months(int(months))


def _count(word: str, said: str) -> Fraction:
    word = word.strip()
    if word in said_days.WORDS:
        return Fraction(said_days.WORDS[word])
    try:
        return Fraction(read_number(word))
    except TwoReadings:
        raise
    except ValueError:
        raise ValueError(f"`{said[:40]}` is not a length of time") from None


# --- ranges ----------------------------------------------------------------------------------------------------------


def _between(low: Ordered, high: Ordered, type_: Type) -> Value:
    in_order(low, high, type_)
    return low if low == high else Within(low, high)


def _about(ends: Ends, type_: Type) -> Value:
    """Give or take a fifth, at least one of what is counted; a week for a day; of a percentage as it is rounded."""
    low, high = ends
    if isinstance(low, date) and isinstance(high, date):
        return Within(low - timedelta(days=7), high + timedelta(days=7))
    assert not isinstance(low, date)
    assert not isinstance(high, date)
    if type_.unit == "%":
        return Within(whole(low - _rounding(low)), whole(high + _rounding(high)))
    if type_.kind in (TIME, MOMENT):
        return Within(low - 60, high + 60)
    less, more = abs(Fraction(low)) / 5, abs(Fraction(high)) / 5
    if type_.kind in (WHOLE, DURATION):
        less, more = Fraction(max(1, round(less))), Fraction(max(1, round(more)))
    first, last = low - less, high + more
    return Within(whole(first), whole(last))


def _rounding(percentage: int | Fraction) -> int:
    """By how many points a rounded percentage may be off: 90 by five, 85 by three, 92 by one."""
    return next((off for step, off in ((10, 5), (5, 3)) if percentage % step == 0), 1)


def _from(ends: Ends, _: Type) -> Value:
    return Within(ends[0], None)


def _to(ends: Ends, _: Type) -> Value:
    return Within(None, ends[1])


def _above(ends: Ends, _: Type) -> Value:
    return Within(ends[1], None, low_open=True)


def _below(ends: Ends, _: Type) -> Value:
    return Within(None, ends[0], high_open=True)


_PARTS: Final[tuple[tuple[re.Pattern[str], Callable[[Ends, Type], Value]], ...]] = (
    (_ABOUT, _about),
    (_OR_SO, _about),
    (_AT_LEAST, _from),
    (_AT_MOST, _to),
    (_SINCE, _from),
    (_UNTIL, _to),
    (_ABOVE, _above),
    (_BELOW, _below),
    (_MORE, _from),
    (_LESS, _to),
)


def _clipped(value: Value, type_: Type) -> Value:
    """The value within the bounds of its type. Raises ValueError where it lies outside of them."""
    if is_known(value):
        read_scalar(plain(value, type_), type_)  # says which bound is broken
        return value
    return read_value(plain(value, Type(type_.kind, unit=type_.unit)), type_)


# --- what is allowed -------------------------------------------------------------------------------------------------


def allowed(fact: Fact, today: date) -> str:
    """What can be typed for a fact, with one example."""
    type_ = fact.type
    example = fact.examples[0] if fact.examples else _example(type_, today)
    match type_.kind:
        case "yes/no":
            return "Type yes or no (y or n), or “don't know”."
        case "choice":
            return f"Type one of these, or its number: {_listed(type_)}. For example: {example}."
        case "choices":
            return f"Type the numbers of those that apply, with commas, or “none”: {_listed(type_)}. For example: 1, 2."
    bounds = _bounds(type_)
    return f"Type {_nouns(type_)}{bounds}. For example: {example}."


def _listed(type_: Type) -> str:
    labels = [label for _, label in type_.choices]
    shown = labels if len(labels) <= MOST_LISTED else labels[:FEW_LISTED]
    more = f"; and {len(labels) - len(shown)} more" if len(shown) < len(labels) else ""
    return "; ".join(f"({number}) {label}" for number, label in enumerate(shown, 1)) + more


def _nouns(type_: Type) -> str:
    return {
        DATE: "a day",
        DURATION: "a length of time",
        MONEY: f"an amount in {type_.unit}" if type_.unit else "an amount",
        TEXT: "a few words",
        WHOLE: "a whole number",
        TIME: "a time of day",
        MOMENT: "a day and a time",
    }.get(type_.kind, "a number")


def _bounds(type_: Type) -> str:
    if type_.low is not None and type_.high is not None:
        return f" from {_worded(type_.low, type_)} to {_worded(type_.high, type_)}"
    if type_.low is not None:
        return (
            f" of at least {_worded(type_.low, type_)}"
            if type_.kind != DATE
            else f" from {_worded(type_.low, type_)} on"
        )
    return f" of at most {_worded(type_.high, type_)}" if type_.high is not None else ""


def _worded(value: Scalar, type_: Type) -> str:
    return wording.in_words(value, type_)


def _example(type_: Type, today: date) -> str:
    if type_.kind in (CHOICE, CHOICES):
        return type_.choices[0][1] if type_.choices else "1"
    if type_.kind == DATE:
        return f"{wording.short_day(today)}, next Friday, about 3 May"
    examples = {
        DURATION: "14 days, 2 weeks",
        MONEY: "5.6k, about 300",
        WHOLE: "4, about 5, 4-6",
        TEXT: "Blue Lamp website",
        TIME: "9:30, about 17:00",
        MOMENT: "2026-12-01 09:30",
    }
    return examples.get(type_.kind, "4, about 5, 4-6")
