"""The columns that a pack reads: what a table may hold, and what is wrong with one.

In: a pack, and the schema of an Arrow table. Out: a `Layout`, which says where each fact stands. Raises Problems.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from advisor.cases.paths import find_fact
from advisor.columns.given import FACTS, HEAD, ITEM, NATURAL
from advisor.language.tree import CASE
from advisor.packs.pack import Entity, Fact, Pack
from advisor.problems.problem import Place, Problem, Problems, suggestion
from advisor.values import types

UNREADABLE: Final = "unreadable"
"""A column in which whoever reads a file says of a row why it could not be read; null where it could."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Where the entities of one kind stand: a column of lists of structs."""

    entity: Entity
    column: str
    head: tuple[str, ...]
    """Which of `ITEM` there are."""
    facts: Mapping[str, Fact]
    """By field of the struct."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each part of a case stands in a table."""

    head: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """By column: the facts of the case."""
    lists: tuple[Lists, ...] = ()
    kept: tuple[str, ...] = ()
    """Columns that are carried over as they are."""
    unreadable: bool = False


def layout(pack: Pack, schema: pa.Schema, kept: Collection[str] = ()) -> Layout:
    """Where each part of a case stands in such tables. Raises Problems with every column that is no such part."""
    problems: list[Problem] = []
    head, facts, lists = [], {}, []
    plurals = {entity.plural: entity for entity in pack.entities.values()}
    missing = [name for name in kept if name not in schema.names]
    for name in missing:
        help_ = suggestion(name, schema.names, what="there are")
        problems.append(Problem(_at(name), "unknown-column", f"there is no column `{name[:80]}` to keep", help_))
    for name in dict.fromkeys(schema.names):
        if len(schema.get_all_field_indices(name)) > 1:
            problems.append(
                Problem(_at(name), "duplicate-column", f"two columns are called `{name[:80]}`", "rename one")
            )
        elif name in HEAD and name not in kept:
            head.append(name)
        elif name in plurals:
            found = _lists(pack, plurals[name], schema.field(name).type, problems)
            if found is not None:
                lists.append(found)
        elif name not in kept and name != UNREADABLE:
            fact = _fact(pack, CASE, name.removeprefix(FACTS), name, problems)
            if fact is not None:
                _fits(fact, schema.field(name).type, name, problems)
                facts[name] = fact
    if problems:
        raise Problems(problems)
    return Layout(tuple(head), facts, tuple(lists), tuple(kept), UNREADABLE in schema.names)


def _at(column: str) -> Place:
    return Place(f"column {column[:80]}")


def _lists(pack: Pack, entity: Entity, type_: pa.DataType, problems: list[Problem]) -> Lists | None:
    inner = type_.value_type if _is_list(type_) else None
    if inner is None or not pa.types.is_struct(inner):
        help_ = f"give a list of structs, or a second table with one row for each {entity.id}"
        message = f"`{entity.plural}` is {_called(type_)}, not a list of what is known of each {entity.id}"
        problems.append(Problem(_at(entity.plural), "wrong-column-type", message, help_))
        return None
    head, facts = [], {}
    for at in range(inner.num_fields):
        part = inner.field(at)
        if part.name in ITEM:
            head.append(part.name)
            continue
        where = f"{entity.plural}.{part.name}"
        fact = _fact(pack, entity.id, part.name, where, problems)
        if fact is not None:
            _fits(fact, part.type, where, problems)
            facts[part.name] = fact
    return Lists(entity, entity.plural, tuple(head), facts)


def _fact(pack: Pack, kind: str, name: str, column: str, problems: list[Problem]) -> Fact | None:
    fact = find_fact(pack, kind, name)
    if fact is None:
        others = (*HEAD, *(one.plural for one in pack.entities.values())) if kind == CASE else ITEM
        known = [one.name for one in pack.facts[kind].values() if one.asked]
        help_ = suggestion(name, [*known, *others], what="known")
        message = f"`{column[:80]}` is not a fact of this pack"
        mend = (
            f"{help_.rstrip(chr(63))}? A column that is no fact is carried over with --keep"
            if help_.endswith("?")
            else f"{help_}; a column that is no fact is carried over with --keep"
        )
        problems.append(Problem(_at(column), "unknown-column", message, mend))
    elif not fact.asked:
        message = f"`{fact.name}` is worked out from other facts and cannot be stated"
        problems.append(
            Problem(_at(column), "derived-fact", message, "leave the column out, or carry it over with --keep")
        )
        return None
    return fact


def _is_list(type_: pa.DataType) -> bool:
    return bool(pa.types.is_list(type_) or pa.types.is_large_list(type_) or pa.types.is_fixed_size_list(type_))


def _called(type_: pa.DataType) -> str:
    return f"a column of type {type_}"


def is_text(type_: pa.DataType) -> bool:
    """Whether values of an Arrow type are texts."""
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def _fits(fact: Fact, type_: pa.DataType, column: str, problems: list[Problem]) -> None:
    """Notes a column that cannot hold what is said of a fact."""
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    kind = fact.type.kind
    fits = is_text(type_) or pa.types.is_null(type_)
    if kind == types.CHOICES:
        fits = fits or (_is_list(type_) and is_text(type_.value_type))
    elif kind == types.YES_NO:
        fits = fits or pa.types.is_boolean(type_)
    elif fact.type.numeric:
        fits = fits or pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_)
    elif kind == types.DATE:
        fits = fits or pa.types.is_date(type_) or pa.types.is_timestamp(type_)
    elif kind in (types.TIME, types.MOMENT):
        fits = fits or (pa.types.is_time(type_) if kind == types.TIME else pa.types.is_timestamp(type_))
    if not fits:
        message = f"`{fact.name}` is {_called(type_)}; a {fact.type.words()} cannot be read from that"
        help_ = f"make it {NATURAL[kind]}, or text as a case file has it"
        problems.append(Problem(_at(column), "wrong-column-type", message, help_))
