"""What is kept for the next run is never out of date and never a stranger's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from advisor.files import kept


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADVISOR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _wrong() -> str:
    return "wrong"


def test_what_was_right_is_not_looked_at_again(folder: Path) -> None:
    marks = kept.Marks("pack")
    assert marks.passes(("rule", "a"), lambda: None) is None
    marks.save()

    again = kept.Marks("pack")
    assert again.passes(("rule", "a"), _wrong) is None
    assert again.passes(("rule", "b"), _wrong) == "wrong"
    assert again.passes(("rulea", ""), _wrong) == "wrong", "parts cannot run into each other"
    assert kept.Marks("other").passes(("rule", "a"), _wrong) == "wrong"
    assert [one.stat().st_mode & 0o077 for one in (folder, *folder.iterdir())] == [0, 0]


@pytest.mark.usefixtures("folder")
def test_another_program_believes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = kept.Marks("pack")
    marks.add(("rule", "a"))
    marks.save()

    monkeypatch.setattr(kept, "program", lambda: b"newer")
    assert ("rule", "a") not in kept.Marks("pack")


@pytest.mark.parametrize("spoil", ["folder", "file", "link", "no folder", "broken", "nothing"])
def test_what_others_may_have_written_is_not_read(folder: Path, spoil: str, monkeypatch: pytest.MonkeyPatch) -> None:
    marks = kept.Marks("pack")
    marks.add(("rule", "a"))
    marks.save()
    (file,) = folder.iterdir()
    match spoil:
        case "folder":
            folder.chmod(0o777)
        case "file":
            file.chmod(0o666)
        case "link":
            file.rename(folder / "elsewhere")
            file.symlink_to(folder / "elsewhere")
        case "no folder":
            monkeypatch.setenv("ADVISOR_CACHE", str(file))
        case "broken":
            file.write_bytes(b"\0" * 7)
        case "nothing":
            monkeypatch.setenv("ADVISOR_CACHE", "")

    again = kept.Marks("pack")
    assert again.passes(("rule", "a"), _wrong) == "wrong"
    again.add(("rule", "b"))
    again.save()  # where it cannot be kept, nothing happens


@pytest.mark.usefixtures("folder")
def test_somebody_elses_folder_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.write("x", b"1")
    assert kept.read("x") == b"1"
    own = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: own + 1)
    assert kept.read("x") is None
    assert kept.folder() is None


def test_few_files_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_FILES", 3)
    for number in range(6):
        kept.write(f"{number}", b"")
    assert len(list(folder.iterdir())) == 3
