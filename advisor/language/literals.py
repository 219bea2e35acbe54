"""How values that are written down are read: numbers with their units, amounts of money, dates and texts.

In: tokens. Out: literals, or a problem that says how to write one.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from advisor.language.cursor import LONGEST_QUOTE, Cursor, Span
from advisor.language.tokens import RESERVED, unquoted
from advisor.language.tree import Expr, Literal
from advisor.language.typing import BAD, number_literal
from advisor.values.numbers import SCIENTIFIC, decimal_text, meant, read_number
from advisor.values.text import read_date, read_moment, read_money, read_time
from advisor.values.types import DATE, DURATION, MOMENT, MONEY, NUMBER, TEXT, TIME, WHOLE, Number, Scalar, Type, whole

DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
MONTHS = {"month": 1, "months": 1, "year": 12, "years": 12}
CURRENCY_SIGNS = ("$", "€", "£")
CODE_LENGTH = 3
"""Letters in a currency's code."""


class LiteralParser(Cursor):
    """Reads literals."""

    def literal(self, expected: Type | None) -> Expr | None:
        """The number, date, text or amount of money that stands here; None where there is none."""
        token, start = self.token, self.at
        if token.kind == "number":
            return self.number(expected)
        if token.kind == "time":
            self.at += 1
            return self.tried("bad-literal", start, Type(TIME), lambda: read_time(token.key))
        if token.kind == "date" and self.tokens[start + 1].kind == "time":
            self.at += 2
            return self.tried("bad-literal", start, Type(MOMENT), lambda: read_moment(self.written(start)))
        if token.kind == "date":
            self.at += 1
            return self.tried("bad-date", start, Type(DATE), lambda: read_date(token.key))
        if token.kind == "text":
            self.at += 1
            return Literal(unquoted(token.key), Type(TEXT))
        if token.key == "-":
            return self.negative()
        if token.key in CURRENCY_SIGNS and self.tokens[start + 1].kind == "number":
            self.at += 2
            return self.money(start)
        return None

    def tried(self, problem: str, start: int, type_: Type, read: Callable[[], Scalar]) -> Literal:
        """The literal that `read` gives, or the report of what it objects to."""
        try:
            return Literal(read(), type_)
        except ValueError as wrong:
            self.report(problem, str(wrong), span=self.since(start))
            return BAD

    def money(self, start: int) -> Literal:
        """The amount of money between token `start` and here."""
        currency = self.vocabulary.currency
        return self.tried(
            "bad-literal", start, Type(MONEY, unit=currency), lambda: read_money(self.written(start), currency)
        )

    def number(self, expected: Type | None) -> Literal:
        """A number and the unit after it."""
        start = self.at
        self.at += 1
        self.refuse_scientific(start)
        self.refuse_decimal_comma(start)
        if self.currency_ahead():
            self.at += 1
            return self.money(start)
        amount = expected is not None and expected.kind == MONEY
        read = self.tried(
            "bad-literal", start, Type(NUMBER), lambda: read_number(self.tokens[start].key, amount=amount)
        )
        return self.with_unit(read.value, start, expected) if isinstance(read.value, int | Fraction) else BAD

    def refuse_scientific(self, start: int) -> None:
        """Report a number such as `1e3`. Raises Stop."""
        found = SCIENTIFIC.match(self.source, self.tokens[start].start)
        if found is None:
            return
        while self.token.kind != "end" and self.token.start < found.end():
            self.at += 1
        mend = f"write {meant(found[0])}" if meant(found[0]) else "write it out"
        self.stop("bad-literal", f"`{found[0]}` is not a number as it is written here", mend, self.since(start))

    def refuse_decimal_comma(self, start: int) -> None:
        """Report a comma that stands right after the number at `start` and right before another. Raises Stop.

        It may be meant to part two numbers, or to stand before decimals; a space, or a point, tells.
        """
        first, comma, second = self.tokens[start], self.token, self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        if comma.key != "," or second.kind != "number" or (first.end, comma.end) != (comma.start, second.start):
            return
        said = self.source[first.start : second.end]
        try:
            decimal = f"write {decimal_text(read_number(said))} for one number"
        except ValueError:
            decimal = "write decimals with a point"
        mend = f"{decimal}, or put a space after the comma where there are two"
        self.stop(
            "bad-literal",
            f"the comma in `{said[:LONGEST_QUOTE]}` can be taken in two ways",
            mend,
            Span(start, self.at + 2),
        )

    def currency_ahead(self) -> bool:
        """Whether a currency's code stands next."""
        token = self.token
        code = self.source[token.start : token.end]
        if token.kind != "word" or len(code) != CODE_LENGTH or not code.isascii() or token.key in RESERVED:
            return False
        return code.isupper() or token.key == self.vocabulary.currency.casefold()

    def with_unit(self, value: Number, start: int, expected: Type | None) -> Literal:
        """A number with its unit: days and weeks, a per cent sign, or the unit of what it is compared with."""
        word = self.word
        if word in DAYS:
            self.at += 1
            return Literal(whole(value * DAYS[word]), Type(DURATION))
        if word in MONTHS:
            self.at += 1
            said = self.written(start)
            self.report(
                "bad-literal",
                f"`{said}` has no fixed number of days",
                f"write it in days or weeks, or add it to a date, as in `today + {said}`",
                self.since(start),
            )
            return BAD
        if not self.take_sign("%") and expected is not None and expected.unit and expected.kind in (WHOLE, NUMBER):
            self.take(*expected.unit.casefold().split())
        return number_literal(value)

    def negative(self) -> Literal:
        """A number below zero."""
        start = self.at
        self.at += 1
        if self.token.kind != "number" and self.sign not in CURRENCY_SIGNS:
            message = "only a number can follow this sign"
            self.stop("unexpected-word", message, "write `0 - ...`", Span(start, start + 1))
        read = self.literal(None)
        if isinstance(read, Literal) and isinstance(read.value, int | Fraction):
            return Literal(-read.value, read.type)
        return BAD

    def whole_number(self, most: int) -> int | None:
        """A bare whole number, at most `most`; None where something else stands here, which is reported."""
        try:
            value: Number | None = read_number(self.token.key)
        except ValueError:
            value = None
        if self.token.kind == "number" and isinstance(value, int) and value <= most:
            self.at += 1
            return value
        said = self.written(self.at, self.at + 1)
        self.report("bad-literal", f"a whole number of at most {most} is needed here, not `{said}`")
        self.at += self.token.kind not in ("sign", "end")
        return None
