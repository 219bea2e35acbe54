"""What a pack rests on that nobody has looked at for long, and what the advice would lose if a source were wrong.

In: a loaded pack, its worked cases and a day. Out: an `Audit`: the figures and sources that are overdue, what hangs on
each, and for each source the worked cases that come out otherwise once nothing is taken from it (a knock-out).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from advisor.advice.advice import Advice
from advisor.advice.advisor import LoadedPack
from advisor.advice.answers import OPEN
from advisor.advice.recommendations import recommended
from advisor.authoring.mentions import mentions
from advisor.cases.reader import WorkedCase
from advisor.language.tree import Or
from advisor.packs.pack import Dated, Pack, Rule, Source
from advisor.problems.problem import Place, Problems
from advisor.reasoning.grafting import Graft, Grafted
from advisor.reasoning.revision import Dependents
from advisor.reasoning.world import World

_NEVER = Or(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A figure's value or a source: when somebody last looked, whether that is overdue, and what names it."""

    sort: str
    """`figure` or `source`."""
    name: str
    says: str
    """Its label or title."""
    place: Place
    checked: date | None
    overdue: bool
    hangs: tuple[str, ...]
    """What hangs on it: `rule x`, `fact y`, `figure z`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What is lost on the worked cases where a source is wrong, so that no rule may rest on it alone."""

    source: Source
    rules: int
    """Rules that rest on it alone."""
    answers: int
    """Cases in which an answer is another."""
    advice: int
    """Cases in which a recommendation goes, or comes."""

    @property
    def weight(self) -> tuple[int, int, int]:
        """By what the sources are put in order; the heaviest is to be checked first."""
        return self.answers, self.advice, self.rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """All of it; `looked` the overdue first, `losses` the heaviest first."""

    pack: Pack
    day: date
    cases: int
    looked: tuple[Looked, ...]
    losses: tuple[Loss, ...]

    @property
    def overdue(self) -> tuple[Looked, ...]:
        """What was last looked at longer ago than the pack allows."""
        return tuple(one for one in self.looked if one.overdue)

    @property
    def never(self) -> tuple[Looked, ...]:
        """What the pack does not say to have been looked at on any day."""
        return tuple(one for one in self.looked if one.checked is None)

    def to_dict(self) -> dict[str, Any]:
        """The audit as plain data."""
        return {
            "pack": self.pack.id,
            "day": self.day.isoformat(),
            "check_every_days": self.pack.check_every,
            "cases": self.cases,
            "looked_at": [_looked(one) for one in self.looked],
            "sources": [
                {
                    "source": one.source.id,
                    "title": one.source.title,
                    "rules_on_it_alone": one.rules,
                    "cases_with_another_answer": one.answers,
                    "cases_with_other_advice": one.advice,
                }
                for one in self.losses
            ],
        }


def _looked(one: Looked) -> dict[str, Any]:
    return {
        "sort": one.sort,
        "name": one.name,
        "says": one.says,
        "file": one.place.file,
        "line": one.place.line,
        "checked": one.checked.isoformat() if one.checked else None,
        "overdue": one.overdue,
        "hangs": list(one.hangs),
    }


def audit(
    pack: LoadedPack,
    cases: Sequence[WorkedCase],
    day: date,
    progress: Callable[[str, Sequence[Any]], Iterable[Any]] = lambda _, items: items,
) -> Audit:
    """What of the pack is overdue on a day, and what each source carries on the worked cases."""
    named = _Named(pack.data)
    looked = [*_figures(pack.data, day, named), *_sources(pack.data, day, named)]
    knock = _KnockOut(pack, progress("cases", cases), day)
    losses = [knock.loss(one) for one in progress("sources", list(pack.data.sources.values()))]
    return Audit(
        pack=pack.data,
        day=day,
        cases=len(cases),
        looked=tuple(sorted(looked, key=lambda one: (not one.overdue, one.checked or date.max, one.place))),
        losses=tuple(sorted(losses, key=lambda one: one.weight, reverse=True)),
    )


# --- when somebody last looked --------------------------------------------------------------------------------------


def overdue(pack: Pack, checked: date | None, day: date) -> bool:
    """Whether a look is longer ago than the pack allows; where nobody looked, or any time is allowed, it is not."""
    return pack.check_every is not None and checked is not None and (day - checked).days > pack.check_every


def _figures(pack: Pack, day: date, named: _Named) -> Iterator[Looked]:
    """Of each figure the value that is in force; what held in the past no longer changes."""
    for figure in pack.parameters.values():
        for dated in figure.values:
            if dated.in_force(day) is not False:
                yield _look(pack, day, named, ("figure", figure.name, figure.label), dated)


def _sources(pack: Pack, day: date, named: _Named) -> Iterator[Looked]:
    for source in pack.sources.values():
        yield _look(pack, day, named, ("source", source.id, source.title), source)


def _look(pack: Pack, day: date, named: _Named, what: tuple[str, str, str], at: Dated | Source) -> Looked:
    """When somebody last looked at a figure or source (`what`: its sort, name and words), and what hangs on it."""
    sort, name, says = what
    return Looked(
        sort=sort,
        name=name,
        says=says,
        place=at.place,
        checked=at.checked,
        overdue=overdue(pack, at.checked, day),
        hangs=named.hangs(sort, name),
    )


class _Named:
    """Where figures and sources are named, and in which rule, fact, goal or figure."""

    def __init__(self, pack: Pack) -> None:
        self._mentions = mentions(pack, Path(pack.folder))
        self._starts: dict[str, list[tuple[int, str]]] = {}
        for called, place in _definitions(pack):
            self._starts.setdefault(place.file, []).append((place.line, called))
        for starts in self._starts.values():
            starts.sort()

    def hangs(self, sort: str, name: str) -> tuple[str, ...]:
        """What names it, each once."""
        here = (one for one in self._mentions if (one.sort, one.name) == (sort, name) and one.where != "definition")
        return tuple(dict.fromkeys(owner for one in here if (owner := self._owner(one.place))))

    def _owner(self, place: Place) -> str:
        """The last thing that is defined before a place, in the same file."""
        starts = self._starts.get(place.file, [])
        at = bisect_right(starts, (place.line, "\uffff"))
        return starts[at - 1][1] if at else ""


def _definitions(pack: Pack) -> Iterator[tuple[str, Place]]:
    yield from ((f"rule {one.id}", one.place) for one in pack.rules.values())
    yield from ((f"fact {one.name}", one.place) for one in pack.all_facts())
    yield from ((f"figure {one.name}", one.place) for one in pack.parameters.values())
    yield from ((f"goal {one.id}", one.place) for one in pack.goals.values())
    yield from ((f"projection {one.id}", one.place) for one in pack.projections.values())


# --- knock-out ------------------------------------------------------------------------------------------------------


class _KnockOut:
    """Every case as it is, beside what it is without what rests on one source alone."""

    def __init__(self, pack: LoadedPack, cases: Iterable[WorkedCase], day: date) -> None:
        self.pack = pack
        self.dependents = Dependents(pack.program)
        self.worlds: list[tuple[World, tuple[frozenset[str], tuple[str, ...]]]] = []
        for case in cases:
            try:
                world = pack.reason(case.case, today=case.case.today or day)
            except Problems:
                continue
            self.worlds.append((world, _outcome(world)))

    def loss(self, source: Source) -> Loss:
        """What the cases lose without a source."""
        alone = [rule for rule in self.pack.data.rules.values() if rule.sources == (source.id,)]
        if not alone:
            return Loss(source=source, rules=0, answers=0, advice=0)
        graft = Graft(self.pack.program, self.dependents, self.pack.data)
        for rule in alone:
            graft.rule(rule, _NEVER)
        answers = advice = 0
        for world, before in self.worlds:
            if all(self._out(world, rule) for rule in alone):
                continue
            after = _outcome(Grafted(world, graft))
            advice += before[0] != after[0]
            answers += before[1] != after[1]
        return Loss(source=source, rules=len(alone), answers=answers, advice=advice)

    def _out(self, world: World, rule: Rule) -> bool:
        return all(world.state(rule, one) is False for one in world.subjects(rule.about))


def _outcome(world: World) -> tuple[frozenset[str], tuple[str, ...]]:
    """The recommendations that stand, and the answers."""
    advice = Advice(world)
    stands = frozenset(one.key for one in recommended(world) if one.status)
    return stands, tuple(one.verdict if one.settled else OPEN for one in advice.answers)


def heaviest(losses: Sequence[Loss], most: int) -> list[Loss]:
    """The sources without which most is lost."""
    return [one for one in losses if any(one.weight)][:most]
