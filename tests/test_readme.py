"""The manual is true: it names every command, and what it shows is what comes out.

A `console` block holds commands (`$ ...`), each followed by what it prints; a line `...` stands for any lines. They are
run in the folder of the repository.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from advisor import cli
from advisor.cli.app import app
from tests.folders import ADVISOR, REPOSITORY
from tests.terminal.screen import Terminal

README = REPOSITORY / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY_LINES = "..."
SESSION = re.compile(r"^```session\n\$ advisor (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCREEN = re.compile(r"^```terminal\n\$ advisor (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"[^\n]*> ?(.*)")
"""A prompt, and what is typed after it."""


def shown() -> Iterator[tuple[str, str]]:
    """Each command that the manual shows, and what it says comes out."""
    for block in BLOCK.findall(README.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def as_advisor(command: str) -> list[str]:
    """The arguments of `advisor` for a command; `make report` is one by the Makefile's own words."""
    if command == "make report":
        makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
        case = re.search(r"^CASE \?= (.+)$", makefile, re.MULTILINE)

        assert case

        return ["report", case[1].replace("\\", "")]
    program, *arguments = shlex.split(command)
    return arguments if program == "advisor" else []


def matches(output: str, expected: str) -> bool:
    """Whether an output is as shown, `...` standing for any lines."""
    parts = [re.escape(line) if line != ANY_LINES else r"(?:.*\n)*?.*" for line in expected.rstrip("\n").split("\n")]
    return re.fullmatch("\n".join(parts), output.rstrip("\n")) is not None


@pytest.mark.parametrize(("command", "expected"), [one for one in shown() if as_advisor(one[0])])
def test_shown_output_is_true(
    command: str, expected: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the manual shows after a command is what the command prints."""
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setenv("COLUMNS", "80")
    cli.run(as_advisor(command))
    printed = capsys.readouterr()

    assert matches(printed.out + printed.err, expected), printed.out + printed.err


def test_the_shown_session_is_true(tmp_path: Path) -> None:
    """What the manual shows of a session is what is asked and said when the same is typed."""
    found = SESSION.search(README.read_text(encoding="utf-8"))

    assert found

    lines = found[2].split("\n")
    typed = [answer[1] for line in lines if not line.startswith(" ") and (answer := TYPED.match(line))]
    done = subprocess.run(
        [Path(sys.executable).with_name("advisor"), *shlex.split(found[1])],
        cwd=tmp_path,
        input="\n".join(typed) + "\n",
        env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    printed = "\n".join(line.rstrip() for line in done.stdout.split("\n"))

    assert matches(printed, found[2]), printed


def test_the_shown_terminal_is_true(tmp_path: Path) -> None:
    """What the manual shows of a terminal is on its screen once a name is typed and a box is ticked."""
    found = SCREEN.search(README.read_text(encoding="utf-8"))

    assert found

    with Terminal(*shlex.split(found[1]), folder=tmp_path, columns=80) as terminal:
        terminal.read_until("just look at my case[^>]*> $")
        terminal.type("")
        terminal.read_until("contract 1> $")
        terminal.type("Redesign, fixed, no")
        terminal.read_until("contract 2> $")
        terminal.type("")
        terminal.read_until("> $")
        terminal.press(" ")
        terminal.read_until(r"\[x\][^❯]*> $")
        shown = "\n".join(terminal.lines()).rstrip()

    assert matches(shown, found[2]), shown


def test_the_shown_program_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What the manual shows in Python prints an answer, and gives a page."""
    found = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(REPOSITORY)
    names: dict[str, object] = {}
    for program in found:
        exec(program, names)  # noqa: S102  it is our own
    printed = capsys.readouterr().out

    assert printed.count("'verdict': ") == len(names["cases"])  # type: ignore[arg-type]
    assert str(names["answer"]["verdict"]) in printed  # type: ignore[index]
    assert str(names["html"]).lower().startswith("<!doctype html>")


def test_every_command_is_in_the_manual() -> None:
    """Each command, and each of `advisor rules`, is named in the manual."""
    text = README.read_text(encoding="utf-8")
    program = typer.main.get_command(app)
    rules = program.commands["rules"]  # type: ignore[attr-defined]  # a group of commands
    names = [f"advisor {name}" for name in program.commands] + [f"advisor rules {name}" for name in rules.commands]  # type: ignore[attr-defined]

    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize(
    ("output", "expected", "same"),
    [
        ("a\nb\nc\n", "a\n...\nc\n", True),
        ("a\nc\n", "a\n...\nc\n", False),
        ("a\nb\n", "a\nb\n", True),
        ("a\nb.\n", "a\nb?\n", False),
        ("a\nb\nc\nd\n", "...\nd\n", True),
    ],
)
def test_any_lines(output: str, expected: str, *, same: bool) -> None:
    """`...` stands for one line or more, and for nothing else."""
    assert matches(output, expected) == same


def test_the_files_and_targets_that_are_named_exist() -> None:
    """Paths in backticks, from the root or from the program's package; `make` with one of its targets."""
    text = README.read_text(encoding="utf-8")
    paths = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text)
    targets = re.findall(r"`make ([a-z]+)[ `]", text)
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")

    assert [path for path in paths if not any((root / path).exists() for root in (REPOSITORY, ADVISOR))] == []
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
    assert paths
    assert targets
