"""What is found wrong in rows, with the row's number, and what is not; compared with trying every case."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest

import advisor
from advisor.packs.checks import check_pack
from tests.packs.test_decisions import write

KINDS = ("unreachable-row", "never-applies", "beyond-bounds", "rows-overlap", "no-otherwise")


def found(folder: Path, table: str, facts: str = "") -> list[str]:
    pack = write(folder / "pack", table)
    if facts:
        (pack / "facts.yaml").write_text(facts, encoding="utf-8")
    problems = check_pack(advisor.load(pack).data)
    return [f"{one.place.line}: {one.kind}: {one.message}" for one in problems if one.kind in KINDS]


def test_a_row_that_stands_there_twice(tmp_path: Path) -> None:
    table = "when weight,when zone,then fee\n1,EU,3\n2,,4\n1,EU,3\n1,EU,5\notherwise,,0\n"
    assert found(tmp_path, table) == [
        "4: unreachable-row: row 4 of fees.csv stands there twice: row 2 of fees.csv says the same",
        "5: unreachable-row: row 5 of fees.csv is never reached: row 2 of fees.csv asks the same",
    ]


def test_a_row_that_an_earlier_one_takes_all_cases_of(tmp_path: Path) -> None:
    """`above 30` after `above 18`; also with `otherwise` in between, and with lists and ranges."""
    table = 'when weight,when zone,then fee\n> 18,,1\n> 30,EU,2\n"1, 2",EU,3\n1,,4\n2..2,EU,5\notherwise,,0\n'
    assert found(tmp_path, table) == [
        "3: unreachable-row: row 3 of fees.csv is never reached: row 2 of fees.csv applies wherever it does",
        "6: unreachable-row: row 6 of fees.csv is never reached: row 4 of fees.csv applies wherever it does",
    ]


def test_a_row_that_earlier_ones_take_together(tmp_path: Path) -> None:
    table = "when weight,when express,then fee\n<= 18,,1\n> 18,yes,2\n> 18,no,3\n5..30,,4\n"
    assert found(tmp_path, table) == [
        "5: unreachable-row: row 5 of fees.csv is never reached: the rows before it together take all its cases"
    ]


def test_a_row_beyond_the_bounds(tmp_path: Path) -> None:
    table = "when weight,when zone,then time needed\n> 40,EU,1\n2.5,,2\n3 and 4,,2\notherwise,,0\n"
    said = found(tmp_path, table)
    assert [one.partition(" (")[0] for one in said] == [
        "2: never-applies: row 2 of fees.csv never applies",
        "3: never-applies: row 3 of fees.csv never applies",
        "4: never-applies: row 4 of fees.csv never applies",
    ]


def test_a_conclusion_beyond_the_bounds(tmp_path: Path) -> None:
    facts = """
case:
  weight: {type: number, question: How heavy?}
  fee: {type: money, at_most: 10 EUR, finding: "{fee}"}
"""
    assert found(tmp_path, "when weight,then fee\n> 5,12 EUR\notherwise,1\n", facts) == [
        "2: beyond-bounds: row 2 of fees.csv concludes 12 EUR, beyond what `fee` can be, so it becomes 10 EUR"
    ]


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("when weight,when express,then fee\n<= 18,,1\n> 20,,2\n19..20,yes,3\n", "weight is 19 and not express"),
        ('when zone,then fee\n"EU, far",1\nUK.1,2\n', "zone is other"),
        ('when town,then fee\n"Bern, Köln",1\n', "town is something else"),
        ("when faults,then fee\nwet,1\ntorn,2\n", "faults do not include wet and faults do not include torn"),
        ("when express,when weight,then fee\nunknown,> 5,1\nknown,,2\n", "express is unknown and weight is 0"),
        ("when weight,then fee\nnone,1\n> 0,2\n", "weight is 0"),
    ],
)
def test_a_case_that_no_row_takes(table: str, where: str, tmp_path: Path) -> None:
    (said,) = found(tmp_path, table)
    assert f"no row applies where {where}: then `fee` is none" in said


@pytest.mark.parametrize(
    "table",
    [
        "when weight,when express,then fee\n<= 18,,1\n> 18,yes,2\n> 18,no,3\n",
        'when zone,then fee\n"EU, far",1\nnot EU,2\n',
        "when express,then fee\nunknown,1\nyes,2\nno,3\n",
        "when weight,then fee\n<= 18,1\notherwise,2\n",
        "when weight,when weight * 2,then fee\n<= 18,,1\n,> 30,2\n",
        "hit,collect-sum\nwhen weight,then fee\n<= 18,1\n> 3,2\n",
    ],
)
def test_nothing_is_said_of_rows_that_are_right_or_cannot_be_told(table: str, tmp_path: Path) -> None:
    assert found(tmp_path, table) == []


def test_rows_of_which_one_only_may_apply(tmp_path: Path) -> None:
    table = "hit,unique\nwhen weight,when zone,then fee\n<= 20,EU,1\n20..30,,2\n> 30,,3\n< 20,not EU,4\n"
    assert found(tmp_path, table) == [
        "4: rows-overlap: row 4 of fees.csv and row 3 of fees.csv both apply where weight is 20 and zone is EU"
    ]


def test_rows_that_may_apply_together_must_agree(tmp_path: Path) -> None:
    table = "hit,any\nwhen weight,when express,then fee,then time needed\n<= 20,,1,2\n>= 20,,1,2\n,yes,1,3\n"
    (said,) = found(tmp_path, table)
    assert said.startswith("5: rows-overlap: row 5 of fees.csv and row 3 of fees.csv both apply where weight is 0 and")
    assert said.endswith("and express, and differ in `time_needed`")


def test_values_that_hang_on_one_another_raise_no_false_alarm(tmp_path: Path) -> None:
    """A band of the weight beside the weight: what the cells allow together may be impossible."""
    facts = """
case:
  weight: {type: number, question: How heavy?, at_least: 0}
  heavy: {type: yes/no, rows: [{when: weight is above 20, is: yes}, {otherwise: no}]}
  fee: {type: money, finding: "{fee}"}
"""
    table = "hit,unique\nwhen weight,when heavy,then fee\n<= 20,,1\n,yes,2\n"
    assert found(tmp_path, table, facts) == []


def test_rows_in_facts_are_looked_at_too(tmp_path: Path) -> None:
    facts = """
case:
  age: {type: whole number, question: How old?, at_least: 0, at_most: 120}
  fee:
    type: money
    finding: "{fee}"
    rows:
      - {when: age is above 18, is: 1 EUR}
      - {when: age is above 65, is: 2 EUR}
      - {when: age is below 18, is: 3 EUR}
"""
    pack = write(tmp_path / "pack")
    (pack / "facts.yaml").write_text(facts, encoding="utf-8")
    problems = [str(one).partition("facts.yaml")[2] for one in check_pack(advisor.load(pack).data)]

    assert problems[0].startswith(
        ":9:9: unreachable-row: row 2 of `fee` is never reached: row 1 of `fee` applies wherever"
    )
    assert problems[1].startswith(":10:9: no-otherwise: no row applies where age is 18: then `fee` is none")


@pytest.mark.parametrize("seed", range(60))
def test_what_is_found_is_what_trying_every_case_finds(seed: int, tmp_path: Path) -> None:
    """Rows over three facts of a few values each: reached or not, overlapping or not, a gap or none."""
    rng = random.Random(seed)
    facts = """
case:
  a: {type: whole number, question: A?, at_least: 0, at_most: 6}
  b: {type: choice, choices: {x: X, y: Y, z: Z}, question: B?}
  c: {type: yes/no, question: C?}
  out: {type: whole number, finding: "{out}"}
"""
    hit = rng.choice(["first", "unique"])
    tests = {
        "a": ["", "> 2", "<= 3", "1..4", "5", '"1, 6"', "not 2"],
        "b": ["", "x", "not y", '"x, z"', "y"],
        "c": ["", "yes", "no"],
    }
    rows = [[rng.choice(tests[name]) for name in "abc"] for _ in range(rng.randint(2, 7))]
    lines = [",".join([*row, str(number)]) for number, row in enumerate(rows)]
    said = found(tmp_path, f"hit,{hit}\nwhen a,when b,when c,then out\n" + "\n".join(lines) + "\n", facts)

    cases = list(product(range(7), "xyz", ("yes", "no")))
    takes = [{case for case in cases if all(map(_holds, row, case))} for row in rows]
    gap = len(set().union(*takes)) < len(cases)
    assert any("no-otherwise" in one for one in said) == gap
    lines_of = {int(one.partition(":")[0]) - 3 for one in said if "no-otherwise" not in one}
    if hit == "first":
        wanted = {at for at, mine in enumerate(takes) if mine <= set().union(*takes[:at])}
    else:
        wanted = {at for at, mine in enumerate(takes) if mine & set().union(*takes[:at])}
    assert lines_of == wanted


def _holds(test: str, value: object) -> bool:
    test = test.strip('"')
    if test.startswith("not "):
        return not _holds(test[4:], value)
    if ".." in test:
        low, _, high = test.partition("..")
        return int(low) <= int(str(value)) <= int(high)
    if test.startswith(("> ", "<= ")):
        sign, number = test.split()
        return int(str(value)) > int(number) if sign == ">" else int(str(value)) <= int(number)
    return not test or str(value) in test.split(", ")


def test_a_table_of_thousands_of_rows_is_checked_at_once(tmp_path: Path) -> None:
    """A ladder of ranges, in which only what lies beyond them is missing."""
    rows = "".join(f"{n}..{n + 1},{'yes' if n % 2 else 'no'},{n}\n" for n in range(0, 4000, 2))
    facts = """
case:
  a: {type: whole number, question: A?, at_least: 0, at_most: 10000}
  c: {type: yes/no, question: C?}
  out: {type: whole number, finding: "{out}"}
"""
    (said,) = found(tmp_path, f"when a,when c,then out\n{rows}", facts)
    assert "no row applies where" in said
