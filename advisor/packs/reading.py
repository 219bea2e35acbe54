"""What the readers of a pack's files share: known names, the problems found, and how a node becomes a tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TypeVar

from advisor.files.scalars import read_period, value_at
from advisor.files.yaml import ListNode, MapNode, Node, Spot, TextNode
from advisor.language.parser import parse_condition, parse_expression, parse_text
from advisor.language.tree import CASE, And, Condition, Expr, Not, Or, Text
from advisor.language.vocabulary import EntityName, FactName, ParameterName, Scope, Vocabulary
from advisor.packs.pack import Entity, Era, Source, Standing
from advisor.problems.problem import Place, Problem, suggested, suggestion
from advisor.values.periods import Period
from advisor.values.types import Type, Value

T = TypeVar("T")
NOWHERE = Place("")
NO_TEXT = Text(("",), NOWHERE)
NEVER: Condition = Or(())
"""What stands for a condition that could not be read, in a pack that is refused for that reason."""


@dataclass(kw_only=True)
class Names:
    """All that rules and formulas may refer to, and the names of what could not be read."""

    entities: Mapping[str, Entity] = field(default_factory=dict)
    eras: Mapping[str, Era] = field(default_factory=dict)
    standings: tuple[Standing, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    facts: dict[str, dict[str, FactName]] = field(default_factory=dict)
    parameters: dict[str, ParameterName] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
    currency: str = ""
    rules: dict[str, TextNode] = field(default_factory=dict)
    """The rules by id, and where each id stands."""
    advice: set[str] = field(default_factory=set)
    """The ids of the rules that advise."""
    courses: set[str] = field(default_factory=set)
    """The ids of the options, about which rules may argue."""
    cites: bool = True
    """Whether the pack says who says so: one without sources and standings has nothing to cite."""
    tabled: set[str] = field(default_factory=set)
    """The names of facts that decision tables conclude."""
    broken: set[str] = field(default_factory=set)
    """Names that stand in the pack but could not be read: what mentions one is not complained of again."""
    unread: set[str] = field(default_factory=set)
    """Kinds of files that could not be read at all (`sources`): nothing is said to be missing from them."""


@dataclass
class Reading:
    """The names of a pack, and every problem found while it is read."""

    names: Names
    problems: list[Problem]
    blind: bool = False
    """Whether names are missing because a whole file could not be read: then no condition is read, for lack of them."""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names as the parser takes them. To be used once the vocabulary is read."""
        names = self.names
        return Vocabulary(
            entities={id_: EntityName(one.plural, one.place) for id_, one in names.entities.items()},
            facts=names.facts,
            parameters=names.parameters,
            tables=names.tables,
            eras={era.id: era.title for era in names.eras.values()},
            currency=names.currency,
        )

    @cached_property
    def _broken(self) -> re.Pattern[str] | None:
        words = [r"[\s_-]+".join(map(re.escape, name.split("_"))) for name in self.names.broken]
        return re.compile(rf"\b(?:{'|'.join(sorted(words))})\b", re.IGNORECASE) if words else None

    def note(self, spot: Spot, kind: str, message: str, help_: str = "") -> None:
        """Notes a problem at a place."""
        self.problems.append(spot.problem(kind, message, help_))

    # --- the language ---------------------------------------------------------------------------------------------

    def condition(self, node: Node | None, about: str = CASE) -> Condition | None:
        """The condition that a text, a list (all of them) or a mapping with all, any and none stands for."""
        if isinstance(node, TextNode):
            return self.parsed(node, about, parse_condition)
        if isinstance(node, ListNode):
            return _joined(self._conditions(node, about), And)
        if not isinstance(node, MapNode):
            return None
        parts = [self._group(word, inner, about) for word, inner in node.values.items()]
        if not node.keys:
            self.note(node, "no-condition", "there is no condition here", "write one, or `always`")
        return _joined(parts, And)

    def _group(self, word: str, node: Node, about: str) -> Condition | None:
        """The conditions under `all`, `any` or `none`."""
        parts = self._conditions(node, about)
        if word == "none":
            return _joined([None if part is None else Not(part) for part in parts], And)
        return _joined(parts, Or if word == "any" else And)

    def _conditions(self, node: Node, about: str) -> list[Condition | None]:
        if not isinstance(node, ListNode):
            return [self.condition(node, about)]
        if not node.items:
            self.note(node, "no-condition", "there is no condition in this list", "write one, or `always`")
        return [self.condition(item, about) for item in node.items]

    def expression(self, node: Node | None, about: str = CASE, expected: Type | None = None) -> Expr | None:
        """The expression in a text; `expected` is the type that belongs there."""
        parse: Callable[..., Expr | None] = partial(parse_expression, expected=expected)
        return self.parsed(node, about, parse) if isinstance(node, TextNode) else None

    def text(self, node: Node | None, about: str = CASE) -> Text | None:
        """A text for people, with the expressions in it."""
        if not isinstance(node, TextNode):
            return None
        if "{" not in node.text and "}" not in node.text:
            return Text((node.text,), node.place)
        return self.parsed(node, about, parse_text)

    def parsed(
        self, node: TextNode, about: str, parse: Callable[[str, Scope, Place, list[Problem], str], T]
    ) -> T | None:
        """What `parse` makes of a text; None, and problems, where it cannot be read."""
        if self.blind or not about or (self._broken is not None and self._broken.search(node.text)):
            return None
        found: list[Problem] = []
        tree = parse(node.text, Scope(self.vocabulary, about), node.inside, found, node.line_text)
        if found:
            self.problems.extend(node.relocated(problem) for problem in found)
        return tree

    def value(self, node: Node | None, type_: Type) -> Value | None:
        """A value of that type, settled or known in part; what cannot be read is a problem."""
        return value_at(node, type_, self.problems) if isinstance(node, TextNode) else None

    # --- references -----------------------------------------------------------------------------------------------

    def ids(self, node: Node | None) -> list[TextNode]:
        """The texts of a list, or the one text that stands for it."""
        if isinstance(node, TextNode):
            return [node]
        return [item for item in node.items if isinstance(item, TextNode)] if isinstance(node, ListNode) else []

    def strings(self, node: Node | None) -> tuple[str, ...]:
        """The same, as plain texts."""
        return tuple(item.text for item in self.ids(node))

    def known(self, node: Node | None, what: str, known: Collection[str]) -> tuple[str, ...]:
        """The ids under `node`; one that is not among `known` is a problem of the kind `unknown-WHAT`."""
        for item in self.ids(node):
            if item.text not in known:
                message = f"there is no {what} `{item.text[:80]}`"
                self.note(item, f"unknown-{what}", message, suggested(self.problems, item.text, known))
        return tuple(dict.fromkeys(self.strings(node)))

    def source_ids(self, node: MapNode) -> tuple[str, ...]:
        """The sources that `node` names, all of them known."""
        cited = node.values.get("sources")
        if "sources" in self.names.unread:
            return self.strings(cited)
        return self.known(cited, "source", self.names.sources)

    def note_without_source(self, node: MapNode, spot: Spot, what: str) -> None:
        """Notes that `node` names no source; one that could not be read was noted already."""
        named = node.values.get("sources")
        if not self.names.cites:
            return
        if (named is None and "sources" not in node.keys) or (isinstance(named, ListNode) and not named.items):
            self.note(spot, "missing-source", f"{what} has no source: who says so?", "add `sources: [id]`")

    def no_such_fact(self, name: str, about: str, what: str = "rule") -> tuple[str, str]:
        """What is wrong with a fact that is not one of what a rule or table is about, and how to mend it."""
        owner = next((kind for kind, facts in self.names.facts.items() if name in facts), None)
        if owner is not None:
            whose = "of the case" if owner == CASE else f"of a {owner}"
            mend = "leave out `about`" if owner == CASE else f"write `about: {owner}`"
            return f"`{name}` is a fact {whose}, and this {what} is about {_called(about)}", mend
        known = self.names.facts.get(about, {})
        return f"there is no fact `{name[:80]}` of {_called(about)}", suggestion(name, known)

    def kind(self, node: MapNode) -> str:
        """What `about` names: an entity, or the case; empty, and a problem, where there is none such."""
        about = node.values.get("about")
        if not isinstance(about, TextNode) or about.text == CASE:
            return CASE
        if about.text in self.names.entities:
            return about.text
        if "pack" not in self.names.unread:
            help_ = suggestion(about.text, [*self.names.entities, CASE])
            self.note(about, "unknown-entity", f"there is no entity `{about.text[:80]}`", help_)
        return ""

    def periods(self, node: MapNode) -> tuple[Period, ...]:
        """When `node` is in force: its dates, or those of its eras; none at all where it says nothing of it."""
        period = read_period(node, self.problems)
        eras = node.values.get("era")
        if eras is None:
            return (period,) if period else ()
        if period:
            self.note(eras, "two-periods", "it has an era and dates of its own", "keep one of them")
        if "pack" in self.names.unread:
            return ()
        known = self.names.eras
        return tuple(known[era].period for era in self.known(eras, "era", known) if era in known)

    def strongest(self, sources: Iterable[str]) -> Standing | None:
        """The strongest standing among sources; None where none is known."""
        cited = {self.names.sources[source].standing for source in sources if source in self.names.sources}
        return next((standing for standing in self.names.standings if standing.id in cited), None)


def _called(kind: str) -> str:
    return "the case" if kind == CASE else f"a {kind}"


def _joined(parts: list[Condition | None], join: type[And | Or]) -> Condition | None:
    """All parts as one; None where one of them could not be read."""
    whole = tuple(part for part in parts if part is not None)
    if not whole or len(whole) < len(parts):
        return None
    return whole[0] if len(whole) == 1 else join(whole)
