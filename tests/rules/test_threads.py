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
missed; the last column says what holds today. The first three steps are those that experienced people advised there, in
their order.

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


def first_steps(ending: str, name: str) -> list[str]:
    """The ids of what the page tells to do now, in its order."""
    advice = advised(ending)[name]
    page = " ".join(advice.render("text").split())
    titles = [(one.rule.id, advice.title(one)) for one in advice.recommendations if one.status is True]
    found = {
        page.index(start): id_
        for id_, title in titles
        for number in range(1, 4)
        for start in (f"{number}. {title}", f"{number}. Beware: {title}")
        if start in page
    }
    return [found[place] for place in sorted(found)]


def steps(ending: str, name: str) -> str:
    """Whether the first three steps of the page are the right ones, in the right order."""
    thread = threads()[name]
    wanted = thread.get("steps_today", thread["steps"]) if ending else thread["steps"]
    shown = first_steps(ending, name)
    return "right" if shown == wanted else f"MISSED: {', '.join(wanted)}; shown are {', '.join(shown)}"


def rows() -> list[str]:
    found = []
    for name, thread in threads().items():
        found += [
            f"| {name} | {one['say']} | {said('', name, one)} | {said('-today', name, one)} |"
            for one in thread["points"]
        ]
        found.append(f"| {name} | *first three steps* | {steps('', name)} | {steps('-today', name)} |")
    return found


def test_every_point_is_covered_or_contradicted_with_a_reason() -> None:
    assert [row for row in rows() if "MISSED" in row] == []


def counts() -> str:
    """How many points are covered and so on, as of the day and as of today."""
    found = ["", "| | on its day | today |", "|---|---|---|"]
    every = [(name, one) for name, thread in threads().items() for one in thread["points"]]
    for word in ("covered", "no longer", "contradicted", "MISSED"):
        then, now = (sum(said(ending, *one).startswith(word) for one in every) for ending in ("", "-today"))
        found.append(f"| points {word.lower()} | {then} | {now} |")
    then, now = (sum(steps(ending, name) == "right" for name in threads()) for ending in ("", "-today"))
    found.append(f"| first three steps right, of {len(threads())} | {then} | {now} |")
    return "\n".join(found)


def test_the_table_is_as_written() -> None:
    whole = HEAD + "\n".join(rows()) + "\n" + counts() + "\n"
    if os.environ.get("REWRITE"):
        TABLE.write_text(whole, encoding="utf-8")

    assert TABLE.read_text(encoding="utf-8") == whole
