"""Processes that reason, so that the server always answers: one that takes too long is ended, and a new one begun.

In: a job by name. Out: its last result, and whether it came to its end. What belongs to one session goes to the same
process, which has it at hand.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import threading
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

from advisor.problems.problem import Problems
from advisor.web.desk import Desk, Result
from advisor.web.settings import Settings

BEGUN, PART, END, REFUSED, MISSING, FAILED = "begun", "part", "end", "refused", "missing", "failed"
STARTING: Final = 60.0
"""Seconds in which a process must be ready to begin with a job."""
QUICK: Final = 10.0
"""Seconds for what involves no search."""
FIRST: Final = 30.0
"""Seconds for what can be told without the searches that may come after it."""
RARELY: Final = 50_000
"""New objects between two looks for garbage in cycles: a request makes few such cycles."""
_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["advisor.web.jobs"])  # what all processes load is loaded once


class TookTooLong(Exception):
    """A job gave nothing in its time."""


class Missing(Exception):
    """There is no page of that address in the session."""


class Failed(Exception):
    """A job failed for a reason that is not in what it was given; the message is for a log."""


@dataclass(frozen=True, slots=True)
class Done:
    """`result`: the most complete one. `complete`: whether nothing is missing from it for lack of time."""

    result: Result
    complete: bool


class Worker:
    """One process, one job at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._process: Any = None
        self._connection: Connection | None = None

    def start(self) -> None:
        """Begins the process, which then reads the packs."""
        ours, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(theirs, self._settings), daemon=True)
        self._process.start()
        theirs.close()
        self._connection = ours

    def stop(self) -> None:
        """Ends the process."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._connection = None

    def do(self, name: str, first: float, patience: float, **what: Any) -> Done:  # noqa: ANN401 - each job takes its own
        """Has a job done: its first result within `first` seconds, the others within `patience`.

        Raises Problems, Missing, TookTooLong and Failed.
        """
        if not self._lock.acquire(timeout=first + STARTING):
            raise TookTooLong(name)
        try:
            return self._done(name, first, patience, what)
        finally:
            self._lock.release()

    def _done(self, name: str, first: float, patience: float, what: dict[str, Any]) -> Done:
        if self._connection is None:
            self.start()
        assert self._connection is not None
        last: Result | None = None
        try:
            self._connection.send((name, what))
            begun = time.monotonic()
            until = begun + STARTING
            while self._connection.poll(max(0.0, until - time.monotonic())):
                kind, found = self._connection.recv()
                if kind == BEGUN:
                    begun = time.monotonic()
                    until = begun + first
                elif kind == PART:
                    last, until = found, begun + patience
                else:
                    return _ended(kind, found, last)
        except (EOFError, OSError) as gone:
            self.stop()
            raise Failed(f"the process that did `{name}` has ended") from gone
        self.stop()
        if last is None:
            raise TookTooLong(name)
        return Done(last, complete=False)


def _ended(kind: str, found: Any, last: Result | None) -> Done:  # noqa: ANN401 - by kind
    if kind == REFUSED:
        raise Problems(found)
    if kind == MISSING:
        raise Missing(found)
    if kind == FAILED or last is None:
        raise Failed(str(found))
    return Done(last, complete=True)


class Workers:
    """Some processes for what is quick, and one for what is searched for, so that no search keeps others waiting."""

    def __init__(self, settings: Settings) -> None:
        self._quick = [Worker(settings) for _ in range(settings.workers)]
        self._searching = Worker(settings)
        self._patience = settings.patience
        for worker in (*self._quick, self._searching):
            worker.start()

    def quick(self, name: str, session: str = "", **what: Any) -> Done:  # noqa: ANN401 - each job takes its own
        """A job without a search, done by the process that is busy with that session. Raises as `Worker.do`."""
        return self._quick[hash(session) % len(self._quick)].do(name, QUICK, QUICK, **what)

    def searched(self, name: str, patience: float = 0.0, **what: Any) -> Done:  # noqa: ANN401 - each job takes its own
        """A job with a search, which ends with what was found when patience does. Raises as `Worker.do`.

        `patience`: at least so many seconds, where somebody waits for it with more patience than for a page.
        """
        patience = max(patience, self._patience)
        return self._searching.do(name, max(FIRST, patience), patience, **what)

    def stop(self) -> None:
        """Ends all processes."""
        for worker in (*self._quick, self._searching):
            worker.stop()


def _work(connection: Connection, settings: Settings) -> None:
    """What a process does: reads the packs, then one job after the other until nobody is there any more."""
    from advisor.web.jobs import JOBS, warmed  # noqa: PLC0415 - the server itself need not load what reasons
    from advisor.web.pages.room import NoSuchPage  # noqa: PLC0415 - the same

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends its processes itself
    desk = Desk(settings)
    gc.collect()
    gc.freeze()
    gc.set_threshold(RARELY, 20, 20)
    ahead = warmed(desk) if settings.ahead else iter(())
    while True:
        try:
            while not connection.poll() and next(ahead, END) != END:
                pass
            name, what = connection.recv()
        except (EOFError, OSError):
            return
        try:
            connection.send((BEGUN, None))
            for part in JOBS[name](desk, **what):
                connection.send((PART, part))
            connection.send((END, None))
        except Problems as problems:
            connection.send((REFUSED, problems.problems))
        except NoSuchPage as missing:
            connection.send((MISSING, str(missing)))
        except OSError:
            return
        except Exception as error:  # noqa: BLE001 - the server must go on, whatever it is
            connection.send((FAILED, _where(error)))


def _where(error: Exception) -> str:
    """What failed and where in the program, without anything that a person said."""
    spots = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at " + " < ".join(f"{one.name}:{one.lineno}" for one in reversed(spots[-4:]))
