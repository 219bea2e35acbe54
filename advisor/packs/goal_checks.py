"""What must hold of a pack's goals: every case has an answer, rows can be told apart, all advice belongs somewhere.

In: a `Pack`. Out: problems. Rows that no case reaches are found by search, elsewhere.
"""

from __future__ import annotations

from itertools import pairwise

from advisor.language.printing import text
from advisor.packs.pack import AnswerRow, Pack
from advisor.problems.problem import Problem


def missing_last_rows(pack: Pack) -> list[Problem]:
    """Goals whose rows leave cases without an answer."""
    return [
        Problem(
            goal.place,
            "no-last-answer",
            f"`{goal.id}` has no answer where none of its rows applies",
            "add a last row `{otherwise: ..., verdict: ...}`",
        )
        for goal in pack.goals.values()
        if goal.rows and all(row.when is not None for row in goal.rows)
    ]


def unreached_rows(pack: Pack) -> list[Problem]:
    """Rows after `otherwise`, and rows that ask what an earlier one asked."""
    problems = []
    for goal in pack.goals.values():
        seen: dict[str | None, AnswerRow] = {}
        for row in goal.rows:
            earlier = seen.get(None) or seen.get(_asked(row))
            if earlier is not None:
                what = "the row of `otherwise`" if earlier.when is None else "an earlier row with the same condition"
                related = ((earlier.place, "the earlier one"),)
                problems.append(
                    Problem(
                        row.place, "unreached-row", f"{what} leaves nothing to this row", "take it out", related=related
                    )
                )
            seen.setdefault(_asked(row), row)
    return problems


def rows_alike(pack: Pack) -> list[Problem]:
    """Neighbouring rows that answer the same: one would do."""
    return [
        Problem(
            second.place,
            "rows-alike",
            f"this row of `{goal.id}` answers the same as the one before it",
            "join them with `or`, or say what differs",
            related=((first.place, "the one before"),),
        )
        for goal in pack.goals.values()
        for first, second in pairwise(goal.rows)
        if _said(first) == _said(second)
    ]


def advice_without_goal(pack: Pack) -> list[Problem]:
    """Recommendations that belong to no goal, so that no answer ever brings them."""
    belonging = {id_ for goal in pack.goals.values() for id_ in goal.advice}
    return [
        Problem(
            rule.place,
            "no-goal",
            f"`{rule.id}` advises something, but belongs to no goal",
            "name it under the `advice` of a goal, or its file under `subjects`",
        )
        for rule in pack.rules.values()
        if rule.advise is not None and rule.id not in belonging
    ]


def _asked(row: AnswerRow) -> str | None:
    return None if row.when is None else text(row.when)


def _said(row: AnswerRow) -> tuple[object, ...]:
    return (
        row.verdict.parts if row.verdict is not None else (),
        row.say.parts,
        row.because,
        row.advice,
    )
