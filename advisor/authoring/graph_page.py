"""A graph drawn: as SVG, and as a page in which one clicks, searches and zooms, and that needs no network.

In: a `Graph`. Out: text.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Final

from advisor.authoring.graph import HIGH, WIDE, Graph, Node, layout

_LONGEST: Final = 34
"""Letters of a name that fit into a node."""
_SORTS: Final = {
    "asked": ("asked", "#dbeafe"),
    "derived": ("worked out", "#dcfce7"),
    "figure": ("a figure", "#fef3c7"),
    "rule": ("a rule", "#f3e8ff"),
    "goal": ("a question that people bring", "#fee2e2"),
}
_STYLE: Final = (
    "text{font:12px system-ui,sans-serif;fill:#111}"
    "rect{stroke:#6b7280;rx:5}"
    "path{fill:none;stroke:#9ca3af;stroke-width:1}"
    + "".join(f".{sort} rect{{fill:{colour}}}" for sort, (_, colour) in _SORTS.items())
)
_BESIDE: Final = Path(__file__)
"""The style and the script of the page lie beside this module, under its name."""


def svg(drawn: Graph) -> str:
    """The graph as a drawing by itself."""
    laid = layout(drawn)
    paths = []
    for of, to in drawn.edges:
        (x, y), (x2, y2) = laid.at[of], laid.at[to]
        start, end, up, down = x + WIDE, x2, y + HIGH // 2 - 3, y2 + HIGH // 2 - 3
        bend = max(40, abs(end - start) // 2)
        curve = f"M{start} {up}C{start + bend} {up} {end - bend} {down} {end} {down}"
        paths.append(f'<path data-of="{escape(of)}" data-to="{escape(to)}" d="{curve}"/>')
    nodes = [_node(one, *laid.at[one.id]) for one in drawn.nodes.values()]
    size = f'width="{laid.wide}" height="{laid.high}" viewBox="0 0 {laid.wide} {laid.high}"'
    inside = "\n".join([f"<style>{_STYLE}</style>", *paths, *nodes])
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n{inside}\n</svg>\n'


def _node(one: Node, x: int, y: int) -> str:
    name = one.name if len(one.name) <= _LONGEST else f"{one.name[: _LONGEST - 1]}…"
    data = f'data-id="{escape(one.id)}" data-says="{escape(one.says)}"'
    return (
        f'<g class="node {one.sort}" tabindex="0" {data} transform="translate({x} {y})">'
        f"<title>{escape(f'{one.name}: {one.says}')}</title>"
        f'<rect width="{WIDE}" height="{HIGH - 6}"/><text x="8" y="16">{escape(name)}</text></g>'
    )


def page(title: str, drawn: Graph) -> str:
    """The graph as a page: a click shows what a thing hangs on, and what hangs on it."""
    keys = "".join(f'<span class="key" style="background:{colour}">{words}</span>' for words, colour in _SORTS.values())
    find = '<input id="find" placeholder="find a name" aria-label="find a name">'
    style, script = (_BESIDE.with_suffix(ending).read_text(encoding="utf-8") for ending in (".css", ".js"))
    zoom = '<label>size <input id="zoom" type="range" min="0.2" max="2" step="0.05" value="1"></label>'
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style></head>\n<body>\n"
        f"<header><b>{escape(title)}</b>{find} {zoom}<br>{keys} Click on one: on what it hangs, and what hangs on it."
        f'<div id="says" role="status"></div></header>\n{svg(drawn)}<script>{script}</script>\n</body>\n</html>\n'
    )
