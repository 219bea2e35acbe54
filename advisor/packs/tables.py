"""Look-up tables: CSV or YAML to `Table`, a type for each column.

The first column is the id, the second the label. A column is yes/no, a number or a date when all its cells that hold
anything are; else it is text. An empty cell is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from advisor.files.grids import MOST_COLUMNS, MOST_ROWS, At, Grid, GridRow
from advisor.files.shapes import CODE, NAME, bad_name, fit, looks_like
from advisor.files.yaml import MapNode, Node, SourceText, Spot, TextNode, decoded, read_text, refuse_control_characters
from advisor.packs.pack import Table
from advisor.packs.shapes import TABLE
from advisor.problems.problem import Collected, Problem, Problems
from advisor.values.numbers import DIGITS, has_decimal_comma, read_number, unsettled
from advisor.values.text import read_date
from advisor.values.types import DATE, NONE, NUMBER, TEXT, YES_NO, Number, Scalar, Type

_FIXED = 2
"""The columns id and label."""

_YES_NO: Final = {"yes": True, "no": False}
# Stricter than what a person may type: `+93` and `007` are codes, not numbers.
_A_NUMBER = re.compile(rf"[-−]?(?!0\d){DIGITS}k?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def table_name(path: Path, sheet: str = "") -> str:
    """What a table is called: its sheet, or else its file's name without the ending."""
    return re.sub(r"[\s-]+", "_", sheet.strip().casefold() or path.stem)


def read_table(path: Path, grid: Grid) -> Table:
    """The look-up table in a CSV file or a sheet. Raises Problems with every mistake in it."""
    problems: list[Problem] = Collected()
    name = table_name(path, grid.sheet)
    whole = Spot(grid.source, At(0, 0), At(0, 0))
    if not looks_like(name, NAME):
        problems.append(bad_name(whole, grid.sheet or path.stem, NAME))
    check_size(grid, problems)
    header, rows = _grid_rows(grid, problems)
    return _read(name, header, rows, problems, whole)


def read_yaml_table(path: Path, data: bytes) -> Table:
    """The look-up table in a YAML file that holds `data`. Raises Problems with every mistake in it."""
    problems: list[Problem] = Collected()
    text = decoded(data, str(path))
    source = SourceText(str(path), text)
    refuse_control_characters(source)
    whole = Spot(source, At(0, 0), At(0, 0))
    name = table_name(path)
    if not looks_like(name, NAME):
        problems.append(bad_name(whole, path.stem, NAME))
    header, rows = _yaml_rows(read_text(text, str(path)), problems)
    return _read(name, header, rows, problems, whole)


def check_size(grid: Grid, problems: list[Problem]) -> None:
    """Notes that a table has more rows than are read."""
    if len(grid.rows) > MOST_ROWS:
        spot = grid.rows[-1].spot
        problems.append(spot.problem("too-many", f"there are more than {MOST_ROWS:,} rows in this table", "divide it"))


def _read(name: str, header: list[str], rows: list[GridRow], problems: list[Problem], whole: Spot) -> Table:
    table = _table(name, header, rows, problems, whole)
    if problems:
        raise Problems(problems)
    return table


def _grid_rows(grid: Grid, problems: list[Problem]) -> tuple[list[str], list[GridRow]]:
    """The header and the rows."""
    if not grid.rows:
        return [], []
    header = grid.rows[0]
    _check_header(header, problems)
    if len(header.cells) < _FIXED:
        return [], []
    return header.texts(), even_rows(header, grid.rows[1:], problems)


def _check_header(header: GridRow, problems: list[Problem]) -> None:
    names = header.texts()
    if len(names) < _FIXED or len(names) > MOST_COLUMNS:
        message = f"a table has from {_FIXED} to {MOST_COLUMNS} columns, and this one {len(names)}"
        help_ = (
            "the first column is the id, the second the label; a decision table has columns `when ...` and `then ...`"
        )
        problems.append(header.spot.problem("bad-header", message, help_))
    for number, (name, cell) in enumerate(zip(names, header.cells, strict=True)):
        if name in names[:number]:
            problems.append(cell.problem("duplicate-column", f"two columns are called `{name[:80]}`", "rename one"))
        elif number >= _FIXED and not looks_like(name, NAME):
            problems.append(bad_name(cell if name else header.spot, name, NAME))


def even_rows(header: GridRow, rows: Iterable[GridRow], problems: list[Problem]) -> list[GridRow]:
    """The rows that have as many cells as the header."""
    found = []
    for row in rows:
        if len(row.cells) != len(header.cells):
            message = f"this row has {len(row.cells)} cells, the header has {len(header.cells)}"
            problems.append(row.spot.problem("uneven-row", message, "a cell with a comma in it stands in quotes"))
        else:
            found.append(row)
    return found


def _yaml_rows(root: Node, problems: list[Problem]) -> tuple[list[str], list[GridRow]]:
    """The columns, in the order in which they first stand, and the rows of a YAML table."""
    fitted = fit(root, TABLE, problems, "the table")
    rows = list(fitted.items()) if isinstance(fitted, MapNode) else []
    columns = dict.fromkeys(name for _, row in rows if isinstance(row, MapNode) for name in row.keys if name != "label")
    for name, key in {name: row.keys[name] for _, row in rows if isinstance(row, MapNode) for name in row.keys}.items():
        if not looks_like(name, NAME):
            problems.append(bad_name(key, name, NAME))
    header = ["id", "label", *columns]
    return header, [
        GridRow(key.line + 1, (key, *_cells(key, row, header[1:]))) for key, row in rows if isinstance(row, MapNode)
    ]


def _cells(key: TextNode, row: MapNode, columns: Iterable[str]) -> Iterator[TextNode]:
    for column in columns:
        cell = row.values.get(column)
        yield cell if isinstance(cell, TextNode) else TextNode(key.source, key, key, "", "")


def _table(name: str, header: list[str], rows: list[GridRow], problems: list[Problem], whole: Spot) -> Table:
    if not rows and not problems:
        problems.append(whole.problem("empty-file", "there are no rows in this table"))
    first: dict[str, TextNode] = {}
    for row in rows:
        _check_id(row.cells[0], first, problems)
    columns: dict[str, Type] = {column: Type(TEXT) for column in _label_columns(header)}
    texts = [[cell.text.strip() for cell in row.cells] for row in rows]
    values: dict[str, dict[str, Scalar]] = {row[0]: dict.fromkeys(columns, row[1] or row[0]) for row in texts}
    for number, column in enumerate(header[_FIXED:], start=_FIXED):
        cells = [row[number] for row in texts]
        columns[column], read = _typed(cells)
        if columns[column].kind == NUMBER:
            _check_commas([row.cells[number] for row in rows], problems)
        for row_, cell in zip(texts, cells, strict=True):
            values[row_[0]][column] = read[cell]
    labels = {row[0]: row[1] or row[0] for row in texts}
    return Table(name=name, columns=columns, rows=values, labels=labels, place=whole.place)


def _label_columns(header: list[str]) -> list[str]:
    """By which names the labels are looked up: `label`, and what the second column is called."""
    own = header[1] if len(header) > 1 else ""
    names = ["label", *([own] if looks_like(own, NAME) else [])]
    return [name for name in dict.fromkeys(names) if name not in header[_FIXED:]]


def _check_id(cell: TextNode, first: dict[str, TextNode], problems: list[Problem]) -> None:
    id_ = cell.text.strip()
    known = first.setdefault(id_.casefold(), cell)
    if not looks_like(id_, CODE):
        problems.append(bad_name(cell, id_, CODE))
    elif known is not cell:
        related = ((known.place, "the first"),)
        same = known.text.strip() == id_
        message = (
            f"two rows have the id `{id_}`" if same else f"the ids `{known.text}` and `{id_}` differ in capitals only"
        )
        problems.append(cell.problem("duplicate-id", message, "rename or delete one", related))


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


def _check_commas(cells: list[TextNode], problems: list[Problem]) -> None:
    """Notes each number of a column that could be meant in two ways, where others of it have decimal commas."""
    commas = any(has_decimal_comma(cell.text) for cell in cells)
    for cell in cells if commas else ():
        wrong = unsettled(cell.text.strip(), commas=True)
        if wrong is not None:
            problems.append(cell.problem("bad-value", f"beside decimal commas {wrong}"))


def _days(cells: set[str]) -> dict[str, date] | None:
    """The days that the cells name; None where one of them does not exist (then the column is text)."""
    try:
        return {cell: read_date(cell) for cell in cells}
    except ValueError:
        return None
