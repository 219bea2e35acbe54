"""What the second pack says from its table of countries is marked as general knowledge that has to be looked up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

import advisor
from advisor.language.tree import Lookup, Node, Text, walk
from advisor.packs.pack import Pack, Rule
from tests.folders import RULES

TABLE = "countries"
SOURCE = "country-table"


@pytest.fixture(scope="module")
def trips() -> advisor.Pack:
    return advisor.load(RULES / "travelling-abroad")


def nodes(rule: Rule) -> Iterator[Node]:
    """All that a rule reads, in its condition and in its words."""
    texts: list[Text | None] = [rule.because]
    yield from walk(rule.when)
    if (advise := rule.advise) is not None:
        texts += [advise.title, advise.text, advise.afterwards, *(step.do for step in advise.steps)]
        for step in advise.steps:
            yield from walk(step.when) if step.when is not None else ()
    for text in texts:
        for part in text.parts if text is not None else ():
            yield from walk(part) if not isinstance(part, str) else ()


def reading(pack: Pack) -> list[Rule]:
    """The rules that read the table of countries."""
    return [
        rule
        for rule in pack.rules.values()
        if any(isinstance(node, Lookup) and node.name == TABLE for node in nodes(rule))
    ]


def test_what_rests_on_the_table_says_so(trips: advisor.Pack) -> None:
    rules = reading(trips.data)

    assert len(rules) > 20
    # A mere guess must not become more than one by what is known of the country besides.
    assert [rule.id for rule in rules if SOURCE not in rule.sources and not rule.speculative] == []


def test_the_source_says_that_it_is_general_knowledge(trips: advisor.Pack) -> None:
    source = trips.data.sources[SOURCE]

    assert "general knowledge" in source.title
    assert source.standing != "official"


def test_a_report_on_a_country_tells_to_look_it_up(trips: advisor.Pack) -> None:
    """In so many words, among the steps."""
    case = trips.case({"facts": {"destination": "thailand", "home": "germany"}})
    page = " ".join(trips.advise(case, today=date(2026, 11, 25)).render("text", show=["steps"]).split())

    assert "Look up what this report says of Thailand before you rely on it." in page
    assert "general knowledge" in page
