"""What a pack is: plain frozen data, with the place of each thing. No reading, no checking, no reasoning in it.

`reader.py` makes it from files; everything after reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal as Word

from advisor.language.tree import CASE, Condition, Expr, Literal, Text, yes_no
from advisor.packs.courses import Courses
from advisor.problems.problem import Place
from advisor.values.periods import Period
from advisor.values.types import Scalar, Type, Value

Strength = Word["must", "avoid", "should", "could"]
STRENGTHS: tuple[Strength, ...] = ("must", "avoid", "should", "could")
"""Most pressing first."""
Day = date
"""A day, also in a class of which one field is called `date`."""
FIRST_ADVICE = "{first advice}"
"""The part of an answer that stands for the title of the first recommendation."""
_YES, _NO = Literal(value=True, type=yes_no()), Literal(value=False, type=yes_no())


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a claim comes from. `date` is as written (`2021-03`, `undated`)."""

    id: str
    title: str
    url: str = ""
    date: str = ""
    standing: str
    note: str = ""
    checked: Day | None = None
    """The day somebody last looked whether it still says so."""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One step of the pack's scale of trust."""

    id: str
    say: str
    speculative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A kind of thing of which a case has several."""

    id: str
    plural: str
    label: str = ""
    """The text fact that names one of them to people."""
    question: str = ""
    """How a list of them is asked for, and a word on what belongs in it."""
    help: str = ""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """A named time at which policy was of one kind."""

    id: str
    title: str
    period: Period
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Presumed:
    """A value taken for a fact that nobody knows, why, and who says so."""

    value: Value
    when: Condition | None = None
    """It is presumed only where this holds."""
    because: Text | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who can change a fact, how hard it is, and how."""

    by: Word["you", "others", "past"]
    effort: Word["small", "medium", "large"] = "medium"
    how: str = ""
    to: str = ""
    """The value that `how` leads to, as written; of a yes/no it is yes where nothing is said."""


Hit = Word["first", "unique", "any", "collect", "collect-sum"]
HITS: tuple[Hit, ...] = ("first", "unique", "any", "collect", "collect-sum")
"""What rows mean together: the first that applies; exactly one may; several may that say the same; all that apply
together, as choices; or added up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a fact's rows or of a decision table: a condition (None: otherwise) and a value."""

    when: Condition | None
    value: Expr
    ticks: tuple[str, ...] = ()
    """Of a fact of choices: those that the row concludes."""
    called: str = ""
    """How messages and proofs call it: `row 7 of fees.csv`; empty for one of a fact's own rows."""
    because: Text | None = None
    sources: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One word of the vocabulary.

    At most one of `formula`, `rows` and `concluded` is given; with none it is only asked.
    """

    kind: str
    name: str
    type: Type
    label: str
    place: Place
    question: str = ""
    help: str = ""
    why: str = ""
    examples: tuple[str, ...] = ()
    topic: str = ""
    applies: Condition | None = None
    assume: Presumed | None = None
    likely: Presumed | None = None
    change: Change | None = None
    finding: Text | Mapping[str, Text] | None = None
    """A text for any value, or texts by value as written (`yes`, a choice's id, `none`, `unknown`)."""
    clauses: Mapping[str, str] = field(default_factory=dict)
    """By value as written: what follows an "if" where an answer hangs on it ("the parcel was opened")."""
    formula: Expr | None = None
    rows: tuple[Row, ...] = ()
    hit: Hit = "first"
    """What the rows mean together."""
    concluded: bool = False
    otherwise: Expr | Word["unknown"] | None = None
    may_be_stated: bool = False
    because: Text | None = None
    sources: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    @property
    def derived(self) -> bool:
        """Whether the pack works it out."""
        return self.concluded or self.formula is not None or bool(self.rows)

    @property
    def asked(self) -> bool:
        """Whether a person may say it."""
        return not self.derived or self.may_be_stated

    def rows_of(self, choice: str) -> tuple[Row, ...]:
        """Its rows; of a fact of choices, those that say whether `choice` is among them."""
        if not choice:
            return self.rows
        if self.hit == "collect":
            return tuple(replace(row, value=_YES) for row in self.rows if choice in row.ticks)
        return tuple(replace(row, value=_YES if choice in row.ticks else _NO) for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """One step of a bracket table: `value` for keys up to `up_to` (included; None: all that are left)."""

    up_to: Value | None
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A parameter's value for a period. `checked`: the day somebody last looked whether it still holds."""

    value: Value | None
    brackets: tuple[Bracket, ...] = ()
    periods: tuple[Period, ...]
    """In force when one of them holds."""
    sources: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    checked: date | None = None
    place: Place

    def in_force(self, day: date) -> bool | None:
        """Whether it holds on `day`; None where that is vague."""
        return any_holds(self.periods, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A figure that changes with time. `by`: the type of the key, for bracket tables."""

    name: str
    type: Type
    label: str
    by: Type | None
    values: tuple[Dated, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A look-up table: rows by id, a type for each column beyond id and label."""

    name: str
    columns: Mapping[str, Type]
    rows: Mapping[str, Mapping[str, Value]]
    labels: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, where its condition (None: always) holds."""

    do: Text
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advise:
    """A recommendation: what to do, how pressing it is, by when, and in what order with others (ids)."""

    strength: Strength
    rank: int = 5
    """Its place among advice that is as pressing, from 1 (first) to 9."""
    title: Text
    text: Text | None = None
    steps: tuple[Step, ...] = ()
    deadline: Expr | None = None
    deadline_text: Text | None = None
    afterwards: Text | None = None
    """What holds once the deadline has surely passed; then this is no longer advised."""
    stays: bool = False
    """Whether it is right after the deadline too."""
    before_deadline: Condition | None = None
    """The condition of the rule as it is written, where it is advised until its deadline only."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposition:
    """Advice that cannot be followed together with ours, and why it ranks below."""

    rule: str
    because: Text
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """If `when` holds of what it is about, then a value is concluded, something is advised, or an argument is made."""

    id: str
    about: str = CASE
    when: Condition
    place: Place
    conclude: tuple[str, Expr] | None = None
    """A derived fact of the same kind, and its value."""
    advise: Advise | None = None
    argues_for: tuple[str, ...] = ()
    argues_against: tuple[str, ...] = ()
    because: Text
    sources: tuple[str, ...] = ()
    standing: str
    """The strongest standing of its sources."""
    speculative: bool = False
    """Whether its standing is a mere guess: it then concludes only likely values."""
    opinion: bool = False
    periods: tuple[Period, ...] = ()
    """In force when one of them holds; always where there is none."""
    overrides: tuple[str, ...] = ()
    opposes: tuple[Opposition, ...] = ()
    claims: tuple[str, ...] = ()
    note: str = ""

    def in_force(self, day: date) -> bool | None:
        """Whether it is in force on `day`; None where its edges are vague."""
        return any_holds(self.periods, day)


def any_holds(periods: tuple[Period, ...], day: date) -> bool | None:
    """Whether one of `periods` holds on `day` (true for none at all); None where vague edges leave it open."""
    found = [period.holds(day) for period in periods]
    if not found or True in found:
        return True
    return None if None in found else False


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A figure's line that matters, and what it means."""

    at: Value
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One idea of how a projected figure comes about: a derived number of the case."""

    id: str
    title: str
    short: str = ""
    """What it assumes in a few words, as they stand after "if"."""
    measure: str
    when: Condition | None = None
    because: Text | None = None
    sources: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    standing: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A figure that the advice forecasts, over named models."""

    id: str
    label: str
    unit: str
    better: Word["higher", "lower"]
    needs: Condition | None
    absent: Text | None
    thresholds: tuple[Threshold, ...]
    models: tuple[Model, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One answer of a goal: what is said where its condition (None: otherwise) is the first that holds."""

    when: Condition | None
    verdict: Text | None = None
    """A word or a few: yes, no, probably not, a choice, a day, a figure."""
    say: Text
    because: tuple[str, ...] = ()
    """The rules on which it rests."""
    sources: tuple[str, ...] = ()
    """Who says so, beside what those rules cite."""
    claims: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    """Recommendations to put first with it."""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What people come to know: a question about the case or an entity, and its answers, the first that applies."""

    id: str
    asks: Text
    about: str = CASE
    also: tuple[str, ...] = ()
    """Other wordings by which it is found."""
    when: Condition | None = None
    """It is offered only where this is not surely false."""
    fits: Condition | None = None
    """It is chosen of itself where this surely holds."""
    often: bool = False
    """Whether it is one of the few that are offered first."""
    tells: tuple[tuple[str, Scalar], ...] = ()
    """What whoever chooses it has said by that: values of facts of the case."""
    rows: tuple[AnswerRow, ...] = ()
    value: str = ""
    """The derived fact whose value is the answer, where there are no rows."""
    figures: tuple[str, ...] = ()
    """Projections that bear on it."""
    advice: tuple[str, ...] = ()
    """The recommendations that belong to it, by id."""
    meanwhile: Text | None = None
    """The sound first step while the answer is open."""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class MustHold:
    """What can never be otherwise; a case that breaks it is sent back."""

    about: str
    that: Condition
    because: Text
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Everything known about one domain."""

    id: str
    folder: str
    title: str
    version: str
    digest: str
    """SHA-256 of the pack's files: two packs with the same digest advise alike."""
    question: str
    default: bool
    currency: str
    entities: Mapping[str, Entity]
    eras: Mapping[str, Era]
    standings: tuple[Standing, ...]
    """Strongest first."""
    sources: Mapping[str, Source]
    facts: Mapping[str, Mapping[str, Fact]]
    """By kind (`case` or an entity's id), then by name."""
    parameters: Mapping[str, Parameter]
    tables: Mapping[str, Table]
    rules: Mapping[str, Rule]
    projections: Mapping[str, Projection]
    goals: Mapping[str, Goal]
    """In the order in which they are chosen."""
    must_hold: tuple[MustHold, ...]
    options: Courses = field(default_factory=Courses)
    """Courses of action and what they are judged by."""
    check_every: int | None = None
    """Days for which a look at a figure or source holds; None where the pack does not say."""
    undecided_claims: Mapping[str, str] = field(default_factory=dict)
    """Claims that decide nothing, and why."""
    files: tuple[str, ...] = ()

    def all_facts(self) -> Iterator[Fact]:
        """Every fact, the case's first, then by entity, in the files' order."""
        for facts in self.facts.values():
            yield from facts.values()

    def kinds(self) -> tuple[str, ...]:
        """`case` and the ids of the entities."""
        return (CASE, *self.entities)

    def weaker(self, one: str, other: str) -> str:
        """The weaker of two standings."""
        order = [standing.id for standing in self.standings]
        return max(one, other, key=lambda standing: order.index(standing) if standing in order else -1)
