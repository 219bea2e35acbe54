"""Where a dialogue is shown and where replies come from: a terminal, a pipe, or a file of recorded replies."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable
from typing import Final, TextIO

from advisor.terminal.prompt import EndOfInput, Line
from advisor.values import wording

NARROWEST: Final = 40
WIDEST: Final = 100
PIPED: Final = 80
FEWEST_ROWS: Final = 8
_PATH: Final = re.compile(r"(?P<path>[a-z_]\w*(?:\[[\w-]+\](?:\.\w+)?)?)\s*=\s*(?P<reply>.+)", re.ASCII)
_STYLES: Final = {"strong": "1", "faint": "2", "good": "32", "warn": "33", "ask": "1;36"}


class Replies:
    """Replies in the order in which they are asked for: from a stream, or recorded ones first.

    A recorded line is a reply to whatever is asked; one that reads `PATH = REPLY` answers that question only,
    whenever it comes.
    """

    def __init__(self, stream: TextIO, recorded: Iterable[str] = (), *, only_recorded: bool = False) -> None:
        self.stream = stream
        self.only_recorded = only_recorded
        self._named: dict[str, list[str]] = {}
        self._next: list[str] = []
        for line in recorded:
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            found = _PATH.fullmatch(text)
            if found:
                self._named.setdefault(found["path"], []).append(found["reply"].strip())
            else:
                self._next.append(text)

    def put_first(self, lines: Iterable[str]) -> None:
        """Takes lines that were pasted all at once; empty ones, which would end a list, left out."""
        self._next[:0] = [line.strip() for line in lines if line.strip()]

    def recorded(self, path: str) -> str | None:
        """The recorded reply to the question with that path, or to whatever is asked; None where there is none."""
        named = self._named.get(path)
        if named:
            return named.pop(0)
        return self._next.pop(0) if self._next else None


class Screen:
    """Shows text and reads lines."""

    def __init__(
        self, replies: Replies, *, out: TextIO | None = None, colour: bool = False, plain: bool = False
    ) -> None:
        self.replies = replies
        self.out = out or sys.stderr
        self.colour = colour
        self.plain = plain
        """Whether only lines are written, one after the other, without anything drawn."""

    @property
    def width(self) -> int:
        """How many columns a line may take."""
        return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((PIPED, 24)).columns - 1))

    def paint(self, text: str, style: str) -> str:
        """The text in a style, where colours are shown."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and text else text

    def say(self, text: str = "", style: str = "", indent: str = "") -> None:
        """Writes a paragraph, folded to the width."""
        for line in wording.wrap(wording.clean(text), self.width, indent, indent) if text else [""]:
            self.out.write(f"{self.paint(line, style) if style else line}\n")
        self.out.flush()

    def item(self, mark: str, text: str) -> None:
        """Writes an item of a list, its further lines below its first."""
        for line in wording.wrap(wording.clean(text), self.width, f"  {mark} ", " " * (len(mark) + 3)):
            self.out.write(f"{line}\n")
        self.out.flush()

    @property
    def picks(self) -> bool:
        """Whether options are gone through with the arrow keys, so that they need not be written out with numbers."""
        typed = not self.plain and not self.replies.only_recorded and self.replies.stream is sys.stdin
        return typed and sys.stdin.isatty() and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def read(self, line: Line) -> str:
        """One reply. Raises EndOfInput."""
        recorded = self.replies.recorded(line.path)
        if recorded is not None:
            self.out.write(f"{line.mark}{recorded}\n")
            self.out.flush()
            return recorded
        if self.replies.only_recorded:
            raise EndOfInput
        return wording.clean(self._picked(line) if self.picks else self._typed(line.mark)).strip()

    def page(self, text: str) -> None:
        """Writes a long text, at a terminal a screenful at a time."""
        rows = text.rstrip("\n").split("\n")
        step = max(FEWEST_ROWS, shutil.get_terminal_size((PIPED, 24)).lines - 3) if self.picks else len(rows)
        for start in range(0, len(rows), step):
            self.out.write("\n".join(rows[start : start + step]) + "\n")
            self.out.flush()
            if start + step < len(rows) and not self._goes_on(len(rows) - start - step):
                return

    def _goes_on(self, left: int) -> bool:
        try:
            said = self.read(Line(mark="Enter for more> ", hint=f"{left} lines follow; q to stop here"))
        except EndOfInput:
            return False
        return not said

    def _picked(self, line: Line) -> str:
        """A reply that is picked or typed; of lines pasted at once the first, the others answer what follows."""
        from advisor.terminal.picker import pick  # noqa: PLC0415 - costly, and only for a terminal

        first, *more = pick(line, colour=self.colour).splitlines() or [""]
        self.replies.put_first(more)
        return first

    def _typed(self, mark: str) -> str:
        if self.replies.stream is sys.stdin and sys.stdin.isatty() and sys.stderr.isatty():
            return _edited(mark)
        self.out.write(mark)
        self.out.flush()
        line = self.replies.stream.readline()
        if not line:
            self.out.write("\n")
            raise EndOfInput
        if not self.replies.stream.isatty():
            self.out.write(f"{line.rstrip()}\n")
        return line


def _edited(mark: str) -> str:
    """A line that can be edited with the arrow keys. Raises EndOfInput."""
    import readline  # noqa: F401, PLC0415 - `input` edits lines once it is loaded

    kept = sys.stdout
    sys.stdout = sys.stderr
    try:
        return input(mark)
    except EOFError:
        raise EndOfInput from None
    finally:
        sys.stdout = kept


def wants_colour() -> bool:
    """Whether colours help: at a terminal, unless NO_COLOR says otherwise."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
