"""Why something holds or not and what would change it, as plain data: an answer, a conclusion, a course of action."""

from __future__ import annotations

from typing import Any

from advisor.advice import explain as why
from advisor.advice.advice import Advice
from advisor.decision import counterfactual, document, fork


def explained(advice: Advice, key: str, over: str | None = None) -> dict[str, Any]:
    """What a key names, explained. `over`: another course of action with which it is compared.

    Raises Problems for an unknown key.
    """
    answered = why.answered(advice, key)
    if answered:
        searched = counterfactual.Counterfactuals(advice)
        told = [
            fork.answer(advice, one) | {"would_change": searched.of(("answer", one.key)).to_dict()} for one in answered
        ]
        return {"format": 1, "answers": told}
    if over is not None or key.partition("@")[0] in advice.world.program.pack.options.courses:
        return {"format": 1, **_course(advice, key, over)}
    return {"format": 1, "explained": [_named(advice, one) for one in why.named(advice, key)]}


def _course(advice: Advice, key: str, over: str | None) -> dict[str, Any]:
    found, _, _ = document.options(advice)
    one = document.option(found, key)
    if over is not None:
        return {"option": one, "over": document.option(found, over)}
    return {"option": one, "would_change": counterfactual.Counterfactuals(advice).of(("option", one["key"])).to_dict()}


def _named(advice: Advice, one: why.Named) -> dict[str, Any]:
    status = {True: "holds", False: "fails", None: "open"}[why.state(advice, one)]
    over_all_models = one.forecast is not None and one.forecast.model is None
    proof = None if over_all_models else why.proof(advice, one).to_dict()
    return {"key": one.key, "status": status, "proof": proof, "would_change": _changes(advice, one.key)}


def _changes(advice: Advice, key: str) -> dict[str, Any] | None:
    """What would change it; nothing for a forecast."""
    for target, _ in counterfactual.targets(advice, key):
        return counterfactual.Counterfactuals(advice).of(target).to_dict()
    return None
