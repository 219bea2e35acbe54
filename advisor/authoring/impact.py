"""The impact of an edit on advice: all worked cases run on both packs, and made-up cases on which the edit shows.

In: the pack before and after. Out: an `Impact`: what was edited, which worked cases come out otherwise, and for each
edit a smallest case that was found on which it shows, replayed on both packs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from advisor.advice import speech
from advisor.advice.advice import Advice
from advisor.advice.advisor import LoadedPack
from advisor.advice.recommendations import Recommendation
from advisor.authoring.edits import Edit, edits, undone
from advisor.authoring.made_up import MadeUp, smaller, where_it_shows
from advisor.authoring.sameness import placeless
from advisor.cases.case import Case
from advisor.cases.reader import WorkedCase, each_case
from advisor.decision.compare import findings, span, standing_words
from advisor.language.tree import ALWAYS, Condition
from advisor.packs.pack import Advise, Pack
from advisor.problems.problem import Problems
from advisor.reasoning.subject import Subject
from advisor.reasoning.world import World
from advisor.values import wording
from advisor.values.types import Partial, Value

Part = tuple[str, str]
"""What kind of part of the advice, and its key: `("recommendation", "rule-id@entity")`."""
Told = dict[Part, str]
"""What advice says, by part, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is said otherwise; empty where it is not said at all."""

    part: str
    key: str
    before: str
    after: str

    def to_dict(self) -> dict[str, str | None]:
        """The difference as plain data."""
        return {"part": self.part, "key": self.key, "before": self.before or None, "after": self.after or None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCase:
    """A worked case that comes out otherwise, or that only one of the packs can read (`unread` says why)."""

    address: str
    sentence: str
    differences: tuple[Difference, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The smallest case that was found on which an edit shows, as a case file writes it; what differs there."""

    text: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One edit: a witness, or None where none was found among the cases that were tried."""

    edit: Edit
    witness: Witness | None
    tried: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What an edit does."""

    old: str
    new: str
    pack: str
    cases: int
    changed: tuple[ChangedCase, ...]
    edits: tuple[Shown, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing differs: no part of the pack, and no worked case."""
        return not self.edits and not self.changed

    def to_dict(self) -> dict[str, Any]:
        """The impact as plain data."""
        return {
            "format": 1,
            "pack": self.pack,
            "old": self.old,
            "new": self.new,
            "cases": self.cases,
            "changed": [
                {
                    "case": one.address,
                    "sentence": one.sentence,
                    "differences": [each.to_dict() for each in one.differences],
                    "unread": one.unread or None,
                }
                for one in self.changed
            ],
            "edits": [_shown(one) for one in self.edits],
        }


def _shown(one: Shown) -> dict[str, Any]:
    witness = one.witness
    return {
        "what": one.edit.what,
        "name": one.edit.name,
        "how": one.edit.how,
        "file": one.edit.place.file,
        "line": one.edit.place.line,
        "tried": one.tried,
        "witness": None
        if witness is None
        else {"case": witness.text, "differences": [each.to_dict() for each in witness.differences]},
    }


# --- what advice says ---------------------------------------------------------------------------------------------


def told(advice: Advice) -> Told:
    """What advice says: answers, recommendations, findings, figures and the questions that could change it."""
    found: Told = {("answer", one.key): one.sentence for one in advice.answers}
    for one in advice.recommendations:
        state = "stands" if one.status else "may come to stand"
        due = advice.deadline(one)
        by = "" if due is None or one.advise.deadline is None else wording.in_words(due, one.advise.deadline.type)
        said = [state, one.advise.strength, *([f"by {by}"] if by else []), standing_words(advice, one)]
        found["recommendation", one.key] = f"{', '.join(said)}: {advice.title(one)}"
        found["words", one.key] = _words(advice, one)
    for key, (subject, one_field, _) in findings(advice).items():
        found["finding", key] = speech.valued(subject, one_field)
    found |= {("figure", one.key): span(one) for one in advice.forecasts}
    for (subject, one_field), _ in advice.open_questions:
        found["question", speech.place(advice.world, subject, one_field)] = "matters"
    return found


def _words(advice: Advice, one: Recommendation) -> str:
    """The text, steps and reason of a recommendation as they read."""
    world = advice.world
    steps = [step for step in one.advise.steps if step.when is None or _may_hold(world, step.when, one.subject)]
    texts = [one.advise.text, *(step.do for step in steps), one.advise.deadline_text, one.rule.because]
    return " ".join(speech.spoken(world, text, one.subject) for text in texts if text is not None)


def _may_hold(world: World, condition: Condition, subject: Subject) -> bool:
    return subject.values[world.program.condition(subject.kind, condition).index] is not False


def differing(before: Told, after: Told) -> tuple[Difference, ...]:
    """What is said otherwise, the answers first."""
    keys = [key for key in dict.fromkeys((*after, *before)) if before.get(key) != after.get(key)]
    order = ("answer", "recommendation", "words", "finding", "figure", "question")
    return tuple(
        Difference(part=part, key=key, before=before.get((part, key), ""), after=after.get((part, key), ""))
        for part, key in sorted(keys, key=lambda one: order.index(one[0]))
    )


def advised(pack: LoadedPack, case: Case, today: date) -> Told:
    """What a pack says to a case; that it is refused, where it is."""
    try:
        return told(Advice(pack.reason(case, today=case.today or today)))
    except Problems as error:
        return {("answer", ""): f"the case is sent back: {error.problems[0].help or error.problems[0].message}"}


# --- worked cases and edits -----------------------------------------------------------------------------------------


def impact(  # noqa: PLR0913  two packs, how they are called, and how far to look
    old: LoadedPack,
    new: LoadedPack,
    *,
    names: tuple[str, str],
    today: date,
    most: int,
    progress: Callable[[str, list[Any]], Iterable[Any]] = lambda _, items: items,
) -> Impact:
    """What the new pack says otherwise than the old: on all worked cases of either, and on made-up ones.

    `most`: so many made-up cases are tried for each edit. `progress` goes through a list and may show how far.
    """
    packs = _Packs(old, new)
    pairs = list(_pairs(old, new))
    changed = [found for pair in progress("cases", pairs) if (found := _changed(packs, pair, today)) is not None]
    shown = [_show(packs, one, today, most) for one in progress("edits", packs.edits)]
    return Impact(
        old=names[0],
        new=names[1],
        pack=new.id,
        cases=len(pairs),
        changed=tuple(changed),
        edits=tuple(shown),
    )


class _Packs:
    """The pack before and after, and what is the same in both."""

    def __init__(self, old: LoadedPack, new: LoadedPack) -> None:
        self.old = old
        self.new = new
        self.edits = edits(old.data, new.data)
        self.edited = {one.name.rpartition(".")[2] for one in self.edits}
        """Names of rules and facts that are otherwise."""
        self.same_words = _words_of(old.data) == _words_of(new.data)
        """Whether equal conclusions are told in equal words."""

    def without(self, edit: Edit) -> _Packs:
        """The new pack beside itself without one edit; these packs where it does not hold together without it."""
        if len(self.edits) == 1:
            return self
        try:
            return _Packs(LoadedPack(undone(self.old.data, self.new.data, edit)), self.new)
        except (Problems, KeyError):
            return self


@dataclass(frozen=True, slots=True)
class _Pair:
    address: str
    sentence: str
    before: WorkedCase | Problems
    after: WorkedCase | Problems


def _pairs(old: LoadedPack, new: LoadedPack) -> Iterator[_Pair]:
    """Every worked case of the new pack as both packs read it, then those of the old that are gone."""
    seen: set[tuple[str, str]] = set()
    for of in (new, old):
        for file in sorted((Path(of.data.folder) / "cases").glob("*.yaml")):
            try:
                befores, afters = list(each_case(old.data, file)), list(each_case(new.data, file))
            except Problems:
                continue  # a file that is no list of cases: the check says so
            for (number, node, before), (_, _, after) in zip(befores, afters, strict=True):
                key = (file.name, node.text_at("case") or str(number))
                if key not in seen:
                    seen.add(key)
                    yield _Pair(f"{file}#{node.text_at('id') or number}", node.text_at("case"), before, after)


def _changed(packs: _Packs, pair: _Pair, today: date) -> ChangedCase | None:
    if isinstance(pair.before, Problems) and isinstance(pair.after, Problems):
        return None
    for one, whose in ((pair.before, "old"), (pair.after, "new")):
        if isinstance(one, Problems):
            why = f"the {whose} pack cannot read it: {one.problems[0].message}"
            return ChangedCase(address=pair.address, sentence=pair.sentence, unread=why)
    assert not isinstance(pair.before, Problems)
    assert not isinstance(pair.after, Problems)
    found = _of_case(packs, pair.before.case, pair.after.case, today)
    return ChangedCase(address=pair.address, sentence=pair.sentence, differences=found) if found else None


def _of_case(packs: _Packs, one: Case, other: Case, today: date) -> tuple[Difference, ...]:
    try:
        before = packs.old.reason(one, today=one.today or today)
        after = packs.new.reason(other, today=other.today or today)
    except Problems:
        return differing(advised(packs.old, one, today), advised(packs.new, other, today))
    return () if _alike(packs, before, after) else differing(told(Advice(before)), told(Advice(after)))


def _show(packs: _Packs, edit: Edit, today: date, most: int) -> Shown:
    """The smallest made-up case on which an edit shows by itself, if one is found among so many."""
    alone = packs.without(edit)
    tried = 0
    for made_up in where_it_shows(packs.old, packs.new, edit, today, most):
        tried += 1
        if _difference(alone, made_up, today):
            least = smaller(made_up, lambda one: bool(_difference(alone, one, today)))
            keys = {(one.part, one.key) for one in _difference(alone, least, today)}
            shown = tuple(one for one in _difference(packs, least, today) if (one.part, one.key) in keys)
            if shown:
                return Shown(edit=edit, tried=tried, witness=Witness(text=least.text, differences=shown))
    return Shown(edit=edit, witness=None, tried=tried)


def _difference(packs: _Packs, made_up: MadeUp, today: date) -> tuple[Difference, ...]:
    """What differs on a case as both packs read its text; nothing where one of them cannot read it or sends it back."""
    try:
        before, after = (pack.reason(made_up.read(pack), today=today) for pack in (packs.old, packs.new))
    except Problems:
        return ()
    return () if _alike(packs, before, after) else differing(told(Advice(before)), told(Advice(after)))


def _alike(packs: _Packs, before: World, after: World) -> bool:
    """Whether all that is told must be the same: each fact is worth the same, each rule stands the same and says it.

    What is open and was edited is not taken to be alike, for the questions on which it hangs may be others.
    """
    if not packs.same_words:
        return False
    one, other = packs.old.data, packs.new.data
    for kind in one.kinds():
        for left, right in zip(before.subjects(kind), after.subjects(kind), strict=True):
            for name in _fields(before, kind):
                value = _value(before, left, name)
                edited = isinstance(value, Partial) and name.partition(".")[0] in packs.edited
                if edited or value != _value(after, right, name):
                    return False
            for rule in (rule for rule in one.rules.values() if rule.about == kind):
                state = before.state(rule, left)
                edited = state is None and rule.id in packs.edited
                if edited or state is not after.state(other.rules[rule.id], right):
                    return False
    return True


def _words_of(pack: Pack) -> object:
    rules = [replace(one, when=ALWAYS, advise=_unconditioned(one.advise)) for one in pack.rules.values()]
    facts = [(one.kind, one.name, one.type, one.label, one.finding, one.clauses) for one in pack.all_facts()]
    return placeless([rules, facts, pack.goals, pack.projections, pack.standings, pack.sources, pack.parameters])


def _unconditioned(advise: Advise | None) -> Advise | None:
    return None if advise is None else replace(advise, before_deadline=None)


def _fields(world: World, kind: str) -> Iterator[str]:
    return (one.name for one in world.program.fields[kind] if one.fact is not None)


def _value(world: World, subject: Subject, name: str) -> Value:
    return subject.values[world.program.index[subject.kind][name]]
