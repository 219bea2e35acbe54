# ruff: noqa: E501 - what attacks is long
"""What strangers send: packs and cases made to crash, hang or break out. An error is fine; a crash or a hang is not.

What is large or deep runs in a process of its own with a limit, as a person would run it.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from advisor import cli
from tests.reasoning.small import Small


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    status: int
    stdout: str
    stderr: str


PROGRAM = Path(sys.executable).parent / "advisor"
LIMIT = 60
"""Seconds; what is sent here takes a few at most, but the machine may be busy."""
ENTITY = "entities: {job: {plural: jobs}}"
P = "case:\n  p: {type: yes/no, question: P?}\n"
ACT = "- {id: act, when: p, advise: Act, because: So., sources: [law]}\n"


def run(*arguments: str | Path, apart: bool = False) -> Done:
    """The command with these arguments; fails where it crashes, hangs or shows a traceback. `apart`: in its own process."""
    done = _apart(arguments) if apart else _here(arguments)

    assert done.status in (0, 1, 2), f"ended with {done.status}: {done.stderr[-2000:]}"
    assert "Traceback" not in done.stderr
    assert "ADVISOR_DEBUG" not in done.stderr, done.stderr
    return done


def _apart(arguments: Sequence[str | Path]) -> Done:
    command = [str(PROGRAM), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=LIMIT, check=False)
    return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def _here(arguments: Sequence[str | Path]) -> Done:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.run(list(map(str, arguments)))
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode(errors="replace"))
    return Done(status, *texts)


def checked(small: Small, *, apart: bool = False) -> Done:
    """What the check says of a pack."""
    return run("rules", "check", small.folder, apart=apart)


def report(small: Small, case: Mapping[str, object] | str | bytes, form: str = "text", *, apart: bool = False) -> Done:
    """The report on a case, as a file beside the pack."""
    file = small.folder.parent / "case.yaml"
    if isinstance(case, bytes):
        file.write_bytes(case)
    else:
        file.write_text(case if isinstance(case, str) else json.dumps(case), encoding="utf-8")
    return run("report", file, "--rules", small.folder, "-f", form, "--today", "2025-06-15", apart=apart)


ADVISE = """
import json, sys, advisor
pack = advisor.load(sys.argv[1])
advice = pack.advise(pack.case(json.loads(sys.argv[2])))
print(json.dumps([[one.key, one.status] for one in advice.recommendations]))
"""


def advised(small: Small, case: Mapping[str, object]) -> dict[str, bool | None]:
    """What is advised on a case, by key: whether it holds (true) or is open; in a process of its own."""
    command = [sys.executable, "-c", ADVISE, str(small.folder), json.dumps({"today": "2025-06-15", **case})]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


# --- packs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deep", [100, 5000])
@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("not (", ")"), ("surely (", ")")])
def test_brackets_nested_deep(opening: str, closing: str, deep: int, tmp_path: Path) -> None:
    rule = ACT.replace("when: p", f'when: "{opening * deep}p{closing * deep}"')

    assert checked(Small(tmp_path, P, rule), apart=True).status in (0, 1)


@pytest.mark.parametrize("deep", [50, 3000])
def test_yaml_nested_deep(deep: int, tmp_path: Path) -> None:
    rule = ACT.replace("when: p", f"when: {'{all: [' * deep}p{']}' * deep}")

    assert checked(Small(tmp_path, P, rule), apart=True).status in (0, 1)


@pytest.mark.slow
def test_two_thousand_rules_on_one_fact(tmp_path: Path) -> None:
    facts = "case:\n  n: {type: whole number, question: N?, at_least: 0, at_most: 5000}\n"
    rules = "".join(
        f"- {{id: r{n}, when: n is at least {n}, advise: Do {n}, because: So., sources: [law]}}\n" for n in range(2000)
    )
    advice = advised(Small(tmp_path, facts, rules), {"facts": {"n": "1999"}})

    assert list(advice.values()) == [True] * 2000


@pytest.mark.slow
def test_two_thousand_rules_for_one_conclusion(tmp_path: Path) -> None:
    """All of them true at once, and all of them false."""
    facts = "case:\n  n: {type: whole number, question: N?, at_least: 0, at_most: 5000}\n  d: {type: yes/no, concluded: yes}\n"
    rules = "".join(
        f"- {{id: r{n}, when: n is at least {n + 1}, conclude: {{d: yes}}, because: So., sources: [law]}}\n"
        for n in range(2000)
    )
    small = Small(tmp_path, facts, rules + "- {id: act, when: d, advise: Act, because: So., sources: [law]}\n")

    assert advised(small, {"facts": {"n": "4000"}}) == {"act": True}
    assert advised(small, {"facts": {"n": "0"}}) == {}


def test_a_condition_on_three_hundred_facts(tmp_path: Path) -> None:
    """More than the engine takes in one: split by whoever compiles it, or refused with a reason."""
    facts = "case:\n" + "".join(f"  f{n}: {{type: yes/no, question: F?}}\n" for n in range(300))
    rule = ACT.replace("when: p", f"when: {' and '.join(f'f{n}' for n in range(300))}")
    small = Small(tmp_path, facts, rule)
    done = report(small, {"facts": {f"f{n}": "yes" for n in range(300)}}, apart=True)

    assert done.status == 0 or "too-complicated" in done.stderr
    assert done.status == 2 or "Act" in done.stdout


@pytest.mark.parametrize("inner", ["f{0} and g{0}", "f{0} or g{0}"])
def test_forty_alternatives(inner: str, tmp_path: Path) -> None:
    joined = (") or (" if " and " in inner else ") and (").join(inner.format(n) for n in range(40))
    facts = "case:\n" + "".join(f"  {one}{n}: {{type: yes/no, question: F?}}\n" for n in range(40) for one in "fg")
    small = Small(tmp_path, facts, ACT.replace("when: p", f"when: ({joined})"))
    done = report(small, {"facts": {f"{one}{n}": "yes" for n in range(40) for one in "fg"}}, apart=True)

    assert done.status == 0 or "too-complicated" in done.stderr
    assert done.status == 2 or "Act" in done.stdout


@pytest.mark.slow
def test_facts_derived_from_each_other_five_hundred_deep(tmp_path: Path) -> None:
    facts = "case:\n  p: {type: yes/no, question: P?}\n  d0: {type: yes/no, concluded: yes}\n"
    facts += "".join(f"  d{n}: {{type: yes/no, concluded: yes}}\n" for n in range(1, 500))
    rules = "- {id: r0, when: p, conclude: {d0: yes}, because: So., sources: [law]}\n"
    rules += "".join(
        f"- {{id: r{n}, when: d{n - 1}, conclude: {{d{n}: yes}}, because: So., sources: [law]}}\n"
        for n in range(1, 500)
    )
    rules += "- {id: act, when: d499, advise: Act, because: So., sources: [law]}\n"
    small = Small(tmp_path, facts, rules)

    assert advised(small, {"facts": {"p": "yes"}}) == {"act": True}
    assert advised(small, {}) == {"act": None}
    assert report(small, {"facts": {"p": "yes"}}, apart=True).status in (0, 2)
    assert run("explain", small.folder.parent / "case.yaml", "act", "--rules", small.folder, apart=True).status in (
        0,
        2,
    )


@pytest.mark.slow
def test_formulas_on_each_other_five_hundred_deep(tmp_path: Path) -> None:
    facts = "case:\n  n0: {type: number, question: N?, at_least: 0, at_most: 9}\n"
    facts += "".join(f"  n{n}: {{type: number, formula: n{n - 1} + n{n - 1}}}\n" for n in range(1, 500))
    small = Small(tmp_path, facts, "- {id: act, when: n499 is above 1, advise: Act, because: So., sources: [law]}\n")

    assert report(small, {"facts": {"n0": "1"}}, apart=True).status in (0, 2)
    assert report(small, {}, apart=True).status in (0, 2)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for x in range(10**9) %}x{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{{ cycler.__init__.__globals__.os.system('true') }}",
        "{{ 'x' * 10**10 }}",
        "{{ advice.__init__ }}",
    ],
)
def test_a_template_of_a_pack_that_attacks(text: str, tmp_path: Path) -> None:
    """It is refused, or writes nothing that it should not know."""
    small = Small(tmp_path, P, ACT)
    for form, suffix in (("text", "txt"), ("md", "md"), ("html", "html")):
        (small.folder / "templates" / form).mkdir(parents=True)
        (small.folder / "templates" / form / f"report.{suffix}").write_text(text, encoding="utf-8")
    done = report(small, {"facts": {"p": "yes"}}, "text")
    said = done.stdout + done.stderr

    assert done.status == 2 or "class '" not in said
    assert "root:" not in said
    assert len(said) < 100_000
    checked(small)


@pytest.mark.parametrize(
    "text", ["{p.__class__}", "{p!r}", "{0}", "{}", "{p:>9999999999}", "{1/0}", "{{", "{p", "}", "{%p%}"]
)
def test_a_placeholder_that_attacks(text: str, tmp_path: Path) -> None:
    rule = f"- id: act\n  when: p\n  advise: {json.dumps(text)}\n  because: {json.dumps(text)}\n  sources: [law]\n"
    small = Small(tmp_path, P, rule)
    done = report(small, {"facts": {"p": "yes"}}, "text")

    assert "class" not in done.stdout
    assert checked(small).status in (0, 1)


@pytest.mark.parametrize(
    "number", ["1e400", "9" * 400, "1e-400", "NaN", "Infinity", "-0", "0x10", "1_000", "٣", "10 ** 10"]
)
def test_a_number_that_attacks(number: str, tmp_path: Path) -> None:
    facts = "case:\n  n: {type: number, question: N?}\n  m: {type: number, formula: n * n}\n"
    rule = "- {id: act, when: m is above 5, advise: Act, because: So., sources: [law]}\n"
    small = Small(tmp_path, facts, rule)

    assert report(small, {"facts": {"n": number}}).status in (0, 2)
    assert checked(Small(tmp_path, facts, rule.replace("above 5", f"above {number}"))).status in (0, 1)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "0000-00-00", "99999-01-01"])
def test_a_day_that_attacks(day: str, tmp_path: Path) -> None:
    """Its neighbours may lie outside of the calendar."""
    facts = "case:\n  on: {type: date, question: When?}\n  then: {type: date, formula: start + 10000 days}\n".replace(
        "on:", "start:"
    ).replace("then:", "later:")
    rule = f"- {{id: act, when: start is after {day} or later is after {day}, advise: Act, because: So., sources: [law]}}\n"
    small = Small(tmp_path, facts, rule)

    assert checked(small).status in (0, 1)
    assert report(small, {"facts": {"start": day}}).status in (0, 2)
    assert report(small, {}).status in (0, 2)
    assert report(small, {"facts": {"start": f"about {day}"}}).status in (0, 2)


# --- cases --------------------------------------------------------------------------------------------------------

JOBS = """
job:
  title: {type: text, question: What is it called?}
  n: {type: whole number, question: N?, at_least: 0, at_most: 10}
  ok: {type: yes/no, question: OK?}
  size: {type: choice, question: Size?, choices: {s: small, m: medium, l: large}}
  weight: {type: number, rows: [{when: size is s, is: 1}, {when: size is m, is: 1.25}, {otherwise: n}]}
case:
  total: {type: number, formula: sum of weight over jobs}
  share: {type: number, formula: (sum of weight over jobs where ok) / total * 100}
"""
OVER_JOBS = """
- {id: good, when: share is above 90, advise: Good, because: So., sources: [law]}
- {id: each, about: job, when: ok and n is above 2, advise: "Each {title}", because: So., sources: [law]}
- {id: other, about: job, when: any other job where n is this.n, advise: Other, because: So., sources: [law]}
"""


def jobs(tmp_path: Path) -> Small:
    return Small(tmp_path, JOBS, OVER_JOBS, "entities: {job: {plural: jobs, label: title}}")


@pytest.mark.slow
def test_a_thousand_entities(tmp_path: Path) -> None:
    many = [{"id": f"j{n}", "title": f"Job {n}", "n": str(n % 11), "ok": "yes", "size": "l"} for n in range(1000)]

    assert len(advised(jobs(tmp_path), {"facts": {}, "jobs": many})) > 500


@pytest.mark.slow
def test_eight_entities_of_which_nothing_is_known(tmp_path: Path) -> None:
    """Bounded: what cannot be told is open."""
    advice = advised(jobs(tmp_path), {"facts": {}, "jobs": [{"id": f"j{n}"} for n in range(8)]})

    assert set(advice.values()) == {None}


@pytest.mark.slow
def test_a_hundred_entities_of_which_nothing_is_known(tmp_path: Path) -> None:
    advice = advised(jobs(tmp_path), {"facts": {}, "jobs": [{"id": f"j{n}"} for n in range(100)]})

    assert set(advice.values()) == {None}


@pytest.mark.parametrize("times", ["1000000", "1000001", "0", "-1", "1.5", "many", "9" * 50])
def test_times_that_attack(times: str, tmp_path: Path) -> None:
    known = {"id": "a", "n": "3", "ok": "yes", "size": "l"}
    unknown = {"id": "b", "times": times}

    assert report(jobs(tmp_path), {"jobs": [{**known, "times": times}]}).status in (0, 2)
    assert report(jobs(tmp_path), {"jobs": [known, unknown]}).status in (0, 2)


@pytest.mark.parametrize(
    "id_",
    ["", " ", "a b", "../../etc/passwd", "a@b", "a[b]", "{p}", "{{ 7 * 7 }}", "\u202eevil", "a\x00b", "a\nb", "x" * 10_000, "é",
     "ｊ１", "\ud83d\ude00", "$where", "__proto__", "0", "-", "<script>alert(1)</script>", "'; drop table"],
)  # fmt: skip
def test_an_id_that_attacks(id_: str, tmp_path: Path) -> None:
    case = {"jobs": [{"id": id_, "title": "T", "n": "3", "ok": "yes", "size": "l"}]}
    done = report(jobs(tmp_path), case, "html")

    assert done.status in (0, 2)
    assert "<script>alert" not in done.stdout
    assert "49" not in done.stdout.partition("{{ 7")[0] or id_ != "{{ 7 * 7 }}"


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_a_title_that_attacks(form: str, tmp_path: Path) -> None:
    title = "<img src=x onerror=alert(1)> {{ 7 * 7 }} {p} [x](javascript:alert(1)) \u202e \x1b[31m"
    done = report(jobs(tmp_path), {"jobs": [{"id": "a", "title": title, "n": "3", "ok": "yes", "size": "l"}]}, form)

    assert done.status in (0, 2)
    assert "<img src=x" not in done.stdout or form != "html"
    assert "\x1b[31m" not in done.stdout


@pytest.mark.parametrize(
    "case",
    [
        b"facts: {p: \x00}", b"\xff\xfe\x00", b"\x00" * 1000, b"", b"[]", b"3", b"facts: []", b"facts: {p: {a: b}}", b"- - - -",
        b"facts: &a {p: *a}", b"facts: {p: yes, p: no}", b"facts:\n\tp: yes", b"!!python/object/apply:os.system ['true']",
        b"facts: {p: !!binary aGk=}", b"%YAML 9.9\n---\n", b"{" * 5000, b"[" * 100_000, b'{"facts": {"p": "yes"}', b"\xef\xbb\xbffacts: {}",
        b"facts: {\xd9\xbe: yes}", "facts: {p\u200b: yes}".encode(), b"today: 2025-13-45", b"pack: ../../etc", b"format: 99",
    ],
    ids=range(24),
)  # fmt: skip
def test_a_case_file_that_attacks(case: bytes, tmp_path: Path) -> None:
    done = report(Small(tmp_path, P, ACT), case)

    assert done.status == 0 or (done.status == 2 and done.stderr.strip())


def test_a_case_file_that_explodes(tmp_path: Path) -> None:
    layers = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))

    assert report(Small(tmp_path, P, ACT), f"a0: &a0 [x]\n{layers}\nfacts: {{p: *a11}}\n").status == 2


@pytest.mark.parametrize("key", ["", "@", "@act", "act@@a", "x" * 100_000, "../act", "{p}", "é"])
def test_a_key_that_attacks(key: str, tmp_path: Path) -> None:
    small = Small(tmp_path, P, ACT)
    file = small.folder.parent / "case.yaml"
    file.write_text("facts: {p: yes}", encoding="utf-8")
    done = run("explain", file, key, "--rules", small.folder)

    assert done.status == 2
    assert done.stderr.strip()


@pytest.mark.parametrize("path", ["/", "/dev/null", "/etc", "no/such/file.yaml", "case.yaml#99", "\u202e", "x" * 5000])
def test_a_path_that_is_no_case(path: str, tmp_path: Path) -> None:
    small = Small(tmp_path, P, ACT)
    done = run("report", path, "--rules", small.folder)

    assert done.status == 2 or path == "/dev/null"
