"""The shape of the file of options: every key, what it means, and what may stand under it."""

from __future__ import annotations

from advisor.files.common_shapes import (
    AN_ID,
    ANY_ID,
    BECAUSE_KEY,
    CLAIMS_KEY,
    CONDITION,
    EXPRESSION,
    IDS,
    NOTE_KEY,
    NUMBER,
    SOURCES_KEY,
    TEXT,
    VALUE,
    WHEN_KEY,
    WORDS,
    YES_NO,
)
from advisor.files.shapes import ByName, Either, Key, Many, One, Record

_SETTINGS = ByName("a fact", Either((VALUE, EXPRESSION)))


_REASONS = Many(
    Either(
        (
            WORDS,
            Record("a reason", (Key("say", WORDS, "what it is", required=True), WHEN_KEY, SOURCES_KEY)),
        )
    ),
    single=True,
)


_CHOOSE = Record(
    "a choice",
    (
        Key("from", NUMBER, "the least of a range of whole numbers, or how many entities at least; 0 when left out"),
        Key("to", NUMBER, "the most of a range of whole numbers"),
        Key("label", TEXT, "what is counted or chosen, in words"),
        Key("look_to", NUMBER, "how far to look for the fewest that reach a line of a projection"),
        Key("any_of", ANY_ID, "an entity: any of these may be chosen, none and all too"),
        Key("where", CONDITION, "which of the entities may be chosen"),
    ),
)


_OBJECTIVE = Record(
    "an objective",
    (
        Key("id", AN_ID, "its id", required=True),
        Key("label", TEXT, "how it is called in sentences", required=True),
        Key("projection", ANY_ID, "a projection, or one of its models (`score:equal`)"),
        Key("measure", ANY_ID, "a derived number or yes/no of the case"),
        Key("shows", ANY_ID, "a projection: the days until it shows for the first time"),
        Key("unit", TEXT, "its unit"),
        Key("better", One("a word", ("higher", "lower")), "which way is better"),
        Key("figure", One("a word", ("worst", "likely", "best")), "by which figure it ranks: worst when left out"),
        Key("tolerance", NUMBER, "differences up to this are too close to call"),
        Key("only_lines", YES_NO, "whether only the lines of the projection matter that it reaches"),
        Key("absent_as", NUMBER, "as good as this it is where there is no figure"),
        NOTE_KEY,
    ),
)


_OPTION = Record(
    "an option",
    (
        Key("id", AN_ID, "its id", required=True),
        Key("title", WORDS, "what it is to do", required=True),
        Key("about", ANY_ID, "an entity: an option for each of them; the case when left out"),
        Key("when", CONDITION, "when it is possible at all"),
        Key("choose", ByName("a name", _CHOOSE), "what is still free: a number, or some of the entities"),
        Key("set", _SETTINGS, "facts that it sets of what it is about"),
        Key("set_case", _SETTINGS, "facts of the case that it sets"),
        Key("set_each", ByName("a choice", _SETTINGS), "facts that it sets of each chosen entity"),
        Key(
            "add",
            Many(
                Record(
                    "an addition",
                    (
                        Key("id", AN_ID, "the id of what is added"),
                        Key("times", One("a whole number, or the name of a choice"), "how many alike"),
                    ),
                    rest=_SETTINGS,
                )
            ),
            "entities that it adds: the entity, and its facts",
        ),
        Key(
            "at",
            Many(
                Record(
                    "a day",
                    (
                        Key("on", EXPRESSION, "the day on which the outcome is looked at; today when left out"),
                        Key("leave_out", IDS, "choices, or `this`, that are not in play by then"),
                        Key("say", WORDS, "what that day is"),
                    ),
                )
            ),
            "days on which the outcome is looked at; the last is what it leads to",
        ),
        Key("risks", _REASONS, "what may go wrong"),
        Key("costs", _REASONS, "what it costs"),
        Key(
            "steps",
            Many(
                Either(
                    (
                        WORDS,
                        Record(
                            "a step",
                            (
                                Key("do", WORDS, "what to do", required=True),
                                WHEN_KEY,
                                Key("by", EXPRESSION, "by when"),
                            ),
                        ),
                    )
                )
            ),
            "what to do, one after the other",
        ),
        Key("against", IDS, "advice that it goes against: it is ruled out while that stands"),
        Key("rules_out", IDS, "options that are no longer possible after it"),
        BECAUSE_KEY,
        SOURCES_KEY,
        CLAIMS_KEY,
        NOTE_KEY,
    ),
)


OPTIONS = Record(
    "options.yaml",
    (
        Key("objectives", Many(_OBJECTIVE), "what options are judged by, most important first", required=True),
        Key("breaches", IDS, "advice that no option may bring about"),
        Key("options", Many(_OPTION), "courses of action", required=True),
    ),
)
