"""Files of cases: every format in and out, rows that are wrong, tables of their own, and runs that are killed."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from advisor import cli
from tests.folders import TESTS

PACK = str(TESTS / "scenarios" / "packs" / "picnic")
CASES = [
    {
        "id": "a",
        "facts": {"rain_expected": "yes", "guests": "4..6"},
        "dishes": [{"id": "pie", "name": "A pie", "cooled": "no", "made_on": "2022-06-01"}],
    },
    {"id": "b", "facts": {"rain_expected": "unknown"}, "dishes": "unknown"},
    {"id": "c", "facts": {"guests": 3}, "dishes": "none"},
]


@pytest.fixture(autouse=True)
def _there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def batch(*arguments: str) -> int:
    return cli.run(["batch", "--rules", PACK, "--today", "2022-06-10", *arguments])


def lines(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def write_lines(path: str, rows: list[Any]) -> None:
    Path(path).write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def write(path: str, table: pa.Table) -> None:
    if path.endswith(".csv"):
        pa_csv.write_csv(table, path)
    elif path.endswith(".parquet"):
        pq.write_table(table, path)
    else:
        with ipc.new_file(path, table.schema) as file:
            file.write_table(table)


def flat(count: int = 3) -> pa.Table:
    """Cases without entities."""
    rain = ["yes", "no", "unknown", None]
    return pa.table(
        {
            "id": [f"n{number}" for number in range(count)],
            "rain_expected": [rain[number % 4] for number in range(count)],
            "guests": [f"{number % 40 + 1}" for number in range(count)],
        }
    )


@pytest.mark.parametrize("form", ["csv", "parquet", "arrow", "ndjson"])
def test_every_format_comes_to_the_same(form: str) -> None:
    table = flat()
    if form == "ndjson":
        write_lines("cases.ndjson", table.to_pylist())
    else:
        write(f"cases.{form}", table)
    write_lines("plain.ndjson", table.to_pylist())

    assert batch(f"cases.{form}", "-o", "out.ndjson") == 0
    assert batch("plain.ndjson", "-o", "expected.ndjson") == 0
    assert lines("out.ndjson") == lines("expected.ndjson")
    assert [row["row"] for row in lines("out.ndjson")] == [1, 2, 3]


def test_every_format_can_be_written() -> None:
    write_lines("cases.ndjson", CASES)
    for form in ("ndjson", "parquet", "arrow", "csv"):
        assert batch("cases.ndjson", "-o", f"out.{form}") == 0
    expected = lines("out.ndjson")

    def plain(table: pa.Table) -> list[dict[str, Any]]:
        return [json.loads(json.dumps(row, default=str)) for row in table.to_pylist()]

    assert plain(pq.read_table("out.parquet")) == expected
    with ipc.open_file("out.arrow") as file:
        assert plain(file.read_all()) == expected
    read = pa_csv.read_csv("out.csv", parse_options=pa_csv.ParseOptions(newlines_in_values=True)).to_pylist()
    assert [json.loads(row["recommendations"]) for row in read] == [row["recommendations"] for row in expected]


def test_patterns_and_folders_name_many_files() -> None:
    Path("many").mkdir()
    for number in range(3):
        write(f"many/part-{number}.parquet", flat(10).slice(number * 3, 3))
    assert batch("many/*.parquet", "-o", "out.ndjson") == 0
    assert batch("many", "-o", "again.ndjson") == 0

    assert [row["id"] for row in lines("out.ndjson")] == [f"n{number}" for number in range(9)]
    assert lines("again.ndjson") == lines("out.ndjson")


def test_what_is_wrong_with_a_row_goes_to_a_table_of_errors(capsys: pytest.CaptureFixture[str]) -> None:
    text = "id,rain_expected,guests\na,yes,5\nb,maybe,5\nc\nd,no,many\ne,no,\n"
    Path("cases.csv").write_text(text, encoding="utf-8")

    assert batch("cases.csv", "-o", "out.ndjson") == 1
    assert [(row["row"], row["id"]) for row in lines("out.ndjson")] == [(1, "a"), (5, "e")]
    wrong = lines("out.errors.ndjson")
    assert [(row["row"], row["id"], row["place"]) for row in wrong] == [
        (2, "b", "rain_expected"),
        (3, None, "the row"),
        (4, "d", "guests"),
    ]
    assert wrong[0]["mend"] == "allowed: `yes`, `no`, `unknown`"
    assert "3 rows could not be: out.errors.ndjson says where" in capsys.readouterr().out


def test_a_row_in_another_encoding_costs_only_itself() -> None:
    Path("cases.csv").write_bytes(b"id,guests\na,5\ncaf\xe9,5\nb,6\n")

    assert batch("cases.csv", "-o", "out.ndjson") == 1
    assert [row["id"] for row in lines("out.ndjson")] == ["a", "b"]
    [wrong] = lines("out.errors.ndjson")
    assert (wrong["row"], "not in UTF-8" in wrong["problem"]) == (2, True)


def test_lines_that_are_no_cases_cost_only_themselves() -> None:
    Path("cases.ndjson").write_text(
        '{"id": "a"}\n[1]\n{"id": \n{"rainexpected": true}\n{"id": "z"}\n', encoding="utf-8"
    )

    assert batch("cases.ndjson", "-o", "out.ndjson") == 1
    assert [row["id"] for row in lines("out.ndjson")] == ["a", "z"]
    assert [row["row"] for row in lines("out.errors.ndjson")] == [2, 3, 4]
    assert "did you mean `rain_expected`?" in lines("out.errors.ndjson")[2]["problem"]


@pytest.mark.parametrize("form", ["csv", "parquet", "ndjson"])
def test_entities_may_stand_in_a_table_of_their_own(form: str) -> None:
    """In any order; rows that belong to no case are told of."""
    people = [{"id": f"c{number}", "person": f"p{number}", "guests": str(number + 1)} for number in range(5)]
    dishes = [
        {"person": f"p{at % 4}", "id": f"k{at}", "cooled": "no", "made_on": f"2022-06-0{at + 1}"} for at in range(9)
    ]
    dishes.append({"person": "p77", "id": "lost", "cooled": "no", "made_on": "2022-06-01"})
    for name, rows in (("people", people), ("dishes", dishes)):
        if form == "ndjson":
            write_lines(f"{name}.ndjson", rows)
        else:
            write(f"{name}.{form}", pa.Table.from_pylist(rows))
    nested = []
    for row in people:
        mine = [dict(one) for one in dishes if one["person"] == row["person"]]
        for one in mine:
            del one["person"]
        nested.append({"id": row["id"], "guests": row["guests"], "dishes": mine})
    write_lines("nested.ndjson", nested)

    table = ("--table", f"dishes=dishes.{form}", "--key", "person")
    assert batch(f"people.{form}", *table, "-o", "out.ndjson") == 1
    assert batch("nested.ndjson", "-o", "expected.ndjson") == 0
    found = lines("out.ndjson")
    assert [row.pop("person") for row in found] == [row["person"] for row in people]
    assert found == lines("expected.ndjson")
    [lost] = lines("out.errors.ndjson")
    assert (lost["place"], lost["problem"]) == (f"dishes.{form}, row 10", "no case is called `p77`")


def test_two_cases_with_one_key_are_not_mixed_up() -> None:
    write("people.csv", pa.table({"person": ["p", "p", None], "rain_expected": ["yes", "no", "no"]}))
    write("dishes.csv", pa.table({"person": ["p"], "id": ["k"]}))

    assert batch("people.csv", "--table", "dishes=dishes.csv", "--key", "person", "-o", "out.ndjson") == 1
    assert [row["row"] for row in lines("out.ndjson")] == [1]
    assert [row["row"] for row in lines("out.errors.ndjson")] == [2, 3]


def test_what_cannot_be_done_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    write("cases.csv", flat())
    write("dishes.csv", pa.table({"id": ["k"], "cooled": ["no"]}))
    for arguments, said in (
        (("cases.csv",), "say which cases, and with -o where to"),
        (("nowhere.csv", "-o", "out.csv"), "no-such-file"),
        (("cases.csv", "-o", "out.xlsx"), "unknown-format"),
        (("cases.csv", "-o", "cases.csv"), "would write over the cases"),
        (("cases.csv", "-o", "out.csv", "--only", "answer"), "did you mean `answers`?"),
        (("cases.csv", "-o", "out.csv", "--table", "dish=cases.csv", "--key", "id"), "did you mean `dishes`?"),
        (("cases.csv", "-o", "out.csv", "--table", "dishes=cases.csv"), "name the column with --key"),
        (("cases.csv", "-o", "out.csv", "--explain", "first"), "is not a row"),
        (("cases.csv", "dishes.csv", "-o", "out.csv"), "its columns differ from those of cases.csv"),
        (("dishes.csv", "-o", "out.csv"), "dishes.csv:1:2: unknown-column: `cooled` is not a fact of this pack"),
        (("cases.csv", "-o", "out.csv", "--keep", "nobody"), "there is no column `nobody` to keep"),
    ):
        assert batch(*arguments) == 2, arguments
        assert said in capsys.readouterr().err
    assert not Path("out.csv").exists()


def test_a_broken_file_is_said_to_be_broken(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("cases.parquet", "cases.arrow"):
        Path(name).write_bytes(b"not at all")
        assert batch(name, "-o", "out.csv") == 2
        assert "unreadable-file" in capsys.readouterr().err


# --- runs that are killed -------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from advisor import cli
from tests.folders import TESTS
from advisor.batch import run
run.CHUNK = 7
kept = run.keep_part
count = 0
def keep_part(*arguments):
    global count
    if count == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    kept(*arguments)
    count += 1
run.keep_part = keep_part
sys.exit(cli.run(sys.argv[1:]))
"""


def killed(after: int, *arguments: str) -> int:
    """Runs the command in a process of its own that is killed after so many chunks; its exit status."""
    command = [sys.executable, "-c", KILLED.format(after=after), "batch", "--rules", PACK, *arguments]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_a_killed_run_goes_on_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    """No row is lost or doubled, and what was done is not done again."""
    write("cases.csv", flat(50))
    assert batch("cases.csv", "-o", "expected.ndjson") == 0
    arguments = ("--today", "2022-06-10", "cases.csv", "-o", "out.ndjson")

    assert killed(3, *arguments) == -signal.SIGKILL
    assert not Path("out.ndjson").exists()
    assert len(list(Path("out.ndjson.parts").glob("part-*.arrow"))) == 3
    assert killed(2, *arguments) == -signal.SIGKILL
    kept = {path: path.stat().st_mtime_ns for path in Path("out.ndjson.parts").glob("part-*.arrow")}
    assert len(kept) == 5
    capsys.readouterr()
    assert batch("cases.csv", "-o", "out.ndjson") == 0

    assert "50 cases advised on (35 of them by an earlier run)" in capsys.readouterr().out
    assert lines("out.ndjson") == lines("expected.ndjson")
    assert not Path("out.ndjson.parts").exists()


def test_a_run_that_was_killed_at_the_end_ends_the_next_time() -> None:
    """All chunks are there, and half of the output: it is put together anew."""
    write("cases.csv", flat(20))
    assert batch("cases.csv", "-o", "expected.ndjson") == 0
    arguments = ("--today", "2022-06-10", "cases.csv", "-o", "out.ndjson")
    at_the_end = KILLED.replace("run.keep_part = keep_part", "run._errors_schema = lambda _: os.kill(os.getpid(), 9)")
    command = [sys.executable, "-c", at_the_end.format(after=0), "batch", "--rules", PACK, *arguments]
    assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
    Path(".out.ndjson.999").write_text("half of a line", encoding="utf-8")

    assert batch("cases.csv", "-o", "out.ndjson") == 0
    assert lines("out.ndjson") == lines("expected.ndjson")


@pytest.mark.parametrize("changed", ["cases", "options"])
def test_what_is_of_another_run_is_not_gone_on_with(changed: str, capsys: pytest.CaptureFixture[str]) -> None:
    write("cases.csv", flat(50))
    assert killed(3, "--today", "2022-06-10", "cases.csv", "-o", "out.ndjson") == -signal.SIGKILL
    if changed == "cases":
        write("cases.csv", flat(49))
    only = ("--only", "answers") if changed == "options" else ()

    assert batch("cases.csv", *only, "-o", "out.ndjson") == 0
    assert "beginning anew" in capsys.readouterr().err
    assert batch("cases.csv", *only, "-o", "expected.ndjson") == 0
    assert lines("out.ndjson") == lines("expected.ndjson")


def test_a_run_that_goes_on_the_next_day_is_of_the_day_it_began() -> None:
    write("cases.csv", flat(20))
    assert killed(1, "cases.csv", "-o", "out.ndjson") == -signal.SIGKILL
    manifest = Path("out.ndjson.parts/manifest.json")
    began = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**began, "clock": "2022-06-10"}), encoding="utf-8")
    for part in Path("out.ndjson.parts").glob("part-*"):
        part.unlink()

    assert cli.run(["batch", "--rules", PACK, "cases.csv", "-o", "out.ndjson"]) == 0
    assert batch("cases.csv", "-o", "expected.ndjson") == 0
    assert lines("out.ndjson") == lines("expected.ndjson")


def test_two_runs_do_not_write_the_same_output(capsys: pytest.CaptureFixture[str]) -> None:
    write("cases.csv", flat())
    Path("out.csv.parts").mkdir()
    with Path("out.csv.parts/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert batch("cases.csv", "-o", "out.csv") == 2
    assert "another run is writing this" in capsys.readouterr().err


def test_the_columns_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert batch("--schema") == 0
    assert "dishes.cooled" in capsys.readouterr().out
    assert batch("--schema", "-f", "json") == 0
    columns = {one["column"]: one for one in json.loads(capsys.readouterr().out)["columns"]}
    assert columns["dishes.cooled"]["type"] == "boolean"
    assert columns["guests"]["allowed"] == ["from 1", "to 50"]


@pytest.mark.parametrize("form", ["csv", "parquet", "arrow", "ndjson"])
def test_at_a_terminal_a_bar_shows_how_far_it_has_come(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if form == "ndjson":
        write_lines("cases.ndjson", flat().to_pylist())
    else:
        write(f"cases.{form}", flat())
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    assert batch(f"cases.{form}", "-o", "out.csv") == 0
    assert "cases" in capsys.readouterr().err
