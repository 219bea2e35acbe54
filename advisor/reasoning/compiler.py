"""Compiles a pack: makes its fields, the cells of each, its groups of rules and their matchers.

In: a checked `Pack`. Out: a `Program`. Raises Problems where there is no order (a cycle) or where a condition has too
many alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from advisor.language.comparisons import compared, differences, looks_back, operand_of
from advisor.language.printing import text
from advisor.language.tree import (
    CASE,
    Aggregate,
    And,
    Between,
    Certainty,
    Clock,
    Compare,
    Condition,
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
    ticked,
    walk,
    yes_no,
)
from advisor.packs import order as layers
from advisor.packs.pack import Fact, Goal, Pack, Rule
from advisor.packs.texts import option_conditions, spoken_expressions
from advisor.problems.problem import Place, Problem, Problems
from advisor.reasoning import evaluation
from advisor.reasoning.cells import Cells
from advisor.reasoning.evaluation import Aggregated, Meaning, View
from advisor.reasoning.matching import Compiled, Matcher, TooComplicated
from advisor.reasoning.order import cycle_problem, ordered, override
from advisor.reasoning.program import Field, Group, Program, Role
from advisor.reasoning.strata import strata
from advisor.values.types import CHOICE, CHOICES, REFERENCE, TEXT, Partial, Scalar, Type, Within

if TYPE_CHECKING:
    from advisor.reasoning.subject import Subject


def compiled(pack: Pack, matchers: Mapping[str, Compiled] | None = None) -> Program:
    """The pack compiled. `matchers`: what its groups (by key) were compiled to before. Raises Problems."""
    program = Program(pack)
    compiler = Compiler(program, matchers)
    compiler.run()
    program.names = compiler
    for kind, fields in program.fields.items():
        for one in fields:
            if one.role == "asked" and one.type.kind == REFERENCE:
                program.references.setdefault((kind, one.type.entity), []).append(one.index)
    return program


class Compiler:
    """Builds a `Program`; implements `evaluation.Names`, adding stand-in fields as trees ask for them."""

    def __init__(self, program: Program, matchers: Mapping[str, Compiled] | None = None) -> None:
        self.program = program
        self.known = matchers or {}
        self.pack = program.pack
        self.places: dict[str, Place] = {}
        self.aggregates: dict[tuple[str, Aggregate], Aggregated] = {}
        self.mentioned: dict[str, set[Scalar]] = {}
        self.used_otherwise: set[str] = set()
        """The texts with which more is done than to compare them with what is written down."""
        self.problems: list[Problem] = []

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
        existing = self.program.index[kind].get(name)
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
        existing = self.program.index[kind].get(name)
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
        existing = self.aggregates.get((kind, node))
        if existing is not None:
            return existing
        where = evaluation.truth(node.where, self, node.entity, kind) if node.where else None
        matched = -1
        if node.where is not None and not looks_back(node.where):
            matched = self.matched(node.entity, node.where)
        what = evaluation.meaning(node.what, self, node.entity, kind) if node.what else None
        found: set[str] = set()
        self.collect(node, kind, kind, found)
        made = Aggregated(len(self.program.aggregates), node, where, what, matched, frozenset(found))
        self.program.aggregates.append(made)
        self.aggregates[kind, node] = made
        return made

    # --- fields ----------------------------------------------------------------------------------------------

    def add(self, kind: str, name: str, type_: Type, role: Role) -> Field:
        fields = self.program.fields[kind]
        added = Field(kind, name, type_, role, len(fields))
        fields.append(added)
        self.program.index[kind][name] = added.index
        return added

    def add_fact(self, fact: Fact) -> None:
        role: Role = "concluded" if fact.concluded else "formula" if fact.derived else "asked"
        ticks = fact.type.kind == CHOICES
        for choice in fact.type.choice_ids() if ticks else ("",):
            name = f"{fact.name}.{choice}" if ticks else fact.name
            added = self.add(fact.kind, name, yes_no() if ticks else fact.type, role)
            added.fact, added.choice = fact, choice
            self.places[added.key] = fact.place

    def define_fact(self, fact: Fact) -> None:
        for one in self.fields_of(fact):
            reads: set[str] = set()
            if fact.applies is not None:
                one.applies = self.matched(fact.kind, fact.applies, fact.place)
                reads.add(self.program.fields[fact.kind][one.applies].key)
            if fact.likely is not None and fact.likely.when is not None:
                self.matched(fact.kind, fact.likely.when, fact.place)
            if one.role == "formula":
                worked_out, read = self.formula(one, fact)
                one.meaning = evaluation.within_bounds(worked_out, fact.type)
                reads |= read
            elif one.role == "concluded":
                reads |= self.conclusion(one, fact)
            one.reads = frozenset(reads)

    def fields_of(self, fact: Fact) -> Iterator[Field]:
        names = [f"{fact.name}.{c}" for c in fact.type.choice_ids()] if fact.type.kind == CHOICES else [fact.name]
        for name in names:
            yield self.program.fields[fact.kind][self.program.index[fact.kind][name]]

    def formula(self, one: Field, fact: Fact) -> tuple[Meaning, set[str]]:
        if fact.formula is not None:
            return evaluation.meaning(fact.formula, self, fact.kind), set(self.reads(fact.formula, fact.kind))
        read: set[str] = set()
        rows: list[tuple[evaluation.Test | None, Meaning]] = []
        for row in fact.rows_of(one.choice):
            read |= self.reads(row.value, fact.kind)
            if row.when is not None:
                read |= self.reads(row.when, fact.kind)
            when = evaluation.truth(row.when, self, fact.kind) if row.when is not None else None
            rows.append((when, evaluation.meaning(row.value, self, fact.kind)))
        one.rows = tuple(zip(fact.rows_of(one.choice), (when for when, _ in rows), strict=True))
        if fact.hit == "collect-sum":
            return evaluation.added_up(rows), read
        nothing = False if one.choice else evaluation.empty(fact.type.kind)

        def first_that_applies(view: View, it: Subject, this: Subject) -> Scalar:
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
            values.append(self.settled(rule.conclude[1], fact))
            reads |= self.reads(rule.conclude[1], fact.kind)
        group.conclusions = tuple(values)
        if isinstance(fact.otherwise, str):
            one.otherwise = None
        elif fact.otherwise is None:
            one.otherwise = evaluation.empty(fact.type.kind)
        else:
            one.otherwise = self.settled(fact.otherwise, fact)
            reads |= self.reads(fact.otherwise, fact.kind)
        return reads

    def settled(self, node: Expr, fact: Fact) -> Scalar | Meaning:
        if isinstance(node, Literal):
            return node.value
        return evaluation.within_bounds(evaluation.meaning(node, self, fact.kind), fact.type)

    def matched(self, kind: str, condition: Condition, place: Place | None = None) -> int:
        """The field that stands for a condition of `kind`, matched by the network."""
        name = f"[{text(condition)}]"
        existing = self.program.index[kind].get(name)
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
        existing = self.program.index[kind].get(name)
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
        """Expressions in texts and deadlines: what stands in for their parts is worked out with the rest."""
        used = set(self.used_otherwise)  # what is only spoken makes no difference to what follows
        for kind, node in spoken_expressions(self.pack):
            if not (isinstance(node, FactRef) and node.type.kind == CHOICES):
                self.program.meanings[kind, node] = evaluation.meaning(node, self, kind)
                self.program.spoken[kind, node] = self.reads(node, kind)
        self.used_otherwise = used

    def define_conditions(self) -> None:
        """Every other condition that is matched: of steps, goals, projections, models, and what must hold."""
        for rule in self.pack.rules.values():
            if rule.advise is not None and rule.advise.before_deadline is not None:
                self.matched(rule.about, rule.advise.before_deadline, rule.place)
            for step in rule.advise.steps if rule.advise else ():
                if step.when is not None:
                    self.matched(rule.about, step.when, rule.place)
        for goal in self.pack.goals.values():
            for when in (goal.when, goal.fits, *(row.when for row in goal.rows)):
                if when is not None:
                    self.matched(goal.about, when, goal.place)
            self.program.answers[goal.id] = self.first_row(goal)
        for projection in self.pack.projections.values():
            for when in (projection.needs, *(model.when for model in projection.models)):
                if when is not None:
                    self.matched(CASE, when, projection.place)
        for constraint in self.pack.must_hold:
            self.matched(constraint.about, constraint.that, constraint.place)
        for kind, condition, place in option_conditions(self.pack):
            self.matched(kind, condition, place)

    def first_row(self, goal: Goal) -> Meaning:
        """The number of the answer of a goal that applies; one past the last where none does."""
        rows = [None if row.when is None else evaluation.truth(row.when, self, goal.about) for row in goal.rows]

        def number(view: View, it: Subject, this: Subject) -> Scalar:
            return next((at for at, when in enumerate(rows) if when is None or when(view, it, this)), len(rows))

        return number

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
        if name not in self.program.index[kind]:
            added = self.add(kind, name, yes_no(), "computed")
            holds = evaluation.truth(atom, self, kind)
            added.meaning = holds
            added.condition = atom
            if isinstance(atom, Truth) and isinstance(atom.operand, Aggregate):
                added.quantifier = self.aggregated(atom.operand, kind)
            added.difference = tuple((op, evaluation.meaning(one, self, kind)) for op, one in differences(atom))
            added.reads = self.reads(atom, kind)
        return self.program.fields[kind][self.program.index[kind][name]]

    def direct(self, atom: Condition, kind: str) -> Field | None:
        operand = operand_of(atom)
        if isinstance(operand, ParameterRef) and operand.on is None:
            return self.program.fields[CASE][self.parameter(operand.name)]
        if isinstance(operand, Clock) and operand.name == "era":
            return self.program.fields[CASE][self.era()]
        if not isinstance(operand, FactRef) or operand.type.kind == CHOICES or operand.whose == "this":
            return None
        if operand.via:
            self.used_otherwise.add(f"field {operand.kind} {operand.name}")
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
                found |= self.collected_fact(node, kind, outer)
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
                if (text_fact := self.compared_text(node, kind)) is not None:
                    found.update(self.read_fact(text_fact, CASE if text_fact.kind == CASE else kind))
                    return
            case Lookup(name, "", key):
                self.mention_brackets(name, key, kind)
        for child in children(node):
            self.collect(child, kind, outer, found)

    def collected_fact(self, node: FactRef, kind: str, outer: str) -> set[str]:
        """The fields of a fact that is read; of a text it is noted that more is done with it than to compare it."""
        owner = CASE if node.kind == CASE else outer if node.whose == "this" else kind
        read = set(self.read_fact(node, owner))
        if node.type.kind == TEXT:
            self.used_otherwise |= {*read, f"field {node.kind} {node.name}"}
        return read

    def compared_text(self, node: Condition, kind: str) -> FactRef | None:
        """The text that is compared with what is written down, and nothing more; None for any other comparison."""
        operand = operand_of(node)
        if not isinstance(operand, FactRef) or operand.type.kind != TEXT or self.direct(node, kind) is None:
            return None
        return operand

    def read_fact(self, node: FactRef, owner: str) -> Iterator[str]:
        if node.via:
            yield self.program.fields[owner][self.alias(node, owner)].key
            yield f"field {owner} {node.via}"
        else:
            yield f"field {owner} {node.name}{'.' + node.choice if node.choice else ''}"

    # --- cells, matchers, order ------------------------------------------------------------------------------

    def finish(self) -> None:
        groups = list(self.program.groups.values())
        for group in groups:
            for atom in group.atoms():
                self.mention(atom, group.kind)
        for fields in self.program.fields.values():
            for one in fields:
                is_text = one.role == "asked" and one.type.kind == TEXT
                only_compared = is_text and one.key not in self.used_otherwise
                one.cells = Cells(one.type, self.mentioned.get(one.key, ()), only_compared=only_compared)
        for group in groups:
            self.match(group)
        override(self.program)
        try:
            self.program.steps = ordered(self.program)
        except layers.Cycle as cycle:
            self.problems.append(cycle_problem(self.program, cycle, self.places))
        if self.problems:
            raise Problems(self.problems)
        self.program.strata = strata(self.program)

    def mention(self, atom: Condition, kind: str) -> None:
        """Literals that a fact is compared with, in a matched condition or inside a stand-in, cut its domain."""
        direct = self.direct(atom, kind)
        if direct is not None:
            self.mentioned.setdefault(direct.key, set()).update(
                node.value for node in walk(atom) if isinstance(node, Literal)
            )
        for operand, other in compared(atom):
            direct = self.direct(Truth(operand), kind)
            if direct is not None and isinstance(other, ParameterRef):
                self.mentioned.setdefault(direct.key, set()).update(self.figures(other.name))

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
            self.mentioned.setdefault(direct.key, set()).update(s for s in steps if not isinstance(s, Partial | None))

    def match(self, group: Group) -> None:
        used: dict[tuple[bool, int], int] = {}
        order: list[Field] = []
        for atom in group.atoms():
            one = self.atom_field(atom, group.kind)
            used.setdefault((one.kind != group.kind, one.index), 0)
        for number, (shared, index) in enumerate(sorted(used)):
            used[shared, index] = number
            order.append(self.program.fields[CASE if shared else group.kind][index])
            order[-1].watched = True
        group.own = tuple(index for shared, index in sorted(used) if not shared)
        group.shared = tuple(index for shared, index in sorted(used) if shared)
        group.take, group.take_shared = _taker(group.own), _taker(group.shared)

        def place(atom: Condition) -> tuple[int, int] | None:
            if isinstance(atom, And | Or | Not) and (group.whole or ticked(atom) is None):
                return None
            one = self.atom_field(atom, group.kind)
            operand = used[one.kind != group.kind, one.index]
            cells = one.cells.where(atom) if self.direct(atom, group.kind) is not None else 2
            self.program.atoms[group.kind, atom] = one, cells
            return operand, cells

        told: list[set[int]] = [set() for _ in order]
        for atom in group.atoms():
            found = place(atom)
            if found is not None:
                told[found[0]].add(found[1])
        group.tells = tuple(tuple(sorted(cells)) for cells in told)
        try:
            operands = [one.cells for one in order]
            group.matcher = Matcher(group.conditions, operands, place, self.known.get(group.key))
        except TooComplicated:
            where = self.places.get(group.key, Place(self.pack.folder))
            message = f"the condition of `{group.name}` has too many alternatives to be matched"
            mend = "split it: conclude a part of it in a derived fact, and use that"
            self.problems.append(Problem(where, "too-complicated", message, mend))


def _taker(indices: tuple[int, ...]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    if not indices:
        return lambda masks: ()
    if len(indices) == 1:
        only = indices[0]
        return lambda masks: (masks[only],)
    return itemgetter(*indices)
