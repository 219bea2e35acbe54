"""Cases as tables, for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from advisor.advice.data import to_data
from advisor.cases.case import Case
from advisor.face import Pack


def as_text(value: Any) -> Any:
    """A value as a column of text has it."""
    return ", ".join(value) or "none" if isinstance(value, list) else value


def table_of(pack: Pack, cases: Sequence[dict[str, Any]]) -> pa.Table:
    """Cases as case files have them, as a table in which all facts are text."""
    facts = [one.name for one in pack.data.facts["case"].values() if one.asked]
    columns = {
        name: pa.array([as_text(case.get("facts", {}).get(name)) for case in cases], pa.string()) for name in facts
    }
    for entity in pack.data.entities.values():
        names = ["id", "times", "more", *(one.name for one in pack.data.facts[entity.id].values() if one.asked)]
        struct = pa.list_(pa.struct([(name, pa.string()) for name in names]))
        columns[entity.plural] = pa.array([_listed(case.get(entity.plural)) for case in cases], struct)
    return pa.table(columns)


def _listed(written: Any) -> list[dict[str, Any]] | None:
    if isinstance(written, list):
        return [{name: as_text(value) for name, value in one.items()} for one in written]
    return {"none": [], "unknown": [{"more": "unknown"}], None: None}[written]


def one_by_one(pack: Pack, case: Case, **days: Any) -> dict[str, Any]:
    """What `pack.advise` says of a case, in the words of the table's columns."""
    advice = pack.advise(case, **days)
    data = to_data(advice, proofs=False)
    said = advice.prover.standing_words
    found: dict[str, Any] = {
        "answers": [(one.key, one.verdict, one.text, said(one.standing)) for one in advice.answers],
        "recommendations": [
            (
                one["key"],
                one["rank"],
                one["strength"],
                one["status"],
                one["title"],
                one["deadline"],
                one["deadline_text"],
            )
            for one in data["recommendations"]
        ],
        "conclusions": {one["key"]: one["value"] for one in data["findings"]},
        "figures": [(one["key"], {one["worst"], one["best"]}, one["likely"]) for one in data["projections"]],
        "open": [one["fact"] for one in data["open"]],
    }
    return found


def from_table(pack: Pack, row: dict[str, Any]) -> dict[str, Any]:
    """The same from a row of the table."""
    conclusions = dict(row.get("conclusions") or {})
    for entity in pack.data.entities.values():
        for one in row.get(f"{entity.plural}_conclusions") or ():
            id_ = one.pop("id")
            conclusions |= {f"{name}@{id_}": value for name, value in one.items()}
    shown = {one.name for facts in pack.data.facts.values() for one in facts.values() if one.concluded or one.finding}
    return {
        "answers": [(one["goal"], one["verdict"], one["text"], one["standing"]) for one in row["answers"]],
        "recommendations": [
            (
                one["key"],
                one["rank"],
                one["strength"],
                one["status"],
                one["title"],
                one["deadline"] and one["deadline"].isoformat(),
                one["deadline_text"],
            )
            for one in row["recommendations"]
        ],
        "conclusions": {key: value for key, value in conclusions.items() if key.partition("@")[0] in shown},
        "figures": [(one["key"], {one["low"], one["high"]}, one["likely"]) for one in row["figures"]],
        "open": row["open"],
    }
