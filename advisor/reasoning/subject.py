"""A subject of the reasoning, the case or one of its entities: its possible values and the states of its rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from advisor.cases.case import Answer
from advisor.language.tree import CASE
from advisor.reasoning.matching import Outcome
from advisor.values.types import Scalar, Value


class Concluded(Protocol):
    """What became of some groups of a subject."""

    @property
    def outcomes(self) -> Mapping[str, tuple[Outcome, ...]]:
        """By group: what the network said of each of its conditions."""
        ...

    @property
    def resolutions(self) -> Mapping[str, Resolution]:
        """By group of rules: which of them conclude, and which are open."""
        ...


class Subject:
    """The case or one entity: what is possible of each of its fields, as values and as cells, and its rules' states."""

    __slots__ = ("_found", "answers", "id", "kind", "masks", "outcomes", "resolutions", "times", "values")

    values: list[Value]
    """What is possible of each field; they and `masks` are set by whoever reasons first."""
    masks: list[int]
    outcomes: dict[str, tuple[Outcome, ...]]
    """By group: what the network said of each of its conditions."""
    resolutions: dict[str, Resolution]
    """By group of rules: which of them conclude, and which are open."""

    def __init__(self, kind: str, id_: str, times: int, answers: Mapping[str, Answer]) -> None:
        self.kind = kind
        self.id = id_
        self.times = times
        self.answers = answers
        self._found: list[Concluded] | None = []

    def take(self, found: Sequence[Concluded]) -> None:
        """Also these groups are settled; most often nobody looks, so they are not copied yet."""
        if self._found is not None:
            self._found.extend(found)
            return
        for one in found:
            self.outcomes.update(one.outcomes)
            self.resolutions.update(one.resolutions)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - either of two attributes
        """Outcomes and resolutions, put together when they are first looked at."""
        if name not in ("outcomes", "resolutions") or self._found is None:
            raise AttributeError(name)
        found, self._found = self._found, None
        self.outcomes, self.resolutions = {}, {}
        self.take(found)
        return getattr(self, name)

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
