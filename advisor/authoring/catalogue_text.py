"""What a pack knows, for people: the whole of it by file, or one rule, fact, figure or source in full.

In: the plain data of `catalogue.py`. Out: text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from advisor.authoring.catalogue import Entry
from advisor.values.wording import pad, plural, wrap

INDENT: Final = 17
"""Where the text beside a heading begins."""


def listing(pack: Entry, width: int) -> str:
    """Everything a pack knows, by file."""
    counts = ", ".join(plural(len(pack[kind]), kind[:-1]) for kind in ("rules", "facts", "parameters", "sources"))
    rows = [f"{pack['title']} ({pack['id']} {pack['version']})", counts]
    lines = [(one["place"]["file"], one["place"]["line"], row) for one, row in _entries(pack)]
    for file, group in groupby(sorted(lines, key=itemgetter(0, 1)), key=itemgetter(0)):
        rows += ["", file]
        for _, _, (name, says) in group:
            rows += [f"  {name}", *(row for line in says for row in wrap(line, width, first=" " * 6))]
    return "\n".join(rows)


def _entries(pack: Entry) -> Iterator[tuple[Entry, tuple[str, list[str]]]]:
    """Each thing, its name, and lines that say what it is."""
    for rule in pack["rules"]:
        yield rule, (rule["id"], [_says(rule), f"when {rule['when']}", *_cited(rule["sources"])])
    for fact in pack["facts"]:
        says = fact["question"] or f"{fact['label']}: {'; '.join(fact['worked_out'])}"
        yield fact, (_owned(fact), [says])
    for parameter in pack["parameters"]:
        yield parameter, (parameter["id"], [f"{parameter['label']}: {_latest(parameter)}"])
    for source in pack["sources"]:
        yield source, (source["id"], [f"{source['title']} ({_dated(source)})"])


def _says(rule: Entry) -> str:
    """What follows from a rule, in one line."""
    if rule["advises"]:
        return f"{rule['advises']['strength']}: {rule['advises']['title']}"
    if rule["concludes"]:
        return f"{_spaced(rule['concludes']['fact'])} is {rule['concludes']['value']}"
    return "; ".join(_argues(rule))


def _argues(rule: Entry) -> Iterator[str]:
    for side in ("for", "against"):
        if rule[f"argues_{side}"]:
            yield f"argues {side} {', '.join(rule[f'argues_{side}'])}"


def _cited(sources: Iterable[Entry]) -> Iterator[str]:
    """Who says so: the sources of each standing."""
    by_standing: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        by_standing[source["standing"]].append(source["id"])
    if by_standing:
        yield "; ".join(f"{standing}: {', '.join(ids)}" for standing, ids in by_standing.items())


def _owned(fact: Entry) -> str:
    return _spaced(fact["id"]) if fact["about"] == "case" else f"{fact['about']}: {_spaced(fact['id'])}"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _latest(parameter: Entry) -> str:
    newest = parameter["values"][-1]
    return _value(newest) + _since(newest["in_force"])


def _value(dated: Entry) -> str:
    if not dated["brackets"]:
        return dated["value"] or "not known"
    return ", ".join(
        f"{one['value']} up to {one['up_to']}" if one["up_to"] else f"{one['value']} above" for one in dated["brackets"]
    )


def _since(periods: list[Entry]) -> str:
    return f" ({'; '.join(map(_period, periods))})" if periods else ""


def _period(period: Entry) -> str:
    ends = [f"{word} {period[word]}" for word in ("from", "until") if period[word]]
    return " ".join(ends) or "always"


def _dated(source: Entry) -> str:
    return ", ".join(part for part in (source["standing"], source["date"]) if part)


# --- one thing in full --------------------------------------------------------------------------------------------

Row = tuple[str, str]
"""A heading (empty: a further line of the one above) and what stands beside it."""


def in_full(kind: str, entry: Entry, width: int) -> str:
    """One rule, fact, parameter or source: a line a heading."""
    make: Callable[[Entry], Iterator[Row]] = {
        "rule": _rule, "fact": _fact, "parameter": _parameter, "source": _source,
    }[kind]  # fmt: skip
    rows = [entry["id"]]
    cases = _headed("Cases", (f"{one['address']}: {one['case']}" for one in entry["cases"]))
    for heading, says in (*make(entry), *cases, ("Place", f"{entry['place']['file']}:{entry['place']['line']}")):
        if says:
            rows += wrap(says, width, first=f"  {pad(heading, INDENT - 2)}", rest=" " * INDENT)
    return "\n".join(rows)


def _rule(rule: Entry) -> Iterator[Row]:
    yield "About", "the case" if rule["about"] == "case" else f"each {_spaced(rule['about'])}"
    yield "When", rule["when"]
    if rule["concludes"]:
        yield "Concludes", f"{_spaced(rule['concludes']['fact'])} is {rule['concludes']['value']}"
    if rule["advises"]:
        yield from _advises(rule["advises"])
    yield from (
        ("Argues", f"{side} {', '.join(rule[f'argues_{side}'])}")
        for side in ("for", "against")
        if rule[f"argues_{side}"]
    )
    yield "Because", rule["because"]
    yield "Standing", f"{rule['standing']}{', an opinion' if rule['opinion'] else ''}"
    yield from _headed(
        "Sources", (f"{one['id']}: {one['title']} ({_dated(one)}) {one['url']}" for one in rule["sources"])
    )
    yield "In force", "; ".join(map(_period, rule["in_force"])) or "always"
    yield "Overrides", ", ".join(rule["overrides"])
    yield "Overridden by", ", ".join(rule["overridden_by"])
    yield from _headed("Opposes", (f"{one['rule']}: {one['because']}" for one in rule["opposes"]))
    yield "Opposed by", ", ".join(rule["opposed_by"])
    yield "Claims", ", ".join(rule["claims"])


def _advises(advises: Entry) -> Iterator[Row]:
    yield "Advises", f"{advises['strength']}: {advises['title']}"
    yield "", advises["text"]
    for step in advises["steps"]:
        yield "", f"- {step['do']}" + (f" (when {step['when']})" if step["when"] else "")
    yield "By", ", ".join(filter(None, (advises["deadline"], advises["deadline_text"])))
    yield "Before", ", ".join(advises["before"])
    yield "After", ", ".join(advises["after"])


def _fact(fact: Entry) -> Iterator[Row]:
    yield "Of", "the case" if fact["about"] == "case" else f"each {_spaced(fact['about'])}"
    yield "Means", fact["label"]
    yield "Type", fact["type"]
    yield from _headed("Choices", (f"{one}: {label}" for one, label in fact["choices"].items()))
    yield "Bounds", " to ".join(end or "any" for end in fact["bounds"]) if any(fact["bounds"]) else ""
    yield "Question", fact["question"]
    yield "Help", fact["help"]
    yield "Asked because", fact["why"]
    yield "Applies when", fact["applies"] or ""
    yield "Assumed", fact["assumed"] or ""
    yield from _headed("Worked out", fact["worked_out"])
    yield "Concluded by", ", ".join(fact["concluded_by"])
    yield "Because", fact["because"]
    yield "Sources", ", ".join(fact["sources"])
    yield "Used by", ", ".join(fact["used_by"])
    yield "Claims", ", ".join(fact["claims"])


def _parameter(parameter: Entry) -> Iterator[Row]:
    yield "Means", parameter["label"]
    yield "Type", parameter["type"] + (f", by {parameter['by']}" if parameter["by"] else "")
    for dated in parameter["values"]:
        yield "Value", _value(dated) + _since(dated["in_force"])
        checked = f"checked {dated['checked']}" if dated["checked"] else ""
        yield "", "; ".join(part for part in (", ".join(dated["sources"]), checked) if part)
    yield "Used by", ", ".join(parameter["used_by"])


def _source(source: Entry) -> Iterator[Row]:
    yield "Title", source["title"]
    yield "Where", source["url"]
    yield "Date", source["date"]
    yield "Standing", source["standing"]
    yield "Cited by", ", ".join(source["cited_by"])


def _headed(heading: str, lines: Iterable[str]) -> Iterator[Row]:
    """The heading beside the first line only."""
    for number, line in enumerate(lines):
        yield ("" if number else heading), line
