"""How firmly advice stands: the numbers and days over which it holds, until when, and the unknown that matters most.

In: advice. Out: for each number or day that matters the interval within which nothing changes, and what changes beyond;
days ahead on which the advice changes by itself; for each figure how far each unknown moves its worst case.
What lies beyond is found in revised worlds and replayed from scratch. A change that comes and goes again between two
values that are looked at is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from advisor.advice import reach, speech
from advisor.advice.advice import Advice
from advisor.advice.data import as_json
from advisor.decision.compare import Change, advised_differences
from advisor.decision.probing import Probe, Target, alternatives, contradicts, samples, subjects
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values import wording
from advisor.values.text import plain
from advisor.values.types import COUNTED, DATE, Number, Ordered, Partial, Type

DAYS_AHEAD: Final = (1, 7, 14, 30, 60, 90, 180, 365, 730)
"""Days on which the advice is looked at, and between which a change is then sought."""
MOST_DAYS: Final = 3
"""Changes over time that are named."""
MOST_ANSWERS: Final = 8
"""Answers to one unknown that are played through."""

Signature = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """What lies beyond an end of an interval: the first value there, and what then changes."""

    value: Ordered
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Within which values of a fact the advice holds; None where it has no end."""

    path: str
    label: str
    type: Type
    now: Ordered
    low: Ordered | None
    high: Ordered | None
    below: Beyond | None
    above: Beyond | None

    def text(self) -> str:
        """The interval and what lies beyond, in a sentence or two."""
        bare = Type(self.type.kind, unit=self.type.unit)
        low, high = (None if end is None else wording.in_words(end, bare) for end in (self.low, self.high))
        if self.below is None:
            span = f"up to {high}"
        else:
            span = f"from {low} up" if self.above is None else f"from {low} to {high}"
        words = ("earlier", "later") if self.type.kind == DATE else ("less", "more")
        past = ("before", "after") if self.type.kind == DATE else ("below", "above")
        beyond = []
        for side, end, word, outside in zip((self.below, self.above), (low, high), words, past, strict=True):
            if side is not None:
                value = wording.in_words(side.value, bare)
                start = f"{outside} {end}" if value == end else f"at {value} or {word}"
                beyond.append(f"{start}, {told(side.changes)}")
        return f"This holds for {self.label} {span}; {'; '.join(beyond)}"

    def to_dict(self) -> dict[str, Any]:
        """The interval as plain data."""
        bare = Type(self.type.kind, unit=self.type.unit)
        ends = {"from": self.low, "to": self.high}
        return {
            "path": self.path,
            "label": self.label,
            "now": plain(self.now, bare),
            **{name: None if end is None else plain(end, bare) for name, end in ends.items()},
            "below": _beyond(self.below, bare),
            "above": _beyond(self.above, bare),
            "text": self.text(),
        }


def _beyond(one: Beyond | None, type_: Type) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"from": plain(one.value, type_), "changes": [change.to_dict() for change in one.changes]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A day on which the advice changes by itself."""

    day: date
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """The day as plain data."""
        text = f"This advice changes on {wording.day(self.day)}: {told(self.changes)}"
        return {"on": self.day.isoformat(), "changes": [one.to_dict() for one in self.changes], "text": text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """How far the answer to one unknown moves the worst case of a figure."""

    projection: str
    path: str
    label: str
    unit: str
    by_answer: tuple[tuple[str, Number, Number], ...]
    """Answer, and the worst and best figure that it leaves."""

    @property
    def worst(self) -> tuple[Number, Number]:
        """The least and the greatest that the worst case comes to."""
        figures = [worst for _, worst, _ in self.by_answer]
        return min(figures), max(figures)

    @property
    def size(self) -> Number:
        """How far it moves the worst and the best case together."""
        best = [figure for _, _, figure in self.by_answer]
        return self.worst[1] - self.worst[0] + max(best) - min(best)

    def text(self) -> str:
        """How far it moves the worst case."""
        low, high = self.worst
        return f"{self.label}: the worst case moves from {wording.number(low)} to {wording.amount(high, self.unit)}"

    def to_dict(self) -> dict[str, Any]:
        """The swing as plain data; `worst` and `best` are the ends between which the worst case moves."""
        low, high = self.worst
        return {
            "projection": self.projection,
            "path": self.path,
            "label": self.label,
            "unit": self.unit,
            "worst": as_json(low),
            "likely": None,
            "best": as_json(high),
            "text": self.text(),
            "by_answer": [
                {"answer": answer, "worst": as_json(worst), "best": as_json(best)}
                for answer, worst, best in self.by_answer
            ],
        }


def told(changes: tuple[Change, ...]) -> str:
    """The most telling change, and the rule behind it."""
    shown = sorted(changes, key=lambda one: ("recommendation", "answer", "projection", "finding").index(one.part))
    first = shown[0]
    if first.part == "answer":
        words = f"“{first.after}”"
    elif first.part == "recommendation":
        words = f"“{first.title}” {_WORDS.get(first.what, f'is {first.what}')}"
    else:
        words = f"{first.title}: {first.after}"
    reason = f", because {first.because[:1].lower()}{first.because[1:]}" if first.because else ""
    more = f" (and {wording.plural(len(shown) - 1, 'other change')})" if len(shown) > 1 else ""
    return f"{words}{reason.rstrip('.')}{more}"


_WORDS: Final = {
    "new": "is added",
    "withdrawn": "falls away",
    "ruled out": "falls away",
    "could hold": "may be added",
    "no longer certain": "is no longer certain",
    "now certain": "is certain",
}


class Firmness:
    """How firmly a piece of advice stands."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice
        self.probe = Probe(advice)
        self.world = advice.world
        self.now = _signature(advice)
        self.scope = reach.advised(self.world.program)
        """How far cases are reasoned where only answers and recommendations are looked at."""

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "facts": [one.to_dict() for one in self.intervals()],
            "time": [one.to_dict() for one in self.turns()],
            "tornado": [one.to_dict() for one in self.swings()],
        }

    # --- numbers and days -------------------------------------------------------------------------------------------

    def intervals(self) -> Iterator[Interval]:
        """For each number or day that was given and matters: within which values the advice holds."""
        near = self._cone()
        for kind in self.world.program.pack.kinds():
            for field in self.world.program.fields[kind]:
                if field.fact is None or not field.fact.asked or not field.type.ordered or field.key not in near:
                    continue
                for subject in subjects(self.world, kind):
                    found = self._interval(subject, field)
                    if found is not None:
                        yield found

    def _cone(self) -> frozenset[str]:
        keys: list[Target] = [("answer", one.key) for one in self.advice.answers]
        keys += [("recommendation", one.key) for one in self.advice.recommendations]
        return frozenset().union(*(self.probe.cone(key) for key in keys))

    def _interval(self, subject: Subject, field: Field) -> Interval | None:
        now = subject.values[field.index]
        if isinstance(now, Partial | str | bool) or not isinstance(now, Ordered) or field.name not in subject.answers:
            return None
        below = self._edge(subject, field, now, -1)
        above = self._edge(subject, field, now, 1)
        if below is None and above is None:
            return None
        name = speech.named(self.world, subject)
        return Interval(
            path=speech.place(self.world, subject, field),
            label=f"{speech.label(field)}{f' (“{name}”)' if name else ''}",
            type=field.type,
            now=now,
            low=below[0] if below else field.type.low,
            high=above[0] if above else field.type.high,
            below=below[1] if below else None,
            above=above[1] if above else None,
        )

    def _edge(self, subject: Subject, field: Field, now: Ordered, way: int) -> tuple[Ordered, Beyond] | None:
        """The last value in a direction by which the advice holds, and what lies beyond; None where it always holds."""
        looked = [one for one in samples(self.world, field) if isinstance(one, Ordered) and not isinstance(one, bool)]
        path = sorted((one for one in looked if _sign(one, now) == way), reverse=way < 0)
        last = now
        for value in path:
            found = self._with(subject, field, value)
            if found is None:
                return None
            if found != self.now:
                last, first = _bisected(
                    last, value, field.type, lambda one: self._with(subject, field, one) == self.now
                )
                return last, Beyond(value=first, changes=self._changes(subject, field, first))
            last = value
        return None

    def _with(self, subject: Subject, field: Field, value: Ordered) -> Signature | None:
        world = self.probe.revised((self.probe.move(self.world, subject, field, value),), self.scope)
        return None if contradicts(world) else _signature(Advice(world))

    def _changes(self, subject: Subject, field: Field, value: Ordered) -> tuple[Change, ...]:
        world = self.probe.replayed((self.probe.move(self.world, subject, field, value),), self.scope)
        return _telling(advised_differences(self.advice, Advice(world)))

    # --- time -------------------------------------------------------------------------------------------------------

    def turns(self) -> Iterator[Turn]:
        """The next days on which the advice changes although no answer does."""
        before, since = self.advice, 0
        for _ in range(MOST_DAYS):
            found = self._turn(_signature(before), since)
            if found is None:
                return
            after = Advice(self._on(found))
            changes = _telling(advised_differences(before, after))
            if contradicts(after.world) or not changes:
                return
            yield Turn(day=after.world.today, changes=changes)
            before, since = after, found

    def _turn(self, now: Signature, since: int) -> int | None:
        last = since
        for days in (one for one in DAYS_AHEAD if one > since):
            if _signature(Advice(self._on(days))) != now:
                while days - last > 1:
                    middle = (days + last) // 2
                    if _signature(Advice(self._on(middle))) == now:
                        last = middle
                    else:
                        days = middle  # noqa: PLW2901 - the interval is halved from both ends
                return days
            last = days
        return None

    def _on(self, days: int) -> World:
        """The same case so many days on; by the rules of that day, where no day was named whose rules apply."""
        today = self.world.today + timedelta(days=days)
        as_of = today if self.world.as_of == self.world.today else self.world.as_of
        return World(
            self.world.program,
            self.world.source,
            today=today,
            as_of=as_of,
            sought=self.scope,
            hopeless=self.probe.hopeless,
        )

    # --- what is unknown --------------------------------------------------------------------------------------------

    def swings(self) -> list[Swing]:
        """For each figure the unknowns that move it, the one that moves it most first."""
        found = []
        for forecast in self.advice.forecasts:
            if forecast.model is not None or forecast.worst is None:
                continue
            leaves: set[tuple[Subject, Field]] = set()
            for subject, index in forecast.leaves:
                if isinstance(index, int):
                    field = self.world.program.fields[subject.kind][index]
                    leaves |= self.advice.prover.unknowns(subject, field)
            for subject, field in sorted(leaves, key=lambda leaf: speech.place(self.world, *leaf)):
                swing = self._swing(forecast.key, forecast.projection.unit, subject, field)
                if swing is not None and swing.size:
                    found.append(swing)
        return sorted(found, key=lambda one: (one.projection, -one.size, one.path))

    def _swing(self, key: str, unit: str, subject: Subject, field: Field) -> Swing | None:
        answers = []
        for value, _ in list(alternatives(self.world, subject, field))[:MOST_ANSWERS]:
            move = self.probe.move(self.world, subject, field, value)
            world = self.probe.replayed((move,))
            forecast = next((one for one in Advice(world).forecasts if one.key == key), None)
            if not contradicts(world) and forecast and forecast.worst is not None and forecast.best is not None:
                answers.append((move.words, forecast.worst, forecast.best))
        if not answers:
            return None
        name = speech.named(self.world, subject)
        return Swing(
            projection=key,
            path=speech.place(self.world, subject, field),
            label=f"{speech.label(field)}{f' (“{name}”)' if name else ''}",
            unit=unit,
            by_answer=tuple(answers),
        )


def _signature(advice: Advice) -> Signature:
    """What must stay the same for advice to hold: the answers, and which recommendations stand or are open."""
    answers = tuple((one.key, one.verdict, one.text) for one in advice.answers)
    return (answers, frozenset((one.key, one.status) for one in advice.recommendations))


def _telling(changes: list[Change]) -> tuple[Change, ...]:
    """The changes that are more than other words."""
    return tuple(one for one in changes if one.what not in _MINOR)


_MINOR: Final = ("reworded", "moved up", "moved down", "earlier", "later", "deadline")


def _sign(value: Ordered, now: Ordered) -> int:
    return (value > now) - (value < now)  # type: ignore[operator]


def _bisected(
    inside: Ordered, outside: Ordered, type_: Type, holds: Callable[[Ordered], bool]
) -> tuple[Ordered, Ordered]:
    """The last value that holds and the first that does not, a step apart, between two of which one holds."""
    while True:
        middle = _middle(inside, outside, type_)
        if middle is None:
            return inside, outside
        if holds(middle):
            inside = middle
        else:
            outside = middle


def _middle(one: Ordered, other: Ordered, type_: Type) -> Ordered | None:
    """A value half-way between two, None where they are a step apart: a day, a whole, a hundredth."""
    if isinstance(one, date) and isinstance(other, date):
        days = (other - one).days
        return one + timedelta(days=int(days / 2)) if abs(days) > 1 else None
    if isinstance(one, date) or isinstance(other, date):
        return None
    scale = 1 if type_.kind in COUNTED else 100
    first, second = int(one * scale), int(other * scale)
    if abs(second - first) <= 1:
        return None
    middle = Fraction(int((first + second) / 2), scale)
    return middle.numerator if middle.denominator == 1 else middle
