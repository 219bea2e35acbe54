"""Made-up cases: a smallest case on which a condition holds, found by search and written as a case file.

In: two packs and what differs between them. Out: `MadeUp` cases, the same ones every time, at most a bounded number.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from advisor.advice.advisor import LoadedPack
from advisor.authoring.clashes import settled
from advisor.authoring.edits import Edit
from advisor.cases.case import Case, Item, Items
from advisor.cases.reader import case_from_dict
from advisor.language.comparisons import atoms
from advisor.language.tree import CASE, Condition, Literal, walk
from advisor.reasoning import evaluation
from advisor.reasoning.completions.completion import Branch, Completion, Unbounded
from advisor.reasoning.program import Field
from advisor.reasoning.revision import below
from advisor.reasoning.subject import Assignment
from advisor.reasoning.world import World
from advisor.values.text import plain
from advisor.values.types import DATE, DURATION, NUMBER, WHOLE, Among, Scalar

MOST_LOOKED_AT: Final = 2000
"""Completions that are looked through for one condition."""
NEAR: Final = (-400, -100, -30, -5, 0, 5, 30, 100, 400)
"""Days from today that are tried of a date, which is most often compared with today."""
FEW: Final = range(7)
"""Numbers that are tried where they are compared with what is worked out."""
FARTHEST: Final = 36_525
_BARE: Final = re.compile(r"[A-Za-z0-9](?:[\w .%/-]*[\w%])?")

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A case as plain data, of the form of a case file."""

    data: Data

    def read(self, pack: LoadedPack) -> Case:
        """The case as a pack reads it. Raises Problems."""
        return case_from_dict(pack.data, self.data)

    @property
    def text(self) -> str:
        """The case as a case file has it."""
        return "\n".join(_lines(self.data))


def _lines(data: Data) -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{key}:"
            yield from (f"  - {_inline(item)}" for item in value)
        else:
            yield f"{key}: {_inline(value)}"


def _inline(value: Any) -> str:  # noqa: ANN401  texts, lists and mappings
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_inline(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


# --- the search -----------------------------------------------------------------------------------------------------


def where_it_shows(  # noqa: PLR0913, PLR0917  two packs, what differs, and how far to look
    old: LoadedPack, new: LoadedPack, edit: Edit, today: date, most: int, bases_at_most: int | None = None
) -> Iterator[MadeUp]:
    """Cases on which an edit may show, the most promising first, at most so many.

    First those in which a condition of it holds, with as little told as that needs; then the same with one answer
    otherwise, or one more, among the facts on which what it concludes hangs. `bases_at_most`: of the first kind.
    """
    seen: set[str] = set()
    bases: list[MadeUp] = []
    days = list(dict.fromkeys([today, *edit.days]))
    streams = [
        _cases(pack, kind, condition, day) for kind, condition in edit.shows for day in days for pack in (new, old)
    ]
    for one in islice(_in_turn(streams), most if bases_at_most is None else min(most, bases_at_most)):
        if one.text not in seen:
            seen.add(one.text)
            bases.append(one)
            yield one
    packs = [pack for pack in (new, old) if _roots(pack, edit)]
    around = [_neighbours(pack, edit, base, today) for base in bases for pack in packs[:1]]
    left = most - len(seen)
    for one in islice((one for one in _in_turn(around) if one.text not in seen), max(0, left)):
        seen.add(one.text)
        yield one


def _roots(pack: LoadedPack, edit: Edit) -> list[str]:
    """Keys of what an edit is about in the compiled pack: what its conditions read, and what it concludes."""
    program = pack.program
    rule = pack.data.rules.get(edit.name) if edit.what == "rule" else None
    found = [program.fields[kind][program.index[kind][name]].key for kind, name in _named(pack, edit)]
    found += [
        program.atoms[kind, part][0].key
        for kind, one in edit.shows
        for part in atoms(one)
        if (kind, part) in program.atoms
    ]
    if rule is not None:
        found.append(program.group_of[rule.id].key)
        if rule.conclude is not None:
            found.append(program.fields[rule.about][program.index[rule.about][rule.conclude[0]]].key)
    return found


def _named(pack: LoadedPack, edit: Edit) -> Iterator[tuple[str, str]]:
    """The fact that was edited, by kind and name."""
    if edit.what == "fact":
        kind, _, name = edit.name.rpartition(".")
        if name in pack.program.index.get(kind or CASE, {}):
            yield kind or CASE, name


def _neighbours(pack: LoadedPack, edit: Edit, base: MadeUp, today: date) -> Iterator[MadeUp]:
    """The case with one answer set to something else, or told besides; of the first thing of each kind."""
    program = pack.program
    keys = below(program, _roots(pack, edit))
    for kind in pack.data.kinds():
        plural = pack.data.entities[kind].plural if kind != CASE else ""
        if plural and not base.data.get(plural):
            continue
        for one in program.fields[kind]:
            if one.key in keys and one.fact is not None and one.fact.asked:
                yield from _with_values(base, plural, one, _values(one, today, _lengths(edit)))


def _lengths(edit: Edit) -> set[int]:
    """Lengths of time with which the conditions of an edit compare, in days."""
    nodes = (node for _, condition in edit.shows for node in walk(condition))
    return {
        node.value
        for node in nodes
        if isinstance(node, Literal) and node.type.kind == DURATION and isinstance(node.value, int)
    }


def _with_values(base: MadeUp, plural: str, one: Field, values: Iterable[Scalar]) -> Iterator[MadeUp]:
    assert one.fact is not None
    for value in values:
        data = copy.deepcopy(base.data)
        owner = data[plural][0] if plural else data.setdefault("facts", {})
        said = plain(value, one.type)
        if not one.choice:
            owner[one.fact.name] = said
        elif isinstance(owner.get(one.fact.name, {}), dict):
            owner.setdefault(one.fact.name, {})[one.choice] = said
        yield MadeUp(data)


def _values(one: Field, today: date, lengths: Iterable[int]) -> list[Scalar]:
    """Values that stand for all that a field may be; of a date, days as far from today as lengths of time are."""
    if one.type.kind == DATE:
        far = {sign * (length + by) for length in lengths for by in (-1, 0, 1) for sign in (-1, 1)}
        return [today + timedelta(days=by) for by in (*sorted(far - set(NEAR)), *NEAR) if abs(by) <= FARTHEST]
    try:
        found = one.cells.samples(one.type.domain())
    except ValueError:
        return []  # a text, or a thing of the case
    if one.type.kind not in (WHOLE, NUMBER):
        return found
    low, high = one.type.low, one.type.high
    few = [number for number in FEW if (low is None or number >= low) and (high is None or number <= high)]  # type: ignore[operator]
    return list(dict.fromkeys([*found, *few]))


def _in_turn(streams: list[Iterator[MadeUp]]) -> Iterator[MadeUp]:
    """One of each stream, then the next of each, until all have ended."""
    while streams:
        going = []
        for stream in streams:
            one = next(stream, None)
            if one is not None:
                going.append(stream)
                yield one
        streams = going


def _cases(pack: LoadedPack, kind: str, condition: Condition, day: date) -> Iterator[MadeUp]:
    """Cases of few entities in which a condition holds, with as little told as the condition needs."""
    for count in (1, 2):
        if count > 1 and not pack.data.entities:
            return
        world = World(pack.program, _blank(pack, kind, count), today=day, as_of=day)
        try:
            test = evaluation.truth(settled(condition), pack.program.names, kind)
        except KeyError:
            return  # it speaks of something that this pack does not have
        subject = world.case if kind == CASE else world.entities[kind][0]
        stack: list[Assignment] = [{}]
        for _ in range(MOST_LOOKED_AT):
            if not stack:
                break
            assignment = stack.pop()
            try:
                if test(Completion(world, assignment, {}), subject, subject) is True:
                    yield MadeUp(_written(world, assignment))
            except Branch as branch:
                stack.extend({**assignment, branch.leaf: sample} for sample in reversed(branch.samples))
            except Unbounded:
                continue


def _blank(pack: LoadedPack, kind: str, count: int) -> Case:
    """A case of which nothing is known but that it has so many things of one kind (of any, for what is of the case)."""
    entities = {}
    for one in pack.data.entities:
        number = count if kind in (one, CASE) else count - 1
        entities[one] = Items(items=tuple(Item(id=f"{one}-{at}") for at in range(1, number + 1)), more=False)
    return Case(entities=entities)


def _written(world: World, assignment: Assignment) -> Data:
    """A completion as the data of a case; what it does not need is left out."""
    pack = world.program.pack
    facts: Data = {}
    items: dict[str, dict[str, Data]] = {
        kind: {one.id: {"id": one.id} for one in subjects} for kind, subjects in world.entities.items()
    }
    for (subject, index), value in assignment.items():
        if isinstance(index, str):
            continue
        one = world.program.fields[subject.kind][index]
        if one.fact is None or not one.fact.asked:
            continue
        owner = facts if subject.kind == CASE else items[subject.kind][subject.id]
        said = plain(one.cells.samples(value)[0] if isinstance(value, Among) else value, one.type)
        if one.choice:
            owner.setdefault(one.fact.name, {})[one.choice] = said
        else:
            owner[one.fact.name] = said
    data: Data = {"today": world.today.isoformat()}
    if facts:
        data["facts"] = facts
    for kind, by_id in items.items():
        data[pack.entities[kind].plural] = list(by_id.values()) if by_id else []
    return data


# --- made smaller ---------------------------------------------------------------------------------------------------


def smaller(case: MadeUp, shows: Callable[[MadeUp], bool]) -> MadeUp:
    """The case without anything that it can do without and still show what it shows."""
    going = True
    while going:
        going = False
        for path in _parts(case.data):
            without = MadeUp(_without(case.data, path))
            if shows(without):
                case, going = without, True
                break
    return case


Path = tuple[str | int, ...]


def _parts(data: Data) -> Iterator[Path]:
    """Paths to what may be left out, whole lists and things before single facts."""
    for key, value in data.items():
        if key == "today":
            continue
        yield (key,)
        if isinstance(value, list):
            for at, item in enumerate(value):
                yield key, at
                yield from ((key, at, name) for name in item if name != "id")
        elif isinstance(value, dict):
            yield from ((key, name) for name in value)


def _without(data: Data, path: Path) -> Data:
    changed = copy.deepcopy(data)
    owner: Any = changed
    for step in path[:-1]:
        owner = owner[step]
    del owner[path[-1]]
    return changed
