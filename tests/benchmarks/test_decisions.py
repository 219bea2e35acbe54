"""How long it takes to compare courses of action and to find what would change advice, and how that grows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import advisor
from advisor.cases import settings
from advisor.decision import comparison
from advisor.decision.counterfactual import Counterfactuals
from advisor.decision.data import OptionWriter
from advisor.decision.firmness import Firmness
from advisor.decision.options import Options

REPOSITORY = Path(__file__).parent.parent.parent
PACK = REPOSITORY / "rules" / "ending-a-contract"
CASE = f"{PACK}/cases/source-thread.yaml#stage-3"
HELD = "hold-back-good-ones"


@pytest.fixture(scope="module")
def shipped() -> advisor.Pack:
    """The first pack that ships."""
    return advisor.load(PACK)


@pytest.fixture(scope="module")
def advice(shipped: advisor.Pack) -> advisor.Advice:
    """The advice on the third stage of the source thread."""
    return shipped.advise(shipped.read_case(CASE))


def options(advice: advisor.Advice) -> list[dict[str, Any]]:
    """All courses of action compared, with how much of each it takes."""
    return OptionWriter(Options(advice)).to_list()


def every_single_change(advice: advisor.Advice) -> int:
    """Every single answer set otherwise, and what then follows."""
    probe = Counterfactuals(advice).probe
    return len([probe.revised((move,)) for move in probe.moves(probe.world)])


def test_compare_options_of_real_case(benchmark: BenchmarkFixture, advice: advisor.Advice) -> None:
    """All courses of action for the third stage of the source thread."""
    benchmark.pedantic(options, (advice,), rounds=7, warmup_rounds=1)  # type: ignore[no-untyped-call]


def test_every_single_change_of_real_case(benchmark: BenchmarkFixture, advice: advisor.Advice) -> None:
    """Every single answer set otherwise, reasoned on."""
    benchmark.pedantic(every_single_change, (advice,), rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]


def test_what_would_change_the_first_answer(benchmark: BenchmarkFixture, advice: advisor.Advice) -> None:
    """Every single change that makes the first answer another, each replayed."""
    benchmark.pedantic(lambda: Counterfactuals(advice).of(("answer", advice.answers[0].key)), rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]


def test_how_firmly_it_stands(benchmark: BenchmarkFixture, advice: advisor.Advice) -> None:
    """Intervals, days ahead and swings."""
    benchmark.pedantic(lambda: Firmness(advice).to_dict(), rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]


def test_what_if(benchmark: BenchmarkFixture, shipped: advisor.Pack) -> None:
    """Two answers set otherwise, with the facts behind each change."""
    case = shipped.read_case(CASE)
    texts = ("contracts[redesign].feedback=bad", "contracts[redesign].client_reasonable=yes")
    wanted = settings.read_settings(shipped.data, case, texts)
    benchmark.pedantic(lambda: comparison.what_if(shipped, case, wanted), rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("held", [2, 4, 6, 8])
def test_plans_by_entities(benchmark: BenchmarkFixture, shipped: advisor.Pack, held: int) -> None:
    """Every way to hold back some of so many good contracts, looked at on two days."""
    clients = [{"id": f"client-{number}", "account": "active"} for number in range(held + 1)]
    good = [
        {
            "id": f"good-{number}",
            "client": f"client-{number + 1}",
            "ended": "no",
            "problems": "none",
            "earned": "2500 USD",
            "feedback": "good",
        }
        for number in range(held)
    ]
    trouble = {
        "id": "trouble",
        "client": "client-0",
        "kind": "fixed",
        "ended": "no",
        "earned": "0 USD",
        "problems": ["scope"],
        "client_reasonable": "no",
    }
    facts = {"has_score": "no", "last_update_on": "2022-06-05"}
    case = shipped.case({"today": "2022-06-05", "facts": facts, "clients": clients, "contracts": [trouble, *good]})
    found = Options(shipped.advise(case))
    course = shipped.data.options.courses[HELD]
    subject = found.world.by_id["contract"]["trouble"]

    def plan() -> object:
        fresh = Options(found.advice)
        return fresh._plan(course, subject)

    benchmark.pedantic(plan, rounds=3)  # type: ignore[no-untyped-call]
