"""Probes around a case: which answers could be different, and what the advice would then be.

In: advice on a case. Out: `Move` values (one answer set otherwise, who can do that and how hard it is), and what a part
of the advice becomes by them: looked for in revised worlds, and replayed from scratch for what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from advisor.advice import reach, speech
from advisor.advice.advice import Advice
from advisor.advice.recommendations import standing_state
from advisor.cases.case import Answer
from advisor.cases.settings import Setting
from advisor.language.tree import CASE
from advisor.packs.courses import Course
from advisor.packs.pack import Change, Goal
from advisor.reasoning.matching import Outcome
from advisor.reasoning.program import Field, Program
from advisor.reasoning.revision import Revised, below, dependents_of
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World, both, opposite
from advisor.values import wording
from advisor.values.text import plain
from advisor.values.types import NONE, REFERENCE, YES_NO, Partial, Scalar, Value

By = Literal["you", "learn", "others", "unsaid", "past"]
ORDER: Final[tuple[By, ...]] = ("you", "learn", "others", "unsaid", "past")
"""Whose a change is: yours, a matter of finding out, of others, not said, or past. What you can do comes first."""
EFFORTS: Final = ("small", "medium", "large")

Place = tuple[str, str, str]
"""Kind, entity and field of an answer."""
Target = tuple[str, str]
"""A part of the advice: `("answer", KEY)`, `("recommendation", KEY)` or `("finding", KEY)`, or
`("option", KEY)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One answer set otherwise: `written` as in a case file, `words` for people; `now`: what is known of it."""

    place: Place
    path: str
    value: Value
    by: By
    effort: str
    label: str
    written: str
    words: str
    now: str
    how: str = ""
    cells: int = 0

    @property
    def order(self) -> tuple[int, int, str, str]:
        """What you can do first, the easiest first."""
        return ORDER.index(self.by), EFFORTS.index(self.effort), self.path, self.words

    def setting(self) -> Setting:
        """The move as a change of a case."""
        kind, entity, field = self.place
        return Setting(kind=kind, entity=entity, field=field, answer=Answer(value=self.value))


def state(advice: Advice, target: Target) -> object:
    """What a part of the advice says: an answer's text, whether a rule stands, a finding's value; None while open."""
    part, key = target
    name, _, entity = key.partition("@")
    world = advice.world
    if part == "answer":
        goal = world.program.pack.goals[name]
        one = _subject(world, goal.about, entity)
        said = None if one is None else advice.answered(goal, one).said
        return None if said is None else " ".join(filter(None, (said.verdict, said.text)))
    if part == "option":
        course = world.program.pack.options.courses[name]
        one = _subject(world, course.about, entity)
        return False if one is None else possible(advice, course, one)
    if part == "finding":
        kind = next(kind for kind in world.program.pack.kinds() if world.program.find(kind, name) is not None)
        one = _subject(world, kind, entity)
        value = None if one is None else one.values[world.program.field(kind, name)]
        return None if isinstance(value, Partial) else value
    rule = world.program.pack.rules[name]
    one = _subject(world, rule.about, entity)
    if one is None:
        return False
    return standing_state(world, rule, one) if rule.advise is not None else world.state(rule, one)


def possible(advice: Advice, course: Course, subject: Subject) -> Outcome:
    """Whether a course of action is possible: its condition holds, and no advice stands that it goes against."""
    world = advice.world
    found: Outcome = True
    if course.when is not None:
        value = subject.values[world.program.condition(course.about, course.when).index]
        found = None if isinstance(value, Partial) else value is True
    for id_ in course.against:
        rule = world.program.pack.rules[id_]
        owners = [subject] if rule.about == subject.kind else subjects(world, rule.about)
        for owner in owners:
            found = both(found, opposite(standing_state(world, rule, owner)))
    return found


def _subject(world: World, kind: str, entity: str) -> Subject | None:
    return world.case if kind == CASE else world.by_id[kind].get(entity)


def subjects(world: World, kind: str) -> list[Subject]:
    """The case, or the entities of a kind."""
    return [world.case] if kind == CASE else world.entities[kind]


def flips(before: object, after: object) -> bool:
    """Whether what a part of the advice says has become another thing for sure."""
    return after is not None and (after != before or type(after) is not type(before))


class Probe:
    """A case from which single answers are set otherwise. Worlds are kept by the answers set."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice
        self.world = advice.world
        self.program: Program = advice.world.program
        self.dependents = dependents_of(self.program)
        self.hopeless = self.world.too_much()
        self._worlds: dict[tuple[frozenset[str] | None, tuple[tuple[Place, Value], ...]], World] = {}
        self._reached: dict[str, frozenset[str] | None] = {}

    def now(self, target: Target) -> object:
        """What a part of the advice says as things are."""
        return state(self.advice, target)

    def revised(self, moves: Iterable[Move], within: frozenset[str] | None = None) -> World:
        """The world with these moves made, one after the other; `within` (keys of steps), only as far as that goes."""
        world = self.world
        made: tuple[tuple[Place, Value], ...] = ()
        for move in moves:
            made = (*made, (move.place, move.value))
            key = (within, made)
            if key not in self._worlds:
                answer = Answer(value=move.value)
                self._worlds[key] = Revised(world, self.dependents, move.place, answer, within)
            world = self._worlds[key]
        return world

    def flipped(self, target: Target, moves: tuple[Move, ...]) -> object:
        """What a part of the advice becomes with these moves made, where that is another thing for sure; else None."""
        return self._other(target, self.revised(moves, self.scope(target)))

    def replays(self, target: Target, moves: tuple[Move, ...]) -> bool:
        """Whether the same comes out when the case is reasoned from scratch."""
        return self._other(target, self.replayed(moves, self.scope(target))) is not None

    def scope(self, target: Target) -> frozenset[str] | None:
        """How far cases are reasoned to see what becomes of a part of the advice: one scope for as many as can be."""
        found = reach.advised(self.program)
        return found if target[0] != "finding" or self.cone(target) <= found else None

    def replayed(self, moves: Iterable[Move], within: frozenset[str] | None = None) -> World:
        """The same, reasoned from scratch; of what is not `within` all that is possible is not searched."""
        case = self.world.source
        for move in moves:
            case = move.setting().apply(case)
        today, as_of = self.world.today, self.world.as_of
        return World(self.program, case, today=today, as_of=as_of, sought=within, hopeless=self.hopeless)

    def _other(self, target: Target, world: World) -> object:
        after = state(Advice(world), target)
        return after if flips(self.now(target), after) and not contradicts(world) else None

    # --- which answers could be otherwise ------------------------------------------------------------------------

    def moves(self, world: World, fields: frozenset[str] | None = None) -> Iterator[Move]:
        """Every other answer to every fact that applies, one for each cell of its domain; of `fields` (keys) alone."""
        for kind in self.program.pack.kinds():
            for one in self.program.fields[kind]:
                if one.fact is None or not one.fact.asked or (fields is not None and one.key not in fields):
                    continue
                for subject in subjects(world, kind):
                    if one.applies < 0 or subject.values[one.applies] is not False:
                        yield from self.moves_of(world, subject, one)

    def moves_of(self, world: World, subject: Subject, one: Field) -> Iterator[Move]:
        """Every other answer to one fact, one for each cell of its domain."""
        for value, cells in alternatives(world, subject, one):
            move = self.move(world, subject, one, value, cells)
            if not (
                move.by == "you" and isinstance(value, date) and value < world.today
            ):  # nobody can do that any more
                yield move

    def move(self, world: World, subject: Subject, one: Field, value: Value, cells: int = 0) -> Move:
        """The move that sets a field to a value."""
        now = subject.values[one.index]
        change = one.fact.change if one.fact is not None else None
        name = speech.named(world, subject)
        return Move(
            place=(subject.kind, subject.id, one.name),
            path=speech.place(world, subject, one),
            value=value,
            by=_by(change, now),
            effort=change.effort if change is not None else "medium",
            label=f"{speech.label(one)}{f' (“{name}”)' if name else ''}",
            written=plain(value, one.type),
            words=wording.in_words(value, one.type),
            now=speech.valued(subject, one),
            how=_how(change, one, value),
            cells=cells,
        )

    # --- what the advice hangs on ----------------------------------------------------------------------------------

    def cone(self, target: Target) -> frozenset[str]:
        """The keys of all fields and groups on which a part of the advice hangs, however far."""
        part, key = target
        if part == "answer":
            return below(self.program, reach.answer_roots(self.program, key.partition("@")[0]))
        if part == "finding":
            name = key.partition("@")[0]
            found = (self.program.find(kind, name) for kind in self.program.pack.kinds())
            return below(self.program, {one.key for one in found if one is not None})
        name = key.partition("@")[0]
        if part == "option":
            course = self.program.pack.options.courses[name]
            when = () if course.when is None else (self.program.condition(course.about, course.when).key,)
            rules = {key for rule in course.against for key in reach.rule_roots(self.program, rule)}
            return below(self.program, {*when, *rules})
        return below(self.program, reach.rule_roots(self.program, name))

    def reach(self, goal: Goal) -> frozenset[str] | None:
        """The keys of all that an answer and its words are worked out from; see `advice/reach.py`."""
        if goal.id not in self._reached:
            self._reached[goal.id] = reach.answer(self.program, goal)
        return self._reached[goal.id]


def _how(change: Change | None, one: Field, value: Value) -> str:
    """How a fact comes to have a value, where the pack says so of that value."""
    if change is None:
        return ""
    leads_to = change.to or ("yes" if one.type.kind == YES_NO else "")
    return change.how if not leads_to or leads_to == plain(value, one.type) else ""


def _by(change: Change | None, now: Value) -> By:
    if change is not None and change.by == "you":
        return "you"
    if isinstance(now, Partial):
        return "learn"
    return change.by if change is not None else "unsaid"


def contradicts(world: World) -> bool:
    """Whether the case breaks what must hold."""
    for constraint in world.program.pack.must_hold:
        one = world.program.condition(constraint.about, constraint.that)
        if any(subject.values[one.index] is False for subject in subjects(world, constraint.about)):
            return True
    return False


def alternatives(world: World, subject: Subject, one: Field) -> Iterator[tuple[Scalar, int]]:
    """A value in each cell of a field's domain other than what is known of it, and the cell; the nearest to what is."""
    now = subject.values[one.index]
    seen = 0 if isinstance(now, Partial) else one.cells.of(now)
    for value in sorted(samples(world, one), key=lambda value: _distance(value, now)):
        cell = one.cells.of(value)
        if cell & ~seen and value is not NONE:
            seen |= cell
            yield value, cell


def samples(world: World, one: Field) -> list[Scalar]:
    """Values that stand for all that can be said of a field; none for a text with which nothing is compared."""
    if one.type.kind == REFERENCE:
        return [other.id for other in world.entities.get(one.type.entity, ())]
    try:
        return one.cells.samples(one.type.domain())
    except ValueError:
        return []


def _distance(value: Scalar, now: Value) -> tuple[float, str]:
    """How far a number or day lies from what is known; nothing for all else."""
    if isinstance(value, date) and isinstance(now, date):
        return abs((value - now).days), str(value)
    if isinstance(value, int | Fraction) and isinstance(now, int | Fraction):
        return abs(float(Fraction(value) - Fraction(now))), str(value)
    return 0.0, str(value)
