"""The fork of an open answer: on which fact it hangs most, and what the answer is for each of its values.

In: advice and an answer that is not settled. Out: up to three branches, the likely one first, each replayed from
scratch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from advisor.advice import speech
from advisor.advice.advice import Advice
from advisor.advice.answers import DEPENDS, Answered
from advisor.advice.proof import Leaf
from advisor.decision.probing import Move, Probe, contradicts
from advisor.packs.pack import Goal
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values import wording
from advisor.values.text import plain
from advisor.values.types import CHOICES, NONE, YES_NO, Value, Within

MOST_FACTS: Final = 10
"""Unknown facts that are tried for one answer."""
MOST_VALUES: Final = 10
"""Values of a fact that are tried."""
MOST_BRANCHES: Final = 3
MOST_QUESTIONS: Final = 3
"""Questions that are named as those on which an open answer hangs."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One way the answer may go: the clause after "if", and the answer then; settled, or open still."""

    clause: str
    verdict: str
    text: str
    settled: bool

    def to_dict(self) -> dict[str, str]:
        """The branch as plain data."""
        return {"if": self.clause, "verdict": self.verdict, "text": self.text}


@dataclass(frozen=True, slots=True)
class Fork:
    """The fact on which an answer hangs most, the question for it, and the branches."""

    path: str
    label: str
    question: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """What the answer becomes with one value of a fact."""

    move: Move
    verdict: str
    text: str
    left: int
    """How many answers are possible then."""

    @property
    def said(self) -> tuple[str, str]:
        return (self.verdict, self.text) if self.left == 1 else (DEPENDS, "")


class Forks:
    """Finds the forks of the answers to a case."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice
        self.probe = Probe(advice)

    def of(self, answered: Answered) -> Fork | None:
        """The fork of an open answer; None where it is settled, or nothing that can be asked parts its answers."""
        if answered.settled:
            return None
        tried = [(leaf, self._ways(answered, *leaf)) for leaf in list(self._leaves(answered))[:MOST_FACTS]]
        telling = [found for found in tried if len({way.said for way in found[1]}) > 1]
        if not telling:
            return None
        (subject, one), ways = min(telling, key=lambda found: _spread(found[1]))
        branches = tuple(self._branches(answered, subject, one, ways))
        return Fork(speech.place(self.advice.world, subject, one), speech.label(one), _question(one), branches)

    def _leaves(self, answered: Answered) -> Iterator[Leaf]:
        """What may part the answers; a question with several boxes that are open is too much for one "if"."""
        asked = [(subject, one) for subject, one in answered.unknowns() if one.fact is not None and one.fact.asked]
        boxes = Counter((subject, one.fact.name) for subject, one in asked if one.fact is not None and one.choice)
        for subject, one in asked:
            if one.fact is not None and boxes[subject, one.fact.name] <= 1:
                yield subject, one

    def _ways(self, answered: Answered, subject: Subject, one: Field) -> list[_Way]:
        world, found, within = self.advice.world, [], self.probe.reach(answered.goal)
        possible = one.cells.of(subject.values[one.index])
        moves = (move for move in self.probe.moves_of(world, subject, one) if one.cells.of(move.value) & possible)
        for move in islice(moves, MOST_VALUES):
            after = self.probe.revised((move,), within)
            if not contradicts(after):
                found.append(_way(move, answered.goal, answered.subject, after))
        return found

    # --- branches --------------------------------------------------------------------------------------------

    def _branches(self, answered: Answered, subject: Subject, one: Field, ways: Sequence[_Way]) -> Iterator[Branch]:
        groups: dict[tuple[str, str], list[_Way]] = {}
        for way in ways:
            groups.setdefault(way.said, []).append(way)
        ordered = sorted(groups.values(), key=lambda group: _place(one, group))
        shown, rest = ordered, []
        if len(ordered) > MOST_BRANCHES:
            shown, rest = ordered[: MOST_BRANCHES - 1], ordered[MOST_BRANCHES - 1 :]
        for group in shown:
            yield self._branch(answered, subject, one, group)
        if rest:
            yield Branch("otherwise", DEPENDS, "", settled=False)

    def _branch(self, answered: Answered, subject: Subject, one: Field, group: Sequence[_Way]) -> Branch:
        first = group[0]
        clause = self._clause(subject, one, [way.move for way in group])
        replayed = self.probe.replayed((first.move,), self.probe.reach(answered.goal))
        again = _way(first.move, answered.goal, _same(replayed, answered.subject), replayed)
        if again.said != first.said or again.left != 1:
            return Branch(clause, DEPENDS, _depends_on(answered, replayed), settled=False)
        return Branch(clause, again.verdict, again.text, settled=True)

    def _clause(self, subject: Subject, one: Field, moves: Sequence[Move]) -> str:
        """What follows the "if" of a branch."""
        about = speech.named(self.advice.world, subject)
        whose = f" of “{about}”" if about and len(self.advice.world.entities[subject.kind]) > 1 else ""
        values = [move.value for move in moves]
        worded = _clauses(one, values)
        if worded:
            return _alternatives(worded)
        if one.choice:
            applies = "applies" if True in values else "does not apply"
            return f"“{dict(one.fact.type.choices)[one.choice] if one.fact else one.choice}”{whose} {applies}"
        if one.type.kind == YES_NO:
            said = "yes" if True in values else "no"
            return f"“{speech.label(one)}”{whose} is {said}"
        words = wording.listing(_in_words(one, values), "or")
        label = speech.label(one)
        return f"{label}{whose} {wording.is_or_are(label)} {words}"


def _place(one: Field, group: Sequence[_Way]) -> tuple[bool, bool, int]:
    """The likely value first, then what is settled, each in the order in which the pack lists its choices."""
    likely = one.fact.likely if one.fact is not None else None
    holds = likely is not None and any(way.move.value == likely.value for way in group)
    listed = one.type.choice_ids()
    first = min((listed.index(str(way.move.value)) for way in group if way.move.value in listed), default=0)
    return not holds, group[0].left != 1, first


def _clauses(one: Field, values: Iterable[Value]) -> list[str]:
    """The pack's own clauses for values of a field, where it has one for each."""
    if one.fact is None:
        return []
    found = [one.fact.clauses.get(_written(one, value), "") for value in values]
    return found if all(found) else []


def _alternatives(clauses: Sequence[str]) -> str:
    """Clauses joined by "or", with the words at which they all begin said once, where these are more than two."""
    words = [clause.split() for clause in clauses]
    shared = next((at for at, same in enumerate(zip(*words, strict=False)) if len(set(same)) > 1), min(map(len, words)))
    if len(clauses) == 1 or shared <= _FEW or shared == min(map(len, words)):
        return wording.listing(clauses, "or")
    rest = [" ".join(one[shared:]) for one in words]
    return f"{' '.join(words[0][:shared])} {', or '.join(rest)}"


_FEW: Final = 2
"""Words at the beginning that are said again for each clause."""


def _written(one: Field, value: Value) -> str:
    if one.fact is not None and one.fact.type.kind == CHOICES:
        return one.choice if value is True else f"not {one.choice}"
    return plain(value, one.type)


def _in_words(one: Field, values: Sequence[Value]) -> list[str]:
    """Values in words; of numbers and days, the range that they stand for."""
    if not one.type.ordered:
        return [f"“{wording.in_words(value, one.type)}”" if value is not NONE else "none" for value in values]
    cells = sorted({one.cells.of(value) for value in values if value is not NONE})
    ranges: list[Within] = []
    for cell in cells:
        span = one.cells.span(cell)
        joined = _joined(ranges[-1], span) if ranges else None
        if joined is None:
            ranges.append(span)
        else:
            ranges[-1] = joined
    words = [wording.in_words(_narrowed(span), one.type) for span in ranges]
    return words + ["none"] * (NONE in values)


def _narrowed(span: Within) -> Value:
    return span.low if span.low is not None and span.low == span.high else span


def _joined(one: Within, other: Within) -> Within | None:
    """Two neighbouring ranges as one; None where something lies between."""
    if one.high != other.low or (one.high_open and other.low_open):
        return None
    return Within(one.low, other.high, low_open=one.low_open, high_open=other.high_open)


def _way(move: Move, goal: Goal, subject: Subject, world: World) -> _Way:
    found = Advice(world).answered(goal, _same(world, subject))
    return _Way(move, found.verdict, found.text, len(found.possible))


def _depends_on(answered: Answered, world: World) -> str:
    """What a branch that is open hangs on first, in a sentence; empty where nobody can be asked for it."""
    found = Advice(world).answered(answered.goal, _same(world, answered.subject))
    asked = (speech.label(one) for owner, one in found.unknowns() if _can_be_asked(owner, one))
    first = next(asked, "")
    return f"It hangs on {first}" if first else ""


def _same(world: World, subject: Subject) -> Subject:
    """The subject of that name in another world."""
    return world.by_id[subject.kind][subject.id] if subject.id else world.case


def _spread(ways: Sequence[_Way]) -> tuple[float, int]:
    """How much is still open once the fact is known: the less, the more telling it is."""
    open_ = sum(way.left > 1 for way in ways) / len(ways)
    return open_, len({way.said for way in ways})


def _question(one: Field) -> str:
    return (one.fact.question if one.fact is not None else "") or f"What is {speech.label(one)}?"


def answers(advice: Advice) -> list[dict[str, Any]]:
    """The answers to the case's goals as plain data, each with its fork where it is open."""
    forks = Forks(advice)
    return [_answer(advice, one, forks.of(one)) for one in advice.answers]


def answer(advice: Advice, one: Answered) -> dict[str, Any]:
    """One answer as plain data, with its fork."""
    return _answer(advice, one, Forks(advice).of(one))


def _answer(advice: Advice, one: Answered, fork: Fork | None) -> dict[str, Any]:
    world = advice.world
    about = speech.named(world, one.subject)
    rules = [world.program.pack.rules[id_] for id_ in (one.row.because if one.row is not None else ())]
    reasons = [
        {
            "rule": rule.id,
            "text": speech.spoken(world, rule.because, owner),
            "standing": advice.prover.standing_words(advice.prover.rule_standing(rule, owner)),
            "sources": list(rule.sources),
            "opinion": rule.opinion,
        }
        for rule in rules
        for owner in one.owners(rule.about)[:1]
    ]
    if one.row is not None and one.row.sources:
        standing = advice.prover.standing_words(advice.prover.sources_standing(one.row.sources))
        said = {"rule": "", "text": one.text, "sources": list(one.row.sources), "opinion": False}
        reasons.append({**said, "standing": standing})
    return {
        "key": one.key,
        "goal": one.goal.id,
        "question": one.question,
        "about": {"kind": one.subject.kind, "id": one.subject.id, "label": about} if about else None,
        "verdict": one.verdict,
        "text": one.text,
        "settled": one.settled,
        "possible": list(dict.fromkeys(said.verdict or said.text for said in (*one.possible, *one.later))),
        "hangs_on": _hangs_on(one, fork),
        "fork": fork.path if fork is not None else "",
        "branches": [branch.to_dict() for branch in fork.branches] if fork is not None else [],
        "standing": advice.prover.standing_words(one.standing),
        "because": reasons,
        "recommendations": [recommended.key for recommended in one.recommendations],
        "figures": list(one.goal.figures),
        "value": one.plain_value,
    }


def _hangs_on(answered: Answered, fork: Fork | None) -> list[dict[str, str]]:
    """The first few questions that nobody has answered and that an open answer hangs on, the fork's first."""
    if answered.settled:
        return []
    unasked = [(owner, one) for owner, one in answered.unknowns() if _can_be_asked(owner, one)]
    found = [
        {"path": speech.place(answered.world, owner, one), "label": speech.label(one), "question": _question(one)}
        for owner, one in unasked
    ]
    first = fork.path if fork is not None else ""
    ordered = sorted(found, key=lambda one: one["path"] != first)
    return list({one["question"]: one for one in reversed(ordered)}.values())[::-1][:MOST_QUESTIONS]


def _can_be_asked(owner: Subject, one: Field) -> bool:
    return one.fact is not None and one.fact.asked and one.name not in owner.answers
