"""A new pack: right from the start, whatever was said of it, and nothing is left of one that is not."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path

import pytest
import typer

from advisor import cli
from advisor.authoring.starting import FILES, Beginning, name_of, one_line, write
from advisor.face import load

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize("question", ["What now?", 'Is "it" {so}: 100 % # yes? \\', "- a", "ünï ☃"])
@pytest.mark.parametrize(("thing", "things"), [("", ""), ("job_offer", "job_offers")])
def test_whatever_is_said_of_it_stands_in_it(question: str, thing: str, things: str, tmp_path: Path) -> None:
    """Texts with marks that mean something in the files are taken as they are."""
    folder = tmp_path / "new" / "mine"
    cases = write(
        folder, Beginning(title=question, question=question, source=question, thing=thing, things=things), TODAY
    )
    pack = load(folder)

    assert cases == (6 if thing else 5)
    assert (pack.data.title, pack.data.question) == (question, question)
    assert pack.data.sources["first-source"].title == question
    answer = pack.advise(pack.case({"facts": {"know_enough": "no"}}), today=TODAY).to_dict()["answers"][0]
    assert answer["question"] == question
    assert sorted(FILES) == sorted(str(one.relative_to(folder)) for one in folder.rglob("*.yaml"))


def test_words_and_lines() -> None:
    """What can be no name, or no line, is sent back with what to write."""
    assert name_of(" Job offer ") == "job_offer"
    assert one_line(" a\nb\x00c ") == "a b c"
    for words in ("", "!!", "none", "case", "facts", "1"):
        with pytest.raises(ValueError, match=r"write it|meaning of its own"):
            name_of(words)
    for words in (" ", "x" * 301):
        with pytest.raises(ValueError, match="say it in"):
            one_line(words)


def test_nothing_is_left_where_it_fails(tmp_path: Path) -> None:
    """Where a pack cannot be written whole, no part of it is there."""
    (tmp_path / "mine").write_text("a file", encoding="utf-8")
    with pytest.raises(OSError, match="mine"):
        write(tmp_path / "mine", Beginning(title="a", question="b?", source="c"), TODAY)

    assert [one.name for one in tmp_path.iterdir()] == ["mine"]


def test_questions_at_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal what no option says is asked, and again where the reply will not do."""
    replies = iter(["Which one?", "", "none", "flat", "flats", ""])

    def reply(text: str, default: str = "", **_: object) -> str:
        asked.append(text)
        return next(replies) or default

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(typer, "prompt", reply)

    assert cli.run(["rules", "new", str(tmp_path / "two-flats")]) == 0
    data = load(tmp_path / "two-flats").data
    assert (data.title, data.question) == ("Two flats", "Which one?")
    assert data.entities["flat"].plural == "flats"
    assert len(asked) == 6
    assert "a meaning of its own" in capsys.readouterr().err
