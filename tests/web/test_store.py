"""Sessions in SQLite and in PostgreSQL: the same, and none goes over another.

A machine without PostgreSQL skips its half.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from advisor.web.app import application
from advisor.web.store import Store
from tests.web.conftest import Person, settings_for


def _program(name: str) -> str | None:
    """A program of PostgreSQL, also where it is not on the path."""
    there = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(there[-1]) if there else shutil.which(name)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own, reached through a socket."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("there is no PostgreSQL on this machine")
    folder = Path(f"/tmp/advisor-postgres-{os.getpid()}")  # noqa: S108  a socket's address must be short
    folder.mkdir()
    as_other: list[str] = []
    if os.geteuid() == 0:  # it does not run as root
        try:
            other = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("there is no user under whom PostgreSQL could run")
        os.chown(folder, other.pw_uid, other.pw_gid)
        as_other = ["runuser", "-u", "postgres", "--"]
    run = [*as_other, pg_ctl, "-D", str(folder / "data"), "-s", "-w"]
    try:
        made = [*as_other, initdb, "-D", str(folder / "data"), "-U", "advisor", "-A", "trust", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True)
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        subprocess.run([*run, "-l", str(folder / "log"), "-o", options, "start"], check=True)
        yield f"postgresql://advisor@/postgres?host={folder}"
    finally:
        subprocess.run([*run, "-m", "immediate", "stop"], check=False, capture_output=True)
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/s.db"
    return str(request.getfixturevalue("postgres"))


def test_a_session_is_kept_changed_and_deleted(url: str) -> None:
    store = Store(url)
    token = store.add("p", "text – “quoted” é", "{}")
    kept = store.find(token)
    assert kept is not None
    assert (kept.pack, kept.text, kept.memory, kept.version) == ("p", "text – “quoted” é", "{}", 1)
    assert store.change(token, 1, "new", "{}")
    assert not store.change(token, 1, "late", "{}")
    again = store.find(token)
    assert again is not None
    assert (again.text, again.version) == ("new", 2)
    assert store.delete(token)
    assert not store.delete(token)
    assert store.find(token) is None
    assert store.find("") is None
    assert store.is_well()
    store.close()


def test_of_many_changes_at_once_none_is_lost(url: str) -> None:
    store = Store(url)
    token = store.add("p", "0", "{}")

    def one_more(_: int) -> None:
        while True:
            kept = store.find(token)
            assert kept is not None
            if store.change(token, kept.version, str(int(kept.text) + 1), "{}"):
                return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one_more, range(40)))
    kept = store.find(token)
    assert kept is not None
    assert kept.text == "40"
    assert store.expire(timedelta(days=-1)) >= 1
    store.close()


def test_tables_that_are_there_already_are_used(url: str) -> None:
    first = Store(url)
    token = first.add("p", "text", "{}")
    first.close()
    second = Store(url)
    assert second.find(token) is not None
    second.close()


def test_a_session_on_postgresql(postgres: str, tmp_path: Path) -> None:
    with TestClient(application(settings_for(tmp_path, database=postgres))) as client:
        person = Person(client, "picnic")
        for _ in range(3):
            person.send({"do": "unknown"} if person.at.startswith("question") else {"do": "skip"})
        person.open("check")
        assert "you don't know" in person.text.casefold()
