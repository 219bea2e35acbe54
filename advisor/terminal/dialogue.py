"""The dialogue: one question after the other, and what can be typed at every prompt instead of an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from advisor.advice.advice import Advice
from advisor.dialogue import changes
from advisor.dialogue.days import leaves_the_year_open
from advisor.dialogue.replies import Misread, allowed, is_unknown
from advisor.dialogue.session import Prompt, Said, Session
from advisor.packs.pack import Fact
from advisor.problems.problem import Problems
from advisor.terminal import goals, why
from advisor.terminal.lists import Lists
from advisor.terminal.prompt import EndOfInput, Leave, Line, Option
from advisor.terminal.screen import Screen
from advisor.values import wording
from advisor.values.types import CHOICES, DATE, REFERENCE, YES_NO

COMMANDS: Final = {
    "?": "why this is asked",
    "help": "what the question means, with examples",
    "unknown": "you don't know (“don't know” and “dk” too)",
    "skip": "leave it for later",
    "back": "take the last answer back",
    "advice": "the advice so far",
    "change": "change an earlier answer, or add and remove things",
    "save": "save and leave; everything is on disk already",
}
_LEAVE: Final = ("save", "quit", "exit", "leave", "q", "bye")
_LISTING: Final = ("change", "add", "remove", "list")
_FEW: Final = 20
"""Choices that are shown without being asked for."""
_HINT: Final = "? why, help, dk (don't know), skip, back, change, advice, save"
_A_FEW: Final = 3
_ROUNDED: Final = 20
_NOT_KNOWN: Final = Option("unknown", "I don't know", alone=True)
_YES_NO: Final = (Option("yes", "yes"), Option("no", "no"))


class Dialogue:
    """Puts the questions of a session to a person."""

    def __init__(self, session: Session, screen: Screen, show_advice: Callable[[], None]) -> None:
        self.session = session
        self.screen = screen
        self.show_advice = show_advice
        self.lists = Lists(session, screen, self)
        self._so_far = ("", "")
        self._heading = ""

    def run(self) -> None:
        """Asks until nothing is left that could change the advice. Raises Leave and EndOfInput."""
        while True:
            prompt = self.session.next()
            if prompt is not None:
                self.ask(prompt)
            elif self.session.skipped_that_matter() and self._wants_skipped():
                self.session.take_up()
            elif self._is_finished():
                return

    def _wants_skipped(self) -> bool:
        count = len(self.session.skipped_that_matter())
        self.screen.say()
        self.screen.say(f"You skipped {wording.plural(count, 'question')}. Go through what you skipped now?", "strong")
        return self._yes()

    def _is_finished(self) -> bool:
        """Once nothing can change the answers: they are told, and what more can be had is offered."""
        self._heading = ""
        self.screen.say()
        self.screen.say("That is all I need to ask.", "good")
        for one in self.session.advice().answers:
            self.screen.say()
            self.screen.say(one.question)
            self.screen.say(wording.capital(one.sentence), "strong")
        self.screen.say()
        self.screen.say(self._what_is_left(), "faint")
        sharper = not self.session.sharpening and self._can_be_sharper()
        line = self._last_line(sharper=sharper)
        while True:
            try:
                word = self.screen.read(line).casefold()
            except EndOfInput:
                return True
            if word in ("", "report", "finish", "done", "n", "no"):
                return True
            if word in _LEAVE:
                raise Leave
            if sharper and word in ("more", "y", "yes"):
                self.session.sharpening = True
                return False
            if word == "back":
                return not self.back()
            if word == "another" and goals.may_choose(self.session):
                goals.choose(self.session, self.screen)
                return False
            if word == "everything" and self.session.case.goals:
                self.session.choose(())
                return False
            if word == "advice":
                self.show_advice()
            elif word.split(" ")[0] in _LISTING and self.lists.command(word):
                return False
            else:
                words = wording.listing((option.reply for option in line.options), "or")
                self.screen.say(f"Type {words}; Enter alone gives the report.", "warn", "  ")

    def _what_is_left(self) -> str:
        """What could still change the advice although it is not asked (any more)."""
        unsure = len(self.session.not_known_that_matter())
        skipped = len(self.session.skipped_that_matter())
        left = [
            f"{wording.plural(count, 'answer')} that {words}"
            for count, words in ((unsure, "you don't know"), (skipped, "you skipped"))
            if count
        ]
        if not left:
            return "No answer that is still open would change what is recommended."
        return f"What could still change it: {wording.listing(left)}. The report says what to find out."

    def _last_line(self, *, sharper: bool) -> Line:
        options = [Option("report", "read what to do, on one page")]
        if sharper:
            options.append(Option("more", "answer more, which makes figures and details sharper"))
        if goals.may_choose(self.session):
            options.append(Option("another", "ask another question"))
        if self.session.case.goals:
            options.append(Option("everything", "look at everything in your case"))
        options += [Option("change", "change an answer"), Option("save", "save and leave")]
        if not self.screen.picks:
            for one in options:
                self.screen.item(f"{one.reply}:", one.label)
        mark = "> " if self.screen.picks else "Enter for the page, or a word of these> "
        return Line(mark=mark, path="finish", options=tuple(options), narrows=True)

    def _can_be_sharper(self) -> bool:
        self.session.sharpening = True
        found = self.session.next() is not None
        self.session.sharpening = False
        return found

    def _yes(self) -> bool:
        line = Line(mark="> " if self.screen.picks else "(y/n) > ", options=_YES_NO)
        while True:
            reply = self.screen.read(line).casefold()
            if reply in ("y", "yes"):
                return True
            if reply in _LEAVE:
                raise Leave
            if reply in ("n", "no", ""):
                return False
            self.screen.say("Type y or n, or save to leave.", "warn")

    # --- one question ----------------------------------------------------------------------------------------------

    def ask(self, prompt: Prompt) -> None:
        """Puts one question until it is answered, skipped, or left for another one."""
        if prompt.fact is None:
            self.lists.fill(prompt.question.kind)
            return
        self._open(prompt)
        line = self._line(prompt)
        while not self.handle(prompt, self.screen.read(line)):
            if self.screen.picks:
                self.screen.say(prompt.text, "strong")

    def handle(self, prompt: Prompt, reply: str) -> bool:
        """Takes a reply; whether the question is done with."""
        word = reply.casefold()
        if word in _LEAVE:
            raise Leave
        if word in ("?", "why"):
            why.explain(self.session, self.screen, prompt)
        elif word in ("help", "h", "examples"):
            self._help(prompt)
        elif word in ("skip", "later", "s"):
            self.session.skip(prompt.path)
            self.screen.say("Left for later.", "faint")
            return True
        elif word in ("back", "undo", "b"):
            return self.back()
        elif word in ("advice", "report"):
            self.show_advice()
        elif word.split(" ")[0] in _LISTING:
            return self.lists.command(word)
        else:
            return self._answer(prompt, reply)
        return False

    def _answer(self, prompt: Prompt, reply: str) -> bool:
        try:
            if not reply:
                return self._empty(prompt)
            before = self._before_change(prompt)
            said = self.session.answer(prompt.path, reply)
        except Misread as error:
            self.screen.say(str(error), "warn", "  ")
            return False
        except Problems as error:
            for problem in error.problems:
                self.screen.say(f"{wording.sentence(wording.capital(problem.message))} {problem.help}", "warn", "  ")
            return False
        self.echo(said)
        if before is not None:
            self.tell_changes(before, said)
        return True

    def _before_change(self, prompt: Prompt) -> Advice | None:
        """The advice as it is, where an answer is about to be changed."""
        return self.session.advice() if prompt.question in set(self.session.answered()) else None

    def _empty(self, prompt: Prompt) -> bool:
        """Nothing typed: a parked answer is taken back, or what is implied confirmed; else the question stands."""
        if prompt.please_check:
            self.echo(self.session.keep_parked(prompt.path))
            return True
        if prompt.implied:
            return self._answer(prompt, _numbers(prompt))
        assert prompt.fact is not None
        self.screen.say(
            f"{self._allowed(prompt.fact)} Or ? for why this is asked, skip, back, or save to leave.", "faint", "  "
        )
        return False

    def _allowed(self, fact: Fact) -> str:
        if fact.type.kind == REFERENCE:
            return f"Type a name, or the number of one that is listed. For example: {fact.type.entity} A."
        return allowed(fact, self.session.today)

    def back(self) -> bool:
        """Takes the last step back, and says so; whether there was one."""
        if not self.session.can_undo:
            self.screen.say("There is nothing to take back in this sitting; “change” lists all answers.", "warn", "  ")
            return False
        question = self.session.undo()
        label = ""
        if question is not None:
            label = f": {self.session.data.facts[question.kind][question.fact].label}"
        self.screen.say(f"Taken back{label}.", "faint")
        self._heading = ""
        return True

    # --- what is shown -----------------------------------------------------------------------------------------------

    def _open(self, prompt: Prompt) -> None:
        """The progress and heading where they are new, then the question with its choices."""
        assert prompt.fact is not None
        if prompt.heading != self._heading or self.screen.plain:
            self._heading = prompt.heading
            self.screen.say()
            self.screen.say(self._progress(prompt.heading), "faint")
        self._tell_so_far()
        self.screen.say()
        self.screen.say(prompt.text, "strong")
        if prompt.please_check:
            self.screen.say(
                f"Please check: you said “{prompt.please_check}” before. Press Enter to keep that.", "warn", "  "
            )
        before = self._before(prompt)
        if before:
            self.screen.say(f"So far: {before}.", "faint", "  ")
        if prompt.fact.type.kind == REFERENCE and prompt.choices:
            kind = prompt.fact.type.entity.replace("_", " ")
            self.screen.say(f"Choose one, or type the name of another {kind}.", "faint", "  ")
        if self.screen.picks:
            return
        for number, (_, label) in enumerate(prompt.choices[:_FEW], 1):
            self.screen.item(f"{number:>2}.", label)
        if prompt.implied:
            self.screen.say(f"Enter alone takes what you asked about: {_numbers(prompt)}.", "faint", "  ")
        if len(prompt.choices) > _FEW:
            self.screen.say(f"… {len(prompt.choices)} in all; type a name or the beginning of one.", "faint", "  ")

    def _tell_so_far(self) -> None:
        """The answer so far: whole where it is new, in a word where it is as it was."""
        so_far = verdict, text = self.session.answer_so_far()
        if so_far != self._so_far:
            self._so_far = so_far
            said = " ".join(wording.sentence(one) for one in so_far if one)
            self.screen.say(f"So far: {wording.capital(said)}", "faint")
        elif verdict or text:
            self.screen.say(f"So far, still: {wording.sentence(verdict or text)}", "faint")

    def _before(self, prompt: Prompt) -> str:
        """What was answered so far, where an answer is being changed."""
        answered = prompt.question in set(self.session.answered())
        return self.session.words_of(prompt.question) if answered else ""

    def _progress(self, heading: str) -> str:
        found = self.session.progress()
        about = f"── {heading} " if heading else "── "
        stands = wording.plural(found.standing, "recommendation")
        return f"{about}· {stands} so far, {found.open} more possible · {_left(found.likely_left)} left"

    def _line(self, prompt: Prompt) -> Line:
        """The line that a question reads."""
        fact = prompt.fact
        assert fact is not None
        if self.screen.picks:
            mark = f"{fact.type.unit} > " if fact.type.unit and not prompt.choices else "> "
        else:
            mark = self._mark(prompt)
        return Line(
            mark=mark,
            path=prompt.path,
            options=self._options(prompt),
            several=fact.type.kind == CHOICES,
            before=self.session.said_before(prompt.question),
            understood=lambda text: self._understood(prompt, text),
            hint=_HINT if self.screen.picks else "",
        )

    def _mark(self, prompt: Prompt) -> str:
        """What stands before a reply where options are not gone through with arrow keys."""
        assert prompt.fact is not None
        kind = prompt.fact.type.kind
        hint = {YES_NO: "y/n", CHOICES: "numbers with commas, or none", "date": "a day", REFERENCE: "a name"}.get(
            kind, ""
        )
        hint = hint or (f"1-{len(prompt.choices)}" if prompt.choices else prompt.fact.type.unit)
        return f"{f'({hint}) ' if hint else ''}> "

    def _options(self, prompt: Prompt) -> tuple[Option, ...]:
        """What can be chosen; nothing where the answer is typed."""
        assert prompt.fact is not None
        type_ = prompt.fact.type
        if type_.kind == YES_NO:
            return (*_YES_NO, _NOT_KNOWN)
        offered = [Option(id_, label) for id_, label in prompt.choices]
        if type_.kind == CHOICES:
            offered.append(Option("none", type_.none_label or "none of these", alone=True))
        return (*offered, _NOT_KNOWN) if offered else ()

    def _understood(self, prompt: Prompt, text: str) -> str:
        """How a reply would be understood, while it is typed: as an answer, or as something else that can be typed."""
        word = text.casefold()
        if word in COMMANDS:
            return COMMANDS[word]
        try:
            return f"✓ {self.session.understood(prompt.question, text)}{self._guessed(prompt, text)}"
        except Misread:
            return ""

    def _guessed(self, prompt: Prompt, text: str) -> str:
        """A word on the year, where a day was typed without one: the nearest was taken."""
        is_day = prompt.fact is not None and prompt.fact.type.kind == DATE
        return " – the nearest; type the year for another" if is_day and leaves_the_year_open(text) else ""

    def echo(self, said: Said) -> None:
        """What was understood."""
        self.screen.say(f"✓ {wording.capital(said.label)}: {said.words}", "good", "  ")

    def tell_changes(self, before: Advice, said: Said) -> None:
        """What a change of mind changed, and what was parked for it."""
        found = changes.changes(before, self.session.advice())
        self.screen.say()
        because = f"since {said.label} is now “{said.words}”"
        if found:
            self.screen.say(f"This changes the advice, {because}:", "strong")
            for line in found:
                self.screen.item("–", line)
        else:
            self.screen.say(f"The advice stays as it is, {because}.", "strong")
        if said.parked:
            names = wording.listing(self.lists.label_of(path) for path in said.parked)
            self.screen.say(f"No longer needed, and kept aside in case they matter again: {names}.", "faint")
        self._heading = ""

    def _not_yet_shown(self, prompt: Prompt) -> tuple[tuple[str, str], ...]:
        return prompt.choices if len(prompt.choices) > _FEW and not self.screen.picks else ()

    def _help(self, prompt: Prompt) -> None:
        fact = prompt.fact
        assert fact is not None
        if fact.help:
            self.screen.say(fact.help, "", "  ")
        if fact.examples:
            self.screen.say(f"For example: {wording.listing(fact.examples, 'or')}.", "", "  ")
        self.screen.say(self._allowed(fact), "", "  ")
        for number, (_, label) in enumerate(self._not_yet_shown(prompt), 1):
            self.screen.item(f"{number:>3}.", label)
        self.screen.say("At any prompt:", "faint", "  ")
        for word, meaning in COMMANDS.items():
            self.screen.item(f"{word:<8}", meaning)


def _numbers(prompt: Prompt) -> str:
    """The numbers under which implied choices are listed."""
    return ", ".join(str(number) for number, (id_, _) in enumerate(prompt.choices, 1) if id_ in prompt.implied)


def _left(count: int) -> str:
    """How many questions are left, no more exactly than it can be known."""
    if count <= _A_FEW:
        return "a few questions"
    return f"about {wording.plural(count if count <= _ROUNDED else 5 * round(count / 5), 'question')}"


__all__ = ["Dialogue", "EndOfInput", "Leave", "is_unknown"]
