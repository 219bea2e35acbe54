"""The condition language on trees and texts that nobody chose: it reads back what it prints, and never breaks."""

import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Literal as Word
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.language.aggregates import Operation
from advisor.language.parser import parse_condition, parse_expression, parse_text
from advisor.language.printing import text
from advisor.language.tree import (
    ALWAYS,
    AddMonths,
    Aggregate,
    And,
    Arithmetic,
    Between,
    Call,
    Certainty,
    Clock,
    Compare,
    Condition,
    DaysBetween,
    Expr,
    FactRef,
    HoursBetween,
    Known,
    Literal,
    Lookup,
    Member,
    Not,
    Or,
    ParameterRef,
    TextTest,
    Truth,
    Weekday,
)
from advisor.language.typing import arithmetic, bare, common, number_literal
from advisor.problems.problem import Place, Problem
from advisor.values.types import CHOICE, DATE, DURATION, MONEY, NONE, NUMBER, REFERENCE, TEXT, TIME, WHOLE, YES_NO, Type
from tests.language.sample_vocabulary import CONTRACT, ENDED_BY, PROBLEMS, STAGE, VOCABULARY

HERE = Place("rules.yaml", 1, 1)
DAY, YES, USD = Type(DATE), Type(YES_NO), Type(MONEY, unit="USD")
TODAY = Clock("today", DAY)
NUMBERS = (WHOLE, NUMBER)
_TEXT_OPS: tuple[Word["is", "starts with", "ends with", "contains"], ...]
_TEXT_OPS = ("is", "starts with", "ends with", "contains")
_OF_ONE: tuple[Word["floor", "ceiling", "abs"] | None, ...] = ("floor", "ceiling", "abs", None, None)
_OPS: tuple[Word["==", "<", "<=", ">", ">="], ...] = ("==", "<", "<=", ">", ">=")
_CONSTANTS: tuple[Condition, ...] = (ALWAYS, Or(()))
T = TypeVar("T")


class _Trees:
    """Random trees about a contract, as the parser makes them. `within`: the entity whose list is looked at."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.within = ""

    def one_of(self, *makers: Callable[[], T]) -> T:
        return self.draw(st.sampled_from(makers))()

    # --- leaves

    def references(self) -> list[FactRef]:
        kind = self.within or "contract"
        found = [FactRef(kind, name, known.type) for name, known in VOCABULARY.facts[kind].items()]
        found += [FactRef("case", name, known.type, "case") for name, known in VOCABULARY.facts["case"].items()]
        if self.within:
            found += [FactRef("contract", n, known.type, "this") for n, known in VOCABULARY.facts["contract"].items()]
        far = [
            FactRef(ref.type.entity, name, known.type, ref.whose, ref.name)
            for ref in found
            if ref.type.kind == REFERENCE
            for name, known in VOCABULARY.facts[ref.type.entity].items()
        ]
        return found + far

    def fact(self, *kinds: str) -> Expr:
        refs = [ref for ref in self.references() if ref.type.kind in kinds]
        return self.draw(st.sampled_from(refs)) if refs else self.literal(kinds[0])

    def box(self) -> FactRef:
        refs = [ref for ref in self.references() if ref.type.choices == PROBLEMS.choices]
        ref = self.draw(st.sampled_from(refs or [FactRef("contract", "problems", PROBLEMS, "this")]))
        choice = self.draw(st.sampled_from(PROBLEMS.choice_ids()))
        return FactRef(ref.kind, ref.name, Type(YES_NO, PROBLEMS.choices), ref.whose, ref.via, choice)

    def literal(self, kind: str) -> Literal:
        if kind == DATE:
            return Literal(self.draw(st.dates(date(1990, 1, 1), date(2100, 1, 1))), DAY)
        if kind == TEXT:
            return Literal(self.draw(st.text(max_size=12)), Type(TEXT))
        if kind == YES_NO:
            return Literal(self.draw(st.booleans()), YES)
        number = Fraction(self.draw(st.integers(-(10**6), 10**6)), self.draw(st.sampled_from([1, 1, 2, 100])))
        literal = number_literal(number.numerator if number.denominator == 1 else number)
        types = {MONEY: USD, DURATION: Type(DURATION)}
        return Literal(literal.value, types.get(kind, literal.type))

    # --- values

    def value(self, kind: str, depth: int) -> Expr:
        """A value of one kind; `number` stands for whole numbers too."""
        kinds = NUMBERS if kind == NUMBER else (kind,)
        makers = [lambda: self.fact(*kinds), lambda: self.literal(kind)]
        if depth > 0:
            makers.append(
                lambda: getattr(self, f"{kind.replace('/', '_')}_value", lambda _: self.fact(*kinds))(depth - 1)
            )
        return self.one_of(*makers)

    def number_value(self, depth: int) -> Expr:
        return self.one_of(
            lambda: self.sum(NUMBER, depth),
            lambda: self.times(NUMBER, depth),
            lambda: self.times(NUMBER, depth, "/"),
            lambda: Arithmetic("/", self.value(MONEY, depth), self.value(MONEY, depth), Type(NUMBER)),
            lambda: self.extreme(NUMBER, depth),
            lambda: self.rounded(NUMBER, depth),
            lambda: self.remainder(NUMBER, depth),
            lambda: HoursBetween(self.clock(), self.clock()),
            lambda: Call("length", (self.value(TEXT, depth),), 0, Type(WHOLE, low=0)),
            lambda: ParameterRef("contracts_needed", Type(WHOLE), self.on(depth)),
            lambda: Lookup("job_weight", "", self.value(MONEY, depth), Type(NUMBER), self.on(depth)),
            lambda: Lookup("countries", "voltage", self.fact(CHOICE), Type(NUMBER)),
            lambda: self.aggregate("number", depth),
            lambda: self.aggregate("different", depth),
        )

    def money_value(self, depth: int) -> Expr:
        return self.one_of(
            lambda: self.sum(MONEY, depth),
            lambda: self.times(MONEY, depth),
            lambda: self.times(MONEY, depth, "/"),
            lambda: self.extreme(MONEY, depth),
            lambda: self.rounded(MONEY, depth),
            lambda: self.remainder(MONEY, depth),
            lambda: self.aggregate("sum", depth),
            lambda: self.aggregate("smallest", depth),
        )

    def duration_value(self, depth: int) -> Expr:
        return self.one_of(
            lambda: self.sum(DURATION, depth),
            lambda: self.times(DURATION, depth),
            lambda: DaysBetween(self.value(DATE, depth), self.value(DATE, depth)),
            lambda: DaysBetween(TODAY, self.value(DATE, depth)),
            lambda: DaysBetween(self.value(DATE, depth), TODAY),
            lambda: ParameterRef("update_cadence", Type(DURATION), self.on(depth)),
        )

    def date_value(self, depth: int) -> Expr:
        return self.one_of(
            lambda: self.draw(st.sampled_from([TODAY, Clock("as of", DAY)])),
            lambda: Arithmetic(self.sign(), self.value(DATE, depth), self.value(DURATION, depth), DAY),
            lambda: AddMonths(self.value(DATE, depth), self.draw(st.integers(-1000, 1000))),
            lambda: Weekday(
                self.draw(st.sampled_from(["first", "last"])),
                self.draw(st.integers(0, 6)),
                self.draw(st.booleans()),
                self.value(DATE, depth),
            ),
            lambda: self.extreme(DATE, depth),
            lambda: self.aggregate("largest", depth, DATE),
        )

    def yes_no_value(self, depth: int) -> Expr:
        return self.one_of(
            self.box,
            lambda: ParameterRef("free_of_charge", YES, self.on(depth)),
            lambda: Lookup("countries", "in_europe", self.fact(CHOICE), YES),
            lambda: self.aggregate("any", depth),
            lambda: self.aggregate("no", depth),
            lambda: self.aggregate("every", depth),
        )

    def sign(self) -> Word["+", "-"]:
        return self.draw(st.sampled_from(("+", "-")))

    def on(self, depth: int) -> Expr | None:
        return self.value(DATE, depth) if self.draw(st.booleans()) else None

    def sum(self, kind: str, depth: int) -> Expr:
        left, right = self.value(kind, depth), self.value(kind, depth)
        type_ = common([left.type, right.type])
        assert type_ is not None
        return Arithmetic(self.sign(), left, right, type_)

    def times(self, kind: str, depth: int, op: Word["*", "/"] = "*") -> Expr:
        left, right = self.value(kind, depth), self.value(NUMBER, depth)
        type_ = arithmetic(op, left.type, right.type)
        assert type_ is not None
        return Arithmetic(op, left, right, type_)

    def extreme(self, kind: str, depth: int) -> Expr:
        arguments = tuple(self.value(kind, depth) for _ in range(self.draw(st.integers(2, 3))))
        type_ = common([one.type for one in arguments])
        assert type_ is not None
        return Call(self.draw(st.sampled_from(["min", "max"])), arguments, 0, type_)

    def remainder(self, kind: str, depth: int) -> Expr:
        whole, by = self.value(kind, depth), self.value(kind, depth)
        type_ = common([whole.type, by.type])
        assert type_ is not None
        return Call("remainder", (whole, by), 0, type_)

    def clock(self) -> Expr:
        return Literal(self.draw(st.integers(0, 1439)), Type(TIME))

    def text_test(self, depth: int) -> Condition:
        op = self.draw(st.sampled_from(_TEXT_OPS))
        folded = op == "is" or self.draw(st.booleans())
        return TextTest(op, self.value(TEXT, depth), self.value(TEXT, depth), folded)

    def rounded(self, kind: str, depth: int) -> Expr:
        inner, digits = self.value(kind, depth), self.draw(st.integers(0, 3))
        other = self.draw(st.sampled_from(_OF_ONE))
        if other is not None:
            is_whole = inner.type.kind == NUMBER and other != "abs"
            return Call(other, (inner,), 0, Type(WHOLE) if is_whole else bare(inner.type))
        whole = inner.type.kind == NUMBER and digits == 0
        return Call("round", (inner,), digits, Type(WHOLE) if whole else bare(inner.type))

    def aggregate(self, op: Operation, depth: int, kind: str = MONEY) -> Expr:
        """An aggregate; within another, a leaf instead."""
        type_ = {"sum": USD, "smallest": USD, "largest": DAY, "number": Type(WHOLE), "different": Type(WHOLE)}.get(
            op, YES
        )
        if self.within:
            return self.fact(*(NUMBERS if type_.kind == WHOLE else (type_.kind,)))
        entity = self.draw(st.sampled_from(["contract", "client"]))
        self.within = entity
        what = None
        if op in ("sum", "smallest", "largest", "different"):
            what = self.value(self.draw(st.sampled_from([kind, YES_NO, NUMBER])) if op == "different" else kind, depth)
        where = self.condition(depth) if self.draw(st.booleans()) else None
        self.within = ""
        others = entity == "contract" and self.draw(st.booleans())
        return Aggregate(op, entity, others, what, where, type_)

    # --- conditions

    def condition(self, depth: int) -> Condition:
        makers: list[Callable[[], Condition]] = [
            lambda: Truth(self.value(YES_NO, depth)),
            lambda: self.comparison(depth),
            self.choice_comparison,
            lambda: self.text_test(depth),
            lambda: Known(self.value(self.any_kind(), depth)),
            lambda: self.draw(st.sampled_from(_CONSTANTS)),
        ]
        if depth > 0:
            makers += [
                lambda: Not(self.condition(depth - 1)),
                lambda: Not(self.condition(depth - 1)),
                lambda: And(self.conditions(depth - 1)),
                lambda: Or(self.conditions(depth - 1)),
                lambda: Certainty(self.draw(st.sampled_from(["surely", "could"])), self.condition(depth - 1)),
            ]
        return self.one_of(*makers)

    def conditions(self, depth: int) -> tuple[Condition, ...]:
        return tuple(self.condition(depth) for _ in range(self.draw(st.integers(2, 3))))

    def any_kind(self) -> str:
        return self.draw(st.sampled_from([NUMBER, MONEY, DURATION, DATE, TEXT, YES_NO]))

    def comparison(self, depth: int) -> Condition:
        kind = self.draw(st.sampled_from([NUMBER, MONEY, DURATION, DATE]))
        left = self.value(kind, depth)
        makers: list[Callable[[], Condition]] = [
            lambda: Compare(self.draw(st.sampled_from(_OPS)), left, self.value(kind, depth)),
            lambda: Compare("==", left, Literal(NONE, bare(left.type))),
            lambda: Between(left, self.value(kind, depth), self.value(kind, depth)),
            lambda: Member(left, tuple(self.literal(kind) for _ in range(self.draw(st.integers(1, 3))))),
        ]
        return self.one_of(*makers)

    def choice_comparison(self) -> Condition:
        type_ = self.draw(st.sampled_from([ENDED_BY, STAGE]))
        same = [ref for ref in self.references() if ref.type == type_]
        if not same:
            return Compare("==", Clock("era", VOCABULARY.era_type), Literal("two-clients", VOCABULARY.era_type))
        left, right = self.draw(st.sampled_from(same)), self.draw(st.sampled_from(same))
        literals = st.sampled_from([Literal(choice, type_) for choice in type_.choice_ids()])
        makers: list[Callable[[], Condition]] = [
            lambda: Compare("==", left, self.draw(literals)),
            lambda: Compare("==", left, right),
            lambda: Compare("==", left, Literal(NONE, type_)),
            lambda: Member(left, tuple(self.draw(st.lists(literals, min_size=1, max_size=3)))),
            lambda: Compare("==", self.fact(YES_NO), self.fact(YES_NO)),
        ]
        return self.one_of(*makers)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    return _Trees(draw).condition(3)


@st.composite
def values(draw: st.DrawFn) -> Expr:
    trees = _Trees(draw)
    return trees.value(trees.any_kind(), 3)


@settings(max_examples=300, deadline=None)
@given(conditions())
def test_a_condition_reads_back_as_it_is_printed(tree: Condition) -> None:
    problems: list[Problem] = []
    found = parse_condition(text(tree), CONTRACT, HERE, problems)
    assert problems == []
    assert found == tree


@settings(max_examples=300, deadline=None)
@given(values())
def test_a_value_reads_back_as_it_is_printed(tree: Expr) -> None:
    problems: list[Problem] = []
    found = parse_expression(text(tree), CONTRACT, HERE, problems)
    assert problems == []
    assert found == tree


WORDS = """
starts ends contains with ignoring does floor( abs( remainder( length
and or not is are any no every where number sum smallest largest different of over other this surely could known unknown
none one between at on days until since from to first last sunday today as era include do min max round above least
before after contract contracts client earned ended ended_on problems late score job_weight countries voltage . ( ) [ ]
, + - * / = < $ % 5 1.5 250 USD months weeks 2024-09-03 2024-13-01 "x" " { } left_out not_begun stage case always
"""


@settings(max_examples=500, deadline=1000)
@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join)))
def test_any_text_gives_a_tree_or_problems_that_lie_in_it(source: str) -> None:
    for parse in (parse_condition, parse_expression, parse_text):
        problems: list[Problem] = []
        found = parse(source, CONTRACT, HERE, problems)
        assert (found is None) == bool(problems)
        for problem in problems:
            problem.full()
            assert 1 <= problem.place.column <= len(source) + 1
            assert problem.place.column + problem.place.length <= len(source) + 2
        if found is not None and parse is not parse_text:
            assert parse(text(found), CONTRACT, HERE, problems) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("(" * 100_000, "too-long"),
        ("(" * 3_000, "too-deep"),
        ("(" * 33 + "ended" + ")" * 33, "too-deep"),
        ("not " * 900 + "ended", "too-deep"),
        ("surely " * 500 + "ended", "too-deep"),
        ("round(" * 500, "too-deep"),
        ("days until " * 300, "too-deep"),
        ("contracts needed on " * 200, "too-deep"),
        ("earned" + " + earned" * 400, "too-deep"),
        ("- " * 1_900 + "1", "unexpected-word"),
        ("sum of " * 500, "unexpected-word"),
        ("any contract where " * 200, "too-deep"),
        ("earned" + ".client" * 500, "wrong-type"),
        ("frozn and " * 390 + "frozn", "unknown-fact"),
        ("client_" * 500, "unknown-fact"),
        ('"' * 3_999, "unexpected-word"),
        ("1" * 3_999, "bad-literal"),
        ("ended is one of " + "[" * 3_000, "unexpected-word"),
    ],
)
def test_long_and_deep_sources_are_refused_at_once(source: str, kind: str) -> None:
    problems: list[Problem] = []
    start = time.perf_counter()
    assert parse_condition(source, CONTRACT, HERE, problems) is None
    assert time.perf_counter() - start < 5
    assert problems[0].kind == kind
    assert len(problems) <= 10


def test_what_may_be_deep_and_long_is_read() -> None:
    problems: list[Problem] = []
    deep = "(" * 30 + "ended" + ")" * 30
    wide = " and ".join(["ended"] * 400)
    long = "earned" + " + earned" * 60 + " is above 5"
    for source in (deep, wide, long):
        found = parse_condition(source, CONTRACT, HERE, problems)
        assert problems == []
        assert found is not None
        assert parse_condition(text(found), CONTRACT, HERE, problems) == found


@pytest.mark.parametrize("source", ["{" * 4_000, "}" * 3_999, '{"' * 2_000, "{earned" * 500, "x" * 4_001])
def test_hostile_texts_are_refused_at_once(source: str) -> None:
    problems: list[Problem] = []
    start = time.perf_counter()
    found = parse_text(source, CONTRACT, HERE, problems)
    assert time.perf_counter() - start < 5
    assert (found is None) == bool(problems)
