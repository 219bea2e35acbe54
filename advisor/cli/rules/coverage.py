"""`advisor rules coverage`: how far the worked cases try what a pack says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from advisor.cli.common import OutputOption, PackOption, RulesOption, examples
from advisor.cli.output import columns, show, show_json
from advisor.cli.rules.progress import progress
from advisor.cli.rules.shared import CasesTodayOption, PathArgument, folders

if TYPE_CHECKING:
    from advisor.authoring.coverage import Coverage

EXAMPLES: Final = examples(
    "advisor rules coverage --pack my-pack",
    "advisor rules coverage my-rules/my-pack -f html -o coverage.html",
    "advisor rules coverage -f json",
)


def coverage(
    path: PathArgument = None,
    form: Annotated[Literal["text", "html", "json"], typer.Option("--format", "-f", help="How to write it.")] = "text",
    output: OutputOption = None,
    rules: RulesOption = None,
    pack: PackOption = None,
    today: CasesTodayOption = None,
) -> None:
    """Show what the worked cases leave untried. Conditions and their parts, answers, questions, sources; gaps first."""
    from advisor.authoring import coverage_text

    found = [_covered(folder, today) for folder in folders(path, rules, pack).values()]
    if form == "json":
        show_json({"format": 1, "packs": [one.to_dict() for one in found]}, output)
    elif form == "html":
        show(coverage_text.page(found), output)
    else:
        show("\n\n".join(coverage_text.summary(one, columns()) for one in found), output)


def _covered(folder: Path, today: date | None) -> Coverage:
    import advisor
    from advisor.authoring.coverage import coverage as covered
    from advisor.authoring.worked_cases import all_cases

    pack = advisor.load(folder)
    cases = progress(f"{pack.id}: cases", all_cases(pack.data))
    return covered(pack, cases, today or date.today())  # noqa: DTZ011 - the day where the person is
