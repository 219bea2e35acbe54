"""How templates become code: with a measure at all that could make much out of little.

In: the tree of a template. Out: Python code in which each loop, each joining of texts and each list that the template
writes goes through a filter that counts it, and which is kept for as long as the process lives.
"""

from __future__ import annotations

from typing import Any, cast

from jinja2 import BytecodeCache, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

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
    """What was compiled in this process, by file and content: the same text gives the same code."""

    def __init__(self) -> None:
        self._codes: dict[str, Any] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """One place for each file."""
        return f"{filename}:{name}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what was kept for the same text."""
        checksum, code = self._codes.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if len(self._codes) >= MOST_COMPILED:
            self._codes.clear()
        self._codes[bucket.key] = (bucket.checksum, bucket.code)
