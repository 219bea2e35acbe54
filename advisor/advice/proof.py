"""Why something holds, why not, and how far it can be trusted: read off a `World` when somebody asks.

In: a world and a field or rule of a subject. Out: a `Proof` tree of rules, facts and sources; the standing of a
conclusion (along a chain the weakest, over alternative proofs the strongest); and the unknowns on which an open one
hangs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from advisor.advice import speech
from advisor.language import printing
from advisor.language.tree import ALWAYS, CASE, And, Certainty, Condition, FactRef, Known, Not, Or
from advisor.packs.pack import Fact, Row, Rule
from advisor.reasoning.completions.independence import aggregates_within
from advisor.reasoning.evaluation import Unsettled
from advisor.reasoning.matching import Outcome
from advisor.reasoning.parameters import dated_on
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values import wording
from advisor.values.text import plain
from advisor.values.types import Partial

CERTAIN: Final = -1
_EITHER: Final = frozenset((True, False))
"""Stronger than every standing of a pack: arithmetic, and what the person says of the own case."""
DEEPEST: Final = 12
"""Levels of a printed proof."""
MOST_WITHIN: Final = 12
"""Nodes of the proof of a fact that is told wherever it is used; a larger one is told once."""

Leaf = tuple[Subject, Field]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One conclusion and what it rests on. `state`: holds, fails or open; `how`: by what it was come to."""

    conclusion: str
    state: str
    how: str
    path: str = ""
    rule: str = ""
    because: str = ""
    condition: str = ""
    standing: str = ""
    sources: tuple[str, ...] = ()
    premises: tuple[Proof, ...] = field(default=())
    see: str = ""
    """The key under which its premises stand, where they stand apart."""

    @cached_property
    def size(self) -> int:
        """How many nodes the tree has."""
        return 1 + sum(premise.size for premise in self.premises)

    def to_dict(self) -> dict[str, Any]:
        """The tree as plain data, without empty entries."""
        own = {name: getattr(self, name) for name in ("conclusion", "state", "how", "path", "rule", "because")}
        own |= {"condition": self.condition, "standing": self.standing, "sources": list(self.sources)}
        own["see"] = self.see
        own["from"] = [premise.to_dict() for premise in self.premises]
        return {name: value for name, value in own.items() if value}


class Prover:
    """Reads proofs, standings and unknowns off a world; what was read is kept for the world's life."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.program = world.program
        self._standings: dict[Leaf, int] = {}
        self._leaves: dict[Leaf, frozenset[Leaf]] = {}
        self._turning: dict[Leaf, bool] = {}
        self._apart: dict[str, Leaf] | None = None
        """What stands apart, by key, while proofs are made that share their parts."""
        self._wholes: dict[Leaf, Proof] = {}
        self._within = 0
        self._order = {standing.id: number for number, standing in enumerate(self.program.pack.standings)}

    # --- conditions ------------------------------------------------------------------------------------------

    def atom(self, condition: Condition, subject: Subject) -> tuple[Subject, Field, int]:
        """The subject and field that a comparison reads, and the cells in which it holds."""
        one, cells = self.program.atom(subject.kind, condition)
        return (self.world.case if one.kind == CASE else subject), one, cells

    def truth(self, condition: Condition, subject: Subject) -> Outcome:
        """What is known of a matched condition."""
        match condition:
            case Not(operand):
                found = self.truth(operand, subject)
                return None if found is None else not found
            case And(operands) | Or(operands):
                stops = isinstance(condition, Or)
                outcomes = [self.truth(one, subject) for one in operands]
                if stops in outcomes:
                    return stops
                return None if None in outcomes else not stops
        owner, one, cells = self.atom(condition, subject)
        mask = owner.masks[one.index]
        return True if mask & ~cells == 0 else False if mask & cells == 0 else None

    def outcomes(self, condition: Condition, subject: Subject) -> frozenset[bool]:
        """What a matched condition may still come to as more is told, whatever it asks of what is known by now.

        `surely (x)` is false while x is open, and turns true once x is told.
        """
        match condition:
            case Not(operand):
                return frozenset(not one for one in self.outcomes(operand, subject))
            case And(operands) | Or(operands):
                stops = isinstance(condition, Or)
                found = [self.outcomes(one, subject) for one in operands]
                if frozenset((stops,)) in found:
                    return frozenset((stops,))
                return frozenset((not stops,)) | ({stops} if any(stops in one for one in found) else frozenset())
        owner, one, _cells = self.atom(condition, subject)
        known = self.truth(condition, subject)
        return _EITHER if known is None or self.may_turn(owner, one) else frozenset((known,))

    def deciding(self, condition: Condition, subject: Subject, outcome: Outcome) -> Iterator[tuple[Condition, bool]]:
        """The comparisons by which a condition has its outcome, each with whether it stands under a `not`."""
        yield from self._deciding(condition, subject, outcome, negated=False)

    def _deciding(
        self, condition: Condition, subject: Subject, outcome: Outcome, *, negated: bool
    ) -> Iterator[tuple[Condition, bool]]:
        match condition:
            case Not(operand):
                inner = None if outcome is None else not outcome
                yield from self._deciding(operand, subject, inner, negated=not negated)
            case And(operands) | Or(operands):
                for one in operands:
                    if self.truth(one, subject) is outcome:
                        yield from self._deciding(one, subject, outcome, negated=negated)
            case _:
                yield condition, negated

    # --- standing --------------------------------------------------------------------------------------------

    def standing_words(self, number: int) -> str:
        """A standing's id; nothing for what is certain."""
        return "" if number == CERTAIN else self.program.pack.standings[number].id

    def rule_standing(self, rule: Rule, subject: Subject) -> int:
        """How far a rule's conclusion can be trusted: the weaker of its sources and its premises."""
        return max(
            self._order.get(rule.standing, CERTAIN),
            self._condition_standing(rule.when, subject, self.truth(rule.when, subject)),
        )

    def _condition_standing(self, condition: Condition, subject: Subject, outcome: Outcome) -> int:
        match condition:
            case Not(operand):
                return self._condition_standing(operand, subject, None if outcome is None else not outcome)
            case And(operands) | Or(operands):
                alternatives = isinstance(condition, Or) is (outcome is True)
                taken = [
                    self._condition_standing(one, subject, outcome)
                    for one in operands
                    if not alternatives or self.truth(one, subject) is outcome
                ]
                return (min if alternatives else max)(taken, default=CERTAIN)
        owner, one, _ = self.atom(condition, subject)
        return self.standing(owner, one)

    def standing(self, subject: Subject, one: Field) -> int:
        """How far the value of a field can be trusted."""
        key = (subject, one)
        if key not in self._standings:
            self._standings[key] = CERTAIN
            self._standings[key] = self._standing(subject, one)
        return self._standings[key]

    def _standing(self, subject: Subject, one: Field) -> int:
        if one.role == "parameter":
            return self.sources_standing(self.parameter_sources(one))
        if one.role == "concluded" and not self._is_stated(subject, one):
            return self._conclusion_standing(subject, one)
        if one.role in ("matched", "surely", "could") and one.group is not None:
            condition = one.group.conditions[0]
            return self._condition_standing(condition, subject, self.truth(condition, subject))
        if one.role in ("formula", "computed", "alias"):
            below = max((self.standing(owner, read) for owner, read in self.reads(subject, one)), default=CERTAIN)
            return max([below, *(self.sources_standing(row.sources) for row in self.deciding_rows(subject, one))])
        return CERTAIN

    def _conclusion_standing(self, subject: Subject, one: Field) -> int:
        group = one.group
        resolution = subject.resolutions.get(group.name) if group is not None else None
        if group is None or resolution is None:
            return CERTAIN
        if resolution.winners:
            return min(self.rule_standing(group.rules[number], subject) for number in resolution.winners)
        return max(
            (
                self._condition_standing(rule.when, subject, outcome=False)
                for rule in group.rules
                if not rule.speculative
            ),
            default=CERTAIN,
        )

    def sources_standing(self, sources: Iterable[str]) -> int:
        """How far the strongest of these sources can be trusted."""
        known = self.program.pack.sources
        return min((self._order.get(known[one].standing, CERTAIN) for one in sources if one in known), default=CERTAIN)

    def parameter_sources(self, one: Field) -> tuple[str, ...]:
        """The sources of the values of a parameter that are, or may be, in force."""
        parameter = self.program.pack.parameters[one.name.split(" ", 1)[1]]
        in_force, vague = dated_on(parameter, self.world.as_of)
        return tuple(dict.fromkeys(source for dated in in_force or vague for source in dated.sources))

    def _is_stated(self, subject: Subject, one: Field) -> bool:
        answer = subject.answers.get(one.name) if one.fact is not None and one.fact.may_be_stated else None
        return answer is not None and not answer.unknown

    # --- what a field is worked out from -----------------------------------------------------------------------

    def reads(self, subject: Subject, one: Field) -> list[Leaf]:
        """The fields, with their subjects, that a field is directly worked out from."""
        if one.role == "alias" and one.reference is not None:
            return self._followed(subject, one)
        return self._read(one.reads, subject, one)

    def _read(self, keys: Iterable[str], subject: Subject, one: Field) -> list[Leaf]:
        found: list[Leaf] = []
        for key in sorted(keys):
            word, kind, name = key.split(" ", 2)
            if word != "field":
                continue
            read = self.program.find(kind, name)
            if read is None or read is one:
                continue
            owners = (
                [subject] if kind == subject.kind else [self.world.case] if kind == CASE else self.world.entities[kind]
            )
            if kind == subject.kind and kind != CASE and aggregates_within(one):
                owners = self.world.entities[kind]
            found.extend((owner, read) for owner in owners)
        return found

    def _followed(self, subject: Subject, one: Field) -> list[Leaf]:
        reference = one.reference
        assert reference is not None
        link = self.program.fields[subject.kind][self.program.field(subject.kind, reference.via)]
        target = self.program.fields[reference.kind][
            self.program.field(reference.kind, reference.name, reference.choice)
        ]
        to = subject.values[link.index]
        known = self.world.by_id[reference.kind]
        return [(subject, link), *([(known[to], target)] if isinstance(to, str) and to in known else [])]

    def may_turn(self, subject: Subject, one: Field) -> bool:
        """Whether a settled value may change as more is told: it rests on whether something is known that is open."""
        key = (subject, one)
        if key not in self._turning:
            self._turning[key] = False
            self._turning[key] = self._may_turn(subject, one)
        return self._turning[key]

    def _may_turn(self, subject: Subject, one: Field) -> bool:
        reads = self.reads(subject, one)
        if one.role == "known" and any(isinstance(owner.values[read.index], Partial) for owner, read in reads):
            return True
        group = one.group
        if group is not None:
            if one.role in ("surely", "could") and self.truth(group.conditions[0], subject) is None:
                return True
            reads = [*reads, *self._read(group.reads, subject, one)]
        return any(self.may_turn(owner, read) for owner, read in reads)

    # --- unknowns ----------------------------------------------------------------------------------------------

    def unknowns(self, subject: Subject, one: Field) -> frozenset[Leaf]:
        """The unknown facts that a person may know, on which the value of a field hangs."""
        key = (subject, one)
        if key not in self._leaves:
            self._leaves[key] = frozenset()
            self._leaves[key] = frozenset(self._unknowns(subject, one))
        return self._leaves[key]

    def _unknowns(self, subject: Subject, one: Field) -> Iterator[Leaf]:
        if not isinstance(subject.values[one.index], Partial):
            return
        if one.applies >= 0:
            applies = self.program.fields[subject.kind][one.applies]
            if isinstance(subject.values[applies.index], Partial):
                yield from self.unknowns(subject, applies)
                if one.role == "asked":
                    return
        if one.fact is not None and one.fact.asked:
            yield subject, one
        if one.group is not None:
            for condition in one.group.conditions:
                yield from self.condition_unknowns(condition, subject)
            for rule in one.group.outside:
                yield from self.rule_unknowns(rule, subject)
        if one.role in ("formula", "computed", "alias", "concluded"):
            for owner, read in self.reads(subject, one):
                yield from self.unknowns(owner, read)

    def condition_unknowns(self, condition: Condition, subject: Subject) -> Iterator[Leaf]:
        """The unknown facts on which an open condition hangs."""
        if self.truth(condition, subject) is not None:
            return
        for atom, _ in self.deciding(condition, subject, None):
            owner, one, _cells = self.atom(atom, subject)
            yield from self.unknowns(owner, one)

    def rule_unknowns(self, rule: Rule, subject: Subject) -> Iterator[Leaf]:
        """The unknown facts on which an open rule hangs, also through the rules that override it."""
        owner = subject if rule.about == subject.kind else self.world.case
        yield from self.condition_unknowns(rule.when, owner)
        group = self.program.group_of[rule.id]
        for over in group.overriders[group.rules.index(rule)]:
            if self.world.state(over, owner) is None:
                yield from self.rule_unknowns(over, owner)

    # --- proofs --------------------------------------------------------------------------------------------------

    def proofs(self, rules: Iterable[tuple[str, Rule, Subject]], facts: Iterable[tuple[str, Leaf]]) -> dict[str, Proof]:
        """Proofs by key. What proves a fact in more than a few nodes stands once, under its key; others `see` it."""
        self._apart = dict(facts)
        try:
            found = {key: self.prove_rule(rule, subject) for key, rule, subject in rules}
            while waiting := [(key, leaf) for key, leaf in self._apart.items() if key not in found]:
                found |= {key: self._whole(leaf) for key, leaf in waiting}
            return found
        finally:
            self._apart = None
            self._wholes.clear()

    def _whole(self, leaf: Leaf) -> Proof:
        """The proof of a fact, made once."""
        if leaf not in self._wholes:
            self._within += 1
            self._wholes[leaf] = self.prove(*leaf)
            self._within -= 1
        return self._wholes[leaf]

    def _shared(self, shown: Proof, subject: Subject, one: Field) -> Proof:
        """The proof of a fact within another: all of it where it is small, else where it stands."""
        assert self._apart is not None
        leaf = (subject, one)
        if leaf in self._wholes or self._within < DEEPEST:
            whole = self._whole(leaf)
            if whole.size <= MOST_WITHIN:
                return whole
        key = speech.key(one.name, subject)
        self._apart.setdefault(key, leaf)
        return _with(shown, see=key)

    def prove_rule(self, rule: Rule, subject: Subject, depth: int = 0) -> Proof:
        """Why a rule holds, is ruled out, or is open."""
        state = self.world.state(rule, subject)
        outcome = self.truth(rule.when, subject)
        premises = list(self._premises(rule.when, subject, outcome, depth))
        how = "a rule"
        group = self.program.group_of[rule.id]
        if outcome is not False and state is not True:
            in_force = rule.in_force(self.world.as_of)
            if in_force is False:
                how = "a rule that is not in force at this date"
            elif in_force is None:
                how = "a rule of which it is not known whether it is in force at this date"
            overriders = group.overriders[group.rules.index(rule)]
            premises += [
                self.prove_rule(o, subject, depth + 1) for o in overriders if self.world.state(o, subject) is not False
            ]
        return Proof(
            conclusion=self._rule_words(rule, subject),
            state=_STATES[state],
            how=how,
            rule=rule.id,
            because=speech.spoken(self.world, rule.because, subject),
            condition=printing.text(rule.when),
            standing=self.standing_words(self.rule_standing(rule, subject)),
            sources=rule.sources,
            premises=tuple(premises),
        )

    def _rule_words(self, rule: Rule, subject: Subject) -> str:
        if rule.advise is not None:
            return speech.spoken(self.world, rule.advise.title, subject)
        if rule.conclude is not None:
            name, value = rule.conclude
            one = self.program.find(rule.about, name)
            words = speech.label(one) if one is not None else name
            return f"{words} is {printing.text(value)}"
        return rule.id.replace("-", " ")

    def _premises(self, condition: Condition, subject: Subject, outcome: Outcome, depth: int) -> Iterator[Proof]:
        if depth > DEEPEST:
            return
        seen: set[Leaf] = set()
        for atom, negated in self.deciding(condition, subject, outcome):
            owner, one, _ = self.atom(atom, subject)
            if (owner, one) in seen:
                continue
            seen.add((owner, one))
            words = printing.text(Not(atom) if negated else atom)
            yield self.prove(owner, one, depth + 1, words if one.fact is None else "")

    def prove(self, subject: Subject, one: Field, depth: int = 0, words: str = "") -> Proof:
        """Why a field has the value it has."""
        value = subject.values[one.index]
        about = speech.named(self.world, subject)
        said = f"{speech.label(one)}: {speech.valued(subject, one)}"
        conclusion = words or (f"{said} (“{about}”)" if about else said)
        shown = Proof(
            conclusion=conclusion,
            state="open" if isinstance(value, Partial) else "holds",
            how=self._how(subject, one),
            path=speech.place(self.world, subject, one) if one.fact is not None else "",
            standing=self.standing_words(self.standing(subject, one)),
            sources=tuple(dict.fromkeys((*self._own_sources(one), *self._row_sources(subject, one)))),
            condition=self._row_conditions(subject, one),
        )
        if depth and self._apart is not None and one.fact is not None and one.fact.derived:
            return self._shared(shown, subject, one)
        if depth > DEEPEST:
            return shown
        return _with(shown, premises=tuple(self._below(subject, one, depth)), because=self._because(subject, one))

    def _below(self, subject: Subject, one: Field, depth: int) -> Iterator[Proof]:
        if one.applies >= 0 and subject.values[one.applies] is not True:
            applies = self.program.fields[subject.kind][one.applies]
            yield self.prove(
                subject, applies, depth + 1, f"it applies where {printing.text(applies.condition or And(()))}"
            )
            return
        if one.role == "concluded" and one.group is not None and not self._is_stated(subject, one):
            resolution = subject.resolutions.get(one.group.name)
            numbers = (resolution.winners or range(len(one.group.rules))) if resolution else ()
            yield from (self.prove_rule(one.group.rules[number], subject, depth + 1) for number in numbers)
        elif one.role in ("matched", "surely", "could") and one.group is not None:
            condition = one.group.conditions[0]
            yield from self._premises(condition, subject, self.truth(condition, subject), depth)
        elif one.role in ("formula", "computed", "alias", "known"):
            for owner, read in self.reads(subject, one):
                if read.role != "parameter" or read.index >= 0:
                    yield self.prove(owner, read, depth + 1)

    def deciding_rows(self, subject: Subject, one: Field) -> list[Row]:
        """The rows by which a fact has its value: the first that applies, or all that do; none where that is open."""
        if not one.rows or (one.applies >= 0 and subject.values[one.applies] is not True):
            return []
        every = one.fact is not None and one.fact.hit in ("collect", "collect-sum")
        found = []
        for row, holds in one.rows:
            try:
                applies = holds is None or holds(self.world, subject, subject)
            except Unsettled:
                return []
            if applies:
                found.append(row)
                if not every:
                    break
        return found

    def _because(self, subject: Subject, one: Field) -> str:
        if one.fact is None:
            return ""
        if (subject, one.index) in self.world.assumed and one.fact.assume is not None:
            return speech.spoken(self.world, one.fact.assume.because, subject)
        rows = [speech.spoken(self.world, row.because, subject) for row in self.deciding_rows(subject, one)]
        return " ".join(dict.fromkeys([*filter(None, rows), *filter(None, [self._fact_because(subject, one.fact)])]))

    def _fact_because(self, subject: Subject, fact: Fact) -> str:
        return speech.spoken(self.world, fact.because, subject)

    def _row_sources(self, subject: Subject, one: Field) -> Iterator[str]:
        for row in self.deciding_rows(subject, one):
            yield from row.sources

    def _row_conditions(self, subject: Subject, one: Field) -> str:
        rows = [row for row in self.deciding_rows(subject, one) if row.called]
        said = [printing.text(row.when) for row in rows if row.when is not None and row.when != ALWAYS]
        return said[0] if len(said) == 1 else " or ".join(f"({one_of_them})" for one_of_them in said)

    def _own_sources(self, one: Field) -> tuple[str, ...]:
        if one.role == "parameter":
            return self.parameter_sources(one)
        return one.fact.sources if one.fact is not None else ()

    def _how(self, subject: Subject, one: Field) -> str:
        if one.applies >= 0 and subject.values[one.applies] is False:
            return "does not apply"
        if (subject, one.index) in self.world.assumed:
            return "assumed, since nobody knows"
        answer = subject.answers.get(one.name)
        match one.role:
            case "asked":
                return "not asked" if answer is None else "you do not know" if answer.unknown else "you said so"
            case "formula" | "computed":
                rows = [row.called for row in self.deciding_rows(subject, one) if row.called]
                return wording.listing(rows) if rows else "worked out"
            case "concluded":
                return "you said so" if self._is_stated(subject, one) else self._concluded_how(subject, one)
            case "parameter":
                return f"a figure in force on {self.world.as_of.isoformat()}"
        return ""

    def _concluded_how(self, subject: Subject, one: Field) -> str:
        resolution = subject.resolutions.get(one.group.name) if one.group is not None else None
        if resolution is not None and resolution.winners:
            return "concluded"
        return "open" if isinstance(subject.values[one.index], Partial) else "no rule concludes otherwise"


_STATES: dict[Outcome, str] = {True: "holds", False: "fails", None: "open"}


def _with(proof: Proof, **changes: Any) -> Proof:  # noqa: ANN401 - the fields of a proof
    return replace(proof, **changes)


__all__ = ["Certainty", "FactRef", "Known", "Leaf", "Proof", "Prover", "plain"]
