"""What a person wants to know, and what wanting to know it tells."""

from __future__ import annotations

from advisor.cases.case import Answer, Case
from advisor.language.tree import CASE
from advisor.packs.pack import Pack


def with_told(pack: Pack, case: Case) -> Case:
    """The case with what its goals tell: who asks why something fell has said that it fell. What was said stays."""
    for key in case.goals:
        for fact, value in pack.goals[key.partition("@")[0]].tells:
            if case.answer(CASE, "", fact) is None:
                case = case.with_answer(CASE, "", fact, Answer(value=value))
    return case
