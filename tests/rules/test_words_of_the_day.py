"""A report as of a past day speaks as of that day: no text in force on it names a later month or year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from advisor.language.tree import And, Between, Clock, Compare, Condition, Literal, Member, Not, Or, Text
from advisor.packs.pack import Pack, Rule
from advisor.packs.reader import read_pack
from tests.folders import RULES

DAYS = [
    date(2015, 4, 12),
    date(2016, 9, 11),
    date(2018, 3, 11),
    date(2020, 4, 12),
    date(2020, 12, 13),
    date(2023, 2, 12),
    date(2024, 1, 14),
    date(2024, 10, 13),
]
"""One in each time between two turns of policy, soon after its beginning."""
MONTHS = "January February March April May June July August September October November December".split()
NAMED = re.compile(rf"(?:({'|'.join(MONTHS)}) )?\b(20[12]\d)(?:-(\d\d)-(\d\d))?\b")
LOOKING_BACK = re.compile(r"\b(?:(?:at|in|of) (?:that time|those years|those days)|came later)\b")
"""How one speaks of a time that is over."""


def named(text: str) -> Iterator[date]:
    """The first day of each month or year that a text names."""
    for month, year, number, day in NAMED.findall(text):
        if number:
            yield date(int(year), int(number), int(day))
        else:
            yield date(int(year), MONTHS.index(month) + 1 if month else 1, 1)


def may_hold(pack: Pack, condition: Condition | None, day: date) -> bool | None:
    """Whether a condition holds as of a day, as far as the day settles it."""
    match condition:
        case None:
            return None
        case Not(operand=one):
            found = may_hold(pack, one, day)
            return None if found is None else not found
        case And(operands=several):
            each = [may_hold(pack, one, day) for one in several]
            return False if False in each else None if None in each else True
        case Or(operands=several):
            each = [may_hold(pack, one, day) for one in several]
            return True if True in each else None if None in each else False
        case Member(operand=Clock(name="era"), values=eras):
            return on(pack, [str(one.value) for one in eras], day)
        case Compare(op="==", left=Clock(name="era"), right=Literal(value=era)):
            return on(pack, [str(era)], day)
        case Compare(op=op, left=Clock(name="as of"), right=Literal(value=date() as other)):
            return {"<": day < other, "<=": day <= other, ">": day > other, ">=": day >= other, "==": day == other}[op]
        case Between(operand=Clock(name="as of"), low=Literal(value=date() as low), high=Literal(value=date() as high)):
            return low <= day <= high
        case _:
            return None


def on(pack: Pack, eras: list[str], day: date) -> bool | None:
    """Whether a day lies in one of some eras."""
    found = [pack.eras[era].period.holds(day) for era in eras]
    return True if True in found else None if None in found else False


def in_force(pack: Pack, rule: Rule, day: date) -> bool:
    periods = [one.holds(day) for one in rule.periods]
    return (not periods or any(one is not False for one in periods)) and may_hold(pack, rule.when, day) is not False


def words(text: Text | str | None) -> str:
    if text is None or isinstance(text, str):
        return text or ""
    return " ".join(part for part in text.parts if isinstance(part, str))


Said = Iterator[tuple[str, str]]


def where(pack: Pack, day: date, name: str, condition: Condition | None, *texts: Text | str | None) -> Said:
    """Texts with where they are from, if their condition may hold on that day."""
    if may_hold(pack, condition, day) is not False:
        yield from ((name, words(text)) for text in texts)


def said(pack: Pack, day: date) -> Said:
    """Each text that a report, an explanation or a session of that day may hold, with where it is from."""
    yield from said_by_rules(pack, day)
    yield from said_of_facts(pack, day)
    yield from said_in_answers(pack, day)
    yield from said_of_ways(pack, day)


def said_by_rules(pack: Pack, day: date) -> Said:
    for rule in pack.rules.values():
        if not in_force(pack, rule, day):
            continue
        yield from where(pack, day, rule.id, None, rule.because, *(one.because for one in rule.opposes))
        if (advise := rule.advise) is not None:
            texts = (advise.title, advise.text, advise.deadline_text, advise.afterwards)
            yield from where(pack, day, rule.id, None, *texts)
            for step in advise.steps:
                yield from where(pack, day, rule.id, step.when, step.do)


def said_of_facts(pack: Pack, day: date) -> Said:
    for fact in pack.all_facts():
        yield from where(pack, day, fact.name, fact.applies, fact.question, fact.help, fact.why, fact.because)
        if isinstance(fact.finding, Text):
            yield from where(pack, day, fact.name, fact.applies, fact.finding)
        for value, text in fact.finding.items() if isinstance(fact.finding, Mapping) else ():
            concluding = [rule for rule in pack.rules.values() if concludes(rule, fact.name, value)]
            if not fact.concluded or any(in_force(pack, rule, day) for rule in concluding):
                yield from where(pack, day, f"{fact.name}: {value}", None, text)


def said_in_answers(pack: Pack, day: date) -> Said:
    for goal in pack.goals.values():
        yield from where(pack, day, goal.id, goal.when, goal.asks, goal.meanwhile)
        for row in goal.rows:
            yield from where(pack, day, f"{goal.id}: {words(row.verdict)}", row.when, row.verdict, row.say)
            if may_hold(pack, row.when, day):
                break


def said_of_ways(pack: Pack, day: date) -> Said:
    for projection in pack.projections.values():
        yield from where(pack, day, projection.id, None, projection.label, projection.absent)
        for model in projection.models:
            yield from where(pack, day, model.id, model.when, model.title, model.because)
    for course in pack.options.courses.values():
        yield from where(pack, day, course.id, course.when, course.title, course.because)
        for reason in (*course.risks, *course.costs):
            yield from where(pack, day, course.id, reason.when, reason.text)
        for move in course.steps:
            yield from where(pack, day, course.id, move.when, move.do)


def concludes(rule: Rule, fact: str, value: object) -> bool:
    """Whether a rule may conclude a value of a fact."""
    if rule.conclude is None or rule.conclude[0] != fact:
        return False
    given = rule.conclude[1]
    return not isinstance(given, Literal) or given.value == value or given.value is (value == "yes")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(RULES / "ending-a-contract")


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_text_of_a_day_names_a_later_one(pack: Pack, day: date) -> None:
    late = [(name, text) for name, text in said(pack, day) if any(later > day for later in named(text))]

    assert late == []


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_text_of_a_day_looks_back_on_it(pack: Pack, day: date) -> None:
    """As if the day were long past."""
    assert [(name, text) for name, text in said(pack, day) if LOOKING_BACK.search(text)] == []


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("Until November 2020 it counted.", True),
        ("Since March 2020 it does.", False),
        ("The perk ended on 2024-09-03.", True),
        ("In 2016 it took 30 days.", False),
        ("It needs 1,000 USD, and 2000 words.", False),
    ],
)
def test_months_and_years_are_found(text: str, later: bool) -> None:
    assert any(one > date(2020, 4, 12) for one in named(text)) is later
