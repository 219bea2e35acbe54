"""Slips: a pack changed in one place, in the ways people get rules wrong.

In: a `Pack`. Out: `Slip` values, the same ones every time: bounds shifted by one step or with their end left out or in,
"and" for "or", a "not" dropped, days shifted, another choice, an override left out, a source trusted otherwise. After
the operators of mutation testing: DeMillo, Lipton, Sayward, "Hints on Test Data Selection", IEEE Computer 11(4), 1978.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal, TypeVar

from advisor.authoring.conditions import Site, sites
from advisor.language.printing import text
from advisor.language.tree import (
    CASE,
    Aggregate,
    And,
    Arithmetic,
    Between,
    Certainty,
    Compare,
    Condition,
    Expr,
    FactRef,
    Member,
    Not,
    Or,
    Truth,
    ticked,
)
from advisor.language.tree import Literal as Written
from advisor.packs.pack import Fact, Pack, Parameter, Row, Rule
from advisor.problems.problem import Place
from advisor.values.periods import Edge, Period
from advisor.values.types import CHOICE, DATE, NUMERIC, YES_NO, Scalar, Type

Sort = Literal["bound", "and-or", "not", "date", "choice", "override", "standing"]
SORTS: Final[dict[Sort, str]] = {
    "bound": "a bound moved",
    "and-or": "and for or",
    "not": "a not dropped",
    "date": "a date shifted",
    "choice": "a choice exchanged",
    "override": "an override left out",
    "standing": "a source trusted otherwise",
}
"""Each sort of slip in words."""
JUDGED: Final = frozenset(("rule", "row", "answer", "applies of"))
"""Sites whose conditions a worked case can judge."""
_VAGUE: Final = timedelta(days=31)
"""By how much a vague end is shifted; an exact one is by a day."""
_DAY: Final = timedelta(days=1)
_STRICT: Final[dict[str, Literal["<", "<=", ">", ">="]]] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_WEAKER: Final = {"<": 1, ">": -1, "<=": -1, ">=": 1}
"""Which way a literal moves so that, of the two slips of a comparison, one lets in more and one lets in less."""

Change = tuple[Sort, str, str]
"""The sort of a slip, and what is written before and after."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One change: of which sort, where, and what is written before and after. `made` is the pack with it."""

    sort: Sort
    what: str
    """What it is in: `rule`, `row`, `answer`, `applies of`, `figure` or `source`."""
    name: str
    place: Place
    before: str
    after: str
    made: Callable[[], Pack]
    site: Site | None = None
    new: Condition | None = None
    """The condition of the site that is in its place, where that is what changed."""

    @property
    def called(self) -> str:
        """What it is in, in words."""
        return f"{self.what} {self.name}"


def slips(pack: Pack) -> list[Slip]:
    """Every slip, by place."""
    found = [*_of_conditions(pack), *_of_rules(pack), *_of_rows(pack), *_of_figures(pack), *_of_sources(pack)]
    return sorted(found, key=lambda one: (one.place, one.before, one.after))


# --- conditions -----------------------------------------------------------------------------------------------------


def _of_conditions(pack: Pack) -> Iterator[Slip]:
    for site in sites(pack):
        if site.what not in JUDGED:
            continue
        for (sort, before, after), new in variants(site.condition):
            yield Slip(
                sort=sort,
                what=site.what,
                name=site.name,
                place=site.place,
                before=before,
                after=after,
                made=lambda site=site, new=new: with_condition(pack, site, new),  # type: ignore[misc]
                site=site,
                new=new,
            )


def variants(condition: Condition) -> Iterator[tuple[Change, Condition]]:
    """The condition with one slip in it, each in turn."""
    if ticked(condition) is not None:
        if isinstance(condition, Or):
            none = And(tuple(Not(box) for box in condition.operands))
            yield ("not", text(condition), text(none)), none
        return
    match condition:
        case Not(operand):
            yield ("not", text(condition), text(operand)), operand
            yield from ((change, Not(one)) for change, one in variants(operand))
        case And(operands) | Or(operands):
            if len(operands) > 1:
                other = Or(operands) if isinstance(condition, And) else And(operands)
                yield ("and-or", text(condition), text(other)), other
            for at, operand in enumerate(operands):
                for change, one in variants(operand):
                    yield change, type(condition)((*operands[:at], one, *operands[at + 1 :]))
        case Certainty(word, operand):
            yield from ((change, Certainty(word, one)) for change, one in variants(operand))
        case _:
            yield from ((_change(sort, condition, one), one) for sort, one in _of_comparison(condition))


def _change(sort: Sort, before: Condition, after: Condition) -> Change:
    return sort, text(before), text(after)


def _of_comparison(atom: Condition) -> Iterator[tuple[Sort, Condition]]:
    match atom:
        case Compare("==", left, Written(value, type_)):
            yield from (("choice", Compare("==", left, other)) for other in _another(value, type_, left.type))
        case Compare(op, left, right) if op in _STRICT:
            yield _sort(right), replace(atom, op=_STRICT[op])
            moved = _moved(right, _WEAKER[op])
            if moved is not None:
                yield _sort(right), replace(atom, right=moved)
        case Between(operand, low, high):
            yield "bound", And((Compare(">", operand, low), Compare("<=", operand, high)))
            yield "bound", And((Compare(">=", operand, low), Compare("<", operand, high)))
        case Member(operand, values) if len(values) > 1:
            for at in range(len(values)):
                yield "choice", Member(operand, (*values[:at], *values[at + 1 :]))
        case Truth(FactRef(choice=choice) as box) if choice:
            ids = box_choices(box)
            other = ids[(ids.index(choice) + 1) % len(ids)] if choice in ids else choice
            if other != choice:
                yield "choice", Truth(replace(box, choice=other))
        case Truth(Aggregate() as over):
            yield from ((sort, Truth(one)) for sort, one in _of_quantifier(over))


def box_choices(box: FactRef) -> tuple[str, ...]:
    """The ids of the boxes among which one is ticked."""
    return box.type.choice_ids() if box.type.choices else ()


def _of_quantifier(over: Aggregate) -> Iterator[tuple[Sort, Aggregate]]:
    if over.op == "no":
        yield "not", replace(over, op="any")
    elif over.op in ("any", "every") and over.where is not None:
        yield "and-or", replace(over, op="every" if over.op == "any" else "any")
    if over.where is not None:
        yield from ((change[0], replace(over, where=one)) for change, one in variants(over.where))


def _sort(right: Expr) -> Sort:
    return "date" if right.type.kind == DATE else "bound"


def _another(value: Scalar, type_: Type, of: Type) -> Iterator[Written]:
    """The choice after this one, of the same fact."""
    ids = of.choice_ids() if of.kind == CHOICE else ()
    if value in ids and len(ids) > 1:
        yield Written(ids[(ids.index(value) + 1) % len(ids)], type_)


def _moved(expr: Expr, way: int) -> Expr | None:
    """The expression with its last literal one step further; None where it has none."""
    match expr:
        case Written(value, type_):
            moved = _one_step(value, type_, way)
            return None if moved is None else Written(moved, type_)
        case Arithmetic("+" | "-" as op, left, right, _):
            later = _moved(right, way if op == "+" else -way)
            if later is not None:
                return replace(expr, right=later)
            earlier = _moved(left, way)
            return None if earlier is None else replace(expr, left=earlier)
    return None


def _one_step(value: Scalar, type_: Type, way: int) -> Scalar | None:
    if isinstance(value, date):
        return value + way * _DAY
    if isinstance(value, bool) or not isinstance(value, int | Fraction) or type_.kind not in NUMERIC:
        return None
    step = Fraction(1)
    while (value / step).denominator != 1 and step > Fraction(1, 10**6):
        step /= 10
    moved = value + way * step
    return int(moved) if moved.denominator == 1 else moved


def with_condition(pack: Pack, site: Site, new: Condition) -> Pack:
    """The pack with another condition at one of its sites. Raises KeyError for a site that cannot be judged."""
    if site.what == "rule":
        return with_rule(pack, _with_when(pack.rules[site.name], new))
    number, name = (
        (int(site.name.partition(" of ")[0]), site.name.partition(" of ")[2]) if " of " in site.name else (0, site.name)
    )
    if site.what == "answer":
        goal = pack.goals[name]
        return replace(pack, goals={**pack.goals, name: replace(goal, rows=_exchanged(goal.rows, number, when=new))})
    fact = pack.facts[site.kind][name.rpartition(".")[2]]
    if site.what == "row":
        return with_fact(pack, replace(fact, rows=_exchanged(fact.rows, number, when=new)))
    if site.what == "applies of":
        return with_fact(pack, replace(fact, applies=new))
    raise KeyError(site.called)


def _exchanged(rows: tuple[T, ...], number: int, **changed: object) -> tuple[T, ...]:
    """The rows with one of them (counted from 1) changed."""
    return tuple(replace(one, **changed) if at == number else one for at, one in enumerate(rows, 1))  # type: ignore[type-var]


def with_rule(pack: Pack, rule: Rule) -> Pack:
    """The pack with one rule in the place of the one that is called so."""
    return replace(pack, rules={**pack.rules, rule.id: rule})


def with_fact(pack: Pack, fact: Fact) -> Pack:
    """The pack with one fact in the place of the one that is called so."""
    return replace(pack, facts={**pack.facts, fact.kind: {**pack.facts[fact.kind], fact.name: fact}})


def _with_when(rule: Rule, new: Condition) -> Rule:
    """The rule with another condition as it is written; that its deadline has not passed is still asked besides."""
    advise = rule.advise
    if advise is None or advise.before_deadline is None:
        return replace(rule, when=new)
    assert isinstance(rule.when, And)
    return replace(rule, when=And((new, rule.when.operands[1])), advise=replace(advise, before_deadline=new))


# --- rules ----------------------------------------------------------------------------------------------------------


def _of_rules(pack: Pack) -> Iterator[Slip]:
    for rule in pack.rules.values():
        yield from (_of_rule(pack, rule, *found) for found in _rule_slips(pack, rule))


def _of_rule(pack: Pack, rule: Rule, change: Change, new: Rule) -> Slip:  # the rule before and after
    sort, before, after = change
    return Slip(
        sort=sort,
        what="rule",
        name=rule.id,
        place=rule.place,
        before=before,
        after=after,
        made=lambda: with_rule(pack, new),
    )


def _rule_slips(pack: Pack, rule: Rule) -> Iterator[tuple[Change, Rule]]:
    for over in rule.overrides:
        left = tuple(one for one in rule.overrides if one != over)
        yield ("override", f"overrides {over}", "nothing of the kind"), replace(rule, overrides=left)
    for change, periods in _shifted(rule.periods):
        yield change, replace(rule, periods=periods)
    if rule.conclude is not None:
        name, value = rule.conclude
        for other in _other_value(value, pack.facts[rule.about][name].type):
            yield ("choice", f"{name}: {text(value)}", f"{name}: {text(other)}"), replace(rule, conclude=(name, other))
    advise = rule.advise
    if advise is not None and advise.deadline is not None:
        for way in (1, -1):
            moved = _moved(advise.deadline, way)
            if moved is not None:
                yield (
                    ("date", f"deadline {text(advise.deadline)}", f"deadline {text(moved)}"),
                    _with_deadline(rule, moved),
                )


def _with_deadline(rule: Rule, moved: Expr) -> Rule:
    assert rule.advise is not None
    new = replace(rule, advise=replace(rule.advise, deadline=moved))
    if rule.advise.before_deadline is None:
        return new
    match rule.when:
        case And((written, Not(Certainty("surely", Compare("<", _, today))))):
            return replace(new, when=And((written, Not(Certainty("surely", Compare("<", moved, today))))))
    return new


def _other_value(value: Expr, type_: Type) -> Iterator[Expr]:
    if not isinstance(value, Written):
        return
    if type_.kind == YES_NO and isinstance(value.value, bool):
        yield replace(value, value=not value.value)
    yield from _another(value.value, value.type, type_)


def _of_rows(pack: Pack) -> Iterator[Slip]:
    """Values of rows of facts."""
    for fact in pack.all_facts():
        for number, row in enumerate(fact.rows, 1):
            for other in _other_value(row.value, fact.type):
                yield _of_row(pack, fact, number, row, other)


def _of_row(pack: Pack, fact: Fact, number: int, row: Row, other: Expr) -> Slip:
    name = fact.name if fact.kind == CASE else f"{fact.kind}.{fact.name}"
    return Slip(
        sort="choice",
        what="row",
        name=f"{number} of {name}",
        place=row.place,
        before=f"is {text(row.value)}",
        after=f"is {text(other)}",
        made=lambda: with_fact(pack, replace(fact, rows=_exchanged(fact.rows, number, value=other))),
    )


# --- times ----------------------------------------------------------------------------------------------------------


def _of_figures(pack: Pack) -> Iterator[Slip]:
    for figure in pack.parameters.values():
        for at, dated in enumerate(figure.values):
            for change, periods in _shifted(dated.periods):
                values = (*figure.values[:at], replace(dated, periods=periods), *figure.values[at + 1 :])
                yield _of_figure(pack, replace(figure, values=values), dated.place, change)


def _of_figure(pack: Pack, new: Parameter, place: Place, change: Change) -> Slip:
    sort, before, after = change
    return Slip(
        sort=sort,
        what="figure",
        name=new.name,
        place=place,
        before=before,
        after=after,
        made=lambda: _with_figure(pack, new),
    )


def _with_figure(pack: Pack, figure: Parameter) -> Pack:
    return replace(pack, parameters={**pack.parameters, figure.name: figure})


def _shifted(periods: tuple[Period, ...]) -> Iterator[tuple[Change, tuple[Period, ...]]]:
    """Periods with one of their ends earlier or later."""
    for at, period in enumerate(periods):
        for end in ("first", "last"):
            edge: Edge | None = getattr(period, end)
            if edge is None or edge.earliest is None or edge.latest is None:
                continue
            by = _DAY if edge.earliest == edge.latest else _VAGUE
            word = "from" if end == "first" else "until"
            for way in (1, -1):
                moved = replace(edge, earliest=edge.earliest + way * by, latest=edge.latest + way * by)
                change: Change = ("date", f"{word} {_edge(edge)}", f"{word} {_edge(moved)}")
                yield change, (*periods[:at], replace(period, **{end: moved}), *periods[at + 1 :])


def _edge(edge: Edge) -> str:
    if edge.earliest == edge.latest:
        return f"{edge.earliest}"
    return f"{edge.earliest} .. {edge.latest}"


# --- sources --------------------------------------------------------------------------------------------------------


def _of_sources(pack: Pack) -> Iterator[Slip]:
    """Each source one step less trusted (the least trusted: more), where that changes what a rule is worth."""
    order = [one.id for one in pack.standings]
    for source in pack.sources.values():
        if len(order) < 2 or source.standing not in order:  # noqa: PLR2004  there is another step
            continue
        at = order.index(source.standing)
        other = order[at + 1] if at + 1 < len(order) else order[at - 1]
        new = trusting(pack, source.id, other)
        if new.rules == pack.rules:
            continue
        yield Slip(
            sort="standing",
            what="source",
            name=source.id,
            place=source.place,
            before=f"standing {source.standing}",
            after=f"standing {other}",
            made=lambda new=new: new,  # type: ignore[misc]
        )


def trusting(pack: Pack, source: str, standing: str) -> Pack:
    """The pack with a source of another standing, and the rules and models that cite it worth what that makes them."""
    sources = {**pack.sources, source: replace(pack.sources[source], standing=standing)}

    def strongest(cited: tuple[str, ...]) -> str:
        known = {sources[one].standing for one in cited if one in sources}
        return next((one.id for one in pack.standings if one.id in known), "")

    guesses = {one.id for one in pack.standings if one.speculative}
    rules = {
        id_: replace(rule, standing=strongest(rule.sources), speculative=strongest(rule.sources) in guesses)
        if source in rule.sources
        else rule
        for id_, rule in pack.rules.items()
    }
    projections = {
        id_: replace(
            one,
            models=tuple(
                replace(model, standing=strongest(model.sources)) if source in model.sources else model
                for model in one.models
            ),
        )
        for id_, one in pack.projections.items()
    }
    return replace(pack, sources=sources, rules=rules, projections=projections)
