"""Values as people write them, settled and in part, and as they are written back."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.values import wording
from advisor.values.text import plain, read_value
from advisor.values.types import Type, Value, Within, within

MONEY = Type("money", unit="USD")
NUMBER = Type("number")
PERCENT = Type("number", unit="%", low=0, high=100)
WHOLE = Type("whole number", low=0, high=2000)
DAY = Type("date", low=date(2000, 1, 1), high=date(2030, 12, 31))
TIME = Type("duration")


@pytest.mark.parametrize(
    ("type_", "text", "written"),
    [
        (MONEY, "1,5", "1.5 USD"), (MONEY, "0,3 USD", "0.3 USD"), (MONEY, "12,34", "12.34 USD"),
        (MONEY, "1930,54", "1930.54 USD"),
        (MONEY, "1.234,50 USD", "1234.5 USD"), (MONEY, "$1,234", "1234 USD"),
        (MONEY, "2,5k", "2500 USD"),
        (MONEY, "$5.6k", "5600 USD"), (MONEY, "5 thousand dollars", "5000 USD"),
        (MONEY, "5m", "5000000 USD"),
        (MONEY, "250 usd", "250 USD"), (MONEY, "250$", "250 USD"), (MONEY, "$250 USD", "250 USD"),
        (MONEY, "-$5", "-5 USD"),
        (MONEY, "$-5", "-5 USD"), (MONEY, "250\u00a0USD", "250 USD"),
        (MONEY, "1 234,5 USD", "1234.5 USD"),
        (Type("money", unit="KES"), "5 kes", "5 KES"),
        (Type("money", unit="MXN"), "5 k mxn", "5000 MXN"),
        (Type("money", unit="EUR"), "5 euros", "5 EUR"), (Type("money", unit="GBP"), "£5", "5 GBP"),
        (Type("money"), "5 usd", "5"),
        (NUMBER, "1,5", "1.5"), (PERCENT, "92,5 %", "92.5"), (PERCENT, "92.5%", "92.5"),
        (WHOLE, "1,234", "1234"),
        (Type("number", unit="km"), "5km", "5"), (Type("number", unit="m"), "3 m", "3"),
        (TIME, "1,5 weeks", "10.5 days"), (TIME, "2.5", "2.5 days"), (TIME, "14 days", "14 days"),
        (TIME, "1 week", "7 days"),
        # in part
        (PERCENT, "between 90 and 93", "90..93"), (PERCENT, "Between 90,5 and 93", "90.5..93"),
        (MONEY, "$4..6k", "4000 USD..6000 USD"),
        (MONEY, "500 .. 2k", "500 USD..2000 USD"), (MONEY, "4..6 USD", "4 USD..6 USD"),
        (TIME, "4..6 weeks", "28 days..42 days"),
        (TIME, "between 4 and 6 weeks", "28 days..42 days"), (MONEY, "below 1,5", "below 1.5 USD"),
        (MONEY, "under 2.5k", "below 2500 USD"),
        (MONEY, "more than 1 000", "above 1000 USD"), (MONEY, "at most 3", "at most 3 USD"),
        (MONEY, "about 1,5", "1.2 USD..1.8 USD"),
        (WHOLE, "above 3", "at least 4"), (WHOLE, "below 3", "at most 2"),
        (WHOLE, "about 2", "1..3"), (WHOLE, "about 20", "16..24"),
        (WHOLE, "at least 0", "unknown"), (PERCENT, "above 0", "above 0"), (PERCENT, "3..3", "3"),
        (WHOLE, "about 0", "at most 1"),
        (NUMBER, "one of [1, 5]", "one of [1, 5]"), (NUMBER, "one of [1,5, 7]", "one of [1.5, 7]"),
        (WHOLE, "one of [1,234 , 7]", "one of [1234, 7]"),
        (DAY, "before 2017-09-01", "on or before 2017-08-31"),
        (DAY, "after 2017-09-01", "on or after 2017-09-02"),
        (DAY, "on or before 2017-09-01", "on or before 2017-09-01"),
        (DAY, "On or  after 2017-09-01", "on or after 2017-09-01"),
        (DAY, "before 2017-09", "on or before 2017-08-31"),
        (DAY, "after 2017-09", "on or after 2017-10-01"),
        (DAY, "after 2017", "on or after 2018-01-01"),
        (DAY, "on or before 2017", "on or before 2017-12-31"),
        (DAY, "on or after 2017-02", "on or after 2017-02-01"),
        (DAY, "above 2017-09-01", "on or after 2017-09-02"),
        (DAY, "between 2021-01-05 and 2021-02-03", "2021-01-05..2021-02-03"),
        (DAY, "2021-01-05 .. 2021-02-03", "2021-01-05..2021-02-03"),
        (DAY, "between 2021-01 and 2021-02", "2021-01-01..2021-02-28"),
        (DAY, "2020-02", "2020-02-01..2020-02-29"), (DAY, "2021", "2021-01-01..2021-12-31"),
        (DAY, "about 2021-02-10", "2021-02-03..2021-02-17"),
        (DAY, "about 2021-02", "2021-01-18..2021-03-14"),
        (DAY, "before 2100-01-01", "unknown"),
    ],
)  # fmt: skip
def test_how_a_value_is_read(type_: Type, text: str, written: str) -> None:
    value = read_value(text, type_)

    assert plain(value, type_) == written
    assert read_value(written, type_) == value


@pytest.mark.parametrize(
    ("type_", "text", "said"),
    [
        (MONEY, "1.234 USD", r"can mean 1,234 or 1.234; write 1234 for the one and 1.2340 for the other"),
        (MONEY, "1,234k", "can mean 1,234,000 or 1234"),
        (MONEY, "$250 EUR", "is in EUR; amounts here are in USD"),
        (MONEY, "€250", "is in EUR; amounts here are in USD"),
        (Type("money"), "$250 EUR", "is in EUR and USD; amounts here are in one currency"),
        (MONEY, "--5", "not an amount of money; write it as 250 USD"),
        (MONEY, "-$-5", "not an amount of money"),
        (MONEY, "1,2,3", "is not a number; write thousands as in 1,000 and decimals as in 1.5"),
        (WHOLE, "1,5", "`1,5` is not a whole number$"),
        (WHOLE, "1.234", "`1.234` is not a whole number; if thousands are meant, write 1234$"),
        (NUMBER, "one of [1,5]", r"can be one number or several; write \[1, 5\] for several"),
        (NUMBER, "5m", "is not a number"),
        (TIME, "1.5 months", "no fixed number of days"),
        (TIME, "long", "not a length of time"),
        (TIME, "1,234k", "can mean"),
        (PERCENT, "101", "above the most that is allowed, 100"),
        (PERCENT, "-0,5", "below the least that is allowed, 0"),
        (PERCENT, "between 93 and 90", "the ends are the wrong way round: 93 is larger than 90"),
        (TIME, "10..2 weeks", "70 days is larger than 14 days"),
        (WHOLE, "5..1", "5 is larger than 1"),
        (MONEY, "5..1", "5 USD is larger than 1 USD"),
        (DAY, "2021-02-03..2021-01-05", "2021-02-03 is later than 2021-01-05"),
        (DAY, "between 2021-02 and 2021-01", "2021-02-01 is later than 2021-01-31"),
        (DAY, "before 2021-13", "no such month as 2021-13"),
        (DAY, "before 2021-02-30", "no such day as 2021-02-30"),
        (DAY, "after 2030-12-31", "no value is possible in that range"),
        (MONEY, "before 5", "`before` goes with a day; write `below 5`"),
        (MONEY, "after 5", "write `above 5`"),
        (MONEY, "on or before 5", "write `at most 5`"),
        (MONEY, "on or after 5", "write `at least 5`"),
        (PERCENT, "above 100", "no value is possible in that range"),
    ],
)
def test_what_is_sent_back(type_: Type, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_value(text, type_)


DECIMALS = st.builds(
    lambda places, digits: Fraction(places, 10**digits), st.integers(-(10**9), 10**9), st.integers(0, 6)
)
KINDS = [MONEY, Type("money", low=0, high=10**6), NUMBER, Type("number", unit="%"), TIME]


def ends(low: Fraction | None, high: Fraction | None, opens: tuple[bool, bool]) -> Value:
    """A range from its ends in any order; a bound that is left out has no open end."""
    if low is not None and high is not None:
        return within(min(low, high), max(low, high))
    return Within(low, high, low is not None and opens[0], high is not None and opens[1])


@given(st.sampled_from(KINDS), DECIMALS)
def test_a_number_that_is_written_is_read_back(type_: Type, number: Fraction) -> None:
    bare = Type(type_.kind, unit=type_.unit)

    assert read_value(plain(number, bare), bare) == number


@given(st.sampled_from(KINDS), st.none() | DECIMALS, st.none() | DECIMALS, st.tuples(st.booleans(), st.booleans()))
def test_a_range_that_is_written_is_read_back(
    type_: Type, low: Fraction | None, high: Fraction | None, opens: tuple[bool, bool]
) -> None:
    bare = Type(type_.kind, unit=type_.unit)
    value = ends(low, high, opens if bare.kind != "duration" else (False, False))

    assert read_value(plain(value, bare), bare) == value


@given(st.dates(date(2000, 1, 2), date(2030, 12, 30)), st.integers(0, 3000))
def test_a_time_that_is_written_is_read_back(day: date, days: int) -> None:
    last = min(day + timedelta(days=days), date(2030, 12, 31))

    for value in (within(day, last), Within(day, date(2030, 12, 31)), Within(date(2000, 1, 1), day)):
        assert read_value(plain(value, DAY), DAY) == value


@given(st.integers(-(10**8), 10**8))
def test_an_amount_as_people_read_it_is_read_back(cents: int) -> None:
    amount = Fraction(cents, 100)

    assert read_value(wording.money(amount), MONEY) == amount
