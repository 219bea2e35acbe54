"""What the HTTP interface for programs offers, once: its addresses, and its description as OpenAPI.

In: nothing. Out: the operations, each with the shape of what is sent and what comes back, and the whole description.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import advisor
from advisor.report.shape import SHAPE

Schema = dict[str, Any]

ROOT: Final = "/api/v1"
_TEXT: Final[Schema] = {"type": "string"}
_DAY: Final[Schema] = {"type": "string", "format": "date"}
_OBJECT: Final[Schema] = {"type": "object"}
CASE: Final[Schema] = {
    "type": "object",
    "description": "A case as a case file holds it; `/packs/{pack}/schema` describes those of a pack.",
}
_FRAME: Final[Schema] = {
    "case": CASE,
    "today": {**_DAY, "description": "The day it is; else the case's, else the server's."},
    "as_of": {**_DAY, "description": "By the rules of which day; else the case's, else today."},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`takes`: what may stand in what is sent, beside the case. `gives`: what comes back."""

    name: str
    summary: str
    gives: Schema
    takes: Schema
    needs: tuple[str, ...] = ("case",)

    @property
    def request(self) -> Schema:
        """The schema of what is sent."""
        fields = {**_FRAME, **self.takes}
        return {"type": "object", "properties": fields, "required": list(self.needs), "additionalProperties": False}


ADVICE: Final[Schema] = {
    "type": "object",
    "description": "The advice, as `advisor report -f json` prints it.",
    "properties": {name: {"type": "array"} if isinstance(part, list) else {} for name, part in SHAPE.items()},
}
_QUESTION: Final[Schema] = {
    "type": ["object", "null"],
    "description": "The question to ask now; null where no answer could change the advice any more.",
}
_COMPLETE: Final[Schema] = {
    "type": "boolean",
    "description": "False where time ran out; what was found by then is here.",
}

OPERATIONS: Final = (
    Operation(
        name="advice",
        summary="The advice on a case: answers, what to do, figures, reasons, courses of action, what would change it",
        takes={"full": {"type": "boolean", "description": "With proofs, courses and changes; else the page alone."}},
        gives={"complete": _COMPLETE, "advice": ADVICE},
    ),
    Operation(
        name="question",
        summary="The next question, and the answer so far",
        takes={},
        gives={"question": _QUESTION, "so_far": _OBJECT},
    ),
    Operation(
        name="answer",
        summary="The case with one more answer, what that did to the advice, and the next question",
        takes={
            "path": {**_TEXT, "description": "The path of the question, as `question` names it."},
            "reply": {**_TEXT, "description": "As a person would type it: `5.6k`, `next Friday`, `don't know`."},
        },
        needs=("case", "path", "reply"),
        gives={
            "case": CASE,
            "understood": _TEXT,
            "changes": {"type": "array", "items": _TEXT},
            "parked": {"type": "array", "items": _TEXT},
            "question": _QUESTION,
            "so_far": _OBJECT,
        },
    ),
    Operation(
        name="explain",
        summary="Why something holds or not, and what would change it",
        takes={
            "key": {**_TEXT, "description": "A goal, conclusion, recommendation or option: `id` or `id@entity`."},
            "over": {**_TEXT, "description": "Another course of action to compare with."},
        },
        needs=("case", "key"),
        gives={"format": {"const": 1}},
    ),
    Operation(
        name="whatif",
        summary="The advice with some answers otherwise, beside the advice without",
        takes={"set": {"type": "array", "items": _TEXT, "minItems": 1, "maxItems": 20, "description": "`PATH=VALUE`"}},
        needs=("case", "set"),
        gives={"format": {"const": 1}, "changes": {"type": "array", "items": _OBJECT}},
    ),
    Operation(
        name="options",
        summary="The courses of action, compared",
        takes={},
        gives={"format": {"const": 1}, "options": {"type": "array", "items": _OBJECT}},
    ),
)


# --- as OpenAPI -------------------------------------------------------------------------------------------------------

_PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "What went wrong (RFC 9457), with every mistake at once and where it is.",
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "file": _TEXT,
                    "line": {"type": "integer"},
                    "column": {"type": "integer"},
                    "length": {"type": "integer"},
                    "kind": _TEXT,
                    "message": _TEXT,
                    "help": _TEXT,
                    "related": {"type": "array", "items": _OBJECT},
                },
                "required": ["file", "line", "column", "kind", "message", "help"],
            },
        },
    },
    "required": ["type", "title", "status"],
}
_PACK_IN_PATH: Final = {"name": "pack", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
_PACK: Final[Schema] = {
    "type": "object",
    "properties": {"id": _TEXT, "title": _TEXT, "question": _TEXT, "version": _TEXT},
    "required": ["id", "title"],
}
_GOAL: Final[Schema] = {
    "type": "object",
    "properties": {"id": _TEXT, "question": _TEXT, "about": _TEXT, "often": {"type": "boolean"}},
}


def openapi() -> dict[str, Any]:
    """The description of all operations, OpenAPI 3.1."""
    goals = {"goals": {"type": "array", "items": _GOAL}}
    with_goals = {**_PACK, "properties": {**_PACK["properties"], **goals}}
    all_packs = {"type": "object", "properties": {"packs": {"type": "array", "items": _PACK}}, "required": ["packs"]}
    paths: dict[str, Any] = {
        f"{ROOT}/packs": {"get": _get("packs", "The packs that are served", all_packs)},
        f"{ROOT}/packs/{{pack}}": {"get": _get("pack", "A pack, with the questions it answers", with_goals, "404")},
        f"{ROOT}/packs/{{pack}}/schema": {"get": _get("schema", "The JSON Schema of its cases", _OBJECT, "404")},
        "/healthz": {"get": _get("healthz", "Whether the server is well", _OBJECT)},
    }
    for one in OPERATIONS:
        paths[f"{ROOT}/packs/{{pack}}/{one.name}"] = {"post": _post(one)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "advisor",
            "version": advisor.__version__,
            "description": "Advice on a decision, by rules that anyone can read. Nothing that is sent is kept.",
        },
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


def _get(name: str, summary: str, schema: Schema, *fails: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {"200": _response(summary, schema), **{status: _failure(status) for status in (*fails, "429")}},
    }
    if "404" in fails:
        found["parameters"] = [_PACK_IN_PATH]
    return found


def _post(one: Operation) -> dict[str, Any]:
    gives = {"type": "object", "properties": one.gives}
    return {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [_PACK_IN_PATH],
        "requestBody": {"required": True, "content": {"application/json": {"schema": one.request}}},
        "responses": {
            "200": _response(one.summary, gives),
            **{status: _failure(status) for status in ("400", "404", "413", "415", "422", "429")},
        },
    }


def _response(summary: str, schema: Schema) -> dict[str, Any]:
    return {"description": summary, "content": {"application/json": {"schema": schema}}}


FAILURES: Final = {
    "400": "What was sent is no JSON",
    "404": "There is no such pack",
    "413": "What was sent is too large",
    "415": "What was sent is not called JSON",
    "422": "What was sent does not fit: the problems say where, and how to mend it",
    "429": "Too many requests",
}


def _failure(status: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": FAILURES[status], "content": {"application/problem+json": {"schema": schema}}}
