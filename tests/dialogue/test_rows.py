"""Rows of a compact table of entities."""

from __future__ import annotations

from datetime import date

import pytest

from advisor.dialogue.entities import in_words, read_row
from advisor.dialogue.replies import Misread
from advisor.packs.pack import Fact
from advisor.problems.problem import Place
from advisor.values.types import Type

DAY = date(2026, 11, 23)


def fact(name: str, type_: Type) -> Fact:
    return Fact(kind="job", name=name, type=type_, label=name, place=Place("facts.yaml"))


COLUMNS = [fact("title", Type("text")), fact("paid", Type("money", unit="USD")), fact("closed", Type("yes/no"))]


@pytest.mark.parametrize(
    ("text", "times", "words"),
    [
        ("Lamp, 5,600, y", 1, "Lamp · paid: $5,600 · closed: yes"),
        ('"Lamp, blue", 5.6k', 1, "Lamp, blue · paid: $5,600"),
        ("Lamp\t300\tno", 1, "Lamp · paid: $300 · closed: no"),
        ("Lamp,, no", 1, "Lamp · closed: no"),
        ("12 x Small jobs, 100", 12, "12 alike · Small jobs · paid: $100"),
        ("3× Small jobs", 3, "3 alike · Small jobs"),
        ("2 times Small jobs", 2, "2 alike · Small jobs"),
        ("3 xylophones", 1, "3 xylophones"),
        ("7", 1, "7"),
        ("Lamp, dk", 1, "Lamp · paid: you don't know"),
    ],
)
def test_how_a_row_is_read(text: str, times: int, words: str) -> None:
    """Cells between commas or tabs; quotes and numbers keep theirs; a number in front stands for so many alike."""
    row = read_row(text, COLUMNS)

    assert row.times == times
    assert in_words(row, COLUMNS, DAY) == words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lamp, 5, y, 7", "There are only 3 columns"),
        ("0 x Lamp", "1 to 1,000,000 alike"),
        ("99999999 x Lamp", "1 to 1,000,000 alike"),
        ("Lamp, lots", "not an amount"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    """With words on what is allowed."""
    with pytest.raises(Misread, match=said):
        in_words(read_row(text, COLUMNS), COLUMNS, DAY)
