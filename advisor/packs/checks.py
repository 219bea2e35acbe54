"""What must hold across a pack, one function a check: `Pack` to problems.

What can be said of one reference alone (an unknown source, an unknown rule) is found while the pack is read. Cycles and
clashes are found elsewhere. `WARNINGS` names the kinds of problems in spite of which a pack can be used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Final

from advisor.files.yaml import SourceText, decoded, read_bytes
from advisor.language.tree import CASE, Arithmetic, Call, Clock, Expr, FactRef, Literal, Lookup, ParameterRef
from advisor.packs.courses import Objective
from advisor.packs.goal_checks import advice_without_goal, missing_last_rows, rows_alike, unreached_rows
from advisor.packs.order import Cycle, ordered
from advisor.packs.pack import Dated, Fact, Model, Pack, Parameter, Rule
from advisor.packs.row_checks import rows_of_facts
from advisor.problems.problem import Place, Problem, Problems
from advisor.values.periods import Period
from advisor.values.types import YES_NO, Type

WARNINGS: Final = frozenset(
    ("no-afterwards", "no-goal", "no-otherwise", "rows-alike", "unused-fact", "unused-parameter", "unused-source")
)
"""Kinds of problems in spite of which a pack can be used."""


def check_pack(pack: Pack) -> list[Problem]:
    """Every problem of a pack as a whole, sorted by place, with the lines of its files where they can be read."""
    return sorted(with_lines(problem for check in CHECKS for problem in check(pack)))


def with_lines(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, each with the text of its line."""
    files: dict[str, SourceText | None] = {}
    found = []
    for problem in problems:
        name = problem.place.file
        if name not in files:
            files[name] = _source(name)
        source = files[name]
        line = source.line(problem.place.line - 1) if source else ""
        found.append(problem if problem.line else replace(problem, line=line))
    return found


def _source(name: str) -> SourceText | None:
    try:
        return SourceText(name, decoded(read_bytes(Path(name), name), name))
    except Problems:
        return None


# --- what a pack is made of ---------------------------------------------------------------------------------------


def all_parts(pack: Pack) -> Iterator[object]:
    """Every record within a pack that says something: rules and their steps, formulas and the references in them."""
    for things in (pack.facts, pack.parameters, pack.rules, pack.projections, pack.options):
        yield from _parts(things)
    yield from _parts((pack.goals, pack.must_hold))


def _parts(thing: object) -> Iterator[object]:
    pending = [thing]
    while pending:
        one = pending.pop()
        if isinstance(one, Mapping):
            pending.extend(reversed(one.values()))  # type: ignore[call-overload]
        elif isinstance(one, tuple):
            pending.extend(reversed(one))
        elif names := _names(type(one)):
            yield one
            pending.extend([getattr(one, name) for name in names])


_NAMES: Final[dict[type, tuple[str, ...]]] = {Place: (), Type: ()}


def _names(kind: type) -> tuple[str, ...]:
    """The names of what a record of some class is made of, the last first; none of what is no part of a pack."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(one.name for one in reversed(fields(kind))) if is_dataclass(kind) else ()
    return _NAMES[kind]


# --- checks -------------------------------------------------------------------------------------------------------


def unused_facts(pack: Pack) -> list[Problem]:
    """A fact that nothing reads, and that the report does not show either."""
    read = {(entity.id, entity.label) for entity in pack.entities.values()}
    for part in all_parts(pack):
        if isinstance(part, FactRef):
            read.add((part.kind, part.name))
            read.update((kind, part.via) for kind in pack.kinds() if part.via)
        elif isinstance(part, Model | Objective):
            read.add((CASE, part.measure))
    return [
        Problem(fact.place, "unused-fact", f"nothing uses the fact `{fact.name}`", "delete it, or write a rule for it")
        for fact in pack.all_facts()
        if (fact.kind, fact.name) not in read and not (fact.derived and fact.finding)
    ]


def unused_parameters(pack: Pack) -> list[Problem]:
    """A parameter that nothing reads."""
    read = {part.name for part in all_parts(pack) if isinstance(part, ParameterRef | Lookup)}
    return [
        Problem(one.place, "unused-parameter", f"nothing uses the parameter `{one.name}`", "delete it, or use it")
        for one in pack.parameters.values()
        if one.name not in read
    ]


def unused_sources(pack: Pack) -> list[Problem]:
    """A source that nothing cites."""
    cited = {source for part in all_parts(pack) for source in getattr(part, "sources", ())}
    return [
        Problem(source.place, "unused-source", f"nothing cites the source `{source.id}`", "delete it, or cite it")
        for source in pack.sources.values()
        if source.id not in cited
    ]


def deadlines_without_afterwards(pack: Pack) -> list[Problem]:
    """Advice with a deadline that may pass, and no word for what holds then."""
    return [
        Problem(
            rule.place,
            "no-afterwards",
            f"the deadline of `{rule.id}` may pass, and nothing says what holds then",
            "write `afterwards: still right`, or what holds instead",
        )
        for rule in pack.rules.values()
        if rule.advise is not None
        and rule.advise.deadline is not None
        and not (rule.advise.stays or rule.advise.afterwards or _never_passes(rule.advise.deadline))
    ]


def _never_passes(day: Expr) -> bool:
    """Whether a day is today or later by the way it is written."""
    match day:
        case Clock("today"):
            return True
        case Call("max", arguments):
            return any(_never_passes(one) for one in arguments)
        case Arithmetic("+", left, Literal() | ParameterRef()):
            return _never_passes(left)
    return False


def concluded_facts(pack: Pack) -> list[Problem]:
    """A fact that rules are said to conclude and none does, and a rule that concludes one which is not."""
    problems = []
    concluding: dict[tuple[str, str], list[Rule]] = {}
    for rule in pack.rules.values():
        if rule.conclude:
            concluding.setdefault((rule.about, rule.conclude[0]), []).append(rule)
    for fact in pack.all_facts():
        rules = concluding.get((fact.kind, fact.name), [])
        if fact.concluded and not rules:
            message = f"no rule concludes `{fact.name}`"
            problems.append(
                Problem(fact.place, "never-concluded", message, "write one, or give it `formula` or `rows`")
            )
        if not fact.concluded:
            problems.extend(_concludes_another(rule, fact) for rule in rules)
    return problems


def _concludes_another(rule: Rule, fact: Fact) -> Problem:
    how = "is worked out by its formula or rows" if fact.derived else "is asked"
    message = f"the rule `{rule.id}` concludes `{fact.name}`, which {how}"
    related = ((fact.place, f"`{fact.name}` is defined here"),)
    return Problem(rule.place, "not-concluded", message, "give the fact `concluded: yes`", related=related)


def missing_otherwise(pack: Pack) -> list[Problem]:
    """A fact with no value for the cases in which no rule concludes one (a yes/no is then no)."""
    problems = []
    for fact in pack.all_facts():
        if fact.concluded and fact.otherwise is None and not _is_only_yes(fact, pack):
            nothing = "no" if fact.type.kind == YES_NO else "none"
            message = f"`{fact.name}` has no `otherwise`: it is {nothing} where no rule concludes a value"
            help_ = f"if that is meant, add `otherwise: {nothing}`; else another value, or `unknown`"
            problems.append(Problem(fact.place, "no-otherwise", message, help_))
    return problems


def _is_only_yes(fact: Fact, pack: Pack) -> bool:
    """Whether rules conclude nothing of it but yes."""
    conclusions = [rule.conclude for rule in pack.rules.values() if rule.about == fact.kind and rule.conclude]
    values = [value for name, value in conclusions if name == fact.name]
    return fact.type.kind == YES_NO and all(isinstance(value, Literal) and value.value is True for value in values)


def opposing_rules(pack: Pack) -> list[Problem]:
    """Rules that rank one another in a circle."""
    below = {rule.id: [one.rule for one in rule.opposes] for rule in pack.rules.values()}
    return _circle(pack, below, "opposes-cycle", "these rules rank one another in a circle", "opposes")


def order_of_advice(pack: Pack) -> list[Problem]:
    """Recommendations of which each comes before the next, and the last before the first."""
    earlier: dict[str, list[str]] = {id_: [] for id_ in pack.rules}
    for rule in pack.rules.values():
        if rule.advise:
            earlier[rule.id] += rule.advise.after
            for later in rule.advise.before:
                earlier.setdefault(later, []).append(rule.id)
    return _circle(pack, earlier, "order-cycle", "these recommendations come before one another in a circle", "before")


def _circle(pack: Pack, edges: dict[str, list[str]], kind: str, message: str, word: str) -> list[Problem]:
    """The circle among rules, where there is one."""
    try:
        ordered(edges)
    except Cycle as cycle:
        ids = [id_ for id_ in dict.fromkeys(cycle.nodes) if id_ in pack.rules]
        first = pack.rules[ids[0]]
        shown = ", ".join(f"`{id_}`" for id_ in cycle.nodes)
        related = tuple((pack.rules[id_].place, f"`{id_}`") for id_ in ids[1:])
        return [Problem(first.place, kind, f"{message}: {shown}", f"take one `{word}` out", related=related)]
    return []


def speculative_overrides(pack: Pack) -> list[Problem]:
    """A mere guess that beats a rule that is more than one."""
    return [
        Problem(
            rule.place,
            "guess-overrides",
            f"`{rule.id}` rests on a guess and cannot override `{beaten}`, which does not",
            "find a better source for it, or take the override out",
            related=((pack.rules[beaten].place, f"`{beaten}`"),),
        )
        for rule in pack.rules.values()
        if rule.speculative
        for beaten in rule.overrides
        if beaten in pack.rules and not pack.rules[beaten].speculative
    ]


def useless_overrides(pack: Pack) -> list[Problem]:
    """A rule that overrides one which concludes something else: then there is nothing to beat."""
    problems = []
    for rule in pack.rules.values():
        for other in (pack.rules[id_] for id_ in rule.overrides if id_ in pack.rules):
            mine, theirs = rule.conclude, other.conclude
            if mine and theirs and (rule.about, mine[0]) != (other.about, theirs[0]):
                message = f"`{rule.id}` concludes `{mine[0]}` and overrides `{other.id}`, which concludes `{theirs[0]}`"
                related = ((other.place, f"`{other.id}`"),)
                problems.append(Problem(rule.place, "idle-override", message, "take the override out", related=related))
    return problems


def overlapping_values(pack: Pack) -> list[Problem]:
    """Two values of a parameter that are surely in force on the same day."""
    problems = []
    for parameter in pack.parameters.values():
        for one, other in combinations(parameter.values, 2):
            day = _common_day(one, other)
            if day is not None:
                message = f"`{parameter.name}` has two values on {day}"
                help_ = "end the one before the other begins"
                related = ((one.place, "the other"),)
                problems.append(Problem(other.place, "overlapping-values", message, help_, related=related))
    return problems


def _common_day(one: Dated, other: Dated) -> date | None:
    """A day on which both are surely in force."""
    for first in one.periods or (Period(),):
        for second in other.periods or (Period(),):
            starts = [_sure_start(first), _sure_start(second)]
            ends = [_sure_end(first), _sure_end(second)]
            start = max(starts)
            if start <= min(ends):
                return min(ends) if start == date.min else start
    return None


def _sure_start(period: Period) -> date:
    """The first day from which it is surely in force; the end of time where nobody knows."""
    return date.min if period.first is None else period.first.latest or date.max


def _sure_end(period: Period) -> date:
    """The last day until which it is surely in force; the beginning of time where nobody knows."""
    return date.max if period.last is None else period.last.earliest or date.min


def shadowed_names(pack: Pack) -> list[Problem]:
    """A name that two things share, so that one of them cannot be named within a rule about an entity."""
    problems = []
    for fact in pack.all_facts():
        other: Fact | Parameter | None = pack.parameters.get(fact.name)
        if other is None and fact.kind != CASE:
            other = pack.facts[CASE].get(fact.name)
        if other is not None:
            what = "a fact of the case" if isinstance(other, Fact) else "a parameter"
            message = f"`{fact.name}` is also the name of {what}, which then cannot be named beside it"
            related = ((other.place, "the other"),)
            problems.append(Problem(fact.place, "shadowed-name", message, "rename one of them", related=related))
    return problems


def questions_to_ask(pack: Pack) -> list[Problem]:
    """A derived fact that may be stated, but has no question by which it could be asked."""
    return [
        Problem(fact.place, "no-question", f"`{fact.name}` may be stated but has no question", "add `question`")
        for fact in pack.all_facts()
        if fact.may_be_stated and not fact.question
    ]


CHECKS: Final[tuple[Callable[[Pack], list[Problem]], ...]] = (
    unused_facts,
    unused_parameters,
    unused_sources,
    concluded_facts,
    missing_otherwise,
    opposing_rules,
    order_of_advice,
    speculative_overrides,
    useless_overrides,
    overlapping_values,
    shadowed_names,
    questions_to_ask,
    missing_last_rows,
    unreached_rows,
    rows_alike,
    rows_of_facts,
    advice_without_goal,
    deadlines_without_afterwards,
)
"""All of them."""
