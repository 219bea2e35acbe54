"""A list of problems that stops the work when it is longer than anyone reads.

Finding the nearest name for each of a hundred thousand misspelt ones would take hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from advisor.problems import Problem, Problems

MOST_PROBLEMS: Final = 500


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
