"""The condition language: what each sentence of the authors' guide is read as."""

from datetime import date
from fractions import Fraction
from typing import Literal as Word

import pytest

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
    Known,
    Literal,
    Lookup,
    Member,
    Not,
    Or,
    ParameterRef,
    Text,
    Truth,
    Weekday,
)
from advisor.language.vocabulary import Scope
from advisor.problems.problem import Place, Problem
from advisor.values.types import DATE, DURATION, MONEY, NONE, NUMBER, TEXT, WHOLE, YES_NO, Type
from tests.language.sample_vocabulary import CASE, CLIENT, CONTRACT, ENDED_BY, PROBLEMS, STAGE, USD, VOCABULARY

HERE = Place("rules.yaml", 4, 9)
YES, DAY = Type(YES_NO), Type(DATE)
TICKED = Type(YES_NO, PROBLEMS.choices)
TODAY = Clock("today", DAY)


def fact(name: str, kind: str = "contract", **more: str) -> FactRef:
    """A fact of the sample vocabulary."""
    whose = more.pop("whose", "case" if kind == "case" else "self")
    return FactRef(kind, name, VOCABULARY.facts[kind][name].type, whose, **more)  # type: ignore[arg-type]


def box(choice: str) -> Truth:
    """One choice of `problems`."""
    return Truth(FactRef("contract", "problems", TICKED, choice=choice))


def usd(amount: int) -> Literal:
    return Literal(amount, Type(MONEY, unit="USD"))


def days(number: int | Fraction) -> Literal:
    return Literal(number, Type(DURATION))


def number(value: int) -> Literal:
    return Literal(value, Type(WHOLE))


def condition(source: str, scope: Scope = CONTRACT) -> Condition:
    """What `source` is read as; it must have no problem, and be printed so that it reads back the same."""
    problems: list[Problem] = []
    found = parse_condition(source, scope, HERE, problems)
    assert problems == []
    assert found is not None
    assert parse_condition(text(found), scope, HERE, problems) == found
    return found


def value(source: str, expected: Type | None = None, scope: Scope = CONTRACT) -> Expr:
    """What `source` is read as, as a value; held to the same as a condition."""
    problems: list[Problem] = []
    found = parse_expression(source, scope, HERE, problems, "", expected)
    assert problems == []
    assert found is not None
    assert parse_expression(text(found), scope, HERE, problems, "", expected) == found
    return found


ENDED, THREATENED, EARNED, ENDED_ON = fact("ended"), fact("threatened"), fact("earned"), fact("ended_on")
WHO = fact("ended_by")
SCORE = fact("score", "case")


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("threatened", Truth(THREATENED)),
        ("not ended", Not(Truth(ENDED))),
        ("ended is yes", Truth(ENDED)),
        ("ended is no", Not(Truth(ENDED))),
        ("ended is not yes", Not(Truth(ENDED))),
        ("ended is not no", Truth(ENDED)),
        ("ended by is client", Compare("==", WHO, Literal("client", ENDED_BY))),
        ("ended_by is left-out", Compare("==", WHO, Literal("left_out", ENDED_BY))),
        ("Ended By is left out", Compare("==", WHO, Literal("left_out", ENDED_BY))),
        ("ended by is not client", Not(Compare("==", WHO, Literal("client", ENDED_BY)))),
        ("ended by is stated by", Compare("==", WHO, fact("stated_by"))),
        ("ended by is client side", Compare("==", WHO, fact("client_side"))),
        (
            "ended by is one of [client, left out]",
            Member(WHO, (Literal("client", ENDED_BY), Literal("left_out", ENDED_BY))),
        ),
        ("ended by is not one of [client]", Not(Member(WHO, (Literal("client", ENDED_BY),)))),
        ("stage is not begun", Compare("==", fact("stage"), Literal("not_begun", STAGE))),
        ("stage is not started", Not(Compare("==", fact("stage"), Literal("started", STAGE)))),
        ("stage is over 60", Compare("==", fact("stage"), Literal("over_60", STAGE))),
        ("stage is 4-8", Compare("==", fact("stage"), Literal("4-8", STAGE))),
    ],
)
def test_yes_or_no_and_choices(source: str, tree: Condition) -> None:
    assert condition(source) == tree


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("problems include late", box("late")),
        ("problems includes late", box("late")),
        ("problems do not include late", Not(box("late"))),
        ("problems does not include not paid", Not(box("not_paid"))),
        ("problems include one of [late, scope]", Or((box("late"), box("scope")))),
        ("problems do not include one of [late, scope]", Not(Or((box("late"), box("scope"))))),
        ("problems is none", And((Not(box("late")), Not(box("scope")), Not(box("not_paid"))))),
        ("problems are not none", Not(And((Not(box("late")), Not(box("scope")), Not(box("not_paid")))))),
        ("problems is known", And(tuple(Known(box(choice).operand) for choice in PROBLEMS.choice_ids()))),
        ("problems is unknown", Not(And(tuple(Known(box(choice).operand) for choice in PROBLEMS.choice_ids())))),
        ("(problems include late) is unknown", Not(Known(box("late").operand))),
        (
            "client.trouble include late",
            Truth(FactRef("client", "trouble", TICKED, via="client", choice="late")),
        ),
    ],
)
def test_facts_of_which_several_choices_may_be_ticked(source: str, tree: Condition) -> None:
    assert condition(source) == tree


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("earned is above 250 USD", Compare(">", EARNED, usd(250))),
        ("earned is over $250", Compare(">", EARNED, usd(250))),
        ("earned is more than 1,250 USD", Compare(">", EARNED, usd(1250))),
        ("earned is greater than 250", Compare(">", EARNED, usd(250))),
        ("earned is below 250", Compare("<", EARNED, usd(250))),
        ("earned is under 250", Compare("<", EARNED, usd(250))),
        ("earned is less than 250", Compare("<", EARNED, usd(250))),
        ("earned is at least 250", Compare(">=", EARNED, usd(250))),
        ("earned is at most 250", Compare("<=", EARNED, usd(250))),
        ("earned is not above 250", Not(Compare(">", EARNED, usd(250)))),
        ("earned is 0 USD", Compare("==", EARNED, usd(0))),
        ("earned is not 0 USD", Not(Compare("==", EARNED, usd(0)))),
        ("earned is between 1 and 250", Between(EARNED, usd(1), usd(250))),
        ("earned is not between 1 and 250", Not(Between(EARNED, usd(1), usd(250)))),
        ("earned is one of [0, 250 usd]", Member(EARNED, (usd(0), usd(250)))),
        ("earned = 250", Compare("==", EARNED, usd(250))),
        ("earned == 250", Compare("==", EARNED, usd(250))),
        ("earned != 250", Not(Compare("==", EARNED, usd(250)))),
        ("earned ≠ 250", Not(Compare("==", EARNED, usd(250)))),
        ("earned < 250", Compare("<", EARNED, usd(250))),
        ("earned <= 250", Compare("<=", EARNED, usd(250))),
        ("earned ≤ -$3", Compare("<=", EARNED, usd(-3))),
        ("earned > 250", Compare(">", EARNED, usd(250))),
        ("earned >= 250", Compare(">=", EARNED, usd(250))),
        ("earned ≥ 250", Compare(">=", EARNED, usd(250))),
        ("250 is below earned", Compare("<", usd(250), EARNED)),
        ("score is at least 90 %", Compare(">=", SCORE, number(90))),
        ("hours is under 10 hours a week", Compare("<", fact("hours"), number(10))),
        ("hours is above .5", Compare(">", fact("hours"), Literal(Fraction(1, 2), Type(NUMBER)))),
        ("length is above 2 weeks", Compare(">", fact("length"), days(14))),
        ("length is above 1.5 days", Compare(">", fact("length"), days(Fraction(3, 2)))),
        ('title is "He said ""no"""', Compare("==", fact("title"), Literal('He said "no"', Type(TEXT)))),
        ("title is 'x'", Compare("==", fact("title"), Literal("x", Type(TEXT)))),
    ],
)
def test_amounts_and_texts(source: str, tree: Condition) -> None:
    assert condition(source) == tree


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("ended on is before 2024-09-03", Compare("<", ENDED_ON, Literal(date(2024, 9, 3), DAY))),
        ("ended on is after started on", Compare(">", ENDED_ON, fact("started_on"))),
        ("ended on is on or before today", Compare("<=", ENDED_ON, TODAY)),
        ("ended on is on or after as of", Compare(">=", ENDED_ON, Clock("as of", DAY))),
        ("ended on >= 2024-9-3", Compare(">=", ENDED_ON, Literal(date(2024, 9, 3), DAY))),
        (
            "days until next update is under 14",
            Compare("<", DaysBetween(TODAY, fact("next_update", "case")), days(14)),
        ),
        ("days since ended on is at least 30 days", Compare(">=", DaysBetween(ENDED_ON, TODAY), days(30))),
        ("days from started on to ended on > 5", Compare(">", DaysBetween(fact("started_on"), ENDED_ON), days(5))),
        ("ended on - started on > 5", Compare(">", DaysBetween(fact("started_on"), ENDED_ON), days(5))),
        (
            "era is two-clients",
            Compare("==", Clock("era", VOCABULARY.era_type), Literal("two-clients", VOCABULARY.era_type)),
        ),
        (
            "era is one of [paid weights, two clients]",
            Member(
                Clock("era", VOCABULARY.era_type),
                (Literal("paid-weights", VOCABULARY.era_type), Literal("two-clients", VOCABULARY.era_type)),
            ),
        ),
    ],
)
def test_time(source: str, tree: Condition) -> None:
    assert condition(source) == tree


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("score is none", Compare("==", SCORE, Literal(NONE, Type(WHOLE)))),
        ("score is not none", Not(Compare("==", SCORE, Literal(NONE, Type(WHOLE))))),
        ("ended by is none", Compare("==", WHO, Literal(NONE, ENDED_BY))),
        ("client is none", Compare("==", fact("client"), Literal(NONE, CLIENT))),
        ("earned is known", Known(EARNED)),
        ("earned is unknown", Not(Known(EARNED))),
        ("earned is not known", Not(Known(EARNED))),
        ("earned is not unknown", Known(EARNED)),
        ("surely (threatened and ended)", Certainty("surely", And((Truth(THREATENED), Truth(ENDED))))),
        ("could (threatened)", Certainty("could", Truth(THREATENED))),
        ("not surely threatened", Not(Certainty("surely", Truth(THREATENED)))),
        ("always", ALWAYS),
        ("never", Or(())),
        (
            "threatened or ended and not top rated",
            Or((Truth(THREATENED), And((Truth(ENDED), Not(Truth(fact("top_rated", "case"))))))),
        ),
        (
            "(threatened or ended) and top rated",
            And((Or((Truth(THREATENED), Truth(ENDED))), Truth(fact("top_rated", "case")))),
        ),
        ("threatened AND (ended AND threatened)", And((Truth(THREATENED), And((Truth(ENDED), Truth(THREATENED)))))),
        ("free of charge on ended on", Truth(ParameterRef("free_of_charge", YES, ENDED_ON))),
        (
            "countries.in_europe at destination",
            Truth(Lookup("countries", "in_europe", fact("destination", "case"), YES)),
        ),
    ],
)
def test_certainty_and_connectives(source: str, tree: Condition) -> None:
    assert condition(source) == tree


def over(  # noqa: PLR0913  (the parts of an aggregate)
    op: Operation, entity: str, what: Expr | None, where: Condition | None, type_: Type, *, others: bool
) -> Aggregate:
    return Aggregate(op, entity, others, what, where, type_)


def weekday(which: Word["first", "last"], day: int, *, inclusive: bool, base: Expr) -> Weekday:
    return Weekday(which, day, inclusive, base)


def some(op: Operation, where: Condition | None, *, entity: str = "contract", others: bool = False) -> Truth:
    return Truth(Aggregate(op, entity, others, None, where, YES))


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("any contract", some("any", None)),
        ("any contract where ended", some("any", Truth(ENDED))),
        ("any contracts where ended", some("any", Truth(ENDED))),
        ("no contract where ended and threatened", some("no", And((Truth(ENDED), Truth(THREATENED))))),
        ("every client where suspended", some("every", Truth(fact("suspended", "client")), entity="client")),
        ("(any contract where ended) and threatened", And((some("any", Truth(ENDED)), Truth(THREATENED)))),
        (
            "any other contract where client is this.client",
            some("any", Compare("==", fact("client"), fact("client", whose="this")), others=True),
        ),
        (
            "no contract where this.client.suspended and top rated",
            some(
                "no",
                And((Truth(fact("suspended", "client", whose="this", via="client")), Truth(fact("top_rated", "case")))),
            ),
        ),
        (
            "any client where spent is above this.earned",
            some("any", Compare(">", fact("spent", "client"), fact("earned", whose="this")), entity="client"),
        ),
        (
            "(number of contracts where ended) is at least contracts needed on ended on",
            Compare(
                ">=",
                over("number", "contract", None, Truth(ENDED), Type(WHOLE), others=False),
                ParameterRef("contracts_needed", Type(WHOLE), ENDED_ON),
            ),
        ),
    ],
)
def test_lists(source: str, tree: Condition) -> None:
    assert condition(source) == tree


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("client.suspended", Truth(fact("suspended", "client", via="client"))),
        ("contract.client.suspended", Truth(fact("suspended", "client", via="client"))),
        ("main contract.ended", Truth(fact("ended", whose="case", via="main_contract"))),
        ("contract.ended", Truth(ENDED)),
        ("this.ended", Truth(ENDED)),
        ("case.top_rated", Truth(fact("top_rated", "case"))),
        ("client is agency", Compare("==", fact("client"), fact("agency"))),
        ("no of days is 5", Compare("==", fact("no_of_days", "case"), number(5))),
        ("days since x is 5", Compare("==", fact("days_since_x", "case"), number(5))),
        ("DAYS_SINCE_X is 5", Compare("==", fact("days_since_x", "case"), number(5))),
        (
            "earned-paid out is 5",
            Compare("==", Arithmetic("-", EARNED, fact("paid_out"), Type(MONEY, unit="USD")), usd(5)),
        ),
    ],
)
def test_names(source: str, tree: Condition) -> None:
    assert condition(source) == tree


MONEY_TYPE = Type(MONEY, unit="USD")


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("earned + 5", Arithmetic("+", EARNED, usd(5), MONEY_TYPE)),
        ("earned * 2", Arithmetic("*", EARNED, number(2), MONEY_TYPE)),
        (
            "2 * earned - paid out",
            Arithmetic("-", Arithmetic("*", number(2), EARNED, MONEY_TYPE), fact("paid_out"), MONEY_TYPE),
        ),
        ("earned / paid out", Arithmetic("/", EARNED, fact("paid_out"), Type(NUMBER))),
        (
            "earned * (1 - 0.2)",
            Arithmetic(
                "*", EARNED, Arithmetic("-", number(1), Literal(Fraction(1, 5), Type(NUMBER)), Type(NUMBER)), MONEY_TYPE
            ),
        ),
        ("score + 1", Arithmetic("+", SCORE, number(1), Type(WHOLE))),
        ("score / 2", Arithmetic("/", SCORE, number(2), Type(NUMBER))),
        ("score - -1", Arithmetic("-", SCORE, number(-1), Type(WHOLE))),
        ("length * 2", Arithmetic("*", fact("length"), number(2), Type(DURATION))),
        ("length / length", Arithmetic("/", fact("length"), fact("length"), Type(NUMBER))),
        ("ended on + 14 days", Arithmetic("+", ENDED_ON, days(14), DAY)),
        ("ended on - 2", Arithmetic("-", ENDED_ON, days(2), DAY)),
        ("ended on + update cadence", Arithmetic("+", ENDED_ON, ParameterRef("update_cadence", Type(DURATION)), DAY)),
        ("today + 6 months", AddMonths(TODAY, 6)),
        ("today - 2 years", AddMonths(TODAY, -24)),
        ("first sunday after ended on", weekday("first", 6, inclusive=False, base=ENDED_ON)),
        ("first monday on or after today", weekday("first", 0, inclusive=True, base=TODAY)),
        (
            "last friday before (ended on + 14 days)",
            weekday("last", 4, inclusive=False, base=Arithmetic("+", ENDED_ON, days(14), DAY)),
        ),
        ("last friday on or before today", weekday("last", 4, inclusive=True, base=TODAY)),
        ("min(earned, 5)", Call("min", (EARNED, usd(5)), 0, MONEY_TYPE)),
        ("max(ended on, started on, today)", Call("max", (ENDED_ON, fact("started_on"), TODAY), 0, DAY)),
        ("round(hours)", Call("round", (fact("hours"),), 0, Type(WHOLE))),
        (
            "round(earned * 0.5, 2)",
            Call("round", (Arithmetic("*", EARNED, Literal(Fraction(1, 2), Type(NUMBER)), MONEY_TYPE),), 2, MONEY_TYPE),
        ),
        ("job_weight at earned", Lookup("job_weight", "", EARNED, Type(NUMBER))),
        ("job weight at 250 on ended on", Lookup("job_weight", "", usd(250), Type(NUMBER), ENDED_ON)),
        ("countries.voltage at destination", Lookup("countries", "voltage", fact("destination", "case"), Type(NUMBER))),
        ('countries.voltage at "jp"', Lookup("countries", "voltage", Literal("jp", Type(TEXT)), Type(NUMBER))),
        ("number of contracts", over("number", "contract", None, None, Type(WHOLE), others=False)),
        ("number of other contracts", over("number", "contract", None, None, Type(WHOLE), others=True)),
        (
            "number of different client over contracts",
            over("different", "contract", fact("client"), None, Type(WHOLE), others=False),
        ),
        (
            "sum of earned over contracts where ended",
            over("sum", "contract", EARNED, Truth(ENDED), MONEY_TYPE, others=False),
        ),
        (
            "smallest spent over clients",
            over("smallest", "client", fact("spent", "client"), None, MONEY_TYPE, others=False),
        ),
        ("largest ended on over other contracts", over("largest", "contract", ENDED_ON, None, DAY, others=True)),
        ("problems include late", box("late").operand),
    ],
)
def test_values(source: str, tree: Expr) -> None:
    assert value(source) == tree


@pytest.mark.parametrize(
    ("source", "expected", "tree"),
    [
        ("left out", ENDED_BY, Literal("left_out", ENDED_BY)),
        ("5", USD, usd(5)),
        ("5", Type(DURATION), days(5)),
        ("none", USD, Literal(NONE, MONEY_TYPE)),
        ("yes", YES, Literal(value=True, type=YES)),
        ("1", Type(NUMBER), number(1)),
        ("client", CLIENT, fact("client")),
        ("days since ended on", Type(WHOLE), DaysBetween(ENDED_ON, TODAY)),
    ],
)
def test_values_of_the_type_that_belongs_there(source: str, expected: Type, tree: Expr) -> None:
    assert value(source, expected) == tree


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("problems are none", "problems is none"),
        ("not (problems is none)", "problems is not none"),
        ("ended on - today > 5", "days until ended on is above 5 days"),
        ("earned-paid_out*2 > $3", "earned - paid out * 2 is above 3 USD"),
        ("earned - (paid out - 3) > 3", "earned - (paid out - 3 USD) is above 3 USD"),
        ("no_of_days is 5", "no_of_days is 5"),
        ("(number of contracts where ended) > 2", "(number of contract where ended) is above 2"),
    ],
)
def test_trees_are_printed_as_sentences(source: str, printed: str) -> None:
    assert text(condition(source)) == printed


def test_a_text_holds_expressions() -> None:
    problems: list[Problem] = []
    found = parse_text("You got {earned} of {{x}}, {First Advice}: {client.name}", CONTRACT, HERE, problems)
    assert problems == []
    parts = ("You got ", EARNED, " of {x}, {first advice}: ", fact("name", "client", via="client"))
    assert found == Text(parts, HERE)


def test_a_text_without_expressions_is_plain() -> None:
    assert parse_text("Nothing.", CASE, HERE, []) == Text(("Nothing.",), HERE)
    assert parse_text("", CASE, HERE, []) == Text((), HERE)
