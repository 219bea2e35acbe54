"""`make bench`: every measurement, printed as one table.

`python tests/benchmarks/run.py 10000` looks at memory over so many cases (default: 100,000, some minutes).
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CASES = "100000"


def speeds() -> list[dict[str, object]]:
    """Each speed with the docstring that says what was done."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        options = ("-q", "-o", "addopts=", "-o", "filterwarnings=", f"--benchmark-json={results}", "--benchmark-quiet")
        files = (HERE / "test_speed.py", HERE / "test_decisions.py")
        subprocess.run([sys.executable, "-m", "pytest", *options, *files], check=True)
        found: list[dict[str, object]] = json.loads(results.read_text(encoding="utf-8"))["benchmarks"]
    return found


def in_words(seconds: float) -> str:
    """`3.2 ms`, `1.45 s`."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.3g} ms"


def main() -> None:
    """Print the table."""
    print(f"\nPython {platform.python_version()}, {platform.machine()}; the median of several runs\n")
    print("| what | time |\n|---|---:|")
    for one in speeds():
        print(f"| {str(one['name']).removeprefix('test_').replace('_', ' ')} | {in_words(one['stats']['median'])} |")  # type: ignore[index]
    print("\nBeside plain Python and what peers are installed, on one core:\n", flush=True)
    subprocess.run([sys.executable, "-m", "tests.benchmarks.peers"], check=True, cwd=HERE.parent.parent)
    print("\nThe session, from each answer to the next question:\n", flush=True)
    subprocess.run([sys.executable, HERE / "next_question.py"], check=True)
    print("\nQuestions asked, beside other ways to ask:\n", flush=True)
    subprocess.run([sys.executable, HERE / "questions_asked.py"], check=True)
    print("\nMemory over many cases:\n", flush=True)
    subprocess.run([sys.executable, HERE / "memory.py", *(sys.argv[1:] or [CASES])], check=True)


if __name__ == "__main__":
    main()
