"""What an edit does: each difference is true of both packs, and a witness is as small as can be."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

import advisor
from advisor import cli
from advisor.authoring.impact import Impact, Shown, advised, differing, impact
from advisor.cases.reader import case_from_dict
from tests.folders import TESTS

PICNIC = TESTS / "scenarios" / "packs" / "picnic"
DAY = date(2026, 6, 1)


def _edited(tmp_path: Path, file: str, old: str, new: str) -> tuple[Path, Impact]:
    folder = tmp_path / "picnic"
    shutil.copytree(PICNIC, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert re.search(old, text)
    (folder / file).write_text(re.sub(old, new, text, count=1), encoding="utf-8")
    found = impact(advisor.load(PICNIC), advisor.load(folder), names=("old", "new"), today=DAY, most=100)
    return folder, found


def _replayed(folder: Path, one: Shown) -> None:
    """What a witness says of both packs is what they say to it."""
    assert one.witness is not None
    packs = advisor.load(PICNIC), advisor.load(folder)
    data = yaml.load(one.witness.text, Loader=yaml.BaseLoader)  # noqa: S506  texts only
    before, after = (advised(pack, case_from_dict(pack.data, data), DAY) for pack in packs)
    assert set(one.witness.differences) <= set(differing(before, after))


@pytest.mark.parametrize(
    ("file", "old", "new", "name", "part"),
    [
        ("rules.yaml", "is above 1 days", "is above 4 days", "throw-it-away", "recommendation"),
        ("rules.yaml", "not cooled and days", "cooled and days", "throw-it-away", "recommendation"),
        ("rules.yaml", "strength: must, title: Stay", "strength: could, title: Stay", "stay-at-home", "recommendation"),
        ("rules.yaml", "when: not enough", "when: enough", "bring-another-dish", "recommendation"),
        ("parameters.yaml", "value: 3, from", "value: 2, from", "guests_for_a_dish", "finding"),
        ("pack.yaml", "say: Stay at home", "say: Go all the same", "headline", "answer"),
        ("facts.yaml", "There is enough to eat", "Plenty", "enough", ""),
    ],
)
def test_a_witness_is_found_and_true(  # noqa: PLR0913, PLR0917
    tmp_path: Path, file: str, old: str, new: str, name: str, part: str
) -> None:
    folder, found = _edited(tmp_path, file, old, new)
    (shown,) = found.edits

    assert shown.edit.name == name
    if not part:  # the words of a finding are no part of what is compared
        assert shown.witness is None
        assert shown.tried > 0
        return
    _replayed(folder, shown)
    assert shown.witness is not None
    assert part in {one.part for one in shown.witness.differences}


def test_nothing_differs_from_itself() -> None:
    pack = advisor.load(PICNIC)
    found = impact(pack, advisor.load(PICNIC), names=("old", "new"), today=DAY, most=10)

    assert found.nothing
    assert found.cases == 2


def test_a_case_that_one_pack_cannot_read(tmp_path: Path) -> None:
    """A fact that is gone makes cases unreadable that state it, which is told and ends nothing."""
    _, found = _edited(
        tmp_path, "facts.yaml", r"  rain_expected: ", "  rain_foreseen: {type: yes/no, question: R?}\n  rain_expected: "
    )
    assert [one.unread for one in found.changed] == []
    case = tmp_path / "picnic" / "cases" / "rules.yaml"
    case.write_text(
        case.read_text(encoding="utf-8").replace("guests: 9", "guests: 9, rain_foreseen: yes"), encoding="utf-8"
    )
    again = impact(advisor.load(PICNIC), advisor.load(tmp_path / "picnic"), names=("a", "b"), today=DAY, most=0)

    assert [one.unread[:27] for one in again.changed] == ["the old pack cannot read it"]


def test_a_revision_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without words, the files as they are stand beside the last commit."""
    shutil.copytree(PICNIC, tmp_path / "rules" / "picnic")
    monkeypatch.chdir(tmp_path)
    git = ["git", "-c", "user.name=N", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Rules"]):
        subprocess.run([*git, *command], check=True, timeout=60)
    rules = tmp_path / "rules" / "picnic" / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("Wet bread", "Wet cake"), encoding="utf-8")

    assert cli.run(["rules", "impact", "--rules", "rules", "--today", "2026-06-01"]) == 0
    assert "+ Wet cake is no joy." in capsys.readouterr().out
    assert cli.run(["rules", "impact", "--output=x", "--rules", "rules", "--", "-x"]) == 2
    assert "git has no such state" in capsys.readouterr().err
