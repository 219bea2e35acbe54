"""How values are read: literals, arithmetic, calls, dates and lists of entities. Names are read in `name_parser.py`.

In: tokens. Out: expression trees, typed as they are made. A condition may stand in brackets wherever a value may, so some of
what is read here is a condition; `value` says so where only a value fits.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from advisor import agreement
from advisor.aggregate_parser import AggregateParser
from advisor.agreement import BAD, bare, described, fitted, is_bad, number_literal
from advisor.expressions import (
    WEEKDAYS,
    AddMonths,
    Arithmetic,
    Call,
    Clock,
    DaysBetween,
    Expr,
    Literal,
    Node,
    Truth,
    Weekday,
)
from advisor.tokens import RESERVED, unquoted
from advisor.values import (
    CHOICE,
    DATE,
    DURATION,
    MONEY,
    NONE,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Number,
    Type,
    read_date,
    read_money,
    read_number,
    whole,
)


MOST_OPERATORS = 60
"""Signs of arithmetic in one source: each makes the tree deeper."""
MOST_MONTHS = 12_000
MOST_DIGITS = 12

_DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_MONTHS = {"month": 1, "months": 1, "year": 12, "years": 12}
_CURRENCY_SIGNS = ("$", "€", "£")
_DATE = Type(DATE)
TODAY = Clock("today", _DATE)


class ExpressionParser(AggregateParser):
    """Reads values."""

    operators = 0

    # --- arithmetic

    def sum(self, expected: Type | None = None) -> Node:
        """Parts added and subtracted."""
        start = self.at
        left = self.product(expected)
        while (op := self.sign) in ("+", "-"):
            before = self.operator()
            if self.months_ahead():
                left = self.months_later(self.value(left, start, before), op, start, before)
            else:
                left = self.combined(op, left, self.product(), start, before)
        return left

    def product(self, expected: Type | None = None) -> Node:
        """Parts multiplied and divided."""
        start = self.at
        left = self.primary(expected)
        while (op := self.sign) in ("*", "/"):
            before = self.operator()
            left = self.combined(op, left, self.primary(), start, before)
        return left

    def operator(self) -> int:
        """Move past a sign of arithmetic; the index it stood at."""
        if self.open_end == self.at:
            sign, said = self.sign, self.written(self.open_start)
            self.report(
                "unclear",
                f"it is not clear what `{sign}` belongs to after `{said}`",
                f"put one of them in brackets, such as `({said}) {sign} ...`",
            )
        self.operators += 1
        if self.operators > MOST_OPERATORS:
            self.stop("too-deep", f"there are more than {MOST_OPERATORS} signs of arithmetic here", "define a derived fact for a part")
        self.at += 1
        return self.at - 1

    def combined(self, op: str, left: Node, right: Node, start: int, sign: int) -> Expr:
        """`left op right`; `sign` is the index of the operator."""
        one, other = self.value(left, start, sign), self.value(right, sign + 1, self.at)
        if is_bad(one, other):
            return BAD
        if op in "+-":
            one, other = fitted(one, _part(other.type)), fitted(other, _part(one.type))
        if op == "-" and one.type.kind == other.type.kind == DATE:
            return DaysBetween(other, one)
        type_ = agreement.arithmetic(op, one.type, other.type)
        if type_ is None:
            return self.not_combined(op, one, other, start, sign)
        return Arithmetic(op, one, other, type_)  # type: ignore[arg-type]

    def not_combined(self, op: str, one: Expr, other: Expr, start: int, sign: int) -> Expr:
        """Report that two values do not go together."""
        says = {"+": "added to", "-": "subtracted from", "*": "multiplied by", "/": "divided by"}[op]
        first, second = (other, one) if op in "+-" else (one, other)
        self.report(
            "wrong-type",
            f"{described(first.type)} cannot be {says} {described(second.type)}",
            "a date takes days, weeks or months" if DATE in (one.type.kind, other.type.kind) else "",
            start=start,
            end=self.at,
        )
        return BAD

    def months_ahead(self) -> bool:
        """Whether a number of months or years stands next."""
        return self.token.kind == "number" and self.follows_any(_MONTHS, self.at + 1)

    def months_later(self, base: Expr, op: str, start: int, sign: int) -> Expr:
        """A date, and months added to it or subtracted."""
        count = self.whole_number(MOST_MONTHS)
        months = (count or 0) * _MONTHS[self.word]
        self.at += 1
        if count is None or is_bad(base):
            return BAD
        if base.type.kind != DATE:
            self.report(
                "wrong-type",
                f"months are added to a date, and `{self.written(start, sign)}` is {described(base.type)}",
                "write it in days or weeks",
                start=sign,
                end=self.at,
            )
            return BAD
        return AddMonths(base, months if op == "+" else -months)

    def whole_number(self, most: int) -> int | None:
        """A whole number that is written down, at most `most`."""
        try:
            value = read_number(self.token.key)
        except ValueError:
            value = most + 1
        if self.token.kind == "number" and isinstance(value, int) and value <= most:
            self.at += 1
            return value
        self.report("bad-literal", f"a whole number of at most {most} is needed here, not `{self.written(self.at, self.at + 1)}`")
        self.at += self.token.kind == "number"
        return None

    # --- one value

    def primary(self, expected: Type | None = None) -> Node:
        """One value: a name, a literal, a call, or something in brackets."""
        if expected is not None and expected.kind == CHOICE and (choice := self.choice(expected)) is not None:
            return choice
        named = self.named()
        if named is not None:
            return named
        token = self.token
        if token.kind == "word":
            read = _WORDS.get(token.key)
            found = read(self, expected) if read else None
            return self.unknown_name(expected) if found is None else found
        if token.kind == "part":
            return self.unknown_name(expected)
        return self.literal(expected)

    def literal(self, expected: Type | None) -> Node:
        """A number, date, text, amount of money, or brackets."""
        token, start = self.token, self.at
        if token.kind == "number":
            return self.number(expected)
        if token.kind == "date":
            self.at += 1
            return self.tried("bad-date", start, DATE, lambda: read_date(token.key))
        if token.kind == "text":
            self.at += 1
            return Literal(unquoted(token.key), Type(TEXT))
        if token.key == "(":
            return self.bracket()
        if token.key == "-":
            return self.negative()
        if token.key in _CURRENCY_SIGNS and self.tokens[start + 1].kind == "number":
            self.at += 2
            return self.money(start)
        self.unexpected("a value")

    def tried(self, problem: str, start: int, kind: str, read: Callable[[], object]) -> Expr:
        """A literal that `read` gives, or the report of what it objects to."""
        try:
            return Literal(read(), Type(kind, unit=self.vocabulary.currency if kind == MONEY else ""))  # type: ignore[arg-type]
        except ValueError as wrong:
            self.report(problem, str(wrong), start=start, end=self.at)
            return BAD

    def money(self, start: int) -> Expr:
        """The amount of money between token `start` and here."""
        return self.tried("bad-literal", start, MONEY, lambda: read_money(self.written(start), self.vocabulary.currency))

    def number(self, expected: Type | None) -> Expr:
        """A number and the unit after it."""
        start = self.at
        self.at += 1
        if self.currency_ahead():
            self.at += 1
            return self.money(start)
        read = self.tried("bad-literal", start, NUMBER, lambda: read_number(self.tokens[start].key))
        value = read.value if isinstance(read, Literal) else 0
        if isinstance(value, str) or not isinstance(value, int | Fraction):
            return BAD
        return self.with_unit(value, start, expected)

    def currency_ahead(self) -> bool:
        """Whether a currency's code stands next."""
        token = self.token
        code = self.source[token.start : token.end]
        if token.kind != "word" or len(code) != 3 or not code.isascii() or token.key in RESERVED:
            return False
        return code.isupper() or token.key == self.vocabulary.currency.casefold()

    def with_unit(self, value: Number, start: int, expected: Type | None) -> Expr:
        """A number with its unit: days and weeks, a per cent sign, or the unit of what it is compared with."""
        word = self.word
        if word in _DAYS:
            self.at += 1
            return Literal(whole(value * _DAYS[word]), Type(DURATION))
        if word in _MONTHS:
            self.at += 1
            said = self.written(start)
            self.report(
                "bad-literal",
                f"`{said}` has no fixed number of days",
                f"write it in days or weeks, or add it to a date, as in `today + {said}`",
                start=start,
                end=self.at,
            )
            return BAD
        if not self.take_sign("%") and expected is not None and expected.unit and expected.kind in (WHOLE, NUMBER):
            self.take(*expected.unit.casefold().split())
        return number_literal(value)

    def negative(self) -> Expr:
        """A number below zero."""
        start = self.at
        self.at += 1
        if self.token.kind != "number" and self.sign not in _CURRENCY_SIGNS:
            self.stop("unexpected-word", "only a number can follow this sign", "write `0 - ...`", start=start)
        read = self.literal(None)
        if isinstance(read, Literal) and isinstance(read.value, int | Fraction):
            return Literal(-read.value, read.type)
        return BAD

    def bracket(self) -> Node:
        """A value or a condition in brackets."""
        start = self.at
        self.at += 1
        with self.nested():
            inner = self.either()
        self.closed(start, ")")
        return inner

    def closed(self, start: int, sign: str) -> None:
        """Move past the closing bracket of the one at `start`."""
        if self.token.kind == "end":
            self.stop("unexpected-word", "this bracket is never closed", f"write `{sign}` where it ends", start=start)
        if not self.take_sign(sign):
            self.unexpected(f"`{sign}`")

    # --- words that begin a value

    def yes(self, _: Type | None) -> Expr:
        """`yes`."""
        self.at += 1
        return Literal(True, Type(YES_NO))

    def no(self, _: Type | None) -> Expr:
        """`no`, or `no contract where`."""
        follows = self.tokens[self.at + 1]
        if follows.kind in ("word", "part") and (follows.key not in RESERVED or follows.key in ("other", "others")):
            return self.aggregate()
        self.at += 1
        return Literal(False, Type(YES_NO))

    def none(self, expected: Type | None) -> Expr:
        """`none`."""
        self.at += 1
        return Literal(NONE, bare(expected) if expected else Type(NUMBER))

    def today(self, _: Type | None) -> Expr:
        """`today`."""
        self.at += 1
        return TODAY

    def as_of(self, _: Type | None) -> Expr | None:
        """`as of`."""
        return Clock("as of", Type(DATE)) if self.take("as", "of") else None

    def era(self, _: Type | None) -> Expr:
        """`era`."""
        self.at += 1
        return Clock("era", self.vocabulary.era_type)

    def days(self, _: Type | None) -> Expr | None:
        """`days until`, `days since`, `days from ... to`."""
        start = self.at
        if self.take("days", "until"):
            found = DaysBetween(TODAY, self.tight(_DATE))
        elif self.take("days", "since"):
            found = DaysBetween(self.tight(_DATE), TODAY)
        elif self.take("days", "from"):
            first = self.tight(_DATE)
            if not self.take("to"):
                self.unexpected("`to` and a second date")
            found = DaysBetween(first, self.tight(_DATE))
        else:
            return None
        self.left_open(start)
        return found

    def weekday(self, _: Type | None) -> Expr | None:
        """`first sunday after ...`, `last sunday on or before ...`."""
        start, which = self.at, self.word
        if not self.follows_any(WEEKDAYS, start + 1):
            return None
        day = WEEKDAYS.index(self.tokens[start + 1].key)
        self.at += 2
        side = "after" if which == "first" else "before"
        inclusive = self.take("on", "or", side)
        if not inclusive and not self.take(side):
            self.unexpected(f"`{side}` or `on or {side}` with a date")
        found = Weekday("first" if which == "first" else "last", day, inclusive, self.tight(_DATE))
        self.left_open(start)
        return found

    def call(self, _: Type | None) -> Expr | None:
        """`min(...)`, `max(...)`, `round(...)`."""
        start, name = self.at, self.word
        if self.tokens[start + 1].key != "(":
            return None
        self.at += 2
        digits = 0
        with self.nested():
            arguments = [self.argument()]
            while self.take_sign(","):
                if name == "round":
                    digits = self.whole_number(MOST_DIGITS) or 0
                    break
                arguments.append(self.argument())
        self.closed(start + 1, ")")
        return BAD if is_bad(*arguments) else self.called(name, arguments, digits, start)

    def argument(self) -> Expr:
        """One value between commas."""
        start = self.at
        return self.value(self.sum(), start, self.at)

    def called(self, name: str, arguments: list[Expr], digits: int, start: int) -> Expr:
        """The call, where its arguments go together."""
        if name == "round":
            type_: Type | None = arguments[0].type if arguments[0].type.numeric else None
            if type_ is not None and type_.kind in (WHOLE, NUMBER):
                type_ = Type(NUMBER if digits and type_.kind == NUMBER else WHOLE)
            help = "only a number can be rounded"
        else:
            strongest = next((one.type for one in arguments if one.type.kind in (MONEY, DURATION, DATE)), arguments[0].type)
            arguments = [fitted(one, strongest) for one in arguments]
            type_ = agreement.common([one.type for one in arguments]) if len(arguments) > 1 else None
            help = f"`{name}` takes two or more numbers, amounts or dates of one kind"
        if type_ is None:
            self.report("wrong-type", f"`{name}` cannot take {self.listed(arguments)}", help, start=start, end=self.at)
            return BAD
        return Call(name, tuple(arguments), digits, bare(type_))  # type: ignore[arg-type]

    def listed(self, values: list[Expr]) -> str:
        """What the values are, in words."""
        return " and ".join(["only " + described(one.type) if len(values) == 1 else described(one.type) for one in values[:5]])

    def value(self, node: Node, start: int, end: int) -> Expr:
        """`node` as a value: a bare yes/no counts as one, any other condition is reported."""
        if isinstance(node, Truth):
            return node.operand
        if isinstance(node, Expr):
            return node
        self.report(
            "wrong-type",
            f"`{self.written(start, end)}` is a condition, and a value is needed here",
            "define a derived yes/no fact for it, and name that",
            start=start,
            end=end,
        )
        return BAD


def _part(type_: Type) -> Type:
    """What a bare number means beside a value of this type: days beside a date."""
    return Type(DURATION) if type_.kind == DATE else type_


_WORDS: dict[str, Callable[[ExpressionParser, Type | None], Expr | None]] = {
    "yes": ExpressionParser.yes,
    "no": ExpressionParser.no,
    "none": ExpressionParser.none,
    "today": ExpressionParser.today,
    "as": ExpressionParser.as_of,
    "era": ExpressionParser.era,
    "days": ExpressionParser.days,
    "first": ExpressionParser.weekday,
    "last": ExpressionParser.weekday,
    "min": ExpressionParser.call,
    "max": ExpressionParser.call,
    "round": ExpressionParser.call,
    "this": lambda self, _: self.this(),
    "case": lambda self, _: self.own_kind(),
    **{
        word: lambda self, _: self.aggregate()
        for word in ("any", "every", "number", "sum", "smallest", "largest")
    },
}
