"""`advisor rules check`: every mistake in the packs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from advisor.cli.common import FormatOption, PackOption, RulesOption, examples
from advisor.cli.output import show, show_json
from advisor.cli.packs import rules_folder
from advisor.cli.rules.shared import HAS_PROBLEMS, PathArgument, folders

if TYPE_CHECKING:
    from advisor.problems.problem import Problem

EXAMPLES: Final = examples("advisor rules check", "advisor rules check my-rules/my-pack", "advisor rules check -f json")


def check(
    path: PathArgument = None, form: FormatOption = "text", rules: RulesOption = None, pack: PackOption = None
) -> None:
    """Find every mistake in the packs. Each with its place and how to mend it; ends with 1 where there are any."""
    from advisor.values.wording import plural

    today = date.today()  # noqa: DTZ011 - the day where the person is
    wanted = folders(path, rules, pack) | ({} if pack else _without_pack_file(rules_folder(path or rules)))
    found = {name: _problems(folder, today) for name, folder in wanted.items()}
    problems = [problem for several in found.values() for problem in several]
    if form == "json":
        show_json({"format": 1, "packs": list(found), "problems": [problem.to_dict() for problem in problems]})
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


def _problems(folder: Path, today: date) -> list[Problem]:
    """What is wrong with a pack; where not a byte has changed since nothing was, it is not even read."""
    from advisor.files import kept

    marks = kept.Marks(str(folder.resolve()))
    before = kept.digest(folder, (*kept.PACKS, *kept.TEMPLATES))
    whole = ("all", str(folder), before, today)
    if before is not None and whole in marks:
        return []

    from advisor.authoring.checking import check as check_folder

    found = check_folder(folder, today, marks)
    if not found and before is not None and before == kept.digest(folder, (*kept.PACKS, *kept.TEMPLATES)):
        marks.add(whole)  # else it was saved meanwhile
    marks.save()
    return found
