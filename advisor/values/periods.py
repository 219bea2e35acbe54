"""Periods of days, with ends that may be vague."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a period: the day it falls on lies from `earliest` to `latest`; None where nobody knows."""

    earliest: date | None
    latest: date | None
    shown_by: bool = False
    """Whether nobody knows the day, and the end counts from the one by which it is sure to have come."""


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; None where it is open at that end."""

    first: Edge | None = None
    last: Edge | None = None

    def holds(self, day: date) -> bool | None:
        """Whether `day` lies in the period; None where its vague edges leave that open."""
        begun = True if self.first is None else _reached(self.first, day)
        over = False if self.last is None else _passed(self.last, day)
        if begun is False or over is True:
            return False
        return None if begun is None or over is None else True


def _reached(edge: Edge, day: date) -> bool | None:
    if edge.latest is not None and day >= edge.latest:
        return True
    if edge.earliest is not None and day < edge.earliest:
        return False
    return None


def _passed(edge: Edge, day: date) -> bool | None:
    if edge.latest is not None and day > edge.latest:
        return True
    if edge.earliest is not None and day <= edge.earliest:
        return False
    return None
