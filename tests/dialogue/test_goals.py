"""What a person wants to know: questions without a name yet, and typed words matched with the pack's wordings."""

from __future__ import annotations

import pytest

import advisor
from advisor.dialogue import goals
from advisor.dialogue.relevance.relevance import Question
from advisor.dialogue.session import Session
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
        (FREELANCE, "how long until my job success score appears", "when-a-score"),
        (FREELANCE, "client promises 5 star if I do extra work for free", "deal"),
        (FREELANCE, "client not responding since two weeks, milestone funded", "silent"),
        (FREELANCE, "I'm scared he will leave a bad review when I close", "feared"),
        (FREELANCE, "client filed a dispute for the full amount, I did the work", "dispute"),
        (FREELANCE, "my JSS dropped from 100 to 87 and I have no idea why", "why-it-fell"),
        (FREELANCE, "client wants to pay outside the platform", "forbidden"),
        (FREELANCE, "I accepted a job I cannot do, how do I get out without damage", "cannot-do-it"),
        (FREELANCE, "is it better to let the client end the contract", "who-closes"),
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


def test_of_many_questions_those_that_people_often_ask_come_first() -> None:
    """Few enough for one screen; the others follow, and typed words find them all the same."""
    offered = goals.choosable(FREELANCE)
    shown = goals.first_offered(offered)

    assert len(shown) <= goals.MOST_SHOWN < len(offered)
    assert all(goal.often for goal in shown)
    assert list(offered[: len(shown)]) == list(shown)
    assert list(goals.first_offered(goals.choosable(TRIP))) == goals.choosable(TRIP)


def test_what_a_question_tells_is_not_asked() -> None:
    """Who asks why the score fell has said that it fell; what was said before stays."""
    pack = advisor.load(shipped.rules() / "ending-a-contract")
    fresh = Session(pack, pack.case({}))
    fresh.choose(("why-it-fell",))
    told = Session(pack, pack.case({"facts": {"score_change": "vanished"}}))
    told.choose(("why-it-fell",))

    assert fresh.case.answers["score_change"].value == "fell"
    assert told.case.answers["score_change"].value == "vanished"


def test_a_question_that_does_not_fit_the_case_is_not_all_that_is_answered() -> None:
    """Then the case is looked at as if nobody had chosen."""
    pack = advisor.load(shipped.rules() / "ending-a-contract")
    advice = pack.advise(pack.case({"goals": ["why-it-fell"], "facts": {"score_change": "vanished"}}))

    assert advice.answers
    assert "why-it-fell" not in {one.goal.id for one in advice.answers}


def test_what_a_question_takes_for_granted_is_offered_as_its_answer() -> None:
    """Of the thing that was listed first, or that the question names; until something is said of it."""
    pack = advisor.load(shipped.rules() / "ending-a-contract")
    both = {"contracts": [{"id": "one"}, {"id": "other"}]}
    first = Session(pack, pack.case({"goals": ["threat"], **both}))
    named = Session(pack, pack.case({"goals": ["threat@other"], **both}))
    one, other = (Question("contract", id_, "problems") for id_ in ("one", "other"))

    assert [first.prompt(asked).implied for asked in (one, other)] == [("threat",), ()]
    assert [named.prompt(asked).implied for asked in (one, other)] == [(), ("threat",)]
    assert first.said_before(one) == {"threat"}
    first.answer("contracts[one].problems", "none")
    assert first.prompt(one).implied == ()
    assert first.said_before(one) == {"none"}


def test_a_question_goes_first_to_what_it_surely_fits() -> None:
    pack = advisor.load(shipped.rules() / "ending-a-contract")
    contracts = [{"id": "a"}, {"id": "b", "problems": ["threat"]}]
    advice = pack.advise(pack.case({"goals": ["threat"], "contracts": contracts}))

    assert [one.key for one in advice.answers] == ["threat@b", "threat@a"]
