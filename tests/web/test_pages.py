"""A session in a browser without scripts: from the first page to the answer, and what is done on the way."""

from __future__ import annotations

import html
import re
from ctypes.util import find_library

from starlette.testclient import TestClient

from advisor.cases.case import Case
from advisor.cases.editable import EditableCase
from advisor.cases.reader import read_case
from advisor.packs.reader import read_pack
from tests.folders import RULES
from tests.web.conftest import Person


def test_the_front_page_shows_every_pack(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Ending a troubled contract" in page.text
    assert "Preparing a trip abroad" in page.text


def test_from_the_first_page_to_the_answer(person: Person) -> None:
    assert person.at == "goals"
    person.asks("does-it-hurt")
    assert person.at == "list/contracts"
    person.lists("Redesign")
    steps = 0
    while person.at.startswith("question/"):
        steps += 1
        assert steps < 60
        asked = person.at.rpartition("/")[2]
        said = {"problems": ["threat", "scope"], "ended": "no", "earned": "nothing yet", "threat_where": "spoken"}
        if asked in said:
            person.answers(said[asked])
        else:
            person.send({"do": "unknown"})
    assert person.at == "check"
    assert "Redesign" in person.text
    assert "$0" in person.text
    person.open("answer")
    assert person.heading == "Could ending “Redesign” hurt my score?"
    assert "Write down the exact words of the threat" in person.text


def test_typed_words_lead_to_questions_of_which_the_likeliest_is_ticked(person: Person) -> None:
    person.send({"words": "what do I do about the threat"}, "goals")
    assert person.at == "goals"
    assert re.search(r'value="threat" checked', person.page.text)
    assert person.page.text.count(" checked") == 1
    person.send({"goal": "threat", "words": "what do I do about the threat", "matched": person.hidden("matched")})
    assert person.at == "list/contracts"


def test_where_no_question_fits_the_three_nearest_are_shown(person: Person) -> None:
    person.send({"words": "zzz qqq"}, "goals")
    assert "None of the questions sounds quite like" in person.text
    assert person.page.text.count('name="goal"') == 3
    assert " checked" not in person.page.text


def test_nothing_ticked_and_nothing_typed_is_said_so(person: Person) -> None:
    person.send({}, "goals")
    assert person.page.status_code == 422
    assert "There is a problem" in person.text
    assert "<title>Error: " in person.page.text


def test_a_misread_answer_keeps_what_was_typed_and_leads_to_its_field(person: Person) -> None:
    begun(person)
    person.open("question/contracts/redesign/earned")
    person.answers("a <b>bit")
    assert person.page.status_code == 422
    assert 'value="a &lt;b&gt;bit"' in person.page.text
    assert '<a href="#answer">' in person.page.text
    assert "Type an amount in USD" in person.text
    person.open("check")
    assert "bit" not in person.text


def begun(person: Person, *names: str) -> None:
    """A session in which something is listed."""
    person.asks("does-it-hurt")
    person.lists(*(names or ("Redesign",)))


def test_a_change_of_mind_tells_what_it_did(person: Person) -> None:
    begun(person)
    person.open("question/contracts/redesign/problems")
    person.answers(["threat"])
    person.open("question/contracts/redesign/problems")
    assert re.search(r'value="threat" checked', person.page.text)
    person.answers(["silent"])
    assert "This changes the advice" in person.text
    person.open("check")
    assert "This changes the advice" in person.text
    first = person.page.text
    person.open("next")
    if person.at.startswith("question"):
        person.send({"do": "skip"})
    person.open("check")
    assert "This changes the advice" not in person.text
    assert first != person.page.text


def test_no_answer_is_taken_where_two_exclude_each_other(person: Person) -> None:
    begun(person)
    person.open("question/contracts/redesign/problems")
    person.answers(["threat", "none"])
    assert person.page.status_code == 422
    assert "not both" in person.text


def test_answers_that_cannot_all_be_true_are_told(person: Person) -> None:
    begun(person)
    person.open("question/contracts/redesign/ended")
    person.answers("yes")
    person.open("question/contracts/redesign/ended_on")
    person.answers("1 June 2030")
    assert person.page.status_code == 422
    assert "cannot have ended in the future" in person.text


def test_what_is_skipped_can_be_taken_up_again(person: Person) -> None:
    begun(person)
    skipped = person.at
    person.send({"do": "skip"})
    assert person.at != skipped
    for _ in range(80):
        if person.at == "check":
            break
        person.send({"do": "unknown"})
    assert "You skipped 1 question" in person.text
    person.send({"do": "skipped"})
    assert person.at == skipped


def test_the_link_back_leads_to_the_page_before(person: Person) -> None:
    begun(person)
    first = person.at
    person.send({"do": "unknown"})
    back = re.search(r'class="back" href="([^"]+)"', person.page.text)
    assert back is not None
    assert html.unescape(back[1]) == f"{person.base}/{first}"
    person.open(first)
    assert "you don't know" in person.text


# --- lists ------------------------------------------------------------------------------------------------------------


def test_rows_are_added_changed_and_removed_on_one_page(person: Person) -> None:
    person.asks("does-it-hurt")
    person.send({"row": ["new-1"], "new-1.title": "Redesign", "new-1.ended": "no", "do": "add"})
    assert person.at == "list/contracts"
    person.send({
        "row": ["redesign", "new-1", "new-2"],
        "redesign.title": "Redesign", "redesign.ended": "yes",
        "new-1.title": "Logo", "new-2.title": "App",
        "ending": "all", "do": "go",
    })  # fmt: skip
    person.open("list/contracts")
    assert re.search(r'<option value="yes" selected>', person.page.text)
    shown = {
        "redesign.title": "Redesign", "redesign.ended": "yes", "logo.title": "Logo", "app.title": "App",
        "row": ["redesign", "logo", "app"],
    }  # fmt: skip
    person.send({**shown, "do": "remove:logo"})
    person.open("check")
    assert "Redesign and App" in person.text
    assert "Logo" not in person.text


def test_rows_can_be_pasted_and_stand_for_many_alike(person: Person) -> None:
    person.asks("does-it-hurt")
    person.send({"lines": "Redesign\n12 x Older ones", "ending": "all", "do": "go"})
    person.open("list/contracts")
    assert 'value="Older ones"' in person.page.text
    assert "12 alike" in person.text


def test_a_cell_that_is_not_understood_stops_all_of_it_and_keeps_what_was_typed(client: TestClient) -> None:
    person = Person(client)
    person.asks("does-it-hurt")
    person.send({"row": ["new-1"], "new-1.title": "Redesign", "new-1.kind": "perhaps", "ending": "all", "do": "go"})
    assert person.page.status_code == 422
    assert 'value="Redesign"' in person.page.text
    assert 'href="#new-1.kind"' in person.page.text
    person.open("list/contracts")
    assert "Redesign" not in person.page.text


def test_whether_these_are_all_must_be_said(person: Person) -> None:
    person.asks("does-it-hurt")
    person.send({"row": ["new-1"], "new-1.title": "Redesign", "do": "go"})
    assert person.page.status_code == 422
    assert "Say whether these are all." in person.text
    assert 'value="Redesign"' in person.page.text


# --- the answer -------------------------------------------------------------------------------------------------------


def stage_3() -> str:
    """A worked case of which nearly all is known."""
    pack = read_pack(RULES / "ending-a-contract")
    found = EditableCase(pack)
    found.change(Case(), read_case(pack, f"{RULES}/ending-a-contract/cases/source-thread.yaml#stage-3"))
    return found.text()


def test_the_answer_page_compares_the_ways_and_says_what_would_change_it(client: TestClient) -> None:
    person = brought(client, stage_3())
    person.open("answer")
    assert "Yes, but probably not much." in person.text
    assert "side by side" not in person.text
    person.open("answer?show=all")
    assert "The best ways, side by side" in person.text
    assert "What would change this" in person.text
    assert re.search(r'<svg class="bar"[^>]* aria-label="Worst ', person.page.text)
    tried = re.search(r'href="([^"]*/try\?[^"]+)"', person.page.text)
    assert tried is not None
    page = client.get(html.unescape(tried[1]))
    assert "As it is now" in page.text
    assert "If it were so" in page.text


CASE = """\
pack: ending-a-contract
goals: [does-it-hurt@redesign]
facts: {has_score: no, last_update_on: 2022-06-05}
contracts:
  # the one that worries me
  - {id: redesign, title: Redesign, ended: no, earned: 0 USD, problems: [threat, scope], threat_where: spoken}
  - {id: first, title: Shop, earned: 5600 USD, ended: no}
"""


def brought(client: TestClient, text: str = CASE) -> Person:
    person = Person(client)
    person.page = client.post("/bring", files={"case": ("case.yaml", text.encode())})
    person.base = person.page.url.path.rpartition("/")[0]
    return person


def test_actions_are_ticked_off(client: TestClient) -> None:
    person = brought(client)
    person.send({"done": ["write-down-the-words@redesign"]}, "answer")
    assert person.at == "answer"
    assert re.search(r'value="write-down-the-words@redesign" checked', person.page.text)


def test_a_case_file_comes_back_as_it_was_with_its_comments(client: TestClient) -> None:
    person = brought(client)
    assert person.at == "check"
    file = client.get(f"{person.base}/download/case.yaml")
    assert file.headers["content-disposition"] == 'attachment; filename="case.yaml"'
    assert file.text == CASE
    person.open("question/contracts/redesign/earned")
    person.answers("300")
    changed = client.get(f"{person.base}/download/case.yaml").text
    assert "# the one that worries me" in changed
    assert "300" in changed


def test_every_file_can_be_downloaded(client: TestClient) -> None:
    person = brought(client, "pack: picnic\nfacts: {guests: 4}\n")
    begins = {
        "advice.md": b"# ",
        "advice.txt": b"A PICNIC",
        "advice.html": b"<!DOCTYPE html>",
        "advice.json": b"{",
        "advice.docx": b"PK",
        "deadlines.ics": b"BEGIN:VCALENDAR",
    }
    for name, begin in begins.items():
        file = client.get(f"{person.base}/download/{name}")
        assert file.status_code == 200, name
        assert file.content.startswith(begin), name
    assert client.get(f"{person.base}/download/passwords.txt").status_code == 404


def test_a_pdf_can_be_downloaded_where_the_server_can_set_it(client: TestClient) -> None:
    """Without the library Pango the page says so, and what to do instead."""
    person = brought(client, "pack: picnic\nfacts: {guests: 4}\n")
    file = client.get(f"{person.base}/download/advice.pdf")

    if find_library("pangoft2-1.0"):
        assert file.content.startswith(b"%PDF-")
    else:
        assert "Print the page from your browser instead" in file.text


def test_the_calendar_holds_the_deadlines(client: TestClient) -> None:
    person = brought(client, stage_3())
    calendar = client.get(f"{person.base}/download/deadlines.ics").text
    assert "DTSTART;VALUE=DATE:202206" in calendar
    assert "SUMMARY:" in calendar


def test_answers_written_by_the_session_make_a_case_that_can_be_brought_again(
    person: Person, client: TestClient
) -> None:
    begun(person, "Redesign", "Shop")
    file = client.get(f"{person.base}/download/case.yaml").text
    again = brought(client, file)
    assert again.at == "check"
    assert "Redesign and Shop" in again.text


def test_a_case_with_a_mistake_is_mended_on_a_page(client: TestClient) -> None:
    person = brought(client, CASE.replace("problems:", "problem:"))
    assert person.heading == "Something in your answers needs mending"
    person.send({"do": "mend", "value": "problems"})
    assert person.at == "check"
    person = brought(client, CASE.replace("earned: 0 USD", "earned: much"))
    assert "much" in person.text
    person.send({"do": "aside"})
    person.open("check")
    assert person.heading in ("Check your answers", "Your answers so far")
    assert "much" in client.get(f"{person.base}/download/case.yaml").text


def test_what_is_no_case_is_refused_with_the_reasons(client: TestClient) -> None:
    for data in (b"", b"\xff\xfe", b"[", b"- 1\n- 2", b"pack: nothing-like-it\n"):
        page = client.post("/bring", files={"case": ("case.yaml", data)})
        assert page.status_code == 422, data
        assert "That did not work" in page.text


def test_another_pack_has_its_session_too(client: TestClient) -> None:
    person = Person(client, "travelling-abroad")
    person.send({"do": "whole"}, "goals")
    for _ in range(12):
        assert person.page.status_code == 200, person.text
        person.send({"do": "unknown"} if person.at.startswith("question") else {"do": "skip"})
    person.open("answer")
    assert person.page.status_code == 200
