"""Yes, no and choices as people say them: `yep`, `light g`, `not red`, `red or green`, `video call`.

In: what was said, in small letters, and the type of the fact. Out: a value. Raises ValueError, whose message says what
is not understood, and what was perhaps meant.
"""

from __future__ import annotations

import re
from typing import Final

from advisor.problems.problem import nearest
from advisor.values import wording
from advisor.values.types import Type, Value, among

_YES: Final = {"yes", "y", "yeah", "yep", "yup", "sure", "true", "of course", "indeed", "i do", "i am", "it is", "ok"}
_NO: Final = {"no", "n", "nope", "nah", "not", "false", "never", "not yet", "not at all", "i don't", "i do not", "none"}
_SEVERAL: Final = re.compile(r"[,;&+/]|\b(?:and|or|nor)\b")


def yes_no(said: str) -> bool:
    """Whether it was yes."""
    bare = said.rstrip(".!")
    first = re.split(r"[,\s]", bare, maxsplit=1)[0]
    if bare in _YES or (first in ("yes", "yeah", "yep") and bare not in _NO):
        return True
    if bare in _NO or first in ("no", "nope"):
        return False
    raise ValueError(f"`{said[:40]}` is neither yes nor no")


def choice(said: str, type_: Type) -> Value:
    """The choice that was named, or those that are possible where it was denied or several were."""
    try:
        return chosen(said, type_)
    except ValueError:
        negated = said.startswith("not ")
        parts = re.split(r",|\bor\b|\bnor\b|/", said.removeprefix("not ").removeprefix("either "))
        named = [part.strip() for part in parts if part.strip()]
        if len(named) < 2 and not negated:  # noqa: PLR2004 - one part is no choice between several
            raise
        meant = {chosen(part, type_) for part in named}
        return among(one for one in type_.choice_ids() if (one in meant) is not negated)


def chosen(said: str, type_: Type) -> str:
    """The one choice that a number, an id, a label or the beginning of one names. Raises ValueError."""
    said = _folded(said)
    if re.fullmatch(r"\d{1,3}", said) and not any(said == _folded(label) for _, label in type_.choices):
        number = int(said)
        if 1 <= number <= len(type_.choices):
            return type_.choices[number - 1][0]
        raise ValueError(f"there are {len(type_.choices)} choices, and `{said}` is not one of them")
    for matches in (_equal, _begins, _contains, _shares_a_word):
        found = [
            id_
            for id_, label in type_.choices
            if said and (matches(said, _folded(id_)) or matches(said, _folded(label)))
        ]
        if len(found) == 1:
            return found[0]
        if found:
            labels = dict(type_.choices)
            raise ValueError(
                f"`{said[:40]}` can mean {wording.listing([f'“{labels[one]}”' for one in found[:4]], 'or')}"
            )
    close = nearest(said, [_folded(label) for _, label in type_.choices])
    meant = next((f"; did you mean “{label}”?" for _, label in type_.choices if _folded(label) == close), "")
    raise ValueError(f"`{said[:40]}` is not one of the choices{meant}")


def _equal(said: str, name: str) -> bool:
    return said == name


def _begins(said: str, name: str) -> bool:
    return name.startswith(said)


def _contains(said: str, name: str) -> bool:
    return len(said) > 2 and re.search(rf"\b{re.escape(said)}", name) is not None  # noqa: PLR2004 - two letters say nothing


def _shares_a_word(said: str, name: str) -> bool:
    """Whether a word that says something stands in both (`video call`: only spoken, in a call)."""
    if _SEVERAL.search(said):
        return False
    return not {word for word in said.split() if len(word) > 3}.isdisjoint(re.findall(r"[^\W\d_]+", name))  # noqa: PLR2004


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[_\-“”\"']", " ", text.casefold()).split()).strip(" .!")
