"""Answers that a change of mind made irrelevant: parked, so that they take no part in the reasoning and are not lost.

In: the case before and after a change. Out: the case with what became irrelevant moved to `parked`, and the paths of
that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from advisor.cases.case import Case
from advisor.dialogue import answer_words
from advisor.dialogue.relevance.relevance import Question
from advisor.language.tree import CASE
from advisor.packs.pack import Pack


class Sitting(Protocol):
    """What parking reads of a session."""

    data: Pack

    def path_of(self, question: Question) -> str:
        """Where the answer to a question stands in the case."""
        ...

    def matters(self, case: Case, question: Question) -> bool:
        """Whether an answer to a question could still change the advice on a case."""
        ...


def park(session: Sitting, before: Case, after: Case, changed: Question) -> tuple[Case, tuple[str, ...]]:
    """Parks answers that mattered before a change and do not after it; one by one, so that of two alike one stays."""
    parked: list[str] = []
    for question in _candidates(session, after, changed):
        if _matters(session, after, question):
            continue
        if _matters(session, before, question):
            after = _moved(session, after, question)
            parked.append(session.path_of(question))
    return after, tuple(parked)


def _candidates(session: Sitting, case: Case, changed: Question) -> list[Question]:
    """What was answered and may hang on the changed answer; labels, which reasoning does not need, left out."""
    found = []
    for kind in session.data.kinds():
        label = session.data.entities[kind].label if kind != CASE else ""
        for id_ in [""] if kind == CASE else [item.id for item in case.items(kind)]:
            if changed.kind == kind != CASE and id_ != changed.entity:
                continue
            for fact in session.data.facts[kind].values():
                question = Question(kind, id_, fact.name)
                if fact.name != label and question != changed and _is_answered(session, case, question):
                    found.append(question)
    return found


def _is_answered(session: Sitting, case: Case, question: Question) -> bool:
    fact = session.data.facts[question.kind][question.fact]
    return any(case.answer(question.kind, question.entity, name) is not None for name in answer_words.fields(fact))


def _matters(session: Sitting, case: Case, question: Question) -> bool:
    """Whether an answer would matter if it had not been given."""
    fact = session.data.facts[question.kind][question.fact]
    without = case
    for name in answer_words.fields(fact):
        without = without.with_answer(question.kind, question.entity, name, None)
    return session.matters(without, question)


def _moved(session: Sitting, case: Case, question: Question) -> Case:
    fact = session.data.facts[question.kind][question.fact]
    where = session.path_of(question)
    parked = dict(case.parked)
    for name in answer_words.fields(fact):
        answer = case.answer(question.kind, question.entity, name)
        if answer is not None:
            parked[f"{where}.{name.partition('.')[2]}" if "." in name else where] = answer
            case = case.with_answer(question.kind, question.entity, name, None)
    return replace(case, parked=parked)
