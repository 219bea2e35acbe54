"""How long things take. Run by `make bench`; no part of the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import advisor
from advisor.advice.data import to_data
from advisor.report.render import render
from tests.benchmarks import synthetic

REPOSITORY = Path(__file__).parent.parent.parent
PACK = REPOSITORY / "rules" / "ending-a-contract"
CASE = f"{PACK}/cases/source-thread.yaml#stage-3"
PROGRAM = Path(sys.executable).parent / "advisor"
EMPTY_PROGRAM = Path(__file__).parent / "empty_program.py"


@pytest.fixture(scope="module")
def shipped() -> advisor.Pack:
    """The first pack that ships."""
    return advisor.load(PACK)


def whole_advice(pack: advisor.Pack, case: advisor.Case) -> dict[str, Any]:
    """All that is said on a case."""
    return to_data(pack.advise(case))


# --- a real case --------------------------------------------------------------------------------------------------


def test_load_shipped_pack(benchmark: BenchmarkFixture) -> None:
    """Read, check and compile the first pack."""
    benchmark(advisor.load, PACK)


def test_reason_on_real_case(benchmark: BenchmarkFixture, shipped: advisor.Pack) -> None:
    """What follows from the third stage of the source thread."""
    case = shipped.read_case(CASE)
    benchmark(shipped.reason, case)


def test_advise_on_real_case(benchmark: BenchmarkFixture, shipped: advisor.Pack) -> None:
    """The whole advice on it, with ranges and proofs."""
    case = shipped.read_case(CASE)
    benchmark(whole_advice, shipped, case)


def test_write_real_report(benchmark: BenchmarkFixture, shipped: advisor.Pack) -> None:
    """The advice as text."""
    advice = whole_advice(shipped, shipped.read_case(CASE))
    benchmark(render, advice, "text")


# --- growth -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rules", [40, 400, 4000])
def test_load_by_rules(benchmark: BenchmarkFixture, tmp_path: Path, rules: int) -> None:
    """Read, check and compile a made-up pack of so many rules."""
    folder = synthetic.write_pack(tmp_path / "pack", rules)
    benchmark.pedantic(advisor.load, (folder,), rounds=3)


@pytest.mark.parametrize("rules", [40, 400, 4000])
def test_advise_by_rules(benchmark: BenchmarkFixture, tmp_path: Path, rules: int) -> None:
    """The whole advice on three items, by a made-up pack of so many rules."""
    pack = advisor.load(synthetic.write_pack(tmp_path / "pack", rules))
    benchmark.pedantic(whole_advice, (pack, pack.case(synthetic.case(3))), rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("items", [1, 10, 100, 1000])
def test_advise_by_items(benchmark: BenchmarkFixture, tmp_path: Path, items: int) -> None:
    """The whole advice on so many items, each different, by a made-up pack of 40 rules."""
    pack = advisor.load(synthetic.write_pack(tmp_path / "pack", 40))
    benchmark.pedantic(whole_advice, (pack, pack.case(synthetic.case(items))), rounds=3, warmup_rounds=1)


def test_reason_on_many_cases(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """What follows from a thousand cases of three items, by a made-up pack of 40 rules."""
    pack = advisor.load(synthetic.write_pack(tmp_path / "pack", 40))
    cases = [pack.case(synthetic.case(3, seed)) for seed in range(1000)]
    benchmark.pedantic(lambda: [pack.reason(case) for case in cases], rounds=3, warmup_rounds=1)


# --- a cold start -------------------------------------------------------------------------------------------------


def _start(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def test_start_empty_program(benchmark: BenchmarkFixture) -> None:
    """The help of the least Typer program with two commands."""
    benchmark.pedantic(_start, (sys.executable, EMPTY_PROGRAM, "--help"), rounds=15, warmup_rounds=2)


def test_start_help(benchmark: BenchmarkFixture) -> None:
    """`advisor --help`."""
    benchmark.pedantic(_start, (PROGRAM, "--help"), rounds=15, warmup_rounds=2)


def test_start_report(benchmark: BenchmarkFixture) -> None:
    """`advisor report` on the third stage of the source thread."""
    benchmark.pedantic(_start, (PROGRAM, "report", CASE), rounds=10, warmup_rounds=1)
