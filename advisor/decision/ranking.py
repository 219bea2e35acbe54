"""Plans put in order by the objectives of a pack, each place with its reason in one sentence.

One objective after the other: those within its tolerance of the best stay in, until one plan is left or no objective
parts them; that one is next. Plans that no objective parts are too close to call.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from advisor.decision.plans import Figures, Plan
from advisor.packs.courses import Objective
from advisor.packs.pack import Pack
from advisor.values import wording
from advisor.values.types import YES_NO, Number

Grade = float | Number
"""How good a figure is by an objective: higher is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A plan in its place. `above` says why it ranks above the next, `below_first` why it is not first."""

    plan: Plan
    above: str = ""
    below_first: str = ""
    close_to: tuple[str, ...] = ()
    """Plans (keys) that are too close to it to call."""
    beaten_by: str = ""
    """A plan that is at least as good by every objective, and better by one."""


class Judge:
    """Compares plans by the objectives of a pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.objectives = pack.options.objectives

    def best(self, plans: Sequence[Plan]) -> Plan:
        """The first of the best plans."""
        left = list(plans)
        for objective in self.objectives:
            left = self._kept(objective, left)
        return left[0]

    def ranked(self, plans: Sequence[Plan]) -> list[Ranked]:
        """All plans in order, the best first."""
        order: list[Plan] = []
        left = list(plans)
        while left:
            order.append(self.best(left))
            left.remove(order[-1])
        return [self._placed(order, place) for place in range(len(order))]

    def _placed(self, order: Sequence[Plan], place: int) -> Ranked:
        plan = order[place]
        others = [*order[:place], *order[place + 1 :]]
        return Ranked(
            plan=plan,
            above=self.reason(plan, order[place + 1]) if place + 1 < len(order) else "",
            below_first=self.reason(plan, order[0]) if place else "",
            close_to=tuple(other.key for other in others if self.parting(plan, other) is None),
            beaten_by=next((other.key for other in others if self._beats(other, plan)), ""),
        )

    def _kept(self, objective: Objective, plans: list[Plan]) -> list[Plan]:
        grades = [self.grade(objective, plan) for plan in plans]
        best = max(grades)
        return [plan for plan, grade in zip(plans, grades, strict=True) if not self._worse(objective, grade, best)]

    def _worse(self, objective: Objective, grade: Grade, best: Grade) -> bool:
        if grade == best:
            return False
        tolerance = 0 if objective.only_lines else objective.tolerance
        return math.isinf(grade) or best - grade > tolerance

    def grade(self, objective: Objective, plan: Plan) -> Grade:
        """How good a plan is by an objective."""
        figure = getattr(plan.outcomes[objective.id], objective.figure)
        if figure is None:
            figure = objective.absent_as
        if figure is None:
            return -math.inf
        if objective.only_lines:
            return sum(self._reaches(objective, figure, line) for line in self.lines(objective))
        return figure if objective.better == "higher" else -figure  # type: ignore[no-any-return]

    def lines(self, objective: Objective) -> list[Number]:
        """The lines that matter of the figure of an objective."""
        projection = self.pack.projections.get(objective.projection.partition(":")[0])
        found = projection.thresholds if projection is not None else ()
        return [line.at for line in found if isinstance(line.at, int | Fraction)]

    def _reaches(self, objective: Objective, figure: Number, line: Number) -> bool:
        return figure >= line if objective.better == "higher" else figure <= line

    def parting(self, one: Plan, other: Plan) -> Objective | None:
        """The first objective by which two plans differ by more than its tolerance."""
        for objective in self.objectives:
            low, high = sorted((self.grade(objective, one), self.grade(objective, other)))
            if self._worse(objective, low, high):
                return objective
        return None

    def _beats(self, one: Plan, other: Plan) -> bool:
        pairs = [(self.grade(objective, one), self.grade(objective, other)) for objective in self.objectives]
        return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)

    def reason(self, one: Plan, other: Plan) -> str:
        """What parts two plans, in words, seen from `one`."""
        objective = self.parting(one, other)
        if objective is None:
            return "nothing that is known parts the two"
        own, theirs = (self.said(objective, plan.outcomes[objective.id]) for plan in (one, other))
        return f"{_called(objective)} is {own}, there {theirs}"

    def said(self, objective: Objective, figures: Figures) -> str:
        """The figure by which an objective ranks, in words."""
        figure = getattr(figures, objective.figure)
        if figure is None:
            return "none"
        return amount(objective, figure, self.lines(objective))


def _called(objective: Objective) -> str:
    words = {"worst": "at worst", "likely": "most likely", "best": "at best"}
    return f"{objective.label} {words[objective.figure]}"


def amount(objective: Objective, figure: Number, lines: Sequence[Number]) -> str:
    """One figure of an objective, in words."""
    if objective.unit == YES_NO:
        return wording.yes_no(figure)
    return wording.amount(figure, objective.unit, lines=lines)


def spans(pack: Pack, outcomes: Mapping[str, Figures]) -> list[tuple[str, str]]:
    """What a plan comes to by each objective: its label, and the range in words."""
    found = []
    for objective in pack.options.objectives:
        figures = outcomes[objective.id]
        lines = Judge(pack).lines(objective)
        if figures.worst is None and figures.best is None:
            words = "none"
        elif figures.worst is None or figures.best is None:
            shown = amount(objective, figures.best or figures.worst or 0, lines)
            words = f"none at worst, {shown} at best"
        else:
            low, high = sorted((figures.worst, figures.best))
            words = wording.span(low, high, objective.unit, lines=lines)
            if objective.unit == YES_NO:
                words = amount(objective, low, lines) if low == high else "perhaps"
        found.append((objective.label, words))
    return found
