"""JSON Schema for the files of a pack and for case files, made from the shapes by which they are read.

An editor that knows it completes keys and underlines mistakes while an author types.
`python -m advisor.authoring.schema` writes the schemas that ship, into `schemas/` beside this module.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from advisor.cases.shapes import CASES
from advisor.files.shapes import ByName, Either, Many, Nested, One, Record, Shape
from advisor.packs.shapes import FILES as PACK_FILES

FOLDER: Final = Path(__file__).parent / "schemas"
FILES: Final[dict[str, Shape]] = {**PACK_FILES, "cases": CASES}
"""The shape of each kind of file, those of a pack and those of cases."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ANY_TEXT: Final = ["string", "number", "boolean"]
"""What is read as text may look like a number or a truth value to an editor."""
_AS_TRUTH: Final = {"yes": True, "no": False}

Schema = dict[str, Any]


def json_schema(kind: str) -> Schema:
    """The JSON Schema of a kind of file (`facts`). Raises KeyError for a kind that there is not."""
    shape = FILES[kind]
    nested = {one.name: one for one in _nested(shape, set())}
    schema: Schema = {"$schema": _DIALECT, "title": f"{kind}.yaml"} | _schema(shape)
    if nested:
        schema["$defs"] = {_slug(name): _schema(one.shape()) for name, one in nested.items()}
    return schema


def schema_text(kind: str) -> str:
    """The JSON Schema of a kind of file, as the text that ships. Raises KeyError for a kind that there is not."""
    return json.dumps(json_schema(kind), indent=1, ensure_ascii=False) + "\n"


def _schema(shape: Shape) -> Schema:
    match shape:
        case One():
            return _one(shape)
        case Many(item, single):
            several: Schema = {"type": "array", "items": _schema(item)}
            return {"anyOf": [_schema(item), several]} if single else several
        case ByName(_, value, pattern):
            names: Schema = {"propertyNames": {"pattern": f"^{pattern}$"}} if pattern else {}
            return {"type": "object", "additionalProperties": _schema(value), **names}
        case Record():
            return _record(shape)
        case Either(shapes):
            return {"anyOf": [_schema(one) for one in shapes]}
        case Nested(name):
            return {"$ref": f"#/$defs/{_slug(name)}"}


def _one(shape: One) -> Schema:
    if shape.words:
        truths = [_AS_TRUTH[word] for word in shape.words if word in _AS_TRUTH]
        numbers = [int(word) for word in shape.words if word.isdigit()]
        return {"enum": [*shape.words, *truths, *numbers]}
    return {"type": _ANY_TEXT} | ({"pattern": f"^{shape.pattern}$"} if shape.pattern else {})


def _record(shape: Record) -> Schema:
    required = [key.name for key in shape.keys if key.required]
    return {
        "type": "object",
        "properties": {key.name: {"description": key.doc} | _schema(key.value) for key in shape.keys},
        **({"required": required} if required else {}),
        "additionalProperties": _schema(shape.rest) if shape.rest else False,
    }


def _nested(shape: Shape, seen: set[str]) -> Iterator[Nested]:
    """The shapes within `shape` that contain themselves, each once."""
    match shape:
        case Nested(name, inner):
            if name not in seen:
                seen.add(name)
                yield shape
                yield from _nested(inner(), seen)
        case Many(item):
            yield from _nested(item, seen)
        case ByName(_, value):
            yield from _nested(value, seen)
        case Record(_, keys, rest):
            for part in [*(key.value for key in keys), *([rest] if rest else [])]:
                yield from _nested(part, seen)
        case Either(shapes):
            for part in shapes:
                yield from _nested(part, seen)
        case One():
            return


def _slug(name: str) -> str:
    return name.removeprefix("a ").replace(" ", "-")


def write_schemas(folder: Path = FOLDER) -> None:
    """Writes the schema of each kind of file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in FILES:
        (folder / f"{kind}.json").write_text(schema_text(kind), encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
