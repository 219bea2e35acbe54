"""What many files of a pack have in common: a text, a condition, a period, the sources."""

from __future__ import annotations

from advisor.files.shapes import ID, NAME, ByName, Either, Key, Many, Nested, One, Record, Shape

TEXT = One("a text")


WORDS = One("a text")
"""With values put in by `{ }`."""


NUMBER = One("a whole number")


DATE = One("a date such as 2024-09-03, `about 2024-09-03`, 2024-09, `2024-09-01 .. 2024-09-10` or `unknown`")


DAY = One("a date such as 2024-09-03")


YES_NO = One("`yes` or `no`", ("yes", "no"))


EXPRESSION = One("an expression")


VALUE = One("a value")


AN_ID = One("an id", pattern=ID)


A_NAME = One("a name", pattern=NAME)


ANY_ID = One("an id")


IDS = Many(ANY_ID, single=True)


TYPE = One("a type: yes/no, choice, choices, whole number, number, money, date, duration, text, or an entity")


def _condition() -> Shape:
    return CONDITION


_CONDITIONS = Many(Nested("a condition", _condition), single=True)


CONDITION = Either(
    (
        One("a condition"),
        Many(Nested("a condition", _condition)),
        Record(
            "a condition",
            (
                Key("all", _CONDITIONS, "conditions that must all hold"),
                Key("any", _CONDITIONS, "conditions of which one must hold"),
                Key("none", _CONDITIONS, "conditions of which none may hold"),
            ),
        ),
    )
)


WHEN_KEY = Key("when", CONDITION, "the condition under which it applies")


BECAUSE_KEY = Key("because", WORDS, "one or two plain sentences that say why")


SOURCES_KEY = Key("sources", IDS, "the ids of the sources that say so")


CLAIMS_KEY = Key("claims", IDS, "the ids of the claims that it encodes")


NOTE_KEY = Key("note", TEXT, "a note for the authors, shown nowhere")


PERIOD_KEYS = (
    Key("from", DATE, "the first day on which it holds"),
    Key("until", DATE, "the last day on which it holds"),
)


ERA_KEY = Key("era", IDS, "the eras in which it holds, instead of dates")


TYPE_KEYS = (
    Key("choices", Either((One("`table` and its name"), ByName("an id", TEXT, ID))), "id and label of each choice"),
    Key("unit", TEXT, "the unit of a number"),
    Key("at_least", VALUE, "the least that is allowed"),
    Key("at_most", VALUE, "the most that is allowed"),
)
