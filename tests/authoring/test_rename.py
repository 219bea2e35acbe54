"""Every place that names something is found, and a renaming reaches all of them or none."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import advisor
from advisor.authoring import catalogue
from advisor.authoring.mentions import mentions
from advisor.authoring.rename import renaming, write
from advisor.cases.reader import read_cases
from advisor.cli import output
from advisor.decision.compare import Signature, signature
from advisor.packs.reader import read_pack
from tests.folders import RULES, TESTS
from tests.reasoning.small import Small

PICNIC = TESTS / "scenarios" / "packs" / "picnic"
FACTS = """
case:
  late: {type: yes/no, question: Is it late?}
  state: {type: choice, choices: {late: after the day, early: before it}, question: How is it?}
parcel:
  name: {type: text, question: Which?}
  state: {type: yes/no, question: Is it whole?}
  sender: {type: person, question: Whose is it?}
person:
  late: {type: yes/no, question: Is this one late?}
"""
RULES_ = """
- {id: a, when: late and state is late, advise: Wait., because: It is late., sources: [law]}
- {id: b, about: parcel, when: state and sender.late and late, advise: Go., because: "{sender.late}", sources: [law]}
- {id: c, when: (any person where late) and no parcel where state, advise: See., because: So., sources: [law]}
"""
MORE = """
entities:
  parcel: {plural: parcels, label: name}
  person: {plural: people}
"""


@pytest.mark.parametrize("name", ["ending-a-contract", "travelling-abroad"])
def test_all_that_the_pack_reads_is_found(name: str) -> None:
    """What a rule or formula reads, as the compiled pack has it, is named somewhere; each name is defined once."""
    pack = read_pack(RULES / name)
    found = mentions(pack, RULES / name)
    links = catalogue.Links(pack)
    defined = Counter((one.sort, one.called) for one in found if one.where == "definition")
    named = {(one.sort, one.called) for one in found if one.where not in ("definition", "a worked case")}

    assert set(defined.values()) == {1}
    assert {called for sort, called in defined if sort == "rule"} == set(pack.rules)
    assert {called for sort, called in defined if sort == "source"} == set(pack.sources)
    facts = {called for sort, called in defined if sort == "fact"}
    assert {one for one, by in links.used_by.items() if by and one in facts} <= {called for _, called in named}
    assert {one for one, by in links.cited_by.items() if by} <= {called for sort, called in named if sort == "source"}


def test_a_name_is_found_where_it_is_meant(tmp_path: Path) -> None:
    """A choice, or a fact of something else, that is called the same is another thing."""
    small = Small(tmp_path, FACTS, RULES_, MORE)
    found = mentions(read_pack(small.folder), small.folder)
    lines = {
        called: [
            (one.place.line, one.place.column) for one in found if one.called == called and "some" in one.place.file
        ]
        for called in ("late", "person.late", "state", "parcel.state", "parcel.sender")
    }

    assert lines == {
        "late": [(2, 17), (3, 58)],
        "person.late": [(3, 49), (3, 95), (4, 35)],
        "state": [(2, 26)],
        "parcel.state": [(3, 32), (4, 61)],
        "parcel.sender": [(3, 42), (3, 88)],
    }


def _all_outcomes(folder: Path) -> list[Signature]:
    pack = advisor.load(folder)
    cases = [case for file in sorted((folder / "cases").glob("*.yaml")) for case in read_cases(pack.data, file)]
    return [signature(pack.advise(case.case, today=date(2026, 6, 1))) for case in cases]


@pytest.mark.parametrize(
    ("sort", "old", "new"),
    [
        ("fact", "rain_expected", "wet"),
        ("fact", "dish.made_on", "made"),
        ("fact", "enough", "plenty"),
        ("rule", "stay-at-home", "a-home"),
        ("source", "uncle", "z"),
    ],
)
def test_cases_come_out_as_before(tmp_path: Path, sort: str, old: str, new: str) -> None:
    """The proof by comparing what is read agrees with running the cases; renamed back, the files are as before."""
    folder = tmp_path / "picnic"
    shutil.copytree(PICNIC, folder)
    before = _all_outcomes(folder)
    write(renaming(folder, sort, old, new), output.write)  # type: ignore[arg-type]
    after = _all_outcomes(folder)
    short = old.partition(".")[2] or old

    assert [
        {(part, key.replace(new, short) if key.startswith(new) else key): value for (part, key), value in one.items()}
        for one in after
    ] == before
    write(renaming(folder, sort, new, short), output.write)  # type: ignore[arg-type]
    assert all(_joined(folder / path.relative_to(PICNIC)) == _joined(path) for path in PICNIC.rglob("*.yaml"))


def _joined(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("_", " ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pack", "sort", "old"),
    [
        ("ending-a-contract", "fact", "contract.problems"),
        ("ending-a-contract", "rule", "report-before-ending"),
        ("travelling-abroad", "fact", "destination"),
    ],
)
def test_packs_that_ship_can_be_renamed(pack: str, sort: str, old: str) -> None:
    """Their lists, options, goals, tables and cases too: else the renaming would be refused."""
    found = renaming(RULES / pack, sort, old, "another_name")  # type: ignore[arg-type]

    assert len(found.places) > 10
    assert found.cases > 50


def test_layout_stays(tmp_path: Path) -> None:
    """Line ends, a byte order mark and comments are as they were."""
    folder = tmp_path / "picnic"
    shutil.copytree(PICNIC, folder)
    file = folder / "rules.yaml"
    text = "\ufeff# rain_expected\r\n" + file.read_text(encoding="utf-8").replace("\n", "\r\n")
    file.write_bytes(text.encode())
    write(renaming(folder, "fact", "rain_expected", "wet"), output.write)

    assert file.read_bytes() == text.replace("rain expected", "wet").encode()


def test_nothing_is_written_where_one_file_cannot_be(tmp_path: Path) -> None:
    """What was written before the failure is put back."""
    folder = tmp_path / "picnic"
    shutil.copytree(PICNIC, folder)
    found = renaming(folder, "fact", "rain_expected", "wet")
    last = list(found.files)[-1]

    def failing(text: str, path: Path) -> None:
        if path == last:
            raise OSError(28, "No space left on device", str(path))
        output.write(text, path)

    with pytest.raises(OSError, match="No space"):
        write(found, failing)
    assert all((folder / path.relative_to(PICNIC)).read_bytes() == path.read_bytes() for path in PICNIC.rglob("*.yaml"))


def test_a_name_behind_escapes_is_not_half_renamed(tmp_path: Path) -> None:
    """Where a text is written so that the name cannot be found in it, the place is told and nothing changes."""
    rules = '- {id: a, when: late, advise: Go., because: "\\u0041 {la\\u0074e}", sources: [law]}'
    small = Small(tmp_path, "case:\n  late: {type: yes/no, question: Is it?}\n", rules)

    with pytest.raises(advisor.Problems) as caught:
        renaming(small.folder, "fact", "late", "tardy")
    assert [(one.kind, one.place.line) for one in caught.value.problems] == [("not-found", 1)]


TABLE = """hit,first
sources,law
when price,when kind,when price * 2,then fee,then words,because,sources
> limit,price,,price + 1 EUR,price,It is {price}.,law
<= 2 EUR,not price,< price,price,{name},,
otherwise,,,0,none,,
"""
TABLE_FACTS = """
case:
  price: {type: money, question: What is the price?}
  limit: {type: money, question: What is the limit?}
  name: {type: text, question: Which?}
  kind: {type: choice, choices: {price: by price, other: yes}, question: Of what kind?}
  fee: {type: money, finding: "{fee}"}
  words: {type: text, finding: "{words}"}
"""


def test_tables_are_renamed_with_the_rest(tmp_path: Path) -> None:
    """Heads, cells and reasons; not the choice or the text of the same name."""
    folder = tmp_path / "pack"
    (folder / "tables").mkdir(parents=True)
    top = "format: 1\ntitle: T\nversion: 1\nquestion: Q?\ncurrency: EUR\nstanding: [{id: s, say: so}]\n"
    (folder / "pack.yaml").write_text(top, encoding="utf-8")
    (folder / "sources.yaml").write_text("law: {title: The law, standing: s}\n", encoding="utf-8")
    (folder / "facts.yaml").write_text(TABLE_FACTS, encoding="utf-8")
    (folder / "tables" / "fees.csv").write_text(TABLE, encoding="utf-8")

    write(renaming(folder, "fact", "price", "cost_of_it"), output.write)
    write(renaming(folder, "fact", "fee", "due"), output.write)
    write(renaming(folder, "source", "law", "act"), output.write)

    assert (folder / "tables" / "fees.csv").read_text("utf-8") == (
        "hit,first\nsources,act\n"
        "when cost_of_it,when kind,when cost_of_it * 2,then due,then words,because,sources\n"
        "> limit,price,,cost_of_it + 1 EUR,price,It is {cost_of_it}.,act\n"
        "<= 2 EUR,not price,< cost_of_it,cost_of_it,{name},,\n"
        "otherwise,,,0,none,,\n"
    )
