"""The answer and all that stands behind it, on one page; the longer searches come last, as far as time allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from advisor.decision import document
from advisor.face import Advice
from advisor.report.parts import CHANGES, PARTS, WAYS
from advisor.web.pages.room import Go, Page, Room, told

SEARCHES: Final = {WAYS: "the ways to go, compared", CHANGES: "what would change this"}
"""Parts that take a search; each is shown as soon as it is found."""
EVERYTHING: Final = "all"


def show(room: Room) -> Iterator[Page]:
    """The page with what is known at once; then with each part that was asked for and takes a search."""
    shown = room.all_said("show")
    parts = list(PARTS) if EVERYTHING in shown else [one for one in PARTS if one in shown]
    wanted = [one for one in SEARCHES if one in parts]
    advice = advised(room)
    for number in range(len(wanted) + 1):
        found, missing = wanted[:number], wanted[number:]
        data = document.page(advice, ways=WAYS in found, changes=CHANGES in found)
        yield _page(room, data, parts, missing)


def advised(room: Room) -> Advice:
    """The advice on the case of a room."""
    session = room.sitting.session
    return room.sitting.pack.advise(session.case, today=session.today, as_of=session.as_of)


def _page(room: Room, data: dict[str, Any], parts: list[str], missing: list[str]) -> Page:
    sitting = room.sitting
    upcoming = sitting.session.next()
    values = {
        "advice": data,
        "shown": parts,
        "missing": [SEARCHES[one] for one in missing],
        "ticked": list(sitting.memory.ticked),
        "next": sitting.address(upcoming.question) if upcoming is not None else "",
        "told": told(sitting),
        "errors": [],
        "back": "check",
    }
    return Page(template="answer.html", values=values)


def take(room: Room) -> Go:
    """Notes which recommendations are done."""
    room.sitting.memory.ticked = room.all_said("done")
    return Go("answer")
