"""Compares two pieces of advice: what differs, which rule is behind each difference, and which facts account for it.

In: advice on a case, and on the same with other answers. Out: `Change` values, each with the rule whose conclusion
tipped, the premises of it that changed, and a smallest set of the differing answers that, replayed by itself, brings it
about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal

from advisor.advice import speech
from advisor.advice.advice import Advice
from advisor.advice.answers import Answered
from advisor.advice.projections import Forecast
from advisor.advice.recommendations import Recommendation
from advisor.language.comparisons import atoms
from advisor.language.printing import text as written
from advisor.language.tree import CASE
from advisor.packs.pack import Rule
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values import wording
from advisor.values.types import Partial

Part = Literal["answer", "recommendation", "finding", "projection", "option"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tipped:
    """A premise that is no longer what it was: the comparison, and what its fact was and is."""

    condition: str
    fact: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. `before` and `after` are in words; `rule` decides it, `facts` are paths that account for it."""

    part: Part
    key: str
    what: str
    title: str
    before: str
    after: str
    rule: str = ""
    because: str = ""
    tipped: tuple[Tipped, ...] = ()
    facts: tuple[str, ...] = ()
    smallest: bool = True
    """Whether no smaller set of facts is known to do it; false where the search came to its bound."""

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "part": self.part,
            "key": self.key,
            "what": self.what,
            "title": self.title,
            "before": self.before,
            "after": self.after,
            "rule": self.rule or None,
            "because": self.because,
            "tipped": [
                {"condition": one.condition, "fact": one.fact, "before": one.before, "after": one.after}
                for one in self.tipped
            ],
            "facts": list(self.facts),
            "smallest": self.smallest,
        }


def differences(before: Advice, after: Advice) -> list[Change]:
    """Everything that differs, the answers first."""
    return [*advised_differences(before, after), *_findings(before, after), *_projections(before, after)]


def advised_differences(before: Advice, after: Advice) -> list[Change]:
    """What differs in the answers and the recommendations."""
    return [*_answers(before, after), *_recommendations(before, after)]


# --- what a piece of advice says, by part and key -------------------------------------------------------------------

Signature = dict[tuple[str, str], object]


def signature(advice: Advice) -> Signature:
    """What the advice says under each key, in a form that can be compared."""
    found: Signature = {("answer", one.key): (one.verdict, one.text) for one in advice.answers}
    for one in advice.recommendations:
        found["recommendation", one.key] = (one.status, advice.deadline(one), _standing(advice, one), advice.title(one))
    for key, (_, _, value) in findings(advice).items():
        found["finding", key] = value
    for forecast in advice.forecasts:
        found["projection", forecast.key] = (forecast.worst, forecast.likely, forecast.best, forecast.absent)
    return found


def _standing(advice: Advice, one: Recommendation) -> int:
    return advice.prover.rule_standing(one.rule, one.subject)


def findings(advice: Advice) -> dict[str, tuple[Subject, Field, object]]:
    """The findings by key: what is concluded, and what is worked out and worded."""
    world = advice.world
    found: dict[str, tuple[Subject, Field, object]] = {}
    for kind in world.program.pack.kinds():
        for one in world.program.fields[kind]:
            fact = one.fact
            if fact is None or not (one.role == "concluded" or (fact.derived and fact.finding is not None)):
                continue
            for subject in [world.case] if kind == CASE else world.entities[kind]:
                found[speech.key(one.name, subject)] = subject, one, subject.values[one.index]
    return found


# --- answers and recommendations -----------------------------------------------------------------------------------


def _answers(before: Advice, after: Advice) -> Iterator[Change]:
    old, new = ({one.key: one for one in advice.answers} for advice in (before, after))
    for key in dict.fromkeys((*new, *old)):
        one, other = (found.get(key) or _answered(advice, key) for found, advice in ((old, before), (new, after)))
        says = ["" if found is None else found.sentence for found in (one, other)]
        if says[0] != says[1]:
            title = next(found.question for found in (other, one) if found is not None)
            yield Change(part="answer", key=key, what="changed", title=title, before=says[0], after=says[1])


def _answered(advice: Advice, key: str) -> Answered | None:
    """What a case says to a goal that was not chosen for it; None where it has not what the goal is about."""
    name, _, entity = key.partition("@")
    goal = advice.world.program.pack.goals.get(name)
    if goal is None or (entity and entity not in advice.world.by_id[goal.about]):
        return None
    return advice.answered(goal, advice.world.by_id[goal.about][entity] if entity else advice.world.case)


_WORDS: Final = {
    (False, True): "new",
    (False, None): "could hold",
    (True, False): "withdrawn",
    (True, None): "no longer certain",
    (None, True): "now certain",
    (None, False): "ruled out",
}
_STATES: Final = {True: "holds", None: "open", False: "does not hold"}


def _recommendations(before: Advice, after: Advice) -> Iterator[Change]:
    old = {one.key: one for one in before.recommendations}
    new = {one.key: one for one in after.recommendations}
    moved = _moved([one for one in old if one in new], [one for one in new if one in old])
    for key in dict.fromkeys((*new, *old)):
        states = (old[key].status if key in old else False, new[key].status if key in new else False)
        if states[0] is not states[1]:
            yield _state_change(before, after, old.get(key), new.get(key), states)
        elif key in old and key in new:
            yield from _details(before, after, old[key], new[key], moved=key in moved)


def _state_change(
    before: Advice,
    after: Advice,
    old: Recommendation | None,
    new: Recommendation | None,
    states: tuple[bool | None, bool | None],
) -> Change:
    shown, advice = (new, after) if new is not None else (old, before)
    if shown is None:
        raise ValueError("neither advice recommends it")
    decided = _decider(before, after, shown)
    return Change(
        part="recommendation",
        key=shown.key,
        what=_WORDS[states],
        title=advice.title(shown),
        before=_STATES[states[0]],
        after=_STATES[states[1]],
        rule=decided.id,
        because=speech.spoken(
            advice.world, decided.because, shown.subject if decided is shown.rule else advice.world.case
        ),
        tipped=tuple(tipped(before.world, after.world, decided, shown.subject)),
    )


def _decider(before: Advice, after: Advice, one: Recommendation) -> Rule:
    """The rule whose state changed: the recommendation's own, or one that opposes or overrides it."""
    world = after.world
    others: list[Rule] = [*world.program.opponents.get(one.rule.id, ()), *_overriders(world, one.rule)]
    candidates: list[Rule] = [one.rule, *(rule for rule in others if rule.about in (CASE, one.subject.kind))]
    for rule in candidates:
        if _state(before.world, rule, one.subject.id) is not _state(world, rule, one.subject.id):
            return rule
    return one.rule


def _state(world: World, rule: Rule, id_: str) -> bool | None:
    subject = _owner(world, rule.about, id_)
    return False if subject is None else world.state(rule, subject)


def _overriders(world: World, rule: Rule) -> list[Rule]:
    group = world.program.group_of[rule.id]
    return list(group.overriders[group.rules.index(rule)]) if group.overriders else []


def _details(
    before: Advice, after: Advice, old: Recommendation, new: Recommendation, *, moved: bool
) -> Iterator[Change]:
    """How a recommendation that stays as it was is said otherwise: deadline, trust, words, place in the order."""
    dates = before.deadline(old), after.deadline(new)
    if dates[0] != dates[1]:
        what = "deadline"
        if isinstance(dates[0], date) and isinstance(dates[1], date):
            what = "earlier" if dates[1] < dates[0] else "later"
        yield _detail(after, new, what, _day(old, dates[0]), _day(new, dates[1]))
    trust = _standing(before, old), _standing(after, new)
    if trust[0] != trust[1]:
        what = "better founded" if trust[1] < trust[0] else "less well founded"
        yield _detail(after, new, what, _trust(before, trust[0]), _trust(after, trust[1]))
    titles = before.title(old), after.title(new)
    if titles[0] != titles[1]:
        yield _detail(after, new, "reworded", *titles)
    if moved:
        what = "moved up" if new.rank < old.rank else "moved down"
        yield _detail(after, new, what, f"number {old.rank}", f"number {new.rank}")


def _day(one: Recommendation, value: object) -> str:
    if value is None or one.advise.deadline is None:
        return "no deadline"
    words = wording.in_words(value, one.advise.deadline.type)  # type: ignore[arg-type]
    return {"unknown": "not known", "none": "no deadline"}.get(words, words)


def standing_words(advice: Advice, one: Recommendation) -> str:
    """How far a recommendation can be trusted, in the pack's words."""
    return _trust(advice, _standing(advice, one))


def _trust(advice: Advice, number: int) -> str:
    id_ = advice.prover.standing_words(number)
    return next((one.say for one in advice.world.program.pack.standings if one.id == id_), "certain")


def _detail(advice: Advice, one: Recommendation, what: str, before: str, after: str) -> Change:
    return Change(
        part="recommendation",
        key=one.key,
        what=what,
        title=advice.title(one),
        before=before,
        after=after,
        rule=one.rule.id,
        because=speech.spoken(advice.world, one.rule.because, one.subject),
    )


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest keys that must move for one order to become the other: those outside of a longest common part."""
    place = {key: number for number, key in enumerate(before)}
    runs: list[list[str]] = [[]]
    for key in after:
        runs.append([*_longest([run for run in runs if not run or place[run[-1]] < place[key]]), key])
    return set(after) - set(_longest(runs))


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=len)


# --- findings and figures -------------------------------------------------------------------------------------------


def _findings(before: Advice, after: Advice) -> Iterator[Change]:
    old, new = findings(before), findings(after)
    for key in dict.fromkeys((*old, *new)):
        values = old[key][2] if key in old else None, new[key][2] if key in new else None
        if values[0] == values[1] and type(values[0]) is type(values[1]):
            continue
        advice, (subject, one, _) = (after, new[key]) if key in new else (before, old[key])
        rule = _concluding(new.get(key)) or _concluding(old.get(key))
        yield Change(
            part="finding",
            key=key,
            what="new" if key not in old else "withdrawn" if key not in new else _certainty(*values),
            title=_about(advice, subject, one),
            before=_worded(old[key]) if key in old else "not listed",
            after=_worded(new[key]) if key in new else "not listed",
            rule=rule.id if rule else "",
            because=speech.spoken(advice.world, rule.because, subject) if rule else "",
            tipped=tuple(tipped(before.world, after.world, rule, subject)) if rule else (),
        )


def _certainty(old: object, new: object) -> str:
    if isinstance(old, Partial) is isinstance(new, Partial):
        return "changed"
    return "no longer certain" if isinstance(new, Partial) else "now certain"


def _about(advice: Advice, subject: Subject, one: Field) -> str:
    name = speech.named(advice.world, subject)
    return f"{speech.label(one)} (“{name}”)" if name else speech.label(one)


def _worded(found: tuple[Subject, Field, object]) -> str:
    return speech.valued(found[0], found[1])


def _concluding(found: tuple[Subject, Field, object] | None) -> Rule | None:
    """The rule that concludes a finding; None where none does."""
    if found is None or found[1].group is None:
        return None
    resolution = found[0].resolutions.get(found[1].group.name)
    return found[1].group.rules[resolution.winners[0]] if resolution is not None and resolution.winners else None


def _projections(before: Advice, after: Advice) -> Iterator[Change]:
    old = {one.key: one for one in before.forecasts}
    new = {one.key: one for one in after.forecasts}
    for key in dict.fromkeys((*old, *new)):
        figures = [_figures(found[key]) if key in found else None for found in (old, new)]
        if figures[0] == figures[1]:
            continue
        one = new.get(key) or old[key]
        yield Change(
            part="projection",
            key=key,
            what=_figure_word(old.get(key), new.get(key)),
            title=f"{one.projection.label}{f', if {one.model.title}' if one.model else ''}",
            before=span(old.get(key)),
            after=span(new.get(key)),
        )


def _figures(one: Forecast) -> tuple[object, ...]:
    return one.worst, one.likely, one.best, one.absent


def _figure_word(old: Forecast | None, new: Forecast | None) -> str:
    one, other = (None if f is None or f.worst is None else f for f in (old, new))
    if one is None or other is None:
        return "new" if one is None else "withdrawn"
    sign = 1 if other.projection.better == "higher" else -1
    steps = [
        (b - a) * sign for a, b in ((one.worst, other.worst), (one.best, other.best)) if a is not None and b is not None
    ]
    if all(step >= 0 for step in steps) and any(steps):
        return "better"
    return "worse" if all(step <= 0 for step in steps) and any(steps) else "changed"


def span(one: Forecast | None) -> str:
    """The range of a figure in words, with what is most likely; why there is none, where there is none."""
    if one is None:
        return "not projected"
    if one.worst is None:
        return one.absent
    lines = [line.at for line in one.projection.thresholds if isinstance(line.at, int | Fraction)]
    low, high = sorted((one.worst, one.best or one.worst))
    likely = (
        "" if one.likely is None or low == high else f", most likely {wording.amount(one.likely, one.projection.unit)}"
    )
    return wording.span(low, high, one.projection.unit, lines=lines) + likely


# --- why ------------------------------------------------------------------------------------------------------------


def tipped(before: World, after: World, rule: Rule, subject: Subject) -> Iterator[Tipped]:
    """The comparisons in a rule's condition whose facts are not what they were."""
    seen: set[tuple[str, int]] = set()
    for atom in atoms(rule.when):
        one, cells = after.program.atom(rule.about, atom)
        kind = CASE if one.kind == CASE else rule.about
        old, new = _owner(before, kind, subject.id), _owner(after, kind, subject.id)
        if old is None or new is None or (kind, one.index) in seen:
            continue
        states = [_truth(owner.masks[one.index], cells) for owner in (old, new)]
        if states[0] is states[1]:
            continue
        seen.add((kind, one.index))
        place = speech.place(after, new, one) if one.fact is not None else ""
        yield Tipped(
            condition=written(atom),
            fact=place,
            label=speech.label(one),
            before=speech.valued(old, one),
            after=speech.valued(new, one),
        )


def _owner(world: World, kind: str, id_: str) -> Subject | None:
    return world.case if kind == CASE else world.by_id[kind].get(id_)


def _truth(mask: int, cells: int) -> bool | None:
    return True if mask & ~cells == 0 else False if mask & cells == 0 else None
