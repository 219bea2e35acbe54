"""Figures of a pack on a day: dated parameters, brackets and tables."""

from __future__ import annotations

from datetime import date

from advisor.packs.pack import Dated, Pack, Parameter
from advisor.values.types import NONE, Scalar, Value, union


def parameter_value(parameter: Parameter, day: date) -> Value:
    """What a parameter may be on a day: unknown where no value is in force or its period is vague, never zero."""
    in_force, vague = dated_on(parameter, day)
    if in_force:
        return union(one.value for one in in_force if one.value is not None)
    values = [one.value for one in vague if one.value is not None]
    return union(values) if values else parameter.type.undecided()


def dated_on(parameter: Parameter, day: date) -> tuple[list[Dated], list[Dated]]:
    """The values in force on a day, and those of which that is vague."""
    found = [(one, one.in_force(day)) for one in parameter.values]
    return [one for one, holds in found if holds], [one for one, holds in found if holds is None]


def look_up(pack: Pack, name: str, column: str, key: Scalar, day: date) -> Value:
    """A table's cell (none where the key is not in it), or the bracket of a parameter that a key falls in."""
    if column:
        table = pack.tables[name]
        return table.rows.get(str(key), {}).get(column, NONE) if key is not NONE else NONE
    if key is NONE:
        return NONE
    parameter = pack.parameters[name]
    in_force, vague = dated_on(parameter, day)
    found = [_bracket(dated, key) for dated in in_force or vague]
    return union(found) if found else parameter.type.undecided()


def _bracket(dated: Dated, key: Scalar) -> Value:
    for bracket in dated.brackets:
        if bracket.up_to is None or key <= bracket.up_to:  # type: ignore[operator]
            return bracket.value
    return NONE
