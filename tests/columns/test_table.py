"""A table of cases comes to what each of its cases comes to by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import advisor
from tests import random_packs
from tests.columns.tables import from_table, one_by_one, table_of
from tests.folders import GOOD, RULES

DAY = date(2026, 11, 27)


@pytest.mark.parametrize("seed", range(12))
def test_each_row_comes_to_what_the_case_comes_to_by_itself(seed: int, tmp_path: Path) -> None:
    """On random packs and cases, unknowns included."""
    cases = random_packs.write_with_cases(seed, tmp_path, 8, goals=seed % 2 == 0)
    pack = advisor.load(tmp_path)
    found = pack.advise_table(table_of(pack, cases), today=DAY).to_pylist()

    assert len(found) == len(cases)
    for case, row in zip(cases, found, strict=True):
        try:
            expected = one_by_one(pack, pack.case(case), today=DAY)
        except advisor.Problems as error:
            expected = {"problems": [one.message for one in error.problems]}
        wrong = [one["problem"] for one in row["problems"]]
        assert ({"problems": wrong} if wrong else from_table(pack, row)) == expected


def test_what_is_known_in_part_is_understood_in_text() -> None:
    pack = advisor.load(RULES / "ending-a-contract")
    written = ["5600 USD", "about 5600 USD", "4..6k", "at least 3 USD", "unknown", None]
    cases = [{"contracts": [{"id": "one", **({"earned": earned} if earned else {})}]} for earned in written]
    found = pack.advise_table(table_of(pack, cases), today=DAY).to_pylist()

    for case, row in zip(cases, found, strict=True):
        assert from_table(pack, row) == one_by_one(pack, pack.case(case), today=DAY)


def test_columns_may_have_the_types_that_suit_them() -> None:
    pack = advisor.load(RULES / "ending-a-contract")
    contract = pa.struct(
        [
            ("id", pa.string()),
            ("ended", pa.bool_()),
            ("earned", pa.decimal128(10, 2)),
            ("problems", pa.list_(pa.string())),
        ]
    )
    table = pa.table(
        {
            "has_score": pa.array([True, None]),
            "score_now": pa.array([87.5, float("nan")]),
            "score_change": pa.array(["fell", None]).dictionary_encode(),
            "last_update_on": pa.array([date(2022, 6, 5), None]),
            "contracts": pa.array(
                [[{"id": "one", "ended": False, "earned": 10, "problems": ["threat"]}], None], pa.list_(contract)
            ),
        }
    )
    told = {
        "facts": {"has_score": "yes", "score_now": "87.5", "score_change": "fell", "last_update_on": "2022-06-05"},
        "contracts": [{"id": "one", "ended": "no", "earned": "10", "problems": ["threat"]}],
    }
    rows = pack.advise_table(table, today=DAY).to_pylist()

    assert from_table(pack, rows[0]) == one_by_one(pack, pack.case(told), today=DAY)
    assert from_table(pack, rows[1]) == one_by_one(pack, pack.case({}), today=DAY)


def test_a_case_has_its_own_days_and_goals() -> None:
    pack = advisor.load(RULES / "ending-a-contract")
    contracts = [{"id": "redesign", "ended": "no", "earned": "0 USD", "problems": ["threat"]}]
    table = pa.table(
        {"today": ["2022-06-05", None], "goals": [["does-it-hurt@redesign"], None], "contracts": [contracts] * 2}
    )
    rows = pack.advise_table(table).to_pylist()
    case = {"today": "2022-06-05", "goals": ["does-it-hurt@redesign"], "contracts": contracts}

    assert from_table(pack, rows[0]) == one_by_one(pack, pack.case(case))
    assert [one["goal"] for one in rows[0]["answers"]] == ["does-it-hurt@redesign"]


def test_what_is_wrong_with_a_row_costs_that_row_only() -> None:
    pack = advisor.load(RULES / "ending-a-contract")
    contracts = [
        [{"id": "one", "earned": "lots"}, {"id": "two", "earned": "5", "ended": "perhaps"}],
        [{"id": "one", "earned": "5"}],
    ]
    table = pa.table({"id": ["bad", "good"], "has_score": ["maybe", "yes"], "contracts": contracts})
    bad, good = pack.advise_table(table, today=DAY).to_pylist()

    assert [one["place"] for one in bad["problems"]] == ["has_score", "contracts[one].earned", "contracts[two].ended"]
    assert "allowed: `yes`, `no`, `unknown`" in [one["mend"] for one in bad["problems"]]
    assert (bad["answers"], bad["id"]) == (None, "bad")
    assert (good["problems"], good["id"]) == ([], "good")
    assert good["recommendations"]


def test_columns_that_are_no_facts_are_named_all_at_once() -> None:
    pack = advisor.load(GOOD)
    with pytest.raises(advisor.Problems) as caught:
        pack.advise_table(pa.table({"nonsense": [1], "other": ["x"], "id": ["1"]}))

    assert [one.kind for one in caught.value.problems] == ["unknown-column", "unknown-column"]
    assert "--keep" in caught.value.problems[0].help


def test_other_columns_are_carried_over() -> None:
    pack = advisor.load(RULES / "ending-a-contract")
    found = pack.advise_table(pa.table({"customer": [7, None], "has_score": [True, False]}), keep=["customer"])

    assert found["customer"].to_pylist() == [7, None]


def test_proofs_are_told_of_the_rows_that_are_named() -> None:
    pack = advisor.load(RULES / "ending-a-contract")
    contracts = [[{"id": "one", "ended": "no", "problems": ["threat"]}]] * 2
    first, second = pack.advise_table(pa.table({"contracts": contracts}), today=DAY, explain=[1]).to_pylist()

    assert first["proofs"] is None
    told = {one["key"]: one["why"] for one in second["proofs"]}
    assert set(told) == {one["goal"] for one in second["answers"]} | {one["key"] for one in second["recommendations"]}
    assert all(told.values())


def test_only_what_is_wanted_comes_out() -> None:
    pack = advisor.load(RULES / "ending-a-contract")
    found: Any = pack.advise_table(pa.table({"has_score": [True]}), parts=["conclusions"])

    assert found.schema.names == ["conclusions", "contracts_conclusions", "problems"]


def test_an_empty_table_comes_to_an_empty_table() -> None:
    pack = advisor.load(RULES / "ending-a-contract")

    assert len(pack.advise_table(pa.table({"has_score": pa.array([], pa.bool_())}))) == 0
