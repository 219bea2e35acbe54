"""What follows for the things of one kind, kept by what it follows from.

A `Factor` holds fields that see the same few parts of a case: equal parts, equal conclusions, so the rules are reasoned
over once for each combination that comes up. A `Cluster` puts factors together whose parts overlap, so that all of them
are found with one look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Final

import numpy as np

from advisor.columns.codes import Array, View
from advisor.columns.supports import Counted, Part, Result, Support
from advisor.reasoning.program import Field, Program
from advisor.values.types import Partial, Value

LARGEST: Final = 1 << 22
"""Combinations of a cluster that are looked up in an array; of more, those that come up are sorted."""
LARGEST_CODE: Final = 1 << 62


class Numbers:
    """What is seen of a number of entities, or of what the case came to: the number, or the value's, is its class."""

    def __init__(self, part: Counted | Result) -> None:
        self.part = part
        self.size = 1

    def reach(self, largest: int) -> None:
        """Classes up to `largest` may come up."""
        self.size = max(self.size, largest + 1)


Seen = View | Numbers
Sized = Callable[[Seen], int]
"""How many classes there are of what is seen."""


class Values:
    """The values that a field came to, numbered as they come."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.open: list[bool] = []
        self._numbers: dict[Value, int] = {}

    def number(self, value: Value) -> int:
        """The number of a value."""
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = len(self.values)
            self.values.append(value)
            self.open.append(isinstance(value, Partial))
        return found


class Rows:
    """Numbers of combinations of classes, and of each what the fields came to."""

    def __init__(self, seen: Sequence[Seen], fields: Sequence[Field]) -> None:
        self.seen = seen
        self.fields = fields
        self.found: Array = np.zeros((len(fields), 64), np.int32)
        """For each field, by row: the number of its value."""
        self.count = 0
        self._keys: Array = np.zeros((64, len(seen)), np.int32)
        """By row: the class of each part."""
        self._sizes: tuple[int, ...] = ()
        self._lookup: Array | None = None
        self._sparse: dict[int, int] = {}
        self.strides: list[int] = []
        self.arrange()

    def arrange(self) -> bool:
        """Makes room for classes that are new; False where there are too many combinations to be numbered."""
        sizes = tuple(one.size for one in self.seen)
        if sizes == self._sizes:
            return True
        strides, total = [], 1
        for size in sizes:
            strides.append(total)
            total *= size
        if total >= LARGEST_CODE:
            return False
        self._sizes, self.strides = sizes, strides
        codes = self._keys[: self.count] @ np.array(strides, np.int64) if strides else np.zeros(self.count, np.int64)
        self._lookup = np.full(total, -1, np.int32) if total <= LARGEST else None
        self._sparse = {}
        if self._lookup is not None:
            self._lookup[codes] = np.arange(self.count, dtype=np.int32)
        else:
            self._sparse = dict(zip(codes.tolist(), range(self.count), strict=True))
        return True

    @property
    def small(self) -> bool:
        """Whether codes fit into 32 bits."""
        return self._lookup is not None

    def look_up(self, codes: Array) -> Array:
        """The rows of codes; -1 where a combination never came up."""
        if self._lookup is not None:
            return self._lookup.take(codes)
        distinct, inverse = np.unique(codes, return_inverse=True)
        known = self._sparse
        return np.array([known.get(one, -1) for one in distinct.tolist()], np.int32)[inverse]

    def add(self, codes: Array, classes: Array, found: Array) -> None:
        """Adds rows: their codes, the classes of their parts (a row each), the numbers of their values (by field)."""
        start, self.count = self.count, self.count + len(codes)
        while self.count > self.found.shape[1]:
            self.found = np.concatenate([self.found, np.zeros_like(self.found)], axis=1)
            self._keys = np.concatenate([self._keys, np.zeros_like(self._keys)])
        self.found[:, start : self.count] = found
        self._keys[start : self.count] = classes
        rows = np.arange(start, self.count, dtype=np.int32)
        if self._lookup is not None:
            self._lookup[codes] = rows
        else:
            self._sparse.update(zip(codes.tolist(), rows.tolist(), strict=True))

    def split(self, codes: Array) -> Array:
        """The classes of which codes are put together, a row each."""
        found = np.zeros((len(codes), len(self.seen)), np.int64)
        rest = np.asarray(codes, np.int64)
        for at, size in enumerate(self._sizes):
            rest, found[:, at] = np.divmod(rest, size)
        return found


def combined(rows: Rows, classes: Array) -> Array:
    """The codes of classes, a row each."""
    strides = np.array(rows.strides, np.int64)
    return np.asarray(classes @ strides if len(strides) else np.zeros(len(classes), np.int64))


class Factor:
    """Fields of one kind that see the same few parts: reasoned over once for each combination of these."""

    def __init__(self, kind: str, level: int, support: Support, fields: Sequence[Field], program: Program) -> None:
        """`level`: after how many others it is worked out, which its parts come from."""
        self.kind = kind
        self.level = level
        self.support = support
        self.fields = fields
        self.rows = Rows(seen_by(support, program), fields)

    def classes(self, cluster: Rows, classes: Array) -> Array:
        """The classes of its parts, a row each, from those of a cluster's parts."""
        places = {subject_of(one): at for at, one in enumerate(cluster.seen)}
        found = np.zeros((len(classes), len(self.rows.seen)), np.int64)
        for at, one in enumerate(self.rows.seen):
            place = places[subject_of(one)]
            theirs = cluster.seen[place]
            if isinstance(one, View) and isinstance(theirs, View):
                found[:, at] = one.narrowed(theirs)[classes[:, place]]
            elif isinstance(one, Numbers):
                one.reach(theirs.size - 1)
                found[:, at] = classes[:, place]
        return found


def subject_of(seen: Seen) -> object:
    """What is seen, whichever part of it."""
    return (seen.field.kind, seen.field.index) if isinstance(seen, View) else seen.part


def seen_by(support: Support, program: Program) -> list[Seen]:
    """What is seen of each field and number of a support."""
    fields: dict[tuple[str, int], list[Part]] = {}
    numbers: list[Counted | Result] = []
    for part in support:
        if isinstance(part, Counted | Result):
            numbers.append(part)
        else:
            fields.setdefault((part.kind, part.index), []).append(part)
    views = [View(program.fields[kind][index], parts) for (kind, index), parts in sorted(fields.items())]
    return [*views, *map(Numbers, sorted(numbers, key=repr))]


def factors(targets: Sequence[tuple[Field, Support, int]], program: Program) -> list[Factor]:
    """Fields with their supports and levels, together where one support holds the other."""
    found: list[Factor] = []
    places = sorted({(level, one.kind) for one, _, level in targets})
    for level, kind in places:
        here = [(one, support) for one, support, at in targets if (at, one.kind) == (level, kind)]
        supports = sorted({support for _, support in here}, key=lambda one: (-len(one), sorted(map(repr, one))))
        greatest: dict[Support, list[Field]] = {}
        for support in supports:
            if not any(support <= other for other in greatest):
                greatest[support] = []
        for one, support in here:
            greatest[next(other for other in greatest if support <= other)].append(one)
        found += [Factor(kind, level, support, fields, program) for support, fields in greatest.items()]
    return found


class Cluster:
    """Factors of one kind and level that are looked up together."""

    def __init__(self, factors: Sequence[Factor], program: Program) -> None:
        self.kind = factors[0].kind
        self.level = factors[0].level
        self.factors = factors
        self.fields = [field for one in factors for field in one.fields]
        self.lanes: dict[tuple[int, ...], Array] = {}
        """Whether fields are met, by row, kept by whoever counts."""
        self.place = {field.index: at for at, field in enumerate(self.fields)}
        self.rows = Rows(seen_by(frozenset().union(*(one.support for one in factors)), program), self.fields)


def clusters(factors: Sequence[Factor], largest: int, program: Program, sized: Sized) -> list[Cluster]:
    """Factors put together as long as no more than `largest` combinations are possible. `sized` tells of a view's."""
    found: list[list[Factor]] = []
    for one in factors:
        best = None
        for group in found:
            if (group[0].kind, group[0].level) == (one.kind, one.level):
                size = _combinations([*group, one], program, sized)
                if size <= largest and (best is None or size < best[0]):
                    best = (size, group)
        if best is None:
            found.append([one])
        else:
            best[1].append(one)
    return [Cluster(group, program) for group in found]


def _combinations(group: Sequence[Factor], program: Program, sized: Sized) -> int:
    seen = seen_by(frozenset().union(*(one.support for one in group)), program)
    return prod(sized(one) for one in seen)
