"""How many questions a session asks, and how far its prediction of what is left is off; the run says so at its end."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest

import advisor
from advisor.cases.reader import read_cases
from advisor.dialogue.ordering import Ordering
from advisor.files import shipped
from tests.benchmarks.questions_asked import MOST_QUESTIONS, asked_of_its_question, play, worked_cases

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

    assert max(count for count, _ in played) < MOST_QUESTIONS, "a question is asked without end"
    assert statistics.median(off) <= 6
    last = [(count, guesses[-1][0]) for count, guesses in played if guesses]
    assert [one for one in last if one[1] > max(4, one[0] / 10)] == [], "at the last question, few are predicted"


@pytest.mark.slow
def test_one_question_is_answered_after_a_few(record_property: Callable[[str, object], None]) -> None:
    """From nothing, what real people knew being answered, and "don't know" to all the rest."""
    folder = shipped.rules() / "ending-a-contract"
    pack = advisor.load(folder)
    files = [folder / "cases" / f"{name}.yaml" for name in ("source-thread", "real-questions")]
    asked = [asked_of_its_question(pack, one.case) for file in files for one in read_cases(pack.data, file)]

    record_property(
        "questions to one answer",
        f"{len(asked)} real cases; {statistics.median(asked):.0f} in the median, {max(asked)} at most",
    )

    assert statistics.median(asked) <= 12
    assert max(asked) <= 18, "a contract that went well is asked nothing more of"
