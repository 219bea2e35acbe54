"""What the condition language says of sentences that it cannot read, as `mistakes.txt` has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.language.parser import parse_condition, parse_expression, parse_text
from advisor.problems.problem import Place, Problem
from advisor.values.types import Type
from tests.language.sample_vocabulary import CASE, CONTRACT

FILE = Path(__file__).with_name("mistakes.txt")
INDENT = 8
HERE = Place("rules.yaml", 4, INDENT + 1)


def problems_of(source: str, section: str) -> list[Problem]:
    """What is wrong with a sentence that is read as its section says."""
    problems: list[Problem] = []
    if section.startswith("a condition"):
        scope = CASE if "case" in section else CONTRACT
        found: object = parse_condition(source, scope, HERE, problems)
    elif section == "a text":
        found = parse_text(source, CONTRACT, HERE, problems)
    else:
        found = parse_expression(source, CONTRACT, HERE, problems, "", Type(section.removeprefix("a ")))
    assert found is None
    return problems


def told(problem: Problem) -> str:
    """What is said, under the words that are meant."""
    place = problem.place
    assert (place.file, place.line) == (HERE.file, HERE.line)
    mend = f"; {problem.help}" if problem.help else ""
    return f"{' ' * (place.column - 1 - INDENT)}{'^' * place.length} {problem.kind}: {problem.message}{mend}"


def sections() -> Iterator[tuple[str, list[list[str]]]]:
    """The sections of the file: how their sentences are read, and each sentence with what is said of it."""
    _, *parts = FILE.read_text().split("\n[")
    for part in parts:
        title, _, body = part.partition("]\n\n")
        yield title, [block.split("\n") for block in body.rstrip("\n").split("\n\n")]


@pytest.mark.parametrize(
    ("section", "source", "said"),
    [(title, source, said) for title, blocks in sections() for source, *said in blocks],
)
def test_what_is_said(section: str, source: str, said: list[str]) -> None:
    assert [told(problem) for problem in problems_of(source, section)] == said


def test_the_line_and_the_place_of_the_nearest_name_are_shown() -> None:
    problems: list[Problem] = []
    parse_condition("earnd is 5", CONTRACT, HERE, problems, "  when: earnd is 5")
    assert problems[0].full().splitlines() == [
        "rules.yaml:4:9: unknown-fact: nothing is called `earnd`; did you mean `earned`?",
        "  4 |   when: earnd is 5",
        "    |         ^^^^^",
        "  facts.yaml:23:3: `earned` is defined here",
    ]


def rewritten() -> str:
    """The file, with what is said now."""
    before, _, _ = FILE.read_text().partition("\n[")
    parts = [before.rstrip("\n")]
    for title, blocks in sections():
        parts.append(f"[{title}]")
        parts += ["\n".join([source, *map(told, problems_of(source, title))]) for source, *_ in blocks]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    FILE.write_text(rewritten())
