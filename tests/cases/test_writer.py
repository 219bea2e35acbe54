"""Case files written back: comments, order and notes stay, and what is read again is what was meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import advisor
from advisor.cases.case import Answer, Case, Item, Items
from advisor.cases.lock import Busy
from advisor.cases.writer import CaseWriter, ChangedElsewhere
from advisor.files import shipped
from advisor.values.types import Value, Within

PACK = advisor.load(shipped.rules() / "ending-a-contract")
TEXT = """\
# what I know
format: 1
facts:
  has_score: yes     # from my profile
  score_now: {value: 85, note: seen today}

  # to be looked up
  top_rated: unknown

# mine
contracts:
  - {id: a, title: "A b", earned: 5600 USD}
  - id: b
    title: 010
    problems: [threat, price]
    earned: unknown   # will look it up

# the end
"""


def meant(case: Case) -> list[tuple[str, Value, bool]]:
    """All answers of a case, without their places."""
    found = [(name, one.value, one.unknown) for name, one in case.answers.items()]
    for kind in case.entities:
        for item in case.items(kind):
            found += [(f"{kind} {item.id} {name}", one.value, one.unknown) for name, one in item.answers.items()]
    found += [(f"parked {path}", one.value, one.unknown) for path, one in case.parked.items()]
    return sorted(found, key=lambda one: one[0])


def changed(case: Case) -> Case:
    """The case with answers of every sort."""
    for kind, id_, name, value in (
        ("case", "", "agency", True),
        ("case", "", "score_now", 90),
        ("contract", "a", "ended", False),
        ("contract", "b", "earned", Within(4, 6)),
    ):
        case = case.with_answer(kind, id_, name, Answer(value=value))
    new = Item(id="new", answers={"title": Answer(value="New: one, two")})
    contracts = Items(items=(*case.items("contract"), new), more=None)
    parked = {"contracts[a].problems.threat": Answer(value=True), "score_change": Answer(value="steady")}
    return replace(
        case,
        entities={**case.entities, "contract": contracts, "client": Items(items=(Item(id="z"),), more=False)},
        declined=("away_soon", "contracts[a].kind"),
        parked=parked,
    )


def test_what_is_written_is_read_again_and_comments_stay(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(TEXT)
    writer = CaseWriter(PACK.data, file)
    before = PACK.read_case(file)
    after = changed(before)
    writer.save(before, after)
    writer.close()
    read = PACK.read_case(file)
    assert meant(read) == meant(after)
    assert (read.declined, read.entities["contract"].more) == (after.declined, None)
    text = file.read_text()
    comments = ("# what I know", "# from my profile", "# to be looked up", "# mine", "# will look it up", "# the end")
    places = [text.index(comment) for comment in comments]
    assert places == sorted(places)
    assert "note: seen today" in text
    assert 'title: "A b"' in text
    assert "title: 010" in text


def test_a_removed_entity_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(TEXT)
    writer = CaseWriter(PACK.data, file)
    before = PACK.read_case(file)
    kept = replace(before.entities["contract"], items=before.items("contract")[1:])
    writer.save(before, replace(before, entities={"contract": kept}))
    writer.close()
    assert "A b" not in file.read_text()
    assert "# will look it up" in file.read_text()


def test_a_case_in_json_stays_json(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"facts": {"has_score": "yes"}, "contracts": [{"id": "a"}]}')
    writer = CaseWriter(PACK.data, file)
    before = PACK.read_case(file)
    after = before.with_answer("contract", "a", "ended", Answer(value=True))
    writer.save(before, after)
    writer.close()
    assert meant(PACK.read_case(file)) == meant(after)


def test_nobody_overwrites_what_another_program_wrote(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(TEXT)
    writer = CaseWriter(PACK.data, file)
    before = PACK.read_case(file)
    file.write_text("facts: {}\n")
    with pytest.raises(ChangedElsewhere):
        writer.save(before, changed(before))
    writer.close()
    assert file.read_text() == "facts: {}\n"


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    writer = CaseWriter(PACK.data, tmp_path / "case.yaml")
    with pytest.raises(Busy):
        CaseWriter(PACK.data, tmp_path / "case.yaml")
    writer.close()
    CaseWriter(PACK.data, tmp_path / "case.yaml").close()
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(TEXT)
    writer = CaseWriter(PACK.data, file)
    before = PACK.read_case(file)
    writer.save(before, changed(before))
    writer.close()
    assert [one.name for one in tmp_path.iterdir()] == ["case.yaml"]
