"""What is wrong with a pack or a case: where, what, and how to mend it.

In: places and words. Out: `Problem` values that sort by place and print themselves, and `Problems`, the exception that
carries all of them at once. Nothing here reads files or knows what a pack is.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sized
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a file: line and column count from 1; `length` characters are underlined."""

    file: str
    line: int = 1
    column: int = 1
    length: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def shifted(self, offset: int, length: int) -> Place:
        """The place `offset` characters further on the same line."""
        return Place(self.file, self.line, self.column + offset, max(1, length))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake, in the words of the person who made it.

    `kind` is a stable name (`unknown-fact`), `message` says what is wrong, `help` how to mend it (may be empty), `line`
    is the text of the line (may be empty), `related` names other places that take part, each with a few words.
    """

    place: Place
    kind: str
    message: str
    help: str = ""
    line: str = ""
    related: tuple[tuple[Place, str], ...] = field(default=())

    def __str__(self) -> str:
        """The head line: `file:line:column: kind: what is wrong; how to mend it`."""
        mend = f"; {self.help}" if self.help else ""
        return f"{self.place}: {self.kind}: {self.message}{mend}"

    def to_dict(self) -> dict[str, object]:
        """The problem for programs."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "length": self.place.length,
            "kind": self.kind,
            "message": self.message,
            "help": self.help,
            "related": [
                {"file": place.file, "line": place.line, "column": place.column, "message": words}
                for place, words in self.related
            ],
        }

    def full(self) -> str:
        """The head line, then the source line with the spot underlined, then the other places."""
        rows = [str(self)]
        if self.line:
            number = str(self.place.line)
            text = self.line.replace("\t", " ")[:200]
            start = min(self.place.column - 1, len(text))
            length = max(1, min(self.place.length, len(text) - start))
            rows.append(f"  {number} | {text}")
            rows.append(f"  {' ' * len(number)} | {' ' * start}{'^' * length}")
        rows.extend(f"  {place}: {words}" for place, words in self.related)
        return "\n".join(rows)


class Problems(ValueError):
    """A pack or case cannot be used. `problems` lists every mistake found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that was probably meant by `name`, or None where nothing is near."""
    folded: dict[str, str] = {}
    for known in names:
        folded.setdefault(_fold(known), known)
    if _fold(name) in folded:
        return folded[_fold(name)]
    found = difflib.get_close_matches(_fold(name), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


MOST_NAMED: Final = 12
"""So many allowed names are listed where one is not known."""


def suggestion(name: str, names: Iterable[str], *, what: str = "known") -> str:
    """Help for an unknown name: the nearest one, else the names that are allowed (a dozen at most)."""
    names = list(names)
    close = nearest(name, names)
    if close is not None:
        return f"did you mean `{close}`?"
    if not names:
        return f"nothing is {what} here"
    shown = ", ".join(f"`{one}`" for one in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{what}: {shown}{more}"


def _fold(name: str) -> str:
    return name.casefold().replace("_", " ").replace("-", " ").strip()


MOST_PROBLEMS: Final = 500
_MOST_COMPARED: Final = 50_000


class Collected(list[Problem]):
    """Problems found so far. Adding one too many raises Problems with all of them."""

    def append(self, problem: Problem, /) -> None:
        """Adds one problem."""
        super().append(problem)
        if len(self) > MOST_PROBLEMS:
            last = self.pop()
            message = f"there are more than {MOST_PROBLEMS} problems"
            raise Problems([*self, Problem(last.place, "too-many", message, "mend the others first", last.line)])

    def extend(self, problems: Iterable[Problem], /) -> None:
        """Adds several."""
        for problem in problems:
            self.append(problem)


def affordable(problems: Sized, names: Sized) -> bool:
    """Whether the nearest of `names` may still be looked for, after so many problems."""
    return len(problems) * len(names) <= _MOST_COMPARED


def suggested(problems: Sized, name: str, names: Collection[str], *, what: str = "known") -> str:
    """The nearest of `names`, or those that are allowed; nothing where that has become too much work."""
    return suggestion(name, names, what=what) if affordable(problems, names) else ""
