"""The same Arrow function in other engines, as the manual shows it: Ray Data and Spark, where they are there."""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import advisor
from tests.folders import TESTS

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # their own warnings
PACK = str(TESTS / "scenarios" / "packs" / "picnic")
DAY = date(2022, 6, 10)
CASES = pa.table({"id": [f"n{at}" for at in range(200)], "guests": pa.array([at % 50 + 1 for at in range(200)])})


def expected() -> list[dict[str, Any]]:
    return _sorted(advisor.load(PACK).advise_table(CASES, today=DAY, parts=["answers", "open"]))


def _sorted(found: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = found.to_pylist()
    return sorted(rows, key=lambda row: int(row["id"][1:]))


@pytest.mark.skipif(
    not (importlib.util.find_spec("ray") and importlib.util.find_spec("pandas")),
    reason="Ray Data is not installed: pip install 'ray[data]'",
)
def test_ray_data() -> None:
    import ray  # noqa: PLC0415  large, and not always there

    class Advise:
        def __init__(self) -> None:
            self.pack = advisor.load(PACK)

        def __call__(self, cases: pa.Table) -> pa.Table:
            return self.pack.advise_table(cases, today=DAY, parts=["answers", "open"])

    ray.init(num_cpus=3, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)
    try:
        told: Any = ray.data.from_arrow([CASES.slice(at, 50) for at in range(0, 200, 50)])
        found = told.map_batches(Advise, batch_format="pyarrow", batch_size=50, concurrency=2)
        table = pa.concat_tables([ray.get(one) for one in found.to_arrow_refs()], promote_options="permissive")
    finally:
        ray.shutdown()

    assert _sorted(table) == expected()


@pytest.mark.skipif(not importlib.util.find_spec("pyspark"), reason="Spark is not installed: pip install pyspark")
def test_spark(tmp_path: Path) -> None:
    from pyspark.sql import SparkSession  # noqa: PLC0415  the same
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415  the same

    def advise(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        pack = advisor.load(PACK)
        for batch in batches:
            yield from pack.advise_table(
                pa.Table.from_batches([batch]), today=DAY, parts=["answers", "open"]
            ).to_batches()

    os.environ["PYSPARK_PYTHON"] = sys.executable
    pq.write_table(CASES, tmp_path / "cases.parquet")
    schema = advisor.load(PACK).advise_table(CASES.slice(0, 0), today=DAY, parts=["answers", "open"]).schema
    spark = SparkSession.builder.master("local[2,4]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        cases = spark.read.parquet(str(tmp_path / "cases.parquet"))
        cases.mapInArrow(advise, from_arrow_schema(schema)).write.parquet(str(tmp_path / "advice"))
    finally:
        spark.stop()

    assert _sorted(pq.read_table(tmp_path / "advice")) == expected()
