"""Advice as a whole: what to do and why, the courses of action compared, and what would change it; as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from advisor.advice.advice import Advice
from advisor.advice.data import to_data
from advisor.advice.recommendations import subjects
from advisor.decision import fork
from advisor.decision import text as option_text
from advisor.decision.data import OptionWriter
from advisor.decision.narrowing import narrowings
from advisor.decision.options import Options
from advisor.decision.probing import possible
from advisor.problems.problem import Place, Problem, Problems, suggestion
from advisor.values import wording
from advisor.values.types import Partial

MOST_SEARCHED: Final = 6
"""Recommendations on a page for which it is looked up what would change them."""


def page(advice: Advice, *, ways: bool = False, changes: bool = False) -> dict[str, Any]:
    """The answers and the advice, without proofs; of the longer searches only those that are wanted.

    `ways`: the courses of action compared. `changes`: what would change the advice.
    """
    found = _advised(advice, proofs=False)
    if ways:
        _add_courses(advice, found)
    if changes:
        _add_changes(advice, found, everything=False)
    return found


def _advised(advice: Advice, *, proofs: bool) -> dict[str, Any]:
    found = {"answers": fork.answers(advice), **to_data(advice, proofs=proofs), "ways": _ways(advice)}
    narrowed = narrowings(advice)
    for one in found["projections"]:
        one["hangs_on"] = narrowed[one["key"]].to_dict() if one["key"] in narrowed else None
    _add_sources(advice, found, found["answers"])
    return found


def _ways(advice: Advice) -> int:
    """How many courses of action may be possible."""
    world = advice.world
    courses = world.program.pack.options.courses.values()
    return sum(
        possible(advice, course, subject) is not False
        for course in courses
        for subject in subjects(world, course.about)
    )


def _add_courses(advice: Advice, found: dict[str, Any]) -> None:
    writer = OptionWriter(Options(advice))
    found["options"] = [{**one, "notes": list(notes(one))} for one in writer.to_list()]
    found["telling_question"] = writer.question()
    _add_sources(advice, found, found["options"])


def whole(advice: Advice, *, everything: bool = False) -> dict[str, Any]:
    """The answers and the advice with courses of action and what would change it, of all advice or of the first few."""
    found = _advised(advice, proofs=everything)
    _add_courses(advice, found)
    _add_changes(advice, found, everything=everything)
    return found


def _add_changes(advice: Advice, found: dict[str, Any], *, everything: bool) -> None:
    from advisor.decision.counterfactual import Counterfactuals  # noqa: PLC0415  a page does without, and should start at once
    from advisor.decision.firmness import Firmness  # noqa: PLC0415  the same

    searched = Counterfactuals(advice)
    first = next((one.key for one in advice.answers), "")
    found["would_change"] = searched.of(("answer", first), pairs=False).to_dict() if first else None
    standing = [one.key for one in advice.recommendations if one.status]
    for one in found["recommendations"]:
        if one["key"] in standing[: None if everything else MOST_SEARCHED]:
            one["would_change"] = searched.of(("recommendation", one["key"]), pairs=False).to_dict()
    for one in found.get("options", ()) if everything else ():
        if not one["possible"]:
            one["would_change"] = searched.of(("option", one["key"]), pairs=False).to_dict()
    found["firmness"] = Firmness(advice).to_dict()


def notes(option: Mapping[str, Any]) -> Iterator[str]:
    """What a page says of a course beside its figures: what is seen on the way, how much it takes, what is as good."""
    if len(option.get("timeline", ())) > 1:
        for look in option["timeline"]:
            figures = "; ".join(f"{figure['label']} {figure['as_read']}" for figure in look["outcomes"].values())
            yield f"{wording.capital(option_text.on_day(look['on']))}, {look['text']}: {figures}"
    yield from option_text.reach_lines(option.get("reach", ()))
    if option.get("open"):
        yield "Whether this is possible is not known yet"


def _add_sources(advice: Advice, found: dict[str, Any], citing: Iterable[dict[str, Any]]) -> None:
    """Adds the sources that answers or courses name."""
    reasons = [reason for one in citing for key in ("because", "risks", "costs") for reason in one.get(key, ())]
    listed = {one["id"] for one in found["sources"]}
    cited = dict.fromkeys(source for reason in reasons for source in reason["sources"])
    found["sources"] += [_source(advice, id_) for id_ in cited if id_ not in listed]


def _source(advice: Advice, id_: str) -> dict[str, str]:
    one = advice.world.program.pack.sources[id_]
    return {"id": one.id, "title": one.title, "url": one.url, "date": one.date, "standing": one.standing}


def options(advice: Advice) -> tuple[list[dict[str, Any]], dict[str, Any] | None, Mapping[str, str]]:
    """The courses of action, the one telling question, and by the rules of which day."""
    writer = OptionWriter(Options(advice))
    world = advice.world
    era = world.case.values[world.program.field("case", "era")]
    eras = world.program.pack.eras
    named = f" ({eras[era].title})" if not isinstance(era, Partial) and isinstance(era, str) and era in eras else ""
    return writer.to_list(), writer.question(), {"as_of": world.as_of.isoformat(), "era": named}


def option(found: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """The course that a key names; without an entity, the first of that id. Raises Problems for an unknown one."""
    named = [one for one in found if key in (one["key"], one["id"])]
    if not named:
        known = [one["key"] for one in found]
        message = f"`{key[:80]}` is no course of action in this case"
        raise Problems([Problem(Place("the key"), "unknown-option", message, suggestion(key, known))])
    return next((one for one in named if one["possible"]), named[0])
