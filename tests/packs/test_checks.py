"""What must hold across a pack: each check is silent on a good pack, and each kind of problem has a bad input."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.packs.checks import CHECKS, WARNINGS, check_pack, with_lines
from advisor.packs.reader import read_pack
from advisor.problems.problem import Place, Problem
from tests.folders import BAD_PACKS, GOOD, REPOSITORY, RULES, TESTS

ADVISOR = REPOSITORY / "advisor"
PACK = read_pack(GOOD)
SHIPPED = sorted(path.parent for path in RULES.glob("*/pack.yaml"))
READERS = ("problems", "files", "packs", "cases")
"""The packages that read what people write."""
_KIND_IS_ARGUMENT = {"problem": 0, "note": 1, "Problem": 1}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_check_finds_nothing_in_a_good_pack(check: object) -> None:
    """What it finds in bad ones is pinned in `bad_packs/`."""
    assert callable(check)
    assert check(PACK) == []


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_pack_passes_every_check(folder: Path) -> None:
    """Without a warning."""
    assert [problem.full() for problem in check_pack(read_pack(folder))] == []


def test_problems_show_the_line_of_their_file() -> None:
    """Also those that are found when the file has long been read."""
    fact = PACK.facts["book"]["verdict"]

    (problem,) = with_lines([Problem(fact.place, "kind", "message")])

    assert problem.line == "  verdict:"


def test_a_problem_in_no_file_has_no_line() -> None:
    """Nothing is raised for a file that is gone."""
    assert with_lines([Problem(Place("/there/is/none.yaml", 3), "kind", "message")])[0].line == ""


def test_every_problem_is_found_whatever_the_order_of_rules() -> None:
    """Sorted by place, and the same for any order."""
    turned = replace(PACK, rules=dict(reversed(list(PACK.rules.items()))))

    assert check_pack(turned) == check_pack(PACK)


def kinds_of_problems() -> set[str]:
    """The kinds of problems that the readers can name, from their own source."""
    paths = [path for name in READERS for path in (ADVISOR / name).glob("*.py")]
    return {kind for path in paths for kind in _kinds_in(ast.parse(path.read_text("utf-8")))}


def _kinds_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        at = _KIND_IS_ARGUMENT.get(called, len(node.args))
        kind = node.args[at] if at < len(node.args) else None
        if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
            yield kind.value


MAKERS = [
    ("files", "test_sheets.py"),
    ("files", "test_yaml.py"),
    ("cases", "test_reader.py"),
    ("packs", "test_reader.py"),
    ("decision", "test_options.py"),
]


def test_every_kind_of_problem_has_a_bad_input() -> None:
    """In the bad packs, the bad cases, or a test that makes one."""
    pinned = [*BAD_PACKS.glob("*/problems.txt"), TESTS / "cases" / "bad_cases.txt"]
    shown = set(re.findall(r":\d+:\d+: ([a-z0-9-]+):", "".join(path.read_text("utf-8") for path in pinned)))
    makers = [TESTS / folder / name for folder, name in MAKERS]
    made = "".join(path.read_text("utf-8") for path in makers)

    assert {kind for kind in kinds_of_problems() - shown if kind not in made} == set()


def test_every_warning_is_a_kind_of_problem() -> None:
    """A warning that nothing gives would be a slip of the pen."""
    assert kinds_of_problems() >= WARNINGS
