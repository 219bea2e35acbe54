"""Many cases by worker processes of a Ray cluster: the same comes out, also where a worker dies."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from advisor import cli
from tests.folders import TESTS

pytest.importorskip("ray", reason="Ray is not installed: pip install 'decision-advisor[batch,cluster]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]

from advisor.batch import run  # noqa: E402  not without Ray
from advisor.batch.cluster import LOCAL, Cluster  # noqa: E402  the same

PACK = TESTS / "scenarios" / "packs" / "picnic"


def cases(count: int) -> pa.Table:
    dishes = [[{"id": f"d{at}", "cooled": at % 2 == 0, "made_on": "2022-06-01"}] for at in range(count)]
    return pa.table(
        {
            "id": [f"n{at}" for at in range(count)],
            "guests": pa.array([at % 50 + 1 for at in range(count)], pa.int32()),
            "dishes": dishes,
        }
    )


def test_a_worker_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of the work, by force: no case is lost or doubled, and the same comes out as without workers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "CHUNK", 50)
    pq.write_table(cases(600), "cases.parquet")
    arguments = ["batch", "cases.parquet", "--rules", str(PACK), "--today", "2022-06-10"]
    started: list[Cluster] = []

    def enter(cluster: Cluster) -> Cluster:
        started.append(cluster)
        return cluster

    monkeypatch.setattr(Cluster, "__enter__", enter)
    kept, processes, parts = run.keep_part, [os.getpid()], []

    def process() -> int:
        return int(started[0]._ray.get(started[0].workers[0].process.remote()))

    def keep_part(folder: Path, number: int, first: int, found: pa.Table) -> None:
        kept(folder, number, first, found)
        parts.append(number)
        if len(parts) in (3, 12):
            processes.append(process())
        if len(parts) == 3:
            os.kill(processes[-1], signal.SIGKILL)

    monkeypatch.setattr(run, "keep_part", keep_part)
    assert cli.run([*arguments, "-o", "many.parquet", "--cluster", LOCAL, "--workers", "2"]) == 0
    assert sorted(parts) == list(range(12))
    assert len(set(processes)) == 3  # ours, the one that was killed, and the one that took its place
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert cli.run([*arguments, "-o", "one.parquet"]) == 0
    assert pq.read_table("many.parquet") == pq.read_table("one.parquet")
