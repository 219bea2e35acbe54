"""The shapes of the files of a pack: every key, what it means, and what may stand under it."""

from __future__ import annotations

from advisor.files.common_shapes import (
    A_NAME,
    AN_ID,
    ANY_ID,
    CONDITION,
    PERIOD_KEYS,
    TEXT,
    WHEN_KEY,
    WORDS,
    YES_NO,
)
from advisor.files.shapes import ID, NAME, ByName, Key, Many, One, Record, Shape
from advisor.packs.fact_shapes import FACTS, PARAMETERS
from advisor.packs.option_shapes import OPTIONS
from advisor.packs.rule_shapes import PROJECTIONS, RULES

PACK = Record(
    "pack.yaml",
    (
        Key("format", One("`1`", ("1",)), "the version of this format: 1", required=True),
        Key("title", TEXT, "what the pack is about", required=True),
        Key("version", TEXT, "the version of the pack", required=True),
        Key("question", TEXT, "the question it answers", required=True),
        Key("default", YES_NO, "whether it is used where nobody names a pack"),
        Key("currency", One("a currency such as USD"), "the currency of all amounts"),
        Key(
            "entities",
            ByName(
                "an entity",
                Record(
                    "an entity",
                    (
                        Key("plural", A_NAME, "the name of a list of them", required=True),
                        Key("label", ANY_ID, "the text fact that names one of them to people"),
                        Key("question", TEXT, "how a session asks for a list of them"),
                        Key("help", TEXT, "what belongs in the list, and what does not"),
                    ),
                ),
                NAME,
            ),
            "kinds of things of which a case has several",
        ),
        Key(
            "eras",
            ByName(
                "an era", Record("an era", (Key("title", TEXT, "its name for people", required=True), *PERIOD_KEYS)), ID
            ),
            "times at which policy differs",
        ),
        Key(
            "standing",
            Many(
                Record(
                    "a standing",
                    (
                        Key("id", AN_ID, "its id", required=True),
                        Key("say", TEXT, "how the advice words it", required=True),
                        Key("speculative", YES_NO, "whether it is a mere guess"),
                    ),
                )
            ),
            "how far a source can be trusted, strongest first",
            required=True,
        ),
        Key(
            "headline",
            Many(
                Record(
                    "a row of the headline",
                    (
                        WHEN_KEY,
                        Key("say", WORDS, "the headline"),
                        Key("otherwise", WORDS, "the headline where no row applies"),
                    ),
                )
            ),
            "the headline of the advice: the first row that applies",
        ),
        Key(
            "must_hold",
            Many(
                Record(
                    "what must hold",
                    (
                        Key("about", ANY_ID, "an entity; the case when left out"),
                        Key("that", CONDITION, "what can never be otherwise", required=True),
                        Key("because", WORDS, "why it cannot", required=True),
                    ),
                )
            ),
            "what can never be otherwise",
        ),
        Key(
            "undecided_claims",
            Many(
                Record(
                    "an undecided claim",
                    (
                        Key("claim", TEXT, "its id", required=True),
                        Key("because", TEXT, "why nothing hangs on it", required=True),
                    ),
                )
            ),
            "claims that decide nothing",
        ),
    ),
)


SOURCES = ByName(
    "a source",
    Record(
        "a source",
        (
            Key("title", TEXT, "what it is", required=True),
            Key("url", TEXT, "where it can be read"),
            Key("date", TEXT, "when it was written: a date, a month, a year, or `undated`"),
            Key("standing", ANY_ID, "its place on the pack's scale of trust", required=True),
            Key("note", TEXT, "what a reader should know of it"),
        ),
    ),
    ID,
)


TABLE = ByName("an id", Record("a row of a table", (Key("label", TEXT, "its label", required=True),), rest=TEXT), ID)


FILES: dict[str, Shape] = {
    "pack": PACK,
    "sources": SOURCES,
    "facts": FACTS,
    "parameters": PARAMETERS,
    "projections": PROJECTIONS,
    "options": OPTIONS,
    "rules": RULES,
}
"""The shape of each kind of file."""
