"""How the tests run: the same examples every time, so that a failure is nobody's luck. FUZZ=1 looks for new ones."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("fuzz", max_examples=10_000, deadline=None)
settings.load_profile("fuzz" if os.environ.get("FUZZ") else "steady")

# What the program keeps for its next run is of this run of the tests alone.
os.environ["ADVISOR_CACHE"] = tempfile.mkdtemp()
atexit.register(shutil.rmtree, os.environ["ADVISOR_CACHE"], ignore_errors=True)


def pytest_make_parametrize_id(val: object) -> str | None:
    """An id by which a test can be run alone: pytest does not find one with a backslash in it."""
    written = val.encode("unicode_escape").decode() if isinstance(val, str) else ""
    return written.replace("\\", "|") if "\\" in written else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests measured."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value}")
