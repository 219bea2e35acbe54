"""`advisor rules new`: starts a pack."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from advisor.cli.common import FormatOption, examples
from advisor.cli.failures import Refused
from advisor.cli.output import show, show_json

EXAMPLES: Final = examples(
    "advisor rules new my-rules/my-pack",
    "advisor rules new my-rules/my-pack --question 'Should I take this offer?' --thing offer --plain",
)


def new(
    folder: Annotated[
        Path, typer.Argument(metavar="PACK", help="The folder to write; its name names the pack.", show_default=False)
    ],
    question: Annotated[
        str | None, typer.Option("--question", metavar="TEXT", help="The question that it answers.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="What it is about.")] = None,
    thing: Annotated[
        str | None,
        typer.Option("--thing", metavar="WORD", help="What a case has several of, if anything: offer, animal."),
    ] = None,
    things: Annotated[
        str | None, typer.Option("--things", metavar="WORD", help="Several of them. [default: WORD with an s]")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="TEXT", help="The first source.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Ask nothing; take what was not said as usual.")] = False,
    form: FormatOption = "text",
) -> None:
    """Start a pack that passes its checks. At a terminal it asks a few questions; then make the files your own."""
    from advisor.authoring.starting import FILES, Beginning, name_of, one_line, write

    _spare(folder)
    ask = _Asking(silent=plain or not sys.stdin.isatty())
    words = folder.resolve().name.replace("-", " ").replace("_", " ")
    asked = ask(question, "Which question does it answer?", "What should I do?", one_line)
    about = ask(title, "What is it about?", words[:1].upper() + words[1:], one_line)
    called = ask(
        thing, "What does a case have several of? One of them is called (Enter: nothing)", "", _or_none(name_of)
    )
    plural = ask(things, "And several of them?", f"{called}s", name_of) if called else ""
    if called and called == plural:
        raise Refused(f"`{called}` is one of them; say with --things what several of them are called")
    says = ask(source, "Who says so? A first source", "What I know myself", one_line)
    cases = write(
        folder,
        Beginning(title=about, question=asked, source=says, thing=called, things=plural),
        date.today(),  # noqa: DTZ011 - the day where the person is
    )
    if form == "json":
        show_json({"format": 1, "pack": str(folder), "files": [str(folder / name) for name in FILES], "cases": cases})
    else:
        show(_text(folder, FILES, cases))


def _or_none(read: Callable[[str], str]) -> Callable[[str], str]:
    return lambda words: read(words) if words.strip() else ""


class _Asking:
    """Takes what an option says, else asks, else takes what is usual."""

    def __init__(self, *, silent: bool) -> None:
        self.silent = silent

    def __call__(self, said: str | None, question: str, usual: str, read: Callable[[str], str]) -> str:
        """What was said, as `read` takes it. Raises Refused where it does not, and nobody can be asked again."""
        if said is not None or self.silent:
            try:
                return read(usual if said is None else said)
            except ValueError as error:
                raise Refused(f"“{(usual if said is None else said)[:80]}”: {error}") from None
        while True:
            reply = typer.prompt(question, default=usual, show_default=bool(usual), err=True)
            try:
                return read(reply)
            except ValueError as error:
                typer.echo(f"  {error}", err=True)


def _spare(folder: Path) -> None:
    """Raises Refused where something is there already, or the name of the folder can be no name of a pack."""
    from advisor.files.shapes import ID, looks_like

    name = folder.resolve().name
    if not looks_like(name, ID):
        raise Refused(f"{folder}: name the folder with small letters, digits and `-`, such as my-pack")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder}: something is there already; name a folder that does not exist yet")


def _text(folder: Path, files: dict[str, str], cases: int) -> str:
    from advisor.values.wording import plural

    wide = max(map(len, files))
    where = shlex.quote(str(folder))
    return "\n".join(
        [
            f"{folder} is a pack that passes its checks and its {plural(cases, 'worked case')}:",
            *(f"  {name:{wide}}  {what}" for name, what in files.items()),
            "",
            "What to do now:",
            f"  advisor ask my-case.yaml --rules {where}",
            "      Answer its questions, and read the advice.",
            f"  advisor rules watch {where}",
            "      Leave this open while you put your own facts and rules in the place of those;",
            "      each time that you save, it says what is wrong and which cases come out otherwise.",
            "  rules/README.md tells what can stand in each file.",
        ]
    )
