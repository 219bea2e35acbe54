"""How far a long command has come, on standard error where a person looks at it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

import typer

Each = TypeVar("Each")


def progress(label: str, items: Sequence[Each]) -> Iterator[Each]:
    """Goes through the items; at a terminal a bar shows how many are done and how long the others will take."""
    if not sys.stderr.isatty():
        yield from items
        return
    with typer.progressbar(items, label=label, file=sys.stderr) as bar:
        yield from bar
