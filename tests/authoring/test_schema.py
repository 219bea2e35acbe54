"""JSON Schema made from the shapes of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from advisor.authoring.schema import FILES, FOLDER, json_schema, schema_text
from tests.folders import GOOD, RULES

WRITTEN = sorted([*RULES.glob("*/*.yaml"), *RULES.glob("*/cases/*.yaml"), *GOOD.glob("*.yaml")])


def kind_of(path: Path) -> str:
    """The kind of a file of a pack, by its name and folder."""
    if path.parent.name == "cases":
        return "cases"
    return path.stem if path.stem in FILES else "rules"


def complaints(kind: str, data: object) -> list[str]:
    """What a validator says of a file, at most three of it."""
    validator = jsonschema.Draft202012Validator(json_schema(kind))
    return [error.message for error in validator.iter_errors(data)][:3]


def as_json(data: object) -> object:
    """Data as an editor has it: PyYAML takes the key `on` for a truth value, editors do not."""
    if isinstance(data, dict):
        return {"on" if key is True else str(key): as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(item) for item in data]
    return data if data is None or isinstance(data, str | bool | int | float) else str(data)


@pytest.mark.parametrize("kind", FILES)
def test_the_shipped_schema_is_the_one_that_is_made(kind: str) -> None:
    """`python -m advisor.authoring.schema` writes them anew."""
    assert (FOLDER / f"{kind}.json").read_text(encoding="utf-8") == schema_text(kind)


def test_no_other_schema_is_shipped() -> None:
    """A kind of file that is gone takes its schema with it."""
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FILES)


@pytest.mark.parametrize("kind", FILES)
def test_a_schema_is_one(kind: str) -> None:
    """Valid by the rules of JSON Schema itself."""
    jsonschema.Draft202012Validator.check_schema(json_schema(kind))


@pytest.mark.parametrize("loader", [yaml.CBaseLoader, yaml.CSafeLoader])
@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_editor_finds_nothing_wrong_in_a_good_file(path: Path, loader: Any) -> None:
    """Whether it takes `no` for a text or for a truth value."""
    data = as_json(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - both are safe

    assert complaints(kind_of(path), data) == []


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("rules", [{"id": "a", "whn": "x", "when": "x", "because": "y"}], "'whn' was unexpected"),
        ("rules", [{"id": "a", "when": "x"}], "'because' is a required property"),
        ("rules", {"id": "a"}, "is not of type 'array'"),
        ("facts", {"case": {"Bad Name": {"type": "text"}}}, "does not match '^[a-z][a-z0-9_]*$'"),
        ("sources", {"a": {"url": "x"}}, "'title' is a required property"),
        ("pack", {"format": 2}, "2 is not one of ['1', 1]"),
    ],
)
def test_an_editor_finds_what_is_wrong(kind: str, data: object, said: str) -> None:
    """Misspelt and missing keys, wrong kinds, words that are not allowed."""
    assert any(said in complaint for complaint in complaints(kind, data))
