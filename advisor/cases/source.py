"""Where a case comes from: a file, one of several in a file (`FILE#3`, `FILE#id`), or standard input (`-`)."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from advisor.files.yaml import (
    LARGEST_FILE,
    ListNode,
    MapNode,
    Node,
    TextNode,
    decoded,
    read_bytes,
    read_file,
    read_text,
)
from advisor.problems.problem import Place, Problem, Problems, suggestion

STANDARD_INPUT = "standard input"
_SHOWN = 5


def split_address(address: str | Path) -> tuple[Path, str]:
    """A file, and which of its cases is meant (`FILE#3`, `FILE#id`); empty where none is named."""
    path = Path(address)
    name, sign, which = path.name.rpartition("#")
    if not sign or not name or _is_file(path):
        return path, ""
    return path.with_name(name), which


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def one_case(address: str | Path) -> MapNode:
    """The one case that an address names. Raises Problems where it names none, or a file of several."""
    root, which, name = _root(address)
    return _chosen(_cases(root), which, name)[1] if which else only_case(root, name)


def several_cases(address: str | Path, problems: list[Problem]) -> list[tuple[int, MapNode]]:
    """The cases of a file with their numbers from 1, or the one that is named. Raises Problems where there is none.

    Ids that stand twice are noted in `problems`.
    """
    root, which, name = _root(address)
    nodes = _cases(root)
    if which:
        return [_chosen(nodes, which, name)]
    problems.extend(_repeated_ids(nodes))
    return list(enumerate(nodes, start=1))


def pack_named(address: str | Path) -> str:
    """The pack that a case names; empty where it names none, or cannot be read (reading it then says why)."""
    try:
        return one_case(address).text_at("pack")
    except Problems:
        return ""


def only_case(root: Node, name: str) -> MapNode:
    """The case of a file that holds no other. Raises Problems."""
    nodes = _cases(root)
    if len(nodes) == 1:
        return nodes[0]
    ids = [f"`{name}#{node.text_at('id') or number}`" for number, node in enumerate(nodes[:_SHOWN], start=1)]
    help_ = f"name one of them: {', '.join(ids)}{' ...' if len(nodes) > len(ids) else ''}"
    raise Problems([nodes[1].problem("several-cases", f"there are {len(nodes)} cases in this file", help_)])


def _root(address: str | Path) -> tuple[Node, str, str]:
    """The tree of a file, which of its cases is meant, and the file's name."""
    if str(address) == "-":
        return read_text(_whole(sys.stdin), STANDARD_INPUT), "", STANDARD_INPUT
    path, which = split_address(address)
    if path.exists() and not path.is_file() and not path.is_dir():
        return read_text(_of_pipe(path), str(path)), which, str(path)
    return read_file(path), which, str(path)


@lru_cache(maxsize=1)
def _of_pipe(path: Path) -> str:
    """What a pipe or device holds (`/dev/stdin`), which can be read but once too. Raises Problems."""
    return decoded(read_bytes(path, str(path)), str(path))


@lru_cache(maxsize=1)
def _whole(stream: TextIO) -> str:
    """What a stream holds. Kept, for it can be read but once: a case is first asked for its pack, then read."""
    if hasattr(stream, "buffer"):
        return decoded(stream.buffer.read(LARGEST_FILE + 1), STANDARD_INPUT)
    return stream.read(LARGEST_FILE + 1)


def _cases(root: Node) -> list[MapNode]:
    """The cases in a file that holds one or a list of them. Raises Problems where it holds something else."""
    items = root.items if isinstance(root, ListNode) else [root]
    nodes = [item for item in items if isinstance(item, MapNode)]
    if nodes and len(nodes) == len(items):
        return nodes
    message = "this is not a case" if items else "there is no case in this list"
    help_ = "a case is a mapping with `facts` and the like; a file holds one, or a list of them"
    wrong: list[Node] = [item for item in items if not isinstance(item, MapNode)] or [root]
    raise Problems([item.problem("wrong-kind", message, help_) for item in wrong])


def _chosen(nodes: list[MapNode], which: str, name: str) -> tuple[int, MapNode]:
    """The case with that number or id. Raises Problems where there is none."""
    for number, node in enumerate(nodes, start=1):
        if which in (str(number), node.text_at("id")):
            return number, node
    ids = [node.text_at("id") for node in nodes if node.text_at("id")]
    message = f"there is no case `{which[:80]}` among the {len(nodes)} in this file"
    raise Problems([Problem(Place(name), "unknown-case", message, suggestion(which, [*ids, f"1 to {len(nodes)}"]))])


def _repeated_ids(nodes: list[MapNode]) -> list[Problem]:
    first: dict[str, Node] = {}
    problems = []
    for node in nodes:
        id_ = node.values.get("id")
        if isinstance(id_, TextNode) and first.setdefault(id_.text, id_) is not id_:
            related = ((first[id_.text].place, "the first"),)
            message = f"two cases have the id `{id_.text[:80]}`"
            problems.append(id_.problem("duplicate-id", message, "rename one", related))
    return problems
