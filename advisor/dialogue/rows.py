"""Entities typed as rows of a compact table: `Redesign, fixed, 5.6k`, or `12 x Small jobs` for so many alike.

In: a row, and the facts that its columns stand for. Out: what was typed for each fact, and how it is understood.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from advisor.cases.reader import MOST_ALIKE
from advisor.dialogue import answer_words
from advisor.dialogue.replies import Misread
from advisor.packs.pack import Entity, Fact
from advisor.values.types import CHOICES, REFERENCE, TEXT

MOST_COLUMNS = 4
"""Facts that are asked for in a table of entities, its label included."""

_ALIKE = re.compile(r"(?P<times>\d{1,9})\s*(?:x|×|\*|times)\s+(?=\S)", re.ASCII | re.IGNORECASE)
_WITHIN_A_NUMBER = re.compile(r"(?<=\d),(?=\d{3}\b)")


def columns(entity: Entity, facts: Mapping[str, Fact], read: Mapping[str, int]) -> list[Fact]:
    """The facts that a table of entities asks for: the label, then the most telling ones that always apply.

    `read`: how many conditions and formulas read each fact.
    """
    simple = [
        fact
        for fact in facts.values()
        if fact.asked and not fact.derived and fact.applies is None and fact.name != entity.label
        if fact.type.kind not in (CHOICES, TEXT, REFERENCE)
    ]
    simple.sort(key=lambda fact: -read.get(fact.name, 0))
    chosen = {fact.name for fact in simple[: MOST_COLUMNS - 1]}
    label = [facts[entity.label]] if entity.label in facts else []
    return [*label, *(fact for fact in facts.values() if fact.name in chosen)]


@dataclass(frozen=True, slots=True)
class Row:
    """A row as typed: what it says of each fact, and for how many alike it stands."""

    said: Mapping[str, str]
    times: int = 1


def read_row(text: str, facts: Sequence[Fact]) -> Row:
    """A row, the first of several lines; commas part its cells, but for those in quotes or numbers. Raises Misread."""
    text = next(iter(text.splitlines()), "")
    alike = _ALIKE.match(text)
    times = int(alike["times"]) if alike else 1
    if not 1 <= times <= MOST_ALIKE:
        raise Misread(f"One line can stand for 1 to {MOST_ALIKE:,} alike.")
    guarded = _WITHIN_A_NUMBER.sub("\x00", text[alike.end() if alike else 0 :].replace("\t", ","))
    try:
        parted = next(csv.reader([guarded], skipinitialspace=True), [])
    except csv.Error:
        raise Misread("This line cannot be parted at its commas; leave out the quotes.") from None
    cells = [cell.strip().replace("\x00", ",") for cell in parted]
    if len(cells) > len(facts):
        raise Misread(f"There are only {len(facts)} columns; put a name with commas in quotes.")
    return Row({fact.name: cell for fact, cell in zip(facts, cells, strict=False)}, times)


def in_words(row: Row, facts: Sequence[Fact], today: date) -> str:
    """How a row is understood: its label, then fact by fact. Raises Misread."""
    parts = []
    for fact in facts:
        text = row.said.get(fact.name, "")
        if text:
            words = answer_words.in_words(fact, answer_words.read(fact, text, today), lambda _, id_: id_)
            parts.append(words if fact.type.kind == TEXT else f"{fact.label}: {words}")
    return " · ".join([*([f"{row.times} alike"] if row.times > 1 else []), *parts])
