"""Rules, projections, and the conditional parts of pack.yaml."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from advisor.files.yaml import ListNode, MapNode, Node, TextNode
from advisor.language.tree import CASE, And, Certainty, Clock, Compare, Expr, Not
from advisor.packs.pack import (
    STRENGTHS,
    Advise,
    Model,
    MustHold,
    Opposition,
    Projection,
    Rule,
    Step,
    Threshold,
)
from advisor.packs.reading import NEVER, NO_TEXT, Reading
from advisor.problems.problem import suggested, suggestion
from advisor.values.types import DATE, NUMBER, NUMERIC, Type

STILL_RIGHT: Final = "still right"
"""What stands under `afterwards` where advice holds after its deadline too."""


def records(root: Node | None) -> list[MapNode]:
    """The mappings in a list."""
    return [item for item in root.items if isinstance(item, MapNode)] if isinstance(root, ListNode) else []


def read_rule_names(root: Node, reading: Reading) -> None:
    """Puts the id of each rule of a file among the known ones; an id that is there already is a problem."""
    for node in records(root):
        id_ = node.values.get("id")
        if not isinstance(id_, TextNode):
            continue
        first = reading.names.rules.setdefault(id_.text, id_)
        if first is not id_:
            message = f"two rules have the id `{id_.text}`"
            reading.problems.append(
                id_.problem("duplicate-id", message, "rename or delete one", ((first.place, "the first"),))
            )
        if "advise" in node.keys:
            reading.names.advice.add(id_.text)


# --- rules --------------------------------------------------------------------------------------------------------


def read_rule(node: MapNode, reading: Reading) -> Rule:
    """One rule. What cannot be read is a problem, and left out of the rule."""
    id_ = node.values.get("id", node)
    about = reading.kind(node)
    sources = reading.source_ids(node)
    standing = reading.strongest(sources)
    reading.note_without_source(node, id_, "this rule")
    if not any(key in node.keys for key in ("advise", "conclude", "argues")):
        reading.note(id_, "no-effect", "nothing follows from this rule", "add `advise`, `conclude` or `argues`")
    if "opposes" in node.keys and "advise" not in node.keys:
        message = "only a rule that advises can oppose another"
        reading.note(node.keys["opposes"], "misplaced-key", message, "add `advise`, or use `overrides`")
    argues = node.values.get("argues")
    when = reading.condition(node.values.get("when"), about) or NEVER
    advise = _advise(node.values.get("advise"), about, reading)
    day = advise.deadline if advise is not None else None
    if advise is not None and advise.afterwards is not None and day is not None:
        advise = replace(advise, before_deadline=when)
        when = And((when, Not(Certainty("surely", Compare("<", day, Clock("today", Type(DATE)))))))
    return Rule(
        id=node.text_at("id"),
        about=about,
        when=when,
        place=id_.place,
        conclude=_conclude(node.values.get("conclude"), about, reading),
        advise=advise,
        argues_for=_argued_ids(argues, "for", reading),
        argues_against=_argued_ids(argues, "against", reading),
        because=reading.text(node.values.get("because"), about) or NO_TEXT,
        sources=sources,
        standing=standing.id if standing else "",
        speculative=bool(standing and standing.speculative),
        opinion=node.text_at("opinion") == "yes",
        periods=reading.periods(node),
        overrides=_rule_ids(node, "overrides", reading),
        opposes=_opposes(node.values.get("opposes"), about, reading),
        claims=reading.strings(node.values.get("claims")),
        note=node.text_at("note"),
    )


def _rule_ids(node: MapNode, key: str, reading: Reading) -> tuple[str, ...]:
    """The rules named under `key`: all of them known, none of them the rule itself."""
    ids = reading.known(node.values.get(key), "rule", reading.names.rules)
    for item in reading.ids(node.values.get(key)):
        if item.text == node.text_at("id"):
            reading.note(item, "names-itself", f"a rule cannot stand under its own `{key}`", "delete it")
    return ids


def _advice_ids(node: Node | None, key: str, reading: Reading) -> tuple[str, ...]:
    """The recommendations named under `key`: rules that advise."""
    named = node.values.get(key) if isinstance(node, MapNode) else None
    for item in reading.ids(named):
        _note_no_advice(item, reading)
    return tuple(dict.fromkeys(reading.strings(named)))


def _argued_ids(node: Node | None, key: str, reading: Reading) -> tuple[str, ...]:
    """The recommendations and options about which a rule argues."""
    named = node.values.get(key) if isinstance(node, MapNode) else None
    for item in reading.ids(named):
        if item.text not in reading.names.courses:
            _note_no_advice(item, reading)
    return tuple(dict.fromkeys(reading.strings(named)))


def _note_no_advice(item: TextNode, reading: Reading) -> None:
    names = reading.names
    if item.text in names.advice:
        return
    if item.text in names.rules:
        help_ = suggested(reading.problems, item.text, sorted(names.advice - {item.text}), what="rules that advise")
        reading.note(item, "not-advice", f"the rule `{item.text}` advises nothing", help_)
    else:
        help_ = suggested(reading.problems, item.text, sorted(names.advice))
        reading.note(item, "unknown-rule", f"there is no rule `{item.text[:80]}`", help_)


def _conclude(node: Node | None, about: str, reading: Reading) -> tuple[str, Expr] | None:
    if not isinstance(node, MapNode) or reading.blind or not about:
        return None
    if len(node.values) != 1:
        reading.note(node, "two-conclusions", "a rule concludes one fact", "write a rule for each")
    for key, value in node.items():
        name = key.text.replace(" ", "_")
        known = reading.names.facts.get(about, {})
        if name in known:
            expression = reading.expression(value, about, known[name].type)
            return (name, expression) if expression is not None else None
        if name not in reading.names.broken:
            reading.note(key, "unknown-fact", *reading.no_such_fact(name, about))
    return None


def _opposes(node: Node | None, about: str, reading: Reading) -> tuple[Opposition, ...]:
    found = []
    for item in node.items if isinstance(node, ListNode) else [node]:
        if isinstance(item, TextNode):
            _note_no_advice(item, reading)
            message = f"this says no preference: which of the two stands, this one or `{item.text[:80]}`, and why?"
            help_ = f"write `{{rule: {item.text[:80]}, because: why that ranks below}}` in the one that stands"
            reading.note(item, "no-preference", message, help_)
        elif isinstance(item, MapNode):
            rule = item.values.get("rule")
            if isinstance(rule, TextNode):
                _note_no_advice(rule, reading)
                because = reading.text(item.values.get("because"), about) or NO_TEXT
                found.append(Opposition(rule=rule.text, because=because, place=rule.place))
    return tuple(found)


def _advise(node: Node | None, about: str, reading: Reading) -> Advise | None:
    if isinstance(node, TextNode):
        return Advise(strength="should", title=reading.text(node, about) or NO_TEXT)
    if not isinstance(node, MapNode):
        return None
    strength = node.text_at("strength")
    stays = node.text_at("afterwards") == STILL_RIGHT
    if "afterwards" in node.keys and "deadline" not in node.keys:
        message = "there is no deadline after which this could hold"
        reading.note(node.keys["afterwards"], "misplaced-key", message, "write a `deadline`, or leave this out")
    return Advise(
        strength=strength if strength in STRENGTHS else "should",
        rank=int(node.text_at("rank", "5")) if node.text_at("rank", "5").isdecimal() else 5,
        title=reading.text(node.values.get("title"), about) or NO_TEXT,
        text=reading.text(node.values.get("text"), about),
        steps=_steps(node.values.get("steps"), about, reading),
        deadline=reading.expression(node.values.get("deadline"), about, Type(DATE)),
        deadline_text=reading.text(node.values.get("deadline_text"), about),
        afterwards=None if stays else reading.text(node.values.get("afterwards"), about),
        stays=stays,
        before=_advice_ids(node, "before", reading),
        after=_advice_ids(node, "after", reading),
    )


def _steps(node: Node | None, about: str, reading: Reading) -> tuple[Step, ...]:
    steps = []
    for item in node.items if isinstance(node, ListNode) else []:
        if isinstance(item, MapNode):
            do = reading.text(item.values.get("do"), about) or NO_TEXT
            steps.append(Step(do=do, when=reading.condition(item.values.get("when"), about)))
        else:
            steps.append(Step(do=reading.text(item, about) or NO_TEXT))
    return tuple(steps)


# --- projections --------------------------------------------------------------------------------------------------


def read_projection(node: MapNode, reading: Reading) -> Projection:
    """One projected figure with its models."""
    better = node.text_at("better")
    unit = node.text_at("unit")
    return Projection(
        id=node.text_at("id"),
        label=node.text_at("label"),
        unit=unit,
        better="lower" if better == "lower" else "higher",
        needs=reading.condition(node.values.get("needs")),
        absent=reading.text(node.values.get("absent")),
        thresholds=tuple(_thresholds(node, Type(NUMBER, unit=unit), reading)),
        models=tuple(_models(node, reading)),
        place=node.values.get("id", node).place,
    )


def _thresholds(node: MapNode, type_: Type, reading: Reading) -> list[Threshold]:
    found = []
    for item in records(node.values.get("thresholds")):
        at = reading.value(item.values.get("at"), type_)
        if at is not None:
            found.append(Threshold(at=at, means=item.text_at("means")))
    return found


def _models(node: MapNode, reading: Reading) -> list[Model]:
    found: dict[str, Model] = {}
    for item in records(node.values.get("models")):
        model = _model(item, reading)
        if model.id in found:
            message = f"two models of this projection have the id `{model.id}`"
            related = ((found[model.id].place, "the first"),)
            spot = item.values.get("id", item)
            reading.problems.append(spot.problem("duplicate-id", message, "rename one", related))
        found.setdefault(model.id, model)
    return list(found.values())


def _model(node: MapNode, reading: Reading) -> Model:
    id_ = node.values.get("id", node)
    sources = reading.source_ids(node)
    standing = reading.strongest(sources)
    reading.note_without_source(node, id_, "this model")
    return Model(
        id=node.text_at("id"),
        title=node.text_at("title"),
        short=node.text_at("short"),
        measure=_measure(node.values.get("measure"), reading),
        when=reading.condition(node.values.get("when")),
        because=reading.text(node.values.get("because")),
        sources=sources,
        claims=reading.strings(node.values.get("claims")),
        standing=standing.id if standing else "",
        place=id_.place,
    )


def _measure(node: Node | None, reading: Reading) -> str:
    if not isinstance(node, TextNode) or reading.blind:
        return ""
    name = node.text.replace(" ", "_")
    facts = reading.names.facts.get(CASE, {})
    numbers = [fact for fact, known in facts.items() if known.type.kind in NUMERIC]
    if name not in numbers and name not in reading.names.broken:
        message = f"`{node.text[:80]}` is not a number of the case"
        reading.note(node, "unknown-fact", message, suggestion(name, numbers))
    return name


# --- pack.yaml ----------------------------------------------------------------------------------------------------


def read_must_hold(node: Node | None, reading: Reading) -> tuple[MustHold, ...]:
    """What can never be otherwise."""
    found = []
    for item in records(node):
        about = reading.kind(item)
        that = reading.condition(item.values.get("that"), about) or NEVER
        because = reading.text(item.values.get("because"), about) or NO_TEXT
        found.append(MustHold(about=about, that=that, because=because, place=item.values.get("that", item).place))
    return tuple(found)
