"""Decision tables: a CSV file, or a sheet of an XLSX or ODS file, to the rows of the facts that it concludes.

Columns `when ...` hold conditions, columns `then ...` what follows, others who says so and since when. Rows above the
header say what holds for the whole table. What comes out are the same rows that a fact may have in facts.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from advisor.files.grids import MOST_COLUMNS, At, Grid, GridRow
from advisor.files.yaml import TextNode
from advisor.language.cells import ANY, Head, matching_choice
from advisor.language.parser import parse_cell, parse_head
from advisor.language.tree import ALWAYS, CASE, And, Clock, Compare, Condition, Expr, FactRef, Literal, Member, Text
from advisor.packs.pack import HITS, Hit, Row
from advisor.packs.reading import Reading
from advisor.packs.tables import check_size, even_rows
from advisor.problems.problem import Place, suggestion
from advisor.values.text import read_date
from advisor.values.types import CHOICE, CHOICES, DATE, NONE, NUMERIC, TEXT, YES_NO, Type

MOST_SETTINGS: Final = 20
"""Rows above the header."""
OTHERWISE: Final = "otherwise"
HEAD_WHEN, HEAD_THEN = "when", "then"
SETTINGS: Final = ("about", "hit", "because", "sources", "claims", "from", "until", "era", "note")
"""What may stand above the header, a word and its value in each row."""
NOTES: Final = ("because", "sources", "claims", "from", "until", "era", "note")
"""Columns beside `when ...` and `then ...`."""
_LISTS: Final = ";,"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """The rows by which a table concludes a fact, and what they mean together."""

    hit: Hit
    rows: tuple[Row, ...]
    place: Place


Decided = dict[tuple[str, str], Concluded]
"""By kind and name of the fact."""


def header_of(grid: Grid) -> int | None:
    """Which of the first rows is the header of a decision table; None where there is none."""
    for number, row in enumerate(grid.rows[:MOST_SETTINGS]):
        if any(_parts(cell.text)[0] == HEAD_THEN for cell in row.cells):
            return number
    return None


def concluded_names(grid: Grid) -> list[str]:
    """The names of the facts that a decision table concludes."""
    at = header_of(grid)
    cells = grid.rows[at].cells if at is not None else ()
    return [_name(rest) for word, rest in (_parts(cell.text) for cell in cells) if word == HEAD_THEN]


def read_decision(grid: Grid, reading: Reading, decided: Decided) -> None:
    """Puts the rows of a decision table among what is decided; what cannot be read is a problem."""
    check_size(grid, reading.problems)
    reader = _Reader(grid, reading)
    reader.read()
    for column in reader.outputs:
        key = (reader.about, column.name)
        first = decided.get(key)
        if first is not None:
            message = f"another table concludes `{column.name}` already"
            spot = reader.header.cells[column.at]
            reading.problems.append(
                spot.problem("two-derivations", message, "put the rows into one table", ((first.place, "the other"),))
            )
        else:
            place = reader.header.cells[column.at].place
            decided[key] = Concluded(hit=reader.hit, rows=tuple(column.rows), place=place)


def _parts(text: str) -> tuple[str, str]:
    """The first word of a cell, and the rest."""
    word, _, rest = text.strip().partition(" ")
    return word.casefold(), rest.strip()


def _name(text: str) -> str:
    return "_".join(text.split()).replace("-", "_")


def cited(node: TextNode) -> Iterator[TextNode]:
    """The ids in a cell, parted by commas or semicolons."""
    start = 0
    for at, sign in enumerate(f"{node.text},"):
        if sign in _LISTS:
            if node.text[start:at].strip():
                yield part(node, start, at)
            start = at + 1


def part(node: TextNode, start: int, end: int) -> TextNode:
    """A part of a cell, without the blanks around it."""
    text = node.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    line, column = node.spot_at(start)
    return TextNode(node.source, At(line, column), At(line, column + len(text)), text, "")


@dataclass
class _Output:
    at: int
    name: str
    type: Type
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class _Notes:
    """What is said of a row beside its condition and its values."""

    because: Text | None = None
    sources: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()


class _Reader:
    """Reads one decision table."""

    def __init__(self, grid: Grid, reading: Reading) -> None:
        self.grid = grid
        self.reading = reading
        at = header_of(grid) or 0
        self.header = grid.rows[at]
        self.above = grid.rows[:at]
        self.below = grid.rows[at + 1 :]
        self.about = CASE
        self.hit: Hit = "first"
        self.heads: dict[int, Head | None] = {}
        """By column; None for a column of whole conditions."""
        self.outputs: list[_Output] = []
        self.noted: dict[str, int] = {}
        self.all = _Notes()
        path = Path(grid.source.name)
        self.called = f"sheet {grid.sheet} of {path.name}" if grid.sheet else path.name

    def read(self) -> None:
        self._settings()
        self._columns()
        rows = even_rows(self.header, (row for row in self.below if not row.blank()), self.reading.problems)
        if not rows:
            self.reading.note(self.header.spot, "no-rows", "there are no rows below this header", "write at least one")
        if not self.reading.blind and self.about:
            for row in rows:
                self._row(row, is_last=row is rows[-1])

    @contextmanager
    def _cell(self, row: GridRow, column: int) -> Iterator[TextNode]:
        """A cell; what is found wrong in it is told with what a spreadsheet calls the cell."""
        problems = self.reading.problems
        before = len(problems)
        yield row.cells[column]
        address = self.grid.address(row, column)
        for number in range(before, len(problems)):
            found = problems[number]
            problems[number] = replace(found, message=f"cell {address}: {found.message}")

    # --- above the header -----------------------------------------------------------------------------------------

    def _settings(self) -> None:
        said: dict[str, tuple[GridRow, int]] = {}
        for row in self.above:
            word = row.cells[0].text.casefold().rstrip(":").strip()
            if word not in SETTINGS:
                help_ = suggestion(word, SETTINGS, what="allowed")
                with self._cell(row, 0) as cell:
                    self.reading.note(cell, "unknown-key", f"`{cell.text[:80]}` cannot stand above the header", help_)
            elif word in said:
                with self._cell(row, 0) as cell:
                    self.reading.note(cell, "duplicate-key", f"`{word}` stands here twice", "keep one of them")
            elif len(row.cells) > 1 and row.cells[1].text:
                said[word] = (row, 1)
        self._about(said)
        self._hit(said)
        self.all = self._notes(said, _Notes())

    def _about(self, said: Mapping[str, tuple[GridRow, int]]) -> None:
        names = self.reading.names
        if "about" not in said:
            return
        with self._cell(*said["about"]) as cell:
            if cell.text == CASE or cell.text in names.entities:
                self.about = cell.text
            elif "pack" not in names.unread:
                self.about = ""
                help_ = suggestion(cell.text, [*names.entities, CASE])
                self.reading.note(cell, "unknown-entity", f"there is no entity `{cell.text[:80]}`", help_)

    def _hit(self, said: Mapping[str, tuple[GridRow, int]]) -> None:
        if "hit" not in said:
            return
        with self._cell(*said["hit"]) as cell:
            word = "-".join(cell.text.casefold().split())
            if word in HITS:
                self.hit = word
            else:
                message = f"`{cell.text[:80]}` does not say what the rows mean together"
                self.reading.note(cell, "not-allowed", message, suggestion(word, HITS, what="allowed"))

    # --- the header -----------------------------------------------------------------------------------------------

    def _columns(self) -> None:
        cells = self.header.cells
        if len(cells) > MOST_COLUMNS:
            message = f"a table has at most {MOST_COLUMNS} columns"
            self.reading.note(self.header.spot, "bad-header", message, "divide it")
        for at in range(min(len(cells), MOST_COLUMNS)):
            with self._cell(self.header, at) as cell:
                self._column(at, cell)

    def _column(self, at: int, cell: TextNode) -> None:
        word, rest = _parts(cell.text)
        if word == HEAD_WHEN:
            self.heads[at] = self._head(cell) if rest else None
        elif word == HEAD_THEN:
            self._output(at, cell, rest)
        elif cell.text.casefold() in NOTES:
            if self.noted.setdefault(cell.text.casefold(), at) != at:
                self.reading.note(cell, "duplicate-column", f"two columns are called `{cell.text}`", "delete one")
        elif cell.text:
            help_ = f"write `when {cell.text[:40]}` for a condition or `then {cell.text[:40]}` for what follows"
            if word in ("if", "then:", "when:", "else"):
                help_ = "write `when ...` for a condition and `then ...` for what follows"
            message = f"`{cell.text[:80]}` is no column of a decision table"
            self.reading.note(cell, "bad-header", message, f"{help_}; other columns: {', '.join(NOTES)}")

    def _head(self, cell: TextNode) -> Head:
        return self.reading.parsed(part(cell, len(HEAD_WHEN), len(cell.text)), self.about, parse_head) or _UNREAD

    def _output(self, at: int, cell: TextNode, rest: str) -> None:
        reading = self.reading
        name = _name(rest)
        known = reading.names.facts.get(self.about, {})
        if name not in known:
            if name not in reading.names.broken and not reading.blind and self.about:
                message, help_ = reading.no_such_fact(name, self.about, "table")
                reading.note(
                    part(cell, len(HEAD_THEN), len(cell.text)) if rest else cell, "unknown-fact", message, help_
                )
            return
        if any(one.name == name for one in self.outputs):
            reading.note(cell, "duplicate-column", f"two columns conclude `{name}`", "delete one")
            return
        type_ = known[name].type
        if self.hit == "collect" and type_.kind != CHOICES:
            message = f"`{name}` has one value, so what several rows conclude of it cannot be collected"
            reading.note(cell, "wrong-type", message, "give it the type `choices`, or write `collect-sum` to add up")
        elif self.hit == "collect-sum" and type_.kind not in NUMERIC:
            message = f"`{name}` is no number or amount, so it cannot be added up"
            reading.note(cell, "wrong-type", message, "write another `hit`")
        self.outputs.append(_Output(at, name, type_))

    # --- rows -----------------------------------------------------------------------------------------------------

    def _row(self, row: GridRow, *, is_last: bool) -> None:
        notes = self._notes({word: (row, at) for word, at in self.noted.items()}, self.all)
        whens = list(notes.when)
        otherwise = False
        readable = True
        for at, head in self.heads.items():
            with self._cell(row, at) as cell:
                if cell.text.casefold() == OTHERWISE:
                    otherwise = True
                    self._check_otherwise(row, cell, is_last=is_last)
                    continue
                found = self._when(cell, head)
            readable &= found is not None
            if found is not None and found != ALWAYS:
                whens.append(found)
        values = [(column, self._value(row, column)) for column in self.outputs]
        condition = None if otherwise and not notes.when else _all(whens)
        for column, value in values:
            if value is not None and readable:
                column.rows.append(
                    Row(
                        when=condition,
                        value=value[0],
                        ticks=value[1],
                        called=f"row {row.number} of {self.called}",
                        because=notes.because,
                        sources=notes.sources,
                        claims=notes.claims,
                        place=row.cells[0].place if row.cells[0].text else row.spot.place,
                    )
                )

    def _check_otherwise(self, row: GridRow, cell: TextNode, *, is_last: bool) -> None:
        others = [row.cells[at] for at in self.heads if row.cells[at] is not cell]
        if any(one.text not in ANY and one.text.casefold() != OTHERWISE for one in others):
            self.reading.note(cell, "bad-row", "a row with `otherwise` has other conditions", "empty their cells")
        if self.hit in ("collect", "collect-sum"):
            message = f"under `{self.hit}` every row that applies counts, so none stands for what is left"
            self.reading.note(cell, "bad-row", message, "delete the row, or write its conditions")
        elif not is_last:
            self.reading.note(cell, "unreachable-row", "no row below `otherwise` is ever reached", "move it to the end")

    def _when(self, cell: TextNode, head: Head | None) -> Condition | None:
        """What a cell asks; None where it cannot be read."""
        if cell.text in ANY:
            return ALWAYS
        if head is None:
            return self.reading.condition(cell, self.about)
        if head is _UNREAD:
            return None
        return self.reading.parsed(
            cell,
            self.about,
            lambda text, scope, place, problems, line: parse_cell(text, scope, place, problems, line, head=head),
        )

    def _value(self, row: GridRow, column: _Output) -> tuple[Expr, tuple[str, ...]] | None:
        """What a cell concludes, and of a fact of choices which; None where it cannot be read."""
        with self._cell(row, column.at) as cell:
            type_ = column.type
            text = "" if cell.text in ANY else cell.text
            if type_.kind == CHOICES:
                return self._ticks(cell, text, type_)
            if not text:
                return Literal(False if type_.kind == YES_NO else NONE, type_), ()
            value = self._plain(text, type_)
            if value is None and type_.kind == TEXT and text.startswith("{") and text.endswith("}"):
                value = self.reading.expression(part(cell, 1, len(cell.text) - 1), self.about, type_)
            elif value is None:
                value = self.reading.expression(cell, self.about, type_)
            return None if value is None else (value, ())
        raise AssertionError

    def _plain(self, text: str, type_: Type) -> Expr | None:
        """A choice or a text, written as it is."""
        if type_.kind == CHOICE:
            choice = matching_choice(text, type_)
            return Literal(choice, type_) if choice is not None else None
        if type_.kind == TEXT and not (text.startswith("{") and text.endswith("}")):
            return Literal(text, Type(TEXT))
        return None

    def _ticks(self, cell: TextNode, text: str, type_: Type) -> tuple[Expr, tuple[str, ...]] | None:
        ticks = []
        for one in cited(cell) if text.casefold() not in ("", "none") else ():
            choice = matching_choice(one.text, type_)
            if choice is None:
                message = f"there is no choice `{one.text[:80]}`"
                self.reading.note(
                    one, "unknown-choice", message, suggestion(one.text, type_.choice_ids(), what="choices")
                )
                return None
            ticks.append(choice)
        return Literal(NONE, type_), tuple(ticks)

    # --- who says so, and when it holds ---------------------------------------------------------------------------

    def _notes(self, said: Mapping[str, tuple[GridRow, int]], above: _Notes) -> _Notes:
        """What some cells say of a row, or of all rows; `above` stands where they say nothing."""
        reading, names = self.reading, self.reading.names
        found = above
        when: list[Condition] = list(above.when)
        for word, (row, at) in said.items():
            with self._cell(row, at) as cell:
                if cell.text in ANY:
                    continue
                if word == "because":
                    found = replace(found, because=reading.text(cell, self.about))
                elif word == "sources":
                    ids = list(cited(cell))
                    if "sources" not in names.unread:
                        for one in ids:
                            reading.known(one, "source", names.sources)
                    found = replace(found, sources=tuple(one.text for one in ids))
                elif word == "claims":
                    found = replace(found, claims=tuple(one.text for one in cited(cell)))
                elif word == "era":
                    when.extend(self._era(cell))
                elif word in ("from", "until"):
                    when.extend(self._day(cell, word))
        return replace(found, when=tuple(when))

    def _era(self, cell: TextNode) -> Iterator[Condition]:
        eras = self.reading.names.eras
        ids = [one for one in cited(cell) if "pack" in self.reading.names.unread or self._is_era(one)]
        type_ = Type(CHOICE, tuple((era.id, era.title) for era in eras.values()))
        if ids:
            yield Member(Clock("era", type_), tuple(Literal(one.text, type_) for one in ids))

    def _is_era(self, node: TextNode) -> bool:
        self.reading.known(node, "era", self.reading.names.eras)
        return node.text in self.reading.names.eras

    def _day(self, cell: TextNode, word: str) -> Iterator[Condition]:
        try:
            day: date = read_date(cell.text)
        except ValueError as error:
            help_ = "write a date such as 2024-09-03; a turn of which nobody knows the day is an `era`"
            self.reading.note(cell, "bad-date", str(error).partition(";")[0], help_)
            return
        yield Compare(">=" if word == "from" else "<=", Clock("as of", Type(DATE)), Literal(day, Type(DATE)))


_UNREAD: Final = Head(FactRef(CASE, "", Type("?")), "")
"""Stands for a column whose head could not be read."""


def _all(whens: list[Condition]) -> Condition:
    return whens[0] if len(whens) == 1 else And(tuple(whens))
