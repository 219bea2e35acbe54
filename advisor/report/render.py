"""Advice through templates: text for a terminal, Markdown, or one HTML page.

In: advice as plain data (as `-f json` prints it), a format, and folders of templates that go before those that ship;
in each, `text/`, `md/` and `html/` hold one file for each part of a report. Out: the report. All words stand in the
templates or in the advice. Refused, as problems with their places: templates that do not fit the advice or do harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from html import escape as html_escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from advisor.files import shipped
from advisor.problems.problem import Place, Problem, Problems
from advisor.report import chart
from advisor.report import view as report_view
from advisor.report.parts import PARTS
from advisor.report.shape import completed
from advisor.values import wording

if TYPE_CHECKING:
    from advisor.report.engine import Templates

Format = Literal["text", "md", "html"]
FORMATS: tuple[Format, ...] = ("text", "md", "html")
PAGES = "web"
"""The folder of the pages of a session; what they share with a report stands with its HTML."""
ENDINGS = {"text": "txt", "md": "md", "html": "html"}
NARROWEST, WIDEST = 40, 100
"""Lines of a text report are never narrower, and no wider than can be read with ease."""

_PAINTS = {
    "heading": "1",
    "strong": "1",
    "must": "1;31",
    "avoid": "1;35",
    "should": "1;33",
    "could": "1;36",
    "quiet": "2",
}


def render(  # noqa: PLR0913  each is a choice of whoever reads it
    advice: Mapping[str, Any],
    format: Format,  # noqa: A002  that is what everybody calls it
    *,
    template_dirs: Sequence[Path] = (),
    width: int = 80,
    color: bool = False,
    parts: Collection[str] = (),
) -> str:
    """The report on `advice`: its page, and the `parts` (names in `PARTS`) that are asked for. Raises Problems.

    `template_dirs` are searched in order, those that ship last. `width` (columns) and `color` matter to the text format
    alone.
    """
    whole = completed(advice)
    shown = values(whole, parts)
    templates = workshop(shown, format, template_dirs=template_dirs, width=width, color=color)
    return _tidy(templates.written(f"report.{ENDINGS[format]}", shown))


def values(whole: Mapping[str, Any], parts: Collection[str] = tuple(PARTS)) -> dict[str, Any]:
    """What templates may name: every key of the advice, and the views of it that `report_view` makes."""
    return {**whole, **report_view.views(whole, [part for part in PARTS if part in parts])}


def workshop(  # noqa: PLR0913  as in `render`
    shown: Mapping[str, Any],
    format: Format,  # noqa: A002  as in `render`
    *,
    template_dirs: Sequence[Path] = (),
    width: int = 80,
    color: bool = False,
    folder: str = "",
    more: Mapping[str, Callable[..., Any]] | None = None,
) -> Templates:
    """The templates of a format, with the filters and functions that they may use on these values.

    `folder`: one that goes before the format's own. `more`: filters beside those of a report.
    """
    from advisor.report.engine import Templates  # noqa: PLC0415  Jinja is loaded only where something is rendered

    columns = min(WIDEST, max(NARROWEST, width))
    searched = (*_checked(template_dirs), shipped.templates())
    folders = [where / name for name in (folder, format) if name for where in searched]
    known = report_view.Names(shown)
    filters: dict[str, Callable[..., Any]] = {
        **_wording_filters(shown["today"]),
        "safe_address": safe_address,
        "paragraphs": paragraphs,
        "lines": str.splitlines,
        "title_of": known.title_of,
        "step_of": known.step_of,
        **(more or {}),
    }
    functions: dict[str, Any] = {
        "citations": known.citations,
        "trust": known.trust,
        "share": chart.share,
    }
    if format == "md":
        filters["safe_address"] = _address_for_markdown
    if format == "text":
        filters |= _text_filters(columns, color=color)
        functions |= {"columns": columns, "bar": chart.bar, "scale": chart.scale}
    return Templates(folders, filters=filters, functions=functions, escape=_ESCAPES[format])


def _checked(template_dirs: Sequence[Path]) -> list[Path]:
    """The folders, if there are templates to be found in each. Raises Problems."""
    folders = [Path(folder) for folder in template_dirs]
    found: list[Problem] = []
    for folder in folders:
        if not folder.is_dir():
            found.append(Problem(Place(str(folder)), "no-templates", "there is no such folder"))
        elif not any((folder / name).is_dir() for name in (*FORMATS, PAGES)):
            named = wording.listing((f"{one}/" for one in (*FORMATS, PAGES)), "or")
            mend = f"templates lie in a folder for each format: {named}"
            found.append(Problem(Place(str(folder)), "no-templates", "there are no templates in this folder", mend))
    if found:
        raise Problems(found)
    return folders


# --- filters ------------------------------------------------------------------------------------------------------


def _wording_filters(today: str | None) -> dict[str, Callable[..., Any]]:
    plain = ("day", "short_day", "written_date", "number", "money", "percent", "amount", "span", "listing", "plural",
             "sentence", "capital", "yes_no")  # fmt: skip
    filters: dict[str, Callable[..., Any]] = {name: getattr(wording, name) for name in plain}
    filters["from_today"] = lambda when: wording.from_today(when, today or when)
    return filters


def _text_filters(columns: int, *, color: bool) -> dict[str, Callable[..., Any]]:
    from markupsafe import Markup  # noqa: PLC0415  it comes with Jinja

    def wrap(text: str, first: str = "", rest: str | None = None) -> str:
        """Lines within the width; what opens the lines is kept as it is."""
        flat = text if isinstance(text, Markup) else _flat(text)
        return Markup("\n".join(wording.wrap(flat, columns, first, rest)))  # noqa: S704  cleaned above

    def paint(text: str, role: str) -> str:
        """The text in the colour of its role, line by line, where colours are wanted."""
        flat = text if isinstance(text, Markup) else _flat(text)
        if not color:
            return Markup(flat)  # noqa: S704  cleaned above
        code = _PAINTS[role]
        return Markup("\n".join(f"\x1b[{code}m{row}\x1b[0m" for row in flat.split("\n")))  # noqa: S704  cleaned above

    def fill(letter: str, count: int) -> str:
        return letter[:1] * max(0, min(count, WIDEST))

    return {"wrap": wrap, "paint": paint, "pad": wording.pad, "shorten": wording.shorten, "fill": fill}


def safe_address(address: str) -> str:
    """The address if it is one of the web and without anything odd in it, else nothing."""
    return address if re.fullmatch(r"https?://[^\s<>\"'`\\(){}|^\[\]]+", address, re.IGNORECASE | re.ASCII) else ""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: what empty lines part."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


# --- making texts harmless ----------------------------------------------------------------------------------------


def _flat(text: str) -> str:
    """The text cleaned, on one line; spaces stay as they are."""
    return re.sub(r"\s*[\n\t]\s*", " ", wording.clean(text))


def _for_html(text: str) -> str:
    return html_escape(wording.clean(text))


def _for_markdown(text: str) -> str:
    """The text so that Markdown shows its letters as they are, wherever on a line it comes to stand."""
    flat = re.sub(r"\s+", " ", wording.clean(text))
    flat = re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", flat)
    flat = re.sub(r"\$(?!\d)", r"\\$", flat)
    return re.sub(r"^(\s*)([-+=]|\d{1,9}(?=[.)](?:\s|$)))", _guard_start, flat)


def _guard_start(found: re.Match[str]) -> str:
    mark = found[2]
    return f"{found[1]}{mark}\\" if mark.isdigit() else f"{found[1]}\\{mark}"


def _address_for_markdown(address: str) -> str:
    """A web address as the target of a link: there, only a code such as `&copy;` would be read as another letter."""
    from markupsafe import Markup  # noqa: PLC0415  it comes with Jinja

    return Markup(safe_address(address).replace("&", "\\&"))  # noqa: S704  nothing odd is left in it


_ESCAPES: dict[str, Callable[[str], str]] = {"text": _flat, "md": _for_markdown, "html": _for_html}


def _tidy(text: str) -> str:
    """No spaces at the ends of lines, never two empty lines together, one line end at the end."""
    rows = [row.rstrip() for row in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip("\n") + "\n"
