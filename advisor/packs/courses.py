"""Courses of action as a pack declares them: what each changes in a case, and by what they are judged.

Plain frozen data, as `pack.py`; `options.py` makes it from options.yaml, `decision/options.py` compares on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as Word

from advisor.language.tree import CASE, Condition, Expr, Text
from advisor.problems.problem import Place
from advisor.values.types import Number, Value

THIS = "this"
"""What a course is about, among the entities that it leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What courses are judged by: a projected figure, a measure of the case, or the days until a figure shows."""

    id: str
    label: str
    unit: str = ""
    projection: str = ""
    """A projection, or one of its models (`score:equal`)."""
    measure: str = ""
    shows: str = ""
    """A projection: the days until it shows for the first time."""
    better: Word["higher", "lower"]
    figure: Word["worst", "likely", "best"] = "worst"
    """By which of its figures courses are ranked."""
    tolerance: Number = 0
    """Differences up to this are too close to call."""
    only_lines: bool = False
    """Whether only the lines of the projection matter that it reaches, not how far it lies beyond."""
    absent_as: Number | None = None
    """As good as this it is where there is no figure; None: worse than any."""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is still free in a course: a number of a range, or any entities of a kind that meet a condition."""

    name: str
    low: int = 0
    """The least of the range; of entities, how many at least."""
    high: int = 0
    look_to: int = 0
    """How far to look for the fewest that reach a line of a projection."""
    label: str = ""
    """What is counted or chosen, for people."""
    kind: str = ""
    where: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Entities that a course puts in: their kind, how many alike (a number, or the name of a choice), their answers."""

    kind: str
    id: str
    times: int | str
    answers: Mapping[str, Value | Expr]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A day on which the outcome of a course is looked at (None: today), and what is not in play by then.

    `leave_out` names choices of entities, or `this`.
    """

    on: Expr | None = None
    leave_out: tuple[str, ...] = ()
    say: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A text with its sources, where a condition (None: always) holds: a risk, a cost."""

    text: Text
    when: Condition | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step of a course, where its condition holds, and by when."""

    do: Text
    when: Condition | None = None
    by: Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course of action, of the case or of each entity of a kind."""

    id: str
    title: Text
    about: str = CASE
    when: Condition | None = None
    """When it is possible at all."""
    choices: tuple[Choice, ...] = ()
    sets: Mapping[str, Value | Expr] = field(default_factory=dict)
    """What it sets of the thing it is about, by field."""
    sets_of_case: Mapping[str, Value | Expr] = field(default_factory=dict)
    sets_each: Mapping[str, Mapping[str, Value | Expr]] = field(default_factory=dict)
    """By the name of a choice: what it sets of each chosen entity."""
    adds: tuple[Added, ...] = ()
    stages: tuple[Stage, ...] = (Stage(),)
    """The last one is what the course leads to."""
    risks: tuple[Reason, ...] = ()
    costs: tuple[Reason, ...] = ()
    steps: tuple[Move, ...] = ()
    against: tuple[str, ...] = ()
    """Advice (ids) that it goes against: it is ruled out while that stands."""
    rules_out: tuple[str, ...] = ()
    """Other courses that are no longer possible after it."""
    because: Text | None = None
    sources: tuple[str, ...] = ()
    standing: str = ""
    claims: tuple[str, ...] = ()
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """All that options.yaml says."""

    objectives: tuple[Objective, ...] = ()
    """Most important first."""
    breaches: tuple[str, ...] = ()
    """Advice (ids) that no course may bring about."""
    courses: Mapping[str, Course] = field(default_factory=dict)
