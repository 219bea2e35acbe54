"""Which question comes first, and how many are likely left: read off the open targets.

The most telling question is the one whose answer can be expected to spare the most others. Questions on one entity
stay together, within it those of one topic; where two tell as much, the pack's order decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from advisor.diagrams import LAST, Diagram
from advisor.relevance import Question, Relevance, Target

HALF: Final = 0.5
"""The chance that a question matters to a target that is too large to be worked out."""
MOST_COMPARED: Final = 30
"""Of more questions than these, only those on one entity are weighed against each other."""
MOST_WEIGHED: Final = 12
"""A target that hangs on more unknowns is not taken apart to see what each would spare."""

Asked = Mapping[Question, tuple[int, ...]]
"""Questions, and the unknowns that each settles."""


class Ordering:
    """The order of questions for one pack; what was worked out for a diagram is kept."""

    def __init__(self, relevance: Relevance) -> None:
        self.relevance = relevance
        self.diagrams = relevance.diagrams
        self._asked: dict[frozenset[int], Asked] = {}
        self._spared: dict[tuple[Diagram | None, frozenset[int], Question], float] = {}
        self._chances: dict[tuple[Diagram | None, frozenset[int]], Mapping[Question, float]] = {}
        self._met: dict[Diagram, dict[int, float]] = {}
        facts = list(relevance.program.pack.all_facts())
        self._place = {(fact.kind, fact.name): number for number, fact in enumerate(facts)}
        self._section = {(fact.kind, fact.name): fact.topic for fact in facts}

    def first(
        self,
        targets: Sequence[Target],
        questions: Collection[Question],
        last: Question | None,
        entities: Mapping[tuple[str, str], int],
    ) -> Question:
        """The question to ask now. `last`: the one asked before; `entities`: the place of each in the case."""
        near = self._near(questions, last)
        if len(near) > MOST_COMPARED:
            near = self._on_one_thing(targets, near, entities)
        telling = self.telling(targets, near) if len(near) > 1 else {}

        def key(one: Question) -> tuple[float, int, int]:
            owner = entities.get((one.kind, one.entity), -1)
            return -round(telling.get(one, 0.0), 6), owner, self._place.get((one.kind, one.fact), -1)

        return min(near, key=key)

    def section(self, question: Question) -> str:
        """The topic that a question belongs to."""
        return self._section.get((question.kind, question.fact), "")

    def _near(self, questions: Collection[Question], last: Question | None) -> Collection[Question]:
        """The questions on the same entity and topic as the last one; else on the same entity; else all."""
        if last is None:
            return questions
        same = [one for one in questions if (one.kind, one.entity) == (last.kind, last.entity)]
        section = self.section(last)
        return [one for one in same if self.section(one) == section] or same or questions

    def _on_one_thing(
        self, targets: Sequence[Target], questions: Collection[Question], entities: Mapping[tuple[str, str], int]
    ) -> Collection[Question]:
        """Of many questions those on the entity (or the case) that has the one which most likely matters most often."""
        chances = dict.fromkeys(questions, 0.0)
        for target in targets:
            for question, chance in self._chances_of(target).items():
                if question in chances:
                    chances[question] += chance
        first = min(
            questions,
            key=lambda one: (
                -round(chances[one], 6),
                entities.get((one.kind, one.entity), -1),
                self._place.get((one.kind, one.fact), -1),
            ),
        )
        return [one for one in questions if (one.kind, one.entity) == (first.kind, first.entity)]

    # --- what an answer spares -------------------------------------------------------------------------------------

    def telling(self, targets: Sequence[Target], questions: Collection[Question]) -> dict[Question, float]:
        """How many other questions each question can be expected to spare, over all targets."""
        found = dict.fromkeys(questions, 0.0)
        for target in targets:
            for question in self._asked_by(target.levels):
                if question in found:
                    found[question] += self._sparing(target, question)
        return found

    def _asked_by(self, levels: frozenset[int]) -> Asked:
        found = self._asked.get(levels)
        if found is None:
            grouped: dict[Question, tuple[int, ...]] = {}
            for level in sorted(levels):
                question = self.relevance.question(level)
                grouped[question] = (*grouped.get(question, ()), level)
            found = self._asked[levels] = grouped
        return found

    def _sparing(self, target: Target, question: Question) -> float:
        key = (target.diagram, target.levels, question)
        found = self._spared.get(key)
        if found is None:
            levels = self._asked_by(target.levels)[question]
            if target.diagram is None or len(target.levels) > MOST_WEIGHED:
                found = self._chances_of(target)[question]
            else:
                found = sum(self._spares(target.diagram, level, target.levels) for level in levels)
            self._spared[key] = found
        return found

    def _spares(self, diagram: Diagram, level: int, asked: frozenset[int]) -> float:
        """How many of the unknowns that a function hangs on fall away with an answer to one of them, on average."""
        if level not in self.diagrams.levels(diagram):
            return 1.0
        width = self.relevance.symbolic.unknowns[level].width
        left: dict[Diagram, int] = {}
        for sample in range(width):
            then = self.diagrams.given(diagram, level, sample)
            left[then] = left.get(then, 0) + 1
        remaining = sum(len(self.diagrams.levels(one) & asked) * times for one, times in left.items())
        return len(asked) - remaining / width

    # --- how many are left ---------------------------------------------------------------------------------------

    def likely_left(self, targets: Sequence[Target]) -> int:
        """How many questions can be expected until all targets are settled, if every answer were as likely."""
        missed: dict[Question, float] = {}
        for target in targets:
            for question, chance in self._chances_of(target).items():
                missed[question] = missed.get(question, 1.0) * (1.0 - chance)
        return round(sum(1.0 - one for one in missed.values()))

    def _chances_of(self, target: Target) -> Mapping[Question, float]:
        """For each question the chance that it is met on the way down a diagram."""
        key = (target.diagram, target.levels)
        found = self._chances.get(key)
        if found is None:
            met = self._met_in(target.diagram) if target.diagram is not None else {}
            found = {}
            for question, levels in self._asked_by(target.levels).items():
                found[question] = max(met.get(level, HALF) for level in levels)
            self._chances[key] = found
        return found

    def _met_in(self, diagram: Diagram) -> dict[int, float]:
        """For each unknown the chance to meet it on the way down, where all samples are as likely."""
        chances = {diagram: 1.0}
        met: dict[int, float] = {}
        for part in sorted(self.diagrams.parts(diagram), key=lambda one: self.diagrams.level[one]):
            level = self.diagrams.level[part]
            if level == LAST:
                break
            met[level] = met.get(level, 0.0) + chances[part]
            branches = self.diagrams.branches[part]
            for branch in branches:
                chances[branch] = chances.get(branch, 0.0) + chances[part] / len(branches)
        return met
