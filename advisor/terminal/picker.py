"""A prompt at a terminal: options to go through with the arrow keys, and a line to type in instead.

In: a `Line`. Out: the reply, as if it had been typed. While it is typed, what it would be understood as is shown.
What is drawn vanishes when the reply is given.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Final

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Point, Size
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, Dimension, FormattedTextControl, HSplit, Layout, VSplit, Window
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Style

from advisor.terminal.prompt import EndOfInput, Line, Option
from advisor.values import wording

LINES_AROUND: Final = 8
"""Lines of the terminal that the options leave to the question, the reply and the hints."""
FEWEST_OPTIONS: Final = 3
MOST_PASTED: Final = 6
MANY_OPTIONS: Final = 60
ROWS_OF_MANY: Final = 10
"""Of more options than fit in an eye's glance so many lines are shown: typing narrows them."""
_STYLE: Final = Style([("at", "ansicyan bold"), ("mark", "bold"), ("read", "ansigreen"), ("hint", "ansibrightblack")])
_KEYS: Final = {
    (False, False): "",
    (True, False): "↑↓ and Enter choose, or type",
    (True, True): "↑↓ move, space ticks, Enter when done",
}
"""Which keys do what, by whether there are options, and several of them to tick."""


def pick(line: Line, *, colour: bool) -> str:
    """The reply that a person gives at the terminal. Raises EndOfInput and KeyboardInterrupt."""
    output = Vt100_Output(sys.stderr, _size, term=os.environ.get("TERM"), enable_cpr=False)
    return Picker(line, colour=colour).run(create_input(sys.stdin), output)


def _size() -> Size:
    columns, rows = os.get_terminal_size(sys.stderr.fileno())
    return Size(rows=rows, columns=columns)


class Picker:
    """One prompt while it is on the screen."""

    def __init__(self, line: Line, *, colour: bool) -> None:
        self.line = line
        self.colour = colour
        self.typed = Buffer(multiline=False, on_text_changed=lambda _: self._narrow())
        self.ticked = set(line.before) if line.several else set()
        self.shown = list(line.options)
        self.at = next((place for place, one in enumerate(self.shown) if one.reply in line.before), 0)
        self._narrowed = False
        self._row_at = 0
        self._size: Callable[[], Size] = lambda: Size(rows=24, columns=80)
        self.moved = False
        """Whether an arrow key was pressed since something was typed: Enter then takes what it points at."""

    def run(self, input_: Input, output: Output) -> str:
        """Shows the prompt until a reply is given. Raises EndOfInput and KeyboardInterrupt."""
        self._size = output.get_size
        application: Application[str] = Application(
            layout=Layout(self._drawn(), focused_element=self._line),
            key_bindings=self._keys(),
            style=_STYLE,
            color_depth=None if self.colour else ColorDepth.MONOCHROME,
            erase_when_done=True,
            input=input_,
            output=output,
        )
        return application.run()

    @property
    def size(self) -> Size:
        """How large the terminal is, even after it was resized."""
        return self._size()

    # --- what is drawn -----------------------------------------------------------------------------------------------

    def _drawn(self) -> HSplit:
        self._line = Window(BufferControl(self.typed), height=self._typed_rows, dont_extend_height=True)
        mark = Window(
            FormattedTextControl([("class:mark", self.line.mark)]), width=len(self.line.mark), dont_extend_width=True
        )
        parts = [VSplit([mark, self._line], height=self._typed_rows)]
        below = [
            Window(FormattedTextControl(self._understood), wrap_lines=True, dont_extend_height=True),
            Window(FormattedTextControl(self._hints), wrap_lines=True, dont_extend_height=True),
        ]
        if self.line.options:
            parts.insert(0, VSplit([self._options()]))
        return HSplit([*parts, *below])

    def _typed_rows(self) -> Dimension:
        """One line, or a few where several were pasted at once."""
        return Dimension.exact(min(MOST_PASTED, self.typed.text.count("\n") + 1))

    def _options(self) -> Window:
        return Window(
            FormattedTextControl(self._rows, get_cursor_position=lambda: Point(0, self._row_at), show_cursor=False),
            height=lambda: Dimension(max=self._most_rows()),
            dont_extend_height=True,
        )

    def _most_rows(self) -> int:
        """Lines that the options may take: all that there are, but of a long list only a part."""
        room = max(FEWEST_OPTIONS, self.size.rows - LINES_AROUND)
        return room if len(self.line.options) <= MANY_OPTIONS else min(room, ROWS_OF_MANY)

    def _rows(self) -> StyleAndTextTuples:
        found: StyleAndTextTuples = []
        self._row_at = 0
        lines = 0
        for place, one in enumerate(self.shown):
            if place == self.at:
                self._row_at = lines
            start = f"  {self._pointer(place)} {self._box(one) if self.line.several else ''}"
            rows = wording.wrap(wording.clean(one.label), self.size.columns - 1, start)
            end = "\n" if place < len(self.shown) - 1 else ""
            found.append(("class:at" if place == self.at else "", "\n".join(rows) + end))
            lines += len(rows)
        return found

    def _pointer(self, place: int) -> str:
        return "❯" if place == self.at else " "

    def _box(self, one: Option) -> str:
        return "    " if one.alone else "[x] " if one.reply in self.ticked else "[ ] "

    def _understood(self) -> StyleAndTextTuples:
        first, *more = self.typed.text.strip().splitlines() or [""]
        said = self.line.understood(first) if first and not self.moved else ""
        also = f" · and {wording.plural(len(more), 'more line')}" if more else ""
        return [("class:read", self._folded(f"{said}{also}"))] if said else []

    def _hints(self) -> StyleAndTextTuples:
        keys = _KEYS[bool(self.line.options), self.line.several]
        return [("class:hint", self._folded(" · ".join(part for part in (keys, self.line.hint) if part)))]

    def _folded(self, text: str) -> str:
        return "\n".join(wording.wrap(wording.clean(text), self.size.columns - 1, "  ", "  "))

    # --- what keys do ------------------------------------------------------------------------------------------------

    def _narrow(self) -> None:
        """Shows only the options that fit what is typed; all of them where none does."""
        text = self.typed.text.strip().casefold()
        if not any(letter.isalpha() for letter in text):
            text = ""  # the number of an option narrows nothing
        begin = [one for one in self.line.options if one.label.casefold().startswith(text)]
        within = [
            one for one in self.line.options if text in f"{one.label} {one.reply}".casefold() and one not in begin
        ]
        self._narrowed = bool(text and (begin or within))
        self.shown = [*begin, *within] if self._narrowed else list(self.line.options)
        self.at = 0 if text else min(self.at, max(0, len(self.shown) - 1))
        self.moved = False

    def _move(self, by: int) -> None:
        if self.shown:
            self.at = (self.at + by) % len(self.shown)
            self.moved = True

    def _at(self) -> Option:
        return self.shown[self.at]

    def _tick(self) -> None:
        """Ticks the option that is pointed at, or takes the tick away; one that goes with no other takes all away."""
        one = self._at()
        self.typed.reset()
        self.shown = list(self.line.options)
        self.at = self.shown.index(one)
        self.ticked = set() if one.alone else self.ticked ^ {one.reply}

    def _given(self) -> str | None:
        """The reply that Enter gives; None where it only ticks."""
        text = self.typed.text
        picked = self.moved or (self.line.narrows and self._narrowed)
        if not self.line.options or (text.strip() and not picked):
            return text
        one = self._at()
        if not self.line.several or (one.alone and not self.ticked):
            return one.reply
        if not self.ticked:
            self._tick()
            return None
        return ", ".join(option.reply for option in self.line.options if option.reply in self.ticked)

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        ticking = Condition(lambda: self.line.several and (not self.typed.text or self.moved))
        choosing = Condition(lambda: bool(self.line.options))

        @keys.add("up", filter=choosing)
        def _(_event: KeyPressEvent) -> None:
            self._move(-1)

        @keys.add("down", filter=choosing)
        @keys.add("tab", filter=choosing)
        def _(_event: KeyPressEvent) -> None:
            self._move(1)

        @keys.add(" ", filter=ticking)
        def _(_event: KeyPressEvent) -> None:
            self._tick()

        @keys.add("escape", eager=True)
        def _(_event: KeyPressEvent) -> None:
            self.typed.reset()
            self._narrow()

        @keys.add("enter")
        def _(event: KeyPressEvent) -> None:
            given = self._given()
            if given is not None:
                event.app.exit(result=given)

        @keys.add("c-d", filter=Condition(lambda: not self.typed.text))
        def _(event: KeyPressEvent) -> None:
            event.app.exit(exception=EndOfInput())

        @keys.add("c-c")
        def _(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt())

        return keys
