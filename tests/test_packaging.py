"""The program as people install it: a wheel that holds all it needs, and asks for nothing it does not declare."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import advisor
from tests.folders import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IMPORTED_AS = {
    "jinja2": {"jinja2", "markupsafe"},
    "durable-rules": {"durable_rules_engine"},
    "prompt-toolkit": {"prompt_toolkit"},
    "pyyaml": {"yaml"},
    "odfpy": {"odf"},
    "prometheus-client": {"prometheus_client"},
    "python-docx": {"docx"},
    "python-multipart": set(),  # it reads uploads for the server of pages
    "psycopg": set(),  # it is loaded by the address of a database
}
NOT_USED = {"dev", "mutation", "all"}
"""Extras for work on the program itself, and the one that is made of others."""


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"], "NO_COLOR": "1"}
    )

    assert done.returncode == 0, done.stdout + done.stderr

    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=REPOSITORY)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`advisor`, installed from the wheel in an environment of its own; only what it depends on is lent to it."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("platlib"), encoding="utf-8")  # its own .pth files are not read
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", python)
    _run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    return folder / "bin" / "advisor"


@pytest.mark.slow
def test_wheel_holds_every_pack_and_template(wheel: Path) -> None:
    """Each file of `rules/` and `templates/` is in the wheel."""
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        f"advisor/_data/{path.relative_to(REPOSITORY)}"
        for folder in ("rules", "templates")
        for path in (REPOSITORY / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }

    assert expected
    assert expected <= names


@pytest.mark.slow
def test_wheel_has_the_version_of_the_program(wheel: Path) -> None:
    """The version stands in one place."""
    assert wheel.name == f"decision_advisor-{advisor.__version__}-py3-none-any.whl"


@pytest.mark.slow
def test_installed_program_knows_its_packs(program: Path, tmp_path: Path) -> None:
    """In an empty folder, the installed program finds the packs that ship."""
    listed = _run(program, "rules", "list", cwd=tmp_path)

    assert all(f"({path.parent.name} " in listed for path in (REPOSITORY / "rules").glob("*/pack.yaml"))


@pytest.mark.slow
def test_installed_program_writes_advice(program: Path, tmp_path: Path) -> None:
    """In an empty folder, the installed program writes the same report as the checkout."""
    case = next(iter(sorted((REPOSITORY / "rules").glob("*/cases/*.yaml"))))
    command = ("report", f"{case}#1", "--pack", case.parent.parent.name, "--today", "2026-11-30")
    here = _run(Path(sys.executable).parent / "advisor", *command, cwd=tmp_path)

    assert _run(program, *command, cwd=tmp_path) == here
    assert here


def test_every_dependency_is_declared_and_used() -> None:
    """What the program imports from others is what the project declares, no more and no less."""
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *(line for name in extras.keys() - NOT_USED for line in extras[name])]
    declared = {re.split(r"[^\w-]", line)[0] for line in lines}
    names = {name for one in declared for name in IMPORTED_AS.get(one, {one})}

    assert _imported() - set(sys.stdlib_module_names) - {"advisor"} == names


def _imported() -> set[str]:
    found: set[str] = set()
    for path in (REPOSITORY / "advisor").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found.add(node.module.split(".")[0])
    return found
