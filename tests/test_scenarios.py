"""Commands as people give them: each file in `scenarios/` is a command, its files, and exactly what comes of it.

A scenario reads, from top to bottom: a sentence that says what it shows; a line `$ advisor ...`; a line `exit N`; then
parts that begin with `== NAME`: the files that lie in the folder where the command runs, and `== stdin`, `== stdout`,
`== stderr`, and `== FILE afterwards` for a file that the command writes. A part that is left out is empty. The folder
also holds `packs/`, a copy of `scenarios/packs/`, which a scenario's own files may change.

`REWRITE=1 pytest tests/test_scenarios.py` writes what comes out into the files; read the difference before you commit.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from advisor import cli
from tests.folders import REPOSITORY, TESTS

FOLDER = TESTS / "scenarios"
HEAD = re.compile(r"(?P<says>.+?)\n\n\$ (?P<command>.+)\nexit (?P<status>\d+)\n", re.DOTALL)
RESULTS = ("stdout", "stderr")
AFTERWARDS = " afterwards"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One command and what comes of it. `parts`: by name, in the file's order."""

    says: str
    command: str
    status: int
    parts: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Scenario:
        """The scenario that a file holds."""
        text = path.read_text(encoding="utf-8")
        head = HEAD.match(text)

        assert head, f"{path}: a sentence, an empty line, `$ advisor ...` and `exit N` are missing at the top"

        parts = re.split(r"^== (.+)\n", text[head.end() :], flags=re.MULTILINE)
        return cls(head["says"], head["command"], int(head["status"]), dict(zip(parts[1::2], parts[2::2], strict=True)))

    def text(self) -> str:
        """The scenario as its file holds it."""
        parts = "".join(f"== {name}\n{text}" for name, text in self.parts.items() if text or name not in RESULTS)
        return f"{self.says}\n\n$ {self.command}\nexit {self.status}\n{parts}"

    def files(self) -> dict[str, str]:
        """The files that are there before the command runs."""
        return {
            name: text
            for name, text in self.parts.items()
            if name not in (*RESULTS, "stdin") and not name.endswith(AFTERWARDS)
        }

    def written(self) -> list[str]:
        """The files that the command writes."""
        return [name.removesuffix(AFTERWARDS) for name in self.parts if name.endswith(AFTERWARDS)]


@pytest.fixture
def perform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[Scenario], Scenario]:
    """The same scenario with what really comes of it; paths of this machine are written `~` and `<repository>`."""

    def really(scenario: Scenario) -> Scenario:
        shutil.copytree(FOLDER / "packs", tmp_path / "packs")
        for name, text in scenario.files().items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("COLUMNS", "80")
        stdin = io.TextIOWrapper(io.BytesIO(scenario.parts.get("stdin", "").encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stdin)
        program, *arguments = shlex.split(scenario.command)

        assert program == "advisor"

        status = cli.run(arguments)
        out, err = capfd.readouterr()
        results = {"stdout": _portable(out, tmp_path), "stderr": _portable(err, tmp_path)}
        written = {f"{name}{AFTERWARDS}": (tmp_path / name).read_text(encoding="utf-8") for name in scenario.written()}
        kept = {name: text for name, text in scenario.parts.items() if name not in RESULTS}
        return Scenario(scenario.says, scenario.command, status, kept | written | results)

    return really


def _portable(text: str, folder: Path) -> str:
    return text.replace(str(folder), "~").replace(str(REPOSITORY), "<repository>")


@pytest.mark.parametrize(
    "path", sorted(FOLDER.rglob("*.txt")), ids=lambda path: str(path.relative_to(FOLDER).with_suffix(""))
)
def test_scenario(path: Path, perform: Callable[[Scenario], Scenario]) -> None:
    """The command ends with that exit status, prints exactly that, and writes exactly those files."""
    scenario = Scenario.read(path)

    really = perform(scenario)
    if os.environ.get("REWRITE"):
        path.write_text(really.text(), encoding="utf-8")
    else:
        assert really.text() == scenario.text()
