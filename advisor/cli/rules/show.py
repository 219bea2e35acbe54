"""`advisor rules show`: one rule, fact, figure or source in full."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from advisor.cli import completion
from advisor.cli.common import FormatOption, PackOption, RulesOption, examples
from advisor.cli.failures import Refused
from advisor.cli.output import columns, show, show_json
from advisor.cli.rules.shared import folders

if TYPE_CHECKING:
    from advisor.packs.pack import Pack
    from advisor.problems.problem import Problems

EXAMPLES: Final = examples("advisor rules show ask-before-friday", "advisor rules show item.price")


def show_one(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A rule, fact, figure or source; item.price for the fact of one kind of thing.",
            autocompletion=completion.rule_ids,
            show_default=False,
        ),
    ],
    form: FormatOption = "text",
    rules: RulesOption = None,
    pack: PackOption = None,
) -> None:
    """Show one rule, fact, figure or source. When it applies, what follows, why, who says so, and where it stands."""
    from advisor.authoring import catalogue, catalogue_text

    packs, problems = _read(folders(None, rules, pack).values())
    found = [one for known in packs for one in catalogue.named(known, id_)]
    if not found:
        raise problems or Refused(f"nothing is called `{id_}`; {_near(id_, packs)}")
    if form == "json":
        show_json({"format": 1, "found": [{"kind": kind, **entry} for kind, entry in found]})
    else:
        show("\n\n".join(catalogue_text.in_full(kind, entry, columns()) for kind, entry in found))


def _read(folders_: Iterable[Path]) -> tuple[list[Pack], Problems | None]:
    """The packs that can be read, and what is wrong with the others."""
    from advisor.packs.reader import read_pack
    from advisor.problems.problem import Problems

    packs, problems = [], []
    for folder in folders_:
        try:
            packs.append(read_pack(folder))
        except Problems as error:
            problems.extend(error.problems)
    return packs, Problems(problems) if problems else None


def _near(id_: str, packs: list[Pack]) -> str:
    from advisor.authoring import catalogue
    from advisor.problems.problem import nearest

    close = nearest(id_, [name for pack in packs for name in catalogue.names(pack)])
    return f"did you mean `{close}`?" if close else "`advisor rules list` prints all that there is"
