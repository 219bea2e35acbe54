"""Answers written back into a case file: each one on disk before the next question, comments and notes kept.

In: the address of a file, and cases as they come to be. Out: the file, replaced as a whole each time, so that nobody
ever finds half of it. One writer works on a file at a time.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from advisor.cases.case import Answer, Case, Item, Items
from advisor.cases.document import Document, NotEditable, inline
from advisor.cases.lock import CaseLock
from advisor.cases.paths import parse_path
from advisor.cases.source import split_address
from advisor.language.tree import CASE
from advisor.packs.pack import Fact, Pack
from advisor.values.text import plain
from advisor.values.types import CHOICES, YES_NO, Type

_BOX: Final = Type(YES_NO)
_ASIDE: Final = "# Set aside, for the pack does not ask this (any more):"
Answers = Mapping[str, Answer]


class ChangedElsewhere(Exception):
    """The file has been changed by somebody else since it was last read or written here."""


class CaseWriter:
    """A case file that a session works on."""

    def __init__(self, pack: Pack, address: str | Path, source: str | Path | None = None) -> None:
        """`source`: the case to begin with, where it is another file. Raises Busy, OSError and NotEditable."""
        self.pack = pack
        self.path, self.which = split_address(address)
        self.lock = CaseLock(self.path).take()
        try:
            self._begin(source)
        except BaseException:
            self.lock.release()
            raise

    def _begin(self, source: str | Path | None) -> None:
        self.written = self._on_disk()
        path, which = split_address(source) if source is not None else (self.path, self.which)
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        self.load(text, which)

    def load(self, text: str, which: str | None = None) -> None:
        """Takes a text as what the file holds. Raises NotEditable."""
        if which is not None:
            self.which = which
        text, self.aside = _without_aside(text)
        self.document = Document(text, self.which, as_json=self.path.suffix.casefold() == ".json")
        if not self.document.case:
            self.document.put(self.document.case, "format", "1")
            self.document.put(self.document.case, "pack", self.pack.id)

    def text(self) -> str:
        """The file as it will be written."""
        text = self.document.text()
        return text if not self.aside else "\n".join([text.rstrip("\n"), "", _ASIDE, *self.aside, ""])

    def close(self) -> None:
        """Lets others work on the file."""
        self.lock.release()

    # --- on disk -----------------------------------------------------------------------------------------------------

    def _on_disk(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def write(self) -> None:
        """Replaces the file. Raises ChangedElsewhere and OSError."""
        if self._on_disk() != self.written:
            raise ChangedElsewhere(f"{self.path} was changed by another program in the meantime")
        data = self.text().encode()
        if data == self.written:
            return
        _replace(self.path.resolve(), data)
        self.written = data

    # --- what changed ------------------------------------------------------------------------------------------------

    def save(self, before: Case, case: Case) -> None:
        """Writes what differs between two cases. Raises ChangedElsewhere and OSError."""
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
        self.write()

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


def _replace(target: Path, data: bytes) -> None:
    """Puts a new file in the place of another, on disk before this returns. Raises OSError."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        beside.unlink(missing_ok=True)


__all__ = ["CaseWriter", "ChangedElsewhere", "NotEditable"]
