"""What is wrong with somebody's own templates, found before a report is asked for.

In: folders that hold `text/`, `md/`, `html/` or `web/`. Out: every problem in them with its place: what cannot be
parsed, names that no report knows, files that no report uses, and what goes wrong on sample advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import nodes
from jinja2.meta import find_referenced_templates, find_undeclared_variables

from advisor.problems.problem import Place, Problem, Problems, nearest, suggestion
from advisor.report.engine import Templates
from advisor.report.render import ENDINGS, FORMATS, PAGES, Format, values, workshop
from advisor.report.shape import bare_sample, completed, full_sample, names_anywhere

_OF_LOOPS = frozenset(
    ("index", "index0", "revindex", "first", "last", "length", "cycle", "previtem", "nextitem", "depth")
)
_OF_ALL = frozenset(("items", "keys", "values", "get", "grouper", "list", "super"))


def check_templates(folders: Sequence[Path]) -> list[Problem]:
    """Every problem in the templates of these folders, sorted by place."""
    found: list[Problem] = []
    for format_ in FORMATS:
        found += _check_format([Path(folder) for folder in folders], format_)
    found += _check_pages([Path(folder) for folder in folders])
    return sorted(set(found))


def _check_pages(folders: Sequence[Path]) -> Iterator[Problem]:
    """What cannot be parsed of the pages of a session. What they may name is known only when one is shown."""
    own = [file for folder in folders for file in sorted((folder / PAGES).glob("*.html")) if file.is_file()]
    if not own:
        return
    anything = {"tries": str, "in_address": str}
    templates = workshop(values(completed({})), "html", template_dirs=folders, folder=PAGES, more=anything)
    for file in own:
        try:
            templates.tree(file.name)
        except Problems as problems:
            yield from problems.problems


def _check_format(folders: Sequence[Path], format_: Format) -> list[Problem]:
    own = [file for folder in folders for file in sorted((folder / format_).glob("*")) if file.is_file()]
    if not own:
        return []
    templates = _workshop({}, folders, format_)
    trees: dict[Path, nodes.Template] = {}
    found: list[Problem] = []
    for file in own:
        try:
            trees[file] = templates.tree(file.name)
        except Problems as problems:
            found += problems.problems
    known = {*values(completed({})), *templates.globals, *_handed_in(templates)}
    for file, tree in trees.items():
        found += _unknown_names(file, tree, known, templates)
    found += _unused(own, format_, templates)
    return found or _tried_out(folders, format_)


def _workshop(advice: Mapping[str, Any], folders: Sequence[Path], format_: Format) -> Templates:
    return workshop(values(completed(advice)), format_, template_dirs=folders)


# --- names --------------------------------------------------------------------------------------------------------


def _unknown_names(file: Path, tree: nodes.Template, known: set[str], templates: Templates) -> Iterator[Problem]:
    """Variables and parts of things that no report has."""
    parts = names_anywhere(values(full_sample())) | _OF_LOOPS | _OF_ALL | _defined_here(tree)
    for part in tree.find_all(nodes.Getattr):
        if part.attr not in parts:
            yield _unknown(file, part.lineno, part.attr, parts, templates)
    read = [node for node in tree.find_all(nodes.Name) if node.ctx == "load"]
    undeclared = find_undeclared_variables(tree) - known  # last: it rewrites the tree
    for node in read:
        if node.name in undeclared:
            yield _unknown(file, node.lineno, node.name, known, templates)


def _handed_in(templates: Templates) -> set[str]:
    """What templates set for the parts that they include."""
    names: set[str] = set()
    for name in templates.folders.list_templates():
        try:
            tree = templates.tree(name)
        except Problems:
            continue
        if any(tree.find_all(nodes.Include)):
            names |= {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    return names


def _defined_here(tree: nodes.Template) -> set[str]:
    """Names of macros of imported templates, of parts of namespaces, and of keys that the template itself writes."""
    names: set[str] = set()
    for call in tree.find_all(nodes.Call):
        names |= {keyword.key for keyword in call.kwargs}
    for reference in tree.find_all(nodes.NSRef):
        names.add(reference.attr)
    imported = {node.target for node in tree.find_all(nodes.Import)}
    for part in tree.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name in imported:
            names.add(part.attr)
    for pair in tree.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const):
            names.add(str(pair.key.value))
    return names


def _unknown(file: Path, number: int, name: str, known: set[str] | frozenset[str], templates: Templates) -> Problem:
    rows = templates.folders.sources.get(str(file), "").splitlines()
    line = rows[number - 1] if number <= len(rows) else ""
    column = max(0, line.find(name)) + 1
    place = Place(str(file), number, column, len(name))
    return Problem(place, "unknown-name", f"`{name}` is not known here", suggestion(name, sorted(known)), line)


# --- files --------------------------------------------------------------------------------------------------------


def _unused(own: Sequence[Path], format_: Format, templates: Templates) -> Iterator[Problem]:
    """Files that take the place of nothing and that no other template includes."""
    used = {f"report.{ENDINGS[format_]}"}
    shipped = set(_workshop({}, (), format_).folders.list_templates())
    for name in templates.folders.list_templates():
        try:
            used |= {one for one in find_referenced_templates(templates.tree(name)) if one}
        except Problems:
            continue
    for file in own:
        if file.name not in used | shipped:
            close = nearest(file.name, shipped)
            mend = f"did you mean `{close}`?" if close else f"parts of a report: {', '.join(sorted(shipped))}"
            yield Problem(Place(str(file)), "unused-template", f"no report uses `{file.name}`", mend)


# --- on samples ---------------------------------------------------------------------------------------------------


def _tried_out(folders: Sequence[Path], format_: Format) -> list[Problem]:
    """What goes wrong on advice with something everywhere, with nothing said, and with nothing in it."""
    found: list[Problem] = []
    for sample in (full_sample(), bare_sample(), completed({})):
        shown = values(sample)
        try:
            workshop(shown, format_, template_dirs=folders).written(f"report.{ENDINGS[format_]}", shown)
        except Problems as problems:
            found += problems.problems
    return found
