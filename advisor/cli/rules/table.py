"""`advisor rules table`: tables carried between a pack and spreadsheets, and decision tables of DMN taken over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from advisor.cli.common import FormatOption, PackOption, RulesOption, examples
from advisor.cli.failures import Refused
from advisor.cli.output import show, show_json, write, write_bytes
from advisor.cli.packs import choose_pack
from advisor.cli.rules.shared import HAS_PROBLEMS

if TYPE_CHECKING:
    from advisor.authoring.table_facts import Wanted
    from advisor.authoring.table_files import Rows
    from advisor.problems.problem import Problem

app: Final = typer.Typer(
    help="Tables of a pack in spreadsheets, and decision tables of DMN.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
EXPORT_EXAMPLES: Final = examples(
    "advisor rules table export fees --pack parcels",
    "advisor rules table export fees --pack parcels -o fees.xlsx",
    "advisor rules table export all --pack parcels -o tables.ods",
)
IMPORT_EXAMPLES: Final = examples(
    "advisor rules table import fees.xlsx --pack parcels",
    "advisor rules table import fees.xlsx --sheet 2026 --pack parcels --replace",
    "advisor rules table import loan.dmn --new my-rules/loan",
)
ALL: Final = "all"
_ENDINGS: Final = (".csv", ".xlsx", ".ods")


def export(
    table: Annotated[
        str,
        typer.Argument(
            metavar="TABLE", help="A table, a fact with rows, or `all` tables (XLSX, ODS).", show_default=False
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file: .csv, .xlsx or .ods.")
    ] = None,
    rules: RulesOption = None,
    pack: PackOption = None,
) -> None:
    """Write a table, or the rows of a fact, for a spreadsheet. It is read back without loss."""
    from advisor.authoring.table_files import csv_text, exported, tables_of, written
    from advisor.packs.reader import read_pack

    data = read_pack(choose_pack(rules, pack))
    names = list(tables_of(data)) if table == ALL else [table]
    tables = {name.replace("-", "_"): exported(data, name) for name in names}
    if out is None:
        if len(tables) != 1:
            raise Refused(f"there are {len(tables)} tables: name one, or write them to a file with -o tables.xlsx")
        show(csv_text(next(iter(tables.values()))).rstrip("\n"))
        return
    if out.suffix not in _ENDINGS or (out.suffix == ".csv" and len(tables) != 1):
        raise Refused(
            f"`{out}` should end with .xlsx or .ods" + ("; .csv takes one table" if len(tables) != 1 else ", or .csv")
        )
    write_bytes(written(tables, out.suffix), out)
    typer.echo(f"written: {out}", err=True)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv, .xlsx, .ods or .dmn file.", show_default=False)],
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="Only this sheet.")] = "",
    new: Annotated[
        Path | None, typer.Option("--new", metavar="FOLDER", help="Start a pack of these tables, with its facts.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put a table in the place of one of the same name.")
    ] = False,
    form: FormatOption = "text",
    rules: RulesOption = None,
    pack: PackOption = None,
) -> None:
    """Take the tables of a file into a pack as CSV, and say which facts they need."""
    taken = _Taken(file, sheet)
    folder = new if new is not None else choose_pack(rules, pack)
    targets = {folder / "tables" / f"{name}.csv": rows for name, rows in taken.tables.items()}
    if new is not None and new.exists() and any(new.iterdir()):
        raise Refused(f"`{new}` is not empty")
    there = [path for path in targets if path.exists()]
    if there and not replace:
        raise Refused(f"`{there[0]}` is there already; write --replace to put the new one in its place")
    lacking = _write(folder, targets, taken, is_new=new is not None)
    wrong = _wrong(folder, targets, lacking)
    if form == "json":
        show_json(_as_data(targets, taken, lacking, wrong))
    else:
        show(_text(targets, taken, lacking, wrong, is_new=new is not None))
    if taken.problems or wrong:
        sys.exit(HAS_PROBLEMS)


class _Taken:
    """What a file holds: its tables, the facts that they name, and what of it was not understood."""

    def __init__(self, file: Path, sheet: str) -> None:
        from advisor.authoring.dmn import read_dmn
        from advisor.authoring.table_facts import wanted_by
        from advisor.authoring.table_files import read_rows

        self.title = file.stem.replace("_", " ").replace("-", " ")
        self.problems: list[Problem] = []
        self.facts: dict[str, Wanted] = {}
        self.tables: dict[str, Rows]
        if file.suffix in (".dmn", ".xml"):
            found = read_dmn(file)
            self.title, self.facts, self.problems = found.title, found.facts, found.problems
            self.tables = found.tables
        elif file.suffix in _ENDINGS:
            self.tables = read_rows(file, sheet)
            for rows in self.tables.values():
                for name, fact in wanted_by(rows).items():
                    known = self.facts.setdefault(name, fact)
                    known.concluded |= fact.concluded
        else:
            raise Refused(f"`{file}` should end with .csv, .xlsx, .ods or .dmn")


def _write(folder: Path, targets: dict[Path, Rows], taken: _Taken, *, is_new: bool) -> list[Wanted]:
    """Writes the tables, and of a new pack what else it needs; the facts that the pack lacks."""
    from advisor.authoring.table_facts import missing, new_pack
    from advisor.authoring.table_files import csv_text
    from advisor.files.yaml import MapNode, read_file

    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for path, rows in targets.items():
        write(csv_text(rows), path)
    if is_new:
        for name, text in new_pack(taken.title, taken.facts.values(), targets.values()).items():
            write(text, folder / name)
        return []
    root = read_file(folder / "facts.yaml")
    kinds = root.values.values() if isinstance(root, MapNode) else ()
    return missing(taken.facts, [name for facts in kinds if isinstance(facts, MapNode) for name in facts.keys])


def _wrong(folder: Path, targets: dict[Path, Rows], lacking: list[Wanted]) -> list[Problem]:
    """What the check says of the tables, once all their facts are known."""
    from advisor.packs.checks import check_pack
    from advisor.packs.reader import read_pack
    from advisor.problems.problem import Problems

    if lacking:
        return []
    try:
        found = check_pack(read_pack(folder))
    except Problems as error:
        found = error.problems
    files = {str(path) for path in targets}
    return [one for one in found if one.place.file in files]


def _text(
    targets: dict[Path, Rows], taken: _Taken, lacking: list[Wanted], wrong: list[Problem], *, is_new: bool
) -> str:
    from advisor.authoring.table_facts import facts_text
    from advisor.values.wording import plural

    lines = [f"written: {path} ({plural(len(rows), 'line')})" for path, rows in targets.items()]
    if is_new:
        lines.append("A pack of these tables was started; look over the types and questions in its facts.yaml.")
    if lacking:
        lines += ["", "facts.yaml lacks these; put them in, and look over their types and questions:", ""]
        lines.append(facts_text(lacking).rstrip())
    for problems, words in ((taken.problems, "Not understood:"), (wrong, "To mend:")):
        if problems:
            lines += ["", words, *(problem.full() for problem in problems)]
    return "\n".join(lines)


def _as_data(targets: dict[Path, Rows], taken: _Taken, lacking: list[Wanted], wrong: list[Problem]) -> dict[str, Any]:
    return {
        "format": 1,
        "tables": [{"file": str(path), "lines": len(rows)} for path, rows in targets.items()],
        "facts": [
            {"name": one.name, "type": one.type, "choices": one.choices, "concluded": one.concluded} for one in lacking
        ],
        "not_understood": [str(one) for one in taken.problems],
        "problems": [str(one) for one in wrong],
    }


app.command("export", epilog=EXPORT_EXAMPLES)(export)
app.command("import", epilog=IMPORT_EXAMPLES)(import_)
