"""What people type, and what is understood."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.dialogue.replies import Misread, is_unknown, read_boxes, read_reply
from advisor.packs.pack import Fact
from advisor.problems.problem import Place
from advisor.values.text import plain, read_value
from advisor.values.types import Type, Value, Within

TODAY = date(2026, 11, 23)  # a Monday
COLOURS = (("red", "red"), ("green", "light green"), ("blue", "light blue, or nearly"))
MONEY = Type("money", unit="USD", low=0, high=1_000_000)


def fact(type_: Type) -> Fact:
    return Fact(kind="case", name="x", type=type_, label="x", place=Place("facts.yaml"))


def said(text: str, type_: Type) -> Value:
    return read_reply(text, fact(type_), TODAY)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("5.6k", "5600 USD"), ("$5,600", "5600 USD"), ("5600 dollars", "5600 USD"), ("1.2 million", None),
        ("about 5", "4 USD..6 USD"), ("4-6", "4 USD..6 USD"), ("$4-6k", "4000 USD..6000 USD"), ("nothing", "0 USD"),
        ("nothing so far", "0 USD"), ("300 by now", "300 USD"),
        ("between 4 and 6", "4 USD..6 USD"), ("at least 3", "at least 3 USD"), ("3+", "at least 3 USD"),
        ("> 5", "above 5 USD"), ("up to 20", "at most 20 USD"), ("5 eur", None), ("-4", None),
        ("6-4", None), ("lots", None),
    ],
)  # fmt: skip
def test_money(text: str, written: str | None) -> None:
    if written is None:
        with pytest.raises(Misread):
            said(text, MONEY)
    else:
        assert plain(said(text, MONEY), MONEY) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("today", "2026-11-23"), ("yesterday", "2026-11-22"), ("next Friday", "2026-11-27"), ("friday", "2026-11-27"),
        ("next monday", "2026-11-30"), ("last monday", "2026-11-16"), ("12 Aug", "2026-08-12"),
        ("Aug 12", "2026-08-12"),
        ("12th of August 2025", "2025-08-12"), ("2 Feb", "2027-02-02"), ("in two weeks", "2026-12-07"),
        ("10 days ago", "2026-11-13"), ("a month ago", "2026-10-23"), ("13/8", "2026-08-13"),
        ("2026-11-30", "2026-11-30"),
        ("2025-06", "2025-06-01..2025-06-30"), ("last month", "2026-10-01..2026-10-31"),
        ("next June", "2027-06-01..2027-06-30"), ("last June", "2026-06-01..2026-06-30"),
        ("this December", "2026-12-01..2026-12-31"), ("next November", "2027-11-01..2027-11-30"),
        ("March 2027", "2027-03-01..2027-03-31"), ("2025", "2025-01-01..2025-12-31"),
        ("about 3 May", "2027-04-26..2027-05-10"), ("3-10 May", "2027-05-03..2027-05-10"),
        ("end of March", "2027-03-21..2027-03-31"), ("since 1 Oct", "on or after 2026-10-01"),
        ("before 3 May 2026", "on or before 2026-05-02"), ("3/8", None), ("30 Feb", None),
        ("31 June", None), ("soon", None),
        ("99999 years ago", None), ("two weeks", None),
    ],
)  # fmt: skip
def test_days(text: str, written: str | None) -> None:
    if written is None:
        with pytest.raises(Misread):
            said(text, Type("date"))
    else:
        assert plain(said(text, Type("date")), Type("date")) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("14", "14 days"), ("2 weeks", "14 days"), ("a fortnight", "14 days"), ("4-6 weeks", "28 days..42 days"),
        ("a couple of days", "2 days"), ("half a year", "181 days..184 days"),
        ("3 months", "89 days..92 days"), ("long", None),
    ],
)  # fmt: skip
def test_lengths_of_time(text: str, written: str | None) -> None:
    if written is None:
        with pytest.raises(Misread):
            said(text, Type("duration"))
    else:
        assert plain(said(text, Type("duration")), Type("duration")) == written


@pytest.mark.parametrize(
    ("text", "value"), [("y", True), ("Yes, I think so", True), ("nope", False), ("not yet", False), ("N.", False)]
)
def test_yes_and_no(text: str, value: bool) -> None:
    assert said(text, Type("yes/no")) is value


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1", "red"), ("RED", "red"), ("light g", "green"), ("not red", "one of [green, blue]"),
        ("red or green", "one of [red, green]"), ("light blue, or nearly", "blue"), ("light", None),
        ("4", None), ("r2", None),
    ],
)  # fmt: skip
def test_choices(text: str, written: str | None) -> None:
    type_ = Type("choice", COLOURS)
    if written is None:
        with pytest.raises(Misread, match="light green"):
            said(text, type_)
    else:
        assert plain(said(text, type_), type_) == written


@pytest.mark.parametrize(
    ("text", "ticked"),
    [
        ("1, 3", {"red", "blue"}), ("1 3", {"red", "blue"}), ("red and light green", {"red", "green"}), ("none", set()),
        ("all", {"red", "green", "blue"}), ("light blue, or nearly", {"blue"}),
    ],
)  # fmt: skip
def test_boxes(text: str, ticked: set[str]) -> None:
    found = read_boxes(text, fact(Type("choices", COLOURS)), TODAY)
    assert {box for box, on in found.items() if on} == ticked


@pytest.mark.parametrize("text", ["don't know", "dont know", "I don’t know", "dk", "no idea", "Unknown", "not sure"])
def test_not_knowing(text: str) -> None:
    assert is_unknown(text)


def test_a_mistake_is_answered_with_what_is_allowed_and_an_example() -> None:
    with pytest.raises(Misread, match=r"from 0 % to 100 %.*For example"):
        said("much", Type("number", unit="%", low=0, high=100))


TYPES = [MONEY, Type("date"), Type("duration"), Type("whole number", low=0, high=50), Type("number"), Type("yes/no")]


@given(st.text(max_size=30), st.sampled_from([*TYPES, Type("choice", COLOURS)]))
def test_anything_typed_is_read_or_sent_back(text: str, type_: Type) -> None:
    try:
        value = said(text, type_)
    except Misread:
        return
    assert read_value(plain(value, type_), type_) == value


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_written_out_is_that_day(day: date) -> None:
    months = "January February March April May June July August September October November December".split()
    assert said(f"{day.day} {months[day.month - 1]} {day.year}", Type("date")) == day
    assert said(f"in {(day - TODAY).days} days", Type("date")) == day if day > TODAY else True
    assert TODAY + timedelta(days=0) == said("now", Type("date"))


def test_amounts_are_exact() -> None:
    assert said("0.1", Type("number")) == Fraction(1, 10)


MILESTONE = (
    ("unfunded", "not funded, there is nothing in escrow for it"),
    ("funded", "funded, not yet handed in"),
    ("handed_in", "handed in, and not yet released"),
    ("call", "only spoken, in a call"),
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("not funded", "unfunded"), ("not handed in", "one of [unfunded, funded, call]"), ("video call", "call"),
        ("funded or handed in", "one of [funded, handed_in]"),
    ],
)  # fmt: skip
def test_words_of_a_label_come_before_denying_another(text: str, written: str) -> None:
    type_ = Type("choice", MILESTONE)
    assert plain(said(text, type_), type_) == written


def test_a_slip_of_the_hand_is_recognised() -> None:
    countries = Type("choice", (("th", "Thailand"), ("tw", "Taiwan"), ("de", "Germany")))
    with pytest.raises(Misread, match="did you mean “Thailand”"):
        said("Thialand", countries)


@pytest.mark.parametrize(("text", "low", "high"), [("about half", 45, 55), ("around 92", 91, 93), ("85 or so", 82, 88)])
def test_about_a_percentage_is_as_it_is_rounded(text: str, low: int, high: int) -> None:
    assert said(text, Type("number", unit="%", low=0, high=100)) == Within(low, high)
