"""The names that a condition may use, and how words are recognised as one of them.

In: what a pack declares. Out: for each place in a rule, an index that finds the longest name at a run of words. Spaces,
underscores and hyphens between the words of a name are all the same; so are small and capital letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from typing import Literal as Word

from advisor.language.tokens import RESERVED, Token, is_joint, tokens_of
from advisor.language.tree import CASE
from advisor.problems.problem import Place
from advisor.values.types import CHOICE, Type

__all__ = [
    "RESERVED",
    "RESERVED_CHOICES",
    "EntityName",
    "FactName",
    "Index",
    "Name",
    "ParameterName",
    "Scope",
    "Vocabulary",
    "spaced",
]

T = TypeVar("T")

RESERVED_CHOICES = frozenset(("none", "known", "unknown"))
"""Words that cannot be the id of a choice: `is none`, `is known` and `is unknown` mean something already."""


@dataclass(frozen=True, slots=True)
class FactName:
    """What is known of a fact by its name: its type, and where it is defined."""

    type: Type
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ParameterName:
    """What is known of a parameter by its name. `by`: the type of its key, for one that is looked up with `at`."""

    type: Type
    by: Type | None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class EntityName:
    """What is known of a kind of entity by its name: how several of them are called, and where it is defined."""

    plural: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """One name that stands for a value: a fact of a kind, a parameter or a table."""

    sort: Word["fact", "parameter", "table"]
    kind: str
    id: str


@dataclass(slots=True)
class Index(Generic[T]):
    """Names by their words, one step for each word."""

    value: T | None = None
    following: dict[str, Index[T]] = field(default_factory=dict)

    def add(self, name: str, value: T) -> None:
        """`name` stands for `value`, unless it stands for something already."""
        step = self
        for token in tokens_of(name)[:-1]:
            if token.key != "-":
                step = step.following.setdefault(token.key, Index())
        if step is not self and step.value is None:
            step.value = value

    def longest(self, tokens: list[Token], start: int) -> tuple[T, int] | None:
        """What the longest name at `start` stands for, and the index of the token after it."""
        step: Index[T] | None = self.following.get(tokens[start].key)
        found: tuple[T, int] | None = None
        at = start + 1
        while step is not None:
            if step.value is not None:
                found = step.value, at
            if tokens[at].key == "-" and "-" not in step.following and is_joint(tokens, at):
                at += 1
            step = step.following.get(tokens[at].key)
            at += 1
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All names of a pack. Complete when it is made: what is looked up is remembered."""

    entities: Mapping[str, EntityName]
    facts: Mapping[str, Mapping[str, FactName]]
    """By kind (`case` or an entity's id), then by name."""
    parameters: Mapping[str, ParameterName]
    tables: Mapping[str, Mapping[str, Type]]
    """Table, column, type."""
    eras: Mapping[str, str]
    """Id, title."""
    currency: str
    _names: dict[str, Index[Name]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _ids: dict[int, tuple[object, Index[str]]] = field(default_factory=dict, init=False, repr=False, compare=False)
    era_type: Type = field(init=False, repr=False, compare=False)
    """The type of `era`: a choice among the pack's eras."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "era_type", Type(CHOICE, tuple(self.eras.items())))

    def names(self, kind: str) -> Index[Name]:
        """The names that mean a value where the condition is about `kind`: its own facts first."""
        index = self._names.get(kind)
        if index is None:
            index = self._names[kind] = Index()
            for owner in (kind, CASE):
                for fact in self.facts.get(owner, {}):
                    index.add(fact, Name("fact", owner, fact))
            for parameter in self.parameters:
                index.add(parameter, Name("parameter", "", parameter))
            for table in self.tables:
                index.add(table, Name("table", "", table))
        return index

    def entity_names(self) -> Index[str]:
        """Entities by id and by plural."""
        return self._index(
            self.entities, [(word, id_) for id_, one in self.entities.items() for word in (id_, one.plural)]
        )

    def facts_of(self, kind: str) -> Index[str]:
        """The facts of one kind alone, as they stand after a point."""
        facts = self.facts.get(kind, {})
        return self._index(facts, [(name, name) for name in facts])

    def columns(self, table: str) -> Index[str]:
        """The columns of a table."""
        return self._index(self.tables[table], [(name, name) for name in self.tables[table]])

    def choices(self, type_: Type) -> Index[str]:
        """The choices of a type, by id."""
        return self._index(type_.choices, [(choice, choice) for choice, _ in type_.choices])

    def _index(self, of: object, names: Iterable[tuple[str, str]]) -> Index[str]:
        kept = self._ids.get(id(of))
        if kept is None or kept[0] is not of:
            index: Index[str] = Index()
            for name, value in names:
                index.add(name, value)
            kept = self._ids[id(of)] = (of, index)
        return kept[1]

    def known_names(self, kind: str) -> dict[str, Place | None]:
        """Every name that means a value where the condition is about `kind`, spelled with spaces, and its place."""
        found: dict[str, Place | None] = {}
        for owner in (kind, CASE):
            found |= {spaced(name): fact.place for name, fact in self.facts.get(owner, {}).items()}
        found |= {spaced(name): parameter.place for name, parameter in self.parameters.items()}
        return found | {spaced(name): None for name in self.tables}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a condition stands: the names, and the kind of thing that it is about."""

    vocabulary: Vocabulary
    about: str = CASE


def spaced(name: str) -> str:
    """A name as a sentence writes it."""
    return name.replace("_", " ")
