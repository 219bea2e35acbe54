"""One session at a time on a case file: a lock beside it that a killed session cannot leave behind."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class Busy(Exception):
    """Another session works on the file. `pid` is its process, 0 where that cannot be read."""

    def __init__(self, path: Path, pid: int) -> None:
        self.path = path
        self.pid = pid
        who = f" (process {pid})" if pid else ""
        super().__init__(f"{path}: another session{who} works on this case; leave that one first, or use -o for a copy")


class CaseLock:
    """Held from `take` to `release`; the system takes it back when the process ends, however that happens."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.beside = path.resolve().with_name(f".{path.name}.lock")
        self._file = -1

    def take(self) -> Self:
        """Takes the lock. Raises Busy where another session has it, OSError where the folder cannot be written."""
        while True:
            file = os.open(self.beside, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pid = _pid(os.read(file, 20))
                os.close(file)
                raise Busy(self.path, pid) from None
            if self._is_current(file):
                os.ftruncate(file, 0)
                os.write(file, str(os.getpid()).encode())
                self._file = file
                return self
            os.close(file)

    def _is_current(self, file: int) -> bool:
        """Whether the file that was opened is still the one in the folder: who held it may have taken it away."""
        try:
            return os.fstat(file).st_ino == self.beside.stat().st_ino
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Gives the lock back."""
        if self._file >= 0:
            self.beside.unlink(missing_ok=True)
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self.take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _pid(written: bytes) -> int:
    return int(written) if written.strip().isdigit() else 0
