"""A case file's text in memory: what differs between two cases is put into it, comments, notes and order are kept.

In: the text of a YAML or JSON file and which of its cases is meant, and cases as they come to be. Out: the text again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from advisor.cases.case import Answer, Case, Item, Items
from advisor.cases.document import Document, NotEditable, inline
from advisor.cases.paths import parse_path
from advisor.language.tree import CASE
from advisor.packs.pack import Fact, Pack
from advisor.values.text import plain
from advisor.values.types import CHOICES, YES_NO, Type

_BOX: Final = Type(YES_NO)
_ASIDE: Final = "# Set aside, for the pack does not ask this (any more):"
Answers = Mapping[str, Answer]


class EditableCase:
    """A case in a text that may hold several.

    `name`: what messages call it. `which`: the number or id of the case. `aside`: comments for entries that were taken
    out of the reasoning.
    """

    def __init__(self, pack: Pack, text: str = "", which: str = "", *, as_json: bool = False, name: str = "") -> None:
        """Raises NotEditable."""
        self.pack = pack
        self.which = which
        self.as_json = as_json
        self.name = name
        self.load(text)

    def load(self, text: str, which: str | None = None) -> None:
        """Takes a text as what the file holds. Raises NotEditable."""
        if which is not None:
            self.which = which
        text, self.aside = _without_aside(text)
        self.document = Document(text, self.which, as_json=self.as_json)
        if not self.document.case:
            self.document.put(self.document.case, "format", "1")
            self.document.put(self.document.case, "pack", self.pack.id)

    def text(self) -> str:
        """The file as it is now."""
        return self.with_aside(self.document.text())

    def with_aside(self, text: str) -> str:
        """A text with the comments for what was set aside behind it."""
        return text if not self.aside else "\n".join([text.rstrip("\n"), "", _ASIDE, *self.aside, ""])

    # --- what changed ------------------------------------------------------------------------------------------------

    def change(self, before: Case, case: Case) -> None:
        """Puts into the text what differs between two cases."""
        root = self.document.case
        if before.today != case.today and case.today is not None:
            self.document.put(root, "today", case.today.isoformat())
        if before.answers != case.answers:
            facts = self.document.mapping_at(root, "facts")
            self._answers(CASE, facts, before.answers, case.answers)
            self.document.put(root, "facts", facts)
        for kind in self.pack.entities:
            if before.entities.get(kind) != case.entities.get(kind):
                self._items(kind, before.entities.get(kind), case.entities.get(kind))
        if before.goals != case.goals:
            self._names("goals", case.goals)
        if before.declined != case.declined:
            self._names("declined", case.declined)
        if before.parked != case.parked:
            self._parked(case.parked)

    def _answers(self, kind: str, owner: dict[str, Any], before: Answers, after: Answers) -> None:
        for fact in self.pack.facts[kind].values():
            names = _fields(fact)
            old = {name: before[name] for name in names if name in before}
            new = {name: after[name] for name in names if name in after}
            if old != new:
                self._put(owner, fact, new)

    def _put(self, owner: dict[str, Any], fact: Fact, answers: Answers) -> None:
        key = next((key for key in owner if _same_name(key, fact.name)), fact.name)
        if not answers:
            self.document.drop(owner, key)
            return
        value = _written(fact, answers)
        note = next((one.note for one in answers.values() if one.note), "")
        there = owner.get(key)
        if isinstance(there, dict) and "value" in there and "value" not in fact.type.choice_ids():
            there["value"] = value
        elif note and not isinstance(there, dict):
            self.document.put(owner, key, inline({"value": value, "note": note}))
        else:
            self.document.put(owner, key, value)

    # --- entities ----------------------------------------------------------------------------------------------------

    def _items(self, kind: str, before: Items | None, after: Items | None) -> None:
        plural = self.pack.entities[kind].plural
        root = self.document.case
        if after is None:
            self.document.drop(root, plural)
            return
        if not after.items and after.more is not False:
            self.document.put(root, plural, "unknown")
            return
        nodes = self.document.list_at(root, plural)
        old = {item.id: item for item in before.items} if before is not None else {}
        kept = {item.id for item in after.items}
        nodes[:] = [node for node in nodes if isinstance(node, dict) and str(node.get("id")) in kept]
        there = {str(node["id"]): node for node in nodes}
        for item in after.items:
            self._item(kind, nodes, there.get(item.id), old.get(item.id), item)
        if after.more is not False:
            self.document.append(nodes, inline({"more": "yes" if after.more else "unknown"}))
        self.document.put(root, plural, nodes)

    def _item(self, kind: str, nodes: list[Any], node: dict[str, Any] | None, before: Item | None, item: Item) -> None:
        if node is None:
            node = self.document.mapping_at({}, "")
            node["id"] = item.id
            self._fill(kind, node, None, item)
            self.document.append(nodes, node)
        else:
            self._fill(kind, node, before, item)

    def _fill(self, kind: str, node: dict[str, Any], before: Item | None, item: Item) -> None:
        if item.times != (before.times if before is not None else 1):
            self.document.put(node, "times", str(item.times))
        self._answers(kind, node, before.answers if before is not None else {}, item.answers)

    # --- what the session keeps --------------------------------------------------------------------------------------

    def _names(self, key: str, names: tuple[str, ...]) -> None:
        if names:
            self.document.put(self.document.case, key, inline(list(names)))
        else:
            self.document.drop(self.document.case, key)

    def _parked(self, parked: Answers) -> None:
        if not parked:
            self.document.drop(self.document.case, "parked")
            return
        owner = self.document.mapping_at(self.document.case, "parked")
        by_fact: dict[str, dict[str, Answer]] = {}
        for path in parked:
            named = parse_path(self.pack, path)
            whole = path[: -len(named.box) - 1] if named.box else path
            by_fact.setdefault(whole, {})[named.field] = parked[path]
        for path in [path for path in owner if path not in by_fact]:
            self.document.drop(owner, path)
        for path, answers in by_fact.items():
            named = parse_path(self.pack, path)
            value = _written(self.pack.facts[named.kind][named.fact], answers)
            note = next((one.note for one in answers.values() if one.note), "")
            self.document.put(owner, path, inline({"value": value, "note": note}) if note else value)
        self.document.put(self.document.case, "parked", owner)

    def set_aside(self, lines: Iterable[str]) -> None:
        """Keeps entries that the pack does not know as comments at the end of the file."""
        self.aside += [f"#   {' '.join(line.split())}" for line in lines]


def _fields(fact: Fact) -> list[str]:
    if fact.type.kind == CHOICES:
        return [f"{fact.name}.{choice}" for choice in fact.type.choice_ids()]
    return [fact.name]


def _same_name(key: object, name: str) -> bool:
    return "_".join(str(key).replace("-", " ").split()) == name


def _written(fact: Fact, answers: Answers) -> Any:  # noqa: ANN401 - a text, a list or a mapping
    """Answers of a fact as a case file has them."""
    if fact.type.kind != CHOICES:
        return _plain(answers[fact.name], fact.type)
    boxes = {name.partition(".")[2]: _plain(answer, _BOX) for name, answer in answers.items()}
    said = set(boxes.values())
    if len(boxes) == len(fact.type.choices):
        if said == {"unknown"}:
            return "unknown"
        if "unknown" not in said:
            return inline([box for box, word in boxes.items() if word == "yes"])
    return inline(boxes)


def _plain(answer: Answer, type_: Type) -> str:
    return "unknown" if answer.unknown else plain(answer.value, type_)


def _without_aside(text: str) -> tuple[str, list[str]]:
    """A text without the comments for what was set aside, and these."""
    before, mark, after = text.partition(_ASIDE)
    if not mark:
        return text, []
    lines = after.strip("\n").splitlines()
    kept = [line for line in lines if line.startswith("#   ")]
    rest = [line for line in lines if not line.startswith("#   ")]
    return "\n".join([before.rstrip("\n"), *rest, ""]), kept


__all__ = ["EditableCase", "NotEditable"]
