"""What a table may hold and what comes out of it, by name: the columns of a pack, described. Needs no Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from advisor.language.tree import CASE
from advisor.packs.pack import Fact, Pack
from advisor.values import types
from advisor.values.text import plain

HEAD: Final = ("id", "today", "as_of", "goals")
"""Columns that are no facts: the name of the row, the days of the case, and what the person wants to know."""
HEAD_TYPES: Final = {"id": "text", "today": "date", "as_of": "date", "goals": "list of text"}
HEAD_MEANING: Final = {
    "id": "names the row in what comes out",
    "today": "the day from which deadlines count",
    "as_of": "the day whose policy applies",
    "goals": "what is asked of the case: `goal` or `goal@entity`",
}
ITEM: Final = ("id", "times", "more")
"""Fields of an entity that are no facts."""
ITEM_TYPES: Final = {"id": "text", "times": "whole number", "more": "text"}
ITEM_MEANING: Final = {
    "id": "its name within the case",
    "times": "it stands for so many alike",
    "more": "`yes` or `unknown` in a last struct of its own: whether there are others that are not listed",
}
FACTS: Final = "facts."
"""Stands before a fact of the case whose name is one of `HEAD`."""
NATURAL: Final = {
    types.YES_NO: "boolean",
    types.CHOICE: "text",
    types.CHOICES: "list of text",
    types.WHOLE: "whole number",
    types.NUMBER: "decimal number",
    types.MONEY: "decimal number",
    types.DURATION: "whole number",
    types.DATE: "date",
    types.TIME: "time of day",
    types.MOMENT: "timestamp",
    types.TEXT: "text",
    types.REFERENCE: "text",
}
"""The column that suits a fact of each kind; text always does."""


def described(pack: Pack) -> list[dict[str, Any]]:
    """Every column that a table may have, as plain data: `column`, `type`, `about`, `meaning`, `allowed`."""
    rows = [_row(name, HEAD_TYPES[name], CASE, HEAD_MEANING[name]) for name in HEAD]
    rows += [_of_fact(one, column(one)) for one in pack.facts[CASE].values() if one.asked]
    for entity in pack.entities.values():
        rows.append(_row(entity.plural, "list of struct", CASE, f"one struct for each {entity.id}"))
        rows += [_row(f"{entity.plural}.{name}", ITEM_TYPES[name], entity.id, ITEM_MEANING[name]) for name in ITEM]
        known = pack.facts[entity.id].values()
        rows += [_of_fact(one, f"{entity.plural}.{one.name}") for one in known if one.asked]
    return rows


def column(fact: Fact) -> str:
    """The column of a fact of the case."""
    return f"{FACTS}{fact.name}" if fact.name in HEAD else fact.name


def _of_fact(fact: Fact, name: str) -> dict[str, Any]:
    return _row(name, NATURAL[fact.type.kind], fact.kind, fact.label or fact.question, _allowed(fact.type))


def _row(name: str, type_: str, about: str, meaning: str, allowed: Sequence[str] = ()) -> dict[str, Any]:
    return {"column": name, "type": type_, "about": about, "meaning": meaning, "allowed": list(allowed)}


def _allowed(type_: types.Type) -> list[str]:
    if type_.choices:
        return list(type_.choice_ids())
    low, high = type_.low, type_.high
    found = [] if low is None else [f"from {plain(low, type_)}"]
    return found if high is None else [*found, f"to {plain(high, type_)}"]
