"""An audit written for people: what to look at first.

In: an `Audit`. Out: text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from advisor.authoring.audit import Audit, Looked, Loss, heaviest
from advisor.values.wording import listing, plural, wrap

_MOST_NAMED: Final = 6
"""Things that hang on something and are named; of more, how many there are."""


def summary(found: Audit, width: int, most: int) -> str:
    """What is overdue, then which sources carry most; `most` of these."""
    rows = [f"{found.pack.title} ({found.pack.id}), {found.day.isoformat()}", ""]
    rows += _overdue(found, width)
    carrying = heaviest(found.losses, most)
    if carrying:
        rows += ["Check first: the sources without which most would be lost", ""]
        for one in carrying:
            rows += _loss(one, width)
        rows.append("")
    rows += _figures(found)
    return "\n".join(rows)


def _overdue(found: Audit, width: int) -> Iterator[str]:
    if found.pack.check_every is None:
        yield from wrap(
            "The pack does not say how long a look holds; write `check_every: 365 days` in pack.yaml.", width
        )
        yield ""
        return
    if not found.overdue:
        yield f"Nothing is overdue: all that was looked at was within {plural(found.pack.check_every, 'day')}."
        yield ""
        return
    yield f"Last looked at more than {plural(found.pack.check_every, 'day')} ago"
    yield ""
    for one in found.overdue:
        yield from _looked(one, width)
    yield ""


def _looked(one: Looked, width: int) -> Iterator[str]:
    yield f"  {one.place}: {one.sort} {one.name}, looked at on {one.checked}"
    hangs = list(one.hangs[:_MOST_NAMED])
    if len(one.hangs) > _MOST_NAMED:
        hangs.append(f"{len(one.hangs) - _MOST_NAMED} more")
    yield from wrap(f"On it hang: {listing(hangs)}." if hangs else "Nothing hangs on it.", width, first=" " * 4)


def _loss(one: Loss, width: int) -> Iterator[str]:
    alone = plural(one.rules, "rule")
    lost = f"{alone} on it alone; without, another answer in {plural(one.answers, 'case')}"
    yield from wrap(f"{one.source.id}: {one.source.title}", width, first="  ", rest=" " * 4)
    yield from wrap(f"{lost}, other advice in {one.advice}", width, first=" " * 4)


def _figures(found: Audit) -> Iterator[str]:
    never = found.never
    looked = len(found.looked) - len(never)
    several = plural(len(found.looked), "figure and source", "figures and sources")
    yield f"{looked} of {several} say when somebody last looked"
    idle = sum(not any(one.weight) for one in found.losses)
    yield f"{idle} of {plural(len(found.losses), 'source')} carry nothing alone in {plural(found.cases, 'worked case')}"
