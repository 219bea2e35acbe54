"""What a person may want to know: the goals of a pack in neutral words, and those that typed words point to.

In: a pack, and a reply. Out: goals. What is typed is matched with the wordings that the pack gives; where none fits
clearly, the nearest are named, and nothing is taken silently.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import log
from typing import Final, Self

from advisor.cases.case import Case
from advisor.language.tree import CASE, And, Condition, FactRef, Truth, walk
from advisor.packs.goals import HEADLINE
from advisor.packs.pack import Goal, Pack

MOST_SHOWN: Final = 14
"""Goals that are shown at once; of more, those that people often ask."""
NEAREST: Final = 3
"""Goals that are named where typed words fit several, or none clearly."""
_STEM: Final = 5
"""Letters by which two words are taken to be the same one."""
_EMPTY: Final = frozenset(
    ("the", "and", "for", "what", "how", "why", "when", "will", "does", "can", "could", "should", "may", "must", "this",
     "that", "with", "have", "has", "had", "from", "about", "not", "are", "was", "you", "your", "get", "one", "who")
)  # fmt: skip
"""Words that say nothing of what is asked."""


def choosable(pack: Pack) -> list[Goal]:
    """The goals among which a person may choose, those that people often ask first; none where there is but one."""
    found = [goal for goal in pack.goals.values() if goal.id != HEADLINE]
    return sorted(found, key=lambda goal: not goal.often) if len(found) > 1 else []


def first_offered(offered: Sequence[Goal]) -> Sequence[Goal]:
    """Of many goals the few that are shown before somebody asks for all."""
    often = [goal for goal in offered if goal.often]
    return offered if len(offered) <= MOST_SHOWN else (often or offered)[:MOST_SHOWN]


def question(pack: Pack, goal: Goal) -> str:
    """A goal's question before there is an entity that it could name: "this book" in place of a title."""
    kind = "" if goal.about == CASE else goal.about.replace("_", " ")
    text = "".join(part if isinstance(part, str) else f"this {kind}".strip() for part in goal.asks.parts)
    return re.sub(r"[“\"'](this [^”\"']*)[”\"']", r"\1", text) or pack.title


def matching(pack: Pack, typed: str) -> list[Goal]:
    """The goals that typed words point to, the best first; at most three."""
    said = _words(typed)
    offered = [_Wording.of(pack, goal) for goal in choosable(pack)]
    rare = _rarity([one.asked for one in offered]), _rarity([one.answered for one in offered])
    scored = [(_score(said, one, *rare), -number, one.goal) for number, one in enumerate(offered)]
    best = max((score for score, _, _ in scored), default=0.0)
    near = sorted((one for one in scored if one[0] > 0 and one[0] * 2 >= best), key=lambda one: one[:2], reverse=True)
    return [goal for _, _, goal in near[:NEAREST]]


def nearest(pack: Pack, typed: str) -> list[Goal]:
    """The goals whose wordings look most like what was typed, where its words point to none."""

    def likeness(goal: Goal) -> float:
        return max(SequenceMatcher(None, typed.casefold(), one.casefold()).ratio() for one in _wordings(goal))

    return sorted(choosable(pack), key=likeness, reverse=True)[:NEAREST]


def implied(pack: Pack, case: Case, kind: str, entity: str, fact: str) -> tuple[str, ...]:
    """The boxes of a question that whoever asked for a goal has named by that: those without which it never applies.

    A goal about entities, none of which it names, is taken to be about the one that was listed first.
    """
    found: dict[str, None] = {}
    for key in case.goals:
        id_, _, named = key.partition("@")
        goal = pack.goals[id_]
        first = next((item.id for item in case.items(kind)), "") if kind != CASE else ""
        if goal.about == kind and entity == (named or first) and goal.when is not None:
            found |= dict.fromkeys(box.choice for box in _boxes(goal.when) if box.name == fact)
    return tuple(found)


def _boxes(condition: Condition) -> Iterator[FactRef]:
    """The boxes that are ticked wherever a condition holds."""
    if isinstance(condition, And):
        for one in condition.operands:
            yield from _boxes(one)
    elif isinstance(condition, Truth) and isinstance(condition.operand, FactRef) and condition.operand.choice:
        yield condition.operand


def _wordings(goal: Goal) -> list[str]:
    return ["".join(part for part in goal.asks.parts if isinstance(part, str)), *goal.also]


@dataclass(frozen=True, slots=True)
class _Wording:
    """The words of a goal: of each way to ask for it, of all of them with what it takes for granted, of its answers."""

    goal: Goal
    ways: tuple[frozenset[str], ...]
    asked: frozenset[str]
    answered: frozenset[str]

    @classmethod
    def of(cls, pack: Pack, goal: Goal) -> Self:
        """The words of one goal of a pack."""
        ways = tuple(_words(one) for one in _wordings(goal))
        texts = [goal.meanwhile, *(text for row in goal.rows for text in (row.verdict, row.say))]
        said = " ".join(part for text in texts if text for part in text.parts if isinstance(part, str))
        taken = " ".join(_labels(pack, goal))
        return cls(goal, ways, frozenset[str]().union(*ways, _words(taken)), _words(said))


def _labels(pack: Pack, goal: Goal) -> list[str]:
    """What the boxes are called that a goal takes for granted; nothing where it takes any of many."""
    boxes = [one for one in walk(goal.when) if isinstance(one, FactRef) and one.choice] if goal.when is not None else []
    return [dict(pack.facts[box.kind][box.name].type.choices)[box.choice] for box in boxes if len(boxes) <= NEAREST]


Rarity = Callable[[str], float]


def _rarity(texts: Sequence[frozenset[str]]) -> Rarity:
    """How much a word tells: the more, the fewer texts have it (inverse document frequency, Spärck Jones 1972)."""
    found = Counter(word for words in texts for word in words)
    return lambda word: log(1 + len(texts) / (found[word] + 0.5))


def _score(said: frozenset[str], goal: _Wording, asked: Rarity, answered: Rarity) -> float:
    """How well words point to a goal: most by one way to ask for it as a whole, least by the words of its answers.

    The weights were chosen on the shipped packs: each wording was left out in turn, and its goal looked for by it.
    """
    whole = max((sum(map(asked, said & one)) / sum(map(asked, one)) for one in goal.ways if one), default=0.0)
    elsewhere = sum(map(answered, (said & goal.answered) - goal.asked))
    return whole + 0.3 * sum(map(asked, said & goal.asked)) + 0.2 * elsewhere


def _words(text: str) -> frozenset[str]:
    words: Sequence[str] = re.findall(r"\w+", text.casefold())
    return frozenset(word[:_STEM] for word in words if len(word) > 2 and word not in _EMPTY)  # noqa: PLR2004
