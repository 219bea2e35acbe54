"""A case that the pack cannot read (any more): each entry is given another value, or set aside; none is dropped."""

from __future__ import annotations

import json
from typing import Any

from advisor.cases.editable import EditableCase
from advisor.dialogue.mending import Mending, bare
from advisor.face import Pack
from advisor.problems.problem import Problem, Problems
from advisor.web.pages.room import Page, error
from advisor.web.sitting import CASE_NAME, is_json

NAMES = ("unknown-fact", "unknown-key", "unknown-choice")
"""Mistakes in the name of a thing, not in its value."""


class CaseToMend:
    """A case with a mistake in it. Raises Problems where a page cannot mend it, and NotEditable where it is none."""

    def __init__(self, pack: Pack, text: str) -> None:
        self._was_json = is_json(text)
        self.editable = EditableCase(pack.data, text, name=CASE_NAME)
        self.mending = Mending(pack, self.editable)
        found = self.mending.first()
        if found is None or found[1] is None:
            raise Problems([found[0]] if found is not None else [])
        self.problem: Problem = found[0]
        self.entry = found[1]

    def show(self, *, empty: bool = False) -> Page:
        """What is wrong, and what can be done about it."""
        values: dict[str, Any] = {
            "entry": {"name": self.entry.words, "value": self.entry.value},
            "problem": {"message": self.problem.message, "help": self.problem.help},
            "name_is_wrong": self.problem.kind in NAMES,
            "errors": [error("value", "Type what it should be, or set it aside.")] if empty else [],
            "back": "",
        }
        return Page(template="mending.html", values=values, status=422 if empty else 200)

    def take(self, do: str, value: str) -> str | None:
        """The text of the case with this mistake mended; None where nothing was typed."""
        if do == "aside":
            self.mending.set_aside(self.entry)
        elif not value:
            return None
        elif self.problem.kind in NAMES:
            self.mending.rename(self.entry, value)
        else:
            self.mending.replace(self.entry, value)
        if not self._was_json:
            return self.editable.text()
        text = json.dumps(bare(self.editable.document.root), ensure_ascii=False, indent=1)
        return self.editable.with_aside(text)
