"""The pages in a real browser: nothing that keeps anybody out, the keyboard alone suffices, scripts only add comfort.

A machine without Chromium skips these tests.
"""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from advisor.web.app import application
from tests.web.conftest import settings_for
from tests.web.test_pages import stage_3

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 60_000
"""Milliseconds for a page on a machine that is busy."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        settings = settings_for(tmp_path_factory.mktemp("browser"), patience=60)
        server = uvicorn.Server(uvicorn.Config(application(settings), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield found
        found.close()


def opened(browser: Browser, **how: Any) -> Page:
    page = browser.new_context(**how).new_page()
    page.set_default_timeout(PATIENCE)
    return page


@pytest.fixture(scope="module")
def session(browser: Browser, address: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a session of which nearly all is answered."""
    file: Path = tmp_path_factory.mktemp("case") / "case.yaml"
    file.write_text(stage_3(), encoding="utf-8")
    page = opened(browser)
    page.goto(address)
    page.set_input_files("#case", file)
    page.get_by_role("button", name="Go on with it").click()
    page.wait_for_url("**/check")
    found = page.url.rpartition("/")[0]
    page.context.close()
    return found


ALL_PAGES = (
    "/", "/docs", "/nowhere", "goals", "list/contracts", "question/contracts/redesign/problems",
    "question/contracts/redesign/earned", "question/contracts/redesign/client", "check", "answer", "answer?show=ways",
    "delete", "try?set=contracts%5Bredesign%5D.earned%3D500+USD", "try?set=nothing",
)  # fmt: skip


def test_nothing_on_any_page_keeps_anybody_out(browser: Browser, address: str, session: str) -> None:
    """No violation that axe finds, and nothing wider than a phone."""
    page = opened(browser, viewport={"width": 360, "height": 700}, reduced_motion="reduce")
    for where in ALL_PAGES:
        page.goto(f"{address}{where}" if where.startswith("/") else f"{session}/{where}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert violations(page, {"runOnly": WCAG}) == [], where
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, where
    page.context.close()


def test_in_the_dark_all_can_be_read(browser: Browser, address: str, session: str) -> None:
    page = opened(browser, color_scheme="dark", reduced_motion="reduce")
    only = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
    for where in ("/", "/docs", "goals", "list/contracts", "question/contracts/redesign/problems", "check", "answer"):
        page.goto(f"{address}{where}" if where.startswith("/") else f"{session}/{where}")
        assert violations(page, only) == [], where
    page.context.close()


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def test_what_keeps_people_out_is_found(browser: Browser) -> None:
    """The look that the tests above take is not blind."""
    page = opened(browser)
    page.set_content("<h1>A</h1><input><p style='color: #ccc'>Hard to read</p>")
    found = {one.partition(":")[0] for one in violations(page, {"runOnly": WCAG})}
    assert {"label", "color-contrast", "html-has-lang"} <= found
    page.context.close()


def test_at_twice_the_size_nothing_is_cut_off(browser: Browser, session: str) -> None:
    """At 200 % zoom, 1280 pixels are 640."""
    page = opened(browser, viewport={"width": 640, "height": 400}, device_scale_factor=2)
    for where in ("goals", "list/contracts", "question/contracts/redesign/problems", "check", "answer"):
        page.goto(f"{session}/{where}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, where
    page.context.close()


def test_the_keyboard_alone_suffices(browser: Browser, address: str) -> None:
    page = opened(browser)
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to what this page is about")
    reach(page, re.compile("Begin.*Ending"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/goals")
    reach(page, "What should I do first?")
    page.keyboard.press("Space")
    reach(page, "Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/list/contracts")
    reach(page, re.compile("Its name, row 1"))
    page.keyboard.type("Redesign")
    reach(page, "Yes, these are all")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/question/**")
    first = page.url
    reach(page, "Skip for now")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    page.context.close()


def reach(page: Page, name: str | re.Pattern[str]) -> None:
    """Presses Tab until what is called so has the focus, and can be seen to have it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            "(() => { const e = document.activeElement; return [e.ariaLabel, ...[...(e.labels || [])].map(l => "
            "l.textContent), e.textContent].filter(Boolean).map(t => t.trim().replace(/\\s+/g, ' ')); })()"
        )
        if any(re.search(name, one) for one in shown):
            outline = page.evaluate(
                "(() => { for (let e = document.activeElement; e; e = e.parentElement) { const o = "
                "getComputedStyle(e); if (o.outlineStyle !== 'none' && parseFloat(o.outlineWidth) > 0) return true; } "
                "return false; })()"
            )
            assert outline, f"{name}: the focus cannot be seen"
            return
    raise AssertionError(f"{name} cannot be reached")


def test_an_error_leads_to_its_field_and_keeps_what_was_typed(browser: Browser, session: str) -> None:
    page = opened(browser)
    page.goto(f"{session}/question/contracts/redesign/earned")
    page.fill("#answer", "a bit")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_selector("#problem")
    expect(page.locator("#problem")).to_be_focused()
    page.locator("#problem a").click()
    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator("#answer")).to_have_value("a bit")
    page.context.close()


def test_with_scripts_a_reply_shows_how_it_is_understood_and_pages_come_without_a_reload(
    browser: Browser, session: str
) -> None:
    page = opened(browser)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{session}/question/contracts/redesign/earned")
    page.evaluate("window.same = true")
    page.fill("#answer", "about 5.6k")
    expect(page.locator(".understood")).to_contain_text("✓ $4,480 to $6,720")
    page.fill("#answer", "0")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: not url.endswith("/earned"))
    assert page.evaluate("window.same") is True
    page.go_back()
    page.wait_for_url("**/earned")
    expect(page.locator("#answer")).to_have_value("0")
    assert said == []
    page.context.close()


def test_without_scripts_all_of_it_works(browser: Browser, address: str) -> None:
    page = opened(browser, java_script_enabled=False)
    page.goto(address)
    page.get_by_role("button", name=re.compile("Begin.*picnic")).click()
    for _ in range(12):
        page.wait_for_load_state()
        if page.url.endswith("/check"):
            break
        press(page, "I don’t know" if "/question/" in page.url else "Skip for now")
    page.get_by_role("link", name=re.compile("See the advice")).first.click()
    page.wait_for_url("**/answer")
    expect(page.locator("h1")).to_be_visible()
    page.context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).last.click()


def test_ticks_are_kept_at_once(browser: Browser, session: str) -> None:
    page = opened(browser)
    page.goto(f"{session}/answer")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("#now input[type=checkbox]").first.check()
    page.goto(f"{session}/answer")
    expect(page.locator("#now input[type=checkbox]").first).to_be_checked()
    page.context.close()


def test_a_printed_answer_has_no_buttons(browser: Browser, session: str) -> None:
    page = opened(browser)
    page.goto(f"{session}/answer?show=steps")
    page.emulate_media(media="print")
    for hidden in (".bar", ".buttons", ".keep", ".further", "footer"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#steps .action").first).to_be_visible()
    page.context.close()
