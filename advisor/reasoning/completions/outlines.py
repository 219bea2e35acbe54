"""Outlines of completions: unknown numbers and dates stay symbolic, so that one outline covers all their values.

In: a world, and what is taken of unknowns: a settled value, some of many choices, or a term for all of a range. Out:
settled values and terms. Where it makes a difference which part of a range a number is in, `Branch` is raised with the
parts, or where these are not known with the ways that it may turn out: so no completion is missed, and some are
outlined that cannot be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from advisor.language.tree import CASE, Operator
from advisor.packs.pack import Parameter
from advisor.reasoning.aggregates import is_count
from advisor.reasoning.cells import Cells
from advisor.reasoning.completions import counts
from advisor.reasoning.completions.completion import Branch, Completion, Unbounded
from advisor.reasoning.evaluation import Aggregated
from advisor.reasoning.formulas import ranges
from advisor.reasoning.formulas.terms import (
    Formula,
    Term,
    Unknown,
    apart,
    as_unknown,
    is_dated,
    is_term,
    part,
    standing_in,
)
from advisor.reasoning.parameters import look_up, parameter_value
from advisor.reasoning.subject import Leaf
from advisor.values.spans import Bound, Span
from advisor.values.types import (
    COUNTED,
    DATE,
    NONE,
    Number,
    Partial,
    Scalar,
    Type,
    Value,
    Within,
    union,
    whole,
    within,
)

if TYPE_CHECKING:
    from advisor.reasoning.program import Field
    from advisor.reasoning.subject import Subject

DECIDED: Final = "decided: "
"""How unknowns are named that are only ways in which something may turn out."""


class Outline(Completion):
    """A view as `Completion`, in which what lies within a range is a term."""

    inherits = False  # a range is cut, and what was worked out from all of it then says less

    # --- unknowns ----------------------------------------------------------------------------------------------

    def needed(self, leaf: Leaf, step: Field, value: Value, samples: Callable[[Value], list[Scalar]]) -> Branch:
        """That an unknown is needed: of a range, all of it at once. Raises Unbounded."""
        if not self.is_ranged(step, value):
            return super().needed(leaf, step, value, samples)
        assert isinstance(value, Within)
        return _ranged(leaf, value, counted=counts.is_whole(self.world.program, step), dated=step.type.kind == DATE)

    def told_apart(self, subject: Subject, index: int, name: Hashable, by: Callable[[Scalar], Hashable]) -> Scalar:
        """As of a completion; a range is cut where it is looked at."""
        if self.is_ranged(self.world.program.fields[subject.kind][index], subject.values[index]):
            return self.value(subject, index)
        return super().told_apart(subject, index, name, by)

    def needed_by_name(self, leaf: Leaf, value: Value, type_: Type) -> Branch:
        """That an unknown number or date is needed that is no field. Raises Unbounded."""
        if not isinstance(value, Within):
            raise Unbounded
        return _ranged(leaf, value, counted=type_.kind in COUNTED or type_.kind == DATE, dated=type_.kind == DATE)

    def needed_of_unlisted(self, leaf: Leaf, aggregated: Aggregated, samples: list[Scalar]) -> Branch:
        """That it is needed what entities that are not listed add to an aggregate."""
        node = aggregated.node
        if node.op in ("any", "no", "every"):
            return super().needed_of_unlisted(leaf, aggregated, samples)
        if is_count(aggregated):
            return _ranged(leaf, Within(0, None), counted=True)
        if node.op == "sum":
            return _ranged(leaf, Within(0 if samples[0] == 0 else None, None), counted=False)
        type_ = node.type if node.what is None else node.what.type
        value = Within(type_.low, type_.high, maybe_none=True)
        return _ranged(leaf, value, counted=type_.kind == DATE, dated=type_.kind == DATE)

    # --- what a term comes to ----------------------------------------------------------------------------------

    def known(self, value: Scalar) -> Value:
        """What is known of a value: of a term all that it can come to."""
        return settled(value)

    def peek(self, subject: Subject, index: int) -> int:
        """The cells in which a field may be, as far as that is known without branching."""
        known = self.cache.get((subject, index))
        if known is not None:
            return self.world.program.fields[subject.kind][index].cells.of(settled(known))
        return subject.masks[index]

    def side(self, value: Scalar, cells: Cells, told: tuple[int, ...], about: Subject) -> int:
        """The cells in which a value is; of a term, such as are not told apart. Raises Branch."""
        mask = cells.of(settled(value))
        if not is_term(value):
            return mask
        key: Leaf = (about, f"{DECIDED}{value} in {told}")
        if key in self.assignment:
            return self.assignment[key]  # type: ignore[return-value]
        sides: dict[tuple[bool, ...], int] = {}
        for cell in _bits(mask):
            at = tuple([cell & where != 0 for where in told])
            sides[at] = sides.get(at, 0) | cell
        if len(sides) == 1:
            return mask
        unknown = as_unknown(value)
        if unknown is not None:
            self.cut_at_a_border(unknown, cells, told, mask)
        raise Branch(key, list(sides.values()), ranged=False)

    def cut_at_a_border(self, unknown: Unknown, cells: Cells, told: tuple[int, ...], mask: int) -> None:
        """Raises Branch with the parts of an unknown at a border between cells that are told apart."""
        for number, border in enumerate(cells.points):
            around = [one for one in (2 << 2 * number, 4 << 2 * number, 8 << 2 * number) if one & mask]
            if len({tuple([one & where != 0 for where in told]) for one in around}) > 1:
                at = part(border)
                assert not isinstance(at, Term)
                self.cut(unknown, at)

    def decide(self, op: Operator, one: Scalar | Term, other: Scalar | Term, about: Subject) -> bool:
        """Whether `one op other`. Raises Branch where that depends on unknowns."""
        found = ranges.compared(op, one, other)
        if found is not None:
            return found
        key: Leaf = (about, f"{DECIDED}{one} {op} {other}")
        if key in self.assignment:
            return self.assignment[key] is True
        turn = ranges.turn(apart(one, other))
        if turn is not None:
            self.cut(*turn)
        raise Branch(key, [True, False], ranged=False)

    def cut(self, unknown: Unknown, at: Number) -> None:
        """Raises Branch with the parts of an unknown below a number, at it and above; not for one that is no leaf."""
        leaf = self.leaf_of(unknown)
        parts = ranges.parted(unknown, at)
        if leaf is not None and len(parts) > 1:
            raise Branch(leaf, [_as_value(one, unknown) for one in parts], ranged=True)

    def leaf_of(self, unknown: Unknown) -> Leaf | None:
        """The leaf that an unknown stands for, if it stands for one."""
        kind, id_, *index = unknown.name if len(unknown.name) == 3 else ("", "")  # noqa: PLR2004 - kind, id, index
        if kind == CASE:
            return self.case, index[0]  # type: ignore[return-value]
        subject = self.world.by_id.get(str(kind), {}).get(str(id_))
        return None if subject is None else (subject, index[0])  # type: ignore[return-value]

    # --- figures by a term -------------------------------------------------------------------------------------

    def look_up(self, name: str, column: str, key: Scalar, day: date | None) -> Scalar:
        """A cell of a table or a bracket, by keys that may be terms."""
        pack = self.world.program.pack
        if column:
            if not is_term(key):
                return super().look_up(name, column, key, day)
            cells = union([NONE, *(row.get(column, NONE) for row in pack.tables[name].rows.values())])
            return self.named(f"{name}.{column} at {key}", cells, pack.tables[name].columns[column])
        parameter = pack.parameters[name]
        if is_term(key):
            key = self.bracket_key(parameter, key)
        if not is_term(day):
            return super().look_up(name, column, key, day)
        found = union(look_up(pack, name, column, key, one) for one in _days(parameter, day))
        return self.named(f"{name} at {key} on {day}", found, parameter.type)

    def bracket_key(self, parameter: Parameter, key: Term) -> Scalar:
        """A settled value in the same bracket as a term. Raises Branch."""
        assert parameter.by is not None
        borders = {bracket.up_to for dated in parameter.values for bracket in dated.brackets}
        cells = Cells(parameter.by, [one for one in borders if one is not None and not isinstance(one, Partial)])
        told = tuple(1 << number for number in range(cells.count))
        cell = self.side(standing_in(key), cells, told, self.case).bit_length() - 1
        if not cells.points:
            return self.today if is_dated(key) else 0
        # A bracket ends with its upper border: what lies between two is in the bracket of the upper one.
        if cell < cells.count - 1:
            return cells.points[(cell - 1) // 2]
        last = cells.points[-1]
        return last + timedelta(days=1) if isinstance(last, date) else last + 1

    def look_up_fact(self, subject: Subject, index: int, name: str, column: str) -> Scalar:
        """A cell of a table or a bracket, by a field."""
        value = subject.values[index]
        if self.is_ranged(self.world.program.fields[subject.kind][index], value):
            return self.look_up(name, column, self.value(subject, index), None)
        return super().look_up_fact(subject, index, name, column)

    def parameter_on(self, name: str, day: date) -> Scalar:
        """A parameter on a day that may be a term."""
        if not is_term(day):
            return super().parameter_on(name, day)
        parameter = self.world.program.pack.parameters[name]
        found = union(parameter_value(parameter, one) for one in _days(parameter, day))
        return self.named(f"{name} on {day}", found, parameter.type)


def settled(value: Value) -> Value:
    """All that a value can come to, where it may be a term."""
    if not is_term(value):
        return value
    span = ranges.span_of(value)
    if value.dated:
        span = ranges.whole_ends(span)
        return within(_day(span.low), _day(span.high))
    low, high = (None if isinstance(one, float) else whole(one) for one in (span.low, span.high))
    if low is not None and low == high:
        return low
    return within(low, high, low_open=span.low_open and low is not None, high_open=span.high_open and high is not None)


def _day(number: Bound) -> date | None:
    if isinstance(number, float) or not date.min.toordinal() <= number <= date.max.toordinal():
        return None
    return date.fromordinal(int(number))


def _ranged(leaf: Leaf, value: Within, *, counted: bool, dated: bool = False) -> Branch:
    """That an unknown is needed that lies within a range, or is none."""
    subject, index = leaf
    low: Bound = -math.inf if value.low is None else part(value.low)  # type: ignore[assignment]
    high: Bound = math.inf if value.high is None else part(value.high)  # type: ignore[assignment]
    span = Span(low, high, value.low_open or value.low is None, value.high_open or value.high is None)
    unknown = Unknown((subject.kind, subject.id, index), span, counted, dated)
    parts = [_as_value(one, unknown) for one in ranges.narrowed(unknown, span)]
    return Branch(leaf, [*parts, *([NONE] if value.maybe_none else [])], ranged=True)


def _as_value(one: Unknown | int | Fraction, of: Unknown) -> Scalar:
    if isinstance(one, Unknown):
        return standing_in(one)
    return date.fromordinal(int(one)) if of.dated else one


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


def _days(parameter: Parameter, day: object) -> list[date]:
    """Days on which a parameter has all values that it has on the days that a term can come to."""
    assert isinstance(day, Unknown | Formula)
    periods = [period for dated in parameter.values for period in dated.periods]
    edges = [edge for period in periods for edge in (period.first, period.last) if edge is not None]
    turns = {one for edge in edges for one in (edge.earliest, edge.latest) if one is not None}
    near = {one + timedelta(days=away) for one in turns for away in (-1, 0, 1)}
    found = settled(standing_in(day))
    if not isinstance(found, Within):
        assert isinstance(found, date)
        return [found]
    low, high = found.low, found.high
    assert low is None or isinstance(low, date)
    assert high is None or isinstance(high, date)
    inside = {one for one in near if (low is None or low <= one) and (high is None or one <= high)}
    inside |= {one for one in (low, high) if one is not None}
    return sorted(inside) or [date(2020, 1, 1)]
