"""YAML and JSON as trees of text that remember where each thing stands.

In: a file or a text. Out: `TextNode`, `ListNode` and `MapNode`; nothing is typed here, `no`, `010` and `12:30` stay
text. Refused, with a place and in plain words: what is not UTF-8, too large, too deep or empty, tabs as indentation, a
key given twice, several documents, and YAML's anchors and tags (an anchor lets a small file stand for an endless one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

import yaml
from yaml import events as ev

from advisor.files.yaml_messages import reworded
from advisor.problems.problem import Collected, Place, Problem, Problems

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML can be installed without its C part; it is ten times as slow then
    CParser = None  # type: ignore[assignment,misc]  # the same name, for the test below

LARGEST_FILE: Final = 2_000_000
MOST_NODES: Final = 200_000
DEEPEST: Final = 40

_BREAKS = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


class SourceText:
    """A file's name and its text."""

    __slots__ = ("_lines", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._lines: list[str] | None = None

    def line(self, number: int) -> str:
        """The text of a line, counted from 0; empty beyond the end."""
        if self._lines is None:
            self._lines = _BREAKS.split(self.text)
        return self._lines[number] if 0 <= number < len(self._lines) else ""


class Mark(Protocol):
    """A position: line and column, counted from 0."""

    line: int
    column: int


class Spot:
    """A thing in a file, from line and column (counted from 0) to where it ends.

    The nodes are plain classes, quick to make: a pack has 15,000 of them.
    """

    __slots__ = ("column", "end_column", "end_line", "line", "source")

    def __init__(self, source: SourceText, start: Mark, end: Mark) -> None:
        self.source = source
        self.line = start.line
        self.column = start.column
        self.end_line = end.line
        self.end_column = end.column

    @property
    def place(self) -> Place:
        """Where it begins, and how far it reaches on that line."""
        end = self.end_column if self.end_line == self.line else len(self.line_text.rstrip())
        return Place(self.source.name, self.line + 1, self.column + 1, max(1, end - self.column))

    @property
    def line_text(self) -> str:
        """The line on which it begins."""
        return self.source.line(self.line)

    def problem(self, kind: str, message: str, help_: str = "", related: tuple[tuple[Place, str], ...] = ()) -> Problem:
        """A problem at this place, with its line."""
        return Problem(self.place, kind, message, help_, self.line_text, related)


class TextNode(Spot):
    """A single text. `style`: the sign that opens it (`"`, `'`, `|`, `>`), empty for a bare one."""

    __slots__ = ("style", "text")

    def __init__(self, source: SourceText, start: Mark, end: Mark, text: str, style: str) -> None:
        self.source = source
        self.line = start.line
        self.column = start.column
        self.end_line = end.line
        self.end_column = end.column
        self.text = text
        self.style = style

    @property
    def inside(self) -> Place:
        """The place of its first character, after an opening quote."""
        place = self.place
        return place.shifted(1, place.length - 2) if self.style in ("'", '"') else place

    def relocated(self, problem: Problem) -> Problem:
        """A problem that counts columns from `inside` along the text, moved to the line where that character stands."""
        if self.end_line == self.line:
            return problem
        line, column = self._position(problem.place.column - self.inside.column)
        row = self.source.line(line)
        length = max(1, min(problem.place.length, len(row.rstrip()) - column))
        return replace(problem, place=Place(self.source.name, line + 1, column + 1, length), line=row)

    def spot_at(self, offset: int) -> tuple[int, int]:
        """Line and column, counted from 0, of the character at `offset` of the text."""
        if self.end_line == self.line:
            return self.line, self.inside.column - 1 + offset
        return self._position(offset)

    def _position(self, offset: int) -> tuple[int, int]:
        """Where the character at `offset` of the text stands. Folding changes only blanks, so the others count."""
        wanted = sum(not char.isspace() for char in self.text[:offset])
        line, column = (self.line + 1, 0) if self.style in ("|", ">") else (self.line, self.inside.column - 1)
        for number in range(line, self.end_line + 1):
            row = self.source.line(number)
            for position in range(column if number == line else 0, len(row)):
                if row[position].isspace():
                    continue
                if wanted == 0:
                    return number, position
                wanted -= 1
        return self.line, self.column


class ListNode(Spot):
    """Several nodes in order."""

    __slots__ = ("items",)

    def __init__(self, source: SourceText, start: Mark, end: Mark) -> None:
        super().__init__(source, start, end)
        self.items: list[Node] = []


class MapNode(Spot):
    """Values by key, in order, and the keys as they stand.

    `keys` are all that are written; a value that was found unusable is no longer among the `values`.
    """

    __slots__ = ("keys", "values")

    def __init__(self, source: SourceText, start: Mark, end: Mark) -> None:
        super().__init__(source, start, end)
        self.keys: dict[str, TextNode] = {}
        self.values: dict[str, Node] = {}

    @property
    def place(self) -> Place:
        """Where its first key stands; the whole of it where it is written within brackets."""
        first = next(iter(self.keys.values()), None)
        if first is not None and (first.line, first.column) == (self.line, self.column):
            return first.place
        return super().place

    def items(self) -> Iterator[tuple[TextNode, Node]]:
        """Each key as it stands, and its value."""
        return ((self.keys[name], value) for name, value in self.values.items())

    def text_at(self, key: str, default: str = "") -> str:
        """The text under `key`, or `default` where there is none."""
        node = self.values.get(key)
        return node.text if isinstance(node, TextNode) else default


Node = TextNode | ListNode | MapNode


def read_file(path: Path, name: str = "") -> Node:
    """The tree of a YAML or JSON file; `name` stands in messages (default: the path). Raises Problems."""
    return read_text(decoded(read_bytes(path, name or str(path)), name or str(path)), name or str(path))


def read_bytes(path: Path, name: str) -> bytes:
    """What a file holds. Raises Problems where it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        size = max(len(data), path.stat().st_size if len(data) > LARGEST_FILE else 0)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not one that a file can have"
        raise Problems([Problem(Place(name), "no-file", f"this file cannot be read: {reason.casefold()}")]) from None
    if size > LARGEST_FILE:
        raise Problems([_too_large(name, size)])
    return data


def _too_large(name: str, size: int) -> Problem:
    message = f"this file has {size / 1e6:.1f} MB; at most {LARGEST_FILE / 1e6:.0f} MB are read"
    return Problem(Place(name), "too-large", message, "is it the right file? if so, divide it")


def decoded(data: bytes, name: str) -> str:
    """The text that `data` encodes in UTF-8. Raises Problems with the place of the first byte that does not fit."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        rows = _BREAKS.split(before)
        rest = _BREAKS.split(data[error.start : error.start + 200].decode("utf-8", "replace"))[0]
        place, message = Place(name, len(rows), len(rows[-1]) + 1), f"the byte {data[error.start]:#04x} is not UTF-8"
        raise Problems([Problem(place, "not-utf8", message, "save the file as UTF-8", rows[-1] + rest)]) from None


def read_text(text: str, name: str) -> Node:
    """The tree of a YAML or JSON text; `name` stands in messages for the file. Raises Problems."""
    text = text.removeprefix("\ufeff")
    if (size := len(text.encode("utf-8", "replace"))) > LARGEST_FILE:
        raise Problems([_too_large(name, size)])
    if text.lstrip()[:1] in ("{", "["):
        text = _PAIR.sub(_joined_pair, text)
    source = SourceText(name, text)
    refuse_control_characters(source)
    builder = _Builder(source)
    try:
        builder.run(CParser(text) if CParser is not None else _SlowParser(text))
    except yaml.YAMLError as error:
        builder.problems.append(_syntax_problem(error, source))
    if builder.root is None and not builder.problems:
        builder.problems.append(
            Problem(Place(name), "empty-file", "there is nothing in this file", line=source.line(0))
        )
    if builder.problems or builder.root is None:
        raise Problems(builder.problems)
    return builder.root


def _joined_pair(found: re.Match[str]) -> str:
    r"""JSON writes a character beyond the first 65,536 as two escapes (`\ud83d\ude00`); YAML does not know that."""
    return chr(0x10000 + ((int(found[1], 16) - 0xD800) << 10) + int(found[2], 16) - 0xDC00)


def refuse_control_characters(source: SourceText) -> None:
    """Raises Problems where the text holds a character that no text editor shows."""
    found = _CONTROL.search(source.text)
    if found:
        rows = _BREAKS.split(source.text[: found.start()])
        place = Place(source.name, len(rows), len(rows[-1]) + 1)
        message, line = f"the character number {ord(found[0])} cannot stand in a text", source.line(len(rows) - 1)
        raise Problems([Problem(place, "control-character", message, "delete it", _CONTROL.sub("\ufffd", line))])


class _SlowParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML's parser in Python: text to events, and no further."""

    def __init__(self, text: str) -> None:
        self._in_plain = False
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)

    def peek(self, index: int = 0) -> str:
        """The character ahead. Within a bare text `?` is one like any other, which PyYAML's own code overlooks."""
        char: str = super().peek(index)
        return "x" if self._in_plain and char == "?" else char

    def scan_plain(self) -> Any:  # noqa: ANN401 - a token of PyYAML
        """A bare text."""
        self._in_plain = True
        token = super().scan_plain()
        self._in_plain = False
        return token


def _too_deep(spot: Spot) -> Problem:
    message = f"this is nested more than {DEEPEST} levels deep"
    return spot.problem("too-deep", message, "is it the right file?")


def _syntax_problem(error: yaml.YAMLError, source: SourceText) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark and "nesting depth" in str(getattr(error, "problem", "")):  # newer parsers stop by themselves, at 1,000
        return _too_deep(Spot(source, mark, mark))
    line, column = (mark.line, mark.column) if mark else (0, 0)
    opened = getattr(error, "context_mark", None)
    words = reworded(str(getattr(error, "problem", "") or error), str(getattr(error, "context", "") or ""))
    related: tuple[tuple[Place, str], ...] = ()
    if opened and (words.at_opening or not source.line(line).strip()):
        line, column = opened.line, opened.column
    elif words.opened and opened and (opened.line, opened.column) != (line, column):
        related = ((Place(source.name, opened.line + 1, opened.column + 1), words.opened),)
    row = source.line(line)
    if "\t" in row[: column + 1] and not row[:column].strip():
        return _tab(source, line, row)
    place = Place(source.name, line + 1, column + 1)
    help_ = words.help_for(row)
    return Problem(place, "bad-yaml", words.message_for(row, column), help_, row, related)


def _tab(source: SourceText, line: int, row: str) -> Problem:
    place = Place(source.name, line + 1, row.index("\t") + 1)
    return Problem(place, "tab", "a tab stands where the line is indented", "indent with spaces", row)


class _Builder:
    """Makes the tree from the parser's events, without recursion, and notes what is refused on the way."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.problems: list[Problem] = Collected()
        self.root: Node | None = None
        self._node: ListNode | MapNode | None = None
        self._key: TextNode | None = None
        self._outer: list[tuple[ListNode | MapNode | None, TextNode | None]] = []

    def run(self, parser: Any) -> None:  # noqa: ANN401 - either of two parsers, one of them in C
        """Reads every event. Raises yaml.YAMLError for what is not YAML, Problems where there is too much."""
        source, next_event, count = self.source, parser.get_event, 0
        while True:
            event = next_event()
            kind = type(event)
            if kind is ev.ScalarEvent:
                self._add(TextNode(source, event.start_mark, event.end_mark, event.value, event.style))
            elif kind is ev.MappingStartEvent:
                self._begin(MapNode(source, event.start_mark, event.end_mark))
            elif kind is ev.SequenceStartEvent:
                self._begin(ListNode(source, event.start_mark, event.end_mark))
            elif kind is ev.MappingEndEvent or kind is ev.SequenceEndEvent:
                self._end(event.end_mark)
                continue
            elif kind is ev.StreamEndEvent:
                return
            else:
                self._other(event)
                continue
            count += 1
            if event.anchor is not None or event.tag is not None or count > MOST_NODES:
                self._refuse(event, count)

    def _add(self, node: Node) -> None:
        """Puts a node where the parser stands: as a list's next item, a mapping's key, or the value of its last key."""
        parent = self._node
        if type(parent) is ListNode:
            parent.items.append(node)
        elif parent is None:
            self.root = node
        elif self._key is None:
            self._key = node if type(node) is TextNode else self._bad_key(node)
        else:
            key, self._key = self._key, None
            self._put(parent, key, node)  # type: ignore[arg-type]

    def _put(self, parent: MapNode, key: TextNode, value: Node) -> None:
        first = parent.keys.setdefault(key.text, key)
        if first is key:
            parent.values[key.text] = value
            return
        message = f"`{key.text[:80]}` stands here twice"
        self.problems.append(key.problem("duplicate-key", message, "keep one of them", ((first.place, "the first"),)))

    def _begin(self, node: ListNode | MapNode) -> None:
        self._add(node)
        self._outer.append((self._node, self._key))
        self._node, self._key = node, None
        if len(self._outer) > DEEPEST:
            raise Problems([*self.problems, _too_deep(node)])

    def _end(self, end: Mark) -> None:
        node = self._node
        if node is not None:
            node.end_line, node.end_column = end.line, end.column
        self._node, self._key = self._outer.pop()

    def _bad_key(self, node: Node) -> TextNode:
        """Notes that a list or mapping cannot be a key (most often it is a text that begins with a bracket)."""
        message = "a list or a mapping stands where a key belongs"
        self.problems.append(node.problem("bad-key", message, "if it is meant as text, put it in quotes"))
        return TextNode(self.source, node, node, f"({node.line}:{node.column})", "")

    def _other(self, event: Any) -> None:  # noqa: ANN401 - what an event has depends on its kind
        """What is neither a value nor its end: an alias, a second document, or nothing of interest."""
        kind = type(event)
        if kind is ev.AliasEvent:
            self._refuse(event, 0)
            self._add(TextNode(self.source, event.start_mark, event.end_mark, f"*{event.anchor}", ""))
        elif kind is ev.DocumentStartEvent and self.root is not None:
            spot = Spot(self.source, event.start_mark, event.end_mark)
            message = "a second document begins here; a file holds one"
            help_ = "delete the line `---`, or divide the file"
            raise Problems([*self.problems, spot.problem("several-documents", message, help_)])

    def _refuse(self, event: Any, count: int) -> None:  # noqa: ANN401 - the same
        """Notes an anchor or a tag. Raises Problems where there are too many values."""
        spot = Spot(self.source, event.start_mark, event.end_mark)
        if count > MOST_NODES:
            message = f"there are more than {MOST_NODES:,} values in this file"
            raise Problems([*self.problems, spot.problem("too-many", message, "divide it")])
        if event.anchor is not None:
            sign = "*" if type(event) is ev.AliasEvent else "&"
            message = f"`{sign}{event.anchor[:40]}` is an anchor of YAML, and anchors are not used here"
            help_ = "write the value out where it is needed; if it is meant as text, put it in quotes"
            self.problems.append(spot.problem("anchor", message, help_))
        elif event.tag is not None:
            message = "a text that begins with `!` is a tag of YAML, and tags are not used here"
            self.problems.append(spot.problem("tag", message, "put the text in quotes"))
