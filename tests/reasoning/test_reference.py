"""Inference compared with the slow, obvious evaluator on random packs; the order of things is found not to matter.

`ADVISOR_SEEDS=20000 pytest tests/reasoning/test_reference.py` is the long run.
"""

from __future__ import annotations

import os
import random
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import advisor
from advisor.advice.advisor import LoadedPack
from advisor.advice.data import to_data
from advisor.problems.problem import Problems
from advisor.values.types import REFERENCE, WHOLE, Within
from tests import random_packs
from tests.reasoning.reference import Reference, listed

SEEDS = int(os.environ.get("ADVISOR_SEEDS", "200"))
DAY = date(2025, 6, 15)
MOST_WORLDS = 600
"""Completions that the reference tries for one pack; packs with more are passed over."""


def _loaded(seed: int, folder: Path) -> tuple[LoadedPack, Any] | None:
    """The pack of a seed and a case for it; None where the check finds a mistake in what was made up."""
    data = random_packs.write(seed, folder)
    try:
        pack = advisor.load(folder)
        return pack, pack.case(data)
    except Problems:
        return None


def _differences(pack: LoadedPack, case: Any) -> list[str] | None:
    world = pack.reason(case)
    reference = Reference(pack.data, case, DAY)
    if reference.size() > MOST_WORLDS or world.clashes:
        return None
    found: list[str] = []
    for kind in pack.data.kinds():
        for subject in [world.case] if kind == "case" else world.entities[kind]:
            for field in pack.program.fields[kind]:
                if field.fact is None or field.type.kind == REFERENCE:
                    continue
                value = subject.values[field.index]
                wanted = reference.possible(kind, subject.id, field.name)
                ranged = isinstance(value, Within) and field.type.kind != WHOLE
                if ranged or listed(value) != wanted:
                    found.append(f"{field.name} of {subject}: {value}, not {set(wanted)}")
            found.extend(
                f"{rule.id} of {subject}: {world.state(rule, subject)}"
                for rule in pack.data.rules.values()
                if rule.about == kind and world.state(rule, subject) is not reference.state(rule, subject.id)
            )
    return found


@pytest.mark.parametrize("chunk", range(0, SEEDS, 50))
def test_inference_agrees_with_the_reference(chunk: int, tmp_path: Path) -> None:
    """Every possible value and every rule's state, of every subject, on fifty random packs and cases."""
    compared = 0
    for seed in range(chunk, chunk + 50):
        folder = tmp_path / str(seed)
        folder.mkdir()
        loaded = _loaded(seed, folder)
        found = _differences(*loaded) if loaded is not None else None
        compared += found is not None

        assert not found, f"seed {seed}: {found}"
        shutil.rmtree(folder)

    assert compared >= 25, "too few of the random packs could be compared"


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_rules_files_facts_and_entities_does_not_matter(seed: int, tmp_path: Path) -> None:
    """Shuffled rules in two files, shuffled facts and entities: byte-identical advice."""
    first, second = tmp_path / "pack", tmp_path / "shuffled" / "pack"
    first.mkdir()
    second.mkdir(parents=True)
    data = random_packs.write(seed, first)
    rng = random.Random(seed)
    rules = yaml.safe_load((first / "some.yaml").read_text(encoding="utf-8"))
    rng.shuffle(rules)
    for name in ("pack", "sources"):
        shutil.copy(first / f"{name}.yaml", second / f"{name}.yaml")
    facts = yaml.safe_load((first / "facts.yaml").read_text(encoding="utf-8"))
    shuffled = {kind: _shuffled(many, rng) for kind, many in facts.items()}
    (second / "facts.yaml").write_text(yaml.safe_dump(shuffled, sort_keys=False), encoding="utf-8")
    half = len(rules) // 2
    for name, part in (("zeta", rules[:half]), ("alpha", rules[half:])):
        if part:
            (second / f"{name}.yaml").write_text(yaml.safe_dump(part, sort_keys=False), encoding="utf-8")
    try:
        packs = advisor.load(first), advisor.load(second)
    except Problems:
        pytest.skip("the made-up pack has a mistake")
    turned = {name: list(reversed(part)) if isinstance(part, list) else part for name, part in data.items()}

    advice = [to_data(pack.advise(pack.case(case))) for pack, case in zip(packs, (data, turned), strict=True)]

    for one in advice:
        one.pop("pack")
        one.pop("facts")
    assert advice[0] == advice[1]


def _shuffled(mapping: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    items = list(mapping.items())
    rng.shuffle(items)
    return dict(items)
