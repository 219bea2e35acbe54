"""What programs get over HTTP: the same as people and the command line."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
import yaml
from starlette.testclient import TestClient

import advisor
from advisor.authoring.case_schema import case_schema
from advisor.packs.reader import read_pack
from advisor.web.interface import OPERATIONS, ROOT, openapi
from tests.folders import RULES
from tests.web.conftest import PICNIC as PICNIC_FOLDER
from tests.web.conftest import TODAY

PACK = f"{ROOT}/packs/ending-a-contract"
CASE: dict[str, Any] = {
    "goals": ["does-it-hurt@redesign"],
    "facts": {"has_score": "no", "last_update_on": "2022-06-05"},
    "contracts": [
        {"id": "redesign", "title": "Redesign", "ended": False, "earned": "0 USD", "problems": ["threat"]},
        {"id": "first", "title": "Shop", "earned": "5600 USD", "ended": False},
    ],
}


PICNIC = f"{ROOT}/packs/picnic"
"""A small pack."""
SUNNY: dict[str, Any] = {
    "facts": {"rain_expected": "no", "guests": 9},
    "dishes": [{"id": "salad", "cooled": True}, {"id": "cake", "cooled": "no", "made_on": "2022-05-28"}],
}


def posted(client: TestClient, address: str, **body: Any) -> Any:
    case = CASE if address.startswith(PACK) else SUNNY
    answer = client.post(address, json={"case": case, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_packs_and_their_goals(client: TestClient) -> None:
    listed = client.get(f"{ROOT}/packs").json()["packs"]
    assert "ending-a-contract" in {one["id"] for one in listed}
    goals = client.get(PACK).json()["goals"]
    assert any(one["id"] == "does-it-hurt" and "hurt" in one["question"] for one in goals)


def test_the_advice_is_that_of_the_library(client: TestClient) -> None:
    found = posted(client, f"{PACK}/advice")
    assert found["complete"] is True
    assert found["advice"]["answers"][0]["verdict"] == "yes, but probably not much"
    assert not found["advice"]["proofs"]
    full = posted(client, f"{PICNIC}/advice", full=True, today="2022-06-05")
    pack = advisor.load(PICNIC_FOLDER)
    assert full["advice"] == json.loads(json.dumps(pack.advise(pack.case(SUNNY), today=TODAY).to_dict()))
    assert full["advice"]["proofs"]


def test_the_next_question_and_what_an_answer_did(client: TestClient) -> None:
    first = posted(client, f"{PACK}/question")
    assert first["question"]["path"]
    assert first["so_far"]["verdict"]
    answered = posted(client, f"{PACK}/answer", path="contracts[redesign].ended", reply="yes")
    assert answered["understood"] == "yes"
    assert answered["changes"]
    assert answered["case"]["contracts"][0]["ended"] == "yes"
    assert answered["case"]["contracts"][1] == CASE["contracts"][1]


def test_explain_what_if_and_options(client: TestClient) -> None:
    why = posted(client, f"{PICNIC}/explain", key="throw-it-away@cake")
    assert why["explained"][0]["status"] == "holds"
    assert why["explained"][0]["proof"]
    other = posted(client, f"{PICNIC}/whatif", set=["guests=3"])
    assert other["set"] == [{"path": "guests", "before": "9", "after": "3"}]
    assert other["changes"][0]["what"] == "withdrawn"
    assert posted(client, f"{PICNIC}/options")["options"] == []


def test_a_case_with_mistakes_gives_all_of_them_as_problem_details(client: TestClient) -> None:
    wrong = copy.deepcopy(CASE)
    wrong["facts"]["has_scor"] = "no"
    wrong["contracts"][0]["earned"] = "much"
    answer = client.post(f"{PACK}/advice", json={"case": wrong})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert {"type", "title", "status", "detail", "problems"} <= told.keys()
    kinds = {one["kind"] for one in told["problems"]}
    assert "unknown-fact" in kinds
    assert len(told["problems"]) == 2
    assert any("has_score" in one["help"] for one in told["problems"])


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        (f"{PACK}/advice", b"{", 400),
        (f"{PACK}/advice", b"[" * 100_000, 400),
        (f"{PACK}/advice", b'{"case": {"facts": {"x": NaN}}}', 400),
        (f"{PACK}/advice", b'{"case": {"facts": {"x": 1e999}}}', 400),
        (f"{PACK}/advice", b"[]", 422),
        (f"{PACK}/advice", b'{"case": {}, "cse": 1}', 422),
        (f"{PACK}/advice", b'{"case": {}, "today": "tomorrow"}', 422),
        (f"{PACK}/whatif", b'{"case": {}, "set": []}', 422),
        (f"{PACK}/answer", b'{"case": {}, "path": "nothing", "reply": "1"}', 422),
        (f"{PACK}/explain", b'{"case": {}, "key": "nothing"}', 422),
        (f"{ROOT}/packs/nothing/advice", b'{"case": {}}', 404),
        (f"{PACK}/nothing", b"{}", 404),
    ],
)
def test_what_does_not_fit_is_refused_as_problem_details(
    client: TestClient, address: str, body: bytes, status: int
) -> None:
    answer = client.post(address, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_only_json_is_taken(client: TestClient) -> None:
    assert client.post(f"{PACK}/advice", content=b"{}").status_code == 415
    assert client.get(f"{PACK}/advice").status_code == 405


@pytest.mark.parametrize("name", ["ending-a-contract", "travelling-abroad"])
def test_every_worked_case_fits_the_schema_of_its_pack(name: str) -> None:
    pack = read_pack(RULES / name)
    schema = case_schema(pack)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    count = 0
    for file in sorted((RULES / name / "cases").glob("*.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            count += 1
            assert not list(validator.iter_errors(json.loads(json.dumps(case, default=str)))), case.get("id")
    assert count > 20


def test_the_description_names_every_operation_and_is_shown_to_people(client: TestClient) -> None:
    told = client.get("/openapi.json").json()
    assert told == openapi()
    assert told["openapi"].startswith("3.1")
    docs = client.get("/docs")
    for one in OPERATIONS:
        assert f"{ROOT}/packs/{{pack}}/{one.name}" in told["paths"]
        assert one.summary in docs.text


def test_the_server_says_that_it_is_well(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
