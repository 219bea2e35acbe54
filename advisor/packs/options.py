"""options.yaml: courses of action, and the objectives by which they are judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from advisor.files.shapes import ID, looks_like
from advisor.files.yaml import ListNode, MapNode, Node, TextNode
from advisor.language.tree import CASE, Expr, Text
from advisor.packs.courses import THIS, Added, Choice, Course, Courses, Move, Objective, Reason, Stage
from advisor.packs.pack import Projection
from advisor.packs.reading import NEVER, NO_TEXT, Reading
from advisor.packs.rules import records
from advisor.problems.problem import suggestion
from advisor.values.numbers import read_number
from advisor.values.text import read_days, read_money, read_value
from advisor.values.types import CHOICES, DATE, DURATION, NUMERIC, YES_NO, Number, Type, Value

MOST_IN_RANGE: Final = 200
"""The largest number that a choice may reach."""


def read_course_names(root: Node | None, reading: Reading) -> None:
    """Puts the ids of the courses among what rules may argue for or against; a rule's id is taken already."""
    for node in records(root.values.get("options")) if isinstance(root, MapNode) else ():
        id_ = node.values.get("id")
        if not isinstance(id_, TextNode):
            continue
        rule = reading.names.rules.get(id_.text)
        if rule is not None:
            related = ((rule.place, "the rule"),)
            message = f"a rule has the id `{id_.text}` too"
            reading.problems.append(id_.problem("duplicate-id", message, "rename one", related))
        reading.names.courses.add(id_.text)


def read_courses(root: Node | None, projections: Mapping[str, Projection], reading: Reading) -> Courses:
    """All that options.yaml says. What cannot be read is a problem, and left out."""
    if not isinstance(root, MapNode):
        return Courses()
    nodes = records(root.values.get("options"))
    ids = [node.text_at("id") for node in nodes]
    courses: dict[str, Course] = {}
    for node in nodes:
        course = _CourseReader(node, ids, reading).read()
        if courses.setdefault(course.id, course) is not course:
            message = f"two options have the id `{course.id}`"
            related = ((courses[course.id].place, "the first"),)
            spot = node.values.get("id", node)
            reading.problems.append(spot.problem("duplicate-id", message, "rename one", related))
    objectives = tuple(_objective(node, projections, reading) for node in records(root.values.get("objectives")))
    return Courses(objectives=objectives, breaches=_advice(root, "breaches", reading), courses=courses)


def _advice(node: MapNode, key: str, reading: Reading) -> tuple[str, ...]:
    return reading.known(node.values.get(key), "rule", sorted(reading.names.advice))


# --- objectives -----------------------------------------------------------------------------------------------------


def _objective(node: MapNode, projections: Mapping[str, Projection], reading: Reading) -> Objective:
    id_ = node.values.get("id", node)
    named = [key for key in ("projection", "measure", "shows") if key in node.keys]
    if len(named) != 1:
        reading.note(id_, "no-figure", "an objective is one figure", "give `projection`, `measure` or `shows`")
    projection = _projection(node.values.get("projection"), projections, reading, models=True)
    shows = _projection(node.values.get("shows"), projections, reading, models=False)
    declared = projections.get(projection.partition(":")[0])
    measure = _measure(node.values.get("measure"), reading)
    measured = reading.names.facts.get(CASE, {}).get(measure)
    unit = declared.unit if declared else "days" if shows else _unit(measured.type) if measured else ""
    better = node.text_at("better") or (declared.better if declared else "lower" if shows else "higher")
    figure = node.text_at("figure", "worst")
    return Objective(
        id=node.text_at("id"),
        label=node.text_at("label"),
        unit=node.text_at("unit", unit),
        projection=projection,
        measure=measure,
        shows=shows,
        better="lower" if better == "lower" else "higher",
        figure="likely" if figure == "likely" else "best" if figure == "best" else "worst",
        tolerance=_number(node, "tolerance", reading) or 0,
        only_lines=node.text_at("only_lines") == "yes",
        absent_as=_number(node, "absent_as", reading),
        place=id_.place,
    )


def _unit(type_: Type) -> str:
    return YES_NO if type_.kind == YES_NO else "days" if type_.kind == DURATION else type_.unit


def _projection(node: Node | None, projections: Mapping[str, Projection], reading: Reading, *, models: bool) -> str:
    if not isinstance(node, TextNode):
        return ""
    known = [*projections]
    if models:
        known += [f"{one.id}:{model.id}" for one in projections.values() for model in one.models]
    return node.text if reading.known(node, "projection", known) and node.text in known else ""


def _measure(node: Node | None, reading: Reading) -> str:
    if not isinstance(node, TextNode):
        return ""
    name = node.text.replace(" ", "_")
    facts = reading.names.facts.get(CASE, {})
    fit = [fact for fact, known in facts.items() if known.type.kind in {*NUMERIC, YES_NO}]
    if name not in fit and name not in reading.names.broken:
        message = f"`{node.text[:80]}` is not a number or yes/no of the case"
        reading.note(node, "unknown-fact", message, suggestion(name, fit))
    return name


def _number(node: MapNode, key: str, reading: Reading) -> Number | None:
    written = node.values.get(key)
    if not isinstance(written, TextNode):
        return None
    try:
        return _figure(written.text, reading.vocabulary.currency)
    except ValueError as error:
        reading.note(written, "bad-value", str(error), "write a number")
        return None


def _figure(text: str, currency: str) -> Number:
    """A number, a percentage, a length of time or an amount. Raises ValueError."""
    for read in (read_number, read_days):
        try:
            return read(text.removesuffix("%"))
        except ValueError:
            continue
    return read_money(text, currency)


# --- courses --------------------------------------------------------------------------------------------------------


class _CourseReader:
    """One course of action."""

    def __init__(self, node: MapNode, ids: list[str], reading: Reading) -> None:
        self.node = node
        self.ids = ids
        self.reading = reading
        self.about = reading.kind(node)
        self.choices = {choice.name: choice for choice in self._choices()}

    def read(self) -> Course:
        node, reading = self.node, self.reading
        id_ = node.values.get("id", node)
        sources = reading.source_ids(node)
        standing = reading.strongest(sources)
        when = node.values.get("when")
        return Course(
            id=node.text_at("id"),
            title=self.text(node.values.get("title")) or NO_TEXT,
            about=self.about,
            when=None if when is None else reading.condition(when, self.about) or NEVER,
            choices=tuple(self.choices.values()),
            sets=self.answers(node.values.get("set"), self.about, self.about),
            sets_of_case=self.answers(node.values.get("set_case"), CASE, self.about),
            sets_each=self.sets_each(),
            adds=tuple(self.added(item) for item in records(node.values.get("add"))),
            stages=tuple(self.stage(item) for item in records(node.values.get("at"))) or (Stage(),),
            risks=self.reasons("risks"),
            costs=self.reasons("costs"),
            steps=self.steps(),
            against=_advice(node, "against", reading),
            rules_out=reading.known(node.values.get("rules_out"), "option", self.ids),
            because=self.text(node.values.get("because")),
            sources=sources,
            standing=standing.id if standing else "",
            claims=reading.strings(node.values.get("claims")),
            place=id_.place,
        )

    def _choices(self) -> Iterable[Choice]:
        given = self.node.values.get("choose")
        for key, value in given.items() if isinstance(given, MapNode) else ():
            if not isinstance(value, MapNode) or not looks_like(key.text, ID):
                self.reading.note(key, "bad-name", f"`{key.text[:80]}` is no name of a choice", "write small letters")
                continue
            yield self._entities(key, value) if "any_of" in value.keys else self._range(key, value)

    def _entities(self, key: TextNode, node: MapNode) -> Choice:
        any_of = node.values["any_of"]
        kinds = self.reading.known(any_of, "entity", self.reading.names.entities)
        kind = kinds[0] if kinds and kinds[0] in self.reading.names.entities else CASE
        where = node.values.get("where")
        condition = self.reading.condition(where, kind) if where is not None and kind != CASE else None
        fewest = _number(node, "from", self.reading)
        low = fewest if isinstance(fewest, int) else 0
        return Choice(name=key.text, label=node.text_at("label", key.text), kind=kind, where=condition, low=low)

    def _range(self, key: TextNode, node: MapNode) -> Choice:
        ends = [_number(node, name, self.reading) for name in ("from", "to", "look_to")]
        low, high, look_to = (end if isinstance(end, int) else 0 for end in ends)
        look_to = min(max(high, look_to), MOST_IN_RANGE)
        if not 0 <= low <= high <= MOST_IN_RANGE or "to" not in node.keys:
            message = "a range goes from one whole number to a larger one"
            self.reading.note(key, "bad-range", message, f"write `{{from: 0, to: 5}}`, at most {MOST_IN_RANGE}")
            return Choice(name=key.text)
        return Choice(name=key.text, label=node.text_at("label", key.text), low=low, high=high, look_to=look_to)

    # --- texts ----------------------------------------------------------------------------------------------------

    def text(self, node: Node | None) -> Text | None:
        """A text in which `{name}` of a choice stays as a part of its own, to be put in for each way of choosing."""
        if not isinstance(node, TextNode):
            return None
        marks = "|".join(re.escape(name) for name in self.choices)
        pieces = re.split(rf"(\{{(?:{marks})\}})", node.text) if marks else [node.text]
        parts: list[str | Expr] = []
        for number, piece in enumerate(pieces):
            if number % 2:
                parts.append(piece)
            elif piece:
                read = self.reading.text(TextNode(node.source, node, node, piece, node.style), self.about)
                parts += (read or NO_TEXT).parts
        return Text(tuple(parts), node.place)

    def reasons(self, key: str) -> tuple[Reason, ...]:
        found = []
        for item in _items(self.node.values.get(key)):
            if isinstance(item, MapNode):
                text = self.text(item.values.get("say")) or NO_TEXT
                when = self.reading.condition(item.values.get("when"), self.about)
                found.append(Reason(text=text, when=when, sources=self.reading.source_ids(item)))
            else:
                found.append(Reason(text=self.text(item) or NO_TEXT))
        return tuple(found)

    def steps(self) -> tuple[Move, ...]:
        found = []
        for item in _items(self.node.values.get("steps")):
            if isinstance(item, MapNode):
                do = self.text(item.values.get("do")) or NO_TEXT
                when = self.reading.condition(item.values.get("when"), self.about)
                by = self.reading.expression(item.values.get("by"), self.about, Type(DATE))
                found.append(Move(do=do, when=when, by=by))
            else:
                found.append(Move(do=self.text(item) or NO_TEXT))
        return tuple(found)

    # --- what it changes --------------------------------------------------------------------------------------------

    def sets_each(self) -> dict[str, Mapping[str, Value | Expr]]:
        given = self.node.values.get("set_each")
        found: dict[str, Mapping[str, Value | Expr]] = {}
        for key, value in given.items() if isinstance(given, MapNode) else ():
            if self._entity_choice(key):
                kind = self.choices[key.text].kind
                found[key.text] = self.answers(value, kind, kind)
        return found

    def _entity_choice(self, key: TextNode) -> bool:
        known = [name for name, choice in self.choices.items() if choice.kind]
        if key.text not in known:
            message = f"`{key.text[:80]}` is no choice of entities of this option"
            self.reading.note(key, "unknown-choice", message, suggestion(key.text, known))
        return key.text in known

    def answers(self, node: Node | None, kind: str, about: str) -> dict[str, Value | Expr]:
        """What is set of a thing of a kind, by field. A value, or an expression about what the course is about."""
        found: dict[str, Value | Expr] = {}
        for key, value in node.items() if isinstance(node, MapNode) else ():
            name = key.text.replace(" ", "_")
            fact, _, box = name.partition(".")
            known = self.reading.names.facts.get(kind, {})
            if fact in self.reading.names.broken or not isinstance(value, TextNode):
                continue
            boxes = known[fact].type.choice_ids() if fact in known and known[fact].type.kind == CHOICES else ()
            if boxes and not box and value.text == "none":
                found |= {f"{fact}.{one}": False for one in boxes}
            elif fact not in known or (boxes and box not in boxes):
                message = f"`{key.text[:80]}` is not a fact that can be set of this"
                self.reading.note(key, "unknown-fact", message, suggestion(fact, known))
            else:
                read = self._value(value, Type(YES_NO) if box else known[fact].type, about)
                found |= {name: read} if read is not None else {}
        return found

    def _value(self, node: TextNode, type_: Type, about: str) -> Value | Expr | None:
        """A value where the text is one, else an expression."""
        try:
            return read_value(node.text, type_)
        except ValueError:
            return self.reading.expression(node, about, type_)

    def added(self, node: MapNode) -> Added:
        names = [name for name in self.reading.names.entities if name in node.keys]
        if len(names) != 1:
            message = "this adds no entity, or several at once"
            self.reading.note(node, "unknown-entity", message, suggestion("", self.reading.names.entities))
            return Added(kind=CASE, id="", times=0, answers={})
        times = node.text_at("times", "1")
        if times not in self.choices and not (times.isdecimal() and int(times) <= MOST_IN_RANGE):
            message = f"`{times[:80]}` is neither a number nor a choice of this option"
            self.reading.note(node.values["times"], "unknown-choice", message, suggestion(times, self.choices))
            times = "0"
        return Added(
            kind=names[0],
            id=node.text_at("id", f"planned-{self.node.text_at('id')}"),
            times=times if times in self.choices else int(times),
            answers=self.answers(node.values[names[0]], names[0], self.about),
        )

    def stage(self, node: MapNode) -> Stage:
        known = [THIS, *(name for name, choice in self.choices.items() if choice.kind)]
        return Stage(
            on=self.reading.expression(node.values.get("on"), self.about, Type(DATE)),
            leave_out=self.reading.known(node.values.get("leave_out"), "choice", known),
            say=self.text(node.values.get("say")),
        )


def _items(node: Node | None) -> list[Node]:
    if isinstance(node, ListNode):
        return node.items
    return [] if node is None else [node]
