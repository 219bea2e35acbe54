"""What a fact or a parameter can be: `type` and the keys that go with it."""

from __future__ import annotations

from dataclasses import replace

from advisor.files.scalars import scalar_at
from advisor.files.yaml import MapNode, TextNode
from advisor.language.vocabulary import RESERVED_CHOICES
from advisor.packs.reading import Reading
from advisor.problems.problem import suggestion
from advisor.values.types import (
    CHOICE,
    CHOICES,
    DATE,
    DURATION,
    MINUTES_A_DAY,
    MOMENT,
    MONEY,
    NUMBER,
    ORDERED,
    REFERENCE,
    TEXT,
    TIME,
    WHOLE,
    YES_NO,
    Ordered,
    Type,
)

KINDS = (YES_NO, CHOICE, CHOICES, WHOLE, NUMBER, MONEY, DATE, DURATION, TIME, MOMENT, TEXT)
_CHOOSING = frozenset((CHOICE, CHOICES))
_BELONGS = {
    "choices": _CHOOSING,
    "none": frozenset((CHOICES,)),
    "unit": frozenset((WHOLE, NUMBER)),
    "at_least": ORDERED,
    "at_most": ORDERED,
}

OTHER, OTHER_LABEL = "other", "something else"
"""The choice that stands for anything that is not listed, and how it is called where its label is `yes`."""

Labels = dict[str, dict[str, str]]
"""The ids and labels of each table."""


def read_type(node: MapNode, reading: Reading, labels: Labels) -> Type | None:
    """The type that a fact or parameter declares, or None (with a problem) where it cannot be told."""
    word = node.values.get("type")
    if not isinstance(word, TextNode):
        return None
    type_ = named_type(word, reading)
    if type_ is None:
        return None
    _note_misplaced(node, type_, reading)
    if type_.kind in _CHOOSING:
        choices = _choices(node, reading, labels)
        return replace(type_, choices=choices, none_label=node.text_at("none")) if choices else None
    if type_.kind in (WHOLE, NUMBER):
        type_ = replace(type_, unit=node.text_at("unit"))
    if type_.ordered:
        return _with_bounds(node, type_, reading)
    return type_


def named_type(word: TextNode, reading: Reading) -> Type | None:
    """The type that one word means, without choices and bounds; a problem where there is none such."""
    if word.text == MONEY:
        return Type(MONEY, unit=reading.names.currency)
    if word.text == TIME:
        return Type(TIME, low=0, high=MINUTES_A_DAY - 1)
    if word.text in KINDS:
        return Type(word.text)
    if word.text in reading.names.entities:
        return Type(REFERENCE, entity=word.text)
    if "pack" not in reading.names.unread:
        help_ = suggestion(word.text, [*KINDS, *reading.names.entities])
        reading.note(word, "unknown-type", f"`{word.text[:80]}` is not a type, and not an entity of this pack", help_)
    return None


def _note_misplaced(node: MapNode, type_: Type, reading: Reading) -> None:
    for key, kinds in _BELONGS.items():
        if key in node.keys and type_.kind not in kinds:
            message = f"`{key}` means nothing for the type {type_.words()}"
            help_ = f"it belongs to {', '.join(kind for kind in KINDS if kind in kinds)}"
            reading.note(node.keys[key], "misplaced-key", message, help_)


def _choices(node: MapNode, reading: Reading, labels: Labels) -> tuple[tuple[str, str], ...]:
    given = node.values.get("choices")
    if isinstance(given, MapNode):
        for key in given.keys.values():
            if key.text in RESERVED_CHOICES:
                message = f"`{key.text}` cannot be the id of a choice: `is {key.text}` means something already"
                reading.note(key, "reserved-name", message, f"call it `{key.text}_of_these`")
        _note_alike(given, reading)
        if not given.keys:
            reading.note(node, "no-choices", "there are no choices here", "write `choices: {id: label}`")
        return tuple((key.text, _label(key, value)) for key, value in given.items() if isinstance(value, TextNode))
    if isinstance(given, TextNode):
        return _table_choices(given, reading, labels)
    if "choices" not in node.keys:
        reading.note(node.values["type"], "no-choices", "it has no choices", "add `choices: {id: label}`")
    return ()


def _label(key: TextNode, value: TextNode) -> str:
    """The label of a choice; `other: yes` leaves the choices open without a wording of its own."""
    return OTHER_LABEL if key.text == OTHER and value.text == "yes" else value.text


def _note_alike(choices: MapNode, reading: Reading) -> None:
    """Notes choices that differ in capitals only: people type either."""
    first: dict[str, TextNode] = {}
    for key in choices.keys.values():
        known = first.setdefault(key.text.casefold(), key)
        if known is not key:
            message = f"`{known.text}` and `{key.text}` differ in capitals only"
            reading.note(key, "duplicate-id", message, "rename one")


def _table_choices(given: TextNode, reading: Reading, labels: Labels) -> tuple[tuple[str, str], ...]:
    words = given.text.split()
    name = words[-1].replace("-", "_") if words else ""
    if len(words) != 2 or words[0] != "table":  # noqa: PLR2004 - the word `table` and a name
        help_ = "write `{id: label}` for each, or `table` and the name of a table"
        reading.note(given, "no-choices", f"`{given.text[:80]}` does not say what the choices are", help_)
    elif name in labels:
        return tuple(labels[name].items())
    elif name not in reading.names.broken:
        help_ = suggestion(name, labels)
        reading.note(given, "unknown-table", f"there is no table `{name[:80]}`", help_)
    return ()


def _with_bounds(node: MapNode, type_: Type, reading: Reading) -> Type:
    low, high = (_bound(node, key, type_, reading) for key in ("at_least", "at_most"))
    if low is not None and high is not None and low > high:  # type: ignore[operator]
        reading.note(
            node.values["at_most"], "empty-range", "the most that is allowed is below the least", "exchange them"
        )
        return type_
    return replace(type_, low=type_.low if low is None else low, high=type_.high if high is None else high)


def _bound(node: MapNode, key: str, type_: Type, reading: Reading) -> Ordered | None:
    given = node.values.get(key)
    return scalar_at(given, type_, reading.problems) if isinstance(given, TextNode) else None
