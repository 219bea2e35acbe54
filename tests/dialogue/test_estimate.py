"""How far the prediction of the questions left is off, over a part of the worked cases; the run says so at its end."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest

import advisor
from advisor.dialogue.ordering import Ordering
from advisor.files import shipped
from tests.benchmarks.questions_asked import play, worked_cases

EVERY = 17
"""One in so many worked cases is played."""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ending-a-contract", "travelling-abroad"])
def test_the_estimate_is_near(name: str, record_property: Callable[[str, object], None]) -> None:
    """All that a case leaves out is answered by "don't know", so that hardly a question falls away."""
    folder = shipped.rules() / name
    pack = advisor.load(folder)
    played = [play(pack, case, Ordering) for case in list(worked_cases(folder))[::EVERY]]
    off = [abs(guess - left) for _, guesses in played for guess, left in guesses]

    record_property(
        f"questions left, {name}",
        f"{len(played)} cases of {statistics.mean(count for count, _ in played):.0f} questions;"
        f" the prediction was off by {statistics.median(off):.0f} in the median, {statistics.mean(off):.1f} on average",
    )

    assert statistics.median(off) <= 6
    assert all(guesses[-1][0] <= 3 for _, guesses in played), "at the last question, few are predicted"
