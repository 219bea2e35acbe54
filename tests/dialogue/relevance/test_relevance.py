"""What is asked could change the advice, and what is not asked could not: on random packs, by trying all completions.

`ADVISOR_SEEDS=5000 pytest tests/dialogue/relevance/test_relevance.py` is the long run.
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.advice.advisor import LoadedPack
from advisor.cases.case import Answer, Case
from advisor.dialogue.answer_words import fields
from advisor.dialogue.relevance.diagrams import Diagrams
from advisor.dialogue.relevance.meanings import _adding, _ended
from advisor.dialogue.relevance.relevance import Question
from advisor.dialogue.session import Session
from advisor.files import shipped
from advisor.problems.problem import Problems
from advisor.values.types import REFERENCE, Scalar, Within
from tests import random_packs

SEEDS = int(os.environ.get("ADVISOR_SEEDS", "300"))
DAY = date(2025, 6, 15)
MOST = 300
"""Completions that are tried before a sample of them is taken."""

Spot = tuple[str, str, str]
"""Kind, entity and field of an answer."""


def signature(pack: LoadedPack, case: Case) -> tuple[Any, ...] | None:
    """What the advice says, in its order; None where rules clash."""
    advice = pack.advise(case, today=DAY)
    if advice.world.clashes:
        return None
    return tuple(
        (one.key, one.advise.strength, one.status, str(advice.deadline(one))) for one in advice.recommendations
    )


def unanswered(pack: LoadedPack, case: Case) -> list[Spot]:
    """Every field that a person could still be asked for."""
    found: list[Spot] = []
    for kind in pack.data.kinds():
        for id_ in [""] if kind == "case" else [item.id for item in case.items(kind)]:
            for fact in pack.data.facts[kind].values():
                if fact.derived or fact.type.kind == REFERENCE:
                    continue
                found += [(kind, id_, name) for name in fields(fact) if case.answer(kind, id_, name) is None]
    return found


def values(pack: LoadedPack, spot: Spot) -> list[Scalar]:
    """All that a field may be."""
    field = pack.program.find(spot[0], spot[2])
    assert field is not None
    domain = field.type.domain()
    if isinstance(domain, Within):
        return list(range(int(domain.low), int(domain.high) + 1))  # type: ignore[arg-type]
    return field.cells.samples(domain)


def filled(case: Case, given: dict[Spot, Scalar]) -> Case:
    """The case with these answers."""
    for (kind, id_, name), value in given.items():
        case = case.with_answer(kind, id_, name, Answer(value=value))
    return case


def completions(pack: LoadedPack, spots: list[Spot], rng: random.Random) -> Iterator[dict[Spot, Scalar]]:
    """All ways to answer these, or a sample where there are many."""
    domains = [values(pack, spot) for spot in spots]
    size = 1
    for domain in domains:
        size *= len(domain)
    if size <= MOST:
        yield from (dict(zip(spots, chosen, strict=True)) for chosen in itertools.product(*domains))
    else:
        yield from (dict(zip(spots, map(rng.choice, domains), strict=True)) for _ in range(MOST))


def drafted(seed: int, folder: Path) -> tuple[LoadedPack, Case] | None:
    """A random pack, and a case with about half of the answers, none unknown; None where the pack has a mistake."""
    data = random_packs.write(seed, folder)
    if "may_be_stated" in (folder / "facts.yaml").read_text():
        return None  # whoever states a conclusion overrules the rules, whatever was asked
    try:
        pack = advisor.load(folder)
        case = pack.case(data)
    except Problems:
        return None
    rng = random.Random(seed)
    for kind in pack.data.kinds():
        for id_ in [""] if kind == "case" else [item.id for item in case.items(kind)]:
            for fact in pack.data.facts[kind].values():
                for name in fields(fact):
                    answer = case.answer(kind, id_, name)
                    if fact.type.kind != REFERENCE and (rng.random() < 0.5 or (answer is not None and answer.unknown)):
                        case = case.with_answer(kind, id_, name, None)
    spots = unanswered(pack, case)
    return (pack, case) if spots and len(spots) <= 12 else None


def is_exact(folder: Path) -> bool:
    """Whether no rule asks how much is known, and no conclusion stays unknown for ever: then relevance is exact."""
    text = "".join((folder / name).read_text() for name in ("facts.yaml", "some.yaml"))
    return not any(
        word in text for word in ("surely", "could", "is known", "otherwise: unknown", "guess", "2025-06-01")
    )


def spots_of(pack: LoadedPack, question: Question) -> list[Spot]:
    """The fields that a question settles."""
    fact = pack.data.facts[question.kind][question.fact]
    return [(question.kind, question.entity, name) for name in fields(fact)]


def could_change(pack: LoadedPack, case: Case, question: Question, rng: random.Random) -> bool:
    """Whether some answer to a question changes the advice, for some completion of the other unknowns."""
    own = spots_of(pack, question)
    others = [spot for spot in unanswered(pack, case) if spot not in own]
    answers = [
        None,
        *(dict(zip(own, chosen, strict=True)) for chosen in itertools.product(*(values(pack, s) for s in own))),
    ]
    for rest in itertools.islice(completions(pack, others, rng), MOST):
        base = filled(case, rest)
        found = {signature(pack, base if one is None else filled(base, one)) for one in answers}
        if None in found or len(found) > 1:
            return True
    return False


@pytest.mark.parametrize("seed", range(SEEDS))
def test_only_what_could_change_the_advice_is_asked(seed: int, tmp_path: Path) -> None:
    drawn = drafted(seed, tmp_path)
    if drawn is None:
        return
    pack, case = drawn
    exact = is_exact(tmp_path)
    rng = random.Random(seed)
    session = Session(pack, case, today=DAY)
    for _ in range(40):
        prompt = session.next()
        if prompt is None:
            break
        own = [spot for spot in spots_of(pack, prompt.question) if session.case.answer(*spot) is None]
        if exact:
            assert could_change(pack, session.case, prompt.question, rng), f"{prompt.path} could change nothing"
        session.case = filled(session.case, {spot: rng.choice(values(pack, spot)) for spot in own})
    assert session.next() is None
    left = unanswered(pack, session.case)
    found = {signature(pack, filled(session.case, rest)) for rest in completions(pack, left, rng)}
    if None in found:
        return
    assert len(found) == 1 or not exact, f"not asked, though they matter: {left}"
    standing = {one[0] for one in signature(pack, session.case) or () if one[2] is True}
    assert all(standing <= {one[0] for one in advice} for advice in found if advice is not None)


def test_equal_functions_have_one_diagram() -> None:
    made = Diagrams()
    a, b = made.unknown(1, [False, True]), made.unknown(2, [False, True])
    assert made.either(a, made.opposite(a)) == made.true
    assert made.both(a, made.either(b, made.opposite(b))) == a
    assert made.levels(made.either(made.both(a, b), made.both(a, made.opposite(b)))) == {1}


def test_a_branch_may_ask_what_comes_earlier() -> None:
    made = Diagrams()
    first, second = made.unknown(1, [False, True]), made.unknown(2, ["x", "y", "z"])
    found = made.follow(second, lambda word: first if word == "y" else made.false)
    assert made.levels(found) == {1, 2}
    assert made.given(made.given(found, 1, 1), 2, 1) == made.true
    assert made.given(found, 2, 0) == made.false


def test_any_number_of_different_things_may_be_unlisted() -> None:
    """However many: they are counted, not made one by one."""
    total = _adding("different", 1)(frozenset(("a", "b")), 10**12)

    assert _ended("different")(total) == 10**12 + 2


def test_a_list_that_may_go_on_is_looked_at_like_any_other() -> None:
    pack = advisor.load(shipped.rules() / "ending-a-contract")
    session = Session(pack, pack.case({"contracts": [{"id": "one", "ended": "yes"}, {"more": "unknown"}]}), today=DAY)

    assert session.relevance.all_targets(session.case)
    assert session.progress().likely_left > 0
