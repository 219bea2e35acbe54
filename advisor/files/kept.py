"""What was worked out before, kept for the next run: safe to delete, never stale, never trusted from strangers.

What is kept is found by a key made of all the content that it was worked out from, the program's own files among it, so
nothing can be out of date. It is kept in `$ADVISOR_CACHE`, else in `advisor` in `$XDG_CACHE_HOME` or in `~/.cache`; an
empty `ADVISOR_CACHE` keeps nothing. A folder that belongs to somebody else, or in which others may write, is not used.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from advisor.files import shipped

MOST_MARKS: Final = 50_000
"""Marks of one pack that are kept."""
MOST_FILES: Final = 200
"""Files that are kept; of more, those that were written longest ago are deleted."""
LARGEST: Final = 50_000_000
"""Bytes of one file."""
PACKS: Final = (".yaml", ".yml", ".csv", ".xlsx", ".ods")
"""The endings of what a pack is read from."""
TEMPLATES: Final = (".j2", ".css", ".js", ".txt", ".md", ".html")
"""Endings of the files in a folder of templates."""
_SIZE: Final = 16
_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH

T = TypeVar("T")


def folder() -> Path | None:
    """The folder in which things are kept, made where there is none; None where there can be none to trust."""
    named = os.environ.get("ADVISOR_CACHE")
    if named is not None:
        found = Path(named)
    else:
        root = os.environ.get("XDG_CACHE_HOME", "")
        found = (Path(root) if root.startswith("/") else Path("~/.cache").expanduser()) / "advisor"
    if named == "" or not found.is_absolute():
        return None
    try:
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = found.lstat()
    except OSError:
        return None
    return found if stat.S_ISDIR(told.st_mode) and _is_own(told) else None


def _is_own(told: os.stat_result) -> bool:
    return told.st_uid == os.getuid() and not told.st_mode & _OTHERS


@cache
def program() -> bytes:
    """A digest of the program itself: its files, those that ship with it, and the Python that runs it."""
    roots = (Path(shipped.__file__).parent.parent, shipped.templates())
    return sys.version.encode() + b"".join(digest(root, (".py", *TEMPLATES)) or os.urandom(_SIZE) for root in roots)


def key(*parts: object) -> bytes:
    """A key for what is worked out from these texts, bytes, numbers and days by this program."""
    found = hashlib.sha256(program())
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode()
        found.update(b"%d:%s" % (len(data), data))
    return found.digest()[:_SIZE]


def digest(root: Path, endings: Collection[str], *, below: Collection[str] | None = None) -> bytes | None:
    """A digest of all files in a folder with such an ending, by their names and what they hold.

    Of folders in it, those are looked into that are named `below`, or all. None where a file cannot be read, or is too
    large.
    """
    found = hashlib.sha256()
    try:
        paths = root.rglob("*") if below is None else (path for one in (".", *below) for path in (root / one).glob("*"))
        for path in sorted(paths):
            if path.suffix.casefold() in endings and path.is_file():
                if path.stat().st_size > LARGEST:
                    return None
                data = path.read_bytes()
                found.update(b"%s\0%d\0" % (os.fsencode(path.relative_to(root)), len(data)) + data)
    except OSError:
        return None
    return found.digest()


def read(name: str) -> bytes | None:
    """What is kept under a name; None where there is nothing, or nothing that can be trusted."""
    where = folder()
    if where is None:
        return None
    try:
        opened_folder = os.open(where, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        if not _is_own(os.fstat(opened_folder)):
            return None
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=opened_folder)
    except OSError:
        return None
    finally:
        os.close(opened_folder)
    with os.fdopen(file, "rb") as opened:
        told = os.fstat(file)
        if not (stat.S_ISREG(told.st_mode) and _is_own(told)) or told.st_size > LARGEST:
            return None
        return opened.read()


def write(name: str, data: bytes) -> None:
    """Keeps data under a name, all of it or nothing; where that cannot be done, nothing is kept."""
    where = folder()
    if where is None or len(data) > LARGEST:
        return
    try:
        handle, beside = tempfile.mkstemp(dir=where)  # readable and writable by the user alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(beside).replace(where / name)
        except OSError:
            Path(beside).unlink()
        _tidy(where)
    except OSError:
        return


def _tidy(where: Path) -> None:
    files = [(entry.stat(follow_symlinks=False).st_mtime, entry.path) for entry in os.scandir(where)]
    for _, path in sorted(files)[: max(0, len(files) - MOST_FILES)]:
        Path(path).unlink()


class Marks:
    """Of what was found right before, that it was: a set of keys under a name, written back by `save`."""

    def __init__(self, name: str = "") -> None:
        """Without a name, only for as long as this lasts."""
        self.name = name and f"{hashlib.sha256(name.encode()).hexdigest()[:_SIZE]}.marks"
        data = (read(self.name) if self.name else None) or b""
        self._old = {data[at : at + _SIZE] for at in range(0, len(data), _SIZE)}
        self._new: dict[bytes, None] = {}

    def __contains__(self, parts: tuple[object, ...]) -> bool:
        """Whether what hangs on these parts was found right before; it is kept as long as it is asked for."""
        mark = key(*parts)
        if mark not in self._old and mark not in self._new:
            return False
        self._new[mark] = None
        return True

    def add(self, parts: tuple[object, ...]) -> None:
        """Notes that what hangs on these parts, and on nothing else, was found right."""
        self._new[key(*parts)] = None

    def passes(self, parts: tuple[object, ...], work: Callable[[], T | None]) -> T | None:
        """What `work` finds wrong. None, without any work, where it found nothing before for the same `parts`."""
        if parts in self:
            return None
        found = work()
        if found is None:
            self.add(parts)
        return found

    def save(self) -> None:
        """Keeps the marks for the next run, those of this one before older ones."""
        if self.name and not self._old.issuperset(self._new):
            kept = [*self._new, *(self._old - self._new.keys())][:MOST_MARKS]
            write(self.name, b"".join(kept))
