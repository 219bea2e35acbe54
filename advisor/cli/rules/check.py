"""`advisor rules check`: every mistake in the packs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from advisor.cli.common import FormatOption, PackOption, RulesOption, examples
from advisor.cli.output import show, show_json
from advisor.cli.packs import rules_folder
from advisor.cli.rules.shared import HAS_PROBLEMS, PathArgument, as_data, folders

if TYPE_CHECKING:
    from advisor.problems.problem import Problem

EXAMPLES: Final = examples("advisor rules check", "advisor rules check my-rules/my-pack", "advisor rules check -f json")


def check(
    path: PathArgument = None, form: FormatOption = "text", rules: RulesOption = None, pack: PackOption = None
) -> None:
    """Find every mistake in the packs. Each with its place and how to mend it; ends with 1 where there are any."""
    from advisor.values.wording import plural

    wanted = folders(path, rules, pack) | ({} if pack else _without_pack_file(rules_folder(path or rules)))
    found = {name: _problems(folder) for name, folder in wanted.items()}
    problems = [problem for several in found.values() for problem in several]
    if form == "json":
        show_json({"format": 1, "packs": list(found), "problems": [as_data(problem) for problem in problems]})
    else:
        count = plural(len(problems), "problem") if problems else "no problems"
        show("\n".join([*(problem.full() for problem in problems), f"{plural(len(found), 'pack')}: {count}"]))
    if problems:
        raise typer.Exit(HAS_PROBLEMS)


def _without_pack_file(folder: Path) -> dict[str, Path]:
    """Folders in a folder of packs that hold YAML, but lack the file that would make them packs."""
    if (folder / "pack.yaml").is_file():
        return {}
    beside = (path for path in sorted(folder.iterdir()) if not (path / "pack.yaml").is_file())
    return {path.name: path for path in beside if any(path.glob("*.yaml"))}


def _problems(folder: Path) -> list[Problem]:
    """What is wrong with a pack and its worked cases; where it cannot be read at all, only that."""
    import advisor
    from advisor.authoring.clashes import check_program
    from advisor.authoring.worked_cases import moving
    from advisor.cases.reader import read_cases
    from advisor.face import template_folders
    from advisor.packs.checks import check_pack, with_lines
    from advisor.report.check import check_templates

    try:
        pack = advisor.load(folder)
    except advisor.Problems as error:
        return error.problems
    today = date.today()  # noqa: DTZ011 - the day where the person is
    problems = [*check_pack(pack.data), *with_lines(check_program(pack, today))]
    problems += check_templates(template_folders(folder))
    for file in sorted((folder / "cases").glob("*.yaml")):
        try:
            cases = read_cases(pack.data, file)
        except advisor.Problems as error:
            problems += error.problems
            continue
        problems += with_lines(one for case in cases if (one := moving(pack, case, today)) is not None)
    return sorted(problems)
