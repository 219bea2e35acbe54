"""Which slips the worked cases of a pack would notice.

In: a loaded pack, its worked cases, and slips. Out: a `Score`: for each slip the case that notices it, that it changes
nothing, or that no case notices it.

A slip in a condition can show in a case only where the condition comes out otherwise there, so every case is reasoned
over once, by a program that also holds each comparison of each slip (after Untch, Offutt, Harrold, "Mutation analysis
using mutant schemata", ISSTA 1993). Where a case expects just the rule or the answer that slipped, that tells already
whether it notices. Only what is left is compiled and advised again, on the cases that it can reach, up to the first
that notices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from advisor.advice.advice import Advice
from advisor.advice.advisor import LoadedPack, broken_constraints
from advisor.authoring.clashes import Impossible
from advisor.authoring.conditions import Probe, Site, State
from advisor.authoring.slips import SORTS, Slip
from advisor.authoring.worked_cases import differences, reach, run
from advisor.cases.reader import Expectation, WorkedCase
from advisor.language.comparisons import atoms
from advisor.language.tree import CASE, And, Condition, Lookup, Not, ParameterRef, Text
from advisor.packs.checks import all_parts
from advisor.packs.pack import AnswerRow, Goal, Pack, Rule
from advisor.problems.problem import Place, Problems
from advisor.reasoning.grafting import Graft, Grafted
from advisor.reasoning.revision import Dependents
from advisor.reasoning.world import World

_SCREEN: Final = "slips about "
EVERYTHING: Final = "*"
"""What a case listens to of which it is not known on what it hangs."""
_NOWHERE: Final = Place("")
_NOTHING: Final = Text((), _NOWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One slip: the case that notices it (`by`), or that no case can (`idle`: it changes nothing), or neither."""

    slip: Slip
    by: str = ""
    """The address of the case; `the check` where the pack would not be accepted at all."""
    idle: bool = False

    @property
    def noticed(self) -> bool:
        """Whether somebody would be told."""
        return bool(self.by)


@dataclass(slots=True, kw_only=True)
class Score:
    """What became of all slips that were tried, of `slips` that there are."""

    pack: Pack
    cases: int
    slips: int
    judged: list[Judged] = field(default_factory=list)

    @property
    def counted(self) -> list[Judged]:
        """Those that change something, or of which that is not known."""
        return [one for one in self.judged if not one.idle]

    @property
    def unnoticed(self) -> list[Judged]:
        """Those that no case notices, though they may change something."""
        return [one for one in self.counted if not one.noticed]

    @property
    def share(self) -> float:
        """The share of them that is noticed, from 0 to 1; 1 where there are none."""
        return sum(one.noticed for one in self.counted) / len(self.counted) if self.counted else 1.0

    def to_dict(self) -> dict[str, Any]:
        """The score as plain data."""
        return {
            "pack": self.pack.id,
            "cases": self.cases,
            "slips": self.slips,
            "tried": len(self.judged),
            "change_nothing": len(self.judged) - len(self.counted),
            "noticed": sum(one.noticed for one in self.counted),
            "score": round(self.share, 4),
            "by_sort": {
                sort: {
                    "counted": sum(one.slip.sort == sort for one in self.counted),
                    "noticed": sum(one.slip.sort == sort and one.noticed for one in self.counted),
                }
                for sort in SORTS
            },
            "unnoticed": [_slip(one.slip) for one in self.unnoticed],
        }


def _slip(slip: Slip) -> dict[str, Any]:
    return {
        "sort": slip.sort,
        "of": slip.what,
        "name": slip.name,
        "file": slip.place.file,
        "line": slip.place.line,
        "before": slip.before,
        "after": slip.after,
    }


def checked(pack: LoadedPack, cases: Iterable[WorkedCase], today: date) -> None:
    """Raises Problems where a case does not come out as expected: it could notice nothing."""
    wrong = [problem for case in cases for problem in run(pack, case, today).problems]
    if wrong:
        raise Problems(wrong)


# --- screening ------------------------------------------------------------------------------------------------------


class Screen:
    """Every case reasoned over by a program that holds the comparisons of all slips beside those of the pack."""

    def __init__(self, pack: Pack, slips: Sequence[Slip]) -> None:
        self.pack = LoadedPack(_with_comparisons(pack, slips))
        self.worlds: list[World | None] = []
        self.sought: list[frozenset[str] | None] = []
        """What must be found out of each case, for what it expects."""
        self.dependents = Dependents(self.pack.program)
        self._probes: dict[tuple[str, Condition], Probe] = {}

    def add(self, case: WorkedCase, today: date) -> None:
        """Reasons over one more case."""
        sought = reach(self.pack, case)
        self.sought.append(sought)
        try:
            self.worlds.append(self.pack.reason(case.case, today=case.case.today or today, sought=sought))
        except Problems:
            self.worlds.append(None)

    def states(self, world: World, kind: str, condition: Condition) -> list[State]:
        """What a condition comes to for each thing that it is about."""
        probe = self._probes.get((kind, condition))
        if probe is None:
            site = Site(what="", name="", kind=kind, condition=condition, place=_NOWHERE)
            probe = self._probes[kind, condition] = Probe(self.pack.program, site)
        return [probe.whole(world, subject) for subject in world.subjects(kind)]


def _with_comparisons(pack: Pack, slips: Sequence[Slip]) -> Pack:
    """The pack with each comparison of the slips as a row of an answer that nobody asks for."""
    by_kind: dict[str, dict[Condition, None]] = {}
    for slip in slips:
        if slip.site is not None and slip.new is not None:
            found = by_kind.setdefault(slip.site.kind, {})
            found.update(dict.fromkeys([*atoms(slip.site.condition), *atoms(slip.new)]))
    goals = {
        f"{_SCREEN}{kind}": Goal(
            id=f"{_SCREEN}{kind}",
            asks=_NOTHING,
            about=kind,
            rows=tuple(AnswerRow(when=one, say=_NOTHING, place=_NOWHERE) for one in conditions),
            place=_NOWHERE,
        )
        for kind, conditions in by_kind.items()
    }
    return replace(pack, goals={**pack.goals, **goals})


class Listening:
    """What each worked case listens to: the fields and groups (by key) from which that follows which it expects."""

    def __init__(self, pack: LoadedPack, dependents: Dependents) -> None:
        self.pack = pack.data
        self.program = pack.program
        self.dependents = dependents
        self.always = frozenset(self.program.condition(one.about, one.that).key for one in self.pack.must_hold)
        """A case that breaks what must hold is sent back."""
        self._heard: dict[str, frozenset[str]] = {}
        self.by_case: list[frozenset[str]] = []

    def add(self, case: WorkedCase) -> None:
        """Listens to what one more case expects."""
        expected = (*case.expect, *case.expect_not, *case.expect_open)
        self.by_case.append(self.always.union(*(self.of(one.key) for one in expected)))

    def hears(self, number: int, affected: frozenset[str] | None) -> bool:
        """Whether something that a case expects hangs on what slipped; `affected`: on what it works, None for all."""
        heard = self.by_case[number]
        return affected is None or EVERYTHING in heard or not heard.isdisjoint(affected)

    def affected(self, slip: Slip) -> frozenset[str] | None:
        """The keys of what slipped and of all that hangs on it; None where that may be anything."""
        roots = self._roots(slip)
        if roots is None:
            return None
        return frozenset(roots).union(*((step.key for step in self.dependents.steps(root)) for root in roots))

    def _roots(self, slip: Slip) -> list[str] | None:
        own = slip.name.partition(" of ")[2] or slip.name
        if slip.what == "rule":
            return [self.program.group_of[slip.name].key]
        if slip.what == "answer":
            return [f"goal {own}"]
        if slip.what in ("row", "applies of"):
            kind, name = own.rpartition(".")[0] or CASE, own.rpartition(".")[2]
            return [one.key for one in self.program.fields[kind] if one.fact is not None and one.fact.name == name]
        if slip.what == "source":
            return [self.program.group_of[one.id].key for one in self.pack.rules.values() if slip.name in one.sources]
        return None if self.pack.parameters[slip.name].by is not None else [f"field {CASE} parameter {slip.name}"]

    def of(self, key: str) -> frozenset[str]:
        """What an expectation follows from."""
        name = key.partition("@")[0].partition(":")[0]
        if name not in self._heard:
            self._heard[name] = frozenset(self._followed(name))
        return self._heard[name]

    def _followed(self, name: str) -> Iterator[str]:
        if name in self.pack.goals:
            yield from self._of_goal(self.pack.goals[name])
        if name in self.pack.rules:
            yield from self._of_rule(self.pack.rules[name], set())
        if name in self.pack.projections:
            yield EVERYTHING
        fact = name.replace("-", "_")
        for kind in self.pack.kinds():
            yield from (one.key for one in self.program.fields[kind] if one.fact is not None and one.fact.name == fact)

    def _of_goal(self, goal: Goal) -> Iterator[str]:
        yield f"goal {goal.id}"
        for row in goal.rows:
            if row.when is not None:
                yield self.program.condition(goal.about, row.when).key
            if row.verdict is not None and not row.verdict.plain:
                yield EVERYTHING
        if goal.value:
            yield EVERYTHING

    def _of_rule(self, rule: Rule, seen: set[str]) -> Iterator[str]:
        """Its own group, and those of advice that is preferred to it or argues about it."""
        if rule.id in seen:
            return
        seen.add(rule.id)
        yield self.program.group_of[rule.id].key
        for other in self.program.opponents.get(rule.id, ()):
            yield from self._of_rule(other, seen)
        for other in self.pack.rules.values():
            if rule.id in (*other.argues_for, *other.argues_against):
                yield from self._of_rule(other, seen)


class Judge:
    """Tells of each slip which case notices it; cases may be added."""

    def __init__(self, pack: LoadedPack, cases: Iterable[WorkedCase], slips: Sequence[Slip], today: date) -> None:
        self.pack = pack
        self.cases: list[WorkedCase] = []
        self.today = today
        self.screen = Screen(pack.data, slips)
        self.listening = Listening(self.screen.pack, self.screen.dependents)
        self.impossible = Impossible(self.screen.pack, today)
        self.read_on_days = {
            one.name for one in all_parts(pack.data) if isinstance(one, ParameterRef | Lookup) and one.on is not None
        }
        """Figures that are read on another day than that of the case."""
        self.replays = 0
        for case in cases:
            self.add(case)

    def add(self, case: WorkedCase) -> None:
        """One more case."""
        self.cases.append(case)
        self.screen.add(case, self.today)
        self.listening.add(case)

    def judge(self, slip: Slip, first: int = 0) -> Judged:
        """What becomes of one slip, on the cases from a number on."""
        reached = [number for number in self._reached(slip) if number >= first]
        for number in reached:
            if self._tells(slip, number):
                return Judged(slip=slip, by=_address(self.cases[number]))
        if reached:
            try:
                notices = self._noticing(slip)
            except Problems:
                return Judged(slip=slip, by="the check")
            for number in reached:
                self.replays += 1
                if notices(number):
                    return Judged(slip=slip, by=_address(self.cases[number]))
        return Judged(slip=slip, idle=not first and self._idle(slip))

    def _noticing(self, slip: Slip) -> Callable[[int], bool]:
        """Tells of a case whether it notices the slip. Raises Problems where the pack is none with it."""
        graft = self.graft(slip)
        if graft is None:
            changed = LoadedPack(slip.made())
            return lambda number: not run(changed, self.cases[number], self.today).passed

        def notices(number: int) -> bool:
            world, case = self.screen.worlds[number], self.cases[number]
            if world is None:
                return False  # made sure of below
            slipped = Grafted(world, graft, self.screen.sought[number])
            return any(True for _ in broken_constraints(slipped)) or bool(differences(Advice(slipped), case))

        return notices

    def graft(self, slip: Slip) -> Graft | None:
        """The slip grafted onto the program of the screen, where it is one that can be."""
        program, pack = self.screen.pack.program, self.screen.pack.data
        made = slip.made()
        own = slip.name.partition(" of ")[2] or slip.name
        if slip.what == "rule":
            graft = Graft(program, self.screen.dependents, pack)
            before, after = pack.rules[slip.name], made.rules[slip.name]
            if slip.new is not None:
                return graft.rule(before, after.when)
            if before.conclude != after.conclude and after.conclude is not None:
                return graft.concluding(before, after.conclude[1])
            return None
        if slip.what == "answer" and slip.new is not None:
            goal = made.goals[own]
            graft = Graft(program, self.screen.dependents, replace(pack, goals={**pack.goals, own: goal}))
            return graft.answer(goal, slip.new)
        if slip.what in ("row", "applies of"):
            kind, name = own.rpartition(".")[0] or CASE, own.rpartition(".")[2]
            graft = Graft(program, self.screen.dependents, pack)
            fact = made.facts[kind][name]
            return graft.rows(fact) if slip.what == "row" else graft.applies(fact)
        return None

    def _reached(self, slip: Slip) -> list[int]:
        """The cases in which it can show, by number: those first where what slipped comes out otherwise."""
        sure, open_ = [], []
        affected = self.listening.affected(slip)
        for number, world in enumerate(self.screen.worlds):
            if not self.listening.hears(number, affected):
                continue
            if slip.what == "source" and not self._hears_standing(slip, self.cases[number]):
                continue
            if world is None:
                sure.append(number)  # it is sent back, and may not be any more
                continue
            found = self._reaches(slip, world)
            if found:
                sure.append(number)
            elif found is None:
                open_.append(number)
        return [*sure, *open_]

    def _reaches(self, slip: Slip, world: World) -> bool | None:
        if slip.site is not None and slip.new is not None:
            before = self.screen.states(world, slip.site.kind, slip.site.condition)
            after = self.screen.states(world, slip.site.kind, slip.new)
            if before != after:
                return True
            deeper = slip.what != "rule" or self.pack.data.rules[slip.name].conclude is not None
            return None if deeper and None in before else False
        if slip.what == "rule":
            return self._reaches_rule(slip, world)
        if slip.what == "row":
            return True
        if slip.what == "source":
            return self._reaches_source(slip, world)
        return True if self._reaches_figure(slip, world) else None if slip.name in self.read_on_days else False

    def _reaches_rule(self, slip: Slip, world: World) -> bool | None:
        """Where its condition may hold and, if it is its time that slipped, it is in force or not on that day."""
        before = self.pack.data.rules[slip.name]
        after = slip.made().rules[slip.name]
        if before.periods != after.periods and before.in_force(world.as_of) is after.in_force(world.as_of):
            return False
        states = self.screen.states(world, before.about, before.when)
        return True if True in states else None if None in states else False

    def _hears_standing(self, slip: Slip, case: WorkedCase) -> bool:
        """Whether a source that is trusted otherwise can be heard of: where it is no guess, only in a standing."""
        before, after = self.pack.data.rules, slip.made().rules
        cites = {id_ for id_ in before if before[id_] != after[id_]}
        if any(before[id_].speculative is not after[id_].speculative for id_ in cites):
            return True
        return any(
            isinstance(one.value, dict) and "standing" in one.value and one.key.partition("@")[0] in cites
            for one in case.expect
        )

    def _reaches_source(self, slip: Slip, world: World) -> bool | None:
        pack = self.pack.data
        if any(slip.name in model.sources for one in pack.projections.values() for model in one.models):
            return True
        for rule in pack.rules.values():
            if slip.name in rule.sources:
                states = self.screen.states(world, rule.about, rule.when)
                if True in states or None in states:
                    return True
        return False

    def _reaches_figure(self, slip: Slip, world: World) -> bool:
        """Whether a figure is another on the day of the case."""
        before = self.pack.data.parameters[slip.name]
        after = slip.made().parameters[slip.name]
        days = (world.as_of,)
        return any(
            [one.in_force(day) for one in before.values] != [one.in_force(day) for one in after.values] for day in days
        )

    # --- what expectations tell at once -----------------------------------------------------------------------------

    def _tells(self, slip: Slip, number: int) -> bool:
        """Whether the case notices it by what it expects of the very rule or answer that slipped; false: not told."""
        world, case = self.screen.worlds[number], self.cases[number]
        if world is None or slip.site is None or slip.new is None:
            return False
        if slip.what == "rule" and self._stands_alone(slip.name):
            subjects = world.subjects(slip.site.kind)
            states = dict(
                zip((one.id for one in subjects), self.screen.states(world, slip.site.kind, slip.new), strict=True)
            )
            return _rule_fails(case, slip.name, states)
        if slip.what == "answer":
            return self._answer_fails(slip, case, world)
        return False

    def _stands_alone(self, rule_id: str) -> bool:
        """Whether a rule stands just where its condition holds."""
        rule = self.pack.data.rules[rule_id]
        program = self.pack.program
        group = program.group_of[rule_id]
        beaten = group.overriders[group.rules.index(rule)]
        return not (rule.periods or beaten or program.opponents.get(rule_id) or _has_deadline(rule.advise))

    def _answer_fails(self, slip: Slip, case: WorkedCase, world: World) -> bool:
        assert slip.site is not None
        assert slip.new is not None
        number, _, name = slip.name.partition(" of ")
        goal = self.pack.data.goals[name]
        wanted = [(one, True) for one in case.expect] + [(one, False) for one in case.expect_not]
        for one, expected in wanted:
            id_, _, entity = one.key.partition("@")
            if not one.goal or id_ != name or not isinstance(one.value, str):
                continue
            conditions = [slip.new if at == int(number) else row.when for at, row in enumerate(goal.rows, 1)]
            found = [
                self._verdict(goal, conditions, world, at)
                for at, subject in enumerate(world.subjects(goal.about))
                if entity in ("", subject.id)
            ]
            if None not in found and (one.value in found) is not expected:
                return True
        return False

    def _verdict(self, goal: Goal, conditions: list[Condition | None], world: World, at: int) -> str | None:
        """The verdict of the first row that applies; None where that, or how it reads, is not told at once."""
        for row, condition in zip(goal.rows, conditions, strict=True):
            state = True if condition is None else self.screen.states(world, goal.about, condition)[at]
            if state is None:
                return None
            if state:
                verdict = row.verdict
                if verdict is None or not verdict.plain:
                    return None
                return "".join(str(part) for part in verdict.parts)
        return None

    # --- slips that change nothing ----------------------------------------------------------------------------------

    def _idle(self, slip: Slip) -> bool:
        """Whether both conditions are the same in every case, as a search to its end shows."""
        if slip.site is None or slip.new is None:
            return False
        old, new = slip.site.condition, slip.new
        differ = (And((old, Not(new))), And((new, Not(old))))
        return all(self.impossible(one, slip.site.kind) for one in differ)


def _has_deadline(advise: Any) -> bool:  # noqa: ANN401  an `Advise`, or nothing
    return advise is not None and advise.before_deadline is not None


def _rule_fails(case: WorkedCase, rule_id: str, states: Mapping[str, State]) -> bool:
    def of(one: Expectation) -> list[State] | None:
        id_, _, entity = one.key.partition("@")
        if one.goal or id_ != rule_id:
            return None
        return [state for id_, state in states.items() if entity in ("", id_)]

    for one in case.expect:
        if (found := of(one)) is not None and True not in found:
            return True
    for one in case.expect_not:
        if one.value is None and (found := of(one)) is not None and any(state is not False for state in found):
            return True
    return any((found := of(one)) is not None and None not in found for one in case.expect_open)


def _address(case: WorkedCase) -> str:
    return f"{case.file}#{case.id or case.number}"
