"""Many people at once on the pages: how long each waits, whether any gets another's page, whether any answer is lost.

`python -m tests.benchmarks.load --people 1000 --seconds 120` starts a server of its own and tells what it measured.
Each person answers a question every 20 seconds: a form that is sent, then the page that follows.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

PACK = "ending-a-contract"
BETWEEN = 20.0
"""Seconds from one answer of a person to the next."""


@dataclass
class Seen:
    """What was measured: seconds of each request by what it was, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)


class Browser:
    """As little of a browser as answers questions."""

    def __init__(self, port: int, seen: Seen) -> None:
        self.port = port
        self.seen = seen

    async def ask(
        self, what: str, method: str, path: str, form: list[tuple[str, str]] | None = None
    ) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        body = urlencode(form or []).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if method == "POST":
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"{head}\r\n".encode() + body)
        answer = (await reader.read()).decode()
        writer.close()
        self.seen.seconds.setdefault(what, []).append(time.perf_counter() - begun)
        start, _, page = answer.partition("\r\n\r\n")
        status = int(start.split(" ", 2)[1]) if start else 0
        if status >= 400 or not status:
            self.seen.wrong[f"{what}: status {status}"] += 1
        found = re.search(r"^location: (.*)$", start, re.MULTILINE | re.IGNORECASE)
        return status, found[1].strip() if found else "", page


async def person(number: int, browser: Browser, until: float) -> None:
    """One person: begins, then answers every 20 seconds; her own name must stand on every page, and in what is kept."""
    name, dice = f"Job{number:05}x", random.Random(number)
    await asyncio.sleep(dice.random() * BETWEEN)
    _, at, _ = await browser.ask("begin", "POST", f"/begin/{PACK}")
    base = at.rpartition("/")[0]
    _, at, _ = await browser.ask("answer", "POST", at, [("goal", dice.choice(("does-it-hurt", "threat")))])
    answers, listed = 0, False
    page = (await browser.ask("page", "GET", at))[2]
    while time.monotonic() < until:
        if "/list/" in at:
            listed = True
            form = [("row", "new-1"), ("new-1.title", name), ("ending", "all"), ("do", "go"), ("was", _was(page))]
        elif "/question/" in at:
            form = [("do", "unknown"), ("was", _was(page))]
            answers += 1
        else:
            break
        _, at, _ = await browser.ask("answer", "POST", at, form)
        page = (await browser.ask("page", "GET", at))[2]
        others = set(re.findall(r"Job\d{5}x", page)) - {name}
        if others:
            browser.seen.wrong["another's page"] += 1
        await asyncio.sleep(BETWEEN * (0.75 + dice.random() / 2))
    kept = (await browser.ask("file", "GET", f"{base}/download/case.yaml"))[2]
    if (listed and name not in kept) or kept.count("unknown") < answers:
        browser.seen.wrong["an answer is lost"] += 1


def _was(page: str) -> str:
    found = re.search(r'name="was" value="([^"]*)"', page)
    return found[1] if found else ""


async def crowd(people: int, seconds: float, port: int) -> Seen:
    """Everybody at once."""
    seen = Seen()
    until = time.monotonic() + seconds
    await asyncio.gather(*(person(number, Browser(port, seen), until) for number in range(people)))
    return seen


def _processor_seconds(group: int) -> dict[int, float]:
    """What each process of a group has taken of the processors so far."""
    found: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            found[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def _until_idle(group: int) -> dict[int, float]:
    """Waits until what is worked out ahead is done; what each process has taken by then."""
    before = _processor_seconds(group)
    while True:
        time.sleep(2)
        now = _processor_seconds(group)
        if sum(now.values()) - sum(before.values()) < 0.04:
            return now
        before = now


def main() -> None:
    """Measures, and tells."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    advisor = Path(sys.executable).parent / "advisor"
    with tempfile.TemporaryDirectory() as folder:
        command: list[str | Path] = [advisor, "serve", "--port", "0", "--rate", "0", "--workers", str(chosen.workers)]
        command += ["--database", f"sqlite:///{folder}/sessions.db"]
        log = Path(folder, "log")
        with log.open("w") as writing, subprocess.Popen(command, stderr=writing, start_new_session=True) as server:
            try:
                port = _port(log)
                before = _until_idle(server.pid)
                seen = asyncio.run(crowd(chosen.people, chosen.seconds, port))
                after = _processor_seconds(server.pid)
            finally:
                server.terminate()
    _tell(chosen.people, chosen.seconds, seen, {one: after[one] - before.get(one, 0.0) for one in after})


def _port(log: Path) -> int:
    while not (found := re.search(r":(\d+) \(", log.read_text())):
        time.sleep(0.1)
    return int(found[1])


def _tell(people: int, seconds: float, seen: Seen, taken: dict[int, float]) -> None:
    count = sum(map(len, seen.seconds.values()))
    print(f"{people} people for {seconds:g} s: {count} requests, {count / seconds:.1f} a second")
    each = ", ".join(f"{one:.1f}" for one in taken.values())
    print(f"processor time: {each} s by process, {1000 * sum(taken.values()) / max(1, count):.1f} ms a request")
    every = [one for times in seen.seconds.values() for one in times]
    for what, unsorted in {**seen.seconds, "all": every}.items():
        times = sorted(unsorted)
        shown = {name: 1000 * times[min(len(times) - 1, int(share * len(times)))] for name, share in SHARES.items()}
        print(f"{what:7}", "  ".join(f"{name} {value:.0f} ms" for name, value in shown.items()))
    print("wrong:", dict(seen.wrong) or "nothing")


SHARES = {"50 %": 0.5, "95 %": 0.95, "99 %": 0.99, "slowest": 1.0}


if __name__ == "__main__":
    main()
