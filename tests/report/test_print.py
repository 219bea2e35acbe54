"""A report printed from a browser: the page, and what was folded stays folded. Skipped where there is no Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import advisor
from advisor.cases.reader import read_case
from tests.folders import RULES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync".split()
MOST_SHEETS = 2


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_report_prints_on_two_sheets(tmp_path: Path) -> None:
    """The thread's own case, of which the whole report is long."""
    pack = advisor.load(RULES / "ending-a-contract")
    case = read_case(pack.data, RULES / "ending-a-contract" / "cases" / "source-thread.yaml#stage-3")
    page, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(pack.advise(case).render("html"), encoding="utf-8")
    own = f"--user-data-dir={tmp_path / 'profile'}"
    assert CHROMIUM is not None
    command = [CHROMIUM, *QUIET, own, "--no-pdf-header-footer", f"--print-to-pdf={printed}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)

    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) <= MOST_SHEETS
