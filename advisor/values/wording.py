"""How people write things: days, amounts, ranges, lists, plurals, and lines of a given width.

In: plain values (or what is still possible of one). Out: plain text. Nothing here knows a domain, a template or a
format.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from advisor.values.types import (
    CHOICE,
    DURATION,
    MINUTES_A_DAY,
    MOMENT,
    MONEY,
    NONE,
    OF_TIME,
    TIME,
    Among,
    Partial,
    Scalar,
    Type,
    Value,
    Within,
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
Figure = int | float | str | Decimal | Fraction
"""A number, or one written in decimal digits."""


# --- days ---------------------------------------------------------------------------------------------------------


def as_day(day: date | str) -> date:
    """The day, from itself or from `2026-12-06`. Raises ValueError for anything else."""
    return day if isinstance(day, date) else date.fromisoformat(day)


def day(when: date | str) -> str:
    """`Sunday 6 December 2026`."""
    when = as_day(when)
    return f"{WEEKDAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]} {when.year}"


def short_day(when: date | str) -> str:
    """`6 Dec 2026`."""
    when = as_day(when)
    return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}"


def from_today(when: date | str, today: date | str) -> str:
    """`today`, `tomorrow`, `in 13 days`, `3 days ago`."""
    days = (as_day(when) - as_day(today)).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"


def day_and_distance(when: date | str, today: date | str) -> str:
    """`in 13 days (Sunday 6 December 2026)`."""
    return f"{from_today(when, today)} ({day(when)})"


def written_date(text: str) -> str:
    """A date as a source writes it (`2021-03-04`, `2021-03`), for people; what is neither stays as it is.

    `A .. B` is some day between the two, and `by A` some day up to that.
    """
    if text.startswith("by "):
        return f"some day by {written_date(text.removeprefix('by '))}"
    first, between, last = text.partition(" .. ")
    if between:
        return f"some day from {written_date(first)} to {written_date(last)}"
    found = re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", text.strip(), re.ASCII)
    if not found or not 1 <= int(found[2]) <= len(MONTHS):
        return text
    month = MONTHS[int(found[2]) - 1]
    return f"{int(found[3])} {month} {found[1]}" if found[3] else f"{month} {found[1]}"


# --- numbers ------------------------------------------------------------------------------------------------------


def exact(figure: Figure) -> Fraction:
    """The number without any rounding error of ours. Raises ValueError for what is no number."""
    if isinstance(figure, float):
        return Fraction(repr(figure))
    if isinstance(figure, str):
        return Fraction(figure.replace(",", "").strip())
    return Fraction(figure)


def rounded(figure: Figure, digits: int) -> Decimal:
    """The number with `digits` places after the point; a half is rounded away from nought."""
    number = exact(figure)
    scaled = Decimal(number.numerator) / Decimal(number.denominator)
    return scaled.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def number(figure: Figure, digits: int | None = None, lines: Sequence[Figure] = ()) -> str:
    """`5,600` or `88.5`: thousands marked, no nought at the end of the places.

    With no `digits`, as many places as make sense for its size: none from 1,000, one from 10, else two. Rounding never
    carries it to or over one of `lines`: 89.97 beside a line at 90 is `89.97`, not `90`.
    """
    value = exact(figure)
    places = _sensible(value) if digits is None else max(0, digits)
    result = rounded(value, places)
    while places < _MOST_PLACES and any(_side(Fraction(result), line) != _side(value, line) for line in lines):
        places += 1
        result = rounded(value, places)
    text = f"{result:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


_MOST_PLACES = 6
_PLACES = ((1000, 0), (10, 1), (0, 2))
"""From that size on, so many places."""


def _sensible(value: Fraction) -> int:
    return 0 if value.denominator == 1 else next(places for size, places in _PLACES if abs(value) >= size)


def _side(value: Fraction, line: Figure) -> int:
    return (value > exact(line)) - (value < exact(line))


def money(figure: Figure, currency: str = "USD") -> str:
    """`$5,600`, `$12.50`; `5,600 CHF` where the currency has no sign of its own."""
    value = exact(figure)
    whole = rounded(value, 2) == rounded(value, 0)
    digits = f"{rounded(abs(value), 0 if whole else 2):,f}"
    sign = "-" if value < 0 and digits.strip("0.") else ""
    symbol = SYMBOLS.get(currency.upper())
    return f"{sign}{symbol}{digits}" if symbol else f"{sign}{digits} {currency}".rstrip()


def percent(figure: Figure, digits: int | None = None) -> str:
    """`88.5 %`."""
    return f"{number(figure, digits)} %"


def amount(figure: Figure, unit: str = "", digits: int | None = None, lines: Sequence[Figure] = ()) -> str:
    """A number with its unit: `88.5 %`, `$250`, `14 days`, `3 points`."""
    if unit.upper() in SYMBOLS:
        return money(figure, unit.upper())
    text = number(figure, digits, lines)
    if unit in ("days", "weeks", "hours", "months", "years", "points"):
        return f"{text} {unit[:-1] if text == '1' else unit}"
    return f"{text} {unit}" if unit else text


def span(
    low: Figure | None, high: Figure | None, unit: str = "", digits: int | None = None, lines: Sequence[Figure] = ()
) -> str:
    """`75 to 90 %`; `75 %` where both are one; `at least 75 %` and `at most 90 %` where an end is missing."""
    if low is None and high is None:
        return "unknown"
    if low is None:
        return f"at most {amount(high, unit, digits, lines)}"  # type: ignore[arg-type]  # the line above: not both
    if high is None:
        return f"at least {amount(low, unit, digits, lines)}"
    first, last = amount(low, unit, digits, lines), amount(high, unit, digits, lines)
    if first == last:
        return first
    if unit.upper() in SYMBOLS:
        return f"{first} to {last}"
    return f"{number(low, digits, lines)} to {last}"


# --- words --------------------------------------------------------------------------------------------------------


def listing(items: Iterable[str], last: str = "and", most: int | None = None) -> str:
    """`a`, `a and b`, `a, b and c`; beyond `most`, `a, b and 7 more`."""
    words = [item for item in items if item]
    if most is not None and len(words) > most + 1:
        words = [*words[:most], f"{len(words) - most:,} more"]
    *others, final = words or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def is_or_are(noun: str) -> str:
    """The verb after a noun of the pack's: `the earnings` are, `the status` is."""
    return "are" if re.search(r"[^sui]s$", noun) else "is"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 day`, `2 days`, `0 days`; `many` where adding an s is not enough."""
    return f"{count:,} {one if count == 1 else many or plural_of(one)}"


def plural_of(noun: str) -> str:
    """The plural of a regular English noun: days, replies, matches."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def yes_no(value: object) -> str:
    """`yes` or `no`."""
    return "yes" if value else "no"


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends like a sentence already."""
    text = text.strip()
    bare = text.rstrip("”’\"')]")
    return text if not bare or bare[-1] in ".!?…:" else f"{text}."


def capital(text: str) -> str:
    """The text with its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def in_words(value: Value, type_: Type) -> str:
    """What is known of a value, for people: `yes`, `$5,600`, `Sunday 6 December 2026`, `4 to 6`, `above 0`."""
    if isinstance(value, Among):
        places = {choice: place for place, choice in enumerate(type_.choice_ids())}
        ordered = sorted(value.values, key=lambda one: (places.get(str(one), len(places)), str(one)))
        return "unknown" if value == type_.undecided() else listing((_scalar(one, type_) for one in ordered), "or")
    if isinstance(value, Within):
        return _range(value, type_)
    return "unknown" if isinstance(value, Partial) else _scalar(value, type_)


def _scalar(value: Scalar, type_: Type) -> str:
    if value is NONE:
        return "none"
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | Fraction) and type_.kind in (TIME, MOMENT):
        clock = f"{int(value) % MINUTES_A_DAY // 60:02}:{int(value) % 60:02}"
        return clock if type_.kind == TIME else f"{day(date.fromordinal(int(value) // MINUTES_A_DAY))}, {clock}"
    if isinstance(value, int | Fraction):
        unit = "days" if type_.kind == DURATION else type_.unit
        return money(value, unit or "USD") if type_.kind == MONEY else amount(value, unit)
    return dict(type_.choices).get(value, value) if type_.kind == CHOICE else str(value)


def _range(value: Within, type_: Type) -> str:
    whole = _whole_period(value)
    if whole:
        return f"{whole}, or none" if value.maybe_none else whole
    low, high = (None if end is None else _scalar(end, type_) for end in value.ends_within(type_))
    words = "unknown"
    if low and high:
        words = f"{low} to {high}"
    elif low:
        after = "after" if type_.kind in OF_TIME else "above"
        words = f"{after} {low}" if value.low_open else f"{'from' if type_.kind in OF_TIME else 'at least'} {low}"
    elif high:
        before = "before" if type_.kind in OF_TIME else "below"
        words = f"{before} {high}" if value.high_open else f"{'until' if type_.kind in OF_TIME else 'at most'} {high}"
    return f"{words}, or none" if value.maybe_none and words != "unknown" else words


def _whole_period(value: Within) -> str:
    """`June 2027` or `2027` for all days of it; nothing for any other range."""
    first, last = value.low, value.high
    if not isinstance(first, date) or not isinstance(last, date) or first.day != 1 or first.year != last.year:
        return ""
    if last.day != calendar.monthrange(last.year, last.month)[1]:
        return ""
    if first.month == last.month:
        return f"{MONTHS[first.month - 1]} {first.year}"
    return str(first.year) if (first.month, last.month) == (1, len(MONTHS)) else ""


# --- lines of a given width ---------------------------------------------------------------------------------------

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, moves, erasing
    r"|\x1b[\]PX^_][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)"  # titles, links and the like, where they end
    r"|\x1b[@-Z\\-_]?"
)
_PAINT = re.compile(r"\x1b\[[0-9;]*m")
_GLUE = re.compile(rf"(\d|{'|'.join(MONTHS)}) (?=%|(?:{'|'.join(MONTHS)})\b|\d{{4}}\b)")


def clean(text: str) -> str:
    """The text without what steers a terminal or reorders letters: escapes, control and direction characters."""
    if text.replace("\n", " ").isprintable():
        return text
    text = _ESCAPES.sub("", text).replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(letter for letter in text if letter in _KEPT or unicodedata.category(letter) not in _UNWANTED)


_UNWANTED = frozenset(("Cc", "Cf", "Cs", "Co"))
_KEPT = "\n\t\u200c\u200d"
"""Line ends and tabs, and the joiners that some scripts and emoji need."""


def one_line(text: str) -> str:
    """The text cleaned, every run of white space (line ends too) a single space."""
    return " ".join(clean(text).split())


def columns(text: str) -> int:
    """How many columns a terminal needs for the text: two for wide letters, none for marks and colours."""
    return sum(_columns_of(letter) for letter in _PAINT.sub("", text))


def _columns_of(letter: str) -> int:
    if letter < "\u0300":
        return 1
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most `width` columns; `first` opens the first line and `rest` (default: as wide a space) the others.

    A number stays with its unit and a day with its month; a web address is never broken, any other over-long word is.
    """
    rest = " " * columns(first) if rest is None else rest
    room = max(8, width - max(columns(first), columns(rest)))
    glued = [word.replace("\0", " ") for word in _GLUE.sub("\\1\0", text).split()]
    rows: list[str] = []
    row = ""
    for word in (piece for whole in glued for piece in _pieces(whole, room)):
        if row and columns(row) + 1 + columns(word) > room:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}" if row else word
    rows.append(row)
    return [(first if index == 0 else rest) + one for index, one in enumerate(rows)]


def _pieces(word: str, room: int) -> list[str]:
    if columns(word) <= room or word.startswith(("http://", "https://")):
        return [word]
    if " " in word:
        return [piece for part in word.split() for piece in _pieces(part, room)]
    pieces = [""]
    for letter in word:
        if columns(pieces[-1]) + _columns_of(letter) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def pad(text: str, width: int) -> str:
    """The text with spaces after it, up to `width` columns."""
    return text + " " * max(0, width - columns(text))


def shorten(text: str, width: int) -> str:
    """The text, cut with … where it needs more than `width` columns."""
    if columns(text) <= width:
        return text
    kept = ""
    for letter in text:
        if columns(kept) + _columns_of(letter) > width - 1:
            break
        kept += letter
    return f"{kept.rstrip()}…"
