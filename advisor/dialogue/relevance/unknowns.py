"""What the levels of decision diagrams stand for: the unknowns of a case, each with a number.

The case and each entity have a block of levels; within it the same unknown has the same place, so that what is worked
out for one entity can be moved to another of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from advisor.language.tree import CASE

Who = tuple[str, str]
"""The case or an entity: its kind and id."""
THE_CASE: Final[Who] = (CASE, "")
BLOCK: Final = 100_000
"""Levels kept for the case and for each entity."""
_NAMED: Final = 50_000
"""Within a block, levels from here on are unknowns that are no field."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a level stands for: a fact, or a list of entities (`fact` empty).

    `askable`: a person can be asked for it. `width`: how many samples it has. `hangs_on`: where it stands for how much
    is known, the levels of the unknowns that this hangs on.
    """

    who: Who
    fact: str
    width: int
    askable: bool
    hangs_on: frozenset[int] = frozenset()


class Unknowns:
    """The unknowns by level."""

    def __init__(self) -> None:
        self._unknowns: dict[int, Unknown] = {}
        self._blocks: dict[Who, int] = {THE_CASE: 0}
        self._places: dict[str, int] = {}

    def __getitem__(self, level: int) -> Unknown:
        return self._unknowns[level]

    def level(self, who: Who, name: int | str) -> int:
        """The level of a field (by its index), or of something that is no field (by a name that its kind shares)."""
        place = name if isinstance(name, int) else self._places.setdefault(name, _NAMED + len(self._places))
        return self.block(who) + place

    def block(self, who: Who) -> int:
        """The first level of the case or an entity."""
        return self._blocks.setdefault(who, len(self._blocks) * BLOCK)

    def put(self, level: int, unknown: Unknown) -> None:
        """Says what a level stands for."""
        self._unknowns[level] = unknown

    def moved(self, level: int, who: Who, to: Who) -> int:
        """The level at which `to` has what this level stands for at `who`, known from now on to stand for the same.

        What is not of `who` stays where it is.
        """
        start = self.block(who)
        place = level - start + self.block(to) if start <= level < start + BLOCK else level
        if place != level:
            own, there = self._unknowns[level], self._unknowns.get(place)
            if there is None or own.hangs_on or (own.width, own.askable) != (there.width, there.askable):
                hangs_on = frozenset(self.moved(one, who, to) for one in own.hangs_on)
                self._unknowns[place] = replace(own, who=to, hangs_on=hangs_on)
        return place
