"""Courses of action for people at a terminal: side by side, then one by one.

In: the plain data of `data.py`. Out: lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from advisor.decision.counterfactual import WouldChange, told
from advisor.values import wording

Entry = Mapping[str, Any]

SHOWN: Final = 3
"""Courses that are shown in full even where another is better in everything."""


def lines(options: Sequence[Entry], question: Entry | None, frame: Entry, width: int) -> Iterator[str]:
    """All courses: those that are possible in a table and one by one, then those that are not, and why."""
    possible = [one for one in options if one["possible"]]
    ranks = {one["key"]: one["rank"] for one in possible}
    if not options:
        yield "This pack declares no courses of action, or none concerns this case."
        return
    yield from wording.wrap(f"Played through by the rules of {frame['as_of']}{frame['era']}.", width)
    yield ""
    yield from _table(possible, width)
    shown = [one for one in possible if one["rank"] <= SHOWN or not one["dominated_by"]]
    for one in shown:
        yield ""
        yield from _course(one, ranks, width)
    if len(shown) < len(possible):
        yield ""
        yield "At least as good in everything, and better in something, is another way than these:"
    for one in possible:
        if one not in shown:
            better = ranks[one["dominated_by"]]
            yield from wording.wrap(
                f"{one['rank']}. {one['title']}: number {better} ({one['key']})", width, "  ", "     "
            )
    refused = [one for one in options if not one["possible"]]
    if refused:
        yield ""
        yield "Not possible, or against what must be done:"
        for one in refused:
            why = " ".join(reason["text"] for reason in one["because"])
            yield from wording.wrap(f"{one['title']}: {why}", width, "  - ", "    ")
    if question is not None:
        yield ""
        yield from wording.wrap(question["text"], width)


def _table(possible: Sequence[Entry], width: int) -> Iterator[str]:
    """A row a course, a column an objective."""
    if not possible:
        return
    labels = [figure["label"] for figure in possible[0]["outcomes"].values()]
    rows = [[figure["as_read"] for figure in one["outcomes"].values()] for one in possible]
    wide = [max(wording.columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    wide = [max(size, 12) for size in wide]
    for number, label in enumerate(labels):
        yield from wording.wrap(f"({chr(97 + number)}) {label}", width)
    yield ""
    yield "      " + "  ".join(wording.pad(f"({chr(97 + number)})", size) for number, size in enumerate(wide))
    for one, cells in zip(possible, rows, strict=True):
        row = "  ".join(wording.pad(cell, size) for cell, size in zip(cells, wide, strict=True))
        yield f"{one['rank']:>3}.  {row}".rstrip()


def _course(one: Entry, ranks: Mapping[str, int], width: int) -> Iterator[str]:
    open_ = " (if it is possible: that is not known)" if one["open"] else ""
    yield from wording.wrap(f"{one['rank']}. {one['title']}{open_}", width, "", "   ")
    yield from wording.wrap(f"({one['key']})", width, "   ")
    for reason in one["because"]:
        yield from wording.wrap(reason["text"], width, "   ")
    if one["why_not_first"]:
        yield from wording.wrap(f"Not first: {one['why_not_first']}.", width, "   ")
    if one["ranked_above"] and not one["too_close_to"]:
        yield from wording.wrap(f"Ranked above the next: {one['ranked_above']}.", width, "   ")
    if one["too_close_to"]:
        places = wording.listing(f"number {ranks[key]}" for key in one["too_close_to"])
        yield from wording.wrap(f"Too close to call beside {places}.", width, "   ")
    if len(one["timeline"]) > 1:
        for look in one["timeline"]:
            figures = "; ".join(f"{figure['label']} {figure['as_read']}" for figure in look["outcomes"].values())
            yield from wording.wrap(f"{on_day(look['on'])}, {look['text']}: {figures}", width, "   * ", "     ")
    yield from (row for group in reach_lines(one["reach"]) for row in wording.wrap(group, width, "   "))
    for risk in one["risks"]:
        yield from wording.wrap(f"Risk: {risk['text']}", width, "   ")
    for cost in one["costs"]:
        yield from wording.wrap(f"Cost: {cost['text']}", width, "   ")
    for step in one["steps"]:
        open_ = " (if that is so)" if step["status"] == "open" else ""
        yield from wording.wrap(f"{step['text']}{open_}", width, "   - ", "     ")
    if one["bounded"]:
        yield "   There are more ways to follow it than were tried."


def reach_lines(reaches: Sequence[Entry]) -> Iterator[str]:
    """How much it takes by each model to stay at or above a line, and which model decides; a sentence a line."""
    for (line, means, choice), group in groupby(reaches, key=lambda one: (one["line"], one["means"], one["choice"])):
        found = list(group)
        goal = f"To keep the worst case at {wording.number(line)} ({means}) by {on_day(found[0]['by'])}"
        if len({one["fewest"] for one in found}) == 1:
            yield f"{goal} it takes {_fewest(found[0])} ({choice}), by every model."
            continue
        each = "; ".join(f"{_fewest(one)} if “{one['model']}”" for one in found)
        decides = max(found, key=lambda one: one["looked_to"] + 1 if one["fewest"] is None else one["fewest"])
        yield f"{goal} it takes ({choice}): {each}. The model that decides is “{decides['model']}”."


def on_day(day: str | None) -> str:
    """A day in words, also where nobody knows it."""
    return "a day that is not known yet" if day is None else wording.day(day)


def _fewest(one: Entry) -> str:
    return f"more than {one['looked_to']}" if one["fewest"] is None else str(one["fewest"])


def one(entry: Entry, others: Sequence[Entry], changes: WouldChange, width: int) -> Iterator[str]:
    """One course, and what would make it possible or impossible."""
    if entry["possible"]:
        yield from _course(entry, {other["key"]: other["rank"] for other in others}, width)
    else:
        why = " ".join(reason["text"] for reason in entry["because"])
        yield from wording.wrap(f"{entry['title']}: this is not possible. {why}", width)
    yield ""
    yield "What would change whether it is possible:"
    yield from told(changes, width)


def over(one: Entry, other: Entry, width: int) -> Iterator[str]:
    """Why one course ranks above another, or does not: by each objective what both lead to, and what parts them."""
    better = one["possible"] and (not other["possible"] or one["rank"] < other["rank"])
    words = "ranks above" if better else "does not rank above"
    yield from wording.wrap(f"“{one['title']}” {words} “{other['title']}”.", width)
    for entry in (one, other):
        if not entry["possible"]:
            why = " ".join(reason["text"] for reason in entry["because"])
            yield from wording.wrap(f"“{entry['title']}” is not possible: {why}", width)
    if not one["possible"] or not other["possible"]:
        return
    yield ""
    for name, figure in one["outcomes"].items():
        theirs = other["outcomes"][name]["as_read"]
        mark = "=" if figure["as_read"] == theirs else "≠"
        yield from wording.wrap(f"{mark} {figure['label']}: {figure['as_read']}, there {theirs}", width, "  ")
    for title, side in (("For it", one), ("For the other", other)):
        for reason in side["because"]:
            yield from wording.wrap(f"{title}: {reason['text']}", width, "  ")
    for title, side in (("Its risk", one), ("The other's risk", other)):
        for risk in side["risks"]:
            yield from wording.wrap(f"{title}: {risk['text']}", width, "  ")
