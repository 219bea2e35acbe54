"""Worked cases come out as they expect on whatever day and in whatever zone they are run; else the check says so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import advisor
from advisor import cli
from advisor.authoring import worked_cases
from advisor.cases.reader import WorkedCase, read_cases
from tests.folders import RULES
from tests.reasoning.small import Small

FACTS = """
case:
  signed_on: {type: date, question: When was it signed?}
  old: {type: yes/no, question: Is it old?}
"""
ADVICE = """
- id: send-it
  when: days since signed on is under 14
  advise: {strength: must, title: Send it, deadline: signed on + 14 days}
  because: So.
  sources: [law]
- {id: mend-it, when: old, advise: Mend it., because: So., sources: [law]}
"""


@pytest.fixture
def home() -> Iterator[None]:
    """The time zone as it was, afterwards."""
    yield
    time.tzset()


def _cases(folder: Path, text: str) -> list[WorkedCase]:
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "cases" / "some.yaml").write_text(text, encoding="utf-8")
    return read_cases(advisor.load(folder).data, folder / "cases" / "some.yaml")


def _says(tmp_path: Path, case: str) -> str:
    folder = Small(tmp_path, FACTS, ADVICE).folder
    (one,) = _cases(folder, f"- case: a case\n  {case}\n")
    found = worked_cases.moving(advisor.load(folder), one, date(2025, 6, 15))
    return found.full() if found is not None else ""


@pytest.mark.parametrize(
    "case",
    [
        "{facts: {signed_on: 2025-06-10}, expect: [send-it]}",
        "{facts: {signed_on: 2025-06-10}, expect: [{send-it: {deadline: 2025-06-24}}]}",
        "{as_of: 2025-06-15, facts: {signed_on: 2025-06-10}, expect: [send-it]}",
        "{facts: {signed_on: 2025-05-20..2025-06-10}, expect_open: [send-it]}",
    ],
)
def test_a_case_whose_outcome_moves_with_the_clock_is_named(case: str, tmp_path: Path) -> None:
    """With its sentence, the day and what is otherwise then, and a day to write down."""
    said = _says(tmp_path, case[1:-1].replace("}, expect", "}\n  expect").replace(", facts", "\n  facts"))

    assert "some.yaml:1:3: moves-with-the-clock: “a case” names no `today`" in said
    assert "on 2035-06-23 `send-it` was expected" in said
    assert "`today: 2025-06-15`" in said


@pytest.mark.parametrize(
    "case",
    [
        "today: 2025-06-15\n  facts: {signed_on: 2025-06-10}\n  expect: [send-it]",
        "facts: {old: yes}\n  expect: [mend-it]\n  expect_open: [send-it]",
        "facts: {signed_on: 2020-01-01}\n  expect_not: [send-it]",
    ],
)
def test_a_case_that_names_its_day_or_needs_none_is_left_alone(case: str, tmp_path: Path) -> None:
    """No day has to be written where none matters."""
    assert not _says(tmp_path, case)


@pytest.mark.parametrize("folder", sorted(path.parent for path in RULES.glob("*/pack.yaml")), ids=lambda one: one.name)
@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2041, 1, 1)], ids=str)
def test_the_shipped_cases_come_out_the_same_on_other_days(folder: Path, day: date) -> None:
    """Those that name no day, on a leap day and in many years."""
    pack = advisor.load(folder)
    cases = [one for file in sorted((folder / "cases").glob("*.yaml")) for one in read_cases(pack.data, file)]
    dateless = [one for one in cases if one.case.today is None]

    results = [worked_cases.run(pack, one, day) for one in dateless]

    assert [problem.full() for result in results for problem in result.problems] == []


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"])
def test_cases_come_out_the_same_in_every_zone(
    zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where it is already tomorrow, and where it is still yesterday."""
    folder = Small(tmp_path, FACTS, ADVICE).folder
    _cases(
        folder,
        "- {case: one, today: 2025-06-24, facts: {signed_on: 2025-06-11}, expect: [send-it]}\n"
        "- {case: two, today: 2025-06-25, facts: {signed_on: 2025-06-11}, expect_not: [send-it]}\n",
    )
    monkeypatch.setenv("TZ", zone)
    time.tzset()

    status = cli.run(["rules", "test", str(folder)])

    assert (status, capfd.readouterr().out) == (0, "2 cases: all came out as expected\n")


def test_the_day_of_a_run_is_for_cases_that_give_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case's own day stands."""
    folder = Small(tmp_path, FACTS, ADVICE).folder
    _cases(
        folder,
        "- {case: one, today: 2025-06-12, facts: {signed_on: 2025-06-10}, expect: [send-it]}\n"
        "- {case: two, facts: {signed_on: 2025-06-10}, expect_not: [send-it]}\n",
    )

    assert cli.run(["rules", "test", str(folder), "--today", "2025-06-12"]) == 1
    assert "1 did not come out as expected" in capsys.readouterr().out
    assert cli.run(["rules", "test", str(folder), "--today", "2025-07-12"]) == 0
