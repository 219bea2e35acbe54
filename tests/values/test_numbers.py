"""Numbers as people write them, compared with an obvious grammar."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.values import wording
from advisor.values.numbers import (
    TwoReadings,
    decimal_text,
    has_decimal_comma,
    read_number,
    reading,
    unmistakable,
    unsettled,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,5", Fraction(3, 2)), ("0,3", Fraction(3, 10)), ("12,34", Fraction(617, 50)),
        ("1930,54", Fraction(96527, 50)),
        ("1.234,50", Fraction(2469, 2)), ("1,234.50", Fraction(2469, 2)), ("1,234", 1234),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567), ("1.234.567,8", Fraction(12345678, 10)),
        ("1.234", Fraction(617, 500)),
        ("0,123", Fraction(123, 1000)), ("0.123", Fraction(123, 1000)),
        ("1234,567", Fraction(1234567, 1000)),
        (",5", Fraction(1, 2)), (".5", Fraction(1, 2)), ("1 234", 1234),
        ("1 234,5", Fraction(2469, 2)),
        ("1 234.5", Fraction(2469, 2)), ("1\u00a0234", 1234), ("1\u202f234\u202f567", 1234567),
        ("1'234.50", Fraction(2469, 2)),
        ("1’234,50", Fraction(2469, 2)), ("1_000", 1000), ("-1,5", Fraction(-3, 2)), ("−3", -3),
        ("+7", 7), ("010", 10),
        ("2,5k", 2500), ("2.5k", 2500), ("2.5 K", 2500), ("12k", 12000), ("5 thousand", 5000),
        ("1,2 million", 1200000),
        ("3 mio", 3000000), ("1.234k", 1234), ("1,234,567k", 1234567000),
        ("12,345.6", Fraction(123456, 10)),
    ],
)  # fmt: skip
def test_how_a_number_is_read(text: str, number: int | Fraction) -> None:
    found = read_number(text)

    assert found == number
    assert isinstance(found, int) is (Fraction(number).denominator == 1)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "1,", "1.", "1,5,6", "1.5.6", "1,23,456", "12,34,567", "1 5", "12 34", "1 2345", "1,2345.6", "1.5,3.2",
        "1,234 567", "1'234 567", "1, 5", "1e5", "--1", "+-1", "- 1", "٣", "1k5", "5m", "1..5", "1__000", "0,123,456",
        "0 123", "1,234.567,8", "1 ,5", "1'23",
    ],
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_number(text)


@pytest.mark.parametrize("text", ["1000000000000001", "0." + "1" * 24 + "1", "9" * 400, "1000000001 million"])
def test_a_number_has_an_end(text: str) -> None:
    with pytest.raises(ValueError, match="more digits than anyone needs"):
        read_number(text)


def test_the_largest_number_is_read() -> None:
    assert read_number("1,000,000,000,000,000") == 10**15
    assert read_number("-1000000000000000") == -(10**15)
    assert read_number("00000000000000000000000000000001.5") == Fraction(3, 2)
    assert read_number("0." + "1" * 24) == Fraction(int("1" * 24), 10**24)


@pytest.mark.parametrize(
    ("text", "amount", "said"),
    [
        ("1.234", True, "`1.234` can mean 1,234 or 1.234; write 1234 for the one and 1.2340 for the other"),
        ("-1.234", True, "`-1.234` can mean -1,234 or -1.234; write -1234 for the one and -1.2340 for the other"),
        ("1,234k", False, "`1,234k` can mean 1,234,000 or 1234; write 1234000 for the one and 1234 for the other"),
    ],
)
def test_where_two_numbers_may_be_meant_both_are_offered(text: str, amount: bool, said: str) -> None:
    with pytest.raises(TwoReadings) as raised:
        read_number(text, amount=amount)

    assert str(raised.value) == said


def test_an_amount_may_have_any_other_decimals() -> None:
    assert read_number("1.2340", amount=True) == read_number("1.234")
    assert read_number("0.125", amount=True) == Fraction(1, 8)
    assert read_number("1,234", amount=True) == 1234
    assert read_number("1.234k", amount=True) == 1234


@pytest.mark.parametrize(
    ("text", "commas", "unsure"),
    [
        ("1,234", False, False), ("1,234", True, True), ("1.234", True, True),
        ("1,234 to 1.234,50", False, True),
        ("1..1,234", True, True), ("1,5..1,234", False, True), ("1,5", True, False),
        ("1,234.5", True, False),
        ("$1,234k", True, True), ("about 1234", True, False), ("1,234,567", True, False),
        ("2024-09-03", True, False),
    ],
)  # fmt: skip
def test_beside_decimal_commas_thousands_are_not_sure(text: str, commas: bool, unsure: bool) -> None:
    assert (unsettled(text, commas=commas) is not None) is unsure


@pytest.mark.parametrize(
    ("text", "commas"),
    [("1,5", True), ("about 1.234.567", True), ("-1,5", True), ("3..1,5", True), ("1,5k", True), ("1,234", False),
     ("1.5", False), ("1, 5", False), ("a1,5", False)],
)  # fmt: skip
def test_decimal_commas_are_noticed(text: str, commas: bool) -> None:
    assert has_decimal_comma(text) is commas


# --- an obvious grammar -------------------------------------------------------------------------------------------


def grouped(text: str, mark: str) -> str | None:
    """The digits of a whole number with that mark between its thousands; None where it is not written so."""
    first, *others = text.split(mark)
    if not others or not 1 <= len(first) <= 3 or first[0] == "0":
        return None
    parts = [first, *others]
    return "".join(parts) if all(map(str.isdigit, parts)) and all(len(one) == 3 for one in others) else None


def meant(text: str, point: str, marks: str) -> Fraction | None:
    """The number, where it has `point` before its decimals and one of `marks`, or none, between its thousands."""
    before, found, after = text.partition(point)
    if found and not after.isdigit():
        return None
    wholes = [before] if before.isdigit() or (found and not before) else []
    wholes += [digits for mark in marks if mark != point and (digits := grouped(before, mark))]
    return Fraction(int(wholes[0] + after or "0"), 10 ** len(after)) if wholes else None


TEXTS = st.one_of(
    st.text("0123456789,. '", min_size=1, max_size=12),
    st.lists(st.sampled_from(["1", "12", "234", "050", "0", ",", ".", " ", "'"]), max_size=7).map("".join),
)


@given(TEXTS)
def test_it_is_read_as_an_obvious_grammar_has_it(text: str) -> None:
    wanted = text.strip()
    english, continental = meant(wanted, ".", ", '"), meant(wanted, ",", ". '")
    # What has no decimals is the same either way, and English where the two share a mark.
    if continental is not None and "," not in wanted and "." not in wanted:
        continental = None
    try:
        found = reading(text)
    except ValueError:
        assert english is None
        assert continental is None
    else:
        assert (found.english, found.continental) == (english, continental)


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_what_the_product_writes_is_read_back(places: int, digits: int) -> None:
    number = Fraction(places, 10**digits)

    assert read_number(decimal_text(number)) == number
    assert read_number(unmistakable(decimal_text(number)), amount=True) == number
    assert read_number(wording.number(number, 6)) == number


@given(st.fractions(), st.integers(1, 12))
def test_decimal_notation_is_the_nearest(number: Fraction, digits: int) -> None:
    text = decimal_text(number, digits)

    assert abs(Fraction(text) - number) <= Fraction(1, 2 * 10**digits)
    assert "." not in text or not text.endswith(("0", "."))
    assert text != "-0"
