"""Which slips worked cases notice: the same as compiling each pack and running every case."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from advisor.advice.advisor import LoadedPack
from advisor.authoring.boundary import proposals
from advisor.authoring.mutation import Judge, Score, checked
from advisor.authoring.slips import Slip, slips
from advisor.authoring.worked_cases import all_cases, run
from advisor.cases.reader import read_cases
from advisor.face import load
from advisor.problems.problem import Problems
from tests.folders import RULES
from tests.reasoning.small import Small

TODAY = date(2026, 11, 28)
FACTS = """
case:
  wet: {type: yes/no, question: Is it wet?}
  depth: {type: whole number, question: How deep?, at_least: 0, at_most: 9}
  kind: {type: choice, choices: {sea: the sea, lake: a lake, pool: a pool}, question: Where?}
  due: {type: date, question: By when?}
  salty: {type: yes/no, question: Is it salty?, applies: kind is not pool}
  level:
    type: number
    rows:
      - {when: depth is above 3, is: 2}
      - {otherwise: 1}
  risk: {type: choice, choices: {low: low, high: high}, concluded: yes, otherwise: low}
boat:
  name: {type: text, question: Which?}
  open: {type: yes/no, question: Is it open?}
"""
CITED = "because: So., sources: [law]"
RULES_ = f"""
- {{id: swim, when: wet and not salty, advise: Swim., {CITED}}}
- {{id: deep, when: "depth is at least 3 and kind is one of [sea, lake]", conclude: {{risk: high}}, {CITED}}}
- {{id: calm, when: depth is at most 3 and not wet, conclude: {{risk: low}}, {CITED}, overrides: [deep]}}
- {{id: dive, when: level is above 1 and risk is high, advise: Dive., because: So., sources: [folk], from: 2026-01-01}}
- {{id: shut, about: boat, when: open and risk is low, advise: Shut it., {CITED}}}
- {{id: hurry, when: wet, because: So., sources: [folk],
   advise: {{strength: must, title: Hurry, deadline: due - 2 days, afterwards: Too late.}}}}
"""
MORE = """
entities:
  boat: {plural: boats, label: name}
headline:
  - {when: wet and depth is above 5, say: Wet.}
  - {otherwise: Dry.}
"""
CASES = """
- case: the sea
  today: 2026-05-01
  facts: {wet: yes, depth: 5, kind: sea, salty: no, due: 2026-05-09}
  boats: [{id: a, open: yes}, {id: b, open: no}]
  expect: [swim, dive, {risk: high}, hurry: {deadline: 2026-05-07}]
  expect_not: [shut]
- case: the pool
  today: 2025-05-01
  facts: {wet: no, depth: 2, kind: pool, due: 2025-05-01}
  boats: [{id: a, open: yes}]
  expect: [shut@a, {risk: low}, {level: 1}]
  expect_not: [dive, swim, hurry]
- {case: nothing is known, today: 2026-05-01, expect_open: [swim, dive]}
"""


@pytest.fixture
def pack(tmp_path: Path) -> LoadedPack:
    """A small pack with three worked cases."""
    small = Small(tmp_path, FACTS, RULES_, MORE)
    (small.folder / "cases").mkdir()
    (small.folder / "cases" / "some.yaml").write_text(CASES, encoding="utf-8")
    return small.load()


def _slowly(pack: LoadedPack, slip: Slip) -> bool:
    """Whether a case notices, with the whole pack compiled and every case run."""
    try:
        changed = LoadedPack(slip.made())
    except Problems:
        return True
    return not all(run(changed, case, TODAY).passed for case in all_cases(pack.data))


def test_every_slip_is_judged_as_slow_runs_judge_it(pack: LoadedPack) -> None:
    """Screening, what expectations tell at once and grafting change nothing of what comes out."""
    every = slips(pack.data)
    judge = Judge(pack, all_cases(pack.data), every, TODAY)
    judged = [judge.judge(one) for one in every]

    assert [one.noticed for one in judged] == [_slowly(pack, one.slip) for one in judged]
    assert {one.slip.sort for one in judged} == {
        "bound", "and-or", "not", "date", "choice", "override", "standing",
    }  # fmt: skip
    assert 0.2 < Score(pack=pack.data, cases=3, slips=len(every), judged=judged).share < 0.9


@pytest.mark.parametrize("name", ["travelling-abroad"])
def test_slips_of_a_pack_are_judged_as_slow_runs_judge_them(name: str) -> None:
    """The same of a pack that people use, for a few slips of each kind of place."""
    pack = load(RULES / name)
    found: dict[tuple[str, str], Slip] = {}
    for one in slips(pack.data):
        if one.what in ("rule", "answer"):
            found.setdefault((one.sort, one.what), one)
    cases = [one for one in all_cases(pack.data) if one.case.today is not None][::12]
    judge = Judge(pack, cases, list(found.values()), TODAY)

    for slip in found.values():
        changed = LoadedPack(slip.made())
        slowly = not all(run(changed, case, TODAY).passed for case in cases)
        assert judge.judge(slip).noticed is slowly, slip.called


def test_what_changes_nothing_is_not_counted(pack: LoadedPack) -> None:
    """A slip that is the same in every case is told apart by a search to its end."""
    rule = pack.data.rules["deep"]
    idle = [one for one in slips(pack.data) if one.what == "rule" and one.name == rule.id]
    assert Counter(one.sort for one in idle)["bound"] == 2
    judge = Judge(pack, [], idle, TODAY)

    assert not any(judge.judge(one).idle for one in idle if one.sort == "bound")


def test_proposed_cases_pass_and_notice(pack: LoadedPack, tmp_path: Path) -> None:
    """What is proposed is what the pack says, and raises the score."""
    every = slips(pack.data)
    judge = Judge(pack, all_cases(pack.data), every, TODAY)
    missed = [one for one in every if not judge.judge(one).noticed]
    found = proposals(judge, missed, 60)
    file = tmp_path / "boundaries.yaml"
    file.write_text("\n\n".join(one.text for one in found), encoding="utf-8")
    more = read_cases(pack.data, file)
    checked(pack, more, TODAY)
    again = Judge(pack, [*all_cases(pack.data), *more], every, TODAY)
    still = [one for one in missed if not again.judge(one).noticed]

    assert len(more) == len(found)
    assert len(still) < len(missed) / 3
    assert {"date", "bound"} <= {one.slip.sort for one in found}
