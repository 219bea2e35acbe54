"""YAML and JSON to trees of text: places, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.files import yaml as yaml_source
from advisor.files.yaml import DEEPEST, LARGEST_FILE, ListNode, MapNode, Node, TextNode, read_file, read_text
from advisor.problems.problem import Problem, Problems


def plain(node: Node) -> object:
    """A tree without its places."""
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.items()}


def problems_of(read: Callable[[], object]) -> list[Problem]:
    """The problems that reading raises."""
    with pytest.raises(Problems) as raised:
        read()
    return raised.value.problems


def only_problem(text: str) -> str:
    """All that is said of a text with one mistake."""
    (problem,) = problems_of(lambda: read_text(text, "f.yaml"))
    return problem.full()


def test_everything_is_text() -> None:
    """Nothing is taken for a truth value, a number or a time."""
    tree = read_text("a: no\nb: 010\nc: 12:30\nd: 1e3\ne: null\nf: 2024-01-01\ng: '7'\nh:\n", "file.yaml")

    assert plain(tree) == {
        "a": "no", "b": "010", "c": "12:30", "d": "1e3", "e": "null", "f": "2024-01-01", "g": "7", "h": "",
    }  # fmt: skip


def test_both_parsers_read_a_question_within_braces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question mark ends no text."""
    text = "{a: Is it?, b: [what?, x?y], ? c : d}"
    tree = plain(read_text(text, "file.yaml"))
    monkeypatch.setattr(yaml_source, "CParser", None)

    assert plain(read_text(text, "file.yaml")) == tree == {"a": "Is it?", "b": ["what?", "x?y"], "c": "d"}


def test_json_is_read_as_well() -> None:
    """Escapes in pairs, colons without blanks and tabs are JSON's own."""
    tree = read_text('{\n\t"a":1,"b":{"c":[true,"\\ud83d\\ude00\\u00e9"]}}', "file.json")

    assert plain(tree) == {"a": "1", "b": {"c": ["true", "😀é"]}}


def test_each_node_knows_its_place() -> None:
    """Line, column and length are those of the text between the signs of YAML."""
    tree = read_text("first: [one, two]\nsecond:\n  - {key: 'a value'}\n", "file.yaml")
    assert isinstance(tree, MapNode)
    one, second = tree.values["first"], tree.values["second"]
    assert isinstance(one, ListNode)
    assert isinstance(second, ListNode)
    (item,) = second.items
    assert isinstance(item, MapNode)
    quoted = item.values["key"]
    assert isinstance(quoted, TextNode)

    assert str(one.items[1].place) == "file.yaml:1:14"
    assert one.items[1].place.length == 3
    assert one.place.length == len("[one, two]")
    assert str(item.place) == "file.yaml:3:5"
    assert str(quoted.place) == "file.yaml:3:11"
    assert str(quoted.inside) == "file.yaml:3:12"
    assert quoted.inside.length == len("a value")
    assert quoted.line_text == "  - {key: 'a value'}"


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("a: one two\n  three four\n", 2, 9),
        ("a: >\n   one two\n\n   three four\n", 4, 10),
        ("a: |\n  one\n  two three\n  four\n", 4, 3),
        ('a: "one two\n\n   three four"\n', 3, 10),
    ],
)
def test_a_problem_in_a_text_of_several_lines_is_shown_on_its_line(written: str, line: int, column: int) -> None:
    """The offset in the folded text is found again where it is written."""
    tree = read_text(written, "file.yaml")
    assert isinstance(tree, MapNode)
    node = tree.values["a"]
    assert isinstance(node, TextNode)
    offset = node.text.index("four")

    moved = node.relocated(Problem(node.inside.shifted(offset, 4), "kind", "message"))

    assert (moved.place.line, moved.place.column, moved.place.length) == (line, column, 4)
    assert moved.line == written.splitlines()[line - 1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f.yaml:1:1: empty-file: there is nothing in this file"),
        (
            "a: 1\nb: 2\na: 3\n",
            (
                "f.yaml:3:1: duplicate-key: `a` stands here twice; keep one of them\n  3 | a: 3\n    | ^\n"
                "  f.yaml:1:1: the first"
            ),
        ),
        (
            "a: b\n---\nc: d\n",
            (
                "f.yaml:2:1: several-documents: a second document begins here; a file holds one; delete the line `---`,"
                " or divide the file\n  2 | ---\n    | ^^^"
            ),
        ),
        (
            "a:\n\t- b\n",
            "f.yaml:2:1: tab: a tab stands where the line is indented; indent with spaces\n  2 |  - b\n    | ^",
        ),
        (
            "a: 'b\n",
            "f.yaml:1:4: bad-yaml: the quote that opens here is never closed; close it\n  1 | a: 'b\n    |    ^",
        ),
        (
            "a: x\nfoo\nb: y\n",
            (
                "f.yaml:2:1: bad-yaml: a `:` is missing before this line; write `key: value`, or indent the text that"
                " goes on\n  2 | foo\n    | ^"
            ),
        ),
        (
            '"\\q"',
            (
                "f.yaml:1:2: bad-yaml: what stands after this backslash is not understood; use single quotes, or write"
                ' the backslash twice\n  1 | "\\q"\n    |  ^'
            ),
        ),
        (
            "%YAML 3.0\n---\na: b\n",
            (
                "f.yaml:1:1: bad-yaml: this is not YAML: found incompatible YAML document; put the whole text in quotes"
                "\n  1 | %YAML 3.0\n    | ^"
            ),
        ),
    ],
)
def test_what_is_not_yaml_is_said_in_plain_words(text: str, said: str) -> None:
    """The message, the place and the underline, whole."""
    assert only_problem(text) == said


def test_all_that_is_refused_is_said_at_once() -> None:
    """Anchors, tags and keys given twice do not stop the reading."""
    found = problems_of(lambda: read_text("a: &x 1\nb: *x\nc: !t 1\nc: 2\n", "file.yaml"))

    assert [problem.kind for problem in found] == ["anchor", "anchor", "tag", "duplicate-key"]


def test_a_large_file_is_refused_by_its_size(tmp_path: Path) -> None:
    """Fifty megabytes are not read."""
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)

    (problem,) = problems_of(lambda: read_file(path, "large.yaml"))

    assert str(problem) == (
        "large.yaml:1:1: too-large: this file has 50.0 MB; at most 2 MB are read;"
        " is it the right file? if so, divide it"
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[" * 100_000, "too-deep"),
        ("- " * 100_000, "too-deep"),
        ("{a: " * 100_000, "too-deep"),
        ("? " * 100_000, "too-deep"),
        ("\n".join(" " * level + "a:" for level in range(1000)), "too-deep"),
        ("[" + "a," * 250_000 + "]", "too-many"),
        ("- 'é'\n" * 300_001, "too-large"),
        ("a: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(5000)), "too-many"),
    ],
)
def test_what_would_take_too_long_is_refused(text: str, kind: str) -> None:
    """Depth, number and size are bounded, and nothing overflows."""
    assert kind in {problem.kind for problem in problems_of(lambda: read_text(text, "file.yaml"))}
    assert len(text.encode()) <= LARGEST_FILE or kind == "too-large"


def test_forty_levels_are_enough_for_everything() -> None:
    """The bound itself is allowed."""
    read_text("[" * DEEPEST + "]" * DEEPEST, "file.yaml")


@pytest.mark.parametrize("name", ["there-is-none.yaml", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_a_problem(name: str, tmp_path: Path) -> None:
    """A missing file, a folder, an impossible name."""
    (problem,) = problems_of(lambda: read_file(tmp_path / name, "name"))

    assert problem.kind == "no-file"


@given(st.binary(max_size=300))
def test_bytes_give_a_tree_or_problems(data: bytes) -> None:
    """No input raises anything else."""
    with suppress(Problems):
        read_text(yaml_source.decoded(data, "file.yaml"), "file.yaml")


SIGNS = st.sampled_from(
    [*"-:?[]{},#&*!|>'\"%@` \n\t", "\n  ", ": ", "- ", "a", "b", "é", "\u2028", "\x85", "\r\n", "---\n"]
)


@given(st.lists(SIGNS, max_size=60).map("".join))
def test_anything_like_yaml_gives_a_tree_or_problems(text: str) -> None:
    """Both parsers: the same kinds of outcome, and never a traceback."""
    outcomes = [_outcome(text)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_source, "CParser", None)
        outcomes.append(_outcome(text))

    if not any(isinstance(one, Problems) for one in outcomes):
        assert plain(outcomes[0]) == plain(outcomes[1])  # type: ignore[arg-type]


def _outcome(text: str) -> Node | Problems:
    try:
        return read_text(text, "file.yaml")
    except Problems as error:
        [problem.full() for problem in error.problems]
        return error
