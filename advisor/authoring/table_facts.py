"""The facts that tables read and conclude, as facts.yaml has them, and a new pack of tables alone.

In: tables that a pack does not know yet. Out: for each fact its type as far as the cells tell it, and lines of YAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from advisor.files.shapes import CODE, NAME, looks_like
from advisor.language.cells import ANY

Rows = list[list[str]]
_NUMBER: Final = re.compile(r"-?\d+(?:[.,]\d+)*(?: [A-Z]{3})?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WORDS: Final = "not|is|<=|>=|<|>|=|≤|≥|above|below|at least|at most|over|under|before|after"
_SIGN: Final = re.compile(rf"(?:{_WORDS})\s+|[<>=≤≥]+", re.IGNORECASE)


@dataclass
class Wanted:
    """A fact that a table needs: what it is called, its type, and its choices by id."""

    name: str
    label: str
    type: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    concluded: bool = False
    open: bool = False
    """Whether it may be something that no table names."""

    def line(self) -> str:
        """The fact as a line of facts.yaml."""
        keys = [f"type: {self.type or 'text'}"]
        if self.type in ("choice", "choices"):
            pairs = [f"{_quoted(id_)}: {_quoted(label)}" for id_, label in self.choices.items()]
            pairs += ["other: yes"] if self.open and not self.concluded and "other" not in self.choices else []
            keys.append(f"choices: {{{', '.join(pairs)}}}")
        words = self.label.strip()
        if self.concluded:
            keys.append(f"finding: {_quoted(f'{words[:1].upper()}{words[1:]}: {{{self.name}}}.')}")
        else:
            keys.append(f"question: {_quoted(f'What is the {words}?' if self.type != 'yes/no' else f'{words}?')}")
        return f"  {self.name}: {{{', '.join(keys)}}}"


def _quoted(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _-]*", text) and text.casefold() not in ("yes", "no", "true", "false")
    return text if plain else json.dumps(text, ensure_ascii=False)


def wanted_by(rows: Rows) -> dict[str, Wanted]:
    """The facts that a decision table names by themselves at the heads of its columns."""
    at = next((at for at, row in enumerate(rows) if any(cell.startswith("then ") for cell in row)), None)
    if at is None:
        return {}
    collects = any(row[:2] == ["hit", "collect"] for row in rows[:at])
    found: dict[str, Wanted] = {}
    for column, head in enumerate(rows[at]):
        word, _, rest = head.strip().partition(" ")
        name = "_".join(rest.split())
        if word in ("when", "then") and looks_like(name, NAME):
            cells = [row[column] for row in rows[at + 1 :] if column < len(row)]
            found.setdefault(name, _settled(Wanted(name, rest, concluded=word == "then"), cells, collects=collects))
    return found


def _settled(fact: Wanted, cells: Iterable[str], *, collects: bool) -> Wanted:
    """The fact with the type that its cells tell."""
    values = list(dict.fromkeys(value for cell in cells for value in _values(cell)))
    written = [value for value in values if not (fact.concluded and re.search(r"[-+*/] ", value))]
    if values and all(value in ("yes", "no") for value in values):
        fact.type = "yes/no"
    elif values and all(map(_DAY.fullmatch, values)):
        fact.type = "date"
    elif written and all(map(_NUMBER.fullmatch, written)):
        fact.type = "money" if any(value[-1].isalpha() for value in written) else "number"
    elif values and all(looks_like(value, CODE) for value in values):
        fact.type = "choices" if fact.concluded and collects else "choice"
        fact.choices = {value: value for value in values}
        fact.open = True
    else:
        fact.type = "text"
    return fact


def _values(cell: str) -> Iterator[str]:
    """The values that a cell names."""
    for part in re.split(r",(?!\d)|\.\.| and | or ", cell):
        value = _SIGN.sub("", part.strip()).strip()
        if value not in ANY and value.casefold() not in ("none", "known", "unknown", "otherwise"):
            yield value


def missing(wanted: Mapping[str, Wanted], known: Iterable[str]) -> list[Wanted]:
    """The facts that a pack does not know yet."""
    names = set(known)
    return [fact for name, fact in wanted.items() if name not in names]


def facts_text(facts: Iterable[Wanted]) -> str:
    """Facts of the case as facts.yaml has them."""
    return "\n".join(["case:", *(fact.line() for fact in facts)]) + "\n"


def new_pack(title: str, facts: Iterable[Wanted], tables: Iterable[Rows]) -> dict[str, str]:
    """The files of a pack of tables alone, but for the tables."""
    facts = list(facts)
    cells = (cell for rows in tables for row in rows for cell in row)
    currency = next((cell[-3:] for cell in cells if _NUMBER.fullmatch(cell) and cell[-1].isalpha()), "")
    asked = [fact for fact in facts if fact.concluded and fact.type != "choices"]
    question = f"What is the {asked[-1].label}?" if asked else f"What follows of {title}?"
    top = {"format": "1", "title": _quoted(title), "version": "1", "question": _quoted(question)}
    if currency:
        top["currency"] = currency
    goals = [
        f"- {{id: {fact.name.replace('_', '-')}, asks: {_quoted(f'What is the {fact.label}?')}, value: {fact.name}}}"
        for fact in asked
    ]
    files = {"pack.yaml": "".join(f"{key}: {value}\n" for key, value in top.items()), "facts.yaml": facts_text(facts)}
    return files | ({"goals.yaml": "\n".join(goals) + "\n"} if goals else {})
