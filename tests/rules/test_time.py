"""The first pack along time: no gap and no overlap in its eras, figures and dated rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest

import advisor
from advisor.packs.pack import Pack
from advisor.packs.reader import read_pack
from advisor.values.periods import Edge, Period
from tests.folders import RULES

FOLDER = RULES / "ending-a-contract"
DAY = timedelta(days=1)
SCORE_BEGAN = date(2015, 3, 1)
LAST = date(2026, 12, 1)
LONGEST_DOUBT = timedelta(days=31)
"""A turn of policy whose day is known less exactly stands as `by` a day: what was true stands till then."""
FIGURES_THAT_BEGIN_LATER = {
    "fitted_weight": "weights by earnings began in March 2020",
    "published_weight": "published in September 2024",
    "published_length": "published in September 2024",
    "hourly_answer_time": "an earlier deadline is not known, so the advice is to answer at once",
    "arbitration_fee": "first told in 2016",
}
FIGURES_THAT_END = {"fitted_weight": "the published weights took its place"}
TURNS_OF_THEIR_OWN = {
    date(2015, 3, 1): "the score began",
    date(2016, 1, 1): "first told in 2016",
    date(2016, 6, 1): "the removal perk began about then",
    date(2016, 12, 31): "automatic pauses were told of in 2015 and 2016",
    date(2020, 1, 1): "mid-contract feedback began",
    date(2020, 3, 1): "deleting hours was told of from then on",
    date(2024, 1, 1): "holds for complaints were told of from then on",
}
"""Days on which a rule begins or ends that no other rule, figure or era takes up, with the reason."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(FOLDER)


def touches(before: Edge, after: Edge) -> bool:
    """Whether the day after the one edge is the other, as vague as it is."""
    if not (before.earliest and before.latest and after.earliest and after.latest):
        return False
    return (before.earliest + DAY, before.latest + DAY) == (after.earliest, after.latest)


def breaks(periods: Iterable[Period]) -> Iterator[tuple[Period, Period]]:
    """Neighbours in time between which a day is missing or doubled."""
    ordered = sorted(periods, key=lambda one: one.first.earliest or date.min if one.first else date.min)
    for before, after in pairwise(ordered):
        if before.last is None or after.first is None or not touches(before.last, after.first):
            yield before, after


def test_eras_follow_each_other_without_gap_or_overlap(pack: Pack) -> None:
    periods = [era.period for era in pack.eras.values()]

    assert list(breaks(periods)) == []
    assert periods[0].first == Edge(SCORE_BEGAN, SCORE_BEGAN)
    assert periods[-1].last is None


def test_values_of_a_figure_follow_each_other_without_gap_or_overlap(pack: Pack) -> None:
    for parameter in pack.parameters.values():
        periods = [period for dated in parameter.values for period in dated.periods]
        starts = [one.first.earliest for one in periods if one.first is not None]
        begins_late = (
            bool(starts) and len(starts) == len(periods) and min(day or date.min for day in starts) > SCORE_BEGAN
        )

        assert list(breaks(periods)) == [], parameter.name
        assert begins_late is (parameter.name in FIGURES_THAT_BEGIN_LATER), parameter.name
        ends = bool(periods) and all(one.last is not None for one in periods)
        assert ends is (parameter.name in FIGURES_THAT_END), parameter.name


def every_period(pack: Pack) -> Iterator[Period]:
    """Of eras, figures and rules."""
    yield from (era.period for era in pack.eras.values())
    yield from (one for parameter in pack.parameters.values() for dated in parameter.values for one in dated.periods)
    yield from (one for rule in pack.rules.values() for one in rule.periods)


def test_where_a_rule_ends_something_else_begins(pack: Pack) -> None:
    """And the other way round; else the day has a reason of its own."""
    periods = list(every_period(pack))
    begins = [one.first for one in periods if one.first is not None]
    ends = [one.last for one in periods if one.last is not None]
    alone = {
        rule.id: period
        for rule in pack.rules.values()
        for period in rule.periods
        if (period.first and not any(touches(end, period.first) for end in ends) and not explained(period.first))
        or (period.last and not any(touches(period.last, first) for first in begins) and not explained(period.last))
    }

    assert alone == {}


def explained(edge: Edge) -> bool:
    first, last = edge.earliest or date.max, edge.latest or date.min
    return any(first <= day <= last for day in TURNS_OF_THEIR_OWN)


def test_no_turn_of_policy_is_left_open_for_long(pack: Pack) -> None:
    """Between two days far apart neither the old nor the new would hold."""
    edges = [edge for one in every_period(pack) for edge in (one.first, one.last) if edge is not None]

    assert [one for one in edges if one.latest - one.earliest > LONGEST_DOUBT] == []  # type: ignore[operator]


@pytest.mark.parametrize("year", range(SCORE_BEGAN.year, 2027))
def test_on_every_day_the_old_policy_stands_or_the_new(year: int) -> None:
    """An unpaid contract in trouble, on a day of every month: what ending does, and how scores move, is settled."""
    knowledge = advisor.load(FOLDER)
    contract = {"id": "a", "kind": "hourly", "ended": False, "earned": "0 USD", "problems": ["cancel"]}
    case = knowledge.case({"contracts": [contract]})
    days = [date(year, month, 20) for month in range(1, 13)]
    for day in (one for one in days if one >= SCORE_BEGAN):
        world = knowledge.advise(case, today=day, as_of=day).world
        own = world.by_id["contract"]["a"].values[world.program.field("contract", "effect_of_ending")]
        moves = world.case.values[world.program.field("case", "timing")]

        assert isinstance(own, str), (day, own)
        assert isinstance(moves, str), (day, moves)
