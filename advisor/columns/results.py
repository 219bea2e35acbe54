"""What comes out of a table: a row a case, as Arrow.

In: `Advice`, or what is wrong with a row. Out: the values of a row, and the schema that they fit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from advisor.advice import speech
from advisor.advice.advice import Advice
from advisor.advice.recommendations import deadline_text
from advisor.columns.parts import PARTS
from advisor.language.tree import CASE
from advisor.packs.pack import Pack
from advisor.problems.problem import Place, Problem
from advisor.reasoning.program import Field, Program
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values.text import plain

PROBLEMS: Final = "problems"
PROOFS: Final = "proofs"

ANSWER: Final = pa.struct(
    [
        ("goal", pa.string()),
        ("verdict", pa.string()),
        ("text", pa.string()),
        ("standing", pa.string()),
        ("settled", pa.bool_()),
        ("possible", pa.list_(pa.string())),
    ]
)
RECOMMENDATION: Final = pa.struct(
    [
        ("key", pa.string()),
        ("rank", pa.int32()),
        ("strength", pa.string()),
        ("status", pa.string()),
        ("title", pa.string()),
        ("deadline", pa.date32()),
        ("deadline_text", pa.string()),
        ("standing", pa.string()),
    ]
)
FIGURE: Final = pa.struct(
    [
        ("key", pa.string()),
        ("low", pa.float64()),
        ("likely", pa.float64()),
        ("high", pa.float64()),
        ("absent", pa.string()),
    ]
)
PROBLEM: Final = pa.struct(
    [("place", pa.string()), ("kind", pa.string()), ("problem", pa.string()), ("mend", pa.string())]
)
PROOF: Final = pa.struct([("key", pa.string()), ("why", pa.string())])
_KEY: Final = re.compile(r'("(?:[^"\\\\]|\\\\.)*"): ')
WORDS: Final = pa.dictionary(pa.int32(), pa.string())
"""Values of a conclusion as a case file writes them: of most there are few."""


class Results:
    """What comes out of the tables of one pack: some of `PARTS`."""

    def __init__(self, program: Program, parts: Collection[str]) -> None:
        self.program = program
        self.parts = [one for one in PARTS if one in parts]

    @property
    def pack(self) -> Pack:
        """The pack whose conclusions they are."""
        return self.program.pack

    @cached_property
    def concluded(self) -> dict[str, list[Field]]:
        """By kind: the fields that are worked out and have a name, in the pack's order."""
        return {
            kind: [one for one in fields if one.fact is not None and one.fact.derived]
            for kind, fields in self.program.fields.items()
        }

    @cached_property
    def conclusion_fields(self) -> list[pa.Field]:
        """A struct of the case's conclusions, and a list of structs for each kind of entity that has any."""
        found = [pa.field("conclusions", self.struct(CASE))] if self.concluded[CASE] else []
        listed = [one for one in self.pack.entities.values() if self.concluded[one.id]]
        return found + [pa.field(f"{one.plural}_conclusions", pa.list_(self.struct(one.id))) for one in listed]

    def struct(self, kind: str) -> pa.StructType:
        """The conclusions about one thing, with its id where it is an entity."""
        own = [pa.field("id", pa.string())] if kind != CASE else []
        return pa.struct([*own, *(pa.field(one.name, WORDS) for one in self.concluded[kind])])

    @cached_property
    def fields(self) -> list[pa.Field]:
        """The columns, but for those that are carried over."""
        columns = {
            "answers": [pa.field("answers", pa.list_(ANSWER))],
            "recommendations": [pa.field("recommendations", pa.list_(RECOMMENDATION))],
            "conclusions": self.conclusion_fields,
            "figures": [pa.field("figures", pa.list_(FIGURE))],
            "open": [pa.field("open", pa.list_(pa.string()))],
        }
        return [one for part in self.parts for one in columns[part]]

    # --- one row -------------------------------------------------------------------------------------------------

    def row(self, advice: Advice) -> dict[str, Any]:
        """The values of the columns for one case."""
        found: dict[str, Any] = {}
        if "answers" in self.parts:
            found["answers"] = list(_answers(advice))
        if "recommendations" in self.parts:
            found["recommendations"] = list(_recommendations(advice))
        if "conclusions" in self.parts:
            found |= self._conclusions(advice)
        if "figures" in self.parts:
            found["figures"] = list(_figures(advice))
        if "open" in self.parts:
            found["open"] = [speech.place(advice.world, *leaf) for leaf, _ in advice.open_questions]
        return found

    def _conclusions(self, advice: Advice) -> dict[str, Any]:
        world = advice.world
        found: dict[str, Any] = {"conclusions": self._about(world.case)}
        for entity in self.pack.entities.values():
            found[f"{entity.plural}_conclusions"] = (
                [{"id": one.id, **self._about(one)} for one in listed(world, entity.id)]
                if entity.id in world.source.entities
                else None
            )
        return {field.name: found[field.name] for field in self.conclusion_fields}

    def _about(self, subject: Subject) -> dict[str, str]:
        return {one.name: plain(subject.values[one.index], one.type) for one in self.concluded[subject.kind]}


def listed(world: World, kind: str) -> list[Subject]:
    """The entities of a kind in the order of the case."""
    return [world.by_id[kind][one.id] for one in world.source.items(kind)]


def _answers(advice: Advice) -> Iterator[dict[str, Any]]:
    for one in advice.answers:
        yield {
            "goal": one.key,
            "verdict": one.verdict,
            "text": one.text,
            "standing": advice.prover.standing_words(one.standing),
            "settled": one.settled,
            "possible": list(dict.fromkeys(said.verdict or said.text for said in one.possible)),
        }


def _recommendations(advice: Advice) -> Iterator[dict[str, Any]]:
    for one in advice.recommendations:
        deadline = advice.deadline(one)
        yield {
            "key": one.key,
            "rank": one.rank,
            "strength": one.advise.strength,
            "status": "holds" if one.status else "open",
            "title": advice.title(one),
            "deadline": deadline if isinstance(deadline, date) else None,
            "deadline_text": deadline_text(advice.world, one, deadline),
            "standing": advice.prover.standing_words(advice.prover.rule_standing(one.rule, one.subject)),
        }


def _figures(advice: Advice) -> Iterator[dict[str, Any]]:
    for one in advice.forecasts:
        ends = [_float(end) for end in (one.worst, one.best)]
        known = [end for end in ends if end is not None]
        yield {
            "key": one.key,
            "low": min(known, default=None),
            "likely": _float(one.likely),
            "high": max(known, default=None),
            "absent": one.absent or None,
        }


def _float(number: int | Fraction | None) -> float | None:
    return None if number is None else float(number)


def problem_rows(problems: Sequence[Problem], document: str = "") -> list[dict[str, Any]]:
    """What is wrong with a row, as values of its column. `document`: the case as JSON, in which places are lines."""
    return [
        {
            "place": path_at(document, one.place.line) if document and one.place.file == "case" else one.place.file,
            "kind": one.kind,
            "problem": one.message,
            "mend": one.help or None,
        }
        for one in problems
    ]


def unreadable(why: str) -> list[dict[str, Any]]:
    """The problem of a row that could not be read from its file."""
    return problem_rows([Problem(Place("the row"), "unreadable", why, "correct the row")])


def path_at(document: str, line: int) -> str:
    """The path (`items[first].price`) of what stands on a line of a case as JSON with an indent of 1."""
    keys: list[str | int] = []
    for text in document.splitlines()[:line]:
        inside = text.lstrip(" ")
        depth = len(text) - len(inside)
        if depth == 0 or inside[0] in "]}":
            continue
        key = _KEY.match(inside)
        at = keys[depth - 1] if len(keys) >= depth else -1
        del keys[depth - 1 :]
        keys.append(json.loads(key[1]) if key else at + 1 if isinstance(at, int) else 0)
    return _path(json.loads(document), keys)


def _path(node: Any, keys: Sequence[str | int]) -> str:  # noqa: ANN401 - any JSON
    found = ""
    for key in keys:
        node = node[key]
        if isinstance(key, int):
            name = node.get("id", key + 1) if isinstance(node, dict) else ""
            found += f"[{name}]" if name else ""
        elif (found, key) != ("", "facts"):
            found += f".{key}" if found else key
    return found or "the case"
