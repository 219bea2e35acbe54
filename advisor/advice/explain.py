"""`why`: what a key names, whether it holds, and the proof of that as a readable tree.

In: an `Advice` and a key (`report-first@redesign`, `outcome@redesign`, `score:equal`). Out: the conclusions the key
names, each with its state; and a tree of sentences that says why it holds, or which conditions fail or are unknown and
what they would have to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.advice import speech
from advisor.advice.advice import Advice
from advisor.advice.answers import Answered
from advisor.advice.projections import Forecast
from advisor.advice.proof import Proof, Prover
from advisor.advice.recommendations import standing_state
from advisor.language import printing
from advisor.language import tree as expressions
from advisor.language.tree import CASE, Condition, Not
from advisor.packs.pack import Rule
from advisor.problems.problem import Place, Problem, Problems, suggestion
from advisor.reasoning.matching import Outcome
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Subject
from advisor.values import wording
from advisor.values.types import Partial, Value

MOST_REASONS = 3
"""Reasons that are given why a row of answers does not apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One thing a key names: a rule about a subject, a field of a subject, or a forecast."""

    key: str
    subject: Subject
    rule: Rule | None = None
    field: Field | None = None
    forecast: Forecast | None = None


def named(advice: Advice, key: str) -> list[Named]:
    """What a key names; without `@entity`, one for each entity it is about. Raises Problems for an unknown key."""
    id_, _, entity = key.strip().partition("@")
    found = list(_of_id(advice, id_))
    if not found:
        raise Problems([_unknown(advice, key, id_)])
    if not entity:
        return found
    chosen = [one for one in found if one.subject.id == entity]
    if not chosen:
        known = [one.subject.id for one in found if one.subject.id]
        message = f"`{id_}` is not about `{entity}`"
        raise Problems([Problem(Place("the key"), "unknown-entity", message, suggestion(entity, known, what="listed"))])
    return chosen


def _of_id(advice: Advice, id_: str) -> Iterator[Named]:
    world = advice.world
    rule = world.program.pack.rules.get(id_)
    if rule is not None:
        for subject in [world.case] if rule.about == CASE else world.entities[rule.about]:
            yield Named(key=speech.key(id_, subject), subject=subject, rule=rule)
        return
    if id_.partition(":")[0] in world.program.pack.projections:
        forecasts = [one for one in advice.forecasts if one.key == id_]
        if forecasts:
            yield from (Named(key=id_, subject=world.case, forecast=one) for one in forecasts)
            return
    for kind in world.program.pack.kinds():
        field = world.program.find(kind, id_.replace("-", "_")) or world.program.find(kind, id_)
        if field is not None and field.fact is not None:
            for subject in [world.case] if kind == CASE else world.entities[kind]:
                yield Named(key=speech.key(field.name, subject), subject=subject, field=field)


def _unknown(advice: Advice, key: str, id_: str) -> Problem:
    pack = advice.world.program.pack
    names = [
        *pack.goals,
        *pack.rules,
        *(fact.name for fact in pack.all_facts()),
        *(one.key for one in advice.forecasts),
    ]
    return Problem(
        Place("the key"), "unknown-key", f"`{key}` names no goal, rule, conclusion or figure", suggestion(id_, names)
    )


def state(advice: Advice, one: Named) -> Outcome:
    """Whether it holds: a rule concludes or its advice stands; a field is settled; a forecast has figures."""
    if one.rule is not None:
        if one.rule.advise is not None:
            return standing_state(advice.world, one.rule, one.subject)
        return advice.world.state(one.rule, one.subject)
    if one.field is not None:
        return None if isinstance(value(one), Partial) else True
    assert one.forecast is not None
    return one.forecast.worst is not None


def value(one: Named) -> Value:
    """What is known of a field."""
    assert one.field is not None
    return one.subject.values[one.field.index]


def explain(advice: Advice, key: str, width: int = 100) -> str:
    """Why what a key names holds or not, as indented text. Raises Problems for an unknown key."""
    answers = answered(advice, key)
    if answers:
        return "\n\n".join("\n".join(_answer(advice, one, width)) for one in answers)
    return "\n\n".join("\n".join(_explained(advice, one, width)) for one in named(advice, key))


def answered(advice: Advice, key: str) -> list[Answered]:
    """The answers to the goal that a key names; none where it names no goal."""
    id_, _, entity = key.strip().partition("@")
    goal = advice.world.program.pack.goals.get(id_)
    if goal is None:
        return []
    owners = [advice.world.case] if goal.about == CASE else advice.world.entities[goal.about]
    return [advice.answered(goal, one) for one in owners if entity in ("", one.id)]


def _answer(advice: Advice, one: Answered, width: int) -> Iterator[str]:
    """Why an answer is what it is: the row that applies, and why those before it do not."""
    yield from wording.wrap(one.question, width)
    yield from wording.wrap(one.sentence, width)
    if one.goal.value:
        yield ""
        yield from _tree(advice, advice.prover.prove(one.subject, one.field), width)
        return
    for number, row in enumerate(one.goal.rows[: one.rows[-1] + 1]):
        if row.when is None:
            continue
        holds = one.holds(row.when)
        word = {True: "applies", None: "may apply"}.get(holds if number in one.rows else False, "does not apply")
        yield ""
        says = speech.spoken(advice.world, row.say, one.subject)
        yield from wording.wrap(f"Row {number + 1} {word}: “{says}”", width)
        if holds is True and number in one.rows:
            tree = advice.prover.prove(one.subject, advice.world.program.condition(one.goal.about, row.when))
            yield from _branches(advice, tree.premises, width, "")
            continue
        for words in list(dict.fromkeys(_failing(advice.prover, row.when, one.subject)))[:MOST_REASONS]:
            yield from wording.wrap(words, width, "  - ", "    ")


def proof(advice: Advice, one: Named) -> Proof:
    """The proof tree of one named thing."""
    if one.rule is not None:
        return advice.prover.prove_rule(one.rule, one.subject)
    if one.field is not None:
        return advice.prover.prove(one.subject, one.field)
    assert one.forecast is not None
    assert one.forecast.model is not None
    field = advice.world.program.find(CASE, one.forecast.model.measure)
    assert field is not None
    return advice.prover.prove(advice.world.case, field)


def _explained(advice: Advice, one: Named, width: int) -> Iterator[str]:
    about = speech.named(advice.world, one.subject)
    yield from wording.wrap(f"{one.key}{f' (“{about}”)' if about else ''}: {_verdict(advice, one)}", width)
    if one.forecast is not None and one.forecast.model is None:
        yield from _models(advice, one.forecast)
        return
    yield ""
    yield from _tree(advice, proof(advice, one), width)
    if one.rule is not None and state(advice, one) is not True:
        yield from _needed(advice, one, width)


def _verdict(advice: Advice, one: Named) -> str:
    if one.forecast is not None:
        forecast = one.forecast
        if forecast.absent:
            return forecast.absent
        unit = forecast.projection.unit
        return f"{forecast.projection.label}, {wording.span(forecast.worst, forecast.best, unit)}"
    if one.field is not None:
        label = speech.label(one.field)
        return f"{label} {wording.is_or_are(label)} {speech.valued(one.subject, one.field)}"
    found = state(advice, one)
    holds = {True: "this holds", False: "this does not hold", None: "this cannot be told yet"}[found]
    assert one.rule is not None
    if one.rule.advise is not None and advice.world.state(one.rule, one.subject) is True and found is not True:
        return f"{holds}: its condition is met, but advice that ranks above it speaks against it"
    return holds


def _models(advice: Advice, forecast: Forecast) -> Iterator[str]:
    for other in advice.forecasts:
        if other.projection is forecast.projection and other.model is not None:
            shown = other.absent or wording.span(other.worst, other.best, forecast.projection.unit)
            yield f"  - {other.model.title} ({other.key}): {shown}"


# --- the tree -----------------------------------------------------------------------------------------------------

_MARKS = {"holds": "✓", "fails": "✗", "open": "?"}


def _tree(advice: Advice, tree: Proof, width: int) -> Iterator[str]:
    yield from _node(advice, tree, width, "")
    yield from _branches(advice, tree.premises, width, "")


def _branches(advice: Advice, premises: Sequence[Proof], width: int, indent: str) -> Iterator[str]:
    for number, premise in enumerate(premises):
        last = number == len(premises) - 1
        yield from _node(
            advice, premise, width, indent + ("└─ " if last else "├─ "), indent + ("   " if last else "│  ")
        )
        yield from _branches(advice, premise.premises, width, indent + ("   " if last else "│  "))


def _node(advice: Advice, tree: Proof, width: int, first: str, rest: str | None = None) -> Iterator[str]:
    rest = first if rest is None else rest
    how = f" — {tree.how}" if tree.how else ""
    rule = f" `{tree.rule}`" if tree.rule else ""
    yield from wording.wrap(f"{_MARKS[tree.state]} {tree.conclusion}{how}{rule}", width, first, rest + "  ")
    if tree.condition:
        yield from wording.wrap(f"when {tree.condition}", width, rest + "    ", rest + "    ")
    if tree.because:
        yield from wording.wrap(tree.because, width, rest + "    ", rest + "    ")
    said = _said_by(advice, tree)
    if said:
        yield from wording.wrap(said, width, rest + "    ", rest + "    ")


def _said_by(advice: Advice, tree: Proof) -> str:
    pack = advice.world.program.pack
    words = {one.id: one.say for one in pack.standings}
    sources = [pack.sources[one].title for one in tree.sources if one in pack.sources]
    standing = f"[{words[tree.standing]}] " if tree.standing in words else ""
    return f"{standing}{'; '.join(sources)}".strip() if sources else ""


# --- what would have to change ------------------------------------------------------------------------------------


def _needed(advice: Advice, one: Named, width: int) -> Iterator[str]:
    assert one.rule is not None
    found = list(dict.fromkeys(_failing(advice.prover, one.rule.when, one.subject)))
    if not found:
        return
    yield ""
    yield "For this to hold:"
    for words in found:
        yield from wording.wrap(words, width, "  - ", "    ")


def _failing(prover: Prover, condition: Condition, subject: Subject) -> Iterator[str]:
    """The comparisons that fail or are unknown, each with what is the case now."""
    match condition:
        case expressions.And(operands):
            for operand in operands:
                if prover.truth(operand, subject) is not True:
                    yield from _failing(prover, operand, subject)
            return
        case expressions.Or(operands):
            yield "one of these: " + wording.listing(
                (words for operand in operands for words in _failing(prover, operand, subject)), "or"
            )
            return
        case Not(operand) if not isinstance(operand, expressions.And | expressions.Or):
            yield f"{printing.text(condition)} ({_now(prover, operand, subject)})"
            return
        case Not(operand):
            yield f"{printing.text(condition)}"
            return
    yield f"{printing.text(condition)} ({_now(prover, condition, subject)})"


def _now(prover: Prover, atom: Condition, subject: Subject) -> str:
    owner, field, _ = prover.atom(atom, subject)
    known = speech.valued(owner, field)
    return "now not known" if known == "not known" else f"now {known}"
