"""Why a question is asked: which conclusions hang on it, in plain words, with sources."""

from __future__ import annotations

from typing import Final

from advisor.advice import explain as keys
from advisor.advice import speech
from advisor.advice.advice import Advice
from advisor.dialogue.session import Prompt, Session
from advisor.packs.pack import STRENGTHS, Rule
from advisor.problems.problem import Problems
from advisor.terminal.screen import Screen
from advisor.values import wording

MOST: Final = 3
"""Conclusions that are shown; of the others only how many there are."""
MOST_CITED: Final = 2


def _own_words(screen: Screen, prompt: Prompt) -> None:
    """The pack's own words on why a fact is asked."""
    if prompt.fact is not None and prompt.fact.why:
        screen.say(prompt.fact.why, "", "  ")


def explain(session: Session, screen: Screen, prompt: Prompt) -> None:
    """What hangs on a question: recommendations first, the most pressing in front, then figures."""
    _own_words(screen, prompt)
    advice = session.advice()
    found = [one for key in session.concerns(prompt.question) for one in _named(advice, key)]
    rules = [one for one in found if one.rule is not None and one.rule.advise is not None]
    rules.sort(key=lambda one: STRENGTHS.index(one.rule.advise.strength) if one.rule and one.rule.advise else 0)
    if rules:
        screen.say("Your answer helps to decide:", "", "  ")
    for one in rules[:MOST]:
        assert one.rule is not None
        screen.item("–", _recommended(advice, one.rule, one))
    if len(rules) > MOST:
        screen.say(f"… and {wording.plural(len(rules) - MOST, 'further recommendation')}.", "faint", "    ")
    figures = dict.fromkeys(one.forecast.projection.label for one in found if one.forecast is not None)
    if figures:
        screen.say(f"It can move a figure across a line that matters: {wording.listing(figures)}.", "", "  ")
    if not found and not (prompt.fact and prompt.fact.why):
        screen.say("It makes the figures and details sharper.", "", "  ")


def _named(advice: Advice, key: str) -> list[keys.Named]:
    try:
        return keys.named(advice, key)
    except Problems:
        return []


def _recommended(advice: Advice, rule: Rule, one: keys.Named) -> str:
    assert rule.advise is not None
    pack = advice.world.program.pack
    title = speech.spoken(advice.world, rule.advise.title, one.subject)
    because = wording.sentence(speech.spoken(advice.world, rule.because, one.subject))
    words = {standing.id: standing.say for standing in pack.standings}
    cited = [pack.sources[id_].title for id_ in rule.sources if id_ in pack.sources][:MOST_CITED]
    said_by = f" [{words.get(rule.standing, rule.standing)}: {wording.listing(cited)}]" if cited else ""
    return f"{rule.advise.strength}: {title} – {because}{said_by}"
