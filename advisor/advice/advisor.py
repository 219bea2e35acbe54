"""A pack ready to advise: read, checked and compiled once, then asked about any number of cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Self

from advisor.advice import reach, speech
from advisor.advice.advice import Advice
from advisor.advice.remembered import Remembered
from advisor.cases import reader as case_file
from advisor.cases.case import Case
from advisor.cases.goals import with_told
from advisor.language.tree import CASE
from advisor.packs.pack import MustHold, Pack
from advisor.problems.problem import Place, Problem, Problems
from advisor.reasoning.compiler import compiled
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World


class LoadedPack:
    """A pack that can be asked. Its `data` is what was read, its `program` what that was compiled to."""

    def __init__(self, data: Pack, remembered: Remembered | None = None) -> None:
        """`remembered`: where it comes from. Raises Problems where it cannot be compiled (a cycle, for instance)."""
        self.data = data
        self.program = compiled(data, remembered.matchers if remembered is not None else None)
        if remembered is not None:
            remembered.keep(self.program)
        self._plain = case_file.plain_reader(data)
        self._reached: dict[str, frozenset[str] | None] = {}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The pack in a folder. Raises Problems with every mistake that makes it unusable."""
        remembered = Remembered(folder)
        return cls(remembered.data, remembered)

    @property
    def id(self) -> str:
        """The pack's id: the name of its folder."""
        return self.data.id

    def case(self, answers: Mapping[str, Any]) -> Case:
        """A case from plain data of the same shape as a case file. Raises Problems."""
        found = self._plain.read(answers)
        return case_file.case_from_dict(self.data, answers) if found is None else found

    def read_case(self, path: str | Path) -> Case:
        """The case of a file; `FILE#2` or `FILE#id` is one of a list. Raises Problems."""
        return case_file.read_case(self.data, path)

    def advise(self, case: Case, *, today: date | None = None, as_of: date | None = None) -> Advice:
        """What to do in a case. `today` is else the case's, else the clock's; `as_of` else the case's, else today.

        Raises Problems where the case breaks what the pack says must hold.
        """
        return Advice(self.reason(case, today=today, as_of=as_of))

    def reason(
        self,
        case: Case,
        *,
        today: date | None = None,
        as_of: date | None = None,
        sought: frozenset[str] | None = None,
    ) -> World:
        """What follows from a case, not yet made into advice. Raises Problems as `advise` does.

        `sought`: the fields (by key) of which all that is possible is searched, where it is open; None: of all.
        """
        on = today or case.today or date.today()  # noqa: DTZ011 - the day where the person is
        told = with_told(self.data, case)
        world = World(self.program, told, today=on, as_of=as_of or case.as_of or on, sought=sought)
        broken = [_contradiction(world, constraint, subject) for constraint, subject in broken_constraints(world)]
        if broken:
            raise Problems(broken)
        return world

    def reach(self, goal: str) -> frozenset[str] | None:
        """What the answer to a goal (by id) hangs on: see `reach.answer`, found once."""
        if goal not in self._reached:
            self._reached[goal] = reach.answer(self.program, self.data.goals[goal])
        return self._reached[goal]


def broken_constraints(world: World) -> Iterator[tuple[MustHold, Subject]]:
    """What must hold, and surely does not."""
    for constraint in world.program.pack.must_hold:
        field = world.program.condition(constraint.about, constraint.that)
        for subject in [world.case] if constraint.about == CASE else world.entities[constraint.about]:
            if subject.values[field.index] is False:
                yield constraint, subject


def _contradiction(world: World, constraint: MustHold, subject: Subject) -> Problem:
    places = [answer.place for answer in subject.answers.values() if answer.place is not None]
    about = speech.named(world, subject)
    return Problem(
        min(places) if places else Place("the case"),
        "contradiction",
        f"{f'“{about}”: ' if about else ''}these answers cannot all be true",
        speech.spoken(world, constraint.because, subject),
        related=((constraint.place, "is what says so"),),
    )
