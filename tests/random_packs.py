"""Random small packs and cases, as their files: every kind of fact, rule and aggregate over small domains."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

TYPES = ("yes/no", "yes/no", "choice", "whole number", "choices")
CHOICES = ("a", "b", "c")
BOXES = ("x", "y")


@dataclass
class Draft:
    """A pack and a case in the making."""

    rng: random.Random
    overriding: float = 1
    """How likely a rule overrides those above it that conclude the same fact."""
    facts: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    usable: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By kind: names and types of the facts that later ones may read."""
    rules: list[dict[str, Any]] = field(default_factory=list)

    def choices(self, name: str) -> tuple[str, ...]:
        """The choices of a fact, `holder.` or not before its name."""
        short = name.rsplit(".", maxsplit=1)[-1]
        found = (facts[short] for facts in self.facts.values() if short in facts)
        return tuple(next(found)["choices"])


def write(seed: int, folder: Path, *, goals: bool = False) -> dict[str, Any]:
    """Writes the pack of a seed into a folder, with a headline or goals; gives a case for it, as plain data."""
    return write_with_cases(seed, folder, 1, goals=goals)[0]


def write_with_cases(seed: int, folder: Path, cases: int, *, goals: bool = False) -> list[dict[str, Any]]:
    """Writes the pack of a seed into a folder; gives so many cases for it."""
    draft = Draft(random.Random(seed))
    entities = draft.rng.random() < 0.75
    kinds = ["case", "owner", "thing"] if entities else ["case"]
    for kind in kinds:
        draft.facts[kind], draft.usable[kind] = {}, []
        for number in range(draft.rng.randint(1, 3)):
            _asked(draft, kind, f"{kind}_q{number}")
    if entities:
        draft.facts["thing"]["holder"] = {"type": "owner", "question": "Whose?"}
    for number in range(draft.rng.randint(2, 5)):
        _derived(draft, draft.rng.choice([kind for kind in kinds if kind != "owner"]), f"d{number}")
    for number in range(draft.rng.randint(1, 4)):
        _advice(draft, draft.rng.choice([kind for kind in kinds if kind != "owner"]), f"advise-{number}")
    _oppose(draft)
    draft.rng.shuffle(draft.rules)
    _write(draft, folder, entities)
    found = [_case(draft, entities) for _ in range(cases)]
    if goals:
        _write_goals(draft, folder)
    return found


def write_chain(seed: int, folder: Path) -> dict[str, Any]:
    """Writes a pack of choices that follow one from another, with every kind of `otherwise`; an empty case for it."""
    draft = Draft(random.Random(seed), overriding=0.5, facts={"case": {}}, usable={"case": []})
    for number in range(draft.rng.randint(1, 3)):
        name = f"q{number}"
        draft.facts["case"][name] = {"type": "yes/no", "question": f"{name}?"}
        draft.usable["case"].append((name, "yes/no"))
    for number in range(draft.rng.randint(2, 4)):
        _concluded(draft, "case", f"d{number}", "choice")
    _advice(draft, "case", "advise-0")
    draft.rng.shuffle(draft.rules)
    _write(draft, folder, entities=False)
    return {"today": "2025-06-15", "facts": {}}


def _asked(draft: Draft, kind: str, name: str) -> None:
    rng = draft.rng
    type_ = rng.choice(TYPES)
    fact: dict[str, Any] = {"type": type_, "question": f"{name}?"}
    if type_ == "choice":
        fact["choices"] = {one: f"label {one}" for one in CHOICES}
    elif type_ == "choices":
        fact["choices"] = {one: f"box {one}" for one in BOXES}
    elif type_ == "whole number":
        fact |= {"at_least": "0", "at_most": str(rng.randint(2, 3))}
    if draft.usable[kind] and rng.random() < 0.25:
        fact["applies"] = _atom(draft, kind)
    if type_ in ("yes/no", "choice") and rng.random() < 0.15:
        fact["assume"] = {"value": "yes" if type_ == "yes/no" else "b"}
    draft.facts[kind][name] = fact
    draft.usable[kind].append((name, type_))


def _derived(draft: Draft, kind: str, name: str) -> None:
    rng = draft.rng
    what = rng.choice(["number", "rows", "concluded", "concluded"])
    if what == "number":
        draft.facts[kind][name] = {"type": "number", "formula": _number(draft, kind), **_bounds(rng)}
        draft.usable[kind].append((name, "number"))
    elif what == "rows":
        rows = [{"when": _condition(draft, kind), "is": rng.choice(["0", "1", "2"])} for _ in range(rng.randint(1, 2))]
        last = {"otherwise": rng.choice(["none", "3"])}
        together = {"rows": [*rows, last]} if rng.random() < 0.7 else {"rows": rows, "hit": "collect-sum"}
        draft.facts[kind][name] = {"type": "number", **_bounds(rng), **together}
        draft.usable[kind].append((name, "number"))
    else:
        _concluded(draft, kind, name, rng.choice(["yes/no", "choice"]))


def _bounds(rng: random.Random) -> dict[str, str]:
    """Bounds of a derived number, mostly none: some that its formula may pass."""
    low = {"at_least": str(rng.choice((0, 1)))} if rng.random() < 0.15 else {}
    return low | ({"at_most": str(rng.choice((2, 3)))} if rng.random() < 0.15 else {})


def _concluded(draft: Draft, kind: str, name: str, type_: str) -> None:
    rng = draft.rng
    choices: tuple[str, ...] = ()
    fact: dict[str, Any] = {"type": type_, "concluded": "yes", "finding": f"{name} is {{{name}}}."}
    if type_ == "choice":
        choices = CHOICES[: rng.choice((1, 2, 3, 3))]
        fact |= {"choices": {one: one for one in choices}}
        fact |= rng.choice([{"otherwise": one} for one in ("unknown", "unknown", "none", choices[-1])] + [{}])
    if rng.random() < 0.15:
        fact |= {"may_be_stated": "yes", "question": f"{name}?"}
    above: list[str] = []
    for number in range(rng.randint(1, 3)):
        value = "yes" if type_ == "yes/no" else rng.choice(choices)
        rule: dict[str, Any] = {"id": f"{name}-r{number}", "about": kind, "when": _condition(draft, kind)}
        rule |= {"conclude": {name: value}, "because": "It is so.", "sources": ["sure"]}
        rule |= rng.choice([{}, {}, {}, {"until": "2020-01-01"}, {"from": "2025-06-01 .. 2025-07-01"}])
        if rng.random() < 0.12:
            rule["sources"] = ["guess"]
        if above and "guess" not in rule["sources"] and (draft.overriding == 1 or rng.random() < draft.overriding):
            rule["overrides"] = list(above)
        if "guess" not in rule["sources"]:
            above.append(rule["id"])
        draft.rules.append(rule)
    draft.facts[kind][name] = fact
    draft.usable[kind].append((name, type_))


def _advice(draft: Draft, kind: str, name: str) -> None:
    rule: dict[str, Any] = {"id": name, "about": kind, "when": _condition(draft, kind, depth=2)}
    rule |= {"advise": {"strength": draft.rng.choice(["must", "should", "could", "avoid"]), "title": f"Do {name}"}}
    draft.rules.append(rule | {"because": "It helps.", "sources": ["sure"]})


def _oppose(draft: Draft) -> None:
    advice = [rule for rule in draft.rules if "advise" in rule]
    if len(advice) > 1 and draft.rng.random() < 0.5:
        advice[0]["opposes"] = [{"rule": advice[1]["id"], "because": "The first is safer."}]
    if len(advice) > 2 and draft.rng.random() < 0.3:
        advice[0]["advise"]["before"] = [advice[2]["id"]]


def _readable(draft: Draft, kind: str) -> list[tuple[str, str]]:
    found = [*draft.usable[kind], *(draft.usable["case"] if kind != "case" else [])]
    if kind == "thing":
        found += [(f"holder.{name}", type_) for name, type_ in draft.usable["owner"] if type_ != "choices"]
    return found


def _condition(draft: Draft, kind: str, depth: int = 1) -> str:
    rng = draft.rng
    if depth and rng.random() < 0.6:
        parts = [f"({_condition(draft, kind, depth - 1)})" for _ in range(rng.randint(2, 3))]
        joined = rng.choice([" and ", " or "]).join(parts)
        return f"not ({joined})" if rng.random() < 0.2 else joined
    if kind == "case" and "thing" in draft.facts and rng.random() < 0.25:
        return _over_things(draft)
    if kind == "thing" and rng.random() < 0.12:
        return f"any other thing where {_atom(draft, 'thing')}"
    atom = _atom(draft, kind)
    return rng.choice([atom, atom, atom, atom, f"surely ({atom})", f"could ({atom})"])


def _over_things(draft: Draft) -> str:
    word = draft.rng.choice(["any things where", "no things where", "every thing where", "number"])
    if word == "number":
        return f"(number of things where {_atom(draft, 'thing')}) is at least {draft.rng.randint(1, 2)}"
    return f"{word} {_atom(draft, 'thing')}"


def _atom(draft: Draft, kind: str) -> str:
    rng = draft.rng
    name, type_ = rng.choice(_readable(draft, kind))
    spoken = name.replace("_", " ")
    if type_ == "yes/no":
        return rng.choice([spoken, f"not {spoken}"])
    if type_ == "choice":
        choices = draft.choices(name)
        one, ends = rng.choice(choices), ", ".join(dict.fromkeys((choices[0], choices[-1])))
        return rng.choice([f"{spoken} is {one}", f"{spoken} is one of [{ends}]", f"{spoken} is not {one}"])
    if type_ == "choices":
        return f"{spoken} {rng.choice(['include', 'do not include'])} {rng.choice(BOXES)}"
    bound = rng.randint(0, 3)
    return rng.choice(
        [f"{spoken} is above {bound}", f"{spoken} is at most {bound}", f"{spoken} is {bound}", f"{spoken} is known",
         f"{spoken} is between 1 and {bound + 1}", f"{spoken} + {_term(draft, kind)} is at least {bound}"]
    )  # fmt: skip


def _term(draft: Draft, kind: str) -> str:
    numbers = [name for name, type_ in _readable(draft, kind) if type_ in ("number", "whole number")]
    return draft.rng.choice([*(name.replace("_", " ") for name in numbers), "1", "2"])


def _number(draft: Draft, kind: str) -> str:
    rng = draft.rng
    if kind == "case" and "thing" in draft.facts and rng.random() < 0.6:
        where = f" where {_atom(draft, 'thing')}" if rng.random() < 0.6 else ""
        numbers = [name for name, type_ in draft.usable["thing"] if type_ in ("number", "whole number")]
        if numbers:
            name = rng.choice(numbers).replace("_", " ")
            word = rng.choice(["sum of", "smallest", "largest", "number of different"])
            return f"{word} {name} over things{where}"
        return f"number of things{where}"
    if rng.random() < 0.3:
        word = rng.choice(["floor({} / 2)", "ceiling({} / 2)", "abs({} - 2)", "remainder({}, 2)", "remainder(3, {})"])
        return word.format(_term(draft, kind))
    return f"{_term(draft, kind)} {rng.choice(['+', '-', '*', '/'])} {_term(draft, kind)}"


# --- a case ---------------------------------------------------------------------------------------------------------


def _case(draft: Draft, entities: bool) -> dict[str, Any]:
    rng = draft.rng
    unknowns = [4]
    case: dict[str, Any] = {"today": "2025-06-15", "facts": _answers(draft, "case", unknowns)}
    if entities:
        owners = [{"id": f"o{n}", **_answers(draft, "owner", unknowns)} for n in range(rng.randint(1, 2))]
        case["owners"] = owners
        case["things"] = [_thing(draft, number, owners, unknowns) for number in range(rng.randint(0, 3))]
    return case


def _thing(draft: Draft, number: int, owners: list[dict[str, Any]], unknowns: list[int]) -> dict[str, Any]:
    thing = {"id": f"t{number}", **_answers(draft, "thing", unknowns)}
    thing["holder"] = draft.rng.choice(owners)["id"]
    if draft.rng.random() < 0.15 and unknowns[0] < 3:
        thing["times"] = "2"
    return thing


def _answers(draft: Draft, kind: str, unknowns: list[int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, fact in draft.facts[kind].items():
        if "question" not in fact or name == "holder" or "concluded" in fact:
            continue
        if unknowns[0] > 0 and draft.rng.random() < 0.4:
            unknowns[0] -= 2 if fact["type"] == "choices" else 1
            if draft.rng.random() < 0.4:
                found[name] = "unknown"
            continue
        found[name] = _answer(draft, fact)
    return found


def _answer(draft: Draft, fact: dict[str, Any]) -> Any:
    rng = draft.rng
    match fact["type"]:
        case "yes/no":
            return rng.choice(["yes", "no"])
        case "choice":
            return rng.choice(CHOICES)
        case "choices":
            return [box for box in BOXES if rng.random() < 0.5]
    return str(rng.randint(0, int(fact["at_most"])))


def _write(draft: Draft, folder: Path, entities: bool) -> None:
    pack: dict[str, Any] = {"format": "1", "title": "Random", "version": "1", "question": "What?"}
    pack["standing"] = [{"id": "sure", "say": "sure"}, {"id": "guess", "say": "a guess", "speculative": "yes"}]
    pack["headline"] = [{"otherwise": "Read on."}]
    if entities:
        pack["entities"] = {"thing": {"plural": "things"}, "owner": {"plural": "owners"}}
    sources = {one: {"title": one, "date": "undated", "standing": one} for one in ("sure", "guess")}
    for name, data in {"pack": pack, "sources": sources, "facts": draft.facts, "some": draft.rules}.items():
        (folder / f"{name}.yaml").write_text(
            yaml.safe_dump(data, sort_keys=False, default_style=None), encoding="utf-8"
        )


def _write_goals(draft: Draft, folder: Path) -> None:
    """Two goals of a few rows about the case or a thing, in place of the headline."""
    pack = yaml.safe_load((folder / "pack.yaml").read_text(encoding="utf-8"))
    del pack["headline"]
    (folder / "pack.yaml").write_text(yaml.safe_dump(pack, sort_keys=False), encoding="utf-8")
    goals = []
    for number in range(2):
        kind = draft.rng.choice([kind for kind in draft.facts if kind != "owner"])
        rows: list[dict[str, Any]] = [
            {"when": _condition(draft, kind, depth=2), "verdict": f"v{at}", "say": f"Row {at}."}
            for at in range(draft.rng.randint(1, 4))
        ]
        goal = {
            "id": f"goal-{number}",
            "asks": "What?",
            "answers": [*rows, {"otherwise": "The last.", "verdict": "no"}],
        }
        goals.append(goal | ({} if kind == "case" else {"about": kind}) | {"subjects": ["some"]})
    (folder / "goals.yaml").write_text(yaml.safe_dump(goals, sort_keys=False), encoding="utf-8")
