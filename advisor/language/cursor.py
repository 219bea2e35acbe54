"""A place in a source that moves forward, and the reporting of what is wrong there.

In: a source, its scope and where it stands in a file. Out: questions about the next words, and problems with the exact
words underlined. It knows nothing of grammar.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import NamedTuple, NoReturn

from advisor.language.tokens import RESERVED, Token, is_joint, tokens_of
from advisor.language.vocabulary import Scope
from advisor.problems.problem import Place, Problem

LONGEST_SOURCE = 4000
"""Characters in one condition or expression."""
DEEPEST = 32
"""How deep brackets and words such as `not` may be nested."""
MOST_PROBLEMS = 10
"""After so many problems in one source the rest of it is not read."""
LONGEST_QUOTE = 60
"""Characters of a source that a message repeats."""


class Span(NamedTuple):
    """Tokens from index `start` up to index `end`."""

    start: int
    end: int


class Stop(Exception):
    """The rest of a source cannot be read; why has been reported."""


class Cursor:
    """A source being read: `at` is the index of the next token."""

    def __init__(self, source: str, scope: Scope, place: Place, problems: list[Problem], line: str = "") -> None:
        self.source = source
        self.vocabulary = scope.vocabulary
        self.place = place
        self.line = line
        self.problems = problems
        self.found: list[Problem] = []
        self.tokens: list[Token] = tokens_of(source[: LONGEST_SOURCE + 1])
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    @property
    def word(self) -> str:
        """The next token where it is a word, else empty."""
        token = self.tokens[self.at]
        return token.key if token.kind == "word" else ""

    @property
    def sign(self) -> str:
        """The next token where it is a sign, else empty."""
        token = self.tokens[self.at]
        return token.key if token.kind == "sign" else ""

    def follows(self, *words: str) -> bool:
        """Whether exactly these words stand next."""
        tokens, at = self.tokens, self.at
        for word in words:
            if tokens[at].key != word or tokens[at].kind != "word":
                return False
            at += 1
        return True

    def follows_any(self, words: Container[str], at: int) -> bool:
        """Whether one of `words` stands at index `at`."""
        return at < len(self.tokens) and self.tokens[at].kind == "word" and self.tokens[at].key in words

    def take(self, *words: str) -> bool:
        """Move past these words where they stand next."""
        if not self.follows(*words):
            return False
        self.at += len(words)
        return True

    def take_sign(self, sign: str) -> bool:
        """Move past this sign where it stands next."""
        if self.sign != sign:
            return False
        self.at += 1
        return True

    def written(self, start: int, end: int | None = None) -> str:
        """What the author wrote from token `start` up to token `end` (default: the next one), cut where it is long."""
        last = max(start, (self.at if end is None else end) - 1)
        text = " ".join(self.source[self.tokens[start].start : self.tokens[last].end].split())
        return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 3] + "..."

    def since(self, start: int) -> Span:
        """The tokens from `start` up to the next one."""
        return Span(start, self.at)

    def name_end(self, start: int) -> int:
        """The index after the words at `start` that could be one name: up to a word of the language or a sign."""
        at = start
        while self.tokens[at].kind in ("word", "part") or (
            is_joint(self.tokens, at) and self.tokens[at + 1].kind in ("word", "part")
        ):
            if at > start and self.tokens[at].kind == "word" and self.tokens[at].key in RESERVED:
                break
            at += 1
        return max(at, start + 1)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.stop(
                "too-deep",
                f"this is nested more than {DEEPEST} levels deep",
                "define a derived fact for the inner part",
            )
        yield
        self.depth -= 1

    def report(
        self,
        kind: str,
        message: str,
        mend: str = "",
        span: Span | None = None,
        related: tuple[tuple[Place, str], ...] = (),
    ) -> None:
        """Note a problem with the tokens of `span` (the next one where it is left out). Raises Stop after too many."""
        start, end = span or (self.at, self.at + 1)
        offset = self.tokens[start].start
        length = self.tokens[max(start, end - 1)].end - offset
        problem = Problem(self.place.shifted(offset, length), kind, message, mend, self.line, related)
        self.found.append(problem)
        self.problems.append(problem)
        if len(self.found) >= MOST_PROBLEMS:
            raise Stop

    def stop(self, kind: str, message: str, mend: str = "", span: Span | None = None) -> NoReturn:
        """Note a problem after which the rest cannot be read. Raises Stop."""
        self.report(kind, message, mend, span)
        raise Stop

    def unexpected(self, wanted: str) -> NoReturn:
        """Report that `wanted` is missing here. Raises Stop."""
        if len(self.tokens) == 1:
            self.stop(
                "unexpected-word", "nothing is written here", "write a condition or a value, such as `always` or `0`"
            )
        if self.token.kind == "end":
            self.stop("unexpected-word", f"{wanted} is missing at the end")
        said = self.written(self.at, self.at + 1)
        self.stop("unexpected-word", f"{wanted} is expected here, not `{said}`", _MEANT.get(self.token.key, ""))

    def left_over(self) -> NoReturn:
        """Report what is left where everything should have been read. Raises Stop."""
        mend = _MEANT.get(self.token.key, "")
        pair = self.word, self.tokens[min(self.at + 1, len(self.tokens) - 1)].key
        if self.word in _SAID_AFTER_IS or pair in _PAIRS_SAID_AFTER_IS:
            mend = f"write `is {self.word} ...`"
        elif self.token.kind == "sign" and not mend:
            mend = "this sign means nothing here"
        said = self.written(self.at, self.at + 1)
        self.stop("unexpected-word", f"`{said}` is not expected here", mend)


_SAID_AFTER_IS = frozenset(
    """
    above over more greater below under less fewer between before after known unknown none one
    """.split()  # noqa: SIM905  (a list of strings would take a page)
)
_PAIRS_SAID_AFTER_IS = (("at", "least"), ("at", "most"), ("on", "or"))
_MEANT = {
    "at": "only a table and a parameter with brackets are looked up `at` a value",
    "on": "only a parameter is read `on` a date",
    "not": "join two conditions by `and` or `or`, or write `is not`",
    "&": "write `and`",
    "&&": "write `and`",
    "|": "write `or`",
    "||": "write `or`",
    "!": "write `not`",
    '"': "this quote is never closed",
    "'": "this quote is never closed",
    ")": "this bracket closes nothing",
    "]": "this bracket closes nothing",
}
