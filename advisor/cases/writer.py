"""Answers written back into a case file: each one on disk before the next question, comments and notes kept.

In: the address of a file, and cases as they come to be. Out: the file, replaced as a whole each time, so that nobody
ever finds half of it. One writer works on a file at a time.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from advisor.cases.case import Case
from advisor.cases.document import NotEditable
from advisor.cases.editable import EditableCase
from advisor.cases.lock import CaseLock
from advisor.cases.source import split_address
from advisor.packs.pack import Pack


class ChangedElsewhere(Exception):
    """The file has been changed by somebody else since it was last read or written here."""


class CaseWriter(EditableCase):
    """A case file that a session works on."""

    def __init__(self, pack: Pack, address: str | Path, source: str | Path | None = None) -> None:
        """`source`: the case to begin with, where it is another file. Raises Busy, OSError and NotEditable."""
        self.path, which = split_address(address)
        self.lock = CaseLock(self.path).take()
        try:
            self.written = self._on_disk()
            begun, begun_which = split_address(source) if source is not None else (self.path, which)
            text = begun.read_text(encoding="utf-8-sig") if begun.exists() else ""
            as_json = self.path.suffix.casefold() == ".json"
            super().__init__(pack, text, begun_which, as_json=as_json, name=str(self.path))
        except BaseException:
            self.lock.release()
            raise

    def close(self) -> None:
        """Lets others work on the file."""
        self.lock.release()

    def _on_disk(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def write(self) -> None:
        """Replaces the file. Raises ChangedElsewhere and OSError."""
        if self._on_disk() != self.written:
            raise ChangedElsewhere(f"{self.path} was changed by another program in the meantime")
        data = self.text().encode()
        if data == self.written:
            return
        _replace(self.path.resolve(), data)
        self.written = data

    def save(self, before: Case, case: Case) -> None:
        """Writes what differs between two cases. Raises ChangedElsewhere and OSError."""
        self.change(before, case)
        self.write()


def _replace(target: Path, data: bytes) -> None:
    """Puts a new file in the place of another, on disk before this returns. Raises OSError."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        beside.unlink(missing_ok=True)


__all__ = ["CaseWriter", "ChangedElsewhere", "NotEditable"]
