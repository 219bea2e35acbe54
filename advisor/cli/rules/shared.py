"""What the commands about packs share: which packs are meant, and problems as plain data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from advisor.cli.packs import choose_pack, packs_in, rules_folder

if TYPE_CHECKING:
    pass

HAS_PROBLEMS: Final = 1
"""The exit status where what was checked has problems."""

PathArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PATH]", help="A pack, or a folder of packs. [default: those that ship]", show_default=False
    ),
]


def folders(path: Path | None, rules: Path | None, name: str | None) -> dict[str, Path]:
    """The packs to look at by name: those in `path` (else in `rules`), or the one that is named. Raises Refused."""
    if name is not None:
        return {name: choose_pack(path or rules, name)}
    return packs_in(rules_folder(path or rules))
