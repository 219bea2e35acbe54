"""facts.yaml and parameters.yaml: first the names and types, then, with all names known, everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from advisor.files.scalars import read_day, scalar_at
from advisor.files.yaml import ListNode, MapNode, Node, TextNode
from advisor.language.tree import CASE, Text
from advisor.language.vocabulary import RESERVED, FactName, ParameterName
from advisor.packs.decisions import Concluded, Decided
from advisor.packs.pack import HITS, Bracket, Change, Dated, Fact, Hit, Parameter, Presumed, Row
from advisor.packs.reading import NO_TEXT, Reading
from advisor.packs.types import Labels, named_type, read_type
from advisor.problems.problem import suggestion
from advisor.values.types import CHOICE, CHOICES, NONE, YES_NO, Type, Value

ITEM_KEYS = ("id", "times", "more")
"""What an item of a case says beside its facts."""

# --- names and types ----------------------------------------------------------------------------------------------


def read_fact_names(root: MapNode, reading: Reading, labels: Labels) -> None:
    """Puts every fact's name and type among the known names, or its name among the broken ones."""
    names = reading.names
    for kind, facts in root.items():
        if kind.text != CASE and kind.text not in names.entities:
            if "pack" not in names.unread:
                help_ = suggestion(kind.text, [CASE, *names.entities])
                reading.note(kind, "unknown-entity", f"there is no entity `{kind.text[:80]}` in pack.yaml", help_)
            names.broken.update(facts.keys if isinstance(facts, MapNode) else ())
        elif isinstance(facts, MapNode):
            names.facts[kind.text] = dict(_fact_names(kind.text, facts, reading, labels))


def _fact_names(kind: str, facts: MapNode, reading: Reading, labels: Labels) -> list[tuple[str, FactName]]:
    found = []
    for key, node in facts.items():
        type_ = read_type(node, reading, labels) if isinstance(node, MapNode) else None
        is_reserved = _note_reserved(key, reading, ITEM_KEYS if kind != CASE else ())
        if type_ is None or is_reserved:
            reading.names.broken.add(key.text)
        else:
            found.append((key.text, FactName(type_, key.place)))
    reading.names.broken.update(facts.keys - facts.values.keys())
    return found


def _note_reserved(key: TextNode, reading: Reading, also: tuple[str, ...]) -> bool:
    """Whether a name is one of the language's own words, which is a problem; then its uses are not complained of."""
    if key.text in RESERVED or key.text in also:
        message = f"`{key.text}` is a word of the language and cannot be a name"
        reading.note(key, "reserved-name", message, f"give it a longer name, such as `the_{key.text}`")
        return True
    return False


def read_parameter_names(root: MapNode, reading: Reading, labels: Labels) -> None:
    """Puts every parameter's name and type among the known names, or its name among the broken ones."""
    for key, node in root.items():
        is_reserved = _note_reserved(key, reading, ())
        known = _parameter_name(key, node, reading, labels) if isinstance(node, MapNode) else None
        if known is not None and not is_reserved:
            reading.names.parameters[key.text] = known
    reading.names.broken.update(root.keys - reading.names.parameters.keys())


def _parameter_name(key: TextNode, node: MapNode, reading: Reading, labels: Labels) -> ParameterName | None:
    """The type of a parameter, and that of its key where it has brackets; None where they cannot be told."""
    type_ = read_type(node, reading, labels)
    by = _by(node, reading)
    if type_ is None or ("by" in node.keys and by is None):
        return None
    values = node.values.get("values")
    for item in values.items if isinstance(values, ListNode) and by is None else ():
        if isinstance(item, MapNode) and "brackets" in item.keys:
            help_ = "add `by:` with the type by which they go, or write `value`"
            reading.note(item.keys["brackets"], "misplaced-key", f"`{key.text}` has brackets, but no `by`", help_)
            return None
    return ParameterName(type_, by, key.place)


def _by(node: MapNode, reading: Reading) -> Type | None:
    word = node.values.get("by")
    type_ = named_type(word, reading) if isinstance(word, TextNode) else None
    if word is not None and type_ is not None and not type_.ordered:
        reading.note(
            word, "wrong-type", f"brackets cannot go by {type_.words()}", "use a number, money, a duration or a date"
        )
        return None
    return type_


# --- facts --------------------------------------------------------------------------------------------------------


def read_facts(root: MapNode, reading: Reading, decided: Decided) -> dict[str, dict[str, Fact]]:
    """The facts whose names are known, with their conditions, formulas, texts, and the rows of decision tables."""
    facts: dict[str, dict[str, Fact]] = {CASE: {}, **{entity: {} for entity in reading.names.entities}}
    for kind, names in reading.names.facts.items():
        nodes = cast("MapNode", root.values[kind])
        for name, known in names.items():
            node = cast("MapNode", nodes.values[name])
            table = decided.get((kind, name))
            fact = _fact(nodes.keys[name], node, kind, known.type, reading)
            facts[kind][name] = fact if table is None else replace(fact, rows=table.rows, hit=table.hit)
            _check_derivation(nodes.keys[name], node, known.type, reading, table)
    return facts


def _fact(key: TextNode, node: MapNode, kind: str, type_: Type, reading: Reading) -> Fact:
    otherwise = node.values.get("otherwise")
    unknown = isinstance(otherwise, TextNode) and otherwise.text == "unknown"
    fact = Fact(
        kind=kind,
        name=key.text,
        type=type_,
        label=node.text_at("label", key.text.replace("_", " ")),
        place=key.place,
        question=node.text_at("question"),
        help=node.text_at("help"),
        why=node.text_at("why"),
        examples=reading.strings(node.values.get("examples")),
        topic=node.text_at("topic"),
        applies=reading.condition(node.values.get("applies"), kind),
        assume=_presumed(node.values.get("assume"), kind, type_, reading),
        likely=_presumed(node.values.get("likely"), kind, type_, reading),
        change=_change(node.values.get("change")),
        finding=_finding(node.values.get("finding"), kind, type_, reading),
        clauses=_clauses(node.values.get("if"), type_, reading),
        formula=reading.expression(node.values.get("formula"), kind, type_),
        rows=_rows(node.values.get("rows"), kind, type_, reading),
        hit=_hit(node),
        concluded=node.text_at("concluded") == "yes",
        otherwise="unknown" if unknown else reading.expression(otherwise, kind, type_),
        may_be_stated=node.text_at("may_be_stated") == "yes",
        because=reading.text(node.values.get("because"), kind),
        sources=reading.source_ids(node),
        claims=reading.strings(node.values.get("claims")),
    )
    _check_examples(node.values.get("examples"), type_, reading)
    return fact


def _check_derivation(key: TextNode, node: MapNode, type_: Type, reading: Reading, table: Concluded | None) -> None:
    """A fact is asked or derived in one way, and has the keys that go with it."""
    ways = [way for way in ("formula", "rows", "concluded") if way in node.keys and node.text_at(way) != "no"]
    if ways and table is not None:
        message = f"`{key.text}` is derived in two ways: by `{ways[0]}`, and by a decision table"
        spot = node.keys[ways[0]]
        related = ((table.place, "the table"),)
        reading.problems.append(spot.problem("two-derivations", message, "keep one of them", related))
    if len(ways) > 1:
        message = f"`{key.text}` is derived in {len(ways)} ways: {' and '.join(f'`{way}`' for way in ways)}"
        reading.note(node.keys[ways[1]], "two-derivations", message, "keep one of them")
    if ways and type_.kind == CHOICES:
        message = "several choices cannot be derived at once"
        help_ = "make each of them a yes/no of its own, or write a decision table for them"
        reading.note(node.keys[ways[0]], "wrong-type", message, help_)
    if not ways and table is None and "question" not in node.keys and key.text not in reading.names.tabled:
        message = f"`{key.text}` is neither asked nor derived"
        help_ = "add a `question`, or `formula`, `rows` or `concluded: yes`, or a decision table that concludes it"
        reading.note(key, "no-question", message, help_)
    if "hit" in node.keys and "rows" not in node.keys:
        message = "`hit` says what `rows` mean together, and there are none here"
        reading.note(node.keys["hit"], "misplaced-key", message, "delete it; that of a table stands above its header")
    _note_idle_keys(node, "derived" if ways or table is not None else "asked", reading)


def _hit(node: MapNode) -> Hit:
    word = node.text_at("hit", "first")
    return word if word in HITS else "first"


def _note_idle_keys(node: MapNode, way: str, reading: Reading) -> None:
    """Keys that mean nothing for a fact that is only asked, or only derived."""
    derived, stated = way == "derived", node.text_at("may_be_stated") == "yes"
    idle = ("question", "assume", "likely") if derived else ("otherwise", "may_be_stated")
    for word in () if derived and stated else idle:
        if word in node.keys:
            help_ = "delete it, or write `may_be_stated: yes`" if derived else "delete it"
            message = f"`{word}` means nothing for a fact that is only {way}"
            reading.note(node.keys[word], "misplaced-key", message, help_)


def _check_examples(node: Node | None, type_: Type, reading: Reading) -> None:
    """Each example could be typed in as an answer."""
    one = Type(CHOICE, type_.choices) if type_.kind == CHOICES else type_
    for example in reading.ids(node):
        reading.value(example, one)


def _presumed(node: Node | None, kind: str, type_: Type, reading: Reading) -> Presumed | None:
    if isinstance(node, TextNode):
        value = _presumed_value(node, type_, reading)
        return None if value is None else Presumed(value=value)
    if not isinstance(node, MapNode):
        return None
    value = _presumed_value(node.values.get("value"), type_, reading)
    because = reading.text(node.values.get("because"), kind)
    sources = reading.source_ids(node)
    when = reading.condition(node.values.get("when"), kind)
    return None if value is None else Presumed(value=value, when=when, because=because, sources=sources)


def _presumed_value(node: Node | None, type_: Type, reading: Reading) -> Value | None:
    if type_.kind == CHOICES and isinstance(node, TextNode):
        if node.text == "none":
            return NONE
        message = "of several choices only `none` can be presumed"
        reading.note(node, "bad-value", message, "write `none`, or make it a yes/no of its own")
        return None
    return reading.value(node, type_)


def _change(node: Node | None) -> Change | None:
    if not isinstance(node, MapNode):
        return None
    by = node.text_at("by", "you")
    return Change(by=by, effort=node.text_at("effort", "medium"), how=node.text_at("how"), to=node.text_at("to"))  # type: ignore[arg-type]  # the words were checked


def _finding(node: Node | None, kind: str, type_: Type, reading: Reading) -> Text | Mapping[str, Text] | None:
    if not isinstance(node, MapNode):
        return reading.text(node, kind)
    _check_values(node, [*_values(type_), "none", "unknown"], reading)
    return {key.text: reading.text(value, kind) or NO_TEXT for key, value in node.items()}


def _clauses(node: Node | None, type_: Type, reading: Reading) -> dict[str, str]:
    if not isinstance(node, MapNode):
        return {}
    _check_values(node, [*_values(type_), "none"], reading)
    return {key.text: node.text_at(key.text) for key in node.keys.values()}


def _values(type_: Type) -> list[str]:
    """The values of a yes/no or of choices, as written."""
    return ["yes", "no"] if type_.kind == YES_NO else list(type_.choice_ids())


def _check_values(node: MapNode, allowed: list[str], reading: Reading) -> None:
    for key in node.keys.values():
        if key.text not in allowed:
            help_ = suggestion(key.text, allowed, what="allowed")
            reading.note(key, "bad-value", f"`{key.text[:80]}` is not a value of this fact", help_)


def _rows(node: Node | None, kind: str, type_: Type, reading: Reading) -> tuple[Row, ...]:
    if not isinstance(node, ListNode):
        return ()
    rows = [_row(item, kind, type_, reading) for item in node.items if isinstance(item, MapNode)]
    if not rows:
        reading.note(node, "no-rows", "there are no rows here", "write at least `- {otherwise: ...}`")
    for row, item in zip(node.items[:-1], node.items[1:], strict=True):
        if isinstance(row, MapNode) and "otherwise" in row.keys:
            reading.note(
                item, "unreachable-row", "this row is never reached: the one before always applies", "move it up"
            )
    return tuple(row for row in rows if row is not None)


def _row(node: MapNode, kind: str, type_: Type, reading: Reading) -> Row | None:
    when = reading.condition(node.values.get("when"), kind)
    is_ = reading.expression(node.values.get("is"), kind, type_)
    otherwise = reading.expression(node.values.get("otherwise"), kind, type_)
    given = tuple(key for key in node.values if key in ("when", "is", "otherwise"))
    if sorted(given) not in (["is", "when"], ["otherwise"]):
        message = (
            f"a row has `when` and `is`, or `otherwise` alone; this one has {' and '.join(f'`{key}`' for key in given)}"
        )
        reading.note(node, "bad-row", message, "write `{when: ..., is: ...}` or `{otherwise: ...}`")
        return None
    value = otherwise if "otherwise" in given else is_
    if value is None or ("when" in given and when is None):
        return None
    return Row(
        when=when,
        value=value,
        because=reading.text(node.values.get("because"), kind),
        sources=reading.source_ids(node),
        claims=reading.strings(node.values.get("claims")),
        place=node.place,
    )


# --- parameters ---------------------------------------------------------------------------------------------------


def read_parameters(root: MapNode, reading: Reading) -> dict[str, Parameter]:
    """The parameters whose names are known, with their dated values."""
    parameters = {}
    for name, known in reading.names.parameters.items():
        node = cast("MapNode", root.values[name])
        values = node.values.get("values")
        items = values.items if isinstance(values, ListNode) else []
        parameters[name] = Parameter(
            name=name,
            type=known.type,
            label=node.text_at("label", name.replace("_", " ")),
            by=known.by,
            values=tuple(_dated(item, known.type, known.by, reading) for item in items if isinstance(item, MapNode)),
            place=root.keys[name].place,
        )
        if isinstance(values, ListNode) and not items:
            reading.note(values, "no-values", f"`{name}` has no values", "write at least one, with its source")
    return parameters


def _dated(node: MapNode, type_: Type, by: Type | None, reading: Reading) -> Dated:
    if by and "value" in node.keys:
        message = "a parameter with `by` has brackets, not one value"
        reading.note(node.keys["value"], "misplaced-key", message, "write `brackets`, or take `by` out")
    wanted = "brackets" if by else "value"
    if wanted not in node.keys:
        reading.note(node, "missing-key", f"this value of a parameter lacks `{wanted}`", "add it")
    reading.note_without_source(node, node, "this value")
    return Dated(
        value=reading.value(node.values.get("value"), type_) if not by else None,
        brackets=_brackets(node.values.get("brackets"), type_, by, reading) if by else (),
        periods=reading.periods(node),
        sources=reading.source_ids(node),
        claims=reading.strings(node.values.get("claims")),
        checked=read_day(node, "checked", reading.problems),
        place=node.place,
    )


def _brackets(node: Node | None, type_: Type, by: Type, reading: Reading) -> tuple[Bracket, ...]:
    brackets: list[Bracket] = []
    for item in node.items if isinstance(node, ListNode) else []:
        if isinstance(item, MapNode):
            _bracket(item, brackets, type_, by, reading)
    return tuple(brackets)


def _bracket(node: MapNode, brackets: list[Bracket], type_: Type, by: Type, reading: Reading) -> None:
    """Adds one bracket; its end must be above that of the one before, and `above` must repeat that end."""
    value = reading.value(node.values.get("value"), type_)
    before = brackets[-1].up_to if brackets else None
    if brackets and before is None:
        reading.note(node, "bad-brackets", "this bracket is never reached: the one before has no end", "move it up")
    up_to = _end(node.values.get("up_to"), by, reading)
    above = _end(node.values.get("above"), by, reading)
    if ("up_to" in node.keys) == ("above" in node.keys) and (brackets or "above" in node.keys or "up_to" in node.keys):
        reading.note(
            node, "bad-brackets", "a bracket has either `up_to` or, for the last one, `above`", "keep one of them"
        )
    elif above is not None and above != before:
        reading.note(
            node.values["above"], "bad-brackets", "this is not the end of the bracket before", "repeat that end here"
        )
    elif up_to is not None and before is not None and up_to <= before:  # type: ignore[operator]  # both are of the type `by`
        reading.note(
            node.values["up_to"],
            "bad-brackets",
            "this end is not above that of the bracket before",
            "put them in order",
        )
    if value is not None:
        brackets.append(Bracket(up_to=up_to, value=value))


def _end(node: Node | None, by: Type, reading: Reading) -> Value | None:
    return scalar_at(node, by, reading.problems) if isinstance(node, TextNode) else None
