"""Cells of decision tables: what a cell says of the value at the head of its column.

In: the text of a cell, and the condition or value that its column is about. Out: the condition that both make up. A
cell holds a value (`5`), several (`a, b`), a range (`250..1000`), a comparison (`> 5`, `at least 5`, `not 5`), or `-`
for any; parts may be joined by `and`. Choices and texts are written as they are, without quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.language.conditions import SIGNS, ConditionParser, Left, negated
from advisor.language.cursor import Span
from advisor.language.tokens import RESERVED
from advisor.language.tree import (
    ALWAYS,
    And,
    Between,
    Compare,
    Condition,
    Expr,
    FactRef,
    Literal,
    Member,
    Not,
    Or,
    Truth,
    yes_no,
)
from advisor.language.typing import BAD, bare
from advisor.language.vocabulary import Scope
from advisor.problems.problem import Place, Problem
from advisor.values.types import CHOICE, CHOICES, NONE, TEXT, YES_NO, Scalar, Type

ANY = ("", "-", "–", "—")
"""What stands in a cell that says nothing."""
_SAID_OF_TEXTS = ("starts with ", "ends with ", "contains ", "has ", "is ", "one of ", '"', "length ")
_NOT = "not "


@dataclass(frozen=True, slots=True)
class Head:
    """What a column is about: a value, or a condition; `said`: how its head is written."""

    node: Expr | Condition
    said: str

    @property
    def type(self) -> Type:
        """The type of the value; yes/no for a condition."""
        return self.node.type if isinstance(self.node, Expr) else yes_no()


class CellParser(ConditionParser):
    """Reads what a cell says of the value of its column."""

    def __init__(  # noqa: PLR0913, PLR0917 - as for a condition, and what the column is about
        self, source: str, head: Head, scope: Scope, place: Place, problems: list[Problem], line: str = ""
    ) -> None:
        super().__init__(source, scope, place, problems, line)
        self.head = head
        node = head.node if isinstance(head.node, Expr) else BAD
        self.left = Left(node, Span(0, 0))

    def said(self, left: Left) -> str:  # noqa: ARG002 - there is only one
        """How the head of the column is written."""
        return self.head.said

    def plain(self) -> Condition | None:
        """The condition of a cell of values that are written as they are; None where it has to be parsed."""
        text = self.source.strip()
        if text in ANY:
            return ALWAYS
        if text.casefold() in ("known", "unknown"):
            return None
        denied = text.casefold().startswith(_NOT) and self._matched(text) is None
        found = self._matched(text[len(_NOT) :].strip() if denied else text)
        return found if found is None or not denied else negated(found)

    def _matched(self, text: str) -> Condition | None:
        left, type_ = self.left.value, self.head.type
        if type_.kind == TEXT:
            return self._text(text)
        if type_.kind == CHOICE:
            found = [matching_choice(item, type_, none=True) for item in text.split(",")]
            return None if None in found else _among(left, [Literal(_scalar(one), bare(type_)) for one in found if one])
        if type_.kind == CHOICES and isinstance(left, FactRef):
            return self._ticked(text, left)
        return None

    def _text(self, text: str) -> Condition | None:
        folded = text.casefold()
        if folded.startswith(_SAID_OF_TEXTS):
            return None
        values = [item.strip() for item in text.split(",")]
        texts = [Literal(NONE if one.casefold() == "none" else one, Type(TEXT)) for one in values if one]
        return _among(self.left.value, texts)

    def _ticked(self, text: str, ref: FactRef) -> Condition | None:
        boxes = {choice: Truth(FactRef(ref.kind, ref.name, Type(YES_NO, ref.type.choices), ref.whose, ref.via, choice))
                 for choice in ref.type.choice_ids()}  # fmt: skip
        if text.casefold() == "none":
            return _all([Not(box) for box in boxes.values()])
        either: list[Condition] = []
        for part in text.split(","):
            found = [matching_choice(item, ref.type) for item in part.split(" and ")]
            if None in found:
                return None
            either.append(_all([boxes[one] for one in found if one is not None]))
        return either[0] if len(either) == 1 else Or(tuple(either))

    # --- what has to be parsed

    def cell(self) -> Condition:
        """The whole cell."""
        if not isinstance(self.head.node, Expr):
            return self._of_condition(self.head.node)
        if self.head.type.kind == YES_NO and not self._may_be_yes_or_no():
            said = self.written(0, len(self.tokens) - 1)
            mend = "write `yes`, `no`, or `-` for any"
            self.stop("bad-value", f"`{said}` is neither yes nor no", mend, Span(0, len(self.tokens) - 1))
        denied = self.word == "not" and not self.names_choice(self.head.type)
        self.at += denied
        parts = [self._part()]
        while self.take_sign(",") or self.take("or"):
            parts.append(self._part())
        found = _joined(self.left.value, parts)
        return negated(found) if denied else found

    def _may_be_yes_or_no(self) -> bool:
        """Whether the cell begins with a word of the language, a sign, or the name of another yes/no."""
        if self.token.kind not in ("word", "part", "number"):
            return True
        known = self.token.key in RESERVED and self.token.kind == "word"
        return known or self.vocabulary.names(self.kind).longest(self.tokens, self.at) is not None

    def _of_condition(self, condition: Condition) -> Condition:
        if not self.follows("yes") and not self.follows("no"):
            self.unexpected("`yes`, `no` or `-`")
        denied = self.take("no")
        self.at += not denied
        return negated(condition) if denied else condition

    def _part(self) -> Condition:
        """Tests joined by `and`."""
        found = [self._test()]
        while self.take("and"):
            found.append(self._test())
        return _all(found)

    def _test(self) -> Condition:
        """One comparison, range or value."""
        if self.take("not"):
            return negated(self._test())
        if self.sign in SIGNS:
            op, opposite = SIGNS[self.sign]
            self.at += 1
            found = self.compared(op, self.left)
            return negated(found) if opposite else found
        if self.word in ("include", "includes"):
            return self.inclusion(self.left)
        self.take("is")
        start = self.at
        found = self.predicate(self.left)
        if self.sign != "..":
            return found
        self.at = start
        return self._range()

    def _range(self) -> Condition:
        low = self.operand(self.left)
        self.at += 1
        high = self.operand(self.left)
        if self.found:
            return Truth(BAD)
        if not low.type.ordered:
            self.not_ordered(self.left)
        if isinstance(low, Literal) and isinstance(high, Literal) and low.value > high.value:  # type: ignore[operator]
            message = "the ends of this range are the wrong way round, so nothing lies within it"
            self.report("empty-range", message, "exchange them", self.since(0))
        return Between(self.left.value, low, high)


def matching_choice(text: str, type_: Type, *, none: bool = False) -> str | None:
    """The choice that is written here by its id or label, as it is or but for capitals; `none` where that may stand."""
    text = text.strip()
    if none and text.casefold() == "none":
        return "none"
    for same in (_exact, _folded):
        for id_, label in type_.choices:
            if same(text) in (same(id_), same(label)):
                return id_
    return None


def _exact(text: str) -> str:
    return text


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def _scalar(choice: str) -> Scalar:
    return NONE if choice == "none" else choice


def _among(left: Expr, values: Sequence[Literal]) -> Condition:
    if len(values) == 1:
        return Compare("==", left, values[0])
    return Member(left, tuple(values))


def _all(parts: Sequence[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _joined(left: Expr, parts: Sequence[Condition]) -> Condition:
    """Parts of which one must hold; values alone as a list of them."""
    if len(parts) == 1:
        return parts[0]
    values = [one.right for one in parts if isinstance(one, Compare) and one.op == "==" and one.left == left]
    literals = [one for one in values if isinstance(one, Literal)]
    return Member(left, tuple(literals)) if len(literals) == len(parts) else Or(tuple(parts))
