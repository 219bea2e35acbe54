"""The advice and the answers as files to keep: for reading, for printing, for programs, for a calendar.

In: a sitting, and the name of a file. Out: its bytes. What takes long comes in parts, each more complete.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, NoReturn

from advisor.cases.case import Case
from advisor.cases.editable import EditableCase
from advisor.decision import document
from advisor.face import Advice, template_folders
from advisor.problems.problem import Place, Problem, Problems
from advisor.report.parts import WAYS
from advisor.report.render import render
from advisor.web.pages.answer import advised
from advisor.web.pages.room import NoSuchPage, Room
from advisor.web.sitting import Sitting, is_json

PRINTED: Final = ("steps", "figures", "sources")
"""Parts of a report that are printed beside its page."""


@dataclass(frozen=True, slots=True)
class File:
    """What is downloaded."""

    data: bytes
    media_type: str


def made(room: Room, name: str) -> Iterator[File]:
    """The file of that name, more complete each time. Raises NoSuchPage where there is none such."""
    if name not in _FILES:
        raise NoSuchPage(name)
    media_type, make = _FILES[name]
    for data in make(room):
        yield File(data, media_type)


def case_text(sitting: Sitting) -> str:
    """The answers as a case file that a person can read."""
    if not is_json(sitting.text()):
        return sitting.text()
    pack, case = sitting.pack.data, sitting.case
    found = EditableCase(pack)
    found.change(Case(), case)
    found.aside = list(sitting.editable.aside)
    return found.text()


def _case(room: Room) -> Iterator[bytes]:
    yield case_text(room.sitting).encode()


def _report(form: Any, parts: tuple[str, ...]) -> Callable[[Room], Iterator[bytes]]:  # noqa: ANN401 - a format
    def made(room: Room) -> Iterator[bytes]:
        yield _written(advised(room), form, parts).encode()

    return made


def _written(advice: Advice, form: Any, parts: tuple[str, ...]) -> str:  # noqa: ANN401 - a format
    data = document.page(advice, ways=WAYS in parts)
    folders = template_folders(advice.world.program.pack.folder)
    return render(data, form, template_dirs=folders, parts=parts)


def _json(room: Room) -> Iterator[bytes]:
    """What `-f json` prints: first without what takes a search, then whole."""
    advice = advised(room)
    for data in (document.page(advice), document.page(advice, ways=True), document.whole(advice, everything=True)):
        yield (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _pdf(room: Room) -> Iterator[bytes]:
    """The printed page, then with every step, the figures and the sources."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - it takes a second to load, and few print
    except OSError:
        wrong = "a PDF cannot be made here, for the library Pango is missing on the server"
        mend = "print the page from your browser instead; whoever runs the server can install Pango"
        raise Problems([Problem(Place("the server"), "no-pango", wrong, mend)]) from None

    advice = advised(room)
    for parts in ((), PRINTED):
        yield HTML(string=_written(advice, "html", parts), url_fetcher=_fetch_nothing).write_pdf() or b""


def _fetch_nothing(address: str, *_: object, **__: object) -> NoReturn:
    """Nothing that a pack or a case names is fetched."""
    raise ValueError(address)


def _calendar(room: Room) -> Iterator[bytes]:
    from icalendar import Calendar, Event  # noqa: PLC0415 - few need it

    advice = advised(room)
    found = Calendar()
    found.add("prodid", "-//advisor//deadlines//EN")
    found.add("version", "2.0")
    for one in advice.recommendations:
        day = advice.deadline(one)
        if one.status is not True or not isinstance(day, date):
            continue
        event = Event()
        event.add("uid", f"{one.key}.{day.isoformat()}@{room.sitting.pack.id}")
        event.add("dtstamp", datetime.now(UTC))
        event.add("dtstart", day)
        event.add("summary", advice.title(one))
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    yield found.to_ical()


def _docx(room: Room) -> Iterator[bytes]:
    from advisor.web.word import written  # noqa: PLC0415 - few need it

    advice = advised(room)
    for ways in (False, True):
        yield written(document.page(advice, ways=ways))


Made = Callable[[Room], Iterator[bytes]]
_FILES: Final[Mapping[str, tuple[str, Made]]] = {
    "advice.md": ("text/markdown; charset=utf-8", _report("md", PRINTED)),
    "advice.txt": ("text/plain; charset=utf-8", _report("text", PRINTED)),
    "advice.html": ("text/html; charset=utf-8", _report("html", (*PRINTED, WAYS))),
    "advice.json": ("application/json", _json),
    "advice.pdf": ("application/pdf", _pdf),
    "advice.docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "deadlines.ics": ("text/calendar; charset=utf-8", _calendar),
    "case.yaml": ("application/yaml", _case),
}
