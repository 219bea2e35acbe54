"""Several things of a kind as a table: rows are added, changed and removed on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from advisor.cases.case import Item, Items
from advisor.dialogue import entities
from advisor.dialogue.replies import Misread
from advisor.packs.pack import Fact
from advisor.problems.problem import Problems
from advisor.values.types import CHOICE, YES_NO
from advisor.web import fields
from advisor.web.pages.room import Go, NoSuchPage, Page, Room, error, errors_of, so_far, told
from advisor.web.sitting import version_of

MOST_ROWS: Final = 60
"""Rows of one kind that a page takes."""
FIRST_ROWS: Final = 2
"""Empty rows that are offered where nothing is listed yet."""
_NEW: Final = "new-"
_ENDINGS: Final = {"all": False, "more": True, "unknown": None}
Errors = list[dict[str, str]]


def show(room: Room) -> Page:
    """The table. Raises NoSuchPage."""
    kind = _kind(room)
    few = 1 if room.sitting.case.items(kind) else FIRST_ROWS
    blank = room.said("rows")
    return _page(room, kind, _stored(room, kind), blank=int(blank) if blank in ("1", "2") else few)


def _kind(room: Room) -> str:
    question = room.sitting.question(f"list/{room.rest}")
    if question is None:
        raise NoSuchPage(room.rest)
    return question.kind


def take(room: Room) -> Page | Go:
    """Takes what was typed; then adds a row, removes one, or goes on. A cell that is not understood stops all of it."""
    kind, do = _kind(room), room.said("do")
    sitting = room.sitting
    sent = _sent(room, kind)
    if do == "skip":
        sitting.session.leave_list(kind)
        sitting.memory.left = sorted({*sitting.memory.left, kind})
        return _passed(room)
    if room.said("was") != _version(room, kind):
        return _page(room, kind, sent, blank=0, clash=True)
    removed = do.removeprefix("remove:") if do.startswith("remove:") else ""
    goes_on = not removed and do != "add"
    wrong = _taken(room, kind, [one for one in sent if one["key"] != removed])
    if goes_on and room.said("ending") not in _ENDINGS:
        wrong.append(error("ending-all", "Say whether these are all."))
    if wrong:
        return _page(room, kind, sent, blank=1, errors=wrong)
    if removed in {item.id for item in sitting.case.items(kind)}:
        sitting.session.remove(kind, removed)
    if not goes_on:
        return Go(f"list/{room.rest}?rows={1 if removed else 2}")
    sitting.session.close_list(kind, more=_ENDINGS[room.said("ending")])
    sitting.memory.left = sorted({*sitting.memory.left, kind})
    return _passed(room)


def _passed(room: Room) -> Go:
    room.sitting.memory.told = None
    room.sitting.passed(f"list/{room.rest}")
    return Go(room.sitting.next_address())


# --- rows -------------------------------------------------------------------------------------------------------------

Row = dict[str, Any]
"""`key`: the entity's id, or `new-1`; `said`: what is in each cell, as it is typed; `name`: what it is called."""


def _stored(room: Room, kind: str) -> list[Row]:
    session = room.sitting.session
    columns = session.columns(kind)
    return [
        {
            "key": item.id,
            "said": {fact.name: _cell(fact, item) for fact in columns},
            "name": session.name_of(kind, item.id),
            "times": item.times,
        }
        for item in room.sitting.case.items(kind)
    ]


def _cell(fact: Fact, item: Item) -> str:
    answer = item.answers.get(fact.name)
    if answer is not None and answer.unknown:
        return fields.UNKNOWN
    if answer is not None and isinstance(answer.value, bool):
        return "yes" if answer.value else "no"
    return fields.typed_before(fact, answer)


def _sent(room: Room, kind: str) -> list[Row]:
    """The rows that a form sent: first those that are stored, then new ones that say something."""
    session = room.sitting.session
    columns = session.columns(kind)
    stored = {item.id: item for item in room.sitting.case.items(kind)}
    rows: list[Row] = []
    for key in room.all_said("row")[: 2 * MOST_ROWS]:
        said = {fact.name: room.said(f"{key}.{fact.name}") for fact in columns}
        known = key in stored
        if known or (key.startswith(_NEW) and any(said.values())):
            name = session.name_of(kind, key) if known else ""
            rows.append({"key": key, "said": said, "name": name, "times": stored[key].times if known else 1})
    return rows


def _taken(room: Room, kind: str, rows: Sequence[Row]) -> Errors:
    """Takes the rows into the case; what is wrong with them."""
    pasted = [one.strip() for one in room.said("lines").splitlines() if one.strip()]
    if len(rows) + len(pasted) > MOST_ROWS:
        return [error("rows", f"A table takes at most {MOST_ROWS} rows. Put those that are alike into one line.")]
    found: Errors = []
    stored = {one["key"]: one["said"] for one in _stored(room, kind)}
    for row in rows:
        if row["key"] in stored:
            found += _changed(room, kind, row, stored[row["key"]])
        else:
            found += _added(room, kind, row)
    return found + _pasted(room, kind, pasted)


def _changed(room: Room, kind: str, row: Row, before: dict[str, str]) -> Errors:
    session = room.sitting.session
    found: Errors = []
    plural = room.sitting.pack.data.entities[kind].plural
    for fact in session.columns(kind):
        text, path = row["said"][fact.name], f"{plural}[{row['key']}].{fact.name}"
        if text == before[fact.name]:
            continue
        try:
            if text:
                session.answer(path, text)
            else:
                session.withdraw(path)
        except Misread as wrong:
            found.append(error(f"{row['key']}.{fact.name}", f"{fact.label.capitalize()}: {wrong}"))
        except Problems as problems:
            found += errors_of(problems, f"{row['key']}.{fact.name}")
    return found


def _added(room: Room, kind: str, row: Row) -> Errors:
    session = room.sitting.session
    found = [
        error(f"{row['key']}.{fact.name}", f"{fact.label.capitalize()}: {message}")
        for fact in session.columns(kind)
        if (message := _misread(fact, row["said"][fact.name], session.today))
    ]
    if found:
        return found
    try:
        session.add(kind, row["said"])
    except Misread as wrong:
        return [error(f"{row['key']}.{session.columns(kind)[0].name}", str(wrong))]
    except Problems as problems:
        return errors_of(problems, f"{row['key']}.{session.columns(kind)[0].name}")
    return []


def _misread(fact: Fact, text: str, today: date) -> str:
    try:
        if text:
            entities.in_words(entities.Row({fact.name: text}), [fact], today)
    except Misread as wrong:
        return str(wrong)
    return ""


def _pasted(room: Room, kind: str, lines: Sequence[str]) -> Errors:
    """Takes rows that were pasted or typed one a line; `12 x` before one stands for so many alike."""
    session = room.sitting.session
    found: Errors = []
    for line in lines:
        try:
            row = entities.read_row(line, session.columns(kind))
            session.add(kind, row.said, row.times)
        except Misread as wrong:
            found.append(error("lines", f"“{line[:40]}”: {wrong}"))
        except Problems as problems:
            found += errors_of(problems, "lines")
    return found


# --- what stands on the page ------------------------------------------------------------------------------------------


def _version(room: Room, kind: str) -> str:
    return version_of(_stored(room, kind))


def _page(  # noqa: PLR0913 - each is something that stands on it
    room: Room,
    kind: str,
    rows: Sequence[Row],
    *,
    blank: int,
    errors: Sequence[dict[str, str]] = (),
    clash: bool = False,
) -> Page:
    sitting = room.sitting
    session, entity = sitting.session, sitting.pack.data.entities[kind]
    listed = sitting.case.entities.get(kind)
    columns = session.columns(kind)
    keys = {row["key"] for row in rows}
    fresh = [key for number in range(1, MOST_ROWS + 1) if (key := f"{_NEW}{number}") not in keys][:blank]
    bad = {one["target"]: one["text"] for one in errors}
    shown = [*rows, *({"key": key, "said": {}, "name": "", "times": 1} for key in fresh)]
    values = {
        "kind": kind.replace("_", " "),
        "plural": entity.plural.replace("_", " "),
        "question": {"text": session.list_prompt(kind).text, "help": entity.help},
        "columns": [_column(fact) for fact in columns],
        "rows": [
            {
                **row,
                "cells": [
                    {
                        "id": f"{row['key']}.{fact.name}",
                        "value": row["said"].get(fact.name, ""),
                        "error": bad.get(f"{row['key']}.{fact.name}", ""),
                    }
                    for fact in columns
                ],
            }
            for row in shown
        ],
        "lines": room.said("lines"),
        "ending": room.said("ending") or _ending(listed),
        "errors": list(errors),
        "clash": [one["name"] or one["key"] for one in _stored(room, kind)] if clash else [],
        "was": _version(room, kind),
        "told": told(sitting),
        "so_far": so_far(sitting),
        "back": sitting.back_from(f"list/{room.rest}"),
    }
    return Page(template="listing.html", values=values, status=409 if clash else 422 if errors else 200)


def _ending(listed: Items | None) -> str:
    """What was said of whether these are all; nothing while nobody said it."""
    more = listed.more if listed is not None else None
    return "" if more is None else "more" if more else "all"


def _column(fact: Fact) -> dict[str, Any]:
    kind = "choice" if fact.type.kind in (CHOICE, YES_NO) else "text"
    options = [("yes", "yes"), ("no", "no")] if fact.type.kind == YES_NO else list(fact.type.choices)
    return {
        "name": fact.name,
        "label": fact.label,
        "kind": kind,
        "options": [{"value": value, "label": label} for value, label in options],
        "unit": fact.type.unit,
    }
