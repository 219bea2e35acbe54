"""Cases from plain data, straight: values that were read before are looked up, and places are made for no one.

In: dictionaries and lists of the form of a case file. Out: a `Case`; None for data in which anything is out of the
ordinary, which `reader.py` then reads with places, and says what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import getitem
from typing import Any, Final

from advisor.cases.case import Answer, Case, Item, Items, Said
from advisor.files.shapes import ID, looks_like
from advisor.language.tree import CASE
from advisor.packs.pack import Pack
from advisor.problems.problem import Problems
from advisor.values.types import CHOICES, REFERENCE, Among

MOST_KEPT: Final = 100_000
"""Values kept as they were read before they are all dropped, so that memory stays flat."""
MOST_PLANS: Final = 10_000
MOST_ITEMS: Final = 300
"""Longer lists are read the long way, which knows the bounds."""
MOST_ALIKE: Final = 1_000_000
LONGEST: Final = 4000
SCALARS: Final = frozenset((bool, int, float, str, date))

PLAIN_KEYS: Final = frozenset(("format", "pack", "today", "as_of", "notes", "goals", "case", "id"))

Known = dict[object, Any]
"""What was read, by what is written."""
Reading = Callable[[Mapping[str, object]], Case]
"""Reads a whole case the long way, but for whether what is referred to is listed. Raises Problems."""


class OutOfTheOrdinary(Exception):
    """The data must be read the long way."""


class _Plan:
    """Where each value of mappings of one shape is looked up. `apart`: keys that are no facts."""

    def __init__(self, keys: tuple[str, ...], known: Sequence[Known], apart: tuple[str, ...]) -> None:
        self.known = known
        self.names = tuple(name for name in keys if name not in apart)
        self.id_at, self.times_at = (keys.index(name) if name in keys and apart else -1 for name in ("id", "times"))
        self.apart = sorted((place for place in (self.id_at, self.times_at) if place >= 0), reverse=True)


class PlainReader:
    """Reads cases of one pack."""

    def __init__(self, pack: Pack, reading: Reading) -> None:
        self._reading = reading
        self._plurals = {entity.plural: entity.id for entity in pack.entities.values()}
        self._facts = {
            kind: {name: one.type.kind != CHOICES for name, one in facts.items()} for kind, facts in pack.facts.items()
        }
        """By kind and name of a fact, whether it is a single field: not so where several choices can be ticked."""
        self._references = {
            kind: [(one.name, one.type.entity) for one in facts.values() if one.type.kind == REFERENCE]
            for kind, facts in pack.facts.items()
        }
        self._plural_of = {entity.id: entity.plural for entity in pack.entities.values()}
        self._known: dict[str, dict[tuple[str, type], Known]] = {kind: {} for kind in pack.facts}
        """By kind, then by fact and type of what is written: what was read, by what is written."""
        self._ids: Known = {}
        self._times: Known = {}
        self._plans: dict[tuple[object, ...], _Plan] = {}
        self._held = 0
        self._heads: dict[str, Case] = {}

    def read(self, data: Mapping[str, object]) -> Case | None:
        """The case; None where it must be read the long way."""
        try:
            return self._case(data)
        except (OutOfTheOrdinary, Problems, TypeError, ValueError, RecursionError):
            return None

    def _case(self, data: Mapping[str, object]) -> Case:
        head: dict[str, object] = {}
        answers: Mapping[str, Answer] = {}
        listed: dict[str, Items] = {}
        for key, value in data.items():
            if key == "facts":
                answers = self._answers(value)
            elif key in self._plurals:
                kind = self._plurals[key]
                listed[kind] = self._items(kind, value)
            else:
                head[key] = value
        entities = {kind: listed[kind] for kind in self._plural_of if kind in listed}
        self._check_references(answers, entities)
        if not head:
            return Case(answers=answers, entities=entities)
        return replace(self._head(head), answers=answers, entities=entities)

    def _head(self, head: Mapping[str, object]) -> Case:
        """What stands beside facts and lists."""
        if not head.keys() <= PLAIN_KEYS:
            raise OutOfTheOrdinary
        key = json.dumps(head, default=_day)
        found = self._heads.get(key)
        if found is None:
            if len(self._heads) >= MOST_KEPT:
                self._heads.clear()
            found = self._heads[key] = self._reading(head)
        return found

    def _items(self, kind: str, written: object) -> Items:
        if written in ("unknown", "none"):
            return Items(more=None if written == "unknown" else False)
        if type(written) is not list or len(written) > MOST_ITEMS:
            raise OutOfTheOrdinary
        items = [self._item(kind, one) for one in written]
        if len({one.id for one in items}) < len(items):
            raise OutOfTheOrdinary
        return Items(items=tuple(items), more=False)

    def _item(self, kind: str, written: object) -> Item:
        if type(written) is not dict:
            raise OutOfTheOrdinary
        plan = self._plan_for(kind, written)
        try:
            found = list(map(getitem, plan.known, written.values()))
        except (KeyError, TypeError):  # never read so far, or no single value
            return self._item_one_by_one(kind, written)
        if plan.id_at < 0:
            return self._item_one_by_one(kind, written)
        id_ = found[plan.id_at]
        times = found[plan.times_at] if plan.times_at >= 0 else 1
        for place in plan.apart:
            del found[place]
        return Item(id=id_, times=times, answers=Said(plan.names, found))

    def _item_one_by_one(self, kind: str, written: Mapping[str, object]) -> Item:
        found = self._one_by_one(kind, written)
        id_, times = found.pop("id", None), found.pop("times", 1)
        if id_ is None:
            raise OutOfTheOrdinary
        return Item(id=id_, times=times, answers=found)

    def _answers(self, written: object) -> Mapping[str, Answer]:
        """What is said of the facts of the case."""
        if type(written) is not dict:
            raise OutOfTheOrdinary
        plan = self._plan_for(CASE, written)
        try:
            return Said(plan.names, list(map(getitem, plan.known, written.values())))
        except (KeyError, TypeError):
            return self._one_by_one(CASE, written)

    def _plan_for(self, kind: str, written: Mapping[str, object]) -> _Plan:
        """How mappings of the same keys and types are read, without a step in Python for each value."""
        shape = (kind, *written, *map(type, written.values()))
        return self._plans.get(shape) or self._plan(shape, kind, written)

    def _plan(self, shape: tuple[object, ...], kind: str, written: Mapping[str, object]) -> _Plan:
        if len(self._plans) >= MOST_PLANS:
            self._plans.clear()
        single = all(
            type(value) in SCALARS and self._facts[kind].get(name) is not False for name, value in written.items()
        )
        # Where one value stands for several fields nothing is ever found, so each is read by itself.
        known = [self._known_of(kind, name, value) if single else {} for name, value in written.items()]
        plan = self._plans[shape] = _Plan(tuple(written), known, () if kind == CASE else ("id", "times"))
        return plan

    def _known_of(self, kind: str, name: str, value: object) -> Known:
        if kind != CASE and name in ("id", "times"):
            return self._ids if name == "id" else self._times if type(value) is int else {}
        return self._known[kind].setdefault((name, type(value)), {})

    def _one_by_one(self, kind: str, written: Mapping[str, object]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in written.items():
            if kind != CASE and name == "id":
                found[name] = self._id(value)
            elif kind != CASE and name == "times":
                found[name] = self._number(kind, value)
            else:
                found |= self._answer(kind, name, value)
        return found

    def _id(self, value: object) -> str:
        if type(value) is not str or not looks_like(value, ID):
            raise OutOfTheOrdinary
        self._keep(self._ids, value, value)
        return value

    def _number(self, kind: str, value: object) -> int:
        if type(value) is not int:
            return self._reading({self._plural_of[kind]: [{"id": "x", "times": value}]}).items(kind)[0].times
        if not 1 <= value <= MOST_ALIKE:
            raise OutOfTheOrdinary
        self._keep(self._times, value, value)
        return value

    def _answer(self, kind: str, name: str, value: object) -> Mapping[str, Answer]:
        """What is said of one fact, read the long way; kept where the value is a single one."""
        several = self._facts[kind].get(name)
        if several is None:
            raise OutOfTheOrdinary
        short = type(value) in SCALARS and not (isinstance(value, str) and len(value) > LONGEST)
        known = self._known_of(kind, name, value) if short else {}
        if short and value in known:
            return known[value] if several is False else {name: known[value]}
        single: dict[str, object] = {name: value}
        if kind == CASE:
            answers = self._reading({"facts": single}).answers
        else:
            answers = self._reading({self._plural_of[kind]: [{"id": "x", **single}]}).items(kind)[0].answers
        found = {field: replace(answer, place=None) for field, answer in answers.items()}
        if short:
            self._keep(known, value, found if several is False else found[name])
        return found

    def _keep(self, known: Known, value: object, found: object) -> None:
        self._held += 1
        if self._held > MOST_KEPT:
            self._held = 0
            for one in (self._ids, self._times, *(more for kind in self._known.values() for more in kind.values())):
                one.clear()
        known[value] = found

    def _check_references(self, answers: Mapping[str, Answer], entities: Mapping[str, Items]) -> None:
        """What is said to be an entity of the case must be in its list, where there is one."""
        for kind, facts in self._references.items():
            if not facts:
                continue
            many = (
                [answers] if kind == CASE else [one.answers for one in entities[kind].items] if kind in entities else []
            )
            for name, to in facts:
                ids = {one.id for one in entities[to].items} if to in entities else set()
                for said in many:
                    if name in said and to in entities and not _ids(said[name].value) <= ids:
                        raise OutOfTheOrdinary


def _ids(value: Any) -> frozenset[object]:  # noqa: ANN401 - a value of any type
    many = value.values if isinstance(value, Among) else (value,)
    return frozenset(one for one in many if isinstance(one, str))


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise OutOfTheOrdinary
