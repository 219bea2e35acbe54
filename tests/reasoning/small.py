"""Small packs written in a test as YAML, and what comes out of them."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import advisor
from advisor.authoring.clashes import check_program
from advisor.packs.checks import check_pack
from advisor.packs.reader import read_pack
from advisor.problems.problem import Problem, Problems
from advisor.values.text import plain

DAY = "2025-06-15"
PACK = """\
format: 1
title: Small
version: 1
question: What?
currency: USD
standing:
  - {id: official, say: official policy}
  - {id: experienced, say: experienced members say so}
  - {id: speculation, say: people guess so, speculative: yes}
"""
HEADLINE = "headline:\n  - otherwise: Read on.\n"
SOURCES = "\n".join(
    f"{name}: {{title: The {name}, date: undated, standing: {standing}}}"
    for name, standing in {"law": "official", "folk": "experienced", "hunch": "speculation"}.items()
)
NUMBERS = itertools.count()


class Small:
    """A pack of a test: `facts`, `rules` and other files as YAML; `more` is added to pack.yaml."""

    def __init__(self, tmp_path: Path, facts: str, rules: str = "", more: str = "", **files: str) -> None:
        self.folder = tmp_path / f"small{next(NUMBERS)}" / "small"
        self.folder.mkdir(parents=True)
        more = dedent(more).strip() + "\n"
        files = {"facts": facts, "sources": SOURCES, **({"some": rules} if rules else {}), **files}
        files["pack"] = PACK + more + ("" if "headline:" in more else HEADLINE)
        for name, text in files.items():
            (self.folder / f"{name}.yaml").write_text(dedent(text), encoding="utf-8")

    def load(self) -> advisor.Pack:
        """The pack, compiled. Raises Problems."""
        return advisor.load(self.folder)

    def problems(self) -> list[Problem]:
        """All that `advisor rules check` says of the pack."""
        try:
            return [*check_pack(read_pack(self.folder)), *check_program(self.load(), date.fromisoformat(DAY))]
        except Problems as error:
            return error.problems

    def kinds(self) -> list[str]:
        """The kinds of the problems of the pack."""
        return [problem.kind for problem in self.problems()]

    def advise(self, facts: dict[str, Any] | None = None, **case: Any) -> Said:
        """The advice on a case of these facts; other keys of a case by name."""
        pack = self.load()
        return Said(pack.advise(pack.case({"today": DAY, "facts": facts or {}, **case})))


class Said:
    """Advice, by parts."""

    def __init__(self, advice: advisor.Advice) -> None:
        self.advice = advice
        self.world = advice.world
        self.data = advice.to_dict()

    def value(self, name: str, entity: str = "", kind: str = "") -> str:
        """What is possible of a fact, as written in a case."""
        subject = self.world.by_id[kind][entity] if entity else self.world.case
        program = self.world.program
        index = program.field(subject.kind, name)
        return plain(subject.values[index], program.fields[subject.kind][index].type)

    def state(self, rule: str, entity: str = "", kind: str = "") -> bool | None:
        """Whether a rule concludes (true), is ruled out (false) or is open (None)."""
        subject = self.world.by_id[kind][entity] if entity else self.world.case
        return self.world.state(self.world.program.pack.rules[rule], subject)

    def part(self, name: str, key: str) -> dict[str, Any]:
        """One recommendation, finding, ... by its key."""
        (found,) = [one for one in self.data[name] if one.get("key", one.get("rule")) == key]
        return found  # type: ignore[no-any-return]

    def keys(self, name: str = "recommendations") -> list[str]:
        """The keys of a part."""
        return [one.get("key", one.get("rule", one.get("fact"))) for one in self.data[name]]

    def figures(self, key: str) -> tuple[Any, Any, Any]:
        """The worst, likely and best of a projection."""
        found = self.part("projections", key)
        return found["worst"], found["likely"], found["best"]
