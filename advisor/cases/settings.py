"""Changes of a case: one answer, entity or date set otherwise; read from `PATH=VALUE`, or found between two cases.

In: a pack's vocabulary, and texts or a second case. Out: `Setting` values, each of which can be applied by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from advisor.cases import reader as case_file
from advisor.cases.case import Answer, Case, Item, Items, path
from advisor.cases.paths import CasePath, parse_path
from advisor.language.tree import CASE
from advisor.packs.pack import Fact, Pack
from advisor.problems.problem import Place, Problem, Problems, suggestion
from advisor.values.text import plain
from advisor.values.types import CHOICES, Type

ADDED: Final = ("added", "new")
REMOVED: Final = ("removed", "none")
NOT_ASKED: Final = "not asked"
_DATES: Final = {"today": "today", "as_of": "by the rules of"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One change. With `field` an answer is set (None: not asked); without, an entity is put in (None: taken out).

    `field` may also be `times` of an entity, or `more` of a list (without an entity); `kind` may be `today` or `as_of`.
    """

    kind: str
    entity: str = ""
    field: str = ""
    answer: Answer | None = None
    item: Item | None = None
    times: int = 1
    more: bool | None = False
    day: date | None = None

    def apply(self, case: Case) -> Case:
        """The case with this change made; an entity that is not listed yet is added."""
        if self.kind == "today":
            return replace(case, today=self.day)
        if self.kind == "as_of":
            return replace(case, as_of=self.day)
        if self.kind == CASE:
            return case.with_answer(CASE, "", self.field, self.answer)
        listed = case.entities.get(self.kind, Items(more=None))
        if not self.entity:
            return _with_items(case, self.kind, replace(listed, more=self.more))
        others = tuple(one for one in listed.items if one.id != self.entity)
        if not self.field:
            items = (*others, self.item) if self.item is not None else others
            return _with_items(case, self.kind, replace(listed, items=items))
        if len(others) == len(listed.items):
            case = _with_items(case, self.kind, replace(listed, items=(*listed.items, Item(id=self.entity))))
        if self.field == "times":
            return _with_times(case, self.kind, self.entity, self.times)
        return case.with_answer(self.kind, self.entity, self.field, self.answer)

    def path(self, pack: Pack) -> str:
        """The place in the case file."""
        if self.kind in _DATES or self.kind == CASE:
            return self.field or self.kind
        plural = pack.entities[self.kind].plural
        if not self.entity:
            return plural
        return path(self.kind, self.entity, self.field, plural).removesuffix(".")


def _with_items(case: Case, kind: str, items: Items) -> Case:
    return replace(case, entities={**case.entities, kind: items})


def _with_times(case: Case, kind: str, entity: str, times: int) -> Case:
    listed = case.entities[kind]
    items = tuple(replace(one, times=times) if one.id == entity else one for one in listed.items)
    return _with_items(case, kind, replace(listed, items=items))


def apply(case: Case, settings: Iterable[Setting]) -> Case:
    """The case with all these changes made, one after the other."""
    for one in settings:
        case = one.apply(case)
    return case


def fact_of(pack: Pack, kind: str, field: str) -> Fact | None:
    """The fact that a field of a kind belongs to (`late` of `problems.late` is one of its boxes)."""
    return pack.facts.get(kind, {}).get(field.partition(".")[0])


# --- read from text -----------------------------------------------------------------------------------------------


def read_settings(pack: Pack, case: Case, texts: Iterable[str]) -> list[Setting]:
    """What `PATH=VALUE` texts set, in order. Raises Problems for all that cannot be read."""
    found: list[Setting] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            for one in _read(pack, case, text):
                case = one.apply(case)
                found.append(one)
        except Problems as error:
            problems.extend(error.problems)
    if problems:
        raise Problems(problems)
    return found


def _read(pack: Pack, case: Case, text: str) -> list[Setting]:
    name, sign, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not sign or not value:
        raise _problem(
            text, "bad-setting", "this sets nothing", "write PATH=VALUE; `PATH=not asked` takes an answer back"
        )
    named = parse_path(pack, name, "the command line")
    if not named.fact:
        return [_whole(pack, case, named, value, text)]
    fields = _fields(pack.facts[named.kind][named.fact], named.box)
    if value.casefold() == NOT_ASKED:
        return [Setting(kind=named.kind, entity=named.entity, field=field) for field in fields]
    answers = _answers(pack, case, named, value)
    return [
        Setting(kind=named.kind, entity=named.entity, field=field, answer=answers[field])
        for field in fields
        if field in answers
    ]


def _whole(pack: Pack, case: Case, named: CasePath, value: str, text: str) -> Setting:
    """An entity put in or taken out."""
    listed = [one.id for one in case.items(named.kind)]
    if value.casefold() in ADDED:
        return Setting(kind=named.kind, entity=named.entity, item=Item(id=named.entity))
    if value.casefold() not in REMOVED:
        plural = pack.entities[named.kind].plural
        mend = (
            f"write `{plural}[{named.entity}]=added`, `=removed`, or name a fact: `{plural}[{named.entity}].FACT=VALUE`"
        )
        raise _problem(text, "bad-setting", "an entity as a whole has no value", mend)
    if named.entity not in listed:
        raise _problem(
            text, "unknown-id", f"there is no {named.kind} `{named.entity}`", suggestion(named.entity, listed)
        )
    return Setting(kind=named.kind, entity=named.entity)


def _fields(fact: Fact, box: str) -> list[str]:
    if fact.type.kind != CHOICES:
        return [fact.name]
    return [f"{fact.name}.{one}" for one in ((box,) if box else fact.type.choice_ids())]


def _answers(pack: Pack, case: Case, named: CasePath, value: str) -> Mapping[str, Answer]:
    """The answers by field, read as a case file reads them."""
    written: object = {named.box: value} if named.box else value
    if not named.box and value.startswith("[") and value.endswith("]"):
        written = [one.strip() for one in value[1:-1].split(",") if one.strip()]
    data: dict[str, object] = {"facts": {named.fact: written}}
    if named.kind != CASE:
        # Listed beside the others, so that what refers to one of them is understood.
        data = {pack.entities[named.kind].plural: [{"id": named.entity, named.fact: written}]}
    try:
        read = case_file.case_from_dict(pack, data)
    except Problems as error:
        place = Place("the command line")
        raise Problems(replace(one, place=place, line="", related=()) for one in error.problems) from None
    answers = read.answers if named.kind == CASE else read.items(named.kind)[0].answers
    _check_reference(pack, case, named, answers)
    return answers


def _check_reference(pack: Pack, case: Case, named: CasePath, answers: Mapping[str, Answer]) -> None:
    to = pack.facts[named.kind][named.fact].type.entity
    value = answers[named.fact].value if to and named.fact in answers else None
    known = [one.id for one in case.items(to)] if to else []
    if isinstance(value, str) and known and value not in known:
        raise _problem(value, "unknown-id", f"there is no {to} `{value}`", suggestion(value, known))


def _problem(text: str, kind: str, message: str, mend: str) -> Problems:
    return Problems([Problem(Place("the command line"), kind, f"`{text[:80]}`: {message}", mend)])


# --- found between two cases --------------------------------------------------------------------------------------


def differing(one: Case, other: Case) -> list[Setting]:
    """What must be set in `one` to come to `other`, a setting for each answer, entity or date that differs."""
    return [
        *_dates(one, other),
        *_answers_between(CASE, "", one.answers, other.answers),
        *(setting for kind in sorted({*one.entities, *other.entities}) for setting in _lists(kind, one, other)),
    ]


def _dates(one: Case, other: Case) -> Iterator[Setting]:
    for name in _DATES:
        day = getattr(other, name)
        if getattr(one, name) != day:
            yield Setting(kind=name, day=day)


def _answers_between(
    kind: str, entity: str, one: Mapping[str, Answer], other: Mapping[str, Answer]
) -> Iterator[Setting]:
    for field in sorted({*one, *other}):
        if not same_answer(one.get(field), other.get(field)):
            yield Setting(kind=kind, entity=entity, field=field, answer=other.get(field))


def same_answer(one: Answer | None, other: Answer | None) -> bool:
    """Whether two answers say the same, whatever is noted beside them."""
    if one is None or other is None:
        return one is other
    return one.unknown == other.unknown and one.value == other.value and type(one.value) is type(other.value)


def _lists(kind: str, one: Case, other: Case) -> Iterator[Setting]:
    before = {item.id: item for item in one.items(kind)}
    after = {item.id: item for item in other.items(kind)}
    for id_ in sorted({*before, *after}):
        if id_ not in before:
            yield Setting(kind=kind, entity=id_, item=after[id_])
        elif id_ not in after:
            yield Setting(kind=kind, entity=id_)
        else:
            yield from _answers_between(kind, id_, before[id_].answers, after[id_].answers)
            if before[id_].times != after[id_].times:
                yield Setting(kind=kind, entity=id_, field="times", times=after[id_].times)
    more = [case.entities[kind].more if kind in case.entities else None for case in (one, other)]
    if more[0] is not more[1]:
        yield Setting(kind=kind, more=more[1])


# --- in words -----------------------------------------------------------------------------------------------------


def written(pack: Pack, case: Case, one: Setting) -> str:
    """What stands in a case at the place that a setting changes, as a case file writes it."""
    if one.kind in _DATES:
        return str(getattr(case, one.kind) or "not said")
    if one.field == "times" or (one.entity and not one.field):
        found = next((item for item in case.items(one.kind) if item.id == one.entity), None)
        if found is None:
            return "not listed"
        return str(found.times) if one.field else "listed"
    if one.kind != CASE and not one.entity:
        more = case.entities[one.kind].more if one.kind in case.entities else None
        return {True: "there are more", False: "complete", None: "perhaps there are more"}[more]
    answer = case.answer(one.kind, one.entity, one.field)
    fact = fact_of(pack, one.kind, one.field)
    if answer is None or fact is None:
        return NOT_ASKED
    return "unknown" if answer.unknown else plain(answer.value, field_type(fact, one.field))


def field_type(fact: Fact, field: str) -> Type:
    """The type of one field of a fact: a box of a tick-several fact is a yes/no."""
    return Type("yes/no") if "." in field else fact.type
