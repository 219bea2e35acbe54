"""A case: what is known of one person's situation. Plain frozen data; `reader.py` reads and writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from advisor.language.tree import CASE
from advisor.problems.problem import Place
from advisor.values.types import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said of one fact.

    `unknown`: the person was asked and does not know (the value is then the whole domain).
    """

    value: Value
    unknown: bool = False
    note: str = ""
    place: Place | None = None


class Said(Mapping[str, Answer]):
    """Answers by field, as names and answers side by side: many things are described by the same fields."""

    __slots__ = ("_by_name", "answers", "names")

    def __init__(self, names: tuple[str, ...], answers: Sequence[Answer]) -> None:
        self.names = names
        self.answers = answers
        self._by_name: dict[str, Answer] | None = None

    @property
    def by_name(self) -> dict[str, Answer]:
        """The same as a dictionary, made when it is first needed."""
        if self._by_name is None:
            self._by_name = dict(zip(self.names, self.answers, strict=True))
        return self._by_name

    def __getitem__(self, name: str) -> Answer:
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __repr__(self) -> str:
        return repr(self.by_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entity of a case. `times`: it stands for so many alike. Answers are by field (`price`, `extras.gift`)."""

    id: str
    times: int = 1
    answers: Mapping[str, Answer] = field(default_factory=dict)
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """The entities of one kind. `more`: whether there are others that are not listed; None where nobody knows."""

    items: tuple[Item, ...] = ()
    more: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known: answers of the case by field (`heated`, `extras.gift` for one box), and its entities by kind.

    A kind that is missing from `entities` was not listed at all. `declined` are paths the person will not answer now;
    `parked` answers take no part in the reasoning.
    """

    pack: str = ""
    today: date | None = None
    as_of: date | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    entities: Mapping[str, Items] = field(default_factory=dict)
    notes: str = ""
    goals: tuple[str, ...] = ()
    """What the person wants to know: ids of goals, with `@` and an entity's id; none where nobody chose."""
    declined: tuple[str, ...] = ()
    parked: Mapping[str, Answer] = field(default_factory=dict)
    id: str = ""
    sentence: str = ""

    def items(self, kind: str) -> tuple[Item, ...]:
        """The listed entities of a kind."""
        return self.entities[kind].items if kind in self.entities else ()

    def answer(self, kind: str, entity: str, field_: str) -> Answer | None:
        """What was said of a field (of the case, or of the entity with that id), or None."""
        if kind == CASE:
            return self.answers.get(field_)
        for item in self.items(kind):
            if item.id == entity:
                return item.answers.get(field_)
        return None

    def with_answer(self, kind: str, entity: str, field_: str, answer: Answer | None) -> Case:
        """The case with that answer said, or (None) not asked. Raises KeyError for an entity it does not have."""
        if kind == CASE:
            return replace(self, answers=_changed(self.answers, field_, answer))
        listed = self.entities[kind]
        if all(item.id != entity for item in listed.items):
            raise KeyError(entity)
        items = tuple(
            replace(item, answers=_changed(item.answers, field_, answer)) if item.id == entity else item
            for item in listed.items
        )
        return replace(self, entities={**self.entities, kind: replace(listed, items=items)})


def _changed(answers: Mapping[str, Answer], name: str, answer: Answer | None) -> dict[str, Answer]:
    changed = dict(answers)
    if answer is None:
        changed.pop(name, None)
    else:
        changed[name] = answer
    return changed


def path(kind: str, entity: str, field_: str, plural: str) -> str:
    """The one way to name a place in a case: `fact` or `rooms[attic].price`."""
    return field_ if kind == CASE else f"{plural}[{entity}].{field_}"
