"""A folder of files to a `Pack`: every mistake of every file at once, each with its place.

First the vocabulary (pack.yaml, sources, tables, names and types of facts and parameters, ids of rules), then what uses
it. Nothing depends on the order of files. What must hold across a whole pack is looked at in `checks.py`.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from advisor.files.grids import ENDINGS, Grid, read_grids
from advisor.files.scalars import read_day, read_period, value_at
from advisor.files.shapes import fit
from advisor.files.yaml import MapNode, Node, Spot, TextNode, decoded, read_bytes, read_text
from advisor.packs.decisions import Decided, concluded_names, header_of, read_decision
from advisor.packs.facts import read_fact_names, read_facts, read_parameter_names, read_parameters
from advisor.packs.goals import read_goals
from advisor.packs.options import read_course_names, read_courses
from advisor.packs.pack import Entity, Era, Pack, Projection, Rule, Source, Standing, Table
from advisor.packs.reading import Names, Reading
from advisor.packs.rules import read_must_hold, read_projection, read_rule, read_rule_names, records
from advisor.packs.shapes import FILES
from advisor.packs.tables import read_table, read_yaml_table, table_name
from advisor.problems.problem import Collected, Place, Problem, Problems, suggestion
from advisor.values.periods import Period
from advisor.values.types import DURATION, Type

CASE_KEYS: Final = (
    *("format", "pack", "today", "as_of", "notes", "goals", "facts", "declined", "parked"),
    *("case", "id", "expect", "expect_not", "expect_open"),
)
"""The keys of a case file beside its lists of entities, so that no plural may be one of them."""
MOST_FILES: Final = 1000
KNOWN_FILES: Final = ("pack", "sources", "facts", "parameters", "projections", "options", "goals")
"""Files whose name says what is in them; any other `.yaml` file holds rules."""
_REQUIRED: Final = ("pack", "facts")


def is_pack(folder: Path) -> bool:
    """Whether a folder is meant as a pack."""
    return (folder / "pack.yaml").is_file()


def read_pack(folder: Path) -> Pack:
    """The pack in `folder`. Raises Problems with every mistake in its files."""
    with _no_collection():
        files = _Files(folder)
        files.read()
        pack = _pack(files)
    if files.problems:
        raise Problems(files.problems)
    return pack


@contextmanager
def _no_collection() -> Iterator[None]:
    """Garbage is not collected meanwhile: there is none while a pack is read, and looking took a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


# --- files --------------------------------------------------------------------------------------------------------


@dataclass
class _Files:
    """The files of a pack: their trees by kind, as far as they can be read and have the right shape."""

    folder: Path
    problems: list[Problem] = field(default_factory=Collected)
    names: list[str] = field(default_factory=list)
    trees: dict[str, Node] = field(default_factory=dict)
    rules: list[Node] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    decisions: dict[str, Grid] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    broken_tables: set[str] = field(default_factory=set)
    _digest: list[bytes] = field(default_factory=list)

    def read(self) -> None:
        """Reads every file, and notes what is missing. Raises Problems where the folder is not a pack at all."""
        top = self._list(self.folder, (".yaml",))
        if self.folder / "pack.yaml" not in top:
            message = f"there is no pack.yaml in `{self.folder}`"
            help_ = "name the folder of a pack; every pack has a pack.yaml"
            raise Problems([Problem(Place(str(self.folder)), "no-pack", message, help_)])
        for path in top:
            self._read_tree(path)
        for path in self._list(self.folder / "tables", (".yaml", *ENDINGS)):
            self._read_tables(path)
        for kind in _REQUIRED:
            if self.folder / f"{kind}.yaml" not in top:
                place = Place(str(self.folder / "pack.yaml"))
                self.problems.append(
                    Problem(place, "missing-file", f"there is no {kind}.yaml beside this file", "add it")
                )
                self.unread.add(kind)

    def _list(self, folder: Path, endings: tuple[str, ...]) -> list[Path]:
        try:
            paths = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "its name is not one that a folder can have"
            message = f"this folder cannot be read: {reason}"
            raise Problems([Problem(Place(str(folder)), "no-file", message)]) from None
        for path in paths:
            if path.suffix.casefold() in (".yml", *endings) and path.suffix not in endings:
                message = f"this file is not read: its name does not end with {' or '.join(endings)}"
                self.problems.append(Problem(Place(str(path)), "file-ending", message, "rename it"))
        found = [path for path in paths if path.suffix in endings and not path.name.startswith(".")]
        if len(found) > MOST_FILES:
            message = f"there are more than {MOST_FILES} files in this folder"
            raise Problems([Problem(Place(str(folder)), "too-many", message, "is it the right folder?")])
        return found

    def _read_tree(self, path: Path) -> None:
        kind = path.stem if path.stem in KNOWN_FILES else "rules"
        try:
            root = read_text(decoded(self._bytes(path), str(path)), str(path))
        except Problems as error:
            self.problems.extend(error.problems)
            self.unread.add(kind)
            return
        shape = FILES.get(kind)
        fitted = fit(root, shape, self.problems, "this file") if shape else None
        if fitted is None:
            self.unread.add(kind)
        elif kind == "rules":
            self.rules.append(fitted)
        else:
            self.trees[kind] = fitted

    def _read_tables(self, path: Path) -> None:
        """The tables in a file: one, or as many as it has sheets."""
        try:
            data = self._bytes(path)
            if path.suffix == ".yaml":
                self._add(read_yaml_table(path, data))
                return
            grids = read_grids(path, data)
        except Problems as error:
            self.problems.extend(error.problems)
            self.broken_tables.add(table_name(path))
            return
        for grid in grids:
            self._read_grid(path, grid)

    def _read_grid(self, path: Path, grid: Grid) -> None:
        """One sheet, or a whole CSV file: a decision table where its header says so, else a table to look things up."""
        name = table_name(path, grid.sheet)
        if header_of(grid) is not None:
            first = self.decisions.setdefault(name, grid)
            if first is not grid:
                place = first.rows[0].spot.place
                spot = grid.rows[0].spot
                message = f"two tables are called `{name}`"
                self.problems.append(spot.problem("duplicate-id", message, "rename one", ((place, "the first"),)))
            return
        try:
            self._add(read_table(path, grid))
        except Problems as error:
            self.problems.extend(error.problems)
            self.broken_tables.add(name)

    def _add(self, table: Table) -> None:
        name = table.name
        if name in self.tables:
            message = f"two tables are called `{name}`"
            related = ((self.tables[name].place, "the first"),)
            self.problems.append(Problem(table.place, "duplicate-id", message, "rename one", related=related))
        self.tables.setdefault(name, table)

    def _bytes(self, path: Path) -> bytes:
        """What a file holds; noted for the digest."""
        data = read_bytes(path, str(path))
        name = path.relative_to(self.folder).as_posix()
        self.names.append(name)
        self._digest += [os.fsencode(name), b"\0", hashlib.sha256(data).digest()]
        return data

    def digest(self) -> str:
        """One number for all that was read."""
        return hashlib.sha256(b"".join(self._digest)).hexdigest()

    def mapping(self, kind: str) -> MapNode:
        """The tree of a file that is a mapping; an empty one where there is none."""
        tree = self.trees.get(kind)
        if isinstance(tree, MapNode):
            return tree
        return cast("MapNode", read_text("{}", f"{kind}.yaml"))


# --- the pack -----------------------------------------------------------------------------------------------------


def _pack(files: _Files) -> Pack:
    """The pack that the files hold; what cannot be read is a problem, and left out."""
    top = files.mapping("pack")
    reading = Reading(_vocabulary(files), files.problems)
    names = reading.names
    if files.unread & {"pack", "facts", "parameters"}:
        reading.blind = True
    decided: Decided = {}
    for grid in files.decisions.values():
        read_decision(grid, reading, decided)
    facts = read_facts(files.mapping("facts"), reading, decided)
    projections = _projections(files.trees.get("projections"), reading)
    rules = _rules(files.rules, reading)
    return Pack(
        id=files.folder.resolve().name,
        folder=str(files.folder),
        title=top.text_at("title"),
        version=top.text_at("version"),
        digest=files.digest(),
        question=top.text_at("question"),
        default=top.text_at("default") == "yes",
        currency=names.currency,
        entities=names.entities,
        eras=names.eras,
        standings=names.standings,
        sources=names.sources,
        facts=facts,
        parameters=read_parameters(files.mapping("parameters"), reading),
        tables=files.tables,
        rules=rules,
        projections=projections,
        goals=read_goals(files.trees.get("goals"), top, rules, projections, reading),
        must_hold=read_must_hold(top.values.get("must_hold"), reading),
        options=read_courses(files.trees.get("options"), projections, reading),
        check_every=_length(top.values.get("check_every"), files.problems),
        undecided_claims=_undecided(top.values.get("undecided_claims")),
        files=tuple(files.names),
    )


def _vocabulary(files: _Files) -> Names:
    """All names that rules and formulas may refer to."""
    top, problems = files.mapping("pack"), files.problems
    names = Names(unread=files.unread, broken=set(files.broken_tables), currency=top.text_at("currency"))
    reading = Reading(names, problems)
    names.entities = _entities(top.values.get("entities"))
    names.eras = _eras(top.values.get("eras"), problems)
    names.standings = tuple(_standings(top.values.get("standing"), problems))
    names.cites = "sources" in files.trees or "sources" in files.unread or bool(names.standings)
    names.sources = _sources(files.mapping("sources"), names.standings, problems)
    names.tables = {table.name: table.columns for table in files.tables.values()}
    names.tabled = {name for grid in files.decisions.values() for name in concluded_names(grid)}
    labels = {table.name: dict(table.labels) for table in files.tables.values()}
    read_fact_names(files.mapping("facts"), reading, labels)
    read_parameter_names(files.mapping("parameters"), reading, labels)
    for root in files.rules:
        read_rule_names(root, reading)
    read_course_names(files.trees.get("options"), reading)
    _check_labels(top.values.get("entities"), reading)
    return names


def _children(node: Node | None) -> list[tuple[TextNode, MapNode]]:
    """The names and records of a mapping by name."""
    pairs = node.items() if isinstance(node, MapNode) else ()
    return [(key, value) for key, value in pairs if isinstance(value, MapNode)]


def _entities(node: Node | None) -> dict[str, Entity]:
    return {
        key.text: Entity(
            id=key.text,
            plural=value.text_at("plural", f"{key.text}s"),
            label=value.text_at("label"),
            question=value.text_at("question"),
            help=value.text_at("help"),
            place=key.place,
        )
        for key, value in _children(node)
    }


def _check_labels(node: Node | None, reading: Reading) -> None:
    """An entity's label is one of its own text facts, and its plural is no key of a case file."""
    taken = dict.fromkeys(CASE_KEYS, "a key of every case file")
    for key, value in _children(node):
        label, plural = value.values.get("label"), value.values.get("plural")
        facts = reading.names.facts.get(key.text, {})
        texts = [name for name, fact in facts.items() if fact.type.kind == "text"]
        known = (*texts, *reading.names.broken)
        if isinstance(label, TextNode) and label.text not in known and "facts" not in reading.names.unread:
            message = f"`{label.text[:80]}` is not a text fact of a {key.text}"
            reading.note(label, "unknown-fact", message, suggestion(label.text, texts))
        if (
            isinstance(plural, TextNode)
            and taken.setdefault(plural.text, f"the plural of {key.text}") != f"the plural of {key.text}"
        ):
            message = f"`{plural.text}` is {taken[plural.text]} already"
            reading.note(plural, "reserved-name", message, "choose another word")


def _eras(node: Node | None, problems: list[Problem]) -> dict[str, Era]:
    return {
        key.text: Era(
            id=key.text, title=value.text_at("title"), period=read_period(value, problems) or Period(), place=key.place
        )
        for key, value in _children(node)
    }


def _standings(node: Node | None, problems: list[Problem]) -> list[Standing]:
    found: dict[str, Spot] = {}
    standings = []
    for item in records(node):
        id_ = item.values.get("id", item)
        name = item.text_at("id")
        if name in found:
            related = ((found[name].place, "the first"),)
            problems.append(id_.problem("duplicate-id", f"two standings have the id `{name}`", "rename one", related))
        found[name] = id_
        standings.append(Standing(id=name, say=item.text_at("say"), speculative=item.text_at("speculative") == "yes"))
    return standings


def _sources(root: MapNode, standings: tuple[Standing, ...], problems: list[Problem]) -> dict[str, Source]:
    known = [standing.id for standing in standings]
    sources = {}
    for key, value in _children(root):
        standing = value.values.get("standing")
        if known and isinstance(standing, TextNode) and standing.text not in known:
            message = f"`{standing.text[:80]}` is not a standing of this pack"
            problems.append(standing.problem("unknown-standing", message, suggestion(standing.text, known)))
        elif known and "standing" not in value.keys:
            help_ = "add it: its place on the pack's scale of trust"
            problems.append(value.problem("missing-key", "a source lacks `standing`", help_))
        sources[key.text] = Source(
            id=key.text,
            title=value.text_at("title"),
            url=value.text_at("url"),
            date=value.text_at("date"),
            standing=value.text_at("standing"),
            note=value.text_at("note"),
            checked=read_day(value, "checked", problems),
            place=key.place,
        )
    return sources


def _length(node: Node | None, problems: list[Problem]) -> int | None:
    """A length of time in days."""
    if not isinstance(node, TextNode):
        return None
    days = value_at(node, Type(DURATION, low=1), problems)
    return days if isinstance(days, int) else None


def _rules(roots: list[Node], reading: Reading) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for node in (node for root in roots for node in records(root)):
        rule = read_rule(node, reading)
        rules.setdefault(rule.id, rule)
    return rules


def _projections(root: Node | None, reading: Reading) -> dict[str, Projection]:
    projections: dict[str, Projection] = {}
    for node in records(root):
        projection = read_projection(node, reading)
        first = projections.setdefault(projection.id, projection)
        if first is not projection:
            message = f"two projections have the id `{projection.id}`"
            related = ((first.place, "the first"),)
            spot = node.values.get("id", node)
            reading.problems.append(spot.problem("duplicate-id", message, "rename one", related))
    return projections


def _undecided(node: Node | None) -> dict[str, str]:
    return {item.text_at("claim"): item.text_at("because") for item in records(node)}
