"""Packs and cases of any size, made up: the shape of a real pack, the same at every run."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

PACK = """\
format: 1
title: A pack of {rules} rules
version: 1.0
question: How fast is it?
currency: USD
entities:
  item: {{plural: items, label: title}}
standing:
  - {{id: certain, say: certainly}}
headline:
  - otherwise: Something is to be done.
"""
SOURCES = "nobody: {title: Nobody, url: https://example.org, date: undated, standing: certain}\n"
NUMBERS, SWITCHES = "price weight age distance".split(), "late broken new loud paid heavy".split()


def write_pack(folder: Path, rules: int) -> Path:
    """A pack of that many rules: half conclude one of a chain of derived facts, half advise. Some read the case."""
    folder.mkdir(parents=True)
    chance = random.Random(rules)
    derived = [f"verdict_{number}" for number in range(max(1, rules // 10))]
    (folder / "pack.yaml").write_text(PACK.format(rules=rules), encoding="utf-8")
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "facts.yaml").write_text(_facts(derived), encoding="utf-8")
    (folder / "rules.yaml").write_text("".join(_rule(number, derived, chance) for number in range(rules)), "utf-8")
    return folder


def _facts(derived: list[str]) -> str:
    rows = [
        "case:",
        "  patient: {type: yes/no, question: Are you patient?}",
        "item:",
        "  title: {type: text, question: What is it called?}",
    ]
    rows += [f"  {name}: {{type: yes/no, question: Is it {name}?}}" for name in SWITCHES]
    rows += [
        f"  {name}: {{type: number, at_least: 0, at_most: 1000, question: What is its {name}?}}" for name in NUMBERS
    ]
    rows += [f"  {name}: {{type: yes/no, concluded: yes}}" for name in derived]
    return "\n".join(rows) + "\n"


def _rule(number: int, derived: list[str], chance: random.Random) -> str:
    """One rule; a verdict rests on earlier verdicts only, at most one of the ten before it."""
    place = number // 2 % len(derived)
    concludes = number % 2 == 0
    terms = [chance.choice(SWITCHES), f"{chance.choice(NUMBERS)} is above {chance.randrange(1, 1000)}"]
    if place and chance.random() < 0.5:
        terms.append(f"not {derived[chance.randrange(max(0, place - 10), place)]}".replace("_", " "))
    if chance.random() < 0.2:
        terms.append("patient")
    follows = (
        f"conclude: {{{derived[place]}: yes}}"
        if concludes
        else "advise: {strength: " + chance.choice(["must", "should", "could"]) + f", title: Do thing {number}}}"
    )
    return (
        f"- id: rule-{number}\n  about: item\n  when: {' and '.join(terms)}\n  {follows}\n"
        f"  because: It is made up.\n  sources: [nobody]\n"
    )


def case(items: int, seed: int = 0) -> dict[str, Any]:
    """A case of that many items, each different."""
    chance = random.Random(seed)
    return {
        "format": 1,
        "today": "2026-11-30",
        "facts": {"patient": chance.choice(["yes", "no"])},
        "items": [
            {"id": f"item-{number}", "title": f"Item {number}"}
            | {name: chance.choice(["yes", "no"]) for name in SWITCHES}
            | {name: str(chance.randrange(1001)) for name in NUMBERS}
            for number in range(items)
        ],
    }
