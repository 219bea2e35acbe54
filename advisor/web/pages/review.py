"""All answers on a page, each to be changed; the last one before the answer."""

from __future__ import annotations

from typing import Any

from advisor.dialogue import goals
from advisor.dialogue.relevance.relevance import Question
from advisor.web.pages.room import Go, Page, Room, so_far, told

_SKIPPED = "skipped"
_SHARPER = "sharper"


def show(room: Room) -> Page:
    """What was answered, by what it is about; what was skipped; and what can be done next."""
    sitting = room.sitting
    session = sitting.session
    upcoming = session.next()
    values = {
        "goals": _goals(room),
        "choosable": bool(goals.choosable(sitting.pack.data)),
        "groups": _groups(room),
        "lists": [
            {
                "address": sitting.address(Question(kind, "", "")),
                "plural": sitting.pack.data.entities[kind].plural.replace("_", " "),
                "names": [session.name_of(kind, item.id) for item in sitting.case.items(kind)],
            }
            for kind in session.listed_kinds()
        ],
        "skipped": [_row(room, one) for one in sorted(session.skipped_that_matter())],
        "unknown": [_row(room, one) for one in sorted(session.not_known_that_matter())],
        "next": sitting.address(upcoming.question) if upcoming is not None else "",
        "sharper": upcoming is None and not session.sharpening and _can_be_sharper(room),
        "told": told(sitting),
        "so_far": so_far(sitting),
        "errors": [],
        "back": sitting.back_from("check"),
    }
    return Page(template="review.html", values=values)


def take(room: Room) -> Go:
    """Takes up what was skipped, or asks on for sharper figures."""
    session = room.sitting.session
    room.sitting.memory.told = None
    if room.said("do") == _SKIPPED:
        session.take_up()
    elif room.said("do") == _SHARPER:
        session.sharpening = True
    return Go(room.sitting.next_address())


def _can_be_sharper(room: Room) -> bool:
    session = room.sitting.session
    session.sharpening = True
    found = session.next() is not None
    session.sharpening = False
    return found


def _goals(room: Room) -> list[str]:
    pack = room.sitting.pack.data
    ids = dict.fromkeys(key.partition("@")[0] for key in room.sitting.case.goals)
    return [goals.question(pack, pack.goals[id_]) for id_ in ids if id_ in pack.goals]


def _groups(room: Room) -> list[dict[str, Any]]:
    """The answers under the name of what they are about, the case itself first."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for question in room.sitting.session.answered():
        groups.setdefault((question.kind, question.entity), []).append(_row(room, question))
    name_of = room.sitting.session.name_of
    return [
        {"about": name_of(kind, entity) if entity else "", "kind": kind.replace("_", " "), "rows": rows}
        for (kind, entity), rows in groups.items()
    ]


def _row(room: Room, question: Question) -> dict[str, Any]:
    session = room.sitting.session
    fact = session.data.facts[question.kind][question.fact]
    return {
        "label": fact.label,
        "about": session.name_of(question.kind, question.entity) if question.entity else "",
        "words": session.words_of(question),
        "address": room.sitting.address(question) if fact.asked else "",
    }
