"""What a person wants to know: questions without a name yet, and typed words matched with the pack's wordings."""

from __future__ import annotations

import pytest

import advisor
from advisor.dialogue import goals
from advisor.files import shipped
from advisor.packs.pack import Pack
from tests.folders import GOOD

FREELANCE = advisor.load(shipped.rules() / "ending-a-contract").data
TRIP = advisor.load(shipped.rules() / "travelling-abroad").data


@pytest.mark.parametrize(
    ("pack", "typed", "goal"),
    [
        (FREELANCE, "will it hurt my score if I end it?", "does-it-hurt"),
        (FREELANCE, "Will ending this contract hurt my score", "does-it-hurt"),
        (FREELANCE, "he threatens me", "threat"),
        (FREELANCE, "refund costs 3 %?", "does-a-refund-cost"),
        (FREELANCE, "should I give the money back", "refund"),
        (FREELANCE, "when will I have a score", "when-a-score"),
        (TRIP, "do i need a visa for brazil", "entry"),
        (TRIP, "can I bring my dog", "pet"),
        (TRIP, "rent a scooter", "driving"),
        (TRIP, "is my passport ok", "passport"),
    ],
)
def test_typed_words_point_to_a_goal(pack: Pack, typed: str, goal: str) -> None:
    """It is among the few that are offered; nothing is taken without asking."""
    found = [one.id for one in goals.matching(pack, typed)]

    assert goal in found
    assert len(found) <= goals.NEAREST


@pytest.mark.parametrize("typed", ["", "?!", "xyzzy", "the and for"])
def test_words_that_point_nowhere_match_nothing(typed: str) -> None:
    """The nearest can be named all the same."""
    assert goals.matching(FREELANCE, typed) == []
    assert len(goals.nearest(FREELANCE, typed)) == goals.NEAREST


def test_a_question_without_an_entity_names_its_kind() -> None:
    """In place of a title that nobody has told yet."""
    assert goals.question(FREELANCE, FREELANCE.goals["does-it-hurt"]) == "Could ending this contract hurt my score?"


def test_a_pack_with_a_headline_alone_lets_nobody_choose() -> None:
    """There is one question, and it is the pack's."""
    assert goals.choosable(advisor.load(GOOD).data) == []
