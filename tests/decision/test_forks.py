"""Branches of open answers: reasoned as far as the answer reaches, they are what the whole case comes to."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest

import advisor
from advisor.advice.advice import Advice
from advisor.advice.answers import Answered
from advisor.cases.reader import read_cases
from advisor.decision.probing import Probe, contradicts
from advisor.packs.pack import Goal
from advisor.problems.problem import Problems
from advisor.reasoning.world import World
from tests import random_packs

PACKS = Path(__file__).parent.parent.parent / "rules"


def _said(world: World, goal: Goal, entity: str) -> object:
    """All that is read off a branch; None where it cannot be."""
    if contradicts(world):
        return None
    subject = world.by_id[goal.about][entity] if entity else world.case
    found = Advice(world).answered(goal, subject)
    return found.verdict, found.text, found.possible


def _check(advice: Advice, open_: Iterable[Answered], most: int) -> int:
    """Compares a few moves for each open answer; the number of those that were compared."""
    probe, compared = Probe(advice), 0
    for answered in open_:
        within = probe.reach(answered.goal)
        if within is None:
            continue
        leaves = [(who, one) for who, one in answered.unknowns() if one.fact is not None and one.fact.asked]
        moves = [move for who, one in leaves for move in islice(probe.moves_of(advice.world, who, one), 2)]
        for move in moves[:most]:
            wanted = _said(probe.replayed((move,)), answered.goal, answered.subject.id)
            assert _said(probe.revised((move,), within), answered.goal, answered.subject.id) == wanted
            assert _said(probe.replayed((move,), within), answered.goal, answered.subject.id) == wanted
            compared += 1
    return compared


@pytest.mark.parametrize("seed", range(40))
def test_branches_of_random_packs_reach_as_far_as_the_answer(seed: int, tmp_path: Path) -> None:
    """Whatever an answer hangs on is worked out, in a case of which little is known."""
    data = random_packs.write(seed, tmp_path, goals=True)
    try:
        pack = advisor.load(tmp_path)
        advice = pack.advise(pack.case({**data, "facts": {}}))
    except Problems:
        pytest.skip("the made-up pack has a mistake, or the case cannot be")
    _check(advice, [one for one in advice.answers if not one.settled], 6)


def test_branches_of_worked_cases_reach_as_far_as_the_answer() -> None:
    """The packs that ship have answers with figures in their words."""
    compared = 0
    for name, file in (("ending-a-contract", "money.yaml"), ("travelling-abroad", "health.yaml")):
        pack = advisor.load(PACKS / name)
        for worked in read_cases(pack.data, PACKS / name / "cases" / file)[:4]:
            advice = pack.advise(worked.case)
            compared += _check(advice, [one for one in advice.answers if not one.settled], 2)
    assert compared
