"""Times of day and moments: read, compared, the hours between them, unknown in part, asked and written back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.dialogue.session import Session
from advisor.language.parser import parse_condition, parse_expression
from advisor.language.printing import text
from advisor.problems.problem import Place, Problem
from advisor.values import wording
from advisor.values.text import plain, read_scalar, read_value
from advisor.values.types import MOMENT, TIME, Type, Within
from tests.language.sample_vocabulary import CONTRACT

CLOCK = Type(TIME, low=0, high=1439)
WHEN = Type(MOMENT)
FACTS = """
case:
  opens: {type: time of day, question: When do you open?}
  began: {type: moment, question: When did it begin?}
  ended: {type: moment, question: When did it end?}
  late: {type: yes/no, finding: {yes: Late.}, rows: [{when: opens is after 10:00, is: yes}, {otherwise: no}]}
  hours_taken: {type: number, formula: hours from began to ended, finding: "{hours_taken} hours."}
  fee: {type: number, finding: "{fee}"}
"""
TABLE = """when opens,when hours from began to ended,then fee
< 08:00,-,9
08:00..12:00,<= 1.5,1
08:00..12:00,> 1.5,2
-,-,3
"""


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("9:30", 570), ("09:30", 570), ("21.05", 1265), ("9 pm", 1260), ("12 am", 0), ("12:30 pm", 750)],
)
def test_a_time_of_day_is_read_as_people_write_it(said: str, minutes: int) -> None:
    assert read_scalar(said, CLOCK) == minutes


@pytest.mark.parametrize("said", ["24:00", "9:60", "930", "noonish", "13:00:00", "-1:00"])
def test_what_is_no_time_is_sent_back(said: str) -> None:
    with pytest.raises(ValueError, match="time"):
        read_scalar(said, CLOCK)


@pytest.mark.parametrize("said", ["2026-13-01 09:00", "2026-01-01", "2026-01-01 25:00", "tomorrow 9:00"])
def test_what_is_no_moment_is_sent_back(said: str) -> None:
    with pytest.raises(ValueError, match=r"moment|such|date"):
        read_scalar(said, WHEN)


@pytest.mark.parametrize(
    ("said", "type_"),
    [
        ("09:30", CLOCK), ("08:00..17:00", CLOCK), ("above 12:00", CLOCK), ("about 09:00", CLOCK),
        ("2026-01-31 09:30", WHEN), ("2026-01-31 09:30..2026-02-01 10:00", WHEN), ("one of [09:00, 10:00]", CLOCK),
    ],
)  # fmt: skip
def test_values_are_written_so_that_they_are_read_back(said: str, type_: Type) -> None:
    value = read_value(said, type_)

    assert read_value(plain(value, type_), type_) == value


def test_people_read_a_clock() -> None:
    assert wording.in_words(570, CLOCK) == "09:30"
    assert "31 January 2026, 09:30" in wording.in_words(read_scalar("2026-01-31 09:30", WHEN), WHEN)
    assert wording.in_words(Within(540, 1020), CLOCK) == "09:00 to 17:00"


@pytest.mark.parametrize(
    "source", ["hours from 09:00 to 17:30", "hours from 2024-09-03 09:30 to 2024-09-04 10:00", "min(09:00, 10:00)"]
)
def test_expressions_are_printed_as_they_are_read(source: str) -> None:
    problems: list[Problem] = []
    tree = parse_expression(source, CONTRACT, Place(""), problems)
    assert not problems
    assert tree is not None
    assert text(tree) == source


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("hours from 09:00 to 2024-09-04 10:00 is 1", "a time of day is needed here"),
        ("hours from ended on to 10:00 is 1", "hours lie between times of day or moments"),
        ("hours from 09:00 is 1", "`to` with the end is expected here"),
        ("earned is above 09:00", "and `09:00` is a time of day"),
        ("ended on is 25:00", "there is no such time"),
    ],
)
def test_wrong_uses_are_told(source: str, said: str) -> None:
    problems: list[Problem] = []
    parse_condition(source, CONTRACT, Place(""), problems)
    assert said in str(problems[0])


def loaded(folder: Path) -> Any:
    (folder / "tables").mkdir(parents=True)
    for name, said in (
        ("pack.yaml", "format: 1\ntitle: T\nversion: 1\nquestion: Q?\n"),
        ("facts.yaml", FACTS),
        ("goals.yaml", "- {id: fee, asks: What is it?, value: fee}\n"),
        ("tables/fees.csv", TABLE),
    ):
        (folder / name).write_text(said, encoding="utf-8")
    return advisor.load(folder)


def outcome(pack: Any, **facts: str) -> dict[str, Any]:
    world = pack.reason(pack.case({"format": 1, "facts": facts}))
    fields = pack.program.fields["case"]
    return {one.name: world.case.values[one.index] for one in fields if one.fact is not None}


def test_rules_and_tables_go_by_the_clock(tmp_path: Path) -> None:
    pack = loaded(tmp_path / "pack")

    found = outcome(pack, opens="10:01", began="2026-01-31 23:00", ended="2026-02-01 00:15")
    assert (found["late"], found["hours_taken"] * 4, found["fee"]) == (True, 5, 1)
    assert outcome(pack, opens="9 am", began="2026-01-31 23:00", ended="2026-02-02 00:15")["fee"] == 2
    assert outcome(pack, opens="07:59")["fee"] == 9


def test_what_is_known_in_part_leaves_what_is_possible(tmp_path: Path) -> None:
    """Never less than what comes out for any minute."""
    pack = loaded(tmp_path / "pack")

    found = outcome(pack, opens="unknown", began="2026-01-31 10:00..2026-01-31 11:00", ended="2026-01-31 12:00")
    assert found["hours_taken"] == Within(1, 2)
    fees = {outcome(pack, opens=f"{hour:02}:30", began="2026-01-31 10:30", ended="2026-01-31 12:00")["fee"]
            for hour in range(24)}  # fmt: skip
    open_fee = outcome(pack, opens="unknown", began="2026-01-31 10:30", ended="2026-01-31 12:00")["fee"]
    assert fees == {9, 1, 3}
    assert open_fee.low <= min(fees)
    assert open_fee.high >= max(fees)


def test_a_session_asks_for_times_and_takes_what_people_type(tmp_path: Path) -> None:
    session = Session(loaded(tmp_path / "pack"), loaded(tmp_path / "other").case({"format": 1, "goals": ["fee"]}))
    asked: list[str] = []
    replies = {"opens": "9:30 am", "began": "2026-01-31 at 10:00", "ended": "2026-01-31 11:00"}
    while (prompt := session.next()) is not None and len(asked) < 5:
        name = prompt.question.fact
        asked.append(name)
        session.answer(name, replies[name])

    assert sorted(asked) == ["began", "ended", "opens"]
    assert outcome(session.pack, **{name: plain(session.case.answers[name].value, WHEN if name != "opens" else CLOCK)
                                    for name in replies})["fee"] == 1  # fmt: skip
