"""A place in a source that moves forward, and the reporting of what is wrong there.

In: a source, its scope and where it stands in a file. Out: questions about the next words, and problems with the exact
words underlined. It knows nothing of grammar.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from advisor.problems import Place, Problem
from advisor.tokens import RESERVED, Token, is_joint, tokens_of
from advisor.vocabulary import Scope

LONGEST_SOURCE = 4000
"""Characters in one condition or expression."""
DEEPEST = 32
"""How deep brackets and words such as `not` may be nested."""
MOST_PROBLEMS = 10
"""After so many problems in one source the rest of it is not read."""


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

    def follows(self, words: tuple[str, ...], start: int | None = None) -> bool:
        """Whether exactly these words stand next (or at index `start`)."""
        at = self.at if start is None else start
        return all(
            token.key == word and token.kind == "word"
            for word, token in zip(words, self.tokens[at : at + len(words)], strict=False)
        ) and at + len(words) < len(self.tokens)

    def take(self, *words: str) -> bool:
        """Move past these words where they stand next."""
        if not self.follows(words):
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
        return text if len(text) <= 60 else text[:57] + "..."

    def name_end(self, start: int) -> int:
        """The index after the run of words at `start` that could be one name: up to a word of the language or a sign."""
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
            self.stop("too-deep", f"this is nested more than {DEEPEST} levels deep", "define a derived fact for the inner part")
        yield
        self.depth -= 1

    def report(
        self,
        kind: str,
        message: str,
        help: str = "",
        *,
        start: int | None = None,
        end: int | None = None,
        related: tuple[tuple[Place, str], ...] = (),
    ) -> None:
        """Note a problem with the tokens from `start` (default: the next one) up to `end` (default: one token)."""
        first = self.at if start is None else start
        last = max(first, (first + 1 if end is None else end) - 1)
        offset, after = self.tokens[first].start, self.tokens[last].end
        self.report_at(kind, message, help, offset=offset, length=after - offset, related=related)
        if len(self.found) >= MOST_PROBLEMS:
            raise Stop

    def report_at(
        self,
        kind: str,
        message: str,
        help: str = "",
        *,
        offset: int,
        length: int,
        related: tuple[tuple[Place, str], ...] = (),
    ) -> None:
        """Note a problem with `length` characters at `offset`."""
        problem = Problem(self.place.shifted(offset, length), kind, message, help, self.line, related)
        self.found.append(problem)
        self.problems.append(problem)

    def stop(self, kind: str, message: str, help: str = "", *, start: int | None = None, end: int | None = None) -> NoReturn:
        """Note a problem after which the rest cannot be read."""
        self.report(kind, message, help, start=start, end=end)
        raise Stop
