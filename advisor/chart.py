"""Projections as figures to draw: what belongs together, on which axis, and where on it each value lies.

In: the projections of an advice, as plain data. Out: plain data for templates (`figures`), and a row of letters for a
terminal (`bar`, `scale`). Nothing here is worded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from advisor import wording

Entry = dict[str, Any]
Figure = dict[str, Any]

LINE, MARK, LEFT, RIGHT, EMPTY, THRESHOLD, CROSSED = "─", "●", "├", "┤", "·", "┊", "┼"


def figures(projections: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """One figure for each thing projected: its range over all models, the models, and the axis.

    `whole` is the range over all models (or the only model), `models` those to be shown one by one (none where there is
    but one), `present` whether there is a value at all, and `axis` runs from `low` to `high` with `ticks` between.
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
        "models": models if len(models) > 1 or whole not in models else [],
        "present": bool(present),
        "axis": axis(present, thresholds, whole["unit"]),
    }


def axis(entries: Sequence[Entry], thresholds: Sequence[Mapping[str, Any]], unit: str) -> Figure:
    """From `low` to `high` with `ticks`: 0 to 100 for percentages, else round numbers around all that is shown."""
    values = [float(entry[key]) for entry in entries for key in ("worst", "likely", "best") if entry[key] is not None]
    values += [float(line["at"]) for line in thresholds]
    lowest, highest = min(values, default=0.0), max(values, default=1.0)
    if unit == "%" and lowest >= 0 and highest <= 100:  # noqa: PLR2004  that is what a percentage is
        return {"low": 0.0, "high": 100.0, "ticks": [0.0, 25.0, 50.0, 75.0, 100.0]}
    if 0 < lowest <= highest / 2:
        lowest = 0.0
    step = _round_step((highest - lowest) or abs(highest) or 1.0)
    low, high = math.floor(lowest / step) * step, math.ceil(highest / step) * step
    high = high if high > low else low + step
    count = round((high - low) / step)
    return {"low": low, "high": high, "ticks": [low + index * step for index in range(count + 1)]}


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


def scale(on: Figure, width: int) -> str:
    """The ticks' numbers, each under its place, as many as there is room for."""
    row = [" "] * width
    ends = [on["ticks"][-1], on["ticks"][0]]
    for value in [*ends, *on["ticks"][1:-1]]:
        text = wording.number(value)
        start = min(width - len(text), max(0, _cell(value, on, width) - (len(text) - 1) // 2))
        around = row[max(0, start - 1) : start + len(text) + 1]
        if start >= 0 and all(letter == " " for letter in around):
            row[start : start + len(text)] = text
    return "".join(row).rstrip()
