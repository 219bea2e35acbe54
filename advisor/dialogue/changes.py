"""What a change of mind did to the advice: new, withdrawn, firmer, weaker, sooner or later; and the figures.

In: the advice before and after. Out: sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from advisor.advice.advice import Advice
from advisor.advice.projections import Forecast
from advisor.advice.recommendations import Recommendation
from advisor.packs.pack import STRENGTHS
from advisor.values import wording


def changes(before: Advice, after: Advice) -> list[str]:
    """What differs between two pieces of advice, most important first; nothing where they say the same."""
    return [*_recommendations(before, after), *_figures(before, after)]


def _recommendations(before: Advice, after: Advice) -> Iterator[str]:
    old = {one.key: one for one in before.recommendations}
    new = {one.key: one for one in after.recommendations}
    for key, one in new.items():
        was = old.get(key)
        if one.status is True and (was is None or was.status is not True):
            yield f"New: {_titled(after, one)}"
        elif one.status is True and was is not None:
            yield from _firmer(before, was, after, one)
    for key, was in old.items():
        now = new.get(key)
        if was.status is True and now is None:
            yield f"Withdrawn: {_titled(before, was)}"
        elif was.status is True and now is not None and now.status is not True:
            yield f"Weaker: {_titled(before, was)} – it is open again"
    gone = sum(1 for key, was in old.items() if was.status is not True and key not in new)
    if gone:
        yield f"Ruled out: {wording.plural(gone, 'possible recommendation')}"
    opened = sum(1 for key, one in new.items() if one.status is not True and key not in old)
    if opened:
        yield f"Possible now: {wording.plural(opened, 'further recommendation')}"


def _firmer(before: Advice, was: Recommendation, after: Advice, one: Recommendation) -> Iterator[str]:
    """How a recommendation that stands before and after has changed."""
    old_strength, new_strength = STRENGTHS.index(was.advise.strength), STRENGTHS.index(one.advise.strength)
    if old_strength != new_strength:
        yield f"{'Stronger' if new_strength < old_strength else 'Weaker'}: {_titled(after, one)}"
    old, new = before.deadline(was), after.deadline(one)
    if old != new:
        sooner = isinstance(old, date) and isinstance(new, date) and new < old
        words = f"by {wording.day(new)}" if isinstance(new, date) else "the day is open"
        yield f"{'Sooner' if sooner else 'Another day'}: {_titled(after, one)} – {words}"


def _titled(advice: Advice, one: Recommendation) -> str:
    return f"{advice.title(one)} ({one.advise.strength})"


def _figures(before: Advice, after: Advice) -> Iterator[str]:
    old = {one.key: one for one in before.forecasts if one.model is None}
    for one in after.forecasts:
        was = old.get(one.key)
        if one.model is None and was is not None and span(was) != span(one):
            yield f"{one.projection.label}: {span(one)} (before: {span(was)})"


def span(one: Forecast) -> str:
    """A figure from its worst to its best, in words."""
    if one.worst is None or one.best is None:
        return "none yet"
    low, high = sorted((one.worst, one.best))
    return wording.span(low, high, one.projection.unit)
