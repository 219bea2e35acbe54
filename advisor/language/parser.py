"""The way in to the condition language: one source, its scope and its place give a typed tree or problems.

In: sentences such as `open and not late`. Out: the trees of `tree.py`. Nothing that a source holds is
ever run, and no source, however long or deep, takes long or overflows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from advisor.language.cells import CellParser, Head
from advisor.language.conditions import ConditionParser
from advisor.language.cursor import LONGEST_SOURCE, Stop
from advisor.language.tree import Condition, Expr, Node, Text, Truth
from advisor.language.vocabulary import FactName, ParameterName, Scope, Vocabulary
from advisor.problems.problem import Place, Problem
from advisor.values.types import LONGEST_TEXT, YES_NO, Type

__all__ = [
    "FactName",
    "Head",
    "ParameterName",
    "Scope",
    "Vocabulary",
    "parse_cell",
    "parse_condition",
    "parse_expression",
    "parse_head",
    "parse_text",
]

T = TypeVar("T", bound=Node)


def parse_condition(
    source: str, scope: Scope, place: Place, problems: list[Problem], line: str = ""
) -> Condition | None:
    """The condition that `source` says. None where it cannot be read: why is then added to `problems`.

    `place` is where `source` begins in its file and `line` the text of that line.
    """
    return _parsed(ConditionParser(source, scope, place, problems, line), ConditionParser.condition)


def parse_expression(  # noqa: PLR0913, PLR0917  (the same as for a condition, and the type)
    source: str, scope: Scope, place: Place, problems: list[Problem], line: str = "", expected: Type | None = None
) -> Expr | None:
    """The value that `source` says, of the type `expected` where one is given.

    None and `problems` as in `parse_condition`.
    """
    return _parsed(ConditionParser(source, scope, place, problems, line), lambda parser: _value(parser, expected))


def parse_head(source: str, scope: Scope, place: Place, problems: list[Problem], line: str = "") -> Head | None:
    """What a column of a decision table is about: a value or a condition.

    None and `problems` as in `parse_condition`.
    """
    found = _parsed(ConditionParser(source, scope, place, problems, line), _head)
    return None if found is None else Head(found, " ".join(source.split()))


def _head(parser: ConditionParser) -> Expr | Condition:
    node = parser.either()
    return node.operand if isinstance(node, Truth) else node


def parse_cell(  # noqa: PLR0913  (the same as for a condition, and what the column is about)
    source: str, scope: Scope, place: Place, problems: list[Problem], line: str = "", *, head: Head
) -> Condition | None:
    """The condition that a cell says of what its column is about. None and `problems` as in `parse_condition`."""
    parser = CellParser(source, head, scope, place, problems, line)
    plain = parser.plain()
    return plain if plain is not None else _parsed(parser, lambda _: parser.cell())


def _value(parser: ConditionParser, expected: Type | None) -> Expr:
    node = parser.either(expected)
    if expected is not None and expected.kind == YES_NO and isinstance(node, Condition) and not isinstance(node, Truth):
        mend = "write it as rows: `- {when: ..., is: yes}`, then `- {otherwise: no}`"
        parser.stop("wrong-type", "this is a condition, and a value is needed here", mend, parser.since(0))
    found = parser.value(node, parser.since(0))
    return found if expected is None else parser.of_type(found, expected, 0)


def _parsed(parser: ConditionParser, read: Callable[[ConditionParser], T]) -> T | None:
    if len(parser.source) > LONGEST_SOURCE:
        message, mend = f"this is longer than {LONGEST_SOURCE} characters", "define derived facts for its parts"
        parser.problems.append(Problem(parser.place, "too-long", message, mend, parser.line))
        return None
    try:
        found = read(parser)
        if parser.token.kind != "end":
            parser.left_over()
    except Stop:
        return None
    return None if parser.found else found


# Text between braces, in which a quoted text may hold a brace.
_PIECE = re.compile(r"""\{\{|\}\}|\{(?P<inner>(?:[^{}"]|"[^"]*")*)\}|(?P<wrong>[{}])""")
_KEPT = "first advice"


def parse_text(source: str, scope: Scope, place: Place, problems: list[Problem], line: str = "") -> Text | None:
    """A text for people, with what stands in braces read as expressions. None and `problems` as in `parse_condition`.

    `{{` and `}}` stand for a brace; `{first advice}` is kept as it is.
    """
    before = len(problems)
    if len(source) > LONGEST_TEXT:
        problems.append(Problem(place, "too-long", f"this text is longer than {LONGEST_TEXT} characters", "", line))
        return None
    parts: list[str | Expr] = []
    plain, end = "", 0
    for piece in _PIECE.finditer(source):
        plain += source[end : piece.start()]
        end = piece.end()
        inner = piece["inner"]
        if piece["wrong"]:
            problems.append(_stray_brace(piece, place, line))
        elif inner is None:
            plain += piece[0][0]
        elif inner.strip().casefold() == _KEPT:
            plain += "{first advice}"
        else:
            found = parse_expression(inner, scope, place.shifted(piece.start("inner"), len(inner)), problems, line)
            if found is not None:
                parts += [plain, found] if plain else [found]
                plain = ""
    plain += source[end:]
    if len(problems) > before:
        return None
    return Text((*parts, plain) if plain else tuple(parts), place)


def expressions_in(text: str) -> Iterator[tuple[int, str]]:
    """The expressions that stand in braces in a text for people, each with the offset at which it begins."""
    return ((piece.start("inner"), piece["inner"]) for piece in _PIECE.finditer(text) if piece["inner"] is not None)


def _stray_brace(piece: re.Match[str], place: Place, line: str) -> Problem:
    brace = piece["wrong"]
    message = "this brace is never closed" if brace == "{" else "this brace closes nothing"
    return Problem(
        place.shifted(piece.start(), 1), "unexpected-word", message, f"write `{brace * 2}` for a brace", line
    )
