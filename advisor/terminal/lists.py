"""Lists: the entities of a case, one by one or as a table; and the list of all answers, to change any of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from advisor.cases.paths import parse_path
from advisor.dialogue import entities, replies
from advisor.dialogue.relevance.relevance import Question
from advisor.dialogue.replies import Misread
from advisor.dialogue.session import Prompt, Session
from advisor.packs.pack import Fact
from advisor.problems.problem import Problems
from advisor.terminal.prompt import Leave, Line, Option
from advisor.terminal.screen import Screen
from advisor.values import wording

_DONE: Final = ("", "done", "that's all", "that is all", "end", "no more", "none", "no")
_FEW: Final = 4
LIST_COMMANDS: Final = {
    "Enter": "alone on a line: these are all",
    "unknown": "there may be others (“don't know” and “dk” too)",
    "skip": "go on with the questions; you can add others later",
    "back": "take the last line back",
    "change": "change what you said, or remove something",
    "advice": "the advice so far",
    "save": "save and leave; everything is on disk already",
}
_COMMANDS: Final = ("?", "why", "help", "advice", "back", "skip", "save", "quit", "exit", "q", "change")
"""What can be typed in place of an entity."""


class Asker(Protocol):
    """Who puts single questions, while a list is filled."""

    def ask(self, prompt: Prompt) -> None:
        """Puts one question until it is answered."""
        ...

    def back(self) -> bool:
        """Takes the last answer back."""
        ...

    def show_advice(self) -> None:
        """Shows the advice so far."""
        ...


class Lists:
    """Adds, removes and changes what a case lists."""

    def __init__(self, session: Session, screen: Screen, asker: Asker) -> None:
        self.session = session
        self.screen = screen
        self.asker = asker

    # --- entities ----------------------------------------------------------------------------------------------------

    def fill(self, kind: str) -> None:
        """Asks for all entities of a kind, a line each, until the person is done."""
        columns = self.session.columns(kind)
        self._introduce(kind, columns)
        warned = False
        while True:
            reply = self.screen.read(self._line(kind, columns))
            if replies.is_unknown(reply):
                self.session.close_list(kind, more=None)
                return
            if reply.casefold() in _DONE and not warned and self.session.needs_one(kind):
                warned = True
                word = kind.replace("_", " ")
                said = f"What you want to know is about a {word}. Type any name for it, or Enter again for none."
                self.screen.say(said, "warn", "  ")
                continue
            if reply.casefold() in _DONE:
                self.session.close_list(kind)
                return
            if reply.casefold() in ("y", "yes"):
                self.screen.say("Type a name for the first one that comes to mind.", "warn", "  ")
                continue
            if self._leaves_list(kind, reply):
                return
            self._row(kind, columns, reply)

    def _leaves_list(self, kind: str, reply: str) -> bool:
        """Takes a command typed in place of an entity; whether the list is left for it."""
        word = reply.casefold()
        if word in ("save", "quit", "exit", "q"):
            raise Leave
        if word in ("?", "why"):
            plural = self._plural(kind)
            self.screen.say(
                f"Nearly everything is judged for each {kind} by itself, and some of it over all {plural}.", "", "  "
            )
            return False
        if word == "help":
            self._introduce(kind, self.session.columns(kind))
            for command, meaning in LIST_COMMANDS.items():
                self.screen.item(f"{command:<8}", meaning)
            return False
        if word == "advice":
            self.asker.show_advice()
        elif word == "skip":
            self.session.leave_list(kind)
            return True
        elif word == "back":
            self.asker.back()
        elif word.split(" ")[0] == "change":
            self.command("change")
        else:
            return False
        return word == "change"

    def _row(self, kind: str, columns: list[Fact], reply: str) -> None:
        if reply.casefold() in _COMMANDS:
            return
        try:
            row = entities.read_row(reply, columns)
            words = entities.in_words(row, columns, self.session.today)
            self.session.add(kind, row.said, row.times)
        except Misread as error:
            self.screen.say(str(error), "warn", "  ")
            return
        self.screen.say(f"✓ {words}", "good", "  ")

    def _introduce(self, kind: str, columns: list[Fact]) -> None:
        """What is to be listed, and how a line of it may look."""
        entity = self.session.data.entities[kind]
        self.screen.say()
        self.screen.say(self.session.list_prompt(kind).text, "strong")
        if entity.help:
            self.screen.say(entity.help, "", "  ")
        others = [self._column(fact) for fact in columns if fact.name != entity.label]
        added = f" After it you may add, with commas: {', '.join(others)}." if others else ""
        self.screen.say(f"One a line, by any name you like.{added}", "faint", "  ")
        self.screen.say(f"For example: {self._example(columns)}", "faint", "  ")
        self.screen.say(f"Many alike in one line: 12 x {self._example(columns, 'Older ones')}", "faint", "  ")

    def _line(self, kind: str, columns: list[Fact]) -> Line:
        named = len(self.session.case.items(kind))
        word = kind.replace("_", " ")
        another = "Enter alone when these are all" if named else "Enter alone if there is none"

        def understood(text: str) -> str:
            if text.casefold() in _COMMANDS:
                return ""
            try:
                return f"✓ {entities.in_words(entities.read_row(text, columns), columns, self.session.today)}"
            except Misread as error:
                return str(error)

        return Line(
            mark=f"{word} {named + 1}> ",
            path=kind,
            understood=understood,
            hint=f"{another} · ? why, dk if there may be others, skip, back, change, advice, save",
        )

    def _column(self, fact: Fact) -> str:
        kind = {"yes/no": "yes or no", "date": "a day"}.get(fact.type.kind, "")
        if fact.type.choices:
            kind = " / ".join(label.split(" (")[0].split(",")[0] for _, label in fact.type.choices)
        return f"{fact.label} ({kind})" if kind else fact.label

    def _example(self, columns: list[Fact], name: str = "Blue Lamp") -> str:
        shown = {"text": name, "yes/no": "no", "money": "5.6k", "date": "12 Aug"}
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
                shown = self.session.name_of(kind, item.id)
                self.session.remove(kind, item.id)
                self.screen.say(f"Removed “{shown}” and what you said of it; “back” brings it back.", "faint")
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
            rest = self._asked(questions)
        if rest.startswith(("add ", "remove ")):
            return self.command(rest)
        found = self._chosen(questions, rest)
        if len(found) != 1:
            if rest:
                self.screen.say(self._not_chosen(questions, found, rest), "warn", "  ")
            return False
        question = found[0]
        self.asker.ask(self.session.prompt(question))
        return True

    def _asked(self, questions: list[Question]) -> str:
        """Which answer is to be changed: its number or path; empty for none."""
        if not self.screen.picks:
            self._show(questions)
            return self.screen.read(Line(mark="Which one? Its number, or Enter for none> ", path="change"))
        self.screen.say()
        self.screen.say("Which answer do you want to change?", "strong")
        options = [Option(str(number), self._entry(question)) for number, question in enumerate(questions, 1)]
        options = [Option("", "none of them"), *options, *self._additions()]
        return self.screen.read(Line(mark="> ", path="change", options=tuple(options), narrows=True))

    def _additions(self) -> Iterator[Option]:
        """Things that can be added and removed."""
        for kind in self.session.listed_kinds():
            word = kind.replace("_", " ")
            yield Option(f"add {kind}", f"add a {word}")
            for item in self.session.case.items(kind):
                name = self.session.name_of(kind, item.id)
                yield Option(f"remove {kind} {item.id}", f"remove the {word} “{name}” and all that was said of it")

    def _entry(self, question: Question) -> str:
        fact = self.session.data.facts[question.kind][question.fact]
        name = self.session.name_of(question.kind, question.entity)
        return f"{f'“{name}” ' if name else ''}{fact.label}: {self.session.words_of(question)}"

    def _show(self, questions: list[Question]) -> None:
        heading = None
        for number, question in enumerate(questions, 1):
            name = self.session.name_of(question.kind, question.entity)
            if name != heading and name:
                self.screen.say(f"“{name}”", "faint", "  ")
            heading = name
            fact = self.session.data.facts[question.kind][question.fact]
            self.screen.item(f"{number:>2}.", f"{fact.label}: {self.session.words_of(question)}")

    def _chosen(self, questions: list[Question], said: str) -> list[Question]:
        """The answers that a number, a path, or words that stand in their line name."""
        if said.isdecimal():
            return questions[int(said) - 1 : int(said)] if int(said) else []
        by_path = [one for one in questions if said == self.session.path_of(one)]
        words = said.casefold().split()
        return by_path or [one for one in questions if all(word in self._entry(one).casefold() for word in words)]

    def _not_chosen(self, questions: list[Question], found: list[Question], said: str) -> str:
        if not found:
            return f"`{said[:40]}` is none of your answers; type “change” to see them all."
        shown = "; ".join(f"{questions.index(one) + 1}. {self._entry(one)}" for one in found[:_FEW])
        return f"Several of your answers have that: {shown}. Type “change” and the number."

    def label_of(self, path: str) -> str:
        """A path's fact as people call it, with the entity."""
        try:
            named = parse_path(self.session.data, path)
        except Problems:
            return path
        label = self.session.data.facts[named.kind][named.fact].label
        return f"{label} (“{self.session.name_of(named.kind, named.entity)}”)" if named.entity else label
