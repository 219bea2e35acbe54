"""How values are put together: arithmetic, calls and brackets around names, literals, dates and lists.

In: tokens. Out: expression trees, typed as they are made. A condition may stand in brackets wherever a value may, so
some of what is read here is a condition; `value` says so where only a value fits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal as Word
from typing import cast

from advisor.language import typing as agreement
from advisor.language.aggregates import WHERE_REACHES
from advisor.language.cursor import Span
from advisor.language.names import FUNCTIONS
from advisor.language.time import TimeParser
from advisor.language.tokens import RESERVED
from advisor.language.tree import Arithmetic, Call, DaysBetween, Expr, Literal, Node, Truth
from advisor.language.typing import BAD, bare, described, fitted, is_bad
from advisor.values.types import CHOICE, DATE, DURATION, MONEY, NONE, NUMBER, TEXT, WHOLE, YES_NO, Type

MOST_OPERATORS = 60
"""Signs of arithmetic in one source: each makes the tree deeper."""
MOST_DIGITS = 12
"""Places after the point to round to."""

Operator = Word["+", "-", "*", "/"]
_OfOne = Word["round", "floor", "ceiling", "abs"]
_SAID = {"+": "added to", "-": "subtracted from", "*": "multiplied by", "/": "divided by"}


_ONE_KIND = "only values of one kind can be added and subtracted"
_MENDS = {"+": _ONE_KIND, "-": _ONE_KIND, "*": "multiply it by a plain number", "/": "divide it by a plain number"}


class ExpressionParser(TimeParser):
    """Reads values."""

    operators = 0
    """Signs of arithmetic so far."""

    # --- arithmetic

    def sum(self, expected: Type | None = None) -> Node:
        """Parts added and subtracted."""
        start = self.at
        left = self.product(expected)
        while (op := self.sign) in ("+", "-"):
            before = self.operator()
            if self.months_ahead():
                left = self.months_later(self.value(left, Span(start, before)), op, start, before)
            else:
                left = self.combined(cast("Operator", op), left, self.product(), Span(start, before))
        return left

    def product(self, expected: Type | None = None) -> Node:
        """Parts multiplied and divided."""
        start = self.at
        left = self.primary(expected)
        while (op := self.sign) in ("*", "/"):
            before = self.operator()
            left = self.combined(cast("Operator", op), left, self.primary(), Span(start, before))
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
            message = f"there are more than {MOST_OPERATORS} signs of arithmetic here"
            self.stop("too-deep", message, "define a derived fact for a part")
        self.at += 1
        return self.at - 1

    def combined(self, op: Operator, left: Node, right: Node, before: Span) -> Expr:
        """`left op right`, where `left` was written with the tokens of `before` and the operator follows them."""
        one, other = self.value(left, before), self.value(right, self.since(before.end + 1))
        if is_bad(one, other):
            return BAD
        if op in "+-":
            one, other = fitted(one, _part(other.type)), fitted(other, _part(one.type))
        if op == "-" and one.type.kind == other.type.kind == DATE:
            return DaysBetween(other, one)
        type_ = agreement.arithmetic(op, one.type, other.type)
        if type_ is not None:
            return Arithmetic(op, one, other, type_)
        first, second = (other, one) if op in "+-" else (one, other)
        message = f"{described(first.type)} cannot be {_SAID[op]} {described(second.type)}"
        mend = _MENDS[op]
        if DATE in (one.type.kind, other.type.kind):
            mend = "a date takes days, weeks or months"
        elif self.within and not one.type.numeric:
            mend = WHERE_REACHES
        self.report("wrong-type", message, mend, self.since(before.start))
        return BAD

    # --- one value

    def primary(self, expected: Type | None = None) -> Node:
        """One value: a name, a literal, a call, or something in brackets."""
        if expected is not None and expected.kind == CHOICE and (choice := self.choice(expected)) is not None:
            return choice
        found = self.named()
        if found is not None:
            return found
        token = self.token
        if token.kind in ("word", "part"):
            read = _WORDS.get(self.word)
            return (read(self, expected) if read else None) or self.unknown_name(expected)
        return self.bracket() if token.key == "(" else self.literal(expected) or self.unexpected("a value")

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
            mend = f"write `{sign}` where it ends"
            self.stop("unexpected-word", "this bracket is never closed", mend, Span(start, start + 1))
        if not self.take_sign(sign):
            self.unexpected(f"`{sign}`")

    def yes(self) -> Expr:
        """`yes`."""
        self.at += 1
        return Literal(value=True, type=Type(YES_NO))

    def no(self) -> Expr | None:
        """`no`, or `no parcel where`."""
        follows = self.tokens[self.at + 1]
        if follows.kind in ("word", "part") and (follows.key not in RESERVED or follows.key in ("other", "others")):
            return self.aggregate()
        self.at += 1
        return Literal(value=False, type=Type(YES_NO))

    def none(self, expected: Type | None) -> Expr:
        """`none`, of the type that belongs here."""
        self.at += 1
        return Literal(NONE, bare(expected) if expected else Type(NUMBER))

    # --- calls

    def length(self) -> Expr | None:
        """`length of` a text; None where `length` stands alone."""
        start = self.at
        if not self.take("length", "of"):
            return None
        found = self.tight_value()
        if is_bad(found):
            return BAD
        if found.type.kind != TEXT:
            said = described(found.type)
            self.report("wrong-type", f"only a text has a length, and this is {said}", "", self.since(start))
            return BAD
        self.left_open(start)
        return Call("length", (found,), 0, Type(WHOLE, low=0))

    def call(self) -> Expr | None:
        """`min(...)`, `max(...)`, `round(...)` and the like; None where no bracket follows."""
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
        if is_bad(*arguments):
            return BAD
        if name in ("min", "max"):
            return self.extreme(name, arguments, start)
        if name == "remainder":
            return self.remainder(arguments, start)
        return self.rounded(name, arguments, digits, start)

    def argument(self) -> Expr:
        """One value between commas."""
        start = self.at
        return self.value(self.sum(), self.since(start))

    def rounded(self, name: str, arguments: list[Expr], digits: int, start: int) -> Expr:
        """`round(...)`, `floor(...)`, `ceiling(...)` or `abs(...)` of one number."""
        type_ = arguments[0].type
        if len(arguments) > 1:
            message = f"`{name}` takes one number, and here are {len(arguments)}"
            self.report("wrong-type", message, "write it for each of them", self.since(start))
            return BAD
        if not type_.numeric:
            what = "has no amount without its sign" if name == "abs" else "cannot be rounded"
            mend = "give it a number" if name == "abs" else "round a number"
            self.report("wrong-type", f"{described(type_)} {what}", mend, self.since(start))
            return BAD
        if type_.kind == NUMBER and not digits and name != "abs":
            type_ = Type(WHOLE)
        return Call(cast("_OfOne", name), (arguments[0],), digits, bare(type_))

    def remainder(self, arguments: list[Expr], start: int) -> Expr:
        """`remainder(a, b)`: what is left of a after it is divided by b."""
        type_ = None
        if len(arguments) == 2:  # noqa: PLR2004 - what is divided, and by what
            whole, by = arguments
            whole, by = fitted(whole, by.type), fitted(by, whole.type)
            arguments = [whole, by]
            type_ = agreement.common([whole.type, by.type])
        if type_ is None or type_.kind == DATE:
            said = " and ".join(described(one.type) for one in arguments[:5])
            mend = "write what is divided, a comma, and by what, as in `remainder(pages, 4)`"
            self.report("wrong-type", f"`remainder` cannot take {said}", mend, self.since(start))
            return BAD
        return Call("remainder", tuple(arguments), 0, type_)

    def extreme(self, name: str, arguments: list[Expr], start: int) -> Expr:
        """`min(...)` or `max(...)` of numbers, amounts or dates."""
        types = [one.type for one in arguments]
        leading = next((type_ for type_ in types if type_.kind in (MONEY, DURATION, DATE)), types[0])
        arguments = [fitted(one, leading) for one in arguments]
        type_ = agreement.common([one.type for one in arguments])
        if type_ is None or len(arguments) == 1:
            said = " and ".join(described(one.type) for one in arguments[:5])
            mend = "give it two or more numbers, amounts of money or dates"
            message = f"`{name}` cannot take {said}" + (" alone" if len(arguments) == 1 else "")
            self.report("wrong-type", message, mend, self.since(start))
            return BAD
        return Call("min" if name == "min" else "max", tuple(arguments), 0, type_)

    def value(self, node: Node, span: Span) -> Expr:
        """`node` as a value: a bare yes/no counts as one, any other condition is reported."""
        if isinstance(node, Truth):
            return node.operand
        if isinstance(node, Expr):
            return node
        said = self.written(*span)
        mend = "define a derived yes/no fact for it, and name that"
        self.report("wrong-type", f"`{said}` is a condition, and a value is needed here", mend, span)
        return BAD


def _part(type_: Type) -> Type:
    """What a bare number means beside a value of this type: days beside a date."""
    return Type(DURATION) if type_.kind == DATE else type_


_WORDS: dict[str, Callable[[ExpressionParser, Type | None], Expr | None]] = {
    "yes": lambda self, _: self.yes(),
    "no": lambda self, _: self.no(),
    "none": lambda self, expected: self.none(expected),
    "today": lambda self, _: self.today(),
    "as": lambda self, _: self.as_of(),
    "era": lambda self, _: self.era(),
    "days": lambda self, _: self.days(),
    "this": lambda self, _: self.this(),
    **dict.fromkeys(("first", "last"), lambda self, _: self.weekday()),
    **dict.fromkeys(FUNCTIONS, lambda self, _: self.call()),
    "length": lambda self, _: self.length(),
    "hours": lambda self, _: self.hours(),
    **dict.fromkeys(("any", "every", "number", "sum", "smallest", "largest"), lambda self, _: self.aggregate()),
}
