"""The order in which the fields and groups of a program are worked out, and which rules override which."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.packs import order as layers
from advisor.packs.pack import Rule
from advisor.problems.problem import Place, Problem
from advisor.reasoning.program import Group, Program, Step


def override(program: Program) -> None:
    """Tells each group which rules override its own."""
    over: dict[str, list[Rule]] = {}
    for rule in program.pack.rules.values():
        for beaten in rule.overrides:
            over.setdefault(beaten, []).append(rule)
    for group in program.groups.values():
        group.overriders = tuple(tuple(sorted(over.get(rule.id, ()), key=lambda rule: rule.id)) for rule in group.rules)
        members = {rule.id for rule in group.rules}
        outside = {o.id: o for many in group.overriders for o in many if o.id not in members}
        group.outside = tuple(outside[one] for one in sorted(outside))
        group.reads |= {program.group_of[one].key for one in outside}


def ordered(program: Program) -> list[Step]:
    """Fields and groups, each after all that it reads; also orders the rules of each group. Raises `layers.Cycle`."""
    nodes = _nodes(program)
    order = layers.ordered({key: [read for read in node.reads if read in nodes] for key, node in nodes.items()})
    for group in program.groups.values():
        places = {rule.id: number for number, rule in enumerate(group.rules)}
        known = {
            rule.id: [one.id for one in many if one.id in places]
            for rule, many in zip(group.rules, group.overriders, strict=True)
        }
        group.order = tuple(places[one] for one in layers.ordered(known))
    return [nodes[key] for key in order]


def cycle_problem(program: Program, cycle: layers.Cycle, places: Mapping[str, Place]) -> Problem:
    """What to tell an author of a cycle. `places`: where the fields and groups (by their keys) are written."""
    nodes = _nodes(program)
    overriding = [program.pack.rules[key] for key in cycle.nodes if key not in nodes]
    if overriding:
        return _overriding_problem(overriding)
    found = [places[key] for key in cycle.nodes if key in places]
    words = " depends on ".join(f"`{_readable(key)}`" for key in cycle.nodes if not _is_stand_in(nodes.get(key)))
    groups = [node for node in map(nodes.get, dict.fromkeys(cycle.nodes)) if isinstance(node, Group)]
    rules = [(rule.place, f"`{rule.id}` takes part") for group in groups for rule in group.rules]
    return Problem(
        min(found) if found else Place(program.pack.folder),
        "cycle",
        f"nothing can be worked out first: {words}",
        "take one of these dependencies away",
        related=tuple(sorted(rules)[:6]),
    )


def _overriding_problem(rules: list[Rule]) -> Problem:
    """What to tell an author of rules that override each other in a circle; the first is repeated at the end."""
    words = " is overridden by ".join(f"`{rule.id}`" for rule in rules)
    return Problem(
        min(rule.place for rule in rules),
        "cycle",
        f"none of these rules beats the others: {words}",
        "take one of these `overrides` away",
        related=tuple(sorted({(rule.place, f"`{rule.id}` takes part") for rule in rules})[:6]),
    )


def _nodes(program: Program) -> dict[str, Step]:
    fields = {one.key: one for fields in program.fields.values() for one in fields}
    return {**fields, **program.groups}


def _is_stand_in(node: Step | None) -> bool:
    if isinstance(node, Group):
        return node.target >= 0 or not node.rules
    return node is None or node.fact is None


def _readable(key: str) -> str:
    return key.split(" ", 2)[2].replace("_", " ") if key.startswith("field") else key.split(" ", 2)[2]
