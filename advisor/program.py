"""A pack compiled: fields with their cells, groups of rules with their matchers, and the order in which they are worked out.

In: a checked `Pack`. Out: a `Program`, which `inference.py` runs on cases. Raises Problems where there is no order (a cycle)
or where a condition has too many alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Literal as Word

from advisor import courses, evaluation, expressions, layers
from advisor.cells import Cells
from advisor.evaluation import Aggregated, Meaning
from advisor.expressions import (
    CASE,
    Aggregate,
    And,
    Arithmetic,
    Between,
    Certainty,
    Clock,
    Compare,
    Condition,
    DaysBetween,
    Expr,
    FactRef,
    Known,
    Literal,
    Lookup,
    Member,
    Node,
    Not,
    Or,
    ParameterRef,
    Truth,
    children,
    text,
    walk,
    yes_no,
)
from advisor.matching import Matcher, TooComplicated
from advisor.pack import Fact, Pack, Rule, Text
from advisor.problems import Place, Problem, Problems
from advisor.values import CHOICE, CHOICES, DATE, NUMBER, REFERENCE, Partial, Scalar, Type, Within

Operator = Word["==", "<", "<=", ">", ">="]
Role = Word["asked", "formula", "concluded", "matched", "computed", "known", "surely", "could", "alias", "parameter", "era"]


@dataclass(slots=True, eq=False)
class Field:
    """One place in the vector of what is known of a case or entity: a fact, one box of a tick-several fact, or a
    stand-in (a comparison that the network cannot express, a fact read along a reference, a parameter, the era)."""

    kind: str
    name: str
    type: Type
    role: Role
    index: int
    fact: Fact | None = None
    choice: str = ""
    label: str = ""
    """How a stand-in is called in sentences, where it has a name of its own."""
    applies: int = -1
    """The field that says whether the fact applies."""
    meaning: Meaning | None = None
    quantifier: Aggregated | None = None
    """For a computed any, no or every: over what."""
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
    lower: list[tuple[str, int, bool]] | None = None
    """The fields it is worked out from, and whether over all entities of its own kind; kept by `independence.py`."""

    @property
    def key(self) -> str:
        """Its name among all fields and groups."""
        return f"field {self.kind} {self.name}"


@dataclass(slots=True, eq=False)
class Group:
    """Conditions about one kind of thing that are matched together: the rules that conclude one fact, or one other rule."""

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
    """Resolutions by outcomes, kept by `inference.py`."""

    @property
    def key(self) -> str:
        """Its name among all fields and groups."""
        return f"group {self.kind} {self.name}"

    def atoms(self) -> Iterator[Condition]:
        """The comparisons of its conditions."""
        for condition in self.conditions:
            yield from boxes(condition) if self.whole else atoms(condition)


Step = Field | Group


class Program:
    """The compiled pack."""

    def __init__(self, pack: Pack) -> None:
        """Raises Problems."""
        self.pack = pack
        self.fields: dict[str, list[Field]] = {kind: [] for kind in pack.kinds()}
        self.aggregates: list[Aggregated] = []
        self.groups: dict[str, Group] = {}
        self.group_of: dict[str, Group] = {}
        """The group of each rule, by the rule's id."""
        self._atoms: dict[tuple[str, Condition], tuple[Field, int]] = {}
        self._index: dict[str, dict[str, int]] = {kind: {} for kind in pack.kinds()}
        self._aggregated: dict[tuple[str, Aggregate], Aggregated] = {}
        self._mentioned: dict[str, set[Scalar]] = {}
        self.steps: list[Step] = []
        """Fields and groups, each after all that it reads."""
        self._problems: list[Problem] = []
        self.opponents: dict[str, list[Rule]] = {}
        """By the id of a rule's advice: the rules whose advice is preferred to it."""
        for rule in sorted(pack.rules.values(), key=lambda rule: rule.id):
            for opposition in rule.opposes:
                self.opponents.setdefault(opposition.rule, []).append(rule)
        self.references: dict[tuple[str, str], list[int]] = {}
        """By kind and the kind referred to: the reference facts."""
        for kind, facts in pack.facts.items():
            for fact in facts.values():
                if fact.type.kind == REFERENCE:
                    self.references.setdefault((kind, fact.type.entity), [])
        self.needs: dict[tuple[str, ...], Any] = {}
        """What fields depend on, kept by `inputs.py`."""
        self.figures: dict[Any, Any] = {}
        """Parameters by the day on which they were read, kept by `inference.py`."""
        self.kept: dict[Any, Any] = {}
        """What fields may come to, by what they depend on, kept by `completions.py`."""
        self.meanings: dict[tuple[str, Expr], Meaning] = {}
        """Functions of expressions that stand in texts, made when they are first spoken."""
        compiler = _Compiler(self)
        compiler.run()
        for (kind, entity), indices in self.references.items():
            indices.extend(one.index for one in self.fields[kind] if one.role == "asked" and one.type.entity == entity)
        self.names: evaluation.Names = compiler

    def field(self, kind: str, name: str, choice: str = "") -> int:
        """See `evaluation.Names`."""
        return self._index[kind][f"{name}.{choice}" if choice else name]

    def atom(self, kind: str, atom: Condition) -> tuple[Field, int]:
        """For a comparison in a matched condition about `kind`: the field it reads, and the cells in which it holds."""
        return self._atoms[kind, atom]

    def condition(self, kind: str, condition: Condition) -> Field:
        """The field that stands for a matched condition."""
        return self.fields[kind][self._index[kind][f"[{text(condition)}]"]]

    def find(self, kind: str, name: str) -> Field | None:
        """A field by its name (`problems.late` for one box), or None."""
        index = self._index.get(kind, {}).get(name)
        return None if index is None else self.fields[kind][index]


class _Compiler:
    """Builds a `Program`; implements `evaluation.Names`, adding stand-in fields as trees ask for them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.pack = program.pack
        self.places: dict[str, Place] = {}
        self.pending: list[Field | Group] = []

    def run(self) -> None:
        for name, parameter in self.pack.parameters.items():
            if parameter.by is None:
                self.add(CASE, f"parameter {name}", parameter.type, "parameter").label = parameter.label
        self.add(CASE, "era", Type(CHOICE, tuple((era.id, era.title) for era in self.pack.eras.values())), "era")
        for fact in self.pack.all_facts():
            self.add_fact(fact)
        for fact in self.pack.all_facts():
            self.define_fact(fact)
        self.define_rules()
        self.define_conditions()
        self.define_spoken()
        self.finish()

    # --- names -----------------------------------------------------------------------------------------------

    def field(self, kind: str, name: str, choice: str = "") -> int:
        return self.program.field(kind, name, choice)

    def parameter(self, name: str) -> int:
        return self.program.field(CASE, f"parameter {name}")

    def era(self) -> int:
        return self.program.field(CASE, "era")

    def alias(self, reference: FactRef, kind: str) -> int:
        name = f"{reference.via}.{reference.name}{'.' + reference.choice if reference.choice else ''}"
        existing = self.program._index[kind].get(name)
        if existing is not None:
            return existing
        added = self.add(kind, name, reference.type, "alias")
        added.reference = reference
        added.label = self.pack.facts[reference.kind][reference.name].label
        target = self.program.fields[reference.kind][self.field(reference.kind, reference.name, reference.choice)]
        added.reads = frozenset((f"field {kind} {reference.via}", target.key))
        return added.index

    def ground(self, node: Known | Certainty, kind: str) -> int:
        name = f"({text(node)})"
        existing = self.program._index[kind].get(name)
        if existing is not None:
            return existing
        role: Role = "known" if isinstance(node, Known) else node.word
        added = self.add(kind, name, yes_no(), role)
        if isinstance(node, Known):
            added.expression = node.operand
            added.meaning = evaluation.meaning(node.operand, self, kind)
            added.reads = self.reads(node.operand, kind)
        else:
            added.group = self.group(name, kind, (), (node.operand,))
            added.reads = frozenset((added.group.key,))
        return added.index

    def aggregated(self, node: Aggregate, kind: str) -> Aggregated:
        existing = self.program._aggregated.get((kind, node))
        if existing is not None:
            return existing
        where = evaluation.test(node.where, self, node.entity, kind) if node.where else None
        matched = -1
        if node.where is not None and not looks_back(node.where):
            matched = self.matched(node.entity, node.where)
        what = evaluation.meaning(node.what, self, node.entity, kind) if node.what else None
        found: set[str] = set()
        self.collect(node, kind, kind, found)
        made = Aggregated(len(self.program.aggregates), node, where, what, matched, frozenset(found))
        self.program.aggregates.append(made)
        self.program._aggregated[kind, node] = made
        return made

    # --- fields ----------------------------------------------------------------------------------------------

    def add(self, kind: str, name: str, type_: Type, role: Role, fact: Fact | None = None, choice: str = "") -> Field:
        fields = self.program.fields[kind]
        added = Field(kind, name, type_, role, len(fields), fact, choice)
        fields.append(added)
        self.program._index[kind][name] = added.index
        if fact is not None:
            self.places[added.key] = fact.place
        return added

    def add_fact(self, fact: Fact) -> None:
        role: Role = "concluded" if fact.concluded else "formula" if fact.derived else "asked"
        if fact.type.kind == CHOICES:
            for choice in fact.type.choice_ids():
                self.add(fact.kind, f"{fact.name}.{choice}", yes_no(), role, fact, choice)
        else:
            self.add(fact.kind, fact.name, fact.type, role, fact)

    def define_fact(self, fact: Fact) -> None:
        for one in self.fields_of(fact):
            reads: set[str] = set()
            if fact.applies is not None:
                one.applies = self.matched(fact.kind, fact.applies, fact.place)
                reads.add(self.program.fields[fact.kind][one.applies].key)
            if fact.likely is not None and fact.likely.when is not None:
                self.matched(fact.kind, fact.likely.when, fact.place)
            if one.role == "formula":
                one.meaning, read = self.formula(fact)
                reads |= read
            elif one.role == "concluded":
                reads |= self.conclusion(one, fact)
            one.reads = frozenset(reads)

    def fields_of(self, fact: Fact) -> Iterator[Field]:
        names = [f"{fact.name}.{c}" for c in fact.type.choice_ids()] if fact.type.kind == CHOICES else [fact.name]
        for name in names:
            yield self.program.fields[fact.kind][self.program._index[fact.kind][name]]

    def formula(self, fact: Fact) -> tuple[Meaning, set[str]]:
        if fact.formula is not None:
            return evaluation.meaning(fact.formula, self, fact.kind), set(self.reads(fact.formula, fact.kind))
        read: set[str] = set()
        rows: list[tuple[evaluation.Test | None, Meaning]] = []
        for row in fact.rows:
            read |= self.reads(row.value, fact.kind)
            if row.when is not None:
                read |= self.reads(row.when, fact.kind)
            when = evaluation.test(row.when, self, fact.kind) if row.when is not None else None
            rows.append((when, evaluation.meaning(row.value, self, fact.kind)))
        nothing = evaluation.empty(fact.type.kind)

        def first_that_applies(view: Any, it: Any, this: Any) -> Scalar:
            for when, value in rows:
                if when is None or when(view, it, this):
                    return value(view, it, this)
            return nothing

        return first_that_applies, read

    def conclusion(self, one: Field, fact: Fact) -> set[str]:
        rules = tuple(
            rule
            for rule in sorted(self.pack.rules.values(), key=lambda rule: rule.id)
            if rule.conclude is not None and rule.about == fact.kind and rule.conclude[0] == fact.name
        )
        group = self.group(fact.name, fact.kind, rules, tuple(rule.when for rule in rules))
        group.target = one.index
        one.group = group
        reads = {group.key}
        values: list[Scalar | Meaning | None] = []
        for rule in rules:
            assert rule.conclude is not None
            values.append(self.settled(rule.conclude[1], fact.kind))
            reads |= self.reads(rule.conclude[1], fact.kind)
        group.conclusions = tuple(values)
        if isinstance(fact.otherwise, str):
            one.otherwise = None
        elif fact.otherwise is None:
            one.otherwise = evaluation.empty(fact.type.kind)
        else:
            one.otherwise = self.settled(fact.otherwise, fact.kind)
            reads |= self.reads(fact.otherwise, fact.kind)
        return reads

    def settled(self, node: Expr, kind: str) -> Scalar | Meaning:
        return node.value if isinstance(node, Literal) else evaluation.meaning(node, self, kind)

    def matched(self, kind: str, condition: Condition, place: Place | None = None) -> int:
        """The field that stands for a condition of `kind`, matched by the network."""
        name = f"[{text(condition)}]"
        existing = self.program._index[kind].get(name)
        if existing is not None:
            return existing
        added = self.add(kind, name, yes_no(), "matched")
        added.condition = condition
        if place is not None:
            self.places.setdefault(added.key, place)
        added.group = self.group(name, kind, (), (condition,))
        added.reads = frozenset((added.group.key,))
        return added.index

    def ticked(self, kind: str, condition: And | Or) -> int:
        """The field that stands for nothing, or something, being ticked: one, however many boxes there are."""
        name = f"({text(condition)})"
        existing = self.program._index[kind].get(name)
        if existing is not None:
            return existing
        added = self.add(kind, name, yes_no(), "matched")
        added.condition = condition
        added.group = self.group(name, kind, (), (condition,), whole=True)
        added.reads = frozenset((added.group.key,))
        return added.index

    # --- rules and groups ------------------------------------------------------------------------------------

    def define_rules(self) -> None:
        for rule in sorted(self.pack.rules.values(), key=lambda rule: rule.id):
            if rule.conclude is None:
                self.group(rule.id, rule.about, (rule,), (rule.when,))

    def define_spoken(self) -> None:
        """Expressions in texts and deadlines: what stands in for their parts must be worked out with everything else."""
        for kind, node in spoken_expressions(self.pack):
            if not (isinstance(node, FactRef) and node.type.kind == CHOICES):
                self.program.meanings[kind, node] = evaluation.meaning(node, self, kind)
                self.reads(node, kind)

    def define_conditions(self) -> None:
        """Every other condition that is matched: of steps, headlines, projections, models, and what must hold."""
        for rule in self.pack.rules.values():
            for step in rule.advise.steps if rule.advise else ():
                if step.when is not None:
                    self.matched(rule.about, step.when, rule.place)
        for row in self.pack.headline:
            if row.when is not None:
                self.matched(CASE, row.when)
        for projection in self.pack.projections.values():
            for when in (projection.needs, *(model.when for model in projection.models)):
                if when is not None:
                    self.matched(CASE, when, projection.place)
        for constraint in self.pack.must_hold:
            self.matched(constraint.about, constraint.that, constraint.place)
        for kind, condition, place in courses.conditions(self.pack):
            self.matched(kind, condition, place)

    def group(
        self, name: str, kind: str, rules: tuple[Rule, ...], conditions: tuple[Condition, ...], *, whole: bool = False
    ) -> Group:
        """`whole`: the boxes of a condition that says what is ticked are matched each by itself."""
        group = Group(name, kind, rules, conditions, whole)
        self.program.groups[group.key] = group
        reads: set[str] = set()
        for atom in group.atoms():
            reads.add(self.atom_field(atom, kind).key)
        for rule in rules:
            self.program.group_of[rule.id] = group
            self.places.setdefault(group.key, rule.place)
        group.reads = frozenset(reads)
        self.pending.append(group)
        return group

    def atom_field(self, atom: Condition, kind: str) -> Field:
        """The field that an atom compares: a fact where it compares one with literals, else a stand-in yes/no."""
        direct = self.direct(atom, kind)
        if direct is not None:
            return direct
        if isinstance(atom, Known | Certainty):
            return self.program.fields[kind][self.ground(atom, kind)]
        if isinstance(atom, And | Or):
            return self.program.fields[kind][self.ticked(kind, atom)]
        name = f"({text(atom)})"
        if name not in self.program._index[kind]:
            added = self.add(kind, name, yes_no(), "computed")
            holds = evaluation.test(atom, self, kind)
            added.meaning = holds
            added.condition = atom
            if isinstance(atom, Truth) and isinstance(atom.operand, Aggregate):
                added.quantifier = self.aggregated(atom.operand, kind)
            added.difference = tuple(
                (op, evaluation.meaning(one, self, kind)) for op, one in differences(atom)
            )
            added.reads = self.reads(atom, kind)
        return self.program.fields[kind][self.program._index[kind][name]]

    def direct(self, atom: Condition, kind: str) -> Field | None:
        operand = operand_of(atom)
        if isinstance(operand, ParameterRef) and operand.on is None:
            return self.program.fields[CASE][self.parameter(operand.name)]
        if isinstance(operand, Clock) and operand.name == "era":
            return self.program.fields[CASE][self.era()]
        if not isinstance(operand, FactRef) or operand.type.kind == CHOICES or operand.whose == "this":
            return None
        if operand.via:
            return self.program.fields[kind][self.alias(operand, kind)]
        owner = CASE if operand.kind == CASE else kind
        return self.program.fields[owner][self.field(owner, operand.name, operand.choice)]

    def reads(self, node: Node, kind: str) -> frozenset[str]:
        """Keys of the fields that an expression or condition reads, also within its aggregates."""
        found: set[str] = set()
        self.collect(node, kind, kind, found)
        return frozenset(found)

    def collect(self, node: Node, kind: str, outer: str, found: set[str]) -> None:
        match node:
            case FactRef():
                owner = CASE if node.kind == CASE else outer if node.whose == "this" else kind
                if node.via:
                    found.add(self.program.fields[owner][self.alias(node, owner)].key)
                    found.add(f"field {owner} {node.via}")
                else:
                    found.add(f"field {owner} {node.name}{'.' + node.choice if node.choice else ''}")
            case ParameterRef(name, _, None):
                found.add(f"field {CASE} parameter {name}")
            case Clock("era"):
                found.add(f"field {CASE} era")
            case Known() | Certainty():
                found.add(self.program.fields[kind][self.ground(node, kind)].key)
                return
            case Aggregate():
                for part in (node.what, node.where):
                    if part is not None:
                        self.collect(part, node.entity, kind, found)
                if node.where is not None and not looks_back(node.where):
                    found.add(self.program.fields[node.entity][self.matched(node.entity, node.where)].key)
                return
            case Truth() | Compare() | Between() | Member():
                self.mention(node, kind)
            case Lookup(name, "", key):
                self.mention_brackets(name, key, kind)
        for child in children(node):
            self.collect(child, kind, outer, found)

    # --- cells, matchers, order ------------------------------------------------------------------------------

    def finish(self) -> None:
        groups = list(self.program.groups.values())
        for group in groups:
            for atom in group.atoms():
                self.mention(atom, group.kind)
        for fields in self.program.fields.values():
            for one in fields:
                one.cells = Cells(one.type, self.program._mentioned.get(one.key, ()))
        for group in groups:
            self.match(group)
        self.override(groups)
        self.program.steps = self.order(groups)
        if self.program._problems:
            raise Problems(self.program._problems)

    def mention(self, atom: Condition, kind: str) -> None:
        """Literals that a fact is compared with, in a matched condition or inside a stand-in, cut its domain."""
        direct = self.direct(atom, kind)
        if direct is not None:
            self.program._mentioned.setdefault(direct.key, set()).update(
                node.value for node in walk(atom) if isinstance(node, Literal)
            )
        for operand, other in compared(atom):
            direct = self.direct(Truth(operand), kind)
            if direct is not None and isinstance(other, ParameterRef):
                self.program._mentioned.setdefault(direct.key, set()).update(self.figures(other.name))

    def figures(self, name: str) -> Iterator[Scalar]:
        """Every value that a parameter ever had; of ranges, the ends."""
        for dated in self.pack.parameters[name].values:
            if isinstance(dated.value, Within):
                yield from (end for end in (dated.value.low, dated.value.high) if end is not None)
            elif dated.value is not None and not isinstance(dated.value, Partial):
                yield dated.value

    def mention_brackets(self, name: str, key: Expr, kind: str) -> None:
        """The steps of a bracket table cut the domain of the fact that it is looked up by."""
        direct = self.direct(Truth(key), kind)
        if direct is not None:
            steps = {b.up_to for dated in self.pack.parameters[name].values for b in dated.brackets}
            self.program._mentioned.setdefault(direct.key, set()).update(s for s in steps if not isinstance(s, Partial | None))

    def match(self, group: Group) -> None:
        used: dict[tuple[bool, int], int] = {}
        order: list[Field] = []
        for atom in group.atoms():
            one = self.atom_field(atom, group.kind)
            used.setdefault((one.kind != group.kind, one.index), 0)
        for number, (shared, index) in enumerate(sorted(used)):
            used[shared, index] = number
            order.append(self.program.fields[CASE if shared else group.kind][index])
        group.own = tuple(index for shared, index in sorted(used) if not shared)
        group.shared = tuple(index for shared, index in sorted(used) if shared)
        group.take, group.take_shared = _taker(group.own), _taker(group.shared)

        def place(atom: Condition) -> tuple[int, int] | None:
            if isinstance(atom, And | Or | Not) and (group.whole or expressions.ticked(atom) is None):
                return None
            one = self.atom_field(atom, group.kind)
            operand = used[one.kind != group.kind, one.index]
            cells = one.cells.where(atom) if self.direct(atom, group.kind) is not None else 2
            self.program._atoms[group.kind, atom] = one, cells
            return operand, cells

        told: list[set[int]] = [set() for _ in order]
        for atom in group.atoms():
            found = place(atom)
            if found is not None:
                told[found[0]].add(found[1])
        group.tells = tuple(tuple(sorted(cells)) for cells in told)
        try:
            group.matcher = Matcher(group.conditions, [one.cells for one in order], place)
        except TooComplicated:
            where = self.places.get(group.key, Place(self.pack.folder))
            message = f"the condition of `{group.name}` has too many alternatives to be matched"
            mend = "split it: conclude a part of it in a derived fact, and use that"
            self.program._problems.append(Problem(where, "too-complicated", message, mend))

    def override(self, groups: list[Group]) -> None:
        over: dict[str, list[Rule]] = {}
        for rule in self.pack.rules.values():
            for beaten in rule.overrides:
                over.setdefault(beaten, []).append(rule)
        for group in groups:
            group.overriders = tuple(
                tuple(sorted(over.get(rule.id, ()), key=lambda rule: rule.id)) for rule in group.rules
            )
            members = {rule.id for rule in group.rules}
            outside = {o.id: o for many in group.overriders for o in many if o.id not in members}
            group.outside = tuple(outside[one] for one in sorted(outside))
            group.reads |= {self.program.group_of[one].key for one in outside}

    def order(self, groups: list[Group]) -> list[Step]:
        nodes: dict[str, Step] = {one.key: one for fields in self.program.fields.values() for one in fields}
        nodes |= {group.key: group for group in groups}
        reads = {key: [read for read in node.reads if read in nodes] for key, node in nodes.items()}
        try:
            order = layers.ordered(reads)
            for group in groups:
                inside = {rule.id: [o.id for o in many] for rule, many in zip(group.rules, group.overriders, strict=True)}
                places = {rule.id: number for number, rule in enumerate(group.rules)}
                known = {one: [o for o in many if o in places] for one, many in inside.items()}
                group.order = tuple(places[one] for one in layers.ordered(known))
        except layers.Cycle as cycle:
            self.program._problems.append(self.cycle_problem(cycle, nodes))
            return []
        return [nodes[key] for key in order]

    def cycle_problem(self, cycle: layers.Cycle, nodes: Mapping[str, Step]) -> Problem:
        places = [self.places[key] for key in cycle.nodes if key in self.places]
        words = " depends on ".join(f"`{_readable(key)}`" for key in cycle.nodes if not _is_stand_in(nodes, key))
        rules = [
            (rule.place, f"`{rule.id}` takes part")
            for key in dict.fromkeys(cycle.nodes)
            if isinstance(nodes.get(key), Group)
            for rule in nodes[key].rules  # type: ignore[union-attr]
        ]
        return Problem(
            min(places) if places else Place(self.pack.folder),
            "cycle",
            f"nothing can be worked out first: {words}",
            "take one of these dependencies away",
            related=tuple(sorted(rules)[:6]),
        )


def spoken_expressions(pack: Pack) -> Iterator[tuple[str, Expr]]:
    """Every expression in a text or deadline of a pack, with what it is about."""
    for kind, text_ in texts(pack):
        yield from ((kind, part) for part in text_.parts if not isinstance(part, str))
    for rule in pack.rules.values():
        if rule.advise is not None and rule.advise.deadline is not None:
            yield rule.about, rule.advise.deadline
    yield from courses.expressions(pack)


def texts(pack: Pack) -> Iterator[tuple[str, Text]]:
    """Every text of a pack, with what it is about."""
    for rule in pack.rules.values():
        advise = rule.advise
        found = [rule.because, *(opposition.because for opposition in rule.opposes)]
        if advise is not None:
            found += [advise.title, *(step.do for step in advise.steps)]
            found += [text_ for text_ in (advise.text, advise.deadline_text) if text_ is not None]
        yield from ((rule.about, text_) for text_ in found)
    for fact in pack.all_facts():
        findings = fact.finding.values() if isinstance(fact.finding, Mapping) else (fact.finding,)
        presumed = [one.because for one in (fact.assume, fact.likely) if one is not None]
        yield from ((fact.kind, text_) for text_ in (*findings, fact.because, *presumed) if text_ is not None)
    yield from ((CASE, row.say) for row in pack.headline)
    yield from ((constraint.about, constraint.because) for constraint in pack.must_hold)
    for projection in pack.projections.values():
        reasons = (projection.absent, *(model.because for model in projection.models))
        yield from ((CASE, text_) for text_ in reasons if text_ is not None)
    yield from courses.texts(pack)


def _is_stand_in(nodes: Mapping[str, Step], key: str) -> bool:
    node = nodes.get(key)
    if isinstance(node, Group):
        return node.target >= 0 or not node.rules
    return node is None or node.fact is None


def _readable(key: str) -> str:
    return key.split(" ", 2)[2].replace("_", " ") if key.startswith("field") else key.split(" ", 2)[2]


def _taker(indices: tuple[int, ...]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    if not indices:
        return lambda masks: ()
    if len(indices) == 1:
        only = indices[0]
        return lambda masks: (masks[only],)
    return itemgetter(*indices)


def atoms(condition: Condition) -> Iterator[Condition]:
    """The comparisons of a condition, without and, or and not; that nothing, or something, is ticked is one comparison."""
    if expressions.ticked(condition) is not None:
        yield condition
        return
    match condition:
        case And(operands) | Or(operands):
            for one in operands:
                yield from atoms(one)
        case Not(operand):
            yield from atoms(operand)
        case _:
            yield condition


def looks_back(condition: Condition) -> bool:
    """Whether a `where` reads what the rule is about, so that it means something else for each."""
    return any(isinstance(node, FactRef) and node.whose == "this" for node in walk(condition))


def boxes(condition: Condition) -> Iterator[Condition]:
    """The ticked boxes that a condition reads, each by itself."""
    yield from (node for node in walk(condition) if isinstance(node, Truth))


def compared(atom: Condition) -> Iterator[tuple[Expr, Expr]]:
    """What is compared with what, either way."""
    match atom:
        case Compare(_, left, right):
            yield left, right
            yield right, left
        case Between(operand, low, high):
            yield operand, low
            yield operand, high


def differences(atom: Condition) -> Iterator[tuple[Operator, Expr]]:
    """A comparison of numbers or dates as differences that are compared with nought; nothing for any other."""
    match atom:
        case Compare(op, left, right) if left.type.ordered and right.type.ordered:
            yield op, difference(left, right)
        case Between(operand, low, high) if operand.type.ordered:
            yield ">=", difference(operand, low)
            yield "<=", difference(operand, high)


def difference(left: Expr, right: Expr) -> Expr:
    """`left - right`, in days for dates."""
    return DaysBetween(right, left) if left.type.kind == DATE else Arithmetic("-", left, right, Type(NUMBER))


def operand_of(atom: Condition) -> Expr | None:
    """What an atom compares with literals alone; None where it compares otherwise."""
    match atom:
        case Truth(operand):
            return operand if not isinstance(operand, Literal) else None
        case Compare(_, operand, Literal()):
            return operand
        case Between(operand, Literal(), Literal()):
            return operand
        case Member(operand, _):
            return operand
    return None
