"""The shapes of the files of a pack: every key, what it means, and what may stand under it."""

from __future__ import annotations

from advisor.files.shapes import (
    A_NAME,
    AN_ID,
    ANY_ID,
    BECAUSE_KEY,
    CLAIMS_KEY,
    CODE,
    CONDITION,
    DAY,
    ERA_KEY,
    EXPRESSION,
    ID,
    IDS,
    NAME,
    NOTE_KEY,
    NUMBER,
    PERIOD_KEYS,
    SOURCES_KEY,
    TEXT,
    TYPE,
    TYPE_KEYS,
    VALUE,
    WHEN_KEY,
    WORDS,
    YES_NO,
    ByName,
    Either,
    Key,
    Many,
    One,
    Record,
    Shape,
)

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
            "how far a source can be trusted, strongest first; left out where there is nothing to cite",
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
        Key("check_every", One("a length of time such as `365 days`"), "how long a look at a figure or source holds"),
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
            Key("standing", ANY_ID, "its place on the pack's scale of trust"),
            Key("checked", DAY, "the day somebody last looked whether it still says so"),
            Key("note", TEXT, "what a reader should know of it"),
        ),
    ),
    ID,
)


TABLE = ByName("an id", Record("a row of a table", (Key("label", TEXT, "its label", required=True),), rest=TEXT), CODE)


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
        Key("afterwards", WORDS, "what holds once the deadline has passed, or `still right`"),
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
                            Key("short", TEXT, "the same in a few words, as they stand after “if”"),
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


GOALS = Many(
    Record(
        "a goal",
        (
            Key("id", AN_ID, "its id", required=True),
            Key("asks", WORDS, "the question as a person would ask it", required=True),
            Key("also", Many(TEXT, single=True), "other wordings by which it is found"),
            Key("about", ANY_ID, "an entity: a question about each of them; the case when left out"),
            Key("when", CONDITION, "it is offered only where this is not surely false"),
            Key("fits", CONDITION, "it is chosen of itself where this surely holds"),
            Key("often", YES_NO, "whether it is one of the few that are offered first"),
            Key("tells", ByName("a fact", EXPRESSION), "what whoever chooses it has said by that: facts of the case"),
            Key(
                "answers",
                Many(
                    Record(
                        "an answer",
                        (
                            WHEN_KEY,
                            Key("verdict", WORDS, "the answer in a word or a few: yes, no, probably not, a day"),
                            Key("say", WORDS, "the answer in one or two sentences"),
                            Key("otherwise", WORDS, "the answer where no row applies"),
                            Key("because", IDS, "the rules on which it rests"),
                            SOURCES_KEY,
                            CLAIMS_KEY,
                            Key("advice", IDS, "recommendations to put first with it"),
                            NOTE_KEY,
                        ),
                    )
                ),
                "its answers: the first that applies",
            ),
            Key("value", ANY_ID, "a derived fact: its value is the answer"),
            Key("figures", IDS, "projections that bear on it"),
            Key("advice", IDS, "recommendations that belong to it"),
            Key("subjects", IDS, "files of rules: all that they recommend belongs to it"),
            Key("meanwhile", WORDS, "the sound first step while the answer is open"),
            NOTE_KEY,
        ),
    )
)


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
        Key("if", ByName("a value", TEXT), "what follows an “if” where an answer hangs on it, by value"),
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
                        BECAUSE_KEY,
                        SOURCES_KEY,
                        CLAIMS_KEY,
                        NOTE_KEY,
                    ),
                )
            ),
            "values with their conditions: the first that applies",
        ),
        Key(
            "hit",
            One("a word", ("first", "unique", "any", "collect-sum")),
            "what the rows mean together: the first that applies (when left out); only one may apply; several may that"
            " say the same; or all that apply are added up",
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


FILES: dict[str, Shape] = {
    "pack": PACK,
    "sources": SOURCES,
    "facts": FACTS,
    "parameters": PARAMETERS,
    "projections": PROJECTIONS,
    "options": OPTIONS,
    "goals": GOALS,
    "rules": RULES,
}
"""The shape of each kind of file."""
