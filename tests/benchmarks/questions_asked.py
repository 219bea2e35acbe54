"""How many questions a session asks, beside other ways to ask, and how far the prediction of what is left is off.

Over the worked cases: beside asking all and the pack's file order. On small random packs: beside the best order.
`python tests/benchmarks/questions_asked.py [PACK[:MOST_CASES] ...]` prints the figures.
"""

from __future__ import annotations

import itertools
import random
import statistics
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import advisor
from advisor.advice.advisor import LoadedPack
from advisor.cases.case import Answer, Case
from advisor.cases.reader import read_cases
from advisor.dialogue import answer_words
from advisor.dialogue.ordering import Ordering
from advisor.dialogue.relevance.relevance import Question, Target
from advisor.dialogue.session import Session
from advisor.files import shipped
from advisor.problems.problem import Problems
from advisor.values.types import Value
from tests.dialogue.relevance import test_relevance

MOST_QUESTIONS = 400


class InFileOrder(Ordering):
    """The questions that matter, in the order of the pack's files."""

    def first(
        self,
        targets: Sequence[Target],  # noqa: ARG002 - the shape of what it stands for
        questions: Collection[Question],
        last: Question | None,  # noqa: ARG002 - the same
        entities: Mapping[tuple[str, str], int],
    ) -> Question:
        """The first one in the files, contract by contract."""
        return min(
            questions, key=lambda one: (entities.get((one.kind, one.entity), -1), self._place[one.kind, one.fact])
        )


def blank(case: Case) -> Case:
    """The case with its entities but without answers."""
    entities = {
        kind: replace(listed, items=tuple(replace(item, answers={}) for item in listed.items), more=False)
        for kind, listed in case.entities.items()
    }
    return replace(case, answers={}, entities=entities)


def play(pack: LoadedPack, truth: Case, order: type[Ordering]) -> tuple[int, list[tuple[int, int]]]:
    """How many questions are asked for a case's own answers; and predictions of what is left, with the truth."""
    today = truth.today or date(2026, 11, 23)
    session = Session(pack, blank(truth), today=today, as_of=truth.as_of)
    session.ordering = order(session.relevance)
    session.choose(truth.goals)
    predicted: list[int] = []
    for kind in pack.data.entities:
        session.leave_list(kind)
    while (prompt := session.next()) is not None and len(predicted) < MOST_QUESTIONS:
        predicted.append(session.progress().likely_left)
        question, case = prompt.question, session.case
        fact = pack.data.facts[question.kind][question.fact]
        for name in answer_words.fields(fact):
            known = truth.answer(question.kind, question.entity, name)
            answer = known or replace(Answer(value=_domain(pack, question, name)), unknown=True)
            case = case.with_answer(question.kind, question.entity, name, answer)
        session.case, session._last = case, question
    return len(predicted), [(guess, len(predicted) - place) for place, guess in enumerate(predicted)]


def asked_of_its_question(pack: LoadedPack, truth: Case) -> int:
    """How many questions are asked for the first thing that the person of a case wants to know, from nothing."""
    wanted = truth.goals or tuple(one.key for one in pack.advise(truth).answers)
    return play(pack, replace(truth, goals=wanted[:1]), Ordering)[0]


def _domain(pack: LoadedPack, question: Question, name: str) -> Value:
    field = pack.program.find(question.kind, name)
    assert field is not None
    return field.type.domain()


def all_questions(pack: LoadedPack, truth: Case) -> int:
    """How many questions there are to ask in a case, were all asked that the pack has for it."""
    return sum(
        1
        for kind in pack.data.kinds()
        for _ in ([""] if kind == "case" else truth.items(kind))
        for fact in pack.data.facts[kind].values()
        if fact.question and fact.asked
    )


def worked_cases(folder: Path) -> Iterator[Case]:
    """The worked cases of a pack."""
    data = advisor.load(folder).data
    for file in sorted((folder / "cases").glob("*.yaml")):
        try:
            yield from (one.case for one in read_cases(data, file))
        except Problems:
            continue


def over_worked_cases(folder: Path, most: int | None) -> None:
    """Prints the figures for one pack, over its first so many cases."""
    pack = advisor.load(folder)
    ours: list[int] = []
    filed: list[int] = []
    every: list[int] = []
    off: list[int] = []
    one: list[int] = []
    for case in itertools.islice(worked_cases(folder), most):
        one.append(asked_of_its_question(pack, case))
        count, predictions = play(pack, case, Ordering)
        ours.append(count)
        filed.append(play(pack, case, InFileOrder)[0])
        every.append(all_questions(pack, case))
        off += [abs(guess - left) for guess, left in predictions]
    means = [statistics.mean(one) for one in (ours, filed, every)]
    print(
        f"{folder.name}: {len(ours)} cases: {means[0]:.1f} questions; "
        f"in file order {means[1]:.1f}; all {means[2]:.1f}; ",
        end="",
    )
    print(f"for its first question alone {statistics.median(one):.0f} in the median, {max(one)} at most; ", end="")
    print(f"prediction off by {statistics.mean(off):.1f} on average, by {statistics.median(off):.0f} in the median")


# --- the best possible order ----------------------------------------------------------------------------------------


def best_and_ours(seed: int) -> tuple[float, float, float] | None:
    """For a random pack the number of questions expected: by the best order, by ours, and in file order."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = test_relevance.drafted(seed, Path(folder))
    if drawn is None:
        return None
    pack, case = drawn
    session = Session(pack, case, today=test_relevance.DAY)
    start = tuple(session.targets())
    levels = {level for target in start for level in target.levels}
    questions = {session.relevance.question(level) for level in levels}
    if not 2 <= len(levels) <= 6 or len(questions) != len(levels) or any(one.diagram is None for one in start):
        return None
    return (
        _best(session, start),
        _played(session, start, session.ordering),
        _played(session, start, InFileOrder(session.relevance)),
    )


def _given(session: Session, targets: tuple[Target, ...], level: int, sample: int) -> tuple[Target, ...]:
    made = session.relevance.diagrams
    found = []
    for target in targets:
        assert target.diagram is not None
        diagram = made.given(target.diagram, level, sample)
        if not made.is_settled(diagram):
            found.append(Target(target.key, diagram, made.levels(diagram) & target.levels))
    return tuple(found)


def _after(session: Session, targets: tuple[Target, ...], level: int) -> list[tuple[Target, ...]]:
    return [
        _given(session, targets, level, sample) for sample in range(session.relevance.symbolic.unknowns[level].width)
    ]


def _best(session: Session, start: tuple[Target, ...]) -> float:
    @cache
    def best(targets: tuple[Target, ...]) -> float:
        levels = {level for target in targets for level in target.levels}
        if not levels:
            return 0.0
        return 1 + min(statistics.mean(best(one) for one in _after(session, targets, level)) for level in levels)

    return best(start)


def _played(session: Session, start: tuple[Target, ...], ordering: Ordering) -> float:
    def played(targets: tuple[Target, ...], last: Question | None) -> float:
        levels = {session.relevance.question(level): level for target in targets for level in target.levels}
        if not levels:
            return 0.0
        first = ordering.first(targets, set(levels), last, session._places())
        return 1 + statistics.mean(played(one, first) for one in _after(session, targets, levels[first]))

    return played(start, None)


def over_random_packs(seeds: int) -> None:
    """Prints the means over small random packs."""
    random.seed(0)
    found = [one for one in map(best_and_ours, range(seeds)) if one is not None]
    best, ours, filed = (statistics.mean(column) for column in zip(*found, strict=True))
    print(
        f"{len(found)} small random packs: "
        f"best possible {best:.2f} questions, ours {ours:.2f}, in file order {filed:.2f}"
    )


if __name__ == "__main__":
    over_random_packs(400)
    for argument in sys.argv[1:] or ("ending-a-contract", "travelling-abroad"):
        name, _, most_cases = argument.partition(":")
        over_worked_cases(shipped.rules() / name, int(most_cases) if most_cases else None)
