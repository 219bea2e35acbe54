"""Open answers fork on the fact that tells most: at most three branches, the likely one first, each replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from advisor.decision import fork
from tests.reasoning.small import Small

FACTS = """
case:
  paid: {type: yes/no, question: Was it paid?, label: paid}
  mark:
    type: choice
    question: How was it marked?
    label: the mark
    choices: {good: a good one, bad: a bad one, nothing: none at all}
    if: {good: they mark it well, bad: they mark it badly, nothing: they leave no mark}
    likely: {value: nothing, because: Most leave none.}
  earned: {type: money, question: How much?, label: the earnings, at_least: 0 USD, at_most: 1000 USD}
  troubles:
    type: choices
    question: What is wrong?
    label: the troubles
    choices: {late: it was late, torn: it is torn}
"""
ADVICE = """
- {id: save-it, when: troubles include late, advise: Save it, because: So., sources: [law]}
- {id: mend-it, when: troubles include torn, advise: Mend it, because: So., sources: [law, folk, hunch]}
"""


def answer(tmp_path: Path, rows: str, facts: dict[str, Any] | None = None, more: str = "") -> dict[str, Any]:
    """The answer to one goal of those rows."""
    goals = f"- id: goal\n  asks: Does it hurt?\n  subjects: [some]\n  meanwhile: Wait.\n{more}  answers:\n"
    goals += "".join(f"    - {row}\n" for row in rows.strip().splitlines())
    small = Small(tmp_path, FACTS, ADVICE, "", goals=goals)
    pack = small.folder / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").partition("headline:")[0], encoding="utf-8")
    found = small.advise(facts).data["answers"][0]
    assert isinstance(found, dict)
    return found


MARKS = """
{when: mark is bad, verdict: yes, say: It counts.}
{when: mark is good, verdict: no, say: It helps.}
{otherwise: It does not count., verdict: no}
"""


def test_the_branches_are_the_answers_for_each_value(tmp_path: Path) -> None:
    """In the pack's clauses, the likely one first, then as the pack lists its choices."""
    found = answer(tmp_path, MARKS)

    assert (found["verdict"], found["text"], found["settled"]) == ("it depends", "Wait.", False)
    assert found["branches"] == [
        {"if": "they leave no mark", "verdict": "no", "text": "It does not count."},
        {"if": "they mark it well", "verdict": "no", "text": "It helps."},
        {"if": "they mark it badly", "verdict": "yes", "text": "It counts."},
    ]
    assert [one["question"] for one in found["hangs_on"]] == ["How was it marked?"]
    assert found["possible"] == ["yes", "no"]


def test_a_settled_answer_has_no_branches(tmp_path: Path) -> None:
    """It is one."""
    found = answer(tmp_path, MARKS, {"mark": "bad"})

    assert (found["verdict"], found["settled"], found["branches"], found["hangs_on"]) == ("yes", True, [], [])


def test_numbers_part_at_what_rules_compare_them_with(tmp_path: Path) -> None:
    """The branches name the ranges."""
    rows = "{when: earned is at least 500 USD, verdict: yes, say: Much.}\n{otherwise: Little., verdict: no}"

    assert [one["if"] for one in answer(tmp_path, rows)["branches"]] == [
        "the earnings are below $500",
        "the earnings are at least $500",
    ]


def test_the_fact_that_tells_most_is_the_one_that_settles(tmp_path: Path) -> None:
    """Not the one after which another question remains."""
    rows = (
        "{when: paid, verdict: no, say: Paid.}\n{when: mark is bad, verdict: yes, say: It counts.}\n"
        "{otherwise: It does not count., verdict: perhaps}"
    )
    found = answer(tmp_path, rows, {"mark": "bad"})

    assert [(one["if"], one["verdict"]) for one in found["branches"]] == [
        ("“paid” is no", "yes"),
        ("“paid” is yes", "no"),
    ]


def test_a_branch_in_which_it_still_depends_says_so(tmp_path: Path) -> None:
    """Nothing is settled that is not."""
    rows = "{when: paid and mark is bad, verdict: yes, say: It counts.}\n{otherwise: It does not., verdict: no}"
    found = answer(tmp_path, rows)

    assert "it depends" in {one["verdict"] for one in found["branches"]}
    assert {"no"} <= {one["verdict"] for one in found["branches"]}


def test_a_question_of_several_boxes_is_no_if(tmp_path: Path) -> None:
    """What hangs on what is wrong waits for that question; one box that is left is named by its words."""
    rows = "{when: troubles is not none, verdict: yes, say: Act.}\n{otherwise: Rest., verdict: no}"

    assert answer(tmp_path, rows)["branches"] == []
    assert [one["question"] for one in answer(tmp_path, rows)["hangs_on"]] == ["What is wrong?"]
    one_left = answer(tmp_path, rows, {"troubles": {"late": "no"}})
    assert [one["if"] for one in one_left["branches"]] == ["“it is torn” does not apply", "“it is torn” applies"]


@pytest.mark.parametrize(
    ("troubles", "text"),
    [({"late": "yes", "torn": "no"}, "Begin here: Save it"), ({"late": "no", "torn": "no"}, "Wait.")],
)
def test_the_first_advice_is_one_that_stands(tmp_path: Path, troubles: dict[str, str], text: str) -> None:
    """What is only possible is never named as what to begin with."""
    found = answer(tmp_path, '{otherwise: "Begin here: {first advice}"}', {"troubles": troubles})

    assert found["text"] == text


def test_a_branch_that_is_open_says_what_it_hangs_on(tmp_path: Path) -> None:
    found = answer(
        tmp_path,
        """
{when: paid and mark is bad, verdict: yes, say: It counts.}
{when: paid, verdict: no, say: It helps.}
{otherwise: It does not count., verdict: no}
""",
    )

    assert {one["if"]: (one["verdict"], one["text"]) for one in found["branches"]} == {
        "“paid” is no": ("no", "It does not count."),
        "“paid” is yes": ("it depends", "It hangs on the mark"),
    }


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        (["they pay"], "they pay"),
        (["they pay", "they do not"], "they pay or they do not"),
        (["the mark is to bring gold", "the mark is to bring more work"], "the mark is to bring gold, or more work"),
        (["the mark is bad", "the mark is bad again"], "the mark is bad or the mark is bad again"),
    ],
)
def test_what_clauses_begin_with_is_said_once(clauses: list[str], said: str) -> None:
    assert fork._alternatives(clauses) == said
