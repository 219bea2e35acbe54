"""What the check says of rules, compared with every case of random small packs: it says only what is so.

`ADVISOR_SEEDS=5000 pytest tests/authoring/test_clashes.py` is the long run.
"""

from __future__ import annotations

import itertools
import math
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.advice.advisor import LoadedPack
from advisor.authoring.clashes import check_program
from advisor.cases.case import Answer, Case, Item, Items
from advisor.language.tree import CASE
from advisor.packs.pack import Fact
from advisor.problems.problem import Problems
from advisor.values.types import CHOICES, REFERENCE
from tests import random_packs
from tests.reasoning.reference import listed, names_of
from tests.reasoning.small import DAY, Small

SEEDS = int(os.environ.get("ADVISOR_SEEDS", "150"))
DAYS = (date(2019, 6, 1), date.fromisoformat(DAY), date(2026, 1, 1))
"""Before, within and after the times at which the rules of random packs come into force or go out of it."""
MOST_CASES = 300
"""Cases of one pack that are tried one by one; of a pack with more, or with entities, so many are drawn."""


@dataclass
class Tried:
    """What came of trying the cases of a pack. `every`: all of them were tried."""

    every: bool
    fired: set[str] = field(default_factory=set)
    clashed: set[frozenset[str]] = field(default_factory=set)


def _tried(pack: LoadedPack, rng: random.Random) -> Tried:
    cases, every = _cases(pack, rng)
    found = Tried(every)
    for case, day in itertools.product(cases, DAYS):
        world = pack.reason(case, today=day)
        for subject in (world.case, *(one for many in world.entities.values() for one in many)):
            about = [rule for rule in pack.data.rules.values() if rule.about == subject.kind]
            found.fired.update(rule.id for rule in about if world.state(rule, subject) is True)
        found.clashed.update(
            frozenset((one.id, other.id))
            for _, _, rules in world.clashes
            for one, other in itertools.combinations(rules, 2)
            if one.conclude != other.conclude
        )
    return found


def _cases(pack: LoadedPack, rng: random.Random) -> tuple[list[Case], bool]:
    """All cases of a pack, with what was not asked; of one with many, some that are drawn."""
    options = _options(pack, CASE)
    if not pack.data.entities and math.prod(len(values) for _, values in options) <= MOST_CASES:
        names = [name for name, _ in options]
        return [
            Case(answers=_answers(names, values)) for values in itertools.product(*[values for _, values in options])
        ], True
    return [_drawn(pack, rng) for _ in range(MOST_CASES // 10)], False


def _options(pack: LoadedPack, kind: str) -> list[tuple[str, list[Any]]]:
    """The fields that can be said, each with its values and, for what was not asked, None."""
    facts = [one for one in pack.data.facts[kind].values() if one.asked and one.type.kind != REFERENCE]
    return [(name, [*_values(fact), None]) for fact in facts for name in names_of(fact)]


def _values(fact: Fact) -> list[Any]:
    return [True, False] if fact.type.kind == CHOICES else sorted(listed(fact.type.domain()), key=str)


def _answers(names: list[str], values: tuple[Any, ...]) -> dict[str, Answer]:
    return {name: Answer(value=value) for name, value in zip(names, values, strict=True) if value is not None}


def _drawn(pack: LoadedPack, rng: random.Random) -> Case:
    def answers(kind: str) -> dict[str, Answer]:
        options = _options(pack, kind)
        return _answers([name for name, _ in options], tuple(rng.choice(values) for _, values in options))

    owners = tuple(Item(id=f"o{n}", answers=answers("owner")) for n in range(2)) if "owner" in pack.data.facts else ()
    things = tuple(
        Item(id=f"t{n}", answers={**answers("thing"), "holder": Answer(value=rng.choice(owners).id)})
        for n in range(rng.randint(0, 2) if owners else 0)
    )
    listed_ = {"owner": Items(items=owners, more=False), "thing": Items(items=things, more=False)} if owners else {}
    return Case(answers=answers(CASE), entities=listed_)


def _said(pack: LoadedPack) -> tuple[set[str], set[frozenset[str]]]:
    """The rules that the check says never fire, and the pairs of which it says that they clash."""
    at = {rule.place: rule.id for rule in pack.data.rules.values()}
    problems = check_program(pack, date.fromisoformat(DAY))
    never = {at[one.place] for one in problems if one.kind == "never-fires"}
    clash = {frozenset((at[one.place], at[one.related[0][0]])) for one in problems if one.kind == "clash"}
    return never, clash


def _packs(first: int, write: Callable[[int, Path], object], folder: Path) -> Iterator[tuple[int, LoadedPack]]:
    for seed in range(first, first + 50):
        (folder / str(seed)).mkdir()
        write(seed, folder / str(seed))
        try:
            yield seed, advisor.load(folder / str(seed))
        except Problems:
            continue


@pytest.mark.parametrize("first", range(0, SEEDS, 50))
@pytest.mark.parametrize("write", [random_packs.write, random_packs.write_chain], ids=["any", "chains"])
def test_never_and_clash_are_said_only_where_they_are_so(
    first: int, write: Callable[[int, Path], object], tmp_path: Path
) -> None:
    """No rule that the check calls idle holds in any case; each pair that it says clashes does in one."""
    compared = 0
    for seed, pack in _packs(first, write, tmp_path):
        never, clash = _said(pack)
        tried = _tried(pack, random.Random(seed))
        compared += 1

        assert not never & tried.fired, f"seed {seed}"
        assert not tried.every or clash <= tried.clashed, f"seed {seed}"

    assert compared > 40, "too few of the random packs could be compared"


A_AND_B = "a: {type: yes/no, question: A?}\n  b: {type: yes/no, question: B?}"


def small(tmp_path: Path, s: str, p: str, *more: str) -> Small:
    """A choice `s` concluded by `a`, a choice `p` that follows from it, and advice on `p`."""
    facts = f"""
case:
  {A_AND_B}
  s: {{type: choice, choices: {{x: x}}, concluded: yes{s}}}
  p: {{type: choice, choices: {{warm: warm, cold: cold}}, concluded: yes{p}}}
"""
    rules = """
- {id: s-x, when: a, conclude: {s: x}, because: So., sources: [law]}
- {id: p-warm, when: s is x and b, conclude: {p: warm}, because: So., sources: [law]}
- {id: do-one, when: p is warm, advise: Do one., because: So., sources: [folk]}
- {id: note, when: b, advise: Note it., because: So., sources: [hunch]}
"""
    return Small(tmp_path, facts, "\n".join((rules.strip(), *more)))


COLD = "- {id: p-cold, when: s is x and not b, conclude: {p: cold}, because: So., sources: [law]}"


@pytest.mark.parametrize("otherwise", [", otherwise: none", ", otherwise: unknown", ", otherwise: cold"])
def test_a_rule_on_a_choice_that_follows_from_another_can_fire(otherwise: str, tmp_path: Path) -> None:
    """The values of a choice are looked through to the last, none counted too."""
    found = small(tmp_path, ", otherwise: none", otherwise, COLD).kinds()

    assert "never-fires" not in found


def test_a_choice_of_one_that_nothing_concludes_is_not_taken_to_be_it(tmp_path: Path) -> None:
    """No clash is made up of it, and reasoning leaves it open."""
    warm = "- {id: p-not-a, when: not a and s is x, conclude: {p: cold}, because: So., sources: [law]}"
    pack = small(tmp_path, ", otherwise: unknown", ", otherwise: unknown", COLD, warm)

    said = pack.advise({"a": "no", "b": "yes"})

    assert "clash" not in pack.kinds()
    assert said.value("s") == "unknown"
    assert said.state("p-warm") is None


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("{type: choice, choices: {x: x}, concluded: yes}", "it is none where no rule concludes a value"),
        ("{type: yes/no, concluded: yes}", "it is no where no rule concludes a value"),
    ],
)
def test_what_a_fact_without_otherwise_is_said_to_be_is_what_it_is(fact: str, words: str, tmp_path: Path) -> None:
    """The check names the value that reasoning takes."""
    value = "x" if "choice" in fact else "no"
    rules = f"- {{id: s-x, when: a, conclude: {{s: {value}}}, because: So., sources: [law]}}"
    pack = Small(tmp_path, f"case:\n  {A_AND_B}\n  s: {fact}\n", rules)

    messages = [one.message for one in pack.problems() if one.kind == "no-otherwise"]

    assert [words in one for one in messages] == [True]
    assert f"it is {pack.advise({'a': 'no'}).value('s')} where" in messages[0]
