"""The command line beyond what a scenario shows: start-up, failures, output, completion, help."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import advisor
from advisor import cli
from advisor.cli import failures
from advisor.cli.app import app
from advisor.cli.output import write
from tests.folders import TESTS

PACKS = TESTS / "scenarios" / "packs"
CASE = f"{PACKS}/picnic/cases/rules.yaml#nine"
PROGRAM = Path(sys.executable).parent / "advisor"


def commands(path: tuple[str, ...] = (), group: object = None) -> Iterator[tuple[str, ...]]:
    """Every command by its words, groups too."""
    group = group or typer.main.get_command(app)
    for name, command in getattr(group, "commands", {}).items():
        yield (*path, name)
        yield from commands((*path, name), command)


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_explains_itself(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` says what a command does, and (unless it only groups others) gives examples of itself."""
    status = cli.run([*command, "--help"])
    text = capsys.readouterr().out

    assert status == 0
    assert "Commands:" in text or f"    advisor {' '.join(command)}" in text.partition("Examples:")[2]


def test_help_loads_nothing_but_typer() -> None:
    """The help is there at once: no reader, engine or template is loaded for it."""
    listing = "import sys; from advisor import cli; cli.run(['--help']); print('LOADED', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.partition("LOADED")[2].split())

    assert not loaded & {"yaml", "jinja2", "durable_rules_engine", "rich"}
    own = {name for name in loaded if name.startswith("advisor.") and not name.startswith("advisor.cli")}
    # The names of the parts of a report and of a table of advice, and nothing else.
    assert own == {f"advisor.{name}" for name in ("report", "report.parts", "columns", "columns.parts")}


def test_json_of_a_report_is_the_advice(capsys: pytest.CaptureFixture[str]) -> None:
    """`report -f json` prints the advice for programs, the same as the library gives."""
    status = cli.run(["report", CASE, "--rules", str(PACKS), "-f", "json"])
    pack = advisor.load(PACKS / "picnic")

    assert status == 0
    assert json.loads(capsys.readouterr().out) == pack.advise(pack.read_case(CASE)).to_dict()


# --- failures -----------------------------------------------------------------------------------------------------


def _fail(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr("advisor.packs.reader.read_pack", broken)
    return cli.run(["rules", "list", str(PACKS)])


def test_unexpected_error_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What should never happen is told without a traceback, with what to send to the developers."""
    status = _fail(ZeroDivisionError("by nought\nand more"), monkeypatch)
    error = capsys.readouterr().err

    assert status == failures.WRONG_INPUT
    assert "ZeroDivisionError: by nought)" in error
    assert "ADVISOR_DEBUG=1" in error
    assert "Traceback" not in error


def test_unexpected_error_in_full(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With ADVISOR_DEBUG=1 the traceback is printed too."""
    monkeypatch.setenv("ADVISOR_DEBUG", "1")
    _fail(ZeroDivisionError(), monkeypatch)

    assert "Traceback" in capsys.readouterr().err


def test_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends a command at once, without a word."""
    status = _fail(KeyboardInterrupt(), monkeypatch)

    assert status == cli.INTERRUPTED
    assert capsys.readouterr().err == ""


def test_too_deep(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What is too large for the machine is said to be so."""
    _fail(RecursionError(), monkeypatch)

    assert "too deeply nested" in capsys.readouterr().err


def test_reader_that_leaves() -> None:
    """`| head` ends a command without a complaint."""
    command = f"{PROGRAM} rules list {PACKS} | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602 - a pipe it is

    assert done.stdout == "A picnic (picnic 1.0)\n"
    assert done.stderr == ""


def test_terminal_that_lacks_letters() -> None:
    """A terminal without some letter gets `?` for it, and no error."""
    done = subprocess.run(
        [PROGRAM, "report", CASE, "--rules", PACKS],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )

    assert b"Throw away ?Cake?" in done.stdout


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints what the package says of itself."""
    cli.run(["--version"])

    assert capsys.readouterr().out == f"{advisor.__version__}\n"


# --- writing files ------------------------------------------------------------------------------------------------


def test_written_file_keeps_its_permissions(tmp_path: Path) -> None:
    """What replaces a file has the permissions that it had."""
    file = tmp_path / "advice.txt"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    write("new", file)

    assert file.read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_written_file_may_be_a_link(tmp_path: Path) -> None:
    """Where the name is a link, the file that it leads to is written."""
    file, link = tmp_path / "advice.txt", tmp_path / "link.txt"
    file.write_text("old", encoding="utf-8")
    link.symlink_to(file)
    write("new", link)

    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "new"


def test_failed_write_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full does no harm to the file that was there, and leaves nothing beside it."""
    file = tmp_path / "advice.txt"
    file.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device") as raised:
        write("new", file)

    assert raised.value.filename == str(file)
    assert [path.name for path in tmp_path.iterdir()] == ["advice.txt"]
    assert file.read_text(encoding="utf-8") == "old"


def test_device_is_written_to_as_it_is() -> None:
    """A device is not replaced by a file."""
    write("nothing", Path(os.devnull))

    assert not Path(os.devnull).is_file()


# --- completion ---------------------------------------------------------------------------------------------------


def _completed(words: str) -> list[str]:
    """What bash is offered after these words."""
    done = subprocess.run(
        [PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "_ADVISOR_COMPLETE": "complete_bash",
            "COMP_WORDS": f"advisor {words}",
            "COMP_CWORD": str(len(words.split(" "))),
        },
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("rep", ["report"]),
        ("rules sh", ["show"]),
        (f"rules show --rules {PACKS} go", ["go-anyway"]),
        (f"report --rules {PACKS} --pack pic", ["picnic"]),
        ("report --format m", ["md"]),
        ("rules schema fac", ["facts"]),
    ],
)
def test_completion(words: str, offered: list[str]) -> None:
    """A shell completes commands, packs, rules and formats."""
    assert _completed(words) == offered
