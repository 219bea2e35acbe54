"""Decision tables as others publish them, taken over in a few lines: right, tried by worked cases, and short."""

from __future__ import annotations

from pathlib import Path

import pytest

import advisor
from advisor import cli

FOLDER = Path(__file__).parent / "migrated"


def lines(folder: Path, *patterns: str) -> int:
    """How many lines the files have that are no worked cases."""
    return sum(len(path.read_text("utf-8").splitlines()) for one in patterns for path in folder.glob(one))


@pytest.mark.parametrize(("name", "most"), [("vacation", 12), ("vat", 47), ("freight", 18)])
def test_it_is_right_and_short(name: str, most: int, capsys: pytest.CaptureFixture[str]) -> None:
    """No problems, every case as expected; so many lines at most beside the rows of its decision table."""
    folder = FOLDER / name
    rows = {id(row): row.called for fact in advisor.load(folder).data.all_facts() for row in fact.rows}

    assert cli.run(["rules", "check", str(folder)]) == 0
    assert cli.run(["rules", "test", str(folder)]) == 0
    assert capsys.readouterr().err == ""
    assert lines(folder, "*.yaml", "tables/*") - len(set(rows.values())) <= most


def test_each_choice_that_is_concluded_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    case = f"{FOLDER / 'freight' / 'cases' / 'freight.yaml'}#1"
    cli.run(["report", case, "--rules", str(FOLDER), "--pack", "freight", "--show", "findings"])
    said = capsys.readouterr().out

    assert said.count("A permit.") == 1
    assert said.count("A bill of lading.") == 1
    assert "It is insured." in said


def test_a_fork_leaves_out_what_is_known_not_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A weight of 25 to 35 kg is not above 1,000 kg."""
    case = tmp_path / "case.yaml"
    case.write_text('format: 1\nfacts: {class: GEN, weight: "25..35"}\n', encoding="utf-8")
    cli.run(["report", str(case), "--rules", str(FOLDER), "--pack", "freight"])
    said = capsys.readouterr().out

    assert "If weight is at most 30 kg: €12.50." in said
    assert "1,000 kg:" not in said.replace("30 kg to 1,000 kg:", "")
