"""Cases: what is known of somebody's situation, read against a pack, with every mistake at once.

In: YAML or JSON, from a file or a text, or plain Python data. Out: a `Case`; of worked cases also what they expect.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from advisor.cases.answers import read_answers
from advisor.cases.case import Answer, Case, Item, Items, path
from advisor.cases.expectations import Expectation, read_expectations
from advisor.cases.paths import called, find_fact, parse_path, unknown_fact
from advisor.cases.plain import PlainReader
from advisor.cases.shapes import CASE as SHAPE
from advisor.cases.source import one_case, only_case, pack_named, several_cases, split_address
from advisor.files.scalars import check_commas, day_at, decimal_commas
from advisor.files.shapes import ID, bad_name, fit, looks_like
from advisor.files.yaml import ListNode, MapNode, Node, TextNode, read_text
from advisor.language.tree import CASE
from advisor.packs.pack import Entity, Fact, Pack
from advisor.problems.problem import Collected, Place, Problem, Problems, suggested, suggestion
from advisor.values.numbers import read_number
from advisor.values.types import REFERENCE, Among, Value

__all__ = [
    "Expectation",
    "WorkedCase",
    "case_from_dict",
    "pack_named",
    "plain_reader",
    "read_case",
    "read_cases",
    "split_address",
]

MOST_ITEMS: Final = 5000
MOST_ALIKE: Final = 1_000_000
_ITEM_KEYS = ("id", "times", "more")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedCase:
    """A case and what must, must surely not, and cannot yet come out of it. `number` counts from 1 within the file."""

    case: Case
    expect: tuple[Expectation, ...]
    expect_not: tuple[Expectation, ...]
    expect_open: tuple[Expectation, ...]
    file: str
    number: int
    id: str
    sentence: str
    place: Place


def read_case(pack: Pack, source: str | Path, name: str = "") -> Case:
    """The case in a file; `FILE#N` and `FILE#id` are one of several, `-` is standard input. Raises Problems.

    With a `name`, a `source` of type `str` is the text of the file itself, and `name` stands for it in messages.
    """
    if name and isinstance(source, str):
        return _worked(pack, only_case(read_text(source, name), name), 1).case
    return _worked(pack, one_case(source), 1).case


def read_cases(pack: Pack, address: str | Path) -> list[WorkedCase]:
    """The worked cases in a file, or the one that `FILE#N` or `FILE#id` names. Raises Problems for all at once."""
    problems: list[Problem] = Collected()
    found = []
    for number, node in several_cases(address, problems):
        try:
            found.append(_worked(pack, node, number))
        except Problems as error:
            problems.extend(error.problems)
    if problems:
        raise Problems(problems)
    return found


def worked_case(pack: Pack, text: str) -> WorkedCase:
    """The one worked case that the text of a file holds. Raises Problems."""
    return _worked(pack, only_case(read_text(text, "the case"), "the case"), 1)


def each_case(pack: Pack, address: str | Path) -> Iterator[tuple[int, MapNode, WorkedCase | Problems]]:
    """The cases in a file one by one, each with its number and node: read, or what is wrong with it.

    Raises Problems where the file holds no cases at all.
    """
    for number, node in several_cases(address, []):
        try:
            yield number, node, _worked(pack, node, number)
        except Problems as error:
            yield number, node, error


def case_from_dict(pack: Pack, data: Mapping[str, object]) -> Case:
    """The case in plain data of the form of a case file. Raises Problems; their places count in the data as JSON."""
    return read_case(pack, as_json(data), "case")


def plain_reader(pack: Pack) -> PlainReader:
    """Reads many cases from plain data, faster; what it does not read is for `case_from_dict`."""

    def reading(data: Mapping[str, object]) -> Case:
        problems: list[Problem] = Collected()
        reader = _CaseReader(pack, problems)
        case = reader.unverified(only_case(read_text(as_json(data), "case"), "case"))
        # Beside a decimal comma other figures may no longer be clear, so all must be read together.
        if problems or reader.has_commas():
            raise Problems(problems)
        return case

    return PlainReader(pack, reading)


def as_json(data: Mapping[str, object]) -> str:
    """Plain data as JSON. Raises Problems where it is not plain."""
    try:
        return json.dumps(data, indent=1, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        reason = str(error) or "it is nested too deep"
        raise Problems([Problem(Place("case"), "bad-data", f"this is not plain data: {reason[:200]}")]) from None


def _plain(value: object) -> str | list[object]:
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        raise TypeError("bytes are not text")
    return str(value)


# --- one case -----------------------------------------------------------------------------------------------------


def _worked(pack: Pack, node: MapNode, number: int) -> WorkedCase:
    """One case with what it expects. Raises Problems with every mistake in it."""
    problems: list[Problem] = Collected()
    reader = _CaseReader(pack, problems)
    place = node.place
    case = reader.read(node)
    expectations = {
        word: read_expectations(pack, case, node.values.get(word), problems)
        for word in ("expect", "expect_not", "expect_open")
    }
    if problems:
        raise Problems(problems)
    return WorkedCase(
        case=case, file=place.file, number=number, id=case.id, sentence=case.sentence, place=place, **expectations
    )


class _CaseReader:
    """One case, read against a pack. What is wrong is noted and left out."""

    def __init__(self, pack: Pack, problems: list[Problem]) -> None:
        self.pack = pack
        self.problems = problems
        self._references: list[tuple[TextNode, str, Value]] = []
        self._figures: list[TextNode] = []
        """What is written for numbers, amounts and lengths of time."""

    def read(self, node: MapNode) -> Case:
        case = self.unverified(node)
        self._check_references(case)
        check_commas(self._figures, self.problems)
        return case

    def unverified(self, node: MapNode) -> Case:
        """The case, whether or not what it refers to is listed."""
        self._drop_unknown_lists(node)
        fit(node, SHAPE, self.problems, "the case")
        entities = self._entities(node)
        return Case(
            pack=node.text_at("pack"),
            today=self._day(node, "today"),
            as_of=self._day(node, "as_of"),
            answers=self._answers(CASE, node.values.get("facts"), ()),
            entities=entities,
            notes=node.text_at("notes"),
            goals=self._goals(node.values.get("goals"), entities),
            declined=self._declined(node.values.get("declined")),
            parked=self._parked(node.values.get("parked")),
            id=node.text_at("id"),
            sentence=node.text_at("case"),
        )

    def has_commas(self) -> bool:
        """Whether a figure that was read has a decimal comma."""
        return decimal_commas(self._figures)

    def _day(self, node: MapNode, key: str) -> date | None:
        written = node.values.get(key)
        return day_at(written, self.problems) if isinstance(written, TextNode) else None

    def _drop_unknown_lists(self, node: MapNode) -> None:
        """Takes out keys that are neither those of every case nor the plural of an entity."""
        plurals = {entity.plural: entity for entity in self.pack.entities.values()}
        known = [*plurals, *SHAPE.names()]
        for name, key in list(node.keys.items()):
            if name in known:
                continue
            fact = find_fact(self.pack, CASE, name)
            singular = self.pack.entities.get(name)
            help_ = suggestion(name, known, what="allowed")
            if fact is not None:
                help_ = f"`{fact.name}` is a fact of the case: write it under `facts`"
            elif singular is not None:
                help_ = f"write `{singular.plural}:` with a list under it"
            self.problems.append(key.problem("unknown-key", f"`{name[:80]}` is not a key of a case", help_))
            del node.keys[name], node.values[name]

    def _answers(self, kind: str, node: Node | None, apart: tuple[str, ...]) -> dict[str, Answer]:
        """The answers in a mapping of facts of one kind; the keys `apart` are not facts."""
        answers: dict[str, Answer] = {}
        for key, value in node.items() if isinstance(node, MapNode) else ():
            fact = None if key.text in apart else self._fact(kind, key)
            if fact is None:
                continue
            read = self._read(fact, value)
            if answers.keys() & read.keys():
                message = f"`{fact.name}` is answered twice"
                self.problems.append(key.problem("duplicate-key", message, "keep one of them"))
            answers |= read
        return answers

    def _read(self, fact: Fact, node: Node) -> dict[str, Answer]:
        answers = read_answers(fact, node, self.problems)
        inner = node.values.get("value") if isinstance(node, MapNode) else node
        if fact.type.numeric and isinstance(inner, TextNode):
            self._figures.append(inner)
        if fact.type.kind == REFERENCE and fact.name in answers and isinstance(inner, TextNode):
            self._references.append((inner, fact.type.entity, answers[fact.name].value))
        return answers

    def _fact(self, kind: str, key: TextNode) -> Fact | None:
        """The fact that a key names, if a person may state it."""
        fact = find_fact(self.pack, kind, key.text)
        if fact is None:
            message, help_ = unknown_fact(self.pack, kind, key.text)
            self.problems.append(key.problem("unknown-fact", message, help_))
        elif not fact.asked:
            message = f"`{fact.name}` is worked out from other facts and cannot be stated"
            self.problems.append(key.problem("derived-fact", message, "delete it"))
            return None
        return fact

    # --- entities -------------------------------------------------------------------------------------------------

    def _entities(self, node: MapNode) -> dict[str, Items]:
        """The lists of the case, by kind."""
        found: dict[str, Items] = {}
        for entity in self.pack.entities.values():
            written = node.values.get(entity.plural)
            if isinstance(written, TextNode):
                found[entity.id] = Items(more=None if written.text == "unknown" else False)
            elif isinstance(written, ListNode):
                found[entity.id] = self._items(entity, written)
        return found

    def _items(self, entity: Entity, node: ListNode) -> Items:
        nodes = [item for item in node.items if isinstance(item, MapNode)]
        if len(nodes) > MOST_ITEMS:
            help_ = "write `times` beside one that stands for many alike"
            message = f"there are {len(nodes):,} {entity.plural}; at most {MOST_ITEMS:,} can be listed"
            self.problems.append(node.problem("too-many", message, help_))
            nodes = nodes[:MOST_ITEMS]
        more: bool | None = False
        if nodes and "more" in nodes[-1].keys:
            more = self._more(nodes.pop())
        items: dict[str, Item] = {}
        for item in nodes:
            self._add(self._item(entity, item), item, items)
        return Items(items=tuple(items.values()), more=more)

    def _more(self, node: MapNode) -> bool | None:
        if len(node.keys) > 1:
            message = "`more` stands in an item of its own, the last of the list"
            self.problems.append(node.keys["more"].problem("misplaced-key", message, "write `- {more: yes}` after it"))
        word = node.text_at("more")
        return None if word == "unknown" else word == "yes"

    def _item(self, entity: Entity, node: MapNode) -> Item:
        if "more" in node.keys:
            message = "`more` stands in an item of its own, the last of the list"
            self.problems.append(node.keys["more"].problem("misplaced-key", message, "move it to the end of the list"))
        id_ = node.values.get("id")
        if not isinstance(id_, TextNode):
            message = f"{called(entity.id)} has no id"
            help_ = "add a short one, such as `id: first`"
            self.problems.append(node.problem("missing-id", message, help_))
        elif not looks_like(id_.text, ID):
            self.problems.append(bad_name(id_, id_.text, ID))
        return Item(
            id=id_.text if isinstance(id_, TextNode) else "",
            times=self._times(node.values.get("times")),
            answers=self._answers(entity.id, node, _ITEM_KEYS),
            place=id_.place if id_ else node.place,
        )

    def _times(self, node: Node | None) -> int:
        if not isinstance(node, TextNode):
            return 1
        try:
            number = read_number(node.text)
        except ValueError:
            number = 0
        if isinstance(number, int) and 1 <= number <= MOST_ALIKE:
            return number
        message = f"`{node.text[:40]}` is not a number of things that are alike"
        self.problems.append(node.problem("bad-value", message, f"write a whole number from 1 to {MOST_ALIKE:,}"))
        return 1

    def _add(self, item: Item, node: MapNode, items: dict[str, Item]) -> None:
        first = items.setdefault(item.id, item)
        if first is not item and item.id:
            related = ((first.place, "the first"),) if first.place else ()
            spot = node.values.get("id", node)
            message = f"two items of this list have the id `{item.id[:80]}`"
            self.problems.append(spot.problem("duplicate-id", message, "rename one", related))

    # --- references and paths -------------------------------------------------------------------------------------

    def _check_references(self, case: Case) -> None:
        """What is said to be an entity of the case must be in its list, where there is one."""
        for node, kind, value in self._references:
            if kind not in case.entities or not (case.items(kind) or case.entities[kind].more is False):
                continue
            ids = [item.id for item in case.items(kind)]
            named = value.values if isinstance(value, Among) else (value,)
            for one in named:
                if isinstance(one, str) and one not in ids:
                    plural = self.pack.entities[kind].plural
                    message = f"there is no {kind} `{one[:80]}` under `{plural}`"
                    self.problems.append(node.problem("unknown-id", message, suggested(self.problems, one, ids)))

    def _goals(self, node: Node | None, entities: Mapping[str, Items]) -> tuple[str, ...]:
        nodes = node.items if isinstance(node, ListNode) else [node]
        named = [one for one in nodes if isinstance(one, TextNode)]
        return tuple(dict.fromkeys(one.text for one in named if self._is_goal(one, entities)))

    def _is_goal(self, node: TextNode, entities: Mapping[str, Items]) -> bool:
        """Whether a key names a goal, and what it is about; a problem where it does not."""
        name, at, entity = node.text.partition("@")
        goal = self.pack.goals.get(name)
        if goal is None:
            help_ = suggested(self.problems, name, self.pack.goals)
            self.problems.append(node.problem("unknown-goal", f"there is no goal `{name[:80]}`", help_))
            return False
        if not at:
            return True
        if goal.about == CASE:
            message = f"`{node.text[:80]}` names an entity, but the goal is about the case"
            self.problems.append(node.problem("unknown-id", message, "leave out what follows the `@`"))
            return False
        ids = [item.id for item in entities.get(goal.about, Items()).items]
        if entity not in ids:
            message = f"there is no {goal.about} `{entity[:80]}` under `{self.pack.entities[goal.about].plural}`"
            self.problems.append(node.problem("unknown-id", message, suggested(self.problems, entity, ids)))
        return entity in ids

    def _declined(self, node: Node | None) -> tuple[str, ...]:
        nodes = node.items if isinstance(node, ListNode) else [node]
        return tuple(one.text for one in nodes if isinstance(one, TextNode) and self._path(one) is not None)

    def _path(self, node: TextNode) -> tuple[str, str, Fact] | None:
        """Kind, entity and fact that a path names; None, and a problem, where there is none such."""
        try:
            named = parse_path(self.pack, node.text)
        except Problems as error:
            self.problems.extend(node.problem(one.kind, one.message, one.help) for one in error.problems)
            return None
        if not named.fact:
            self.problems.append(node.problem("bad-path", "this names no fact", "add a point and the fact"))
            return None
        return named.kind, named.entity, self.pack.facts[named.kind][named.fact]

    def _parked(self, node: Node | None) -> dict[str, Answer]:
        parked: dict[str, Answer] = {}
        for key, value in node.items() if isinstance(node, MapNode) else ():
            named = self._path(key)
            if named is not None:
                kind, entity, fact = named
                plural = self.pack.entities[kind].plural if kind != CASE else ""
                if fact.type.numeric and isinstance(value, TextNode):
                    self._figures.append(value)
                answers = read_answers(fact, value, self.problems)
                parked |= {path(kind, entity, name, plural): answer for name, answer in answers.items()}
        return parked
