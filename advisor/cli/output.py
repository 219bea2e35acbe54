"""Results: to standard output as the terminal can show them, or to a file, all of it or nothing."""

from __future__ import annotations

import io
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Final

WIDEST: Final = 100
"""Longer lines are hard to read, however wide the terminal is."""
NARROWEST: Final = 40
PIPED: Final = 80
"""The width where nobody knows it."""


def columns() -> int:
    """How many columns a text for people may take."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((PIPED, 24)).columns))


def in_colour(output: Path | None) -> bool:
    """Whether colours help: at a terminal, unless NO_COLOR says otherwise."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return output is None and not plain and sys.stdout.isatty()


def show(text: str, output: Path | None = None) -> None:
    """Write a result to a file, or to standard output where there is none or it is `-`. Raises OSError."""
    text = text if text.endswith("\n") else f"{text}\n"
    if output is not None and str(output) != "-":
        write(text, output)
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a letter shows `?`
    sys.stdout.write(text)
    sys.stdout.flush()


def show_json(data: object, output: Path | None = None) -> None:
    """Write a result for programs. Raises OSError."""
    import json

    show(json.dumps(data, ensure_ascii=False, indent=2), output)


def write(text: str, path: Path) -> None:
    """Write a file so that nobody ever finds half of it; it keeps its permissions and may be a link. Raises OSError."""
    write_bytes(text.encode("utf-8", "replace"), path)


def write_bytes(data: bytes, path: Path) -> None:
    """The same, for what is no text. Raises OSError."""
    if path.exists() and not path.is_file():
        path.write_bytes(data)  # a device, a pipe: it cannot be replaced
        return
    try:
        _replace(path.resolve(), data)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _replace(target: Path, data: bytes) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
