"""Case files read against a pack: values, lists, expectations, and every mistake with its place.

`python tests/cases/test_reader.py` writes what is said of the cases in `bad_cases.txt` anew, to be read in the diff.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.cases.answers import days_in_months
from advisor.cases.reader import case_from_dict, pack_named, read_case, read_cases
from advisor.packs.pack import Pack
from advisor.packs.reader import read_pack
from advisor.problems.problem import Problems
from advisor.values.types import NONE, YES_OR_NO, Among, Value, Within
from tests.folders import GOOD

PACK = read_pack(GOOD)
BAD_CASES = Path(__file__).with_name("bad_cases.txt")


def value_of(fact: str, written: str) -> Value:
    """The value of a fact of a book, as it is read."""
    answers = read_case(PACK, f"books: [{{id: a, {fact}: {written}}}]", "case").items("book")[0].answers
    return answers[fact].value


def said_of(read: Callable[[], object]) -> list[str]:
    """The head line of each problem, from its column on."""
    with pytest.raises(Problems) as raised:
        read()
    return [str(problem).removeprefix("case.yaml:") for problem in raised.value.problems]


def said_of_text(text: str) -> list[str]:
    """What is said of a case file."""
    return said_of(lambda: read_case(PACK, text, "case.yaml"))


# --- values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "written", "value"),
    [
        ("title", "No Exit", "No Exit"),
        ("title", "010", "010"),
        ("kind", "novel", "novel"),
        ("kind", "an atlas", "atlas"),
        ("kind", "not atlas", "novel"),
        ("kind", "unknown", Among(frozenset(("novel", "atlas")))),
        ("kind", "'one of [novel, atlas]'", Among(frozenset(("novel", "atlas")))),
        ("price", "2.50", Fraction(5, 2)),
        ("price", "€3", 3),
        ("price", "4..6", Within(4, 6)),
        ("price", "at least 990", Within(990, 1000)),
        ("price", "unknown", Within(0, 1000)),
        ("price", "none", NONE),
        ("borrowed_on", "2023-12-10", date(2023, 12, 10)),
        ("borrowed_on", "2023-12", Within(date(2023, 12, 1), date(2023, 12, 31))),
        ("promised", "14 days", 14),
        ("promised", "2 weeks", 14),
        ("promised", "2 months", Within(59, 62)),
        ("promised", "1 year", Within(365, 366)),
        ("borrower", "anyone", "anyone"),
    ],
)
def test_a_value_is_read_as_its_type_says(fact: str, written: str, value: Value) -> None:
    """Settled or known in part; nothing is taken for what it is not."""
    assert value_of(fact, written) == value


@pytest.mark.parametrize(
    ("count", "days"), [(1, (28, 31)), (2, (59, 62)), (6, (181, 184)), (12, (365, 366)), (48, (1461, 1461))]
)
def test_months_have_so_many_days(count: int, days: tuple[int, int]) -> None:
    """The fewest and the most that so many months in a row can have."""
    assert days_in_months(count) == days


def test_unknown_is_kept_apart_from_a_range() -> None:
    """Who does not know was asked; a person who knows a part was not asked in vain."""
    item = read_case(PACK, "books: [{id: a, price: unknown, promised: 3..5}]", "case").items("book")[0]

    assert item.answers["price"].unknown
    assert not item.answers["promised"].unknown
    assert "title" not in item.answers


def test_a_note_stands_beside_a_value() -> None:
    """`{value: ..., note: ...}` for single values, lists and boxes."""
    case = read_case(
        PACK, "books: [{id: a, price: {value: 3, note: from the bill}, damage: {value: [wet], note: seen}}]", "case"
    )
    answers = case.items("book")[0].answers

    assert (answers["price"].value, answers["price"].note) == (3, "from the bill")
    assert (answers["damage.wet"].value, answers["damage.wet"].note) == (True, "seen")


@pytest.mark.parametrize(
    ("written", "boxes"),
    [
        ("[wet]", {"wet": True, "torn": False}),
        ("[]", {"wet": False, "torn": False}),
        ("wet", {"wet": True, "torn": False}),
        ("[it is torn, wet]", {"wet": True, "torn": True}),
        ("none", {"wet": False, "torn": False}),
        ("unknown", {"wet": YES_OR_NO, "torn": YES_OR_NO}),
        ("{torn: yes}", {"torn": True}),
        ("{torn: no, wet: unknown}", {"wet": YES_OR_NO, "torn": False}),
    ],
)
def test_boxes_are_ticked_one_by_one(written: str, boxes: dict[str, Value]) -> None:
    """A list is complete; a mapping says only what it mentions."""
    answers = read_case(PACK, f"books: [{{id: a, damage: {written}}}]", "case").items("book")[0].answers

    assert {name: answer.value for name, answer in answers.items()} == {f"damage.{box}": v for box, v in boxes.items()}


def test_names_may_be_written_with_blanks_and_hyphens() -> None:
    """As in a condition."""
    answers = read_case(PACK, "books: [{id: a, borrowed on: 2023-01-01}]", "case").items("book")[0].answers

    assert answers["borrowed_on"].value == date(2023, 1, 1)


# --- the case -----------------------------------------------------------------------------------------------------


def test_everything_that_a_case_can_hold() -> None:
    """Dates, notes, what was declined and what was parked."""
    case = read_case(
        PACK,
        "format: 1\npack: loans\ntoday: 2024-01-02\nas_of: 2023-05-06\nnotes: As told.\nfacts: {member: no}\n"
        "books: [{id: a, times: 3, borrower: jo}]\nreaders: [{id: jo, trusted: yes}]\n"
        "declined: [shelf, 'books[a].price']\nparked: {'books[a].damage': [wet], member: yes}\n",
        "case",
    )

    assert (case.pack, case.today, case.as_of, case.notes) == ("loans", date(2024, 1, 2), date(2023, 5, 6), "As told.")
    assert case.answers["member"].value is False
    assert case.items("book")[0].times == 3
    assert case.answer("reader", "jo", "trusted") is not None
    assert case.declined == ("shelf", "books[a].price")
    assert {path: answer.value for path, answer in case.parked.items()} == {
        "books[a].damage.wet": True, "books[a].damage.torn": False, "member": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "ids", "more"),
    [
        ("[{id: a}, {id: b}]", ["a", "b"], False),
        ("[{id: a}, {more: yes}]", ["a"], True),
        ("[{id: a}, {more: unknown}]", ["a"], None),
        ("[{id: a}, {more: no}]", ["a"], False),
        ("[{more: yes}]", [], True),
        ("[]", [], False),
        ("none", [], False),
        ("unknown", [], None),
    ],
)
def test_a_list_is_complete_unless_it_says_otherwise(written: str, ids: list[str], more: object) -> None:
    """Its last item may say that there are more."""
    listed = read_case(PACK, f"books: {written}", "case").entities["book"]

    assert ([item.id for item in listed.items], listed.more) == (ids, more)


def test_a_kind_that_is_not_listed_is_not_there() -> None:
    """An absent list is unknown, not empty."""
    assert read_case(PACK, "facts: {}", "case").entities == {}


# --- mistakes -----------------------------------------------------------------------------------------------------


def mistakes() -> list[tuple[str, str]]:
    """Bad cases and all that is said of each, from `bad_cases.txt`."""
    blocks = BAD_CASES.read_text(encoding="utf-8").split("\n\n")
    return [(text.rstrip("\n"), said.rstrip("\n")) for text, _, said in (block.partition("\n=>\n") for block in blocks)]


def all_that_is_said_of(text: str) -> str:
    """Every problem of a bad case, underlines included."""
    with pytest.raises(Problems) as raised:
        read_case(PACK, text, "case.yaml")
    return "\n".join(problem.full() for problem in raised.value.problems)


@pytest.mark.parametrize(("text", "said"), mistakes(), ids=[text.replace("\n", "|") for text, _ in mistakes()])
def test_a_mistake_is_named_with_its_place(text: str, said: str) -> None:
    """What is wrong, in the person's own words, where it stands, and how to mend it."""
    assert all_that_is_said_of(text) == said


def test_all_mistakes_are_named_at_once() -> None:
    """Also those of different parts."""
    text = "today: x\nfacts: {membr: yes, shelf: cellar}\nbooks: [{titel: x}]\nexpect: [nothing]\n"

    assert [said.split(": ")[1] for said in said_of_text(text)] == [
        "bad-date", "unknown-fact", "bad-value", "missing-id", "unknown-fact", "unknown-key",
    ]  # fmt: skip


# --- worked cases -------------------------------------------------------------------------------------------------

WORKED = """\
- case: the first
  books: [{id: a}]
  expect: [keep-it@a, {overdue@a: no}, {cost: {worst: 3, best: 1..2}}, {return-it-today: {strength: must}}]
  expect_not: [pay-the-fee]
- case: the second
  id: two
  facts: {member: yes}
  expect_open: [verdict, cost:by-fee]
"""


def test_worked_cases_keep_what_they_expect(tmp_path: Path) -> None:
    """Keys and values as written, each with its place."""
    path = tmp_path / "cases.yaml"
    path.write_text(WORKED, encoding="utf-8")

    first, second = read_cases(PACK, path)

    assert [(one.key, one.value) for one in first.expect] == [
        ("keep-it@a", None),
        ("overdue@a", "no"),
        ("cost", {"worst": "3", "best": "1..2"}),
        ("return-it-today", {"strength": "must"}),
    ]
    assert (first.number, first.sentence, str(first.expect_not[0].place)) == (1, "the first", f"{path}:4:16")
    assert (second.number, second.id, second.case.id) == (2, "two", "two")
    assert [(one.key, one.value) for one in second.expect_open] == [("verdict", None), ("cost:by-fee", None)]


@pytest.mark.parametrize("address", ["#2", "#two"])
def test_one_of_several_cases_has_an_address(address: str, tmp_path: Path) -> None:
    """Its number or its id."""
    path = tmp_path / "cases.yaml"
    path.write_text(WORKED, encoding="utf-8")

    assert read_case(PACK, f"{path}{address}").sentence == "the second"
    assert [one.number for one in read_cases(PACK, f"{path}{address}")] == [2]


def test_an_address_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """With what there is."""
    path = tmp_path / "cases.yaml"
    path.write_text(WORKED, encoding="utf-8")

    assert said_of(lambda: read_case(PACK, f"{path}#tow")) == [
        f"{path}:1:1: unknown-case: there is no case `tow` among the 2 in this file; did you mean `two`?"
    ]


def test_the_mistakes_of_all_cases_are_named(tmp_path: Path) -> None:
    """And ids that stand twice."""
    path = tmp_path / "case.yaml"
    path.write_text("- {id: a, facts: {x: 1}}\n- {id: a, facts: {y: 1}}\n", encoding="utf-8")

    assert [said.split(": ")[1] for said in said_of(lambda: read_cases(PACK, path))] == [
        "unknown-fact", "duplicate-id", "unknown-fact",
    ]  # fmt: skip


# --- other ways in ------------------------------------------------------------------------------------------------


def test_a_case_from_plain_data() -> None:
    """Python's own types are understood."""
    case = case_from_dict(
        PACK,
        {
            "today": date(2024, 1, 2),
            "facts": {"member": True},
            "books": [{"id": "a", "price": Decimal("2.5"), "damage": ["wet"], "times": 2}, {"more": "unknown"}],
        },
    )

    assert case.today == date(2024, 1, 2)
    assert case.answers["member"].value is True
    assert case.items("book")[0].answers["price"].value == Fraction(5, 2)
    assert case.entities["book"].more is None


def test_mistakes_in_plain_data_show_the_data() -> None:
    """The place is that in the data as JSON."""
    with pytest.raises(Problems) as raised:
        case_from_dict(PACK, {"facts": {"membr": True}})

    assert raised.value.problems[0].full() == (
        "case:3:3: unknown-fact: `membr` is not a fact of the case; did you mean `member`?\n"
        '  3 |   "membr": true\n'
        "    |   ^^^^^^^"
    )


def _circle() -> dict[str, object]:
    data: dict[str, object] = {}
    data["facts"] = data
    return data


@pytest.mark.parametrize(
    "data",
    [
        _circle(),
        {"facts": {("a",): 1}},
        {"facts": b"x"},
        {"facts": {"member": None}},
        {"facts": {"member": 10**5000}},
        {"a": "\ud800"},
    ],
)
def test_data_that_is_not_plain_is_a_problem(data: dict[str, object]) -> None:
    """Never a traceback: `bad-data`, or what is wrong with a value."""
    with pytest.raises(Problems):
        case_from_dict(PACK, data)


def test_a_case_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read once, and can be asked twice."""
    stream = io.TextIOWrapper(io.BytesIO(b"pack: loans\nfacts: {member: yes}\n"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stream)

    assert pack_named("-") == "loans"
    assert read_case(PACK, "-").answers["member"].value is True


def test_the_pack_of_a_case_that_cannot_be_read_is_not_known(tmp_path: Path) -> None:
    """Reading it says why."""
    assert pack_named(tmp_path / "none.yaml") == ""


def test_a_case_in_json(tmp_path: Path) -> None:
    """JSON is read as YAML is."""
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"facts": {"member": False}, "notes": "naïve 😀"}), encoding="utf-8")
    case = read_case(PACK, path)

    assert (case.answers["member"].value, case.notes) == (False, "naïve 😀")


def test_the_words_of_a_pack_take_precedence_over_those_of_a_case() -> None:
    """The pack is not needed to be named in its own worked cases."""
    assert isinstance(PACK, Pack)
    assert read_case(PACK, "{}", "case").pack == ""


LEAVES = st.sampled_from(
    ["yes", "unknown", "4..6", "none", "one of [a, b]", "about 3", "2023-01", "", "novel", "9" * 30, "-1", "x" * 600]
) | st.text(max_size=8)
KEYS = st.sampled_from(
    "facts books readers id more times value note price damage kind borrower member expect expect_not declined parked"
    " today case borrowed_on promised keep-it@a cost:by-fee".split()
) | st.text(max_size=5)
DATA = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)


@given(st.dictionaries(KEYS, DATA, max_size=6))
def test_any_data_gives_a_case_or_problems(data: dict[str, object]) -> None:
    """Nothing else is ever raised."""
    with suppress(Problems):
        case_from_dict(PACK, data)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_case_or_problems(data: bytes) -> None:
    """Nothing else is ever raised."""
    with suppress(Problems):
        read_case(PACK, data.decode("latin-1"), "case")


if __name__ == "__main__":
    told = [f"{text}\n=>\n{all_that_is_said_of(text)}\n" for text, _ in mistakes()]
    BAD_CASES.write_text("\n".join(told), encoding="utf-8")
