"""How far the worked cases of a pack try what it says.

In: a loaded pack and its worked cases. Out: `Coverage`: for each condition and each comparison in it how often the
cases make it true, false and unknown, and how often a comparison decides; which answers are given; which questions no
case answers; which sources nothing cites.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from advisor.advice.advice import Advice
from advisor.advice.advisor import LoadedPack
from advisor.authoring.conditions import Probe, Site, State, sites
from advisor.authoring.mentions import mentions
from advisor.cases.reader import WorkedCase
from advisor.language.printing import text
from advisor.language.tree import CASE, Condition
from advisor.packs.pack import Fact, Goal, Pack
from advisor.problems.problem import Place, Problems
from advisor.reasoning.world import World


@dataclass(slots=True)
class Tally:
    """How often something was true, false and unknown, and how often it decided."""

    true: int = 0
    false: int = 0
    unknown: int = 0
    decided: int = 0

    def add(self, found: State) -> None:
        """One more."""
        if found is None:
            self.unknown += 1
        elif found:
            self.true += 1
        else:
            self.false += 1

    @property
    def missing(self) -> tuple[str, ...]:
        """What it never was."""
        counts = {"true": self.true, "false": self.false, "unknown": self.unknown}
        return tuple(word for word, count in counts.items() if count == 0)

    def to_dict(self) -> dict[str, int]:
        """The counts as plain data."""
        return {"true": self.true, "false": self.false, "unknown": self.unknown, "decides": self.decided}


@dataclass(slots=True)
class Covered:
    """One condition with what the cases made of it and of its parts."""

    site: Site
    whole: Tally = field(default_factory=Tally)
    parts: dict[Condition, Tally] = field(default_factory=dict)

    @property
    def idle(self) -> list[Condition]:
        """The comparisons that never decide: no case would notice if they were left out."""
        return [part for part, tally in self.parts.items() if not tally.decided]

    @property
    def full(self) -> bool:
        """Whether it was true and false, and each of its parts decided."""
        return bool(self.whole.true and self.whole.false) and not self.idle


@dataclass(slots=True)
class GivenAnswer:
    """A row of a goal: in how many cases it was the answer, and in how many it was one of several possible."""

    goal: Goal
    number: int
    given: int = 0
    possible: int = 0

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return self.goal.rows[self.number].place


@dataclass(slots=True, kw_only=True)
class Coverage:
    """What the worked cases of a pack try."""

    pack: Pack
    cases: int
    conditions: list[Covered]
    answers: list[GivenAnswer]
    unasked: list[Fact]
    """Facts with a question that no case answers."""
    uncited: list[str]
    """Sources that nothing cites."""

    @property
    def share(self) -> float:
        """The share of comparisons that decide in some case, from 0 to 1; 1 where there is none."""
        parts = [tally for one in self.conditions for tally in one.parts.values()]
        return sum(bool(tally.decided) for tally in parts) / len(parts) if parts else 1.0

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "pack": self.pack.id,
            "cases": self.cases,
            "decided": round(self.share, 4),
            "conditions": [_condition(one) for one in self.conditions],
            "answers": [
                {"goal": one.goal.id, "row": one.number + 1, **_place(one.place)}
                | {"given": one.given, "possible": one.possible}
                for one in self.answers
            ],
            "questions_not_answered": [
                {"about": one.kind, "fact": one.name, "question": one.question, **_place(one.place)}
                for one in self.unasked
            ],
            "sources_not_cited": [{"source": one, **_place(self.pack.sources[one].place)} for one in self.uncited],
        }


def _condition(one: Covered) -> dict[str, Any]:
    return {
        "of": one.site.what,
        "name": one.site.name,
        **_place(one.site.place),
        "condition": text(one.site.condition),
        **{key: count for key, count in one.whole.to_dict().items() if key != "decides"},
        "parts": [{"part": text(part), **tally.to_dict()} for part, tally in one.parts.items()],
    }


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line}


def coverage(pack: LoadedPack, cases: Iterable[WorkedCase], today: date) -> Coverage:
    """What the cases try; `today` is the day it is for those that give none. A case that is refused tries nothing."""
    found = [Covered(site, parts={part: Tally() for part in site.parts}) for site in sites(pack.data)]
    answers = [GivenAnswer(goal, number) for goal in pack.data.goals.values() for number in range(len(goal.rows))]
    by_row = {(one.goal.id, one.number): one for one in answers}
    probes = [Probe(pack.program, one.site) for one in found]
    answered: set[tuple[str, str]] = set()
    count = 0
    for case in cases:
        count += 1
        answered |= set(_answered(case))
        try:
            advice = Advice(pack.reason(case.case, today=case.case.today or today))
        except Problems:
            continue
        for one, probe in zip(found, probes, strict=True):
            _add(one, probe, advice.world)
        for goal in advice.answers:
            for row in goal.rows if goal.goal.rows else ():
                if (goal.goal.id, row) in by_row:
                    by_row[goal.goal.id, row].possible += 1
                    by_row[goal.goal.id, row].given += len(goal.rows) == 1
    return Coverage(
        pack=pack.data,
        cases=count,
        conditions=found,
        answers=answers,
        unasked=[fact for fact in pack.data.all_facts() if fact.question and (fact.kind, fact.name) not in answered],
        uncited=_uncited(pack.data),
    )


def _add(one: Covered, probe: Probe, world: World) -> None:
    for subject in probe.subjects(world):
        seen = probe.see(world, subject)
        one.whole.add(seen.whole)
        for tally, found, decided in zip(one.parts.values(), seen.parts, seen.decided, strict=True):
            tally.add(found)
            tally.decided += decided


def _answered(case: WorkedCase) -> Iterator[tuple[str, str]]:
    """The facts about which a case says something, by kind and name."""
    yield from ((CASE, name.partition(".")[0]) for name in case.case.answers)
    for kind, items in case.case.entities.items():
        for item in items.items:
            yield from ((kind, name.partition(".")[0]) for name in item.answers)


def _uncited(pack: Pack) -> list[str]:
    cited = {one.name for one in mentions(pack, Path(pack.folder)) if one.sort == "source" and one.where == "sources"}
    return [source for source in pack.sources if source not in cited]
