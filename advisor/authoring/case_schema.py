"""JSON Schema for the cases of one pack: which facts it asks for, of the case and of each entity, and what fits.

Other than the schema for editors it names the pack's own facts. Whatever a case file may hold fits: also what is known
in part ("about 5"), and answers with a note.
"""

from __future__ import annotations

from typing import Any, Final

from advisor.files.shapes import ID
from advisor.language.tree import CASE
from advisor.packs.pack import Fact, Pack
from advisor.values.types import CHOICE, CHOICES, DATE, REFERENCE, YES_NO

Schema = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: Final = ["string", "number", "boolean"]
_KINDS: Final = {YES_NO: "yes or no", DATE: "a day", REFERENCE: "the id of another entity"}


def case_schema(pack: Pack) -> Schema:
    """The schema of a case."""
    lists = {entity.plural: _list(pack, kind) for kind, entity in pack.entities.items()}
    return {
        "$schema": _DIALECT,
        "title": pack.title,
        "type": "object",
        "properties": {
            "format": {"enum": [1, "1"]},
            "pack": {"const": pack.id},
            "today": {"type": "string", "description": "the day from which deadlines count"},
            "as_of": {"type": "string", "description": "the day whose policy applies"},
            "goals": _goals(pack),
            "facts": _facts(pack, CASE, {}),
            **lists,
            "notes": {"type": "string"},
            "declined": {"type": "array", "items": {"type": "string"}, "description": "paths not to be asked now"},
            "parked": {"type": "object", "description": "answers by path that take no part in the reasoning"},
        },
        "$defs": {"value": _VALUE},
    }


_VALUE: Final[Schema] = {
    "description": "as a case file has it: settled, known in part (`about 5`, `4 .. 6`), or `unknown`",
    "anyOf": [
        {"type": _SCALAR},
        {"type": "array", "items": {"type": _SCALAR}},
        {"type": "object", "description": "a value with a note, or boxes with what is said of each"},
    ],
}


def _goals(pack: Pack) -> Schema:
    ids = ", ".join(f"`{id_}`" for id_ in pack.goals)
    return {
        "description": f"what the person wants to know, `goal` or `goal@entity`: {ids or 'none'}",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    }


def _facts(pack: Pack, kind: str, more: Schema) -> Schema:
    known = {fact.name: _fact(fact) for fact in pack.facts[kind].values() if fact.asked}
    return {"type": "object", "properties": {**more, **known}}


def _fact(fact: Fact) -> Schema:
    allowed = [id_ for id_, _ in fact.type.choices] if fact.type.kind in (CHOICE, CHOICES) else []
    what = f"one of {', '.join(allowed[:40])}" if allowed else _KINDS.get(fact.type.kind, fact.type.kind)
    several = f"any of {', '.join(allowed)}" if fact.type.kind == CHOICES else what
    return {"$ref": "#/$defs/value", "title": fact.label, "description": f"{fact.question or fact.label} ({several})"}


def _list(pack: Pack, kind: str) -> Schema:
    own: Schema = {
        "id": {"type": "string", "pattern": f"^{ID}$"},
        "times": {"type": ["integer", "string"], "description": "for how many alike it stands"},
        "more": {"description": "last in a list: whether there are others"},
    }
    items = _facts(pack, kind, own)
    return {"anyOf": [{"type": "array", "items": items}, {"const": "unknown"}]}
