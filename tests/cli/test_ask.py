"""`advisor ask` as people use it: in a real terminal, over a pipe, killed, twice at once, with a change of mind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

import advisor
from advisor.dialogue.session import Session
from advisor.files import shipped
from advisor.packs.pack import Fact
from advisor.problems.problem import Problems
from tests.terminal.screen import HOME, PROGRAM, Terminal

PROMPT = r"> $"
LAST = "That is all I need to ask."
THREAD = {
    "has_score": "no", "top_rated": "no", "problems": "threat, scope, not_paid", "kind": "fixed", "ended": "no",
    "earned": "0", "client_reasonable": "no", "milestone": "unfunded", "threat_for": "more work",
    "extra_paid": "nothing",
    "threat_where": "don't know", "client": "the redesign client", "account": "1",
}  # fmt: skip
"""What the person of the source thread knew at first, by fact."""
GOOD = {"problems": "none", "feedback": "good", "ended": "no", "kind": "fixed"}


def ask(*arguments: str, typed: str = "", folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command over a pipe."""
    command = [sys.executable, "-c", PROGRAM, "ask", *arguments]
    environment = {**os.environ, "PYTHONPATH": HOME}
    return subprocess.run(
        command, input=typed, capture_output=True, text=True, cwd=folder, check=False, timeout=120, env=environment
    )


@pytest.fixture(scope="module")
def facts() -> Mapping[str, Fact]:
    """The facts of the first pack by their question."""
    pack = advisor.load(shipped.rules() / "ending-a-contract")
    return {fact.question: fact for fact in pack.data.all_facts() if fact.question}


def asked(screen: str, facts: Mapping[str, Fact]) -> str:
    """The fact that the screen asks for; empty where it asks for none."""
    flat = " ".join(screen.split())
    found = [question for question in facts if question in flat]
    return facts[max(found, key=flat.rindex)].name if found else ""


def play(terminal: Terminal, facts: Mapping[str, Fact], known: Mapping[str, str]) -> str:
    """Answers whatever is asked from what is known, until the session has nothing left to ask; what was shown."""
    shown = ""
    about = ""
    for _ in range(120):
        seen = terminal.read_until(PROMPT)
        shown += seen
        if LAST in seen:
            return shown
        headings = re.findall(r"── “([^”]+)”", seen)
        about = headings[-1] if headings else "" if "──" in seen else about
        source = GOOD if "good contract" in about else known
        terminal.type(source.get(asked(seen, facts), "don't know"))
    raise AssertionError(f"the session does not end:\n{shown[-2000:]}")


def look_at_the_whole_case(terminal: Terminal) -> None:
    """Chooses no question of the pack's, and waits for the first that is asked."""
    terminal.read_until("What would you like to know[^❯]*❯[^>]*> $")
    terminal.type("")
    terminal.read_until(PROMPT)


def changed(terminal: Terminal, facts: Mapping[str, Fact], known: dict[str, str], fact: str, reply: str) -> str:
    """Changes one answer on the contract in question, and answers what that brings up; what was shown."""
    known[fact] = reply
    terminal.type(f"change contracts[redesign].{fact}")
    terminal.read_until(PROMPT)
    terminal.type(reply)
    return " ".join(play(terminal, facts, known).split())


@pytest.mark.slow
def test_the_thread_in_its_order_at_a_terminal(tmp_path: Path, facts: Mapping[str, Fact]) -> None:
    known = dict(THREAD)
    arguments = ("ask", "case.yaml", "--pack", "ending-a-contract", "--today", "2022-06-05")
    with Terminal(*arguments, folder=tmp_path) as terminal:
        look_at_the_whole_case(terminal)
        for row in ("Redesign, fixed, no", "First good contract", "Second good contract", "Third good contract"):
            terminal.type(row)
            terminal.read_until(PROMPT)
        terminal.type("")
        play(terminal, facts, known)
        funded = changed(terminal, facts, known, "milestone", "funded")
        assert "This changes the advice, since the milestone" in funded
        assert "Withdrawn: " in funded
        assert "Possible now: " in funded
        spoken = changed(terminal, facts, known, "threat_where", "spoken")
        assert "This changes the advice" in spoken
        changed(terminal, facts, known, "earned", "5.6k")
        reasonable = changed(terminal, facts, known, "client_reasonable", "yes")
        assert "Withdrawn: Report the threat" in reasonable
        terminal.type("")
        report = ""
        while "To change an answer" not in report:
            report += terminal.read_until("(Enter for more> |To change an answer.*\n.*)$")
            terminal.type("")
        report = " ".join(report.split())
        terminal.read_to_end()
        assert terminal.wait() == 0
    assert "FINISH IT." in report
    case = (tmp_path / "case.yaml").read_text()
    assert "earned: 5600 USD" in case
    assert "client_reasonable: yes" in case


def rows(folder: Path) -> Iterator[str]:
    return iter((folder / "case.yaml").read_text().splitlines())


@pytest.mark.slow
def test_a_killed_session_goes_on_where_it_was(tmp_path: Path, facts: Mapping[str, Fact]) -> None:
    arguments = ("ask", "case.yaml", "--pack", "ending-a-contract", "--today", "2022-06-05")
    with Terminal(*arguments, folder=tmp_path) as terminal:
        look_at_the_whole_case(terminal)
        terminal.type("Redesign, fixed, no")
        terminal.read_until(PROMPT)
        terminal.type("")
        first = asked(terminal.read_until(PROMPT), facts)
        terminal.type(THREAD[first])
        following = asked(terminal.read_until(PROMPT), facts)
        terminal.kill()
    assert any(first in line for line in rows(tmp_path))
    with Terminal(*arguments, folder=tmp_path) as terminal:
        assert asked(terminal.read_until(PROMPT), facts) == following


@pytest.mark.slow
def test_the_second_session_on_a_file_is_told(tmp_path: Path) -> None:
    with Terminal("ask", "case.yaml", "--pack", "ending-a-contract", folder=tmp_path) as terminal:
        terminal.read_until(PROMPT)
        second = ask("case.yaml", "--pack", "ending-a-contract", folder=tmp_path)
        assert second.returncode == 2
        assert f"another session (process {terminal.pid}) works on this case" in second.stderr
    third = ask("case.yaml", "--pack", "ending-a-contract", typed="save\n", folder=tmp_path)
    assert third.returncode == 0, third.stderr


PACK = """\
format: 1
title: A picnic
version: 1
question: Shall we have a picnic?
standing: [{id: certain, say: certainly}]
headline: [{otherwise: Look at the sky.}]
"""
FACTS = """\
case:
  rain: {type: yes/no, question: Will it rain?, why: Wet food is no fun., topic: weather}
  heavy: {type: yes/no, question: Will it rain heavily?, applies: rain, topic: weather}
  guests: {type: whole number, question: How many come?, at_least: 0, at_most: 20}
  colour: {type: choice, choices: {red: red, blue: blue}, question: Which blanket?}
"""
RULES = """\
- {id: stay-home, when: rain and heavy, advise: {strength: must, title: Stay home}, because: It pours., sources: [me]}
- {id: tent, when: rain and not heavy, advise: {strength: should, title: Take a tent}, because: Drips., sources: [me]}
- {id: bake, when: guests is above 3 and not rain, advise: {strength: could, title: Bake}, because: So., sources: [me]}
"""


@pytest.fixture
def picnic(tmp_path: Path) -> Path:
    """A small pack, in a folder to work in."""
    folder = tmp_path / "picnic"
    folder.mkdir()
    (folder / "pack.yaml").write_text(PACK)
    (folder / "facts.yaml").write_text(FACTS)
    (folder / "rules.yaml").write_text(RULES)
    (folder / "sources.yaml").write_text("me: {title: I say so, date: undated, standing: certain}\n")
    return folder


def test_a_condition_is_asked_before_its_detail_and_nothing_else_is(picnic: Path, tmp_path: Path) -> None:
    done = ask("case.yaml", "--rules", str(picnic), typed="y\nn\n\n", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.index("Will it rain?") < done.stderr.index("Will it rain heavily?")
    assert "How many come?" not in done.stderr
    assert "blanket" not in done.stderr
    assert "Take a tent" in done.stdout


def test_everything_that_can_be_typed_at_a_prompt(picnic: Path, tmp_path: Path) -> None:
    typed = "?\nhelp\nmaybe\nskip\nback\nadvice\nsave\n"
    done = ask("case.yaml", "--rules", str(picnic), typed=typed, folder=tmp_path)
    assert done.returncode == 0
    assert "must: Stay home – It pours. [certainly: I say so]" in done.stderr
    assert "Wet food is no fun." in done.stderr
    assert "neither yes nor no. Type yes or no" in done.stderr
    assert "Left for later." in done.stderr
    assert "Taken back" in done.stderr
    assert "Go on with: advisor ask case.yaml" in done.stderr


def test_a_change_of_mind_parks_what_no_longer_matters_and_asks_to_check_it_later(picnic: Path, tmp_path: Path) -> None:
    typed = "y\ny\nchange rain\nn\n2\nchange rain\ny\n\n\n"
    done = ask("case.yaml", "--rules", str(picnic), typed=typed, folder=tmp_path)
    assert "Withdrawn: Stay home (must)" in done.stderr
    assert "since rain is now “no”" in done.stderr
    assert "kept aside in case they matter again: heavy" in done.stderr
    assert "Please check: you said “yes” before" in done.stderr
    assert done.returncode == 0, done.stderr
    assert "Stay home" in done.stdout


def test_end_of_input_saves_and_gives_the_advice_so_far(picnic: Path, tmp_path: Path) -> None:
    done = ask("case.yaml", "--rules", str(picnic), typed="y\n", folder=tmp_path)
    assert done.returncode == 2
    assert "rain: yes" in (tmp_path / "case.yaml").read_text()
    again = ask("case.yaml", "--rules", str(picnic), "--finish", folder=tmp_path)
    assert again.returncode == 0
    assert "Look at the sky." in again.stdout


def test_where_nothing_was_answered_no_file_is_named(picnic: Path, tmp_path: Path) -> None:
    """Nobody looks for a file that was never written."""
    done = ask("case.yaml", "--rules", str(picnic), folder=tmp_path)

    assert "Nothing was answered, so case.yaml was not written." in " ".join(done.stderr.split())
    assert not (tmp_path / "case.yaml").exists()


def test_a_case_from_a_pipe_is_read_once(picnic: Path, tmp_path: Path) -> None:
    """`/dev/stdin` is asked for its pack and read for its case; a pipe gives its text but once."""
    program = [sys.executable, "-c", PROGRAM, "report", "/dev/stdin", "--rules", str(picnic)]
    environment = {**os.environ, "PYTHONPATH": HOME}
    text = "pack: picnic\nfacts: {rain: yes, heavy: yes}\n"
    done = subprocess.run(
        program, input=text, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=60, env=environment
    )

    assert done.returncode == 0, done.stderr
    assert "Stay home" in done.stdout


def test_recorded_replies_by_path_and_in_order(picnic: Path, tmp_path: Path) -> None:
    (tmp_path / "replies.txt").write_text("# by path, then in order\nheavy = y\nrain = y\n")
    done = ask("case.yaml", "--rules", str(picnic), "--answers", "replies.txt", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Stay home" in done.stdout


def test_a_case_with_mistakes_is_mended_and_nothing_is_dropped(picnic: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(
        "# mine\n\nfacts:\n  rian: yes   # from the radio\n  # all of us\n  guests: many\n  sun: 3\n  heavy: no\n"
    )
    done = ask("case.yaml", "--rules", str(picnic), typed="\n5\naside\n\n", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    text = case.read_text()
    assert "rain: yes   # from the radio\n  # all of us\n  guests: 5\n" in text
    assert "#   sun: 3" in text
    again = ask("case.yaml", "--rules", str(picnic), typed="\n", folder=tmp_path)
    assert "Set aside earlier" in again.stderr
    assert "sun: 3" in again.stderr


def test_a_file_changed_by_somebody_else_is_not_overwritten(picnic: Path, tmp_path: Path) -> None:
    with Terminal("ask", "case.yaml", "--rules", str(picnic), folder=tmp_path) as terminal:
        terminal.read_until(PROMPT)
        (tmp_path / "case.yaml").write_text("facts: {guests: 2}\n")
        terminal.type("y")
        assert "changed by another program" in " ".join(terminal.read_to_end().split())
        assert terminal.wait() == 2
    assert (tmp_path / "case.yaml").read_text() == "facts: {guests: 2}\n"


@pytest.mark.parametrize("columns", [60, 200])
def test_no_line_is_wider_than_the_terminal(picnic: Path, tmp_path: Path, columns: int) -> None:
    with Terminal("ask", "case.yaml", "--rules", str(picnic), folder=tmp_path, columns=columns) as terminal:
        terminal.read_until(PROMPT)
        terminal.type("help")
        seen = terminal.read_until(PROMPT)
    assert max(len(line) for line in seen.split("\n")) <= columns


def test_arrow_keys_choose_and_typing_shows_how_it_is_understood(picnic: Path, tmp_path: Path) -> None:
    with Terminal("ask", "case.yaml", "--rules", str(picnic), folder=tmp_path, columns=60) as terminal:
        first = terminal.read_until(PROMPT)
        assert "❯ yes" in first
        terminal.press("yes")
        terminal.read_until("> yes$")
        assert "✓ yes" in terminal.below()
        terminal.press("\x1b")
        terminal.read_until(PROMPT)
        terminal.press("\x1b[B\r")
        assert "Rain: no" in terminal.read_until(PROMPT)
    assert "rain: no" in (tmp_path / "case.yaml").read_text()


def test_rows_pasted_at_once_are_taken_one_by_one(tmp_path: Path) -> None:
    with Terminal("ask", "case.yaml", "--pack", "ending-a-contract", folder=tmp_path) as terminal:
        look_at_the_whole_case(terminal)
        terminal.press("\x1b[200~Redesign, fixed, no\nLogo, hourly, yes, good\nSite\n\x1b[201~")
        assert "Redesign, fixed, no" in terminal.read_until(r"Logo, hourly[^✓]*$")
        assert "and 2 more lines" in terminal.below()
        terminal.press("\r")
        assert "✓ Logo" in terminal.read_until("contract 4> $")
    assert "title: Site" in (tmp_path / "case.yaml").read_text()


def test_plain_lines_at_a_terminal_for_screen_readers(picnic: Path, tmp_path: Path) -> None:
    with Terminal("ask", "case.yaml", "--plain", "--rules", str(picnic), folder=tmp_path) as terminal:
        assert "❯" not in terminal.read_until(r"\(y/n\) > $")
        terminal.type("y")
        assert "✓ Rain: yes" in terminal.read_until(PROMPT)


def test_one_of_several_cases_in_a_file(picnic: Path, tmp_path: Path) -> None:
    case = tmp_path / "cases.yaml"
    case.write_text("- {case: dry, facts: {rain: no}}\n# the second\n- case: wet\n  facts: {rain: yes}  # pouring\n")
    done = ask("cases.yaml#2", "--rules", str(picnic), "--finish", typed="y\n", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Stay home" in done.stdout
    text = case.read_text()
    assert text.startswith("- {case: dry, facts: {rain: no}}\n# the second\n- case: wet\n")
    assert "# pouring" in text
    assert "heavy: yes" in text
    assert "Your answers are in cases.yaml#2." in done.stderr


def test_a_day_without_a_year_is_one_that_can_be() -> None:
    pack = advisor.load(shipped.rules() / "ending-a-contract")
    session = Session(pack, pack.case({"facts": {}}), today=date(2026, 11, 25))
    session.add("contract", {"title": "Old", "ended": "yes"})
    assert session.answer("contracts[old].ended_on", "3 March").words == "Tuesday 3 March 2026"
    assert "2026" in session.answer("contracts[old].ended_on", "about 5 May").words
    with pytest.raises(Problems, match="future"):
        session.answer("contracts[old].ended_on", "3 March 2027")


GOALS = """\
- id: go
  asks: Can we have the picnic?
  also: [weather, stay home]
  answers:
    - {when: rain and heavy, verdict: no, say: It pours., advice: [stay-home]}
    - {otherwise: Take a tent if it drips., verdict: yes}
  meanwhile: Look at the sky.
  subjects: [rules]
- id: food
  asks: Must I bake?
  answers:
    - {when: guests is above 3, verdict: yes, say: There are many., advice: [bake]}
    - {otherwise: There is enough., verdict: no}
- id: tablecloth
  asks: Is it true that ants hate mint?
  answers: [{otherwise: Nobody ever showed it., verdict: that is a tale}]
"""


@pytest.fixture
def questions(picnic: Path) -> Path:
    """The small pack with questions to choose from."""
    (picnic / "pack.yaml").write_text(PACK.replace("headline: [{otherwise: Look at the sky.}]\n", ""))
    (picnic / "goals.yaml").write_text(GOALS)
    return picnic


def test_only_what_is_wanted_is_asked_and_then_more_is_offered(questions: Path, tmp_path: Path) -> None:
    """The answer comes at once; another question, then everything, bring what they need."""
    typed = "3\nanother\n2\n5\neverything\nn\n\n"
    done = ask("case.yaml", "--rules", str(questions), typed=typed, folder=tmp_path)
    said = done.stderr
    first, second = said.partition("> 2\n")[::2]

    assert done.returncode == 0, said
    assert "Is it true that ants hate mint?\nThat is a tale. Nobody ever showed it." in first
    assert "How many come?" not in first
    assert "Will it rain?" not in second.partition("> everything")[0]
    assert "Will it rain?" in second.partition("> everything")[2]
    assert "rain: no" in (tmp_path / "case.yaml").read_text()


def test_the_answer_so_far_stands_at_every_prompt(questions: Path, tmp_path: Path) -> None:
    """Whole where it is new, in a word where it is as it was."""
    done = ask("case.yaml", "--rules", str(questions), typed="1\ny\n", folder=tmp_path)

    assert "So far: Open. Look at the sky.\n\nWill it rain?" in done.stderr
    assert "So far, still: open.\n\nWill it rain heavily?" in done.stderr


def test_words_that_fit_no_question_get_the_nearest(questions: Path, tmp_path: Path) -> None:
    """And nothing is taken for meant."""
    done = ask("case.yaml", "--rules", str(questions), typed="zzz\nsave\n", folder=tmp_path)

    assert "None of the questions sounds quite like that. The nearest are:" in done.stderr
    assert not (tmp_path / "case.yaml").exists() or "goals:" not in (tmp_path / "case.yaml").read_text()


def test_who_asks_about_a_thing_is_told_to_name_one(tmp_path: Path) -> None:
    """An empty list is taken the second time, so that nobody is kept from going on."""
    typed = "Could ending this contract hurt my score?\ny\n"
    named = ask("one.yaml", "--pack", "ending-a-contract", typed=f"{typed}\nRedesign\n", folder=tmp_path).stderr
    none = ask("two.yaml", "--pack", "ending-a-contract", typed=f"{typed}\n\n", folder=tmp_path).stderr

    for said in (named, none):
        assert " ".join(said.split()).count("What you want to know is about a contract. Type any name for it") == 1
    assert "✓ Redesign" in named
    assert none.count("contract 1>") == 2
    assert "The input has ended." in none.rpartition("(y/n) >")[2]
