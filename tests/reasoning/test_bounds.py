"""What is worked out of a fact keeps within the fact's bounds, and what a figure assumes gives that figure.

`ADVISOR_SEEDS=2000 pytest tests/reasoning/test_bounds.py` is the long run.
"""

from __future__ import annotations

import os
import random
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.values.types import NONE, Partial, Within
from tests.folders import REPOSITORY
from tests.reasoning.small import DAY, Small

SEEDS = int(os.environ.get("ADVISOR_SEEDS", "60"))
LOW, HIGH = 0, 100
TRIED = 25
"""Completions that one case is played through with."""
FACTS = """
case:
  extra: {{type: whole number, question: Extra?, at_least: 0, at_most: 3}}
  rate: {{type: number, question: Rate?, at_least: 0}}
  total: {{type: number, at_least: 0, at_most: 100, formula: "{total}"}}
  twice: {{type: number, at_most: 50, formula: total * 2 - rate}}
thing:
  size: {{type: number, question: Size?, at_least: 0}}
  good: {{type: yes/no, question: Good?}}
  counted: {{type: yes/no, question: Counted?}}
  weight: {{type: number, at_least: 0.5, at_most: 4, formula: "{weight}"}}
"""
TOTALS = (
    "100 * (sum of weight over things where good) / (sum of weight over things where counted)",
    "100 * (number of things where good) / (number of things where counted)",
    "100 * ((sum of weight over things where good) - rate) / (extra + number of things)",
    "(sum of size over things where good) / (sum of size over things) * 100 + rate",
    "sum of size over things where good and counted",
    "largest size over things where counted",
)
WEIGHTS = ("size", "size / 2 + 1", "1 / size", "size * size", "min(size, 3)")
PROJECTIONS = """
- id: figure
  label: Figure
  better: higher
  models:
    - {id: one, title: by the total, measure: total, because: So., sources: [law]}
    - {id: two, title: by twice that, measure: twice, because: So., sources: [law]}
"""
MORE = "entities: {thing: {plural: things}}"


def _pack(rng: random.Random, folder: Path) -> advisor.Pack:
    facts = FACTS.format(total=rng.choice(TOTALS), weight=rng.choice(WEIGHTS))
    return Small(folder, facts, more=MORE, projections=PROJECTIONS).load()


def _case(rng: random.Random) -> dict[str, Any]:
    things = [_thing(rng, number) for number in range(rng.randint(0, 3))]
    facts = {"extra": _said(rng, "1", "unknown"), "rate": _said(rng, "0.5", "at least 1", "0..2")}
    return {"today": DAY, "facts": _known(facts), "things": things}


def _thing(rng: random.Random, number: int) -> dict[str, Any]:
    size = _said(rng, "2", "at least 1", "above 0", "1..3", "0")
    said = {"size": size, "good": _said(rng, "yes", "no"), "counted": _said(rng, "yes", "yes", "no")}
    return {"id": f"t{number}", "times": rng.choice(("1", "1", "2", "3", "6")), **_known(said)}


def _said(rng: random.Random, *ways: str) -> str | None:
    return rng.choice((*ways, None))


def _known(said: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in said.items() if value is not None}


def _settled(case: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A completion of the case, each of several alike by itself."""
    facts = {"extra": rng.choice("0123"), "rate": rng.choice(("0", "1", "1.5", "2", "7"))} | case["facts"]
    things = []
    for thing in case["things"]:
        for number in range(int(thing["times"])):
            own = {"size": rng.choice(("0", "1", "2", "5", "0.1"))}
            own |= {name: rng.choice(("yes", "no")) for name in ("good", "counted")}
            things.append(own | thing | {"id": f"{thing['id']}-{number}", "times": "1"})
    return {**case, "facts": facts | _drawn(facts, rng), "things": [one | _drawn(one, rng) for one in things]}


def _drawn(said: dict[str, str], rng: random.Random) -> dict[str, str]:
    """Settled values for what is known in part."""
    ways: dict[str, tuple[str, ...]] = {"at least 1": ("1", "2", "9", "4000"), "above 0": ("0.01", "1", "3", "4000")}
    ways |= {"1..3": ("1", "2", "3"), "0..2": ("0", "1", "2"), "unknown": ("0", "3")}
    return {name: rng.choice(ways[value]) for name, value in said.items() if value in ways}


@pytest.mark.parametrize("first", range(0, SEEDS, 20))
def test_a_figure_keeps_its_bounds_holds_all_that_comes_out_and_says_when_it_does(first: int, tmp_path: Path) -> None:
    """Over random formulas, cases and completions of them; alike entities may turn out differently."""
    assumed = 0
    for seed in range(first, first + 20):
        rng = random.Random(seed)
        pack, case = _pack(rng, tmp_path), _case(rng)
        advice = pack.advise(pack.case(case))
        for name, low, high in (("total", LOW, HIGH), ("twice", None, 50)):
            _keeps_bounds(advice.world.case.values[pack.program.field("case", name)], low, high, seed)
        for _ in range(TRIED):
            _holds(advice, pack.advise(pack.case(_settled(case, rng))), seed)
        assumed += _says_when(pack, case, advice, seed)

    assert assumed >= 10, "too few figures say what they assume"


def _keeps_bounds(value: Any, low: int | None, high: int, seed: int) -> None:
    """A range, or a settled value, lies within the bounds of its fact."""
    ends = (value.low, value.high) if isinstance(value, Within) else () if isinstance(value, Partial) else (value,)
    for end in ends:
        known: Any = end
        if known is NONE or (known is None and low is None):
            continue
        assert low is None or low <= known, f"seed {seed}"
        assert known <= high, f"seed {seed}"


def _holds(advice: advisor.Advice, settled: advisor.Advice, seed: int) -> None:
    """Each figure of a completion lies within the range."""
    for whole, one in zip(advice.forecasts, settled.forecasts, strict=True):
        if one.worst is not None and whole.worst is not None and whole.best is not None:
            assert whole.worst <= one.worst <= whole.best, f"seed {seed}: {whole.key}"
        assert one.worst is None or not whole.absent or "Too " in whole.absent, f"seed {seed}: {whole.key}"


SENTENCE = re.compile(r"(?P<fact>\w+)(?: \(“(?P<thing>\w+)”\))?: (?P<value>.+)")
WORDS = {"yes": "yes", "no": "no"}


def _says_when(pack: advisor.Pack, case: dict[str, Any], advice: advisor.Advice, seed: int) -> int:
    """Replays what each figure assumes; how many figures said it."""
    said = 0
    for forecast in advice.forecasts:
        if forecast.model is None or forecast.worst is None:
            continue
        for name, figure in (("worst", forecast.worst), ("best", forecast.best)):
            sentences = getattr(forecast, f"assumes_{name}")
            answers = [SENTENCE.fullmatch(one) for one in sentences]
            if not sentences or any(one is None or one["fact"] in ("weight", "total") for one in answers):
                continue
            said += 1
            replayed = pack.advise(pack.case(_with(case, answers)))
            again = next(one for one in replayed.forecasts if one.key == forecast.key)
            assert figure in (again.worst, again.best), f"seed {seed}: {forecast.key}, {name} {figure}: {sentences}"
    return said


def _with(case: dict[str, Any], answers: list[Any]) -> dict[str, Any]:
    things = {thing["id"]: dict(thing) for thing in case["things"]}
    facts = dict(case["facts"])
    for one in answers:
        value = one["value"].replace(" or more", "").replace(",", "")
        (things[one["thing"]] if one["thing"] else facts)[one["fact"]] = _written(value)
    return {**case, "facts": facts, "things": list(things.values())}


def _written(value: str) -> str:
    """A value as a case writes it, from the words of a page."""
    return re.sub(r"^(\S+) to (\S+)$", r"\1..\2", value)


def test_several_alike_of_which_little_is_known_have_no_score_of_a_trillion() -> None:
    """The range of a quotient of sums that hang together keeps within what the fact can be."""
    pack = advisor.load(REPOSITORY / "rules" / "ending-a-contract")
    one = {"id": "one", "times": "6", "ended": "yes", "earned": "at least 1 USD", "problems": "none"}
    case = pack.case(
        {"as_of": "2022-03-15", "facts": {"has_score": "yes"}, "contracts": [{**one, "feedback": "unknown"}]}
    )

    figures = {(one.worst, one.best) for one in pack.advise(case).forecasts}

    assert figures == {(0, 100)}


def test_a_figure_that_nothing_bounds_is_not_given(tmp_path: Path) -> None:
    """What stands for a number without bound is never shown."""
    facts = "case:\n  size: {type: number, question: Size?}\n  twice: {type: number, formula: size * 2}\n"
    projections = """
    - id: figure
      label: Figure
      better: higher
      models: [{id: one, title: twice, measure: twice, because: So., sources: [law]}]
    """
    said = Small(tmp_path, facts, projections=projections).advise()

    assert said.figures("figure:one") == (None, None, None)
    assert "nothing bounds" in said.part("projections", "figure:one")["absent_because"]


@pytest.mark.parametrize(("size", "value"), [("7", "5"), ("-3", "1"), ("2", "2"), ("0..2", "1..2")])
def test_what_is_worked_out_beyond_a_bound_is_at_the_bound(size: str, value: str, tmp_path: Path) -> None:
    """By formula, by rows and by rules alike."""
    bounds = "at_least: 1, at_most: 5"
    facts = f"""
    case:
      size: {{type: number, question: Size?, at_least: -10, at_most: 10}}
      formula: {{type: number, {bounds}, formula: size + 0}}
      rows: {{type: number, {bounds}, rows: [{{otherwise: size + 0}}]}}
      ruled: {{type: number, {bounds}, concluded: yes, otherwise: none}}
      left: {{type: number, {bounds}, concluded: yes, otherwise: size + 0}}
    """.replace("formula: {", "worked: {").replace("rows: {", "in_rows: {", 1)
    rules = """
    - {id: it-is, when: size is known or size is unknown, conclude: {ruled: size + 0}, because: So., sources: [law]}
    - {id: it-is-not, when: size is above 20, conclude: {left: 1}, because: So., sources: [law]}
    """
    said = Small(tmp_path, facts, rules).advise({"size": size})

    found = {name: said.value(name) for name in ("worked", "in_rows", "ruled", "left")}

    assert set(found.values()) == {str(Fraction(value)) if ".." not in value else "at most 2"}, found
