"""What people type is led to the question that the pack answers: among the three that are offered, mostly the first.

`typed.txt` holds questions as people put them, each with the goals of which one should be found, the best first.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.dialogue import goals
from advisor.packs.pack import Pack
from advisor.packs.reader import read_pack
from tests.folders import RULES

TYPED = Path(__file__).with_name("typed.txt")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(RULES / "ending-a-contract")


def questions() -> list[tuple[str, list[str]]]:
    lines = TYPED.read_text(encoding="utf-8").splitlines()
    return [(typed, wanted) for typed, *wanted in (line.split("|") for line in lines)]


def test_the_questions_name_goals_of_the_pack(pack: Pack) -> None:
    """And leave out none that a person may choose, but the one for who has no question."""
    named = {goal for _, wanted in questions() for goal in wanted}

    assert named - set(pack.goals) == set()
    assert {goal.id for goal in goals.choosable(pack)} - named == {"what-now"}


def test_what_is_typed_finds_its_question(pack: Pack) -> None:
    found = [(typed, wanted, [one.id for one in goals.matching(pack, typed)]) for typed, wanted in questions()]
    missed = [(typed, ids) for typed, wanted, ids in found if not set(ids) & set(wanted)]
    first = sum(bool(ids) and ids[0] in wanted for _, wanted, ids in found)

    assert len(missed) <= 0.03 * len(found), missed
    assert first >= 0.88 * len(found)
