"""The likely completion: each unknown that a value needs takes its most likely value."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.language.tree import Condition
from advisor.reasoning.completions.completion import Branch, Completion
from advisor.reasoning.evaluation import Meaning
from advisor.reasoning.program import Field
from advisor.reasoning.situation import Situation
from advisor.reasoning.subject import Leaf, Reached, Subject
from advisor.values.types import NONE, Among, Partial, Scalar, Value, Within


class NoLikely(Exception):
    """Nobody says what an unknown is likely to be."""

    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf


def likely_outcome(world: Situation, meaning: Meaning, subject: Subject) -> Reached:
    """What a value comes to when every unknown that it needs is as it likely is. Raises NoLikely and Unbounded."""
    assignment: dict[Leaf, Value] = {}
    while True:
        view = Completion(world, assignment, {})
        try:
            return Reached(meaning(view, subject, subject), dict(assignment))
        except Branch as branch:
            assignment[branch.leaf] = likely_value(world, branch.leaf, view)


def likely_value(world: Situation, leaf: Leaf, view: Completion) -> Scalar:
    """What an unknown likely is: what a guess concludes, what a fact presumes, or the middle of a stated range."""
    subject, index = leaf
    if isinstance(index, str):
        raise NoLikely(leaf)
    step = world.program.fields[subject.kind][index]
    possible_values = subject.values[index]
    guessed = _guess(step, subject, view)
    for value in (*guessed, *_presumed(world, step, subject)):
        if not isinstance(value, Partial) and _allows(step, possible_values, value):
            return value
    return _middle(step, possible_values, leaf)


def _presumed(world: Situation, step: Field, subject: Subject) -> Iterator[Value]:
    """What the vocabulary presumes of a fact, where its condition is known to hold."""
    for one in (step.fact.likely, step.fact.assume) if step.fact else ():
        if one is not None and (one.when is None or _holds(world, one.when, subject)):
            yield one.value


def _holds(world: Situation, condition: Condition, subject: Subject) -> bool:
    return subject.values[world.program.condition(subject.kind, condition).index] is True


def _guess(step: Field, subject: Subject, view: Completion) -> list[Value]:
    group = step.group
    if step.role != "concluded" or group is None or group.matcher is None or not group.rules:
        return []
    resolution = view.resolution(group, subject)
    values = {view.conclusion(group, n, subject) for n in resolution.guesses if resolution.states[n] is True}
    return list(values) if len(values) == 1 else []


def _allows(step: Field, possible_values: Value, value: Scalar) -> bool:
    if isinstance(possible_values, Among):
        return value in possible_values.values
    if isinstance(possible_values, Within):
        return step.cells.of(value) & step.cells.of(possible_values) != 0 and _in_range(possible_values, value)
    return True


def _in_range(span: Within, value: Scalar) -> bool:
    if value is NONE:
        return span.maybe_none
    return (span.low is None or value >= span.low) and (span.high is None or value <= span.high)  # type: ignore[operator]


def _middle(step: Field, value: Value, leaf: Leaf) -> Scalar:
    said = leaf[0].answers.get(step.name)
    if said is None or said.unknown or not isinstance(value, Within) or value.low is None or value.high is None:
        raise NoLikely(leaf)
    middle = value.low + (value.high - value.low) / 2  # type: ignore[operator]
    if isinstance(value.low, int) and step.type.kind in ("whole number", "duration"):
        return int(middle)  # type: ignore[arg-type]
    return middle  # type: ignore[return-value]
