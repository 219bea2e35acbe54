"""Formulas over numbers known in part: whatever these turn out to be, nothing that was certain is otherwise.

Random formulas are worked out once with what is known in part, and then for many completions, each of them settled.
`ADVISOR_SEEDS=5000 pytest tests/reasoning/formulas/test_ranges.py` is the long run.
"""

from __future__ import annotations

import itertools
import math
import os
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.advice.advisor import LoadedPack
from advisor.reasoning.formulas.ranges import span_of
from advisor.reasoning.formulas.terms import Formula, Part, Unknown, stepped
from advisor.reasoning.world import World
from advisor.values.spans import Span
from advisor.values.text import plain
from advisor.values.types import NONE, NUMBER, WHOLE, Among, Partial, Type, Value, Within
from tests.reasoning.small import DAY, Small

SEEDS = int(os.environ.get("ADVISOR_SEEDS", "40"))
MOST_COMPLETIONS = 60
"""So many completions of one case are tried, taken at random where there are more."""

ENTITY = "entities:\n  item: {plural: items, label: name}\n"
GRADES = """
grade:
  type: number
  by: number
  values:
    - {brackets: [{up_to: -1, value: 3}, {up_to: 1.5, value: 1}, {above: 1.5, value: 2}], sources: [law]}
"""
RULES = ("first", "second", "third", "fourth")


class Made:
    """A made-up pack: three numbers and a list of items, two formulas, a yes/no and four rules over them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.kinds = [self.rng.choice((NUMBER, NUMBER, WHOLE)) for _ in range(3)]
        self.bounds = [(self.rng.randint(-5, 1), self.rng.randint(2, 5)) for _ in range(3)]
        self.names = [f"x{number}" for number in range(self.rng.randint(1, 3))]
        self.with_items = self.rng.random() < 1 / 3

    def facts(self) -> str:
        """The vocabulary."""
        lines = ["case:"]
        for number, name in enumerate(self.names):
            low, high = self.bounds[number]
            bounds = "" if self.rng.random() < 1 / 6 else f", at_least: {low}, at_most: {high}"
            lines.append(f"  {name}: {{type: {self.kinds[number]}, question: How many?{bounds}}}")
        lines.append(f'  plainly: {{type: number, formula: "{self.formula(3)}"}}')
        self.names.append("plainly")
        rows = f'[{{when: "{self.condition()}", is: "{self.formula(2)}"}}, {{otherwise: "{self.formula(2)}"}}]'
        lines.append(f"  by_rows: {{type: number, rows: {rows}}}")
        self.names.append("by_rows")
        lines.append(f'  whether: {{type: yes/no, rows: [{{when: "{self.condition()}", is: yes}}, {{otherwise: no}}]}}')
        lines.append("item:\n  name: {type: text, question: Which?}")
        lines.append("  v: {type: number, question: What?, at_least: -3, at_most: 4}")
        return "\n".join(lines) + "\n"

    def rules(self) -> str:
        """Rules with conditions over it all."""
        line = '- {{id: {}, when: "{}", advise: Do, because: So., sources: [law]}}'
        return "\n".join(line.format(name, self.condition()) for name in RULES)

    def formula(self, depth: int) -> str:
        """An expression."""
        if depth == 0 or self.rng.random() < 1 / 8:
            return self.rng.choice([*self.names, *self.names, str(self.rng.randint(0, 3)), "0.5"])
        one, other = self.formula(depth - 1), self.formula(depth - 1)
        if self.with_items and self.rng.random() < 1 / 4:
            return self.rng.choice(
                [
                    "(sum of v over items)",
                    "(sum of v * v over items)",
                    "(smallest v over items)",
                    "(largest v over items)",
                    "(number of items where v is above 1)",
                    "(number of different v over items)",
                    "(sum of v over items where v * v is below 2)",
                    f"(sum of max(v, {one}) over items)",
                ]
            )
        return self.rng.choice(
            [
                *[f"({one} {op} {other})" for op in "++--**//"],
                f"min({one}, {other})",
                f"max({one}, {other})",
                f"round({one})",
                f"round({one}, 1)",
                f"floor({one})",
                f"ceiling({one})",
                f"abs({one})",
                f"remainder({one}, {self.rng.choice(['2', '3', '0.5', other])})",
                f"(grade at {one})",
            ]
        )

    def condition(self) -> str:
        """A comparison, or two."""
        what = self.rng.choice([*self.names, self.formula(2)])
        low = self.rng.randint(-3, 3)
        words = ["is above", "is below", "is at least", "is at most", "is", "is not"]
        found = f"{what} {self.rng.choice(words)} {abs(low)}"
        if self.rng.random() < 1 / 4:
            found = f"{what} is between {abs(low)} and {abs(low) + self.rng.randint(1, 3)}"
        if self.rng.random() < 1 / 5:
            found = f"{found} and {self.rng.choice(self.names)} {self.rng.choice(words)} {self.rng.randint(0, 3)}"
        return found

    def answer(self) -> str:
        """What is known of a number."""
        low = self.rng.randint(-3, 2)
        high = low + self.rng.randint(1, 4)
        return self.rng.choice(
            ["unknown", "unknown", f"{low}..{high}", f"above {max(low, 0)}", f"below {max(high, 1)}", str(max(low, 0))]
        )


def _completions(value: Value, type_: Type, rng: random.Random) -> list[Any]:
    """Settled values within what is known, at its ends and between them."""
    if not isinstance(value, Partial):
        return [value]
    assert isinstance(value, Within)
    low, high = value.low, value.high
    assert not isinstance(low, Partial)
    first = Fraction(low) if low is not None else Fraction(high) - 40 if high is not None else Fraction(-20)  # type: ignore[arg-type]
    last = Fraction(high) if high is not None else first + 40  # type: ignore[arg-type]
    if type_.kind == WHOLE:
        return [*range(math.ceil(first), math.floor(last) + 1)]
    near = Fraction(1, 1000)
    found = {first + (near if value.low_open else 0), last - (near if value.high_open else 0)}
    found |= {one for one in (Fraction(step, 2) for step in range(-8, 9)) if first < one < last}
    found |= {first + (last - first) * Fraction(rng.randint(1, 999), 1000) for _ in range(3)}
    return sorted(found)


def _holds(value: Value, settled: Value) -> bool:
    """Whether a settled value is among what was said to be possible."""
    if isinstance(value, Among):
        return settled in value.values
    if not isinstance(value, Within):
        return value == settled
    if settled is NONE:
        return value.maybe_none
    assert isinstance(settled, int | Fraction)
    above = value.low is None or value.low < settled or (value.low == settled and not value.low_open)  # type: ignore[operator]
    below = value.high is None or settled < value.high or (value.high == settled and not value.high_open)  # type: ignore[operator]
    return above and below


def _contradictions(pack: LoadedPack, partly: World, settled: World) -> list[str]:
    """What was certain of the case in part and is otherwise in a completion of it."""
    found = []
    for field in pack.program.fields["case"]:
        before, after = partly.case.values[field.index], settled.case.values[field.index]
        if field.fact is not None and not _holds(before, after):
            found.append(f"{field.name}: {after}, not in {before}")
    for rule in pack.data.rules.values():
        state = partly.state(rule, partly.case)
        if state is not None and state is not settled.state(rule, settled.case):
            found.append(f"{rule.id}: {settled.state(rule, settled.case)}, not {state}")
    return found


def _worked_out(pack: LoadedPack, values: dict[str, str], items: list[str], listed: bool) -> World:
    data: dict[str, Any] = {"today": DAY, "facts": values}
    if listed:
        data["items"] = [{"id": f"i{number}", "v": value} for number, value in enumerate(items)]
    return pack.reason(pack.case(data))


def _written(one: Any, type_: Type) -> str:
    """A number as a case file may write it, with few enough digits."""
    return plain(Fraction(round(one * 1000), 1000), type_) if isinstance(one, Fraction) else plain(one, type_)


@pytest.mark.parametrize("chunk", range(0, SEEDS, 20))
def test_no_completion_contradicts_what_is_certain(chunk: int, tmp_path: Path) -> None:
    for seed in range(chunk, chunk + 20):
        made = Made(seed)
        small = Small(tmp_path, made.facts(), made.rules(), ENTITY, parameters=GRADES)
        try:
            pack = small.load()
        except advisor.Problems:
            continue
        asked = [one for one in pack.program.fields["case"] if one.role == "asked"]
        answers = {one.name: made.answer() for one in asked}
        items = [made.rng.choice(("unknown", "0..2", "above 1", "2", "-1..1")) for _ in range(2)]
        try:
            partly = _worked_out(pack, answers, items, listed=made.with_items)
        except advisor.Problems:
            continue
        spread = [_completions(partly.case.values[one.index], one.type, made.rng) for one in asked]
        types = [one.type for one in asked]
        if made.with_items:
            index = pack.program.field("item", "v")
            types += [pack.program.fields["item"][index].type] * 2
            spread += [_completions(one.values[index], types[-1], made.rng) for one in partly.entities["item"]]
        completions = list(itertools.islice(itertools.product(*spread), 200_000))
        for completion in made.rng.sample(completions, min(MOST_COMPLETIONS, len(completions))):
            written = [_written(one, type_) for one, type_ in zip(completion, types, strict=True)]
            values = dict(zip(answers, written, strict=False))
            settled = _worked_out(pack, values, written[len(answers) :], listed=made.with_items)
            found = _contradictions(pack, partly, settled)

            assert not found, f"seed {seed}: {found} where {answers} {items} is {written}"


# --- terms by themselves ------------------------------------------------------------------------------------------


def _unknown(name: str, low: float, high: float, **more: bool) -> Unknown:
    return Unknown(("case", "", name), Span(low, high, **more))


X, Y = _unknown("x", -5, 5), _unknown("y", 1, 3)
ABOVE = Unknown(("case", "", "z"), Span(0, math.inf, low_open=True, high_open=True))


def _of(op: str, *parts: Part) -> Formula:
    return Formula(op, parts)


@pytest.mark.parametrize(
    ("term", "span"),
    [
        (_of("*", _of("-", X, 2), _of("-", X, 2)), Span(0, 49)),
        (_of("max", X, _of("-", 3, X)), Span(Fraction(3, 2), 8)),
        (_of("-", X, X), Span(0, 0)),
        (_of("-", _of("+", X, Y), X), Span(1, 3)),
        (_of("/", X, _of("+", X, 10)), Span(-1, Fraction(1, 3))),
        (_of("*", X, Y), Span(-15, 15)),
        (_of("-", _of("*", X, X), X), Span(Fraction(-1, 4), 30)),
        (_of("/", 3, ABOVE), Span(0, math.inf, low_open=True, high_open=True)),
        (_of("/", ABOVE, _of("+", ABOVE, Y)), Span(0, 1, low_open=True, high_open=True)),
        (_of("+", 5, _of("/", 100, ABOVE)), Span(5, math.inf, low_open=True, high_open=True)),
        (_of("max", 0, _of("-", 100, ABOVE)), Span(0, 100, high_open=True)),
        (_of("min", X, Y), Span(-5, 3)),
        (_of("-", _of("max", X, 1), _of("min", X, 1)), Span(0, 6)),
    ],
    ids=str,
)
def test_the_bounds_of_a_term_are_exact(term: Formula, span: Span) -> None:
    assert span_of(term) == span


def test_an_end_that_is_open_stays_so_unless_it_is_rounded() -> None:
    rounded = stepped(("round", 0), lambda number: math.floor(number + Fraction(1, 2)), ABOVE)

    assert span_of(_of("*", 2, ABOVE)) == Span(0, math.inf, low_open=True, high_open=True)
    assert span_of(rounded) == Span(0, math.inf, high_open=True)
