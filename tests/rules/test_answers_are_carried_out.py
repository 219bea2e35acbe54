"""What an answer of the first pack tells to do is done by a step of the same page."""

from __future__ import annotations

from functools import cache

import pytest

import advisor
from advisor.cases.reader import read_cases
from tests.folders import RULES

FOLDER = RULES / "ending-a-contract"


@cache
def pack() -> advisor.Pack:
    return advisor.load(FOLDER)


@pytest.mark.parametrize("name", ["real-questions", "real-questions-today", "first-touch", "source-thread"])
def test_an_answer_that_names_steps_has_one(name: str) -> None:
    """Of the steps that the row of a settled answer names, at least one stands.

    A case without contracts asks in general, and has nothing on which the steps could be taken.
    """
    empty = []
    for worked in read_cases(pack().data, FOLDER / "cases" / f"{name}.yaml"):
        if not worked.case.items("contract"):
            continue
        advice = pack().advise(worked.case)
        standing = {one.rule.id for one in advice.recommendations if one.status is True}
        empty += [
            f"{worked.number} {one.key}: {one.verdict}"
            for one in advice.answers
            if one.row is not None and one.row.advice and not standing & set(one.row.advice)
        ]

    assert empty == []


@pytest.mark.parametrize("name", ["real-questions", "real-questions-today", "first-touch"])
def test_every_page_has_a_step_or_says_that_none_is_needed(name: str) -> None:
    """Three steps at most, and none only where a question in general was asked."""
    general = {goal.id for goal in pack().data.goals.values() if goal.about == "case"}
    bare = []
    for worked in read_cases(pack().data, FOLDER / "cases" / f"{name}.yaml"):
        advice = pack().advise(worked.case)
        about_a_contract = any(one.goal.id not in general for one in advice.answers)
        if about_a_contract and not any(one.status is True for one in advice.recommendations):
            bare.append(worked.number)

    assert bare == []
