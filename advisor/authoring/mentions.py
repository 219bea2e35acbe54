"""Every mention of a fact, rule, source or figure: in conditions, texts, lists of ids and worked cases.

The files are walked by the shapes that say what may stand where, and each condition is read by the parser itself, so a
name is found exactly where the pack means it: `late` the fact, not `late` the choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, Literal

from advisor.cases.paths import find_fact
from advisor.cases.source import several_cases
from advisor.files.grids import ENDINGS, Grid, read_grids
from advisor.files.shapes import (
    EXPRESSION,
    WORDS,
    ByName,
    Either,
    Many,
    Nested,
    One,
    Record,
    Shape,
    chosen,
)
from advisor.files.yaml import ListNode, MapNode, Node, TextNode, read_bytes, read_file
from advisor.language.cells import ANY, CellParser, Head, matching_choice
from advisor.language.conditions import ConditionParser
from advisor.language.cursor import Stop
from advisor.language.parser import expressions_in, parse_head
from advisor.language.tree import CASE, Expr, Whose
from advisor.language.vocabulary import EntityName, FactName, Name, ParameterName, Scope, Vocabulary
from advisor.packs.decisions import cited, header_of, part
from advisor.packs.pack import Fact, Pack
from advisor.packs.reader import KNOWN_FILES
from advisor.packs.shapes import FILES
from advisor.problems.problem import Place, Problem, Problems
from advisor.values.types import CHOICE, CHOICES, DATE, TEXT, YES_NO, Type

Sort = Literal["fact", "rule", "source", "figure"]
_NAMES_A_RULE: Final = frozenset(
    ("overrides", "opposes", "rule", "before", "after", "for", "against", "because", "advice", "breaches")
)
"""Keys under which ids of rules stand."""
_NAMES_A_FACT: Final = {"value": "a goal", "measure": "", "label": "an entity"}
"""Keys under which one fact stands, and the only record in which it does (empty: any)."""
_PATH: Final = re.compile(r"(?:[^\[\].]+\[[^\[\]]*\]\.)?(?P<name>[^.\[\]]+)")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mention:
    """One place that names something. `written`: the words as they stand there; `where`: what kind of place it is."""

    place: Place
    sort: Sort
    kind: str = ""
    """What a fact belongs to."""
    name: str
    where: str
    written: str
    line: str

    @property
    def called(self) -> str:
        """The name, with what a fact belongs to: `item.price`."""
        return f"{self.kind}.{self.name}" if self.sort == "fact" and self.kind != CASE else self.name

    def problem(self, kind: str, message: str, help_: str = "") -> Problem:
        """A problem at this place."""
        return Problem(self.place, kind, message, help_, self.line)


def mentions(pack: Pack, folder: Path) -> list[Mention]:
    """Every place in a pack and its worked cases that names a fact, rule, source or figure, in order of place.

    `pack` is what was read from `folder`. Raises Problems where a file of worked cases cannot be read as YAML.
    """
    finder = _Finder(pack)
    for path in (folder / name for name in pack.files if name.endswith(".yaml") and "/" not in name):
        kind = path.stem if path.stem in KNOWN_FILES else "rules"
        finder.visit(read_file(path), FILES[kind], _At(file=kind))
    for path in (folder / name for name in pack.files if name.startswith("tables/")):
        for grid in read_grids(path, read_bytes(path, str(path))) if path.suffix in ENDINGS else ():
            finder.table(grid)
    problems: list[Problem] = []
    for path in sorted((folder / "cases").glob("*.yaml")):
        try:
            for _, node in several_cases(path, []):
                finder.case(node)
        except Problems as error:
            problems.extend(error.problems)
    if problems:
        raise Problems(problems)
    return sorted(set(finder.found))


def vocabulary_of(pack: Pack) -> Vocabulary:
    """The names of a pack as the parser takes them."""
    return Vocabulary(
        entities={id_: EntityName(one.plural, one.place) for id_, one in pack.entities.items()},
        facts={
            kind: {name: FactName(fact.type, fact.place) for name, fact in facts.items()}
            for kind, facts in pack.facts.items()
        },
        parameters={name: ParameterName(one.type, one.by, one.place) for name, one in pack.parameters.items()},
        tables={name: table.columns for name, table in pack.tables.items()},
        eras={era.id: era.title for era in pack.eras.values()},
        currency=pack.currency,
    )


@dataclass(frozen=True, slots=True)
class _Heard:
    """A name that the parser took for a fact or figure, and where it stands in the source."""

    sort: Sort
    kind: str
    name: str
    start: int
    end: int


class _Listening(ConditionParser):
    """A parser that notes which names it found, and where."""

    heard: list[_Heard]

    def fact(self, kind: str, name: str, whose: Whose, start: int) -> Expr:
        """A fact; the words from the last point on are its own name."""
        points = [at for at in range(start, self.at) if self.tokens[at].key == "."]
        self._hear("fact", kind, name, points[-1] + 1 if points else start)
        return super().fact(kind, name, whose, start)

    def fact_after_point(self, kind: str) -> str | None:
        """A fact along a reference."""
        start = self.at
        name = super().fact_after_point(kind)
        if name is not None:
            self._hear("fact", kind, name, start)
        return name

    def parameter(self, name: Name, start: int) -> Expr:
        """A figure."""
        self._hear("figure", "", name.id, start)
        return super().parameter(name, start)

    def _hear(self, sort: Sort, kind: str, name: str, start: int) -> None:
        self.heard.append(_Heard(sort, kind, name, self.tokens[start].start, self.tokens[self.at - 1].end))


class _Listener(_Listening):
    """Listens to a condition or a value."""

    def __init__(self, source: str, scope: Scope) -> None:
        super().__init__(source, scope, Place(""), [])
        self.heard = []


class _CellListener(_Listening, CellParser):
    """Listens to a cell of a decision table."""

    def __init__(self, source: str, head: Head, scope: Scope) -> None:
        super().__init__(source, head, scope, Place(""), [])
        self.heard = []


@dataclass(frozen=True, slots=True)
class _At:
    """Where the walk stands: the file, the record and key, what conditions are about, and the type of a value."""

    file: str = ""
    record: str = ""
    key: str = ""
    about: str = CASE
    settings_of: str = CASE
    """What the facts belong to that are set here."""
    expected: Type | None = None
    owner: str = ""
    """The id of the rule, fact, goal or option in which it stands."""


class _Finder:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.vocabulary = vocabulary_of(pack)
        self.found: list[Mention] = []

    # --- the files of the pack --------------------------------------------------------------------------------------

    def visit(self, node: Node, shape: Shape, at: _At) -> None:
        match shape:
            case One():
                if isinstance(node, TextNode):
                    self._one(node, shape, at)
            case Many(item):
                for one in node.items if isinstance(node, ListNode) else [node]:
                    self.visit(one, item, at)
            case Either(shapes):
                self.visit(node, EXPRESSION if self._is_setting(node, shapes) else chosen(node, shapes), at)
            case Nested(_, inner):
                self.visit(node, inner(), at)
            case Record() if isinstance(node, MapNode):
                self._record(node, shape, at)
            case ByName() if isinstance(node, MapNode):
                self._by_name(node, shape, at)

    def _is_setting(self, node: Node, shapes: tuple[Shape, ...]) -> bool:
        return isinstance(node, TextNode) and any(one is EXPRESSION for one in shapes)

    def _record(self, node: MapNode, shape: Record, at: _At) -> None:
        if "about" in shape.by_name:
            about = node.text_at("about", CASE)
            at = replace(at, about=about, settings_of=about)
        if shape.what == "a fact" and at.settings_of in self.pack.facts and at.owner:
            fact = self.pack.facts[at.settings_of].get(at.owner)
            at = replace(at, expected=fact.type if fact else None)
        if shape.what == "a choice":
            at = replace(at, about=node.text_at("any_of", CASE))
        at = replace(at, record=shape.what, owner=node.text_at("id", at.owner))
        for key, value in node.items():
            known = shape.by_name.get(key.text)
            if known is not None:
                self.visit(value, known.value, self._under(node, key.text, at))
            elif shape.rest is not None:
                self.visit(value, shape.rest, replace(at, key=key.text, settings_of=key.text))

    def _under(self, node: MapNode, key: str, at: _At) -> _At:
        at = replace(at, key=key)
        if key == "set_case":
            return replace(at, settings_of=CASE)
        if key in ("deadline", "on", "by") and at.record in ("advice", "a step", "a day"):
            return replace(at, expected=Type(DATE))
        if key == "set_each":
            choose = node.values.get("choose")
            kinds = {
                name.text: one.text_at("any_of")
                for name, one in (choose.items() if isinstance(choose, MapNode) else ())
                if isinstance(one, MapNode)
            }
            return replace(at, owner=" ".join(f"{name}={kind}" for name, kind in kinds.items()))
        return at

    def _by_name(self, node: MapNode, shape: ByName, at: _At) -> None:
        for key, value in node.items():
            inner = at
            if shape.what == "a source":
                self._add(key, "source", "", key.text, "definition")
            elif shape.what == "`case` or an entity":
                inner = replace(at, about=key.text, settings_of=key.text)
            elif shape.what == "an entity":
                inner = replace(at, about=key.text)
            elif shape.what == "a choice" and at.key == "set_each":
                kind = dict(part.split("=") for part in at.owner.split()).get(key.text, CASE)
                inner = replace(at, about=kind, settings_of=kind)
            elif shape.what in ("a fact", "a derived fact"):
                inner = self._named_fact(key, at, definition=at.file == "facts")
            elif shape.what == "a parameter":
                self._add(key, "figure", "", key.text, "definition")
            self.visit(value, shape.value, inner)

    def _named_fact(self, key: TextNode, at: _At, *, definition: bool) -> _At:
        """What is below the name of a fact, which is defined, concluded or set here."""
        where = "definition" if definition else at.key
        fact = self._fact_key(key, at.settings_of, where)
        if definition:
            return replace(at, owner=key.text)
        box = fact is not None and fact.type.kind == CHOICES
        return replace(at, expected=None if fact is None else Type(YES_NO) if box else fact.type)

    def _fact_key(self, key: TextNode, kind: str, where: str) -> Fact | None:
        """The fact that a key names, with or without one of its boxes."""
        name = key.text.partition(".")[0]
        fact = find_fact(self.pack, kind, name)
        if fact is not None:
            self._add(key, "fact", kind, fact.name, where, 0, len(name))
        return fact

    def _one(self, node: TextNode, shape: One, at: _At) -> None:
        if shape is WORDS:
            for start, inner in expressions_in(node.text):
                self._language(node, inner, start, at, condition=False)
        elif shape is EXPRESSION or shape.what == "a condition":
            self._language(node, node.text, 0, at, condition=shape is not EXPRESSION)
        elif at.key == "sources" and node.text in self.pack.sources:
            self._add(node, "source", "", node.text, "sources")
        elif at.key == "id" and at.record == "a rule":
            self._add(node, "rule", "", node.text, "definition")
        elif at.key in _NAMES_A_RULE and node.text in self.pack.rules:
            self._add(node, "rule", "", node.text, at.key)
        elif at.key in _NAMES_A_FACT and _NAMES_A_FACT[at.key] in ("", at.record):
            self._fact_key(node, CASE if at.key == "measure" else at.about, at.key)

    def _language(self, node: TextNode, source: str, start: int, at: _At, *, condition: bool) -> None:
        if at.about not in self.pack.kinds():
            return
        listener = _Listener(source, Scope(self.vocabulary, at.about))
        expected = at.expected if node.text == source else None
        read = listener.condition if condition else partial(listener.either, expected)
        self._heard(listener, read, node, start, at)

    def _heard(self, listener: _Listening, read: Callable[[], object], node: TextNode, start: int, at: _At) -> None:
        with suppress(Stop):  # such as `unknown`, or the name of a choice of an option
            read()
        for one in listener.heard:
            self._add(node, one.sort, one.kind, one.name, at.key, start + one.start, start + one.end)

    def _add(  # noqa: PLR0913, PLR0917  what is named, and from where to where
        self, node: TextNode, sort: Sort, kind: str, name: str, where: str, start: int = 0, end: int | None = None
    ) -> None:
        written = node.text[start : len(node.text) if end is None else end]
        line, column = node.spot_at(start)
        place = Place(node.source.name, line + 1, column + 1, max(1, len(written)))
        self.found.append(
            Mention(
                place=place,
                sort=sort,
                kind=kind,
                name=name,
                where=where,
                written=written,
                line=node.source.line(line),
            )
        )

    # --- decision tables --------------------------------------------------------------------------------------------

    def table(self, grid: Grid) -> None:
        """The names in a decision table: at the heads of its columns, in its cells, and above."""
        at = header_of(grid)
        if at is None:
            return
        about = next((row.cells[1].text for row in grid.rows[:at] if row.cells[0].text == "about"), CASE)
        below = grid.rows[at + 1 :]
        where = _At(file="tables", about=about, settings_of=about)
        for row in grid.rows[:at]:
            if len(row.cells) > 1:
                self._noted(row.cells[0].text, row.cells[1], where)
        for column, cell in enumerate(grid.rows[at].cells):
            word, _, rest = cell.text.partition(" ")
            cells = [
                row.cells[column] for row in below if column < len(row.cells) and row.cells[column].text not in ANY
            ]
            if word == "when":
                self._column_of_conditions(cell if rest.strip() else None, cells, replace(where, key="when"))
            elif word == "then":
                name = part(cell, len(word), len(cell.text))
                fact = find_fact(self.pack, about, "_".join(name.text.replace("-", " ").split()))
                if fact is not None:
                    self._add(name, "fact", about, fact.name, "then")
                for one in cells:
                    self._conclusion(one, replace(where, key="then", expected=fact.type if fact else None))
            else:
                for one in cells:
                    self._noted(word, one, where)

    def _noted(self, word: str, cell: TextNode, at: _At) -> None:
        if word == "sources":
            for one in cited(cell):
                if one.text in self.pack.sources:
                    self._add(one, "source", "", one.text, "sources")
        elif word == "because":
            self._one(cell, WORDS, replace(at, key=word))

    def _column_of_conditions(self, head: TextNode | None, cells: Iterable[TextNode], at: _At) -> None:
        if at.about not in self.pack.kinds():
            return
        scope = Scope(self.vocabulary, at.about)
        about = None
        if head is not None:
            source = part(head, len("when"), len(head.text))
            self._language(source, source.text, 0, at, condition=True)
            about = parse_head(source.text, scope, Place(""), [])
        for cell in cells:
            if head is None:
                self._language(cell, cell.text, 0, at, condition=True)
            elif about is not None:
                listener = _CellListener(cell.text, about, scope)
                if listener.plain() is None:
                    self._heard(listener, listener.cell, cell, 0, at)

    def _conclusion(self, cell: TextNode, at: _At) -> None:
        kind = at.expected.kind if at.expected is not None else ""
        if kind == TEXT:
            if cell.text.startswith("{"):
                inner = part(cell, 1, len(cell.text) - 1)
                self._language(inner, inner.text, 0, at, condition=False)
        elif kind != CHOICES and not (kind == CHOICE and at.expected and matching_choice(cell.text, at.expected)):
            self._language(cell, cell.text, 0, at, condition=False)

    # --- worked cases -----------------------------------------------------------------------------------------------

    def case(self, node: MapNode) -> None:
        plurals = {entity.plural: kind for kind, entity in self.pack.entities.items()}
        for key, value in node.items():
            if key.text == "facts":
                self._answers(value, CASE)
            elif key.text in plurals and isinstance(value, ListNode):
                for item in value.items:
                    self._answers(item, plurals[key.text])
            elif key.text in ("declined", "parked"):
                self._paths(value, plurals, key.text)
            elif key.text in ("expect", "expect_not", "expect_open") and isinstance(value, ListNode):
                for item in value.items:
                    self._expected(item, node, key.text)

    def _answers(self, node: Node, kind: str) -> None:
        for key, _ in node.items() if isinstance(node, MapNode) else ():
            self._fact_key(key, kind, "a worked case")

    def _paths(self, node: Node, plurals: dict[str, str], where: str) -> None:
        keys: Iterable[Node] = node.keys.values() if isinstance(node, MapNode) else getattr(node, "items", [node])
        for key in keys:
            found = _PATH.match(key.text) if isinstance(key, TextNode) else None
            if found is None or not isinstance(key, TextNode):
                continue
            kind = plurals.get(key.text.partition("[")[0], CASE) if "[" in key.text else CASE
            fact = find_fact(self.pack, kind, found["name"])
            if fact is not None:
                self._add(key, "fact", kind, fact.name, where, *found.span("name"))

    def _expected(self, node: Node, case: MapNode, where: str) -> None:
        for key in _keys(node):
            name, _, entity = key.text.partition("@")
            if name in self.pack.rules:
                self._add(key, "rule", "", name, where, 0, len(name))
                continue
            kinds = [kind for kind in self.pack.kinds() if find_fact(self.pack, kind, name) is not None]
            if kinds and ":" not in name and name not in self.pack.projections:
                listed = [
                    kind for kind in kinds if kind != CASE and entity in _ids(case, self.pack.entities[kind].plural)
                ]
                kind = (listed or kinds)[0]
                self._add(key, "fact", kind, name.replace("-", "_"), where, 0, len(name))


def _keys(node: Node) -> Iterator[TextNode]:
    if isinstance(node, TextNode):
        yield node
    elif isinstance(node, MapNode):
        yield from node.keys.values()


def _ids(case: MapNode, plural: str) -> set[str]:
    listed = case.values.get(plural)
    items = listed.items if isinstance(listed, ListNode) else []
    return {item.text_at("id") for item in items if isinstance(item, MapNode)}
