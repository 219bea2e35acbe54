"""How much memory the process holds while it advises on many cases: it must not grow with their number."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import advisor
from tests.benchmarks import synthetic

STEPS = 10


def held() -> int:
    """The memory that this process holds now, in kB (Linux)."""
    line = next(line for line in Path("/proc/self/status").read_text("utf-8").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


def measure(cases: int) -> list[tuple[int, int]]:
    """Memory after each tenth of so many different cases of three items, by a made-up pack of 40 rules."""
    with tempfile.TemporaryDirectory() as folder:
        pack = advisor.load(synthetic.write_pack(Path(folder) / "pack", 40))
    found = []
    for number in range(1, cases + 1):
        pack.reason(pack.case(synthetic.case(3, number)))
        if number % (cases // STEPS) == 0:
            found.append((number, held()))
    return found


if __name__ == "__main__":
    for number, kilobytes in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000):
        print(f"{number:>9,} cases  {kilobytes / 1024:7.1f} MB")
