"""Sheets of XLSX and ODS files, as rows of texts, read and written.

In: what a file holds, or rows of texts. Out: rows of texts, each as a person would type it: `250`, `2024-09-03`, `yes`,
`25 %`. The two libraries are extras, loaded only here and only when such a file is met.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from advisor.problems.problem import Place, Problem, Problems

LARGEST_UNPACKED: Final = 60_000_000
"""Bytes that a file may have once it is unpacked: a small file can be made to hold terabytes."""
MOST_ROWS: Final = 20_001
MOST_COLUMNS: Final = 201
EXTRA: Final = "sheets"

Rows = list[list[str]]


def read_sheets(path: Path, data: bytes) -> list[tuple[str, Rows]]:
    """The name and the rows of each sheet.

    Raises Problems where the file is broken or too large, or where an extra is missing.
    """
    _refuse_bomb(path, data)
    try:
        return list(_read_xlsx(data) if path.suffix == ".xlsx" else _read_ods(data))
    except ImportError as error:
        raise Problems([_missing(path, error)]) from None
    except Exception as error:  # noqa: BLE001 - the libraries raise whatever a broken file leads them to
        what = f"this {path.suffix[1:].upper()} file cannot be read: {type(error).__name__}"
        raise Problems([Problem(Place(str(path)), "bad-sheet", what, "save it again, or as CSV")]) from None


def _missing(path: Path, error: ImportError) -> Problem:
    message = f"to read {path.suffix[1:].upper()} files, `{error.name}` is needed"
    help_ = f"install it with `pip install 'decision-advisor[{EXTRA}]'`, or save the sheet as CSV"
    return Problem(Place(str(path)), "missing-extra", message, help_)


def _refuse_bomb(path: Path, data: bytes) -> None:
    place = Place(str(path))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        what = f"this is not an {path.suffix[1:].upper()} file"
        raise Problems([Problem(place, "bad-sheet", what, "save it again, or as CSV")]) from None
    if size > LARGEST_UNPACKED:
        message = f"unpacked, this file has {size / 1e6:.0f} MB; at most {LARGEST_UNPACKED / 1e6:.0f} MB are read"
        raise Problems([Problem(place, "too-large", message, "divide it")])


# --- XLSX -----------------------------------------------------------------------------------------------------------


def _read_xlsx(data: bytes) -> Iterator[tuple[str, Rows]]:
    import defusedxml  # noqa: F401, PLC0415 - an extra; where it is there, openpyxl reads XML by it
    import openpyxl  # noqa: PLC0415 - an extra

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for sheet in book.worksheets:
        cells = sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS), max_col=min(sheet.max_column, MOST_COLUMNS))
        yield sheet.title, _trimmed([[_typed_text(cell.value, cell.number_format) for cell in row] for row in cells])


def _typed_text(value: Any, shown_as: str = "") -> str:  # noqa: ANN401 - whatever stands in a cell
    """A cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        day = value.date().isoformat()
        return day if value.time() == time() else f"{day} {value.strftime('%H:%M')}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{_number_text(round(value * 100, 10))} %" if "%" in shown_as else _number_text(value)
    return str(value).strip()


def _number_text(value: float) -> str:
    """A number without a point where it is whole, and never with an exponent."""
    if float(value).is_integer():
        return str(int(value))
    return f"{value:.15f}".rstrip("0") if "e" in repr(value) else repr(value)


def _trimmed(rows: Rows) -> Rows:
    """The rows without the empty columns and rows at their ends."""
    width = max((number for row in rows for number, cell in enumerate(row, 1) if cell), default=0)
    height = max((number for number, row in enumerate(rows, 1) if any(row)), default=0)
    return [row[:width] for row in rows[:height]]


def write_xlsx(sheets: Sequence[tuple[str, Rows]]) -> bytes:
    """An XLSX file with these sheets. Raises ImportError where the extra is missing."""
    import openpyxl  # noqa: PLC0415 - an extra

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name[:31])
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row, 1):
                if text:
                    cell = sheet.cell(number, column)
                    cell.value = _as_number(text)
                    if isinstance(cell.value, str):
                        cell.data_type = "s"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


_PLAIN_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{0,6}[1-9])?", re.ASCII)


def _as_number(text: str) -> str | int | float:
    """The number that a text is, where it is read back as the same text; else the text."""
    if not _PLAIN_NUMBER.fullmatch(text):
        return text
    number = float(text) if "." in text else int(text)
    return number if _number_text(number) == text else text


# --- ODS ------------------------------------------------------------------------------------------------------------


def _read_ods(data: bytes) -> Iterator[tuple[str, Rows]]:
    from odf import opendocument, table  # noqa: PLC0415 - an extra

    document = opendocument.load(io.BytesIO(data))
    for sheet in document.spreadsheet.getElementsByType(table.Table):
        rows: Rows = []
        for row in sheet.getElementsByType(table.TableRow):
            cells: list[str] = []
            for cell in row.childNodes:
                if getattr(cell, "qname", ("", ""))[1] in ("table-cell", "covered-table-cell"):
                    times = int(cell.getAttribute("numbercolumnsrepeated") or 1)
                    cells.extend([_ods_text(cell)] * min(times, MOST_COLUMNS - len(cells)))
            times = int(row.getAttribute("numberrowsrepeated") or 1)
            rows.extend([list(cells) for _ in range(min(times, MOST_ROWS - len(rows)))])
        width = max(map(len, rows), default=0)
        yield sheet.getAttribute("name"), _trimmed([[*row, *[""] * (width - len(row))] for row in rows])


def _ods_text(cell: Any) -> str:  # noqa: ANN401 - an element of odfpy, which has no types
    """A cell of an ODS file as a person would type it."""
    from odf import teletype  # noqa: PLC0415 - an extra

    kind = cell.getAttribute("valuetype") or ""
    if kind == "percentage":
        return f"{_number_text(round(float(cell.getAttribute('value')) * 100, 10))} %"
    if kind in ("float", "currency"):
        return _number_text(float(cell.getAttribute("value")))
    if kind == "boolean":
        return "yes" if cell.getAttribute("booleanvalue") == "true" else "no"
    if kind == "date":
        return _typed_text(datetime.fromisoformat(cell.getAttribute("datevalue")))
    if kind == "time":
        found = re.fullmatch(r"PT(\d+)H(\d+)M.*", cell.getAttribute("timevalue"))
        return f"{int(found[1]):02}:{found[2]}" if found else ""
    return str(teletype.extractText(cell)).strip()


def write_ods(sheets: Sequence[tuple[str, Rows]]) -> bytes:
    """An ODS file with these sheets. Raises ImportError where the extra is missing."""
    from odf import opendocument, table, text  # noqa: PLC0415 - an extra

    document = opendocument.OpenDocumentSpreadsheet()
    for name, rows in sheets:
        sheet = table.Table(name=name)
        for row in rows:
            written = table.TableRow()
            for one in row:
                number = _as_number(one)
                kind = {} if not one else {"valuetype": "string"}
                if not isinstance(number, str):
                    kind = {"valuetype": "float", "value": str(number)}
                cell = table.TableCell(**kind)
                if one:
                    cell.addElement(text.P(text=one))
                written.addElement(cell)
            sheet.addElement(written)
        document.spreadsheet.addElement(sheet)
    held = io.BytesIO()
    document.write(held)
    return held.getvalue()
