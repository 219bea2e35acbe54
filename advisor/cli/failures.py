"""What a user is told when a command cannot do its work: on standard error, in sentences, with the place and a mend."""

from __future__ import annotations

import os
import sys
from typing import Final

WRONG_INPUT: Final = 2


class Refused(Exception):
    """What was asked for cannot be done, for a reason that lies in the arguments. The message says how to mend it."""


def tell(error: Exception) -> int:
    """Say on standard error why a command failed; its exit status."""
    if os.environ.get("ADVISOR_DEBUG"):
        import traceback

        traceback.print_exception(error)
    for line in _lines(error):
        sys.stderr.write(f"{line}\n")
    return WRONG_INPUT


def _lines(error: Exception) -> list[str]:
    from advisor.problems.problem import Problems

    match error:
        case Problems():
            return [problem.full() for problem in error.problems]
        case Refused():
            return [f"advisor: {error}"]
        case OSError(filename=str() | bytes() | os.PathLike() as path, strerror=str(reason)):
            return [f"advisor: {os.fsdecode(path)}: {reason}"]
        case MemoryError() | RecursionError():
            return ["advisor: this is too large or too deeply nested to be worked on"]
    first = (str(error).splitlines() or [""])[0][:200]
    return [
        f"advisor: something went wrong that is not your doing ({type(error).__name__}: {first})",
        "  please report it with the command and its files, and what ADVISOR_DEBUG=1 before the command prints",
    ]
