"""`advisor rules test`: the worked cases of the packs, run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from advisor.cli.common import FormatOption, PackOption, RulesOption, examples
from advisor.cli.output import show, show_json
from advisor.cli.rules.shared import HAS_PROBLEMS, CasesTodayOption, PathArgument, folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.authoring.worked_cases import Result
    from advisor.problems.problem import Problem

EXAMPLES: Final = examples(
    "advisor rules test", "advisor rules test my-rules/my-pack", "advisor rules test --today 2027-01-01 -f json"
)


def run(
    path: PathArgument = None,
    form: FormatOption = "text",
    rules: RulesOption = None,
    pack: PackOption = None,
    today: CasesTodayOption = None,
) -> None:
    """Run the worked cases of the packs. Each must come out as it expects; ends with 1 where one does not."""
    problems: list[Problem] = []
    results = [result for folder in folders(path, rules, pack).values() for result in _results(folder, problems, today)]
    failed = [result for result in results if not result.passed]
    if form == "json":
        counts = {"passed": len(results) - len(failed), "failed": len(failed)}
        cases = [_as_data(result) for result in results]
        show_json({"format": 1, **counts, "cases": cases, "problems": [problem.to_dict() for problem in problems]})
    else:
        said = [*(problem.full() for problem in problems), *map(_text, failed)]
        show("\n".join([*said, _counted(len(results), len(failed), len(problems))]))
    if failed or problems:
        raise typer.Exit(HAS_PROBLEMS)


def _results(folder: Path, problems: list[Problem], today: date | None) -> Iterator[Result]:
    """What came of each case of a pack; a pack or file that cannot be read adds to `problems`."""
    import advisor
    from advisor.authoring.slices import Slices
    from advisor.authoring.worked_cases import Runs
    from advisor.cases.reader import read_cases
    from advisor.files.kept import Marks

    try:
        pack = advisor.load(folder)
    except advisor.Problems as error:
        problems.extend(error.problems)
        return
    marks = Marks(str(folder.resolve()))
    runs = Runs(pack, Slices(pack), marks)
    day = today or date.today()  # noqa: DTZ011 - the day where the person is
    for file in sorted((folder / "cases").glob("*.yaml")):
        try:
            cases = read_cases(pack.data, file)
        except advisor.Problems as error:
            problems.extend(error.problems)
            continue
        yield from (runs.run(case, day) for case in cases)
    marks.save()


def _text(result: Result) -> str:
    head = f"{result.case.file}#{result.case.number}: {result.case.sentence}"
    return "\n".join([head, *(f"  {line}" for problem in result.problems for line in problem.full().splitlines()), ""])


def _as_data(result: Result) -> dict[str, Any]:
    return {
        "file": result.case.file,
        "number": result.case.number,
        "id": result.case.id,
        "case": result.case.sentence,
        "passed": result.passed,
        "problems": [problem.to_dict() for problem in result.problems],
    }


def _counted(cases: int, failed: int, problems: int) -> str:
    from advisor.values.wording import plural

    outcome = f"{failed} did not come out as expected" if failed else "all came out as expected"
    unread = f"; {plural(problems, 'problem')} in files that could not be run" if problems else ""
    return f"{plural(cases, 'case')}: {outcome if cases else 'nothing was tested'}{unread}"
