"""Which of several changes of a case account for a difference in the advice: a smallest set of them, replayed alone.

In: a case, the changes, and what they change in the advice. Out: the same differences, each with the facts behind it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from advisor.advice.advice import Advice
from advisor.cases.case import Case
from advisor.cases.settings import Setting, apply
from advisor.decision.compare import Change, Signature, signature
from advisor.problems.problem import Problems

Advise = Callable[[Case], Advice]
"""Advises on a case, always with the same pack and dates. Raises Problems where the case breaks what must hold."""

MOST_REPLAYS: Final = 400
"""Subsets of the changes that are replayed in search of a smallest one."""


class Replays:
    """Advice on a case with some of several changes made; each set of changes is replayed once."""

    def __init__(self, case: Case, settings: Sequence[Setting], advise: Advise) -> None:
        self.case = case
        self.settings = settings
        self.advise = advise
        self._kept: dict[frozenset[int], Signature | None] = {}

    def signature(self, chosen: frozenset[int]) -> Signature | None:
        """What the advice says with the changes of these numbers made; None where such a case cannot be."""
        if chosen not in self._kept:
            try:
                changed = apply(self.case, (self.settings[number] for number in sorted(chosen)))
                self._kept[chosen] = signature(self.advise(changed))
            except (Problems, KeyError):
                self._kept[chosen] = None
        return self._kept[chosen]

    def smallest(self, accounts: Callable[[Signature], bool]) -> tuple[frozenset[int], bool]:
        """A smallest set of changes after which `accounts` holds, and whether it is known to be a smallest."""
        everything = range(len(self.settings))
        for size in range(1, len(self.settings)):
            subsets = [frozenset(one) for one in itertools.combinations(everything, size)]
            if len(self._kept) + sum(one not in self._kept for one in subsets) > MOST_REPLAYS and size > 1:
                return self._thinned(accounts), False
            for chosen in subsets:
                if self._does(chosen, accounts):
                    return chosen, True
        return frozenset(everything), True

    def _thinned(self, accounts: Callable[[Signature], bool]) -> frozenset[int]:
        """All changes, without each that is not needed: none of those that are left can be spared."""
        chosen = frozenset(range(len(self.settings)))
        for number in range(len(self.settings)):
            if self._does(chosen - {number}, accounts):
                chosen -= {number}
        return chosen

    def _does(self, chosen: frozenset[int], accounts: Callable[[Signature], bool]) -> bool:
        found = self.signature(chosen)
        return found is not None and accounts(found)


def attributed(changes: Sequence[Change], after: Advice, replays: Replays) -> list[Change]:
    """The changes, each with a smallest set of the settings that brings it about when replayed alone."""
    whole = signature(after)
    pack = after.world.program.pack
    found: list[Change] = []
    for change in changes:
        place = (change.part, change.key)

        def accounts(one: Signature, place: tuple[str, str] = place) -> bool:
            return one.get(place) == whole.get(place)

        chosen, exact = replays.smallest(accounts)
        facts = tuple(replays.settings[number].path(pack) for number in sorted(chosen))
        found.append(replace(change, facts=facts, smallest=exact))
    return found
