"""Which question comes first: read off the open targets.

The most telling question is the one whose answer can be expected to spare the most others. Questions on one entity
stay together, within it those of one topic; where two tell as much, the pack's order decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from advisor.dialogue.estimate import Chances
from advisor.dialogue.relevance.diagrams import Diagram
from advisor.dialogue.relevance.relevance import Question, Relevance, Target

MOST_COMPARED: Final = 30
"""Of more questions than these, only those on one entity are weighed against each other."""
MOST_WEIGHED: Final = 12
"""A target that hangs on more unknowns is not taken apart to see what each would spare."""


class Ordering:
    """The order of questions for one pack; what was worked out for a diagram is kept."""

    def __init__(self, relevance: Relevance) -> None:
        self.relevance = relevance
        self.diagrams = relevance.diagrams
        self.chances = Chances(relevance)
        self._spared: dict[tuple[Diagram | None, frozenset[int], Question], float] = {}
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
            place = self._place.get((one.kind, one.fact), -1)
            return -round(telling.get(one, 0.0), 6), _owner(one, entities), place

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
        """Of many questions those on one thing: the case, or the entity that the case lists first.

        The question that most likely matters most often decides of which kind it is.
        """
        often = dict.fromkeys(questions, 0.0)
        for target in targets:
            for question, chance in self.chances.of(target).items():
                if question in often:
                    often[question] += chance

        def key(one: Question) -> tuple[float, int, int]:
            return -round(often[one], 6), _owner(one, entities), self._place.get((one.kind, one.fact), -1)

        first = min(questions, key=key)
        alike = [one for one in questions if one.kind == first.kind]
        whose = min(alike, key=lambda one: (_owner(one, entities), key(one))).entity if first.entity else ""
        return [one for one in alike if one.entity == whose]

    # --- what an answer spares -------------------------------------------------------------------------------------

    def telling(self, targets: Sequence[Target], questions: Collection[Question]) -> dict[Question, float]:
        """How many other questions each question can be expected to spare, over all targets."""
        found = dict.fromkeys(questions, 0.0)
        for target in targets:
            for question in self.chances.asked_by(target.levels):
                if question in found:
                    found[question] += self._sparing(target, question)
        return found

    def _sparing(self, target: Target, question: Question) -> float:
        key = (target.diagram, target.levels, question)
        found = self._spared.get(key)
        if found is None:
            levels = self.chances.asked_by(target.levels)[question]
            if target.diagram is None or len(target.levels) > MOST_WEIGHED:
                found = self.chances.of(target)[question]
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


def _owner(question: Question, entities: Mapping[tuple[str, str], int]) -> int:
    """The place in the case of what a question is about; the case itself comes first."""
    return entities.get((question.kind, question.entity), -1)
