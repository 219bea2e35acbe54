"""One question on a page, and what is done with its answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from advisor.advice.advice import Advice
from advisor.dialogue import changes
from advisor.dialogue.relevance.relevance import Question
from advisor.dialogue.replies import Misread
from advisor.dialogue.session import Prompt, Said
from advisor.dialogue.why import why
from advisor.problems.problem import Problems
from advisor.values import wording
from advisor.values.types import CHOICES
from advisor.web import fields
from advisor.web.pages.room import Go, NoSuchPage, Page, Room, error, errors_of, so_far, told
from advisor.web.sitting import Sitting, Told, version_of

FIELD = "answer"
"""The id of the first field, to which an error leads."""


def show(room: Room) -> Page:
    """The question. Raises NoSuchPage."""
    return _page(room, _prompt(room))


def _address(room: Room) -> str:
    return f"question/{room.rest}"


def _prompt(room: Room) -> Prompt:
    question = room.sitting.question(_address(room))
    if question is None:
        raise NoSuchPage(room.rest)
    return room.sitting.session.prompt(question)


def take(room: Room) -> Page | Go:
    """Takes the answer, or leaves the question for later; then the next one. Raises NoSuchPage."""
    prompt = _prompt(room)
    assert prompt.fact is not None
    sitting, do = room.sitting, room.said("do")
    if do == "skip":
        if prompt.path not in sitting.case.declined:
            sitting.session.skip(prompt.path)
        return _passed(room, None)
    if _changed_meanwhile(room, prompt):
        return _page(room, prompt, clash=True)
    if do == "keep":
        sitting.session.keep_parked(prompt.path)
        return _passed(room, None)
    reply = fields.UNKNOWN if do == "unknown" else fields.reply(prompt.fact, room.form)
    if fields.contradicts(prompt.fact, room.form) and do != "unknown":
        return _page(room, prompt, errors=[error(FIELD, "Tick what applies, or that none does, not both.")])
    if not reply:
        return _page(room, prompt, errors=[error(FIELD, _nothing_said(prompt))])
    return _answered(room, prompt, reply)


def _answered(room: Room, prompt: Prompt, reply: str) -> Page | Go:
    session = room.sitting.session
    if _is_answered(room.sitting, prompt.question) and reply == _typed(room.sitting, prompt):
        return _passed(room, None)
    before = session.advice() if _is_answered(room.sitting, prompt.question) else None
    try:
        said = session.answer(prompt.path, reply)
    except Misread as wrong:
        return _page(room, prompt, errors=[error(FIELD, str(wrong))])
    except Problems as problems:
        return _page(room, prompt, errors=errors_of(problems, FIELD))
    return _passed(room, _told(room.sitting, before, said) if before is not None else None)


def _passed(room: Room, what_it_did: Told | None) -> Go:
    room.sitting.memory.told = what_it_did
    room.sitting.passed(_address(room))
    return Go(room.sitting.next_address())


def _told(sitting: Sitting, before: Advice, said: Said) -> Told:
    """What a change of mind changed, and what was put aside for it."""
    found = changes.changes(before, sitting.session.advice())
    return Told(f"{said.label}: {said.words}", found, [sitting.label(path) for path in said.parked])


def _nothing_said(prompt: Prompt) -> str:
    assert prompt.fact is not None
    if prompt.fact.type.kind == CHOICES:
        return "Tick what applies, or “none of these”; or press “I don't know”."
    verb = "Choose an answer" if prompt.choices or prompt.fact.type.kind == "yes/no" else "Type an answer"
    return f"{verb}, or press “I don't know” or “Skip for now”."


def _is_answered(sitting: Sitting, question: Question) -> bool:
    return question in set(sitting.session.answered())


def _typed(sitting: Sitting, prompt: Prompt) -> str:
    """The answer that is there already as it would be typed; empty where it is chosen, not typed."""
    assert prompt.fact is not None
    asked = prompt.question
    return fields.typed_before(prompt.fact, sitting.case.answer(asked.kind, asked.entity, asked.fact))


# --- two windows on one session ---------------------------------------------------------------------------------------


def _version(sitting: Sitting, question: Question) -> str:
    """A mark of what is answered to a question now."""
    said = sitting.session.words_of(question) if _is_answered(sitting, question) else ""
    return version_of(said)


def _changed_meanwhile(room: Room, prompt: Prompt) -> bool:
    """Whether the answer was changed elsewhere since the page was made, so that this one would go over it unseen."""
    made_with = room.said("was")
    return bool(made_with) and made_with != _version(room.sitting, prompt.question)


# --- what stands on the page ------------------------------------------------------------------------------------------


def _page(room: Room, prompt: Prompt, *, errors: Sequence[dict[str, str]] = (), clash: bool = False) -> Page:
    sitting, fact = room.sitting, prompt.fact
    assert fact is not None
    sent = bool(errors) or clash
    answered = _is_answered(sitting, prompt.question)
    found = fields.field(
        fact,
        prompt.choices,
        frozenset(room.all_said(fields.ANSWER)) if sent else sitting.session.said_before(prompt.question),
        room.said(fields.ANSWER) if sent else _typed(sitting, prompt),
        sitting.session.today,
    )
    reason = why(sitting.session, prompt)
    values: dict[str, Any] = {
        "question": {
            "path": prompt.path,
            "text": prompt.text,
            "heading": prompt.heading,
            "help": fact.help,
            "why": {
                "own": reason.own,
                "decides": list(reason.decides),
                "further": reason.further,
                "figures": list(reason.figures),
            },
            "answered": sitting.session.words_of(prompt.question) if answered else "",
            "please_check": prompt.please_check,
            "skipped": prompt.skipped,
            "sharpens": prompt.sharpens,
        },
        "field": {
            **found,
            "id": FIELD,
            "words": room.said(fields.WORDS) if sent else "",
        },
        "errors": list(errors),
        "clash": _both(room, prompt) if clash else {},
        "was": _version(sitting, prompt.question),
        "told": told(sitting),
        "so_far": so_far(sitting),
        "back": sitting.back_from(_address(room)),
    }
    return Page(template="question.html", values=values, status=409 if clash else 422 if errors else 200)


def _both(room: Room, prompt: Prompt) -> dict[str, str]:
    """What was sent, and what is stored by now."""
    answered = _is_answered(room.sitting, prompt.question)
    stored = room.sitting.session.words_of(prompt.question) if answered else ""
    return {"mine": _in_words(room, prompt), "stored": stored}


def _in_words(room: Room, prompt: Prompt) -> str:
    """What was sent, in words; as it was typed where it is not understood."""
    assert prompt.fact is not None
    reply = fields.UNKNOWN if room.said("do") == "unknown" else fields.reply(prompt.fact, room.form)
    try:
        return room.sitting.session.understood(prompt.question, reply)
    except Misread:
        return wording.one_line(reply)


def understood(room: Room) -> str:
    """How what is being typed would be understood; empty where it is not. Raises NoSuchPage."""
    prompt = _prompt(room)
    text = room.said("text")
    try:
        return room.sitting.session.understood(prompt.question, text) if text else ""
    except Misread:
        return ""
