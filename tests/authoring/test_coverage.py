"""What cases try of conditions: counted in three values, and whether a comparison decides."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import advisor
from advisor.authoring.conditions import Probe, sites
from advisor.authoring.coverage import Covered, Tally, coverage
from advisor.authoring.coverage_text import page
from advisor.authoring.worked_cases import all_cases
from advisor.language.printing import text
from advisor.packs.reader import read_pack
from tests.folders import RULES, TESTS
from tests.reasoning.small import Small

TODAY = date(2026, 11, 28)
FACTS = """
case:
  wet: {type: yes/no, question: Is it wet?}
  cold: {type: yes/no, question: Is it cold?}
  depth: {type: number, question: How deep?}
  asked_by_none: {type: yes/no, question: Who asks?}
  level:
    type: number
    rows:
      - {when: depth is above 3, is: 2}
      - {otherwise: 1}
parcel:
  name: {type: text, question: Which?}
  open: {type: yes/no, question: Is it open?}
"""
RULES_ = """
- {id: swim, when: wet and (cold or depth is above 3), advise: Swim., because: So., sources: [law]}
- {id: shut, about: parcel, when: open and level is above 1, advise: Shut it., because: So., sources: [law]}
"""
MORE = """
entities:
  parcel: {plural: parcels, label: name}
headline:
  - {when: wet, say: Wet.}
  - {when: cold, say: Cold.}
  - {otherwise: Dry.}
"""
CASES = """
- {case: one, facts: {wet: yes, cold: no, depth: 5}, parcels: [{id: a, open: yes}, {id: b, open: no}]}
- {case: two, facts: {wet: yes, cold: no, depth: 1}}
- {case: three, facts: {wet: yes, cold: unknown, depth: 1}}
"""


def _coverage(tmp_path: Path) -> dict[str, Covered]:
    small = Small(tmp_path, FACTS, RULES_, MORE)
    (small.folder / "cases").mkdir()
    (small.folder / "cases" / "some.yaml").write_text(CASES, encoding="utf-8")
    pack = small.load()
    found = coverage(pack, all_cases(pack.data), TODAY)

    assert [one.name for one in found.unasked] == ["asked_by_none", "name"]
    assert sorted(found.uncited) == ["folk", "hunch"]
    assert [(one.number, one.given, one.possible) for one in found.answers] == [(0, 3, 3), (1, 0, 0), (2, 0, 0)]
    assert page([found]).count('class="site') == len(found.conditions)
    return {one.site.called: one for one in found.conditions}


def test_counts(tmp_path: Path) -> None:
    """How often a condition and its comparisons were true, false and unknown, and how often each decided."""
    found = _coverage(tmp_path)

    assert found["rule swim"].whole == Tally(true=1, false=1, unknown=1)
    assert {text(part): tally for part, tally in found["rule swim"].parts.items()} == {
        "wet": Tally(true=3, decided=2),
        "cold": Tally(false=2, unknown=1, decided=1),
        "depth is above 3": Tally(true=1, false=2, decided=3),
    }
    assert found["rule shut"].whole == Tally(true=1, false=1)
    assert found["row 1 of level"].whole == Tally(true=1, false=2)
    assert not found["rule swim"].idle
    assert found["answer 2 of headline"].whole == Tally(false=2, unknown=1)


@pytest.mark.parametrize("name", ["ending-a-contract", "travelling-abroad"])
def test_probes_agree_with_the_reasoning(name: str) -> None:
    """Where the parts settle what a rule's condition comes to, the reasoning comes to the same."""
    pack = advisor.load(RULES / name)
    rules = {one.name: Probe(pack.program, one) for one in sites(pack.data) if one.what == "rule"}
    compared = 0
    for case in all_cases(pack.data)[::12]:
        world = pack.reason(case.case, today=case.case.today or TODAY)
        for id_, probe in rules.items():
            group, rule = pack.program.group_of[id_], pack.data.rules[id_]
            if rule.advise is not None and rule.advise.before_deadline is not None:
                continue  # it also waits for its deadline, of which the written condition says nothing
            for subject in probe.subjects(world):
                seen = probe.see(world, subject).whole
                outcomes = subject.outcomes.get(group.name)
                if seen is not None and outcomes is not None:
                    compared += 1
                    assert outcomes[group.rules.index(rule)] is seen, (id_, subject.id)

    assert compared > 300


def test_rows_of_tables_stand_once_under_their_own_number() -> None:
    """However many facts they conclude."""
    pack = read_pack(TESTS / "packs" / "migrated" / "freight")
    found = [site for site in sites(pack) if site.what == "row"]

    assert [site.called for site in found] == [f"row {number} of freight.csv" for number in range(2, 8)]
