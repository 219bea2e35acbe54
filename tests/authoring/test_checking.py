"""A check that remembers says of every edit what one says that remembers nothing."""

from __future__ import annotations

import random
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from advisor import cli
from advisor.advice.advisor import LoadedPack
from advisor.authoring.checking import check
from advisor.authoring.slices import Slices
from advisor.authoring.worked_cases import Runs, all_cases
from advisor.files.kept import Marks
from advisor.packs.reader import read_pack
from advisor.problems.problem import Problems
from tests.folders import RULES, TESTS

DAY = date(2026, 6, 1)
EDITS = (
    (r"\bis above (\d+)", "is above 1\\1"),
    (r"\bis below (\d+)", "is at least \\1"),
    (r"\band\b", "or"),
    (r"\bnot (\w+)", "\\1"),
    (r"\byes\b", "no"),
    (r"when: (.+)", "when: not (\\1)"),
    (r"conclude: \{(\w+): yes\}", "conclude: {\\1: no}"),
)
"""Slips: what is written, and what instead."""


def _outcome(folder: Path, marks: Marks) -> tuple[list[str], list[str]]:
    """What a check says of a pack, and what its worked cases come to."""
    found = [str(one) for one in check(folder, DAY, marks)]
    try:
        pack = LoadedPack(read_pack(folder))
        cases = all_cases(pack.data)
    except Problems as error:
        return found, [str(error)]
    runs = Runs(pack, Slices(pack), marks)
    return found, [str(problem) for case in cases for problem in runs.run(case, DAY).problems]


def _edited(text: str, rng: random.Random) -> str:
    old, new = rng.choice(EDITS)
    places = list(re.finditer(old, text))
    if not places:
        return text
    at = rng.choice(places)
    return text[: at.start()] + at.expand(new) + text[at.end() :]


@pytest.mark.parametrize("seed", range(40))
def test_after_any_edit_the_same_is_found_as_from_nothing(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    folder = tmp_path / "picnic"
    shutil.copytree(TESTS / "scenarios" / "packs" / "picnic", folder)
    marks = Marks()
    _outcome(folder, marks)
    for _ in range(3):
        file = rng.choice(sorted(folder.glob("*.yaml")))
        before = file.read_text(encoding="utf-8")
        file.write_text(_edited(before, rng), encoding="utf-8")
        assert _outcome(folder, marks) == _outcome(folder, Marks())


def test_only_what_hangs_on_an_edit_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "ending-a-contract"
    shutil.copytree(RULES / "ending-a-contract", folder)
    pack = LoadedPack(read_pack(folder))
    before = Slices(pack)
    file = folder / "timing.yaml"
    text = file.read_text(encoding="utf-8")
    rule = next(one for one in pack.data.rules.values() if Path(one.place.file).name == "timing.yaml")
    file.write_text(
        text.replace(f"id: {rule.id}\n", f"id: {rule.id}\n\n", 1).replace("because: ", "because: Well. ", 1)
    )

    again = LoadedPack(read_pack(folder))
    after = Slices(again)
    groups = [one.key for one in pack.program.groups.values()]
    changed = [key for key in groups if before.of([key]) != after.of([key])]
    assert 0 < len(changed) < len(groups) / 4, "an edit of one rule, and all below it in the file moved"


def test_the_command_says_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ADVISOR_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "picnic"
    shutil.copytree(TESTS / "scenarios" / "packs" / "picnic", folder)
    said = []
    rules = folder / "rules.yaml"
    right = rules.read_text(encoding="utf-8")
    wrong = right.replace("rain expected", "rain expectd")
    for text in (right, right, wrong, wrong, right):
        rules.write_text(text, encoding="utf-8")
        status = cli.run(["rules", "check", str(folder)])
        said.append((status, capsys.readouterr().out))
    assert said[0] == said[1] == said[4] == (0, "1 pack: no problems\n")
    assert said[2] == said[3]
    assert said[2][0] == 1
