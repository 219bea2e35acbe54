"""A case file as text that keeps its comments, order and notes while values in it change.

In: the text of a YAML or JSON file, and which of its cases is meant. Out: plain nested mappings and lists that can be
edited, and the text again. Nothing here knows what the entries mean.
"""

from __future__ import annotations

import io
import json
from typing import Any, Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver

from advisor.cases.comments import Commented, commented

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
        self._comments = Commented((), ()) if as_json else _comments(text)
        self._yaml = _yaml(text)
        self.root = self._read(text if as_json else self._comments.bare)
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
        return self._comments.woven(written.getvalue())

    def line(self, number: int) -> int:
        """Where a line of the text, from nought, is in what was read of it: without comments and empty lines."""
        found = None if self.as_json else self._comments.bare_line(number)
        return number if found is None else found

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
        """Sets a value; a new key comes last."""
        owner[key] = value

    def append(self, owner: list[Any], value: Any) -> None:  # noqa: ANN401 - whatever a file can hold
        """Adds an item at the end of a list."""
        owner.append(value)

    def drop(self, owner: Mapping, key: str) -> None:
        """Takes a key away."""
        owner.pop(key, None)


def _comments(text: str) -> Commented:
    try:
        return commented(text)
    except yaml.YAMLError as error:
        raise NotEditable(str(error).splitlines()[0]) from None


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
