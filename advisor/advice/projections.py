"""Figures that the advice forecasts: worst, likely and best over what nobody knows, for each named model.

In: a `World`. Out: for each projection that the pack declares, a `Forecast` a model and one over all models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from advisor.advice import speech
from advisor.language.tree import CASE, Condition
from advisor.packs.pack import Model, Projection
from advisor.reasoning.completions import completion as completions
from advisor.reasoning.completions import possibilities
from advisor.reasoning.completions.likely import NoLikely, likely_outcome
from advisor.reasoning.completions.totals import TooMany
from advisor.reasoning.completions.witness import witness
from advisor.reasoning.subject import Assignment, Leaf, Reached
from advisor.reasoning.world import World
from advisor.values import wording
from advisor.values.types import REFERENCE, Number, Partial, Scalar, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A projected figure under one model (None: over all of them).

    Figures are None where there is none, and `absent` says why.
    """

    projection: Projection
    model: Model | None
    worst: Number | None = None
    likely: Number | None = None
    best: Number | None = None
    absent: str = ""
    unclear: bool = False
    """Whether there may be a figure, of which nothing can be said."""
    assumptions: Callable[[str], tuple[str, ...]] = field(default=lambda _: (), compare=False)
    """What `worst`, `likely` and `best` assume of the unknowns, one sentence each: tried out when it is asked for."""
    standing: str = ""
    leaves: frozenset[Leaf] = field(default=frozenset())
    """The unknowns that the figures differ by."""

    @property
    def assumes_worst(self) -> tuple[str, ...]:
        """What the worst figure assumes; nothing where no one completion shows it."""
        return self.assumptions("worst")

    @property
    def assumes_likely(self) -> tuple[str, ...]:
        """What the likely figure assumes."""
        return self.assumptions("likely")

    @property
    def assumes_best(self) -> tuple[str, ...]:
        """What the best figure assumes; nothing where no one completion shows it."""
        return self.assumptions("best")

    @property
    def key(self) -> str:
        """`score:equal`, or `score` for the range over all models."""
        return f"{self.projection.id}:{self.model.id}" if self.model else self.projection.id


def forecasts(world: World, *wanted: Projection) -> list[Forecast]:
    """Every projection of the pack, or those `wanted`: its models in the running, then the range over them."""
    found: list[Forecast] = []
    for projection in wanted or sorted(world.program.pack.projections.values(), key=lambda one: one.id):
        found.extend(_project(world, projection))
    return found


def _project(world: World, projection: Projection) -> Iterator[Forecast]:
    if projection.needs is not None and _holds(world, projection.needs) is False:
        absent = speech.spoken(world, projection.absent, world.case) or "There is no such figure in this case."
        yield Forecast(projection=projection, model=None, absent=absent)
        return
    running = [model for model in projection.models if model.when is None or _holds(world, model.when) is not False]
    each = [_forecast(world, projection, model) for model in running]
    yield from each
    yield _over_all(projection, each)


def _holds(world: World, condition: Condition) -> bool | None:
    one = world.program.condition(CASE, condition)
    value = world.case.values[one.index]
    return None if isinstance(value, Partial) else value is True


def _forecast(world: World, projection: Projection, model: Model) -> Forecast:
    one = world.program.find(CASE, model.measure)
    assert one is not None
    try:
        found = _outcomes(world, one.index)
    except (TooMany, completions.Unbounded, RecursionError):
        return _unclear(projection, model, "Too much is unknown to work this figure out.")
    figures = [outcome for outcome in found if isinstance(outcome.value, int | Fraction)]
    if not figures:
        return Forecast(projection=projection, model=model, absent=_no_figure(world, projection))
    ranked = sorted(figures, key=lambda outcome: outcome.value, reverse=projection.better == "lower")  # type: ignore[arg-type, return-value]
    if any(possibilities.is_far(outcome.value, one.type) for outcome in (ranked[0], ranked[-1])):  # type: ignore[arg-type]
        return _unclear(projection, model, "Too little is known: nothing bounds this figure.")
    likely = _likely(world, one.index)
    shown = {"worst": ranked[0], "best": ranked[-1]}

    def assumptions(figure: str) -> tuple[str, ...]:
        if figure == "likely":
            return _assumptions(world, likely.assignment) if likely is not None else ()
        return _assumptions(world, witness(world, world.case, one.index, shown[figure]) or {})

    return Forecast(
        projection=projection,
        model=model,
        worst=_number(ranked[0].value),
        likely=_number(likely.value) if likely is not None else None,
        best=_number(ranked[-1].value),
        assumptions=assumptions,
        standing=model.standing,
        leaves=frozenset(leaf for outcome in found for leaf in outcome.assignment) if len(found) > 1 else frozenset(),
    )


def _unclear(projection: Projection, model: Model | None, why: str) -> Forecast:
    return Forecast(projection=projection, model=model, absent=why, unclear=True)


def _no_figure(world: World, projection: Projection) -> str:
    return speech.spoken(world, projection.absent, world.case) or "There is no such figure in this case."


def _outcomes(world: World, index: int) -> Sequence[Reached]:
    value = world.case.values[index]
    if not isinstance(value, Partial):
        return [Reached(value, {})]
    if (world.case, index) in world.bounded:
        raise TooMany
    known = world.outcomes.get((world.case, index))
    return (
        known
        if known is not None
        else possibilities.outcomes(
            world, possibilities.reading(world.case, index), world.case, roots=[(world.case, index)]
        )[0]
    )


def _likely(world: World, index: int) -> Reached | None:
    try:
        outcome = likely_outcome(world, possibilities.reading(world.case, index), world.case)
    except (NoLikely, completions.Unbounded, TooMany, RecursionError):
        return None
    return outcome if isinstance(outcome.value, int | Fraction) else None


def _number(value: Scalar) -> Number | None:
    return value if isinstance(value, int | Fraction) else None


def _assumptions(world: World, assignment: Assignment) -> tuple[str, ...]:
    """What is assumed of the unknowns, one sentence each, in the order of their names."""
    return tuple(sorted(assumed(world, leaf, value) for leaf, value in assignment.items()))


def assumed(world: World, leaf: Leaf, value: Value) -> str:
    """That an unknown has a value, in words."""
    subject, index = leaf
    if isinstance(index, str):
        return f"{index}: {value}"
    one = world.program.fields[subject.kind][index]
    about = speech.named(world, subject)
    words = _unlisted(value) if one.type.kind == REFERENCE else wording.in_words(value, one.type)
    return f"{speech.label(one)}{f' (“{about}”)' if about else ''}: {words}"


def _unlisted(value: Value) -> str:
    """An entity that is referred to: one of the list, or one that is not in it."""
    if value == completions.SAME_UNLISTED:
        return "one and the same"
    return "one of its own" if str(value).startswith(completions.SAME_UNLISTED) else str(value)


def _over_all(projection: Projection, each: Sequence[Forecast]) -> Forecast:
    """The range over all models, and which of them gives its ends; none where nothing can be said of one of them."""
    unclear = next((one.absent for one in each if one.unclear), "")
    if unclear:
        return _unclear(projection, None, unclear)
    shown = [one for one in each if one.worst is not None and one.best is not None]
    if not shown:
        return Forecast(
            projection=projection, model=None, absent=each[0].absent if each else "No model is in the running."
        )
    sign = 1 if projection.better == "higher" else -1
    worst = min(shown, key=lambda one: sign * (one.worst or 0))
    best = max(shown, key=lambda one: sign * (one.best or 0))
    likely = [one.likely for one in shown]
    same = likely[0] if len(set(likely)) == 1 else None
    ends = {"worst": worst, "best": best}

    def assumptions(figure: str) -> tuple[str, ...]:
        return (_by_model(ends[figure]), *ends[figure].assumptions(figure)) if figure in ends else ()

    return Forecast(
        projection=projection,
        model=None,
        worst=worst.worst,
        likely=same,
        best=best.best,
        assumptions=assumptions,
        leaves=frozenset(leaf for one in shown for leaf in one.leaves),
    )


def _by_model(one: Forecast) -> str:
    return f"it works as in “{one.model.title}”" if one.model else ""
