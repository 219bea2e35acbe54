"""Text of the condition language cut into words, numbers, dates, texts and signs.

In: a source line. Out: tokens with their offsets. What they mean together is the parser's affair.
"""

from __future__ import annotations

import re
from typing import Literal as Word
from typing import NamedTuple

Kind = Word["word", "part", "number", "date", "time", "text", "sign", "end"]


RESERVED = frozenset(
    """
    and or not is are known unknown one of between include includes do does
    yes no none any every where number sum smallest largest different over other others this case
    surely could always never at on as today era days until since from to first last min max round
    above below under more less fewer greater than least most before after starts ends contains ignoring
    """.split()  # noqa: SIM905  (a list of 60 strings would take a page)
)
"""Words of the language. A name may contain them; no fact, parameter or table may be called by one of them alone."""


class Token(NamedTuple):
    """A piece of a source. `key` is what it is recognised by; `start` and `end` are offsets into the source.

    A `part` is a word joined to its neighbour by an underscore: it belongs to a name and is never a keyword.
    """

    kind: Kind
    key: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""
      [\s_]+
    | (?P<date>[0-9]{4}-[0-9]{1,2}(?:-[0-9]{1,2})?(?![0-9]) | [0-9]{1,4}[./][0-9]{1,2}[./][0-9]{1,4})
    | (?P<time>[0-9]{1,2}:[0-9]{2}(?![0-9:]))
    | (?P<number>
        (?: [1-9][0-9]{0,2} (?P<mark>[,'’\ \u00a0\u202f]) [0-9]{3} (?:(?P=mark)[0-9]{3})* (?![0-9]) (?:\.[0-9]+)?
          | [1-9][0-9]{0,2} (?:\.[0-9]{3}){2,} (?![0-9])
          | [0-9]+ (?:\.[0-9]+)?
          | \.[0-9]+
        ) (?:[kK](?!\w))? )
    | (?P<word>[^\W\d_][^\W_]*)
    | (?P<text>"(?:[^"]|"")*" | '(?:[^']|'')*')
    | (?P<sign>\.\.|<=|>=|!=|<>|==|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens_of(source: str) -> list[Token]:
    """The tokens of `source`, and one of kind `end` after them. Takes any text: an odd character is a sign."""
    found: list[Token] = []
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup
        if kind is None:
            continue
        start, end = match.span()
        if kind == "word":
            joined = source[end : end + 1] == "_" or (start > 0 and source[start - 1] == "_")
            found.append(Token("part" if joined else "word", match[0].casefold(), start, end))
        else:
            found.append(Token(kind, match[0], start, end))  # type: ignore[arg-type]
    found.append(Token("end", "", len(source), len(source)))
    return found


def is_joint(tokens: list[Token], index: int) -> bool:
    """Whether the token is a hyphen with no space on either side, as in `left-out`."""
    if tokens[index].key != "-" or not 0 < index < len(tokens) - 1:
        return False
    return tokens[index - 1].end == tokens[index].start and tokens[index].end == tokens[index + 1].start


_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*|", re.ASCII)


def is_bare(choice: str) -> bool:
    """Whether the id of a choice stands without quotes; codes with other signs in them, such as `J45.0`, need some."""
    return _BARE.fullmatch(choice) is not None


def quoted(text: str) -> str:
    """A text as the language writes it: in quotes, with quotes within it doubled."""
    return '"' + text.replace('"', '""') + '"'


def unquoted(text: str) -> str:
    """The text that a token of kind `text` stands for."""
    mark = text[0]
    return text[1:-1].replace(mark * 2, mark)
