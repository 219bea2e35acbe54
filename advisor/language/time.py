"""How time is read: today, days between dates, weekdays, months added to a date.

In: tokens. Out: expressions that are dates, or numbers of days.
"""

from __future__ import annotations

from advisor.language.aggregates import AggregateParser
from advisor.language.literals import MONTHS
from advisor.language.tree import WEEKDAYS, AddMonths, Clock, DaysBetween, Expr, HoursBetween, Weekday
from advisor.language.typing import BAD, described, is_bad
from advisor.values.types import DATE, MOMENT, TIME, Type

MOST_MONTHS = 12_000
_DATE = Type(DATE)
TODAY = Clock("today", _DATE)


class TimeParser(AggregateParser):
    """Reads dates that are worked out, and the time between them."""

    def today(self) -> Expr:
        """`today`."""
        self.at += 1
        return TODAY

    def as_of(self) -> Expr | None:
        """`as of`; None where `as` stands alone."""
        return Clock("as of", _DATE) if self.take("as", "of") else None

    def era(self) -> Expr:
        """`era`."""
        self.at += 1
        return Clock("era", self.vocabulary.era_type)

    def days(self) -> Expr | None:
        """`days until`, `days since`, `days from ... to`; None where `days` stands alone."""
        start = self.at
        if self.take("days", "until"):
            found = DaysBetween(TODAY, self.tight(_DATE))
        elif self.take("days", "since"):
            found = DaysBetween(self.tight(_DATE), TODAY)
        elif self.take("days", "from"):
            first = self.tight(_DATE)
            if not self.take("to"):
                self.unexpected("`to` with a second date")
            found = DaysBetween(first, self.tight(_DATE))
        else:
            return None
        self.left_open(start)
        return found

    def hours(self) -> Expr | None:
        """`hours from ... to`, of times of day or moments; None where `hours` stands alone."""
        start = self.at
        if not self.take("hours", "from"):
            return None
        first = self.clock(None)
        if not self.take("to"):
            self.unexpected("`to` with the end")
        found = HoursBetween(first, self.clock(first.type))
        self.left_open(start)
        return BAD if is_bad(found.start, found.end) else found

    def clock(self, expected: Type | None) -> Expr:
        """A time of day or a moment; the same of the two as `expected` where that is one."""
        start = self.at
        found = self.tight_value()
        if is_bad(found) or found.type.kind in (TIME, MOMENT):
            return self.of_type(found, expected, start) if expected is not None and not is_bad(found) else found
        mend = "write a time such as `09:30`, or a moment such as `2024-09-03 09:30`"
        message = f"hours lie between times of day or moments, and `{self.written(start)}` is {described(found.type)}"
        self.report("wrong-type", message, mend, self.since(start))
        return BAD

    def weekday(self) -> Expr | None:
        """`first sunday after ...`, `last sunday on or before ...`; None where no weekday follows."""
        start, is_first = self.at, self.word == "first"
        if not self.follows_any(WEEKDAYS, start + 1):
            return None
        day = WEEKDAYS.index(self.tokens[start + 1].key)
        self.at += 2
        side = "after" if is_first else "before"
        inclusive = self.take("on", "or", side)
        if not inclusive and not self.take(side):
            self.unexpected(f"`{side}` or `on or {side}` with a date")
        found = Weekday("first" if is_first else "last", day, inclusive, self.tight(_DATE))
        self.left_open(start)
        return found

    def months_ahead(self) -> bool:
        """Whether a number of months or years stands next."""
        return self.token.kind == "number" and self.follows_any(MONTHS, self.at + 1)

    def months_later(self, base: Expr, op: str, start: int, sign: int) -> Expr:
        """The date `base` (from token `start` to `sign`), and months added to it or subtracted."""
        count = self.whole_number(MOST_MONTHS)
        months = (count or 0) * MONTHS[self.word]
        self.at += 1
        if count is None or is_bad(base):
            return BAD
        if base.type.kind == DATE:
            return AddMonths(base, months if op == "+" else -months)
        said = self.written(start, sign)
        self.report(
            "wrong-type",
            f"months are added to a date, and `{said}` is {described(base.type)}",
            "write it in days or weeks",
            self.since(sign),
        )
        return BAD
