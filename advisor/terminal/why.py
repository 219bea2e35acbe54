"""Why a question is asked, on the screen."""

from __future__ import annotations

from advisor.dialogue.session import Prompt, Session
from advisor.dialogue.why import why
from advisor.terminal.screen import Screen
from advisor.values import wording


def explain(session: Session, screen: Screen, prompt: Prompt) -> None:
    """What hangs on a question: recommendations first, then figures."""
    found = why(session, prompt)
    if found.own:
        screen.say(found.own, "", "  ")
    if found.decides:
        screen.say("Your answer helps to decide:", "", "  ")
    for one in found.decides:
        screen.item("–", one)
    if found.further:
        screen.say(f"… and {wording.plural(found.further, 'further recommendation')}.", "faint", "    ")
    if found.figures:
        screen.say(f"It can move a figure across a line that matters: {wording.listing(found.figures)}.", "", "  ")
    if found.sharpens_only:
        screen.say("It makes the figures and details sharper.", "", "  ")
