"""How firmly advice stands: intervals of numbers and days, changes in time, and the unknown that matters most."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

import advisor
from advisor.decision.firmness import Firmness, Interval
from advisor.values.text import read_date
from advisor.values.types import Ordered
from tests.folders import EXAMPLES

STALL = advisor.load(EXAMPLES / "stall")
CASE: dict[str, Any] = {
    "today": "2026-03-01",
    "facts": {"permit": "yes", "market_on": "2026-03-20", "savings": "40 USD", "neighbour_comes": "no"},
    "items": [
        {"id": "chair", "title": "Chair", "price": "80 USD", "broken": "no", "sold": "no"},
        {"id": "table", "price": "300 USD", "broken": "no", "sold": "yes", "rating": "good"},
        {"id": "lamp", "price": "40 USD", "broken": "no", "sold": "yes"},
    ],
}


@pytest.fixture(scope="module")
def firm() -> Firmness:
    return Firmness(STALL.advise(STALL.case(CASE)))


def _interval(firm: Firmness, path: str) -> Interval:
    return next(one for one in firm.intervals() if one.path == path)


def test_interval_of_a_number_and_what_lies_beyond(firm: Firmness) -> None:
    found = _interval(firm, "savings")

    assert (found.low, found.high) == (25, Fraction(9999, 100))
    assert found.text().startswith("This holds for savings ")
    assert "“Ask your neighbour to share” falls away" in found.text()


@pytest.mark.parametrize("path", ["savings", "market_on"])
def test_the_ends_are_exact(firm: Firmness, path: str) -> None:
    """By the last value the advice is as it is; by the first beyond it is another: replayed from scratch."""
    found = _interval(firm, path)

    for end, beyond in ((found.low, found.below), (found.high, found.above)):
        if beyond is None or end is None:
            continue
        assert _said(path, end) == _said(path, found.now)
        assert _said(path, beyond.value) != _said(path, found.now)


def _said(path: str, value: Ordered) -> list[tuple[str, bool | None]]:
    written = value.isoformat() if isinstance(value, date) else str(float(value))
    advice = STALL.advise(STALL.case({**CASE, "facts": {**CASE["facts"], path: written}}))
    return [(advice.headline, True), *((one.key, one.status) for one in advice.recommendations)]


def test_the_day_on_which_the_advice_changes_by_itself(firm: Firmness) -> None:
    turns = list(firm.turns())

    assert turns[0].day == read_date("2026-03-21")
    assert {one.key for one in turns[0].changes} == {"take-a-stall", "stay-home"}
    assert "This advice changes on Saturday 21 March 2026" in turns[0].to_dict()["text"]


def test_the_unknown_that_moves_a_figure_most(firm: Firmness) -> None:
    swings = firm.swings()

    assert [one.path for one in swings] == ["items[lamp].rating"]
    assert swings[0].worst == (50, 100)
    assert {answer: (worst, best) for answer, worst, best in swings[0].by_answer}["bad"][0] == 50


def test_nothing_to_say() -> None:
    found = Firmness(STALL.advise(STALL.case({"today": "2026-03-01", "items": []}))).to_dict()

    assert found["facts"] == []
    assert found["tornado"] == []
