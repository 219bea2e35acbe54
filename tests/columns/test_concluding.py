"""Conclusions that are worked out by columns are those that each case comes to by itself."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import advisor
from advisor.columns import spread
from advisor.columns.concluding import Concluding
from advisor.columns.results import Results
from advisor.columns.schema import layout
from tests import random_packs
from tests.columns.tables import table_of

DAY = date(2026, 11, 27)
FILES = {
    "pack": """
format: 1
title: A shop
version: 1
question: What follows?
currency: EUR
entities: {item: {plural: items, label: title}}
standing: [{id: known, say: known}]
headline: [{otherwise: Done.}]
must_hold: [{about: item, that: not (sold and price is 0 EUR), because: What is sold has a price.}]
""",
    "sources": "s: {title: A source, date: undated, standing: known}\n",
    "facts": """
case:
  member: {type: yes/no, question: A member?}
  visits: {type: whole number, at_least: 0, at_most: 100000, question: How often?}
  joined_on: {type: date, question: Since when?}
  budget: {type: money, at_least: 0 EUR, at_most: 1000000 EUR, question: How much?}
  regular: {type: yes/no, concluded: yes}
  rich: {type: yes/no, concluded: yes, otherwise: unknown}
  standing: {type: choice, choices: {high: high, low: low, none_yet: none yet}, concluded: yes, otherwise: low}
  opens: {type: time of day, question: From when?}
  came_at: {type: moment, question: When?}
  early: {type: yes/no, concluded: yes}
  doubled: {type: whole number, formula: 2 * visits}
  unhappy: {type: yes/no, concluded: yes, may_be_stated: yes, question: Unhappy?}
item:
  title: {type: text, question: What is it?}
  price: {type: money, at_least: 0 EUR, at_most: 10000 EUR, question: What does it cost?}
  sold: {type: yes/no, question: Sold?, assume: {value: no, because: Most are not., sources: [s]}}
  rating: {type: choice, choices: {good: good, bad: bad, silent: silent}, question: How was it rated?, applies: sold}
  flaws: {type: choices, choices: {scratched: scratched, late: late}, question: What was wrong?}
  made_on: {type: date, question: When was it made?}
  cheap: {type: yes/no, concluded: yes}
  praised: {type: yes/no, concluded: yes}
  doubtful: {type: yes/no, concluded: yes}
""",
    "rules": "".join(
        f"- {{id: r{number}, {about} when: {when}, conclude: {{{what}}}, because: So it is., sources: [s]}}\n"
        for number, (about, when, what) in enumerate(
            [
                ("about: item,", "price is below 20 EUR", "cheap: yes"),
                ("about: item,", "rating is good and (member or not cheap)", "praised: yes"),
                ("about: item,", "flaws include late or made_on is before 2020-01-01", "doubtful: yes"),
                ("", "(number of items where praised) is at least 2", "regular: yes"),
                ("", "visits is above 10 and joined_on is before 2024-06-01", "regular: yes"),
                ("", "opens is before 10:00 and came_at is on or after 2024-09-03 09:30", "early: yes"),
                ("", "budget is above 500 EUR and not surely (unhappy)", "rich: yes"),
                ("", "regular and doubled is above 30", "standing: high"),
                ("", "no item where sold", "standing: none_yet"),
                ("", "(number of items where doubtful) is above (number of items where praised)", "unhappy: yes"),
            ]
        )
    ),
}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> advisor.Pack:
    folder = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return advisor.load(folder)


def a_day(rng: random.Random) -> date:
    return date(2019, 1, 1) + timedelta(days=rng.randrange(2500))


def typed(rng: random.Random, rows: int, unasked: float) -> pa.Table:
    """Columns of the types that suit them."""

    def maybe(value: Any) -> Any:
        return None if rng.random() < unasked else value

    item = pa.struct(
        [
            ("price", pa.decimal128(9, 2)),
            ("sold", pa.bool_()),
            ("rating", pa.string()),
            ("flaws", pa.list_(pa.string())),
            ("made_on", pa.date32()),
            ("title", pa.string()),
        ]
    )

    def an_item() -> dict[str, Any]:
        return {
            "price": maybe(Decimal(rng.choice([0, rng.randrange(6000), rng.randrange(6000)])) / 100),
            "sold": maybe(rng.random() < 0.7),
            "rating": maybe(rng.choice(["good", "bad", "silent"])),
            "flaws": maybe([one for one in ("scratched", "late") if rng.random() < 0.3]),
            "made_on": maybe(a_day(rng)),
            "title": maybe(f"Thing {rng.random()}"),
        }

    return pa.table(
        {
            "opens": pa.array([maybe(time(rng.randrange(24), 30)) for _ in range(rows)], pa.time32("s")),
            "came_at": pa.array(
                [maybe(datetime(2024, 9, rng.randrange(1, 6), 9, 30)) for _ in range(rows)],  # noqa: DTZ001 - where the person is
                pa.timestamp("us"),
            ),
            "member": pa.array([maybe(rng.random() < 0.5) for _ in range(rows)], pa.bool_()),
            "visits": pa.array(
                [maybe(rng.choice([3, 11, 16, rng.randrange(100_000)])) for _ in range(rows)], pa.int32()
            ),
            "joined_on": pa.array([maybe(a_day(rng)) for _ in range(rows)], pa.date32()),
            "budget": pa.array(
                [maybe(rng.choice([500.0, rng.randrange(2000) / 2])) for _ in range(rows)], pa.float64()
            ),
            "items": pa.array([[an_item() for _ in range(rng.randrange(4))] for _ in range(rows)], pa.list_(item)),
        }
    )


def written(rng: random.Random, rows: int) -> pa.Table:
    """Columns of text, with what is known in part and what is wrong."""

    def one_of(*texts: str | None) -> str | None:
        return rng.choice(texts)

    return pa.table(
        {
            "opens": [one_of("09:30", "10:00", "unknown", None, "25:00") for _ in range(rows)],
            "member": [one_of("yes", "no", "unknown", None, "perhaps") for _ in range(rows)],
            "visits": [one_of("3", "11", "5..20", "about 12", "unknown", "none", None, "16") for _ in range(rows)],
            "joined_on": [one_of("2024-05-31", "2024-06", "after 2023-01-01", None) for _ in range(rows)],
            "budget": [one_of("500 EUR", "at least 600 EUR", "1,000", "2k", None, "lots") for _ in range(rows)],
            "unhappy": [one_of("yes", "no", "unknown", None) for _ in range(rows)],
            "items": [
                rng.choice([None, []])
                if rng.random() < 0.2
                else [item(number, rng) for number in range(rng.randrange(1, 4))]
                for _ in range(rows)
            ],
        }
    )


def item(number: int, rng: random.Random) -> dict[str, str | None]:
    return {
        "id": f"i{number if rng.random() < 0.95 else 0}",
        "times": "2" if rng.random() < 0.05 else None,
        "price": rng.choice(["5 EUR", "20 EUR", "10..30", "unknown", None]),
        "sold": rng.choice(["yes", "no", "unknown", None]),
        "rating": rng.choice(["good", "not bad", "unknown", None, "silent"]),
        "flaws": rng.choice(["none", "late", "scratched, late", "unknown", None, '{"late": "yes"}']),
    }


def by_columns(pack: advisor.Pack, table: pa.Table) -> tuple[list[dict[str, Any]], int]:
    """What a table comes to, and how many of its rows had to be reasoned over one by one."""
    found = pack.advise_table(table, today=DAY, parts=["conclusions"])
    found.validate(full=True)
    engine = Concluding(pack, Results(pack.program, ["conclusions"]).concluded, DAY, None)
    assert engine.usable
    return found.to_pylist(), int(engine.conclude(table, layout(pack.data, table.schema)).slow.sum())


def one_by_one(pack: advisor.Pack, table: pa.Table) -> list[dict[str, Any]]:
    """The same with each case advised on by itself."""
    found = pack.advise_table(table, today=DAY, parts=["conclusions", "figures"]).drop_columns(["figures"])
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


@pytest.mark.parametrize("unasked", [0.0, 0.2])
def test_typed_columns(pack: advisor.Pack, unasked: float) -> None:
    table = typed(random.Random(1), 300, unasked)
    found, slow = by_columns(pack, table)

    assert found == one_by_one(pack, table)
    assert any(row["problems"] for row in found)  # something is sold for nothing
    assert slow < (150 if not unasked else 290)


def test_columns_of_text(pack: advisor.Pack) -> None:
    table = written(random.Random(2), 300)
    found, slow = by_columns(pack, table)

    assert found == one_by_one(pack, table)
    assert 0 < slow < 300
    assert {problem["place"] for row in found for problem in row["problems"]} >= {
        "member",
        "budget",
        "opens",
        "items[i0].id",
    }


def test_a_table_in_pieces_comes_to_what_it_comes_to_as_a_whole(pack: advisor.Pack) -> None:
    """Slices, tables of several chunks, and tables that bring values that were not met before."""
    table = typed(random.Random(3), 120, 0.1)
    whole, _ = by_columns(pack, table)
    fresh = advisor.load(pack.data.folder)
    pieces = [fresh.advise_table(table.slice(at, 37), today=DAY, parts=["conclusions"]) for at in range(0, 120, 37)]
    chunked = pa.concat_tables([table.slice(0, 50), table.slice(50)])

    assert [row for piece in pieces for row in piece.to_pylist()] == whole
    assert by_columns(pack, chunked)[0] == whole


def test_what_is_kept_is_dropped_before_it_is_too_much(pack: advisor.Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "MOST_HELD", 500)
    table = typed(random.Random(4), 200, 0.1)
    fresh = advisor.load(pack.data.folder)
    pieces = [fresh.advise_table(table.slice(at, 20), today=DAY, parts=["conclusions"]) for at in range(0, 200, 20)]

    assert [row for piece in pieces for row in piece.to_pylist()] == one_by_one(pack, table)
    assert fresh._tables is not None
    columns = fresh._tables[1]._spread.columns  # type: ignore[union-attr]
    assert 0 < columns.held() < 2000


@pytest.mark.parametrize("seed", range(40))
def test_random_packs(seed: int, tmp_path: Path) -> None:
    """Also with facts that are stated though rules may conclude them, and lists of which nobody knows."""
    cases = random_packs.write_with_cases(seed, tmp_path, 10)
    pack = advisor.load(tmp_path)
    rng = random.Random(seed)
    stated = [one for one in pack.data.all_facts() if one.may_be_stated]
    for case in cases:
        case.pop("today")
        for thing in case.get("things", ()):
            del thing["holder"]
        if "things" in case and rng.random() < 0.2:
            case["things"] = rng.choice(["unknown", "none"])
        for one in stated:
            value = rng.choice(
                ["yes", "no", "unknown"] if one.type.kind == "yes/no" else [*one.type.choice_ids(), "unknown"]
            )
            for owner in [case["facts"]] if one.kind == "case" else case["things"]:
                if isinstance(owner, dict) and rng.random() < 0.5:
                    owner[one.name] = value
    table = table_of(pack, cases)

    assert pack.advise_table(table, today=DAY, parts=["conclusions"]).to_pylist() == one_by_one(pack, table)
