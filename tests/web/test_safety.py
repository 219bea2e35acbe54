"""What strangers and accidents can do to a session: nothing."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from advisor.report.check import check_templates
from advisor.web import journal
from advisor.web.app import application
from advisor.web.guard import Rates
from advisor.web.settings import LARGEST_BODY
from advisor.web.store import Store
from tests.web.conftest import Person, settings_for
from tests.web.test_pages import begun

FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_every_page_has_a_strict_policy_and_no_script_or_style_in_it(person: Person, client: TestClient) -> None:
    begun(person)
    pages = [client.get("/"), client.get("/nowhere")]
    for address in ("goals", "list/contracts", "question/contracts/redesign/ended", "check", "answer", "delete"):
        person.open(address)
        pages.append(person.page)
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["cache-control"] == "no-store"
        assert "set-cookie" not in page.headers
        assert not re.search(r"<style|style=|<script>|\son\w+=|javascript:", page.text)


def test_an_address_cannot_be_guessed_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/s.db")
    tokens = {store.add("p", "a secret answer", "{}") for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 32 for token in tokens)
    rows = sqlite3.connect(tmp_path / "s.db").execute("select * from sessions").fetchall()
    assert len(rows) == 20
    assert not any(token in str(row) for token in tokens for row in rows)
    store.close()


def test_of_what_is_deleted_nothing_is_left_on_disk(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/s.db")
    token = store.add("p", "a secret answer", "{}")
    assert store.change(token, 1, "another secret answer", "{}")
    assert any(b"secret answer" in file.read_bytes() for file in tmp_path.iterdir())
    assert store.delete(token)
    assert not any(b"secret answer" in file.read_bytes() for file in tmp_path.iterdir())
    store.close()


def test_a_form_of_another_site_is_refused(client: TestClient, person: Person) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}):
        assert client.post("/begin/ending-a-contract", headers=headers).status_code == 403
        assert client.post(f"{person.base}/delete", headers=headers).status_code == 403
    person.open("goals")
    assert person.page.status_code == 200


def test_what_is_too_large_is_refused(client: TestClient, person: Person) -> None:
    page = client.post(f"{person.base}/goals", data={"words": "x" * (LARGEST_BODY + 1)})
    assert page.status_code == 413

    def in_pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 10_000

    page = client.post(f"{person.base}/goals", content=in_pieces(), headers=FORM)
    assert page.status_code == 413


def test_too_many_rows_are_refused(person: Person) -> None:
    person.asks("does-it-hurt")
    person.send({"lines": "\n".join(f"Job {number}" for number in range(80)), "ending": "all", "do": "go"})
    assert person.page.status_code == 422
    assert "at most 60 rows" in person.text


def test_who_asks_too_often_has_to_wait() -> None:
    rates = Rates(3)
    assert [rates.allows("a") for _ in range(5)] == [True, True, True, False, False]
    assert rates.allows("b")


def test_a_session_is_deleted_at_once(person: Person, client: TestClient) -> None:
    begun(person)
    person.open("delete")
    assert "for good" in person.text
    page = client.post(f"{person.base}/delete")
    assert "deleted" in page.text
    for address in ("next", "answer", "download/case.yaml"):
        person.open(address)
        assert person.page.status_code == 404


def test_sessions_that_nobody_uses_are_deleted(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/s.db")
    token = store.add("p", "text", "{}")
    assert store.expire(timedelta(days=1)) == 0
    assert store.find(token) is not None
    assert store.expire(timedelta(days=-1)) == 1
    assert store.find(token) is None
    store.close()


def test_two_windows_do_not_go_over_each_other_unseen(person: Person, client: TestClient) -> None:
    begun(person)
    address = "question/contracts/redesign/earned"
    other = Person(client)
    other.base = person.base
    person.open(address)
    other.open(address)
    other.answers("500")
    person.answers("700")
    assert person.page.status_code == 409
    assert "answered in another window" in person.text
    assert "$500" in person.text
    assert "$700" in person.text
    person.page = client.post(f"{person.base}/{address}", data={"was": person.hidden("was"), "answer": "700"})
    person.open("check")
    assert "$700" in person.text


def test_two_windows_on_different_questions_both_count(person: Person, client: TestClient) -> None:
    begun(person)
    other = Person(client)
    other.base = person.base
    person.open("question/contracts/redesign/earned")
    other.open("question/contracts/redesign/ended")
    other.answers("no")
    person.answers("700")
    person.open("check")
    assert "$700" in person.text
    assert re.search(r"Ended No", person.text)


def test_the_log_holds_no_answers_and_no_addresses_of_sessions(
    person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.begin()
    try:
        begun(person, "A very secret name")
    finally:
        journal.LOGGER.handlers.clear()
    written = capsys.readouterr().err
    assert written
    assert "secret" not in written.casefold()
    assert person.base.rpartition("/")[2] not in written
    lines = [json.loads(line) for line in written.splitlines()]
    assert {"time", "level", "event", "method", "route", "status", "ms"} <= set(lines[0])
    assert logging.getLogger("advisor.web").handlers == []


def test_the_figures_name_no_session(person: Person, client: TestClient) -> None:
    begun(person, "A very secret name")
    client.request("INVENTED", "/made/up")
    told = client.get("/metrics").text
    assert 'advisor_requests_total{method="POST",route="/s/{token}/{address:path}",status="303"}' in told
    assert "secret" not in told.casefold()
    assert person.base.rpartition("/")[2] not in told
    assert "INVENTED" not in told
    assert "/made/up" not in told


def test_what_a_person_types_is_never_markup(person: Person) -> None:
    evil = "<script>alert(1)</script>\"'&"
    begun(person, evil)
    for address in ("list/contracts", "check", "answer", "next"):
        person.open(address)
        assert person.page.status_code == 200
        assert "<script>alert" not in person.page.text


def test_a_pack_with_a_harmful_template_costs_an_error_page(tmp_path: Path) -> None:
    pack = copied_pack(tmp_path)
    (pack / "templates" / "web").mkdir(parents=True)
    (pack / "templates" / "web" / "question.html").write_text("{{ here.__class__ }}", encoding="utf-8")
    with TestClient(application(settings_for(tmp_path, packs={"picnic": pack}))) as client:
        person = Person(client, "picnic")
        for _ in range(3):
            if person.at.startswith("question") or person.page.status_code != 200:
                break
            person.send({"do": "whole" if person.at == "goals" else "skip"})
        assert person.page.status_code == 422
        assert "question.html, line 1" in person.text
        assert str(tmp_path) not in person.page.text


def copied_pack(folder: Path) -> Path:
    source = Path(__file__).parent.parent / "scenarios" / "packs" / "picnic"
    for file in source.rglob("*.yaml"):
        target = folder / "picnic" / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    return folder / "picnic"


def test_a_pack_that_changed_between_two_sittings_is_told_of_and_nothing_is_lost(tmp_path: Path) -> None:
    pack = copied_pack(tmp_path)
    with TestClient(application(settings_for(tmp_path, packs={"picnic": pack}))) as client:
        person = Person(client, "picnic")
        page = client.post("/bring", files={"case": ("c.yaml", b"pack: picnic\nfacts: {guests: 4}\n")})
        person.base = page.url.path.rpartition("/")[0]
        assert person.base
        person.open("check")
        assert person.page.status_code == 200
    facts = (pack / "facts.yaml").read_text(encoding="utf-8")
    assert "guests" in facts
    for file in pack.rglob("*.yaml"):
        file.write_text(file.read_text(encoding="utf-8").replace("guests", "visitors"), encoding="utf-8")
    with TestClient(application(settings_for(tmp_path, packs={"picnic": pack}))) as client:
        person.client = client
        person.open("check")
        assert person.heading == "Something in your answers needs mending"
        assert "4" in client.get(f"{person.base}/download/case.yaml").text
        person.send({"do": "mend", "value": "visitors"})
        assert person.heading != "Something in your answers needs mending"
        assert "visitors" in client.get(f"{person.base}/download/case.yaml").text


def test_a_mistake_in_a_page_of_a_pack_is_found_by_the_check(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "question.html").write_text("{% if %}", encoding="utf-8")
    (found,) = check_templates([tmp_path])
    assert found.kind == "template-syntax"
    assert found.place.file.endswith("question.html")
