"""What a look tells: only what has changed since the last, whatever was moved about."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from advisor import cli
from advisor.authoring.watching import Interrupted, Watch
from tests.folders import TESTS

PICNIC = TESTS / "scenarios" / "packs" / "picnic"
DAY = date(2026, 6, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PICNIC, tmp_path / "picnic")
    return tmp_path / "picnic"


def _save(file: Path, old: str, new: str) -> None:
    was = file.stat().st_mtime_ns
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    os.utime(file, ns=(was + 1_000_000, was + 1_000_000))


def _told(watch: Watch) -> dict[str, tuple[list[str], list[str]]]:
    rounds = list(watch.look())
    return {one.stage: ([each.kind for each in one.new], [each.kind for each in one.gone]) for one in rounds}


def test_only_what_changed_is_told(folder: Path) -> None:
    watch = Watch(folder, lambda: DAY)

    assert watch.saved()
    assert _told(watch) == {"files": ([], []), "cases": ([], []), "search": ([], [])}
    assert not watch.saved()

    _save(folder / "rules.yaml", "is above 1 days", "is above 9 days")
    assert watch.saved()
    assert _told(watch)["cases"] == (["unexpected"], [])

    _save(folder / "rules.yaml", "- id: throw-it-away", "\n\n- id: throw-it-away")  # lines move, nothing else
    assert _told(watch) == {"files": ([], []), "cases": ([], []), "search": ([], [])}

    _save(folder / "rules.yaml", "when: rain expected", "when: rain expectd")
    assert _told(watch) == {"files": (["unknown-fact"] * 2, [])}

    _save(folder / "rules.yaml", "rain expectd", "rain expected")
    _save(folder / "rules.yaml", "is above 9 days", "is above 1 days")
    assert _told(watch) == {"files": ([], ["unknown-fact"] * 2), "cases": ([], ["unexpected"]), "search": ([], [])}


def test_what_is_kept_is_of_this_content(folder: Path) -> None:
    """A case that is changed so that only its content tells is run again; one that is not is not."""
    watch = Watch(folder, lambda: DAY)
    list(watch.look())
    _save(folder / "cases" / "rules.yaml", "expect: [stay-at-home,", "expect: [go-anyway, stay-at-home,")

    assert _told(watch)["cases"] == (["unexpected"], [])


def test_a_save_meanwhile_begins_the_look_again(folder: Path) -> None:
    watch = Watch(folder, lambda: DAY)
    look = watch.look()
    next(look)
    _save(folder / "rules.yaml", "Bring another dish", "Bring one more dish")

    with pytest.raises(Interrupted):
        next(look)


def test_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--looks 1` looks once; its status says whether there is anything wrong."""
    command = ["rules", "watch", str(folder), "--looks", "1", "--today", "2026-06-01"]

    assert cli.run(command) == 0
    assert "2 cases: all as expected" in capsys.readouterr().out

    _save(folder / "rules.yaml", "rain expected", "rain expectd")
    assert cli.run([*command, "-f", "json"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["stage"], len(one["new"])) for one in found] == [("files", 2)]
