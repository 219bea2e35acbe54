"""Decision diagrams: functions of several unknowns, each with a few samples, kept once each.

A diagram is a number: equal functions have equal numbers, and a function depends on an unknown exactly where the
unknown occurs in its diagram. Unknowns are numbered by *level*, asked in the order of their levels along every path.
Nothing here knows what the unknowns stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Final

LAST: Final = 1 << 60
"""The level of a settled value: below every unknown."""
FEW_STEPS: Final = 4_000
MOST_STEPS: Final = 20_000
"""Steps that one function may take before it is given up as too large, at a first look and at last."""

Diagram = int
Value = Any


class TooLarge(Exception):
    """A function takes more steps than are allowed."""


class Diagrams:
    """All diagrams, each kept once."""

    def __init__(self) -> None:
        self.level: list[int] = []
        self.branches: list[tuple[Diagram, ...]] = []
        self.value: list[Value] = []
        self._settled: dict[Hashable, Diagram] = {}
        self._branched: dict[tuple[int, tuple[Diagram, ...]], Diagram] = {}
        self._lifted: dict[Hashable, dict[tuple[Diagram, ...], Diagram]] = {}
        self._chosen: dict[tuple[int, tuple[Diagram, ...]], Diagram] = {}
        self._choices: dict[tuple[Diagram, Diagram, Diagram], Diagram] = {}
        self._levels: dict[Diagram, frozenset[int]] = {}
        self._given: dict[tuple[Diagram, int, int], Diagram] = {}
        self.steps = 0
        """Steps taken for the function in hand; who starts one sets it to nought."""
        self.most = MOST_STEPS
        """Steps that a function may take."""
        self.true, self.false = self.settled(True), self.settled(False)  # noqa: FBT003 - these are the values

    # --- making ----------------------------------------------------------------------------------------------------

    def settled(self, value: Value) -> Diagram:
        """The function that always has this value."""
        key = (isinstance(value, bool), value)
        found = self._settled.get(key)
        if found is None:
            found = self._settled[key] = self._new(LAST, (), value)
        return found

    def branched(self, level: int, branches: Sequence[Diagram]) -> Diagram:
        """The function that is one of `branches`, by the sample that the unknown has. All of them lie below `level`."""
        first = branches[0]
        if all(one == first for one in branches):
            return first
        key = (level, tuple(branches))
        found = self._branched.get(key)
        if found is None:
            found = self._branched[key] = self._new(level, key[1], None)
        return found

    def unknown(self, level: int, samples: Sequence[Value]) -> Diagram:
        """The function that is the unknown itself."""
        return self.branched(level, [self.settled(sample) for sample in samples])

    def _new(self, level: int, branches: tuple[Diagram, ...], value: Value) -> Diagram:
        self.level.append(level)
        self.branches.append(branches)
        self.value.append(value)
        return len(self.level) - 1

    # --- combining -------------------------------------------------------------------------------------------------

    def lift(self, name: Hashable, function: Callable[..., Value], *parts: Diagram) -> Diagram:
        """The function of what the parts come to. What has the same `name` is the same function, and is kept."""
        return self._lift(self._lifted.setdefault(name, {}), function, parts)

    def _lift(
        self, known: dict[tuple[Diagram, ...], Diagram], function: Callable[..., Value], parts: tuple[Diagram, ...]
    ) -> Diagram:
        found = known.get(parts)
        if found is not None:
            return found
        level = self.level
        top = min(level[one] for one in parts)
        if top == LAST:
            found = self.settled(function(*(self.value[one] for one in parts)))
        else:
            self._count(top, parts)
            found = self.branched(top, [self._lift(known, function, below) for below in self._below(top, parts)])
        known[parts] = found
        return found

    def _below(self, top: int, parts: tuple[Diagram, ...]) -> Iterator[tuple[Diagram, ...]]:
        """The parts for each sample of the unknown at the top of at least one of them."""
        width = next(len(self.branches[one]) for one in parts if self.level[one] == top)
        for sample in range(width):
            yield tuple(self.branches[one][sample] if self.level[one] == top else one for one in parts)

    def both(self, one: Diagram, other: Diagram) -> Diagram:
        """Both hold (true, false or None for open)."""
        if one == self.false or other == self.true:
            return one
        if other == self.false or one == self.true:
            return other
        return self.lift("and", _both, *sorted((one, other)))

    def either(self, one: Diagram, other: Diagram) -> Diagram:
        """At least one holds."""
        return self.opposite(self.both(self.opposite(one), self.opposite(other)))

    def opposite(self, one: Diagram) -> Diagram:
        """It does not hold."""
        return self.lift("not", _opposite, one)

    def choice(self, test: Diagram, then: Diagram, otherwise: Diagram) -> Diagram:
        """`then` where the test is true, else `otherwise`."""
        if self.level[test] == LAST:
            return then if test == self.true else otherwise
        if then == otherwise:
            return then
        key = (test, then, otherwise)
        found = self._choices.get(key)
        if found is None:
            top = min(self.level[one] for one in key)
            self._count(top, key)
            found = self._choices[key] = self.branched(top, [self.choice(*below) for below in self._below(top, key)])
        return found

    def follow(self, one: Diagram, function: Callable[[Value], Diagram]) -> Diagram:
        """The function that goes on with `function(value)`, for each value that `one` comes to."""
        known: dict[Diagram, Diagram] = {}

        def go(part: Diagram) -> Diagram:
            if part not in known:
                if self.level[part] == LAST:
                    known[part] = function(self.value[part])
                else:
                    known[part] = self._choose(self.level[part], tuple(go(below) for below in self.branches[part]))
            return known[part]

        return go(one)

    def _choose(self, level: int, branches: tuple[Diagram, ...]) -> Diagram:
        """`branched`, where the branches may have unknowns of any level."""
        found = self._chosen.get((level, branches))
        if found is not None:
            return found
        self.count(len(branches))
        top = min(self.level[one] for one in branches)
        if top > level:
            found = self.branched(level, branches)
        elif top == level:
            own = (
                self.branches[one][sample] if self.level[one] == level else one for sample, one in enumerate(branches)
            )
            found = self.branched(level, tuple(own))
        else:
            found = self.branched(top, [self._choose(level, below) for below in self._below(top, branches)])
        self._chosen[level, branches] = found
        return found

    def _count(self, top: int, parts: tuple[Diagram, ...]) -> None:
        self.count(next(len(self.branches[one]) for one in parts if self.level[one] == top))

    def count(self, steps: int) -> None:
        """Counts steps of the function in hand. Raises TooLarge."""
        self.steps += steps
        if self.steps > self.most:
            raise TooLarge

    # --- looking at ------------------------------------------------------------------------------------------------

    def is_settled(self, one: Diagram) -> bool:
        """Whether it depends on nothing."""
        return self.level[one] == LAST

    def levels(self, one: Diagram) -> frozenset[int]:
        """The levels of the unknowns that it depends on."""
        found = self._levels.get(one)
        if found is None:
            if self.level[one] == LAST:
                return frozenset()
            below = {part for branch in self.branches[one] for part in self.levels(branch)}
            found = self._levels[one] = frozenset((self.level[one], *below))
        return found

    def given(self, one: Diagram, level: int, sample: int) -> Diagram:
        """The function once an unknown has one of its samples."""
        top = self.level[one]
        if top > level:
            return one
        if top == level:
            return self.branches[one][sample]
        key = (one, level, sample)
        found = self._given.get(key)
        if found is None:
            found = self.branched(top, [self.given(branch, level, sample) for branch in self.branches[one]])
            self._given[key] = found
        return found

    def parts(self, one: Diagram) -> list[Diagram]:
        """The diagram and all below it, each once."""
        found = {one: None}
        stack = [one]
        while stack:
            for branch in self.branches[stack.pop()]:
                if branch not in found:
                    found[branch] = None
                    stack.append(branch)
        return list(found)


def _both(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - outcomes
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _opposite(one: bool | None) -> bool | None:  # noqa: FBT001 - an outcome
    return None if one is None else not one
