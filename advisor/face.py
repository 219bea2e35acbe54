"""The public face of the library: a pack that advises, and advice that explains and writes itself."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from advisor.advice import explain
from advisor.advice.advice import Advice as PlainAdvice
from advisor.advice.advisor import LoadedPack
from advisor.cases.case import Case
from advisor.columns.parts import PARTS
from advisor.decision import document as decision
from advisor.report import parts as pages
from advisor.report.render import render

if TYPE_CHECKING:
    import pyarrow as pa

    from advisor.columns.table import TableAdvisor


class Advice(PlainAdvice):
    """What to do in a case, and why. Parts are worked out when they are first looked at."""

    def to_dict(self) -> dict[str, Any]:
        """The whole advice as plain data, as `-f json` prints it, with courses of action and what would change it."""
        return decision.whole(self, everything=True)

    def render(  # noqa: PLR0913  each is a choice of whoever reads it
        self,
        format: Literal["text", "md", "html"] = "text",  # noqa: A002 - as in the command's `--format`
        *,
        templates: Sequence[Path] = (),
        width: int = 80,
        color: bool = False,
        show: Collection[str] = (),
        full: bool = False,
    ) -> str:
        """The written advice: its page, and the parts (`PARTS`) to `show` beside it; all of them where it is `full`.

        `templates` are folders that go before the pack's own and those that ship; `width` in columns.

        Raises Problems for a template with a mistake.
        """
        folders = [*templates, *template_folders(self.world.program.pack.folder)]
        parts = pages.PARTS if full else show
        told = pages.PARTS if format == "html" else parts
        data = decision.page(self, ways=pages.WAYS in told, changes=pages.CHANGES in told)
        return render(data, format, template_dirs=folders, width=width, color=color, parts=parts)

    def explain(self, key: str, *, width: int = 100) -> str:
        """Why what a key names (`be-early@party`) holds or not, as a tree of sentences.

        Raises Problems for an unknown key.
        """
        return explain.explain(self, key, width)


class Pack(LoadedPack):
    """A pack ready to advise. Its `data` is what was read; `case`, `read_case` and `advise` are inherited or below."""

    _tables: tuple[Hashable, TableAdvisor] | None = None
    """Who advised on the last table, and how: what came out of its cases may come again."""

    def advise(self, case: Case, *, today: date | None = None, as_of: date | None = None) -> Advice:
        """What to do in a case. `today` is else the case's, else the clock's; `as_of` else the case's, else today.

        Raises Problems where the case breaks what the pack says must hold.
        """
        return Advice(self.reason(case, today=today, as_of=as_of))

    def advise_table(  # noqa: PLR0913  each is a choice of whoever asks
        self,
        table: pa.Table,
        *,
        today: date | None = None,
        as_of: date | None = None,
        parts: Collection[str] = PARTS,
        keep: Collection[str] = (),
        explain: Collection[int] = (),
    ) -> pa.Table:
        """What to do in each case of an Arrow table, as a table with a row for each.

        A column is a fact; a list of structs holds entities; null is what was not asked. `problems` says what is wrong
        with a row, and its other columns are then null. `parts`: what comes out; `keep`: columns that are carried
        over; `explain`: rows, counted from 0, of which the proofs are told in one more column. Without a `today` of its
        own a case is as of `today`, else the clock's day; `as_of` goes before those of the cases.

        Needs the extra `batch`. Raises Problems for columns that are no facts, ImportError without pyarrow.
        """
        from advisor.columns.table import TableAdvisor  # noqa: PLC0415  Arrow is loaded when it is first needed

        clock = today or date.today()  # noqa: DTZ011 - the day where the person is
        asked = (clock, today, as_of, tuple(parts), tuple(keep))
        if self._tables is None or self._tables[0] != asked:
            self._tables = (asked, TableAdvisor(self, today=today, as_of=as_of, parts=parts, keep=keep))
        return self._tables[1].advise(table, explain)


def load(path: str | Path) -> Pack:
    """The pack in a folder. Raises Problems with every mistake that makes it unusable."""
    return Pack.load(Path(path))


def template_folders(pack_folder: str | Path) -> list[Path]:
    """The templates that a pack brings, where it does: they go before those that ship."""
    own = Path(pack_folder) / "templates"
    return [own] if own.is_dir() else []
