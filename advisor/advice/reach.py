"""What a part of the advice hangs on: the fields and groups of a program, by key, from which it is worked out.

In: a `Program` and a goal or a rule. Out: keys of steps. What is not among them may be left unknown, and that part of
the advice still comes out the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.language.tree import CASE, FactRef, Text
from advisor.packs.pack import FIRST_ADVICE, Goal
from advisor.reasoning.program import Program
from advisor.reasoning.revision import below
from advisor.values.types import CHOICES


def answer(program: Program, goal: Goal) -> frozenset[str] | None:
    """The keys of all that an answer and its words are worked out from, and of what must hold; None where unclear.

    What was said is always within it.
    """
    if any(FIRST_ADVICE in text.parts for text in _texts(program, goal)):
        return None
    spoken = {key for text in _texts(program, goal) for key in _spoken(program, text, goal.about)}
    given = {one.key for fields in program.fields.values() for one in fields if one.role in ("asked", "era")}
    return below(program, answer_roots(program, goal.id) | spoken | given | must_hold(program))


def advised(program: Program) -> frozenset[str]:
    """The keys of all that the answers, the recommendations and the courses of action hang on, and their words.

    Most often the figures that are only forecast are not among them, and these are what takes long to work out.
    """
    if program.advised is None:
        program.advised = below(program, _advised_roots(program))
    return program.advised


def _advised_roots(program: Program) -> set[str]:
    pack = program.pack
    roots = {one.key for fields in program.fields.values() for one in fields if one.role in ("asked", "era")}
    roots |= must_hold(program) | {program.group_of[rule].key for rule in pack.rules}
    for rule in pack.rules.values():
        texts = [rule.because, *(opposition.because for opposition in rule.opposes)]
        if rule.advise is not None:
            texts.append(rule.advise.title)
            if rule.advise.deadline is not None:
                roots |= program.spoken[rule.about, rule.advise.deadline]
        roots |= {key for text in texts for key in _spoken(program, text, rule.about)}
    for goal in pack.goals.values():
        roots |= answer_roots(program, goal.id)
        roots |= {program.condition(goal.about, one).key for one in (goal.when, goal.fits) if one is not None}
        roots |= {key for text in _texts(program, goal) for key in _spoken(program, text, goal.about)}
    courses = pack.options.courses.values()
    return roots | {program.condition(one.about, one.when).key for one in courses if one.when is not None}


def answer_roots(program: Program, id_: str) -> set[str]:
    """The conditions of a goal's rows, or the fact that is its answer; all advice, where a row names the first."""
    goal = program.pack.goals[id_]
    if goal.value:
        return {program.fields[goal.about][program.field(goal.about, goal.value)].key}
    roots = {program.condition(goal.about, row.when).key for row in goal.rows if row.when is not None}
    if any(FIRST_ADVICE in row.say.parts for row in goal.rows):
        roots |= {program.group_of[rule.id].key for rule in program.pack.rules.values() if rule.advise is not None}
    return roots


def rule_roots(program: Program, id_: str) -> set[str]:
    """The groups of a rule, of those whose advice is preferred to its own, and of what is preferred to that."""
    found, pending = {id_}, [id_]
    while pending:
        new = {rule.id for rule in program.opponents.get(pending.pop(), ())} - found
        found |= new
        pending += new
    return {program.group_of[one].key for one in found}


def advice_roots(program: Program, id_: str) -> set[str]:
    """The roots of a recommendation: whether it stands, and its deadline."""
    rule = program.pack.rules[id_]
    by = rule.advise.deadline if rule.advise is not None else None
    return rule_roots(program, id_) | (program.spoken[rule.about, by] if by is not None else set())


def forecast_roots(program: Program, id_: str) -> set[str]:
    """What the figures of a projection are worked out from; also what is presumed of what nobody knows."""
    projection = program.pack.projections[id_]
    conditions = [projection.needs, *(model.when for model in projection.models)]
    roots = {program.condition(CASE, one).key for one in conditions if one is not None}
    roots |= {program.fields[CASE][program.field(CASE, model.measure)].key for model in projection.models}
    if projection.absent is not None:
        roots |= set(_spoken(program, projection.absent, CASE))
    reached = below(program, roots)
    for field in (field for fields in program.fields.values() for field in fields if field.key in reached):
        for one in (field.fact.likely, field.fact.assume) if field.fact is not None else ():
            if one is not None and one.when is not None:
                roots.add(program.condition(field.kind, one.when).key)
    return roots


def must_hold(program: Program) -> set[str]:
    """The conditions that must hold in every case."""
    return {program.condition(one.about, one.that).key for one in program.pack.must_hold}


def _texts(program: Program, goal: Goal) -> Iterator[Text]:
    """The words in which an answer may come."""
    texts: list[Text | None] = [goal.meanwhile, *(text for row in goal.rows for text in (row.verdict, row.say))]
    if goal.value:
        fact = program.fields[goal.about][program.field(goal.about, goal.value)].fact
        said = fact.finding if fact is not None else None
        texts += said.values() if isinstance(said, Mapping) else [said]
    return (text for text in texts if text is not None)


def _spoken(program: Program, text: Text, about: str) -> Iterator[str]:
    """The keys of the fields that are put into a text."""
    for part in text.parts:
        if isinstance(part, str):
            continue
        if isinstance(part, FactRef) and part.type.kind == CHOICES and not part.via:
            kind = CASE if part.kind == CASE else about
            fields = program.fields[kind]
            yield from (one.key for one in fields if one.fact is not None and one.fact.name == part.name)
        else:
            yield from program.spoken[about, part]
