"""Texts on which advice hangs are asked for, whatever is asked of them, and no longer once nothing hangs on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import advisor
from advisor.dialogue.session import Session
from advisor.values.types import Among, Within

PACK = "format: 1\ntitle: Towns\nversion: 1\nquestion: What is it?\n"
GOALS = "- {id: fee, asks: What is it?, value: fee}\n"
FACTS = """
case:
  town: {{type: text, question: Which town?}}
  member: {{type: yes/no, question: Are you a member?}}
  fee: {{type: whole number, rows: [{{when: '{} and member', is: 1}}, {{otherwise: 2}}]}}
"""
TESTS = [
    ('town is "Bern"', "Bern", "Basel"),
    ('town is one of ["Bern", "Thun"]', "Thun", "Basel"),
    ('town is "bern" ignoring case', "BERN", "Thun"),
    ('town starts with "B"', "Basel", "Thun"),
    ('town does not end with "n"', "Basel", "Bern"),
    ('town contains "UR" ignoring case', "Zurich", "Bern"),
    ("length of town is above 4", "Basel", "Bern"),
]


def loaded(folder: Path, condition: str) -> Any:
    folder.mkdir()
    for name, said in (("pack", PACK), ("goals", GOALS), ("facts", FACTS.format(condition))):
        (folder / f"{name}.yaml").write_text(said, encoding="utf-8")
    return advisor.load(folder)


def asked(pack: Any, **facts: str) -> set[str]:
    session = Session(pack, pack.case({"format": 1, "facts": facts, "goals": ["fee"]}))
    return {question.fact for question in session._askable(session.targets())}


@pytest.mark.parametrize(("condition", "yes", "no"), TESTS)
def test_a_text_is_asked_for_as_long_as_something_hangs_on_it(
    condition: str, yes: str, no: str, tmp_path: Path
) -> None:
    pack = loaded(tmp_path / "pack", condition)

    assert "town" in asked(pack)
    assert asked(pack, member="yes") == {"town"}
    assert asked(pack, member="no") == set()
    assert asked(pack, town=yes) == {"member"}
    assert asked(pack, town=no) == set()


@pytest.mark.parametrize(("condition", "yes", "no"), TESTS)
def test_what_is_said_of_a_text_holds_or_not(condition: str, yes: str, no: str, tmp_path: Path) -> None:
    pack = loaded(tmp_path / "pack", condition)

    for town, wanted in ((yes, 1), (no, 2)):
        world = pack.reason(pack.case({"format": 1, "facts": {"town": town, "member": "yes"}}))
        assert world.case.values[pack.program.index["case"]["fee"]] == wanted


@pytest.mark.parametrize("condition", [condition for condition, _, _ in TESTS])
def test_a_text_that_nobody_knows_leaves_what_is_possible(condition: str, tmp_path: Path) -> None:
    """Exactly that where it is only compared with texts that are written down, and never less."""
    pack = loaded(tmp_path / "pack", condition)
    world = pack.reason(pack.case({"format": 1, "facts": {"town": "unknown", "member": "yes"}}))
    found = world.case.values[pack.program.index["case"]["fee"]]

    if "is" in condition.split()[1:2] and "ignoring" not in condition and "length" not in condition:
        assert found == Among(frozenset((1, 2)))
    else:
        assert isinstance(found, Among | Within)
        assert not isinstance(found, Among) or found.values >= {1, 2}


def test_a_text_that_is_compared_with_another_may_be_any(tmp_path: Path) -> None:
    """Then no few texts stand for all."""
    folder = tmp_path / "pack"
    folder.mkdir()
    facts = """
case:
  town: {type: text, question: Which town?}
  home: {type: text, question: Which other?}
  fee:
    type: whole number
    rows: [{when: town is home, is: 1}, {when: 'town is "Bern"', is: 2}, {otherwise: 3}]
"""
    for name, said in (("pack", PACK), ("goals", GOALS), ("facts", facts)):
        (folder / f"{name}.yaml").write_text(said, encoding="utf-8")
    pack = advisor.load(folder)
    world = pack.reason(pack.case({"format": 1, "facts": {"town": "unknown", "home": "Thun"}}))
    found = world.case.values[pack.program.index["case"]["fee"]]

    assert isinstance(found, Among | Within)
    assert not isinstance(found, Among) or found.values >= {1, 2, 3}
