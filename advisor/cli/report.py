"""`advisor report`: the written advice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from advisor.cli.common import (
    AsOfOption,
    CaseArgument,
    OutputOption,
    PackOption,
    RulesOption,
    TodayOption,
    examples,
    open_case,
    spare,
)
from advisor.cli.output import columns, in_colour, show, show_json

EXAMPLES: Final = examples(
    "advisor report case.yaml",
    "advisor report case.yaml -f html -o advice.html",
    "advisor report 'cases.yaml#2' --today 2026-11-30",
    "advisor report - -f json < case.yaml",
)


def report(
    case: CaseArgument,
    form: Annotated[
        Literal["text", "md", "html", "json"], typer.Option("--format", "-f", help="How to write it.")
    ] = "text",
    output: OutputOption = None,
    rules: RulesOption = None,
    pack: PackOption = None,
    today: TodayOption = None,
    as_of: AsOfOption = None,
    templates: Annotated[
        list[Path] | None,
        typer.Option("--templates", metavar="PATH", help="A folder of templates that go before those that ship."),
    ] = None,
) -> None:
    """Write the advice on a case. What to do, by when, why, who says so, and what is still open."""
    from advisor.render import render

    spare(case, output)
    knowledge, situation = open_case(case, rules, pack)
    advice = knowledge.advise(situation, today=today, as_of=as_of).to_dict()
    if form == "json":
        show_json(advice, output)
    else:
        show(render(advice, form, template_dirs=templates or (), width=columns(), color=in_colour(output)), output)
