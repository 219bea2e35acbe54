"""Blocks by signature, and cases read straight from plain data: the same as step by step, and as read the long way."""

from __future__ import annotations

import copy
import os
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.cases.case import Answer, Case, Items
from advisor.cases.reader import case_from_dict, plain_reader
from advisor.problems.problem import Problems
from advisor.reasoning.strata import one_by_one
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from tests import random_packs

SEEDS = int(os.environ.get("ADVISOR_SEEDS", "100"))
DAYS = (date(2025, 6, 15), date(2019, 1, 1))


def _name(subject: Subject) -> tuple[str, str]:
    return subject.kind, subject.id


def _all(world: World) -> dict[str, Any]:
    """Everything that was found out, with subjects by name."""
    subjects = [world.case, *(one for many in world.entities.values() for one in many)]
    return {
        "values": {_name(one): [(type(value), value) for value in one.values] for one in subjects},
        "masks": {_name(one): one.masks for one in subjects},
        "outcomes": {_name(one): one.outcomes for one in subjects},
        "resolutions": {_name(one): one.resolutions for one in subjects},
        "assumed": {(_name(one), index) for one, index in world.assumed},
        "overruled": {(_name(one), index): value for (one, index), value in world.overruled.items()},
        "clashes": [(_name(one), field.key, rules) for one, field, rules in world.clashes],
        "bounded": {(_name(one), index) for one, index in world.bounded},
    }


def _without_places(case: Case) -> Case:
    def plain(answers: dict[str, Answer]) -> dict[str, Answer]:
        return {name: replace(answer, place=None) for name, answer in answers.items()}

    entities = {
        kind: Items(
            items=tuple(replace(one, place=None, answers=plain(dict(one.answers))) for one in many.items),
            more=many.more,
        )
        for kind, many in case.entities.items()
    }
    return replace(case, answers=plain(dict(case.answers)), entities=entities)


@pytest.mark.parametrize("chunk", range(0, SEEDS, 25))
def test_blocks_conclude_what_single_steps_do(chunk: int, tmp_path: Path) -> None:
    """Several cases of each pack on two days, so that most signatures come up again."""
    for seed in range(chunk, chunk + 25):
        folder = tmp_path / str(seed)
        folder.mkdir()
        cases = random_packs.write_with_cases(seed, folder, 8)
        try:
            pack = advisor.load(folder)
        except Problems:
            continue
        finally:
            shutil.rmtree(folder)
        plainly = copy.copy(pack.program)
        plainly.strata, plainly.kept = one_by_one(plainly), {}
        for data in [*cases, *cases[:2]]:
            try:
                case = pack.case(data)
            except Problems:
                continue
            for day in DAYS:
                found = _all(World(pack.program, case, today=day, as_of=day))
                wanted = _all(World(plainly, case, today=day, as_of=day))
                assert found == wanted, f"seed {seed}"


@pytest.mark.parametrize("seed", range(40))
def test_a_case_read_straight_is_the_same(seed: int, tmp_path: Path) -> None:
    """Read twice, so that the second time all is known."""
    cases = random_packs.write_with_cases(seed, tmp_path, 5)
    try:
        pack = advisor.load(tmp_path)
    except Problems:
        pytest.skip("the made-up pack has a mistake")
    reader = plain_reader(pack.data)
    for data in cases * 2:
        try:
            wanted = case_from_dict(pack.data, data)
        except Problems:
            assert reader.read(data) is None
            continue
        found = reader.read(data)
        assert found is not None
        assert found == _without_places(wanted)


ODD = [
    True,
    False,
    0,
    1,
    1.0,
    2.5,
    -1,
    "yes",
    "1",
    "1,5",
    "1.234",
    "1,234",
    "unknown",
    "a",
    "",
    None,
    "null",
    [],
    ["x"],
    {"value": "yes"},
    {"a": 1},
]


@pytest.mark.parametrize("seed", range(12))
def test_odd_values_are_read_straight_as_the_long_way(seed: int, tmp_path: Path) -> None:
    """What the long way refuses is not read straight; what it takes is the same, whatever was read before."""
    data = random_packs.write(seed, tmp_path)
    try:
        pack = advisor.load(tmp_path)
    except Problems:
        pytest.skip("the made-up pack has a mistake")
    reader = plain_reader(pack.data)
    for name in [*pack.data.facts["case"], "nothing"]:
        for value in [*ODD, *ODD]:
            odd = {**data, "facts": {**data["facts"], name: value}}
            found = reader.read(odd)
            try:
                wanted = case_from_dict(pack.data, odd)
            except Problems:
                assert found is None, (name, value)
            else:
                assert found is not None
                assert found == _without_places(wanted), (name, value)
