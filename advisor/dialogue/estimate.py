"""How many questions are likely left: the chance of each to be needed before what was asked for is settled.

In: open targets. Out: chances, where each answer is as likely as another, but for boxes to tick, of which people tick
about one, and for "don't know", which leaves all ways open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from advisor.dialogue.relevance.diagrams import LAST, Diagram
from advisor.dialogue.relevance.relevance import Question, Relevance, Target
from advisor.values.types import CHOICES

HALF: Final = 0.5
"""The chance that a question matters to a target that is too large to be worked out."""
TICKED: Final = 1.0
"""Boxes that a person ticks of all those that a question offers. Ours: people have one trouble at a time, or none."""

Asked = Mapping[Question, tuple[int, ...]]
"""Questions, and the unknowns that each settles."""


class Chances:
    """The chances for one pack; what was worked out for a diagram is kept."""

    def __init__(self, relevance: Relevance) -> None:
        self.relevance = relevance
        self.diagrams = relevance.diagrams
        self._asked: dict[frozenset[int], Asked] = {}
        self._chances: dict[tuple[Diagram | None, frozenset[int], float], Mapping[Question, float]] = {}
        self._weights: dict[tuple[int, int], tuple[float, ...]] = {}

    def asked_by(self, levels: frozenset[int]) -> Asked:
        """The questions that unknowns are asked by."""
        found = self._asked.get(levels)
        if found is None:
            grouped: dict[Question, tuple[int, ...]] = {}
            for level in sorted(levels):
                question = self.relevance.question(level)
                grouped[question] = (*grouped.get(question, ()), level)
            found = self._asked[levels] = grouped
        return found

    def of(self, target: Target, unsure: float = 0.0) -> Mapping[Question, float]:
        """For each question the chance that it is met on the way to settling a target.

        `unsure`: the chance that the answer to a question is "don't know".
        """
        key = (target.diagram, target.levels, unsure)
        found = self._chances.get(key)
        if found is None:
            met = self._met_in(target.diagram, unsure) if target.diagram is not None else {}
            found = {}
            for question, levels in self.asked_by(target.levels).items():
                found[question] = max(met.get(level, HALF) for level in levels)
            self._chances[key] = found
        return found

    def likely_left(self, targets: Iterable[Target], unsure: float) -> int:
        """How many questions can be expected until all targets are settled.

        Targets that share a question mostly need it in the same situations, so it counts as often as the one that
        most likely needs it.
        """
        needed: dict[Question, float] = {}
        for target in targets:
            for question, chance in self.of(target, unsure).items():
                needed[question] = max(needed.get(question, 0.0), chance)
        return round(sum(needed.values()))

    def _met_in(self, diagram: Diagram, unsure: float) -> dict[int, float]:
        """For each unknown the chance to meet it on the way down."""
        chances = {diagram: 1.0}
        met: dict[int, float] = {}
        for part in sorted(self.diagrams.parts(diagram), key=lambda one: self.diagrams.level[one]):
            level = self.diagrams.level[part]
            if level == LAST:
                break
            here = min(1.0, chances[part])
            met[level] = met.get(level, 0.0) + here
            branches = self.diagrams.branches[part]
            for branch, weight in zip(branches, self._likely(level, len(branches)), strict=True):
                chances[branch] = chances.get(branch, 0.0) + here * weight * (1 - unsure)
            for branch in set(branches) if unsure else ():
                chances[branch] += here * unsure
        return {level: min(1.0, chance) for level, chance in met.items()}

    def _likely(self, level: int, width: int) -> tuple[float, ...]:
        """How likely each sample of an unknown is."""
        found = self._weights.get((level, width))
        if found is None:
            unknown = self.relevance.symbolic.unknowns[level]
            fact = self.relevance.program.pack.facts[unknown.who[0]].get(unknown.fact)
            if fact is not None and fact.type.kind == CHOICES and width == len((False, True)):
                ticked = min(HALF, TICKED / len(fact.type.choices))
                found = (1 - ticked, ticked)
            else:
                found = (1 / width,) * width
            self._weights[level, width] = found
        return found
