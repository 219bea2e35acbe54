"""A pack that is remembered is the pack that would be read, and nothing else is ever believed."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import pytest

import advisor
from advisor.advice import remembered
from advisor.advice.remembered import Remembered
from advisor.files import kept
from tests.folders import RULES, TESTS

CASE = {"facts": {"guests": "4"}}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADVISOR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(TESTS / "scenarios" / "packs" / "picnic", tmp_path / "picnic")
    return tmp_path / "picnic"


@pytest.mark.parametrize("name", ["ending-a-contract", "travelling-abroad"])
def test_a_remembered_pack_advises_the_same(name: str) -> None:
    file = min((RULES / name / "cases").glob("*.yaml"))
    first = advisor.load(RULES / name)
    again = advisor.load(RULES / name)

    assert Remembered(RULES / name).matchers is not None
    assert first.data == again.data
    said = [pack.advise(pack.read_case(f"{file}#1")).render("text") for pack in (first, again)]
    assert said[0] == said[1]
    assert {key: group.matcher.count for key, group in first.program.groups.items() if group.matcher} == {
        key: group.matcher.count for key, group in again.program.groups.items() if group.matcher
    }


@pytest.mark.parametrize("change", ["edit", "new file", "gone", "ending"])
def test_a_pack_that_has_changed_is_read(folder: Path, change: str) -> None:
    advisor.load(folder)
    assert Remembered(folder).matchers is not None
    match change:
        case "edit":
            (folder / "rules.yaml").write_text(
                (folder / "rules.yaml").read_text(encoding="utf-8").replace("Stay at home", "Stay in"), encoding="utf-8"
            )
        case "new file":
            (folder / "more.yaml").write_text("[]\n", encoding="utf-8")
        case "gone":
            (folder / "parameters.yaml").unlink()
        case "ending":
            (folder / "other.yml").write_text("[]\n", encoding="utf-8")
    try:
        assert Remembered(folder).matchers is None
    except advisor.Problems:
        assert change in ("gone", "ending", "new file")


def test_what_was_saved_meanwhile_is_not_kept(folder: Path, cache: Path) -> None:
    one = Remembered(folder)
    pack = advisor.load(RULES / "travelling-abroad")
    (folder / "rules.yaml").write_text((folder / "rules.yaml").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    before = len(list(cache.glob("*.pack")))
    one.keep(pack.program)
    assert len(list(cache.glob("*.pack"))) == before


class Harm:
    """Runs something when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch harm",)


@pytest.mark.parametrize("data", [Harm(), advisor, os.getcwd, "text", b"\0"])
def test_nothing_but_packs_is_unpickled(
    folder: Path, cache: Path, data: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    advisor.load(folder)
    (file,) = cache.glob("*.pack")
    key = file.read_bytes()[:16]
    try:
        harmful = data if isinstance(data, bytes) else pickle.dumps(data)
    except (TypeError, pickle.PicklingError):
        harmful = b"cposix\nsystem\n(S'touch harm'\ntR."
    kept.write(file.name, key + harmful)

    assert advisor.load(folder).case({}) is not None
    assert not Path("harm").exists()
    assert remembered.Remembered(folder).matchers is None or file.read_bytes() != key + harmful
