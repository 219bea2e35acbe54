"""A case file as text that keeps its comments, order and notes while values in it change.

In: the text of a YAML or JSON file, and which of its cases is meant. Out: plain nested mappings and lists that can be
edited, and the text again. Nothing here knows what the entries mean.
"""

from __future__ import annotations

import io
import json
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tokens import CommentToken

Mapping = dict[str, Any]
WIDEST: Final = 1_000_000
"""Lines are not folded."""


class NotEditable(ValueError):
    """The text is no YAML that could be edited."""


class _AllText(VersionedResolver):
    """Every scalar is text, as the reader of cases takes it, so that none changes on the way."""

    @property
    def versioned_resolver(self) -> Any:  # noqa: ANN401 - the base class says nothing of it
        return {}


class Document:
    """One case in a text that may hold several."""

    def __init__(self, text: str, which: str = "", *, as_json: bool = False) -> None:
        """Raises NotEditable."""
        self.as_json = as_json
        self._yaml = _yaml(text)
        self.root = self._read(text)
        self.case = self._chosen(which)

    def _read(self, text: str) -> Any:  # noqa: ANN401 - what a file holds
        try:
            found = json.loads(text) if self.as_json and text.strip() else self._yaml.load(text)
        except (YAMLError, ValueError) as error:
            raise NotEditable(str(error).splitlines()[0]) from None
        return CommentedMap() if found is None else found

    def _chosen(self, which: str) -> Mapping:
        cases = self.root if isinstance(self.root, list) else [self.root]
        for number, case in enumerate(cases, start=1):
            if isinstance(case, dict) and (
                which in (str(number), str(case.get("id"))) or (not which and len(cases) == 1)
            ):
                return case
        raise NotEditable("this holds no case that could be edited")

    def text(self) -> str:
        """The file as it is now."""
        if self.as_json:
            return json.dumps(self.root, ensure_ascii=False, indent=2) + "\n"
        written = io.StringIO()
        self._yaml.dump(self.root, written)
        return written.getvalue()

    # --- editing -----------------------------------------------------------------------------------------------------

    def mapping_at(self, owner: Mapping, key: str) -> Mapping:
        """The mapping under a key; one of its own, to be filled and then put there, where there is none."""
        found = owner.get(key)
        return found if isinstance(found, dict) else CommentedMap()

    def list_at(self, owner: Mapping, key: str) -> list[Any]:
        """The list under a key; one of its own, to be filled and then put there, where there is none."""
        found = owner.get(key)
        return found if isinstance(found, list) else CommentedSeq()

    def put(self, owner: Mapping, key: str, value: Any) -> None:  # noqa: ANN401 - whatever a file can hold
        """Sets a value; a new key comes last, before what is written below the mapping."""
        if owner.get(key) is value and value is not None:
            return
        if key in owner or not isinstance(owner, CommentedMap):
            owner[key] = value
            return
        below = _cut(owner)
        owner[key] = value
        if below:
            _hang(owner, key, below)

    def append(self, owner: list[Any], value: Any) -> None:  # noqa: ANN401 - whatever a file can hold
        """Adds an item at the end of a list, before what is written below it."""
        below = _cut(owner)
        owner.append(value)
        if below:
            _hang(owner, len(owner) - 1, below)

    def drop(self, owner: Mapping, key: str) -> None:
        """Takes a key away, not what is written below it."""
        if key not in owner:
            return
        last = isinstance(owner, CommentedMap) and list(owner)[-1] == key
        below = _cut(owner) if last else ""
        del owner[key]
        if below and owner:
            _hang(owner, list(owner)[-1], below)


def _yaml(text: str) -> Any:  # noqa: ANN401 - a library's object
    made = YAML()
    made.Resolver = _AllText
    made.preserve_quotes = True
    made.width = WIDEST
    nested = any(line.startswith(("  - ", "    - ")) for line in text.splitlines()) or "- " not in text
    made.indent(mapping=2, sequence=4 if nested else 2, offset=2 if nested else 0)
    return made


def inline(items: list[str] | dict[str, Any]) -> Any:  # noqa: ANN401 - a list or mapping that is written on one line
    """A list that is written as `[a, b]`, a mapping as `{a: b}`."""
    found = CommentedMap(items) if isinstance(items, dict) else CommentedSeq(items)
    found.fa.set_flow_style()
    return found


# --- what is written below the last entry -----------------------------------------------------------------------------


def _cut(owner: Any) -> str:  # noqa: ANN401 - a mapping or a list
    """Takes away and gives the lines (comments, empty ones) that stand below the last entry."""
    while isinstance(owner, CommentedMap | CommentedSeq) and len(owner):
        last = list(owner)[-1] if isinstance(owner, CommentedMap) else len(owner) - 1
        tokens = owner.ca.items.get(last)
        place = 2 if isinstance(owner, CommentedMap) else 0
        if tokens and len(tokens) > place and tokens[place] is not None:
            return _split(tokens, place)
        owner = owner[last]
    return ""


def _split(tokens: list[Any], place: int) -> str:
    token = tokens[place]
    first, newline, below = token.value.partition("\n")
    if not below:
        return ""
    token.value = first + newline
    if not first:
        tokens[place] = None
    return str(below)


def _hang(owner: Any, key: Any, below: str) -> None:  # noqa: ANN401 - a mapping or a list
    """Writes lines below an entry."""
    value = owner[key]
    if isinstance(value, CommentedMap | CommentedSeq) and len(value) and not value.fa.flow_style():
        _hang(value, list(value)[-1] if isinstance(value, CommentedMap) else len(value) - 1, below)
        return
    place = 2 if isinstance(owner, CommentedMap) else 0
    tokens = owner.ca.items.setdefault(key, [None] * 4 if place else [None, None])
    mark = type("Mark", (), {"column": 0, "line": 0, "index": 0, "name": ""})()
    token = tokens[place]
    if token is None:
        tokens[place] = CommentToken("\n" + below, start_mark=mark, end_mark=None)
    else:
        token.value = token.value.rstrip("\n") + "\n" + below
