"""Columns as codes: what a table says of a field as small whole numbers, equal where nothing that follows differs.

In: Arrow columns of one fact. Out: for each row where its value stands among the values met, and for what looks at the
fact (`View`) the class of each of these values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from advisor.cases.case import Answer, Case
from advisor.columns.documents import Column, fact_values, whole
from advisor.columns.schema import is_text
from advisor.columns.supports import Exactly, Part, Within
from advisor.language.tree import CASE
from advisor.packs.pack import Fact, Pack
from advisor.problems.problem import Problems
from advisor.reasoning.program import Field
from advisor.values.types import DATE, DURATION, TEXT, WHOLE, Ordered, Partial, Value

Array = np.ndarray[Any, Any]
LONGEST_RANGE: Final = 1 << 16
"""Whole numbers and days within such a range are looked up, each by itself."""
LONGEST_TEXT: Final = 4000
MOST_READ: Final = 200_000
"""Values of one fact that are kept as they were read."""
SEPARATOR: Final = "\x1f"
"""Parts the items of a list that is looked at as one text."""
EPOCH: Final = date(1970, 1, 1).toordinal()


class Reader:
    """What values of one fact are read as, by field."""

    def __init__(self, pack: Pack, fact: Fact, read: Callable[[dict[str, Any]], Case]) -> None:
        self.fact = fact
        self._read = read
        self._plural = "" if fact.kind == CASE else pack.entities[fact.kind].plural
        self._known: dict[Hashable, dict[str, Answer] | None] = {}

    def answers(self, value: object) -> dict[str, Answer] | None:
        """What is said of each field; nothing for None, and None where the value cannot be read."""
        if value is None:
            return {}
        key = (type(value), tuple(value) if isinstance(value, list) else value)
        if isinstance(value, dict) or key not in self._known:
            if len(self._known) > MOST_READ:
                self._known.clear()
            return self._read_anew(value, key)
        return self._known[key]

    def _read_anew(self, value: object, key: Hashable) -> dict[str, Answer] | None:
        if isinstance(value, dict) or (self.fact.type.numeric and isinstance(value, str) and "," in value):
            return None  # beside a decimal comma other figures of the case may be read otherwise
        said = {self.fact.name: value}
        try:
            case = self._read({"facts": said} if not self._plural else {self._plural: [{"id": "x", **said}]})
        except Problems:
            found = None
        else:
            answers = case.answers if not self._plural else case.items(self.fact.kind)[0].answers
            found = dict(answers)
        self._known[key] = found
        return found


class Said:
    """A column in one table: for each row the number of its entry, and what each entry says."""

    def __init__(
        self,
        raw: Array,
        entries: Sequence[Any],
        reader: Reader,
        wrong: Array | None = None,
        *,
        nulls: bool = False,
    ) -> None:
        """`entries` are values as a case file has them, or a range of whole numbers or days, with `nulls` after it."""
        self.nulls = nulls
        self.raw = raw
        self.entries = entries
        self.reader = reader
        self.ranged = isinstance(entries, range)
        """Whether the entries are whole numbers, or days, one after another, all of which can be read."""
        self.wrong = self._wrong() if wrong is None else wrong
        """Which rows cannot be read; None where all can."""

    def _wrong(self) -> Array | None:
        if self.ranged:
            return None
        bad = np.fromiter((self.reader.answers(one) is None for one in self.entries), bool)
        return bad[self.raw] if bad.any() else None


def said(column: Column, reader: Reader, points: Sequence[Ordered] | None, *, looked_at: bool) -> Said:
    """A column of a table.

    `points`: all that values are compared with; None where each value is told from each. `looked_at`: whether something
    hangs on it.
    """
    column = whole(column)
    type_ = column.type
    kind = reader.fact.type.kind
    found = None
    if pa.types.is_boolean(type_):
        raw = column.cast(pa.uint8()).fill_null(2).to_numpy(zero_copy_only=False)
        return Said(raw, (False, True, None) if column.null_count else (False, True), reader)
    if pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_date32(type_):
        found = _ordered(column, reader, points)
    elif kind == TEXT and is_text(type_) and not looked_at:
        return _texts(column, reader)
    return found or _entries(column, reader)


def _ordered(column: pa.Array, reader: Reader, points: Sequence[Ordered] | None) -> Said | None:
    """Numbers or days that are read as they stand; None where one of them cannot be."""
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    elif pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    ends = pc.min_max(column).as_py()
    low, high = ends["min"], ends["max"]
    if low is None or not all(_as_it_stands(one, reader) for one in (low, high)):
        return None
    whole_numbers = pa.types.is_integer(column.type)
    if whole_numbers and high - low < LONGEST_RANGE and reader.fact.type.kind in (WHOLE, DURATION, DATE):
        column_nulls = column.null_count > 0
        start = 0 if 0 < low < LONGEST_RANGE // 4 else low
        if column.null_count:
            column = pc.fill_null(column.cast(pa.int64()), high + 1)
        raw = column.to_numpy(zero_copy_only=False)
        raw = raw - raw.dtype.type(start) if start else raw
        return Said(raw, range(start, high + 1), reader, nulls=column_nulls)
    return None if points is None else _by_cells(column, reader, points)


def _as_it_stands(number: float, reader: Reader) -> bool:
    """Whether a number, or the day of that number, is read as itself."""
    value = day(int(number)) if reader.fact.type.kind == DATE else number
    answers = reader.answers(value)
    expected = Fraction(repr(value)) if isinstance(value, float) else value
    return answers is not None and answers[reader.fact.name].value == expected


def _by_cells(column: pa.Array, reader: Reader, points: Sequence[Ordered]) -> Said | None:
    """Numbers or days by the cell in which they are: one of each cell stands for all."""
    ends = np.array([number_of(one) for one in points], float)
    if any(Fraction(repr(float(end))) != number_of(one) for end, one in zip(ends, points, strict=True)):
        return None  # a point that binary fractions cannot tell from its neighbours
    numbers = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
    at = np.searchsorted(ends, numbers, side="left")
    exact = at < len(ends)
    exact[exact] = ends[at[exact]] == numbers[exact]
    raw = 2 * at + exact
    none = 2 * len(ends) + 1
    if column.null_count:
        raw[pc.is_null(column).to_numpy(zero_copy_only=False)] = none
    entries: list[Any] = [None] * (none + 1)
    for cell, first in zip(*np.unique(raw, return_index=True), strict=True):
        if cell != none:
            one = numbers[first].item()
            entries[cell] = day(one) if reader.fact.type.kind == DATE else one
    return Said(raw, entries, reader)


def answers_at(said: Said, row: int) -> Mapping[str, Answer]:
    """What is said in a row, by field, as far as anything hangs on it."""
    at = int(said.raw[row])
    if not isinstance(said.entries, range):
        return said.reader.answers(said.entries[at]) or {}
    if at == len(said.entries):
        return {}
    number = said.entries[at]
    fact = said.reader.fact
    return {fact.name: Answer(value=day(number) if fact.type.kind == DATE else number)}


def day(number: int) -> date:
    """The day that Arrow numbers so."""
    return date.fromordinal(number + EPOCH)


def number_of(point: Ordered) -> int | Fraction:
    """A value as Arrow numbers it."""
    return point.toordinal() - EPOCH if isinstance(point, date) else point


def _texts(column: pa.Array, reader: Reader) -> Said:
    """Texts are not compared: all there is to know of one is that it can be read."""
    fine = pc.and_(pc.utf8_is_printable(column), pc.less(pc.utf8_length(column), LONGEST_TEXT))
    wrong = pc.invert(pc.fill_null(fine, True)).to_numpy(zero_copy_only=False)  # noqa: FBT003  what is null is fine
    return Said(np.zeros(len(column), np.uint8), (None,), reader, wrong)


def _entries(column: pa.Array, reader: Reader) -> Said:
    """Values as they come, each read once."""
    type_ = column.type
    if pa.types.is_null(type_):
        return Said(np.zeros(len(column), np.uint8), (None,), reader)
    if pa.types.is_nested(type_):
        column = pc.binary_join(column, SEPARATOR).dictionary_encode()
        entries: list[Any] = [one.split(SEPARATOR) if one else [] for one in column.dictionary.to_pylist()]
    else:
        column = column if pa.types.is_dictionary(type_) else column.dictionary_encode()
        entries = list(fact_values(column.dictionary, reader.fact))
    indices = column.indices
    nulls = indices.null_count > 0 or not entries
    if nulls:
        indices = pc.fill_null(indices.cast(pa.int32()), len(entries))
    return Said(indices.to_numpy(zero_copy_only=False), [*entries, *([None] if nulls else [])], reader)


def effective(field: Field, answer: Answer | None) -> Value:
    """What an answer says of a field that applies: all that is possible where it was not asked, or nobody knows."""
    if answer is None:
        return field.type.domain()
    if not answer.unknown:
        return answer.value
    assume = field.fact.assume if field.fact is not None else None
    return field.type.domain() if assume is None or isinstance(assume.value, Partial) else assume.value


class View:
    """What some conclusions see of one field: classes of what is said, numbered as they come."""

    def __init__(self, field: Field, parts: Sequence[Part]) -> None:
        self.field = field
        self.exact = [one for one in parts if isinstance(one, Exactly)]
        self.settled = any(one.settled for one in self.exact)
        self.told = sorted({one.cells for one in parts if isinstance(one, Within)})
        self.classes: dict[Hashable, int] = {}
        self.open: list[bool] = []
        """For each class whether its rows must be reasoned over one by one."""
        self._tables: dict[Hashable, Array] = {}

    @property
    def size(self) -> int:
        """How many classes there are so far."""
        return max(1, len(self.classes))

    def of(self, answer: Answer | None) -> int:
        """The class of an answer."""
        value = effective(self.field, answer)
        if (
            self.field.role != "asked"
        ):  # stated, though rules may conclude it: what was asked and is not known counts too
            return self._number((answer is not None, answer is not None and answer.unknown, value), value)
        return self._number(value, value)

    def _number(self, key: Hashable, value: Value) -> int:
        if not self.exact:
            key = self._bits(self.field.cells.of(value))
        found = self.classes.get(key)
        if found is None:
            found = self.classes[key] = len(self.classes)
            self.open.append(self.settled and isinstance(value, Partial))
        return found

    def _bits(self, mask: int) -> tuple[bool, ...]:
        return tuple(bool(mask & side) for cells in self.told for side in (cells, ~cells))

    def table(self, said: Said | None) -> Array:
        """The class of each entry of a column; of one that is not there, of what was not asked."""
        if said is None:
            return np.array([self.of(None)], np.int32)
        if isinstance(said.entries, range):
            found = self._of_range(said.entries)
            return np.append(found, np.int32(self.of(None))) if said.nulls else found
        answers = [said.reader.answers(one) for one in said.entries]
        return np.array([self.of(None if one is None else one.get(self.field.name)) for one in answers], np.int32)

    def _of_range(self, entries: range) -> Array:
        """Of a range of numbers one of each cell is looked at, or each where each is a class of its own."""
        numbers = np.array(entries)
        of = day if self.field.type.kind == DATE else int
        if self.exact:
            return np.array([self.of(Answer(value=of(int(one)))) for one in numbers], np.int32)
        points = np.array([float(number_of(one)) for one in self.field.cells.points])
        at = np.searchsorted(points, numbers, side="left")
        exact = at < len(points)
        exact[exact] = points[at[exact]] == numbers[exact]
        cells, first = np.unique(2 * at + exact, return_index=True)
        table = np.zeros(2 * len(points) + 1, np.int32)
        for cell, one in zip(cells, first, strict=True):
            table[cell] = self.of(Answer(value=of(int(numbers[one]))))
        return table[2 * at + exact]

    def narrowed(self, whole: View) -> Array:
        """For each class of a view that sees at least as much, the class here."""
        found = np.zeros(whole.size, np.int64)
        for key, number in whole.classes.items():
            if self.exact or whole.exact:
                value: Any = key[2] if isinstance(key, tuple) else key
                found[number] = self._number(key, value)
            else:
                assert isinstance(key, tuple)
                sides = dict(zip(whole.told, zip(key[::2], key[1::2], strict=True), strict=True))
                bits = tuple(side for cells in self.told for side in sides[cells])
                found[number] = self.classes.setdefault(bits, len(self.classes))
        return found
