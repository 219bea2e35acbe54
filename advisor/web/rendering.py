"""Pages as HTML, through the same sandboxed templates as reports; a pack may bring its own.

In: a page, the pack's folder, and where the session is. Out: HTML. Refused, as problems with their places: templates
that do not fit or do harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from advisor.face import template_folders
from advisor.report.engine import Templates
from advisor.report.render import PAGES, values, workshop
from advisor.report.shape import completed

_NOTHING: Final = completed({})

_ON_EVERY_PAGE: Final[dict[str, Any]] = {"errors": [], "back": "", "told": {}}


def _tries(changes: Sequence[Mapping[str, Any]]) -> str:
    """Answers otherwise, as what stands behind the `?` of an address."""
    return urlencode([("set", f"{one['path']}={one['value']}") for one in changes])


def _in_address(text: str) -> str:
    return quote(text, safe="")


class Renderer:
    """Writes the pages of one pack, or (without a pack) those that belong to none."""

    def __init__(self, pack_folder: Path | None, today: date | None = None) -> None:
        self._folders = template_folders(pack_folder) if pack_folder is not None else []
        self._today = today
        self._plain: Templates | None = None

    def page(self, template: str, shown: Mapping[str, Any], here: Mapping[str, Any]) -> str:
        """The page. `here`: where it stands, and what all pages name. Raises Problems."""
        advice = shown.get("advice")
        own = {**_ON_EVERY_PAGE, **{key: value for key, value in shown.items() if key != "advice"}}
        if advice is None:
            return self._templates().written(template, {**own, "here": here})
        every = {**values(completed(advice), own.pop("shown", ())), **own, "here": here}
        return self._workshop(every).written(template, every)

    def _templates(self) -> Templates:
        """Templates that show no advice: made once."""
        if self._plain is None:
            today = (self._today or date.today()).isoformat()  # noqa: DTZ011 - the day where the server is
            self._plain = self._workshop({**values(_NOTHING, []), "today": today})
        return self._plain

    def _workshop(self, shown: Mapping[str, Any]) -> Templates:
        more: dict[str, Callable[..., Any]] = {"tries": _tries, "in_address": _in_address}
        return workshop(shown, "html", template_dirs=self._folders, folder=PAGES, more=more)
