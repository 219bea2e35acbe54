"""The house as the manual draws it: its floors are the packages, in the order that imports are held to."""

from __future__ import annotations

import re
import tomllib

from tests.folders import REPOSITORY

ADVISOR = REPOSITORY / "advisor"


def drawn() -> list[set[str]]:
    """The floors in the manual, from the top down."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    table = text.partition("| floor |")[2].partition("\n\n")[0]
    return [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in table.splitlines()[2:]]


def held() -> list[set[str]]:
    """The floors that imports are held to."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    return [set(layer.split(" | ")) for layer in contract["layers"]]


def test_the_manual_draws_the_floors_that_imports_are_held_to() -> None:
    assert drawn() == held()


def test_every_package_is_a_floor() -> None:
    """And nothing else lies in the house but its face."""
    packages = {path.name for path in ADVISOR.iterdir() if (path / "__init__.py").exists()}
    modules = {path.stem for path in ADVISOR.glob("*.py")} - {"__init__", "__main__"}

    assert packages | modules == set().union(*held())
    assert modules == {"face"}


def test_every_floor_says_what_it_does() -> None:
    """In the first line of its package."""
    for floor in set().union(*held()) - {"face"}:
        first = (ADVISOR / floor / "__init__.py").read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith('"""'), floor
