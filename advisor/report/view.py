"""Advice as a report shows it: alike things folded together, sources numbered, dates in order.

In: advice as plain data, completed. Out: what templates may name beside it, as plain data. Nothing here is worded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from advisor.report import chart

Entry = dict[str, Any]

SHOWN_COURSES = 3
"""Courses of action that are shown in full."""
MOST_NOW: Final = 3
"""Things to do now that a page names."""
MOST_MISSED: Final = 2
"""Things for which it is too late that a page names."""
SHORT: Final = 30
"""Words of a text that a page shows whole; a longer one is left to the part with every step, never cut."""
AVOID: Final = "avoid"
PRESSING: Final = ("must", AVOID)
"""Strengths of advice that a page names whatever was asked."""

_ABOUT = re.compile(r"(?P<before>.+) \(“(?P<about>.+)”\)(?P<after>:.*)?", re.DOTALL)
"""How advice marks what a question or an answer is about: `What did it pay? (“Redesign”)`."""


def views(whole: Mapping[str, Any], parts: Sequence[str]) -> Entry:
    """What templates get beside the advice itself.

    `parts`: the names of the parts that are shown beside the page. `page`: what stands on the page, and `more`: how
    much each part holds that is not shown.
    `actions`: the recommendations that hold, each with its `number`, alike ones folded (`also`: what else is meant).
    `depending`: those that are open, titles alike folded. `dates`: the deadlines in order, each with the numbers due.
    `conclusions`: findings that are worded and settled, folded; `unsettled`: those that are open.
    `questions`: the open questions, alike ones folded (`abouts`). `told`: the facts by what they are about.
    `courses`: the best few courses of action, `other_courses` those that rank below, `refused_courses` the impossible.
    `figures`: the projections as they are drawn. `guesses`: the reasons that rest on the least trusted standing.
    `sources`: in the order in which the report cites them, each with its `number` and whether it is `cited`.
    """
    actions = _numbered(_folded([one for one in whole["recommendations"] if one["status"] == "holds"]))
    worded = [one for one in whole["findings"] if one["text"]]
    shown: Entry = {
        "actions": actions,
        "figures": chart.figures(whole["projections"]),
        "guesses": _guesses(whole),
        "conclusions": _folded([one for one in worded if one["status"] == "holds"], apart=True),
    }
    citing = [
        whole["answers"],
        *shown.values(),
        whole["options"],
        whole["missed"],
        whole["lapsed"],
        whole["assumptions"],
    ]
    shown |= {
        "depending": _folded([one for one in whole["recommendations"] if one["status"] != "holds"], apart=True),
        "unsettled": _folded([one for one in worded if one["status"] != "holds"], apart=True),
        "dates": _dates(actions),
        "questions": _questions(whole["open"]),
        "told": _told(whole["facts"]),
        "courses": [one for one in whole["options"] if one["possible"]][:SHOWN_COURSES],
        "other_courses": [one for one in whole["options"] if one["possible"]][SHOWN_COURSES:],
        "refused_courses": [one for one in whole["options"] if not one["possible"]],
        "sources": _by_citation(whole["sources"], citing),
    }
    page = _page(whole, shown)
    return {**shown, "parts": list(parts), "page": page, "more": _more(whole, shown, page, parts)}


# --- the page -----------------------------------------------------------------------------------------------------


def _page(whole: Mapping[str, Any], shown: Entry) -> Entry:
    """What stands on the page: a few things to do `now`, `figures` that bear on the answers, a `doubt`, a `dissent`.

    `answers`: those that read alike as one, `also` names the others. `missed`: what it is too late for.
    `now`: what the first answer names, and what is pressing; each with its `short` text and its `next` step. What to
    do stands before what to beware of.
    """
    first = [key for one in whole["answers"][:1] for key in one["recommendations"][:MOST_NOW]]
    asked = [key for one in whole["answers"] for key in one["recommendations"]]
    leading = [one for one in shown["actions"] if _any(one, first) or one["strength"] in PRESSING]
    others = [one for one in shown["actions"] if one not in leading and _any(one, asked)]
    chosen = [*leading, *others][:MOST_NOW]
    chosen.sort(key=lambda one: (one["strength"] == AVOID, shown["actions"].index(one)))
    now = [_brief(one, number) for number, one in enumerate(chosen, 1)]
    bearing = [id_ for one in whole["answers"] for id_ in one["figures"]]
    figures = [_bearing(one, whole["answers"]) for one in shown["figures"] if one["key"] in bearing and one["present"]]
    reasons = [reason for one in [*whole["answers"], *now] for reason in one["because"]]
    doubted = [one for one in shown["guesses"] if one in reasons]
    dissent = [other for one in now for other in one["dissent"]]
    return {
        "answers": _answers(whole["answers"]),
        "now": now,
        "missed": whole["missed"][:MOST_MISSED],
        "figures": [one for one in figures if not one["empty"] or one["hangs_on"]["label"]],
        "doubt": doubted[:1],
        "dissent": dissent[:1],
    }


def _answers(answers: Sequence[Entry]) -> list[Entry]:
    """The answers in order, the later ones that read like an earlier one of another thing folded into it.

    Of what an answer hangs on, that which its branches tell already is left out.
    """
    result: list[Entry] = []
    for given in answers:
        one = {**given, "hangs_on": [asked for asked in given["hangs_on"] if not _tells(given, asked)]}
        alike = next((other for other in result if _alike(other, one, fork=other is result[0])), None)
        if alike is None or not one["about"]:
            result.append({**one, "also": []})
        else:
            alike["also"].append(one["about"]["label"])
    return result


def _tells(answer: Entry, asked: Entry) -> bool:
    """Whether the branches of an answer tell already that it hangs on something."""
    label = str(asked["label"])
    return asked["path"] == answer["fork"] or any(str(one["text"]).endswith(f" {label}") for one in answer["branches"])


def _alike(one: Entry, other: Entry, *, fork: bool) -> bool:
    """Whether two answers read alike but for what they are about; the `fork` is shown of the first one alone."""
    parts = ("goal", "question", "verdict", "text", *(("branches",) if fork else ()))
    return _reads(one, parts) == _reads(other, parts)


def _reads(one: Entry, parts: Sequence[str]) -> str:
    said = json.dumps([one[part] for part in parts], ensure_ascii=False)
    label = one["about"]["label"] if one["about"] else ""
    return said.replace(json.dumps(label, ensure_ascii=False)[1:-1], "\0") if label else said


def _any(one: Entry, keys: Sequence[str]) -> bool:
    return any(key in keys for key in one["keys"])


def _brief(one: Entry, number: int) -> Entry:
    short = one["text"] if len(one["text"].split()) <= SHORT else ""
    steps = [step["text"] for step in one["steps"] if step["status"] == "holds"]
    return {**one, "number": number, "short": short, "next": steps[0] if steps and not short else ""}


def _bearing(figure: Entry, answers: Sequence[Entry]) -> Entry:
    """A figure in a line or two.

    `empty`: whether its range says nothing. `by_model`: the worst figure of each idea of it, the best of them first,
    where they differ and each can be said in a few words. `hangs_on`: what would narrow it most, unless an answer names
    that already.
    """
    ideas = [one for one in figure["models"] if one["worst"] is not None]
    named = {asked["path"] for one in answers for asked in one["hangs_on"]}
    telling = len({one["worst"] for one in ideas}) > 1 and all(one["short"] for one in ideas)
    hangs_on = figure["whole"]["hangs_on"]
    return {
        **figure,
        "empty": _says_nothing(figure),
        "by_model": sorted(ideas, key=lambda one: one["worst"], reverse=figure["whole"]["better"] == "higher")
        if telling
        else [],
        "hangs_on": {"label": ""} if hangs_on["fact"] in named else hangs_on,
    }


def _says_nothing(figure: Entry) -> bool:
    """Whether a figure has no range, or is a share that may be anything at all."""
    whole = figure["whole"]
    ends = {whole["worst"], whole["best"]}
    return None in ends or (whole["unit"] == "%" and ends == {0, 100})


def _more(whole: Mapping[str, Any], shown: Entry, page: Entry, parts: Sequence[str]) -> dict[str, int]:
    """How many things each part holds that is not shown and holds any."""
    on_page = [key for one in page["now"] for key in one["keys"]]
    counts = {
        "steps": sum(not _any(one, on_page) for one in shown["actions"]),
        "figures": len(shown["figures"]),
        "ways": len(whole["options"]) or whole["ways"],
        "changes": len(shown["questions"]),
        "doubts": len(shown["guesses"]) + sum(bool(one["dissent"]) for one in shown["actions"]),
        "perhaps": len(shown["depending"]),
        "past": len(whole["lapsed"]) + len(whole["missed"]),
        "findings": len(shown["conclusions"]),
        "case": sum(len(one[said]) for one in shown["told"] for said in ("said", "no", "unknown", "boxes")),
        "sources": sum(one["cited"] for one in shown["sources"]),
    }
    return {name: count for name, count in counts.items() if count and name not in parts}


# --- folding ------------------------------------------------------------------------------------------------------


def _folded(entries: Sequence[Entry], *, apart: bool = False) -> list[Entry]:
    """What says the same of different entities as one: the others' labels under `also`, all keys under `keys`.

    Only neighbours are folded, since order may matter, unless they may stand `apart`.
    """
    result: list[Entry] = []
    known: dict[str, Entry] = {}
    for one in entries:
        pattern = _pattern(one)
        alike = known.get(pattern)
        if alike is None:
            if not apart:
                known.clear()
            known[pattern] = {**one, "also": [], "keys": [one["key"]]}
            result.append(known[pattern])
        else:
            alike["also"].append(one["about"]["label"])
            alike["keys"].append(one["key"])
    return result


_SAID = (
    "id",
    "status",
    "strength",
    "title",
    "text",
    "steps",
    "deadline",
    "deadline_text",
    "because",
    "dissent",
    "value",
)


def _pattern(one: Entry) -> str:
    """What is said, with a mark in place of the entity's name; one of a kind where there is no name."""
    label = one["about"]["label"] if one["about"] else ""
    if not label:
        return str(one["key"])
    said = json.dumps({part: one[part] for part in _SAID if part in one}, ensure_ascii=False, sort_keys=True)
    return said.replace(json.dumps(label, ensure_ascii=False)[1:-1], "\0")


def _numbered(actions: list[Entry]) -> list[Entry]:
    return [{**one, "number": number} for number, one in enumerate(actions, 1)]


def _questions(open_: Sequence[Entry]) -> list[Entry]:
    """Questions that differ only in what they are about, as one."""
    result: dict[tuple[str, str], Entry] = {}
    for one in open_:
        found = _ABOUT.fullmatch(one["question"])
        asked, about = (found["before"], [found["about"]]) if found else (one["question"] or one["fact"], [])
        folded = result.setdefault((asked, one["why"]), {**one, "question": asked, "abouts": [], "could_change": []})
        folded["abouts"] += about
        folded["could_change"] += [key for key in one["could_change"] if key not in folded["could_change"]]
    return list(result.values())


# --- dates, answers, guesses --------------------------------------------------------------------------------------


def _dates(actions: Sequence[Entry]) -> list[Entry]:
    due: dict[str, list[Entry]] = {}
    for one in actions:
        if one["deadline"]:
            due.setdefault(one["deadline"], []).append(one)
    return [{"day": day, "actions": due[day]} for day in sorted(due)]


def _told(facts: Sequence[Entry]) -> list[Entry]:
    """Facts by what they are about: those that say something, those that are `no`, those that nobody knows, and boxes.

    `boxes` are questions of which several answers may be ticked: the `label`, and what is `yes`, `no` and `unknown`.
    """
    groups: dict[str, Entry] = {}
    for one in facts:
        found = _ABOUT.fullmatch(one["as_read"]) if "[" in one["path"] else None
        about = found["about"] if found else ""
        words = f"{found['before']}{found['after'] or ''}" if found else one["as_read"] or one["path"]
        group = groups.setdefault(about, {"about": about, "said": [], "no": [], "unknown": [], "boxes": []})
        said, _, value = words.rpartition(": ")
        if "." in one["path"].rpartition("].")[2]:
            _tick(group["boxes"], said or words, one["value"])
        elif one["value"] in ("no", "unknown") and said and value:
            group[one["value"]].append(said)
        else:
            group["said"].append(words)
    return list(groups.values())


def _tick(boxes: list[Entry], said: str, value: str) -> None:
    label, _, choice = said.partition(": ")
    if not boxes or boxes[-1]["label"] != label:
        boxes.append({"label": label, "yes": [], "no": [], "unknown": []})
    boxes[-1][value if value in ("yes", "no") else "unknown"].append(choice or label)


def _guesses(whole: Mapping[str, Any]) -> list[Entry]:
    """The reasons of the least trusted standing of the scale, where it has more than one."""
    *stronger, weakest = [*whole["standings"]] or [""]
    parts = ("recommendations", "projections", "findings")
    shown = [one for part in parts for one in whole[part] if one.get("status") != "open"]
    reasons = [reason for one in shown for reason in one["because"] if stronger and reason["standing"] == weakest]
    return list({reason["text"]: reason for reason in reasons}.values())


# --- sources ------------------------------------------------------------------------------------------------------


def _by_citation(sources: Sequence[Entry], parts: Any) -> list[Entry]:  # noqa: ANN401  JSON is of any type
    cited = {source: place for place, source in enumerate(dict.fromkeys(_cited(parts)))}
    ordered = sorted(sources, key=lambda source: cited.get(source["id"], len(cited)))
    return [{**one, "number": number, "cited": one["id"] in cited} for number, one in enumerate(ordered, 1)]


def _cited(part: Any) -> Iterator[str]:  # noqa: ANN401  JSON is of any type
    """The ids under `sources` at any depth, in order."""
    if isinstance(part, list):
        for one in part:
            yield from _cited(one)
    elif isinstance(part, Mapping):
        for key, one in part.items():
            yield from one if key == "sources" else _cited(one)


class Names:
    """What templates look up by key or id: numbers of sources, titles, words for a standing."""

    def __init__(self, shown: Mapping[str, Any]) -> None:
        self._standings: Mapping[str, str] = shown["standings"]
        self._titles = {one["key"]: one["label"] for one in shown["projections"]}
        self._titles |= {one["key"]: one["title"] for one in shown["options"]}
        folded = [*shown["actions"], *shown["depending"]]
        self._titles |= {key: one["title"] for one in folded for key in one["keys"]}
        self._steps = {key: one["number"] for one in shown["actions"] for key in one["keys"]}
        self._numbers = {one["id"]: one["number"] for one in shown["sources"]}

    def citations(self, ids: Sequence[str]) -> list[int]:
        """The numbers of these sources, in order; a source that is not listed has none."""
        return sorted({self._numbers[one] for one in ids if one in self._numbers})

    def title_of(self, key: str) -> str:
        """The title of what has that key; nothing where it is not shown."""
        return str(self._titles.get(key, ""))

    def step_of(self, key: str) -> int:
        """The number of a recommendation among those that hold; nought where it is none of them."""
        return int(self._steps.get(key, 0))

    def trust(self, standing: str) -> str:
        """Who says so, in words."""
        return self._standings.get(standing, standing.replace("_", " ").replace("-", " "))
