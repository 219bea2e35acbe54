"""Tables of cells, from CSV or from a sheet of an XLSX or ODS file: each cell a text that knows where it stands.

In: what a file holds. Out: a `Grid` for each sheet that holds anything. A line of a `Grid`'s source is a line of the
CSV file, or a row of the sheet with ` | ` between its cells, so that a message can show either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from advisor.files import sheets
from advisor.files.yaml import Mark, SourceText, Spot, TextNode, decoded, refuse_control_characters
from advisor.problems.problem import Problem, Problems

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
SHEETS: Final = (".xlsx", ".ods")
"""The endings of files with sheets."""
ENDINGS: Final = (".csv", *SHEETS)
_BETWEEN_CELLS: Final = " | "
_SEPARATORS: Final = (",", ";", "\t")
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row: its number as a spreadsheet counts, and its cells without the blanks around them."""

    number: int
    cells: tuple[TextNode, ...]

    @property
    def spot(self) -> Spot:
        """The whole of it, as far as it stands on one line."""
        first = self.cells[0]
        return Spot(first.source, At(first.line, 0), At(first.line, len(first.line_text)))

    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.text for cell in self.cells)

    def texts(self) -> list[str]:
        """The texts of its cells."""
        return [cell.text for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a CSV file or of one sheet. `sheet`: its name, empty for a file that has no sheets."""

    source: SourceText
    rows: tuple[GridRow, ...]
    sheet: str = ""

    def address(self, row: GridRow, column: int) -> str:
        """What a spreadsheet calls a cell: `B7`, or `Fees!B7` in a file with sheets; `column` counts from 0."""
        sheet = f"{self.sheet}!" if self.sheet else ""
        return f"{sheet}{column_letters(column)}{row.number}"


@dataclass(slots=True)
class At:
    """A line and a column, counted from 0."""

    line: int
    column: int


def column_letters(column: int) -> str:
    """What a spreadsheet calls a column that counts from 0: `A`, `Z`, `AA`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_grids(path: Path, data: bytes) -> list[Grid]:
    """The grids in a CSV, XLSX or ODS file that holds `data`. Raises Problems where it cannot be read."""
    if path.suffix not in SHEETS:
        return [_csv_grid(SourceText(str(path), decoded(data, str(path))))]
    found = []
    for name, rows in sheets.read_sheets(path, data):
        if any(any(row) for row in rows):
            found.append(_sheet_grid(str(path), name, rows))
    return found


def _sheet_grid(file: str, name: str, rows: Sequence[Sequence[str]]) -> Grid:
    """One sheet; each of its rows is a line of the source."""
    flat = [[" ".join(cell.split()) for cell in row] for row in rows[: MOST_ROWS + 1]]
    source = SourceText(file, "\n".join(_BETWEEN_CELLS.join(row) for row in flat))
    refuse_control_characters(source)
    found = []
    for line, row in enumerate(flat):
        column, cells = 0, []
        for text in row[: MOST_COLUMNS + 1]:
            cells.append(TextNode(source, At(line, column), At(line, column + len(text)), text, ""))
            column += len(text) + len(_BETWEEN_CELLS)
        if any(row):
            found.append(GridRow(line + 1, tuple(cells)))
    return Grid(source, tuple(found), name)


def _csv_grid(source: SourceText) -> Grid:
    """A CSV file, with commas, semicolons or tabs between its cells; lines that are blank are passed over."""
    refuse_control_characters(source)
    reader = _Csv(source)
    rows: list[GridRow] = []
    for number, cells in enumerate(reader.rows(), 1):
        if len(rows) <= MOST_ROWS and (len(cells) > 1 or cells[0].text):
            rows.append(GridRow(number, cells))
    return Grid(source, tuple(rows))


@dataclass
class _Csv:
    """Reads CSV as RFC 4180 has it, and keeps the place of each cell, which Python's own reader does not."""

    source: SourceText
    at: int = 0
    line: int = 0
    line_start: int = 0
    separator: str = field(init=False)

    def __post_init__(self) -> None:
        first = next((line for line in self.source.text.splitlines() if line.strip()), "")
        counts = {sign: first.count(sign) for sign in _SEPARATORS}
        self.separator = max(_SEPARATORS, key=lambda sign: counts[sign])

    def rows(self) -> Iterator[tuple[TextNode, ...]]:
        """The cells of each row."""
        text = self.source.text
        while self.at < len(text):
            cells = [self.cell()]
            while text[self.at : self.at + 1] == self.separator:
                self.at += 1
                cells.append(self.cell())
            self.end_line()
            yield tuple(cells)

    def cell(self) -> TextNode:
        """The cell that begins here."""
        text = self.source.text
        while text[self.at : self.at + 1] in (" ", "\u00a0"):
            self.at += 1
        start = self.here()
        if text[self.at : self.at + 1] == '"':
            return self.quoted(start)
        begin = self.at
        while self.at < len(text) and text[self.at] not in (self.separator, "\n", "\r"):
            self.at += 1
        written = text[begin : self.at].rstrip()
        if '"' in written:
            offset = written.index('"')
            raise Problems([self.wrong(At(start.line, start.column + offset), "a quote stands within a cell")])
        return TextNode(self.source, start, At(start.line, start.column + len(written)), written, "")

    def quoted(self, start: Mark) -> TextNode:
        """A cell in quotes, within which a quote is doubled and a line may end."""
        text = self.source.text
        parts = []
        while True:
            end = text.find('"', self.at + 1)
            if end < 0:
                raise Problems([self.wrong(start, "the quote that begins here is never closed")])
            part = text[self.at + 1 : end]
            parts.append(part)
            self.note_lines(self.at + 1, end)
            self.at = end + 1
            if text[self.at : self.at + 1] != '"':
                break
        node = TextNode(self.source, start, self.here(), '"'.join(parts).strip(), '"')
        while text[self.at : self.at + 1] == " ":
            self.at += 1
        if text[self.at : self.at + 1] not in ("", self.separator, "\n", "\r"):
            raise Problems([self.wrong(self.here(), "more follows the quote that ends this cell")])
        return node

    def note_lines(self, start: int, end: int) -> None:
        """Counts the lines that end within a cell."""
        text = self.source.text
        for at in range(start, end):
            if text[at] == "\n" or (text[at] == "\r" and text[at + 1 : at + 2] != "\n"):
                self.line += 1
                self.line_start = at + 1

    def end_line(self) -> None:
        """Moves past the end of a line."""
        ending = 2 if self.source.text.startswith("\r\n", self.at) else 1
        self.at += ending
        self.line += 1
        self.line_start = self.at

    def here(self) -> At:
        """Where the reader stands."""
        return At(self.line, self.at - self.line_start)

    def wrong(self, at: Mark, message: str) -> Problem:
        """The problem that this is not CSV."""
        spot = Spot(self.source, at, At(at.line, at.column + 1))
        return spot.problem("bad-csv", f"this is not CSV: {message}", "a cell with a comma or a quote stands in quotes")
