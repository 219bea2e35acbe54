"""What a shell may complete: names found by a quick look at the files, without reading the packs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import typer

from advisor.cli.failures import Refused
from advisor.cli.packs import packs_in, rules_folder

_RULE_ID: Final = re.compile(r"^\s*- +id: *([\w-]+) *(?:#.*)?$", re.MULTILINE | re.ASCII)


def packs(context: typer.Context, incomplete: str) -> list[str]:
    """The names of the packs."""
    return [folder.name for folder in _folders(context) if folder.name.startswith(incomplete)]


def rule_ids(context: typer.Context, incomplete: str) -> list[str]:
    """The ids of rules."""
    found = {name for file in _rule_files(context) for name in _RULE_ID.findall(_text(file))}
    return sorted(name for name in found if name.startswith(incomplete))


def _rule_files(context: typer.Context) -> Iterator[Path]:
    wanted = context.params.get("pack")
    for folder in _folders(context):
        if wanted in (None, folder.name):
            yield from sorted(folder.glob("*.yaml"))


def _folders(context: typer.Context) -> list[Path]:
    given = context.params.get("rules")  # as it was typed: options are not read while completing
    try:
        return list(packs_in(rules_folder(Path(given) if given else None)).values())
    except (Refused, OSError):
        return []


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
