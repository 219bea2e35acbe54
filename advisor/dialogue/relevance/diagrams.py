"""Decision diagrams: functions of several unknowns, each with a few samples, kept once each.

A diagram is a number: equal functions have equal numbers, and a function depends on an unknown exactly where the
unknown occurs in its diagram. Unknowns are numbered by *level*, asked in the order of their levels along every path.
Nothing here knows what the unknowns stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Final

LAST: Final = 1 << 60
"""The level of a settled value: below every unknown."""
MOST_STEPS: Final = 4_000
"""Steps that one function may take before it is given up as too large.

With a hundred times as many a session with eight entities asks one question in forty less, and takes up to a second.
"""

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
        self._joins: dict[tuple[Diagram, Diagram, Diagram], Diagram] = {}
        self._choices: dict[tuple[Diagram, Diagram, Diagram], Diagram] = {}
        self._levels: dict[Diagram, frozenset[int]] = {}
        self._given: dict[tuple[Diagram, int, int], Diagram] = {}
        self.steps = 0
        """Steps taken for the function in hand; who starts one sets it to nought."""
        self.true, self.false = self.settled(True), self.settled(False)  # noqa: FBT003 - these are the values
        self._open = self.settled(None)

    # --- making ----------------------------------------------------------------------------------------------------

    def settled(self, value: Value) -> Diagram:
        """The function that always has this value."""
        key = (isinstance(value, bool), value)
        found = self._settled.get(key)
        if found is None:
            found = self._settled[key] = self._new(LAST, (), value)
        return found

    def branched(self, level: int, branches: tuple[Diagram, ...]) -> Diagram:
        """The function that is one of `branches`, by the sample that the unknown has. All of them lie below `level`."""
        first = branches[0]
        if branches.count(first) == len(branches):
            return first
        key = (level, branches)
        found = self._branched.get(key)
        if found is None:
            found = self._branched[key] = self._new(level, branches, None)
        return found

    def unknown(self, level: int, samples: Sequence[Value]) -> Diagram:
        """The function that is the unknown itself."""
        return self.branched(level, tuple([self.settled(sample) for sample in samples]))

    def _new(self, level: int, branches: tuple[Diagram, ...], value: Value) -> Diagram:
        self.level.append(level)
        self.branches.append(branches)
        self.value.append(value)
        return len(self.level) - 1

    # --- combining -------------------------------------------------------------------------------------------------

    def lift(self, name: Hashable, function: Callable[..., Value], *parts: Diagram) -> Diagram:
        """The function of what the parts come to. What has the same `name` is the same function, and is kept."""
        known = self._lifted.setdefault(name, {})
        if len(parts) == 1:
            return self._of_one(known, function, parts[0])
        return self._of_several(known, function, parts)

    def _of_one(self, known: dict[Any, Diagram], function: Callable[..., Value], part: Diagram) -> Diagram:
        found = known.get(part)
        if found is None:
            branches = self.branches[part]
            if branches:
                self.count(len(branches))
                made = tuple([self._of_one(known, function, below) for below in branches])
                found = self.branched(self.level[part], made)
            else:
                found = self.settled(function(self.value[part]))
            known[part] = found
        return found

    def _of_several(
        self, known: dict[Any, Diagram], function: Callable[..., Value], parts: tuple[Diagram, ...]
    ) -> Diagram:
        found = known.get(parts)
        if found is None:
            top = min([self.level[one] for one in parts])
            if top == LAST:
                found = self.settled(function(*[self.value[one] for one in parts]))
            else:
                made = [self._of_several(known, function, below) for below in self._below(top, parts)]
                found = self.branched(top, tuple(made))
            known[parts] = found
        return found

    def _below(self, top: int, parts: tuple[Diagram, ...]) -> Iterable[tuple[Diagram, ...]]:
        """The parts for each sample of the unknown at the top of at least one of them; counted as steps."""
        branches, level = self.branches, self.level
        width = next(len(branches[one]) for one in parts if level[one] == top)
        self.count(width)
        return zip(*[branches[one] if level[one] == top else (one,) * width for one in parts], strict=True)

    def both(self, one: Diagram, other: Diagram) -> Diagram:
        """Both hold (true, false or None for open)."""
        return self._joined(one, other, ends=self.false, passes=self.true)

    def either(self, one: Diagram, other: Diagram) -> Diagram:
        """At least one holds."""
        return self._joined(one, other, ends=self.true, passes=self.false)

    def _joined(self, one: Diagram, other: Diagram, *, ends: Diagram, passes: Diagram) -> Diagram:
        """And, or or: `ends` settles it whatever the other is, `passes` leaves it to the other."""
        if other in (one, passes) or one == ends:
            return one
        if one == passes or other == ends:
            return other
        key = (ends, one, other) if one < other else (ends, other, one)
        found = self._joins.get(key)
        if found is None:
            top = min(self.level[one], self.level[other])
            if top == LAST:
                return self._open  # one of them is open, and the other does not settle it
            made = [self._joined(*below, ends=ends, passes=passes) for below in self._below(top, (one, other))]
            found = self._joins[key] = self.branched(top, tuple(made))
        return found

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
            top = min([self.level[one] for one in key])
            made = [self.choice(*below) for below in self._below(top, key)]
            found = self._choices[key] = self.branched(top, tuple(made))
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
            found = self.branched(top, tuple([self._choose(level, below) for below in self._below(top, branches)]))
        self._chosen[level, branches] = found
        return found

    def count(self, steps: int) -> None:
        """Counts steps of the function in hand. Raises TooLarge."""
        self.steps += steps
        if self.steps > MOST_STEPS:
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

    def know_levels(self, one: Diagram, levels: frozenset[int]) -> None:
        """Takes the levels of a diagram from somebody who knows them, so that they need not be gathered."""
        self._levels.setdefault(one, levels)

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
            found = self.branched(top, tuple([self.given(branch, level, sample) for branch in self.branches[one]]))
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


def _opposite(one: bool | None) -> bool | None:  # noqa: FBT001 - an outcome
    return None if one is None else not one
