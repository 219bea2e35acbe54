"""The 28 threads, point by point: what their answers said is covered, or contradicted with the reason.

`REWRITE=1 pytest tests/rules/test_threads.py` writes the table, threads.md, anew.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import advisor
from advisor.cases.reader import read_cases
from advisor.face import Advice
from tests.folders import RULES

FOLDER = RULES / "ending-a-contract"
HERE = Path(__file__).parent
TABLE = HERE / "threads.md"
HEAD = """# What 28 threads said, and what the pack says

Written by the tests. A point is covered by advice that stands or by words of the page, contradicted with a reason, or
missed; after the stroke stands what holds today.

| thread | point | on its day | today |
|---|---|---|---|
"""


@cache
def threads() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "threads.yaml").read_text(encoding="utf-8"))
    return found


@cache
def advised(ending: str) -> dict[str, Advice]:
    """Advice on each thread by its name, as of its day or as of today."""
    pack = advisor.load(FOLDER)
    cases = read_cases(pack.data, FOLDER / "cases" / f"real-questions{ending}.yaml")
    names = list(threads())
    assert len(cases) == len(names)
    return {name: pack.advise(worked.case) for name, worked in zip(names, cases, strict=True)}


@cache
def text(ending: str, name: str) -> str:
    """The page with its steps and findings, in one line."""
    return " ".join(advised(ending)[name].render("text", show=["steps", "findings"]).split())


def covered(ending: str, name: str, by: str) -> bool:
    """Whether an id of advice stands, or the words are told."""
    standing = {one.rule.id for one in advised(ending)[name].recommendations if one.status is True}
    return by in standing or by in text(ending, name)


def said(ending: str, name: str, point: dict[str, str]) -> str:
    """What becomes of a point: covered, contradicted, past, or missed."""
    if "contradicted" in point:
        return f"contradicted: {point['contradicted']}"
    if ending and "not_today" in point:
        return f"no longer: {point['not_today']}"
    by = point.get("today", point["by"]) if ending else point["by"]
    return "covered" if covered(ending, name, by) else f"MISSED: {by}"


def first(ending: str, name: str) -> str:
    """Whether the first right step is among the three of the page."""
    wanted = threads()[name].get("first_today" if ending else "first", threads()[name]["first"])
    advice = advised(ending)[name]
    shown = " ".join(advice.render("text").split())
    titles = [advice.title(one) for one in advice.recommendations if one.status is True and one.rule.id == wanted]
    return "right" if any(title in shown for title in titles) else f"MISSED: {wanted}"


def rows() -> list[str]:
    found = []
    for name, thread in threads().items():
        found += [
            f"| {name} | {one['say']} | {said('', name, one)} | {said('-today', name, one)} |"
            for one in thread["points"]
        ]
        found.append(f"| {name} | *first step* | {first('', name)} | {first('-today', name)} |")
    return found


def test_every_point_is_covered_or_contradicted_with_a_reason() -> None:
    assert [row for row in rows() if "MISSED" in row] == []


def test_the_table_is_as_written() -> None:
    whole = HEAD + "\n".join(rows()) + "\n"
    if os.environ.get("REWRITE"):
        TABLE.write_text(whole, encoding="utf-8")

    assert TABLE.read_text(encoding="utf-8") == whole
