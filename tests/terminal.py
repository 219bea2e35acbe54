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

import advisor

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\x07]*\x07|\r")
HOME = str(Path(advisor.__file__).parents[1])
"""Where the program is, for commands that run in another folder."""
PROGRAM = "import sys; from advisor.cli import run; sys.exit(run(sys.argv[1:]))"


class Terminal:
    """A program at the other end of a pseudo-terminal."""

    def __init__(self, *arguments: str, folder: Path, columns: int = 100) -> None:
        self.screen = ""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            environment = {
                **os.environ,
                "TERM": "xterm-256color",
                "NO_COLOR": "1",
                "COLUMNS": str(columns),
                "PYTHONPATH": HOME,
            }
            os.execve(sys.executable, [sys.executable, "-c", PROGRAM, *arguments], environment)  # noqa: S606
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        os.close(self.file)

    def read_until(self, pattern: str, seconds: float = 30) -> str:
        """What was shown until the pattern ends the screen; fails where it never does."""
        seen = ""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready, _, _ = select.select([self.file], [], [], 0.05)
            if ready:
                try:
                    new = os.read(self.file, 65536).decode("utf-8", "replace")
                except OSError:
                    new = ""
                if not new:
                    break
                seen += _ESCAPES.sub("", new)
            elif re.search(pattern, seen):
                break
        self.screen += seen
        assert re.search(pattern, seen), f"waited for {pattern!r}, the screen shows:\n{seen[-3000:]}"
        return seen

    def read_to_end(self, seconds: float = 30) -> str:
        """What is shown until the program ends."""
        seen = ""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.file], [], [], 0.05)[0]:
                try:
                    new = os.read(self.file, 65536)
                except OSError:
                    break
                if not new:
                    break
                seen += _ESCAPES.sub("", new.decode("utf-8", "replace"))
        self.screen += seen
        return seen

    def type(self, text: str) -> None:
        """Types a line."""
        os.write(self.file, f"{text}\n".encode())

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
