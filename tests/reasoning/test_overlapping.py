"""The conditions that can hold together are found, by looking at few pairs, as by trying every vector of cells."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from tests.reasoning.small import Small

FACTS = """
case:
  age: {type: whole number, at_least: 0, at_most: 100, question: How old?}
  sort: {type: choice, choices: {a: A, b: B, c: C}, question: Which?}
  wet: {type: yes/no, question: Wet?}
  fee: {type: whole number, concluded: yes, otherwise: 0, finding: The fee.}
"""


def _condition(rng: random.Random) -> str:
    atoms = (
        f"age is above {rng.randrange(5) * 10}",
        f"age is at most {rng.randrange(5) * 10}",
        f"sort is {rng.choice('abc')}",
        f"sort is one of [{', '.join(rng.sample('abc', 2))}]",
        "wet",
        "not wet",
    )
    some = rng.sample(atoms, rng.randrange(1, 4))
    return f" {rng.choice(['and', 'or'])} ".join(some)


@pytest.mark.parametrize("seed", range(25))
def test_the_pairs_are_those_that_some_cells_make_true(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    rules = "".join(
        f'- {{id: rule-{number}, when: "{_condition(rng)}", conclude: {{fee: {number + 1}}}, because: So., '
        "sources: [law]}\n"
        for number in range(8)
    )
    program = Small(tmp_path, FACTS, rules).load().program
    group = program.group_of["rule-0"]
    matcher = group.matcher
    assert matcher is not None
    cells = [program.fields["case"][index].cells for index in group.own]
    vectors = list(itertools.product(*([1 << cell for cell in range(one.count)] for one in cells)))
    together = {
        pair
        for outcomes in matcher.match(vectors)
        for pair in itertools.combinations([at for at, holds in enumerate(outcomes) if holds], 2)
    }

    assert set(matcher.overlapping()) == together
