"""How much is said of a hopeless input: so many problems and no more, and for so many the nearest name.

Finding the nearest of ten thousand names takes a quarter of a second; for ten thousand misspelt ones that is an hour.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sized
from typing import Final

from advisor.problems.problem import Problem, Problems, suggestion

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
