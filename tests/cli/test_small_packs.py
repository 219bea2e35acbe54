"""Random small packs of choices that follow from one another, from the check to the explanation, as people use them.

`ADVISOR_SEEDS=1000 pytest tests/cli/test_small_packs.py` is the long run.
"""

from __future__ import annotations

import io
import json
import os
import random
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor import cli
from advisor.language.tree import CASE
from advisor.problems.problem import Problems
from advisor.values.text import read_value
from tests import random_packs
from tests.reasoning.reference import Reference, listed
from tests.reasoning.small import Small

SEEDS = int(os.environ.get("ADVISOR_SEEDS", "40"))
REPLIES = ("y", "n", "unknown", "skip", "?", "1", "2", "a")
DAY = "2025-06-15"
WORDS = {True: "this holds", False: "this does not hold", None: "this cannot be told yet"}

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in this process: its exit status, and what it printed."""

    def run(*arguments: str | Path, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        status = cli.run([str(one) for one in arguments])
        return status, *capfd.readouterr()

    return run


@pytest.mark.parametrize("first", range(0, SEEDS, 20))
def test_chains_of_choices_go_through_check_session_report_and_explain(
    first: int, command: Command, tmp_path: Path
) -> None:
    """No command fails on a pack that can be used, and all of them say what a slow evaluation finds."""
    told = 0
    for seed in range(first, first + 20):
        folder = tmp_path / str(seed)
        folder.mkdir()
        random_packs.write_chain(seed, folder)
        try:
            pack = advisor.load(folder)
        except Problems:
            continue
        case = tmp_path / f"{seed}.yaml"
        rng = random.Random(seed)
        typed = "".join(f"{rng.choice(REPLIES)}\n" for _ in range(rng.randint(0, 8)))
        rules = ("--rules", folder, "--today", DAY)

        assert command("rules", "check", folder)[0] in (0, 1), f"seed {seed}"
        status, out, err = command("ask", case, "--plain", "--finish", *rules, typed=typed)
        assert status == 0, f"seed {seed}: {out}{err}"
        if not case.exists():
            case.write_text("{}", encoding="utf-8")
        if pack.reason(pack.read_case(case)).clashes:
            continue
        told += 1
        assert _wrong_words(pack, case, command, rules) == [], f"seed {seed}"

    assert told >= 8, "too few of the random packs could be told of"


def _wrong_words(pack: advisor.Pack, file: Path, command: Command, rules: tuple[Any, ...]) -> list[str]:
    """What report and explain say other than the slow evaluation."""
    case = pack.read_case(file)
    reference = Reference(pack.data, case, date.fromisoformat(DAY))
    status, out, err = command("report", file, "-f", "json", *rules)
    if status:
        return [out + err]
    found = []
    advised = {one["id"]: one["status"] for one in json.loads(out)["recommendations"]}
    for rule in pack.data.rules.values():
        state = reference.state(rule, "")
        if rule.advise is not None and advised.get(rule.id) != {True: "holds", None: "open", False: None}[state]:
            found.append(f"{rule.id} is {state}, and the report has it as {advised.get(rule.id)}")
        status, out, err = command("explain", file, rule.id, *rules)
        if status or not out.startswith(f"{rule.id}: {WORDS[state]}"):
            found.append(f"{rule.id} is {state}: {out}{err}")
    for one in json.loads(command("report", file, "-f", "json", *rules)[1])["findings"]:
        fact = pack.data.facts[CASE][one["id"]]
        if listed(read_value(one["value"], fact.type)) != reference.possible(CASE, "", fact.name):
            found.append(f"{fact.name} is found to be {one['value']}")
    return found


@pytest.mark.parametrize("choices", ["{warm: warm}", "{warm: warm, cold: cold}"])
def test_choices_that_nobody_knows_do_not_end_the_session(choices: str, command: Command, tmp_path: Path) -> None:
    """A choice of one value that rests on another such choice is asked about as any other."""
    facts = f"""
case:
  a: {{type: yes/no, question: A?}}
  b: {{type: yes/no, question: B?}}
  s: {{type: choice, choices: {{x: x}}, concluded: yes, otherwise: unknown}}
  p: {{type: choice, choices: {choices}, concluded: yes, otherwise: unknown}}
"""
    rules = """
- {id: s-x, when: a, conclude: {s: x}, because: So., sources: [law]}
- {id: p-warm, when: s is x and b, conclude: {p: warm}, because: So., sources: [law]}
- {id: do-one, when: p is warm, advise: Do one., because: So., sources: [law]}
"""
    pack = Small(tmp_path, facts, rules).folder

    status, out, err = command("ask", tmp_path / "case.yaml", "--plain", "--rules", pack, typed="y\ny\n")

    assert status == 0, err
    assert "A?" in err
    assert "B?" in err
    assert "Do one." in out
