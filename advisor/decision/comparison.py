"""A comparison of two cases as a whole: what was set otherwise, and what that changes; as plain data and as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from advisor.advice.advice import Advice
from advisor.advice.advisor import LoadedPack
from advisor.cases import settings as setting
from advisor.cases.case import Case
from advisor.cases.settings import Setting
from advisor.decision.attribution import Advise, Replays, attributed
from advisor.decision.compare import Change, differences
from advisor.decision.data import OptionWriter
from advisor.decision.options import Options
from advisor.language.tree import CASE
from advisor.problems.problem import Problems
from advisor.values import wording

MOST_ALONE: Final = 6
"""Changes that are tried alone, to see which of them moves the courses of action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Advice before and after, what was set (path, before, after), and what that changes."""

    before: Advice
    after: Advice
    settings: tuple[tuple[str, str, str], ...]
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data."""
        return {
            "format": 1,
            "set": [{"path": path, "before": old, "after": new} for path, old, new in self.settings],
            "before": _frame(self.before),
            "after": _frame(self.after),
            "changes": [change.to_dict() for change in self.changes],
        }

    def text(self, width: int = 100) -> str:
        """The comparison for people."""
        return "\n".join(_lines(self, width))


def _frame(advice: Advice) -> dict[str, Any]:
    world = advice.world
    return {
        "today": world.today.isoformat(),
        "as_of": world.as_of.isoformat(),
        "headline": advice.headline,
        "recommendations": [one.key for one in advice.recommendations if one.status],
    }


def what_if(
    pack: LoadedPack,
    case: Case,
    settings: Sequence[Setting],
    *,
    today: date | None = None,
    as_of: date | None = None,
) -> Comparison:
    """The advice on a case beside the advice with these changes made. Raises Problems where either cannot be."""
    # A day that is set by a change must not be held fast by the day from which the case counts.
    free = {one.kind for one in settings}
    on = None if "today" in free else today or case.today
    by = None if "as_of" in free else as_of

    def advise(changed: Case) -> Advice:
        return pack.advise(changed, today=on, as_of=by)

    before = pack.advise(case, today=today, as_of=as_of)
    after = advise(setting.apply(case, settings))
    changes = attributed(differences(before, after), after, Replays(case, settings, advise))
    changes += _of_options(before, after, case, settings, advise)
    shown = []
    for number, one in enumerate(settings):
        so_far = setting.apply(case, settings[:number])
        old, new = setting.written(pack.data, so_far, one), setting.written(pack.data, one.apply(so_far), one)
        shown.append((one.path(pack.data), old, new))
    return Comparison(before=before, after=after, settings=tuple(shown), changes=tuple(changes))


def _of_options(
    before: Advice, after: Advice, case: Case, settings: Sequence[Setting], advise: Advise
) -> Iterator[Change]:
    """What differs in the courses of action, each with the one change that does it alone, else with all of them."""
    alone: list[tuple[str, set[tuple[str, str, str]]]] = []
    changes = option_changes(before, after)
    for one in settings if changes and len(settings) <= MOST_ALONE else ():
        try:
            found = option_changes(before, advise(one.apply(case)))
        except (Problems, KeyError):
            continue
        alone.append((one.path(before.world.program.pack), {(each.key, each.what, each.after) for each in found}))
    paths = tuple(one.path(before.world.program.pack) for one in settings)
    for change in changes:
        doing = [path for path, found in alone if (change.key, change.what, change.after) in found]
        known = bool(doing) or len(settings) == 1
        yield replace(change, facts=tuple(doing[:1]) or paths, smallest=known)


def of_policy(pack: LoadedPack, case: Case, *, today: date | None, as_of: date | None, versus: date) -> Comparison:
    """The advice by the rules of one day beside that by the rules of another."""
    before = pack.advise(case, today=today, as_of=as_of)
    after = pack.advise(case, today=before.world.today, as_of=versus)
    era = _era(before), _era(after)
    days = (f"{before.world.as_of.isoformat()}{era[0]}", f"{versus.isoformat()}{era[1]}")
    figures = tuple(_figures(before, after))
    return Comparison(
        before=before,
        after=after,
        settings=(("as_of", *days), *figures),
        changes=(*differences(before, after), *option_changes(before, after)),
    )


def _figures(before: Advice, after: Advice) -> Iterator[tuple[str, str, str]]:
    """The pack's figures that are not what they were, with both values."""
    program = after.world.program
    for name, parameter in program.pack.parameters.items():
        if parameter.by is None:
            index = program.field(CASE, f"parameter {name}")
            values = [advice.world.case.values[index] for advice in (before, after)]
            if values[0] != values[1]:
                old, new = (wording.in_words(value, parameter.type) for value in values)
                yield parameter.label, old, new


def _era(advice: Advice) -> str:
    world = advice.world
    value = world.case.values[world.program.field("case", "era")]
    eras = world.program.pack.eras
    return f" ({eras[value].title})" if isinstance(value, str) and value in eras else ""


# --- for people -----------------------------------------------------------------------------------------------------

_PARTS: Final = {
    "answer": "Answers",
    "recommendation": "What to do",
    "projection": "Figures",
    "finding": "What is found",
    "option": "Courses of action",
}
_MARKS: Final = {
    "new": "+",
    "now certain": "+",
    "withdrawn": "-",
    "ruled out": "-",
    "could hold": "?",
    "no longer certain": "?",
    "now possible": "+",
}


def _lines(one: Comparison, width: int) -> Iterator[str]:
    if one.settings:
        yield "Set otherwise:"
    for path, old, new in one.settings:
        yield from wording.wrap(f"{path}: {old} → {new}", width, "  ", "      ")
    if not one.settings:
        yield "Nothing is set otherwise: both say the same of the case."
    if not one.changes:
        yield ""
        yield "Nothing changes in the advice."
    for part, heading in _PARTS.items():
        found = [change for change in one.changes if change.part == part]
        if found:
            yield ""
            yield heading
            for change in found:
                yield from _change(change, width, several=len(one.settings) > 1)


def _change(change: Change, width: int, *, several: bool) -> Iterator[str]:
    mark = _MARKS.get(change.what, "~")
    if change.part == "answer":
        yield from wording.wrap(change.title, width, "  ")
        yield from wording.wrap(f"was: {change.before or 'not asked'}", width, "    ", "         ")
        yield from wording.wrap(f"now: {change.after or 'not asked'}", width, "    ", "         ")
    elif change.part in ("recommendation", "option") and change.what in _MARKS:
        yield from wording.wrap(f"{change.title} ({change.what}: {change.key})", width, f"  {mark} ", "    ")
    else:
        yield from wording.wrap(
            f"{change.title}: {change.before} → {change.after} ({change.what}: {change.key})",
            width,
            f"  {mark} ",
            "    ",
        )
    if change.because:
        yield from wording.wrap(f"by `{change.rule}`: {change.because}", width, "      ", "      ")
    for one in change.tipped:
        yield from wording.wrap(f"{one.label}: {one.before} → {one.after}", width, "      · ", "        ")
    if several and change.facts:
        only = "" if change.smallest else " (no smaller set was looked for)"
        yield from wording.wrap(f"because of {wording.listing(change.facts)}{only}", width, "      ", "      ")


Entry = dict[str, Any]


def option_changes(before: Advice, after: Advice) -> list[Change]:
    """Every course that is not what it was; none where the pack declares none."""
    if not after.world.program.pack.options.courses:
        return []
    old, new = ({one["key"]: one for one in OptionWriter(Options(advice)).to_list()} for advice in (before, after))
    return [change for key in dict.fromkeys((*new, *old)) for change in _changes(key, old.get(key), new.get(key))]


def _changes(key: str, old: Entry | None, new: Entry | None) -> Iterator[Change]:
    was, is_ = (one is not None and one["possible"] for one in (old, new))
    shown = new or old
    if shown is None or not (was or is_):
        return
    if was is not is_:
        reasons = (new if new is not None else shown)["because"] if not is_ else ()
        yield Change(
            part="option",
            key=key,
            what="now possible" if is_ else "ruled out",
            title=shown["title"],
            before="possible" if was else "not possible",
            after="possible" if is_ else "not possible",
            rule=reasons[0]["rule"] if reasons and new is not None else "",
            because=reasons[0]["text"] if reasons and new is not None else "",
        )
    elif old is not None and new is not None:
        yield from _moved(key, old, new)


def _moved(key: str, old: Entry, new: Entry) -> Iterator[Change]:
    same = Change(part="option", key=key, what="", title=new["title"], before="", after="", rule=new["id"])
    if old["rank"] != new["rank"]:
        yield replace(
            same,
            what="moved up" if new["rank"] < old["rank"] else "moved down",
            before=f"number {old['rank']}",
            after=f"number {new['rank']}",
            because=wording.capital(new["why_not_first"] or new["ranked_above"] or ""),
        )
    for name, figure in new["outcomes"].items():
        before = old["outcomes"][name]["as_read"]
        if before != figure["as_read"]:
            yield replace(same, what="leads elsewhere", before=f"{figure['label']} {before}", after=figure["as_read"])
