"""Advice: answers, ranked recommendations, forecasts and what is still open.

In: a `World`. Out: an `Advice`, which `data.py` writes as plain data.
"""

from __future__ import annotations

from functools import cached_property

from advisor.advice import answers, projections, speech
from advisor.advice.answers import Answered
from advisor.advice.proof import Leaf, Prover
from advisor.advice.recommendations import Recommendation, deadline, opponents, ranked, recommended, title
from advisor.packs.pack import Goal
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values.types import Value


class Advice:
    """What is advised in a case, and why. Parts are worked out when they are first looked at."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.prover = Prover(world)

    @cached_property
    def recommendations(self) -> list[Recommendation]:
        """What is advised, and what may be once more is known, the most pressing first."""
        return ranked(self.world, recommended(self.world))

    @cached_property
    def forecasts(self) -> list[projections.Forecast]:
        """The figures that are forecast: each model's, then the range over all of them."""
        return projections.forecasts(self.world)

    @cached_property
    def answers(self) -> list[Answered]:
        """What the case says to each of its goals, in their order."""
        return [self.answered(goal, subject) for goal, subject in answers.chosen(self.world)]

    def answered(self, goal: Goal, subject: Subject) -> Answered:
        """What the case says to one goal about the case or one entity."""
        return Answered(self.world, self.prover, lambda: self.recommendations, goal, subject)

    @property
    def headline(self) -> str:
        """The first answer, in a sentence or two."""
        return self.answers[0].sentence if self.answers else ""

    def title(self, one: Recommendation) -> str:
        """What a recommendation says to do, in a line."""
        return title(self.world, one)

    def deadline(self, one: Recommendation) -> Value | None:
        """By when, as far as it is known; None where a recommendation has no deadline."""
        return deadline(self.world, one)

    def missing(self, one: Recommendation) -> list[Leaf]:
        """The unknown facts on which an open recommendation hangs."""
        found = dict.fromkeys(self.prover.rule_unknowns(one.rule, one.subject)) if one.status is None else {}
        for rule, subject in opponents(self.world, one.rule, one.subject):
            if one.status is None and self.world.state(rule, subject) is None:
                found |= dict.fromkeys(self.prover.rule_unknowns(rule, subject))
        return sorted(found, key=lambda leaf: speech.place(self.world, *leaf))

    @cached_property
    def open_questions(self) -> list[tuple[Leaf, list[str]]]:
        """Unknown facts that a person may know, and the keys of what each could change; the most telling first."""
        hangs: dict[Leaf, list[str]] = {}
        for one in self.recommendations:
            for leaf in self.missing(one):
                hangs.setdefault(leaf, []).append(one.key)
        for forecast in self.forecasts:
            for subject, index in sorted(forecast.leaves, key=str):
                if isinstance(index, int):
                    found = self.world.program.fields[subject.kind][index]
                    if found.fact is not None and found.fact.asked:
                        hangs.setdefault((subject, found), []).append(forecast.key)
        return sorted(hangs.items(), key=lambda item: (-len(item[1]), speech.place(self.world, *item[0])))
