"""All that a check says of a pack and its worked cases, looked for only where something has changed since it was right.

In: a folder. Out: problems.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from advisor.advice.advisor import LoadedPack
from advisor.authoring.clashes import check_program
from advisor.authoring.slices import Slices
from advisor.authoring.worked_cases import Runs
from advisor.cases.reader import read_cases
from advisor.files.kept import Marks
from advisor.packs.checks import check_pack, with_lines
from advisor.problems.problem import Problem, Problems
from advisor.report.check import check_templates


def check(folder: Path, today: date, marks: Marks) -> list[Problem]:
    """What is wrong with a pack and its worked cases; where it cannot be read at all, only that.

    `marks`: what was found right before.
    """
    try:
        pack = LoadedPack.load(folder)
    except Problems as error:
        return error.problems
    slices = Slices(pack)
    runs = Runs(pack, slices, marks)
    problems = [*check_pack(pack.data), *with_lines(check_program(pack, today, slices, marks))]
    own = folder / "templates"
    problems += check_templates([own] if own.is_dir() else [])
    for file in sorted((folder / "cases").glob("*.yaml")):
        try:
            cases = read_cases(pack.data, file)
        except Problems as error:
            problems += error.problems
            continue
        problems += with_lines(one for case in cases if (one := runs.moving(case, today)) is not None)
    return sorted(problems)
