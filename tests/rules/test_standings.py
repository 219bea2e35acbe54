"""A source of the first pack is trusted as far as its kind allows, and so is what members report."""

from __future__ import annotations

import re

import pytest

from advisor.packs.pack import Pack, Source
from advisor.packs.reader import read_pack
from tests.folders import RULES

OFFICIAL = re.compile(r"^Help: |\(announcement\)|\(copy of (?:the|an) official|^Official questions and answers")
MODERATED = re.compile(r"\((?:.*\b)?(?:moderator|staff)\b")
GUESSED = re.compile(r"\bguess|is read$")
HEARSAY = re.compile(
    r"\b(?:one member|members saw|members think|members guess|someone|a member estimated)\b", re.IGNORECASE
)
"""How a text tells of what members saw or think."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(RULES / "ending-a-contract")


def expected(source: Source) -> str:
    """The standing of a source by its kind: a page or announcement, a moderator's word, a guess, or a member's."""
    if OFFICIAL.search(source.title):
        return "official"
    if MODERATED.search(source.title):
        return "moderator"
    return "speculation" if GUESSED.search(source.title) else "experienced"


def test_every_source_has_the_standing_of_its_kind(pack: Pack) -> None:
    wrong = {one.id: (one.standing, expected(one)) for one in pack.sources.values() if one.standing != expected(one)}

    assert wrong == {}


def test_official_titles_come_from_official_places(pack: Pack) -> None:
    """A help page has an address at the help centre, a forum post one in the forum."""
    for one in pack.sources.values():
        if one.title.startswith("Help: "):
            assert one.url.startswith("https://support.upwork.com/"), one.id
        if one.title.startswith("Forum: "):
            assert one.url.startswith("https://community.upwork.com/"), one.id


def test_what_members_report_does_not_stand_as_official(pack: Pack) -> None:
    """A reason that tells what members saw rests on their word, not on a page cited beside it."""
    wrong = [
        rule.id
        for rule in pack.rules.values()
        if HEARSAY.search(" ".join(str(part) for part in rule.because.parts))
        and rule.standing in ("official", "moderator")
    ]

    assert wrong == []
