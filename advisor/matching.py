"""Conditions matched in three values: compiled to conjunctions for the network, answers kept by signature.

For a group of conditions a thing is only the vector of cells that its fields may be in (its *signature*). The network
reasons once for each distinct signature; the answer, true, false or unknown for each condition, is kept and used again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from advisor.cells import Cells
from advisor.expressions import And, Condition, Not, Or
from advisor.network import MOST_ALTERNATIVES, MOST_PROPERTIES, Conjunction, Ruleset, Test

Outcome = bool | None
"""True, false, or (None) unknown."""
Operand = int
"""A place in the signature."""
Clause = Mapping[Operand, int]
"""For each operand the cells it must surely be within: all of them together."""

MOST_CLAUSES: Final = 256
"""Clauses that one condition may come to."""
MOST_KEPT: Final = 50_000
"""Answers kept by signature before they are all dropped, so that memory stays flat."""


class TooComplicated(ValueError):
    """A condition has too many alternatives; it should be split by a derived fact."""


Atoms = Callable[[Condition], tuple[Operand, int]]
"""For an atom: where its operand stands in the signature, and the cells in which it holds."""


def clauses(condition: Condition, atoms: Atoms, wanted: bool) -> list[Clause]:
    """When `condition` is surely true (`wanted`) or surely false: one of these clauses. Raises TooComplicated."""
    match condition:
        case Not(operand):
            return clauses(operand, atoms, not wanted)
        case And(operands) | Or(operands):
            parts = [clauses(one, atoms, wanted) for one in operands]
            return _all_of(parts) if isinstance(condition, And) == wanted else _any_of(parts)
    operand, cells = atoms(condition)
    # A complement is a negative number until the matcher cuts it to the operand's own cells.
    return [{operand: cells if wanted else ~cells}]


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

    def __init__(self, conditions: Sequence[Condition], operands: Sequence[Cells], atoms: Atoms) -> None:
        """Raises TooComplicated."""
        self.count = len(conditions)
        self._operands = operands
        self._known: dict[tuple[int, ...], tuple[Outcome, ...]] = {}
        self._constant: dict[int, Outcome] = {}
        self._rulesets = self._compile(conditions, atoms)

    def _compile(self, conditions: Sequence[Condition], atoms: Atoms) -> list[tuple[Ruleset, list[Operand]]]:
        found: list[tuple[str, Clause]] = []
        for number, condition in enumerate(conditions):
            for wanted in (True, False):
                for clause in clauses(condition, atoms, wanted):
                    tight = {operand: cells & self._operands[operand].all for operand, cells in clause.items()}
                    tight = {operand: cells for operand, cells in tight.items() if cells != self._operands[operand].all}
                    if not tight:
                        self._constant[number] = wanted
                    elif all(tight.values()):
                        found.append((f"{number}{'t' if wanted else 'f'}#{len(found)}", tight))
        return [self._ruleset(chunk) for chunk in _chunks(found, self._operands)]

    def _ruleset(self, chunk: list[tuple[str, Clause]]) -> tuple[Ruleset, list[Operand]]:
        used = sorted({operand for _, clause in chunk for operand in clause})
        conjunctions = {name: _tests(clause, self._operands) for name, clause in chunk}
        return Ruleset(conjunctions), used

    def match(self, signatures: Sequence[tuple[int, ...]]) -> list[tuple[Outcome, ...]]:
        """For each signature (the possible cells of each operand) the outcome of each condition."""
        known = self._known
        missing = list({signature for signature in signatures if signature not in known})
        if missing:
            if len(known) > MOST_KEPT:
                known.clear()
                missing = list(set(signatures))
            known.update(zip(missing, self.reason(missing), strict=True))
        return [known[signature] for signature in signatures]

    def reason(self, signatures: Sequence[tuple[int, ...]]) -> list[tuple[Outcome, ...]]:
        """What `match` gives, always reasoned anew by the network."""
        fired: list[set[str]] = [set() for _ in signatures]
        for ruleset, used in self._rulesets:
            facts = [_fact(signature, used) for signature in signatures]
            for found, names in zip(fired, ruleset.match(facts), strict=True):
                found |= names
        return [tuple(self._outcome(number, names) for number in range(self.count)) for names in fired]

    def _outcome(self, number: int, names: set[str]) -> Outcome:
        if number in self._constant:
            return self._constant[number]
        return True if f"{number}t" in names else False if f"{number}f" in names else None


def _chunks(found: list[tuple[str, Clause]], operands: Sequence[Cells]) -> list[list[tuple[str, Clause]]]:
    """Clauses in groups that one ruleset carries; alike for any order of the operands' other users."""
    chunks: list[list[tuple[str, Clause]]] = []
    weight = 0
    properties: set[int] = set()
    for name, clause in found:
        branches = _branches(clause, operands)
        if branches > MOST_ALTERNATIVES:
            raise TooComplicated
        wider = properties | set(clause)
        if not chunks or weight + branches > MOST_ALTERNATIVES or _room(wider, operands) > MOST_PROPERTIES:
            chunks.append([])
            weight, wider = 0, set(clause)
        chunks[-1].append((name, clause))
        weight += branches
        properties = wider
        if _room(properties, operands) > MOST_PROPERTIES:
            raise TooComplicated
    return chunks


def _room(used: set[int], operands: Sequence[Cells]) -> int:
    return sum(2 + max(0, operands[operand].count - 2) for operand in used)


def _branches(clause: Clause, operands: Sequence[Cells]) -> int:
    product = 1
    for operand, cells in clause.items():
        for low, high in _runs(~cells & operands[operand].all):
            if low > 0 and high < operands[operand].count - 1:
                product *= 3
    return product


def _fact(signature: tuple[int, ...], used: list[Operand]) -> dict[str, int]:
    """The lowest and highest possible cell of each operand, and the cells between that are not possible."""
    fact: dict[str, int] = {}
    for operand in used:
        cells = signature[operand]
        low, high = (cells & -cells).bit_length() - 1, cells.bit_length() - 1
        fact[f"l{operand}"] = low
        fact[f"h{operand}"] = high
        if high - low >= 2:
            for cell in range(low + 1, high):
                if not cells >> cell & 1:
                    fact[f"x{operand}_{cell}"] = 1
    return fact


def _tests(clause: Clause, operands: Sequence[Cells]) -> Conjunction:
    """That each operand is surely within its cells: no run of cells outside of them is possible."""
    tests: list[Test] = []
    for operand, cells in sorted(clause.items()):
        last = operands[operand].count - 1
        for low, high in _runs(~cells & operands[operand].all):
            tests.append(_excluded(operand, low, high, last))
    return tests


def _excluded(operand: Operand, low: int, high: int, last: int) -> Test:
    above: Test = (f"l{operand}", "$gt", high)
    below: Test = (f"h{operand}", "$lt", low)
    if low == 0:
        return above
    if high == last:
        return below
    holes = [(f"x{operand}_{cell}", "$eq", 1) for cell in range(low, high + 1)]
    return ("or", above, below, holes[0] if len(holes) == 1 else ("and", *holes))


def _runs(cells: int) -> list[tuple[int, int]]:
    """First and last cell of each unbroken run."""
    runs: list[tuple[int, int]] = []
    cell = 0
    while cells >> cell:
        if cells >> cell & 1:
            start = cell
            while cells >> (cell + 1) & 1:
                cell += 1
            runs.append((start, cell))
        cell += 1
    return runs
