"""A pack compiled, as data: fields with their cells, groups of rules with their matchers, and their order.

In: what `compiler.py` finds in a pack. Out: a `Program`, which `world.py` runs on cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from typing import Literal as Word

from advisor.language.comparisons import atoms, boxes
from advisor.language.printing import text
from advisor.language.tree import Condition, Expr, FactRef, Operator
from advisor.packs.pack import Fact, Pack, Row, Rule
from advisor.reasoning.cells import Cells
from advisor.reasoning.evaluation import Aggregated, Meaning, Names, Test
from advisor.reasoning.matching import Matcher
from advisor.values.types import CHOICE, Scalar, Type, Value

Role = Word[
    "asked", "formula", "concluded", "matched", "computed", "known", "surely", "could", "alias", "parameter", "era"
]


@dataclass(slots=True, eq=False)
class Field:
    """One place in the vector of what is known of a case or entity: a fact, a box of one that is ticked, or a stand-in.

    A stand-in is a comparison that the network cannot express, a fact read along a reference, a parameter, or the era.
    """

    kind: str
    name: str
    type: Type
    role: Role
    index: int
    fact: Fact | None = None
    choice: str = ""
    label: str = ""
    """How a stand-in is called in sentences, where it has a name of its own."""
    watched: bool = False
    """Whether a condition is matched on it, so that its cells are needed."""
    applies: int = -1
    """The field that says whether the fact applies."""
    meaning: Meaning | None = None
    quantifier: Aggregated | None = None
    """For a computed any, no or every: over what."""
    rows: tuple[tuple[Row, Test | None], ...] = ()
    """Of a fact with rows: each, and whether its condition holds (None: otherwise)."""
    difference: tuple[tuple[Operator, Meaning], ...] = ()
    """For a computed comparison: differences that must each compare so with nought."""
    condition: Condition | None = None
    """What a matched, surely or could field asks."""
    expression: Expr | None = None
    reference: FactRef | None = None
    group: Group | None = None
    otherwise: Scalar | Meaning | None = None
    cells: Cells = field(default_factory=lambda: Cells(Type(CHOICE), ()))
    reads: frozenset[str] = frozenset()
    """Keys of the fields and groups that it is worked out from."""
    over_entities: bool | None = None
    """Whether it is worked out over entities, once somebody asked (`completions/independence.py`)."""
    clock: bool | None = None
    """Whether it reads the day itself, once somebody asked (`completions/inputs.py`)."""
    everything: Value | None = None
    """All that its type allows, once somebody asked (`world.py`): of many choices it takes long to put together."""
    lower: list[tuple[str, int, bool]] | None = None
    """The fields it is worked out from, and whether over all entities of its kind (`completions/independence.py`)."""

    @property
    def key(self) -> str:
        """Its name among all fields and groups."""
        return f"field {self.kind} {self.name}"


@dataclass(slots=True, eq=False)
class Group:
    """Conditions about one kind of thing, matched together: of the rules that conclude one fact, or of another rule."""

    name: str
    kind: str
    rules: tuple[Rule, ...]
    conditions: tuple[Condition, ...]
    whole: bool = False
    """Whether the condition says what is ticked, and is matched box by box."""
    matcher: Matcher | None = None
    own: tuple[int, ...] = ()
    """Which of the thing's own fields are in the signature, then `shared`: which of the case's."""
    shared: tuple[int, ...] = ()
    take: Callable[[Sequence[int]], tuple[int, ...]] = lambda masks: ()
    take_shared: Callable[[Sequence[int]], tuple[int, ...]] = lambda masks: ()
    tells: tuple[tuple[int, ...], ...] = ()
    """For each operand of the signature, the sets of cells that the group's comparisons tell apart."""
    conclusions: tuple[Scalar | Meaning | None, ...] = ()
    """What each rule concludes: a settled value, or a function."""
    overriders: tuple[tuple[Rule, ...], ...] = ()
    outside: tuple[Rule, ...] = ()
    """The overriders that belong to other groups."""
    order: tuple[int, ...] = ()
    """The rules, each after those of the same group that override it."""
    target: int = -1
    reads: frozenset[str] = frozenset()
    resolved: dict[Any, Any] = field(default_factory=dict)
    """Resolutions by outcomes, kept by `world.py`."""

    @property
    def key(self) -> str:
        """Its name among all fields and groups."""
        return f"group {self.kind} {self.name}"

    def atoms(self) -> Iterator[Condition]:
        """The comparisons of its conditions."""
        for condition in self.conditions:
            yield from boxes(condition) if self.whole else atoms(condition)


Step = Field | Group


class Stratum(Protocol):
    """What is worked out together."""

    def work(self, world: Any) -> None:  # noqa: ANN401 - a `World`, which knows programs
        """Tells a world's subjects what comes out."""
        ...


Taker = Callable[[Sequence[Value]], tuple[Value, ...]]
"""Takes the values at some indices."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The given fields that something depends on: of the case, and by kind of entity.

    `everyone`: of every entity of a kind, since it is worked out over them.
    """

    case: Taker
    kinds: tuple[tuple[str, Taker], ...]
    everyone: bool
    clock: bool
    """Whether it depends on the day otherwise than through parameters, the era and which rules are in force."""
    dated: tuple[Rule, ...]
    """Rules that are in force only at times."""


class Program:
    """The compiled pack. Filled by `compiler.py`; after that it changes only in what it keeps to find things faster."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.fields: dict[str, list[Field]] = {kind: [] for kind in pack.kinds()}
        self.index: dict[str, dict[str, int]] = {kind: {} for kind in pack.kinds()}
        """By kind and name: where a field stands among the fields of its kind."""
        self.aggregates: list[Aggregated] = []
        self.groups: dict[str, Group] = {}
        self.group_of: dict[str, Group] = {}
        """The group of each rule, by the rule's id."""
        self.atoms: dict[tuple[str, Condition], tuple[Field, int]] = {}
        """By kind and comparison: see `atom`."""
        self.steps: list[Step] = []
        """Fields and groups, each after all that it reads."""
        self.closures: dict[str, frozenset[str]] = {}
        """For each step (by key) itself and all that leads to it, kept by `revision.py` once that is asked."""
        self.dependents: object = None
        """Which fields hang on which, kept by `revision.py` once that is asked."""
        self.advised: frozenset[str] | None = None
        """What advice hangs on, kept by `advice/reach.py` once that is asked."""
        self.strata: Sequence[Stratum] = ()
        """The same steps as they are worked out; see `strata.py`."""
        self.opponents: dict[str, list[Rule]] = {}
        """By the id of a rule's advice: the rules whose advice is preferred to it."""
        for rule in sorted(pack.rules.values(), key=lambda rule: rule.id):
            for opposition in rule.opposes:
                self.opponents.setdefault(opposition.rule, []).append(rule)
        self.references: dict[tuple[str, str], list[int]] = {}
        """By kind and the kind referred to: the reference facts."""
        self.names: Names
        """Where fields stand, also for trees that are compiled later."""
        self.needs: dict[tuple[str, ...], Needs] = {}
        """What fields depend on, kept by `reasoning/completions/inputs.py`."""
        self.conditions: dict[tuple[str, Condition], Field] = {}
        """Fields of matched conditions, as they were looked up."""
        self.figures: dict[tuple[int, date], Value] = {}
        """Parameters by the day on which they were read, kept by `world.py`."""
        self.kept: dict[Any, Any] = {}
        """What fields may come to, by what they depend on, kept by `reasoning/completions/possibilities.py`."""
        self.answers: dict[str, Meaning] = {}
        """For each goal with rows, the number of the row that applies."""
        self.meanings: dict[tuple[str, Expr], Meaning] = {}
        """Functions of expressions that stand in texts, made when they are first spoken."""
        self.spoken: dict[tuple[str, Expr], frozenset[str]] = {}
        """By what a text is about and an expression in it: the keys of the fields that it reads."""

    def field(self, kind: str, name: str, choice: str = "") -> int:
        """See `evaluation.Names`."""
        return self.index[kind][f"{name}.{choice}" if choice else name]

    def atom(self, kind: str, atom: Condition) -> tuple[Field, int]:
        """For a comparison in a matched condition about `kind`: the field it reads, and the cells in which it holds."""
        return self.atoms[kind, atom]

    def condition(self, kind: str, condition: Condition) -> Field:
        """The field that stands for a matched condition."""
        known = self.conditions.get((kind, condition))
        if known is None:
            known = self.conditions[kind, condition] = self.fields[kind][self.index[kind][f"[{text(condition)}]"]]
        return known

    def find(self, kind: str, name: str) -> Field | None:
        """A field by its name (`problems.late` for one box), or None."""
        index = self.index.get(kind, {}).get(name)
        return None if index is None else self.fields[kind][index]
