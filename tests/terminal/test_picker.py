"""A prompt at a terminal: keys in, a reply out."""

from __future__ import annotations

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from advisor.terminal.picker import Picker
from advisor.terminal.prompt import EndOfInput, Line, Option

UP, DOWN, ESCAPE, ENTER = "\x1b[A", "\x1b[B", "\x1b", "\r"
NONE = Option("none", "none of these", alone=True)
UNKNOWN = Option("unknown", "I don't know", alone=True)
ONE = Line(mark="> ", options=(Option("red", "Light red"), Option("blue", "Dark blue"), UNKNOWN))
SEVERAL = Line(mark="> ", options=(Option("a", "Ants"), Option("b", "Bees"), NONE, UNKNOWN), several=True)
TYPED = Line(mark="> ")


def reply(line: Line, keys: str) -> str:
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        return Picker(line, colour=False).run(pipe, DummyOutput())


@pytest.mark.parametrize(
    ("line", "keys", "given"),
    [
        (ONE, ENTER, "red"),
        (ONE, DOWN + ENTER, "blue"),
        (ONE, UP + ENTER, "unknown"),
        (ONE, "\t" + ENTER, "blue"),
        (ONE, "2" + ENTER, "2"),
        (ONE, "back" + ENTER, "back"),
        (ONE, "dark" + DOWN + ENTER, "blue"),
        (ONE, "dark" + ENTER, "dark"),
        (SEVERAL, " " + DOWN + " " + ENTER, "a, b"),
        (SEVERAL, DOWN + " " + ENTER, "b"),
        (SEVERAL, DOWN + ENTER + ENTER, "b"),
        (SEVERAL, DOWN + " " + " " + DOWN + ENTER, "none"),
        (SEVERAL, " " + DOWN + DOWN + " " + ENTER, "none"),
        (SEVERAL, UP + ENTER, "unknown"),
        (SEVERAL, "bees" + ENTER, "bees"),
        (SEVERAL, "be" + DOWN + " " + ENTER, "b"),
        (SEVERAL, "1, 2" + ENTER, "1, 2"),
        (TYPED, "5.6k" + ENTER, "5.6k"),
        (TYPED, ENTER, ""),
        (TYPED, "two words" + ENTER, "two words"),
        (TYPED, "\x1b[200~one\ntwo\n\x1b[201~" + ENTER, "one\ntwo\n"),
    ],
)
def test_what_keys_give(line: Line, keys: str, given: str) -> None:
    """Arrow keys, ticks and typing; what is typed wins unless an arrow key was pressed after it."""
    assert reply(line, keys) == given


def test_what_was_said_before_is_pointed_at_and_ticked() -> None:
    """So Enter alone keeps it."""
    one = Line(mark="> ", options=ONE.options, before=frozenset(("blue",)))
    several = Line(mark="> ", options=SEVERAL.options, several=True, before=frozenset(("b",)))

    assert reply(one, ENTER) == "blue"
    assert reply(several, ENTER) == "b"


def test_escape_clears_what_was_typed() -> None:
    """And the options are as they were."""
    picker = Picker(ONE, colour=False)
    picker.typed.text = "dark"

    assert [one.reply for one in picker.shown] == ["blue"]

    picker.typed.reset()
    picker._narrow()

    assert [one.reply for one in picker.shown] == ["red", "blue", "unknown"]


def test_the_end_of_input_and_an_interrupt() -> None:
    """Ctrl-D on an empty line, Ctrl-C anywhere."""
    with pytest.raises(EndOfInput):
        reply(TYPED, "\x04")
    with pytest.raises(KeyboardInterrupt):
        reply(TYPED, "some\x03")


def test_how_a_reply_is_understood_is_shown() -> None:
    """As it is typed."""
    picker = Picker(Line(mark="> ", understood=lambda text: f"✓ {text.upper()}"), colour=False)
    picker.typed.text = "next friday"

    assert "✓ NEXT FRIDAY" in picker._understood()[0][1]
