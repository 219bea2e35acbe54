"""Lines of JSON, each a case as a case file has it, as Arrow columns.

In: a pack and lines. Out: tables in which every fact is text, for no two lines need have values of the same types. A
line that is no case is a row that says so.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from advisor.columns.given import HEAD, ITEM, column
from advisor.columns.schema import UNREADABLE
from advisor.language.tree import CASE
from advisor.packs.pack import Entity, Pack
from advisor.problems.problem import suggestion

TEXTS: Final = pa.list_(pa.string())


class Wrong(ValueError):
    """A line is no row, for the reason that the message gives."""


class Lines:
    """Turns lines to rows: of cases, or of entities of one `kind` with the `key` of their case."""

    def __init__(self, pack: Pack, keep: Collection[str] = (), kind: str = CASE, key: str = "") -> None:
        self.names = {fact.name: column(fact) for fact in pack.facts[kind].values() if fact.asked}
        """By fact: its column."""
        self.lists = {} if kind != CASE else {one.plural: _struct(pack, one) for one in pack.entities.values()}
        self.head = HEAD if kind == CASE else ITEM
        self.keep = [*([key] if key else []), *keep]
        names = [*self.head, *(self.names.values() if kind == CASE else self.names)]
        texts = [(name, TEXTS if name == "goals" else pa.string()) for name in dict.fromkeys((*names, *self.keep))]
        lists = [(name, pa.list_(struct)) for name, struct in self.lists.items()]
        self.schema = pa.schema([*texts, *lists, (UNREADABLE, pa.string())])
        self._known = dict.fromkeys(self.schema.names)

    def table(self, lines: Sequence[bytes]) -> pa.Table:
        """A row a line."""
        return pa.Table.from_pylist([self._row(line) for line in lines], self.schema)

    def _row(self, line: bytes) -> dict[str, Any]:
        try:
            return self._of(json.loads(line))
        except Wrong as error:
            return {UNREADABLE: str(error)}
        except (ValueError, RecursionError) as error:
            return {UNREADABLE: f"the line is not JSON: {str(error)[:200]}"}

    def _of(self, data: object) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise Wrong(f"the line is {_called(data)}, not an object of facts")
        found: dict[str, Any] = {}
        facts = data.pop("facts", None)
        if isinstance(facts, dict):
            data |= {self.names.get(name, name): value for name, value in facts.items()}
        for name, value in data.items():
            if name not in self._known:
                known = [one for one in self._known if one != UNREADABLE]
                raise Wrong(f"`{name[:80]}` is not a fact of this pack; {suggestion(name, known)}")
            if name in self.lists:
                found[name] = _items(name, value, self.lists[name])
            elif name == "goals":
                found[name] = [str(one) for one in value] if isinstance(value, list) else value and [str(value)]
            else:
                found[name] = _text(value)
        return found


def _struct(pack: Pack, entity: Entity) -> pa.StructType:
    names = [*ITEM, *(fact.name for fact in pack.facts[entity.id].values() if fact.asked)]
    return pa.struct([(name, pa.string()) for name in dict.fromkeys(names)])


def _items(name: str, value: object, struct: pa.StructType) -> list[dict[str, str | None]] | None:
    if value is None:
        return None
    if value in ("none", "unknown"):
        return [] if value == "none" else [{"more": "unknown"}]
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise Wrong(f"`{name}` is {_called(value)}, not a list of objects")
    known = [one.name for one in struct]
    for one in value:
        for key in one:
            if key not in known:
                raise Wrong(f"`{name}.{key[:80]}` is not a fact of this pack; {suggestion(key, known)}")
    return [{key: _text(told) for key, told in one.items()} for one in value]


def _text(value: object) -> str | None:
    """A value as a text that is read as a case file reads it; lists and mappings stay JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False)


def _called(value: object) -> str:
    return {dict: "an object", list: "a list", str: "a text", bool: "yes or no"}.get(type(value), "a number")
