"""What a worker process has at hand: the packs, their templates, and the sittings it was last busy with."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import advisor
from advisor.cases.document import NotEditable
from advisor.face import Pack
from advisor.problems.problem import Place, Problem, Problems
from advisor.web.fields import Form
from advisor.web.rendering import Renderer
from advisor.web.settings import Settings
from advisor.web.sitting import Sitting, version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request to a session: what is kept of it, which of its pages is meant, and what was sent.

    `here`: what all pages may name of where they stand.
    """

    pack: str
    text: str
    memory: str
    address: str = ""
    form: Form = field(default_factory=dict)
    here: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Result:
    """What a job gives. `go`: the address of another page. `text`, `memory`: what is to be kept, where that changed."""

    html: str = ""
    status: int = 200
    go: str | None = None
    text: str | None = None
    memory: str | None = None
    data: Any = None


class Desk:
    """Packs by name; those that cannot be read stand under `broken` with what is wrong."""

    def __init__(self, settings: Settings) -> None:
        self.today = settings.today
        self._most = settings.open_sittings
        self.packs: dict[str, Pack] = {}
        self.broken: dict[str, Problems] = {}
        self._renderers: dict[str, Renderer] = {"": Renderer(None, settings.today)}
        self._sittings: OrderedDict[str, Sitting] = OrderedDict()
        for name, folder in settings.packs.items():
            self._read(name, folder)

    def _read(self, name: str, folder: Path) -> None:
        try:
            pack = advisor.load(folder)
        except Problems as problems:
            self.broken[name] = problems
            return
        self.packs[pack.id] = pack
        self._renderers[pack.id] = Renderer(Path(pack.data.folder), self.today)

    def pack(self, id_: str) -> Pack:
        """The pack of that id. Raises Problems where it is not served (any more)."""
        if id_ in self.packs:
            return self.packs[id_]
        wrong = f"the pack `{id_[:80]}` is not offered here"
        raise Problems([Problem(Place("the session"), "unknown-pack", wrong, "download your answers and keep them")])

    def renderer(self, id_: str) -> Renderer:
        """Who writes the pages of a pack; the plain pages where there is no such pack."""
        return self._renderers.get(id_, self._renderers[""])

    # --- sittings ----------------------------------------------------------------------------------------------------

    def taken_out(self, pack: str, text: str, memory: str) -> Sitting:
        """The sitting on a case, new or as it was left; it is not at hand again before `put_back`.

        Raises Problems where the case does not fit the pack.
        """
        key = self._key(pack, text, memory)
        if key in self._sittings:
            return self._sittings.pop(key)
        try:
            return Sitting(self.pack(pack), text, memory, self.today)
        except NotEditable as error:
            raise Problems([Problem(Place("your case"), "not-editable", str(error))]) from None

    def put_back(self, sitting: Sitting) -> tuple[str, str]:
        """Keeps a sitting at hand; its text and what is remembered, to be kept for good."""
        text, memory = sitting.text(), sitting.remembered()
        self._sittings[self._key(sitting.pack.id, text, memory)] = sitting
        while len(self._sittings) > self._most:
            self._sittings.popitem(last=False)
        return text, memory

    def _key(self, pack: str, text: str, memory: str) -> str:
        day = self.today or date.today()  # noqa: DTZ011 - the day where the server is
        return version_of(pack, text, memory, day)


Job = Iterator[Result]
"""What is done comes in parts, each of which says more than the one before."""
