"""Every text of a pack, and every expression that stands in one, with what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.language.tree import (
    CASE,
    Condition,
    Expr,
    Text,
)
from advisor.packs.pack import Pack
from advisor.problems.problem import Place


def spoken_expressions(pack: Pack) -> Iterator[tuple[str, Expr]]:
    """Every expression in a text or deadline of a pack, with what it is about."""
    for kind, text_ in texts(pack):
        yield from ((kind, part) for part in text_.parts if not isinstance(part, str))
    for rule in pack.rules.values():
        if rule.advise is not None and rule.advise.deadline is not None:
            yield rule.about, rule.advise.deadline
    yield from _option_expressions(pack)


def texts(pack: Pack) -> Iterator[tuple[str, Text]]:
    """Every text of a pack, with what it is about."""
    for rule in pack.rules.values():
        advise = rule.advise
        found = [rule.because, *(opposition.because for opposition in rule.opposes)]
        if advise is not None:
            found += [advise.title, *(step.do for step in advise.steps)]
            found += [text_ for text_ in (advise.text, advise.deadline_text, advise.afterwards) if text_ is not None]
        yield from ((rule.about, text_) for text_ in found)
    for fact in pack.all_facts():
        findings = fact.finding.values() if isinstance(fact.finding, Mapping) else (fact.finding,)
        presumed = [one.because for one in (fact.assume, fact.likely) if one is not None]
        presumed += [row.because for row in fact.rows]
        yield from ((fact.kind, text_) for text_ in (*findings, fact.because, *presumed) if text_ is not None)
    for goal in pack.goals.values():
        said = [text_ for row in goal.rows for text_ in (row.verdict, row.say)]
        yield from ((goal.about, text_) for text_ in (goal.asks, goal.meanwhile, *said) if text_ is not None)
    yield from ((constraint.about, constraint.because) for constraint in pack.must_hold)
    for projection in pack.projections.values():
        reasons = (projection.absent, *(model.because for model in projection.models))
        yield from ((CASE, text_) for text_ in reasons if text_ is not None)
    yield from _option_texts(pack)


def option_conditions(pack: Pack) -> Iterator[tuple[str, Condition, Place]]:
    """Every condition in options.yaml, with what it is about."""
    for course in pack.options.courses.values():
        reasons = (*course.risks, *course.costs)
        whens = [course.when, *(step.when for step in course.steps), *(reason.when for reason in reasons)]
        yield from ((course.about, when, course.place) for when in whens if when is not None)
        for choice in course.choices:
            if choice.where is not None:
                yield choice.kind, choice.where, course.place


def _option_texts(pack: Pack) -> Iterator[tuple[str, Text]]:
    """Every text in options.yaml, with what it is about."""
    for course in pack.options.courses.values():
        found = [course.title, *(one.text for one in (*course.risks, *course.costs)), *(one.do for one in course.steps)]
        found += [text for text in (course.because, *(stage.say for stage in course.stages)) if text is not None]
        yield from ((course.about, text) for text in found)


def _option_expressions(pack: Pack) -> Iterator[tuple[str, Expr]]:
    """Every expression in options.yaml, with what it is about."""
    for course in pack.options.courses.values():
        dates = (*(stage.on for stage in course.stages), *(step.by for step in course.steps))
        values = [*course.sets.values(), *course.sets_of_case.values()]
        values += [value for added in course.adds for value in added.answers.values()]
        yield from ((course.about, one) for one in (*dates, *values) if isinstance(one, Expr))
        for choice in course.choices:
            each = course.sets_each.get(choice.name, {}).values()
            yield from ((choice.kind, one) for one in each if isinstance(one, Expr))
