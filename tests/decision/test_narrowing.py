"""The one answer that would narrow a figure most, and the line about the figure that stands on a page."""

from __future__ import annotations

from typing import Any

import pytest

import advisor
from advisor.decision.narrowing import Narrowing, narrowings
from advisor.face import Advice
from tests.folders import EXAMPLES

STALL = advisor.load(EXAMPLES / "stall")
CASE: dict[str, Any] = {
    "today": "2026-03-01",
    "facts": {"permit": "yes", "market_on": "2026-03-20", "savings": "40 USD", "neighbour_comes": "no"},
}
SOLD: dict[str, Any] = {"price": "40 USD", "broken": "no", "sold": "yes", "rating": "good"}


def _advice(*items: dict[str, Any]) -> Advice:
    listed = [{"id": f"item-{number}", "title": f"Item {number}", **one} for number, one in enumerate(items, 1)]
    return STALL.advise(STALL.case({**CASE, "items": listed}))


def _narrowing(advice: Advice) -> Narrowing | None:
    return narrowings(advice).get("trust")


def test_the_answer_that_narrows_most_is_named() -> None:
    """Of two ratings that are not known, that of the dear thing decides more of what sales by price come to."""
    found = _narrowing(
        _advice({**SOLD, "rating": "unknown"}, {**SOLD, "price": "400 USD", "rating": "unknown"}, SOLD, SOLD)
    )

    assert found is not None
    assert found.path == "items[item-2].rating"
    assert "Item 2" in found.question


def test_each_range_is_what_comes_out_when_it_is_answered() -> None:
    found = _narrowing(_advice({**SOLD, "rating": "unknown"}, SOLD, SOLD))

    assert found is not None
    for said, ends in found.by_answer:
        replayed = _advice({**SOLD, "rating": said}, SOLD, SOLD)
        assert next((one.worst, one.best) for one in replayed.forecasts if one.key == "trust") == ends


@pytest.mark.parametrize("rating", ["good", "bad"])
def test_nothing_is_named_where_the_figure_is_known(rating: str) -> None:
    assert _narrowing(_advice({**SOLD, "rating": rating}, SOLD, SOLD)) is None
