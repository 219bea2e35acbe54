"""What a file may look like, as data: records with their keys, lists, mappings by name, and single texts.

In: a node tree and a shape. Out: the tree without what does not fit it, and a problem for each of these. The shapes of
the pack's files are gathered in `packs/shapes.py`; `authoring/schema.py` makes JSON Schema from the same values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from advisor.files.yaml import ListNode, MapNode, Node, Spot, TextNode
from advisor.problems.problem import Problem, nearest, suggestion


@dataclass(frozen=True, slots=True)
class One:
    """A single text. `what`: how a message calls it; `words`: all that it can be; `pattern`: what it looks like."""

    what: str = "a text"
    words: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Many:
    """A list. `single`: one alone may stand without the list."""

    item: Shape
    single: bool = False


@dataclass(frozen=True, slots=True)
class ByName:
    """A mapping whose keys the author chooses. `what`: what is named; `pattern`: what a name must look like."""

    what: str
    value: Shape
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record: its value, and what it means in one line."""

    name: str
    value: Shape
    doc: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys. `rest`: the shape of keys that are not listed, where there may be such."""

    what: str
    keys: tuple[Key, ...]
    rest: Shape | None = None
    by_name: dict[str, Key] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {key.name: key for key in self.keys})

    def names(self) -> tuple[str, ...]:
        """The names of its keys."""
        return tuple(key.name for key in self.keys)


@dataclass(frozen=True, slots=True)
class Either:
    """One of several, told apart by being a text, a list or a mapping."""

    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Nested:
    """A shape that contains itself; `shape` gives it."""

    name: str
    shape: Callable[[], Shape]


Shape = One | Many | ByName | Record | Either | Nested

NAME = r"[a-z][a-z0-9_]*"
ID = r"[a-z0-9][a-z0-9_-]*"
CODE = r"[A-Za-z0-9](?:[A-Za-z0-9_./+-]*[A-Za-z0-9+])?"
"""What a choice may be called: codes as they are in use, such as `J45.0` or `EU/B`."""
_LOOKS = {
    NAME: "small letters, digits and `_`",
    ID: "small letters, digits, `-` and `_`",
    CODE: "letters, digits, `-`, `_`, `.` and `/`",
}
LONGEST_NAME = 80
_SHOWN_KEYS = 5


def fit(node: Node, shape: Shape, problems: list[Problem], called: str = "this") -> Node | None:
    """`node` without the parts that do not fit `shape`, or None where nothing is left; each of them is a problem.

    `called` names the node in messages ("`advise`", "a rule"). What is taken out is taken out of the tree itself.
    """
    match shape:
        case One():
            return _fit_one(node, shape, problems, called)
        case Many():
            return _fit_many(node, shape, problems, called)
        case Record():
            return _fit_record(node, shape, problems, called)
        case ByName():
            return _fit_by_name(node, shape, problems, called)
        case Either(shapes):
            return fit(node, chosen(node, shapes), problems, called)
        case Nested(_, inner):
            return fit(node, inner(), problems, called)


def chosen(node: Node, shapes: tuple[Shape, ...]) -> Shape:
    """The alternative that is of the node's own kind; where there is none, one that names all of them."""
    for shape in shapes:
        if _node_class(shape) is type(node):
            return shape
    first = shapes[0]
    if isinstance(node, TextNode) and isinstance(first, Many) and first.single:
        return first
    return One(" or ".join(describe(shape) for shape in shapes))


def _node_class(shape: Shape) -> type[Node]:
    if isinstance(shape, One):
        return TextNode
    return ListNode if isinstance(shape, Many) else MapNode


def describe(shape: Shape) -> str:
    """A shape in a few words: `a text`, `a list of ids`, `a mapping`."""
    match shape:
        case One(what, words):
            return " or ".join(f"`{word}`" for word in words) if words else what
        case Many(item):
            return f"a list ({describe(item)} for each item)" if isinstance(item, One) else "a list"
        case Record(_, keys):
            shown = ", ".join(f"`{key.name}`" for key in keys[:_SHOWN_KEYS])
            return f"a mapping with {shown}{' ...' if len(keys) > _SHOWN_KEYS else ''}"
        case ByName(what):
            return f"a mapping ({what} and its value)"
        case Either(shapes):
            return " or ".join(describe(one) for one in shapes)
        case Nested(name):
            return name


def _found(node: Node) -> str:
    if isinstance(node, TextNode):
        return "empty" if not node.text else "a single text"
    return "a list" if isinstance(node, ListNode) else "a mapping"


def _wrong_kind(node: Node, shape: Shape, called: str) -> Problem:
    help_ = f"{describe(shape)} belongs here"
    bracket = not isinstance(node, TextNode) and node.line_text[node.column : node.column + 1] in ("[", "{")
    if bracket and help_.startswith("a text"):
        help_ += "; a text that begins with a bracket stands in quotes"
    return node.problem("wrong-kind", f"{called} is {_found(node)}", help_)


def _fit_one(node: Node, shape: One, problems: list[Problem], called: str) -> Node | None:
    if not isinstance(node, TextNode) or not (node.text or node.style):
        problems.append(_wrong_kind(node, shape, called))
        return None
    if shape.words and node.text not in shape.words:
        message = f"`{node.text[:80]}` is not something that {called} can be"
        problems.append(node.problem("not-allowed", message, suggestion(node.text, shape.words, what="allowed")))
        return None
    if shape.pattern and not looks_like(node.text, shape.pattern):
        problems.append(bad_name(node, node.text, shape.pattern))
        return None
    return node


def _fit_many(node: Node, shape: Many, problems: list[Problem], called: str) -> Node | None:
    if shape.single and isinstance(node, TextNode):
        return fit(node, shape.item, problems, called)
    if not isinstance(node, ListNode):
        problems.append(_wrong_kind(node, shape, called))
        return None
    each = shape.item.what if isinstance(shape.item, Record) else f"an item of {called}"
    fitted = [fit(item, shape.item, problems, each) for item in node.items]
    if None in fitted:
        node.items = [item for item in fitted if item is not None]
    return node


def _fit_by_name(node: Node, shape: ByName, problems: list[Problem], called: str) -> Node | None:
    if not isinstance(node, MapNode):
        problems.append(_wrong_kind(node, shape, called))
        return None
    for key, value in list(node.items()):
        if shape.pattern and not looks_like(key.text, shape.pattern):
            problems.append(bad_name(key, key.text, shape.pattern))
            _drop(node, key.text)
        elif fit(value, shape.value, problems, f"`{key.text[:80]}`") is None:
            _drop(node, key.text)
    return node


def _fit_record(node: Node, shape: Record, problems: list[Problem], called: str) -> Node | None:
    if not isinstance(node, MapNode):
        problems.append(_wrong_kind(node, shape, called))
        return None
    wanted = shape.by_name
    seen: set[str | None] = set()
    for key, value in list(node.items()):
        seen.add(key.text)
        known = wanted.get(key.text)
        inner = known.value if known else shape.rest
        if inner is None:
            seen.add(nearest(key.text, wanted))
            problems.append(_unknown_key(key, value, shape))
        if inner is None or fit(value, inner, problems, f"`{key.text}`") is None:
            _drop(node, key.text)
    for name, key_shape in wanted.items():
        if key_shape.required and name not in seen:
            message = f"{shape.what} lacks `{name}`"
            problems.append(node.problem("missing-key", message, f"add it: {key_shape.doc}"))
    return node


def _unknown_key(key: TextNode, value: Node, shape: Record) -> Problem:
    """The problem that a record has no such key, or that a comma made one out of the rest of a text."""
    alone = isinstance(value, TextNode) and not value.text and not value.style
    if alone and key.line_text[key.column + len(key.text) :].lstrip()[:1] in ("}", ","):
        help_ = "within `{ }` a comma ends a text: put the whole text in quotes"
        return key.problem("stray-text", f"`{key.text[:80]}` stands here without a value", help_)
    message = f"`{key.text[:80]}` is not a key of {shape.what}"
    return key.problem("unknown-key", message, suggestion(key.text, shape.names(), what="allowed"))


def _drop(node: MapNode, key: str) -> None:
    del node.values[key]


def looks_like(text: str, pattern: str) -> bool:
    """Whether a name has the form it must have."""
    return len(text) <= LONGEST_NAME and re.fullmatch(pattern, text) is not None


def bad_name(spot: Spot, name: str, pattern: str) -> Problem:
    """The problem that a name is not of the form it must have, with one that is."""
    sign = "_" if pattern == NAME else "-"
    mended = re.sub(r"[^a-z0-9]+", sign, name.casefold()).strip(sign)[:LONGEST_NAME]
    fits = bool(mended) and looks_like(mended, pattern)
    help_ = f"write {_LOOKS[pattern]}" + (f", such as `{mended}`" if fits else "")
    return spot.problem("bad-name", f"`{name[:80]}` cannot be a name here", help_)


TEXT = One("a text")


WORDS = One("a text")
"""With values put in by `{ }`."""


NUMBER = One("a whole number")


DATE = One("a date such as 2024-09-03, `about 2024-09-03`, 2024-09, `2024-09-01 .. 2024-09-10` or `unknown`")


DAY = One("a date such as 2024-09-03")


YES_NO = One("`yes` or `no`", ("yes", "no"))


EXPRESSION = One("an expression")


VALUE = One("a value")


AN_ID = One("an id", pattern=ID)


A_NAME = One("a name", pattern=NAME)


ANY_ID = One("an id")


IDS = Many(ANY_ID, single=True)


TYPE = One(
    "a type: yes/no, choice, choices, whole number, number, money, date, duration, time of day, moment, text, an entity"
)


def _condition() -> Shape:
    return CONDITION


_CONDITIONS = Many(Nested("a condition", _condition), single=True)


CONDITION = Either(
    (
        One("a condition"),
        Many(Nested("a condition", _condition)),
        Record(
            "a condition",
            (
                Key("all", _CONDITIONS, "conditions that must all hold"),
                Key("any", _CONDITIONS, "conditions of which one must hold"),
                Key("none", _CONDITIONS, "conditions of which none may hold"),
            ),
        ),
    )
)


WHEN_KEY = Key("when", CONDITION, "the condition under which it applies")


BECAUSE_KEY = Key("because", WORDS, "one or two plain sentences that say why")


SOURCES_KEY = Key("sources", IDS, "the ids of the sources that say so")


CLAIMS_KEY = Key("claims", IDS, "the ids of the claims that it encodes")


NOTE_KEY = Key("note", TEXT, "a note for the authors, shown nowhere")


PERIOD_KEYS = (
    Key("from", DATE, "the first day on which it holds"),
    Key("until", DATE, "the last day on which it holds"),
)


ERA_KEY = Key("era", IDS, "the eras in which it holds, instead of dates")


TYPE_KEYS = (
    Key(
        "choices",
        Either((One("`table` and its name"), ByName("an id", TEXT, CODE))),
        "id and label of each choice; `other: yes` for anything else",
    ),
    Key("unit", TEXT, "the unit of a number"),
    Key("at_least", VALUE, "the least that is allowed"),
    Key("at_most", VALUE, "the most that is allowed"),
)
