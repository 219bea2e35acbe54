"""Sheets of XLSX and ODS files: what is written is read back as people type it, and hostile files are refused."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from advisor.files.grids import read_grids
from advisor.files.sheets import LARGEST_UNPACKED, read_sheets, write_ods, write_xlsx
from advisor.problems.problem import Problems

ROWS = [
    ["hit", "first", ""],
    ["when a", "then b", "because"],
    ["007", "1.50", "a, b"],
    ["-3", "0.25", '"quoted"'],
    ["2024-01-31", "yes", "=1+1"],
    ["1e3", "1000000", "J45.0"],
]


@pytest.mark.parametrize(("ending", "write"), [(".xlsx", write_xlsx), (".ods", write_ods)])
def test_what_is_written_is_read_back(ending: str, write: object) -> None:
    data = write([("First", ROWS), ("Second", [["x"]])])  # type: ignore[operator]

    assert read_sheets(Path(f"book{ending}"), data) == [("First", ROWS), ("Second", [["x"]])]


def test_typed_cells_become_what_a_person_would_type() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    moment = datetime(2024, 2, 1, 9, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
    sheet.append([5, 2.5, True, date(2024, 2, 1), moment, 0.25, None, 0.1, 12.0])
    sheet["F1"].number_format = "0%"
    sheet["C3"] = "below an empty row"
    held = io.BytesIO()
    book.save(held)

    ((_, rows),) = read_sheets(Path("book.xlsx"), held.getvalue())
    assert rows[0] == ["5", "2.5", "yes", "2024-02-01", "2024-02-01 09:30", "25 %", "", "0.1", "12"]
    assert rows[2][2] == "below an empty row"
    (grid,) = read_grids(Path("book.xlsx"), held.getvalue())
    assert [(row.number, grid.address(row, 2)) for row in grid.rows] == [(1, "Sheet!C1"), (3, "Sheet!C3")]


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_what_is_no_such_file_is_told_so(ending: str) -> None:
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as packed:
        packed.writestr("a", "b")
    for data in (b"not a zip", empty.getvalue()):
        with pytest.raises(Problems) as raised:
            read_sheets(Path(f"book{ending}"), data)
        assert [one.kind for one in raised.value.problems] == ["bad-sheet"]


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"\0" * (LARGEST_UNPACKED + 1))

    with pytest.raises(Problems) as raised:
        read_sheets(Path("book.xlsx"), held.getvalue())
    assert [one.kind for one in raised.value.problems] == ["too-large"]


@pytest.mark.parametrize(("ending", "module"), [(".xlsx", "openpyxl"), (".ods", "odf")])
def test_a_missing_extra_is_named_with_how_to_install_it(
    ending: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(Problems) as raised:
        read_sheets(
            Path(f"book{ending}"), write_xlsx([("a", [["b"]])]) if module == "odf" else write_ods([("a", [["b"]])])
        )
    (problem,) = raised.value.problems
    assert problem.kind == "missing-extra"
    assert "pip install 'decision-advisor[sheets]'" in problem.help
