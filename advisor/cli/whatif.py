"""`advisor whatif`: the advice with some answers changed, compared with the advice as it is."""

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
    "advisor whatif case.yaml --set patient=yes",
    "advisor whatif case.yaml --set 'items[chair].price=80 USD' --set 'items[chair].late=unknown'",
    "advisor whatif case.yaml --set 'items[table]=removed' -f json",
)


def whatif(
    case: CaseArgument,
    changes: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="What to set otherwise; `unknown` and `not asked` are values, `added` and `removed` are of entities.",
            show_default=False,
        ),
    ],
    form: FormatOption = "text",
    rules: RulesOption = None,
    pack: PackOption = None,
    today: TodayOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Say what changes in the advice when answers are otherwise, with the rule behind each change."""
    from advisor.cases import settings
    from advisor.decision import comparison

    knowledge, situation = open_case(case, rules, pack)
    wanted = settings.read_settings(knowledge.data, situation, changes)
    found = comparison.what_if(knowledge, situation, wanted, today=today, as_of=as_of)
    if form == "json":
        show_json(found.to_dict())
    else:
        show(found.text(columns()))
