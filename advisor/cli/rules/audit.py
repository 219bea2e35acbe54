"""`advisor rules audit`: what a pack rests on that nobody has looked at for long, and what each source carries."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from advisor.cli.common import FormatOption, OutputOption, PackOption, RulesOption, a_day, examples
from advisor.cli.output import columns, show, show_json
from advisor.cli.rules.progress import progress
from advisor.cli.rules.shared import HAS_PROBLEMS, PathArgument, folders

if TYPE_CHECKING:
    from advisor.authoring.audit import Audit

EXAMPLES: Final = examples(
    "advisor rules audit", "advisor rules audit --pack my-pack --today 2027-06-01", "advisor rules audit -f json"
)


def audit(
    path: PathArgument = None,
    most: Annotated[int, typer.Option("--most", metavar="N", min=0, help="Sources to name that carry most.")] = 10,
    form: FormatOption = "text",
    output: OutputOption = None,
    rules: RulesOption = None,
    pack: PackOption = None,
    today: Annotated[
        date | None,
        typer.Option("--today", metavar="DATE", parser=a_day, help="The day it is. [default: the clock's]"),
    ] = None,
) -> None:
    """Say what is to be checked again, and which sources carry most. Ends with 1 where something is overdue."""
    from advisor.authoring import audit_text

    day = today or date.today()  # noqa: DTZ011 - the day where the person is
    found = [_audited(folder, day) for folder in folders(path, rules, pack).values()]
    if form == "json":
        show_json({"format": 1, "packs": [one.to_dict() for one in found]}, output)
    else:
        show("\n\n".join(audit_text.summary(one, columns(), most) for one in found), output)
    if any(one.overdue for one in found):
        raise typer.Exit(HAS_PROBLEMS)


def _audited(folder: Path, day: date) -> Audit:
    import advisor
    from advisor.authoring.audit import audit as audited
    from advisor.authoring.worked_cases import all_cases

    pack = advisor.load(folder)
    return audited(pack, all_cases(pack.data), day, progress)
