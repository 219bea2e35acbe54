"""What is taken over from an alike entity, or kept from before an answer, is what would be worked out anew."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

import advisor
from advisor.advice.advisor import LoadedPack
from advisor.cases.case import Case
from advisor.dialogue.relevance import kept as kept_diagrams
from advisor.dialogue.relevance.relevance import Relevance
from advisor.dialogue.session import Session
from advisor.files import shipped
from advisor.problems.problem import Problems
from tests import random_packs
from tests.benchmarks.next_question import reply

DAY = date(2026, 11, 23)


def open_questions(relevance: Relevance, case: Case) -> dict[str, set[str]]:
    """By target, what can still change it; what is too large to be worked out left out."""
    found = relevance.targets(case)
    return {
        one.key: {str(relevance.question(level)) for level in one.levels} for one in found if one.diagram is not None
    }


def anew(pack: LoadedPack, case: Case, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The same, worked out from nothing and for each entity by itself."""
    with monkeypatch.context() as patch:
        patch.setattr(kept_diagrams, "_MOST_MODELS", 0)
        return open_questions(Relevance(pack.program, today=DAY, as_of=DAY), case)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_session_on_the_first_pack(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four contracts and two clients, alike at first and then told apart by random answers."""
    pack = advisor.load(shipped.rules() / "ending-a-contract")
    rng = random.Random(seed)
    session = Session(pack, pack.case({"facts": {}}), today=DAY)
    for number in range(4):
        session.add("contract", {"title": f"Contract {number}"})
    session.close_list("contract")
    for step in range(12):
        prompt = session.next()
        assert prompt is not None
        if step % 3 == 0:
            assert open_questions(session.relevance, session.case) == anew(pack, session.case, monkeypatch)
        try:
            session.answer(prompt.path, reply(prompt, rng))
        except ValueError:
            session.unknown(prompt.path)


@pytest.mark.parametrize("seed", range(80))
def test_random_packs(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their things are alike or not, refer to owners or not, and some rules count them."""
    data = random_packs.write(seed, tmp_path)
    try:
        pack = advisor.load(tmp_path)
        case = pack.case(data)
    except Problems:
        return
    relevance = Relevance(pack.program, today=DAY, as_of=DAY)
    for kind in pack.data.entities:
        for item in case.items(kind):
            for name in list(item.answers)[::2]:
                open_questions(relevance, case)
                case = case.with_answer(kind, item.id, name, None)

    assert open_questions(relevance, case) == anew(pack, case, monkeypatch)
