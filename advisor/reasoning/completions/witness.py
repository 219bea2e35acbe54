"""A witness for an end of a range: one completion of the case in which that very figure comes out.

In: a field of a subject, and one thing that it may come to, as the search found it. Out: what is taken of the unknowns,
tried out: under it the field comes to just that. The search adds up alike entities (`times`) that turn out differently,
and keeps of each unknown what one of them has; that is no completion that can be told. Where none is found within
`MOST` tries there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from advisor.reasoning.cells import FAR
from advisor.reasoning.completions import independence
from advisor.reasoning.completions.completion import Branch, Completion, NeedsTotal, Unbounded
from advisor.reasoning.completions.outlines import DECIDED, Outline, settled
from advisor.reasoning.formulas.terms import is_term
from advisor.reasoning.situation import Situation
from advisor.reasoning.subject import Assignment, Leaf, Reached, Subject
from advisor.values.types import Scalar, Value, Within

MOST: Final = 400
"""Completions tried for one figure."""


def witness(world: Situation, subject: Subject, index: int, reached: Reached) -> Assignment | None:
    """What is taken of the unknowns where the field comes to what was reached, all alike entities being alike."""
    outlined = any(is_term(value) for value in reached.assignment.values())
    views: tuple[type[Completion], ...] = (Outline, Completion) if outlined else (Completion, Outline)
    for view, start in ((views[0], reached.assignment), (views[0], {}), (views[1], {})):
        found = _search(_Sought(world, subject, index, reached.value), view, start)
        if found is not None:
            return {leaf: settled(value) for leaf, value in found.items() if not _is_way(leaf)}
    return None


@dataclass(frozen=True, slots=True)
class _Sought:
    """Of which field of which subject which value is sought."""

    world: Situation
    subject: Subject
    index: int
    value: Scalar

    def is_shown(self, view: Completion) -> bool:
        """Whether the field comes to that in a completion. Raises Branch and Unbounded."""
        return _comes_to(view.value(self.subject, self.index), self.value)


def _search(sought: _Sought, kind: type[Completion], start: Assignment) -> Assignment | None:
    alone = independence.stand_alone(sought.world, [(sought.subject, sought.index)])
    stack: list[dict[Leaf, Value]] = [dict(start)]
    for _ in range(MOST if not start else 1):
        if not stack:
            return None
        assignment = stack.pop()
        try:
            if sought.is_shown(kind(sought.world, assignment, {}, alone=alone)):
                return assignment
        except Branch as branch:
            stack.extend({**assignment, branch.leaf: sample} for sample in reversed(branch.samples))
        except (NeedsTotal, Unbounded, RecursionError):
            continue
    return None


def _comes_to(value: Scalar, wanted: Scalar) -> bool:
    """Whether a value is the wanted one, or a range that ends there: without an end, what stands for that."""
    found = settled(value)
    if not isinstance(found, Within):
        return found == wanted
    low, high = (far if end is None else end for end, far in ((found.low, -FAR), (found.high, FAR)))
    return wanted in (low, high)


def _is_way(leaf: Leaf) -> bool:
    return isinstance(leaf[1], str) and leaf[1].startswith(DECIDED)
