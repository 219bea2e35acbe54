"""`advisor batch`: advice on files of many cases."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from advisor.cli.common import AsOfOption, PackOption, PlainFormat, RulesOption, TodayOption, examples
from advisor.cli.failures import Refused
from advisor.cli.output import show, show_json
from advisor.columns.parts import PARTS

if TYPE_CHECKING:
    from advisor import Pack
    from advisor.batch.run import Done, Job, Progress

EXAMPLES: Final = examples(
    "advisor batch cases.parquet -o advice.parquet",
    "advisor batch 'cases/*.csv' -o advice.ndjson --pack trip-abroad",
    "advisor batch orders.csv --table items=items.csv --key order -o advice.parquet",
    "advisor batch cases.parquet -o found.parquet --only conclusions",
    "advisor batch cases.csv -o advice.csv --keep customer --explain 1,17",
    "advisor batch 'cases/*.parquet' -o advice.parquet --cluster ray://head:10001",
    "advisor batch --schema --pack trip-abroad",
)

WRONG: Final = 1
"""The exit status where rows could not be advised on."""
MOST_EXPLAINED: Final = 1000
"""Rows of which the proofs are told at once."""


def batch(
    cases: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CASES...",
            help="Files of cases: .parquet, .arrow, .csv or .ndjson; a folder, or a pattern in quotes.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write there: .parquet, .arrow, .csv or .ndjson."),
    ] = None,
    rules: RulesOption = None,
    pack: PackOption = None,
    tables: Annotated[
        list[str] | None,
        typer.Option("--table", metavar="NAME=FILES", help="A table of its own for entities. May be repeated."),
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="COLUMN", help="The column that names the case in all tables.")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="COLUMN", help="Carry this column over; it is no fact. May be repeated."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="PART", help=f"Only this: {', '.join(PARTS)}. May be repeated."),
    ] = None,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="ROWS", help="Tell the proofs of these rows: 1,17,20-25.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="FILE", help="What is wrong with which row. [default: beside the output]"),
    ] = None,
    today: TodayOption = None,
    as_of: AsOfOption = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help="Have the workers of this Ray cluster do it; `local` starts some on this machine.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, help="So many workers. [default: a processor each]"),
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the columns that the pack reads, and end.")] = False,
    form: Annotated[
        PlainFormat, typer.Option("--format", "-f", help="How to print the columns, or what was done.")
    ] = "text",
) -> None:
    """Advise on a table of cases: one row a case in, one row of advice out.

    A column is a fact; lists of structs, or tables of their own, are the entities. Empty is what was not asked; text is
    read as in a case file (`4..6`, `about 5`, `unknown`). A run that was stopped goes on with the same command.
    """
    knowledge = _pack(rules, pack)
    if schema:
        _print_schema(knowledge, form)
        return
    if not cases or output is None:
        raise Refused("say which cases, and with -o where to: advisor batch cases.csv -o advice.csv")
    if importlib.util.find_spec("pyarrow") is None or importlib.util.find_spec("numpy") is None:
        raise Refused("many cases need pyarrow and numpy: pip install 'decision-advisor[batch]'")
    if cluster is not None and importlib.util.find_spec("ray") is None:
        raise Refused("a cluster needs Ray: pip install 'decision-advisor[batch,cluster]'")
    from advisor.batch.job import job
    from advisor.batch.run import Busy, run

    made = job(
        knowledge,
        cases,
        output,
        errors=errors,
        tables=_named(tables or ()),
        key=key or "",
        keep=keep or (),
        parts=only or PARTS,
        explain=_rows(explain or ""),
        today=today,
        as_of=as_of,
    )
    try:
        with _bar(made) as progress:
            done = run(made, progress, lambda text: typer.echo(text, err=True), cluster=cluster or "", workers=workers)
    except Busy as busy:
        raise Refused(str(busy)) from None
    except ConnectionError as error:
        raise Refused(f"no cluster answers at {cluster}: {(str(error).splitlines() or [''])[0][:200]}") from None
    except KeyboardInterrupt:
        typer.echo("Stopped. The same command goes on where this one was.", err=True)
        raise
    _tell(made, done, form)
    if done.bad or done.astray:
        raise typer.Exit(WRONG)


def _pack(rules: Path | None, name: str | None) -> Pack:
    import advisor
    from advisor.cli.packs import choose_pack

    return advisor.load(choose_pack(rules, name))


def _named(tables: Sequence[str]) -> dict[str, list[str]]:
    """The files of each table of its own, by its name."""
    found: dict[str, list[str]] = {}
    for one in tables:
        name, equals, files = one.partition("=")
        if not equals or not files:
            raise Refused(f"`{one[:80]}` names no file: write --table items=items.csv")
        found.setdefault(name, []).append(files)
    return found


def _rows(text: str) -> frozenset[int]:
    """The numbers of rows in `1,17,20-25`."""
    found: set[int] = set()
    for one in filter(None, (part.strip() for part in text.split(","))):
        first, dash, last = one.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise Refused(f"`{one[:40]}` is not a row; write numbers from 1 on, such as 1,17,20-25")
        found.update(range(int(first), min(int(last or first), int(first) + MOST_EXPLAINED) + 1))
        if len(found) > MOST_EXPLAINED:
            raise Refused(f"proofs of at most {MOST_EXPLAINED} rows are told at once")
    return frozenset(found)


@contextmanager
def _bar(made: Job) -> Iterator[Progress]:
    """A bar on standard error where a person looks at it."""
    rows = made.source.rows() if sys.stderr.isatty() else None
    if rows is None:
        yield lambda _: None
        return
    with typer.progressbar(length=rows, label="cases", file=sys.stderr, show_pos=True) as bar:
        yield bar.update


def _tell(made: Job, done: Done, form: PlainFormat) -> None:
    if form == "json":
        told = {
            "advised": done.good,
            "wrong": done.bad,
            "without_a_case": done.astray,
            "by_an_earlier_run": done.before,
        }
        show_json({"output": str(made.output), "errors": str(made.errors), **told})
        return
    earlier = f" ({done.before:,} of them by an earlier run)" if done.before else ""
    show(f"{_counted(done.good, 'case')} advised on{earlier}: {made.output}")
    if done.bad:
        show(f"{_counted(done.bad, 'row')} could not be: {made.errors} says where and how to mend it")
    if done.astray:
        show(f"{_counted(done.astray, 'row')} of other tables left out: {made.errors} says why")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _print_schema(knowledge: Pack, form: PlainFormat) -> None:
    from advisor.columns.given import described

    rows = described(knowledge.data)
    if form == "json":
        show_json({"format": 1, "pack": knowledge.id, "columns": rows})
        return
    widest = max(len(row["column"]) for row in rows)
    for row in rows:
        allowed = f" ({', '.join(row['allowed'])})" if row["allowed"] else ""
        show(f"{row['column']:<{widest}}  {row['type']:<14}  {row['meaning']}{allowed}")
