"""What differs in the courses of action of two pieces of advice: possible or not, in which place, leading to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from advisor.advice.advice import Advice
from advisor.decision.compare import Change
from advisor.decision.data import OptionWriter
from advisor.decision.options import Options
from advisor.values import wording

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
