"""The shapes of the files of rules and of projections: every key, what it means, and what may stand under it."""

from __future__ import annotations

from advisor.files.common_shapes import (
    AN_ID,
    ANY_ID,
    BECAUSE_KEY,
    CLAIMS_KEY,
    CONDITION,
    ERA_KEY,
    EXPRESSION,
    IDS,
    NOTE_KEY,
    PERIOD_KEYS,
    SOURCES_KEY,
    TEXT,
    VALUE,
    WHEN_KEY,
    WORDS,
    YES_NO,
)
from advisor.files.shapes import ByName, Either, Key, Many, One, Record

_ADVICE = Record(
    "advice",
    (
        Key("strength", One("a strength", ("must", "should", "could", "avoid")), "how pressing it is", required=True),
        Key(
            "rank",
            One("a rank", tuple("123456789")),
            "its place among advice as pressing: 1 comes first, 5 when left out",
        ),
        Key("title", WORDS, "what to do", required=True),
        Key("text", WORDS, "further sentences"),
        Key(
            "steps",
            Many(
                Either((WORDS, Record("a step", (Key("do", WORDS, "what to do", required=True), WHEN_KEY)))),
            ),
            "what to do, one after the other",
        ),
        Key("deadline", EXPRESSION, "an expression that gives a date"),
        Key("deadline_text", WORDS, "the deadline in words"),
        Key("before", IDS, "recommendations that come later"),
        Key("after", IDS, "recommendations that come first"),
    ),
)


RULE = Record(
    "a rule",
    (
        Key("id", AN_ID, "its id, which reads as a claim or an instruction", required=True),
        Key("about", ANY_ID, "an entity; the case when left out"),
        Key("when", CONDITION, "the condition under which it applies", required=True),
        Key("advise", Either((WORDS, _ADVICE)), "a recommendation"),
        Key("conclude", ByName("a derived fact", EXPRESSION), "a derived fact and its value"),
        Key(
            "argues",
            Record(
                "an argument",
                (
                    Key("for", IDS, "recommendations for which it is a reason"),
                    Key("against", IDS, "recommendations against which it speaks"),
                ),
            ),
            "recommendations for or against which it is a reason",
        ),
        Key("because", WORDS, "one or two plain sentences that say why", required=True),
        SOURCES_KEY,
        CLAIMS_KEY,
        Key("opinion", YES_NO, "whether it is advice that someone gave, not a fact"),
        *PERIOD_KEYS,
        ERA_KEY,
        Key("overrides", IDS, "rules that this one beats"),
        Key(
            "opposes",
            Many(
                Either(
                    (
                        ANY_ID,
                        Record(
                            "an opposition",
                            (
                                Key(
                                    "rule",
                                    ANY_ID,
                                    "the rule whose advice cannot be followed together with this",
                                    required=True,
                                ),
                                Key("because", WORDS, "why it ranks below", required=True),
                            ),
                        ),
                    )
                ),
                single=True,
            ),
            "advice that cannot be followed together with this one, and why it ranks below",
        ),
        NOTE_KEY,
    ),
)


RULES = Many(RULE)


PROJECTIONS = Many(
    Record(
        "a projection",
        (
            Key("id", AN_ID, "its id", required=True),
            Key("label", TEXT, "how it is called in sentences", required=True),
            Key("unit", TEXT, "its unit"),
            Key("better", One("a word", ("higher", "lower")), "which way is better", required=True),
            Key("needs", CONDITION, "where this is surely false, nothing is projected"),
            Key("absent", WORDS, "what is said then"),
            Key(
                "thresholds",
                Many(
                    Record(
                        "a threshold",
                        (
                            Key("at", VALUE, "the figure", required=True),
                            Key("means", TEXT, "what it means", required=True),
                        ),
                    )
                ),
                "figures that matter",
            ),
            Key(
                "models",
                Many(
                    Record(
                        "a model",
                        (
                            Key("id", AN_ID, "its id", required=True),
                            Key("title", TEXT, "what it assumes", required=True),
                            Key("measure", ANY_ID, "a derived number of the case", required=True),
                            WHEN_KEY,
                            BECAUSE_KEY,
                            SOURCES_KEY,
                            CLAIMS_KEY,
                            NOTE_KEY,
                        ),
                    )
                ),
                "ideas of how it comes about",
                required=True,
            ),
            NOTE_KEY,
        ),
    )
)
