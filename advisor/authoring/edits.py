"""The edits between two versions of a pack: rules, facts, goals, figures and options that are new, gone or changed.

In: two packs. Out: `Edit` values, each with conditions on which it can show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

from advisor.authoring.conditions import Site, sites
from advisor.authoring.sameness import placeless
from advisor.language.tree import ALWAYS, CASE, And, Condition, Lookup, Not, ParameterRef, walk
from advisor.packs.pack import Era, Pack, Parameter, Rule
from advisor.problems.problem import Place
from advisor.values.periods import Period

T = TypeVar("T")
How = Literal["new", "removed", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One thing of the pack that is not what it was. `place` is where it stands now, or stood."""

    what: str
    name: str
    how: How
    place: Place
    shows: tuple[tuple[str, Condition], ...] = ()
    """By kind of thing: conditions on which the difference can show."""
    days: tuple[date, ...] = ()
    """Days at the edges of times that it moved."""

    @property
    def called(self) -> str:
        """What it is, in words."""
        return f"{self.what} {self.name}"


def edits(old: Pack, new: Pack) -> list[Edit]:
    """All that differs between two packs, in the order of the new one, what is gone last."""
    found: list[Edit] = []
    for what, before, after in _parts(old, new):
        for name in dict.fromkeys((*after, *before)):
            one, other = before.get(name), after.get(name)
            if one is not None and other is not None and placeless(one) == placeless(other):
                continue
            how: How = "new" if one is None else "removed" if other is None else "changed"
            found.append(_edit(old, new, what, name, how, one, other))
    return found


def undone(old: Pack, new: Pack, edit: Edit) -> Pack:
    """The new pack without one edit: that part as it was, all others as they are."""
    if edit.what == "fact":
        kind, _, name = edit.name.rpartition(".")
        kind = kind or CASE
        facts = _with(new.facts.get(kind, {}), old.facts.get(kind, {}), name)
        return replace(new, facts={**new.facts, kind: facts})
    if edit.what == "option":
        courses = _with(new.options.courses, old.options.courses, edit.name)
        return replace(new, options=replace(new.options, courses=courses))
    if edit.what == "constraint":
        return replace(new, must_hold=old.must_hold)
    field = {"figure": "parameters"}.get(edit.what, f"{edit.what}s")
    changed: dict[str, Any] = {field: _with(getattr(new, field), getattr(old, field), edit.name)}
    return replace(new, **changed)


def _with(now: Mapping[str, T], was: Mapping[str, T], name: str) -> dict[str, T]:
    """A mapping with one entry as it was: another value, there again, or gone."""
    found = {key: was[key] if key == name else one for key, one in now.items() if key != name or key in was}
    return found if name in now or name not in was else {**found, name: was[name]}


def _parts(old: Pack, new: Pack) -> Iterator[tuple[str, Mapping[str, object], Mapping[str, object]]]:
    """The parts of both packs by name."""
    yield "rule", old.rules, new.rules
    yield "fact", _facts(old), _facts(new)
    yield "goal", old.goals, new.goals
    yield "figure", old.parameters, new.parameters
    yield "table", old.tables, new.tables
    yield "projection", old.projections, new.projections
    yield "option", old.options.courses, new.options.courses
    yield "source", old.sources, new.sources
    yield "era", old.eras, new.eras
    yield "constraint", _numbered(old), _numbered(new)


def _numbered(pack: Pack) -> dict[str, object]:
    return {str(number): one for number, one in enumerate(pack.must_hold, 1)}


def _facts(pack: Pack) -> dict[str, object]:
    return {f"{fact.kind}.{fact.name}" if fact.kind != CASE else fact.name: fact for fact in pack.all_facts()}


def _edit(  # noqa: PLR0913, PLR0917  a part before and after
    old: Pack, new: Pack, what: str, name: str, how: How, one: object, other: object
) -> Edit:
    place = getattr(other if other is not None else one, "place", Place(new.folder))
    shows = tuple(dict.fromkeys(_shows(old, new, what, name)))
    days = tuple(sorted(set(_days(one)) ^ set(_days(other))))
    return Edit(what=what, name=name, how=how, place=place, shows=shows, days=days)


def _shows(old: Pack, new: Pack, what: str, name: str) -> Iterator[tuple[str, Condition]]:
    """Where its own conditions differ; then where they hold, or (for a figure) those of all that reads it."""
    before, after = ({site.called: site for site in sites(pack) if _belongs(site, what, name)} for pack in (old, new))
    for called in dict.fromkeys((*after, *before)):
        one, other = before.get(called), after.get(called)
        if one is not None and other is not None and one.condition != other.condition:
            yield other.kind, And((one.condition, Not(other.condition)))
            yield other.kind, And((other.condition, Not(one.condition)))
    for site in (*after.values(), *before.values()):
        yield site.kind, site.condition
    if what == "fact":
        kind = name.rpartition(".")[0] or CASE
        yield kind, ALWAYS


def _belongs(site: Site, what: str, name: str) -> bool:
    """Whether a condition is one of the part: its own, that of a row or step of it, or one that reads a figure."""
    if what in ("figure", "table"):
        return any(isinstance(node, ParameterRef | Lookup) and node.name == name for node in walk(site.condition))
    return name in (site.name, site.name.partition(" of ")[2]) or (
        what == "projection" and site.name.startswith(f"{name}:")
    )


def _days(part: object) -> Iterator[date]:
    """The first and last days of the times at which a part, or one of its values, is in force."""
    values = part.values if isinstance(part, Parameter) else ()
    own = [part.period] if isinstance(part, Era) else part.periods if isinstance(part, Rule) else ()
    periods: list[Period] = [*own, *(period for value in values for period in value.periods)]
    for edge in (edge for one in periods for edge in (one.first, one.last) if edge is not None):
        yield from (day for day in (edge.earliest, edge.latest) if day is not None)
