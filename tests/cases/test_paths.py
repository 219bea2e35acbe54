"""Paths into a case, and keys of the advice."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.cases.paths import CasePath, Key, parse_key, parse_path
from advisor.language.tree import CASE
from advisor.packs.reader import read_pack
from advisor.problems.problem import Problems
from tests.folders import GOOD

PACK = read_pack(GOOD)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("member", CasePath(CASE, "", "member")),
        ("books[a]", CasePath("book", "a")),
        ("books[a].price", CasePath("book", "a", "price")),
        ("books[a-1].borrowed on", CasePath("book", "a-1", "borrowed_on")),
        ("books[a].damage.wet", CasePath("book", "a", "damage", "wet")),
    ],
)
def test_a_path_names_a_place_in_a_case(text: str, path: CasePath) -> None:
    """A fact of the case, an entity, a fact of it, one box of that."""
    assert parse_path(PACK, text) == path


def test_a_box_is_filed_under_its_fact() -> None:
    """As a case keeps it."""
    assert parse_path(PACK, "books[a].damage.wet").field == "damage.wet"


@pytest.mark.parametrize(
    ("text", "said", "underlined"),
    [
        ("membr", "unknown-fact: `membr` is not a fact of the case; did you mean `member`?", "membr"),
        (
            "price",
            "unknown-fact: `price` is a fact of a book, not of the case; write it with one of the `books`",
            "price",
        ),
        ("boks[a].price", "unknown-entity: there is no list `boks` in a case; did you mean `books`?", "boks"),
        ("books[a].prce", "unknown-fact: `prce` is not a fact of a book; did you mean `price`?", "prce"),
        (
            "books[a].damage.wett",
            "unknown-choice: `damage` has no `wett` that could be ticked; did you mean `wet`?",
            "wett",
        ),
        (
            "books[A b].price",
            "bad-name: `A b` cannot be an id; write small letters, digits, `-` and `_`, such as `a-b`",
            "A b",
        ),
    ],
)
def test_a_wrong_path_is_underlined_where_it_is_wrong(text: str, said: str, underlined: str) -> None:
    """With the nearest name."""
    with pytest.raises(Problems) as raised:
        parse_path(PACK, text, "--set")
    (problem,) = raised.value.problems
    start = problem.place.column - 1

    assert str(problem).partition(": ")[2] == said
    assert problem.line[start : start + problem.place.length] == underlined


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("keep-it", Key("keep-it")),
        ("keep-it@a", Key("keep-it", "", "a")),
        ("cost:by-fee", Key("cost", "by-fee")),
        ("cost:by-fee@a", Key("cost", "by-fee", "a")),
    ],
)
def test_a_key_is_written_as_it_is_read(text: str, key: Key) -> None:
    """Both ways."""
    assert parse_key(text) == key
    assert str(key) == text


@pytest.mark.parametrize("text", ["", "a b", "a@", "@a", "a@b@c", "x" * 500])
def test_what_is_no_key_is_refused(text: str) -> None:
    """In plain words."""
    with pytest.raises(ValueError, match="is not a key; write it as"):
        parse_key(text)


@given(st.text(max_size=40) | st.lists(st.sampled_from([*"[].@:", "books", "price", "a", "damage"])).map("".join))
def test_any_text_gives_a_path_or_problems(text: str) -> None:
    """Nothing else is ever raised."""
    with suppress(Problems):
        parse_path(PACK, text)
