"""What hangs on what in a pack: facts, figures, rules and goals, laid out in layers from what is asked to what is told.

In: a `Pack`. Out: a `Graph`, whole or around one name, and a place for each node. The layout is Sugiyama's: layers by
the longest way, then each layer ordered by the mean place of its neighbours, a few times back and forth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from advisor.language.printing import text
from advisor.language.tree import CASE, Condition, Expr, FactRef, Lookup, ParameterRef, walk
from advisor.packs.pack import Fact, Goal, Pack, Rule

WIDE: Final = 230
"""The width of a node, and the height of one with its gap below."""
HIGH: Final = 30
GAP: Final = 110
"""Between two layers."""
_SWEEPS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One thing. `sort`: `asked`, `derived`, `figure`, `rule` or `goal`; `says`: what it means, in words."""

    id: str
    sort: str
    name: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Nodes by id, and edges from what is read to what reads it."""

    nodes: Mapping[str, Node]
    edges: tuple[tuple[str, str], ...]

    def around(self, name: str) -> Graph | None:
        """All that leads to what is called so, and all that it leads to; None where nothing is called so."""
        wanted = name.strip().casefold().replace(" ", "_").replace("_", "-")
        roots = [one.id for one in self.nodes.values() if one.name.casefold().replace("_", "-") == wanted]
        if not roots:
            return None
        kept = _reached(roots, self.edges) | _reached(roots, [(to, of) for of, to in self.edges])
        return Graph(
            nodes={id_: one for id_, one in self.nodes.items() if id_ in kept},
            edges=tuple(one for one in self.edges if one[0] in kept and one[1] in kept),
        )

    def to_dict(self) -> dict[str, Any]:
        """The graph as plain data."""
        return {
            "nodes": [
                {"id": one.id, "sort": one.sort, "name": one.name, "says": one.says} for one in self.nodes.values()
            ],
            "edges": [{"from": of, "to": to} for of, to in self.edges],
        }


def _reached(roots: Iterable[str], edges: Iterable[tuple[str, str]]) -> set[str]:
    after: dict[str, list[str]] = {}
    for of, to in edges:
        after.setdefault(of, []).append(to)
    found, pending = set(roots), list(roots)
    while pending:
        new = [one for one in after.get(pending.pop(), ()) if one not in found]
        found.update(new)
        pending += new
    return found


def graph(pack: Pack) -> Graph:
    """All that hangs together in a pack; what nothing hangs on, and what hangs on nothing, too."""
    nodes = {one.id: one for one in _nodes(pack)}
    edges = dict.fromkeys(edge for edge in _edges(pack) if edge[0] in nodes and edge[1] in nodes and edge[0] != edge[1])
    return Graph(nodes=nodes, edges=tuple(edges))


def _nodes(pack: Pack) -> Iterator[Node]:
    for fact in pack.all_facts():
        sort = "derived" if fact.derived else "asked"
        yield Node(id=_fact_id(fact.kind, fact.name), sort=sort, name=_called(fact), says=fact.question or fact.label)
    for figure in pack.parameters.values():
        yield Node(id=f"figure {figure.name}", sort="figure", name=figure.name, says=figure.label)
    for rule in pack.rules.values():
        yield Node(id=f"rule {rule.id}", sort="rule", name=rule.id, says=f"when {text(rule.when)}")
    for goal in pack.goals.values():
        yield Node(id=f"goal {goal.id}", sort="goal", name=goal.id, says="".join(map(_part, goal.asks.parts)))


def _part(part: str | Expr) -> str:
    return part if isinstance(part, str) else f"{{{text(part)}}}"


def _fact_id(kind: str, name: str) -> str:
    return f"fact {kind}.{name}"


def _called(fact: Fact) -> str:
    return fact.name if fact.kind == CASE else f"{fact.kind}.{fact.name}"


def _edges(pack: Pack) -> Iterator[tuple[str, str]]:
    for fact in pack.all_facts():
        to = _fact_id(fact.kind, fact.name)
        parts = [fact.applies, fact.formula, *(part for row in fact.rows for part in (row.when, row.value))]
        yield from ((of, to) for of in _read(parts, fact.kind))
    for rule in pack.rules.values():
        yield from _of_rule(rule)
    for goal in pack.goals.values():
        yield from _of_goal(goal)


def _of_rule(rule: Rule) -> Iterator[tuple[str, str]]:
    own = f"rule {rule.id}"
    advise = rule.advise
    conclusion = rule.conclude[1] if rule.conclude else None
    steps = [step.when for step in advise.steps] if advise else []
    deadline = advise.deadline if advise else None
    yield from ((of, own) for of in _read([rule.when, conclusion, deadline, *steps], rule.about))
    if rule.conclude is not None:
        yield own, _fact_id(rule.about, rule.conclude[0])


def _of_goal(goal: Goal) -> Iterator[tuple[str, str]]:
    own = f"goal {goal.id}"
    yield from ((of, own) for of in _read([row.when for row in goal.rows], goal.about))
    yield from ((f"rule {id_}", own) for row in goal.rows for id_ in (*row.because, *row.advice))
    yield from ((f"rule {id_}", own) for id_ in goal.advice)
    if goal.value:
        yield _fact_id(goal.about, goal.value), own


def _read(parts: Iterable[Condition | Expr | None], about: str) -> Iterator[str]:
    """What conditions and expressions read."""
    for node in (node for part in parts if part is not None for node in walk(part)):
        match node:
            case FactRef(kind, name, via=via):
                if via:
                    yield _fact_id(about, via)
                yield _fact_id(kind, name)
            case ParameterRef(name) | Lookup(name):
                yield f"figure {name}"


# --- layout ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The left upper corner of each node, and the size of the whole, in pixels."""

    at: Mapping[str, tuple[int, int]]
    wide: int
    high: int


def layout(drawn: Graph) -> Layout:
    """A place for each node, the same one every time."""
    layers = _layers(drawn)
    before, after = _neighbours(drawn)
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        for layer in layers if forth else reversed(layers):
            places = {id_: place for one in layers for place, id_ in enumerate(one)}
            _arrange(layer, before if forth else after, places)
    most = max(map(len, layers), default=0)
    at = {
        id_: (20 + number * (WIDE + GAP), 20 + place * HIGH + (most - len(layer)) * HIGH // 2)
        for number, layer in enumerate(layers)
        for place, id_ in enumerate(layer)
    }
    return Layout(at=at, wide=40 + len(layers) * (WIDE + GAP) - (GAP if layers else 0), high=40 + most * HIGH)


def _neighbours(drawn: Graph) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {id_: [] for id_ in drawn.nodes}
    after: dict[str, list[str]] = {id_: [] for id_ in drawn.nodes}
    for of, to in drawn.edges:
        before[to].append(of)
        after[of].append(to)
    return before, after


def _layers(drawn: Graph) -> list[list[str]]:
    """The nodes by the longest way that leads to them; a circle is cut where it is met."""
    before, after = _neighbours(drawn)
    left = {id_: len(many) for id_, many in before.items()}
    level = dict.fromkeys(drawn.nodes, 0)
    ready = [id_ for id_, count in left.items() if not count]
    waiting = dict.fromkeys(id_ for id_, count in left.items() if count)
    while ready or waiting:
        if not ready:
            ready.append(next(iter(waiting)))
            waiting.pop(ready[0])
        id_ = ready.pop()
        for one in after[id_]:
            level[one] = max(level[one], level[id_] + 1) if one in waiting else level[one]
            left[one] -= 1
            if not left[one] and one in waiting:
                waiting.pop(one)
                ready.append(one)
    found: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for id_ in drawn.nodes:
        found[level[id_]].append(id_)
    return [layer for layer in found if layer]


def _arrange(layer: list[str], neighbours: Mapping[str, list[str]], places: Mapping[str, int]) -> None:
    """Puts a layer in order of the mean place of each node's neighbours."""
    own = {id_: place for place, id_ in enumerate(layer)}

    def wanted(id_: str) -> tuple[float, int]:
        near = [places[one] for one in neighbours[id_]]
        return (sum(near) / len(near) if near else own[id_]), own[id_]

    layer.sort(key=wanted)
