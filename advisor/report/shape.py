"""What a piece of advice holds, as templates may name it: every key, with what stands there where nothing is said.

In: advice as plain data, as `-f json` prints it. Out: the same with every key present, so that a template meets no
gaps; and two samples, one with something everywhere and one with nothing anywhere, on which templates are tried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advisor.values import wording

Advice = dict[str, Any]

_ABOUT = {"kind": "case", "id": "", "label": ""}
_REASON: Advice = {"rule": "", "text": "", "standing": "", "sources": [""], "opinion": False}
_STEP = {"text": "", "status": "holds"}
_CHANGES: Advice = {"best": [{"text": "", "becomes": ""}], "nothing_you_can_do": False}
_RANGES: Advice = {"worst": None, "likely": None, "best": None}

SHAPE: Advice = {
    "format": 1,
    "pack": {"id": "", "version": "", "digest": ""},
    "title": "",
    "question": "",
    "as_of": None,
    "today": None,
    "era": "",
    "headline": "",
    "answers": [
        {
            "key": "",
            "goal": "",
            "question": "",
            "about": _ABOUT,
            "verdict": "",
            "text": "",
            "settled": False,
            "possible": [""],
            "hangs_on": [{"path": "", "label": "", "question": ""}],
            "fork": "",
            "branches": [{"if": "", "verdict": "", "text": ""}],
            "standing": "",
            "because": [_REASON],
            "recommendations": [""],
            "figures": [""],
            "value": None,
        }
    ],
    "ways": 0,
    "notes": "",
    "standings": {},
    "recommendations": [
        {
            "key": "",
            "id": "",
            "about": _ABOUT,
            "status": "holds",
            "missing": [""],
            "rank": 0,
            "strength": "should",
            "title": "",
            "text": "",
            "steps": [_STEP],
            "deadline": None,
            "deadline_text": None,
            "before": [""],
            "after": [""],
            "standing": "",
            "because": [_REASON],
            "dissent": [{"text": "", "why_below": "", "sources": [""]}],
            "would_change": _CHANGES,
        }
    ],
    "findings": [
        {
            "key": "",
            "id": "",
            "about": _ABOUT,
            "status": "holds",
            "value": None,
            "text": "",
            "standing": "",
            "because": [_REASON],
        }
    ],
    "projections": [
        {
            "key": "",
            "label": "",
            "unit": "",
            "digits": None,
            "about": _ABOUT,
            "model": None,
            "short": "",
            "better": "higher",
            "worst": None,
            "likely": None,
            "best": None,
            "absent_because": None,
            "assumes": {"worst": [""], "likely": [""], "best": [""]},
            "hangs_on": {
                "fact": "",
                "label": "",
                "question": "",
                "by_answer": [{"answer": "", "worst": None, "best": None}],
            },
            "standing": "",
            "thresholds": [{"at": 0, "means": ""}],
            "because": [_REASON],
        }
    ],
    "options": [
        {
            "key": "",
            "id": "",
            "rank": 0,
            "title": "",
            "possible": True,
            "outcomes": {},
            "because": [_REASON],
            "risks": [_REASON],
            "notes": [""],
            "costs": [_REASON],
            "steps": [_STEP],
            "why_not_first": None,
        }
    ],
    "telling_question": {"text": ""},
    "would_change": _CHANGES,
    "firmness": {
        "facts": [{"text": ""}],
        "time": [{"text": ""}],
        "tornado": [{"text": "", "label": "", "projection": "", "worst": None, "likely": None, "best": None}],
    },
    "open": [{"fact": "", "question": "", "why": "", "could_change": [""]}],
    "missed": [{"key": "", "about": None, "title": "", "deadline": None, "text": "", "sources": [""]}],
    "lapsed": [{"rule": "", "text": "", "until": None, "sources": [""]}],
    "assumptions": [{"path": "", "value": None, "because": "", "sources": [""], "as_read": ""}],
    "facts": [{"path": "", "value": None, "as_read": ""}],
    "proofs": {},
    "sources": [{"id": "", "title": "", "url": "", "date": "", "standing": ""}],
}
"""Every key with what stands there where nothing is said; a list shows one of its items, and is then empty."""

_OPTIONAL = ("about",)
"""Keys whose mapping may be missing as a whole."""


def completed(advice: Mapping[str, Any]) -> Advice:
    """The advice with every key of the shape; keys that the shape does not know are kept.

    Texts are cleaned of what no reader can see, so that a text of nothing else is no text.
    """
    seen = {key: part if key == "proofs" else _seen(part) for key, part in advice.items()}
    return _completed_mapping(seen, SHAPE)


def _seen(part: Any) -> Any:  # noqa: ANN401  JSON is of any type
    if isinstance(part, str):
        text = wording.clean(part)
        return text if text.strip() else ""
    if isinstance(part, Mapping):
        return {key: _seen(one) for key, one in part.items()}
    return [_seen(one) for one in part] if isinstance(part, list | tuple) else part


def _completed_mapping(given: Mapping[str, Any], shape: Mapping[str, Any]) -> Advice:
    whole = dict(given)
    for key, model in shape.items():
        whole[key] = _completed(whole[key], model, key) if key in whole else _nothing(model, key)
    return whole


def _completed(given: Any, model: Any, key: str) -> Any:  # noqa: ANN401  JSON is of any type
    if given is None:
        return _nothing(model, key)
    if isinstance(model, list) and isinstance(given, list | tuple):
        return [_completed(one, model[0], "") for one in given]
    if isinstance(model, dict):
        if isinstance(given, Mapping):
            return _completed_mapping(given, model)
        return {**_completed_mapping({}, model), "text": str(given)} if "text" in model else given
    return given


def _nothing(model: Any, key: str) -> Any:  # noqa: ANN401  JSON is of any type
    if key in _OPTIONAL:
        return None
    if isinstance(model, list):
        return []
    return _completed_mapping({}, model) if isinstance(model, dict) else model


# --- samples ------------------------------------------------------------------------------------------------------

_SAMPLES: Advice = {
    "as_of": "2021-03-08",
    "today": "2021-03-08",
    "deadline": "2021-03-20",
    "until": "2020-11-07",
    "worst": 75,
    "likely": 88.5,
    "best": 100,
    "unit": "%",
    "at": 90,
    "url": "https://example.org/",
    "date": "2021-03",
    "standing": "some",
    "standings": {"some": "somebody says so"},
    "outcomes": {"some": dict(_RANGES)},
    "sources": ["some"],
    "key": "some",
    "before": ["some"],
    "after": ["some"],
    "could_change": ["some"],
    "strength": "must",
    "status": "holds",
    "better": "higher",
    "model": "some",
    "recommendations": ["some"],
    "figures": ["range"],
    "kind": "case",
    "value": "some",
    "rank": 1,
    "digits": 1,
    "possible": False,
}


def full_sample() -> Advice:
    """Advice with something under every key."""
    sample: Advice = _sample(SHAPE, "")
    sample["sources"] = [_sample(SHAPE["sources"][0], "")]
    sample["sources"][0]["id"] = "some"
    range_over_models = {**sample["projections"][0], "key": "range", "model": None}
    depending = {**sample["recommendations"][0], "key": "other", "status": "open"}
    unsettled = {**sample["findings"][0], "key": "unsettled", "status": "open"}
    sample["projections"].append(range_over_models)
    sample["recommendations"].append(depending)
    sample["findings"].append(unsettled)
    sample["facts"].append({"path": "some.box", "value": "yes", "as_read": "Some words: a choice: yes"})
    return sample


def bare_sample() -> Advice:
    """Advice with one item in every list and nothing said in it."""
    lists: Advice = {key: [{}] for key, model in SHAPE.items() if isinstance(model, list)}
    return completed(lists)


def _sample(model: Any, key: str) -> Any:  # noqa: ANN401  JSON is of any type
    of_things = isinstance(model, list) and isinstance(model[0], dict)
    if key in _SAMPLES and not of_things and isinstance(model, list) is isinstance(_SAMPLES[key], list):
        return _SAMPLES[key]
    if isinstance(model, list):
        return [_sample(model[0], "")]
    if isinstance(model, dict):
        return {name: _sample(part, name) for name, part in model.items()}
    return "Some words" if model in ("", None) else model


def names_anywhere(data: Any) -> frozenset[str]:  # noqa: ANN401  JSON is of any type
    """Every key of `data` at any depth."""
    if isinstance(data, list):
        return frozenset[str]().union(*map(names_anywhere, data))
    if not isinstance(data, dict):
        return frozenset()
    return frozenset(data).union(*map(names_anywhere, data.values()))
