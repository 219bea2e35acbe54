"""Comments of a YAML text taken out while its values change, and woven in again where they stood.

In: a text. Out: the text without comments and empty lines, and what was taken out; later, of the text as it has become,
the same with all of it put back: what stood behind an entry stands behind it, what stood above it above it. Of an entry
that is gone the comments stay, on lines of their own. Entries are told by their path (keys, and ids of list items).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import yaml

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something: its text, what stood behind it (with the space before), and the lines above it.

    `number`: which line of the text it was, from nought; `path`: of the entry that begins there or goes on there.
    """

    text: str
    behind: str
    above: tuple[str, ...]
    number: int
    path: Path | None = None

    def is_renamed(self, line: str) -> bool:
        """Whether another line says the same of another key."""
        (key, _, said), (other, _, rest) = self.text.partition(":"), line.partition(":")
        return said == rest and len(key) - len(key.lstrip()) == len(other) - len(other.lstrip())


@dataclass(frozen=True, slots=True)
class Commented:
    """A text in lines, and the comments and empty lines at its end."""

    lines: tuple[Line, ...]
    below: tuple[str, ...]

    @property
    def bare(self) -> str:
        """The text without comments and empty lines."""
        return "".join(f"{line.text}\n" for line in self.lines)

    def bare_line(self, number: int) -> int | None:
        """Where a line of the text, from nought, is without comments; None for one that is nothing else."""
        return next((at for at, line in enumerate(self.lines) if line.number == number), None)

    def woven(self, bare: str) -> str:
        """The comments put into the text as it has become. Raises yaml.YAMLError."""
        where = _first_lines(bare)
        claimed = frozenset(where[line.path] for line in self.lines if line.path in where)
        weave = _Weave(bare.splitlines(), where, claimed, _extents(bare))
        if not self.lines:
            return "".join(f"{one}\n" for one in (*self.below, *weave.lines))
        for line in self.lines:
            weave.put(line)
        weave.go_to(len(weave.lines))
        return "".join(f"{one}\n" for one in (*weave.done, *self.below))


def commented(text: str) -> Commented:
    """A text and its comments apart. Raises yaml.YAMLError."""
    scalars = _Scalars(text)
    lines: list[Line] = []
    above: list[str] = []
    start = 0
    for number, raw in enumerate(text.splitlines(keepends=True)):
        line = raw.rstrip("\r\n")
        at = scalars.comment_in(line, start)
        said = line if at is None else line[:at]
        if said.strip() or scalars.goes_through(start):
            cut = said.rstrip() if at is not None else said
            lines.append(Line(cut, line[len(cut) :], tuple(above), number))
            above = []
        else:
            above.append(line)
        start += len(raw)
    return Commented(_with_paths(lines), tuple(above))


def _with_paths(lines: list[Line]) -> tuple[Line, ...]:
    """The lines, each with the path of what begins there."""
    bare = "".join(f"{one.text}\n" for one in lines)
    paths = {at: path for path, at in reversed(_first_lines(bare).items())}
    for start, extent in _extents(bare).items():
        paths.update((at, paths[start]) for at in range(start + 1, extent.last + 1) if start in paths)
    return tuple(replace(one, path=paths.get(at)) for at, one in enumerate(lines))


@dataclass(slots=True)
class _Weave:
    """A text in the making: lines as they have become, of which those before `at` are done."""

    lines: list[str]
    where: dict[Path, int]
    claimed: frozenset[int]
    """The lines that begin what the old text had too."""
    extents: dict[int, _Extent]
    at: int = 0
    done: list[str] = field(default_factory=list)
    open: int = -1
    """The line done last behind which a comment can stand; -1 where there is none."""

    def go_to(self, line: int) -> None:
        """Takes over the lines before this one, and of a text over several lines all."""
        while self.at < line:
            extent = self.extents.get(self.at, _Extent(self.at))
            self.done += self.lines[self.at : extent.last + 1]
            self.open = len(self.done) - 1 - (extent.last - self.at if extent.is_block else 0)
            self.at = extent.last + 1

    def put(self, line: Line) -> None:
        """Puts in what belongs to an old line."""
        target = self.target(line)
        if target is not None and line.above:
            self.go_to(target)
        for one in line.above:
            self.alone(one)
        if target is not None:
            self.go_to(target + 1)
        if not line.behind.strip():
            return
        if target is not None and self.open >= 0 and self._is_last(target):
            self.done[self.open] += line.behind
            self.open = -1
        else:
            indent = line.text[: len(line.text) - len(line.text.lstrip())]
            self.alone(indent + line.behind.strip())

    def _is_last(self, target: int) -> bool:
        """Whether what begins on a line was done last."""
        return self.extents.get(target, _Extent(target)).last == self.at - 1

    def target(self, line: Line) -> int | None:
        """The line where that is now which an old line said; None where it is gone."""
        found = None if line.path is None else self.where.get(line.path)
        if found is None and self.at < len(self.lines) and self.at not in self.claimed:
            return self.at if line.is_renamed(self.lines[self.at]) else None
        return found

    def alone(self, line: str) -> None:
        """Puts in a line of its own."""
        self.done.append(line)
        self.open = -1


# --- where comments are -----------------------------------------------------------------------------------------------


class _Scalars:
    """From where to where words and texts go: a # in one of them begins no comment."""

    def __init__(self, text: str) -> None:
        tokens = yaml.scan(text, Loader=yaml.BaseLoader)
        spans = [(one.start_mark.index, one.end_mark.index) for one in tokens if isinstance(one, yaml.ScalarToken)]
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def goes_through(self, position: int) -> bool:
        """Whether one of them has begun before a position, and ends after it."""
        at = bisect_left(self._starts, position) - 1
        return at >= 0 and position < self._ends[at]

    def comment_in(self, line: str, start: int) -> int | None:
        """Where the comment of a line begins, which itself begins at `start` in the text."""
        for at, sign in enumerate(line):
            begins = sign == "#" and (at == 0 or line[at - 1] in " \t")
            if begins and not self.goes_through(start + at):
                return at
        return None


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where a text over several lines ends; whether it is a block, whose comment stands behind its first line."""

    last: int
    is_block: bool = False


def _extents(bare: str) -> dict[int, _Extent]:
    """By the line on which it begins: each text that goes over several lines."""
    found = {}
    for token in yaml.scan(bare, Loader=yaml.BaseLoader):
        if isinstance(token, yaml.ScalarToken):
            is_block = token.style in ("|", ">")
            last = token.end_mark.line - (1 if is_block and token.end_mark.column == 0 else 0)
            if last > token.start_mark.line:
                found[token.start_mark.line] = _Extent(last, is_block)
    return found


# --- what a line is about ---------------------------------------------------------------------------------------------


def _first_lines(bare: str) -> dict[Path, int]:
    """By the path of an entry, in the order of the text: the line on which it begins."""
    found: dict[Path, int] = {}
    root = yaml.compose(bare, Loader=yaml.BaseLoader)
    for path, node in _entries(root, ()) if root is not None else ():
        found.setdefault(path, node.start_mark.line)
    return found


def _entries(node: yaml.Node, path: Path) -> Iterator[tuple[Path, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            own = (*path, str(key.value))
            yield own, key
            yield from _entries(value, own)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            own = (*path, _name(item, number))
            yield own, item
            yield from _entries(item, own)


def _name(item: yaml.Node, number: int) -> str:
    """How an item of a list is told: by its text, its id, its only key, or its place."""
    if isinstance(item, yaml.ScalarNode):
        return str(item.value)
    if isinstance(item, yaml.MappingNode):
        ids = [value.value for key, value in item.value if key.value == "id"]
        if ids or len(item.value) == 1:
            return f"id {ids[0]}" if ids else f"only {item.value[0][0].value}"
    return f"number {number}"
