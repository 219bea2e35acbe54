"""The advice so far, on one screen: what stands by now, the figures, and how much is still open."""

from __future__ import annotations

from datetime import date
from typing import Final

from advisor.advice.advice import Advice
from advisor.advice.recommendations import Recommendation
from advisor.dialogue import changes
from advisor.terminal.screen import Screen
from advisor.values import wording

MOST: Final = 8
"""Recommendations that are shown."""


def show(advice: Advice, screen: Screen) -> None:
    """Writes it."""
    standing = [one for one in advice.recommendations if one.status is True]
    screen.say()
    screen.say("So far:" if standing else "Nothing stands for certain yet.", "strong")
    for number, one in enumerate(standing[:MOST], 1):
        screen.item(f"{number:>2}.", _recommended(advice, one))
    if len(standing) > MOST:
        screen.say(f"… and {wording.plural(len(standing) - MOST, 'further recommendation')}.", "faint", "  ")
    for figure in advice.forecasts:
        if figure.model is None:
            screen.say(f"{figure.projection.label}: {changes.span(figure)}", "", "  ")
    more = len(advice.recommendations) - len(standing)
    if more:
        screen.say(f"{wording.plural(more, 'other recommendation')} may follow, as you answer.", "faint", "  ")


def _recommended(advice: Advice, one: Recommendation) -> str:
    day = advice.deadline(one)
    by = f" – by {wording.day(day)}" if isinstance(day, date) else ""
    return f"{one.advise.strength}: {advice.title(one)}{by}"
