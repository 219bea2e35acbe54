"""The only module that knows durable_rules: conjunctions of tests on whole numbers in, names of those that match out.

The engine is driven through its C module, as measured: flat facts of small whole numbers only, one live state a ruleset
(fired once to its end when the ruleset is made, and deleted, so that its slot is warm), ids "0", "1", ... within a
batch, every action drained. What was measured to crash or to hang it (exponents, long texts, empty lists, more than 64
alternatives on one fact, more than about 250 properties) cannot be expressed through this interface or is refused.
"""

from __future__ import annotations

import itertools
import json
import weakref
from collections.abc import Mapping, Sequence
from typing import Any, Final

import durable_rules_engine as engine

MOST_ALTERNATIVES: Final = 60
"""Alternatives in one ruleset; measured: above 64 matched by one fact, error 303 and nothing fires."""
MOST_PROPERTIES: Final = 200
"""Properties of a fact; measured: above about 250 the list of facts silently ends."""
BATCH: Final = 50
"""Facts asserted at once; larger batches were measured to gain nothing."""

Test = tuple[str, str, int]
"""`("l3", "$gt", 2)`: a property, a comparison (`$eq`, `$gt`, `$lt`), a whole number."""
Conjunction = Sequence[Test]

_SID = "1"
_names = itertools.count()


class Ruleset:
    """Named conjunctions, compiled to one durable_rules network; the network is made when it is first needed."""

    def __init__(self, conjunctions: Mapping[str, Conjunction]) -> None:
        """Raises ValueError where the conjunctions are more than one ruleset is known to carry."""
        if len(conjunctions) > MOST_ALTERNATIVES:
            raise ValueError("too many alternatives for one ruleset")
        self._conjunctions = conjunctions
        self._handle: int | None = None

    def __reduce__(self) -> tuple[type[Ruleset], tuple[Mapping[str, Conjunction]]]:
        """What it is pickled as: the network itself is of this process."""
        return Ruleset, (self._conjunctions,)

    def match(self, facts: Sequence[Mapping[str, int]]) -> list[set[str]]:
        """For each fact, the names of the conjunctions that hold of it."""
        found: list[set[str]] = [set() for _ in facts]
        if self._handle is None:
            self._open()
        for start in range(0, len(facts), BATCH):
            self._match_batch(facts[start : start + BATCH], found, start)
        return found

    def _match_batch(self, facts: Sequence[Mapping[str, int]], found: list[set[str]], start: int) -> None:
        handle = self._handle
        _, state = engine.assert_facts(handle, f"[{','.join(map(_fact_text, range(len(facts)), facts))}]")
        fired = engine.start_action_for_state(handle, state)
        message = fired[1] if fired else None
        while message is not None:
            # `{"NAME":{"m":{"id":"NUMBER",...`: cut out, for parsing the whole was measured to cost more than matching.
            name, _, rest = message[2:].partition('"')
            number = rest.partition('"id":"')[2].partition('"')[0]
            found[start + int(number)].add(name.partition("#")[0])
            message = engine.complete_and_start_action(handle, state)
        engine.delete_state(handle, _SID)

    def _open(self) -> None:
        rules = {name: {"all": [{"m": _pattern(tests)}]} for name, tests in self._conjunctions.items()}
        rules["warm#"] = {"all": [{"m": {"$ex": {"w": 1}}}]}
        name = f"r{next(_names)}"
        self._handle = engine.create_ruleset(name, json.dumps(rules))
        # Deleting a state on which no action ever started was measured to crash: the warm-up fires one.
        _, state = engine.assert_facts(self._handle, f'[{{"id":"0","sid":"{_SID}","w":1}}]')
        message: object = engine.start_action_for_state(self._handle, state)
        while message is not None:
            message = engine.complete_and_start_action(self._handle, state)
        engine.delete_state(self._handle, _SID)
        weakref.finalize(self, engine.delete_ruleset, self._handle).atexit = False


def _fact_text(number: int, fact: Mapping[str, int]) -> str:
    if len(fact) > MOST_PROPERTIES:
        raise ValueError("too many properties for one fact")
    properties = "".join(f',"{name}":{value:d}' for name, value in fact.items())
    return f'{{"id":"{number}","sid":"{_SID}","k":1{properties}}}'


def _pattern(tests: Conjunction) -> dict[str, Any]:
    # `k` is true of every fact asserted, and not of the engine's own fact about the state.
    patterns = [{"$ex": {"k": 1}}, *map(_test_pattern, tests)]
    return {"$and": patterns} if len(patterns) > 1 else patterns[0]


def _test_pattern(test: Test) -> dict[str, Any]:
    name, comparison, number = test
    return {name: number} if comparison == "$eq" else {comparison: {name: number}}
