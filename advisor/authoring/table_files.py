"""Tables carried between a pack and spreadsheets: CSV, XLSX and ODS, back and forth without loss.

In: a table of a pack, the rows of a fact, or a file. Out: rows of cells as texts, and what a file of the wanted kind
holds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from advisor.files import sheets
from advisor.files.grids import ENDINGS, SHEETS, Grid, read_grids
from advisor.files.yaml import read_bytes
from advisor.language.printing import text
from advisor.language.tree import And, Between, Compare, Condition, Expr, Known, Literal, Member, Not, Truth
from advisor.packs.pack import Fact, Pack, Table
from advisor.packs.tables import table_name
from advisor.problems.problem import Place, Problem, Problems, suggestion
from advisor.values.text import plain
from advisor.values.types import CHOICE, CHOICES, NONE, TEXT, YES_NO, Scalar, Type

Rows = list[list[str]]
_SIGNS: Final = {"<": "< ", "<=": "<= ", ">": "> ", ">=": ">= ", "==": ""}
_UNPLAIN: Final = (",", '"', "..", " and ", " or ", "{", "<", ">", "=", "≤", "≥", "≠")
"""What makes a choice or a text mean something else where it stands in a cell without quotes."""
_FIRST_WORDS: Final = frozenset(
    ("not", "none", "known", "unknown", "is", "otherwise", "starts", "ends", "contains", "-")
)


def tables_of(pack: Pack) -> dict[str, Grid]:
    """The tables in the files of a pack by name, those in sheets too. Raises Problems."""
    found: dict[str, Grid] = {}
    for name in pack.files:
        path = Path(pack.folder) / name
        if path.parent.name == "tables" and path.suffix in ENDINGS:
            for grid in read_grids(path, read_bytes(path, str(path))):
                found[table_name(path, grid.sheet)] = grid
    return found


def exported(pack: Pack, name: str) -> Rows:
    """A table of the pack, or the rows of a fact, as rows of cells. Raises Problems where there is none such."""
    wanted = "_".join(name.replace("-", " ").split())
    grids = tables_of(pack)
    if wanted in grids:
        return [row.texts() for row in grids[wanted].rows]
    if wanted in pack.tables:
        return _looked_up(pack.tables[wanted])
    with_rows = {fact.name: fact for fact in pack.all_facts() if fact.rows}
    if wanted in with_rows:
        return of_rows(with_rows[wanted])
    known = [*grids, *(one for one in pack.tables if one not in grids), *with_rows]
    message = f"this pack has no table `{name[:80]}`, and no fact of that name with rows"
    raise Problems([Problem(Place(pack.folder), "unknown-table", message, suggestion(wanted, known))])


def _looked_up(table: Table) -> Rows:
    columns = [name for name in table.columns if name != "label"]
    rows = [["id", "label", *columns]]
    for id_, cells in table.rows.items():
        values = ("" if cells[one] is NONE else plain(cells[one], table.columns[one]) for one in columns)
        rows.append([id_, table.labels[id_], *values])
    return rows


# --- rows of a fact as a table ------------------------------------------------------------------------------------


def of_rows(fact: Fact) -> Rows:
    """The rows of a fact as a decision table: a column for each value that they compare."""
    cells = [_cells(row.when) for row in fact.rows]
    heads = list(dict.fromkeys(head for one in cells for head in one))
    above = [["about", fact.kind]] if fact.kind != "case" else []
    above += [["hit", fact.hit]] if fact.hit != "first" else []
    notes = [name for name in ("because", "sources", "claims") if any(getattr(row, name) for row in fact.rows)]
    rows = [*above, [*(f"when {head}".strip() for head in heads), f"then {fact.name.replace('_', ' ')}", *notes]]
    for row, asked in zip(fact.rows, cells, strict=True):
        conditions = [asked.get(head, "") for head in heads]
        if row.when is None and heads:
            conditions[0] = "otherwise"
        said = {"because": _text_of(row.because), "sources": ", ".join(row.sources), "claims": ", ".join(row.claims)}
        rows.append([*conditions, _value(row.value, row.ticks, fact.type), *(said[name] for name in notes)])
    return rows


def _text_of(words: object) -> str:
    parts = getattr(words, "parts", ())
    return "".join(one if isinstance(one, str) else f"{{{text(one)}}}" for one in parts)


def _value(value: Expr, ticks: tuple[str, ...], type_: Type) -> str:
    if type_.kind == CHOICES:
        return ", ".join(ticks)
    if isinstance(value, Literal):
        if value.value is NONE:
            return ""
        return str(value.value) if type_.kind in (CHOICE, TEXT) else plain(value.value, type_)
    return f"{{{text(value)}}}" if type_.kind == TEXT else text(value)


def _cells(when: Condition | None) -> dict[str, str]:
    """By column what a condition asks of it; under the empty head what fits no column."""
    found: dict[str, str] = {}
    rest: list[Condition] = []
    for part in when.operands if isinstance(when, And) else [] if when is None else [when]:
        cell = _cell(part)
        if cell is None or cell[0] in found:
            rest.append(part)
        else:
            found[cell[0]] = cell[1]
    if rest:
        found[""] = text(rest[0] if len(rest) == 1 else And(tuple(rest)))
    return found


def _cell(part: Condition) -> tuple[str, str] | None:
    """The head and the cell that say the same as a comparison; None where there are none such."""
    match part:
        case Truth(operand) if not isinstance(operand, Literal):
            return text(operand), "yes"
        case Not(Truth(operand)) if not isinstance(operand, Literal):
            return text(operand), "no"
        case Known(operand):
            return text(operand), "known"
        case Not(Known(operand)):
            return text(operand), "unknown"
        case Compare(op, operand, Literal(value)):
            said = _said([value], operand.type)
            return None if said is None else (text(operand), f"{_SIGNS[op]}{said}")
        case Not(Compare("==", operand, Literal(value))):
            said = _said([value], operand.type)
            return None if said is None else (text(operand), f"not {said}")
        case Between(operand, Literal(low), Literal(high)):
            return text(operand), f"{plain(low, operand.type)}..{plain(high, operand.type)}"
        case Member(operand, values):
            said = _said([one.value for one in values], operand.type)
            return None if said is None else (text(operand), said)
        case Not(Member(operand, values)):
            said = _said([one.value for one in values], operand.type)
            return None if said is None else (text(operand), f"not {said}")
    return None


def _said(values: Sequence[Scalar], type_: Type) -> str | None:
    """Values as a cell has them; None where they would be read otherwise."""
    if type_.kind in (TEXT, CHOICE):
        words = [str(value) for value in values if value is not NONE]
        odd = any(sign in word for word in words for sign in _UNPLAIN)
        if odd or any(not word or word.split()[0].casefold() in _FIRST_WORDS for word in words):
            return None
    if type_.kind == YES_NO:
        return None
    return ", ".join("none" if value is NONE else plain(value, type_) for value in values)


# --- files --------------------------------------------------------------------------------------------------------


def read_rows(path: Path, sheet: str = "") -> dict[str, Rows]:
    """The tables in a CSV, XLSX or ODS file by name; of sheets that which is named, else all. Raises Problems."""
    grids = read_grids(path, read_bytes(path, str(path)))
    named = [grid for grid in grids if not sheet or grid.sheet.casefold() == sheet.casefold()]
    if not named:
        message = f"there is no sheet `{sheet[:80]}`" if sheet else "there is nothing in this file"
        help_ = suggestion(sheet, [grid.sheet for grid in grids]) if sheet else ""
        raise Problems([Problem(Place(str(path)), "unknown-sheet", message, help_)])
    return {table_name(path, grid.sheet): [row.texts() for row in grid.rows] for grid in named}


def written(tables: dict[str, Rows], ending: str) -> bytes:
    """What a file of that kind holds with these tables; CSV takes one. Raises Problems where an extra is missing."""
    if ending not in SHEETS:
        (rows,) = tables.values()
        return csv_text(rows).encode()
    try:
        return (sheets.write_xlsx if ending == ".xlsx" else sheets.write_ods)(list(tables.items()))
    except ImportError as error:
        message = f"to write {ending[1:].upper()} files, `{error.name}` is needed"
        help_ = f"install it with `pip install 'decision-advisor[{sheets.EXTRA}]'`, or write CSV"
        raise Problems([Problem(Place(f"a file {ending}"), "missing-extra", message, help_)]) from None


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as CSV; cells are quoted where they must be."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerows(_trimmed(rows))
    return held.getvalue()


def _trimmed(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The rows; those above the header of a decision table without the empty cells that a sheet adds at their ends."""
    kept = list(rows)
    header = next((at for at, row in enumerate(kept) if any(cell.startswith("then ") for cell in row)), 0)
    for at, row in enumerate(kept):
        last = max((number for number, cell in enumerate(row, 1) if cell), default=0)
        yield row[:last] if at < header else row


__all__ = ["Rows", "csv_text", "exported", "of_rows", "read_rows", "tables_of", "written"]
