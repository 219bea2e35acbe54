"""Proofs as data: all of them there, each large part once, and none without an end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import advisor
from advisor.files import shipped
from tests.reasoning.small import Small

STAGE_3 = "cases/source-thread.yaml#stage-3"


def nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a proof."""
    yield tree
    for premise in tree.get("from", ()):
        yield from nodes(premise)


def test_what_a_proof_sees_is_there_and_nothing_large_is_told_twice() -> None:
    """On the first pack, where proofs told in full would repeat themselves many times over."""
    folder = shipped.rules() / "ending-a-contract"
    pack = advisor.load(folder)
    proofs = pack.advise(pack.read_case(folder / STAGE_3)).to_dict()["proofs"]
    seen = {node["see"] for tree in proofs.values() for node in nodes(tree) if "see" in node}

    assert seen
    assert seen <= set(proofs)
    assert all("from" in proofs[key] for key in seen)
    assert len(json.dumps(proofs)) < 1_000_000


def test_a_long_chain_is_proved_link_by_link(tmp_path: Path) -> None:
    """From the advice to the answer at its other end, by what each link sees."""
    length = 60
    facts = "case:\n  q0: {type: yes/no, question: So?}\n" + "".join(
        f"  q{n}: {{type: yes/no, rows: [{{when: q{n - 1}, is: yes}}, {{otherwise: no}}]}}\n" for n in range(1, length)
    )
    rule = f"- {{id: act, when: q{length - 1}, advise: Act, because: So., sources: [law]}}\n"
    proofs = Small(tmp_path, facts, rule).advise({"q0": "yes"}).data["proofs"]
    links, at = set(), "act"
    while at:
        found = list(nodes(proofs[at]))
        links |= {node["path"] for node in found if "path" in node}
        at = next((node["see"] for node in found if "see" in node), "")

    assert links == {f"q{n}" for n in range(length)}
