"""`advisor explain`: why something holds, or why it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

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
    from advisor.advice.explain import Named

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
    if why.answered(advice, key):
        _explain_answer(advice, key, form)
    elif over is not None or key.partition("@")[0] in knowledge.data.options.courses:
        _explain_option(advice, key, over, form)
    elif form == "json":
        show_json({"format": 1, "explained": [_as_data(advice, one) for one in why.named(advice, key)]})
    else:
        show("\n".join([why.explain(advice, key, columns()), *_would_change(advice, key, columns())]))


def _explain_answer(advice: Advice, key: str, form: str) -> None:
    from advisor.advice import explain as why
    from advisor.decision import counterfactual, fork

    if form == "text":
        show("\n".join([why.explain(advice, key, columns()), *_would_change(advice, key, columns())]))
        return
    searched = counterfactual.Counterfactuals(advice)
    found = [
        fork.answer(advice, one) | {"would_change": searched.of(("answer", one.key)).to_dict()}
        for one in why.answered(advice, key)
    ]
    show_json({"format": 1, "answers": found})


def _explain_option(advice: Advice, key: str, over: str | None, form: str) -> None:
    from advisor.decision import counterfactual
    from advisor.decision import document as decision
    from advisor.decision import text as option_text

    found, _, _ = decision.options(advice)
    one = decision.option(found, key)
    if over is not None:
        other = decision.option(found, over)
        data, lines = {"option": one, "over": other}, option_text.over(one, other, columns())
    else:
        changes = counterfactual.Counterfactuals(advice).of(("option", one["key"]))
        data, lines = (
            {"option": one, "would_change": changes.to_dict()},
            option_text.one(one, found, changes, columns()),
        )
    if form == "json":
        show_json({"format": 1, **data})
    else:
        show("\n".join(lines))


def _would_change(advice: Advice, key: str, width: int) -> Iterator[str]:
    from advisor.decision import counterfactual

    for target, name in counterfactual.targets(advice, key):
        yield ""
        yield f"What would change this{name}:"
        yield from counterfactual.told(counterfactual.Counterfactuals(advice).of(target), width)


def _as_data(advice: Advice, one: Named) -> dict[str, Any]:
    from advisor.advice import explain as why

    status = {True: "holds", False: "fails", None: "open"}[why.state(advice, one)]
    over_all_models = one.forecast is not None and one.forecast.model is None
    proof = None if over_all_models else why.proof(advice, one).to_dict()
    return {"key": one.key, "status": status, "proof": proof, "would_change": _changes(advice, one.key)}


def _changes(advice: Advice, key: str) -> dict[str, Any] | None:
    """What would change it; nothing for a forecast."""
    from advisor.decision import counterfactual

    for target, _ in counterfactual.targets(advice, key):
        return counterfactual.Counterfactuals(advice).of(target).to_dict()
    return None
