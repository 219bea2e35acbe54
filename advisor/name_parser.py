"""How names are read: facts, along references too, choices, parameters, tables, and lists of entities.

In: tokens and the vocabulary. Out: references to what is named, or a problem that names the nearest known name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container
from typing import NoReturn

from advisor.agreement import BAD, accepts, bare, described, example, fitted, is_bad
from advisor.cursor import Cursor
from advisor.expressions import CASE, Condition, Expr, FactRef, Literal, Lookup, Node, ParameterRef, Whose
from advisor.problems import Place, Problem, nearest, suggestion
from advisor.tokens import RESERVED
from advisor.values import CHOICE, DATE, REFERENCE, TEXT, Type
from advisor.vocabulary import Name, Scope, spaced


class NameParser(Cursor, ABC):
    """Reads names."""

    def __init__(self, source: str, scope: Scope, place: Place, problems: list[Problem], line: str = "") -> None:
        super().__init__(source, scope, place, problems, line)
        self.about = scope.about
        self.kind = scope.about
        """What bare names belong to: within `over` and `where`, the entity that is looked at."""
        self.within = ""
        """The entity whose list is being looked at, if any."""
        self.open_start = self.open_end = -1
        """The last value that ends without a bracket, so that arithmetic after it would be unclear."""

    @abstractmethod
    def sum(self, expected: Type | None = None) -> Node:
        """Parts added and subtracted."""

    @abstractmethod
    def primary(self, expected: Type | None = None) -> Node:
        """One value."""

    @abstractmethod
    def either(self, expected: Type | None = None) -> Node:
        """A whole condition, or a value."""

    @abstractmethod
    def condition(self) -> Condition:
        """A whole condition."""

    @abstractmethod
    def value(self, node: Node, start: int, end: int) -> Expr:
        """`node` as a value."""

    # --- helpers for every level

    def follows_any(self, words: Container[str], at: int) -> bool:
        """Whether one of `words` stands at index `at`."""
        return at < len(self.tokens) and self.tokens[at].kind == "word" and self.tokens[at].key in words

    def tight(self, expected: Type) -> Expr:
        """The one value that a word such as `until`, `at` or `on` takes, of the type expected."""
        start = self.at
        with self.nested():
            found = self.value(self.primary(expected), start, self.at)
        return self.of_type(found, expected, start)

    def of_type(self, found: Expr, expected: Type, start: int) -> Expr:
        """`found`, read as `expected`; a problem where it is of another type."""
        found = fitted(found, expected)
        if is_bad(found) or expected == BAD.type or accepts(expected, found.type):
            return found
        self.report(
            "wrong-type",
            f"{described(expected)} is needed here, and `{self.written(start)}` is {described(found.type)}",
            example(expected, self.vocabulary.currency),
            start=start,
            end=self.at,
        )
        return BAD

    def left_open(self, start: int) -> None:
        """The value from `start` ends here, and not with a bracket."""
        if self.tokens[self.at - 1].key != ")":
            self.open_start, self.open_end = start, self.at

    def unexpected(self, wanted: str) -> NoReturn:
        """Report that `wanted` is missing here."""
        if self.token.kind == "end":
            self.stop("unexpected-word", f"{wanted} is missing at the end")
        self.stop("unexpected-word", f"{wanted} is expected here, not `{self.written(self.at, self.at + 1)}`", _meant(self.token.key))

    def left_over(self) -> NoReturn:
        """Report what is left where everything should have been read."""
        key = self.token.key
        help = _meant(key)
        if self.word in _SAID_AFTER_IS:
            help = f"write `is {self.word}`"
        elif self.word == "not":
            help = "join two conditions by `and` or `or`, or write `is not`"
        elif self.token.kind == "sign" and not help:
            help = "this sign means nothing here"
        self.stop("unexpected-word", f"`{self.written(self.at, self.at + 1)}` is not expected here", help)

    # --- names

    def named(self) -> Expr | None:
        """What the longest known name here stands for; None where no name begins here."""
        found = self.vocabulary.names(self.kind).longest(self.tokens, self.at)
        if found is None:
            return self.own_kind()
        name, end = found
        start, token = self.at, self.token
        if end == start + 1 and token.kind == "word" and token.key in RESERVED:
            return None
        if self.goes_on(end):
            return self.unknown_name(None)
        self.at = end
        if name.sort == "fact":
            return self.fact(name.kind, name.id, "case" if name.kind == CASE else "self", start)
        return self.parameter(name, start) if name.sort == "parameter" else self.table(name, start)

    def goes_on(self, end: int) -> bool:
        """Whether a name that seems to end here is followed by a word that can only belong to a name."""
        token = self.tokens[end]
        return token.kind == "part" or (token.kind == "word" and token.key not in RESERVED)

    def fact(self, kind: str, name: str, whose: Whose, start: int) -> Expr:
        """A fact, or what stands after a point along it."""
        ref = FactRef(kind, name, self.vocabulary.facts[kind][name].type, whose)
        if self.sign != ".":
            return ref
        self.at += 1
        if ref.type.kind != REFERENCE:
            self.stop(
                "wrong-type",
                f"nothing can follow a point after `{spaced(name)}`: it is {described(ref.type)}",
                "only a fact that refers to an entity can be followed",
                start=start,
            )
        far = self.fact_after_point(ref.type.entity)
        if far is None:
            return BAD
        if self.sign == ".":
            self.stop("wrong-type", "a reference is followed once only", f"define a derived fact of {ref.type.entity} for the rest")
        return FactRef(ref.type.entity, far, self.vocabulary.facts[ref.type.entity][far].type, whose, via=name)

    def fact_after_point(self, kind: str) -> str | None:
        """The fact of `kind` that is named here; None where there is none, which is reported."""
        found = self.vocabulary.facts_of(kind).longest(self.tokens, self.at)
        if found is not None and not self.goes_on(found[1]):
            self.at = found[1]
            return found[0]
        if self.token.kind not in ("word", "part", "number"):
            self.unexpected(f"a fact of {kind}")
        facts = self.vocabulary.facts.get(kind, {})
        known = {spaced(name): fact.place for name, fact in facts.items()}
        self.unknown("unknown-fact", f"{kind} has no fact", known, f"facts of {kind}")
        return None

    def own_kind(self) -> Expr | None:
        """`contract.earned` where the condition is about a contract, and `case.score`."""
        tokens = self.tokens
        if tokens[self.at + 1 : self.at + 2] and tokens[self.at + 1].key != ".":
            return None
        kind = self.token.key if self.token.kind == "word" else ""
        if kind not in self.vocabulary.facts and kind not in self.vocabulary.entities and kind != CASE:
            return None
        if kind not in (self.kind, CASE):
            near = f"`any {kind} where ...`"
            help = f"ask about all of them, as in {near}" + (f", or use `this.` for the {kind} of the rule" if kind == self.about else "")
            self.stop("unknown-fact", f"it is not clear which {kind} is meant", help)
        start = self.at
        self.at += 2
        name = self.fact_after_point(kind)
        return BAD if name is None else self.fact(kind, name, "case" if kind == CASE else "self", start)

    def this(self) -> Expr:
        """`this.fact`: a fact of what the rule is about."""
        start = self.at
        self.at += 1
        if self.about == CASE:
            self.stop(
                "misplaced-this",
                "`this` has no meaning here: the rule is about the whole case",
                "name the fact alone, or write `about: ` and an entity for the rule",
                start=start,
            )
        if not self.take_sign("."):
            self.stop("misplaced-this", f"`this` needs one of the facts of {self.about} after it", "as in `this.` and the fact's name", start=start)
        name = self.fact_after_point(self.about)
        return BAD if name is None else self.fact(self.about, name, "this" if self.within else "self", start)

    def choice(self, type_: Type) -> Literal | None:
        """A choice of `type_`, where one is named here."""
        found = self.vocabulary.choices(type_).longest(self.tokens, self.at)
        if found is None or self.goes_on(found[1]) or self.tokens[found[1]].key == ".":
            return None
        self.at = found[1]
        return Literal(found[0], bare(type_))

    # --- unknown names

    def unknown_name(self, expected: Type | None) -> Expr:
        """Report that no value has the name that stands here."""
        if self.token.kind == "word" and self.token.key in RESERVED and self.name_end(self.at) == self.at + 1:
            self.unexpected("a value")
        if expected is not None and expected.kind == CHOICE:
            known: dict[str, Place | None] = dict.fromkeys(expected.choice_ids())
            self.unknown("unknown-choice", "there is no choice", known, "choices")
            return BAD
        self.unknown(
            "unknown-fact",
            "nothing is called",
            self.vocabulary.known_names(self.kind),
            "known",
            'put a text in quotes, as in `"..."`' if expected is not None and expected.kind == TEXT else "",
        )
        self.after_unknown()
        return BAD

    def after_unknown(self) -> None:
        """Read on behind an unknown name: a point and a name, or a key to look up."""
        if self.take_sign("."):
            self.at = self.name_end(self.at) if self.token.kind in ("word", "part") else self.at
        if self.word == "at" and not self.follows_any(("least", "most"), self.at + 1) and self.take("at"):
            self.tight(BAD.type)

    def unknown(self, kind: str, message: str, known: dict[str, Place | None], what: str, help: str = "") -> None:
        """Report the run of words here as unknown, with the nearest of the `known` names, and move past it."""
        start, end = self.at, self.name_end(self.at)
        said = self.written(start, end)
        near = nearest(said, known)
        elsewhere = "" if near or kind == "unknown-choice" else self.elsewhere(start, end)
        place = known.get(near) if near else None
        self.at = end
        self.report(
            kind,
            f"{message} `{said}`",
            elsewhere or (help if help and not near else suggestion(said, known, what=what)),
            start=start,
            end=end,
            related=((place, f"`{near}` is defined here"),) if place else (),
        )

    def elsewhere(self, start: int, end: int) -> str:
        """Help for a fact that belongs to another kind than the one at hand."""
        for kind in self.vocabulary.facts:
            found = self.vocabulary.facts_of(kind).longest(self.tokens, start)
            if found and found[1] == end:
                said = self.written(start, end)
                if kind == self.about and self.within:
                    return f"`{said}` is a fact of {kind}; write `this.{said}` for the one that the rule is about"
                return f"`{said}` is a fact of {kind}; ask about them, as in `any {kind} where {said} ...`"
        return ""

    # --- parameters and tables

    def parameter(self, name: Name, start: int) -> Expr:
        """A parameter, with `at` a key where it has brackets, and `on` a date."""
        known = self.vocabulary.parameters[name.id]
        looked_up = self.word == "at" and not self.follows_any(("least", "most"), self.at + 1)
        said = spaced(name.id)
        if known.by is None and looked_up:
            self.stop("unexpected-word", f"`{said}` has no brackets to look up `at` a value", f"write `{said}` alone")
        if known.by is not None and not looked_up:
            self.stop(
                "unexpected-word",
                f"`{said}` has a value for each bracket, and this does not say which",
                f"write `{said} at` and {described(known.by)}",
                start=start,
                end=self.at,
            )
        key = self.key(known.by) if known.by is not None else None
        on = self.on_date()
        if key is not None or on is not None:
            self.left_open(start)
        if key is None:
            return ParameterRef(name.id, known.type, on)
        return Lookup(name.id, "", key, known.type, on)

    def key(self, type_: Type) -> Expr:
        """What stands after `at`."""
        self.at += 1
        return self.tight(type_)

    def on_date(self) -> Expr | None:
        """What stands after `on`, where a date is given."""
        if self.word != "on" or self.follows(("on", "or")):
            return None
        self.at += 1
        return self.tight(Type(DATE))

    def table(self, name: Name, start: int) -> Expr:
        """`countries.voltage at destination`."""
        said, columns = spaced(name.id), self.vocabulary.tables[name.id]
        if not self.take_sign("."):
            self.stop(
                "unexpected-word",
                f"`{said}` is a table, and this does not say which column",
                f"write `{said}.` and a column: {', '.join(f'`{one}`' for one in list(columns)[:12])}",
                start=start,
                end=self.at,
            )
        found = self.vocabulary.columns(name.id).longest(self.tokens, self.at)
        if found is None:
            self.unknown("unknown-column", f"the table `{said}` has no column", dict.fromkeys(columns), "its columns")
            self.after_unknown()
            return BAD
        self.at = found[1]
        if self.word != "at":
            self.unexpected(f"`at` and what to look up in `{said}`")
        self.at += 1
        key_start = self.at
        with self.nested():
            key = self.value(self.primary(), key_start, self.at)
        if not is_bad(key) and key.type.kind not in (CHOICE, TEXT):
            key = self.of_type(key, Type(CHOICE), key_start)
        self.left_open(start)
        return Lookup(name.id, found[0], key, columns[found[0]])


def _meant(key: str) -> str:
    """Help for a word or sign that other languages have."""
    return _HELP.get(key, "")


_SAID_AFTER_IS = frozenset("above over more greater below under less fewer before after between known unknown none one at on".split())
_HELP = {
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
