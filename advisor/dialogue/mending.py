"""Opens a case file in spite of mistakes: each entry that cannot be read is mended or set aside, never dropped.

In: the text of the file, as an `EditableCase`. Out: one mistake after the other with what can be done, then the case.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from advisor.advice.advisor import LoadedPack
from advisor.cases.case import Case
from advisor.cases.document import Mapping
from advisor.cases.editable import EditableCase
from advisor.cases.reader import read_case
from advisor.problems.problem import Place, Problem, Problems


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the file that a mistake is in: `owner[key]`."""

    owner: Any
    key: Any
    words: str

    @property
    def value(self) -> str:
        """What stands there, on one line."""
        return " ".join(str(bare(self.owner[self.key])).split())


class Mending:
    """The mistakes of a case file, one by one."""

    def __init__(self, pack: LoadedPack, writer: EditableCase) -> None:
        self.pack = pack
        self.writer = writer
        self.aside: list[str] = []

    def case(self) -> Case:
        """The case as the file now has it. Raises Problems."""
        which = f"#{self.writer.which}" if self.writer.which else ""
        if which:
            return _one_of_several(self.pack, self.writer)
        return read_case(self.pack.data, self.writer.document.text(), self.writer.name)

    def first(self) -> tuple[Problem, Entry | None] | None:
        """The first mistake, and the entry that it is in; None where there is none left."""
        try:
            self.case()
        except Problems as problems:
            problem = problems.problems[0]
            return problem, self.entry(problem.place)
        return None

    def entry(self, place: Place) -> Entry | None:
        """The innermost entry that begins at a place; None where that is not to be found."""
        self.writer.load(self.writer.text())
        line = self.writer.document.line(place.line - 1)
        found = [one for one in _entries(self.writer.document.root, "") if _begins(one, line, place.column - 1)]
        return found[-1] if found else None

    def rename(self, entry: Entry, name: str) -> None:
        """Gives an entry another key, in its place."""
        owner = entry.owner
        place = list(owner).index(entry.key)
        value = owner.pop(entry.key)
        owner.insert(place, name, value) if isinstance(owner, CommentedMap) else owner.__setitem__(name, value)

    def replace(self, entry: Entry, value: str) -> None:
        """Gives an entry another value."""
        inner = entry.owner[entry.key]
        if isinstance(inner, dict) and "value" in inner:
            inner["value"] = value
        else:
            entry.owner[entry.key] = value

    def set_aside(self, entry: Entry) -> str:
        """Takes an entry out of the reasoning and keeps it as a comment at the end of the file; what is kept."""
        line = f"{entry.words}: {entry.value}"
        if isinstance(entry.owner, list):
            del entry.owner[entry.key]
        else:
            self.writer.document.drop(entry.owner, entry.key)
        self.writer.set_aside([line])
        self.aside.append(line)
        return line


def _one_of_several(pack: LoadedPack, writer: EditableCase) -> Case:
    file, name = tempfile.mkstemp(suffix=Path(writer.name).suffix)
    try:
        with os.fdopen(file, "w", encoding="utf-8") as text:
            text.write(writer.document.text())
        return read_case(pack.data, f"{name}#{writer.which}")
    finally:
        Path(name).unlink(missing_ok=True)


def _entries(node: Any, words: str) -> Iterator[Entry]:  # noqa: ANN401 - a mapping, a list or a text
    """Every entry below a node, the outer ones first."""
    if isinstance(node, dict):
        for key, value in node.items():
            here = f"{words}.{key}" if words and words != "facts" else str(key)
            yield Entry(node, key, here)
            yield from _entries(value, here)
    elif isinstance(node, list):
        for number, item in enumerate(node):
            name = item.get("id", number + 1) if isinstance(item, dict) else number + 1
            here = f"{words}[{name}]" if words else ""
            if words:
                yield Entry(node, number, here)
            yield from _entries(item, here)


def _begins(entry: Entry, line: int, column: int) -> bool:
    data = getattr(getattr(entry.owner, "lc", None), "data", None) or {}
    place = data.get(entry.key)
    if not place:
        return False
    spots = [tuple(place[:2]), tuple(place[2:4])] if isinstance(entry.owner, CommentedMap) else [tuple(place[:2])]
    return (line, column) in spots


def bare(value: Any) -> Any:  # noqa: ANN401 - what a file holds
    """Plain mappings, lists and texts."""
    if isinstance(value, CommentedMap | dict):
        return {str(key): bare(one) for key, one in value.items()}
    if isinstance(value, CommentedSeq | list):
        return [bare(one) for one in value]
    return str(value)


__all__ = ["Entry", "Mapping", "Mending", "bare"]
