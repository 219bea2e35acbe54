"""The shape of case files: every key, what it means, and what may stand under it."""

from __future__ import annotations

from advisor.files.shapes import (
    AN_ID,
    ANY_ID,
    DAY,
    NUMBER,
    TEXT,
    VALUE,
    ByName,
    Either,
    Key,
    Many,
    Nested,
    One,
    Record,
    Shape,
)


def _answer() -> Shape:
    return _ANSWER


_ANSWER = Either((VALUE, Many(VALUE), ByName("a key", Nested("a value", _answer))))


_ANSWERS = ByName("a fact", _ANSWER)


_ITEM = Record(
    "an item",
    (
        Key("id", ANY_ID, "its id"),
        Key("times", NUMBER, "for how many alike it stands"),
        Key(
            "more",
            One("`yes`, `no` or `unknown`", ("yes", "no", "unknown")),
            "last in a list: whether there are others",
        ),
    ),
    rest=_ANSWER,
)


_EXPECTATIONS = Many(Either((One("a key such as rule-id or rule-id@entity"), ByName("a key", _ANSWER))))


CASE = Record(
    "a case",
    (
        Key("format", One("`1`", ("1",)), "the version of this format: 1"),
        Key("pack", ANY_ID, "the pack that it is for"),
        Key("today", DAY, "the day from which deadlines count"),
        Key("as_of", DAY, "the day whose policy applies"),
        Key("notes", TEXT, "notes of the person"),
        Key("goals", Many(ANY_ID, single=True), "what the person wants to know: goals, as `goal` or `goal@entity`"),
        Key("facts", _ANSWERS, "facts of the case"),
        Key("declined", Many(TEXT, single=True), "paths of facts that the person will not answer now"),
        Key("parked", ByName("a path", _ANSWER), "answers that take no part in the reasoning"),
        Key("case", TEXT, "a sentence that says what a worked case shows"),
        Key("id", AN_ID, "the id of a worked case"),
        Key("expect", _EXPECTATIONS, "what must come out of it"),
        Key("expect_not", _EXPECTATIONS, "what must surely not come out of it"),
        Key("expect_open", _EXPECTATIONS, "what cannot be told yet"),
    ),
    rest=Either((Many(_ITEM), One("`unknown` or `none`", ("unknown", "none")))),
)


CASES = Either((CASE, Many(CASE)))
