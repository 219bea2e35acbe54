"""What the commands share: the options they all take, the choice of a pack, and opening a case.

Typer reads the options off the types below. What is costly to load is loaded by the functions that need it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from advisor.cli import completion
from advisor.cli.failures import Refused
from advisor.cli.packs import choose_pack, packs_in, rules_folder

if TYPE_CHECKING:
    from advisor import Case, Pack


def a_day(text: str) -> date:
    """The day that an option names."""
    from advisor.values.text import read_date

    try:
        return read_date(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def examples(*commands: str) -> str:
    """Commands to try, as they stand at the end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {command}" for command in commands)


CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="A case file; FILE#N or FILE#id for one of several in it, - for standard input.",
        show_default=False,
    ),
]
RulesOption = Annotated[
    Path | None,
    typer.Option("--rules", metavar="PATH", help="A pack, or a folder of packs. [default: those that ship]"),
]
PackOption = Annotated[
    str | None,
    typer.Option(
        "--pack",
        metavar="NAME",
        help="The pack to use. [default: the case's, else the only one, else the one marked default]",
        autocompletion=completion.packs,
    ),
]
TodayOption = Annotated[
    date | None,
    typer.Option(
        "--today", metavar="DATE", parser=a_day, help="The day it is. [default: the case's, else the clock's]"
    ),
]
AsOfOption = Annotated[
    date | None,
    typer.Option(
        "--as-of", metavar="DATE", parser=a_day, help="By the rules of which day. [default: the case's, else today]"
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there, not to standard output.")
]
PlainFormat = Literal["text", "json"]
FormatOption = Annotated[PlainFormat, typer.Option("--format", "-f", help="How to write it.")]


def open_case(address: str, rules: Path | None, name: str | None) -> tuple[Pack, Case]:
    """A case (`-`: from standard input) and the pack to judge it by. Raises Problems and Refused."""
    import advisor
    from advisor.cases.source import pack_named

    pack = advisor.load(choose_pack(rules, name, pack_named(address) or _home(address, rules)))
    return pack, pack.read_case(address)


def _home(address: str, rules: Path | None) -> str:
    """The pack in whose folder a case file lies: a worked case of its own; empty where there is none."""
    from advisor.cases.source import split_address

    file = split_address(address)[0].resolve()
    packs = packs_in(rules_folder(rules))
    return next((name for name, folder in packs.items() if file.is_relative_to(folder.resolve())), "")


def spare(address: str, output: Path | None) -> None:
    """Raises Refused where a result would be written over the case that it is about."""
    from advisor.cases.source import split_address

    file = split_address(address)[0]
    if output is not None and output.exists() and file.exists() and output.samefile(file):
        raise Refused(f"{output}: this would write over the case; name another file")
