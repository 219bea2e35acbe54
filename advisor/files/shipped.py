"""Where the packs and templates that ship with the program are: in the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def rules() -> Path:
    """The folder of the packs that ship."""
    return _shipped("rules")


def templates() -> Path:
    """The folder of the templates that ship."""
    return _shipped("templates")


def _shipped(name: str) -> Path:
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
