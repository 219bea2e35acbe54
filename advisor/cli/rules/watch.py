"""`advisor rules watch`: checks and tests each time that a pack is saved, and shows what changed."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from advisor.cli.common import FormatOption, PackOption, RulesOption, a_day, examples
from advisor.cli.output import show
from advisor.cli.rules.shared import HAS_PROBLEMS, PathArgument, folders

if TYPE_CHECKING:
    from advisor.authoring.watching import Round, Watch

EXAMPLES: Final = examples(
    "advisor rules watch",
    "advisor rules watch my-rules/my-pack",
    "advisor rules watch --pack my-pack --looks 1 -f json",
)
PAUSE: Final = 0.2
"""Seconds between two glances at the files."""


def watch(
    path: PathArgument = None,
    form: FormatOption = "text",
    looks: Annotated[
        int | None,
        typer.Option("--looks", metavar="N", min=1, help="Leave after so many looks. [default: when you press Ctrl-C]"),
    ] = None,
    rules: RulesOption = None,
    pack: PackOption = None,
    today: Annotated[
        date | None,
        typer.Option("--today", metavar="DATE", parser=a_day, help="The day it is. [default: the clock's]"),
    ] = None,
) -> None:
    """Check and test on every save, and show only what changed. Mistakes first, then cases, then what search finds."""
    from advisor.authoring.watching import Watch

    def day() -> date:
        return today or date.today()  # noqa: DTZ011 - the day where the person is

    watched = {name: Watch(folder, day) for name, folder in folders(path, rules, pack).items()}
    left = looks
    while left is None or left > 0:
        saved = {name: one for name, one in watched.items() if one.saved()}
        for name, one in saved.items():
            _look(name, one, form)
        if saved and left is not None:
            left -= 1
        if left is None or left > 0:
            time.sleep(PAUSE)
    if any(found for one in watched.values() for found in one.known.values()):
        raise typer.Exit(HAS_PROBLEMS)


def _look(name: str, one: Watch, form: str) -> None:
    """One look at a pack, from the beginning as often as it is saved meanwhile."""
    from advisor.authoring.watching import Interrupted

    first = not one.known
    while True:
        try:
            for found in one.look():
                _tell(name, found, form, first=first)
        except Interrupted:
            continue
        return


def _tell(name: str, found: Round, form: str, *, first: bool) -> None:
    import json

    if form == "json":
        told = {"new": [each.to_dict() for each in found.new], "gone": [each.to_dict() for each in found.gone]}
        show(json.dumps({"pack": name, "stage": found.stage, "cases": found.cases, "all": len(found.all), **told}))
        return
    lines = [each.full() for each in found.new] + [f"mended: {each.place.file}: {each.message}" for each in found.gone]
    if lines or first or found.stage == "cases":
        show("\n".join([*lines, f"{datetime.now():%H:%M:%S} {name}: {_counted(found)}"]))  # noqa: DTZ005 - as above


def _counted(found: Round) -> str:
    from advisor.values.wording import plural

    count = len(found.all)
    if found.stage == "files":
        return f"{plural(count, 'problem')} in the files" if count else "the files are right"
    if found.stage == "cases":
        return (
            f"{plural(found.cases, 'case')}: {plural(count, 'thing')} not as expected"
            if count
            else (f"{plural(found.cases, 'case')}: all as expected")
        )
    return f"{plural(count, 'problem')} found by search" if count else "no clashes, and all rules can fire"
