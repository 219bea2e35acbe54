"""Rows of a table as plain data of the form of a case file, column by column. Null is what was not asked.

In: an Arrow table and its `Layout`. Out: a dictionary a row, which `pack.case` reads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from advisor.columns.schema import Layout, Lists, is_text
from advisor.packs.pack import Fact
from advisor.values.types import CHOICES, MOMENT

Document = dict[str, Any]
Column: TypeAlias = Any
"""An Arrow array, in one piece or several."""


def documents(table: pa.Table, layout: Layout) -> list[Document]:
    """Each row as a case file has it; what is null is left out."""
    rows: list[Document] = [{} for _ in range(table.num_rows)]
    for name in layout.head:
        if name != "id":
            _put(rows, name, _values(table[name]))
    facts: list[Document] = [{} for _ in rows]
    for name, fact in layout.facts.items():
        _put(facts, fact.name, fact_values(table[name], fact))
    for row, known in zip(rows, facts, strict=True):
        if known:
            row["facts"] = known
    for lists in layout.lists:
        _put(rows, lists.column, items(table[lists.column], lists))
    return rows


def _put(rows: Sequence[Document], name: str, values: Iterable[Any]) -> None:
    for row, value in zip(rows, values, strict=True):
        if value is not None:
            row[name] = value


def items(column: Column, lists: Lists) -> Iterator[list[Document] | None]:
    """For each row the entities of one kind; None where they were not asked."""
    column = whole(column)
    inner = column.flatten()
    parts = dict(zip((one.name for one in inner.type), inner.flatten(), strict=True))
    found: list[Document] = [{} for _ in range(len(inner))]
    for name in lists.head:
        _put(found, name, _values(parts[name]))
    for name, fact in lists.facts.items():
        _put(found, fact.name, fact_values(parts[name], fact))
    start = 0
    for length in pc.list_value_length(column).to_pylist():
        if length is None:
            yield None
            continue
        listed = found[start : start + length]
        start += length
        for number, one in enumerate(listed, 1):
            if one.keys() != {"more"}:
                one.setdefault("id", f"{lists.entity.id}-{number}")
        yield listed


def whole(column: Column) -> pa.Array:
    """A column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def fact_values(column: Column, fact: Fact) -> Sequence[Any]:
    """What is said of a fact in each row, as a case file has it; None where it was not asked."""
    values = _values(column, _moment if fact.type.kind == MOMENT else _day)
    if fact.type.kind == CHOICES:
        return [_ticked(one) for one in values]
    return values


def _ticked(value: object) -> object:
    """Several choices in one text, `threat, scope`, are a list; a list or mapping may also stand as JSON."""
    if not isinstance(value, str):
        return value
    if value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            pass
    return [one.strip() for one in value.strip("[] ").split(",")] if "," in value else value


def _values(column: Column, when: Callable[[datetime], Any] | None = None) -> Sequence[Any]:
    type_ = column.type
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    values: list[Any] = column.to_pylist()
    plain = (when or _day) if pa.types.is_timestamp(type_) else _plain(type_)
    return values if plain is None else [None if one is None else plain(one) for one in values]


def _plain(type_: pa.DataType) -> Callable[[Any], Any] | None:
    """How a value of an Arrow type is written in a case file; None where it stands as it is."""
    if is_text(type_):
        return _text
    if pa.types.is_floating(type_):
        return _number
    if pa.types.is_decimal(type_):
        return _decimal
    if pa.types.is_time(type_):
        return _minute
    return None


def _text(text: str) -> str | None:
    """An empty text says nothing."""
    return text if text.strip() else None


def _number(number: float) -> int | float | None:
    if number != number:  # noqa: PLR0124 - not a number: how some programs write null
        return None
    return int(number) if number.is_integer() else number


def _decimal(number: Decimal) -> str:
    return format(number.normalize(), "f") if number.is_finite() else str(number)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d} {_minute(moment.time())}"


def _minute(moment: time) -> str:
    """Seconds are told where there are any, so that whoever reads it can object."""
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _day(moment: datetime) -> date:
    return moment.date()


def key(document: Mapping[str, Any]) -> str:
    """The same for equal cases. Texts, numbers and truth values are told apart."""
    return repr(document)
