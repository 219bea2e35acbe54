"""Lists: the entities of a case, one by one or as a table; and the list of all answers, to change any of them."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from advisor import replies, wording
from advisor.pack import Fact
from advisor.paths import parse_path
from advisor.problems import Problems
from advisor.questions import Session
from advisor.relevance import Question
from advisor.replies import Misread
from advisor.terminal.screen import Leave, Screen

if TYPE_CHECKING:
    from advisor.terminal.dialogue import Dialogue

_DONE: Final = ("", "done", "that's all", "that is all", "end", "no more", "none", "no")


class Lists:
    """Adds, removes and changes what a case lists."""

    def __init__(self, session: Session, screen: Screen, dialogue: Dialogue) -> None:
        self.session = session
        self.screen = screen
        self.dialogue = dialogue

    # --- entities ----------------------------------------------------------------------------------------------------

    def fill(self, kind: str) -> None:
        """Asks for all entities of a kind, a line each, until the person is done."""
        plural = self._plural(kind)
        columns = self.session.columns(kind)
        names = ", ".join(self._column(fact) for fact in columns)
        self.screen.say()
        self.screen.say(f"Which {plural} are there? One a line, what you know of each:", "strong")
        self.screen.say(names, "", "    ")
        self.screen.say(
            f"The first is enough. An empty line ends the list. For example: {self._example(columns)}", "faint", "  "
        )
        while True:
            reply = self.screen.read(f"{kind.replace('_', ' ')} {len(self.session.case.items(kind)) + 1}> ", kind)
            if replies.is_unknown(reply):
                self.session.close_list(kind, more=None)
                return
            if reply.casefold() in _DONE:
                self.session.close_list(kind)
                return
            if self._leaves_list(kind, reply):
                return
            self._row(kind, columns, reply)

    def _leaves_list(self, kind: str, reply: str) -> bool:
        """Takes a command typed in place of an entity; whether the list is left for it."""
        word = reply.casefold()
        if word in ("save", "quit", "exit", "q"):
            raise Leave
        if word in ("?", "why", "help"):
            plural = self._plural(kind)
            self.screen.say(
                f"Nearly everything is judged for each {kind} by itself, and some of it over all {plural}.", "", "  "
            )
            return False
        if word == "advice":
            self.dialogue.show_advice()
        elif word == "skip":
            self.session.leave_list(kind)
            return True
        elif word == "back":
            self.session.undo()
        elif word.split(" ")[0] == "change":
            self.command("change")
        else:
            return False
        return word == "change"

    def _row(self, kind: str, columns: list[Fact], reply: str) -> None:
        if reply.casefold() in ("?", "why", "help", "advice", "back"):
            return
        cells = [cell.strip() for cell in next(csv.reader([_guarded(reply)], skipinitialspace=True))]
        said = {fact.name: cell.replace("\x00", ",") for fact, cell in zip(columns, cells, strict=False)}
        if len(cells) > len(columns):
            self.screen.say(f"There are only {len(columns)} columns; put a name with commas in quotes.", "warn", "  ")
            return
        try:
            id_ = self.session.add(kind, said)
        except Misread as error:
            self.screen.say(str(error), "warn", "  ")
            return
        words = [self.session.words_of(question) for question in self.session.answered() if question.entity == id_]
        self.screen.say(f"✓ {wording.listing(words) or id_}", "good", "  ")

    def _column(self, fact: Fact) -> str:
        kind = {"yes/no": "yes or no", "date": "a day"}.get(fact.type.kind, "")
        if fact.type.choices:
            kind = " / ".join(label.split(" (")[0].split(",")[0] for _, label in fact.type.choices)
        return f"{fact.label} ({kind})" if kind else fact.label

    def _example(self, columns: list[Fact]) -> str:
        shown = {"text": "Blue Lamp", "yes/no": "no", "money": "5.6k", "date": "12 Aug"}
        cells = [
            fact.type.choices[0][1].split(" (")[0] if fact.type.choices else shown.get(fact.type.kind, "4")
            for fact in columns
        ]
        return ", ".join(cell.replace(",", "") for cell in cells)

    def _plural(self, kind: str) -> str:
        return self.session.data.entities[kind].plural.replace("_", " ")

    # --- commands ----------------------------------------------------------------------------------------------------

    def command(self, words: str) -> bool:
        """`change`, `change 3`, `add KIND`, `remove KIND NAME`; whether another question is to be put now."""
        verb, _, rest = words.partition(" ")
        if verb == "add" and self._kind(rest) is not None:
            self.fill(self._kind(rest) or "")
            return True
        if verb == "remove":
            return self._remove(rest)
        if verb == "list" or (verb == "add" and not rest):
            self.screen.say(
                f"Type “add” and one of these: {wording.listing(self.session.data.entities) or 'nothing here'}.",
                "",
                "  ",
            )
            return False
        return self._change(rest)

    def _kind(self, word: str) -> str | None:
        for kind, entity in self.session.data.entities.items():
            if word in (kind, entity.plural):
                return kind
        return None

    def _remove(self, rest: str) -> bool:
        word, _, name = rest.partition(" ")
        kind = self._kind(word)
        items = self.session.case.items(kind) if kind else ()
        for item in items:
            if kind and name.casefold() in (item.id, self.session.name_of(kind, item.id).casefold()):
                self.session.remove(kind, item.id)
                self.screen.say(f"Removed “{name}” and what you said of it; “back” brings it back.", "faint")
                return True
        known = ", ".join(f"{kind} {self.session.name_of(kind, item.id)}" for item in items) if kind else ""
        self.screen.say(f"Type what to remove, such as: remove {known or 'KIND NAME'}", "warn", "  ")
        return False

    def _change(self, rest: str) -> bool:
        """Lists all answers, and puts the chosen question again."""
        questions = list(self.session.answered())
        if not questions:
            self.screen.say("Nothing has been answered yet.", "", "  ")
            return False
        if not rest:
            self._show(questions)
            rest = self.screen.read("Which one? Its number, or Enter for none> ", "change")
        question = self._chosen(questions, rest)
        if question is None:
            if rest:
                self.screen.say(
                    f"`{rest[:40]}` is none of them; type a number from 1 to {len(questions)}.", "warn", "  "
                )
            return False
        self.dialogue.ask(self.session.prompt(question))
        return True

    def _show(self, questions: list[Question]) -> None:
        heading = None
        for number, question in enumerate(questions, 1):
            name = self.session.name_of(question.kind, question.entity)
            if name != heading and name:
                self.screen.say(f"“{name}”", "faint", "  ")
            heading = name
            fact = self.session.data.facts[question.kind][question.fact]
            self.screen.item(f"{number:>2}.", f"{fact.label}: {self.session.words_of(question)}")

    def _chosen(self, questions: list[Question], word: str) -> Question | None:
        if word.isdigit():
            return questions[int(word) - 1] if 1 <= int(word) <= len(questions) else None
        return next((one for one in questions if word == self.session.path_of(one)), None)

    def label_of(self, path: str) -> str:
        """A path's fact as people call it, with the entity."""
        try:
            named = parse_path(self.session.data, path)
        except Problems:
            return path
        label = self.session.data.facts[named.kind][named.fact].label
        return f"{label} (“{self.session.name_of(named.kind, named.entity)}”)" if named.entity else label


def _guarded(reply: str) -> str:
    """A row whose commas between digits do not part cells: `5,600` is one amount."""
    return re.sub(r"(?<=\d),(?=\d{3}\b)", "\x00", reply)
