"""Courses of action compared: for each what it leads to, in which order, why, at what risk, and what it all hangs on.

In: advice. Out: `Options`, whose `to_list` is what `-f json` prints under `options`. What is shown has been replayed
through the whole program; a course that breaks what must hold, or brings about what the pack calls a breach, is never
shown as possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from advisor import speech, wording
from advisor.advice import Advice, as_json, standing_state
from advisor.courses import Choice, Course, Reason
from advisor.expressions import CASE, Condition
from advisor.expressions import text as written
from advisor.inference import Subject, World
from advisor.pack import Rule, Text
from advisor.plans import Chosen, Figures, Plan, Player
from advisor.probing import contradicts, subjects
from advisor.ranking import Judge, Ranked, spans
from advisor.values import Number, Partial


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
    by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A course that is not possible, and why."""

    course: Course
    subject: Subject
    because: str
    rule: str = ""

    @property
    def key(self) -> str:
        """The course's id, and the entity it is about."""
        return speech.key(self.course.id, self.subject)


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
            self._rule_out(course, subject, *refused)
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

    def _rule_out(self, course: Course, subject: Subject, because: str, rule: str) -> None:
        self.ruled_out.append(Ruled(course=course, subject=subject, because=because, rule=rule))

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
        """By the key of a course with a range: for each model the least of it that keeps the worst at the line."""
        return {plan.key: found for plan in self.plans if (found := list(self._reaches(plan)))}

    def _reaches(self, plan: Plan) -> Iterator[Reach]:
        for choice in plan.course.choices:
            if choice.kind or choice.look_to <= choice.low:
                continue
            tried = self._tried(plan, choice)
            for projection in self.pack.projections.values():
                wanted = {one.projection.partition(":")[0] for one in self.judge.objectives}
                if projection.id not in wanted or not projection.thresholds:
                    continue
                line = projection.thresholds[0]
                if not isinstance(line.at, Number):
                    continue
                sign = 1 if projection.better == "higher" else -1
                for model in projection.models:
                    key = f"{projection.id}:{model.id}"
                    seen = [(number, one.looks[-1].models.get(key)) for number, one in tried]
                    if all(figures is None for _, figures in seen):
                        continue
                    fewest = next(
                        (
                            number
                            for number, f in seen
                            if f and f.worst is not None and f.worst * sign >= line.at * sign
                        ),
                        None,
                    )
                    yield Reach(
                        projection=projection.id,
                        model=model.title,
                        line=line.at,
                        means=line.means,
                        choice=choice.name,
                        fewest=fewest,
                        looked_to=choice.look_to,
                        by=plan.looks[-1].day,
                    )

    def _tried(self, plan: Plan, choice: Choice) -> list[tuple[int, Plan]]:
        tried = []
        for number in range(choice.low, choice.look_to + 1):
            one = self.player.play(plan.course, plan.subject, {**plan.chosen, choice.name: number})
            if one is not None:
                tried.append((number, one))
        return tried

    # --- as plain data ----------------------------------------------------------------------------------------------

    def to_list(self) -> list[dict[str, Any]]:
        """The courses as plain data: those that are possible in their order, then those that are not."""
        found = [self._entry(one, rank) for rank, one in enumerate(self.ranked, 1)]
        return found + [self._refused(one) for one in self.ruled_out]

    def _entry(self, one: Ranked, rank: int) -> dict[str, Any]:
        plan, course, subject = one.plan, one.plan.course, one.plan.subject
        return {
            "key": plan.key,
            "id": course.id,
            "rank": rank,
            "about": self._about(subject),
            "title": self.spoken(course.title, plan),
            "possible": True,
            "open": course.when is not None and _truth(self.world, course.when, subject) is None,
            "chosen": {name: value if isinstance(value, int) else list(value) for name, value in plan.chosen.items()},
            "outcomes": self._outcomes(plan.outcomes),
            "timeline": [
                {
                    "on": look.day.isoformat(),
                    "text": self.spoken(look.stage.say, plan),
                    "outcomes": self._outcomes(look.outcomes),
                }
                for look in plan.looks
            ],
            "reach": [self._reach(reach) for reach in self.reaches.get(plan.key, ())],
            "because": self._because(plan),
            "risks": [*self._reasons(course.risks, plan), *self._argued(plan, for_=False)],
            "costs": self._reasons(course.costs, plan),
            "steps": self._steps(plan),
            "rules_out": list(course.rules_out),
            "ranked_above": one.above or None,
            "too_close_to": list(one.close_to),
            "dominated_by": one.beaten_by or None,
            "why_not_first": one.below_first or None,
            "bounded": plan.key in self.bounded,
        }

    def _refused(self, one: Ruled) -> dict[str, Any]:
        reason = {"rule": one.rule, "text": one.because, "standing": "", "sources": [], "opinion": False}
        return {
            "key": one.key,
            "id": one.course.id,
            "rank": None,
            "about": self._about(one.subject),
            "title": self._without_choice(one),
            "possible": False,
            "outcomes": {},
            "because": [reason],
            "risks": [],
            "steps": [],
            "why_not_first": None,
        }

    def _without_choice(self, one: Ruled) -> str:
        words = {choice.name: "some" for choice in one.course.choices}
        return _filled(speech.spoken(self.world, one.course.title, one.subject), words)

    def _about(self, subject: Subject) -> dict[str, str] | None:
        if subject.kind == CASE:
            return None
        return {"kind": subject.kind, "id": subject.id, "label": speech.named(self.world, subject)}

    def _outcomes(self, outcomes: Mapping[str, Figures]) -> dict[str, Any]:
        words = dict(spans(self.pack, outcomes))
        return {
            one.id: {
                "label": one.label,
                "unit": one.unit,
                "worst": as_json(outcomes[one.id].worst),
                "likely": as_json(outcomes[one.id].likely),
                "best": as_json(outcomes[one.id].best),
                "as_read": words[one.label],
            }
            for one in self.judge.objectives
        }

    def _reach(self, one: Reach) -> dict[str, Any]:
        return {
            "projection": one.projection,
            "model": one.model,
            "line": as_json(one.line),
            "means": one.means,
            "choice": one.choice,
            "fewest": one.fewest,
            "looked_to": one.looked_to,
            "by": one.by.isoformat(),
        }

    def _because(self, plan: Plan) -> list[dict[str, Any]]:
        course = plan.course
        own = {
            "rule": course.id,
            "text": self.spoken(course.because, plan),
            "standing": course.standing,
            "sources": list(course.sources),
            "opinion": False,
        }
        return [*([own] if course.because is not None else []), *self._argued(plan, for_=True)]

    def _argued(self, plan: Plan, *, for_: bool) -> list[dict[str, Any]]:
        """What rules that hold say for or against a course."""
        found = []
        for rule in self.pack.rules.values():
            if plan.course.id not in (rule.argues_for if for_ else rule.argues_against):
                continue
            if rule.about not in (CASE, plan.subject.kind):
                continue
            owner = self.world.case if rule.about == CASE else plan.subject
            if self.world.state(rule, owner) is True:
                text = speech.spoken(self.world, rule.because, owner)
                found.append(
                    {
                        "rule": rule.id,
                        "text": text,
                        "standing": rule.standing,
                        "sources": list(rule.sources),
                        "opinion": rule.opinion,
                    }
                )
        return found

    def _reasons(self, reasons: tuple[Reason, ...], plan: Plan) -> list[dict[str, Any]]:
        return [
            {
                "rule": plan.course.id,
                "text": self.spoken(one.text, plan),
                "standing": self._standing(one.sources),
                "sources": list(one.sources),
                "opinion": False,
            }
            for one in reasons
            if one.when is None or _truth(self.world, one.when, plan.subject) is not False
        ]

    def _standing(self, sources: tuple[str, ...]) -> str:
        order = [standing.id for standing in self.pack.standings]
        found = [self.pack.sources[one].standing for one in sources if one in self.pack.sources]
        return min(found, key=order.index, default="")

    def _steps(self, plan: Plan) -> list[dict[str, Any]]:
        found = []
        for step in plan.course.steps:
            state = True if step.when is None else _truth(self.world, step.when, plan.subject)
            if state is False:
                continue
            day = self.player.value(step.by, plan.subject) if step.by is not None else None
            by = day if isinstance(day, date) else None
            words = f"{self.spoken(step.do, plan)}{f' (by {wording.day(by)})' if by is not None else ''}"
            found.append({"text": words, "status": "holds" if state else "open", "by": by.isoformat() if by else None})
        return found

    def spoken(self, text: Text | None, plan: Plan) -> str:
        """A text of a course with what was chosen put in."""
        words: dict[str, str] = {}
        for choice in plan.course.choices:
            value = plan.chosen[choice.name]
            words[choice.name] = str(value) if isinstance(value, int) else self._listed(choice, value)
        return _filled(speech.spoken(self.world, text, plan.subject), words)

    def _listed(self, choice: Choice, ids: tuple[str, ...]) -> str:
        names = (speech.named(self.world, self.world.by_id[choice.kind][id_]) for id_ in ids)
        return wording.listing(f"“{name}”" for name in names) or "none"


def _filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


# --- whether a course is possible -----------------------------------------------------------------------------------


def refusal(advice: Advice, course: Course, subject: Subject) -> tuple[str, str] | None:
    """Why a course is surely not possible, and the rule that says so; None where it may be."""
    world = advice.world
    if course.when is not None and _truth(world, course.when, subject) is False:
        return f"it takes that {written(course.when)}", ""
    for id_ in course.against:
        rule = world.program.pack.rules[id_]
        owners = [subject] if rule.about == subject.kind else subjects(world, rule.about)
        for owner in owners:
            if rule.advise is not None and _stands(world, rule, owner):
                return speech.spoken(world, rule.because, owner), id_
    return None


def _stands(world: World, rule: Rule, subject: Subject) -> bool:
    return standing_state(world, rule, subject) is True


def _truth(world: World, condition: Condition, subject: Subject) -> bool | None:
    value = subject.values[world.program.condition(subject.kind, condition).index]
    return None if isinstance(value, Partial) else value is True


__all__ = ["Chosen", "Options", "Reach", "Ruled", "refusal"]
