"""Why a question is asked: the pack's own words, and which conclusions hang on it, with sources.

In: a session and a question as it is put. Out: plain sentences, recommendations first, the most pressing in front.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from advisor.advice import explain as keys
from advisor.advice import speech
from advisor.advice.advice import Advice
from advisor.dialogue.session import Prompt, Session
from advisor.packs.pack import STRENGTHS, Rule
from advisor.problems.problem import Problems
from advisor.values import wording

MOST: Final = 3
"""Conclusions that are told; of the others only how many there are."""
MOST_CITED: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """`own`: the pack's words. `decides`: recommendations that hang on the answer; `further`: how many more do.

    `figures`: the labels of figures that it can move across a line that matters.
    """

    own: str
    decides: tuple[str, ...]
    further: int
    figures: tuple[str, ...]

    @property
    def sharpens_only(self) -> bool:
        """Whether nothing can be told but that it makes figures and details sharper."""
        return not (self.own or self.decides or self.figures)


def why(session: Session, prompt: Prompt) -> Why:
    """Why a question is asked now."""
    advice = session.advice()
    found = [one for key in session.concerns(prompt.question) for one in _named(advice, key)]
    rules = [one for one in found if one.rule is not None and one.rule.advise is not None]
    rules.sort(key=lambda one: STRENGTHS.index(one.rule.advise.strength) if one.rule and one.rule.advise else 0)
    figures = dict.fromkeys(one.forecast.projection.label for one in found if one.forecast is not None)
    return Why(
        own=prompt.fact.why if prompt.fact is not None else "",
        decides=tuple(_recommended(advice, one.rule, one) for one in rules[:MOST] if one.rule is not None),
        further=max(0, len(rules) - MOST),
        figures=tuple(figures),
    )


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
