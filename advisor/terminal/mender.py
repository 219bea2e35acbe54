"""A case with mistakes, mended together with the person: a new value, a new name, or set aside."""

from __future__ import annotations

import re

from advisor.advice.advisor import LoadedPack
from advisor.cases.case import Case
from advisor.cases.writer import CaseWriter
from advisor.dialogue.mending import Entry, Mending
from advisor.problems.problem import Problem, Problems
from advisor.terminal.prompt import EndOfInput, Line
from advisor.terminal.screen import Screen

_NAMES = ("unknown-fact", "unknown-key", "unknown-choice")
"""Mistakes in the name of a thing, not in its value."""


def mended(pack: LoadedPack, writer: CaseWriter, screen: Screen) -> Case:
    """The case of a file, once its mistakes are mended or set aside.

    Raises Problems for what cannot be, and EndOfInput.
    """
    mending = Mending(pack, writer)
    found = mending.first()
    if found is None:
        return mending.case()
    screen.say("This case cannot be read as it is. Let us mend it, one thing after the other.", "warn")
    while found is not None:
        problem, entry = found
        if entry is None:
            raise Problems([problem])
        _mend(mending, problem, entry, screen)
        found = mending.first()
    writer.write()
    return mending.case()


def _mend(mending: Mending, problem: Problem, entry: Entry, screen: Screen) -> None:
    screen.say()
    for line in problem.full().splitlines():
        screen.out.write(f"{line}\n")
    named = problem.kind in _NAMES
    meant = re.search(r"did you mean `([^`]+)`", problem.help) if named else None
    what = "another name" if named else "another value"
    offer = f"Enter for “{meant[1]}”, " if meant else ""
    screen.say(f"Type {offer}{what}, or “aside” to set it aside (it stays in the file as a comment).", "", "  ")
    try:
        reply = screen.read(Line(mark="> ", path="mend"))
    except EndOfInput:
        reply = "aside"
    if not reply and meant:
        reply = meant[1]
    if reply.casefold() in ("", "aside"):
        screen.say(f"Set aside: {mending.set_aside(entry)}", "warn", "  ")
    elif named:
        mending.rename(entry, reply)
    else:
        mending.replace(entry, reply)
