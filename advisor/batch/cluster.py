"""Chunks of cases advised on by the workers of a Ray cluster: Ray starts them, hands out the chunks, and tries again.

In: numbered chunks and what each worker needs to make a pack ready. Out: what came out of each chunk, as it is done.
Ray alone knows of machines and processes; a chunk whose worker dies is done again by another.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

import pyarrow as pa

from advisor.columns.table import TableAdvisor
from advisor.face import load

LOCAL: Final = "local"
"""The address of a cluster that is started on this machine and ends with the run."""
AHEAD: Final = 2
"""Chunks that wait for each worker, so that none is ever idle and few are in memory."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a worker needs to advise as the whole run does. The pack must lie at the same path for all of them."""

    pack: str
    digest: str
    today: date | None
    as_of: date | None
    clock: date
    parts: tuple[str, ...]
    keep: tuple[str, ...]

    @classmethod
    def of(cls, advisor: TableAdvisor) -> Recipe:
        """The recipe by which others advise as `advisor` does."""
        data = advisor.pack.data
        parts, keep = tuple(advisor.results.parts), tuple(advisor.keep)
        folder = str(Path(data.folder).resolve())
        return cls(folder, data.digest, advisor.today, advisor.as_of, advisor.clock, parts, keep)

    def made(self) -> TableAdvisor:
        """The advisor. Raises ValueError where the pack is not the one that the run began with."""
        pack = load(self.pack)
        if pack.data.digest != self.digest:
            raise ValueError(f"{self.pack} is not the same pack on all machines")
        found = TableAdvisor(pack, today=self.today, as_of=self.as_of, parts=self.parts, keep=self.keep)
        found.clock = self.clock
        return found


class Worker:
    """Advises on chunks, in a process of its own."""

    def __init__(self, recipe: Recipe) -> None:
        self._advisor = recipe.made()

    def process(self) -> int:
        """Its process."""
        return os.getpid()

    def advise(self, number: int, table: pa.Table, explain: tuple[int, ...]) -> tuple[int, pa.Table]:
        """What comes out of a chunk, with the chunk's number."""
        return number, self._advisor.advise(table, explain)


class Cluster:
    """Workers of a Ray cluster. `workers`: how many; as many as the cluster has processors where that is not said."""

    def __init__(self, address: str, recipe: Recipe, workers: int | None = None) -> None:
        """Raises ConnectionError where no cluster answers at the address, ImportError without Ray."""
        import ray  # noqa: PLC0415  large, and loaded only where somebody has a cluster

        self._ray: Any = ray
        told: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
        if address == LOCAL:
            ray.init(num_cpus=workers, include_dashboard=False, **told)
        else:
            ray.init(address=address, **told)
        number = workers or max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        remote: Any = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=-1)(Worker)
        self.workers: list[Any] = [remote.remote(recipe) for _ in range(number)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ray.shutdown()

    def advise(
        self,
        chunks: Iterator[tuple[int, pa.Table, tuple[int, ...]]],
        keep: Callable[[int, pa.Table], None],
    ) -> None:
        """Has chunks advised on, and keeps what comes out as soon as it is there, in any order."""
        idle = self.workers * AHEAD
        busy: dict[Any, Any] = {}
        for number, table, explain in chunks:
            while not idle:
                self._keep_one(busy, idle, keep)
            worker = idle.pop()
            busy[worker.advise.remote(number, table, explain)] = worker
        while busy:
            self._keep_one(busy, idle, keep)

    def _keep_one(self, busy: dict[Any, Any], idle: list[Any], keep: Callable[[int, pa.Table], None]) -> None:
        [done], _ = self._ray.wait(list(busy), num_returns=1)
        idle.append(busy.pop(done))
        keep(*self._ray.get(done))
