"""The server as a process: it says where it is, stops cleanly, and after a kill nothing is lost and nothing is left."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.web.conftest import PICNIC

ADVISOR = Path(sys.executable).parent / "advisor"


def serving(database: Path, *options: str) -> list[str | Path]:
    return [ADVISOR, "serve", "--port", "0", "--rules", PICNIC, "--database", f"sqlite:///{database}", *options]


@contextmanager
def server(database: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = serving(database, *options)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        try:
            found = re.search(r"http://\S+", process.stderr.readline())
            assert found is not None
            yield process, found[0]
        finally:
            process.kill()


def session(found: Any) -> str:
    """The address of the session that a page belongs to."""
    return str(found.url).partition("/s/")[0] + "/s/" + str(found.url).partition("/s/")[2].split("/", maxsplit=1)[0]


def test_after_a_kill_nothing_is_lost_and_no_process_is_left(tmp_path: Path) -> None:
    with server(tmp_path / "s.db") as (process, address):
        page = httpx2.post(f"{address}/begin/picnic", follow_redirects=True, timeout=60)
        base = session(page)
        answered = 0
        while "/check" not in str(page.url) and answered < 4:
            data = {"answer": "7"} if 'name="answer" value=""' in page.text else {"do": "unknown"}
            if "/list/" in str(page.url):
                data = {"do": "skip"}
            page = httpx2.post(str(page.url), data=data, follow_redirects=True, timeout=60)
            answered += 1
        before = httpx2.get(f"{base}/download/case.yaml", timeout=60).text
        assert len(before.splitlines()) > 2
        group = os.getpgid(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert gone(group)
    assert (tmp_path / "s.db").stat().st_mode & 0o077 == 0
    with server(tmp_path / "s.db") as (_, address):
        token = base.rpartition("/")[2]
        assert httpx2.get(f"{address}/s/{token}/download/case.yaml", timeout=60).text == before


def gone(group: int) -> bool:
    """Whether no process of a group is left, soon."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_it_stops_cleanly_when_told_to(tmp_path: Path) -> None:
    with server(tmp_path / "s.db") as (process, address):
        assert httpx2.get(f"{address}/healthz", timeout=60).json() == {"status": "ok"}
        group = os.getpgid(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        assert process.returncode in (0, -signal.SIGTERM)
        assert gone(group)


def test_what_cannot_be_opened_or_listened_on_is_said_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        wrong: dict[str, list[str | Path]] = {
            "the database cannot be opened": serving(tmp_path / "no" / "s.db"),
            "name another with --port": serving(tmp_path / "s.db", "--port", port),
            "is written as sqlite:///FILE": [ADVISOR, "serve", "--database", "nothing"],
        }
        for said, command in wrong.items():
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 2, done.stderr
            assert said in done.stderr
            assert "Traceback" not in done.stderr
