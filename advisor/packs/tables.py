"""Look-up tables: CSV or YAML to `Table`, a type for each column.

The first column is the id, the second the label. A column is yes/no, a number or a date when all its cells that hold
anything are; else it is text. An empty cell is none.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from advisor.files.shapes import ID, NAME, bad_name, fit, looks_like
from advisor.files.yaml import MapNode, Node, SourceText, Spot, TextNode, decoded, read_text, refuse_control_characters
from advisor.packs.pack import Table
from advisor.packs.shapes import TABLE
from advisor.problems.problem import Collected, Problem, Problems
from advisor.values.numbers import DIGITS, has_decimal_comma, read_number, unsettled
from advisor.values.text import read_date
from advisor.values.types import DATE, NONE, NUMBER, TEXT, YES_NO, Number, Scalar, Type

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
_FIXED = 2
"""The columns id and label."""

_YES_NO = {"yes": True, "no": False}
# Stricter than what a person may type: `+93` and `007` are codes, not numbers.
_A_NUMBER = re.compile(rf"[-−]?(?!0\d){DIGITS}k?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a row, and where it stands."""

    cells: list[str]
    spot: Spot


def table_name(path: Path) -> str:
    """What a table is called: its file's name, without the ending."""
    return path.stem.replace("-", "_")


def read_table(path: Path, data: bytes) -> Table:
    """The table in a CSV or YAML file that holds `data`. Raises Problems with every mistake in it."""
    text = decoded(data, str(path))
    problems: list[Problem] = Collected()
    source = SourceText(str(path), text)
    refuse_control_characters(source)
    whole = Spot(source, _At(0, 0), _At(0, 0))
    if not looks_like(table_name(path), NAME):
        problems.append(bad_name(whole, path.stem, NAME))
    if path.suffix == ".csv":
        header, rows = _csv_rows(source, problems)
    else:
        header, rows = _yaml_rows(read_text(text, str(path)), problems)
    table = _table(table_name(path), header, rows, problems, whole)
    if problems:
        raise Problems(problems)
    return table


@dataclass(slots=True)
class _At:
    line: int
    column: int


def _csv_rows(source: SourceText, problems: list[Problem]) -> tuple[list[str], list[_Row]]:
    """The header and the rows of a CSV file; blank lines are passed over."""
    reader = csv.reader(io.StringIO(source.text, newline=""), strict=True)
    rows: list[_Row] = []
    line = 0
    try:
        for cells in reader:
            if cells and len(rows) <= MOST_ROWS:
                rows.append(_Row([cell.strip() for cell in cells], _line_spot(source, line)))
            line = reader.line_num
    except csv.Error as error:
        message = f"this is not CSV: {error}"
        problems.append(
            _line_spot(source, line).problem("bad-csv", message, "a cell with a comma or a quote stands in quotes")
        )
    if len(rows) > MOST_ROWS:
        problems.append(
            rows[-1].spot.problem("too-many", f"there are more than {MOST_ROWS:,} rows in this table", "divide it")
        )
    if not rows:
        return [], []
    header = rows[0].cells
    _check_header(header, rows[0].spot, problems)
    if len(header) < _FIXED:
        return [], []
    return header, _even_rows(header, rows[1:], problems)


def _line_spot(source: SourceText, line: int) -> Spot:
    return Spot(source, _At(line, 0), _At(line, len(source.line(line))))


def _check_header(header: list[str], spot: Spot, problems: list[Problem]) -> None:
    if len(header) < _FIXED or len(header) > MOST_COLUMNS:
        message = f"a table has from {_FIXED} to {MOST_COLUMNS} columns, and this one {len(header)}"
        problems.append(spot.problem("bad-header", message, "the first column is the id, the second the label"))
    for number, name in enumerate(header):
        if name in header[:number]:
            problems.append(
                _cell(spot, name).problem("duplicate-column", f"two columns are called `{name[:80]}`", "rename one")
            )
        elif number >= _FIXED and not looks_like(name, NAME):
            problems.append(bad_name(_cell(spot, name), name, NAME))


def _even_rows(header: list[str], rows: list[_Row], problems: list[Problem]) -> list[_Row]:
    """The rows that have as many cells as the header."""
    for row in rows:
        if len(row.cells) != len(header):
            message = f"this row has {len(row.cells)} cells, the header has {len(header)}"
            problems.append(row.spot.problem("uneven-row", message, "a cell with a comma in it stands in quotes"))
    return [row for row in rows if len(row.cells) == len(header)]


def _cell(row: Spot, cell: str) -> Spot:
    """The spot of a cell in its row, as well as it can be found."""
    found = re.search(rf"(?:^|,)\s*\"?({re.escape(cell)})", row.line_text) if cell else None
    if found is None:
        return row
    return Spot(row.source, _At(row.line, found.start(1)), _At(row.line, found.end(1)))


def _yaml_rows(root: Node, problems: list[Problem]) -> tuple[list[str], list[_Row]]:
    """The columns, in the order in which they first stand, and the rows of a YAML table."""
    fitted = fit(root, TABLE, problems, "the table")
    rows = list(fitted.items()) if isinstance(fitted, MapNode) else []
    columns = dict.fromkeys(name for _, row in rows if isinstance(row, MapNode) for name in row.keys if name != "label")
    for name, key in {name: row.keys[name] for _, row in rows if isinstance(row, MapNode) for name in row.keys}.items():
        if not looks_like(name, NAME):
            problems.append(bad_name(key, name, NAME))
    header = ["id", "label", *columns]
    return header, [_Row([key.text, *_cells(row, header[1:])], key) for key, row in rows if isinstance(row, MapNode)]


def _cells(row: MapNode, columns: Iterable[str]) -> Iterator[str]:
    for column in columns:
        cell = row.values.get(column)
        yield cell.text.strip() if isinstance(cell, TextNode) else ""


def _table(name: str, header: list[str], rows: list[_Row], problems: list[Problem], whole: Spot) -> Table:
    if not rows and not problems:
        problems.append(whole.problem("empty-file", "there are no rows in this table"))
    first: dict[str, _Row] = {}
    for row in rows:
        _check_id(row, first, problems)
    columns: dict[str, Type] = {}
    values: dict[str, dict[str, Scalar]] = {row.cells[0]: {} for row in rows}
    for number, column in enumerate(header[_FIXED:], start=_FIXED):
        cells = [row.cells[number] for row in rows]
        columns[column], read = _typed(cells)
        if columns[column].kind == NUMBER:
            _check_commas(cells, rows, problems)
        for row, cell in zip(rows, cells, strict=True):
            values[row.cells[0]][column] = read[cell]
    labels = {row.cells[0]: row.cells[1] or row.cells[0] for row in rows}
    return Table(name=name, columns=columns, rows=values, labels=labels, place=whole.place)


def _check_id(row: _Row, first: dict[str, _Row], problems: list[Problem]) -> None:
    id_ = row.cells[0]
    if not looks_like(id_, ID):
        problems.append(bad_name(_cell(row.spot, id_), id_, ID))
    elif first.setdefault(id_, row) is not row:
        related = ((first[id_].spot.place, "the first"),)
        spot = _cell(row.spot, id_)
        problems.append(spot.problem("duplicate-id", f"two rows have the id `{id_}`", "rename or delete one", related))


def _typed(cells: list[str]) -> tuple[Type, dict[str, Scalar]]:
    """The type of a column, and the value of each of its cells."""
    distinct = set(cells) - {""}
    read: dict[str, Scalar] = {"": NONE}
    if distinct <= _YES_NO.keys() and distinct:
        return Type(YES_NO), read | {cell: _YES_NO[cell] for cell in distinct}
    if distinct and all(_A_NUMBER.fullmatch(cell) for cell in distinct):
        numbers = _numbers(distinct)
        if numbers is not None:
            return Type(NUMBER), read | numbers
    if distinct and all(_DAY.fullmatch(cell) for cell in distinct):
        days = _days(distinct)
        if days is not None:
            return Type(DATE), read | days
    return Type(TEXT), read | {cell: cell for cell in distinct}


def _numbers(cells: set[str]) -> dict[str, Number] | None:
    """The numbers in the cells; None where one of them is none (then the column is text)."""
    try:
        return {cell: read_number(cell) for cell in cells}
    except ValueError:
        return None


def _check_commas(cells: list[str], rows: list[_Row], problems: list[Problem]) -> None:
    """Notes each number of a column that could be meant in two ways, where others of it have decimal commas."""
    commas = any(map(has_decimal_comma, cells))
    for row, cell in zip(rows, cells, strict=True) if commas else ():
        wrong = unsettled(cell, commas=True)
        if wrong is not None:
            problems.append(_cell(row.spot, cell).problem("bad-value", f"beside decimal commas {wrong}"))


def _days(cells: set[str]) -> dict[str, date] | None:
    """The days that the cells name; None where one of them does not exist (then the column is text)."""
    try:
        return {cell: read_date(cell) for cell in cells}
    except ValueError:
        return None
