"""The one answer that would narrow a forecast figure most, and what the figure is for each of its values.

In: advice. Out: for each figure that is a range, the question whose answers leave the narrowest ranges; each range is
worked out in a revised world. Few facts and values are tried, so that a page need not wait: where none of them narrows
the figure by itself, none is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any, Final

from advisor.advice import speech
from advisor.advice.advice import Advice
from advisor.advice.data import as_json
from advisor.advice.projections import Forecast, forecasts
from advisor.advice.proof import Leaf
from advisor.decision.probing import Move, Probe, contradicts
from advisor.language.tree import CASE
from advisor.packs.pack import Projection
from advisor.reasoning.revision import below
from advisor.reasoning.world import World
from advisor.values.types import Number

MOST_FACTS: Final = 6
"""Unknown facts that are tried for one figure."""
MOST_VALUES: Final = 6
"""Values of a fact that are tried."""
WORTH_ASKING: Final = Fraction(9, 10)
"""The mean share of a range that answers may leave for a question to be worth naming."""

Range = tuple[Number, Number]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a figure hangs on, the question for it where it can be asked, and the range that each answer leaves."""

    path: str
    label: str
    question: str
    by_answer: tuple[tuple[str, Range], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The question and the figures as plain data."""
        figures = [
            {"answer": answer, "worst": as_json(worst), "best": as_json(best)}
            for answer, (worst, best) in self.by_answer
        ]
        return {"fact": self.path, "label": self.label, "question": self.question, "by_answer": figures}


def narrowings(advice: Advice) -> dict[str, Narrowing]:
    """By the id of each projection that is a range: the answer that would narrow it most."""
    probe = Probe(advice)
    whole = [one for one in advice.forecasts if one.model is None and one.worst != one.best]
    found = {one.projection.id: _narrowing(probe, one) for one in whole}
    return {id_: one for id_, one in found.items() if one is not None}


def _narrowing(probe: Probe, forecast: Forecast) -> Narrowing | None:
    if forecast.worst is None or forecast.best is None:
        return None
    width = _width((forecast.worst, forecast.best))
    tried = [(leaf, _by_answer(probe, forecast.projection, leaf)) for leaf in _asked(probe.advice, forecast)]
    telling = [found for found in tried if len(found[1]) > 1 and _left(found[1]) <= WORTH_ASKING * width]
    if not telling:
        return _single(probe.world, forecast)
    (subject, one), answers = min(telling, key=lambda found: _left(found[1]))
    assert one.fact is not None
    question = one.fact.question or speech.label(one)
    if one.choice:
        question = f"{question} {dict(one.fact.type.choices)[one.choice]}?"
    about = speech.named(probe.world, subject)
    return Narrowing(
        path=speech.place(probe.world, subject, one),
        label=_label(probe.world, (subject, one)),
        question=f"{question} (“{about}”)" if about else question,
        by_answer=tuple((move.words, left) for move, left in answers),
    )


def _single(world: World, forecast: Forecast) -> Narrowing | None:
    """The one thing that a figure hangs on although nobody can be asked for it."""
    (subject, index), *more = forecast.leaves or ((world.case, ""),)
    if more or not isinstance(index, int):
        return None
    one = world.program.fields[subject.kind][index]
    return Narrowing(path=speech.place(world, subject, one), label=_label(world, (subject, one)), question="")


def _label(world: World, leaf: Leaf) -> str:
    subject, one = leaf
    about = speech.named(world, subject)
    return f"{speech.label(one)}{f' (“{about}”)' if about else ''}"


def _asked(advice: Advice, forecast: Forecast) -> Iterator[Leaf]:
    """The unknown facts behind a figure that can be asked for."""
    fields = advice.world.program.fields
    leaves: dict[Leaf, None] = {}
    for subject, index in sorted(forecast.leaves, key=lambda leaf: (leaf[0].kind, leaf[0].id, str(leaf[1]))):
        if isinstance(index, int):
            unknown = advice.prover.unknowns(subject, fields[subject.kind][index])
            leaves |= dict.fromkeys(one for one in unknown if one[1].fact is not None and one[1].fact.asked)
    return islice(leaves, MOST_FACTS)


def _by_answer(probe: Probe, projection: Projection, leaf: Leaf) -> list[tuple[Move, Range]]:
    """What each answer leaves of a figure; nothing where one of them leaves none."""
    within = _behind(probe, projection)
    found = []
    for move in islice(probe.moves_of(probe.world, *leaf), MOST_VALUES):
        world = probe.revised((move,), within)
        if contradicts(world):
            continue
        left = _left_by(world, projection)
        if left is None:
            return []
        found.append((move, left))
    return found


def _behind(probe: Probe, projection: Projection) -> frozenset[str]:
    """The keys of all that a figure is worked out from, and of what must hold."""
    program, pack = probe.program, probe.program.pack
    conditions = [projection.needs, *(model.when for model in projection.models)]
    roots = {program.condition(CASE, one).key for one in conditions if one is not None}
    roots |= {program.condition(one.about, one.that).key for one in pack.must_hold}
    measures = (program.find(CASE, model.measure) for model in projection.models)
    return below(program, roots | {one.key for one in measures if one is not None})


def _left_by(world: World, projection: Projection) -> Range | None:
    whole = next(one for one in forecasts(world, projection) if one.model is None)
    return None if whole.worst is None or whole.best is None else (whole.worst, whole.best)


def _left(answers: Sequence[tuple[Move, Range]]) -> Fraction:
    """How wide the ranges are that answers leave, in the mean."""
    return Fraction(sum((_width(left) for _, left in answers), Fraction(0)), len(answers))


def _width(ends: Range) -> Fraction:
    return abs(Fraction(ends[1]) - Fraction(ends[0]))
