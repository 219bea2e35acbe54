"""Whether two parts of packs say the same, wherever they stand in their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass

_PLACES = frozenset(("place", "file"))


def placeless(value: object, word: Callable[[str], str] = str) -> object:
    """Any part of a pack or case as plain data without places; each text of it as `word` gives it."""
    if isinstance(value, str):
        return word(value)
    if isinstance(value, Mapping):
        return {placeless(key, word): placeless(one, word) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [placeless(one, word) for one in value]
    if is_dataclass(value):
        parts = (one.name for one in fields(value) if one.name not in _PLACES)
        return [type(value).__name__, *(placeless(getattr(value, name), word) for name in parts)]
    return value
