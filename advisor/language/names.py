"""How names are read: facts, along references too, choices, parameters, tables, and lists of entities.

In: tokens and the vocabulary. Out: references to what is named, or a problem that names the nearest known name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from advisor.language.cursor import Span
from advisor.language.literals import LiteralParser
from advisor.language.tokens import RESERVED, is_bare, unquoted
from advisor.language.tree import CASE, Condition, Expr, FactRef, Literal, Lookup, Node, ParameterRef, Whose
from advisor.language.typing import BAD, accepts, bare, contrasted, described, fitted, is_bad, mended
from advisor.language.vocabulary import FactName, Name, Scope, spaced
from advisor.problems.problem import Place, Problem, nearest, suggestion
from advisor.values.numbers import VULGAR
from advisor.values.types import CHOICE, DATE, REFERENCE, TEXT, Type

FUNCTIONS = ("min", "max", "round", "floor", "ceiling", "abs", "remainder")
"""Functions that take what stands in brackets."""
_AFTER_A_NAME = ("include", "is")
"""Words that go on after the name of a fact."""
_NEVER_FIRST = frozenset(("and", "or", "is", "are", "where"))
"""Words that stand between values: a misspelled name does not begin with them."""


class NameParser(LiteralParser, ABC):
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
    def value(self, node: Node, span: Span) -> Expr:
        """`node` as a value."""

    # --- values of a type

    def tight(self, expected: Type) -> Expr:
        """The one value that a word such as `until`, `at` or `on` takes, of the type expected."""
        start = self.at
        return self.of_type(self.tight_value(expected), expected, start)

    def tight_value(self, expected: Type | None = None) -> Expr:
        """The one value that stands here, of whatever type it is."""
        start = self.at
        with self.nested():
            return self.value(self.primary(expected), self.since(start))

    def of_type(self, found: Expr, expected: Type, start: int) -> Expr:
        """`found`, read as `expected`; a problem where it is of another type."""
        found = fitted(found, expected)
        if is_bad(found) or expected == BAD.type or accepts(expected, found.type):
            return found
        said = self.written(start)
        message = f"{described(expected)} is needed here, and `{said}` is {contrasted(found.type, expected)}"
        self.report("wrong-type", message, mended(found.type, expected, self.vocabulary.currency), self.since(start))
        return BAD

    def left_open(self, start: int) -> None:
        """The value from `start` ends here, and not with a bracket."""
        if self.tokens[self.at - 1].key != ")":
            self.open_start, self.open_end = start, self.at

    # --- names

    def named(self) -> Expr | None:
        """What the longest known name here stands for; None where no name begins here."""
        if self.function_ahead():
            return None
        found = self.vocabulary.names(self.kind).longest(self.tokens, self.at)
        if found is None:
            return self.own_kind()
        name, end = found
        start, token = self.at, self.token
        if end == start + 1 and token.kind == "word" and token.key in RESERVED:
            return None
        if self.goes_on(end):
            return self.longer_name(start, end)
        self.at = end
        if name.sort == "fact":
            return self.fact(name.kind, name.id, "case" if name.kind == CASE else "self", start)
        return self.parameter(name, start) if name.sort == "parameter" else self.table(name, start)

    def function_ahead(self) -> bool:
        """Whether a function and what it takes stand next: then a fact of the same name is not meant."""
        if self.follows("length", "of") or self.follows("hours", "from"):
            return True
        return self.word in FUNCTIONS and self.tokens[self.at + 1].key == "("

    def goes_on(self, end: int) -> bool:
        """Whether a name that seems to end here is followed by a word that can only belong to a name."""
        token = self.tokens[end]
        return token.kind == "part" or (token.kind == "word" and token.key not in RESERVED)

    def longer_name(self, start: int, end: int) -> Expr:
        """Report words that begin with the known name from `start` to `end`, and go on with what is not part of it."""
        known, known_part = self.vocabulary.known_names(self.kind), self.written(start, end)
        follows = self.vocabulary.names(self.kind).longest(self.tokens, end)
        if follows is not None and follows[1] == self.name_end(start):
            said = self.written(end, follows[1])
            mend = "write `and`, `or` or `is` between them"
            self.stop("unexpected-word", f"`{said}` stands right after `{known_part}`", mend, Span(end, follows[1]))
        near = nearest(self.written(start, self.name_end(start)), known)
        said = self.written(end, end + 1)
        meant = nearest(said, _AFTER_A_NAME)
        if near in (None, known_part) and meant is not None:
            what = f"`{said}` stands right after `{known_part}`"
            self.stop("unexpected-word", what, f"did you mean `{meant}`?", Span(end, end + 1))
        mend = self.elsewhere() if near is None or near.startswith(known_part) else f"did you mean `{known_part}`?"
        self.unknown("unknown-fact", "nothing is called", known, "known", mend)
        self.after_unknown()
        return BAD

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
                Span(start, start + 1),
            )
        far = self.fact_after_point(ref.type.entity)
        if far is None:
            return BAD
        if self.sign == ".":
            self.stop(
                "wrong-type",
                "a reference is followed once only",
                f"define a derived fact of {ref.type.entity} for the rest",
            )
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
        self.after_unknown()
        return None

    def own_kind(self) -> Expr | None:
        """`parcel.price` where the condition is about a parcel, and `case.price`; None where no kind is named."""
        start, kind = self.at, self.word
        if self.tokens[start + 1 :][:1] != [] and self.tokens[start + 1].key != ".":
            return None
        if kind != CASE and kind not in self.vocabulary.entities:
            return None
        if kind not in (self.kind, CASE):
            mend = f"ask about all of them, as in `any {kind} where ...`"
            if kind == self.about:
                mend = f"write `this.` for the {kind} that the rule is about"
            self.stop("unknown-fact", f"it is not said which {kind} is meant", mend)
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
                Span(start, start + 1),
            )
        if not self.take_sign("."):
            self.stop(
                "misplaced-this",
                f"`this` needs one of the facts of {self.about} after it",
                "as in `this.` and the fact's name",
                Span(start, start + 1),
            )
        name = self.fact_after_point(self.about)
        return BAD if name is None else self.fact(self.about, name, "this" if self.within else "self", start)

    def choice(self, type_: Type) -> Literal | None:
        """A choice of `type_`, where one is named here."""
        if self.token.kind == "text":
            return self.quoted_choice(type_)
        found = self.vocabulary.choices(type_).longest(self.tokens, self.at)
        if found is None or self.goes_on(found[1]) or self.tokens[found[1]].key == ".":
            return None
        self.at = found[1]
        return Literal(found[0], bare(type_))

    def quoted_choice(self, type_: Type) -> Literal | None:
        """A choice whose id stands in quotes, since there are signs in it: `"J45.0"`."""
        said = unquoted(self.token.key).strip().casefold()
        found = next((one for one in type_.choice_ids() if one.casefold() == said and not is_bare(one)), None)
        if found is None:
            return None
        self.at += 1
        return Literal(found, bare(type_))

    # --- unknown names

    def unknown_name(self, expected: Type | None) -> Expr:
        """Report that no value has the name that stands here."""
        if self.word in VULGAR:
            self.stop(
                "bad-literal", f"`{self.word}` is not a number as it is written here", f"write {VULGAR[self.word]}"
            )
        if self.word in _NEVER_FIRST or (self.word in RESERVED and self.name_end(self.at) == self.at + 1):
            self.unexpected("a value")
        if expected == BAD.type:
            # It may be a choice of what could not be read either.
            self.at = self.name_end(self.at)
        elif expected is not None and expected.kind == CHOICE:
            self.unknown_choice(expected, "there is no choice")
        else:
            is_text = expected is not None and expected.kind == TEXT
            mend = 'put a text in quotes, as in `"Berlin"`' if is_text else self.elsewhere()
            self.unknown("unknown-fact", "nothing is called", self.vocabulary.known_names(self.kind), "known", mend)
            self.after_unknown()
        return BAD

    def unknown_choice(self, type_: Type, message: str) -> None:
        """Report that a type has no such choice."""
        said = self.written(self.at, self.name_end(self.at)).casefold()
        mend = next((f"write its id, `{id_}`" for id_, label in type_.choices if label.casefold() == said), "")
        known: dict[str, Place | None] = dict.fromkeys(type_.choice_ids())
        self.unknown("unknown-choice", message, known, "choices", mend)

    def after_unknown(self) -> None:
        """Read on behind an unknown name: a point and a name, or a key to look up."""
        if self.take_sign(".") and self.token.kind in ("word", "part"):
            self.at = self.name_end(self.at)
        if self.word == "at" and not self.follows_any(("least", "most"), self.at + 1):
            self.at += 1
            self.tight_value(BAD.type)

    def unknown(self, kind: str, message: str, known: dict[str, Place | None], what: str, mend: str = "") -> None:
        """Report the words here as unknown, with `mend` or else the nearest of the `known` names; move past them."""
        span = Span(self.at, self.name_end(self.at))
        said = self.written(*span)
        near = None if mend else nearest(said, known)
        place = known.get(near) if near else None
        self.at = span.end
        related = ((place, f"`{near}` is defined here"),) if place else ()
        self.report(kind, f"{message} `{said}`", mend or suggestion(said, known, what=what), span, related)

    def elsewhere(self) -> str:
        """Help for a fact that belongs to another kind than the one at hand; empty where there is none."""
        end = self.name_end(self.at)
        said = self.written(self.at, end)
        for kind in self.vocabulary.facts:
            found = self.vocabulary.facts_of(kind).longest(self.tokens, self.at)
            if not found or found[1] != end or kind == CASE:
                continue
            if kind == self.about:
                return f"it is a fact of {kind}; write `this.{said}` for the one that the rule is about"
            path = next((name for name, fact in self.own_facts() if fact.type.entity == kind), None)
            way = f"`{spaced(path)}.{said}`" if path else f"`any {kind} where ...` with it"
            return f"it is a fact of {kind}; write {way}"
        return ""

    def own_facts(self) -> Iterable[tuple[str, FactName]]:
        """The facts that bare names belong to, and what is known of them."""
        return self.vocabulary.facts.get(self.kind, {}).items()

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
                self.since(start),
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
        if self.word != "on" or self.follows("on", "or"):
            return None
        self.at += 1
        return self.tight(Type(DATE))

    def table(self, name: Name, start: int) -> Expr:
        """A table: its column, and the key after `at`."""
        said, columns = spaced(name.id), self.vocabulary.tables[name.id]
        if not self.take_sign("."):
            self.stop(
                "unexpected-word",
                f"`{said}` is a table, and this does not say which column",
                f"write `{said}.` and a column: {', '.join(f'`{one}`' for one in list(columns)[:12])}",
                self.since(start),
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
        key = self.tight_value()
        if not is_bad(key) and key.type.kind not in (CHOICE, TEXT):
            message = f"a table is looked up by a choice, and `{self.written(key_start)}` is {described(key.type)}"
            self.report("wrong-type", message, "", self.since(key_start))
            return BAD
        self.left_open(start)
        return Lookup(name.id, found[0], key, columns[found[0]])
