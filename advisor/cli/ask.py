"""`advisor ask`: the guided session."""

from __future__ import annotations

import gc
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from advisor.cli.common import AsOfOption, OutputOption, PackOption, RulesOption, TodayOption, examples
from advisor.cli.failures import WRONG_INPUT, Refused
from advisor.cli.packs import choose_pack

if TYPE_CHECKING:
    from datetime import date

    from advisor import Pack
    from advisor.advice.advice import Advice
    from advisor.cases.writer import CaseWriter
    from advisor.dialogue.session import Session
    from advisor.terminal.screen import Screen

EXAMPLES: Final = examples(
    "advisor ask",
    "advisor ask my-case.yaml",
    "advisor ask my-case.yaml --answers replies.txt --finish > advice.txt",
)
NEW_FILE: Final = "case"


def ask(
    case: Annotated[
        str | None,
        typer.Argument(
            metavar="[CASE]",
            help="A case file to go on with, or a new one. [default: a new file case.yaml here]",
            show_default=False,
        ),
    ] = None,
    output: OutputOption = None,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", metavar="FILE", help="Play these replies, a line each (or PATH = REPLY), then end."),
    ] = None,
    finish: Annotated[
        bool, typer.Option("--finish", help="At the end of input exit with 0 and the advice so far, not with 2.")
    ] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Nothing but lines, for screen readers and records.")] = False,
    rules: RulesOption = None,
    pack: PackOption = None,
    today: TodayOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Be asked what matters, and get the advice. Every answer is saved at once; leave and go on whenever you like."""
    from advisor.cases.document import NotEditable
    from advisor.cases.lock import Busy
    from advisor.cases.writer import ChangedElsewhere

    gc.disable()  # a look for garbage takes as long as ten questions; a session of a hundred takes 90 MB without
    screen = _screen(answers, plain=plain)
    try:
        knowledge, writer, target = _open(case, output, rules, pack)
    except Busy as busy:
        raise Refused(str(busy)) from None
    except NotEditable as error:
        raise Refused(f"{case}: {error}") from None
    try:
        again = _Again(target, rules, today, as_of)
        raise typer.Exit(_run(knowledge, writer, again, screen, today, as_of, finish=finish))
    except ChangedElsewhere as changed:
        raise Refused(
            f"{changed}; what it holds now was left as it is. Run the command again to go on from there"
        ) from None
    finally:
        writer.close()


def _screen(answers: Path | None, *, plain: bool) -> Screen:
    from advisor.terminal.screen import Replies, Screen, wants_colour

    recorded = answers.read_text(encoding="utf-8").splitlines() if answers is not None else []
    replies = Replies(sys.stdin, recorded, only_recorded=answers is not None)
    return Screen(replies, colour=not plain and wants_colour(), plain=plain)


def _open(case: str | None, output: Path | None, rules: Path | None, name: str | None) -> tuple[Pack, CaseWriter, str]:
    """The pack, a writer on the file that answers go to, and that file's address."""
    import advisor
    from advisor.cases.source import pack_named
    from advisor.cases.writer import CaseWriter

    if case == "-":
        raise Refused("a session reads replies from standard input, so the case must be in a file")
    target = str(output) if output is not None else case or _free_name()
    source = case if case is not None and Path(case.partition("#")[0]).exists() else None
    of_case = pack_named(source) if source is not None else ""
    knowledge = advisor.load(choose_pack(rules, name, of_case))
    return knowledge, CaseWriter(knowledge.data, target, source), target


def _free_name() -> str:
    """A name for a new case file that nothing has yet."""
    number = 1
    while Path(f"{NEW_FILE}{f'-{number}' if number > 1 else ''}.yaml").exists():
        number += 1
    return f"{NEW_FILE}{f'-{number}' if number > 1 else ''}.yaml"


def _run(
    knowledge: Pack,
    writer: CaseWriter,
    again: _Again,
    screen: Screen,
    today: date | None,
    as_of: date | None,
    *,
    finish: bool,
) -> int:
    """Asks until nothing is left to ask; the exit status."""
    from advisor.dialogue.session import Session
    from advisor.terminal import goals, so_far
    from advisor.terminal.dialogue import Dialogue
    from advisor.terminal.mender import mended
    from advisor.terminal.prompt import EndOfInput, Leave

    try:
        case = mended(knowledge, writer, screen)
        session = Session(knowledge, case, today=today, as_of=as_of, keep=writer.save)
        _welcome(session, writer, screen, again.target)
        if goals.may_choose(session) and not session.case.goals and not any(True for _ in session.answered()):
            goals.choose(session, screen)
        Dialogue(session, screen, lambda: so_far.show(session.advice(), screen)).run()
    except Leave:
        screen.say()
        screen.say(_kept(writer, again), "strong")
        return 0
    except EndOfInput:
        screen.say(f"The input has ended. {_kept(writer, again)}", "strong")
        if "session" in locals():
            _show(session.advice(), screen)
        return 0 if finish else WRONG_INPUT
    except KeyboardInterrupt:
        screen.say()
        screen.say(f"Stopped. {_kept(writer, again)}", "strong")
        raise
    screen.say()
    screen.say("Here is your advice.", "strong")
    screen.say()
    _show(session.advice(), screen)
    screen.say()
    if not writer.path.exists():
        screen.say(_kept(writer, again), "strong")
        return 0
    screen.say(f"Your answers are in {again.target}. To read the advice again: {again.words('report')}", "strong")
    screen.say(f"As a web page, to keep or print: {again.words('report', '-f', 'html', '-o', 'advice.html')}")
    screen.say(f"To change an answer: {again.words('ask')}")
    return 0


def _kept(writer: CaseWriter, again: _Again) -> str:
    """Where the answers are, and how to go on; that there is no file where nothing was answered."""
    if not writer.path.exists():
        return f"Nothing was answered, so {again.target} was not written. Begin again with: {again.words('ask')}"
    return f"Your answers are in {again.target}. Go on with: {again.words('ask')}"


@dataclass(frozen=True, slots=True)
class _Again:
    """How to go on later, as a command to type."""

    target: str
    rules: Path | None
    today: date | None
    as_of: date | None

    def words(self, command: str, *more: str) -> str:
        """The command line."""
        program = Path(sys.argv[0])
        name = str(program) if program.name == "advisor" and shutil.which("advisor") is None else "advisor"
        options = {"--rules": self.rules, "--today": self.today, "--as-of": self.as_of}
        given = [part for option, value in options.items() if value is not None for part in (option, str(value))]
        return shlex.join([name, command, self.target, *given, *more])


def _welcome(session: Session, writer: CaseWriter, screen: Screen, target: str) -> None:
    from advisor.values import wording

    pack = session.data
    screen.say(pack.title, "strong")
    if pack.question:
        screen.say(pack.question)
    screen.say()
    answered = sum(1 for _ in session.answered())
    if answered:
        screen.say(f"Going on with {target}: {wording.plural(answered, 'answer')} so far.", "faint")
    else:
        screen.say("I ask only what can still change the advice. “Don't know” is a good answer.", "faint")
        screen.say(
            f"Type ? to see why something is asked, help for all you can type. Answers are kept in {target}.", "faint"
        )
    if writer.aside:
        screen.say("Set aside earlier, for the pack does not ask it (any more):", "warn")
        for line in writer.aside:
            screen.item("–", line.removeprefix("#").strip())


def _show(advice: Advice, screen: Screen) -> None:
    """The written report: as the result; at a terminal a screenful at a time."""
    from advisor.cli.output import columns, in_colour, show
    from advisor.decision import document as decision
    from advisor.report.render import render

    screen.say("Working it out …", "faint")
    text = render(decision.page(advice), "text", width=columns(), color=in_colour(None))
    if screen.picks and sys.stdout.isatty():
        screen.page(text)
    else:
        show(text)
