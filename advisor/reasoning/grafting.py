"""A program with one condition or conclusion otherwise, and worlds of it made from worlds of the program as it is.

In: a `Program` that already holds each comparison of the new condition, and what is to be otherwise. Out: a `Graft`, of
which worlds are made by working out anew only what hangs on it (tests hold them to worlds reasoned from scratch). Of
hundreds of programs that differ in one place, each is looked at for a fraction of what compiling it would take.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from advisor.language.tree import Condition, Expr, yes_no
from advisor.packs.pack import Fact, Goal, Pack, Rule
from advisor.problems.problem import Problems
from advisor.reasoning import evaluation
from advisor.reasoning.compiler import Compiler
from advisor.reasoning.program import Field, Group, Program, Step
from advisor.reasoning.revision import Dependents, Dirty, Revised
from advisor.reasoning.world import World
from advisor.values.types import YES_OR_NO


class Graft:
    """What is otherwise in a program. `program` is the whole with it; `roots`: what changed of itself, by key."""

    def __init__(self, program: Program, dependents: Dependents, pack: Pack) -> None:
        """`pack`: the pack as it is with the change."""
        self.base = program
        self.dependents = dependents
        self.program = copy.copy(program)
        self.program.pack = pack
        self.program.fields = {kind: [*fields] for kind, fields in program.fields.items()}
        self.program.groups = {**program.groups}
        self.program.group_of = {**program.group_of}
        self.program.conditions = {**program.conditions}
        self.program.answers = {**program.answers}
        self.program.needs = {}
        names = program.names
        assert isinstance(names, Compiler)
        self.compiler = copy.copy(names)
        self.program.names = self.compiler
        self.swapped: dict[str, Step] = {}
        self.added: list[tuple[Group, Field]] = []
        """A new condition, matched, and the field that says what it comes to; these come first."""
        self._steps: list[Step] | None = None

    @property
    def steps(self) -> list[Step]:
        """What must be worked out anew, each after what it reads."""
        if self._steps is None:
            keys = {step.key for key in self.swapped for step in self.dependents.steps(key)} | self.swapped.keys()
            self.program.kept = _Kept(self.base.kept, keys)
            self._steps = [step for pair in self.added for step in pair]
            self._steps += [self.swapped.get(step.key, step) for step in self.base.steps if step.key in keys]
            self.program.steps = [self.swapped.get(step.key, step) for step in self.base.steps]
        return self._steps

    @property
    def roots(self) -> set[str]:
        """The keys of what changed of itself."""
        return {*self.swapped, *(step.key for pair in self.added for step in pair)}

    def rule(self, rule: Rule, when: Condition) -> Graft:
        """With another condition of a rule."""
        group = self.program.group_of[rule.id]
        at = group.rules.index(rule)
        self._swap_group(group, (*group.conditions[:at], when, *group.conditions[at + 1 :]))
        return self

    def concluding(self, rule: Rule, value: Expr) -> Graft:
        """With another value that a rule concludes."""
        assert rule.conclude is not None
        group = self.base.group_of[rule.id]
        at = group.rules.index(rule)
        fact = self.base.pack.facts[rule.about][rule.conclude[0]]
        new = self._swap_group(group, group.conditions)
        new.conclusions = (*group.conclusions[:at], self.compiler.settled(value, fact), *group.conclusions[at + 1 :])
        new.resolved = {}
        return self

    def rows(self, fact: Fact) -> Graft:
        """With other rows of a fact."""
        for field in self._fields(fact):
            new = copy.copy(field)
            worked_out, read = self.compiler.formula(new, fact)
            new.meaning = evaluation.within_bounds(worked_out, fact.type)
            new.reads = frozenset(read)
            new.lower = None
            self._swap_field(new)
        return self

    def applies(self, fact: Fact) -> Graft:
        """With another condition on which a fact applies."""
        assert fact.applies is not None
        added = self._matched(fact.kind, fact.applies)
        for field in self._fields(fact):
            new = copy.copy(field)
            old = self.base.fields[fact.kind][field.applies].key
            new.applies = added.index
            new.reads = (field.reads - {old}) | {added.key}
            new.lower = None
            self._swap_field(new)
        return self

    def answer(self, goal: Goal, when: Condition) -> Graft:
        """With another condition of a row of a goal."""
        self._matched(goal.about, when)
        self.program.answers[goal.id] = self.compiler.first_row(goal)
        return self

    def _fields(self, fact: Fact) -> list[Field]:
        return [one for one in self.base.fields[fact.kind] if one.fact is not None and one.fact.name == fact.name]

    def _swap_group(self, group: Group, conditions: tuple[Condition, ...]) -> Group:
        new = copy.copy(group)
        new.conditions = conditions
        self._match(new)
        self.program.groups[group.key] = new
        for rule in group.rules:
            self.program.group_of[rule.id] = new
        self.swapped[group.key] = new
        if group.target >= 0:
            for field in (one for one in self.program.fields[group.kind] if one.group is group):
                changed = copy.copy(field)
                changed.group, changed.lower = new, None
                self.program.fields[field.kind][field.index] = changed
                self.swapped[field.key] = changed
        return new

    def _match(self, group: Group) -> None:
        """Raises Problems where a condition has too many alternatives."""
        group.matcher = None
        self.compiler.problems = []
        self.compiler.match(group)
        if self.compiler.problems:
            raise Problems(self.compiler.problems)
        group.reads = frozenset(self.compiler.atom_field(atom, group.kind).key for atom in group.atoms()) | {
            self.base.group_of[one.id].key for one in group.outside
        }

    def _matched(self, kind: str, condition: Condition) -> Field:
        """A field for a condition, beside all others."""
        name = f"<{len(self.program.fields[kind])}>"
        group = Group(name, kind, (), (condition,))
        self._match(group)
        field = Field(kind, name, yes_no(), "matched", len(self.program.fields[kind]))
        field.group, field.condition, field.reads = group, condition, frozenset((group.key,))
        field.watched = True
        self.program.fields[kind].append(field)
        self.program.groups[group.key] = group
        self.program.conditions[kind, condition] = field
        self.added.append((group, field))
        return field

    def _swap_field(self, field: Field) -> None:
        self.program.fields[field.kind][field.index] = field
        self.swapped[field.key] = field


class _Kept(dict[Any, Any]):
    """Findings, and before them those of the program as it is about fields that do not hang on what changed."""

    def __init__(self, before: dict[Any, Any], changed: Iterable[str]) -> None:
        super().__init__()
        self.before = before
        self.changed = frozenset(changed)

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or (self._stays(key) and key in self.before)

    def __missing__(self, key: Any) -> Any:  # noqa: ANN401  as mappings do
        if self._stays(key):
            return self.before[key]
        raise KeyError(key)

    def _stays(self, key: object) -> bool:
        match key:
            case (("possible" | "exact", str(name), *_), _):
                return name not in self.changed
        return False


class Grafted(Revised):
    """The world of a program with something otherwise, from the world of the program as it is."""

    def __init__(self, world: World, graft: Graft, sought: frozenset[str] | None = None) -> None:
        """`sought`: as of worlds."""
        # It is made as a world is, not as one with another answer.
        World.__init__(self, graft.dependents.idle, world.source, today=world.today, as_of=world.as_of, sought=sought)
        self.hopeless = world.too_much()
        steps = graft.steps
        self.program = graft.program
        self._take_over(world)
        for _, field in graft.added:
            for subject in self.subjects(field.kind):
                subject.values.append(YES_OR_NO)
                subject.masks.append(0)
        roots = graft.roots
        dirty: Dirty = {}
        for step in steps:
            touched = set(self.subjects(step.kind)) if step.key in roots else self._touched(step, dirty)
            if touched:
                again = (
                    self._group_again(step, touched) if isinstance(step, Group) else self._field_again(step, touched)
                )
                dirty[step.key] = again
