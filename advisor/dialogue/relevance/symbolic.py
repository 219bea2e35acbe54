"""The conclusions of a case as functions of what is not yet known.

In: a compiled pack and a case. Out: for each field and rule of the case and its entities a decision diagram over the
unknowns. Diagrams are made when they are asked for and kept; when an answer changes, only what was read from it is
made anew. This screens what may still matter; what is shown to people is always reasoned by `reasoning/world.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from advisor.cases.case import Answer, Case, Item
from advisor.dialogue.relevance.diagrams import Diagram, Diagrams, TooLarge
from advisor.dialogue.relevance.kept import ANSWER, LEVEL, KeptDiagrams, Key
from advisor.dialogue.relevance.meanings import Meanings
from advisor.dialogue.relevance.samples import near_days, samples
from advisor.dialogue.relevance.unknowns import THE_CASE, Unknown, Unknowns, Who
from advisor.language.tree import CASE, Aggregate, Condition, Expr, FactRef
from advisor.packs.pack import Rule
from advisor.reasoning.cells import FAR, Cells
from advisor.reasoning.evaluation import empty
from advisor.reasoning.parameters import parameter_value
from advisor.reasoning.program import Field, Program
from advisor.values.types import (
    ANYTHING,
    NONE,
    REFERENCE,
    Among,
    Anything,
    Partial,
    Scalar,
    Value,
    Within,
    is_known,
    union,
    within,
)

_UNLISTED: Final = "\x00unlisted"
"""An entity that is not listed; followed by the id of another entity, one that only that one refers to."""


class Symbolic:
    """A case as functions of what is unknown in it."""

    def __init__(self, program: Program, *, today: date, as_of: date) -> None:
        self.program = program
        self.diagrams = Diagrams()
        self.today = today
        self.as_of = as_of
        self.case = Case()
        self.unknowns = Unknowns()
        self.kept = KeptDiagrams(self.diagrams, self.unknowns, self._differing)
        self._items: dict[str, dict[str, Item]] = {}
        self._differ: dict[tuple[Who, Who], frozenset[str]] = {}
        self._days = near_days(program, today, as_of)
        self._meanings = Meanings(self)

    # --- the case ----------------------------------------------------------------------------------------------

    def update(self, case: Case) -> None:
        """Takes the case as it is now; what was made from answers that differ is forgotten."""
        before, self.case = self.case, case
        self._items = {kind: {item.id: item for item in case.items(kind)} for kind in self.program.pack.entities}
        self._differ.clear()
        changed = [Key(ANSWER, name, THE_CASE) for name in _differing(before.answers, case.answers)]
        for kind in self.program.pack.entities:
            changed += self._changed_items(kind, before, case)
        self.kept.forget(changed)

    def _changed_items(self, kind: str, before: Case, case: Case) -> Iterator[Key]:
        old = {item.id: item for item in before.items(kind)}
        new = self._items[kind]
        listed = [(item.id, item.times) for item in old.values()] == [(item.id, item.times) for item in new.values()]
        if not listed or before.entities.get(kind, _NO_LIST) != case.entities.get(kind, _NO_LIST):
            same_end = (kind in before.entities, _more(before, kind)) == (kind in case.entities, _more(case, kind))
            if not listed or not same_end:
                yield Key("members", kind, THE_CASE)
        for id_ in old.keys() | new.keys():
            was: Mapping[str, Answer] = old[id_].answers if id_ in old else {}
            now: Mapping[str, Answer] = new[id_].answers if id_ in new else {}
            yield from (Key(ANSWER, name, (kind, id_)) for name in _differing(was, now))

    def _differing(self, one: Who, other: Who) -> frozenset[str]:
        """The names of the answers in which two entities differ."""
        found = self._differ.get((one, other))
        if found is None:
            found = self._differ[one, other] = frozenset(_differing(self._answers(one), self._answers(other)))
        return found

    def _answers(self, who: Who) -> Mapping[str, Answer]:
        """What was said of an entity; of one that is not listed (any more) nothing."""
        item = self._items[who[0]].get(who[1])
        return item.answers if item is not None else {}

    def whos(self, kind: str) -> list[Who]:
        """The case, or the listed entities of a kind."""
        if kind == CASE:
            return [THE_CASE]
        self.kept.read(Key("members", kind, THE_CASE))
        return [(kind, id_) for id_ in sorted(self._items.get(kind, ()))]

    def listed(self, kind: str, id_: str) -> bool:
        """Whether the case has that entity."""
        self.kept.read(Key("members", kind, THE_CASE))
        return id_ in self._items.get(kind, ())

    def times(self, who: Who) -> int:
        """How many alike an entity stands for."""
        return self._items[who[0]][who[1]].times

    def complete(self, kind: str) -> bool:
        """Whether no more entities of a kind exist than are listed."""
        self.kept.read(Key("members", kind, THE_CASE))
        return kind in self.case.entities and self.case.entities[kind].more is False

    def answer(self, who: Who, name: str) -> Answer | None:
        """What was said of a field."""
        self.kept.read(Key(ANSWER, name, who))
        if who == THE_CASE:
            return self.case.answers.get(name)
        return self._answers(who).get(name)

    # --- unknowns --------------------------------------------------------------------------------------------------

    def unknown(self, who: Who, name: int | str, values: list[Scalar], fact: str, *, askable: bool) -> Diagram:
        """An unknown with these samples."""
        if len(values) == 1:
            return self.diagrams.settled(values[0])
        level = self.unknowns.level(who, name)
        self.unknowns.put(level, Unknown(who, fact, len(values), askable))
        self.kept.read(Key(LEVEL, level, who))
        return self.diagrams.unknown(level, values)

    def of_value(self, who: Who, name: str, value: Value) -> Diagram:
        """A figure of the pack that may be known in part."""
        if not isinstance(value, Partial):
            return self.diagrams.settled(value)
        if isinstance(value, Among):
            return self.unknown(who, name, sorted(value.values, key=str), "", askable=False)
        if isinstance(value, Within) and value.low is not None and value.high is not None:
            return self.unknown(who, name, [value.low, value.high], "", askable=False)
        raise TooLarge

    def of_unlisted(self, who: Who, reference: FactRef, id_: str) -> Diagram:
        """A fact of an entity that is not listed: anything that its type allows."""
        alias = self.program.fields[who[0]][self.program.names.alias(reference, who[0])]
        found = samples(alias, alias.type.domain(), self._days)
        if found is None:
            raise TooLarge
        shared = "somebody" if id_ == _UNLISTED else "its own"
        return self.unknown(who, f"{alias.name} of {shared}", found, "", askable=False)

    def unlisted(self, node: Aggregate) -> Diagram:
        """What entities that are not listed add to an aggregate."""
        return self.unknown((node.entity, ""), f"{node.op} {id(node)}", _added(node), "", askable=True)

    def hangs(self, who: Who, name: str, on: frozenset[int]) -> Diagram:
        """A yes/no that is no as long as any of these unknowns is; no where none of them can be asked for."""
        askable = frozenset(level for level in on if self.unknowns[level].hangs_on or self.unknowns[level].askable)
        if not askable:
            return self.diagrams.false
        found = self.unknown(who, name, [False, True], "", askable=False)
        level = self.unknowns.level(who, name)
        self.unknowns.put(level, replace(self.unknowns[level], hangs_on=askable))
        return found

    def unless_doubtful(self, who: Who, one: Field, found: Diagram) -> Diagram:
        """`found`; or yes or no, where it rests on what nobody knows: reasoning by three values may leave that open."""
        met = [self.unknowns[level] for level in self.kept.reached(Key("field", one.index, who))]
        if all(unknown.askable or unknown.hangs_on for unknown in met):
            return found
        return self.unknown(who, one.name, [False, True], "", askable=False)

    # --- fields ------------------------------------------------------------------------------------------------------

    def field(self, who: Who, index: int) -> Diagram:
        """What a field comes to. Raises TooLarge."""
        return self.kept.get(Key("field", index, who), lambda: self._field(who, self.program.fields[who[0]][index]))

    def _field(self, who: Who, one: Field) -> Diagram:
        if one.applies < 0:
            return self._value(who, one)
        nothing = self.diagrams.settled(empty(one.type.kind))
        applies = self.field(who, one.applies)
        if applies == self.diagrams.false:
            return nothing
        return self.diagrams.choice(applies, self._value(who, one), nothing)

    def _value(self, who: Who, one: Field) -> Diagram:
        match one.role:
            case "asked":
                return self._asked(who, one)
            case "formula":
                assert one.fact is not None
                return self._meanings.formula(one.fact, who, one.choice)
            case "concluded":
                return self._concluded(who, one)
            case "matched" | "computed":
                condition = one.group.conditions[0] if one.group is not None else one.condition
                assert condition is not None
                return self._meanings.condition(condition, who, who)
            case "known" | "surely" | "could":
                return self._meanings.ground(one, who)
            case "alias":
                assert one.reference is not None
                return self._meanings.along(one.reference, who)
            case "parameter":
                name = one.name.split(" ", 1)[1]
                return self.of_value(who, one.name, parameter_value(self.program.pack.parameters[name], self.as_of))
            case "era":
                return self._era()

    def _asked(self, who: Who, one: Field) -> Diagram:
        answer = self.answer(who, one.name)
        assert one.fact is not None
        if answer is not None and not answer.unknown:
            return self._leaf(who, one, answer.value, askable=False)
        assume = one.fact.assume
        if answer is not None and assume is not None and is_known(assume.value):
            return self._leaf(who, one, assume.value, askable=False)
        return self._leaf(who, one, one.type.domain(), askable=answer is None)

    def _leaf(self, who: Who, one: Field, value: Value, *, askable: bool) -> Diagram:
        if not isinstance(value, Partial):
            return self.diagrams.settled(value)
        name = one.fact.name if one.fact is not None else ""
        if isinstance(value, Anything) and one.type.kind == REFERENCE:
            return self.unknown(who, one.index, self._referred(who, one.type.entity), name, askable=askable)
        found = samples(one, _applicable(value), self._days)
        if found is None:
            raise TooLarge
        return self.unknown(who, one.index, found, name, askable=askable)

    def _referred(self, who: Who, kind: str) -> list[Scalar]:
        """Whom a reference may name: those listed, and unless the list is complete someone else, alone or shared."""
        known: list[Scalar] = [id_ for _, id_ in self.whos(kind)]
        if self.complete(kind) and known:
            return known
        return [*known, _UNLISTED, f"{_UNLISTED} {who[1]}"]

    def _era(self) -> Diagram:
        eras = self.program.pack.eras
        holds = {id_: era.period.holds(self.as_of) for id_, era in eras.items()}
        found: list[Scalar] = [id_ for id_ in holds if holds[id_]] or [id_ for id_ in holds if holds[id_] is None]
        return self.unknown(THE_CASE, "era", sorted(found, key=str) or [NONE], "", askable=False)

    def condition(self, node: Condition, who: Who) -> Diagram:
        """Whether a condition about something holds. Raises TooLarge."""
        return self._meanings.condition(node, who, who)

    def expression(self, node: Expr, who: Who) -> Diagram:
        """What an expression about something comes to. Raises TooLarge."""
        return self._meanings.expression(node, who, who)

    # --- rules -------------------------------------------------------------------------------------------------------

    def state(self, rule: Rule, who: Who) -> Diagram:
        """Whether a rule concludes: true, false, or (None) open for a reason that no answer removes.

        Raises TooLarge.
        """
        owner = who if rule.about == who[0] else THE_CASE
        return self.kept.get(Key("rule", rule.id, owner), lambda: self._state(rule, owner))

    def _state(self, rule: Rule, who: Who) -> Diagram:
        in_force = self.diagrams.settled(rule.in_force(self.as_of))
        if in_force == self.diagrams.false:
            return in_force
        found = self.diagrams.both(self._meanings.condition(rule.when, who, who), in_force)
        group = self.program.group_of[rule.id]
        for over in group.overriders[group.rules.index(rule)]:
            if found == self.diagrams.false:
                break
            found = self.diagrams.both(found, self.diagrams.opposite(self.state(over, who)))
        return found

    def _concluded(self, who: Who, one: Field) -> Diagram:
        answer = None
        if one.fact is not None and one.fact.may_be_stated:
            answer = self.answer(who, one.name)
            if answer is not None and not answer.unknown:
                return self._leaf(who, one, answer.value, askable=False)
        by_rules = self._by_rules(who, one)
        if self.diagrams.is_settled(by_rules) or answer is not None or one.fact is None:
            return by_rules
        if not (one.fact.may_be_stated and one.fact.question):
            return by_rules
        return self._leaf(who, one, one.type.undecided(), askable=True)

    def _by_rules(self, who: Who, one: Field) -> Diagram:
        group = one.group
        assert group is not None
        states = [self.state(rule, who) for rule in group.rules]
        found: Diagram | None = None
        unsure = self.diagrams.false
        for number, state in enumerate(states):
            unsure = self.diagrams.either(unsure, self._unsure(state, speculative=group.rules[number].speculative))
        found = self._unless(unsure, who, one)
        for number in reversed(range(len(states))):
            if states[number] != self.diagrams.false and not group.rules[number].speculative:
                found = self.diagrams.choice(states[number], self._meanings.conclusion(group.rules[number], who), found)
        return found

    def _unsure(self, state: Diagram, *, speculative: bool) -> Diagram:
        if speculative:
            return self.diagrams.lift("not false", _not_false, state)
        return self.diagrams.lift("is open", _is_open, state)

    def _unless(self, unsure: Diagram, who: Who, one: Field) -> Diagram:
        """What no rule concludes: the otherwise, or where that is not certain anything the rules may conclude."""
        open_ = self.diagrams.true if one.otherwise is None else unsure
        nobody_knows = self.diagrams.false
        if open_ != self.diagrams.false:
            nobody_knows = self._nobody_knows(who, one)
        if open_ == self.diagrams.true:
            return nobody_knows
        return self.diagrams.choice(open_, nobody_knows, self._meanings.otherwise(one, who))

    def _nobody_knows(self, who: Who, one: Field) -> Diagram:
        found = samples(one, one.type.undecided(), self._days)
        if found is None:
            raise TooLarge
        fact = one.fact
        stateable = fact is not None and fact.may_be_stated and bool(fact.question)
        askable = stateable and self.answer(who, one.name) is None
        return self.unknown(who, one.index, found, fact.name if fact is not None else "", askable=askable)


_NO_LIST = None


def _added(node: Aggregate) -> list[Scalar]:
    """Samples of what entities that are not listed may add."""
    match node.op:
        case "any" | "no" | "every":
            return [False, True]
        case "number" | "different":
            return [0, 1, FAR]
        case "sum":
            positive = node.what is not None and isinstance(node.what.type.low, int) and node.what.type.low >= 0
            return [0, FAR] if positive else [-FAR, 0, FAR]
    type_ = node.type if node.what is None else node.what.type
    return [NONE, *Cells(type_, ()).samples(Within(type_.low, type_.high))]


def _more(case: Case, kind: str) -> bool | None:
    return case.entities[kind].more if kind in case.entities else None


def _differing(before: Mapping[str, Answer], after: Mapping[str, Answer]) -> list[str]:
    return [name for name in before.keys() | after.keys() if _meant(before.get(name)) != _meant(after.get(name))]


def _meant(answer: Answer | None) -> tuple[Value, bool] | None:
    return None if answer is None else (answer.value, answer.unknown)


def _applicable(value: Value) -> Value:
    """What is possible where the fact is known to apply."""
    if isinstance(value, Within) and value.maybe_none:
        return within(value.low, value.high, low_open=value.low_open, high_open=value.high_open)
    if isinstance(value, Among) and NONE in value.values and len(value.values) > 1:
        return union(one for one in value.values if one is not NONE)
    return value


def _is_open(state: bool | None) -> bool:  # noqa: FBT001 - an outcome
    return state is None


def _not_false(state: bool | None) -> bool:  # noqa: FBT001 - an outcome
    return state is not False


__all__ = ["ANYTHING", "THE_CASE", "Symbolic", "Who"]
