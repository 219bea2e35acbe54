"""The command line: one module a command, which parses, calls and prints; no reasoning.

Results go to standard output, all else to standard error. The exit status is 0 when it is done, 1 when what was checked
has problems, 2 when the input is wrong. No traceback reaches a user.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

INTERRUPTED = 130

RARELY: Final = 200_000
"""New objects between two looks for garbage in cycles: a command makes few such cycles."""


def main() -> NoReturn:
    """Run the command that the arguments name, and end with its exit status."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a reader that leaves (`| head`) ends us quietly
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit status of a command, once it has printed what it has to say."""
    gc.set_threshold(RARELY)
    try:
        from advisor.cli.app import app

        app(list(arguments), prog_name="advisor")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, a user is owed a sentence, not a traceback
        from advisor.cli.failures import tell

        return tell(error)
    return 0
