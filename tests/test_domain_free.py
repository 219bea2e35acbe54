"""The program knows no domain: no word of a pack that ships stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tests.folders import REPOSITORY

PROGRAM = sorted(
    path
    for folder in ("advisor", "templates")
    for path in (REPOSITORY / folder).rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
)
KNOWN_DOMAINS = frozenset(
    "upwork freelance freelancer freelancers jss escrow milestone milestones client clients contract contracts"
    " visa visas passport passports schengen luggage itinerary".split()
)
PLAIN_ENGLISH = frozenset(
    "account agreed carries changes_in days ended home hours kind name offer open outcome points problems proof"
    " purpose reason reported score set_aside state title unit value work_done".split()
)
"""Names of facts that the program may use in their everyday sense."""
PROTOCOL = re.compile(r"\brequest\.client\b|\bprometheus_client\b")
"""What a protocol or a library calls so: whoever sent a request, and who counts them."""


def _names(pack: Path) -> set[str]:
    """The names that a pack coins: its entities, their plurals, and its facts."""
    entities = yaml.safe_load((pack / "pack.yaml").read_text(encoding="utf-8")).get("entities") or {}
    facts = yaml.safe_load((pack / "facts.yaml").read_text(encoding="utf-8"))
    plurals = {entity["plural"] for entity in entities.values()}
    return set(entities) | plurals | {name for by_name in facts.values() for name in by_name}


def _coined() -> set[str]:
    packs = (path.parent for path in (REPOSITORY / "rules").glob("*/pack.yaml"))
    return {name for pack in packs for name in _names(pack)} | KNOWN_DOMAINS


def _found(path: Path, word: re.Pattern[str]) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    where = path.relative_to(REPOSITORY)
    return [
        f"{where}:{number}: {line.strip()}"
        for number, line in enumerate(lines, 1)
        if word.search(PROTOCOL.sub("", line))
    ]


def test_no_word_of_a_domain() -> None:
    """Neither the program nor its templates name an entity or fact of a pack, in one word or with spaces."""
    names = sorted(_coined() - PLAIN_ENGLISH)
    spellings = "|".join(re.escape(name).replace("_", "[ _-]") for name in names)
    word = re.compile(rf"(?<![a-z])(?:{spellings})(?![a-z])", re.IGNORECASE)

    found = [line for path in PROGRAM for line in _found(path, word)]

    assert names
    assert not found, "\n".join(found)
