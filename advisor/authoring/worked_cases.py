"""Runs worked cases: what each expects, compared with what comes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

from advisor.advice import explain, speech
from advisor.advice import reach as advice_reach
from advisor.advice.advice import Advice
from advisor.advice.advisor import LoadedPack
from advisor.advice.answers import OPEN, Answered
from advisor.advice.data import recommendation
from advisor.advice.explain import Named
from advisor.authoring.slices import Slices, content
from advisor.cases.reader import Expectation, WorkedCase, read_cases
from advisor.files.kept import Marks
from advisor.packs.pack import Pack
from advisor.problems.problem import Place, Problem, Problems
from advisor.reasoning.revision import below
from advisor.values import wording
from advisor.values.text import read_value
from advisor.values.types import NUMBER, Number, Partial, Type, Value, Within

PLAIN_FEATURES: Final = frozenset(("deadline", "standing", "status", "strength"))
"""Features of a recommendation that hang on its rule and its deadline alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one worked case: no problems where all is as expected."""

    case: WorkedCase
    problems: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Whether all came out as expected."""
        return not self.problems


def all_cases(pack: Pack) -> list[WorkedCase]:
    """The worked cases of a pack, by file. Raises Problems with every mistake in them."""
    found: list[WorkedCase] = []
    problems: list[Problem] = []
    for file in sorted((Path(pack.folder) / "cases").glob("*.yaml")):
        try:
            found += read_cases(pack, file)
        except Problems as error:
            problems += error.problems
    if problems:
        raise Problems(problems)
    return found


def run(pack: LoadedPack, case: WorkedCase, today: date | None = None) -> Result:
    """Advises on a worked case and compares; `today` is the day it is for a case that gives none, else the clock's."""
    sought = reach(pack, case)
    found = _problems(pack, case, today, sought)
    if found and sought is not None:  # what comes out is told in words that may put in anything
        found = _problems(pack, case, today, None)
    return Result(case=case, problems=tuple(found))


def _problems(
    pack: LoadedPack, case: WorkedCase, today: date | None, sought: frozenset[str] | None
) -> Sequence[Problem]:
    try:
        advice = Advice(pack.reason(case.case, today=case.case.today or today, sought=sought))
        return differences(advice, case)
    except Problems as problems:
        return problems.problems


def reach(pack: LoadedPack, case: WorkedCase) -> frozenset[str] | None:
    """The keys of the fields and groups from which what a case expects is worked out; None where that is unclear."""
    program = pack.program
    roots = advice_reach.must_hold(program)
    found: set[str] = set()
    for one in (*case.expect, *case.expect_not, *case.expect_open):
        name = one.key.strip().partition("@")[0]
        if one.goal:
            answer = pack.reach(name)
            if answer is None:
                return None
            found |= answer
        elif name in program.pack.rules:
            if isinstance(one.value, dict) and not PLAIN_FEATURES.issuperset(one.value):
                return None
            roots |= advice_reach.advice_roots(program, name)
        elif name.partition(":")[0] in program.pack.projections:
            roots |= advice_reach.forecast_roots(program, name.partition(":")[0])
        else:
            fields = [
                program.find(kind, each) for kind in program.pack.kinds() for each in (name.replace("-", "_"), name)
            ]
            roots |= {field.key for field in fields if field is not None}
    return below(program, roots) | found


def differences(advice: Advice, case: WorkedCase) -> list[Problem]:
    """What of the advice on a worked case is not as it expects."""
    return [*_answers(advice, case), *_expected(advice, case), *_not_expected(advice, case), *_open(advice, case)]


def moving(pack: LoadedPack, case: WorkedCase, today: date) -> Problem | None:
    """That what a case expects depends on the day on which it is run, since it names none; None where it does not."""
    if case.case.today is not None:
        return None
    found = {day: run(pack, case, day).problems for day in _later(today)}
    usual = found[today]
    other = next((day for day, problems in found.items() if _said(problems) != _said(usual)), None)
    if other is None:
        return None
    differing = [one for one in (*found[other], *usual) if _said([one]) - (_said(found[other]) & _said(usual))]
    when = other if differing[0] in found[other] else today
    day = next((day for day in (case.case.as_of, *found) if day is not None and run(pack, case, day).passed), today)
    return Problem(
        case.place,
        "moves-with-the-clock",
        f"“{case.sentence}” names no `today`, and what comes out depends on it: "
        f"on {when.isoformat()} {differing[0].message}",
        f"add the day on which it is as expected: `today: {day.isoformat()}`",
        related=((differing[0].place, "is what moves"),) if differing[0].place.file == case.place.file else (),
    )


class Runs:
    """Runs the worked cases of a pack; one that passed before, and nothing that it hangs on has changed, not again."""

    def __init__(self, pack: LoadedPack, slices: Slices, marks: Marks) -> None:
        self._pack = pack
        self._slices = slices
        self._marks = marks

    def run(self, case: WorkedCase, today: date) -> Result:
        """What came of a case."""

        def failing() -> Result | None:
            result = run(self._pack, case, today)
            return None if result.passed else result

        found = self._marks.passes(("run", *self._parts(case, today)), failing)
        return found or Result(case=case, problems=())

    def moving(self, case: WorkedCase, today: date) -> Problem | None:
        """See `moving`."""
        if case.case.today is not None:
            return None
        parts = ("moving", *self._parts(case, today))
        return self._marks.passes(parts, lambda: moving(self._pack, case, today))

    def _parts(self, case: WorkedCase, today: date) -> tuple[object, ...]:
        """All that what comes of a case hangs on."""
        sought, pack = reach(self._pack, case), self._pack.data
        keys = [one.key.strip().partition("@")[0] for one in (*case.expect, *case.expect_not, *case.expect_open)]
        named = [pack.goals.get(key) or pack.projections.get(key.partition(":")[0]) for key in keys]
        slice_ = pack.digest if sought is None else self._slices.among(sought)
        day = case.case.today or today
        return content((replace(case, file="", number=0), named)), slice_, day


def _later(today: date) -> list[date]:
    """The day itself, and one so much later that whatever waits for a day has come to pass."""
    return [today, today + timedelta(days=3660)]


def _said(problems: Iterable[Problem]) -> set[str]:
    return {problem.message for problem in problems}


def _of_conclusions(expected: Iterable[Expectation]) -> Iterator[Expectation]:
    return (one for one in expected if not one.goal)


def _answers(advice: Advice, case: WorkedCase) -> Iterator[Problem]:
    wanted = [(one, True) for one in case.expect] + [(one, False) for one in case.expect_not]
    for one, expected in wanted:
        if not one.goal:
            continue
        found = explain.answered(advice, one.key)
        if any(_answers_as(answered, one) for answered in found) is not expected:
            words = wording.listing(f"“{OPEN if not answered.settled else answered.verdict}”" for answered in found)
            outcome = f"the answer is {words}" if found else "the case has nothing that it is about"
            told = "to be" if expected else "not to be"
            yield _differs(one.place, f"the answer to `{one.key}` was expected {told} “{one.value}”", outcome)


def _answers_as(answered: Answered, one: Expectation) -> bool:
    return not answered.settled if one.value == OPEN else answered.settled and answered.verdict == one.value


def _expected(advice: Advice, case: WorkedCase) -> Iterator[Problem]:
    for one in _of_conclusions(case.expect):
        named = explain.named(advice, one.key)
        if one.value is None:
            if not any(explain.state(advice, thing) is True for thing in named):
                yield _differs(one.place, f"`{one.key}` was expected to hold", _outcome(advice, named))
        elif not any(_matches(advice, thing, one) for thing in named):
            yield _differs(one.place, f"`{one.key}` was expected to be {_wanted(one)}", _outcome(advice, named))


def _not_expected(advice: Advice, case: WorkedCase) -> Iterator[Problem]:
    for one in _of_conclusions(case.expect_not):
        named = explain.named(advice, one.key)
        if one.value is not None:
            wrong = [thing for thing in named if _matches(advice, thing, one)]
        else:
            wrong = [thing for thing in named if explain.state(advice, thing) is not False]
        if wrong:
            yield _differs(one.place, f"`{one.key}` was expected not to hold", _outcome(advice, wrong))


def _open(advice: Advice, case: WorkedCase) -> Iterator[Problem]:
    for one in _of_conclusions(case.expect_open):
        named = explain.named(advice, one.key)
        if not any(explain.state(advice, thing) is None for thing in named):
            yield _differs(one.place, f"`{one.key}` was expected to be open", _outcome(advice, named))


def _differs(place: Place, expected: str, outcome: str) -> Problem:
    return Problem(place, "unexpected", f"{expected}, but {outcome}", "mend the rule, or the case")


def _wanted(one: Expectation) -> str:
    return str(one.value) if not isinstance(one.value, dict) else ", ".join(f"{k} {v}" for k, v in one.value.items())


def _matches(advice: Advice, thing: Named, one: Expectation) -> bool:
    if thing.field is not None and isinstance(one.value, str):
        return _same(read_value(one.value, thing.field.type), explain.value(thing), one.value)
    if thing.forecast is not None and isinstance(one.value, dict):
        return all(_figure_matches(getattr(thing.forecast, name, None), wanted) for name, wanted in one.value.items())
    if thing.rule is not None and isinstance(one.value, dict):
        return explain.state(advice, thing) is True and _advised_as(advice, thing, one.value)
    return False


def _same(wanted: Value, found: Value, written: str) -> bool:
    return isinstance(found, Partial) if written == "unknown" else wanted == found


def _figure_matches(figure: Number | None, wanted: str) -> bool:
    if figure is None or wanted == "none":
        return figure is None and wanted == "none"
    span = read_value(wanted, Type(NUMBER))
    if isinstance(span, Within):
        low, high = span.low, span.high
        above = low is None or (figure > low if span.low_open else figure >= low)  # type: ignore[operator]
        below = high is None or (figure < high if span.high_open else figure <= high)  # type: ignore[operator]
        return above and below
    return span == figure


def _advised_as(advice: Advice, thing: Named, wanted: dict[str, str]) -> bool:
    """Strength, deadline, standing and dissent of a recommendation, where a case names them."""
    shown = recommendation(advice, thing.key)
    for name, text in wanted.items():
        if name == "dissent":
            if not any(text in (dissent["text"] + dissent["why_below"]) for dissent in shown.get("dissent", ())):
                return False
        elif str(shown.get(name)) != text:
            return False
    return True


def _outcome(advice: Advice, named: list[Named]) -> str:
    if not named:
        return "the case has nothing that it is about"
    return wording.listing(_one_outcome(advice, thing) for thing in named)


def _one_outcome(advice: Advice, thing: Named) -> str:
    if thing.field is not None:
        return f"`{thing.key}` is {speech.valued(thing.subject, thing.field)}"
    if thing.forecast is not None:
        one = thing.forecast
        figures = ", ".join(f"{name} {_shown(getattr(one, name))}" for name in ("worst", "likely", "best"))
        return one.absent or f"`{thing.key}` has {figures}"
    words = {True: "holds", False: "does not hold", None: "is open"}[explain.state(advice, thing)]
    return f"`{thing.key}` {words}"


def _shown(figure: Number | None) -> str:
    if figure is None:
        return "none"
    return wording.number(figure, 4) if isinstance(figure, Fraction) else str(figure)
