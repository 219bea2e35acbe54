"""Decision tables: what their cells mean, how their rows work together, and the words and places of their proofs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.advice.explain import explain
from advisor.files.sheets import write_ods, write_xlsx
from advisor.language.printing import text
from advisor.packs.checks import check_pack
from advisor.problems.problem import Problems
from tests.reasoning.reference import Reference, listed

DAY = date(2026, 6, 1)
PACK = """
format: 1
title: Parcels
version: 1
question: What does it cost?
currency: EUR
eras: {old: {title: before, until: 2025-12-31}, new: {title: since, from: 2026-01-01}}
"""
FACTS = """
case:
  weight: {type: whole number, question: How heavy?, at_least: 0, at_most: 40}
  zone: {type: choice, choices: {EU: the EU, UK.1: Great Britain, far: elsewhere, other: yes}, question: Where to?}
  express: {type: yes/no, question: By express?}
  town: {type: text, question: Which town?}
  sent: {type: date, question: When was it sent?}
  faults: {type: choices, choices: {wet: it is wet, torn: it is torn}, question: What is wrong?}
  fee: {type: money, finding: "It costs {fee}."}
  time_needed: {type: whole number, finding: "{time_needed} days."}
  papers: {type: choices, choices: {CN22: CN22, CN23: CN23, invoice: an invoice}}
  carrier: {type: text, finding: "{carrier}."}
"""


def write(folder: Path, table: str | None = None, **files: str) -> Path:
    """A pack with the facts above and one table."""
    (folder / "tables").mkdir(parents=True)
    facts = [line for line in FACTS.splitlines() if "question" in line or _is_concluded(line, table)]
    named = {"pack.yaml": PACK, "facts.yaml": "\n".join(facts)} | {f"{name}.yaml": text for name, text in files.items()}
    if table is not None:
        named["tables/fees.csv"] = table
    for name, said in named.items():
        (folder / name).write_text(said, encoding="utf-8")
    return folder


def _is_concluded(line: str, table: str | None) -> bool:
    name = line.strip().partition(":")[0]
    return name == "case" or f"then {name.replace('_', ' ')}" in (table or "then fee")


def loaded(folder: Path, table: str | None = None, **files: str) -> Any:
    return advisor.load(write(folder / "pack", table, **files))


def said_of(folder: Path, table: str) -> list[str]:
    """The problems of the pack with a table, beside those of what nothing uses."""
    try:
        problems = check_pack(advisor.load(write(folder / "pack", table)).data)
    except Problems as error:
        problems = error.problems
    kept = [one for one in problems if not one.kind.startswith("unused")]
    return [str(one).replace(f"{folder}/pack/tables/", "") for one in kept]


def values(pack: Any, **facts: Any) -> dict[str, Any]:
    world = pack.reason(pack.case({"format": 1, "today": DAY.isoformat(), "facts": facts}))
    fields = pack.program.fields["case"]
    return {one.name: world.case.values[one.index] for one in fields if one.fact is not None and one.fact.derived}


@pytest.mark.parametrize(
    ("column", "cell", "condition"),
    [
        ("weight", "5", "weight is 5"),
        ("weight", "5..20", "weight is between 5 and 20"),
        ("weight", "> 5", "weight is above 5"),
        ("weight", "<=20", "weight is at most 20"),
        ("weight", "≥ 3", "weight is at least 3"),
        ("weight", "at least 3", "weight is at least 3"),
        ("weight", "> 5 and <= 20", "weight is above 5 and weight is at most 20"),
        ("weight", "'1, 2'", "weight is one of [1, 2]"),
        ("weight", "'1, 5..20'", "weight is 1 or weight is between 5 and 20"),
        ("weight", "not 5", "weight is not 5"),
        ("weight", "'not 1, 2'", "weight is not one of [1, 2]"),
        ("weight", "none", "weight is none"),
        ("weight", "unknown", "weight is unknown"),
        ("weight", "known", "weight is known"),
        ("weight * 2", "> 5", "weight * 2 is above 5"),
        ("zone", "UK.1", 'zone is "UK.1"'),
        ("zone", "uk.1", 'zone is "UK.1"'),
        ("zone", "Great Britain", 'zone is "UK.1"'),
        ("zone", "'EU, far'", "zone is one of [EU, far]"),
        ("zone", "not EU", "zone is not EU"),
        ("zone", "'not EU, far'", "zone is not one of [EU, far]"),
        ("zone", "none", "zone is none"),
        ("express", "yes", "express"),
        ("express", "no", "not express"),
        ("town", "Bad Ems", 'town is "Bad Ems"'),
        ("town", "'Bad Ems, Köln'", 'town is one of ["Bad Ems", "Köln"]'),
        ("sent", "before 2026-01-01", "sent is before 2026-01-01"),
        ("sent", "2026-01-01..2026-02-01", "sent is between 2026-01-01 and 2026-02-01"),
        ("faults", "wet", "faults include wet"),
        ("faults", "'wet, torn'", "faults include wet or faults include torn"),
        ("faults", "wet and torn", "faults include wet and faults include torn"),
        ("faults", "none", "faults is none"),
        ("weight is above 5", "no", "weight is not above 5"),
        ("", "express or weight is 3", "express or weight is 3"),
    ],
)
def test_a_cell_says_what_its_column_is(column: str, cell: str, condition: str, tmp_path: Path) -> None:
    table = f"when {column},then fee\n{cell},3\n".replace("'", '"')
    (row,) = loaded(tmp_path, table).data.facts["case"]["fee"].rows

    said = text(row.when)
    assert said.replace("not (weight is above 5)", "weight is not above 5") == condition


@pytest.mark.parametrize("cell", ["", "-", "–"])
def test_an_empty_cell_or_a_dash_asks_nothing(cell: str, tmp_path: Path) -> None:
    (row,) = loaded(tmp_path, f"when weight,when zone,then fee\n{cell},EU,3\n").data.facts["case"]["fee"].rows

    assert text(row.when) == "zone is EU"


TARIFF = """hit,first
when weight,when zone,when express,then fee,then time needed,then carrier,because,sources
0..2,EU,-,5 EUR,3,Post,Light and near.,tariff
0..2,"UK.1, far",no,12.50,9,{town},,
> 2 and <= 20,,,15 EUR + weight * 1 EUR,10,Freight,,
otherwise,,,99,20,,,
"""
SOURCES = "tariff: {title: The tariff}"


def test_the_first_row_that_applies_gives_every_output(tmp_path: Path) -> None:
    """Money, whole numbers and texts, written down or worked out."""
    pack = loaded(tmp_path, TARIFF, sources=SOURCES)

    light = values(pack, weight="1", zone="far", express="no", town="Bern")
    assert (light["fee"], light["time_needed"], light["carrier"]) == (12.5, 9, "Bern")
    heavy = values(pack, weight="10", zone="EU")
    assert (heavy["fee"], heavy["time_needed"], heavy["carrier"]) == (25, 10, "Freight")
    assert values(pack, weight="30", zone="EU", express="no")["fee"] == 99


def test_what_is_unknown_leaves_the_rows_open_that_hang_on_it(tmp_path: Path) -> None:
    pack = loaded(tmp_path, TARIFF, sources=SOURCES)

    assert listed(values(pack, weight="1", express="no")["time_needed"]) == {3, 9, 20}
    assert listed(values(pack, weight="1", zone="EU")["fee"]) == {5}


def test_a_proof_names_the_row_its_condition_reason_and_source(tmp_path: Path) -> None:
    pack = loaded(tmp_path, TARIFF, sources=SOURCES)
    advice = pack.advise(pack.case({"format": 1, "facts": {"weight": "1", "zone": "EU"}}))

    said = explain(advice, "fee")
    assert "row 3 of fees.csv" in said
    assert "when weight is between 0 and 2 and zone is EU" in said
    assert "Light and near." in said
    assert "The tariff" in said


COLLECT = """hit,collect
when zone,when weight,then papers
not EU,<= 2,CN22
not EU,> 2,"CN23, invoice"
-,> 30,invoice
"""


def test_collected_rows_conclude_several_choices(tmp_path: Path) -> None:
    pack = loaded(tmp_path, COLLECT)

    def papers(**facts: Any) -> set[str]:
        return {name.partition(".")[2] for name, value in values(pack, **facts).items() if value is True}

    assert papers(zone="far", weight="1") == {"CN22"}
    assert papers(zone="far", weight="5") == {"CN23", "invoice"}
    assert papers(zone="EU", weight="35") == {"invoice"}
    assert papers(zone="EU", weight="1") == set()
    assert papers(weight="35") == {"invoice"}


def test_rows_are_added_up(tmp_path: Path) -> None:
    table = "hit,collect-sum\nwhen weight,when express,then fee\n> 2,,5\n,yes,10\n> 20,,weight * 1 EUR\n"
    pack = loaded(tmp_path, table)

    assert values(pack, weight="1", express="no")["fee"] == 0
    assert values(pack, weight="30", express="yes")["fee"] == 45


@pytest.mark.parametrize("table", [TARIFF.replace("{town}", "x"), COLLECT])
def test_tables_agree_with_the_reference(table: str, tmp_path: Path) -> None:
    """Every possible value of every output, with each of the facts unknown in turn."""
    pack = loaded(tmp_path, table.replace("15 EUR + weight * 1 EUR", "15"), sources=SOURCES)
    known = {"weight": "one of [2, 3, 31]", "zone": "far", "express": "no", "town": "x", "sent": "2026-01-01"}
    for left_out in ({}, {"zone": "unknown"}, {"express": "unknown"}, {"zone": "not EU", "weight": "one of [1, 2]"}):
        facts = {**known, **left_out, "faults": "none"}
        case = pack.case({"format": 1, "today": DAY.isoformat(), "facts": facts})
        world = pack.reason(case)
        reference = Reference(pack.data, case, DAY)
        for one in pack.program.fields["case"]:
            if one.fact is not None and one.fact.derived:
                found = listed(world.case.values[one.index])
                assert found == reference.possible("case", "", one.name), (one.name, facts)


def test_rows_hold_from_and_until_a_day_or_in_an_era(tmp_path: Path) -> None:
    table = "when weight,then fee,from,until,era\n-,1,,2025-01-31,\n-,2,2025-02-01,2025-12-31,\n-,3,,,new\n"
    pack = loaded(tmp_path, table)
    case = pack.case({"format": 1, "facts": {"weight": "1"}})
    fee = pack.program.find("case", "fee").index

    for day, wanted in ((date(2025, 1, 1), 1), (date(2025, 6, 1), 2), (date(2026, 6, 1), 3)):
        assert pack.reason(case, today=day, as_of=day).case.values[fee] == wanted


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_sheet_says_the_same_as_a_csv_file(ending: str, tmp_path: Path) -> None:
    """And a mistake in it is told with its cell."""
    rows = [line.split(",") for line in "hit,first\nwhen weight,when zone,then fee\n2,EU,5\n> 2,EU,2.5\n".splitlines()]
    notes = [["Just a note"], ["id", "label", "rate"], ["a", "A", "3"]]
    written = (write_xlsx if ending == "xlsx" else write_ods)([("Fees", rows), ("Rates", notes[1:])])
    folder = write(tmp_path / "pack")
    (folder / "tables" / f"book.{ending}").write_bytes(written)

    pack = advisor.load(folder)
    assert [row.called for row in pack.data.facts["case"]["fee"].rows] == [
        f"row 3 of sheet Fees of book.{ending}",
        f"row 4 of sheet Fees of book.{ending}",
    ]
    assert set(pack.data.tables) == {"rates"}

    rows[3][1] = "UE"
    (folder / "tables" / f"book.{ending}").write_bytes(
        (write_xlsx if ending == "xlsx" else write_ods)([("Fees", rows)])
    )
    with pytest.raises(Problems) as raised:
        advisor.load(folder)
    (problem,) = raised.value.problems
    assert problem.kind == "unknown-choice"
    assert problem.message == "cell Fees!B4: there is no choice `UE`"
    assert problem.line == "> 2 | UE | 2.5"
    assert problem.full().splitlines()[2].index("^") == problem.full().splitlines()[1].index("UE")


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (
            "when weight,then fee\n250..1,3\n",
            "fees.csv:2:1: empty-range: cell A2: the ends of this range are the wrong",
        ),
        ("when weight,then fee\nheavy,3\n", "fees.csv:2:1: unknown-fact: cell A2: nothing is called `heavy`"),
        ("when wieght,then fee\n1,3\n", "fees.csv:1:6: unknown-fact: cell A1: nothing is called `wieght`"),
        ("if weight,then fee\n1,3\n", "fees.csv:1:1: bad-header: cell A1: `if weight` is no column of a decision"),
        ("when weight,then fees\n1,3\n", "fees.csv:1:18: unknown-fact: cell B1: there is no fact `fees`"),
        ("when weight,then fee\n1,3 kg\n", "fees.csv:2:5: unexpected-word: cell B2: "),
        ("when zone,then fee\nFR,3\n", "fees.csv:2:1: unknown-choice: cell A2: there is no choice `FR`"),
        ("hit,frist\nwhen zone,then fee\nEU,3\n", "fees.csv:1:5: not-allowed: cell B1: `frist` does not say"),
        ("hits,first\nwhen zone,then fee\nEU,3\n", "fees.csv:1:1: unknown-key: cell A1: `hits` cannot stand above"),
        ("hit,collect\nwhen zone,then fee\nEU,3\n", "fees.csv:2:11: wrong-type: cell B2: `fee` has one value"),
        ("hit,collect-sum\nwhen zone,then carrier\nEU,x\n", "fees.csv:2:11: wrong-type: cell B2: `carrier` is no"),
        ("when zone,then fee\notherwise,3\nEU,4\n", "fees.csv:2:1: unreachable-row: cell A2: no row below"),
        ("when zone,when weight,then fee\notherwise,3,4\n", "fees.csv:2:1: bad-row: cell A2: a row with `otherwise`"),
        ("when zone,then fee,from\nEU,3,soon\n", "fees.csv:2:6: bad-date: cell C2: `soon` is not a date"),
        ("when zone,then fee,era\nEU,3,nwe\n", "fees.csv:2:6: unknown-era: cell C2: there is no era `nwe`"),
        ("when zone,then fee,sources\nEU,3,x\n", "fees.csv:2:6: unknown-source: cell C2: there is no source `x`"),
        ("when zone,then fee\nEU\n", "fees.csv:2:1: uneven-row: this row has 1 cells, the header has 2"),
        ("when zone,then fee\n", "fees.csv:1:1: no-rows: there are no rows below this header"),
        (
            "when zone,then fee,then fee\nEU,3,4\n",
            "fees.csv:1:20: duplicate-column: cell C1: two columns conclude `fee`",
        ),
        ("about,parcel\nwhen zone,then fee\nEU,3\n", "fees.csv:1:7: unknown-entity: cell B1: there is no entity"),
    ],
)
def test_mistakes_in_a_table_have_their_cell(table: str, wanted: str, tmp_path: Path) -> None:
    found = said_of(tmp_path, table)

    assert any(one.startswith(wanted) for one in found), found


def test_a_pack_of_tables_needs_no_sources_and_no_standing(tmp_path: Path) -> None:
    """Nor a word for what else there may be."""
    pack = loaded(
        tmp_path, TARIFF.replace(",because,sources", "").replace(",,\n", "\n").replace(",Light and near.,tariff", "")
    )

    assert dict(pack.data.facts["case"]["zone"].type.choices)["other"] == "something else"
