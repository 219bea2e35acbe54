"""One server for all tests of pages, with its processes and a database of its own; and somebody who uses it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from advisor.web.app import application
from advisor.web.settings import Settings
from tests.folders import RULES, TESTS

TODAY = date(2022, 6, 5)
PICNIC = TESTS / "scenarios" / "packs" / "picnic"
"""A small pack."""
PACKS = {
    "ending-a-contract": RULES / "ending-a-contract",
    "travelling-abroad": RULES / "travelling-abroad",
    "picnic": PICNIC,
}


def settings_for(folder: Path, **more: Any) -> Settings:
    given: dict[str, Any] = {
        "packs": PACKS,
        "database": f"sqlite:///{folder}/sessions.db",
        "today": TODAY,
        "rate": 0,
        "workers": 1,
        "ahead": False,
    }
    return Settings(**{**given, **more})


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = settings_for(tmp_path_factory.mktemp("web"), patience=60)
    with TestClient(application(settings), base_url="http://testserver") as found:
        yield found


class Person:
    """Somebody with a browser that runs no scripts."""

    def __init__(self, client: TestClient, pack: str = "ending-a-contract") -> None:
        self.client = client
        self.page = client.post(f"/begin/{pack}")
        found = re.match(r"/s/[^/]+", self.page.url.path)
        self.base: str = found[0] if found else ""

    @property
    def at(self) -> str:
        """The page that is open, below the session's address."""
        return str(self.page.url.path).removeprefix(f"{self.base}/")

    @property
    def text(self) -> str:
        """What the page says, without its tags."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.page.text.partition("<body")[2])).split())

    @property
    def heading(self) -> str:
        """What stands in the page's first heading."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page.text, re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]*>", "", found[1])).split()) if found else ""

    def hidden(self, name: str) -> str:
        """What a hidden field of the page holds."""
        found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', self.page.text)
        return html.unescape(found[1]) if found else ""

    def open(self, address: str) -> None:
        """Opens a page of the session."""
        self.page = self.client.get(f"{self.base}/{address}")

    def send(self, form: Mapping[str, str | Sequence[str]], at: str = "") -> None:
        """Presses a button of the form on the page."""
        self.page = self.client.post(f"{self.base}/{at or self.at}", data={"was": self.hidden("was"), **form})

    def asks(self, *goals: str) -> None:
        """Says what is to be known."""
        self.send({"goal": goals}, "goals")

    def lists(self, *names: str) -> None:
        """Names the things in a list, and says that these are all."""
        rows = {f"new-{number}.title": name for number, name in enumerate(names, 1)}
        self.send({"row": [key.partition(".")[0] for key in rows], **rows, "ending": "all", "do": "go"})

    def answers(self, answer: str | Sequence[str]) -> None:
        """Answers the question that is open."""
        self.send({"answer": answer})


@pytest.fixture
def person(client: TestClient) -> Person:
    return Person(client)
