"""Many cases by worker processes of a Ray cluster: the same comes out, also where a worker dies."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import advisor
from advisor import cli
from advisor.columns.table import TableAdvisor
from tests.folders import TESTS

pytest.importorskip("ray", reason="Ray is not installed: pip install 'decision-advisor[batch,cluster]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]

from advisor.batch.cluster import LOCAL, Cluster, Recipe  # noqa: E402  not without Ray

PACK = TESTS / "scenarios" / "packs" / "picnic"
DAY = date(2022, 6, 10)


def cases(count: int) -> pa.Table:
    dishes = [[{"id": f"d{at}", "cooled": at % 2 == 0, "made_on": "2022-06-01"}] for at in range(count)]
    return pa.table(
        {
            "id": [f"n{at}" for at in range(count)],
            "guests": pa.array([at % 50 + 1 for at in range(count)], pa.int32()),
            "dishes": dishes,
        }
    )


def test_workers_of_which_one_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of the work, by force: no case is lost or doubled, and the same comes out as without them."""
    told = TableAdvisor(advisor.load(PACK), today=DAY)
    table = cases(600)
    chunks = [(number, table.slice(number * 50, 50), ()) for number in range(12)]
    found: dict[int, pa.Table] = {}
    with Cluster(LOCAL, Recipe.of(told), workers=2) as cluster:
        ray: Any = cluster._ray
        first, second = ray.get([one.process.remote() for one in cluster.workers])
        assert len({first, second, os.getpid()}) == 3

        def keep(number: int, table: pa.Table) -> None:
            assert number not in found
            found[number] = table
            if len(found) == 3:
                os.kill(first, signal.SIGKILL)

        cluster.advise(iter(chunks), keep)
        assert ray.get(cluster.workers[0].process.remote()) != first
    whole = pa.concat_tables([found[number] for number in sorted(found)])

    assert whole.to_pylist() == told.advise(table).to_pylist()

    # The command itself, on the same workers' terms.
    monkeypatch.chdir(tmp_path)
    pq.write_table(table, "cases.parquet")
    arguments = ["batch", "cases.parquet", "--rules", str(PACK), "--today", DAY.isoformat()]
    assert cli.run([*arguments, "-o", "many.parquet", "--cluster", LOCAL, "--workers", "2"]) == 0
    assert cli.run([*arguments, "-o", "one.parquet"]) == 0
    assert pq.read_table("many.parquet") == pq.read_table("one.parquet")
