"""A folder of files to a pack: what every key becomes, whatever the order of the files."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.language.printing import text
from advisor.language.tree import CASE, And, Literal, Not, Or, Text
from advisor.packs.pack import Bracket, Change, Pack
from advisor.packs.reader import is_pack, read_pack
from advisor.problems.problem import Problems
from advisor.values.periods import Edge, Period
from advisor.values.types import CHOICE, NONE, NUMBER, REFERENCE, YES_NO
from advisor.values.types import TEXT as TEXT_KIND
from tests.folders import GOOD, RULES

SHIPPED = sorted(RULES.glob("*/pack.yaml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good pack, to be changed."""
    return Path(shutil.copytree(GOOD, tmp_path / "pack"))


def read(folder: Path, **files: str) -> Pack:
    """The pack with some files put over it."""
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return read_pack(folder)


def change(folder: Path, name: str, old: str, new: str) -> Pack:
    """The pack with a part of one file changed."""
    content = (folder / name).read_text(encoding="utf-8")
    assert old in content
    (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")
    return read_pack(folder)


def test_the_frame_of_a_pack() -> None:
    """pack.yaml and sources.yaml."""
    pack = read_pack(GOOD)

    assert (pack.id, pack.title, pack.version, pack.currency) == ("_good", "Returning what was borrowed", "1.0", "EUR")
    assert pack.entities["book"].plural == "books"
    assert [standing.id for standing in pack.standings if standing.speculative] == ["guess"]
    assert pack.sources["forum"].url == "https://forum.example"
    assert pack.undecided_claims == {"C9": "Nothing hangs on it."}
    assert text(pack.must_hold[0].that) == "not (price is below 1 EUR and kind is atlas)"
    assert pack.files == (
        "facts.yaml", "loans.yaml", "pack.yaml", "parameters.yaml", "projections.yaml", "sources.yaml",
        "tables/shelves.csv",
    )  # fmt: skip


def test_the_headline_keeps_the_place_of_the_first_advice() -> None:
    """`{first advice}` is a part of its own."""
    first, last = read_pack(GOOD).goals["headline"].rows

    assert first.say.parts == ("Go today. ", "{first advice}", "")
    assert (last.when, last.say.plain) == (None, True)


def test_eras_may_have_vague_edges() -> None:
    """`about` a day is a week before and after."""
    eras = read_pack(GOOD).eras

    assert eras["old"].period == Period(None, Edge(date(2019, 12, 31), date(2019, 12, 31)))
    assert eras["new"].period == Period(Edge(date(2019, 12, 25), date(2020, 1, 8)), None)


@pytest.mark.parametrize(
    ("written", "edge"),
    [
        ("2024-09-03", Edge(date(2024, 9, 3), date(2024, 9, 3))),
        ("2024-09", Edge(date(2024, 9, 1), date(2024, 9, 30))),
        ("2024", Edge(date(2024, 1, 1), date(2024, 12, 31))),
        ("about 2024-09", Edge(date(2024, 8, 18), date(2024, 10, 14))),
        ("2024-09-01 .. 2024-10", Edge(date(2024, 9, 1), date(2024, 10, 31))),
        ("by 2026-10-31", Edge(date(2026, 10, 31), date(2026, 10, 31), shown_by=True)),
        ("unknown", Edge(None, None)),
        ("at least 2024-09-01", Edge(date(2024, 9, 1), None)),
    ],
)
def test_the_edge_of_a_period(written: str, edge: Edge, folder: Path) -> None:
    """A day, a month, a year, about one of these, between two, or unknown."""
    pack = change(folder, "loans.yaml", "until: 2023-06", f"until: {written}")

    assert pack.rules["keep-it"].periods == (Period(None, edge),)


def test_facts_get_their_types() -> None:
    """Choices from a table, a reference, bounds and units."""
    facts = read_pack(GOOD).facts
    book = facts["book"]

    assert facts[CASE]["shelf"].type.choices == (("ground", "Ground floor"), ("attic", "Attic"))
    assert (book["borrower"].type.kind, book["borrower"].type.entity) == (REFERENCE, "reader")
    assert (book["price"].type.unit, book["price"].type.low, book["price"].type.high) == ("EUR", 0, 1000)
    assert book["damage"].type.none_label == "none of these"
    assert book["borrowed_on"].label == "borrowed on"


def test_facts_get_what_else_is_said_of_them(folder: Path) -> None:
    """Presumptions, who can change them, findings, rows."""
    pack = change(folder, "facts.yaml", "question: What kind of book is it?", "question: What?\n    change: {by: past}")
    kind, verdict, fee = (pack.facts["book"][name] for name in ("kind", "verdict", "fee"))

    assert kind.change == Change(by="past", effort="medium", how="")
    assert kind.assume is not None
    assert (kind.assume.value, kind.assume.sources) == ("novel", ("forum",))
    assert (verdict.concluded, verdict.otherwise, verdict.may_be_stated) == (True, "unknown", True)
    assert isinstance(verdict.finding, dict)
    assert verdict.finding["bad"].parts == ("This costs you something.",)
    assert [row.when is None for row in fee.rows] == [False, True]
    assert text(fee.rows[0].value) == "fine on borrowed on"


def test_parameters_get_their_dates() -> None:
    """By era or by dates of their own; brackets with their ends."""
    fine, period = (read_pack(GOOD).parameters[name] for name in ("fine", "period"))

    assert [value.value for value in fine.values] == [2, 3]
    assert fine.values[0].periods == (Period(None, Edge(date(2019, 12, 31), date(2019, 12, 31))),)
    assert (fine.values[0].checked, fine.values[1].claims) == (date(2024, 1, 1), ("C1",))
    assert period.by is not None
    assert period.values[0].brackets == (
        Bracket(up_to=10, value=28), Bracket(up_to=50, value=14), Bracket(up_to=None, value=1),
    )  # fmt: skip


def test_tables_get_a_type_for_each_column() -> None:
    """Yes/no, numbers and dates where all cells are; an empty cell is none; a code stays text."""
    table = read_pack(GOOD).tables["shelves"]

    assert {name: type_.kind for name, type_ in table.columns.items()} == {
        "label": "text",
        "floor": NUMBER, "open": YES_NO, "since": "date", "code": TEXT_KIND,
    }  # fmt: skip
    assert table.rows["ground"]["since"] == date(2020, 1, 1)
    assert table.rows["attic"]["since"] is NONE
    assert table.rows["ground"]["code"] == "007"
    assert table.labels["attic"] == "Attic"


def test_a_table_may_be_written_in_yaml(folder: Path) -> None:
    """Rows by id, with a label each."""
    (folder / "tables" / "rooms.yaml").write_text("hall: {label: The hall, seats: 3}\nyard: {label: The yard}\n")

    table = read_pack(folder).tables["rooms"]

    assert table.columns["seats"].kind == NUMBER
    assert table.rows["yard"]["seats"] is NONE


def test_a_rule_gets_everything_that_is_written() -> None:
    """Condition, advice, opposition, standing."""
    rule = read_pack(GOOD).rules["return-it-today"]

    assert rule.about == "book"
    assert text(rule.when) == "overdue and not (kind is atlas)" or isinstance(rule.when, And)
    assert rule.advise is not None
    assert rule.advise.strength == "must"
    assert [step.when is None for step in rule.advise.steps] == [True, False]
    assert rule.advise.before == ("pay-the-fee",)
    assert rule.opposes[0].rule == "keep-it"
    assert (rule.standing, rule.speculative, rule.opinion) == ("official", False, False)


def test_the_strongest_source_gives_the_standing() -> None:
    """And a guess makes a rule speculative."""
    rules = read_pack(GOOD).rules

    assert rules["overdue-after-its-period"].standing == "official"
    assert rules["readers-do-not-mind"].speculative


def test_advice_may_be_one_text() -> None:
    """Then it is the title, and the strength is `should`."""
    advise = read_pack(GOOD).rules["keep-it"].advise

    assert advise is not None
    assert advise.strength == "should"
    assert [part for part in advise.title.parts if isinstance(part, str)] == ["Keep “", "” for now"]


def test_conditions_may_be_nested() -> None:
    """`all`, `any` and `none`, and a list that stands for `all`."""
    when = read_pack(GOOD).rules["keep-it"].when

    assert isinstance(when, And)
    any_of, none_of = when.operands
    assert isinstance(any_of, Or)
    assert isinstance(any_of.operands[1], And)
    assert isinstance(none_of, Not)


def test_a_conclusion_is_a_value_of_the_fact() -> None:
    """A choice's id is a literal of its type."""
    conclude = read_pack(GOOD).rules["a-wet-book-costs"].conclude

    assert conclude is not None
    assert conclude[0] == "verdict"
    assert isinstance(conclude[1], Literal)
    assert (conclude[1].value, conclude[1].type.kind) == ("bad", CHOICE)


def test_a_projection_has_models_with_standings() -> None:
    """The standing of a model is that of its strongest source."""
    (model,) = read_pack(GOOD).projections["cost"].models

    assert (model.measure, model.standing) == ("debt", "experienced")


def test_the_digest_is_that_of_the_files(folder: Path) -> None:
    """The name and place of the folder, and its cases, do not matter; a rule does."""
    before = read_pack(folder).digest
    (folder / "cases").mkdir()
    (folder / "cases" / "loans.yaml").write_text("- {case: none}\n")
    moved = folder.rename(folder.with_name("elsewhere"))

    assert read_pack(moved).digest == before == read_pack(GOOD).digest
    assert change(moved, "loans.yaml", "Find it.", "Find it!").digest != before


def test_rules_may_stand_in_any_file(folder: Path) -> None:
    """Their order and their files mean nothing."""
    whole = read_pack(folder).rules
    rules = (folder / "loans.yaml").read_text(encoding="utf-8").strip().split("\n\n")
    (folder / "loans.yaml").unlink()

    parted = read(folder, a="\n".join(reversed(rules[:3])) + "\n", z="\n".join(reversed(rules[3:])) + "\n").rules

    assert parted.keys() == whole.keys()
    assert all(text(parted[id_].when) == text(whole[id_].when) for id_ in whole)


def test_problems_of_all_files_are_named_at_once(folder: Path) -> None:
    """Also where one of them is not YAML at all."""
    with pytest.raises(Problems) as raised:
        read(folder, extra="- id: [", more="- id: more\n  when: membr\n  advise: x\n  because: y\n  sources: [forum]\n")

    assert [problem.kind for problem in raised.value.problems] == ["bad-yaml", "unknown-fact"]


def test_what_mentions_a_broken_name_is_not_complained_of_again(folder: Path) -> None:
    """A type that cannot be told is one mistake, however often the fact is used."""
    with pytest.raises(Problems) as raised:
        change(folder, "facts.yaml", "borrowed_on: {type: date", "borrowed_on: {type: dat")

    assert [problem.kind for problem in raised.value.problems] == ["unknown-type"]


def test_a_hopeless_file_is_given_up(folder: Path) -> None:
    """Thousands of mistakes take no longer than some hundred."""
    with pytest.raises(Problems) as raised:
        read(folder, extra="".join(f"- id: r{n}\n  whem: x\n  overrides: [s{n}]\n" for n in range(20_000)))

    assert len(raised.value.problems) <= 501
    assert "there are more than 500 problems" in {problem.message for problem in raised.value.problems}


def test_a_large_file_is_refused(folder: Path) -> None:
    """Fifty megabytes are not read."""
    with (folder / "extra.yaml").open("wb") as file:
        file.truncate(50_000_000)

    with pytest.raises(Problems, match=r"this file has 50\.0 MB; at most 2 MB are read"):
        read_pack(folder)


@pytest.mark.parametrize("name", ["missing", "a\0b", "pack/loans.yaml"])
def test_a_folder_that_is_no_pack_is_refused(name: str, folder: Path) -> None:
    """A missing folder, an impossible name, a file."""
    assert not is_pack(folder.parent / name)
    with pytest.raises(Problems, match=r"no-pack|no-file"):
        read_pack(folder.parent / name)


PIECES = st.sampled_from(
    [*"[]{}:-,\n ", "- id: a\n", "  when: ", "overdue", "member", "any book where ", "all:", "\n  ", "advise: ", "x",
     "conclude: {", "sources: [forum]", "because: ", "{title}", "argues: ", "for: ", "1 EUR", "case:\n", "book:\n",
     "type: ", "choice", "choices: ", "rows: ", "formula: ", "values: ", "value: ", "brackets: ", "up_to: ", "from: "]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    st.sampled_from(["extra", "facts", "pack", "sources", "parameters", "projections"]), st.lists(PIECES, max_size=40)
)
def test_any_file_gives_a_pack_or_problems(folder: Path, name: str, pieces: list[str]) -> None:
    """Nothing else is ever raised."""
    kept = (GOOD / f"{name}.yaml").read_text(encoding="utf-8") if name != "extra" else ""
    with suppress(Problems):
        read(folder, **{name: "".join(pieces)})
    (folder / f"{name}.yaml").write_text(kept or "- {id: z, when: member, advise: x, because: y, sources: [forum]}\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.sampled_from(sorted(path.name for path in GOOD.glob("*.yaml"))), st.data())
def test_a_file_with_a_part_exchanged_gives_a_pack_or_problems(folder: Path, name: str, data: st.DataObject) -> None:
    """Nothing else is ever raised."""
    kept = (GOOD / name).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(kept)))
    end = data.draw(st.integers(start, min(len(kept), start + 30)))
    new = data.draw(st.lists(PIECES, max_size=4).map("".join))
    (folder / name).write_text(kept[:start] + new + kept[end:], encoding="utf-8")
    with suppress(Problems):
        read_pack(folder)
    (folder / name).write_text(kept, encoding="utf-8")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=120) | st.text(st.sampled_from('a,"\n\r1é\0'), max_size=60).map(str.encode))
def test_any_table_gives_a_pack_or_problems(folder: Path, content: bytes) -> None:
    """Nothing else is ever raised."""
    (folder / "tables" / "other.csv").write_bytes(content)
    with suppress(Problems):
        read_pack(folder)


def test_a_text_knows_whether_it_is_plain() -> None:
    """A text without braces is not parsed."""
    assert read_pack(GOOD).rules["keep-it"].because == Text(
        ("Nobody asks for it.",), read_pack(GOOD).rules["keep-it"].because.place
    )


def test_a_pack_without_its_vocabulary_says_so_once(folder: Path) -> None:
    """What would need it is not complained of."""
    (folder / "facts.yaml").unlink()

    with pytest.raises(Problems, match=r"missing-file: there is no facts\.yaml beside this file; add it") as raised:
        read_pack(folder)

    assert len(raised.value.problems) == 1
