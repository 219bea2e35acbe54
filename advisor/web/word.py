"""The advice as a document for Word, with headings, lists and a table that its readers can go on editing.

In: the advice as plain data. Out: the bytes of a DOCX file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from docx import Document

from advisor.report.render import values
from advisor.report.shape import completed
from advisor.values import wording

_STRENGTHS: Final = {"must": "Must: ", "should": "Should: ", "avoid": "Beware: "}


def written(advice: Mapping[str, Any]) -> bytes:
    """The document."""
    shown = values(completed(advice))
    made = Document()
    made.core_properties.title = str(shown["title"])
    made.add_paragraph(f"{shown['title']} · {wording.day(shown['today'])}", style="Subtitle")
    _answers(made, shown["page"]["answers"])
    made.add_heading("What to do", 1)
    for one in shown["actions"]:
        _action(made, one)
    _courses(made, shown["courses"])
    _sources(made, shown["sources"])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _answers(made: Any, answers: Iterable[Mapping[str, Any]]) -> None:  # noqa: ANN401 - the library's document
    for number, one in enumerate(answers):
        made.add_heading(one["question"], 1 if number else 0)
        paragraph = made.add_paragraph()
        paragraph.add_run(wording.sentence(wording.capital(one["verdict"] or "it depends"))).bold = True
        paragraph.add_run(f" {wording.sentence(one['text'])}" if one["text"] else "")
        for branch in one["branches"]:
            said = ". ".join(part for part in (branch["verdict"], branch["text"]) if part) or "it depends on more"
            made.add_paragraph(f"If {branch['if']}: {wording.sentence(said)}", style="List Bullet")


def _action(made: Any, one: Mapping[str, Any]) -> None:  # noqa: ANN401 - as above
    made.add_heading(f"{one['number']}. {_STRENGTHS.get(one['strength'], '')}{one['title']}", 2)
    if one["deadline"]:
        made.add_paragraph().add_run(f"By {wording.day(one['deadline'])}").bold = True
    if one["text"]:
        made.add_paragraph(one["text"])
    for step in one["steps"]:
        made.add_paragraph(step["text"], style="List Bullet")
    for reason in one["because"]:
        made.add_paragraph(f"Why: {wording.sentence(reason['text'])}").runs[0].italic = True


def _courses(made: Any, courses: list[Mapping[str, Any]]) -> None:  # noqa: ANN401 - as above
    if len(courses) < 2:  # noqa: PLR2004 - one alone is compared with nothing
        return
    made.add_heading("The ways to go, compared", 1)
    table = made.add_table(rows=1, cols=len(courses) + 1, style="Light Grid Accent 1")
    for cell, one in zip(table.rows[0].cells[1:], courses, strict=True):
        cell.text = one["title"]
    for name, figure in courses[0]["outcomes"].items():
        cells = table.add_row().cells
        cells[0].text = wording.capital(figure["label"])
        for cell, one in zip(cells[1:], courses, strict=True):
            cell.text = one["outcomes"].get(name, {}).get("as_read", "")


def _sources(made: Any, sources: Iterable[Mapping[str, Any]]) -> None:  # noqa: ANN401 - as above
    made.add_heading("Sources", 1)
    for one in sources:
        if one["cited"]:
            address = f" {one['url']}" if one["url"] else ""
            made.add_paragraph(f"{one['title'] or one['id']}{address}", style="List Number")
