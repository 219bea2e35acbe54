"""What a pack knows, as plain data for programs: its rules, facts, figures and sources, in plain words and with places.

`catalogue_text.py` writes the same for people.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from advisor.cases.reader import read_cases
from advisor.language.printing import text
from advisor.language.tree import CASE, FactRef, Lookup, Node, ParameterRef, Text, walk
from advisor.packs.pack import Advise, Dated, Fact, Pack, Parameter, Rule, Source
from advisor.problems.problem import Place, Problems
from advisor.values.periods import Edge, Period
from advisor.values.text import plain
from advisor.values.types import Type

Entry = dict[str, Any]


class Links:
    """Who names whom in a pack, read backwards: by the name of what is meant, the ids of the rules (and facts)."""

    def __init__(self, pack: Pack) -> None:
        self.overridden_by: dict[str, list[str]] = defaultdict(list)
        self.opposed_by: dict[str, list[str]] = defaultdict(list)
        self.concluded_by: dict[str, list[str]] = defaultdict(list)
        self.used_by: dict[str, list[str]] = defaultdict(list)
        self.cited_by: dict[str, list[str]] = defaultdict(list)
        for rule in pack.rules.values():
            self._read_rule(rule)
        for fact in pack.all_facts():
            for source in fact.sources:
                self.cited_by[source].append(_owned(fact.kind, fact.name))
            for name in sorted({name for node in _trees_of(fact) for name in _names_in(node)}):
                self.used_by[name].append(_owned(fact.kind, fact.name))

    def _read_rule(self, rule: Rule) -> None:
        links = [
            (self.overridden_by, rule.overrides),
            (self.opposed_by, [one.rule for one in rule.opposes]),
            (self.concluded_by, [_owned(rule.about, rule.conclude[0])] if rule.conclude else []),
            (self.used_by, sorted(_names_in(rule.when))),
            (self.cited_by, rule.sources),
        ]
        for by_name, names_ in links:
            for name in names_:
                by_name[name].append(rule.id)


def _trees_of(fact: Fact) -> Iterator[Node]:
    if fact.applies is not None:
        yield fact.applies
    if fact.formula is not None:
        yield fact.formula
    for row in fact.rows:
        yield row.value
        if row.when is not None:
            yield row.when


def _names_in(tree: Node) -> set[str]:
    """The facts (with what they belong to) and figures that a condition or expression reads."""
    found = set()
    for node in walk(tree):
        if isinstance(node, FactRef):
            found.add(_owned(node.kind, node.name))
        elif isinstance(node, ParameterRef | Lookup):
            found.add(node.name)
    return found


def _owned(kind: str, name: str) -> str:
    """A fact with what it belongs to: `item.price`, or its bare name for one of the case."""
    return name if kind == CASE else f"{kind}.{name}"


def of_pack(pack: Pack) -> Entry:
    """Everything a pack knows."""
    links = Links(pack)
    return {
        "id": pack.id,
        "title": pack.title,
        "version": pack.version,
        "question": pack.question,
        "rules": [of_rule(pack, links, rule) for rule in pack.rules.values()],
        "facts": [of_fact(links, fact) for fact in pack.all_facts()],
        "parameters": [of_parameter(links, parameter) for parameter in pack.parameters.values()],
        "sources": [{**of_source(source), **_cited(links, source)} for source in pack.sources.values()],
    }


def of_rule(pack: Pack, links: Links, rule: Rule) -> Entry:
    """A rule: what it is about, when it applies, what follows, why, and who says so."""
    return {
        "id": rule.id,
        "about": rule.about,
        "when": text(rule.when),
        "reads": sorted(_names_in(rule.when)),
        "concludes": None if rule.conclude is None else {"fact": rule.conclude[0], "value": text(rule.conclude[1])},
        "advises": None if rule.advise is None else _advises(rule.advise),
        "argues_for": list(rule.argues_for),
        "argues_against": list(rule.argues_against),
        "because": words(rule.because),
        "standing": rule.standing,
        "opinion": rule.opinion,
        "sources": _sources(pack, rule.sources),
        "in_force": [_period(period) for period in rule.periods],
        "overrides": list(rule.overrides),
        "overridden_by": links.overridden_by[rule.id],
        "opposes": [{"rule": one.rule, "because": words(one.because)} for one in rule.opposes],
        "opposed_by": links.opposed_by[rule.id],
        "claims": list(rule.claims),
        "place": _place(rule.place),
    }


def _advises(advise: Advise) -> Entry:
    return {
        "strength": advise.strength,
        "title": words(advise.title),
        "text": words(advise.text),
        "steps": [{"do": words(step.do), "when": text(step.when) if step.when else None} for step in advise.steps],
        "deadline": text(advise.deadline) if advise.deadline else None,
        "deadline_text": words(advise.deadline_text) or None,
        "before": list(advise.before),
        "after": list(advise.after),
    }


def of_fact(links: Links, fact: Fact) -> Entry:
    """A fact: what it means, how it is asked or worked out."""
    return {
        "id": fact.name,
        "about": fact.kind,
        "label": fact.label,
        "type": fact.type.words(),
        "choices": dict(fact.type.choices),
        "bounds": _bounds(fact.type),
        "question": fact.question,
        "help": fact.help,
        "why": fact.why,
        "applies": text(fact.applies) if fact.applies else None,
        "assumed": None if fact.assume is None else plain(fact.assume.value, fact.type),
        "worked_out": _worked_out(fact),
        "concluded_by": links.concluded_by[_owned(fact.kind, fact.name)],
        "used_by": links.used_by[_owned(fact.kind, fact.name)],
        "because": words(fact.because),
        "sources": list(fact.sources),
        "claims": list(fact.claims),
        "place": _place(fact.place),
    }


def _bounds(type_: Type) -> list[str | None]:
    bare = Type(type_.kind, unit=type_.unit)
    return [None if end is None else plain(end, bare) for end in (type_.low, type_.high)]


def _worked_out(fact: Fact) -> list[str]:
    """How a derived fact comes about, a line a case; empty for what is only asked."""
    if fact.formula is not None:
        return [text(fact.formula)]
    if fact.rows:
        return [
            f"{text(row.value)} when {text(row.when)}" if row.when else f"otherwise {text(row.value)}"
            for row in fact.rows
        ]
    if not fact.concluded:
        return []
    if fact.otherwise is None:
        return ["by rules"]
    otherwise = fact.otherwise if isinstance(fact.otherwise, str) else text(fact.otherwise)
    return ["by rules", f"otherwise {otherwise}"]


def of_parameter(links: Links, parameter: Parameter) -> Entry:
    """A figure that changes with time: its values with dates, sources and the day somebody last looked."""
    return {
        "id": parameter.name,
        "label": parameter.label,
        "type": parameter.type.words(),
        "by": parameter.by.words() if parameter.by else None,
        "values": [_dated(parameter, dated) for dated in parameter.values],
        "used_by": links.used_by[parameter.name],
        "place": _place(parameter.place),
    }


def _dated(parameter: Parameter, dated: Dated) -> Entry:
    brackets = [
        {
            "up_to": None if bracket.up_to is None or parameter.by is None else plain(bracket.up_to, parameter.by),
            "value": plain(bracket.value, parameter.type),
        }
        for bracket in dated.brackets
    ]
    return {
        "value": None if dated.value is None else plain(dated.value, parameter.type),
        "brackets": brackets,
        "in_force": [_period(period) for period in dated.periods],
        "sources": list(dated.sources),
        "checked": _iso(dated.checked),
        "place": _place(dated.place),
    }


def of_source(source: Source) -> Entry:
    """A source: what it is, where, of when, and how far it can be trusted."""
    return {
        "id": source.id,
        "title": source.title,
        "url": source.url,
        "date": source.date,
        "standing": source.standing,
        "place": _place(source.place),
    }


def _cited(links: Links, source: Source) -> Entry:
    return {"cited_by": links.cited_by[source.id]}


def _sources(pack: Pack, ids: Iterable[str]) -> list[Entry]:
    known: Mapping[str, Source] = pack.sources
    return [of_source(known[one]) for one in ids if one in known]


def words(text_: Text | None) -> str:
    """A text with the expressions that it puts in, as the author wrote them; empty where there is none."""
    if text_ is None:
        return ""
    return "".join(part if isinstance(part, str) else f"{{{text(part)}}}" for part in text_.parts)


def _period(period: Period) -> Entry:
    return {"from": _edge(period.first), "until": _edge(period.last)}


def _edge(edge: Edge | None) -> str | None:
    """A day, `2023-12-05 .. 2023-12-15` where it is vague, `by` a day, `unknown`, or nothing where it is open."""
    if edge is None:
        return None
    if edge.shown_by:
        return f"by {edge.latest}"
    if edge.earliest == edge.latest:
        return _iso(edge.earliest) or "unknown"
    return f"{_iso(edge.earliest) or 'unknown'} .. {_iso(edge.latest) or 'unknown'}"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _place(place: Place) -> Entry:
    return {"file": place.file, "line": place.line}


def named(pack: Pack, id_: str) -> list[tuple[str, Entry]]:
    """What is called so, each with its kind; a fact by its name, or with what it belongs to (`item.price`)."""
    wanted, known = _folded(id_), of_pack(pack)
    kinds = ("rules", "facts", "parameters", "sources")
    found = [(kind[:-1], entry) for kind in kinds for entry in known[kind] if wanted in _spellings(entry)]
    return [(kind, {**entry, "cases": cases_naming(pack, entry["id"])}) for kind, entry in found]


def names(pack: Pack) -> list[str]:
    """Every name that `named` knows."""
    facts = [name for fact in pack.all_facts() for name in (fact.name, f"{fact.kind}.{fact.name}")]
    return [*pack.rules, *facts, *pack.parameters, *pack.sources]


def cases_naming(pack: Pack, id_: str) -> list[Entry]:
    """The worked cases of a pack that expect something of what is called so, as far as they can be read."""
    named_: list[Entry] = []
    for file in sorted((Path(pack.folder) / "cases").glob("*.yaml")):
        try:
            cases = read_cases(pack, file)
        except Problems:
            continue
        for case in cases:
            expected = (*case.expect, *case.expect_not, *case.expect_open)
            if any(_folded(re.split("[@:]", one.key)[0]) == _folded(id_) for one in expected):
                named_.append({"address": f"{case.file}#{case.id or case.number}", "case": case.sentence})
    return named_


def _spellings(entry: Entry) -> tuple[str, str]:
    return _folded(entry["id"]), _folded(f"{entry.get('about')}.{entry['id']}")


def _folded(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-")
