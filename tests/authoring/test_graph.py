"""What hangs on what: every edge is one that the pack has, and every node has a place of its own."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from advisor.authoring.graph import Graph, Node, graph, layout
from advisor.authoring.graph_page import page, svg
from advisor.face import load
from tests.folders import RULES
from tests.reasoning.small import Small

FACTS = """
case:
  wet: {type: yes/no, question: "Is it <wet>?"}
  depth: {type: number, question: How deep?, applies: wet}
  level: {type: number, formula: depth * 2}
  risk: {type: choice, choices: {low: low, high: high}, concluded: yes, otherwise: low}
"""
RULES_ = """
- {id: deep, when: level is above 3, conclude: {risk: high}, because: So., sources: [law]}
- {id: swim, when: wet and risk is low, advise: Swim., because: So., sources: [folk]}
"""


def test_edges_are_what_is_read_and_concluded(tmp_path: Path) -> None:
    """Conditions, formulas and `applies` are read; rules lead to what they conclude."""
    found = graph(Small(tmp_path, FACTS, RULES_).load().data)

    assert {one for one in found.edges if not one[1].startswith("goal")} == {
        ("fact case.wet", "fact case.depth"),
        ("fact case.depth", "fact case.level"),
        ("fact case.level", "rule deep"),
        ("rule deep", "fact case.risk"),
        ("fact case.risk", "rule swim"),
        ("fact case.wet", "rule swim"),
    }
    around = found.around("Level")
    assert around is not None
    assert "rule swim" in around.nodes
    assert found.around("nothing") is None
    deep = found.around("deep")
    assert deep is not None
    assert {"fact case.wet", "fact case.level"} <= set(deep.nodes)


def test_layout_goes_from_left_to_right_and_overlaps_nowhere() -> None:
    """What is read stands left of what reads it, on the pack that people use too; the same each time."""
    drawn = graph(load(RULES / "travelling-abroad").data)
    laid = layout(drawn)

    assert len(set(laid.at.values())) == len(drawn.nodes)
    assert laid == layout(drawn)
    assert all(laid.at[of][0] < laid.at[to][0] for of, to in drawn.edges)


def test_a_circle_is_drawn_all_the_same() -> None:
    """Whatever is handed over is drawn."""
    nodes = {id_: Node(id=id_, sort="rule", name=id_, says="") for id_ in "abc"}
    laid = layout(Graph(nodes=nodes, edges=(("a", "b"), ("b", "c"), ("c", "a"))))

    assert len(set(laid.at.values())) == 3
    assert layout(Graph(nodes={}, edges=())).wide > 0


def test_drawing_and_page_hold_all_of_it(tmp_path: Path) -> None:
    """The SVG is well formed and escapes what people wrote; the page asks nothing of the network."""
    drawn = graph(Small(tmp_path, FACTS, RULES_).load().data)
    tree = ET.fromstring(svg(drawn))  # noqa: S314  it is our own
    nodes = [one for one in tree.iter() if one.get("class", "").startswith("node")]
    written = page("A <pack>", drawn)

    assert len(nodes) == len(drawn.nodes)
    assert "A &lt;pack&gt;" in written
    assert "Is it &lt;wet&gt;?" in written
    assert "http" not in written.replace("http://www.w3.org/2000/svg", "")
