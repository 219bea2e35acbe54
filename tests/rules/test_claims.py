"""Every claim that the first pack rests on is encoded, or listed as deciding nothing with the reason why."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from advisor.packs.pack import Pack
from advisor.packs.reader import read_pack
from tests.folders import RULES

FOLDER = RULES / "ending-a-contract"
CLAIMS = (
    "T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13 T14 T15 T16 T17"
    " T18 T19 T20 T21 T22 T23 T24 T25 T26 T27 T28 T29 T30 T31 T32 T33"
).split()
"""What was said in the thread "Ending Zero-earning Contract - JSS impact?", claim by claim."""
FACTS = [f"K{number}" for number in range(1, 107)]
"""What is publicly known of the score and the policies around it, fact by fact."""


def homes(pack: Pack) -> dict[str, list[str]]:
    """For each claim, what encodes it: a rule, a value, a fact, a model, a course or an answer."""
    found: dict[str, list[str]] = {}
    encoded = [(f"rule {rule.id}", rule.claims) for rule in pack.rules.values()]
    encoded += [(f"parameter {one.name}", dated.claims) for one in pack.parameters.values() for dated in one.values]
    encoded += [(f"fact {one.name}", one.claims) for one in pack.all_facts()]
    encoded += [(f"model {model.id}", model.claims) for one in pack.projections.values() for model in one.models]
    encoded += [(f"course {one.id}", one.claims) for one in pack.options.courses.values()]
    encoded += [(f"answer of {goal.id}", row.claims) for goal in pack.goals.values() for row in goal.rows]
    for name, claims in encoded:
        for claim in claims:
            found.setdefault(claim, []).append(name)
    return found


def missing(pack: Pack) -> list[str]:
    """Claims that nothing encodes and that are not listed as deciding nothing."""
    known = homes(pack)
    return [
        claim for claim in CLAIMS + FACTS if claim not in known and not pack.undecided_claims.get(claim, "").strip()
    ]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(FOLDER)


def test_every_claim_has_a_home(pack: Pack) -> None:
    assert missing(pack) == []


def test_no_claim_is_both_encoded_and_said_to_decide_nothing(pack: Pack) -> None:
    assert [claim for claim in pack.undecided_claims if claim in homes(pack)] == []


def test_what_decides_nothing_says_why(pack: Pack) -> None:
    """In a sentence, not in a word."""
    assert [claim for claim, because in pack.undecided_claims.items() if len(because.split()) < 5] == []


@pytest.mark.parametrize("claim", ["T13", "T18", "T32", "K92"])
def test_a_claim_that_is_taken_out_is_missed(claim: str, tmp_path: Path) -> None:
    """Wherever it stands: at a model, at a rule, among those that decide nothing."""
    folder = tmp_path / FOLDER.name
    shutil.copytree(FOLDER, folder)
    for path in folder.glob("*.yaml"):
        text = re.sub(rf"\b{claim}\b", "K0", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")

    assert missing(read_pack(folder)) == [claim]
