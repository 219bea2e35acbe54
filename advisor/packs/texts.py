"""Every text of a pack, and every expression that stands in one, with what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor import courses
from advisor.expressions import (
    CASE,
    Expr,
)
from advisor.pack import Pack, Text


def spoken_expressions(pack: Pack) -> Iterator[tuple[str, Expr]]:
    """Every expression in a text or deadline of a pack, with what it is about."""
    for kind, text_ in texts(pack):
        yield from ((kind, part) for part in text_.parts if not isinstance(part, str))
    for rule in pack.rules.values():
        if rule.advise is not None and rule.advise.deadline is not None:
            yield rule.about, rule.advise.deadline
    yield from courses.expressions(pack)


def texts(pack: Pack) -> Iterator[tuple[str, Text]]:
    """Every text of a pack, with what it is about."""
    for rule in pack.rules.values():
        advise = rule.advise
        found = [rule.because, *(opposition.because for opposition in rule.opposes)]
        if advise is not None:
            found += [advise.title, *(step.do for step in advise.steps)]
            found += [text_ for text_ in (advise.text, advise.deadline_text) if text_ is not None]
        yield from ((rule.about, text_) for text_ in found)
    for fact in pack.all_facts():
        findings = fact.finding.values() if isinstance(fact.finding, Mapping) else (fact.finding,)
        presumed = [one.because for one in (fact.assume, fact.likely) if one is not None]
        yield from ((fact.kind, text_) for text_ in (*findings, fact.because, *presumed) if text_ is not None)
    yield from ((CASE, row.say) for row in pack.headline)
    yield from ((constraint.about, constraint.because) for constraint in pack.must_hold)
    for projection in pack.projections.values():
        reasons = (projection.absent, *(model.because for model in projection.models))
        yield from ((CASE, text_) for text_ in reasons if text_ is not None)
    yield from courses.texts(pack)
