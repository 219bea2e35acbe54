"""`advisor explain`: why something holds, or why it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final

import typer

from advisor.cli import completion
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

if TYPE_CHECKING:
    from advisor import Advice

EXAMPLES: Final = examples(
    "advisor explain case.yaml ask-before-friday",
    "advisor explain case.yaml cost@kitchen",
    "advisor explain case.yaml cost@kitchen -f json",
    "advisor explain case.yaml sell-now --over wait-a-week",
)


def explain(
    case: CaseArgument,
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY",
            help="A goal, conclusion, recommendation or option, with @ and the id of what it is about.",
            autocompletion=completion.rule_ids,
            show_default=False,
        ),
    ],
    over: Annotated[
        str | None,
        typer.Option("--over", metavar="OPTION", help="Another course of action: why KEY ranks above it, or does not."),
    ] = None,
    form: FormatOption = "text",
    rules: RulesOption = None,
    pack: PackOption = None,
    today: TodayOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Say why something holds. Or why it does not, and what would have to change."""
    from advisor.advice import explain as why

    knowledge, situation = open_case(case, rules, pack)
    advice = knowledge.advise(situation, today=today, as_of=as_of)
    if form == "json":
        from advisor.decision.explained import explained

        show_json(explained(advice, key, over))
    elif not why.answered(advice, key) and (
        over is not None or key.partition("@")[0] in knowledge.data.options.courses
    ):
        _explain_option(advice, key, over)
    else:
        show("\n".join([why.explain(advice, key, columns()), *_would_change(advice, key, columns())]))


def _explain_option(advice: Advice, key: str, over: str | None) -> None:
    from advisor.decision import counterfactual
    from advisor.decision import document as decision
    from advisor.decision import text as option_text

    found, _, _ = decision.options(advice)
    one = decision.option(found, key)
    if over is not None:
        show("\n".join(option_text.over(one, decision.option(found, over), columns())))
        return
    changes = counterfactual.Counterfactuals(advice).of(("option", one["key"]))
    show("\n".join(option_text.one(one, found, changes, columns())))


def _would_change(advice: Advice, key: str, width: int) -> Iterator[str]:
    from advisor.decision import counterfactual

    for target, name in counterfactual.targets(advice, key):
        yield ""
        yield f"What would change this{name}:"
        yield from counterfactual.told(counterfactual.Counterfactuals(advice).of(target), width)
