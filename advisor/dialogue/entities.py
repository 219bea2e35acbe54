"""The entities that a case lists: one added, taken away, or brought in by whoever refers to it.

In: a pack and a case. Out: another case.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from advisor.cases.case import Answer, Case, Item, Items
from advisor.cases.reader import MOST_ALIKE
from advisor.dialogue import answer_words
from advisor.dialogue.replies import Misread
from advisor.language.tree import CASE
from advisor.packs.pack import Entity, Fact, Pack
from advisor.values.types import CHOICES, REFERENCE, TEXT

LONGEST_ID = 40


def referrers(pack: Pack) -> dict[str, Fact]:
    """By kind, the fact that refers to its entities; a list of these is not asked for."""
    return {fact.type.entity: fact for fact in pack.all_facts() if fact.type.kind == REFERENCE}


def name_of(pack: Pack, case: Case, kind: str, id_: str) -> str:
    """What people call an entity: its label where it has one, else its id; nothing for the case itself."""
    if kind == CASE:
        return ""
    label = pack.entities[kind].label
    answer = case.answer(kind, id_, label) if label else None
    return answer.value if answer is not None and isinstance(answer.value, str) and answer.value else id_


def free_id(case: Case, kind: str, name: str) -> str:
    """An id that no entity of the kind has yet, after a name."""
    base = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:LONGEST_ID].strip("-")
    base = base if base and base[0].isalpha() else f"{kind}-{base}".strip("-")
    taken = {item.id for item in case.items(kind)}
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (base, *numbered) if one not in taken)


def with_entity(case: Case, kind: str, id_: str, answers: Mapping[str, Answer], times: int = 1) -> Case:
    """The case with one more entity (or so many alike); whether these are all stays as open as it was."""
    listed = case.entities.get(kind, Items(more=None))
    items = replace(listed, items=(*listed.items, Item(id=id_, times=times, answers=answers)))
    return replace(case, entities={**case.entities, kind: items})


def without_entity(pack: Pack, case: Case, kind: str, id_: str) -> Case:
    """The case without an entity and all that was said of it. Raises KeyError where there is none of that id."""
    listed = case.entities[kind]
    if all(item.id != id_ for item in listed.items):
        raise KeyError(id_)
    items = replace(listed, items=tuple(item for item in listed.items if item.id != id_))
    prefix = f"{pack.entities[kind].plural}[{id_}]."
    parked = {where: answer for where, answer in case.parked.items() if not where.startswith(prefix)}
    declined = tuple(where for where in case.declined if not where.startswith(prefix))
    return replace(case, entities={**case.entities, kind: items}, parked=parked, declined=declined)


def referred_to(pack: Pack, case: Case, kind: str, text: str) -> tuple[Case, str]:
    """The entity that a text names, by number, id or label; a new one in the case where there is none such.

    Raises Misread.
    """
    text = " ".join(text.split())
    if not text:
        raise Misread(f"Type a name, or the number of one that is listed. For example: {kind} A.")
    items = case.items(kind)
    if text.isdecimal() and 1 <= int(text) <= len(items):
        return case, items[int(text) - 1].id
    for item in items:
        if text.casefold() in (item.id.casefold(), name_of(pack, case, kind, item.id).casefold()):
            return case, item.id
    label = pack.entities[kind].label
    id_ = free_id(case, kind, text)
    return with_entity(case, kind, id_, {label: Answer(value=text)} if label else {}), id_


def completed(pack: Pack, case: Case) -> Case:
    """The case in which the entities that others refer to are all, once every reference is answered."""
    for kind, fact in referrers(pack).items():
        if kind not in case.entities or case.entities[kind].more is True:
            continue
        owners = [""] if fact.kind == CASE else [item.id for item in case.items(fact.kind)]
        said = [case.answer(fact.kind, id_, fact.name) for id_ in owners]
        more = False if all(answer is not None and not answer.unknown for answer in said) else None
        if case.entities[kind].more is not more:
            case = replace(case, entities={**case.entities, kind: replace(case.entities[kind], more=more)})
    return case


MOST_COLUMNS = 4
"""Facts that are asked for in a table of entities, its label included."""

_ALIKE = re.compile(r"(?P<times>\d{1,9})\s*(?:x|×|\*|times)\s+(?=\S)", re.ASCII | re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"(?<=\d),(?=\d)")
_PARTING_COMMA = re.compile(r",(?:\s|$)")
_QUOTED = re.compile(r'"[^"]*"')


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
    """A row, the first of several lines. Raises Misread.

    Tabs part its cells; without any, commas do, but for those in quotes or numbers.
    """
    text = next(iter(text.splitlines()), "")
    alike = _ALIKE.match(text)
    times = int(alike["times"]) if alike else 1
    if not 1 <= times <= MOST_ALIKE:
        raise Misread(f"One line can stand for 1 to {MOST_ALIKE:,} alike.")
    cells = _cells(text[alike.end() if alike else 0 :])
    if len(cells) > len(facts):
        raise Misread(f"There are only {len(facts)} columns; put a name with commas in quotes.")
    return Row({fact.name: cell for fact, cell in zip(facts, cells, strict=False)}, times)


def _cells(text: str) -> list[str]:
    """What stands between tabs or commas. A comma between digits belongs to a number where others have a space."""
    by_tabs = "\t" in text
    bare = _QUOTED.sub("", text)
    if not by_tabs and _BETWEEN_DIGITS.search(bare) and not _PARTING_COMMA.search(bare):
        raise Misread(
            "A comma between digits can belong to a number; put a space after each comma that parts two cells."
        )
    guarded = text if by_tabs else _BETWEEN_DIGITS.sub("\x00", text)
    try:
        parted = next(csv.reader([guarded], delimiter="\t" if by_tabs else ",", skipinitialspace=True), [])
    except csv.Error:
        raise Misread("This line cannot be parted into cells; leave out the quotes.") from None
    return [cell.strip().replace("\x00", ",") for cell in parted]


def in_words(row: Row, facts: Sequence[Fact], today: date) -> str:
    """How a row is understood: its label, then fact by fact. Raises Misread."""
    parts = []
    for fact in facts:
        text = row.said.get(fact.name, "")
        if text:
            words = answer_words.in_words(fact, answer_words.read(fact, text, today), lambda _, id_: id_)
            parts.append(words if fact.type.kind == TEXT else f"{fact.label}: {words}")
    return " · ".join([*([f"{row.times} alike"] if row.times > 1 else []), *parts])
