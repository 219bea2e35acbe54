"""The shapes of the files of facts and of parameters: every key, what it means, and what may stand under it."""

from __future__ import annotations

from advisor.files.common_shapes import (
    BECAUSE_KEY,
    CLAIMS_KEY,
    CONDITION,
    DAY,
    ERA_KEY,
    EXPRESSION,
    NOTE_KEY,
    PERIOD_KEYS,
    SOURCES_KEY,
    TEXT,
    TYPE,
    TYPE_KEYS,
    VALUE,
    WHEN_KEY,
    WORDS,
    YES_NO,
)
from advisor.files.shapes import NAME, ByName, Either, Key, Many, One, Record

_PRESUMED_KEYS = (Key("value", VALUE, "the value", required=True), BECAUSE_KEY, SOURCES_KEY)


_PRESUMED = Either((VALUE, Record("a presumed value", _PRESUMED_KEYS)))


_LIKELY = Either((VALUE, Record("a likely value", (*_PRESUMED_KEYS, WHEN_KEY))))


FACT = Record(
    "a fact",
    (
        Key("type", TYPE, "what it can be", required=True),
        Key("label", TEXT, "how it is called in sentences"),
        Key("question", TEXT, "how it is asked"),
        Key("help", TEXT, "what helps to answer"),
        Key("why", TEXT, "why it is asked"),
        Key("examples", Many(TEXT, single=True), "a few answers"),
        Key("topic", TEXT, "a word that keeps related questions together"),
        *TYPE_KEYS,
        Key("none", TEXT, "how `none of these` is worded"),
        Key("applies", CONDITION, "when it exists at all"),
        Key("assume", _PRESUMED, "the value taken where the person does not know"),
        Key("likely", _LIKELY, "the value that moves only the likely figures"),
        Key(
            "change",
            Record(
                "a change",
                (
                    Key("by", One("who", ("you", "others", "past")), "who can change it", required=True),
                    Key("effort", One("how hard", ("small", "medium", "large")), "how hard that is"),
                    Key("how", TEXT, "how it is done"),
                    Key("to", VALUE, "the value that this leads to; of a yes/no it is `yes` when left out"),
                ),
            ),
            "who can change it",
        ),
        Key("finding", Either((WORDS, ByName("a value", WORDS))), "what the report says about a concluded value"),
        Key("formula", EXPRESSION, "the expression that gives it"),
        Key(
            "rows",
            Many(
                Record(
                    "a row",
                    (
                        WHEN_KEY,
                        Key("is", EXPRESSION, "the value then"),
                        Key("otherwise", EXPRESSION, "the value where no row applies"),
                    ),
                )
            ),
            "values with their conditions: the first that applies",
        ),
        Key("concluded", YES_NO, "whether rules conclude it"),
        Key("otherwise", EXPRESSION, "the value where no rule concludes one, or `unknown`"),
        Key("may_be_stated", YES_NO, "whether the person may state it although it is derived"),
        BECAUSE_KEY,
        SOURCES_KEY,
        CLAIMS_KEY,
        NOTE_KEY,
    ),
)


FACTS = ByName("`case` or an entity", ByName("a fact", FACT, NAME))


PARAMETERS = ByName(
    "a parameter",
    Record(
        "a parameter",
        (
            Key("type", TYPE, "what it can be", required=True),
            Key("label", TEXT, "how it is called in sentences"),
            *TYPE_KEYS,
            Key("by", TYPE, "the type of the key of a bracket table"),
            Key(
                "values",
                Many(
                    Record(
                        "a value of a parameter",
                        (
                            Key("value", VALUE, "the value"),
                            Key(
                                "brackets",
                                Many(
                                    Record(
                                        "a bracket",
                                        (
                                            Key("up_to", VALUE, "the upper end, included"),
                                            Key(
                                                "above", VALUE, "the upper end of the bracket before, for the last one"
                                            ),
                                            Key("value", VALUE, "the value within", required=True),
                                        ),
                                    )
                                ),
                                "values by bracket",
                            ),
                            *PERIOD_KEYS,
                            ERA_KEY,
                            SOURCES_KEY,
                            CLAIMS_KEY,
                            Key("checked", DAY, "the day somebody last looked whether it still holds"),
                            NOTE_KEY,
                        ),
                    )
                ),
                "its values, each with its dates",
                required=True,
            ),
            NOTE_KEY,
        ),
    ),
    NAME,
)
