"""`advisor options`: courses of action compared."""

from __future__ import annotations

from typing import Final

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

EXAMPLES: Final = examples("advisor options case.yaml", "advisor options case.yaml -f json")


def options(
    case: CaseArgument,
    form: FormatOption = "text",
    rules: RulesOption = None,
    pack: PackOption = None,
    today: TodayOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Compare the courses of action. What each leads to, by when, what it risks, and why it ranks where it does."""
    from advisor.decision import document as decision
    from advisor.decision import text as option_text

    knowledge, situation = open_case(case, rules, pack)
    advice = knowledge.advise(situation, today=today, as_of=as_of)
    found, question, frame = decision.options(advice)
    if form == "json":
        show_json({"format": 1, **frame, "options": found, "telling_question": question})
    else:
        show("\n".join(option_text.lines(found, question, frame, columns())))
