"""The first page: what the person wants to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from advisor.dialogue import goals
from advisor.packs.pack import Goal
from advisor.web.pages.room import Go, Page, Room, error

ADDRESS = "goals"
_WHOLE = "whole"


def show(room: Room) -> Page:
    """The questions to choose from; all of many where that is asked for."""
    offered = goals.choosable(room.sitting.pack.data)
    chosen = [key.partition("@")[0] for key in room.sitting.case.goals]
    return _page(room, _first(offered, chosen, whole=bool(room.said("all"))), chosen)


def _first(offered: list[Goal], chosen: Sequence[str], *, whole: bool) -> list[Goal]:
    """The questions that are shown: the few that are often asked and those that are chosen, or all."""
    few = goals.first_offered(offered)
    return [one for one in offered if whole or one in few or one.id in chosen]


def take(room: Room) -> Page | Go:
    """Notes what was ticked. Words that were typed lead to questions; the likeliest is ticked, to be confirmed."""
    sitting = room.sitting
    offered = goals.choosable(sitting.pack.data)
    ticked = [one for one in room.all_said("goal") if one in {goal.id for goal in offered}]
    words = room.said("words")
    if room.said("do") == _WHOLE:
        return _chosen(room, ())
    if words and words != room.said("matched"):
        found = goals.matching(sitting.pack.data, words)
        near = found or goals.nearest(sitting.pack.data, words)
        shown = [*near, *(goal for goal in offered if goal.id in ticked and goal not in near)]
        marked = [*ticked, *(goal.id for goal in found[:1])]
        return _page(room, shown, marked, words=words, matched="found" if found else "nearest")
    if not ticked:
        wrong = error("goal-1", "Tick what you would like to know, or say it in your own words.")
        return _page(room, _first(offered, ticked, whole=bool(room.said("all"))), ticked, words=words, errors=[wrong])
    return _chosen(room, ticked)


def _chosen(room: Room, ticked: Sequence[str]) -> Go:
    sitting = room.sitting
    kept = {key.partition("@")[0]: key for key in reversed(sitting.case.goals)}
    sitting.session.choose(tuple(kept.get(one, one) for one in ticked))
    sitting.memory.began = True
    sitting.memory.told = None
    sitting.passed(ADDRESS)
    return Go(sitting.next_address())


def _page(  # noqa: PLR0913 - each is something that stands on it
    room: Room,
    shown: Sequence[Goal],
    ticked: Sequence[str],
    *,
    words: str = "",
    matched: str = "",
    errors: Sequence[dict[str, str]] = (),
) -> Page:
    pack = room.sitting.pack.data
    asked: list[dict[str, Any]] = [
        {"id": goal.id, "text": goals.question(pack, goal), "on": goal.id in ticked} for goal in shown
    ]
    values = {
        "goals": asked,
        "count": len(goals.choosable(pack)),
        "words": words,
        "matched": matched,
        "errors": list(errors),
        "back": "",
        "aside": list(room.sitting.editable.aside),
    }
    return Page(template="goals.html", values=values, status=422 if errors else 200)
