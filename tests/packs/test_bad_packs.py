"""Every mistake that an author can make is named with its place, in the words pinned beside the bad files.

Each folder of `bad_packs/` but `_good` holds the files in which it differs from `_good`, and `problems.txt`: all that
is said of it, underlines included. `python tests/packs/test_bad_packs.py` writes these texts anew; read the diff.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from advisor.packs.checks import check_pack
from advisor.packs.reader import read_pack
from advisor.problems.problem import Problems

FOLDER = Path(__file__).parent / "bad_packs"
GOOD = FOLDER / "_good"
BAD = sorted(path for path in FOLDER.iterdir() if path.is_dir() and path != GOOD)


def said_of(bad: Path, into: Path) -> str:
    """All that is said of the good pack with the files of `bad` put over it."""
    pack = into / "pack"
    shutil.copytree(GOOD, pack)
    shutil.copytree(bad, pack, dirs_exist_ok=True, ignore=shutil.ignore_patterns("problems.txt"))
    try:
        problems = check_pack(read_pack(pack))
    except Problems as error:
        problems = error.problems
    return "".join(problem.full() + "\n" for problem in problems).replace(str(pack), "pack")


def test_the_good_pack_has_no_problems(tmp_path: Path) -> None:
    """What the bad packs differ from is right, so that each of them shows its own mistake only."""
    assert said_of(GOOD, tmp_path) == ""


@pytest.mark.parametrize("bad", BAD, ids=lambda path: path.name)
def test_a_bad_pack_is_told_what_is_wrong(bad: Path, tmp_path: Path) -> None:
    """Place, kind, message, help, line and underline are what `problems.txt` says."""
    assert said_of(bad, tmp_path) == (bad / "problems.txt").read_text(encoding="utf-8")


def rewrite() -> None:
    """Writes every `problems.txt` anew."""
    for bad in BAD:
        with TemporaryDirectory() as folder:
            (bad / "problems.txt").write_text(said_of(bad, Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
