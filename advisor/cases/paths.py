"""The one way to name a place in a case, and a thing in the advice.

A place: `fact`, `problems.late` (one box of several), `items[one].price`. A thing: `rule-id@one`, `figure:model`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from advisor.files.shapes import ID, looks_like
from advisor.language.tree import CASE
from advisor.packs.pack import Entity, Fact, Pack
from advisor.problems.problem import Place, Problem, Problems, suggestion
from advisor.values.types import CHOICES

_PATH = re.compile(r"(?P<plural>[^\[\].]+)\[(?P<entity>[^\[\]]*)\](?:\.(?P<field>.+))?")
_KEY = re.compile(r"(?P<name>[^:@\s]+)(?::(?P<model>[^:@\s]+))?(?:@(?P<entity>[^:@\s]+))?")
LONGEST_PATH = 400


@dataclass(frozen=True, slots=True)
class CasePath:
    """A place in a case.

    `entity` is empty for the case itself, `fact` for an entity as a whole, `box` for all of a fact.
    """

    kind: str
    entity: str = ""
    fact: str = ""
    box: str = ""

    @property
    def field(self) -> str:
        """How a case files the answer: the fact, or one box of it."""
        return f"{self.fact}.{self.box}" if self.box else self.fact


@dataclass(frozen=True, slots=True)
class Key:
    """A rule, a derived fact or a projection, of a model, about an entity (empty: none named)."""

    name: str
    model: str = ""
    entity: str = ""

    def __str__(self) -> str:
        model = f":{self.model}" if self.model else ""
        return f"{self.name}{model}{f'@{self.entity}' if self.entity else ''}"


def parse_key(text: str) -> Key:
    """The key that `text` writes. Raises ValueError for what is not of its form."""
    found = _KEY.fullmatch(text.strip()) if len(text) <= LONGEST_PATH else None
    if found is None:
        raise ValueError(f"`{text[:80]}` is not a key; write it as `rule-id` or `rule-id@entity`")
    return Key(found["name"], found["model"] or "", found["entity"] or "")


def parse_path(pack: Pack, text: str, written_in: str = "path") -> CasePath:
    """The place in a case that `text` names. Raises Problems for a name that the pack does not have.

    Whether the case has that entity is not looked at. `written_in` stands for the file in messages.
    """
    return _PathReader(pack, text, written_in).read()


class _PathReader:
    """One path, with the place of each of its parts for messages."""

    def __init__(self, pack: Pack, text: str, written_in: str) -> None:
        self.pack = pack
        self.text = text
        self.written_in = written_in

    def read(self) -> CasePath:
        if len(self.text) > LONGEST_PATH:
            raise self.problem("bad-path", 0, LONGEST_PATH, "this path is too long", "")
        found = _PATH.fullmatch(self.text)
        if found is None:
            return self._field(CASE, "", 0)
        entity = self._entity(found["plural"])
        id_ = found["entity"]
        if not looks_like(id_, ID):
            raise self.problem(
                "bad-name", found.start("entity"), len(id_), f"`{id_}` cannot be an id", _help_for_id(id_)
            )
        if found["field"] is None:
            return CasePath(entity.id, id_)
        return self._field(entity.id, id_, found.start("field"))

    def _entity(self, plural: str) -> Entity:
        by_plural = {entity.plural: entity for entity in self.pack.entities.values()}
        if plural not in by_plural:
            message = f"there is no list `{plural[:80]}` in a case"
            raise self.problem("unknown-entity", 0, len(plural), message, suggestion(plural, by_plural))
        return by_plural[plural]

    def _field(self, kind: str, entity: str, start: int) -> CasePath:
        written, dot, box = self.text[start:].partition(".")
        fact = find_fact(self.pack, kind, written)
        if fact is None:
            message, help_ = unknown_fact(self.pack, kind, written)
            raise self.problem("unknown-fact", start, len(written), message, help_)
        if not dot:
            return CasePath(kind, entity, fact.name)
        known = fact.type.choice_ids() if fact.type.kind == CHOICES else ()
        if box not in known:
            message = f"`{fact.name}` has no `{box[:80]}` that could be ticked"
            raise self.problem("unknown-choice", start + len(written) + 1, len(box), message, suggestion(box, known))
        return CasePath(kind, entity, fact.name, box)

    def problem(self, kind: str, start: int, length: int, message: str, help_: str) -> Problems:
        place = Place(self.written_in, 1, start + 1, max(1, length))
        return Problems([Problem(place, kind, message, help_, self.text[:LONGEST_PATH])])


def _help_for_id(id_: str) -> str:
    mended = re.sub(r"[^a-z0-9_]+", "-", id_.casefold()).strip("-")
    return f"write small letters, digits, `-` and `_`{f', such as `{mended}`' if looks_like(mended, ID) else ''}"


def find_fact(pack: Pack, kind: str, written: str) -> Fact | None:
    """The fact of that kind; blanks and hyphens between the words of a name are as good as underscores."""
    return pack.facts.get(kind, {}).get(re.sub(r"[\s-]+", "_", written.strip()))


def unknown_fact(pack: Pack, kind: str, written: str) -> tuple[str, str]:
    """What is wrong with a fact that a kind does not have, and how to mend it."""
    owners = [other for other in pack.facts if find_fact(pack, other, written) is not None]
    if owners:
        return f"`{written[:80]}` is a fact of {called(owners[0])}, not of {called(kind)}", _where(pack, owners[0])
    asked = [fact.name for fact in pack.facts.get(kind, {}).values() if fact.asked]
    return f"`{written[:80]}` is not a fact of {called(kind)}", suggestion(written, asked)


def _where(pack: Pack, kind: str) -> str:
    return "write it under `facts`" if kind == CASE else f"write it with one of the `{pack.entities[kind].plural}`"


def called(kind: str) -> str:
    """A kind of thing in a sentence."""
    return "the case" if kind == CASE else f"a {kind}"
