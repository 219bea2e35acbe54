"""What is overdue, what hangs on it, and what each source carries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from advisor.advice.advisor import LoadedPack
from advisor.authoring.audit import audit, overdue
from advisor.authoring.audit_text import summary
from advisor.authoring.worked_cases import all_cases
from advisor.problems.problem import Problems
from tests.reasoning.small import Small

TODAY = date(2026, 11, 28)
FACTS = """
case:
  wet: {type: yes/no, question: Is it wet?}
  depth: {type: number, question: How deep?}
  risk: {type: choice, choices: {low: low, high: high}, concluded: yes, otherwise: low}
"""
RULES_ = """
- {id: deep, when: depth is above limit, conclude: {risk: high}, because: So., sources: [law]}
- {id: swim, when: wet and risk is low, advise: Swim., because: So., sources: [folk]}
- {id: wade, when: wet and risk is low, advise: Wade., because: So., sources: [folk, law]}
"""
FIGURES = """
limit:
  type: number
  values:
    - {value: 2, until: 2025-12-31, sources: [law], checked: 2020-01-01}
    - {value: 3, from: 2026-01-01, sources: [law], checked: 2025-11-01}
"""
CASES = """
- {case: shallow, today: 2026-05-01, facts: {wet: yes, depth: 1}, expect: [swim]}
- {case: deep, today: 2026-05-01, facts: {wet: yes, depth: 5}, expect_not: [swim]}
"""


def _pack(tmp_path: Path, more: str) -> LoadedPack:
    small = Small(tmp_path, FACTS, RULES_, more)
    (small.folder / "parameters.yaml").write_text(FIGURES, encoding="utf-8")
    (small.folder / "cases").mkdir()
    (small.folder / "cases" / "some.yaml").write_text(CASES, encoding="utf-8")
    return small.load()


def test_overdue_and_knock_out(tmp_path: Path) -> None:
    """A figure in force that is overdue is named with what hangs on it; sources go by what goes with them."""
    pack = _pack(tmp_path, "check_every: 365 days\n")
    found = audit(pack, all_cases(pack.data), TODAY)

    assert [(one.sort, one.name, one.hangs) for one in found.overdue] == [("figure", "limit", ("rule deep",))]
    losses = {one.source.id: (one.rules, one.answers, one.advice) for one in found.losses}
    assert losses["folk"] == (1, 0, 1)
    assert losses["law"] == (1, 0, 1)
    assert losses["hunch"] == (0, 0, 0)
    assert "looked at on 2025-11-01" in summary(found, 80, 10)
    assert found.to_dict()["looked_at"][0]["overdue"]


def test_only_where_the_pack_says_how_long(tmp_path: Path) -> None:
    """Where it does not, nothing is overdue, and the page says how to mend that."""
    pack = _pack(tmp_path, "")
    found = audit(pack, all_cases(pack.data), TODAY)

    assert not found.overdue
    assert "check_every" in summary(found, 80, 10)
    assert not overdue(pack.data, date(1990, 1, 1), TODAY)


def test_a_length_that_is_none(tmp_path: Path) -> None:
    """A length of time that cannot be read is told with its place."""
    with pytest.raises(Problems, match=r"check_every|days"):
        _pack(tmp_path, "check_every: often\n")
