"""What is read at one prompt: the mark before the reply, what can be chosen, and how a reply would be understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class EndOfInput(Exception):
    """There is nothing more to read."""


class Leave(Exception):
    """The person wants to stop here."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen: the reply that it stands for, and its words.

    `alone`: among several boxes to tick, one that goes with no other.
    """

    reply: str
    label: str
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line to read."""

    mark: str
    path: str = ""
    """The name under which a recorded reply is looked for."""
    options: tuple[Option, ...] = ()
    several: bool = False
    """Whether more than one of the options may be ticked."""
    narrows: bool = False
    """Whether what is typed only narrows the options, so that Enter takes the one pointed at."""
    before: frozenset[str] = frozenset()
    """The replies that were given before, of the options."""
    understood: Callable[[str], str] = lambda _: ""
    """How a reply is understood while it is typed."""
    hint: str = ""
    """What else can be typed."""
