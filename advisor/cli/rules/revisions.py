"""A pack as it was in a git revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from advisor.cli.failures import Refused

_LONGEST_WAIT: Final = 60
"""Seconds that git may take."""


@contextmanager
def as_of_revision(folder: Path, revision: str) -> Iterator[Path]:
    """A copy of a pack as it was in a git revision, for as long as it is needed. Raises Refused."""
    home = folder.resolve()
    top = Path(_git(home, "rev-parse", "--show-toplevel").decode().strip())
    commit = _git(home, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    inside = home.relative_to(top).as_posix()
    data = _git(top, "archive", "--format=tar", commit, "--", inside)
    with TemporaryDirectory() as scratch, tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(scratch, filter="data")
        yield Path(scratch) / inside


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints. Raises Refused with what it complains of."""
    try:
        done = subprocess.run(  # noqa: S603  the arguments are fixed but for a revision, which git itself checks
            ["git", "-C", str(folder), *arguments],  # noqa: S607  git is found as a shell would find it
            capture_output=True,
            check=False,
            timeout=_LONGEST_WAIT,
        )
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise Refused(f"git cannot be asked for the pack as it was: {error}") from None
    if done.returncode:
        complaint = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ") or "it says no more"
        raise Refused(
            f"git has no such state of {folder}: {complaint}; name a folder, or a revision such as HEAD, main or HEAD~3"
        )
    return done.stdout
