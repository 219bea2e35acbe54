"""Goals: what people come to know, each with its answers, the first that applies.

In: goals.yaml, or the headline of pack.yaml for a pack without one. Out: `Goal` values by id.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from advisor.files.yaml import MapNode, Node, TextNode
from advisor.language.tree import CASE, Expr, Literal, Text
from advisor.packs.pack import FIRST_ADVICE, AnswerRow, Goal, Projection, Rule
from advisor.packs.reading import NEVER, NO_TEXT, Reading
from advisor.packs.rules import records
from advisor.problems.problem import suggested, suggestion
from advisor.values.types import Scalar

HEADLINE = "headline"
"""The id of the one goal of a pack without goals.yaml: its headline answers the question of the pack."""


def read_goals(
    root: Node | None, top: MapNode, rules: Mapping[str, Rule], figures: Mapping[str, Projection], reading: Reading
) -> dict[str, Goal]:
    """The goals of a pack by id; `top` is its pack.yaml."""
    headline = top.values.get("headline")
    if root is None and "goals" not in reading.names.unread:
        return {HEADLINE: _from_headline(headline, top, rules, reading)}
    if headline is not None:
        message = "a pack with goals.yaml needs no headline: the first answer is the headline"
        reading.note(top.keys["headline"], "misplaced-key", message, "move its rows to the answers of a goal")
    found: dict[str, Goal] = {}
    for node in records(root):
        goal = _Reader(reading, rules, figures).goal(node)
        first = found.setdefault(goal.id, goal)
        if first is not goal:
            message = f"two goals have the id `{goal.id}`"
            spot = node.values.get("id", node)
            reading.problems.append(spot.problem("duplicate-id", message, "rename one", ((first.place, "the first"),)))
    return found


def _from_headline(node: Node | None, top: MapNode, rules: Mapping[str, Rule], reading: Reading) -> Goal:
    rows = []
    for item in records(node):
        if sorted(item.values) not in (["say", "when"], ["otherwise"]):
            help_ = "write `{when: ..., say: ...}` or `{otherwise: ...}`"
            reading.note(item, "bad-row", "a row has `when` and `say`, or `otherwise` alone", help_)
            continue
        when = (reading.condition(item.values["when"]) or NEVER) if "when" in item.values else None
        say = _with_first_advice(item.values.get("say", item.values.get("otherwise")), "", reading)
        rows.append(AnswerRow(when=when, say=say, place=item.place))
    return Goal(
        id=HEADLINE,
        asks=Text((top.text_at("question"),), top.place),
        rows=tuple(rows),
        advice=tuple(rule.id for rule in rules.values() if rule.advise is not None),
        place=node.place if node is not None else top.place,
    )


def _with_first_advice(node: Node | None, about: str, reading: Reading) -> Text:
    """A text in which `{first advice}` stays as a part of its own."""
    about = about or "case"
    if not isinstance(node, TextNode) or FIRST_ADVICE not in node.text:
        return reading.text(node, about) or NO_TEXT
    parts: list[str | Expr] = []
    for number, piece in enumerate(node.text.split(FIRST_ADVICE)):
        text = reading.text(TextNode(node.source, node, node, piece, node.style), about) or NO_TEXT
        parts += [*([FIRST_ADVICE] if number else []), *text.parts]
    return Text(tuple(parts), node.place)


class _Reader:
    def __init__(self, reading: Reading, rules: Mapping[str, Rule], figures: Mapping[str, Projection]) -> None:
        self.reading = reading
        self.rules = rules
        self.figures = figures

    def goal(self, node: MapNode) -> Goal:
        reading, at = self.reading, node.values.get
        about = reading.kind(node)
        answers = at("answers")
        if ("answers" in node.keys) == ("value" in node.keys):
            help_ = "give it rows of `answers`, or the fact that is its `value`"
            reading.note(at("id", node), "bad-goal", "a goal has either `answers` or a `value`", help_)
        return Goal(
            id=node.text_at("id"),
            asks=reading.text(at("asks"), about) or NO_TEXT,
            about=about,
            also=reading.strings(at("also")),
            when=reading.condition(at("when"), about),
            fits=reading.condition(at("fits"), about),
            often=node.text_at("often") == "yes",
            tells=self._tells(at("tells")),
            rows=tuple(self._row(item, about) for item in records(answers)),
            value=self._value(at("value"), about),
            figures=self.reading.known(at("figures"), "projection", self.figures),
            advice=self._advice(node, answers),
            meanwhile=reading.text(at("meanwhile"), about),
            place=node.values.get("id", node).place,
        )

    def _tells(self, node: Node | None) -> tuple[tuple[str, Scalar], ...]:
        """Facts of the case with their values; what names none, or no value of it, is a problem."""
        known = {} if self.reading.blind else self.reading.names.facts.get(CASE, {})
        found: dict[str, Scalar] = {}
        for key, value in node.items() if isinstance(node, MapNode) and not self.reading.blind else ():
            name = key.text.replace(" ", "_")
            if name not in known:
                if name not in self.reading.names.broken:
                    help_ = suggestion(name, known)
                    self.reading.note(key, "unknown-fact", f"there is no fact `{key.text[:80]}` of the case", help_)
                continue
            told = self.reading.expression(value, CASE, known[name].type)
            if isinstance(told, Literal):
                found[name] = told.value
        return tuple(found.items())

    def _row(self, node: MapNode, about: str) -> AnswerRow:
        reading, at = self.reading, node.values.get
        if ("when" in node.keys) == ("otherwise" in node.keys) or ("say" in node.keys) == ("otherwise" in node.keys):
            help_ = "write `{when: ..., verdict: ..., say: ...}` or `{otherwise: ...}`"
            reading.note(node, "bad-row", "a row has `when` and `say`, or `otherwise`", help_)
        when = (reading.condition(at("when"), about) or NEVER) if "when" in node.keys else None
        return AnswerRow(
            when=when,
            verdict=reading.text(at("verdict"), about),
            say=_with_first_advice(at("say", at("otherwise")), about, reading),
            because=reading.known(at("because"), "rule", self.rules),
            sources=reading.source_ids(node),
            claims=reading.strings(at("claims")),
            advice=self._ids(at("advice")),
            place=node.place,
        )

    def _value(self, node: Node | None, about: str) -> str:
        if not isinstance(node, TextNode) or self.reading.blind or not about:
            return ""
        name = node.text.replace(" ", "_")
        known = self.reading.names.facts.get(about, {})
        if name not in known and name not in self.reading.names.broken:
            help_ = suggestion(name, known)
            self.reading.note(node, "unknown-fact", f"there is no fact `{node.text[:80]}` of what it is about", help_)
        return name

    def _advice(self, node: MapNode, answers: Node | None) -> tuple[str, ...]:
        """The recommendations that belong to the goal: those of its rows first, then its own, then whole subjects."""
        found = [id_ for row in records(answers) for id_ in self.reading.strings(row.values.get("advice"))]
        found += self._ids(node.values.get("advice"))
        for item in self.reading.ids(node.values.get("subjects")):
            found += self._of_subject(item)
        return tuple(dict.fromkeys(found))

    def _of_subject(self, item: TextNode) -> list[str]:
        files = {rule.id: Path(rule.place.file).stem for rule in self.rules.values()}
        if item.text not in files.values() and "rules" not in self.reading.names.unread:
            help_ = suggestion(item.text, sorted(set(files.values())))
            self.reading.note(item, "unknown-subject", f"there is no file of rules `{item.text[:80]}`", help_)
        return [id_ for id_, file in files.items() if file == item.text and self.rules[id_].advise is not None]

    def _ids(self, node: Node | None) -> tuple[str, ...]:
        reading = self.reading
        for item in reading.ids(node):
            if item.text not in reading.names.advice:
                known = sorted(reading.names.advice)
                what = "a rule that advises nothing" if item.text in reading.names.rules else "no rule"
                help_ = suggested(reading.problems, item.text, known, what="rules that advise")
                reading.note(item, "not-advice", f"`{item.text[:80]}` is {what}", help_)
        return reading.strings(node)
