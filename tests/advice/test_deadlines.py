"""Deadlines that have passed: what can no longer be done is not advised, and what holds instead is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reasoning.small import Said, Small

FACTS = """
case:
  ended_on: {type: date, question: When did it end?}
  owed: {type: yes/no, question: Is money owed?}
"""
RULE = """
- id: claim-it
  when: owed
  advise:
    strength: must
    title: Claim the money
    deadline: ended on + 7 days
    AFTERWARDS
  because: It is yours for seven days.
  sources: [law]
- id: wait
  when: owed
  advise: {strength: could, title: Wait for the money}
  because: It may come.
  sources: [folk]
"""
GONE = "afterwards: It has gone back."


def told(tmp_path: Path, afterwards: str = GONE, **facts: str) -> Said:
    """The advice on what is owed, on 15 June 2025."""
    return Small(tmp_path, FACTS, RULE.replace("AFTERWARDS", afterwards)).advise({"owed": "yes", **facts})


@pytest.mark.parametrize("ended", ["2025-06-08", "2025-06-01..2025-06-30", "unknown"])
def test_it_is_advised_until_the_deadline_has_surely_passed(tmp_path: Path, ended: str) -> None:
    """On the last day too, and while nobody knows the day."""
    said = told(tmp_path, ended_on=ended)

    assert said.keys() == ["claim-it", "wait"]
    assert said.data["missed"] == []


def test_afterwards_it_is_no_longer_advised(tmp_path: Path) -> None:
    """What holds instead is told, with the day, on the page too."""
    said = told(tmp_path, ended_on="2025-06-07")
    (missed,) = said.data["missed"]

    assert said.keys() == ["wait"]
    assert (missed["title"], missed["deadline"], missed["text"]) == (
        "Claim the money",
        "2025-06-14",
        "It has gone back.",
    )
    assert "Too late, it was to be done by Saturday 14 June 2025: Claim the money. It has gone back." in " ".join(
        said.advice.render("text").split()
    )


def test_what_is_right_afterwards_too_is_overdue(tmp_path: Path) -> None:
    """It stays, and the page says that it is late."""
    said = told(tmp_path, "afterwards: still right", ended_on="2025-06-07")

    assert said.keys() == ["claim-it", "wait"]
    assert "Claim the money (overdue, Saturday 14 June 2025)." in said.advice.render("text")


def test_nothing_is_missed_that_was_never_to_be_done(tmp_path: Path) -> None:
    """Where its condition does not hold, or is open."""
    assert told(tmp_path, ended_on="2025-06-01", owed="no").data["missed"] == []
    assert told(tmp_path, ended_on="2025-06-01", owed="unknown").data["missed"] == []


@pytest.mark.parametrize(
    ("deadline", "kinds"),
    [
        ("ended on + 7 days", ["no-afterwards"]),
        ("today + 7 days", []),
        ("max(today, ended on + 7 days)", []),
        ("today - 1 days", ["no-afterwards"]),
    ],
)
def test_a_deadline_that_may_pass_wants_a_word(tmp_path: Path, deadline: str, kinds: list[str]) -> None:
    """One that never lies in the past does not."""
    rule = RULE.replace("    AFTERWARDS\n", "").replace("ended on + 7 days", deadline)
    facts = (
        FACTS if "ended" in deadline else FACTS.replace("  ended_on: {type: date, question: When did it end?}\n", "")
    )

    assert [kind for kind in Small(tmp_path, facts, rule).kinds() if kind != "unused-source"] == kinds
