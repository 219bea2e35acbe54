"""What is known of a case, as far as aggregates and the search over completions read it: a narrow view of a `World`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from advisor.reasoning.evaluation import Aggregated, View
from advisor.reasoning.matching import Outcome
from advisor.reasoning.program import Field, Group, Program
from advisor.reasoning.subject import Place, Reached, Resolution, Subject
from advisor.values.types import Value


class Situation(View, Protocol):
    """What is known of a case so far, and where what is found out about it is kept."""

    program: Program
    entities: dict[str, list[Subject]]
    complete: dict[str, bool]
    outcomes: dict[Place, list[Reached]]
    exact: dict[Place, Value]
    hopeless: frozenset[str]

    @property
    def by_id(self) -> dict[str, dict[str, Subject]]:
        """The entities, by kind and id."""
        ...

    @property
    def components(self) -> list[list[Subject]]:
        """The entities, those together that references join."""
        ...

    def members(self, aggregated: Aggregated, this: Subject) -> Iterator[Subject]:
        """The listed entities that an aggregate is over."""
        ...

    def said(self, step: Field, subject: Subject) -> Value:
        """What was said of a fact, what is assumed, or all that is possible."""
        ...

    def exactly(self, step: Field, subject: Subject) -> Value:
        """What a field may come to over completions."""
        ...

    def resolve(self, group: Group, outcomes: tuple[Outcome, ...], outside: tuple[Outcome, ...]) -> Resolution:
        """What becomes of a group's rules."""
        ...
