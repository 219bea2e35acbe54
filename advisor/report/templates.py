"""Where templates come from: folders searched in order, and nothing outside of them.

In: folders. Out: the text of a template by its name, from the first folder that has one. Refused, as problems: names
that lead out of a folder, files that are too large or no text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import jinja2
from jinja2 import BaseLoader, BytecodeCache, TemplateNotFound, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Environment
from jinja2.visitor import NodeTransformer

from advisor.files import kept
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


MOST_COMPILED = 256
"""Templates kept in memory."""


class _Tamer(NodeTransformer):
    """Sends through a measuring filter what could make much out of little: loops, joins and lists."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  named by Jinja
        weight = sum(1 for part in node.body for _ in part.find_all(nodes.Node)) + 1
        self.generic_visit(node)
        items = cast("nodes.Expr", node.iter)
        node.iter = _through("gone_through", items, nodes.Const(weight, lineno=node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  named by Jinja
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno, environment=node.environment)
        return _through("joined", parts)

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802  named by Jinja
        self.generic_visit(node)
        return node if all(isinstance(item, nodes.Const) for item in node.items) else _through("measured", node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802  named by Jinja
        self.generic_visit(node)
        return node if node.ctx != "load" else _through("measured", node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802  named by Jinja
        self.generic_visit(node)
        return _through("measured", node)


def _through(name: str, node: nodes.Expr, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(arguments), [], None, None, lineno=node.lineno, environment=node.environment)


class Generator(CodeGenerator):
    """The compiler of templates, taming each before it writes code."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802  named by Jinja
        """Write the code of a whole template."""
        _Tamer().visit(node)
        super().visit_Template(node, frame)


class Compiled(BytecodeCache):
    """What was compiled, in this process or before (see `files/kept.py`): the same text gives the same code."""

    def __init__(self) -> None:
        self._codes: dict[str, Any] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """One place for each file."""
        return f"{filename}:{name}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what was kept for the same text."""
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
            return
        name, key = _kept_as(bucket)
        data = kept.read(name)
        if data is not None and data.startswith(key):
            bucket.bytecode_from_string(data[len(key) :])
        if bucket.code is not None:
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._keep(bucket)
        name, key = _kept_as(bucket)
        kept.write(name, key + bucket.bytecode_to_string())

    def _keep(self, bucket: Bucket) -> None:
        if len(self._codes) >= MOST_COMPILED:
            self._codes.clear()
        self._codes[bucket.key] = (bucket.checksum, bucket.code)


def _kept_as(bucket: Bucket) -> tuple[str, bytes]:
    """The name under which the code of a template is kept, and the key of what it was compiled from."""
    name = f"{hashlib.sha256(bucket.key.encode()).hexdigest()[:32]}.template"
    return name, kept.key("template", jinja2.__version__, bucket.key, bucket.checksum)
