"""How conditions are read: what is said of values, joined by `and`, `or` and `not`.

In: tokens. Out: conditions, typed; a lone value stays a value, so that brackets may hold either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal as Word
from typing import NamedTuple, cast

from advisor.language.aggregates import WHERE_REACHES
from advisor.language.cursor import Span, Stop
from advisor.language.expressions import ExpressionParser
from advisor.language.tree import (
    ALWAYS,
    And,
    Between,
    Certainty,
    Compare,
    Condition,
    Expr,
    FactRef,
    Known,
    Literal,
    Member,
    Node,
    Not,
    Or,
    TextTest,
    Truth,
)
from advisor.language.typing import BAD, bare, choices_shown, comparable, contrasted, described, example, fitted, is_bad
from advisor.language.vocabulary import spaced
from advisor.values.types import CHOICE, CHOICES, OF_TIME, TEXT, YES_NO, Type

Op = Word["==", "<", "<=", ">", ">="]
TextOp = Word["is", "starts with", "ends with", "contains"]
NEVER = Or(())

SIGNS: dict[str, tuple[Op, bool]] = {
    "=": ("==", False),
    "==": ("==", False),
    "!=": ("==", True),
    "<>": ("==", True),
    "≠": ("==", True),
    "<": ("<", False),
    "<=": ("<=", False),
    "≤": ("<=", False),
    ">": (">", False),
    ">=": (">=", False),
    "≥": (">=", False),
}
_SIZES: dict[tuple[str, ...], Op] = {
    ("above",): ">",
    ("over",): ">",
    ("more", "than"): ">",
    ("greater", "than"): ">",
    ("below",): "<",
    ("under",): "<",
    ("less", "than"): "<",
    ("fewer", "than"): "<",
    ("at", "least"): ">=",
    ("at", "most"): "<=",
}
_TIMES: dict[tuple[str, ...], Op] = {
    ("before",): "<",
    ("after",): ">",
    ("on", "or", "before"): "<=",
    ("on", "or", "after"): ">=",
}
_ORDERS = {
    words[0]: [pair for pair in (_SIZES | _TIMES).items() if pair[0][0] == words[0]] for words in _SIZES | _TIMES
}
_LATER = {"<": "before", ">": "after", "<=": "on or before", ">=": "on or after"}
_LARGER = {"<": "below", ">": "above", "<=": "at most", ">=": "at least"}


class Left(NamedTuple):
    """What stands before a comparison, and the tokens that it was written with."""

    value: Expr
    span: Span


class ConditionParser(ExpressionParser):
    """Reads conditions."""

    def either(self, expected: Type | None = None) -> Node:
        """A whole condition, or a value (of the type expected): parts joined by `or`."""
        return self.joined("or", self.conjunction, expected)

    def conjunction(self, expected: Type | None = None) -> Node:
        """Parts joined by `and`."""
        return self.joined("and", self.negation, expected)

    def joined(self, word: str, part: Callable[[Type | None], Node], expected: Type | None) -> Node:
        """Parts joined by a word; a single one as it is."""
        start = self.at
        first = part(expected)
        if self.word != word:
            return first
        parts = [self.holds(first, start)]
        while self.take(word):
            start = self.at
            parts.append(self.holds(part(None), start))
        return And(tuple(parts)) if word == "and" else Or(tuple(parts))

    def negation(self, expected: Type | None = None) -> Node:
        """`not`, `surely`, `could`, `always`, `never`, or a comparison."""
        word = self.word
        if word not in _PREFIXES or self.is_longer_name():
            return self.comparison(expected)
        self.at += 1
        if word == "always":
            return ALWAYS
        if word == "never":
            return NEVER
        start = self.at
        with self.nested():
            inner = self.holds(self.negation(), start)
        return Not(inner) if word == "not" else Certainty(cast(Word["surely", "could"], word), inner)

    def is_longer_name(self) -> bool:
        """Whether a name of several words begins here, such as `not paid`; a problem where it can be read otherwise."""
        names = self.vocabulary.names(self.kind)
        found = names.longest(self.tokens, self.at)
        if found is None or found[1] == self.at + 1:
            return False
        rest = names.longest(self.tokens, self.at + 1)
        if self.word == "not" and rest and rest[1] == found[1]:
            name, inner = self.written(self.at, found[1]), self.written(self.at + 1, found[1])
            self.report(
                "unclear",
                f"`{name}` could be that fact, or the opposite of `{inner}`",
                f"write `{name.replace(' ', '_')}` or `not ({inner})`",
                Span(self.at, found[1]),
            )
        return True

    def condition(self) -> Condition:
        """A whole condition."""
        start = self.at
        return self.holds(self.either(), start)

    def holds(self, node: Node, start: int) -> Condition:
        """`node` as a condition: a value has to be a yes/no."""
        if isinstance(node, Condition):
            return node
        if is_bad(node) or node.type.kind == YES_NO:
            return Truth(node)
        if self.token.key not in _AFTER_A_CONDITION:
            self.left_over()
        said = self.written(start)
        mend = f"compare it with something, as in `{said} is ...`"
        if node.type.kind == CHOICES:
            mend = f"say what is ticked, as in `{said} include {next(iter(node.type.choice_ids()), '...')}`"
        self.report("not-a-condition", f"`{said}` is {described(node.type)}, not a condition", mend, self.since(start))
        return Truth(BAD)

    # --- comparisons

    def comparison(self, expected: Type | None = None) -> Node:
        """A value, or a value compared with others."""
        start = self.at
        node = self.sum(expected)
        sign, word = self.sign, self.word
        if sign not in SIGNS and word not in _VERBS:
            return node
        left = Left(self.value(node, self.since(start)), self.since(start))
        if word in _INCLUDING:
            return self.text_test(left, denied=True) if self.denies_of_text() else self.inclusion(left)
        if word in _OF_TEXTS:
            return self.text_test(left, denied=False)
        self.at += 1
        if word:
            return self.after_is(left)
        op, opposite = SIGNS[sign]
        found = self.compared(op, left)
        return negated(found) if opposite else found

    def after_is(self, left: Left) -> Condition:
        """What stands after `is`."""
        if self.word == "not" and not self.names_choice(left.value.type):
            self.at += 1
            return negated(self.predicate(left))
        return self.predicate(left)

    def names_choice(self, type_: Type) -> bool:
        """Whether a choice begins with the `not` here; a problem where the rest is a choice too."""
        if type_.kind != CHOICE:
            return False
        choices = self.vocabulary.choices(type_)
        found, rest = choices.longest(self.tokens, self.at), choices.longest(self.tokens, self.at + 1)
        if found and rest and rest[1] == found[1]:
            self.report(
                "unclear",
                f"`{self.written(self.at, found[1])}` could be that choice, or any but `{rest[0]}`",
                f"write `{found[0]}`, or put `not` before the whole comparison",
                Span(self.at, found[1]),
            )
        return found is not None

    def predicate(self, left: Left) -> Condition:
        """What is said of `left` after `is` or `is not`."""
        type_ = left.value.type
        if self.take("known"):
            return _all([Known(one) for one in _boxes(left.value)])
        if self.take("unknown"):
            return Not(_all([Known(one) for one in _boxes(left.value)]))
        if type_.kind == CHOICES:
            return self.nothing_ticked(left)
        if self.take("one", "of"):
            return self.member(left)
        if type_.kind == CHOICE and self.choice_ahead(type_):
            return self.compared("==", left)
        if self.take("between"):
            return self.between(left)
        for words, op in _ORDERS.get(self.word, ()):
            if self.take(*words):
                return self.ordered(op, words, left)
        return self.compared("==", left)

    def choice_ahead(self, type_: Type) -> bool:
        """Whether a choice is named next."""
        return self.word != "none" and self.vocabulary.choices(type_).longest(self.tokens, self.at) is not None

    def ordered(self, op: Op, words: tuple[str, ...], left: Left) -> Condition:
        """A comparison by size or by time."""
        type_ = left.value.type
        is_date = type_.kind in OF_TIME
        if type_.ordered and is_date != (words in _TIMES):
            self.report(
                "wrong-type",
                f"`{' '.join(words)}` is not for {described(type_)}, which `{self.said(left)}` is",
                f"write `is {(_LATER if is_date else _LARGER)[op]}`",
                Span(self.at - len(words), self.at),
            )
        return self.compared(op, left)

    def said(self, left: Left) -> str:
        """What the author wrote for `left`."""
        return self.written(*left.span)

    def operand(self, left: Left) -> Expr:
        """A value that `left` is compared with; a problem where their types differ."""
        start, type_ = self.at, left.value.type
        right = fitted(self.value(self.sum(type_), self.since(start)), type_)
        if is_bad(left.value, right) or comparable(fitted(left.value, right.type).type, right.type):
            return right
        mend = example(type_, self.vocabulary.currency)
        if self.within and right.type.numeric and not type_.numeric:
            mend = WHERE_REACHES
        message = (
            f"`{self.said(left)}` is {described(type_)}, and `{self.written(start)}` is {contrasted(right.type, type_)}"
        )
        self.report("wrong-type", message, mend, self.since(start))
        return BAD

    def compared(self, op: Op, left: Left) -> Condition:
        """`left` compared with the value that follows."""
        if left.value.type.kind == CHOICES:
            return self.nothing_ticked(left)
        right = self.operand(left)
        if self.take("ignoring", "case"):
            return self.same_but_for_case(op, left, right)
        if is_bad(left.value, right):
            return Truth(BAD)
        if op != "==" and not right.type.ordered:
            self.not_ordered(left)
        if op == "==" and isinstance(right, Literal) and isinstance(right.value, bool):
            return Truth(left.value) if right.value else Not(Truth(left.value))
        return Compare(op, fitted(left.value, right.type), right)

    def same_but_for_case(self, op: Op, left: Left, right: Expr) -> Condition:
        """`is "bern" ignoring case`."""
        if op != "==" or right.type.kind != TEXT:
            span = Span(self.at - 2, self.at)
            self.report("unexpected-word", "`ignoring case` goes with texts that are compared", "leave it out", span)
            return Truth(BAD)
        return Truth(BAD) if is_bad(left.value, right) else TextTest("is", left.value, right, folded=True)

    def not_ordered(self, left: Left) -> None:
        """Report that values of this type are not larger or smaller than others."""
        message = f"`{self.said(left)}` is {described(left.value.type)}, which has no order"
        self.report("wrong-type", message, "write `is`, or `is one of [...]`", left.span)

    def between(self, left: Left) -> Condition:
        """`is between A and B`."""
        low = self.operand(left)
        if not self.take("and"):
            self.unexpected("`and` with the upper end")
        high = self.operand(left)
        if is_bad(left.value, low, high):
            return Truth(BAD)
        if not low.type.ordered:
            self.not_ordered(left)
        return Between(fitted(left.value, low.type), low, high)

    def member(self, left: Left) -> Condition:
        """`is one of [a, b]`."""
        values = self.listed_values(lambda: self.operand(left))
        if self.take("ignoring", "case"):
            parts = [self.same_but_for_case("==", left, value) for value in values]
            return parts[0] if len(parts) == 1 else Or(tuple(parts))
        return Truth(BAD) if is_bad(left.value, *values) else Member(left.value, tuple(values))

    def listed_values(self, read: Callable[[], Expr]) -> list[Literal]:
        """Values in square brackets, each written down and not worked out."""
        opening = self.at
        if not self.take_sign("["):
            self.unexpected("a list in square brackets, such as `[a, b]`,")
        found: list[Literal] = []
        while not found or self.take_sign(","):
            start = self.at
            value = read()
            if not isinstance(value, Literal):
                message = f"`{self.written(start)}` is not a value that is written down"
                self.report("wrong-type", message, "join two comparisons by `or`", self.since(start))
                value = BAD
            found.append(value)
        self.closed(opening, "]")
        return found

    # --- texts

    def denies_of_text(self) -> bool:
        """Whether `does not contain` or the like stands next."""
        return any(
            self.follows(does, "not", verb) for does in ("does", "do") for verb in (*_OF_TEXTS, *_OF_TEXTS.values())
        )

    def text_test(self, left: Left, *, denied: bool) -> Condition:
        """`starts with`, `does not contain` and the like, with `ignoring case` at the end where that is meant."""
        start = self.at
        self.at += 2 * denied
        verb = next((verb for verb, plain in _OF_TEXTS.items() if self.word in (verb, plain)), "")
        self.at += 1
        if verb != "contains" and not self.take("with"):
            self.unexpected(f"`with` after `{self.written(start)}`")
        type_ = left.value.type
        if not is_bad(left.value) and type_.kind not in (TEXT, CHOICE):
            message = (
                f"`{self.said(left)}` is {described(type_)}, and only a text {verb} {'with ' * (verb != 'contains')}"
            )
            self.report("wrong-type", f"{message.rstrip()} something", "compare it with `is`", left.span)
        value_start = self.at
        right = self.of_type(self.value(self.sum(Type(TEXT)), self.since(value_start)), Type(TEXT), value_start)
        folded = self.take("ignoring", "case")
        op = cast("TextOp", verb if verb == "contains" else f"{verb} with")
        if is_bad(left.value, right) or self.found:
            return Truth(BAD)
        found = self.of_choices(op, left, right) if type_.kind == CHOICE else TextTest(op, left.value, right, folded)
        return negated(found) if denied else found

    def of_choices(self, op: TextOp, left: Left, right: Expr) -> Condition:
        """What holds of a choice whose id starts so, or ends so: that it is one of these."""
        if not isinstance(right, Literal):
            self.report("wrong-type", "the codes of choices are compared with a text in quotes", "", self.since(0))
            return Truth(BAD)
        said = str(right.value).casefold()
        test = {"starts with": str.startswith, "ends with": str.endswith}.get(op, lambda code, part: part in code)
        type_ = left.value.type
        codes = [code for code in type_.choice_ids() if test(code.casefold(), said)]
        if not codes:
            message = f"no choice of `{self.said(left)}` {op} `{right.value}`"
            self.report("unknown-choice", message, f"choices: {choices_shown(type_)}", self.since(0))
        return Member(left.value, tuple(Literal(code, bare(type_)) for code in codes))

    # --- facts of which several choices may be ticked

    def nothing_ticked(self, left: Left) -> Condition:
        """`faults is none`."""
        if not self.take("none"):
            said = self.said(left)
            message = f"several choices of `{said}` may be ticked, so it is not one of them"
            self.stop("wrong-type", message, f"write `{said} include ...`, or `{said} is none`")
        return _all([Not(Truth(box)) for box in _boxes(left.value)])

    def inclusion(self, left: Left) -> Condition:
        """`include a`, `do not include a`, `include one of [a, b]`."""
        negated = self.take("do", "not") or self.take("does", "not")
        if not self.take("include") and not self.take("includes"):
            self.unexpected("`include`")
        ref = left.value
        if is_bad(ref):
            # What it could include is not known, so the rest would only be reported wrongly.
            raise Stop
        if not isinstance(ref, FactRef) or ref.type.kind != CHOICES:
            message = f"`{self.said(left)}` is {described(ref.type)}, so it includes nothing"
            self.stop("wrong-type", message, "write `is`", self.since(left.span.end))
        found = self.ticked(ref)
        return Not(found) if negated else found

    def ticked(self, ref: FactRef) -> Condition:
        """One choice of a tick-several fact, or one of several."""
        if not self.take("one", "of"):
            return Truth(_box(ref, self.box_choice(ref)))
        boxes = [Truth(_box(ref, choice)) for choice in self.listed_values(lambda: self.box_choice(ref))]
        return boxes[0] if len(boxes) == 1 else Or(tuple(boxes))

    def box_choice(self, ref: FactRef) -> Literal:
        """The choice that is named here."""
        type_ = Type(CHOICE, ref.type.choices)
        found = self.choice(type_)
        if found is not None:
            return found
        if self.token.kind not in ("word", "part", "number"):
            self.unexpected(f"one of {choices_shown(type_)}")
        self.unknown_choice(type_, f"`{spaced(ref.name)}` has no choice")
        return BAD


_AFTER_A_CONDITION = frozenset(("", ")", "]", ",", "and", "or"))
_PREFIXES = frozenset(("not", "surely", "could", "always", "never"))
_INCLUDING = frozenset(("include", "includes", "do", "does"))
_OF_TEXTS = {"starts": "start", "ends": "end", "contains": "contain"}
"""What is said of texts, and how it is spelled after `does not`."""
_VERBS = _INCLUDING | {"is", "are"} | _OF_TEXTS.keys()


def negated(condition: Condition) -> Condition:
    """The opposite, without a double `not`."""
    return condition.operand if isinstance(condition, Not) else Not(condition)


def _all(parts: Sequence[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _boxes(node: Expr) -> list[Expr]:
    """The boxes of a tick-several fact; any other value as it is."""
    if isinstance(node, FactRef) and node.type.kind == CHOICES:
        return [
            FactRef(node.kind, node.name, Type(YES_NO, node.type.choices), node.whose, node.via, choice)
            for choice in node.type.choice_ids()
        ]
    return [node]


def _box(ref: FactRef, choice: Literal) -> Expr:
    if is_bad(choice):
        return BAD
    return FactRef(ref.kind, ref.name, Type(YES_NO, ref.type.choices), ref.whose, ref.via, str(choice.value))
