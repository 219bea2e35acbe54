# ruff: noqa: FBT003 - the state of a rule is true, false or open
"""The shipped packs' worked cases show every rule: somewhere it fires, somewhere it is silent, somewhere open."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import advisor
from advisor.advice import reach
from advisor.cases.reader import read_cases
from advisor.language.tree import CASE, Known, walk
from advisor.packs.pack import Rule
from tests.folders import RULES

PACKS = sorted(path.parent for path in RULES.glob("*/pack.yaml"))
NOT_RULES = {"pack", "sources", "facts", "parameters", "projections", "options", "goals"}
NEVER_FIRES: dict[str, str] = {}
"""Rules that no worked case shows firing, with the reason."""
NEVER_SILENT: dict[str, str] = {}
"""Rules that no worked case shows ruled out, with the reason."""
NEVER_OPEN: dict[str, str] = {}
"""Rules that no worked case shows open, with the reason; those that only ask what is known need none."""
SHOWN_IN_A_STORY = {"get-a-us-visa-to-change-planes": "the story home-to-the-parents is its example"}
"""Rules that fire in no case of the file of their own name, with the reason."""
CHOSEN = set(
    "careful_margin renewal_time visa_time certificate_wait clinic_time assistance_notice medicine_permit_time"
    " careful_cash_line slow_pet_time".split()
)
"""Figures without a day of checking: lengths and lines on the safe side that the authors chose from what sources
say."""


@cache
def pack_in(folder: Path) -> advisor.Pack:
    """A shipped pack, loaded once."""
    return advisor.load(folder)


@cache
def shown(folder: Path) -> dict[tuple[str, str], set[bool | None]]:
    """By file of worked cases and rule: what became of the rule in them, for any subject."""
    pack = pack_in(folder)
    found: dict[tuple[str, str], set[bool | None]] = {}
    for file in sorted((folder / "cases").glob("*.yaml")):
        for case in read_cases(pack.data, file):
            world = pack.reason(case.case, sought=reach.advised(pack.program))  # what rules hang on, and no forecasts
            for rule in pack.data.rules.values():
                subjects = [world.case] if rule.about == CASE else world.entities[rule.about]
                found.setdefault((file.stem, rule.id), set()).update(world.state(rule, subject) for subject in subjects)
    return found


def states(folder: Path) -> dict[str, set[bool | None]]:
    """By rule: what became of it in the worked cases of its pack, for any subject."""
    found: dict[str, set[bool | None]] = {rule: set() for rule in pack_in(folder).data.rules}
    for (_, rule), seen in shown(folder).items():
        found[rule] |= seen
    return found


def lacking(folder: Path, state: bool | None) -> set[str]:
    """Rules that are in this state in no worked case."""
    return {rule for rule, seen in states(folder).items() if state not in seen}


def cannot_be_open(rule: Rule) -> bool:
    """Whether a rule only asks what is known, which is never open."""
    return any(isinstance(part, Known) for part in walk(rule.when))


each_pack = pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)


@each_pack
def test_every_rule_fires_in_a_worked_case(folder: Path) -> None:
    assert lacking(folder, True) - set(NEVER_FIRES) == set()


@each_pack
def test_every_rule_stays_silent_in_a_worked_case(folder: Path) -> None:
    assert lacking(folder, False) - set(NEVER_SILENT) == set()


@each_pack
def test_every_rule_is_open_in_a_worked_case(folder: Path) -> None:
    unseen = {rule for rule in lacking(folder, None) if not cannot_be_open(pack_in(folder).data.rules[rule])}

    assert unseen - set(NEVER_OPEN) == set()


def test_every_exception_is_still_one() -> None:
    """What is shown after all is taken out of the lists above."""
    for state, exceptions in ((True, NEVER_FIRES), (False, NEVER_SILENT), (None, NEVER_OPEN)):
        really = set().union(*(lacking(folder, state) for folder in PACKS))

        assert set(exceptions) <= really


@each_pack
def test_every_rule_cites_a_source(folder: Path) -> None:
    pack = pack_in(folder).data

    assert [rule.id for rule in pack.rules.values() if not rule.sources] == []
    assert [source for rule in pack.rules.values() for source in rule.sources if source not in pack.sources] == []


@each_pack
def test_every_figure_has_a_source_and_the_day_it_was_checked(folder: Path) -> None:
    pack = pack_in(folder).data
    values = [(one.name, dated) for one in pack.parameters.values() for dated in one.values]

    assert [name for name, dated in values if not dated.sources] == []
    assert {name for name, dated in values if dated.checked is None} - CHOSEN == set()


@each_pack
def test_every_rule_file_has_a_file_of_cases(folder: Path) -> None:
    """Of the same name."""
    subjects = {path.stem for path in folder.glob("*.yaml")} - NOT_RULES

    assert subjects - {path.stem for path in (folder / "cases").glob("*.yaml")} == set()


@each_pack
def test_every_rule_fires_in_the_cases_beside_it(folder: Path) -> None:
    """In the file of cases of its own rule file, so that whoever changes a rule finds its example."""
    rules = pack_in(folder).data.rules.values()
    unseen = [rule.id for rule in rules if True not in shown(folder).get((Path(rule.place.file).stem, rule.id), set())]

    assert set(unseen) - set(SHOWN_IN_A_STORY) == set()


MOST_NAMED = 14
"""A case that names more advice than this as ruled out is no situation near to any of it."""


@each_pack
def test_for_all_advice_a_near_situation_is_shown_in_which_it_must_not_come(folder: Path) -> None:
    """In a case with trouble of its own; the lists of what a contract that went well does not bring do not count."""
    pack = pack_in(folder).data
    near: set[str] = set()
    for file in sorted((folder / "cases").glob("*.yaml")):
        for case in read_cases(pack, file):
            if len(case.expect_not) <= MOST_NAMED and "nothing applies" not in case.sentence:
                near |= {one.key.partition("@")[0] for one in case.expect_not}

    assert {rule.id for rule in pack.rules.values() if rule.advise is not None} - near == set()
