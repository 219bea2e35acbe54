"""Projections as figures to draw: what belongs together, on which axis, and where on it each value lies.

In: the projections of an advice, as plain data. Out: plain data for templates (`figures`), and a row of letters for a
terminal (`bar`, `scale`). Nothing here is worded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from advisor.values import wording

Entry = dict[str, Any]
Figure = dict[str, Any]

LINE, MARK, LEFT, RIGHT, EMPTY, THRESHOLD, CROSSED = "─", "●", "├", "┤", "·", "┊", "┼"


def figures(projections: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """One figure for each thing projected: its range over all models, the models, and the axis.

    `whole` is the range over all models (or the only model), `models` those to be shown one by one (none where there is
    but one, or where all give the same), `ideas` all of them, `likely` whether any has a likely value, `present`
    whether there is any value. `axis` runs from `low` to `high` with `ticks` between; its `labels` can be written side
    by side.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in projections:
        groups.setdefault(_subject(str(entry["key"])), []).append(dict(entry))
    return [_figure(subject, entries) for subject, entries in groups.items()]


def _subject(key: str) -> str:
    """The key without its model: `score:equal@redesign` is about `score@redesign`."""
    name, at, entity = key.partition("@")
    return f"{name.partition(':')[0]}{at}{entity}"


def _figure(subject: str, entries: list[Entry]) -> Figure:
    whole = next((entry for entry in entries if not entry["model"]), entries[0])
    models = [entry for entry in entries if entry["model"]]
    present = [entry for entry in entries if entry["worst"] is not None and entry["best"] is not None]
    thresholds: list[Entry] = whole["thresholds"] or next(
        (entry["thresholds"] for entry in entries if entry["thresholds"]), []
    )
    return {
        "key": subject,
        "whole": {**whole, "thresholds": thresholds},
        "models": models if len({_values(entry) for entry in (whole, *models)}) > 1 else [],
        "ideas": models,
        "likely": any(entry["likely"] is not None for entry in present),
        "present": bool(present),
        "axis": _labelled(axis(present, thresholds, whole["unit"]), thresholds),
    }


def _values(entry: Entry) -> tuple[Any, ...]:
    return (entry["worst"], entry["likely"], entry["best"])


def axis(entries: Sequence[Entry], thresholds: Sequence[Mapping[str, Any]], unit: str) -> Figure:
    """From `low` to `high` with `ticks`: 0 to 100 for percentages, else round numbers around all that is shown."""
    values = [float(entry[key]) for entry in entries for key in ("worst", "likely", "best") if entry[key] is not None]
    values += [float(line["at"]) for line in thresholds]
    lowest, highest = min(values, default=0.0), max(values, default=1.0)
    if unit == "%" and lowest >= 0 and highest <= 100:  # noqa: PLR2004  that is what a percentage is
        return {"low": 0.0, "high": 100.0, "ticks": [0.0, 25.0, 50.0, 75.0, 100.0]}
    lowest = min(lowest, 0.0)
    width = highest - lowest
    step = _round_step(width if width > _SMALLEST else 1.0)
    low, high = math.floor(lowest / step) * step, math.ceil(highest / step) * step
    high = high if high > low else low + step
    count = round((high - low) / step)
    return {"low": low, "high": high, "ticks": [low + index * step for index in range(count + 1)]}


_SMALLEST = 1e-9
_APART = 0.09
"""The least share of the axis between two numbers that are written on it."""


def _labelled(on: Figure, thresholds: Sequence[Mapping[str, Any]]) -> Figure:
    kept: list[float] = []
    for value in _by_weight(on, thresholds):
        if all(abs(share(value, on) - share(other, on)) >= _APART for other in kept):
            kept.append(value)
    return {**on, "labels": sorted(kept)}


def _by_weight(on: Figure, thresholds: Sequence[Mapping[str, Any]]) -> list[float]:
    """Numbers worth writing on an axis: its ends first, then the thresholds, then the ticks."""
    first, *between, last = on["ticks"]
    return [last, first, *(line["at"] for line in thresholds), *between]


def _round_step(width: float) -> float:
    rough = width / 4
    power = 10 ** math.floor(math.log10(rough))
    return float(next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough))


def share(value: float, on: Figure) -> float:
    """Where on the axis a value lies, from 0 to 1; beyond an end it is put at the end."""
    low, high = float(on["low"]), float(on["high"])
    return min(1.0, max(0.0, (float(value) - low) / (high - low)))


def bar(entry: Entry, on: Figure, width: int, thresholds: Sequence[Mapping[str, Any]] = ()) -> str:
    """A row of `width` letters: `····├────●──┤···`, thresholds marked; only the marks where there is no value."""
    row = [EMPTY] * width
    marks = {_cell(line["at"], on, width) for line in thresholds}
    for cell in marks:
        row[cell] = THRESHOLD
    if entry["worst"] is None or entry["best"] is None:
        return "".join(row)
    first, last = sorted((_cell(entry["worst"], on, width), _cell(entry["best"], on, width)))
    for cell in range(first, last + 1):
        row[cell] = CROSSED if cell in marks else LINE
    row[first], row[last] = (LEFT, RIGHT) if first < last else (MARK, MARK)
    if entry["likely"] is not None:
        row[_cell(entry["likely"], on, width)] = MARK
    return "".join(row)


def _cell(value: float, on: Figure, width: int) -> int:
    return round(share(value, on) * (width - 1))


def scale(on: Figure, width: int, thresholds: Sequence[Mapping[str, Any]] = ()) -> str:
    """Numbers under their places, as many as there is room for."""
    row = [" "] * width
    for value in _by_weight(on, thresholds):
        text = wording.number(value)
        start = min(width - len(text), max(0, _cell(value, on, width) - (len(text) - 1) // 2))
        around = row[max(0, start - 1) : start + len(text) + 1]
        if start >= 0 and all(letter == " " for letter in around):
            row[start : start + len(text)] = text
    return "".join(row).rstrip()
