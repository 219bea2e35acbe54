"""`advisor report`: the written advice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from advisor.cli.common import (
    AsOfOption,
    CaseArgument,
    OutputOption,
    PackOption,
    RulesOption,
    TodayOption,
    a_day,
    examples,
    open_case,
    spare,
)
from advisor.cli.failures import Refused
from advisor.cli.output import columns, in_colour, show, show_json
from advisor.report.parts import CHANGES, PARTS, WAYS

if TYPE_CHECKING:
    from advisor.decision.comparison import Comparison

EXAMPLES: Final = examples(
    "advisor report case.yaml",
    "advisor report case.yaml --show steps --show sources",
    "advisor report case.yaml -f html -o advice.html",
    "advisor report 'cases.yaml#2' --today 2026-11-30",
    "advisor report - -f json < case.yaml",
    "advisor report case.yaml --as-of 2022-06-01 --versus 2026-11-01",
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
    versus: Annotated[
        date | None,
        typer.Option(
            "--versus", metavar="DATE", parser=a_day, help="Tell instead what the rules of this day would change."
        ),
    ] = None,
    show_part: Annotated[
        list[str] | None,
        typer.Option("--show", metavar="PART", help=f"Tell this part too: {', '.join(PARTS)}. May be repeated."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Tell every part.")] = False,
    templates: Annotated[
        list[Path] | None,
        typer.Option("--templates", metavar="PATH", help="A folder of templates that go before those that ship."),
    ] = None,
) -> None:
    """Write the advice on a case. The answer first, what to do now, and what else there is to see."""
    from advisor.decision import document as decision
    from advisor.face import template_folders
    from advisor.report.render import render

    parts = PARTS if full else _parts(show_part or ())
    spare(case, output)
    knowledge, situation = open_case(case, rules, pack)
    if versus is not None:
        from advisor.decision import comparison

        _compare_policies(
            comparison.of_policy(knowledge, situation, today=today, as_of=as_of, versus=versus), form, output
        )
        return
    advice = knowledge.advise(situation, today=today, as_of=as_of)
    if form == "json":
        show_json(decision.whole(advice, everything=True), output)
        return
    told = PARTS if form == "html" else parts
    data = decision.page(advice, ways=WAYS in told, changes=CHANGES in told)
    folders = [*(templates or ()), *template_folders(knowledge.data.folder)]
    show(render(data, form, template_dirs=folders, width=columns(), color=in_colour(output), parts=parts), output)


def _parts(names: Sequence[str]) -> list[str]:
    """The parts of a report by the names that were typed."""
    from advisor.problems.problem import suggestion

    for name in names:
        if name not in PARTS:
            meant = suggestion(name, PARTS, what="parts of a report")
            raise Refused(f"there is no part `{name[:40]}` of a report; {meant}")
    return list(names)


def _compare_policies(found: Comparison, form: str, output: Path | None) -> None:
    if form == "json":
        show_json(found.to_dict(), output)
    elif form == "text":
        show(found.text(columns()), output)
    else:
        raise Refused("--versus is told as text or json: leave out the format, or write -f json")
