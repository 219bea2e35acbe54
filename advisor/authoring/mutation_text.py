"""The score of a pack's worked cases, written for people: the slips that nobody would notice first.

In: a `Score`. Out: text.
"""

from __future__ import annotations

from collections.abc import Iterator

from advisor.authoring.mutation import Judged, Score
from advisor.authoring.slips import SORTS
from advisor.values.wording import plural, wrap


def summary(score: Score, width: int) -> str:
    """The slips that no case notices, then the figures."""
    rows = [f"{score.pack.title} ({score.pack.id})", ""]
    if score.unnoticed:
        rows += [
            "Slips that no worked case notices",
            *(line for one in score.unnoticed for line in _lines(one, width)),
            "",
        ]
    return "\n".join([*rows, *_figures(score)])


def _lines(one: Judged, width: int) -> Iterator[str]:
    slip = one.slip
    yield f"  {slip.place}: {slip.called}: {SORTS[slip.sort]}"
    yield from wrap(slip.before, width, first=" " * 6, rest=" " * 6)
    yield from wrap(slip.after, width, first="    → ", rest=" " * 6)


def _figures(score: Score) -> Iterator[str]:
    tried, counted = len(score.judged), score.counted
    of = "" if tried == score.slips else f" of {score.slips}, evenly spread"
    idle = tried - len(counted)
    nothing = f"; {idle} of them change nothing" if idle else ""
    yield f"{plural(score.cases, 'worked case')}, {plural(tried, 'slip')}{of}{nothing}"
    wide = max(map(len, SORTS.values()))
    for sort, words in SORTS.items():
        those = [one for one in counted if one.slip.sort == sort]
        if those:
            yield f"  {words:{wide}}  {sum(one.noticed for one in those)} of {len(those)} noticed"
    noticed = sum(one.noticed for one in counted)
    yield f"{noticed} of {len(counted)} noticed: {100 * score.share:.1f} %"
