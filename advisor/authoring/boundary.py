"""Worked cases made up at the boundaries that no case tries, as text for a file of cases.

In: a `Judge` and slips that no case notices. Out: `Proposal` values: a smallest case on which a slip shows, and what
the pack says there now. Whether that is right only the expert can tell.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from advisor.advice import explain, speech
from advisor.advice.advice import Advice
from advisor.advice.advisor import LoadedPack
from advisor.advice.answers import OPEN
from advisor.advice.data import recommendation
from advisor.advice.explain import Named
from advisor.authoring.conditions import sites
from advisor.authoring.edits import Edit
from advisor.authoring.made_up import MadeUp, smaller, where_it_shows
from advisor.authoring.mutation import Judge
from advisor.authoring.slips import Slip
from advisor.cases.reader import WorkedCase, worked_case
from advisor.language.tree import ALWAYS, CASE, And, Condition, FactRef, Literal, Lookup, Not, ParameterRef, walk
from advisor.packs.pack import Pack, Parameter, Rule
from advisor.problems.problem import Problems
from advisor.reasoning.grafting import Grafted
from advisor.reasoning.world import World
from advisor.values.text import plain
from advisor.values.types import CHOICES, DATE, Partial

Feature = tuple[str, str, str]
"""What may be expected: `rule`, `fact`, `answer`, `deadline` or `standing`, its id, and the entity it is about."""
Features = Mapping[Feature, str]
_UNSETTLED: Final = frozenset((OPEN, "unknown"))
HOLDS: Final = {True: "holds", False: "does not hold", None: "open"}
_MOST_BASES: Final = 6
"""Cases in which a condition holds; the others differ from one of these by an answer."""
MOST_SHRUNK: Final = 200
"""Cases that are tried to make one smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A case that would notice a slip, as the text of a file of cases has it."""

    slip: Slip
    text: str


def proposals(judge: Judge, unnoticed: Iterable[Slip], most: int) -> list[Proposal]:
    """For each slip a case that notices it, if one is found among `most`; slips that an earlier one notices need none.

    The cases are added to the judge.
    """
    found = []
    first = len(judge.cases)
    for slip in unnoticed:
        if judge.judge(slip, first).noticed:
            continue
        proposal = _Proposer(judge, slip).proposal(most)
        if proposal is not None:
            found.append(Proposal(slip=slip, text=proposal[0]))
            judge.add(proposal[1])
    return found


class _Proposer:
    """Looks for a case on which one slip shows."""

    def __init__(self, judge: Judge, slip: Slip) -> None:
        self.judge = judge
        self.slip = slip
        self.pack = judge.screen.pack
        affected = judge.listening.affected(slip)
        known = judge.pack.data
        names = [*known.rules, *known.goals, *_derived(known)]
        self.names = [name for name in names if affected is None or not judge.listening.of(name).isdisjoint(affected)]
        """What a case may expect that hangs on it."""
        self.changed: LoadedPack | None = None
        self.graft = judge.graft(slip)
        if self.graft is None:
            self.changed = LoadedPack(slip.made())

    def proposal(self, most: int) -> tuple[str, WorkedCase] | None:
        """The text of a case, and the case; None where none was found."""
        edit = _edit(self.pack.data, self.slip)
        spare: MadeUp | None = None
        found = where_it_shows(self.pack, self.pack, edit, self.judge.today, most, _MOST_BASES)
        for made_up in self._with_days(found):
            differing = self._differs(made_up)
            if any(value not in _UNSETTLED for value in differing.values()):
                return self._written(made_up)
            if differing and spare is None:
                spare = made_up
        return None if spare is None else self._written(spare)

    def _with_days(self, found: Iterable[MadeUp]) -> Iterator[MadeUp]:
        """The cases; before each, where a deadline slipped, the same with that deadline on the day, and around it."""
        moved = list(_days_of_deadline(self.pack.data, self.slip))
        for made_up in found:
            for fact, lengths in moved:
                for by in lengths:
                    day = date.fromisoformat(made_up.data["today"]) + timedelta(days=by)
                    with_day = _told(self.pack.data, made_up, fact, day.isoformat())
                    if with_day is not None:
                        yield with_day
            yield made_up

    def _written(self, made_up: MadeUp) -> tuple[str, WorkedCase] | None:
        """The smallest case on which the same comes out otherwise, and is what it was; one that is settled, if any."""
        differing = sorted(self._differs(made_up).items(), key=lambda one: one[1] in _UNSETTLED)
        feature, value = differing[0]
        left = iter(range(MOST_SHRUNK))
        least = smaller(made_up, lambda one: next(left, None) is not None and self._differs(one).get(feature) == value)
        text = _text(self.slip, least, [(feature, value)])
        try:
            return text, worked_case(self.pack.data, text)
        except Problems:
            return None

    def _world(self, made_up: MadeUp) -> World:
        return self.pack.reason(made_up.read(self.pack))

    def _differs(self, made_up: MadeUp) -> dict[Feature, str]:
        """What comes out otherwise on a case, as it was; nothing where a pack cannot read it, or sends it back."""
        try:
            world = self._world(made_up)
            after = Grafted(world, self.graft) if self.graft is not None else self._reason_changed(made_up)
        except Problems:
            return {}
        one, other = self._features(world), self._features(after)
        return {feature: one[feature] for feature in one if feature in other and one[feature] != other[feature]}

    def _reason_changed(self, made_up: MadeUp) -> World:
        assert self.changed is not None
        return self.changed.reason(made_up.read(self.changed))

    def _features(self, world: World) -> Features:
        return dict(_features(Advice(world), self.names, closely=self.slip.site is None))


def _derived(pack: Pack) -> list[str]:
    return list(dict.fromkeys(fact.name for fact in pack.all_facts() if fact.derived and fact.type.kind != CHOICES))


def _features(advice: Advice, names: Iterable[str], *, closely: bool) -> Iterator[tuple[Feature, str]]:
    pack = advice.world.program.pack
    for name in names:
        if name in pack.goals:
            for answered in explain.answered(advice, name):
                verdict = answered.verdict if answered.settled else OPEN
                if verdict and answered.goal.rows:
                    yield ("answer", name, answered.subject.id), verdict
            continue
        for one in _named(advice, name):
            state = explain.state(advice, one)
            if one.rule is not None:
                yield ("rule", name, one.subject.id), HOLDS[state]
                if closely and state is True and one.rule.advise is not None:
                    shown = recommendation(advice, speech.key(name, one.subject))
                    for word in ("deadline", "standing"):
                        if shown.get(word):
                            yield (word, name, one.subject.id), str(shown[word])
            elif one.field is not None:
                value = explain.value(one)
                yield (
                    ("fact", name, one.subject.id),
                    "unknown" if isinstance(value, Partial) else plain(value, one.field.type),
                )


def _named(advice: Advice, name: str) -> list[Named]:
    """What a name stands for in a case; nothing where the case has nothing that it is about."""
    try:
        return explain.named(advice, name)
    except Problems:
        return []


# --- where a slip may show ------------------------------------------------------------------------------------------


def _edit(pack: Pack, slip: Slip) -> Edit:
    what, name = _edited(slip)
    days = tuple(sorted(set(_edge_days(slip, pack))))
    return Edit(what=what, name=name, how="changed", place=slip.place, shows=tuple(_shows(pack, slip)), days=days)


def _edited(slip: Slip) -> tuple[str, str]:
    own = slip.name.partition(" of ")[2] or slip.name
    return {"rule": "rule", "answer": "goal", "figure": "figure", "source": "source"}.get(slip.what, "fact"), own


def _shows(pack: Pack, slip: Slip) -> Iterator[tuple[str, Condition]]:
    if slip.site is not None and slip.new is not None:
        before = _earlier(pack, slip)
        yield slip.site.kind, And((slip.site.condition, Not(slip.new), *before))
        yield slip.site.kind, And((slip.new, Not(slip.site.condition), *before))
        yield slip.site.kind, And((slip.site.condition, *before))
        yield slip.site.kind, And((Not(slip.site.condition), *before))
        return
    own = slip.name.partition(" of ")[2] or slip.name
    if slip.what == "rule":
        rule = pack.rules[slip.name]
        beaten = [pack.rules[one] for one in rule.overrides if one not in slip.made().rules[slip.name].overrides]
        yield from ((rule.about, And((rule.when, one.when))) for one in beaten)
        yield rule.about, rule.when
    elif slip.what == "row":
        kind, name = own.rpartition(".")[0] or CASE, own.rpartition(".")[2]
        row = pack.facts[kind][name].rows[int(slip.name.partition(" of ")[0]) - 1]
        yield kind, And((row.when or ALWAYS, *_earlier(pack, slip)))
    elif slip.what == "source":
        yield from ((one.about, one.when) for one in pack.rules.values() if one != slip.made().rules[one.id])
    else:
        for site in sites(pack):
            if any(isinstance(node, ParameterRef | Lookup) and node.name == slip.name for node in walk(site.condition)):
                yield site.kind, site.condition


def _earlier(pack: Pack, slip: Slip) -> list[Condition]:
    """That no row before the one that slipped applies."""
    number, _, own = slip.name.partition(" of ")
    rows: Sequence[Any] = ()
    if slip.what == "answer":
        rows = pack.goals[own].rows
    elif slip.what == "row":
        rows = pack.facts[own.rpartition(".")[0] or CASE][own.rpartition(".")[2]].rows
    return [Not(row.when) for row in rows[: int(number) - 1]] if rows else []


def _edge_days(slip: Slip, pack: Pack) -> Iterator[date]:
    """Days around the ends of the times that slipped."""
    before: Rule | Parameter | None = None
    if slip.what == "rule" and slip.site is None:
        before, after = pack.rules[slip.name], slip.made().rules[slip.name]
        pairs = [(before.periods, after.periods)]
    elif slip.what == "figure":
        figure, other = pack.parameters[slip.name], slip.made().parameters[slip.name]
        pairs = [(one.periods, two.periods) for one, two in zip(figure.values, other.values, strict=True)]
    else:
        return
    for old, new in pairs:
        for one, two in zip(old, new, strict=True):
            for edge in (one.first, one.last, two.first, two.last):
                if one != two and edge is not None and edge.earliest is not None and edge.latest is not None:
                    yield from (edge.earliest, edge.latest, edge.latest + timedelta(days=1))


def _days_of_deadline(pack: Pack, slip: Slip) -> Iterator[tuple[FactRef, list[int]]]:
    """The dates by which a deadline that slipped is reckoned, and how far they lie from it, about."""
    advise = pack.rules[slip.name].advise if slip.what == "rule" and slip.site is None else None
    if advise is None or advise.deadline is None or not slip.before.startswith("deadline"):
        return
    nodes = list(walk(advise.deadline))
    far = [node.value for node in nodes if isinstance(node, Literal) and isinstance(node.value, int)]
    lengths = sorted({length + by for length in (*far, sum(far)) for by in (-1, 0, 1)})
    yield from ((node, lengths) for node in nodes if isinstance(node, FactRef) and node.type.kind == DATE)


def _told(pack: Pack, made_up: MadeUp, fact: FactRef, value: str) -> MadeUp | None:
    """The case with one fact told, of the case or of the first thing of its kind; None where it has none."""
    data = copy.deepcopy(made_up.data)
    if fact.kind == CASE:
        data.setdefault("facts", {})[fact.name] = value
        return MadeUp(data)
    listed = data.get(pack.entities[fact.kind].plural)
    if not listed:
        return None
    listed[0][fact.name] = value
    return MadeUp(data)


# --- text -----------------------------------------------------------------------------------------------------------


def _text(slip: Slip, case: MadeUp, expected: Sequence[tuple[Feature, str]]) -> str:
    lines = [f"- case: {_sentence(slip)}"]
    lines += [f"  {line}" for line in case.text.splitlines()]
    for word in ("expect", "expect_not", "expect_open"):
        items = [item for where, item in map(_expectation, expected) if where == word]
        if items:
            lines.append(f"  {word}: [{', '.join(items)}]")
    return "\n".join(lines)


def _sentence(slip: Slip) -> str:
    return json.dumps(f"{slip.called}: “{slip.before}”, not “{slip.after}”"[:300], ensure_ascii=False)


def _expectation(found: tuple[Feature, str]) -> tuple[str, str]:
    (sort, name, entity), value = found
    key = f"{name}@{entity}" if entity else name
    if sort == "rule":
        return {"holds": "expect", "does not hold": "expect_not", "open": "expect_open"}[value], key
    said = json.dumps(value, ensure_ascii=False)
    if sort == "answer":
        return "expect", f"answer: {{{key}: {said}}}"
    if sort == "fact":
        return "expect", f"{key}: {said}"
    return "expect", f"{key}: {{{sort}: {said}}}"
