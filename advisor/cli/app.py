"""The program as Typer knows it: its commands by name."""

from __future__ import annotations

from typing import Annotated

import typer

import advisor
from advisor.cli import ask, batch, diff, explain, options, report, rules, serve, whatif

app = typer.Typer(
    help="Advice on a decision, by rules that anyone can read and edit.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(advisor.__version__)
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


app.command(epilog=ask.EXAMPLES)(ask.ask)
app.command(epilog=report.EXAMPLES)(report.report)
app.command(epilog=explain.EXAMPLES)(explain.explain)
app.command(epilog=whatif.EXAMPLES)(whatif.whatif)
app.command(epilog=diff.EXAMPLES)(diff.diff)
app.command(epilog=options.EXAMPLES)(options.options)
app.command(epilog=batch.EXAMPLES)(batch.batch)
app.command(epilog=serve.EXAMPLES)(serve.serve)
app.add_typer(rules.app, name="rules")
