"""What would change the advice: each listed change flips it, and no single change that is not listed does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.advice.advisor import LoadedPack
from advisor.cases.case import Answer
from advisor.decision.counterfactual import Counterfactuals, WouldChange, told
from advisor.decision.probing import Probe, Target, alternatives, contradicts, flips, state, subjects
from advisor.problems.problem import Problems
from advisor.reasoning.revision import Dependents, Revised
from advisor.reasoning.world import World
from tests import random_packs
from tests.folders import EXAMPLES

STALL = EXAMPLES / "stall"
DAY = date(2026, 3, 1)
SEEDS = range(60)


def stall(**facts: str) -> advisor.Advice:
    pack = advisor.load(STALL)
    known = {"permit": "yes", "market_on": "2026-03-20", "savings": "40 USD", "neighbour_comes": "no"} | facts
    items = [
        {"id": "chair", "title": "Chair", "price": "80 USD", "broken": "yes", "sold": "no"},
        {"id": "table", "price": "300 USD", "broken": "no", "sold": "yes", "rating": "good"},
    ]
    return pack.advise(pack.case({"today": "2026-03-01", "facts": known, "items": items}))


def would_change(advice: advisor.Advice, part: str, key: str = "") -> WouldChange:
    return Counterfactuals(advice).of((part, key))


def made(found: WouldChange) -> list[tuple[str, ...]]:
    return [tuple(f"{move.path}={move.written}" for move in flip.moves) for flip in found.flips]


def test_what_you_can_do_comes_first_the_easiest_first() -> None:
    found = would_change(stall(), "answer", "headline")

    assert made(found) == [("items[chair].sold=yes",), ("items[chair].broken=no",)]
    assert found.best()[0].after == "Go to the market."
    assert not found.nothing_you_can_do


def test_thresholds_that_occur_in_rules() -> None:
    found = would_change(stall(savings="40 USD"), "recommendation", "ask-the-neighbour")

    assert ("savings=100 USD",) in made(found)
    assert ("neighbour_comes=yes",) in made(found)
    assert made(found)[0] == ("savings=100 USD",)


def test_pairs_where_no_single_change_does() -> None:
    found = would_change(stall(permit="no"), "finding", "ready")

    assert made(found)[0] == ("permit=yes",)
    chair_only = would_change(stall(permit="no", savings="5 USD"), "recommendation", "take-a-stall")
    assert all(len(one) == 2 for one in made(chair_only))
    assert chair_only.complete
    assert chair_only.pairs_tried > 0


def test_nothing_you_can_do() -> None:
    """A permit cannot make the market be later than it is."""
    found = would_change(stall(market_on="2026-02-01"), "recommendation", "stay-home")

    assert made(found) == []
    assert "Nothing you can do changes this." in "\n".join(told(found, 80))


def _random(seed: int, folder: Path) -> tuple[LoadedPack, World] | None:
    folder.mkdir()
    data: dict[str, Any] = random_packs.write(seed, folder)
    try:
        pack = advisor.load(folder)
        return pack, pack.reason(pack.case(data), today=DAY)
    except Problems:
        return None


def _parts(pack: LoadedPack, world: World) -> list[Target]:
    rules = [rule for rule in pack.data.rules.values() if rule.advise is not None]
    keys = [(rule.id, subject.id) for rule in rules for subject in subjects(world, rule.about)]
    return [("answer", "headline"), *(("recommendation", f"{id_}@{of}" if of else id_) for id_, of in keys)]


@pytest.mark.parametrize("seed", SEEDS)
def test_exact_on_random_packs(seed: int, tmp_path: Path) -> None:
    """Every single change is tried by brute force: those that flip a part of the advice are those that are listed."""
    made_up = _random(seed, tmp_path / "pack")
    if made_up is None:
        pytest.skip("this pack cannot be used")
    pack, world = made_up
    advice = advisor.Advice(world)
    searched = Counterfactuals(advice)
    for target in _parts(pack, world):
        before = state(advice, target)
        expected = set()
        for kind in pack.data.kinds():
            for field in pack.program.fields[kind]:
                if field.fact is None or not field.fact.asked:
                    continue
                for subject in subjects(world, kind):
                    for value, _ in alternatives(world, subject, field):
                        case = world.source.with_answer(kind, subject.id, field.name, Answer(value=value))
                        other = World(pack.program, case, today=DAY, as_of=DAY)
                        if not contradicts(other) and flips(before, state(advisor.Advice(other), target)):
                            expected.add((kind, subject.id, field.name, value))
        listed = searched.of(target, pairs=False)
        assert {(*flip.moves[0].place, flip.moves[0].value) for flip in listed.flips} == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_a_revised_world_is_the_world_reasoned_anew(seed: int, tmp_path: Path) -> None:
    """Two answers set one after the other, in every field: the same values, states and assumptions."""
    made_up = _random(seed, tmp_path / "pack")
    if made_up is None:
        pytest.skip("this pack cannot be used")
    pack, world = made_up
    dependents = Dependents(pack.program)
    probe = Probe(advisor.Advice(world))
    revised: World = world
    for move in list(probe.moves(world))[:40]:
        kind, entity, name = move.place
        revised = Revised(revised, dependents, move.place, Answer(value=move.value))
        anew = World(pack.program, revised.source, today=DAY, as_of=DAY)
        assert _said(revised) == _said(anew), f"{kind} {entity} {name} {move.value}"


def _said(world: World) -> list[object]:
    every = [one for kind in world.program.pack.kinds() for one in subjects(world, kind)]
    return [(str(one), one.values, one.masks, one.outcomes, one.resolutions) for one in every] + [
        {(str(one), index) for one, index in world.assumed},
        {(str(one), index, str(value)) for (one, index), value in world.overruled.items()},
        {(str(one), field.name) for one, field, _ in world.clashes},
    ]
