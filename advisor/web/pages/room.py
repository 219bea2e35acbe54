"""What a page gets and gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from advisor.problems.problem import Problems
from advisor.values import wording
from advisor.web.fields import Form, first
from advisor.web.sitting import Sitting


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A person's case, opened for one request.

    `rest`: what follows the page's name in the address. `form`: what was sent; for a page that is only looked at, what
    stands behind the `?`.
    """

    sitting: Sitting
    rest: str = ""
    form: Form = field(default_factory=dict)

    def said(self, name: str) -> str:
        """The first value of that name that was sent; empty where there is none."""
        return first(self.form, name)

    def all_said(self, name: str) -> list[str]:
        """Every value of that name that was sent."""
        return [one for one in self.form.get(name, ()) if one]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A template by name, and what it may name."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Go:
    """Another page of the same session, below its address."""

    address: str


class NoSuchPage(LookupError):
    """There is no page of that address in this session."""


def error(target: str, text: str) -> dict[str, str]:
    """Something to mend: what is wrong, and the id of the field that it is about."""
    return {"target": target, "text": re.sub(r"`([^`]*)`", r"“\1”", text)}


def errors_of(problems: Problems, target: str) -> list[dict[str, str]]:
    """What answers that cannot all be true have to be mended."""
    return [
        error(target, f"{wording.sentence(wording.capital(one.message))} {one.help}".strip())
        for one in problems.problems
    ]


def so_far(sitting: Sitting) -> dict[str, Any]:
    """The answer as it stands, and how far the session is, for the side of a page."""
    session = sitting.session
    verdict, text = session.answer_so_far()
    progress = session.progress()
    return {
        "verdict": verdict,
        "text": text,
        "standing": progress.standing,
        "open": progress.open,
        "answered": progress.answered,
        "left": progress.likely_left,
    }


def told(sitting: Sitting) -> dict[str, Any]:
    """What the last change of mind did; nothing where there was none."""
    found = sitting.memory.told
    return {"answer": found.answer, "changes": found.changes, "parked": found.parked} if found is not None else {}
