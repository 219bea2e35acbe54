"""What people read: days, amounts, ranges, lists, plurals, and lines of a given width."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.values import wording
from advisor.values.types import MONEY, NONE, WHOLE, YES_OR_NO, Among, Type, Within


def test_a_day_has_its_weekday() -> None:
    """A day has its weekday."""
    assert wording.day("2026-12-06") == "Sunday 6 December 2026"
    assert wording.day(date(2021, 3, 8)) == "Monday 8 March 2021"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-11-23", "today"),
        ("2026-11-24", "tomorrow"),
        ("2026-11-22", "yesterday"),
        ("2026-12-06", "in 13 days"),
        ("2026-11-20", "3 days ago"),
    ],
)
def test_a_day_is_told_from_today(when: str, words: str) -> None:
    """A day is told from today."""
    assert wording.from_today(when, "2026-11-23") == words


def test_a_day_and_its_distance_stand_together() -> None:
    """A day and its distance stand together."""
    assert wording.day_and_distance("2026-12-06", "2026-11-23") == "in 13 days (Sunday 6 December 2026)"


@pytest.mark.parametrize(
    ("text", "words"),
    [("2021-03", "March 2021"), ("2021-03-04", "4 March 2021"), ("undated", "undated"), ("2021-13", "2021-13")],
)
def test_the_date_of_a_source_is_as_exact_as_it_was_written(text: str, words: str) -> None:
    """The date of a source is as exact as it was written."""
    assert wording.written_date(text) == words


@pytest.mark.parametrize(
    ("figure", "digits", "words"),
    [
        (5600, None, "5,600"),
        (88.5, None, "88.5"),
        (Fraction(265, 3), None, "88.3"),
        (Fraction(1, 3), None, "0.33"),
        (Fraction(200001, 100), None, "2,000"),
        (100, 1, "100"),
        ("97.25", 1, "97.3"),
        (0.5, 0, "1"),
        (-0.001, 1, "0"),
        (-3, None, "-3"),
    ],
)
def test_a_number_has_sensible_places(figure: wording.Figure, digits: int | None, words: str) -> None:
    """A number has sensible places."""
    assert wording.number(figure, digits) == words


def test_rounding_does_not_carry_a_number_to_a_line_that_matters() -> None:
    """Rounding does not carry a number to a line that matters."""
    assert wording.number(89.97, 1, lines=[90]) == "89.97"
    assert wording.number(90, 1, lines=[90]) == "90"
    assert wording.number(89.9, 0, lines=[90]) == "89.9"


@given(st.fractions(0, 100), st.integers(0, 3))
def test_a_written_number_is_near_the_number(figure: Fraction, digits: int) -> None:
    """A written number is near the number."""
    written = Fraction(wording.number(figure, digits))

    assert abs(written - figure) <= Fraction(1, 2 * 10**digits)


@pytest.mark.parametrize(
    ("figure", "currency", "words"),
    [
        (5600, "USD", "$5,600"),
        (12.5, "USD", "$12.50"),
        (-250, "EUR", "-€250"),
        (5600, "CHF", "5,600 CHF"),
        (5600, "", "5,600"),
    ],
)
def test_money_is_written_with_its_sign_or_code(figure: wording.Figure, currency: str, words: str) -> None:
    """Money is written with its sign or code."""
    assert wording.money(figure, currency) == words


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (75, 90, "%", "75 to 90 %"),
        (75, 75, "%", "75 %"),
        (None, 90, "%", "at most 90 %"),
        (75, None, "%", "at least 75 %"),
        (None, None, "%", "unknown"),
        (250, 1000, "USD", "$250 to $1,000"),
        (1, 1, "days", "1 day"),
        (4, 6, "", "4 to 6"),
    ],
)
def test_a_range_names_its_unit_once(low: int | None, high: int | None, unit: str, words: str) -> None:
    """A range names its unit once."""
    assert wording.span(low, high, unit) == words


def test_a_list_reads_as_a_sentence() -> None:
    """A list reads as a sentence."""
    assert wording.listing([]) == ""
    assert wording.listing(["a"]) == "a"
    assert wording.listing(["a", "", "b"]) == "a and b"
    assert wording.listing(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [
        (1, "contract", "1 contract"),
        (2, "contract", "2 contracts"),
        (0, "contract", "0 contracts"),
        (1200, "reply", "1,200 replies"),
        (2, "day", "2 days"),
        (3, "match", "3 matches"),
    ],
)
def test_one_of_a_thing_is_never_many(count: int, noun: str, words: str) -> None:
    """One of a thing is never many."""
    assert wording.plural(count, noun) == words


@pytest.mark.parametrize(
    ("noun", "verb"),
    [("the earnings", "are"), ("problems", "are"), ("the status", "is"), ("the business", "is"), ("the price", "is")],
)
def test_the_verb_goes_with_the_noun(noun: str, verb: str) -> None:
    """As far as its ending tells."""
    assert wording.is_or_are(noun) == verb


def test_an_irregular_plural_is_given() -> None:
    """An irregular plural is given."""
    assert wording.plural(2, "person", "people") == "2 people"


def test_a_sentence_gets_one_full_stop() -> None:
    """A sentence gets one full stop."""
    assert wording.sentence("Wait") == "Wait."
    assert wording.sentence("Wait. ") == "Wait."
    assert wording.sentence("Is it so?”") == "Is it so?”"
    assert wording.sentence("") == ""


def test_what_is_known_of_a_value_is_said_in_words() -> None:
    """What is known of a value is said in words."""
    money = Type(MONEY, unit="USD", low=0)
    choice = Type("choice", choices=(("client", "the client"), ("you", "you"), ("other", "somebody else")))

    assert wording.in_words(YES_OR_NO, Type("yes/no")) == "unknown"
    assert wording.in_words(value=True, type_=Type("yes/no")) == "yes"
    assert wording.in_words(NONE, money) == "none"
    assert wording.in_words(5600, money) == "$5,600"
    assert wording.in_words(Within(0, 250), money) == "at most $250"
    assert wording.in_words(Within(0, None, low_open=True), Type(WHOLE)) == "above 0"
    assert wording.in_words(Within(4, 6), Type(WHOLE)) == "4 to 6"
    assert wording.in_words(Among(frozenset(("you", "client"))), choice) == "the client or you"
    assert wording.in_words(date(2021, 3, 21), Type("date")) == "Sunday 21 March 2021"
    assert wording.in_words(14, Type("duration")) == "14 days"


def test_lines_keep_to_the_width_and_hang_under_the_first() -> None:
    """Lines keep to the width and hang under the first."""
    rows = wording.wrap("one two three four", 10, "1. ")

    assert rows == ["1. one two", "   three", "   four"]


def test_a_number_stays_with_its_unit_and_a_day_with_its_month() -> None:
    """A number stays with its unit and a day with its month."""
    assert wording.wrap("it may fall to 75 % by then", 17) == ["it may fall to", "75 % by then"]
    assert wording.wrap("before the 6 December 2026 cut-off", 17) == ["before the", "6 December 2026", "cut-off"]
    assert wording.wrap("6 December 2026", 12) == ["6 December", "2026"]


def test_wide_letters_take_two_columns() -> None:
    """Wide letters take two columns."""
    assert wording.columns("日本") == 4
    assert wording.columns("e\u0301") == 1
    assert wording.columns("\x1b[1mbold\x1b[0m") == 4
    assert wording.wrap("日本語日本語", 8) == ["日本語日", "本語"]
    assert wording.pad("日本", 6) == "日本  "
    assert wording.shorten("日本語", 5) == "日本…"


def test_a_web_address_is_not_broken() -> None:
    """A web address is not broken."""
    address = "https://example.org/" + "a" * 40

    assert wording.wrap(f"see {address}", 20) == ["see", address]


@given(st.text(max_size=200), st.integers(20, 120))
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    """No line is wider than asked."""
    words = [word for word in wording.one_line(text).split() if not word.startswith("http")]

    rows = wording.wrap(" ".join(words), width, "- ")

    assert all(wording.columns(row) <= width for row in rows)
    assert "".join("".join(row[2:] for row in rows).split()) == "".join(words)


def test_what_steers_a_terminal_is_taken_out() -> None:
    """What steers a terminal is taken out."""
    assert wording.clean("a\x1b[31mred\x1b[0m\x1b]0;title\x07b\x07\x9b") == "aredb"
    assert wording.clean("a\x1b]8;;http://x\x1b\\b\x1b]8;;\x1b\\c") == "abc"
    assert wording.clean("a\x1bXand so on") == "aand so on"
    assert wording.clean("left\u202eright\u2066") == "leftright"
    assert wording.one_line(" a\n\nb\tc\r\n") == "a b c"
    assert wording.clean("\ud800x") == "x"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (date(2027, 6, 1), date(2027, 6, 30), "June 2027"),
        (date(2027, 1, 1), date(2027, 12, 31), "2027"),
        (date(2027, 6, 1), date(2027, 6, 29), "Tuesday 1 June 2027 to Tuesday 29 June 2027"),
    ],
)
def test_all_days_of_a_month_or_year_are_named_by_it(low: date, high: date, words: str) -> None:
    """As people say it, and as they typed it."""
    assert wording.in_words(Within(low, high), Type("date")) == words
