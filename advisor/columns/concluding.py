"""Conclusions of whole tables: columns become codes, and a new combination of codes is reasoned over once.

In: a pack and Arrow tables. Out: for each fact that is worked out the number of its value in each row; and which rows
must be reasoned over one by one, since what is said in them is wrong, or leaves open what only a search can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from advisor.advice.advisor import LoadedPack
from advisor.cases.case import Answer, Case, Item, Items
from advisor.columns.codes import Array, Reader, Said, View, answers_at, said
from advisor.columns.documents import Column, whole
from advisor.columns.factors import Cluster, Numbers, Rows, Seen, Values, clusters, combined, factors
from advisor.columns.schema import UNREADABLE, Layout, Lists
from advisor.columns.supports import Counted, Exactly, Result, Support, Supports, Within
from advisor.files.shapes import ID, looks_like
from advisor.language.tree import CASE
from advisor.reasoning.evaluation import Aggregated
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values.types import REFERENCE

BLOCK: Final = 16_384
"""Cases looked at together: what is known of them stays in the processor's cache."""
TOGETHER: Final = 1 << 20
"""Combinations of the parts of a cluster."""
MOST_ITEMS: Final = 5000
FEW: Final = 16
LANES: Final = 4
"""Numbers of entities that are added up in one go, in 16 bits each."""


@dataclass
class Many:
    """The things of one kind in a table: the cases, or the entities of a list."""

    said: dict[str, Said] = field(default_factory=dict)
    """By fact."""
    lengths: Array | None = None
    """Of a list: how many there are in each case."""
    starts: Array | None = None
    """Where those of each case begin."""
    ids: pa.Array | None = None
    absent: Array | None = None
    """The cases in which they were not listed."""


@dataclass
class Found:
    """What followed: for the things of each kind, by cluster, the row that says it. `slow`: cases still to be done."""

    slow: Array
    many: Mapping[str, Many]
    rows: dict[int, Array]
    """By the cluster's number."""


class Concluding:
    """Works out the conclusions of the tables of one pack, as of one day."""

    def __init__(
        self, pack: LoadedPack, wanted: Mapping[str, Sequence[Field]], today: date, as_of: date | None
    ) -> None:
        """`wanted`: by kind, the fields that are asked for."""
        self.pack = pack
        self.program = pack.program
        self.today = today
        self.as_of = as_of or today
        self.values: dict[tuple[str, int], Values] = {}
        self.supports = Supports(self.program)
        self.bounds = [self.program.condition(one.about, one.that) for one in pack.data.must_hold]
        targets = self._targets([*(one for fields in wanted.values() for one in fields), *self.bounds])
        self.usable = targets is not None
        """Whether all that is wanted can be worked out by columns."""
        self.factors = factors(targets or (), self.program)
        self.clusters: list[Cluster] = []
        self.readers: dict[tuple[str, str], Reader] = {}
        self.counted = {
            self.program.aggregates[part.number].node.entity
            for one in self.factors
            for part in one.support
            if isinstance(part, Counted)
        }
        """The kinds of entities that something hangs on how many there are of."""
        parts = {part for _, support, _ in targets or () for part in support}
        self.exact = {(part.kind, part.index) for part in parts if isinstance(part, Exactly)}
        self.looked_at = {(part.kind, part.index) for part in parts if isinstance(part, Exactly | Within)}

    def _targets(self, wanted: Sequence[Field]) -> list[tuple[Field, Support, int]] | None:
        """The fields to be worked out with what they see, and after how many others; None where one sees too much."""
        found: dict[tuple[str, int], tuple[Field, Support, int]] = {}

        def add(one: Field) -> int | None:
            known = found.get((one.kind, one.index))
            if known is not None:
                return known[2]
            comparing = self.supports.comparing.get(one.index) if one.kind == CASE else None
            support = comparing if comparing is not None else self.supports.of(one)
            if support is None:
                return None
            level = 0
            for part in support:
                if isinstance(part, Counted):
                    counted = self.program.aggregates[part.number]
                    if counted.matched < 0:
                        continue
                    below = add(self.program.fields[counted.node.entity][counted.matched])
                elif isinstance(part, Result):
                    below = add(self.program.fields[CASE][part.index])
                else:
                    continue
                if below is None:
                    return None
                level = max(level, below + 1)
            found[one.kind, one.index] = (one, support, level)
            self.values[one.kind, one.index] = Values()
            return level

        return None if None in [add(one) for one in wanted] else list(found.values())

    def held(self) -> int:
        """How much is kept: values and classes of all combinations."""
        rows = [*(one.rows for one in self.clusters), *(one.rows for one in self.factors)]
        combinations = sum(one.count * (len(one.fields) + len(one.seen)) for one in rows)
        return combinations + sum(len(one.values) for one in self.values.values())

    # --- a table -------------------------------------------------------------------------------------------------

    def conclude(self, table: pa.Table, layout: Layout) -> Found:
        """What follows in each row of a table."""
        slow = np.full(len(table), not self.usable)
        many = self._many(table, layout, slow)
        if not self.usable:
            return Found(slow, many, {})
        if not self.clusters:
            self._put_together(many)
        tables = {number: self._class_tables(one, many) for number, one in enumerate(self.clusters)}
        found = Found(slow, many, {})
        for number, one in enumerate(self.clusters):
            things = many.get(one.kind)
            length = len(table) if one.kind == CASE else 0 if things is None else int(things.starts[-1])  # type: ignore[index]
            found.rows[number] = np.zeros(length, np.int32)
        for low in range(0, len(table), BLOCK):
            _Block(self, found, tables, low, min(low + BLOCK, len(table))).work()
        return found

    def _many(self, table: pa.Table, layout: Layout, slow: Array) -> dict[str, Many]:
        """Reads all columns; notes the rows that must be reasoned over one by one."""
        for name in (*(one for one in layout.head if one != "id"), *([UNREADABLE] if layout.unreadable else [])):
            slow |= pc.is_valid(table[name]).to_numpy()
        cases = Many()
        for name, fact in layout.facts.items():
            cases.said[fact.name] = one = self._said(CASE, fact.name, table[name])
            if one.wrong is not None:
                slow |= one.wrong
            if fact.type.kind == REFERENCE:  # it must be listed
                slow |= pc.is_valid(table[name]).to_numpy()
        found = {CASE: cases}
        for entity in self.pack.data.entities:
            lists = next((one for one in layout.lists if one.entity.id == entity), None)
            if lists is not None:
                found[entity] = self._listed(table[lists.column], lists, slow)
            else:
                none = np.zeros(len(table), np.int64)
                found[entity] = Many(lengths=none, starts=np.append(none, 0), absent=np.ones(len(table), bool))
                slow |= entity in self.counted
        return found

    def _said(self, kind: str, name: str, column: Column) -> Said:
        fact = self.pack.data.facts[kind][name]
        reader = self.readers.get((kind, name))
        if reader is None:
            reader = self.readers[kind, name] = Reader(self.pack.data, fact, self.pack.case)
        one = self.program.find(kind, name)
        plain = one is not None and one.type.ordered and (kind, one.index) not in self.exact
        points = one.cells.points if one is not None and plain else None
        return said(column, reader, points, looked_at=one is None or (kind, one.index) in self.looked_at)

    def _listed(self, column: Column, lists: Lists, slow: Array) -> Many:
        listed = whole(column)
        lengths = pc.list_value_length(listed)
        counts = pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False).astype(np.int64)
        slow |= counts > MOST_ITEMS
        found = Many(lengths=counts, starts=np.concatenate([[0], np.cumsum(counts)]))
        if lengths.null_count:
            found.absent = pc.is_null(lengths).to_numpy(zero_copy_only=False)
            if lists.entity.id in self.counted:  # how many there are is not known
                slow |= found.absent
        inner = listed.flatten()
        parts = dict(zip((one.name for one in inner.type), inner.flatten(), strict=True))
        for name in lists.head:
            if name == "id":
                found.ids = parts[name]
                self._check_ids(found, slow)
            else:
                self._slow(found, pc.is_valid(parts[name]).to_numpy(zero_copy_only=False), slow)
        for name, fact in lists.facts.items():
            found.said[fact.name] = one = self._said(lists.entity.id, fact.name, parts[name])
            if one.wrong is not None:
                self._slow(found, one.wrong, slow)
            if fact.type.kind == REFERENCE:
                self._slow(found, pc.is_valid(parts[name]).to_numpy(zero_copy_only=False), slow)
        return found

    def _slow(self, many: Many, marked: Array, slow: Array) -> None:
        """Notes the cases of marked entities."""
        assert many.starts is not None
        slow[np.searchsorted(many.starts, np.flatnonzero(marked), side="right") - 1] = True

    def _check_ids(self, many: Many, slow: Array) -> None:
        """Ids must be there, be well formed, and differ within a case."""
        assert many.ids is not None
        assert many.lengths is not None
        encoded = many.ids.dictionary_encode() if not pa.types.is_dictionary(many.ids.type) else many.ids
        ids = encoded.dictionary.to_pylist()
        bad = np.array([not (isinstance(one, str) and looks_like(one, ID)) for one in [*ids, None]])
        raw = pc.fill_null(encoded.indices.cast(pa.int64()), len(ids)).to_numpy(zero_copy_only=False)
        self._slow(many, bad[raw], slow)
        keys = np.repeat(np.arange(len(many.lengths)), many.lengths) * (len(ids) + 1) + raw
        order = np.argsort(keys, kind="stable")
        again = np.zeros(len(keys), bool)
        again[order[1:]] = keys[order[1:]] == keys[order[:-1]]
        self._slow(many, again, slow)

    # --- clusters ------------------------------------------------------------------------------------------------

    def _put_together(self, many: Mapping[str, Many]) -> None:
        """Clusters, by how many classes there are of what the first table says."""
        sizes: dict[object, int] = {}

        def sized(seen: Seen) -> int:
            key = (
                (seen.field.kind, seen.field.index, tuple(seen.told), bool(seen.exact))
                if isinstance(seen, View)
                else seen.part
            )
            if key not in sizes:
                if isinstance(seen, View):
                    seen.table(self.column(many, seen.field))
                    sizes[key] = seen.size
                else:
                    sizes[key] = (
                        2 if isinstance(seen.part, Result) else 1 + _most(many, self._counted(seen.part).node.entity)
                    )
            return sizes[key]

        self.clusters = sorted(clusters(self.factors, TOGETHER, self.program, sized), key=lambda one: one.level)

    def _counted(self, part: Counted) -> Aggregated:
        return self.program.aggregates[part.number]

    def column(self, many: Mapping[str, Many], one: Field) -> Said | None:
        """What a table says of a field; None where it says nothing."""
        assert one.fact is not None
        things = many.get(one.kind)
        return None if things is None else things.said.get(one.fact.name)

    def _class_tables(self, cluster: Cluster, many: Mapping[str, Many]) -> list[Array | None]:
        """For each field that a cluster sees, the class of each entry of its column."""
        tables: list[Array | None] = []
        for one in cluster.rows.seen:
            if isinstance(one, View):
                tables.append(one.table(self.column(many, one.field)))
            else:
                if isinstance(one.part, Counted):
                    one.reach(_most(many, self._counted(one.part).node.entity))
                tables.append(None)
        return tables

    def world(self, many: Mapping[str, Many], row: int) -> World:
        """A row reasoned over, as far as conclusions hang on what it says; entities are called by their places."""
        entities = {}
        for kind, things in many.items():
            if kind != CASE and not (things.absent is not None and things.absent[row]):
                assert things.starts is not None
                span = range(int(things.starts[row]), int(things.starts[row + 1]))
                items = [Item(id=place(number), answers=_answers(things, at)) for number, at in enumerate(span)]
                entities[kind] = Items(items=tuple(items), more=False)
        case = Case(answers=_answers(many[CASE], row), entities=entities)
        return World(self.program, case, today=self.today, as_of=self.as_of)


def place(number: int) -> str:
    """What stands for the id of an entity: the order of the places is that of the names."""
    return f"{number:06}"


def _answers(things: Many, row: int) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for one in things.said.values():
        found |= answers_at(one, row)
    return found


def _most(many: Mapping[str, Many], kind: str) -> int:
    lengths = many[kind].lengths
    return min(int(lengths.max(initial=1)), MOST_ITEMS) if lengths is not None else 1


class _Block:
    """Some cases of a table, worked on together."""

    def __init__(
        self, owner: Concluding, found: Found, tables: Mapping[int, list[Array | None]], low: int, high: int
    ) -> None:
        self.owner = owner
        self.found = found
        self.tables = tables
        self.low, self.high = low, high
        self.slow = found.slow[low:high]
        self.numbers: dict[object, Array] = {}
        """Numbers of entities that were counted, and values of fields of the case that compare them."""
        self.worlds: dict[int, World] = {}

    def work(self) -> None:
        """Looks up what follows for each cluster, those first that others read."""
        for one in self.owner.program.aggregates:
            if one.matched < 0 and one.node.where is None and not one.node.others:
                self._say(one, self._lengths(one.node.entity))
        for number, cluster in enumerate(self.owner.clusters):
            start, stop = self._span(cluster.kind)
            codes = self._codes(cluster, self.tables[number])
            if codes is None:
                self.slow |= True
                continue
            rows = cluster.rows.look_up(codes)
            if rows.min(initial=0) < 0:
                self._learn(cluster, codes, rows)
                rows = np.maximum(cluster.rows.look_up(codes), 0)  # what is still unknown is in cases of their own
            self.found.rows[number][start:stop] = rows
            self._tell(cluster, rows)

    def _span(self, kind: str) -> tuple[int, int]:
        if kind == CASE:
            return self.low, self.high
        starts = self.found.many[kind].starts
        assert starts is not None
        return int(starts[self.low]), int(starts[self.high])

    def _lengths(self, kind: str) -> Array:
        lengths = self.found.many[kind].lengths
        assert lengths is not None
        return lengths[self.low : self.high]

    def _codes(self, cluster: Cluster, tables: Sequence[Array | None]) -> Array | None:
        """The combination of each thing; None where there are too many to be numbered."""
        rows = cluster.rows
        for one in rows.seen:
            if isinstance(one, Numbers) and isinstance(one.part, Result):
                one.reach(len(self.owner.values[CASE, one.part.index].values) - 1)
        if not rows.arrange():
            return None
        start, stop = self._span(cluster.kind)
        own: Array | None = None
        shared: Array | None = None
        for one, table, stride in zip(rows.seen, tables, rows.strides, strict=True):
            part = self._part(one, table, (np.int32 if rows.small else np.int64)(stride))
            if _kind(one) == cluster.kind:
                own = part if own is None else np.add(own, part, out=own)
            else:
                shared = part if shared is None else np.add(shared, part, out=shared)
        if shared is not None:
            spread = _spread(shared, self._lengths(cluster.kind))
            own = spread if own is None else np.add(own, spread, out=own)
        return np.zeros(stop - start, np.int32) if own is None else own

    def _part(self, one: Seen, table: Array | None, stride: Any) -> Array:  # noqa: ANN401 - a number of numpy
        """What one thing that is seen adds to the codes."""
        if table is None or not isinstance(one, View):
            return np.asarray(self.numbers[one.part].astype(type(stride)) * stride)  # type: ignore[union-attr]
        start, stop = self._span(_kind(one))
        said = self.owner.column(self.found.many, one.field)
        raw = np.zeros(stop - start, np.uint8) if said is None else said.raw[start:stop]
        if one.settled and any(one.open):
            self._mark(_kind(one), np.array(one.open)[table].take(raw))
        if _is_counting(table):
            return np.asarray(np.multiply(raw, stride, dtype=type(stride), casting="unsafe"))
        return np.asarray((table.astype(type(stride)) * stride).take(raw))

    def _mark(self, kind: str, marked: Array) -> None:
        """Cases of marked things are to be reasoned over one by one."""
        if kind == CASE:
            self.slow |= marked
        elif marked.any():
            owners = np.repeat(np.arange(self.high - self.low), self._lengths(kind))
            self.slow[owners[marked]] = True

    # --- what is new ---------------------------------------------------------------------------------------------

    def _learn(self, cluster: Cluster, codes: Array, rows: Array) -> None:
        """Works out combinations that are new, by their factors, but for those of slow cases."""
        of_slow = self.slow if cluster.kind == CASE else np.repeat(self.slow, self._lengths(cluster.kind))
        new = np.flatnonzero((rows < 0) & ~of_slow)
        if not len(new):
            return
        missing, first = np.unique(codes[new], return_index=True)
        things = new[first]
        classes = cluster.rows.split(missing)
        found = np.zeros((len(cluster.fields), len(missing)), np.int32)
        at = 0
        narrowed = [factor.classes(cluster.rows, classes) for factor in cluster.factors]
        for factor, mine in zip(cluster.factors, narrowed, strict=True):
            if not factor.rows.arrange():
                self.slow |= True
                return
            self._reason(cluster, factor.rows, mine, things)
            known = factor.rows.look_up(combined(factor.rows, mine))
            found[at : at + len(factor.fields)] = factor.rows.found[:, known]
            at += len(factor.fields)
        cluster.rows.add(missing, classes, found)

    def _reason(self, cluster: Cluster, rows: Rows, classes: Array, things: Array) -> None:
        """Reasons over one thing for each combination of a factor that is new."""
        codes = combined(rows, classes)
        new = np.flatnonzero(rows.look_up(codes) < 0)
        if not len(new):
            return
        distinct, first = np.unique(codes[new], return_index=True)
        chosen = new[first]
        subjects = [self._subject(cluster.kind, int(things[one])) for one in chosen]
        values = [[self._number(one, subject) for one in rows.fields] for subject in subjects]
        rows.add(distinct, classes[chosen], np.array(values, np.int32).T)

    def _number(self, one: Field, subject: Subject) -> int:
        return self.owner.values[one.kind, one.index].number(subject.values[one.index])

    def _subject(self, kind: str, thing: int) -> Subject:
        """One thing, its case reasoned over."""
        if kind == CASE:
            case, number = thing, 0
        else:
            starts = self.found.many[kind].starts
            assert starts is not None
            here = starts[self.low : self.high + 1] - starts[self.low]
            case = int(np.searchsorted(here, thing, side="right")) - 1
            number = thing - int(here[case])
        world = self.worlds.get(case)
        if world is None:
            world = self.worlds[case] = self.owner.world(self.found.many, self.low + case)
        return world.case if kind == CASE else world.by_id[kind][place(number)]

    # --- what others read ----------------------------------------------------------------------------------------

    def _tell(self, cluster: Cluster, rows: Array) -> None:
        """Counts entities, keeps what compares numbers, and notes cases that break what must hold."""
        owner = self.owner
        for one in owner.bounds:
            if one.kind == cluster.kind and one.index in cluster.place:
                broken = [value is False for value in owner.values[one.kind, one.index].values]
                if any(broken):
                    self._mark(cluster.kind, np.array(broken)[cluster.rows.found[cluster.place[one.index]]].take(rows))
        if cluster.kind == CASE:
            for index in owner.supports.comparing:
                if index in cluster.place:
                    self.numbers[Result(index)] = cluster.rows.found[cluster.place[index]].take(rows)
            return
        self._count(cluster, rows)

    def _lanes(self, cluster: Cluster, indices: Sequence[int]) -> Array:
        """For each row of a cluster whether some fields are met, side by side in one number."""
        key = tuple(indices)
        count = max(1, cluster.rows.count)
        known = cluster.lanes.get(key)
        if known is None or len(known) != count:
            known = np.zeros(count, np.uint64)
            for lane, index in enumerate(indices):
                values = self.owner.values[cluster.kind, index].values
                met = np.array([value is True for value in values] or [False])
                numbers = cluster.rows.found[cluster.place[index], :count]
                known |= met[numbers].astype(np.uint64) << np.uint64(16 * lane)
            cluster.lanes[key] = known
        return known

    def _count(self, cluster: Cluster, rows: Array) -> None:
        counted = [
            one
            for one in self.owner.program.aggregates
            if one.counts and one.node.entity == cluster.kind and one.matched in cluster.place
        ]
        if not counted:
            return
        lengths = self._lengths(cluster.kind)
        fields = list(dict.fromkeys(one.matched for one in counted))
        sums: dict[int, Array] = {}
        for start in range(0, len(fields), LANES):
            some = fields[start : start + LANES]
            for index in some:
                values = self.owner.values[cluster.kind, index]
                if any(values.open):
                    numbers = cluster.rows.found[cluster.place[index]]
                    self._mark(cluster.kind, np.array(values.open)[numbers].take(rows))
            together = _added(self._lanes(cluster, some).take(rows), lengths)
            for lane, index in enumerate(some):
                sums[index] = ((together >> np.uint64(16 * lane)) & np.uint64(0xFFFF)).astype(np.int64)
        for one in counted:
            self._say(one, sums[one.matched])

    def _say(self, one: Aggregated, number: Array) -> None:
        """Notes how many entities there are for an aggregate, or what it asks of that."""
        match one.node.op:
            case "any":
                number = number > 0
            case "no":
                number = number == 0
            case "every":
                number = number == self._lengths(one.node.entity)
        self.numbers[Counted(one.number)] = np.minimum(number, MOST_ITEMS)


def _kind(seen: Seen) -> str:
    """Of what something is seen: numbers of entities are the case's."""
    return seen.field.kind if isinstance(seen, View) else CASE


def _is_counting(table: Array) -> bool:
    """Whether the class of each entry is its number, so that none need be looked up."""
    return len(table) <= FEW and table.tolist() == list(range(len(table)))


def _spread(each: Array, lengths: Array) -> Array:
    """What each case has, once for each of its entities: the steps from one to the next, added up."""
    if len(lengths) and lengths.min() > 0:
        ends = np.cumsum(lengths)
        steps = np.zeros(int(ends[-1]), each.dtype)
        steps[ends - lengths] = np.diff(each, prepend=each.dtype.type(0))
        return np.cumsum(steps, dtype=each.dtype, out=steps)
    return np.repeat(each, lengths)


def _added(each: Array, lengths: Array) -> Array:
    """The sums of as many as each case has."""
    if len(lengths) and lengths.min() > 0:
        return np.add.reduceat(each, np.cumsum(lengths) - lengths)
    upto = np.concatenate([np.zeros(1, np.uint64), np.cumsum(each, dtype=np.uint64)])
    ends = np.cumsum(lengths)
    return np.asarray(upto[ends] - upto[ends - lengths])
