"""What the commands about packs share: which packs are meant, on which day, and with which exit status."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from advisor.cli.common import a_day
from advisor.cli.packs import choose_pack, packs_in, rules_folder

HAS_PROBLEMS: Final = 1
"""The exit status where what was checked has problems."""

PathArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PATH]", help="A pack, or a folder of packs. [default: those that ship]", show_default=False
    ),
]

CasesTodayOption = Annotated[
    date | None,
    typer.Option(
        "--today",
        metavar="DATE",
        parser=a_day,
        help="The day it is, for cases that give none. [default: the clock's]",
    ),
]


def folders(path: Path | None, rules: Path | None, name: str | None) -> dict[str, Path]:
    """The packs to look at by name: those in `path` (else in `rules`), or the one that is named. Raises Refused."""
    if name is not None:
        return {name: choose_pack(path or rules, name)}
    return packs_in(rules_folder(path or rules))
