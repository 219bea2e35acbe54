"""How many cases a second, beside plain Python and the peers that are installed; all must conclude the same first.

In: made-up packs of 40 and 400 rules (`synthetic.py`), cases of three items as dictionaries. Out: a table, each figure
also as a ratio to plain Python written for the purpose, for machines differ. One core. Peer: `zen-engine` (GoRules),
where it is installed (`pip install zen-engine`).
"""

from __future__ import annotations

import importlib.util
import json
import random
import re
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import advisor
from tests.benchmarks import synthetic

RULES = (40, 400)
CASES = 300
ITEMS = 3
UNKNOWN = 10
"""One in so many facts is left out, where it is told what not knowing costs."""
Case = dict[str, Any]
Concluded = frozenset[tuple[str, str]]
"""Items, and the rules that hold of them."""
Engine = Callable[[Case], Concluded]


def conditions(folder: Path) -> list[tuple[str, list[str], str]]:
    """The rules of a made-up pack: id, the terms of the condition, and the fact that it concludes, where it does."""
    text = (folder / "rules.yaml").read_text(encoding="utf-8")
    found = re.findall(r"- id: (\S+)\n  about: item\n  when: (.+)\n  (?:conclude: \{(\w+): yes\})?", text)
    return [(id_, when.split(" and "), fact) for id_, when, fact in found]


def ordered(rules: list[tuple[str, list[str], str]]) -> list[tuple[str, list[str], str]]:
    """The rules, each after those that conclude what it reads; a verdict reads only earlier ones."""
    return sorted(rules, key=lambda rule: int(rule[2].removeprefix("verdict_")) if rule[2] else len(rules))


def term(words: str, item: str, case: str, number: str) -> str:
    """A term in the syntax that Python and zen share, over the named things."""
    negated, bare = words.startswith("not "), words.removeprefix("not ").replace(" is above ", ">")
    name, _, bound = bare.partition(">")
    place = f"{case}{name}" if name == "patient" else f"{item}{name.replace(' ', '_')}"
    return f"not {place}" if negated else f"{number.format(place)} > {bound}" if bound else place


# --- the engines ---------------------------------------------------------------------------------------------------


def product(folder: Path) -> Engine:
    """This program, dictionaries in and conclusions out."""
    pack = advisor.load(folder)
    rules = [pack.data.rules[id_] for id_, _, _ in conditions(folder)]
    day = date(2026, 11, 30)

    def run(case: Case) -> Concluded:
        world = pack.reason(pack.case(case), today=day)
        items = world.entities["item"]
        return frozenset((one.id, rule.id) for one in items for rule in rules if world.state(rule, one) is True)

    return run


def plain_python(folder: Path) -> Engine:
    """The same rules as one function of Python, written out and compiled."""
    lines = ["def run(case):", " found = set()", " facts = case['facts']", " for item in case['items']:"]
    names = sorted({fact for _, _, fact in conditions(folder) if fact})
    lines += ["  id_ = item['id']", *(f"  {name} = False" for name in names), "  patient = facts['patient'] == 'yes'"]
    lines += [f"  {name} = item['{name}'] == 'yes'" for name in synthetic.SWITCHES]
    lines += [f"  {name} = int(item['{name}'])" for name in synthetic.NUMBERS]
    for id_, terms, fact in ordered(conditions(folder)):
        lines.append(f"  if {' and '.join(term(one, '', '', '{}') for one in terms)}:")
        lines.append(f"   found.add((id_, '{id_}'))" + (f"; {fact} = True" if fact else ""))
    made: dict[str, Any] = {}
    exec(compile("\n".join([*lines, " return frozenset(found)"]), "rules", "exec"), made)  # noqa: S102 - our own text
    run: Engine = made["run"]
    return run


def zen(folder: Path) -> Engine:
    """GoRules' zen-engine: one expression node that goes through the items."""
    import zen as engine  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415  where it is installed

    rules = ordered(conditions(folder))
    number = "number({})"
    expressions = []
    before: dict[str, list[str]] = {}
    for id_, terms, fact in rules:
        words = " and ".join(_zen_term(one, before, number) for one in terms)
        expressions.append({"id": id_, "key": id_.replace("-", "_"), "value": words})
        if fact:
            before.setdefault(fact, []).append(f"$.{id_.replace('-', '_')}")
    content = {"expressions": expressions, "passThrough": True, "inputField": "items", "outputPath": "items"}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "content": {}},
        {"id": "go", "type": "expressionNode", "name": "go", "content": {**content, "executionMode": "loop"}},
        {"id": "out", "type": "outputNode", "name": "out", "content": {}},
    ]
    edges = [{"id": f"{a}{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "go"), ("go", "out"))]
    graph = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    decision = engine.ZenEngine().create_decision(json.dumps(graph))
    ids = [(id_, id_.replace("-", "_")) for id_, _, _ in rules]

    def run(case: Case) -> Concluded:
        items = [{**one, "patient": case["facts"]["patient"]} for one in case["items"]]
        found = decision.evaluate(json.dumps({"items": items}))["result"]["items"]
        return frozenset((one["id"], id_) for one in found for id_, key in ids if one[key])

    return run


def _zen_term(words: str, before: dict[str, list[str]], number: str) -> str:
    negated, name = words.startswith("not "), words.removeprefix("not ").replace(" ", "_")
    if name.startswith("verdict_"):
        holds = " or ".join(before.get(name, [])) or "false"
        return f"not ({holds})" if negated else f"({holds})"
    if " is above " in words:
        return term(words, "", "", number)
    return f"{name} == '{'no' if negated else 'yes'}'"


ENGINES: dict[str, tuple[str, Callable[[Path], Engine]]] = {
    "plain Python, written for it": ("", plain_python),
    "advisor": ("", product),
    "zen-engine (GoRules)": ("zen", zen),
}
"""By name: the module that must be installed, and what makes the engine."""


# --- the table -----------------------------------------------------------------------------------------------------


def per_second(engine: Engine, cases: list[Case]) -> tuple[float, float]:
    """Cases a second, the best and the worst of three runs, on process time."""
    times = []
    for _ in range(4):
        start = time.process_time()
        for case in cases:
            engine(case)
        times.append(time.process_time() - start)
    return len(cases) / min(times[1:]), len(cases) / max(times[1:])


def less_known(cases: list[Case]) -> list[Case]:
    """The cases with one in ten of the facts left out."""
    chance = random.Random(0)
    return [
        {
            **case,
            "items": [
                {name: said for name, said in one.items() if name in ("id", "title") or chance.randrange(UNKNOWN)}
                for one in case["items"]
            ],
        }
        for case in cases
    ]


def main() -> None:
    """Print the table."""
    print("| cases of three items a second | rules | best of 3 | worst of 3 | of plain Python |")
    print("|---|---:|---:|---:|---:|")
    for rules in RULES:
        with tempfile.TemporaryDirectory() as root:
            folder = synthetic.write_pack(Path(root) / "pack", rules)
            cases = [synthetic.case(ITEMS, seed) for seed in range(CASES)]
            made = {
                name: make(folder)
                for name, (needs, make) in ENGINES.items()
                if not needs or importlib.util.find_spec(needs)
            }
            oracle = made["plain Python, written for it"]
            for name, engine in made.items():
                wrong = [case for case in cases if engine(case) != oracle(case)]
                assert not wrong, f"{name} concludes otherwise"
            unit, _ = per_second(oracle, cases)
            for name, engine in made.items():
                best, worst = per_second(engine, cases)
                print(f"| {name} | {rules} | {best:,.0f} | {worst:,.0f} | {best / unit:.3f} |", flush=True)
            best, worst = per_second(made["advisor"], less_known(cases))
            print(
                f"| advisor, a tenth unknown | {rules} | {best:,.0f} | {worst:,.0f} | {best / unit:.3f} |", flush=True
            )


if __name__ == "__main__":
    main()
