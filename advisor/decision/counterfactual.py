"""What would change the advice: for each part of it the smallest changes, of one or two facts, that flip it.

In: advice. Out: for a part of it every single answer that flips it (one for each choice, and for each side of the
thresholds that occur in rules); where none does, pairs, up to a stated bound. What the person can do comes first, the
easiest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from advisor.advice import explain, speech
from advisor.advice.advice import Advice
from advisor.decision.probing import Move, Probe, Target, subjects
from advisor.values import wording

MOST_PAIRS: Final = 300
"""About so many pairs are tried for one part of the advice."""
SHOWN: Final = 3
"""Changes that a page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One or two moves that together flip a part of the advice, and what it then is."""

    moves: tuple[Move, ...]
    after: object

    @property
    def order(self) -> tuple[Any, ...]:
        """Few moves first; then by whose they are and how hard."""
        return len(self.moves), max(move.order[:2] for move in self.moves), [move.order for move in self.moves]

    @property
    def yours(self) -> bool:
        """Whether it takes nothing but what you can do, or find out."""
        whose = {move.by for move in self.moves}
        return "you" in whose and whose <= {"you", "learn"}

    @property
    def in_hand(self) -> bool:
        """Whether somebody can bring it about, or it is a matter of finding out; not what is past or as it is."""
        return {move.by for move in self.moves} <= {"you", "learn", "others"}

    def words(self) -> str:
        """The change in a sentence."""
        return wording.listing(_words(move) for move in self.moves)

    @property
    def becomes(self) -> str:
        """What it then is, in a word; an answer as it then reads."""
        if isinstance(self.after, bool):
            return "holds" if self.after else "does not hold"
        return str(self.after) if isinstance(self.after, str) else "is another"

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "set": [
                {
                    "path": move.path,
                    "value": move.written,
                    "as_read": f"{move.label}: {move.words}",
                    "now": move.now,
                    "by": move.by,
                    "effort": move.effort if move.by in ("you", "others") else None,
                    "how": move.how,
                }
                for move in self.moves
            ],
            "text": self.words(),
            "becomes": self.becomes,
        }


def _words(move: Move) -> str:
    said = f"{move.label}: {move.words} (now {move.now})"
    return f"{move.how.rstrip('.')} ({said})" if move.how and move.by == "you" else said


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldChange:
    """What flips one part of the advice. `complete`: whether all pairs were tried, where no single change does it."""

    target: Target
    flips: tuple[Flip, ...]
    pairs_tried: int = 0
    complete: bool = True

    @property
    def nothing_you_can_do(self) -> bool:
        """Whether none of what was found is in your hands."""
        return not any(flip.yours for flip in self.flips)

    def best(self, most: int = SHOWN, *, in_hand: bool = False) -> list[Flip]:
        """The first few that really differ: no two of them change the same facts.

        `in_hand`: only what somebody can bring about or find out.
        """
        found: list[Flip] = []
        for flip in self.flips:
            if in_hand and not flip.in_hand:
                continue
            facts = {(move.place[0], move.place[2].partition(".")[0]) for move in flip.moves}
            if not any(facts & {(m.place[0], m.place[2].partition(".")[0]) for m in other.moves} for other in found):
                found.append(flip)
        return found[:most]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "changes": [flip.to_dict() for flip in self.flips],
            "best": [flip.to_dict() for flip in self.best(in_hand=True)],
            "nothing_you_can_do": self.nothing_you_can_do,
            "pairs_tried": self.pairs_tried,
            "complete": self.complete,
        }


class Counterfactuals:
    """What would change a piece of advice. Single changes are looked through once for all parts of it."""

    def __init__(self, advice: Advice) -> None:
        self.probe = Probe(advice)

    def of(self, target: Target, *, pairs: bool = True) -> WouldChange:
        """What flips one part of the advice; each one has been replayed from scratch."""
        cone = self.probe.cone(target)
        near = list(self.probe.moves(self.probe.world, cone))
        singles = sorted(self._flips(target, [(move,) for move in near]), key=lambda flip: flip.order)
        if singles or not pairs:
            return WouldChange(target=target, flips=tuple(singles))
        return self._pairs(target, near, cone)

    def _flips(self, target: Target, tried: Iterable[tuple[Move, ...]]) -> Iterator[Flip]:
        for moves in tried:
            after = self.probe.flipped(target, moves)
            if after is not None and self.probe.replays(target, moves):
                yield Flip(moves=moves, after=after)

    def _pairs(self, target: Target, near: list[Move], cone: frozenset[str]) -> WouldChange:
        """Pairs, what you can do first; the second move may be one that only the first makes possible."""
        pairs: dict[frozenset[tuple[object, object]], tuple[Move, Move]] = {}
        complete = True
        for first in sorted(near, key=lambda move: move.order):
            if len(pairs) >= MOST_PAIRS:
                complete = False
                break
            for second in self.probe.moves(self.probe.revised((first,), self.probe.scope(target)), cone):
                if second.place != first.place:
                    key = frozenset(((first.place, first.value), (second.place, second.value)))
                    pairs.setdefault(key, (first, second))
        found = sorted(self._flips(target, pairs.values()), key=lambda flip: flip.order)
        return WouldChange(target=target, flips=tuple(found), pairs_tried=len(pairs), complete=complete)


def targets(advice: Advice, key: str) -> list[tuple[Target, str]]:
    """The parts of the advice that a key names, each with the entity it is about; none for a forecast."""
    id_, _, entity = key.partition("@")
    goal = advice.world.program.pack.goals.get(id_)
    if goal is not None:
        return [
            (("answer", speech.key(id_, one)), f" ({speech.key(id_, one)})" if one.id else "")
            for one in subjects(advice.world, goal.about)
            if entity in ("", one.id)
        ]
    found = explain.named(advice, key)
    several = len(found) > 1
    return [
        (("recommendation" if one.rule is not None else "finding", one.key), f" ({one.key})" if several else "")
        for one in found
        if one.forecast is None
    ]


# --- for people -----------------------------------------------------------------------------------------------------


def told(found: WouldChange, width: int) -> Iterator[str]:
    """What would change it, as lines: the best few, and what cannot be found."""
    for flip in found.best():
        answer = f": “{flip.becomes}”" if found.target[0] == "answer" else ""
        yield from wording.wrap(f"{flip.words()}{answer}", width, "  - ", "    ")
    more = len(found.flips) - len(found.best())
    if more > 0:
        yield from wording.wrap(f"and {wording.plural(more, 'other change')} of the same or other facts", width, "  - ")
    if not found.flips:
        bound = "" if found.complete else f", as far as was looked ({found.pairs_tried} pairs)"
        also = " and no two together" if found.pairs_tried else ""
        yield from wording.wrap(f"No other answer alone changes it{also}{bound}.", width, "  ")
    elif found.nothing_you_can_do:
        yield "  Nothing of this is in your hands."
    if not found.flips:
        yield "  Nothing you can do changes this."
