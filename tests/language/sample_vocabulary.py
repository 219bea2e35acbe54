"""A vocabulary with one of everything, for the tests of the condition language."""

from collections.abc import Mapping

from advisor.language.vocabulary import EntityName, FactName, ParameterName, Scope, Vocabulary
from advisor.problems.problem import Place
from advisor.values.types import (
    CHOICE,
    CHOICES,
    DATE,
    DURATION,
    MONEY,
    NUMBER,
    REFERENCE,
    TEXT,
    WHOLE,
    YES_NO,
    Type,
)

ENDED_BY = Type(CHOICE, (("client", "the client"), ("freelancer", "you"), ("left_out", "not counted")))
PROBLEMS = Type(CHOICES, (("late", "late payment"), ("scope", "more work"), ("not_paid", "no pay")))
STAGE = Type(CHOICE, (("started", "started"), ("not_begun", "not begun"), ("over_60", "over 60"), ("4-8", "4 to 8")))
USD = Type(MONEY, unit="USD", low=0, high=10**6)
CLIENT = Type(REFERENCE, entity="client")

_CASE = {
    "top_rated": Type(YES_NO),
    "next_update": Type(DATE),
    "score": Type(WHOLE, unit="%", low=0, high=100),
    "no_of_days": Type(WHOLE),
    "days_since_x": Type(WHOLE),
    "destination": Type(CHOICE, (("jp", "Japan"), ("us", "United States"))),
    "main_contract": Type(REFERENCE, entity="contract"),
    "fee": USD,
}
_CONTRACT = {
    "title": Type(TEXT),
    "client": CLIENT,
    "agency": CLIENT,
    "earned": USD,
    "paid_out": USD,
    "hours": Type(NUMBER, unit="hours a week"),
    "length": Type(DURATION),
    "ended": Type(YES_NO),
    "threatened": Type(YES_NO),
    "ended_on": Type(DATE),
    "started_on": Type(DATE),
    "ended_by": ENDED_BY,
    "stated_by": ENDED_BY,
    "client_side": ENDED_BY,
    "problems": PROBLEMS,
    "stage": STAGE,
}
_CLIENT = {"name": Type(TEXT), "suspended": Type(YES_NO), "spent": USD, "trouble": PROBLEMS}


def _facts(types: Mapping[str, Type], first_line: int) -> dict[str, FactName]:
    return {
        name: FactName(type_, Place("facts.yaml", first_line + i, 3)) for i, (name, type_) in enumerate(types.items())
    }


VOCABULARY = Vocabulary(
    entities={
        "contract": EntityName("contracts", Place("pack.yaml", 7, 3)),
        "client": EntityName("clients", Place("pack.yaml", 8, 3)),
    },
    facts={"case": _facts(_CASE, 2), "contract": _facts(_CONTRACT, 20), "client": _facts(_CLIENT, 50)},
    parameters={
        "update_cadence": ParameterName(Type(DURATION), None, Place("parameters.yaml", 1)),
        "contracts_needed": ParameterName(Type(WHOLE), None, Place("parameters.yaml", 5)),
        "free_of_charge": ParameterName(Type(YES_NO), None, Place("parameters.yaml", 8)),
        "job_weight": ParameterName(Type(NUMBER), USD, Place("parameters.yaml", 9)),
    },
    tables={"countries": {"voltage": Type(NUMBER), "in_europe": Type(YES_NO)}},
    eras={"paid-weights": "weights by earnings", "two-clients": "two clients are enough"},
    currency="USD",
)
CASE = Scope(VOCABULARY)
CONTRACT = Scope(VOCABULARY, "contract")
