"""The case or one of its entities, while it is reasoned over: what is possible of each field, and its rules' states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.cases.case import Answer
from advisor.language.tree import CASE
from advisor.reasoning.matching import Outcome
from advisor.values.types import ANYTHING, Scalar, Value


class Subject:
    """The case or one entity: what is possible of each of its fields, as values and as cells, and its rules' states."""

    __slots__ = ("answers", "id", "kind", "masks", "outcomes", "place", "resolutions", "states", "times", "values")

    def __init__(self, kind: str, id_: str, times: int, answers: Mapping[str, Answer], width: int) -> None:
        self.kind = kind
        self.id = id_
        self.times = times
        self.answers = answers
        self.values: list[Value] = [ANYTHING] * width
        self.masks: list[int] = [0] * width
        self.outcomes: dict[str, tuple[Outcome, ...]] = {}
        """By group: what the network said of each of its conditions."""
        self.resolutions: dict[str, Resolution] = {}
        """By group of rules: which of them conclude, and which are open."""

    def __repr__(self) -> str:
        return self.kind if self.kind == CASE else f"{self.kind}[{self.id}]"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a group's rules. `states`: concludes, ruled out or (None) open. The rest are their numbers."""

    states: tuple[Outcome, ...]
    winners: tuple[int, ...]
    open: tuple[int, ...]
    guesses: tuple[int, ...]
    """Speculative rules that hold or are open: they conclude only likely values."""


Place = tuple[Subject, int]
"""One field of one subject."""


Leaf = tuple[Subject, int | str]
"""An unknown: a field of a subject, or a named one (a parameter on a day, what an unlisted entity adds)."""


Assignment = Mapping[Leaf, Value]
"""What is taken of unknowns: a settled value, or some of many choices, where no more than that mattered."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One thing a value may come to, and a completion in which it does."""

    value: Scalar
    assignment: Assignment
