"""Courses of action compared: for each what it leads to, in which order, why, at what risk, and what it all hangs on.

In: advice. Out: `Options`; `data.py` makes plain data of them. What is shown has been replayed through the whole
program; a course that breaks what must hold, or brings about what the pack calls a breach, is never shown as possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from advisor.advice import speech
from advisor.advice.advice import Advice
from advisor.advice.recommendations import standing_state
from advisor.decision.plans import Plan, Player
from advisor.decision.probing import Probe, alternatives, contradicts, subjects
from advisor.decision.ranking import Judge, Ranked
from advisor.language.printing import text as written
from advisor.language.tree import CASE, Certainty, Condition, Not, Truth
from advisor.packs.courses import Choice, Course
from advisor.packs.pack import Projection, Rule
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values import wording
from advisor.values.types import Number, Partial


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How much of a choice it takes for a model's worst figure to reach a line; None: not within what was looked at."""

    projection: str
    model: str
    line: Number
    means: str
    choice: str
    fewest: int | None
    looked_to: int
    by: date | None
    """None where the day is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A course that is not possible, and why."""

    course: Course
    subject: Subject
    because: str
    rule: str = ""
    lacking: bool = False
    """Whether it is only that its own condition fails."""

    @property
    def key(self) -> str:
        """The course's id, and the entity it is about."""
        return speech.key(self.course.id, self.subject)


MOST_ANSWERS: Final = 6
"""Answers to one question that are played through."""
MOST_UNKNOWN: Final = 3
"""Questions that are looked at for the one that matters most."""
FIRST_FEW: Final = 3
"""The best courses, among which a question may decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An unknown on which it hangs which course is first. `firsts`: by the answer, the key of that course."""

    path: str
    label: str
    question: str
    firsts: Mapping[str, str]

    @property
    def weight(self) -> tuple[int, int]:
        """How much hangs on it: different first courses, then answers."""
        return len(set(self.firsts.values())), len(self.firsts)


class Options:
    """The courses of a pack in a case."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice
        self.world = advice.world
        self.pack = advice.world.program.pack
        self.player = Player(advice.world)
        self.judge = Judge(self.pack)
        self.bounded: set[str] = set()
        """Keys of courses that can be followed in more ways than were tried."""
        self.ruled_out: list[Ruled] = []

    @cached_property
    def ranked(self) -> list[Ranked]:
        """The courses that are possible, each in its best way, best first."""
        return self.judge.ranked(self.plans)

    @cached_property
    def plans(self) -> list[Plan]:
        """The best way of each course that is possible."""
        found = []
        for course in self.pack.options.courses.values():
            for subject in subjects(self.world, course.about):
                plan = self._plan(course, subject)
                if plan is not None:
                    found.append(plan)
        return found

    def _plan(self, course: Course, subject: Subject) -> Plan | None:
        refused = refusal(self.advice, course, subject)
        if refused is not None:
            self._rule_out(course, subject, *refused, lacking=not refused[1])
            return None
        ways, more = self.player.ways(course)
        if more:
            self.bounded.add(speech.key(course.id, subject))
        plans = [plan for plan in (self.player.play(course, subject, way) for way in ways) if plan is not None]
        reason = ("it leads to what cannot be", "")
        while plans:
            best = self.judge.best(plans)
            breach = self._breach(best)
            if breach is None:
                return best
            reason = breach
            plans.remove(best)
        self._rule_out(course, subject, *reason)
        return None

    @cached_property
    def question(self) -> Question | None:
        """The one unknown whose answer matters most to which course is first; None where none does."""
        return max(self._questions(), key=lambda one: one.weight, default=None)

    def _questions(self) -> Iterator[Question]:
        """Each unknown of the figures that somebody may know, with the course that each answer makes first."""
        probe = Probe(self.advice)
        for subject, field in self._unknown()[:MOST_UNKNOWN] if len(self.ranked) > 1 else ():
            firsts: dict[str, str] = {}
            for value, _ in list(alternatives(self.world, subject, field))[:MOST_ANSWERS]:
                move = probe.move(self.world, subject, field, value)
                firsts[move.words] = self._first_if(probe.revised((move,)))
            yield Question(
                path=speech.place(self.world, subject, field),
                label=speech.label(field),
                question=field.fact.question if field.fact is not None else "",
                firsts=firsts,
            )

    def _unknown(self) -> list[tuple[Subject, Field]]:
        """The unknown facts on which the forecast figures hang; those on which most of the advice hangs come first."""
        found: set[tuple[Subject, Field]] = set()
        for forecast in self.advice.forecasts:
            for subject, index in forecast.leaves:
                if isinstance(index, int):
                    found |= self.advice.prover.unknowns(subject, self.world.program.fields[subject.kind][index])
        return [leaf for leaf, _ in self.advice.open_questions if leaf in found]

    def _first_if(self, world: World) -> str:
        """Which of the best courses is first in another world: the key, and how good it is."""
        player = Player(world, self.player.screen)
        plans = []
        for one in self.ranked[:FIRST_FEW]:
            subject = (
                world.case if one.plan.subject.kind == CASE else world.by_id[one.plan.subject.kind][one.plan.subject.id]
            )
            plan = player.play(one.plan.course, subject, one.plan.chosen)
            if plan is not None and refusal(Advice(world), plan.course, subject) is None:
                plans.append(plan)
        return self.judge.best(plans).key if plans else ""

    def _rule_out(self, course: Course, subject: Subject, because: str, rule: str, *, lacking: bool = False) -> None:
        self.ruled_out.append(Ruled(course=course, subject=subject, because=because, rule=rule, lacking=lacking))

    def _breach(self, plan: Plan) -> tuple[str, str] | None:
        """Why a plan may not be followed, seen when it is replayed through the whole program."""
        for stage in plan.course.stages:
            world = self.player.at(plan.course, plan.subject, plan.chosen, stage)
            if contradicts(world):
                return "it leads to what cannot be", ""
            for id_ in self.pack.options.breaches:
                rule = self.pack.rules[id_]
                for subject in subjects(world, rule.about):
                    before = self.world.case if rule.about == CASE else self.world.by_id[rule.about].get(subject.id)
                    held = before is not None and _stands(self.world, rule, before)
                    if _stands(world, rule, subject) and not held:
                        return speech.spoken(world, rule.because, subject), id_
        return None

    # --- the fewest that reach a line -------------------------------------------------------------------------------

    @cached_property
    def reaches(self) -> dict[str, list[Reach]]:
        """By the key of one of the best courses: by each model the least of a range that keeps the worst at a line."""
        plans = [one.plan for one in self.ranked[:FIRST_FEW]]
        return {plan.key: found for plan in plans if (found := list(self._reaches(plan)))}

    def _reaches(self, plan: Plan) -> Iterator[Reach]:
        for choice in plan.course.choices:
            if choice.kind or choice.look_to <= choice.low:
                continue
            for projection in self._judged():
                line = projection.thresholds[0]
                if isinstance(line.at, Number):
                    yield from self._fewest(plan, choice, projection, line.at, line.means)

    def _judged(self) -> Iterator[Projection]:
        """The projections that courses are judged by, if they have lines that matter."""
        wanted = {one.projection.partition(":")[0] for one in self.judge.objectives}
        yield from (one for one in self.pack.projections.values() if one.id in wanted and one.thresholds)

    def _fewest(self, plan: Plan, choice: Choice, projection: Projection, line: Number, means: str) -> Iterator[Reach]:
        """By each model the least of a choice by which its worst figure reaches the line: one after the other."""
        sign = 1 if projection.better == "higher" else -1
        found: dict[str, int | None] = {}
        for number in range(choice.low, choice.look_to + 1):
            one = self.player.play(plan.course, plan.subject, {**plan.chosen, choice.name: number})
            for model in projection.models:
                figures = one.looks[-1].models.get(f"{projection.id}:{model.id}") if one is not None else None
                if figures is not None and found.setdefault(model.id, None) is None and figures.worst is not None:
                    found[model.id] = number if figures.worst * sign >= line * sign else None
            if found and None not in found.values():
                break
        for model in projection.models:
            if model.id in found:
                yield Reach(
                    projection=projection.id,
                    model=model.title,
                    line=line,
                    means=means,
                    choice=choice.label or choice.name,
                    fewest=found[model.id],
                    looked_to=choice.look_to,
                    by=plan.looks[-1].day if plan.looks[-1].dated else None,
                )


# --- whether a course is possible -----------------------------------------------------------------------------------


def refusal(advice: Advice, course: Course, subject: Subject) -> tuple[str, str] | None:
    """Why a course is surely not possible, and the rule that says so; None where it may be."""
    world = advice.world
    if course.when is not None and truth(world, course.when, subject) is False:
        return f"as things are, {wording.listing(dict.fromkeys(_lacking(advice, course.when, subject)))}", ""
    for id_ in course.against:
        rule = world.program.pack.rules[id_]
        owners = [subject] if rule.about == subject.kind else subjects(world, rule.about)
        for owner in owners:
            if rule.advise is not None and _stands(world, rule, owner):
                return speech.spoken(world, rule.because, owner), id_
    return None


def _lacking(advice: Advice, condition: Condition, subject: Subject) -> Iterator[str]:
    """What is the case, by which a condition fails; of a comparison also what it takes."""
    prover = advice.prover
    for atom, negated in prover.deciding(condition, subject, outcome=False):
        if isinstance(atom, Certainty):
            inner = prover.truth(atom.operand, subject)
            yield from (_as_it_is(advice, part, subject) for part, _ in prover.deciding(atom.operand, subject, inner))
        else:
            wanted = "" if isinstance(atom, Truth) else f" (it takes {written(Not(atom) if negated else atom)})"
            yield f"{_as_it_is(advice, atom, subject)}{wanted}"


def _as_it_is(advice: Advice, atom: Condition, subject: Subject) -> str:
    owner, one, _ = advice.prover.atom(atom, subject)
    return f"{speech.label(one)}: {speech.valued(owner, one)}" if one.fact else f"not so: {written(atom)}"


def _stands(world: World, rule: Rule, subject: Subject) -> bool:
    return standing_state(world, rule, subject) is True


def truth(world: World, condition: Condition, subject: Subject) -> bool | None:
    """What is known of a condition of options.yaml."""
    value = subject.values[world.program.condition(subject.kind, condition).index]
    return None if isinstance(value, Partial) else value is True
