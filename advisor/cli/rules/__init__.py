"""`advisor rules ...`: whether packs are right, and what they know. One module a command."""

from __future__ import annotations

from typing import Final

import typer

from advisor.cli.rules import (
    audit,
    check,
    coverage,
    graph,
    impact,
    list_,
    mutate,
    new,
    rename,
    schema,
    show,
    table,
    test,
    uses,
    watch,
)

app: Final = typer.Typer(
    help="Whether packs are right, and what they know.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("new", epilog=new.EXAMPLES)(new.new)
app.command("check", epilog=check.EXAMPLES)(check.check)
app.command("test", epilog=test.EXAMPLES)(test.run)
app.command("list", epilog=list_.EXAMPLES)(list_.list_)
app.command("show", epilog=show.EXAMPLES)(show.show_one)
app.command("schema", epilog=schema.EXAMPLES)(schema.schema)
app.command("uses", epilog=uses.EXAMPLES)(uses.uses)
app.command("rename", epilog=rename.EXAMPLES)(rename.rename)
app.add_typer(table.app, name="table")
app.command("coverage", epilog=coverage.EXAMPLES)(coverage.coverage)
app.command("mutate", epilog=mutate.EXAMPLES)(mutate.mutate)
app.command("audit", epilog=audit.EXAMPLES)(audit.audit)
app.command("graph", epilog=graph.EXAMPLES)(graph.graph)
app.command("impact", epilog=impact.EXAMPLES)(impact.impact)
app.command("watch", epilog=watch.EXAMPLES)(watch.watch)
