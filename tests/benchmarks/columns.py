"""Conclusions of a table against numpy written by hand: `python tests/benchmarks/columns.py [CASES [RULES]]`.

Rules about a person and 1 to 8 jobs, in five layers; 40 of them, or as many times that with other thresholds as RULES
says. Columns in, a bit a conclusion out; both come to the same bits, else nothing is timed. Times are those of one
processor, each engine after the other in every round.
"""

from __future__ import annotations

import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import advisor
from advisor.columns.concluding import Concluding
from advisor.columns.results import Results
from advisor.columns.schema import layout

Array = np.ndarray[Any, Any]
Columns = dict[str, Array]
BLOCK = 8192
ROUNDS = 7

JOB_RULES = """
excluded: suspended
reviewable: earned is above 0
prompted: closed_by is other
weighs_nothing: earned is 0
weighs_little: earned is above 0 and earned is below {low}
weighs_some: earned is at least {low} and earned is below {mid}
weighs_much: earned is at least {mid}
manipulated: threat is not no_threat
evidence: threat is written
hearsay: threat is spoken
at_risk: not closed and (threat is not no_threat or creep)
may_go_unpaid: not closed and not funded
voided: refunding and released
marked_badly: rating is not none and rating is at most {bad}
marked_well: rating is not none and rating is at least {good}
silent: closed and closed_by is nobody
escrow: funded and not released
counted: closed and rating is not none and not excluded{s}
threatened: manipulated{s} and reviewable{s}
report_now: manipulated{s} and evidence{s} and not reported
gather: hearsay{s} and not reported
filed: manipulated{s} and reported
removable: voided{s} and (weighs_little{s} or weighs_some{s})
safe: not closed and not at_risk{s} and not may_go_unpaid{s}
major: at_risk{s} and weighs_much{s}
unreported: at_risk{s} and not reported
hurt: counted{s} and marked_badly{s}
helped: counted{s} and marked_well{s}
dispute: counted{s} and marked_badly{s} and filed{s} and evidence{s}
perk: top and counted{s} and marked_badly{s} and not removable{s}
close_now: scored and safe{s} and not escrow{s}
"""
CASE_RULES = """
eligible: (number of jobs where counted{s}) is at least {few}
too_few: (number of jobs where counted{s}) is below {few} and not scored
report_first: (number of jobs where unreported{s}) is at least 1
many_hurt: (number of jobs where hurt{s}) is at least 2
mostly_hurt: (number of jobs where hurt{s}) is above (number of jobs where helped{s})
soon: update_in is at most {days}
protected: scored and not mostly_hurt{s}
delay: report_first{s} and soon{s}
badge: eligible{s} and jobs_ever is at least {ever} and not many_hurt{s}
"""
FACTS = """case:
  jobs_ever: {type: whole number, at_least: 0, at_most: 100000, question: "?"}
  update_in: {type: whole number, at_least: 0, at_most: 100000, question: "?"}
  scored: {type: yes/no, question: "?"}
  top: {type: yes/no, question: "?"}
"""
JOB_FACTS = """job:
  earned: {type: whole number, at_least: 0, at_most: 1000000, question: "?"}
  closed_by: {type: choice, choices: {nobody: nobody, me: me, other: other}, question: "?"}
  threat: {type: choice, choices: {no_threat: none, spoken: spoken, written: written}, question: "?"}
  rating: {type: whole number, at_least: 0, at_most: 10, question: "?"}
"""
PACK = """format: 1
title: A benchmark
version: 1
question: What follows?
entities: {job: {plural: jobs}}
standing: [{id: known, say: known}]
headline: [{otherwise: Done.}]
"""
BOXES = ("closed", "funded", "released", "suspended", "reported", "refunding", "creep")


def thresholds(number: int) -> dict[str, int]:
    """What rules compare with; of each repetition others."""
    odd = number % 2
    return {
        "low": 500 + 7 * number,
        "mid": 5000 + 31 * number,
        "bad": 4 - odd,
        "good": 8 + odd,
        "few": 4 + odd,
        "days": 3 + number % 5,
        "ever": 10 + number,
    }


def ending(number: int) -> str:
    """What the names of a repetition end in."""
    return f"_r{number}" if number else ""


def rules(text: str, number: int) -> list[tuple[str, str]]:
    """Names and conditions of one repetition."""
    lines = text.strip().format(s=ending(number), **thresholds(number)).splitlines()
    return [(name + ending(number), when) for name, when in (line.split(": ", 1) for line in lines)]


def write_pack(folder: Path, repetitions: int) -> None:
    """The rules as a pack."""
    by_kind = {
        kind: [one for number in range(repetitions) for one in rules(text, number)]
        for kind, text in (("case", CASE_RULES), ("job", JOB_RULES))
    }
    boxes = "".join(f'  {box}: {{type: yes/no, question: "?"}}\n' for box in BOXES)
    concluded = {
        kind: "".join(f"  {name}: {{type: yes/no, concluded: yes}}\n" for name, _ in found)
        for kind, found in by_kind.items()
    }
    written = "".join(
        f"- {{id: r-{name.replace('_', '-')}, about: {kind}, when: {when}, conclude: {{{name}: yes}},"
        " because: So it is., sources: [s]}\n"
        for kind, found in by_kind.items()
        for name, when in found
    )
    files = {
        "pack": PACK,
        "sources": "s: {title: A source, date: undated, standing: known}\n",
        "facts": FACTS + concluded["case"] + JOB_FACTS + boxes + concluded["job"],
        "rules": written,
    }
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def columns(cases: int) -> tuple[Array, Columns, Columns]:
    """Where the jobs of each case begin, what is known of the jobs, and of the cases."""
    g = np.random.default_rng(20261123)
    lengths = g.integers(1, 9, cases)
    jobs = int(lengths.sum())
    closed = g.random(jobs) < 0.6
    some = np.where(g.random(jobs) < 0.5, g.integers(1, 2000, jobs), g.integers(1, 20001, jobs))
    job: Columns = {
        "earned": np.where(g.random(jobs) < 0.2, 0, some).astype(np.int32),
        "closed_by": np.where(closed, g.choice(3, jobs, p=[0.15, 0.45, 0.40]), 0).astype(np.int8),
        "threat": g.choice(3, jobs, p=[0.8, 0.12, 0.08]).astype(np.int8),
        "rating": np.where(closed & (g.random(jobs) < 0.85), g.integers(0, 11, jobs), -1).astype(np.int8),
        "closed": closed,
        **{
            name: g.random(jobs) < share
            for name, share in zip(BOXES[1:], (0.7, 0.5, 0.08, 0.2, 0.15, 0.2), strict=True)
        },
    }
    case: Columns = {
        "jobs_ever": g.integers(0, 120, cases).astype(np.int32),
        "update_in": g.integers(0, 15, cases).astype(np.int32),
        "scored": g.random(cases) < 0.6,
        "top": g.random(cases) < 0.3,
    }
    return np.concatenate([[0], np.cumsum(lengths)]), job, case


def by_hand(offsets: Array, job: Columns, case: Columns, repetitions: int) -> list[tuple[Array, Array]]:
    """Bits of jobs and of cases for each repetition, block by block."""
    owners = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    found = [(np.zeros(len(owners), np.uint32), np.zeros(len(offsets) - 1, np.uint16)) for _ in range(repetitions)]
    for low in range(0, len(offsets) - 1, BLOCK):
        high = min(low + BLOCK, len(offsets) - 1)
        first, last = int(offsets[low]), int(offsets[high])
        some = {name: values[first:last] for name, values in job.items()}
        few = {name: values[low:high] for name, values in case.items()}
        starts = offsets[low:high] - first
        for number, (of_jobs, of_cases) in enumerate(found):
            _block(
                thresholds(number), some, few, owners[first:last] - low, starts, of_jobs[first:last], of_cases[low:high]
            )
    return found


def _block(  # noqa: PLR0913, PLR0917  what somebody writes who wants it fast
    t: dict[str, int], j: Columns, c: Columns, owner: Array, starts: Array, of_jobs: Array, of_cases: Array
) -> None:
    earned, closed, threat, rating = j["earned"], j["closed"], j["threat"], j["rating"]
    active, unreported = ~closed, ~j["reported"]
    reviewable, enough, much = earned > 0, earned >= t["low"], earned >= t["mid"]
    some = enough & ~much
    little = reviewable & ~enough
    manipulated, evidence, hearsay = threat != 0, threat == 2, threat == 1
    at_risk = active & (manipulated | j["creep"])
    unpaid = active & ~j["funded"]
    voided = j["refunding"] & j["released"]
    rated = rating >= 0
    badly, well = rated & (rating <= t["bad"]), rating >= t["good"]
    escrow = j["funded"] & ~j["released"]
    counted = closed & rated & ~j["suspended"]
    filed = manipulated & j["reported"]
    removable = voided & (little | some)
    safe = active & ~at_risk & ~unpaid
    risky = at_risk & unreported
    hurt, helped = counted & badly, counted & well
    bits = [
        j["suspended"],
        reviewable,
        j["closed_by"] == 2,
        earned == 0,
        little,
        some,
        much,
        manipulated,
        evidence,
        hearsay,
    ]
    bits += [
        at_risk,
        unpaid,
        voided,
        badly,
        well,
        closed & (j["closed_by"] == 0),
        escrow,
        counted,
        manipulated & reviewable,
    ]
    bits += [evidence & unreported, hearsay & unreported, filed, removable, safe, at_risk & much, risky, hurt, helped]
    bits += [hurt & filed & evidence, c["top"][owner] & hurt & ~removable, c["scored"][owner] & safe & ~escrow]
    _pack(bits, of_jobs)
    n_counted, n_risky, n_hurt, n_helped = (
        np.add.reduceat(one, starts, dtype=np.int16) for one in (counted, risky, hurt, helped)
    )
    scored, eligible, report, many = c["scored"], n_counted >= t["few"], n_risky >= 1, n_hurt >= 2
    mostly, soon = n_hurt > n_helped, c["update_in"] <= t["days"]
    badge = eligible & (c["jobs_ever"] >= t["ever"]) & ~many
    _pack([eligible, ~eligible & ~scored, report, many, mostly, soon, scored & ~mostly, report & soon, badge], of_cases)


def _pack(bits: list[Array], into: Array) -> None:
    shifted = np.empty(len(into), into.dtype)
    for number, one in enumerate(bits):
        np.left_shift(one, into.dtype.type(number), out=shifted, dtype=into.dtype, casting="unsafe")
        into |= shifted


def as_table(offsets: Array, job: Columns, case: Columns) -> pa.Table:
    """The same columns as Arrow has them, not one of them copied."""

    def words(numbers: Array, *names: str) -> pa.Array:
        indices = pa.array(numbers.view(np.int8) if numbers.dtype == np.bool_ else numbers)
        return pa.DictionaryArray.from_arrays(indices, pa.array(names), safe=False)

    jobs = {
        "earned": pa.array(job["earned"]),
        "closed_by": words(job["closed_by"], "nobody", "me", "other"),
        "threat": words(job["threat"], "no_threat", "spoken", "written"),
        "rating": words(job["rating"] + np.int8(1), "none", *map(str, range(11))),
        **{box: words(job[box], "no", "yes") for box in BOXES},
    }
    listed = pa.StructArray.from_arrays(list(jobs.values()), names=list(jobs))
    return pa.table(
        {
            "jobs_ever": pa.array(case["jobs_ever"]),
            "update_in": pa.array(case["update_in"]),
            "scored": words(case["scored"], "no", "yes"),
            "top": words(case["top"], "no", "yes"),
            "jobs": pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), listed),
        }
    )


class Ours:
    """The product: its conclusions as the same bits."""

    def __init__(self, pack: advisor.Pack, repetitions: int) -> None:
        self.pack = pack
        self.repetitions = repetitions
        self.engine = Concluding(pack, Results(pack.program, ["conclusions"]).concluded, date(2026, 11, 27), None)

    def bits(self, offsets: Array, job: Columns, case: Columns) -> list[tuple[Array, Array]]:
        """Bits of jobs and of cases for each repetition."""
        table = as_table(offsets, job, case)
        found = self.engine.conclude(table, layout(self.pack.data, table.schema))
        assert not found.slow.any()
        both: list[dict[str, Array]] = [{} for _ in range(self.repetitions)]
        for number, cluster in enumerate(self.engine.clusters):
            for repetition, seen in enumerate(both):
                known = self._known(cluster, repetition)
                if known is not None:
                    mine = known.take(found.rows[number])
                    seen[cluster.kind] = seen[cluster.kind] | mine if cluster.kind in seen else mine
        return [(one["job"], one["case"]) for one in both]

    def _known(self, cluster: Any, repetition: int) -> Array | None:
        """For each row of a cluster its bits of one repetition; None where there are none."""
        text, type_ = (CASE_RULES, np.uint16) if cluster.kind == "case" else (JOB_RULES, np.uint32)
        bits = np.zeros(cluster.rows.count, type_)
        any_ = False
        for number, (name, _) in enumerate(rules(text, repetition)):
            index = self.pack.program.field(cluster.kind, name)
            if index in cluster.place:
                any_ = True
                met = np.array([value is True for value in self.engine.values[cluster.kind, index].values])
                rows = cluster.rows.found[cluster.place[index], : cluster.rows.count]
                bits |= met[rows].astype(type_) << type_(number)
        return bits if any_ else None


def timed(work: Callable[[], object]) -> float:
    """Seconds of a processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main(cases: int, repetitions: int) -> None:
    """Prints one table."""
    with tempfile.TemporaryDirectory() as folder:
        write_pack(Path(folder), repetitions)
        ours = Ours(advisor.load(folder), repetitions)
    given = columns(cases)
    expected = by_hand(*given, repetitions)
    first = time.process_time()
    found = ours.bits(*given)
    first = time.process_time() - first
    for one, other in zip(found, expected, strict=True):
        assert all((mine == theirs).all() for mine, theirs in zip(one, other, strict=True)), "they differ"
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(timed(lambda: ours.bits(*given)))
        theirs.append(timed(lambda: by_hand(*given, repetitions)))
    ratio = statistics.median(one / other for one, other in zip(mine, theirs, strict=True))
    print(f"{cases:,} cases, {40 * repetitions} rules, one processor of {platform.machine()}; equal bits")
    print(f"numpy by hand             {statistics.median(theirs):.3f} s")
    print(f"advisor                   {statistics.median(mine):.3f} s, {ratio:.2f} times that")
    print(f"advisor, the first table  {first:.3f} s: every combination is new")


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    main(numbers[0] if numbers else 1_000_000, numbers[1] // 40 if len(numbers) > 1 else 1)
