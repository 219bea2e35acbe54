"""What if: the advice with some answers otherwise, beside the advice as it is. Nothing is changed by it."""

from __future__ import annotations

from typing import Any

from advisor.advice.advice import Advice
from advisor.cases import settings
from advisor.cases.paths import parse_path
from advisor.decision import comparison
from advisor.dialogue.relevance.relevance import Question
from advisor.problems.problem import Problems
from advisor.web.pages.room import Page, Room, error


def show(room: Room) -> Page:
    """Both, and what differs."""
    sitting = room.sitting
    session = sitting.session
    wanted = room.all_said("set")[:5]
    values: dict[str, Any] = {"tried": [], "before": [], "after": [], "changes": [], "errors": [], "back": "answer"}
    try:
        read = settings.read_settings(sitting.pack.data, sitting.case, wanted)
        found = comparison.what_if(sitting.pack, sitting.case, read, today=session.today, as_of=session.as_of)
    except Problems as problems:
        values["errors"] = [error("answer", f"{one.message}. {one.help}") for one in problems.problems]
        return Page(template="trial.html", values=values, status=422)
    values["tried"] = [_tried(room, *one) for one in found.settings]
    values["before"] = _answers(found.before)
    values["after"] = _answers(found.after)
    values["changes"] = [one.to_dict() for one in found.changes if one.part != "answer"]
    return Page(template="trial.html", values=values)


def _answers(advice: Advice) -> list[dict[str, str]]:
    return [{"question": one.question, "verdict": one.verdict, "text": one.text} for one in advice.answers]


def _tried(room: Room, path: str, before: str, after: str) -> dict[str, str]:
    sitting = room.sitting
    try:
        named = parse_path(sitting.pack.data, path)
        label, address = sitting.label(path), sitting.address(Question(named.kind, named.entity, named.fact))
    except Problems:
        label, address = path, ""
    return {"label": label, "before": before, "after": after, "address": address}
