"""What the server has while it runs: a database, processes that reason, and pages that belong to no session."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from advisor.files import shipped
from advisor.problems.problem import Problem
from advisor.report.render import PAGES
from advisor.web.settings import Settings
from advisor.web.store import Store
from advisor.web.workers import Workers


class Site:
    """What the server has while it runs."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = settings
        self.store = store
        self.workers = Workers(settings)
        self._packs: dict[str, Any] | None = None
        self._styles: dict[str, str] = {}
        self.script = _shipped("script.js")
        self.icon = _shipped("icon.svg")

    def packs(self) -> dict[str, Any]:
        """The packs that are served."""
        if self._packs is None:
            self._packs = self.workers.quick("packs").result.data
        return self._packs

    def style(self, pack: str) -> str:
        """The style sheet of a pack's pages."""
        if pack not in self._styles:
            done = self.workers.quick("plain", template="pages.css", values={}, here={}, pack=pack)
            self._styles[pack] = done.result.html
        return self._styles[pack]

    def here(self, base: str, address: str, pack: str = "") -> dict[str, Any]:
        """What all pages may name: addresses of the session, of the style sheet and the script."""
        style = f"/style/{quote(pack, safe='')}.css" if pack else "/style.css"
        return {
            "base": base,
            "address": quote(address),
            "page": address.partition("/")[0],
            "pack": pack,
            "title": "",
            "style": f"{style}?{_mark(self.style(pack))}",
            "script": f"/script.js?{_mark(self.script)}",
        }

    def plain(self, template: str, values: Mapping[str, Any], *, status: int = 200) -> Response:
        """A page that belongs to no session."""
        here = self.here("", template.partition(".")[0])
        done = self.workers.quick("plain", template=template, values=dict(values), here=here)
        return HTMLResponse(done.result.html, status)

    def trouble(self, status: int, message: str, problems: list[Problem] | None = None, base: str = "") -> Response:
        """The page that says what went wrong."""
        shown = [{"message": one.message, "help": one.help, "place": _spot(one)} for one in problems or ()]
        values = {"status": status, "message": message, "problems": shown[:20], "base": base}
        return self.plain("trouble.html", values, status=status)

    def close(self) -> None:
        """Ends the processes and closes the database."""
        self.workers.stop()
        self.store.close()


def _spot(problem: Problem) -> str:
    """Where it is, without the folders of this machine."""
    place = problem.place
    return f"{Path(place.file).name}, line {place.line}, column {place.column}"


def _shipped(name: str) -> str:
    return (shipped.templates() / PAGES / name).read_text(encoding="utf-8")


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:10]


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site
