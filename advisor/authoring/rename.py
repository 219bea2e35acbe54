"""Renames a fact, rule or source at every place that names it: all of them at once, or none.

In: a folder with a pack, what is renamed, and its new name. Out: the new text of each file that changes. Comments and
layout stay as they are, for only the names themselves are exchanged. Before anything is handed out, the new files are
read and checked as a copy of the pack, which must say the same as the pack itself but for that name.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, Literal

from advisor.authoring.mentions import Mention, mentions
from advisor.authoring.sameness import placeless
from advisor.cases.reader import read_cases
from advisor.files.grids import SHEETS
from advisor.files.shapes import ID, NAME, bad_name, looks_like
from advisor.files.yaml import decoded, read_bytes, read_text
from advisor.language.tokens import RESERVED
from advisor.language.tree import CASE
from advisor.language.vocabulary import spaced
from advisor.packs.checks import check_pack
from advisor.packs.pack import Fact, Pack
from advisor.packs.reader import read_pack
from advisor.problems.problem import Place, Problem, Problems, suggestion

Renamable = Literal["fact", "rule", "source"]
_HEAD: Final = re.compile(r"([^.@]*)([.@]?)(.*)", re.DOTALL)
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """A renaming that holds: the new text of each file, and the places that it changed."""

    sort: Renamable
    old: str
    new: str
    places: tuple[Mention, ...]
    files: dict[Path, str]
    cases: int
    """How many worked cases were compared with what they were."""
    said_as: str = ""
    """How sentences call a fact from now on, where they called it by its old name."""
    elsewhere: tuple[Place, ...] = ()
    """Lines of comments, notes and templates that hold the old name and were left alone."""


def renaming(folder: Path, sort: Renamable, old: str, new: str) -> Renaming:
    """What renaming `old` to `new` changes in the pack in `folder`; nothing is written.

    Raises Problems where the pack has mistakes, `old` is unknown, `new` is taken or no name, or where the pack would
    not be the same afterwards.
    """
    pack = read_pack(folder)
    found = mentions(pack, folder)
    kind, old = _meant(pack, folder, sort, old)
    places = [one for one in found if (one.sort, one.kind, one.name) == (sort, kind, old)]
    defined = next(one for one in places if one.where == "definition")
    new = re.sub(r"[\s-]+", "_", new.strip()) if sort == "fact" else new.strip()
    if new == old:
        raise Problems([defined.problem("same-name", f"the {sort} is called `{old}` already", "give another name")])
    _refuse_bad_name(sort, new, folder)
    _refuse_taken(pack, sort, kind, new, defined)
    files = _edited(places, new)
    cases = _verified(folder, files, _Change(kind, old, new))
    fact = pack.facts[kind][old] if sort == "fact" else None
    return Renaming(
        sort=sort,
        old=old,
        new=new,
        places=tuple(places),
        files=files,
        cases=cases,
        said_as=spaced(new) if fact is not None and fact.label == spaced(old) else "",
        elsewhere=tuple(_left_over(folder, files, old)),
    )


# --- names ----------------------------------------------------------------------------------------------------------


def _meant(pack: Pack, folder: Path, sort: Renamable, name: str) -> tuple[str, str]:
    """What a fact belongs to (else empty), and the name as the pack spells it."""
    known = _known(pack, sort)
    wanted = _folded(name)
    found = [(kind, one) for kind, one in known if wanted in (_folded(one), _folded(f"{kind}.{one}"))]
    if len(found) == 1:
        return found[0]
    place = Place(str(folder))
    if not found:
        spelled = [one if kind in ("", CASE) else f"{kind}.{one}" for kind, one in known]
        message = f"this pack has no {sort} `{name[:80]}`"
        raise Problems([Problem(place, f"unknown-{sort}", message, suggestion(name, spelled))])
    ways = " or ".join(f"`{kind}.{one}`" for kind, one in found)
    raise Problems([Problem(place, "unclear", f"several facts are called `{name[:80]}`", f"write {ways}")])


def _known(pack: Pack, sort: Renamable) -> list[tuple[str, str]]:
    if sort == "fact":
        return [(fact.kind, fact.name) for fact in pack.all_facts()]
    return [("", name) for name in (pack.rules if sort == "rule" else pack.sources)]


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", name.strip().casefold())


def _refuse_bad_name(sort: Renamable, new: str, folder: Path) -> None:
    pattern = NAME if sort == "fact" else ID
    node = read_text(f'"{new}"' if new.isascii() and new.isprintable() and '"' not in new else "name", str(folder))
    if not looks_like(new, pattern):
        raise Problems([replace(bad_name(node, new, pattern), place=Place(str(folder)), line="")])
    if sort == "fact" and new in RESERVED:
        message = f"`{new}` is a word of the language, so no fact may be called so"
        raise Problems([Problem(Place(str(folder)), "reserved-name", message, "choose another name, or two words")])


def _refuse_taken(pack: Pack, sort: Renamable, kind: str, new: str, defined: Mention) -> None:
    """Raises Problems where something that can stand in the same places is called so already."""
    taken: dict[str, tuple[str, Place]] = {}
    if sort == "fact":
        kinds = pack.kinds() if kind == CASE else (kind, CASE)
        taken |= {one.name: ("a fact", one.place) for one in pack.all_facts() if one.kind in kinds}
        taken |= {one.name: ("a figure", one.place) for one in pack.parameters.values()}
        taken |= {one.name: ("a table", one.place) for one in pack.tables.values()}
    elif sort == "rule":
        taken |= {one.id: ("an option", one.place) for one in pack.options.courses.values()}
        taken |= {one.id: ("a rule", one.place) for one in pack.rules.values()}
    else:
        taken |= {one.id: ("a source", one.place) for one in pack.sources.values()}
    if new in taken:
        what, place = taken[new]
        problem = defined.problem("taken", f"{what} of this pack is called `{new}` already", "choose another name")
        raise Problems([replace(problem, related=((place, "is what is called so"),))])


# --- the text of the files ------------------------------------------------------------------------------------------


def _edited(places: list[Mention], new: str) -> dict[Path, str]:
    """The new text of each file in which something is named."""
    by_file: dict[str, list[Mention]] = defaultdict(list)
    for one in places:
        by_file[one.place.file].append(one)
    found = {}
    problems: list[Problem] = []
    for name, inside in by_file.items():
        if Path(name).suffix in SHEETS:
            message = "a sheet is not changed from here"
            help_ = "rename it there first, or keep the table as CSV: `advisor rules table import`"
            problems.append(min(inside).problem("not-text", message, help_))
            continue
        text = decoded(read_bytes(Path(name), name), name)
        starts = _line_starts(text)
        for one in sorted(inside, reverse=True):
            at = starts[one.place.line - 1] + one.place.column - 1
            written = _as_written(one).match(text, at)
            if written is None:
                help_ = "write it there without escapes (`\\`, doubled quotes), then rename"
                problems.append(one.problem("not-found", "the name cannot be exchanged in this text", help_))
                continue
            text = text[:at] + _spelled_like(written[0], new) + text[written.end() :]
        found[Path(name)] = text
    if problems:
        raise Problems(problems)
    return found


def _line_starts(text: str) -> list[int]:
    """Where each line begins, with the same breaks by which a YAML tree counts its lines."""
    return [0, *(found.end() for found in re.finditer(r"\r\n|[\n\r\x85\u2028\u2029]", text))]


def _as_written(one: Mention) -> re.Pattern[str]:
    """The words of a mention, wherever the lines of a folded text were broken."""
    words = [re.escape(word) for word in re.split(r"\s+", one.written)]
    return re.compile(r"\s+".join(words))


def _spelled_like(written: str, new: str) -> str:
    """A name with the marks between its words that the old one had."""
    if re.search(r"\s", written):
        return spaced(new)
    if "-" in written and "_" not in written:
        return new.replace("_", "-")
    return new


# --- proof ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Change:
    kind: str
    old: str
    new: str


def _verified(folder: Path, files: dict[Path, str], change: _Change) -> int:
    """How many worked cases there are, all of them the same with the new files. Raises Problems where anything is not.

    What is read from the new files is compared with what is read from the old, part for part: the rules are the same
    but for the name, and the cases too, so the same comes out of them.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / folder.resolve().name
        shutil.copytree(folder, copy)
        for path, text in files.items():
            (copy / path.relative_to(folder)).write_text(text, encoding="utf-8", newline="")
        try:
            before, after = read_pack(folder), read_pack(copy)
            _compare_checks(folder, copy, before, after)
            old, new = (
                [one for file in _case_files(of) for one in read_cases(pack, file)]
                for of, pack in ((folder, before), (copy, after))
            )
        except Problems as error:
            raise Problems([_back(one, copy, folder) for one in error.problems]) from None
    parts = [(_whole(before, change), _whole(after, change)), (old, new)]
    if any(_said(one, change) != _said(other, change) for one, other in parts):
        message = f"the pack would not say the same with `{change.new}` for `{change.old}`, so nothing is written"
        help_ = "choose another name: this one would be read as something else somewhere"
        raise Problems([Problem(Place(str(folder)), "not-the-same", message, help_)])
    return len(old)


def _whole(pack: Pack, change: _Change) -> dict[str, Any]:
    """All that a pack says: without where it stands, and with the label that a renamed fact had."""
    said = {one.name: getattr(pack, one.name) for one in fields(pack) if one.name not in ("folder", "digest")}
    facts: dict[str, Fact] = dict(pack.facts.get(change.kind, {}))
    for name in (change.old, change.new):
        if name in facts and facts[name].label == spaced(name):
            facts[name] = replace(facts[name], label=spaced(change.old))
    return {**said, "facts": {**pack.facts, change.kind: facts}}


def _said(value: object, change: _Change) -> object:
    """A part of a pack without places, in which the old name and the new are the same."""
    names = (_folded(change.old), _folded(change.new))

    def one_name(word: str) -> str:
        head, mark, rest = _HEAD.match(word).groups()  # type: ignore[union-attr]  # it fits any text
        return f"*{mark}{rest}" if _folded(head) in names else word

    return placeless(value, one_name)


def _compare_checks(folder: Path, copy: Path, before: Pack, after: Pack) -> None:
    """Raises Problems with what the check finds in the new files and does not find in the old."""
    known = {(one.kind, one.place.line, _inside(one.place.file, folder)) for one in check_pack(before)}
    fresh = [one for one in check_pack(after) if (one.kind, one.place.line, _inside(one.place.file, copy)) not in known]
    if fresh:
        raise Problems(fresh)


def _inside(file: str, folder: Path) -> str:
    return Path(file).relative_to(folder).as_posix() if Path(file).is_relative_to(folder) else file


def _case_files(folder: Path) -> list[Path]:
    return sorted((folder / "cases").glob("*.yaml"))


def _back(problem: Problem, copy: Path, folder: Path) -> Problem:
    """A problem of the copy, at the place in the pack itself."""
    related = tuple((replace(place, file=_home(place.file, copy, folder)), words) for place, words in problem.related)
    return replace(problem, place=replace(problem.place, file=_home(problem.place.file, copy, folder)), related=related)


def _home(file: str, copy: Path, folder: Path) -> str:
    return str(folder / Path(file).relative_to(copy)) if Path(file).is_relative_to(copy) else file


# --- what is left alone ---------------------------------------------------------------------------------------------


def _left_over(folder: Path, files: dict[Path, str], old: str) -> Iterator[Place]:
    """Lines that still hold the old name: of comments, notes and templates, which nobody but a person can judge."""
    if not re.search(r"[_-]", old):
        return  # one everyday word would be found in every other sentence
    word = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
    templates = [path for path in sorted((folder / "templates").rglob("*")) if path.is_file()]
    for path in [*sorted(folder.glob("*.yaml")), *_case_files(folder), *templates]:
        text = files.get(path) or decoded(read_bytes(path, str(path)), str(path))
        for number, line in enumerate(text.splitlines(), 1):
            if (found := word.search(line)) is not None:
                yield Place(str(path), number, found.start() + 1, len(old))


def write(renaming_: Renaming, put: Callable[[str, Path], None]) -> None:
    """Writes every file by `put`; where one cannot be written, those before it are put back. Raises OSError."""
    done: dict[Path, bytes] = {}
    try:
        for path, text in renaming_.files.items():
            was = path.read_bytes()
            put(("\ufeff" if was.startswith(_BOM) else "") + text, path)
            done[path] = was
    except BaseException:
        for path, was in done.items():
            put(was.decode("utf-8"), path)
        raise
