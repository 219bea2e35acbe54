"""Courses of action as plain data, as `-f json` prints them.

In: `Options`. Out: a dictionary for each course: those that are possible in their order, then those that are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from advisor.advice import speech
from advisor.advice.data import as_json
from advisor.decision.options import Options, Question, Reach, Ruled, truth
from advisor.decision.plans import Figures, Plan
from advisor.decision.ranking import Ranked, spans
from advisor.language.tree import CASE, Text
from advisor.packs.courses import Choice, Reason
from advisor.reasoning.subject import Subject
from advisor.values import wording

Entry = dict[str, Any]


class OptionWriter:
    """Writes courses as plain data."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.world = options.world
        self.pack = options.pack

    def to_list(self) -> list[Entry]:
        """The courses as plain data: those that are possible in their order, then those that are not."""
        found = [self._entry(one, rank) for rank, one in enumerate(self.options.ranked, 1)]
        return found + [self._refused(one) for one in self.options.ruled_out if self._matters(one)]

    def question(self) -> Entry | None:
        """The one question whose answer matters most, and which course is first by each answer."""
        one: Question | None = self.options.question
        if one is None:
            return None
        titles = {ranked.plan.key: self.spoken(ranked.plan.course.title, ranked.plan) for ranked in self.options.ranked}
        asked = f"The question whose answer matters most: {one.question or one.label}"
        if one.weight[0] > 1:
            each = "; ".join(f"{answer}: {titles.get(key, 'none of these')}" for answer, key in one.firsts.items())
            text = f"{asked} By the answer, what is first differs. {each}."
        else:
            text = f"{asked} By each answer the same way stays first."
        return {"fact": one.path, "question": one.question or one.label, "text": text, "first_if": dict(one.firsts)}

    def _matters(self, one: Ruled) -> bool:
        """Whether a course that is not possible is worth a word: something else can be done about what it is about."""
        if one.subject.kind == CASE or not one.lacking:
            return True
        near = [other.subject for other in self.options.ruled_out if not other.lacking]
        return one.subject in [*near, *(plan.subject for plan in self.options.plans)]

    def _entry(self, one: Ranked, rank: int) -> Entry:
        plan, course, subject = one.plan, one.plan.course, one.plan.subject
        return {
            "key": plan.key,
            "id": course.id,
            "rank": rank,
            "about": self._about(subject),
            "title": self.spoken(course.title, plan),
            "possible": True,
            "open": course.when is not None and truth(self.world, course.when, subject) is None,
            "chosen": {name: value if isinstance(value, int) else list(value) for name, value in plan.chosen.items()},
            "outcomes": self._outcomes(plan.outcomes),
            "timeline": [
                {
                    "on": look.day.isoformat() if look.dated else None,
                    "text": self.spoken(look.stage.say, plan),
                    "outcomes": self._outcomes(look.outcomes, shows=False),
                }
                for look in plan.looks
            ],
            "reach": [self._reach(reach) for reach in self.options.reaches.get(plan.key, ())],
            "because": self._because(plan),
            "risks": [*self._reasons(course.risks, plan), *self._argued(plan, for_=False)],
            "costs": self._reasons(course.costs, plan),
            "steps": self._steps(plan),
            "rules_out": list(course.rules_out),
            "ranked_above": one.above or None,
            "too_close_to": list(one.close_to),
            "dominated_by": one.beaten_by or None,
            "why_not_first": one.below_first or None,
            "bounded": plan.key in self.options.bounded,
        }

    def _refused(self, one: Ruled) -> Entry:
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

    def _outcomes(self, outcomes: Mapping[str, Figures], *, shows: bool = True) -> Entry:
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
            for one in self.options.judge.objectives
            if shows or not one.shows
        }

    def _reach(self, one: Reach) -> Entry:
        return {
            "projection": one.projection,
            "model": one.model,
            "line": as_json(one.line),
            "means": one.means,
            "choice": one.choice,
            "fewest": one.fewest,
            "looked_to": one.looked_to,
            "by": one.by.isoformat() if one.by is not None else None,
        }

    def _because(self, plan: Plan) -> list[Entry]:
        course = plan.course
        own = {
            "rule": course.id,
            "text": self.spoken(course.because, plan),
            "standing": course.standing,
            "sources": list(course.sources),
            "opinion": False,
        }
        return [*([own] if course.because is not None else []), *self._argued(plan, for_=True)]

    def _argued(self, plan: Plan, *, for_: bool) -> list[Entry]:
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

    def _reasons(self, reasons: tuple[Reason, ...], plan: Plan) -> list[Entry]:
        return [
            {
                "rule": plan.course.id,
                "text": self.spoken(one.text, plan),
                "standing": self._standing(one.sources),
                "sources": list(one.sources),
                "opinion": False,
            }
            for one in reasons
            if one.when is None or truth(self.world, one.when, plan.subject) is not False
        ]

    def _standing(self, sources: tuple[str, ...]) -> str:
        order = [standing.id for standing in self.pack.standings]
        found = [self.pack.sources[one].standing for one in sources if one in self.pack.sources]
        return min(found, key=order.index, default="")

    def _steps(self, plan: Plan) -> list[Entry]:
        found = []
        for step in plan.course.steps:
            state = True if step.when is None else truth(self.world, step.when, plan.subject)
            if state is False:
                continue
            day = self.options.player.value(step.by, plan.subject) if step.by is not None else None
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
