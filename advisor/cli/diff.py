"""`advisor diff`: what differs in the advice on two cases, and which answers cause it."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from advisor.cli.common import (
    AsOfOption,
    CaseArgument,
    FormatOption,
    PackOption,
    RulesOption,
    TodayOption,
    examples,
    open_case,
)
from advisor.cli.output import columns, show, show_json

EXAMPLES: Final = examples(
    "advisor diff before.yaml after.yaml",
    "advisor diff 'cases.yaml#1' 'cases.yaml#2' -f json",
)


def diff(
    case: CaseArgument,
    other: Annotated[str, typer.Argument(metavar="CASE", help="The case to compare it with.", show_default=False)],
    form: FormatOption = "text",
    rules: RulesOption = None,
    pack: PackOption = None,
    today: TodayOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Say what differs in the advice on two cases, and for each difference a smallest set of answers that causes it."""
    from advisor.cases import settings
    from advisor.decision import comparison

    knowledge, one = open_case(case, rules, pack)
    wanted = settings.differing(one, knowledge.read_case(other))
    held = {name for name, day in (("today", today), ("as_of", as_of)) if day is not None}
    found = comparison.what_if(
        knowledge, one, [each for each in wanted if each.kind not in held], today=today, as_of=as_of
    )
    if form == "json":
        show_json(found.to_dict())
    else:
        show(found.text(columns()))
