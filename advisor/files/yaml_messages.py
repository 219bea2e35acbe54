"""What a YAML parser complains of, in the words of somebody who writes rules.

In: the parser's own message, and the line. Out: what is wrong and how to mend it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTES = "put the whole text in quotes"


@dataclass(frozen=True, slots=True)
class SyntaxWords:
    """A reworded complaint.

    `opened`: what to say of the place where the broken thing began; `at_opening`: that is the place to point at.
    """

    message: str
    help: str = ""
    opened: str = ""
    at_opening: bool = False

    def message_for(self, row: str, column: int) -> str:
        """The message, with the character at that place put in."""
        return self.message.replace("CHARACTER", row[column : column + 1] or "end of the line")

    def help_for(self, row: str) -> str:
        """How to mend it: the common slips, seen from the line, else the general advice."""
        if re.search(r"[{,].*:\s*[^\"'{}]*\bone of\s*\[", row):
            return 'within `{ }` a value with `[ ]` stands in quotes: "one of [a, b]"'
        if re.search(r":\s+\{\w[^{}:]*\}\s*\S", row) or re.search(r"-\s+\{\w[^{}:]*\}\s*\S", row):
            return f"a text that begins with `{{` needs quotes: {_QUOTES}"
        if re.search(r"""[:-]\s+(["']).*\1\s*[^\s,\]}#]""", row):
            return (
                "a text that begins with a quote ends at the next one: put the whole text in the other kind of quotes"
            )
        return self.help


_INDENT = (
    "indent it like its neighbours; a text with `: `, or that begins with `[`, `{` or a quote,"
    " stands in quotes as a whole"
)

_WORDS: tuple[tuple[str, SyntaxWords], ...] = (
    (
        "mapping values are not allowed",
        SyntaxWords(
            "this colon begins a value where none can stand",
            f"if it belongs to the text, {_QUOTES}; if a key begins here, indent it like its neighbours",
        ),
    ),
    (
        "sequence entries are not allowed",
        SyntaxWords("a list item `- ` cannot stand on this line", "start the list on the next line"),
    ),
    (
        "expected ',' or ']'",
        SyntaxWords(
            "a comma or the closing `]` is missing",
            "close the list with `]`, or put the text in quotes",
            "the list begins here",
        ),
    ),
    (
        "expected ',' or '}'",
        SyntaxWords(
            "a comma or the closing `}` is missing", "close it with `}`, or put the text in quotes", "it begins here"
        ),
    ),
    ("unexpected end of stream", SyntaxWords("the quote that opens here is never closed", "close it", at_opening=True)),
    (
        "unexpected document separator",
        SyntaxWords("the quote that opens here is never closed", "close it", at_opening=True),
    ),
    (
        "cannot start any token",
        SyntaxWords("a bare text cannot begin with `CHARACTER`", _QUOTES),
    ),
    (
        "expected ':'",
        SyntaxWords(
            "a `:` is missing before this line", "write `key: value`, or indent the text that goes on", at_opening=True
        ),
    ),
    ("expected key", SyntaxWords("this does not fit what stands before it", _INDENT, "it belongs to what begins here")),
    ("expected '-' indicator", SyntaxWords("this does not fit the list before it", _INDENT, "the list begins here")),
    (
        "expected <block end>",
        SyntaxWords("this does not fit what stands before it", _INDENT, "it belongs to what begins here"),
    ),
    ("node content", SyntaxWords("a value is missing before `CHARACTER`", "write it, or put the text in quotes")),
    (
        "unknown escape character",
        SyntaxWords(
            "what stands after this backslash is not understood", "use single quotes, or write the backslash twice"
        ),
    ),
    (
        "hexdecimal numbers",
        SyntaxWords(
            "what stands after this backslash is not understood", "use single quotes, or write the backslash twice"
        ),
    ),
    ("Unicode character escape", SyntaxWords("there is no such character", "write the character itself")),
    (
        "comment or line break",
        SyntaxWords(
            "after `|` or `>` the text begins on the next line", "if the sign belongs to the text, put it in quotes"
        ),
    ),
    (
        "comment or a line break",
        SyntaxWords(
            "after `|` or `>` the text begins on the next line", "if the sign belongs to the text, put it in quotes"
        ),
    ),
    ("tab character", SyntaxWords("a tab stands where the line is indented", "indent with spaces")),
    ("alphabetic or numeric", SyntaxWords("a bare text cannot begin with `CHARACTER`", _QUOTES)),
)


def reworded(complaint: str, context: str) -> SyntaxWords:
    """The words for a parser's complaint; for one that is not known here, the complaint itself."""
    for part, words in _WORDS:
        if part in complaint:
            return words
    said = " ".join(f"{context} {complaint}".split())[:160]
    return SyntaxWords(f"this is not YAML: {said}", _QUOTES)
