"""One person's case as it is kept between two requests, opened to be worked on.

In: a pack, the text of the case, and what beside it must be remembered (`Memory`). Out: a session on it, and both again
as they are to be kept.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Final

from advisor.cases.case import Case
from advisor.cases.editable import EditableCase
from advisor.cases.paths import parse_path
from advisor.cases.reader import read_case
from advisor.dialogue.relevance.relevance import Question
from advisor.dialogue.session import Session
from advisor.face import Pack
from advisor.language.tree import CASE

CASE_NAME: Final = "your case"
"""What messages call a case that is in no file."""
LONGEST_TRAIL: Final = 400
"""Addresses of pages that are remembered for the link back."""


@dataclass(slots=True)
class Told:
    """What a change of mind did: the answer that changed, sentences on the advice, and answers that were put aside."""

    answer: str = ""
    changes: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Memory:
    """What is remembered beside the case.

    `began`: whether the person has said what she wants to know. `left`: kinds whose list is left as it is. `trail`: the
    pages that were answered, in order. `ticked`: keys of recommendations that are done.
    """

    began: bool = False
    sharpening: bool = False
    decimal_commas: bool = False
    left: list[str] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    told: Told | None = None

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps({key: value for key, value in asdict(self).items() if value}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Memory:
        """What was kept."""
        found = json.loads(text or "{}")
        told = found.pop("told", None)
        return cls(**found, told=Told(**told) if told else None)


class Sitting:
    """A case with its session, worked on during one request."""

    def __init__(self, pack: Pack, text: str, memory: str, today: date | None) -> None:
        """Raises Problems where the case does not fit the pack, and NotEditable where the text is none."""
        self.pack = pack
        self.editable = EditableCase(pack.data, text, as_json=is_json(text), name=CASE_NAME)
        self.memory = Memory.from_json(memory)
        case = read_case(pack.data, text, CASE_NAME)
        self.session = Session(pack, case, today=today, keep=self.editable.change)
        self.session.sharpening = self.memory.sharpening
        self.session.decimal_commas = self.memory.decimal_commas
        for kind in self.memory.left:
            self.session.leave_list(kind)

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self.session.case

    def text(self) -> str:
        """The case as it is to be kept."""
        return self.editable.text()

    def remembered(self) -> str:
        """What beside it is to be kept."""
        self.memory.sharpening = self.session.sharpening
        self.memory.decimal_commas = self.session.decimal_commas
        return self.memory.to_json()

    # --- addresses of questions --------------------------------------------------------------------------------------

    def address(self, question: Question) -> str:
        """Where the page of a question is, below the session's own address."""
        if not question.fact:
            return f"list/{self.pack.data.entities[question.kind].plural}"
        if question.kind == CASE:
            return f"question/{question.fact}"
        return f"question/{self.pack.data.entities[question.kind].plural}/{question.entity}/{question.fact}"

    def question(self, address: str) -> Question | None:
        """The question that a page is about; None where there is no such page (any more)."""
        page, _, rest = address.partition("/")
        parts = rest.split("/")
        if page == "list" and len(parts) == 1:
            kind = self.kind(parts[0])
            return Question(kind, "", "") if kind in self.session.listed_kinds() else None
        if page != "question":
            return None
        if len(parts) == 1 and parts[0] in self.pack.data.facts[CASE]:
            return self._asked(Question(CASE, "", parts[0]))
        if len(parts) == 3:  # noqa: PLR2004 - the list, the entity and the fact
            kind = self.kind(parts[0])
            listed = [item.id for item in self.case.items(kind)] if kind else []
            if kind and parts[1] in listed and parts[2] in self.pack.data.facts[kind]:
                return self._asked(Question(kind, parts[1], parts[2]))
        return None

    def _asked(self, question: Question) -> Question | None:
        fact = self.pack.data.facts[question.kind][question.fact]
        return question if fact.asked and not fact.derived else None

    def kind(self, plural: str) -> str:
        """The kind of entities that a plural names; empty where it names none."""
        return next((kind for kind, entity in self.pack.data.entities.items() if entity.plural == plural), "")

    def label(self, path: str) -> str:
        """The fact of a path as people call it, with the entity."""
        named = parse_path(self.pack.data, path)
        label = self.pack.data.facts[named.kind][named.fact].label
        return f"{label} (“{self.session.name_of(named.kind, named.entity)}”)" if named.entity else label

    # --- where one is ------------------------------------------------------------------------------------------------

    def next_address(self) -> str:
        """The page to go to: the next question, or the check of all answers."""
        prompt = self.session.next()
        return "check" if prompt is None else self.address(prompt.question)

    def passed(self, address: str) -> None:
        """Remembers that a page was answered or skipped, for the link back."""
        trail = [one for one in self.memory.trail if one != address]
        self.memory.trail = [*trail, address][-LONGEST_TRAIL:]

    def back_from(self, address: str) -> str:
        """The page before a page."""
        trail = [one for one in self.memory.trail if one == "goals" or self.question(one) is not None]
        earlier = trail[: trail.index(address)] if address in trail else trail
        return earlier[-1] if earlier else ("" if address == "goals" else "goals")


def is_json(text: str) -> bool:
    """Whether a case is kept as JSON; what a person brings with her may be YAML, and stays so, comments and all."""
    return text.lstrip().startswith("{")


def new_case(pack: Pack) -> str:
    """The text of a case in which nothing is said yet."""
    return json.dumps({"format": "1", "pack": pack.id})


def version_of(*parts: Any) -> str:  # noqa: ANN401 - whatever prints the same when it is the same
    """A short mark that differs where what is said differs: a form brings back the one it was made with."""
    return sha256(repr(parts).encode()).hexdigest()[:16]
