"""Comments of a case file stay in their places, whatever is answered: random files with comments everywhere.

`ADVISOR_SEEDS=5000 pytest tests/cases/test_comments.py` is the long run.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import advisor
from advisor.cases.case import Answer, Case, Item
from advisor.cases.writer import CaseWriter
from advisor.values.types import Value
from tests.cases.test_writer import meant
from tests.reasoning.small import Small

SEEDS = int(os.environ.get("ADVISOR_SEEDS", "300"))
FACTS = """
case:
  warm: {type: yes/no, question: Warm?}
  price: {type: number, question: Price?}
  wrong: {type: choices, question: What?, choices: {late: late, dear: dear, torn: torn}}
thing:
  size: {type: number, question: Size?}
  good: {type: yes/no, question: Good?}
  faults: {type: choices, question: What?, choices: {late: late, dear: dear, torn: torn}}
"""
WAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "warm": (("warm: yes",), ("warm: {value: no, note: n}",), ("warm:", "  value: no", "  note: n")),
    "price": (("price: 2",), ("price: '2'",), ("price:", "  value: 2", "  note: n")),
    "wrong": (("wrong: [late, dear]",), ("wrong:", "  - late", "  - dear"), ("wrong: {late: yes}",)),
    "size": (("size: 2",), ("size:", "  value: 2", "  note: n")),
    "good": (("good: no",),),
    "faults": (("faults: [late]",), ("faults:", "  - late", "  - torn"), ("faults:", "  late: yes", "  torn: no")),
}
"""How each answer may be written, line by line."""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> advisor.Pack:
    """A pack with a few facts of each shape, and a list."""
    return Small(tmp_path_factory.mktemp("pack"), FACTS, more="entities: {thing: {plural: things}}").load()


def _lines(rng: random.Random) -> Iterator[str]:
    """A case file without comments."""
    parts = [_block(rng, ("warm", "price", "wrong")), _list(rng)]
    rng.shuffle(parts)
    for part in parts:
        yield from part


def _block(rng: random.Random, names: tuple[str, ...]) -> list[str]:
    said = [name for name in names if rng.random() < 0.7] or [names[0]]
    return ["facts:", *(f"  {line}" for name in said for line in rng.choice(WAYS[name]))]


def _list(rng: random.Random) -> list[str]:
    indent = rng.choice(("", "  "))
    lines = ["things:"]
    for number in range(rng.randint(1, 3)):
        said = [name for name in ("size", "good", "faults") if rng.random() < 0.6]
        if rng.random() < 0.5:
            answers = "".join(f", {rng.choice([w for w in WAYS[name] if len(w) == 1])[0]}" for name in said)
            lines.append(f"{indent}- {{id: t{number}{answers}}}")
        else:
            lines.append(f"{indent}- id: t{number}")
            lines += [f"{indent}  {line}" for name in said for line in rng.choice(WAYS[name])]
    return lines


def _commented(lines: list[str], rng: random.Random) -> str:
    """The lines with comments before, behind and between them, each with a number of its own."""
    number = 0
    found: list[str] = []
    for line in [*lines, ""]:
        while rng.random() < 0.35:
            number += 1
            indent = " " * (len(line) - len(line.lstrip()))
            found.append(rng.choice((f"{indent}# c{number}.", f"{indent}# c{number}.", "")))
        behind = ""
        if line and rng.random() < 0.4:
            number += 1
            behind = f"{rng.choice((' ', '   '))}# c{number}."
        found.append(line + behind)
    return "\n".join(found).rstrip("\n") + "\n"


def _answered(case: Case, rng: random.Random) -> Case:
    """The case with other answers: some changed, some new, some taken back, an entity more or less."""
    values: dict[str, list[Value]] = {"warm": [True, False], "price": [1, 2, 7], "size": [2, 5], "good": [True, False]}
    places = [("case", "", name) for name in ("warm", "price", "wrong")]
    places += [("thing", item.id, name) for item in case.items("thing") for name in ("size", "good", "faults")]
    for kind, id_, name in rng.sample(places, rng.randint(0, min(4, len(places)))):
        boxes = [f"{name}.{box}" for box in ("late", "dear", "torn")] if name in ("wrong", "faults") else [name]
        taken_back = rng.random() < 0.2
        for field in boxes:
            value = rng.choice(values.get(name, [True, False]))
            case = case.with_answer(kind, id_, field, None if taken_back else Answer(value=value))
    listed = case.entities["thing"]
    if rng.random() < 0.3:
        new = Item(id="new", answers={"size": Answer(value=3)})
        listed = replace(listed, items=(*listed.items, new), more=rng.choice((False, None)))
    return replace(case, entities={**case.entities, "thing": listed})


def _heads(text: str) -> list[str]:
    """What each line is about: its key or item, after those that it is within; empty for what says nothing."""
    within: list[tuple[float, str]] = []
    found = []
    for line in text.splitlines():
        said = re.match(r"(?P<indent> *)(?P<dash>- +)?(?P<key>\{?id: \w+|\w+)", line)
        if said is None:
            found.append("")
            continue
        depth = len(said["indent"]) + (0.5 if said["dash"] else 0)
        within = [one for one in within if one[0] < depth]
        within.append((depth, said["key"].replace("{", "")))
        found.append(" / ".join(key for _, key in within))
    return found


def _places(text: str) -> dict[str, tuple[bool, str]]:
    """By comment: whether it stands behind something, and what that is, or else what comes after it."""
    heads = _heads(text)
    found: dict[str, tuple[bool, str]] = {}
    for at, line in enumerate(text.splitlines()):
        for mark in re.findall(r"# (c\d+)\.", line):
            behind = not line.strip().startswith("#")
            found[mark] = (behind, heads[at] if behind else next((one for one in heads[at:] if one), ""))
    return found


@pytest.mark.parametrize("first", range(0, SEEDS, 50))
def test_every_comment_stays_in_its_place_whatever_is_answered(first: int, pack: advisor.Pack, tmp_path: Path) -> None:
    """None is lost, their order is the same, and what stays stands where it stood."""
    for seed in range(first, first + 50):
        rng = random.Random(seed)
        file = tmp_path / f"{seed}.yaml"
        text = _commented(list(_lines(rng)), rng)
        file.write_text(text, encoding="utf-8")
        before = pack.read_case(file)
        after = _answered(before, rng)
        writer = CaseWriter(pack.data, file)
        writer.save(before, after)
        writer.close()
        written = file.read_text(encoding="utf-8")
        said = f"seed {seed}\n{text}---\n{written}"

        assert meant(pack.read_case(file)) == meant(after), said
        assert re.findall(r"# (c\d+)\.", written) == re.findall(r"# (c\d+)\.", text), said
        old, new = _places(text), _places(written)
        keys = {*_heads(written)}
        moved = [mark for mark in old if new[mark] != old[mark] and old[mark][1] in keys]
        assert not moved, f"{moved} {said}"


def test_a_comment_before_an_item_that_has_one_at_its_end_stays(pack: advisor.Pack, tmp_path: Path) -> None:
    """The list is written again whenever an answer of one of its items changes."""
    file = tmp_path / "case.yaml"
    text = "things:\n# second thing\n- {id: b, size: 2}   # b note\n# third\n- {id: c}\n"
    file.write_text(text, encoding="utf-8")
    before = pack.read_case(file)
    writer = CaseWriter(pack.data, file)

    writer.save(before, before.with_answer("thing", "c", "good", Answer(value=True)))
    writer.close()

    assert file.read_text(encoding="utf-8") == text.replace("{id: c}", "{id: c, good: yes}")


@pytest.mark.parametrize(
    "text",
    [
        "\n\n# a\n\nfacts: {warm: yes}\n",
        'facts: {warm: {value: yes, note: "no # comment"}} # but this\n# end',
        "facts:\n  warm:\n    value: yes\n    note: |\n      # no\n\n      text # nor this\n  # one\n  price: 2\n",
        "notes: 'it''s # text\n\n  in two lines' # and a comment\n# end\n",
        "facts: {warm: yes, # why\n  price: 2} # then\n",
        "---\n# a\nfacts: {warm: yes}   # b\n",
        "facts:\r\n  # dos\r\n  warm: yes # line\r\n",
    ],
)
def test_what_looks_like_a_comment_and_what_is_one_are_told_apart(
    text: str, pack: advisor.Pack, tmp_path: Path
) -> None:
    """Signs within texts stay texts; comments stay, in files of every shape."""
    file = tmp_path / "case.yaml"
    file.write_text(text, encoding="utf-8", newline="")
    before = pack.read_case(file)
    after = before.with_answer("case", "", "price", Answer(value=7))
    writer = CaseWriter(pack.data, file)

    writer.save(before, after)
    writer.close()

    written = file.read_text(encoding="utf-8")
    assert meant(pack.read_case(file)) == meant(after)
    assert pack.read_case(file).notes == before.notes
    assert written.count("#") == text.count("#"), written
