"""Two pieces of advice compared: what differs, the rule behind it, and the facts that account for it."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.cases import settings
from advisor.decision import comparison
from advisor.decision.compare import signature
from advisor.decision.comparison import Comparison
from advisor.decision.probing import Probe
from advisor.problems.problem import Problems
from advisor.values.text import read_date
from tests import random_packs
from tests.folders import EXAMPLES

PACK = advisor.load(EXAMPLES / "stall")
DAY = read_date("2026-03-01")
CASE: dict[str, Any] = {
    "today": "2026-03-01",
    "facts": {"permit": "yes", "market_on": "2026-03-20", "savings": "40 USD", "neighbour_comes": "no"},
    "items": [
        {"id": "chair", "title": "Chair", "price": "80 USD", "broken": "yes", "sold": "no"},
        {"id": "table", "price": "300 USD", "broken": "no", "sold": "yes", "rating": "good"},
        {"id": "lamp", "price": "40 USD", "broken": "no", "sold": "yes"},
    ],
}


def what_if(*texts: str) -> Comparison:
    case = PACK.case(CASE)
    return comparison.what_if(PACK, case, settings.read_settings(PACK.data, case, texts))


def changes(found: Comparison) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    return {(one.part, one.key): (one.what, one.facts) for one in found.changes}


def test_one_answer_and_the_rule_behind_its_change() -> None:
    found = what_if("items[chair].broken=no")

    assert {key: one for key, one in changes(found).items() if key[0] != "option"} == {
        ("answer", "headline"): ("changed", ("items[chair].broken",)),
        ("recommendation", "mend@chair"): ("withdrawn", ("items[chair].broken",)),
    }
    assert found.changes[1].rule == "mend"
    assert [(one.fact, one.before, one.after) for one in found.changes[1].tipped] == [
        ("items[chair].broken", "yes", "no")
    ]


def test_each_change_has_the_facts_that_account_for_it() -> None:
    found = changes(what_if("items[chair].broken=no", "savings=20", "items[lamp].rating=bad"))

    assert found["recommendation", "mend@chair"] == ("withdrawn", ("items[chair].broken",))
    assert found["recommendation", "take-a-stall"] == ("withdrawn", ("savings",))
    assert found["projection", "trust"] == ("worse", ("items[lamp].rating",))


def test_facts_that_only_together_make_a_difference() -> None:
    found = changes(what_if("savings=200", "neighbour_comes=unknown", "permit=no", "items[lamp].price=30"))

    assert found["recommendation", "get-a-permit"] == ("new", ("permit",))
    assert found["recommendation", "ask-the-neighbour"] == ("withdrawn", ("savings",))


def test_unknown_makes_open() -> None:
    found = changes(what_if("permit=unknown"))

    assert found["recommendation", "get-a-permit"][0] == "could hold"
    assert found["recommendation", "take-a-stall"][0] == "no longer certain"


def test_entities_come_and_go() -> None:
    found = changes(what_if("items[sofa].broken=yes", "items[sofa].sold=no", "items[chair]=removed"))

    assert found["recommendation", "mend@sofa"][0] == "new"
    assert found["recommendation", "mend@chair"] == ("withdrawn", ("items[chair]",))


def test_a_deadline_moves() -> None:
    found = changes(what_if("market_on=2026-03-15"))

    assert found["recommendation", "mend@chair"] == ("earlier", ("market_on",))


def test_courses_of_action_change_too() -> None:
    found = {(one.key, one.what): one for one in what_if("items[chair].broken=no").changes if one.part == "option"}

    assert ("sell-as-it-is@chair", "now possible") in found
    assert ("mend-and-sell@chair", "ruled out") in found
    assert found["sell-as-it-is@chair", "now possible"].facts == ("items[chair].broken",)
    assert not [one for one in what_if("rained=unknown").changes if one.part == "option"]


def test_nothing_changes() -> None:
    found = what_if("rained=no")

    assert found.changes == ()
    assert "Nothing changes in the advice." in found.text()


@pytest.mark.parametrize("text", ["savings", "savings=", "savngs=3", "items[x]=none", "items[chair]=3", "savings=much"])
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(Problems):
        what_if(text)


def test_a_case_that_cannot_be_is_refused() -> None:
    with pytest.raises(Problems, match="cannot all be true"):
        what_if("items[table].price=0")


def test_two_cases_differ_by_what_is_set() -> None:
    """Setting every difference found between two cases in the one gives the other."""
    one, other = PACK.case(CASE), PACK.case({**CASE, "facts": {"permit": "no"}, "items": CASE["items"][1:]})
    between = settings.differing(one, other)

    assert settings.differing(settings.apply(one, between), other) == []
    assert settings.differing(one, one) == []
    assert {each.path(PACK.data) for each in between} >= {"permit", "savings", "items[chair]"}


def test_by_the_rules_of_another_day() -> None:
    found = comparison.of_policy(PACK, PACK.case(CASE), today=None, as_of=None, versus=read_date("2025-06-01"))
    by_key = changes(found)

    assert by_key["recommendation", "take-a-stall"][0] == "reworded"
    assert by_key["projection", "trust"][0] == "withdrawn"
    assert "the old market rules" in found.text()


@pytest.mark.parametrize("seed", range(40))
def test_the_facts_behind_a_change_do_it_alone_and_no_fewer(seed: int, tmp_path: Path) -> None:
    """On random packs and cases: the named answers, replayed alone, bring the change about; no smaller set does."""
    folder = tmp_path / "pack"
    folder.mkdir()
    data = random_packs.write(seed, folder)
    try:
        pack = advisor.load(folder)
        case = pack.case(data)
        moves = list(Probe(pack.advise(case, today=DAY)).moves(pack.reason(case, today=DAY)))
        random.Random(seed).shuffle(moves)
        wanted = [move.setting() for move in {move.place: move for move in moves}.values()][:4]
        found = comparison.what_if(pack, case, wanted, today=DAY)
    except Problems:
        pytest.skip("this pack or case cannot be used")
    whole = signature(found.after)
    paths = [one.path(pack.data) for one in wanted]

    def does(numbers: tuple[int, ...], place: tuple[str, str]) -> bool:
        try:
            changed = settings.apply(case, (wanted[number] for number in numbers))
            return signature(pack.advise(changed, today=DAY)).get(place) == whole.get(place)
        except Problems:
            return False

    for change in found.changes:
        numbers = tuple(number for number, path in enumerate(paths) if path in change.facts)
        assert does(numbers, (change.part, change.key))
        for size in range(1, len(numbers) if change.smallest else 0):
            assert not any(
                does(few, (change.part, change.key)) for few in itertools.combinations(range(len(paths)), size)
            )
