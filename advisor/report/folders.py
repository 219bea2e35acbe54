"""Where templates come from: folders searched in order, and nothing outside of them.

In: folders. Out: the text of a template by its name, from the first folder that has one. Refused, as problems: names
that lead out of a folder, files that are too large or no text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import BaseLoader, TemplateNotFound
from jinja2.environment import Environment

from advisor.problems.problem import Place, Problem, Problems

LARGEST_TEMPLATE = 100_000
"""Bytes."""


class Folders(BaseLoader):
    """Templates from folders, the first that has one; what was read is kept in `sources` by file."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = [folder for folder in folders if folder.is_dir()]
        self.sources: dict[str, str] = {}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:  # noqa: ARG002  as in Jinja
        """The text of a template, its file, and that it never changes while we run."""
        for folder in self.folders:
            file = folder / template
            if _is_simple(template) and file.is_file():
                self.sources[str(file)] = _read(file, folder)
                return self.sources[str(file)], str(file), lambda: True
        raise TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        """The names of all templates."""
        return sorted({file.name for folder in self.folders for file in folder.iterdir() if file.is_file()})


def _is_simple(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name) is not None


def _read(file: Path, folder: Path) -> str:
    if not file.resolve().is_relative_to(folder.resolve()):
        raise _refused(file, "it lies outside the folder of templates")
    try:
        with file.open("rb") as stream:
            read = stream.read(LARGEST_TEMPLATE + 1)
        if len(read) > LARGEST_TEMPLATE:
            raise _refused(file, f"it is larger than {LARGEST_TEMPLATE:,} bytes")
        return read.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(file, "it is not UTF-8 text") from None
    except OSError as error:
        raise _refused(file, f"it cannot be read ({error.strerror})") from None


def _refused(file: Path, reason: str) -> Problems:
    return Problems([Problem(Place(str(file)), "template-refused", f"this template is not used: {reason}")])
