"""Answers in three values: exactly the rows that a completion reaches, and none contradicted by what is told later."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import advisor
from advisor.advice.answers import offered
from advisor.cases.case import Answer, Case
from advisor.face import Advice, Pack
from advisor.language.tree import CASE
from advisor.problems.problem import Problems
from tests import random_packs
from tests.reasoning.reference import Completed, Reference, listed

DAY = date(2025, 6, 15)
MOST_WORLDS = 300
SEEDS = int(os.environ.get("ADVISOR_SEEDS", "120"))
TOLD = 6
"""Ways to go on with a case that are tried."""


def drawn(seeds: range, folder: Path) -> Iterator[tuple[int, Pack, Case]]:
    """Random packs with goals, and a case for each; those with a mistake or a clash are passed over."""
    for seed in seeds:
        place = folder / str(seed)
        place.mkdir()
        data = random_packs.write(seed, place, goals=True)
        try:
            pack = advisor.load(place)
            case = pack.case(data)
        except Problems:
            continue
        if not pack.reason(case).clashes:
            yield seed, pack, case
        shutil.rmtree(place)


def reached(reference: Reference, goal: Any, kind: str, entity: str) -> set[int]:
    """The rows that are the first to apply in some completion."""
    found = set()
    for world in reference.worlds():
        completed = Completed(reference, world)
        rows = enumerate(goal.rows)
        found.add(next(at for at, row in rows if row.when is None or completed.test(row.when, kind, entity, entity)))
    return found


def test_the_rows_are_those_that_a_completion_reaches(tmp_path: Path) -> None:
    """Compared with every completion, on random packs: none is passed over, and none is made up."""
    compared = parted = 0
    for seed, pack, case in drawn(range(SEEDS), tmp_path):
        reference = Reference(pack.data, case, DAY)
        if reference.size() > MOST_WORLDS:
            continue
        advice = pack.advise(case)
        for goal, subject in offered(advice.world):
            wanted = reached(reference, goal, subject.kind, subject.id)
            found = advice.answered(goal, subject).rows

            assert set(found) >= wanted, f"seed {seed}, {goal.id} of {subject}: {found}, not {wanted}"
            compared += 1
            parted += len(wanted) > 1

    assert compared >= SEEDS / 2
    assert parted >= SEEDS / 20, "too few answers were open"


def told_more(pack: Pack, case: Case, rng: random.Random) -> Case:
    """The case with some of what nobody knew told, as a person might; what is assumed stays, for the page says so."""
    for kind in pack.data.kinds():
        for entity in [""] if kind == CASE else [item.id for item in case.items(kind)]:
            for field in pack.program.fields[kind]:
                fact = field.fact
                answer = case.answer(kind, entity, field.name)
                if (
                    fact is None
                    or fact.derived
                    or fact.type.entity
                    or fact.assume
                    or (answer is not None and not answer.unknown)
                ):
                    continue
                if rng.random() < 0.6:
                    value = rng.choice(sorted(listed(field.type.domain()), key=str))
                    case = case.with_answer(kind, entity, field.name, Answer(value=value))
    return case


def test_no_answer_is_contradicted_by_what_is_told_later(tmp_path: Path) -> None:
    """What is settled later was among the answers that were said to be possible."""
    turned = 0
    for seed, pack, case in drawn(range(1000, 1000 + SEEDS), tmp_path):
        advice = pack.advise(case)
        before = {(goal.id, subject.id): _said(advice, goal, subject) for goal, subject in offered(advice.world)}
        rng = random.Random(seed)
        for _ in range(TOLD):
            later = pack.advise(told_more(pack, case, rng))
            if later.world.clashes:
                continue
            for goal, subject in offered(later.world):
                now = _said(later, goal, subject)
                known = before[goal.id, subject.id]

                assert known >= now, f"seed {seed}, {goal.id} of {subject}: {now}, where {known} was said"
                turned += known != now

    assert turned >= SEEDS, "hardly any answer was settled by what was told"


def _said(advice: Advice, goal: Any, subject: Any) -> set[str]:
    answered = advice.answered(goal, subject)
    return {one.verdict for one in (*answered.possible, *answered.later)}
