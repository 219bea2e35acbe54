"""A cache of decision diagrams that knows what each was built from, so that a new answer rebuilds only what read it.

In: a key and how to make its diagram. Out: the diagram, made when it is first asked for; when an answer changes, only
what was read from it is made anew. What was made for one entity is taken over for another of which the same is known:
of eight alike, one is worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from advisor.dialogue.relevance.diagrams import LAST, Diagram, Diagrams, TooLarge
from advisor.dialogue.relevance.unknowns import BLOCK, Unknowns, Who
from advisor.language.tree import CASE

_TOO_LARGE: Final = -1
"""Stands for a diagram that was given up."""
_MOST_MODELS: Final = 6
"""Entities of a kind whose diagrams are looked at, whether they serve another one too."""


class Key(NamedTuple):
    """What is made or read: what it is, which one, and of whom (the case or an entity)."""

    what: str
    which: Hashable
    who: Who


ANSWER: Final = "answer"
LEVEL: Final = "level"


@dataclass(frozen=True, slots=True)
class Footprint:
    """All that was read for a diagram of an entity, through whatever is of that entity too.

    `answers`: the names of its own answers; `levels`: the unknowns; `others`: what is not its own.
    """

    answers: frozenset[Hashable]
    levels: frozenset[int]
    others: frozenset[Key]


class Unmovable(Exception):
    """A diagram that serves no other entity: the order of its levels would not stay."""


class KeptDiagrams:
    """The diagrams of a case as it is."""

    def __init__(self, diagrams: Diagrams, unknowns: Unknowns, alike: Callable[[Who, Who], Collection[str]]) -> None:
        """`alike`: the names of the answers in which two entities of a kind differ."""
        self.diagrams = diagrams
        self.unknowns = unknowns
        self._differing = alike
        self._made: dict[Key, Diagram] = {}
        self._readers: dict[Key, set[Key]] = {}
        self._reads: dict[Key, set[Key]] = {}
        self._making: list[Key] = []
        self._models: dict[tuple[str, Hashable, str], list[Who]] = {}
        """By what a key is of, and the kind of entity: those for which it was worked out."""
        self._footprints: dict[Key, Footprint | None] = {}
        self._moved: dict[tuple[int, int], dict[Diagram, Diagram]] = {}
        """By the blocks from and to which they were moved."""

    def read(self, key: Key) -> None:
        """Notes that what is being made reads that."""
        if self._making:
            self._note(self._making[-1], key)

    def _note(self, reader: Key, key: Key) -> None:
        self._reads.setdefault(reader, set()).add(key)
        if key.what != LEVEL:  # what a level stands for changes with the answer, which is read too
            self._readers.setdefault(key, set()).add(reader)

    def get(self, key: Key, make: Callable[[], Diagram]) -> Diagram:
        """The diagram of that key. Raises TooLarge."""
        self.read(key)
        found = self._made.get(key)
        if found is None:
            found = self._taken_over(key)
            if found is None:
                found = self._newly_made(key, make)
            self._made[key] = found
        if found == _TOO_LARGE:
            raise TooLarge
        return found

    def _newly_made(self, key: Key, make: Callable[[], Diagram]) -> Diagram:
        self._reads.pop(key, None)
        self._making.append(key)
        taken, self.diagrams.steps = self.diagrams.steps, 0
        try:
            found = make()
        except TooLarge:
            found = _TOO_LARGE
        finally:
            self.diagrams.steps = taken
            self._making.pop()
        if key.who[0] != CASE and found != _TOO_LARGE:
            models = self._models.setdefault((key.what, key.which, key.who[0]), [])
            models[:] = [key.who, *(one for one in models if one != key.who)][:_MOST_MODELS]
        return found

    def forget(self, changed: Iterable[Key]) -> None:
        """Forgets what was made from things that changed."""
        stack = list(changed)
        while stack:
            for reader in self._readers.pop(stack.pop(), set()):
                if reader in self._made:
                    del self._made[reader]
                    self._footprints.pop(reader, None)
                    stack.append(reader)

    def reached(self, key: Key) -> set[int]:
        """The levels of all unknowns that were met when a diagram was made, or was given up."""
        return {one.which for one in self._below(key) if one.what == LEVEL and isinstance(one.which, int)}

    def _below(self, key: Key) -> Iterator[Key]:
        """All that was read for a key, through any number of steps."""
        seen: set[Key] = {key}
        stack = [key]
        while stack:
            for read in self._reads.get(stack.pop(), ()):
                if read not in seen:
                    seen.add(read)
                    stack.append(read)
                    yield read

    # --- from one entity to another --------------------------------------------------------------------------------

    def _taken_over(self, key: Key) -> Diagram | None:
        """The diagram of another entity of which the same is known, as it is for this one; None where there is none."""
        who = key.who
        for model in self._models.get((key.what, key.which, who[0]), ()) if who[0] != CASE else ():
            twin = key._replace(who=model)
            made = self._made.get(twin)
            if model == who or made is None or made == _TOO_LARGE:
                continue
            footprint = self._footprint(twin)
            if footprint is None:
                return None
            if footprint.answers.isdisjoint(self._differing(model, who)):
                return self._moved_to(key, made, footprint, model)
        return None

    def _moved_to(self, key: Key, made: Diagram, footprint: Footprint, model: Who) -> Diagram | None:
        who = key.who
        try:
            found = self._move(made, self.unknowns.block(model), self.unknowns.block(who))
        except Unmovable:
            return None
        levels = {level: self.unknowns.moved(level, model, who) for level in footprint.levels}
        self.diagrams.know_levels(found, frozenset([levels.get(one, one) for one in self.diagrams.levels(made)]))
        self._reads[key] = {self._level_read(level) for level in levels.values()}
        for read in footprint.others:
            self._note(key, read)
        for name in footprint.answers:
            self._note(key, Key(ANSWER, name, who))
        return found

    def _level_read(self, level: int) -> Key:
        return Key(LEVEL, level, self.unknowns[level].who)

    def _move(self, diagram: Diagram, start: int, to: int) -> Diagram:
        """A diagram with the levels of one block in place of those of another. Raises Unmovable."""
        known = self._moved.setdefault((start, to), {})
        levels, all_branches, branched = self.diagrams.level, self.diagrams.branches, self.diagrams.branched

        def move(one: Diagram) -> Diagram:
            found = known.get(one)
            if found is None:
                level = levels[one]
                if level == LAST:
                    if _names_one(self.diagrams.value[one]):
                        raise Unmovable
                    found = one
                else:
                    branches = tuple([move(below) for below in all_branches[one]])
                    if start <= level < start + BLOCK:
                        level += to - start
                    if min([levels[below] for below in branches]) <= level:
                        raise Unmovable
                    found = branched(level, branches)
                known[one] = found
            return found

        return move(diagram)

    def _footprint(self, key: Key) -> Footprint | None:
        """What was read for a key; None where it hangs on other entities of the same kind."""
        if key not in self._footprints:
            self._footprints[key] = self._print_of(key)
        return self._footprints[key]

    def _print_of(self, key: Key) -> Footprint | None:
        answers: set[Hashable] = set()
        levels: set[int] = set()
        others: set[Key] = set()
        for read in self._reads.get(key, ()):
            if read.what == LEVEL and isinstance(read.which, int):
                levels.add(read.which)
            elif read.who != key.who:
                if self._hangs_on_kind(read, key.who[0]):
                    return None
                others.add(read)
            elif read.what == ANSWER:
                answers.add(read.which)
            else:
                inner = self._footprint(read)
                if inner is None:
                    return None
                answers |= inner.answers
                levels |= inner.levels
                others |= inner.others
        return Footprint(frozenset(answers), frozenset(levels), frozenset(others))

    def _hangs_on_kind(self, key: Key, kind: str) -> bool:
        return key.who[0] == kind or any(read.who[0] == kind for read in self._below(key))


def _names_one(value: object) -> bool:
    """Whether a value stands for one entity that nobody has listed, so that it differs from entity to entity."""
    if isinstance(value, frozenset):
        return any(_names_one(one) for one in value)
    return isinstance(value, str) and value.startswith("\x00")
