"""Pages as people get them: the answer first, short, on one screen, in plain words.

Every ninth worked case of each shipped pack is put on a page; `python -m tests.test_pages` measures all of them.
"""

from __future__ import annotations

import re
import statistics
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
import textstat  # type: ignore[import-untyped]

import advisor
from advisor.cases.reader import read_cases
from advisor.face import Advice
from tests.folders import RULES

PACKS = sorted(path.parent for path in RULES.glob("*/pack.yaml"))
EVERY = 9
FIRST_WORDS = 60
"""Words within which the question stands and its answer begins."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page and where it comes from."""

    name: str
    text: str
    advice: Advice

    @property
    def words(self) -> list[str]:
        """All that is to be read."""
        return re.findall(r"\w[\w'’%-]*", self.text)

    @property
    def said(self) -> str:
        """What is to be read: without the title, and without how to see more."""
        body = self.text.partition("\nMore  --show")[0].splitlines()[3:]
        return " ".join(" ".join(body).split())

    @property
    def grade(self) -> float:
        """The school grade by Flesch and Kincaid (1975), of sentences and syllables."""
        return float(textstat.flesch_kincaid_grade(self.said))


def pages(folder: Path, every: int) -> list[Page]:
    """The pages of every so many worked cases of a pack, at the terminal's width of 80."""
    pack = advisor.load(folder)
    worked = (one for file in sorted((folder / "cases").glob("*.yaml")) for one in read_cases(pack.data, file))
    found = []
    for one in islice(worked, 0, None, every):
        advice = pack.advise(one.case)
        found.append(Page(f"{Path(one.file).name}#{one.number}", advice.render("text"), advice))
    return found


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_pages_answer_first_and_are_short(folder: Path) -> None:
    """At most 250 words in the median and 400 at most, 50 lines, and a grade of at most 8."""
    found = pages(folder, EVERY)

    assert statistics.median(len(one.words) for one in found) <= 250
    assert {one.name: len(one.words) for one in found if len(one.words) > 400} == {}
    assert {one.name: one.text.count("\n") for one in found if one.text.count("\n") > 50} == {}
    assert {one.name: one.grade for one in found if one.grade > 8} == {}
    for one in found:
        first = next(iter(one.advice.answers))
        start = " ".join(one.text.split())
        answer = first.verdict.upper() or first.text.split(".")[0]
        assert first.question in start, one.name
        assert len(start.partition(answer)[0].split()) <= FIRST_WORDS, one.name


if __name__ == "__main__":
    for pack in PACKS:
        all_pages = pages(pack, 1)
        counted = sorted(len(one.words) for one in all_pages)
        grades = sorted(one.grade for one in all_pages)
        lines = max(one.text.count("\n") for one in all_pages)
        sys.stdout.write(
            f"{pack.name}: {len(counted)} pages; {statistics.median(counted):.0f} words in the median, {counted[-1]} at"
            f" most; {lines} lines at most; grade {statistics.median(grades):.1f}, {grades[-1]:.1f} at most\n"
        )
