"""The whole written advice on the shipped stories as it was last read, and what must be in it whatever the wording.

`REWRITE=1 pytest tests/test_golden.py` writes what comes out into `golden/`; read the difference before you commit.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

import pytest

import advisor
from tests.folders import RULES, TESTS

GOLDEN = TESTS / "golden"
THREAD = ("ending-a-contract", "source-thread")
STORIES = ("travelling-abroad", "stories")
CASES = [
    *((*THREAD, stage) for stage in ("stage-1", "stage-2", "stage-3", "stage-4", "stage-3-today")),
    *((*STORIES, story) for story in ("easter-with-the-dog", "laptop-in-thailand", "home-to-the-parents")),
]
SUFFIXES = {"text": "txt", "md": "md", "json": "json"}


@cache
def advice(pack: str, file: str, case: str) -> advisor.Advice:
    """The advice on a worked case, on its own day."""
    loaded = advisor.load(RULES / pack)
    read = loaded.read_case(f"{RULES / pack}/cases/{file}.yaml#{case}")

    assert read.today is not None, "a case without a day of its own has other advice tomorrow"

    return loaded.advise(read)


@cache
def data(pack: str, file: str, case: str) -> dict[str, Any]:
    return advice(pack, file, case).to_dict()


def written(pack: str, file: str, case: str, form: str) -> str:
    """The advice in a format; the digest of the pack, which any edit changes, is left out."""
    digest = data(pack, file, case)["pack"]["digest"]
    if form == "json":
        text = json.dumps(data(pack, file, case), ensure_ascii=False, indent=1) + "\n"
    else:
        text = advice(pack, file, case).render("md", full=True) if form == "md" else advice(pack, file, case).render()
    return text.replace(digest, "DIGEST")


@pytest.mark.parametrize("form", SUFFIXES)
@pytest.mark.parametrize(("pack", "file", "case"), CASES, ids=[case for _, _, case in CASES])
def test_the_written_advice_is_as_it_was(pack: str, file: str, case: str, form: str) -> None:
    golden = GOLDEN / f"{case}.{SUFFIXES[form]}"
    text = written(pack, file, case, form)
    if os.environ.get("REWRITE"):
        golden.write_text(text, encoding="utf-8")

    assert text == golden.read_text(encoding="utf-8")


# --- whatever the wording -----------------------------------------------------------------------------------------


def stage(name: str) -> dict[str, Any]:
    return data(*THREAD, name)


def recommended(name: str) -> dict[str, dict[str, Any]]:
    """What stands at a stage, by key."""
    return {one["key"]: one for one in stage(name)["recommendations"] if one["status"] == "holds"}


def figures(name: str) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in stage(name)["projections"]}


def test_stage_3_gives_each_models_worst_case() -> None:
    """75 % with equal weights, just under 90 % with weights as in reply 5, 50 % by the published outline."""
    found = figures("stage-3")

    assert found["score:equal"]["worst"] == 75
    assert 88.5 <= float(found["score:fitted"]["worst"]) < 90
    assert found["score:outline"]["worst"] == 50
    assert (found["score"]["worst"], found["score"]["best"]) == (50, 100)
    assert {found[key]["best"] for key in found} == {100}


def test_stage_3_says_what_each_figure_assumes_and_who_says_so() -> None:
    for key, one in figures("stage-3").items():
        assert one["assumes"]["worst"], key
        assert one["model"] is None or one["because"][0]["sources"], key


def test_reports_come_first_in_stages_1_to_3_and_are_withdrawn_in_stage_4() -> None:
    for name in ("stage-1", "stage-2", "stage-3", "stage-3-today"):
        assert recommended(name)["report-before-ending@redesign"]["strength"] == "must"

    withdrawn = {one["id"] for one in stage("stage-4")["recommendations"]}

    assert not withdrawn & {
        "report-before-ending",
        "wait-with-the-report",
        "ask-a-moderator",
        "get-the-threat-in-writing",
    }
    assert "finish-without-a-report@redesign" in recommended("stage-4")


def test_the_milestone_is_doubted_only_while_it_seems_unfunded() -> None:
    assert "check-whether-the-milestone-is-funded@redesign" in recommended("stage-1")
    assert "check-whether-the-milestone-is-funded@redesign" not in recommended("stage-2")


def test_where_replies_disagree_both_are_told_with_the_reason_for_the_order() -> None:
    dissent = recommended("stage-3")["report-before-ending@redesign"]["dissent"]

    assert any("in writing" in one["text"] and one["why_below"] and one["sources"] for one in dissent)


def test_nothing_in_writing_leaves_no_messages_to_save() -> None:
    assert "save-screenshots@redesign" not in recommended("stage-2")
    assert "get-the-threat-in-writing@redesign" in recommended("stage-2")


def test_the_deadline_of_stage_3_is_the_sunday_of_the_next_update() -> None:
    assert recommended("stage-3")["dilute-with-short-jobs"]["deadline"] == "2022-06-19"


def test_the_same_case_today_gets_the_policy_of_today() -> None:
    keys = {key.partition(":")[2] for key in figures("stage-3-today")}

    assert "brackets" in keys
    assert not keys & {"equal", "fitted", "outline"}
    assert "forget-the-sunday" in recommended("stage-3-today")
    assert "dilute-with-short-jobs" not in recommended("stage-3-today")
    assert stage("stage-3-today")["lapsed"]


@pytest.mark.parametrize(("pack", "file", "case"), CASES, ids=[case for _, _, case in CASES])
def test_all_that_is_cited_is_listed(pack: str, file: str, case: str) -> None:
    found = data(pack, file, case)
    listed = {source["id"] for source in found["sources"]}
    cited = {
        source
        for one in found["recommendations"]
        for reason in (*one["because"], *one["dissent"])
        for source in reason["sources"]
    }

    assert cited <= listed
    assert found["headline"]
    assert [one["rank"] for one in found["recommendations"]] == list(range(1, len(found["recommendations"]) + 1))
