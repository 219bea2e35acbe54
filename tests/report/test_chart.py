"""Figures to draw: what belongs together, the axis, and where on it a value lies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.report import chart
from advisor.report.shape import completed


def _entry(key: str = "score", model: str | None = None, **values: Any) -> dict[str, Any]:
    (entry,) = completed({"projections": [{"key": key, "model": model, "unit": "%", **values}]})["projections"]
    return dict(entry)


def test_models_of_one_thing_are_one_figure() -> None:
    """The range over all of them leads; each entity has its own."""
    whole = _entry(worst=75, best=100)
    one, other = _entry("score:a", "A", worst=75, best=100), _entry("score:b", "B", worst=80, best=100)
    elsewhere = _entry("cost@x", unit="USD", worst=1, best=2)
    first, second = chart.figures([one, other, whole, elsewhere])

    assert (first["key"], first["whole"]["model"], [entry["model"] for entry in first["models"]]) == (
        "score",
        None,
        ["A", "B"],
    )
    assert (second["key"], second["models"]) == ("cost@x", [])


def test_models_that_agree_need_not_be_drawn_one_by_one() -> None:
    """They are still named."""
    same: dict[str, Any] = {"worst": 42, "likely": 42, "best": 42}
    (figure,) = chart.figures([_entry(**same), _entry("score:a", "A", **same), _entry("score:b", "B", **same)])

    assert figure["models"] == []
    assert len(figure["ideas"]) == 2


def test_a_figure_without_values_is_absent() -> None:
    """And has an axis all the same."""
    (figure,) = chart.figures([_entry(absent_because="Too few.")])

    assert not figure["present"]
    assert figure["axis"]["low"] < figure["axis"]["high"]


def test_the_axis_of_a_percentage_is_all_of_it() -> None:
    """From 0 to 100, so that no bar looks larger than it is."""
    on = chart.axis([_entry(worst=75, best=100)], [], "%")

    assert (on["low"], on["high"], on["ticks"]) == (0, 100, [0, 25, 50, 75, 100])


def test_other_axes_begin_at_nought_and_end_on_a_round_number() -> None:
    """Below nought only where a value is."""
    assert chart.axis([_entry(worst=42, best=87)], [], "days")["ticks"] == [0, 25, 50, 75, 100]
    assert chart.axis([_entry(worst=-3, best=7)], [], "")["low"] < -2


@given(st.lists(st.decimals(-1_000_000, 1_000_000, places=3), min_size=2, max_size=4))
def test_every_value_lies_on_its_axis(exact: list[Decimal]) -> None:
    """Whatever the values are."""
    values = [float(value) for value in exact]
    on = chart.axis([_entry(worst=min(values), best=max(values))], [], "")

    assert on["low"] <= min(values)
    assert max(values) <= on["high"]
    assert all(0 <= chart.share(value, on) <= 1 for value in values)


def test_a_row_of_letters_shows_worst_likely_best_and_the_line() -> None:
    """Wherever the line falls."""
    on = chart.axis([], [], "%")
    line = [{"at": 50, "means": ""}]

    assert chart.bar(_entry(worst=20, likely=80, best=100), on, 11, line) == "··├──┼──●─┤"
    assert chart.bar(_entry(worst=60, best=100), on, 11, line) == "·····┊├───┤"
    assert chart.bar(_entry(worst=100, likely=30, best=20), on, 11) == "··├●──────┤"
    assert chart.bar(_entry(worst=40, best=40), on, 11, line) == "····●┊·····"
    assert chart.bar(_entry(), on, 11, line) == "·····┊·····"


@pytest.mark.parametrize("width", [1, 2, 10, 36, 96])
def test_numbers_under_a_row_never_run_together(width: int) -> None:
    """Those that have no room are left out."""
    on = chart.axis([], [], "%")
    row = chart.scale(on, width, [{"at": 90, "means": ""}, {"at": 88, "means": ""}])

    assert len(row) <= width
    assert set(row.split()) <= {"0", "25", "50", "75", "88", "90", "100"}


def test_numbers_on_a_drawn_axis_have_room() -> None:
    """The ends first, then the lines that matter."""
    (figure,) = chart.figures([_entry(worst=1, best=2, thresholds=[{"at": 75, "means": ""}, {"at": 80, "means": ""}])])

    assert figure["axis"]["labels"] == [0, 25, 50, 75, 100]
