"""What a worked case expects: keys of the advice with values or figures, each with its place."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.cases.case import Case
from advisor.cases.paths import Key, called, parse_key
from advisor.files.scalars import value_at
from advisor.files.yaml import ListNode, MapNode, Node, TextNode
from advisor.language.tree import CASE
from advisor.packs.pack import Fact, Pack
from advisor.problems.problem import Place, Problem, suggestion
from advisor.values.types import CHOICES, NUMBER, YES_NO, Type

FIGURES = ("worst", "likely", "best")
ADVICE_KEYS = ("strength", "deadline", "standing", "status", "dissent", "title")
"""What may be expected of a recommendation, beside its presence."""
ANSWER = "answer"
"""Under this key stand goals with the verdicts that are expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One thing that is expected: a key (`rule-id@entity`, `fact@entity`, `figure:model`) and what it must be.

    `value` is as written, and known to be readable: the value of a fact (`unknown`, a range), of a whole projection
    (`none`), or a mapping with figures of a projection or features of a recommendation; None where presence is all.
    Without an entity in the key it is expected of at least one. Of a goal (`goal`) it is the verdict as it reads, or
    `open` where it depends on what is not known.
    """

    key: str
    value: str | dict[str, str] | None = None
    goal: bool = False
    place: Place


def read_expectations(pack: Pack, case: Case, node: Node | None, problems: list[Problem]) -> tuple[Expectation, ...]:
    """The expectations in a list; what names nothing in the pack or the case is a problem."""
    reader = _Expectations(pack, case, problems)
    found: list[Expectation | None] = []
    for item in node.items if isinstance(node, ListNode) else []:
        if isinstance(item, TextNode):
            found.append(reader.read(item, None))
        elif isinstance(item, MapNode):
            for key, value in item.items():
                found.extend(reader.answers(value) if key.text == ANSWER else [reader.read(key, value)])
    return tuple(one for one in found if one is not None)


@dataclass
class _Expectations:
    pack: Pack
    case: Case
    problems: list[Problem]

    def read(self, node: TextNode, value: Node | None) -> Expectation | None:
        try:
            key = parse_key(node.text)
        except ValueError as error:
            self.problems.append(node.problem("bad-key", str(error)))
            return None
        if key.name in self.pack.rules and not key.model:
            return self._rule(node, key, value)
        if key.name in self.pack.projections:
            return self._projection(node, key, value)
        name = key.name.replace("-", "_")
        kinds = [kind for kind, facts in self.pack.facts.items() if name in facts]
        if kinds and not key.model:
            return self._fact(node, Key(name, "", key.entity), kinds, value)
        name, _, choice = key.name.partition(".")
        kinds = [kind for kind in self.pack.facts if self._concludes(kind, name.replace("-", "_"), choice)]
        if kinds:
            return self._choice(node, key, kinds, value)
        derived = [fact.name for fact in self.pack.all_facts() if fact.derived]
        help_ = suggestion(key.name, [*self.pack.rules, *self.pack.projections, *derived])
        message = f"`{key.name[:80]}` is not a rule, not a derived fact and not a projection of this pack"
        self.problems.append(node.problem("unknown-key", message, help_))
        return None

    def _concludes(self, kind: str, name: str, choice: str) -> bool:
        """Whether it is one of several choices that are concluded."""
        fact = self.pack.facts[kind].get(name)
        return fact is not None and fact.derived and fact.type.kind == CHOICES and choice in fact.type.choice_ids()

    def _choice(self, node: TextNode, key: Key, kinds: list[str], value: Node | None) -> Expectation | None:
        """One of several choices that are concluded: yes or no."""
        if not self._has(node, key.entity, kinds):
            return None
        if isinstance(value, TextNode):
            value_at(value, Type(YES_NO), self.problems)
        written = value.text if isinstance(value, TextNode) else "yes"
        return Expectation(key=str(key), value=written, place=node.place)

    def answers(self, node: Node | None) -> list[Expectation | None]:
        """The verdicts that are expected of goals."""
        if not isinstance(node, MapNode):
            return []
        return [self._answer(key, value) for key, value in node.items()]

    def _answer(self, node: TextNode, value: Node) -> Expectation | None:
        name, _, entity = node.text.partition("@")
        goal = self.pack.goals.get(name)
        if goal is None:
            help_ = suggestion(name, self.pack.goals)
            self.problems.append(node.problem("unknown-goal", f"there is no goal `{name[:80]}`", help_))
            return None
        if not self._has(node, entity, [goal.about]):
            return None
        if not isinstance(value, TextNode):
            self.problems.append(value.problem("wrong-kind", "a goal has one verdict", "write it after the colon"))
            return None
        return Expectation(key=node.text, value=value.text, goal=True, place=node.place)

    def _rule(self, node: TextNode, key: Key, value: Node | None) -> Expectation | None:
        if not self._has(node, key.entity, [self.pack.rules[key.name].about]):
            return None
        if isinstance(value, TextNode):
            help_ = f"write `{key}` alone, or what is expected of it: {{strength: must}}"
            self.problems.append(value.problem("wrong-kind", "a rule has no value", help_))
        return Expectation(key=str(key), value=self._mapping(value, ADVICE_KEYS), place=node.place)

    def _mapping(self, node: Node | None, allowed: tuple[str, ...]) -> dict[str, str] | None:
        """The texts in a mapping with those keys; None where it is no mapping."""
        if not isinstance(node, MapNode):
            return None
        found = {}
        for key, written in node.items():
            if key.text not in allowed:
                help_ = suggestion(key.text, allowed, what="allowed")
                self.problems.append(key.problem("unknown-key", f"`{key.text[:80]}` cannot be expected here", help_))
            elif isinstance(written, TextNode):
                found[key.text] = written.text
        return found

    def _has(self, node: TextNode, entity: str, kinds: list[str]) -> bool:
        """Whether the case has that entity, of one of these kinds; a problem where it has not."""
        if not entity:
            return True
        ids = [item.id for kind in kinds for item in self.case.items(kind)]
        if entity in ids:
            return True
        if kinds == [CASE]:
            message, help_ = (
                f"`{node.text[:80]}` names an entity, but this is about the case",
                "leave out what follows the `@`",
            )
        else:
            message = f"there is no {' or '.join(kind for kind in kinds if kind != CASE)} `{entity[:80]}` in this case"
            help_ = suggestion(entity, ids)
        self.problems.append(node.problem("unknown-id", message, help_))
        return False

    def _fact(self, node: TextNode, key: Key, kinds: list[str], value: Node | None) -> Expectation | None:
        if not self._has(node, key.entity, kinds):
            return None
        with_entity = [kind for kind in kinds if any(item.id == key.entity for item in self.case.items(kind))]
        about = (with_entity or kinds)[0]
        fact = self.pack.facts[about][key.name]
        if not fact.derived:
            message = f"`{fact.name}` is a fact of {called(about)} that is asked, so nothing can be expected of it"
            self.problems.append(node.problem("not-derived", message, "expect a derived fact or a rule"))
            return None
        return Expectation(key=str(key), value=self._value(fact, value), place=node.place)

    def _value(self, fact: Fact, node: Node | None) -> str | None:
        if node is None:
            return "yes" if fact.type.kind == YES_NO else None
        if isinstance(node, TextNode):
            value_at(node, fact.type, self.problems)
            return node.text
        self.problems.append(node.problem("wrong-kind", f"`{fact.name}` has one value", "write it after the colon"))
        return None

    def _projection(self, node: TextNode, key: Key, value: Node | None) -> Expectation | None:
        projection = self.pack.projections[key.name]
        models = [model.id for model in projection.models]
        if key.model and key.model not in models:
            message = f"`{projection.id}` has no model `{key.model[:80]}`"
            self.problems.append(node.problem("unknown-model", message, suggestion(key.model, models)))
            return None
        if not self._has(node, key.entity, [CASE]):
            return None
        figures = value.values.values() if isinstance(value, MapNode) else [value]
        for figure in figures:
            if isinstance(figure, TextNode):
                value_at(figure, Type(NUMBER, unit=projection.unit), self.problems)
        written = value.text if isinstance(value, TextNode) else self._mapping(value, FIGURES)
        return Expectation(key=str(key), value=written, place=node.place)
