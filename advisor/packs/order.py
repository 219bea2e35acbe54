"""In which order things are worked out: what depends on what, and the cycle where there is no order."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping
from typing import TypeVar

N = TypeVar("N", bound=str)


class Cycle(ValueError):
    """There is no order. `nodes` is the cycle, its first node repeated at the end."""

    def __init__(self, nodes: list[str]) -> None:
        self.nodes = nodes
        super().__init__(" -> ".join(nodes))


def ordered(reads: Mapping[N, Iterable[N]]) -> list[N]:
    """Every node after all that it reads; the same for any order of the input. Raises Cycle where there is none."""
    sorter = graphlib.TopologicalSorter({node: sorted(set(read)) for node, read in sorted(reads.items())})
    try:
        sorter.prepare()
    except graphlib.CycleError as error:
        raise Cycle(list(reversed(error.args[1]))) from None
    order: list[N] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(ready)
        sorter.done(*ready)
    return order
