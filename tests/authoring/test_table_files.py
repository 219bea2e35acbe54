"""Tables carried to spreadsheets and back, rows of facts as tables, and decision tables of DMN taken over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor import cli
from advisor.authoring.dmn import read_dmn
from advisor.authoring.table_files import csv_text, exported, read_rows, written
from advisor.language.tree import And
from advisor.packs.checks import check_pack
from advisor.problems.problem import Problems
from tests.packs.test_decisions import COLLECT, SOURCES, TARIFF, loaded, values, write

LOAN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="Loan routing" namespace="x">
  <inputData id="i1" name="Credit Score"><variable name="Credit Score" typeRef="number"/></inputData>
  <decision id="d1" name="Risk Category">
    <decisionTable>
      <input><inputExpression typeRef="number"><text>Credit Score</text></inputExpression></input>
      <input><inputExpression typeRef="string"><text>Employment</text></inputExpression></input>
      <output name="Risk Category" typeRef="string"/>
      <rule><inputEntry><text>&lt; 600</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"HIGH"</text></outputEntry></rule>
      <rule><inputEntry><text>[600..720.5)</text></inputEntry>
        <inputEntry><text>"self employed","paid"</text></inputEntry>
        <outputEntry><text>"MEDIUM"</text></outputEntry></rule>
      <rule><inputEntry><text>[600..720.5)</text></inputEntry>
        <inputEntry><text>not("self employed","paid")</text></inputEntry>
        <outputEntry><text>"HIGH"</text></outputEntry></rule>
      <rule><inputEntry><text>&gt;= 720.5</text></inputEntry><inputEntry><text></text></inputEntry>
        <outputEntry><text>"LOW"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="d2" name="Fee">
    <decisionTable hitPolicy="COLLECT" aggregation="SUM">
      <input><inputExpression typeRef="string"><text>Risk Category</text></inputExpression></input>
      <input><inputExpression typeRef="number"><text>Income</text></inputExpression></input>
      <output name="Fee" typeRef="number"/>
      <rule><inputEntry><text>"HIGH"</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>Income * 0.02</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><inputEntry><text>&lt; 1000</text></inputEntry>
        <outputEntry><text>25</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


@pytest.mark.parametrize("table", [TARIFF, COLLECT])
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".ods"])
def test_a_table_goes_out_and_comes_back_as_it_was(table: str, ending: str, tmp_path: Path) -> None:
    """Letter by letter."""
    pack = loaded(tmp_path, table, sources=SOURCES)
    rows = exported(pack.data, "fees")
    file = tmp_path / f"fees{ending}"
    file.write_bytes(written({"fees": rows}, ending))

    (back,) = read_rows(file).values()
    assert csv_text(back) == csv_text(rows) == table


def test_rows_of_a_fact_become_a_table_that_says_the_same(tmp_path: Path) -> None:
    facts = """
case:
  weight: {type: whole number, question: How heavy?, at_least: 0, at_most: 9}
  zone: {type: choice, choices: {EU: the EU, UK.1: Great Britain}, question: Where to?}
  express: {type: yes/no, question: By express?}
  town: {type: text, question: Which town?}
  fee:
    type: number
    finding: "{fee}"
    rows:
      - {when: weight is between 2 and 4 and not express, is: 1}
      - {when: 'zone is not EU and weight is above 1 and weight is below 9', is: weight * 2, because: It is far.}
      - {when: 'zone is one of [EU, "UK.1"] and town is "a, b"', is: 3}
      - {when: 'weight is unknown or town starts with "B"', is: 4}
      - {when: 'town is "Köln"', is: none}
      - {otherwise: 5}
"""
    folder = write(tmp_path / "one")
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    before = advisor.load(folder)
    other = write(tmp_path / "other", csv_text(exported(before.data, "fee")))
    (other / "facts.yaml").write_text(facts[: facts.index("    rows:")], encoding="utf-8")
    after = advisor.load(other)

    def asked(pack: Any) -> list[Any]:
        """What each row asks, whatever the order, and concludes."""
        rows = pack.data.facts["case"]["fee"].rows
        return [
            (set(row.when.operands) if isinstance(row.when, And) else row.when, row.value, row.because) for row in rows
        ]

    assert [one[:2] for one in asked(after)] == [one[:2] for one in asked(before)]
    assert [one[2] is None for one in asked(after)] == [one[2] is None for one in asked(before)]


def run(*arguments: str | Path) -> int:
    return cli.run([str(one) for one in arguments])


def test_a_dmn_file_becomes_a_pack_that_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Open ends of ranges, lists, `not`, sums, and one decision that reads another."""
    file = tmp_path / "loan.dmn"
    file.write_text(LOAN, encoding="utf-8")

    assert run("rules", "table", "import", file, "--new", tmp_path / "loan") == 0
    capsys.readouterr()
    pack = advisor.load(tmp_path / "loan")
    assert check_pack(pack.data) == []

    def comes_to(**facts: Any) -> tuple[Any, Any]:
        found = values(pack, **facts)
        return found["risk_category"], found["fee"]

    assert comes_to(credit_score="599.5", employment="paid", income="2000") == ("HIGH", 40)
    assert comes_to(credit_score="600", employment="self_employed", income="500") == ("MEDIUM", 25)
    assert comes_to(credit_score="600", employment="other", income="500") == ("HIGH", 35)
    assert comes_to(credit_score="721", employment="paid", income="1000") == ("LOW", 0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("&gt;= 720.5", "count(x) &gt; 2", "17:13: not-understood: the test `count(x) > 2` is not understood"),
        ('hitPolicy="COLLECT" aggregation="SUM"', 'hitPolicy="PRIORITY"', "not-understood: the hit policy PRIORITY"),
        ("<text>Credit Score</text>", "<text>if a then b else c</text>", "1:1"),
        ("<text>25</text>", "<text>[1, 2]</text>", "not-understood: the value `[1, 2]` is not understood"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "loan.dmn"
    file.write_text(LOAN.replace(old, new), encoding="utf-8")

    found = read_dmn(file).problems
    if said != "1:1":
        assert said in str(found[0])
        assert found[0].line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<definitions>", "bad-dmn: this is not XML"),
        ("<html/>", "bad-dmn: this is not DMN"),
        ("<definitions/>", "bad-dmn: there is no decision table"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><definitions>&b;</definitions>', "bad-dmn: this file declares a document type"),
        ("<definitions>" + "<a>" * 100 + "</a>" * 100 + "</definitions>", "bad-dmn"),
        ("", "bad-dmn: this is not XML"),
    ],
)
def test_what_is_no_dmn_is_told_so(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "a.dmn"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as raised:
        read_dmn(file)
    assert said in str(raised.value)


def test_a_table_is_taken_into_a_pack_and_its_facts_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "rules" / "parcels", "when weight,when zone,then fee\n> 5,EU,3\notherwise,,0\n")
    file = tmp_path / "extras.csv"
    file.write_text("when weight,when fragile,then extra\n> 5,yes,2.50 EUR\notherwise,,0\n", encoding="utf-8")

    assert run("rules", "table", "import", file, "--rules", folder) == 0
    said = capsys.readouterr().out
    assert "fragile: {type: yes/no, question: " in said
    assert "extra: {type: money, finding: " in said
    assert "weight" not in said.partition("case:")[2]
    assert run("rules", "table", "import", file, "--rules", folder) == 2
    assert "--replace" in capsys.readouterr().err
