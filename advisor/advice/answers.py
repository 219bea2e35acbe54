"""Answers: what a case says to each question that was asked, in three values.

In: advice on a case. Out: for a goal about the case or an entity, every answer that the case still leaves possible. One
of them: it is settled. Several: it depends on what is not known, and which of them holds is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from advisor.advice import speech
from advisor.advice.proof import CERTAIN, Leaf, Prover
from advisor.advice.recommendations import Recommendation, title
from advisor.language.tree import CASE, Condition, Text
from advisor.packs.pack import FIRST_ADVICE, AnswerRow, Fact, Goal
from advisor.reasoning.completions import possibilities
from advisor.reasoning.completions.completion import Unbounded
from advisor.reasoning.completions.totals import TooMany
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values import wording
from advisor.values.text import plain
from advisor.values.types import Among, Partial, Scalar, Value

MOST_CHOSEN: Final = 3
"""Goals that are answered where nobody chose any."""
OPEN: Final = "open"
"""How a worked case writes that several answers are possible."""
DEPENDS: Final = "it depends"
"""The verdict while several answers are possible."""


@dataclass(frozen=True, slots=True)
class Said:
    """One possible answer as it reads. `at`: the number of its row, or the value of the fact that is the answer."""

    at: Scalar
    verdict: str
    text: str


class Answered:
    """What a case says to one goal about the case or one entity. Parts are worked out when they are first looked at."""

    def __init__(
        self,
        world: World,
        prover: Prover,
        advised: Callable[[], Sequence[Recommendation]],
        goal: Goal,
        subject: Subject,
    ) -> None:
        """`advised` gives all recommendations, ranked, when they are needed."""
        self.world = world
        self.prover = prover
        self.advised = advised
        self.goal = goal
        self.subject = subject

    @property
    def key(self) -> str:
        """The goal's id, and the entity it is about."""
        return speech.key(self.goal.id, self.subject)

    @property
    def question(self) -> str:
        """The question as it reads."""
        return speech.spoken(self.world, self.goal.asks, self.subject)

    @cached_property
    def possible(self) -> tuple[Said, ...]:
        """Every answer that is still possible, the first of the rows first; two that read alike are one."""
        found: dict[tuple[str, str], Said] = {}
        for said in self._values() if self.goal.value else map(self._row, self.rows):
            found.setdefault((said.verdict, said.text), said)
        return tuple(found.values())

    @property
    def settled(self) -> bool:
        """Whether only one answer is possible."""
        return len(self.possible) == 1

    @property
    def said(self) -> Said | None:
        """The answer, where it is settled."""
        return self.possible[0] if self.settled else None

    @property
    def verdict(self) -> str:
        """The answer in a word or a few."""
        return self.said.verdict if self.said is not None else DEPENDS

    @property
    def text(self) -> str:
        """The answer in a sentence or two; while it is open, the sound first step."""
        if self.said is not None:
            return self.said.text
        return self.meanwhile

    @property
    def meanwhile(self) -> str:
        """The sound first step while the answer is open."""
        return speech.spoken(self.world, self.goal.meanwhile, self.subject)

    @property
    def sentence(self) -> str:
        """Verdict and text in one."""
        if self.said is None:
            return f"It depends on what is not known yet. {self.text}".strip()
        return " ".join(wording.sentence(part) for part in (self.verdict, self.text) if part)

    # --- rows ------------------------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The numbers of the rows that may be the first that applies; one past the last where none may."""
        goal, candidates = self.goal, []
        for number, row in enumerate(goal.rows):
            holds = self.holds(row.when)
            if holds is not False:
                candidates.append(number)
            if holds is True:
                break
        else:
            candidates.append(len(goal.rows))
        return tuple(candidates) if len(candidates) == 1 else self._reachable(candidates)

    @cached_property
    def later(self) -> tuple[Said, ...]:
        """The answers that rows may give once more is told which now ask in vain whether something is known."""
        found: list[int] = []
        for number, row in enumerate(self.goal.rows):
            outcomes = {True} if row.when is None else self.prover.outcomes(row.when, self.subject)
            if True in outcomes and number not in self.rows:
                found.append(number)
            if False not in outcomes:
                break
        said = {(one.verdict, one.text) for one in self.possible}
        return tuple(one for one in map(self._row, found) if (one.verdict, one.text) not in said)

    def holds(self, condition: Condition | None) -> bool | None:
        """Whether a condition of the goal holds; None where it is open."""
        if condition is None:
            return True
        value = self.subject.values[self.world.program.condition(self.goal.about, condition).index]
        return None if isinstance(value, Partial) else value is True

    def _reachable(self, candidates: Sequence[int]) -> tuple[int, ...]:
        """Of the rows that three values leave open, those that a completion of the case reaches."""
        world, program = self.world, self.world.program
        fields = [
            program.condition(self.goal.about, row.when)
            for row in (self.goal.rows[at] for at in candidates if at < len(self.goal.rows))
            if row.when is not None
        ]
        try:
            found, ranged = possibilities.outcomes(
                world,
                program.answers[self.goal.id],
                self.subject,
                frozenset(candidates),
                [(self.subject, one.index) for one in fields],
            )
        except (Unbounded, TooMany, RecursionError):
            return tuple(candidates)
        reached = {one.value for one in found}
        if ranged:  # samples show what can be, not what cannot
            never = {one.index for one in fields if possibilities.exact(world, one, self.subject) is False}
            reached |= {at for at in candidates if self._field_of(at) not in never}
        return tuple(at for at in candidates if at in reached)

    def _field_of(self, at: int) -> int:
        row = self.goal.rows[at] if at < len(self.goal.rows) else None
        if row is None or row.when is None:
            return -1
        return self.world.program.condition(self.goal.about, row.when).index

    def _row(self, number: int) -> Said:
        if number >= len(self.goal.rows):
            return Said(number, "nobody knows", "")
        row = self.goal.rows[number]
        verdict = speech.spoken(self.world, row.verdict, self.subject)
        return Said(number, verdict, self._with_first_advice(row))

    def _with_first_advice(self, row: AnswerRow) -> str:
        text = speech.spoken(self.world, row.say, self.subject)
        if FIRST_ADVICE not in text:
            return text
        first = next((one for one in self.advised() if one.status is True), None)
        return text.replace(FIRST_ADVICE, title(self.world, first)) if first is not None else self.meanwhile

    # --- a fact that is the answer ---------------------------------------------------------------------------

    @property
    def field(self) -> Field:
        """The field whose value is the answer, of a goal with a `value`."""
        program = self.world.program
        return program.fields[self.goal.about][program.field(self.goal.about, self.goal.value)]

    def _values(self) -> Iterator[Said]:
        value = self.subject.values[self.field.index]
        if isinstance(value, Partial):
            value = self.world.exactly(self.field, self.subject)
        settled: list[Value] = sorted(value.values, key=str) if isinstance(value, Among) else [value]
        for one in settled:
            yield self._worded(one)
        if isinstance(value, Partial) and not isinstance(value, Among):
            yield Said("", DEPENDS, "")

    def _worded(self, value: Value) -> Said:
        fact = self.field.fact
        assert fact is not None
        words = wording.in_words(value, self.field.type)
        at = value if not isinstance(value, Partial) else words
        return Said(at, words, speech.spoken(self.world, finding(fact, value), self.subject))

    # --- what it rests on ------------------------------------------------------------------------------------

    @property
    def row(self) -> AnswerRow | None:
        """The row that is the answer, where it is settled."""
        at = self.rows[0] if not self.goal.value and self.settled else None
        return self.goal.rows[at] if at is not None and at < len(self.goal.rows) else None

    @property
    def plain_value(self) -> str | None:
        """The value of the fact that is the answer, as a case file writes it; None for answers in words."""
        return plain(self.subject.values[self.field.index], self.field.type) if self.goal.value else None

    @cached_property
    def standing(self) -> int:
        """How far the answer can be trusted: the weakest of what it rests on."""
        prover = self.prover
        if self.goal.value:
            return prover.standing(self.subject, self.field)
        if self.row is None:
            return CERTAIN
        rules = [self.world.program.pack.rules[id_] for id_ in self.row.because]
        found = [prover.rule_standing(rule, owner) for rule in rules for owner in self.owners(rule.about)]
        if self.row.sources:
            found.append(prover.sources_standing(self.row.sources))
        deciding = self.goal.rows[: self.goal.rows.index(self.row) + 1]
        for row in deciding:
            if row.when is not None:
                one = self.world.program.condition(self.goal.about, row.when)
                found.append(prover.standing(self.subject, one))
        return max(found, default=CERTAIN)

    def owners(self, kind: str) -> list[Subject]:
        """What a rule about a kind is about here: the same entity, the case, or every entity of that kind."""
        if kind == self.subject.kind:
            return [self.subject]
        return [self.world.case] if kind == CASE else self.world.entities[kind]

    @cached_property
    def recommendations(self) -> list[Recommendation]:
        """What is advised that belongs to the goal: that of the row first, then the most pressing."""
        first = self.row.advice if self.row is not None else ()
        belongs = [
            one
            for one in self.advised()
            if one.status is True and one.rule.id in self.goal.advice and self._concerns(one.subject)
        ]
        return sorted(belongs, key=lambda one: first.index(one.rule.id) if one.rule.id in first else len(first))

    def _concerns(self, subject: Subject) -> bool:
        return subject is self.subject or subject.kind != self.subject.kind

    def unknowns(self) -> list[Leaf]:
        """The unknown facts on which an open answer hangs, those of its first rows first."""
        prover = self.prover
        if self.goal.value:
            return sorted(prover.unknowns(self.subject, self.field), key=lambda leaf: speech.place(self.world, *leaf))
        found: dict[Leaf, None] = {}
        for at in self.rows:
            row = self.goal.rows[at] if at < len(self.goal.rows) else None
            if row is not None and row.when is not None:
                found |= dict.fromkeys(prover.condition_unknowns(row.when, self.subject))
        return list(found)


def finding(fact: Fact, value: Value) -> Text | None:
    """What the pack says about a value of a derived fact."""
    found = fact.finding
    if not isinstance(found, Mapping):
        return None if isinstance(value, Partial) else found
    return found.get("unknown" if isinstance(value, Partial) else plain(value, fact.type))


def offered(world: World) -> Iterator[tuple[Goal, Subject]]:
    """Every goal that a case allows, about the case or each entity that it may be asked of, in the pack's order."""
    for goal in world.program.pack.goals.values():
        for subject in _subjects(world, goal.about):
            if _holds(world, goal.when, subject) is not False:
                yield goal, subject


def chosen(world: World) -> list[tuple[Goal, Subject]]:
    """The goals that are answered: those that the case names and allows, else those that surely fit, in their order."""
    named = dict.fromkeys(one for key in world.source.goals for one in _named(world, key))
    if named:
        return list(named)
    allowed = list(offered(world))
    fitting = [(goal, one) for goal, one in allowed if goal.fits is not None and _holds(world, goal.fits, one) is True]
    if not fitting:
        fitting = [(goal, one) for goal, one in allowed if goal.about == CASE][:1] or allowed[:1]
    return fitting[:MOST_CHOSEN]


def _named(world: World, key: str) -> list[tuple[Goal, Subject]]:
    """A goal with what a case asks it of; of several, those to which it surely applies come first."""
    name, _, entity = key.partition("@")
    goal = world.program.pack.goals[name]
    subjects = [one for one in _subjects(world, goal.about) if entity in ("", one.id)]
    applies = {one: _holds(world, goal.when, one) for one in subjects}
    asked = [one for one in subjects if entity or applies[one] is not False]
    return [(goal, one) for one in sorted(asked, key=lambda one: applies[one] is not True)]


def _subjects(world: World, kind: str) -> list[Subject]:
    return [world.case] if kind == CASE else world.entities[kind]


def _holds(world: World, condition: Condition | None, subject: Subject) -> bool | None:
    if condition is None:
        return True
    value = subject.values[world.program.condition(subject.kind, condition).index]
    return None if isinstance(value, Partial) else value is True
