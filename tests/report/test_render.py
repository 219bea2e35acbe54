"""Reports in all formats: what they say, how they keep strangers' texts harmless, and what is refused of templates."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from advisor.files.shipped import templates as shipped_templates
from advisor.problems.problem import Problem, Problems
from advisor.report.check import check_templates
from advisor.report.parts import PARTS
from advisor.report.render import ENDINGS, FORMATS, Format, render, values, workshop
from advisor.report.shape import SHAPE, bare_sample, completed, full_sample
from advisor.values import wording

SAMPLE: dict[str, Any] = json.loads(Path(__file__).with_name("advice.json").read_text(encoding="utf-8"))
HOSTILE = "<script>alert(1)</script> **x** [a](javascript:b) \x1b[31mred\x1b[0m\x07\n# Forged\n| `c` &lt; \u202eabc"
HARMLESS = "three\nplain\nlines"


@pytest.fixture
def advice() -> dict[str, Any]:
    """A piece of advice with something in every part."""
    return copy.deepcopy(SAMPLE)


class _Page(HTMLParser):
    """What a browser makes of a page: tags, their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "input", "hr", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def _words(report: str, format_: Format) -> str:
    """What a person reads of a report, on one line."""
    if format_ == "html":
        report = _Page(report).text
    if format_ == "md":
        report = _Page(MarkdownIt().enable("table").render(report)).text
    return " ".join(report.split())


# --- what a report says -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_says_the_same(advice: dict[str, Any], format_: Format) -> None:
    """Headline, recommendations, steps, reasons, dissent, questions, what lapsed, assumptions, facts and sources."""
    words = _words(render(advice, format_, width=100, parts=PARTS), format_)

    assert wording.sentence(advice["headline"]) in words
    for one in advice["recommendations"]:
        assert one["title"] in words
    for one in (one for one in advice["recommendations"] if one["status"] == "holds"):
        assert all(step["text"] in words for step in one["steps"])
        assert all(reason["text"] in words for reason in one["because"])
        assert all(other["text"] in words and other["why_below"] in words for other in one["dissent"])
    for one in advice["open"]:
        assert one["question"] in words
        assert one["why"] in words
    for part, key in (("lapsed", "text"), ("assumptions", "because")):
        assert all(one[key] in words for one in advice[part])
    assert [one["id"] for one in advice["sources"] if one["title"] not in words] == [
        "post-11"
    ]  # nothing shown cites it
    assert "threatened with a bad review: yes" in words.casefold()
    assert "you do not know: the threat in writing" in words.casefold()
    assert "people guess so" in words.casefold()
    assert "Saturday 20 March 2021" in words
    assert "in 12 days" in words
    assert "until 7 November 2020" in words.replace("Until", "until")


@pytest.mark.parametrize("format_", FORMATS)
def test_figures_name_their_range_and_the_line_that_matters(advice: dict[str, Any], format_: Format) -> None:
    """Worst, likely and best of each idea; a figure just below a line is not rounded up to it."""
    words = _words(render(advice, format_, parts=PARTS), format_)

    for figure in ("75", "97.2 %", "93.8 %", "89.96", "98.4 %", "100 %"):
        assert figure in words
    assert "90 %" in words
    assert "the line for Top Rated" in words


def test_a_report_at_a_terminal_reads_from_the_top(advice: dict[str, Any]) -> None:
    """Its parts come in the order in which a worried person needs them."""
    report = render(advice, "text", parts=PARTS)
    headings = [row for row in report.splitlines() if row.isupper() and not row.startswith(" ")]

    assert headings == [
        "ENDING A TROUBLED CONTRACT",
        "DO NOW",
        "WHAT TO DO",
        "WHAT ELSE YOU COULD DO",
        "DATES TO KEEP",
        "WHAT TO EXPECT: JOB SUCCESS SCORE",
        "WHAT COULD CHANGE THIS",
        "WHAT IS UNCERTAIN",
        "OTHER ADVICE, AND WHY IT RANKS BELOW",
        "WHAT MAY ALSO BE RIGHT",
        "WHAT NO LONGER HOLDS",
        "WHAT FOLLOWS FROM YOUR ANSWERS",
        "WHAT WAS ASSUMED",
        "YOUR CASE, AS IT WAS UNDERSTOOD",
        "SOURCES",
    ]


def test_reasons_cite_sources_by_the_number_in_the_list(advice: dict[str, Any]) -> None:
    """Sources are numbered in the order in which the report cites them."""
    report = render(advice, "text", parts=PARTS)
    (first,) = (row for row in report.splitlines() if row.startswith("[1] "))

    assert "Reply 7" in first
    assert "(experienced members say so) [1]" in " ".join(report.split())


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(advice: dict[str, Any], width: int) -> None:
    """Only a web address may be, since it must not be broken."""
    rows = render(advice, "text", width=width).splitlines()

    assert all(wording.columns(row) <= width for row in rows if "https://" not in row)


def test_colours_are_used_only_where_wanted(advice: dict[str, Any]) -> None:
    """With colours, the letters are the same."""
    plain, coloured = render(advice, "text"), render(advice, "text", color=True)

    assert "\x1b" not in plain
    assert "\x1b[1m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_advice_gives_the_same_report(advice: dict[str, Any], format_: Format) -> None:
    """Byte for byte."""
    assert render(advice, format_) == render(copy.deepcopy(advice), format_)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("sample", [{}, bare_sample(), full_sample()], ids=["nothing", "bare", "full"])
def test_advice_with_gaps_is_still_a_report(sample: dict[str, Any], format_: Format) -> None:
    """Nothing said anywhere, one empty item everywhere, something everywhere."""
    report = render(sample, format_)

    assert report.strip()
    assert "None" not in report.replace("none", "")


@pytest.mark.parametrize("format_", FORMATS)
def test_options_show_only_where_there_are_some(advice: dict[str, Any], format_: Format) -> None:
    """Courses of action, best first, with what each leads to."""
    before = render(advice, format_, parts=PARTS)
    outcomes = {"the score": {"worst": 75, "likely": 97.2, "best": 100}}
    reason = {"rule": "r", "text": "It keeps the score.", "standing": "experienced", "sources": ["post-1"]}
    option = {"key": "a", "id": "a", "rank": 1, "title": "Wait a week", "possible": True, "outcomes": outcomes}
    advice["options"] = [{**option, "because": [reason], "risks": [], "steps": [], "why_not_first": None}]
    after = render(advice, format_, parts=PARTS)

    assert "Ways to go about it".casefold() not in before.casefold()
    assert "Wait a week" in after
    assert "75 to 100" in after


def test_one_thing_is_never_many(advice: dict[str, Any]) -> None:
    """A deadline tomorrow is tomorrow, and one day is one day."""
    advice["recommendations"][0]["deadline"] = "2021-03-09"
    advice["recommendations"][3]["deadline"] = "2021-03-10"
    report = render(advice, "text", parts=PARTS)

    assert "(tomorrow)" in report
    assert "(in 2 days)" in report
    assert not re.search(r"\b1 [a-z]+s\b(?<!\b1 is)", report)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_deadline_that_is_past_is_overdue(advice: dict[str, Any], format_: Format) -> None:
    """It is not shown as if there were time."""
    advice["recommendations"][0]["deadline"] = "2021-03-05"

    assert "Overdue: by Friday 5 March 2021 (3 days ago)" in _words(render(advice, format_, parts=PARTS), format_)


def test_many_recommendations_are_rendered_in_a_moment(advice: dict[str, Any]) -> None:
    """Five hundred of them, each numbered."""
    model = advice["recommendations"][0]
    advice["recommendations"] = [{**model, "key": f"r@{number}", "rank": number} for number in range(1, 501)]

    for format_ in FORMATS:
        assert "500" in render(advice, format_, parts=PARTS)


# --- strangers' texts ---------------------------------------------------------------------------------------------

_KEPT = {"key", "id", "status", "strength", "kind", "unit", "better", "as_of", "today", "deadline"}


def _poisoned(part: Any, text: str, key: str = "") -> Any:
    """The same with a text in place of every text that is not a name of the program's own."""
    if isinstance(part, Mapping):
        return {name: _poisoned(one, text, name) for name, one in part.items()}
    if isinstance(part, list):
        return [_poisoned(one, text, key) for one in part]
    free = key not in _KEPT and key not in {"before", "after", "could_change", "sources", "standing"}
    return text if isinstance(part, str) and free else part


def test_a_page_holds_no_tag_of_a_strangers_text(advice: dict[str, Any]) -> None:
    """Every text of the advice may be hostile; the tags of the page stay the same, and nothing can run."""
    clean = _Page(render(_poisoned(advice, HARMLESS), "html"))
    page = _Page(render(_poisoned(advice, HOSTILE), "html"))

    assert [tag for tag, _ in page.tags] == [tag for tag, _ in clean.tags]
    assert "<script>alert(1)</script> **x**" in page.text
    assert not page.named("script")
    assert not any("javascript" in (link["href"] or "") for link in page.named("a"))
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_markdown_shows_a_strangers_text_letter_by_letter(advice: dict[str, Any]) -> None:
    """No mark-up of it comes to life, wherever on a line it stands."""
    clean = _Page(MarkdownIt().enable("table").render(render(_poisoned(advice, HARMLESS), "md")))
    page = _Page(MarkdownIt().enable("table").render(render(_poisoned(advice, HOSTILE), "md")))

    assert [tag for tag, _ in page.tags] == [tag for tag, _ in clean.tags]
    assert "<script>alert(1)</script> **x** [a](javascript:b) red # Forged | `c` &lt; abc" in page.text


@pytest.mark.parametrize(
    "text", ["- a", "+ a", "1. a", "2) a", "# a", "> a", "=== ", "---", "```", "| a |", "    a", "$a$"]
)
def test_markdown_at_the_start_of_a_line_stays_text(advice: dict[str, Any], text: str) -> None:
    """A text that opens a paragraph opens nothing else."""
    advice["recommendations"][0]["text"] = text
    page = _Page(MarkdownIt().enable("table").render(render(advice, "md")))

    assert text.strip() in page.text


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_no_text_at_all_changes_the_build_of_a_page(text: str) -> None:
    """Whatever is written, a page and Markdown have the same tags as for a plain word."""
    advice = completed({"headline": text + "x", "recommendations": [{"title": text + "x", "status": "holds"}]})
    plain = completed({"headline": "x", "recommendations": [{"title": "x", "status": "holds"}]})
    tags = [tag for tag, _ in _Page(render(plain, "html")).tags]
    marked = [tag for tag, _ in _Page(MarkdownIt().render(render(plain, "md"))).tags]

    assert [tag for tag, _ in _Page(render(advice, "html")).tags] == tags
    assert [tag for tag, _ in _Page(MarkdownIt().render(render(advice, "md"))).tags] == marked


def test_a_strangers_text_cannot_steer_the_terminal(advice: dict[str, Any]) -> None:
    """No escape, no control letter, no direction mark, and no line of its own."""
    report = render(_poisoned(advice, HOSTILE), "text")

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", report)
    assert not re.search(r"^# Forged", report, re.MULTILINE)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://a b", 'https://a"onclick=', ""]
)
def test_only_web_addresses_become_links(advice: dict[str, Any], address: str) -> None:
    """Any other address is left out."""
    advice["sources"][0]["url"] = address
    links = [link["href"] or "" for link in _Page(render(advice, "html")).named("a")]

    assert all(link.startswith(("#", "https://example.org/")) for link in links)


# --- the page -----------------------------------------------------------------------------------------------------


def test_a_page_is_whole_and_accessible(advice: dict[str, Any]) -> None:
    """A language, landmarks, headings in order, every drawing described, every link within leads somewhere."""
    page = _Page(render(advice, "html"))
    tags = [tag for tag, _ in page.tags]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    within = [(link["href"] or "")[1:] for link in page.named("a") if (link["href"] or "").startswith("#")]

    assert page.open == []
    assert page.named("html") == [{"lang": "en"}]
    assert tags.count("h1") == tags.count("main") == tags.count("header") == tags.count("footer") == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(ids) == len(set(ids))
    assert set(within) <= set(ids)
    assert all(drawing.get("aria-label") or drawing.get("aria-hidden") for drawing in page.named("svg"))
    assert not {"script", "img", "link", "iframe"} & set(tags)


# --- templates ----------------------------------------------------------------------------------------------------


def _folder(tmp_path: Path, format_: Format = "text", **files: str) -> Path:
    """A folder of somebody's own templates."""
    (tmp_path / format_).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (tmp_path / format_ / f"{name}.{ENDINGS[format_]}").write_text(text, encoding="utf-8")
    return tmp_path


def _problem(advice: dict[str, Any], folder: Path, format_: Format = "text") -> Problem:
    with pytest.raises(Problems) as caught:
        render(advice, format_, template_dirs=[folder])
    (problem,) = caught.value.problems
    return problem


def test_all_formats_have_the_same_parts() -> None:
    """Apart from what only a page has, and how to see more at a terminal."""
    names = {format_: {file.stem for file in (shipped_templates() / format_).iterdir()} for format_ in FORMATS}

    assert names["text"] - {"more"} == names["md"] == names["html"] - {"style", "bar", "now"}


def test_the_templates_that_ship_have_no_problems() -> None:
    """By the same check as anybody's own."""
    assert check_templates([shipped_templates()]) == []


def test_the_first_folder_that_has_a_part_wins(advice: dict[str, Any], tmp_path: Path) -> None:
    """All other parts are those that ship."""
    pack = _folder(tmp_path / "pack", headline="from the pack\n", sources="the pack's sources\n")
    own = _folder(tmp_path / "own", headline="{{ title }}: mine\n")
    report = render(advice, "text", template_dirs=[own, pack], parts=PARTS)

    assert report.startswith("Ending a troubled contract: mine\n")
    assert "from the pack" not in report
    assert "the pack's sources" in report
    assert "WHAT TO DO" in report


def test_a_folder_without_templates_is_an_error(advice: dict[str, Any], tmp_path: Path) -> None:
    """Rather than a report that silently is not the one that was wanted."""
    (tmp_path / "headline.txt").write_text("mine", encoding="utf-8")

    assert _problem(advice, tmp_path / "nowhere").message == "there is no such folder"
    assert _problem(advice, tmp_path).help == "templates lie in a folder for each format: text/, md/, html/ or web/"


def test_the_manual_names_all_that_templates_may_use(advice: dict[str, Any]) -> None:
    """Every view, filter and function."""
    manual = (shipped_templates() / "README.md").read_text(encoding="utf-8")
    templates = workshop(values(completed(advice)), "text")
    inner = {"gone_through", "joined", "measured"}
    names = (
        {*templates.filters, *templates.globals, *values(completed({}))} - inner - set(SHAPE) - {"range", "namespace"}
    )

    assert sorted(name for name in names if not re.search(rf"\b{name}\b", manual)) == []


def test_an_unknown_name_is_an_error_with_its_place(advice: dict[str, Any], tmp_path: Path) -> None:
    """And with the name that was probably meant."""
    folder = _folder(tmp_path, headline="# {{ title }}\n{{ headlin }}\n")
    problem = _problem(advice, folder)

    assert problem.full() == (
        f"{folder}/text/headline.txt:2:4: unknown-name: `headlin` is not known here; did you mean `headline`?\n"
        "  2 | {{ headlin }}\n"
        "    |    ^^^^^^^"
    )


def test_an_unknown_part_of_a_thing_is_an_error_with_its_place(advice: dict[str, Any], tmp_path: Path) -> None:
    """Never an empty text."""
    text = "{% for one in recommendations %}\n  {{ one.titel }}\n{% endfor %}\n"
    problem = _problem(advice, _folder(tmp_path, headline=text))

    assert (problem.place.line, problem.place.column, problem.kind) == (2, 10, "unknown-name")
    assert problem.help == "did you mean `title`?"


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("\n{{ title", "template-syntax", 2),
        ("{{ title | upperr }}", "template-syntax", 1),
        ("{% if %}", "template-syntax", 1),
        ('a\n{% include "nothing.txt" %}', "unknown-template", 2),
        ('{% include "../../secret" %}', "unknown-template", 1),
        ('{% include "/etc/passwd" %}', "unknown-template", 1),
        ("{{ 1 / 0 }}", "template-error", 1),
        ("{{ title | day }}", "template-error", 1),
        ("{{ recommendations }}", "template-refused", 1),
        ("{{ era is none }}", "template-refused", 1),
        ("{{ ''.__class__ }}", "template-refused", 1),
        ("{{ ''['__class__'] }}", "template-refused", 1),
        ("{{ title.upper() }}", "template-refused", 1),
        ("{{ render.__globals__ }}", "unknown-name", 1),
        ("{{ bar.__globals__ }}", "template-refused", 1),
        ("{{ self.__init__ }}", "template-refused", 1),
        ("{{ namespace.__init__ }}", "template-refused", 1),
        ("{{ title | attr('__class__') }}", "template-syntax", 1),
        ("{{ recommendations | map(attribute='__class__') | join }}", "unknown-name", 1),
        ("{% for i in range(10**9) %}{% endfor %}", "template-refused", 1),
        ("{% for i in range(1000000000) %}{% endfor %}", "template-refused", 1),
        ("{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}", "template-refused", 1),
        ("{{ 'x' * 1000000000 }}", "template-refused", 1),
        ("{{ '%1000000000d' % 1 }}", "template-refused", 1),
        ("{{ 9999999999 ** 9999999999 }}", "template-refused", 1),
        ("{% set x = 'xx' %}" + "{% set x = x ~ x %}" * 40 + "{{ x }}", "template-refused", 1),
        ("{% set x = 'xx' %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 40 + "{{ x }}", "template-refused", 1),
        ("{% set x = [1, 1] %}" + "{% set x = x + x %}" * 40, "template-refused", 1),
        ("{% set x = [title] %}" + "{% set x = [x, x] %}" * 40 + "{{ x == x }}", "template-refused", 1),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "template-refused", 1),
        (
            "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(50) }}",
            "template-refused",
            1,
        ),
        ('{% include "headline.txt" %}', "template-refused", 1),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "template-syntax", 1),
        ("{% for i in range(9) %}" * 30 + "{% endfor %}" * 30, "template-syntax", 1),
        (
            "{% for i in range(9000) %}{{ title | fill(100) | fill(100) }}{{ '123456789' * 1 }}{% endfor %}",
            "template-refused",
            1,
        ),
    ],
)
def test_a_template_that_does_harm_costs_an_error(
    advice: dict[str, Any], tmp_path: Path, text: str, kind: str, line: int
) -> None:
    """Its own file and line are named, and nothing crashes or runs on."""
    problem = _problem(advice, _folder(tmp_path, headline=text))

    assert (problem.kind, problem.place.line) == (kind, line)
    assert problem.place.file.endswith("headline.txt")


def test_a_template_has_bounds_of_size_and_place(advice: dict[str, Any], tmp_path: Path) -> None:
    """Too large, not text, or a link that leads out of its folder."""
    large = _folder(tmp_path / "large", headline="x" * 200_000)
    odd = _folder(tmp_path / "odd")
    (odd / "text" / "headline.txt").write_bytes(b"\xff\xfe")
    leading_out = _folder(tmp_path / "link")
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (leading_out / "text" / "headline.txt").symlink_to(tmp_path / "secret")

    assert "larger than" in _problem(advice, large).message
    assert "not UTF-8" in _problem(advice, odd).message
    assert "outside the folder" in _problem(advice, leading_out).message


def test_the_check_finds_every_mistake_at_once(tmp_path: Path) -> None:
    """Also in branches that no sample reaches, in files that nothing uses, and in each format."""
    folder = _folder(
        tmp_path,
        headline="{% if title == 'never' %}{{ recomendations }}{% endif %}\n{{ pack.versoin }}\n",
        sorces="x",
        lapsed="{% if %}",
    )
    _folder(tmp_path, "html", headline="{{ titel }}")

    assert [(Path(one.place.file).name, one.place.line, one.kind, one.help) for one in check_templates([folder])] == [
        ("headline.html", 1, "unknown-name", "did you mean `title`?"),
        ("headline.txt", 1, "unknown-name", "did you mean `recommendations`?"),
        ("headline.txt", 2, "unknown-name", "did you mean `version`?"),
        ("lapsed.txt", 1, "template-syntax", ""),
        ("sorces.txt", 1, "unused-template", "did you mean `sources.txt`?"),
    ]


def test_a_template_may_bring_parts_and_names_of_its_own(tmp_path: Path) -> None:
    """Helper files, macros, namespaces, loops and names that are set are no mistakes."""
    folder = _folder(
        tmp_path,
        headline=(
            '{% import "mine.txt" as mine %}{% set ns = namespace(count=0) %}\n'
            "{% for one in recommendations if one.status == 'holds' %}\n"
            "{% set ns.count = ns.count + loop.index %}{% endfor %}\n"
            "{{ mine.twice(title) }} {{ ns.count }} {{ {'a': 1}.a }}\n"
        ),
        mine="{% macro twice(text) %}{{ text }}, {{ text }}{% endmacro %}",
    )

    assert check_templates([folder]) == []
