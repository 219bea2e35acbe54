"""A command in a real terminal, driven as a person drives it: read the screen, type, read again."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from typing import Self

import pyte

import advisor

ROWS = 50
HOME = str(Path(advisor.__file__).parents[1])
"""Where the program is, for commands that run in another folder."""
PROGRAM = "import sys; from advisor.cli import run; sys.exit(run(sys.argv[1:]))"


class Terminal:
    """A program at the other end of a terminal whose screen is kept as a person would see it."""

    def __init__(self, *arguments: str, folder: Path, columns: int = 100) -> None:
        self._screen = pyte.HistoryScreen(columns, ROWS, history=10_000)
        self._stream = pyte.Stream(self._screen)
        self._seen: list[str] = []
        """All lines as they were when the screen was last read."""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            environment = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": "1", "PYTHONPATH": HOME}
            environment.pop("COLUMNS", None)
            os.execve(sys.executable, [sys.executable, "-c", PROGRAM, *arguments], environment)  # noqa: S606
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        os.close(self.file)

    def lines(self) -> list[str]:
        """All that was ever shown and not drawn over, line by line."""
        columns = range(self._screen.columns)
        above = ["".join(line[column].data for column in columns).rstrip() for line in self._screen.history.top]
        return [*above, *(line.rstrip() for line in self._screen.display)]

    def _cursor(self) -> int:
        return len(self._screen.history.top) + self._screen.cursor.y

    def _shown(self) -> str:
        """What has been shown since the last look, up to the cursor: from the first line on that is another one."""
        rows = self.lines()[: self._cursor() + 1]
        rows = rows[self._first_new(rows) :]
        if rows:
            rows[-1] = rows[-1].ljust(self._screen.cursor.x)[: self._screen.cursor.x]
        return "\n".join(rows)

    def _first_new(self, rows: list[str]) -> int:
        pairs = enumerate(zip(rows, self._seen, strict=False))
        return next((place for place, (now, before) in pairs if now != before), min(len(rows), len(self._seen)))

    def below(self) -> str:
        """What is shown at the cursor and below it."""
        return "\n".join(self.lines()[self._cursor() :]).strip()

    def _take(self, seconds: float) -> bool | None:
        """Takes what the program writes; None at its end, False where it wrote nothing for so long."""
        if not select.select([self.file], [], [], seconds)[0]:
            return False
        try:
            new = os.read(self.file, 65536)
        except OSError:
            return None
        self._stream.feed(new.decode("utf-8", "replace"))
        return True if new else None

    def read_until(self, pattern: str, seconds: float = 30) -> str:
        """What was shown until the pattern ends it at the cursor; fails where it never does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            took = self._take(0.05)
            if took is None or (took is False and re.search(pattern, self._shown())):
                break
        seen = self._shown()
        assert re.search(pattern, seen), f"waited for {pattern!r}, the screen shows:\n{seen[-3000:]}"
        self._seen = self.lines()
        return seen

    def read_to_end(self, seconds: float = 30) -> str:
        """What is shown until the program ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._take(0.05) is not None:
            pass
        rows = self.lines()
        return "\n".join(rows[self._first_new(rows) :])

    def type(self, text: str) -> None:
        """Types a line."""
        self.press(f"{text}\r")

    def press(self, keys: str) -> None:
        """Presses keys, as a terminal sends them."""
        os.write(self.file, keys.encode())

    def kill(self) -> None:
        """Ends the program at once, without warning (kill -9)."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.wait()

    def wait(self) -> int:
        """The exit status, once it has ended."""
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except ChildProcessError:
            return 0
