"""Whatever is sent, the server answers, and never with an error of its own."""

from __future__ import annotations

import html
import json
import random
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core import NotSet
from starlette.testclient import TestClient

from advisor.web.app import application
from advisor.web.interface import ROOT, openapi
from tests.web.conftest import Person, settings_for

STRANGE = (
    "", " ", "0", "-1", "1e999", "9" * 400, "nan", "\x00", "\u202e", "💥" * 50, "'; drop table sessions; --",
    "<script>alert(1)</script>", "{{ 7*7 }}", "{% for x in range(10**9) %}{% endfor %}", "../../etc/passwd", "unknown",
    "don't know", "4 .. 2", "about " * 200, "a\nb\tc", "2022-02-30", "skip", "remove:", "remove:salad", "none", "yes",
)  # fmt: skip


def test_a_hostile_crawl_finds_no_error_of_the_server(client: TestClient) -> None:
    """Every link and every form, with odd values, in an odd order."""
    dice = random.Random(7)
    person = Person(client, "picnic")
    seen: set[str] = set()
    waiting = ["next", "goals", "check", "answer", "list/dishes", "question/guests", "try?set=guests%3D3"]
    for _ in range(60):
        where = waiting.pop(dice.randrange(len(waiting))) if waiting else dice.choice(sorted(seen))
        seen.add(where)
        person.page = client.get(where if where.startswith("/") else f"{person.base}/{where}")
        assert person.page.status_code < 500, where
        links = {html.unescape(one) for one in re.findall(r'href="([^"#]+)', person.page.text)}
        waiting += sorted(one for one in links if one.startswith("/") and one not in seen and "/style" not in one)
        names = set(re.findall(r'name="([^"]+)"', person.page.text)) | {"do", "answer", "row", "lines", "ending"}
        form: dict[str, Any] = {name: dice.choices(STRANGE, k=dice.randint(1, 3)) for name in sorted(names)}
        if dice.random() < 0.5:
            form["was"] = person.hidden("was")
        at = person.page.url.path
        if at.startswith(person.base) and not at.endswith("/delete"):
            answer = client.post(at, data=form)
            assert answer.status_code < 500, (at, form)
    person.open("check")
    assert person.page.status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/s/",
        "/s/x",
        "/s/x/next",
        "/s/%00/next",
        "/s/x/download/..%2f..%2fx",
        "/style/x.css",
        "/s/x/question/%F0%9F/a",
        "/begin/%00",
        f"{ROOT}/packs/%00",
    ],
)
def test_odd_addresses(client: TestClient, address: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
        assert client.request(method, address).status_code < 500, method


@pytest.mark.parametrize(
    "text",
    [
        "pack: picnic\nfacts: {guests: " + "9" * 5000 + "}",
        "pack: picnic\ndishes: [" + ", ".join(f"{{id: d{number}}}" for number in range(1000)) + "]",
        "pack: picnic\n" + "a: &a [x]\n" + "\n".join(f"b{n}: [*a, *a]" for n in range(50)),
        "pack: picnic\nfacts: " + "{x: " * 400 + "1" + "}" * 400,
        "{" * 5000,
        "pack: picnic\nfacts: {guests: !!python/object/apply:os.system ['true']}",
        "- pack: picnic\n- pack: picnic\n",
        "pack: picnic\ngoals: [nothing@nobody]\n",
        "pack: picnic\ndeclined: [nothing]\nparked: {nothing: 1}\n",
    ],
    ids="number list anchors deep braces tag several goal path".split(),
)
def test_hostile_case_files(client: TestClient, text: str) -> None:
    page = client.post("/bring", files={"case": ("c.yaml", text.encode())})
    assert page.status_code < 500
    assert "Traceback" not in page.text


def test_a_case_that_takes_too_long_ends_with_what_was_found(tmp_path: Path) -> None:
    """The searches of the page are stopped, and what was found before is shown, with a word on it."""
    with TestClient(application(settings_for(tmp_path, patience=0.4))) as client:
        person = Person(client)
        page = client.post("/bring", files={"case": ("c.yaml", MUCH_OPEN.encode())})
        person.base = page.url.path.rpartition("/")[0]
        person.open("answer?show=all")
        assert person.page.status_code == 200
        assert "Looking for the ways to go, compared and what would change this took too long" in person.text
        assert person.heading
        told = client.post(
            f"{ROOT}/packs/ending-a-contract/advice", json={"case": {"contracts": [{"id": "a"}]}, "full": True}
        )
        assert told.json()["complete"] is False
        assert told.json()["advice"]["recommendations"]


MUCH_OPEN = """\
pack: ending-a-contract
goals: [does-it-hurt]
contracts: [{id: a}, {id: b}]
"""

SCHEMA = schemathesis.openapi.from_dict(openapi())
DESCRIBED = [(path, method) for path, methods in openapi()["paths"].items() for method in methods]


@pytest.mark.parametrize(("path", "method"), DESCRIBED, ids=[path.rpartition("/")[2] for path, _ in DESCRIBED])
def test_what_the_description_allows_is_answered_as_described(client: TestClient, path: str, method: str) -> None:
    """Status, content type and shape of every answer are as described; none is an error of the server."""
    operation = SCHEMA[path][method]

    @given(case=operation.as_strategy())
    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: Any) -> None:
        sent = None if isinstance(case.body, NotSet) else json.dumps(case.body)
        answer = client.request(
            method, path.replace("{pack}", "picnic"), content=sent, headers={"content-type": "application/json"}
        )
        assert answer.status_code < 500
        described = operation.definition.raw["responses"]
        assert str(answer.status_code) in described
        ((media_type, content),) = described[str(answer.status_code)]["content"].items()
        assert answer.headers["content-type"] == media_type
        schema = {**content["schema"], "components": openapi()["components"]}
        assert list(jsonschema.Draft202012Validator(schema).iter_errors(answer.json())) == []

    asked()
