"""How questions about lists of entities are read: any, no, every, number, sum, smallest, largest, different.

In: tokens. Out: aggregates. Within `over` and `where` bare names belong to the entity that is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal as Word
from typing import cast

from advisor.language.cursor import Span, Stop
from advisor.language.names import NameParser
from advisor.language.tokens import RESERVED
from advisor.language.tree import Aggregate, Condition, Expr
from advisor.language.typing import BAD, bare, described, is_bad
from advisor.problems.problem import Place
from advisor.values.types import DATE, WHOLE, YES_NO, Type

WHERE_REACHES = "`where` reaches to the end; put the list in brackets, as in `(number of ... where ...)`"
"""Help for what was meant to stand after a list, and was read as part of its condition."""
_QUANTIFIERS = ("any", "no", "every")
Operation = Word["number", "sum", "smallest", "largest", "different", "any", "no", "every"]
Measure = Word["sum", "smallest", "largest", "different"]


class AggregateParser(NameParser):
    """Reads aggregates."""

    def aggregate(self) -> Expr | None:
        """`any parcel where ...`, `number of parcels`, `sum of price over parcels`, and their like."""
        start, op = self.at, self.word
        if op in _QUANTIFIERS:
            self.at += 1
            return self.over_entity(cast("Operation", op), None, start)
        if self.take("number", "of", "different"):
            return self.measured("different", start)
        if self.take("number", "of"):
            return self.over_entity("number", None, start)
        if self.take("sum", "of"):
            return self.measured("sum", start)
        if op in ("smallest", "largest"):
            self.at += 1
            self.take("of")
            return self.measured(cast("Measure", op), start)
        return None

    def measured(self, op: Measure, start: int) -> Expr:
        """An aggregate that takes a value of each entity: `price over parcels`."""
        over = self.over_ahead()
        if over is None:
            plurals = [one.plural for one in self.vocabulary.entities.values()]
            self.stop(
                "unexpected-word",
                f"it is not said over what `{self.written(start)}` is taken",
                f"write `over {plurals[0]}` after the value" if plurals else "this pack has no entities",
                self.since(start),
            )
        value_start = self.at
        self.not_within(start)
        with self.looking_at(over[1]):
            what = self.value(self.sum(), self.since(value_start))
        if self.at != over[0]:
            self.unexpected("`over`")
        self.at += 1
        return self.over_entity(op, self.measurable(op, what, value_start, over[0]), start)

    def over_ahead(self) -> tuple[int, str] | None:
        """Where the next `over parcels` outside brackets stands, and its entity: names before it depend on it."""
        depth = 0
        for at in range(self.at, len(self.tokens)):
            token = self.tokens[at]
            if token.kind == "sign":
                depth += (token.key in "([") - (token.key in ")]")
            if depth < 0 or (token.key == "where" and token.kind == "word"):
                return None
            if depth == 0 and token.key == "over" and token.kind == "word":
                found = self.entity_at(at + 1 + self.follows_any(("other", "others"), at + 1))
                if found:
                    return at, found[0]
        return None

    def entity_at(self, at: int) -> tuple[str, int] | None:
        """The entity named at index `at`, in the singular or the plural, and the index after it."""
        return self.vocabulary.entity_names().longest(self.tokens, at)

    def measurable(self, op: Measure, what: Expr, start: int, end: int) -> Expr:
        """`what`, where such a value can be summed or compared by size."""
        type_ = what.type
        if is_bad(what) or op == "different" or type_.numeric or (type_.kind == DATE and op != "sum"):
            return what
        self.report(
            "wrong-type",
            f"`{self.written(start, end)}` is {described(type_)}, which has no {op}",
            "count them instead, as in `number of ... where ...`",
            Span(start, end),
        )
        return BAD

    def over_entity(self, op: Operation, what: Expr | None, start: int) -> Expr:
        """The list that an aggregate is over, and its `where`."""
        self.not_within(start)
        others = self.take("other") or self.take("others")
        entity = self.entity()
        if others and entity != self.about:
            self.report(
                "misplaced-other",
                f"there is no `other {entity}` here: the rule is not about one {entity}",
                f"leave out `other`, or write `about: {entity}` for the rule",
                Span(self.at - 2, self.at),
            )
        where: Condition | None = None
        problems = len(self.found)
        if self.take("where"):
            with self.looking_at(entity), self.nested():
                where = self.condition()
            self.left_open(start)
        elif self.token.kind == "part" or (self.word and self.word not in RESERVED):
            self.stop(
                "unexpected-word",
                f"`{self.written(self.at, self.at + 1)}` is not expected here",
                "write `where` before a condition",
            )
        if len(self.found) > problems or (what is not None and is_bad(what)):
            return BAD
        return Aggregate(op, entity, others, what, where, _type_of(op, what))

    def not_within(self, start: int) -> None:
        """Report a list that is asked about while another is being looked at."""
        if self.within:
            self.stop(
                "too-deep",
                f"`{self.written(start)}` asks about a list within a list",
                f"define a derived fact of {self.within} for it, or put the list before it in brackets",
                self.since(start),
            )

    def entity(self) -> str:
        """The entity that is named here."""
        found = self.entity_at(self.at)
        if found:
            self.at = found[1]
            return found[0]
        known: dict[str, Place | None] = {}
        for id_, one in self.vocabulary.entities.items():
            known |= {id_: one.place, one.plural: one.place}
        if self.token.kind not in ("word", "part") or self.word in RESERVED:
            self.unexpected("the name of an entity" + (f", such as `{next(iter(known))}`," if known else ""))
        self.unknown("unknown-entity", "there is no entity", known, "entities")
        raise Stop

    @contextmanager
    def looking_at(self, entity: str) -> Iterator[None]:
        """Within it, bare names belong to `entity`."""
        kept = self.kind, self.within
        self.kind = self.within = entity
        yield
        self.kind, self.within = kept


def _type_of(op: Operation, what: Expr | None) -> Type:
    if op in _QUANTIFIERS:
        return Type(YES_NO)
    if op in ("sum", "smallest", "largest") and what is not None:
        return bare(what.type)
    return Type(WHOLE)
