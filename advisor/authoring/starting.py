"""A new pack: a small one that passes its checks and its worked cases, to be changed into one's own.

In: what a person says of it. Out: the text of each file; it is put in its place only when all of it was found right.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from advisor.advice.advisor import LoadedPack
from advisor.authoring.clashes import check_program
from advisor.authoring.worked_cases import all_cases, run
from advisor.files.shapes import NAME, looks_like
from advisor.language.tokens import RESERVED
from advisor.language.tree import CASE
from advisor.language.vocabulary import spaced
from advisor.packs.checks import check_pack
from advisor.packs.reader import CASE_KEYS, read_pack
from advisor.problems.problem import Problems

_STARTER: Final = Path(__file__).with_name("starter")
FILES: Final = {
    "pack.yaml": "what the pack is about",
    "goals.yaml": "the question that it answers, and the answers",
    "facts.yaml": "what can be known, and how it is asked",
    "parameters.yaml": "figures, with the day on which somebody last looked",
    "sources.yaml": "who says so",
    "first-steps.yaml": "rules",
    "cases/first-steps.yaml": "worked cases: examples and tests at once",
}
"""The files of a new pack and what is in each, in the order in which one reads them."""
_TAKEN: Final = frozenset((CASE, "know_enough", "decide_by", "time_to_think", "name", "in_order", "all", "table"))
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What is said of a pack that does not exist yet. `thing` and `things`: what a case has several of, if anything."""

    title: str
    question: str
    source: str
    thing: str = ""
    things: str = ""


def name_of(words: str) -> str:
    """Words as a name in a pack: `Job offer` is `job_offer`. Raises ValueError where no name can be made of them."""
    name = re.sub(r"[^a-z0-9]+", "_", words.strip().casefold()).strip("_")
    if not looks_like(name, NAME):
        raise ValueError("write it with the letters a to z, such as “job offer”")
    if name in RESERVED or name in _TAKEN or name in CASE_KEYS:
        raise ValueError(f"`{name}` has a meaning of its own here; choose another word, or two")
    return name


def one_line(words: str) -> str:
    """What was said, on one line. Raises ValueError where it says nothing, or too much."""
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
    if not said:
        raise ValueError("say it in a few words")
    if len(said) > _LONGEST:
        raise ValueError(f"say it in {_LONGEST} letters at most")
    return said


def write(folder: Path, said: Beginning, today: date) -> int:
    """Writes a new pack to `folder`, which must not exist or be empty; how many worked cases it has.

    Raises Problems where the pack would not pass its checks, and OSError; then nothing is there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as scratch:
        made = Path(scratch) / folder.name
        for name, text in _texts(said, today):
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        cases = _passes(made, today)
        os.replace(made, folder)  # noqa: PTH105  a folder in the place of an empty one, or of none
    return cases


def _texts(said: Beginning, today: date) -> Iterator[tuple[str, str]]:
    environment = Environment(  # noqa: S701  what is written is YAML, in which texts are quoted
        loader=FileSystemLoader(_STARTER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"quoted": _quoted, "braced": _braced, "spaced": spaced}
    known = {
        "title": one_line(said.title),
        "question": one_line(said.question),
        "source": one_line(said.source),
        "thing": said.thing,
        "things": said.things,
        "version": f"{today.year}.1",
        "today": today.isoformat(),
    }
    for name in FILES:
        yield name, environment.get_template(name).render(known)


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _braced(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")


def _passes(folder: Path, today: date) -> int:
    """How many worked cases the pack has. Raises Problems where it does not pass its checks or one of them."""
    pack = LoadedPack(read_pack(folder))
    cases = all_cases(pack.data)
    problems = [*check_pack(pack.data), *check_program(pack, today)]
    problems += [problem for case in cases for problem in run(pack, case, today).problems]
    if problems:
        raise Problems(problems)
    return len(cases)
