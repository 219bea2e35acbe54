"""What facts hang on, through formulas, rows and rules: whether two values can be anything, whatever the other is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from advisor.language.tree import Clock, Condition, Expr, FactRef, Known, Node, walk
from advisor.packs.boxes import Axis
from advisor.packs.pack import Fact, Pack

Name = tuple[str, str]
"""A kind, and a fact of it."""


class Lineage:
    """The facts of a pack with all that each of them hangs on."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._known: dict[Name, frozenset[Name]] = {}

    @cached_property
    def _reads(self) -> dict[Name, set[Name]]:
        """What each fact directly reads."""
        reads = {(fact.kind, fact.name): set(_named(_nodes(fact))) for fact in self.pack.all_facts()}
        for rule in self.pack.rules.values():
            if rule.conclude is not None:
                reads[rule.about, rule.conclude[0]].update(_named((rule.when, rule.conclude[1])))
        return reads

    @cached_property
    def _constrained(self) -> frozenset[Name]:
        """The facts of which the pack says what can never be."""
        return frozenset(name for one in self.pack.must_hold for name in _named((one.that,)))

    def of(self, name: Name) -> frozenset[Name]:
        """A fact, and all that it hangs on."""
        if name not in self._known:
            found, pending = {name}, [name]
            while pending:
                for one in self._reads.get(pending.pop(), ()):
                    if one not in found:
                        found.add(one)
                        pending.append(one)
            self._known[name] = frozenset(found)
        return self._known[name]

    def independent(self, axes: Iterable[Axis]) -> bool:
        """Whether every combination of these values is the case of somebody, as far as the pack says."""
        taken: set[Name] = set()
        clocks = 0
        for axis in axes:
            node = axis.expr if axis.expr is not None else axis.asked
            if isinstance(node, Clock):
                clocks += 1
                continue
            if isinstance(node, Known):
                continue
            if not isinstance(node, FactRef):
                return False
            choice = f"{node.name}.{node.choice}" if node.choice else node.name
            own = {(f"{node.via}.{kind}", name) for kind, name in self.of((node.kind, node.name))}
            own = {(kind, choice if name == node.name else name) for kind, name in own}
            if own & taken or self._constrained & self.of((node.kind, node.name)):
                return False
            taken |= own
        return clocks <= 1


def _nodes(fact: Fact) -> Iterator[Node]:
    kept: list[Expr | Condition | str | None] = [fact.formula, fact.applies, fact.otherwise]
    for row in fact.rows:
        kept += [row.when, row.value]
    yield from (one for one in kept if one is not None and not isinstance(one, str))


def _named(nodes: Iterable[Node]) -> Iterator[Name]:
    for node in nodes:
        for one in walk(node):
            if isinstance(one, FactRef):
                yield one.kind, one.name
