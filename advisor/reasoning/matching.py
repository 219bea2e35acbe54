"""Conditions matched in three values: compiled to conjunctions for the network, answers kept by signature.

For a group of conditions a thing is only the vector of cells that its fields may be in (its *signature*). The network
reasons once for each distinct signature; the answer, true, false or unknown for each condition, is kept and used again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from advisor.language.tree import And, Condition, Not, Or
from advisor.reasoning.cells import Cells
from advisor.reasoning.network import MOST_ALTERNATIVES, MOST_PROPERTIES, Conjunction, Ruleset, Test

Outcome = bool | None
"""True, false, or (None) unknown."""
Operand = int
"""A place in the signature."""
Flag = tuple[Operand, int, int]
"""An operand, and the first and the last of an unbroken run of its cells."""
Clause = Mapping[Operand, int]
"""For each operand the cells it must surely be within: all of them together."""

MOST_CLAUSES: Final = 256
"""Clauses that one condition may come to."""
MOST_KEPT: Final = 50_000
"""Answers kept by signature before they are all dropped, so that memory stays flat."""


class TooComplicated(ValueError):
    """A condition has too many alternatives; it should be split by a derived fact."""


Atoms = Callable[[Condition], tuple[Operand, int] | None]
"""For an atom: where its operand stands in the signature, and the cells in which it holds; for and, or and not:
None."""


def clauses(condition: Condition, atoms: Atoms, wanted: bool) -> list[Clause]:
    """When `condition` is surely true (`wanted`) or surely false: one of these clauses. Raises TooComplicated."""
    found = atoms(condition)
    match condition:
        case Not(operand) if found is None:
            return clauses(operand, atoms, not wanted)
        case And(operands) | Or(operands) if found is None:
            parts = [clauses(one, atoms, wanted) for one in operands]
            return _all_of(parts) if isinstance(condition, And) == wanted else _any_of(parts)
    if found is None:
        raise TypeError(condition)
    place, cells = found
    # A complement is a negative number until the matcher cuts it to the operand's own cells.
    return [{place: cells if wanted else ~cells}]


def _any_of(parts: list[list[Clause]]) -> list[Clause]:
    return _absorbed([clause for part in parts for clause in part])


def _all_of(parts: list[list[Clause]]) -> list[Clause]:
    found: list[Clause] = [{}]
    for part in sorted(parts, key=len):
        found = _absorbed([_both(one, other) for one in found for other in part])
    return found


def _both(one: Clause, other: Clause) -> Clause:
    both = dict(one)
    for operand, cells in other.items():
        both[operand] = both.get(operand, -1) & cells
    return both


def _absorbed(found: list[Clause]) -> list[Clause]:
    """Without clauses that another one makes superfluous."""
    if len(found) > MOST_CLAUSES * 8:
        raise TooComplicated
    kept: list[Clause] = []
    for clause in sorted(found, key=len):
        if not any(_implies(clause, weaker) for weaker in kept):
            kept.append(clause)
    if len(kept) > MOST_CLAUSES:
        raise TooComplicated
    return kept


def _implies(clause: Clause, weaker: Clause) -> bool:
    return all(operand in clause and clause[operand] & ~cells == 0 for operand, cells in weaker.items())


class Matcher:
    """A group of conditions over one vector of operands."""

    def __init__(
        self,
        conditions: Sequence[Condition],
        operands: Sequence[Cells],
        atoms: Atoms,
        compiled: Compiled | None = None,
    ) -> None:
        """`compiled`: what the same conditions were compiled to before. Raises TooComplicated."""
        self.count = len(conditions)
        self._operands = operands
        self._known: dict[tuple[int, ...], tuple[Outcome, ...]] = {}
        self._constant: dict[int, Outcome] = {}
        self.holding: list[list[Clause]] = [[] for _ in conditions]
        """For each condition the clauses of which one holds wherever it is true; an empty clause always holds."""
        if compiled is not None:
            self._constant, self.holding, self._parts = compiled
        else:
            self._parts = self._compile(conditions, atoms)

    @property
    def compiled(self) -> Compiled:
        """What the conditions were compiled to."""
        return self._constant, self.holding, self._parts

    def _compile(self, conditions: Sequence[Condition], atoms: Atoms) -> list[_Part]:
        found: list[tuple[str, Clause]] = []
        for number, condition in enumerate(conditions):
            for wanted in (True, False):
                for clause in clauses(condition, atoms, wanted):
                    tight = {operand: cells & self._operands[operand].all for operand, cells in clause.items()}
                    tight = {operand: cells for operand, cells in tight.items() if cells != self._operands[operand].all}
                    if wanted and all(tight.values()):
                        self.holding[number].append(tight)
                    if not tight:
                        self._constant[number] = wanted
                    elif all(tight.values()):
                        found.append((f"{number}{'t' if wanted else 'f'}#{len(found)}", tight))
        return [_part(chunk, self._operands) for chunk in _chunks(found, self._operands)]

    def match(self, signatures: Sequence[tuple[int, ...]]) -> list[tuple[Outcome, ...]]:
        """For each signature (the possible cells of each operand) the outcome of each condition."""
        known = self._known
        try:
            return [known[signature] for signature in signatures]
        except KeyError:
            if len(known) > MOST_KEPT:
                known.clear()
            missing = list({signature for signature in signatures if signature not in known})
            known.update(zip(missing, self.reason(missing), strict=True))
            return [known[signature] for signature in signatures]

    def overlapping(self) -> Iterator[tuple[int, int]]:
        """The pairs of conditions, by number, that some cells of the operands make true together; by number.

        Only conditions that share a cell of the operand that tells most of them apart are compared with each other, so
        that of many rows of a table few are.
        """
        found: set[tuple[int, int]] = set()
        for many in self._sharing():
            for one, other in combinations(many, 2):
                if (one, other) not in found and self._meet(one, other):
                    found.add((one, other))
        yield from sorted(found)

    def _meet(self, one: int, other: int) -> bool:
        return any(all(_both(a, b).values()) for a in self.holding[one] for b in self.holding[other])

    def _sharing(self) -> list[list[int]]:
        """The conditions (by number) that may hold in each cell of the operand that tells most of them apart."""
        ways = [list(range(self.count))]
        for operand in {operand for several in self.holding for clause in several for operand in clause}:
            cells: dict[int, list[int]] = {}
            for number, several in enumerate(self.holding):
                may = 0
                for clause in several:
                    may |= clause.get(operand, self._operands[operand].all)
                while may:
                    cells.setdefault(may & -may, []).append(number)
                    may &= may - 1
            ways = min(ways, list(cells.values()), key=lambda many: sum(len(one) ** 2 for one in many))
        return ways

    def reason(self, signatures: Sequence[tuple[int, ...]]) -> list[tuple[Outcome, ...]]:
        """What `match` gives, always reasoned anew by the network."""
        fired: list[set[str]] = [set() for _ in signatures]
        for part in self._parts:
            facts = [part.fact(signature) for signature in signatures]
            for found, names in zip(fired, part.ruleset.match(facts), strict=True):
                found.update(names)
        return [tuple(self._outcome(number, names) for number in range(self.count)) for names in fired]

    def _outcome(self, number: int, names: set[str]) -> Outcome:
        if number in self._constant:
            return self._constant[number]
        return True if f"{number}t" in names else False if f"{number}f" in names else None


@dataclass(frozen=True, slots=True)
class _Part:
    """One ruleset, and what a fact must say for it: ranges of operands, and which runs of cells are excluded."""

    ruleset: Ruleset
    ranges: tuple[Operand, ...]
    flags: tuple[Flag, ...]

    def fact(self, signature: tuple[int, ...]) -> dict[str, int]:
        """The lowest and highest possible cell of each operand, and which of the flagged runs are not possible."""
        fact: dict[str, int] = {}
        for operand in self.ranges:
            cells = signature[operand]
            fact[f"l{operand}"] = (cells & -cells).bit_length() - 1
            fact[f"h{operand}"] = cells.bit_length() - 1
        for operand, low, high in self.flags:
            if not signature[operand] & ((1 << (high + 1)) - (1 << low)):
                fact[f"x{operand}_{low}_{high}"] = 1
        return fact


Compiled = tuple[dict[int, Outcome], list[list[Clause]], list[_Part]]
"""What conditions were compiled to: which are always so, when each holds, and the rulesets."""


def _part(chunk: list[tuple[str, Clause]], operands: Sequence[Cells]) -> _Part:
    conjunctions = {name: _tests(clause, operands) for name, clause in chunk}
    ranges = sorted({operand for _, clause in chunk for operand in clause})
    flags = sorted({flag for _, clause in chunk for flag in _flags(clause, operands)})
    return _Part(Ruleset(conjunctions), tuple(ranges), tuple(flags))


def _chunks(found: list[tuple[str, Clause]], operands: Sequence[Cells]) -> list[list[tuple[str, Clause]]]:
    """Clauses in groups that one ruleset carries."""
    chunks: list[list[tuple[str, Clause]]] = []
    used: set[object] = set()
    for name, clause in found:
        needs: set[object] = {*clause, *((operand, "high") for operand in clause), *_flags(clause, operands)}
        if len(needs) > MOST_PROPERTIES:
            raise TooComplicated
        if not chunks or len(chunks[-1]) >= MOST_ALTERNATIVES or len(used | needs) > MOST_PROPERTIES:
            chunks.append([])
            used = set()
        chunks[-1].append((name, clause))
        used |= needs
    return chunks


def _flags(clause: Clause, operands: Sequence[Cells]) -> Iterator[Flag]:
    """The runs of cells that must be excluded although they lie between cells that may be possible."""
    for operand, cells in clause.items():
        last = operands[operand].count - 1
        for low, high in _runs(~cells & operands[operand].all):
            if low > 0 and high < last:
                yield operand, low, high


def _tests(clause: Clause, operands: Sequence[Cells]) -> Conjunction:
    """That each operand is surely within its cells: no run of cells outside of them is possible."""
    tests: list[Test] = [(f"x{operand}_{low}_{high}", "$eq", 1) for operand, low, high in _flags(clause, operands)]
    for operand, cells in sorted(clause.items()):
        last = operands[operand].count - 1
        for low, high in _runs(~cells & operands[operand].all):
            if low == 0:
                tests.append((f"l{operand}", "$gt", high))
            elif high == last:
                tests.append((f"h{operand}", "$lt", low))
    return tests


def _runs(cells: int) -> list[tuple[int, int]]:
    """First and last cell of each unbroken run."""
    runs: list[tuple[int, int]] = []
    start = 0
    while cells:
        gap = (cells & -cells).bit_length() - 1
        cells >>= gap
        start += gap
        length = (~cells & (cells + 1)).bit_length() - 1
        runs.append((start, start + length - 1))
        cells >>= length
        start += length
    return runs
