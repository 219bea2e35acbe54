"""What a report shows: alike things folded, sources numbered, dates in order, answers by what they are about."""

from __future__ import annotations

from typing import Any

from advisor.report.shape import completed
from advisor.report.view import Names, views


def _recommendation(key: str, label: str = "", **more: Any) -> dict[str, Any]:
    about = {"kind": "thing", "id": key, "label": label} if label else None
    return {"key": key, "id": key.partition("@")[0], "about": about, "status": "holds", **more}


def _shown(**parts: Any) -> dict[str, Any]:
    whole = completed(parts)
    return {**whole, **views(whole, ())}


def test_neighbours_that_say_the_same_are_one() -> None:
    """The others are named, and all their keys lead to its number."""
    shown = _shown(
        recommendations=[
            _recommendation("wait@a", "Alpha", title="Wait for “Alpha”"),
            _recommendation("wait@b", "Beta", title="Wait for “Beta”"),
            _recommendation("go", title="Go"),
            _recommendation("wait@c", "Gamma", title="Wait for “Gamma”, a little"),
        ]
    )

    assert [(one["number"], one["title"], one["also"]) for one in shown["actions"]] == [
        (1, "Wait for “Alpha”", ["Beta"]),
        (2, "Go", []),
        (3, "Wait for “Gamma”, a little", []),
    ]
    assert [Names(shown).step_of(key) for key in ("wait@a", "wait@b", "go", "wait@c", "none")] == [1, 1, 2, 3, 0]


def test_what_differs_in_a_date_or_a_reason_stays_apart() -> None:
    """Folding must lose nothing."""
    shown = _shown(
        recommendations=[
            _recommendation("wait@a", "Alpha", title="Wait", deadline="2021-03-20"),
            _recommendation("wait@b", "Beta", title="Wait", deadline="2021-03-21"),
            _recommendation(
                "wait@c", "Gamma", title="Wait", deadline="2021-03-21", because=[{"text": "Another reason."}]
            ),
        ]
    )

    assert [one["also"] for one in shown["actions"]] == [[], [], []]


def test_dates_stand_in_order_with_what_is_due() -> None:
    """Whatever the order of the recommendations."""
    shown = _shown(
        recommendations=[
            _recommendation("late", deadline="2021-04-01"),
            _recommendation("soon", deadline="2021-03-20"),
            _recommendation("never"),
            _recommendation("soon-too", deadline="2021-03-20"),
        ]
    )

    assert [(one["day"], [due["key"] for due in one["actions"]]) for one in shown["dates"]] == [
        ("2021-03-20", ["soon", "soon-too"]),
        ("2021-04-01", ["late"]),
    ]


def test_questions_that_differ_only_in_what_they_are_about_are_one() -> None:
    """With everything that any of them could change."""
    shown = _shown(
        open=[
            {"fact": "a", "question": "What did it pay? (“Alpha”)", "why": "W", "could_change": ["x"]},
            {"fact": "b", "question": "Is it (really) so?", "why": "W", "could_change": ["x"]},
            {"fact": "c", "question": "What did it pay? (“Beta”)", "why": "W", "could_change": ["x", "y"]},
        ]
    )

    assert [(one["question"], one["abouts"], one["could_change"]) for one in shown["questions"]] == [
        ("What did it pay?", ["Alpha", "Beta"], ["x", "y"]),
        ("Is it (really) so?", [], ["x"]),
    ]


def test_answers_are_grouped_by_what_they_are_about() -> None:
    """What is no and what nobody knows stand together; boxes to tick are one answer."""
    shown = _shown(
        facts=[
            {"path": "badge", "value": "no", "as_read": "the badge: no"},
            {"path": "things[a].pay", "value": "250 USD", "as_read": "the pay (“Alpha”): $250"},
            {"path": "things[a].troubles.late", "value": "yes", "as_read": "the troubles: late: very (“Alpha”): yes"},
            {"path": "things[a].troubles.dear", "value": "no", "as_read": "the troubles: dear (“Alpha”): no"},
            {
                "path": "things[a].troubles.odd",
                "value": "unknown",
                "as_read": "the troubles: odd (“Alpha”): you do not know",
            },
            {"path": "things[a].ended", "value": "unknown", "as_read": "ended (“Alpha”): you do not know"},
        ]
    )

    case, alpha = shown["told"]
    assert (case["about"], case["no"]) == ("", ["the badge"])
    assert (alpha["about"], alpha["said"], alpha["unknown"]) == ("Alpha", ["the pay: $250"], ["ended"])
    assert alpha["boxes"] == [{"label": "the troubles", "yes": ["late: very"], "no": ["dear"], "unknown": ["odd"]}]


def test_sources_are_numbered_as_they_are_cited() -> None:
    """What is shown counts; other sources come after, and are marked."""
    shown = _shown(
        recommendations=[
            _recommendation("do", because=[{"text": "R", "sources": ["b", "unlisted"]}]),
            {**_recommendation("maybe", because=[{"text": "R", "sources": ["c"]}]), "status": "open"},
        ],
        lapsed=[{"text": "L", "sources": ["a", "b"]}],
        sources=[{"id": "c"}, {"id": "a"}, {"id": "b"}],
    )

    assert [(one["id"], one["number"], one["cited"]) for one in shown["sources"]] == [
        ("b", 1, True),
        ("a", 2, True),
        ("c", 3, False),
    ]
    assert Names(shown).citations(["unlisted", "a", "b", "a"]) == [1, 2]


def test_a_guess_is_what_only_the_least_trusted_say() -> None:
    """Once for each text, and only where it is part of the advice."""
    reason = {"text": "Perhaps.", "standing": "guess", "sources": []}
    shown = _shown(
        standings={"sure": "it is so", "guess": "people guess so"},
        recommendations=[
            _recommendation("do", because=[reason, {"text": "Surely.", "standing": "sure"}]),
            {**_recommendation("maybe", because=[{**reason, "text": "Who knows."}]), "status": "open"},
        ],
        findings=[{"key": "f", "status": "holds", "because": [reason]}],
    )

    assert [one["text"] for one in shown["guesses"]] == ["Perhaps."]


def test_a_figure_says_its_worst_by_each_idea_of_it_and_what_it_hangs_on() -> None:
    shown = _figure_on_page(worst=50, best=100)

    assert [(one["short"], one["worst"]) for one in shown["by_model"]] == [("they count alike", 75), ("it is dear", 50)]
    assert shown["hangs_on"]["label"] == "the rating"
    assert not shown["empty"]


def test_a_figure_that_says_nothing_names_what_would_narrow_it_or_is_left_out() -> None:
    assert _figure_on_page(worst=0, best=100)["empty"]
    assert _figure_on_page(worst=0, best=100, fact="") is None


def _figure_on_page(*, worst: int, best: int, fact: str = "rating") -> Any:
    common = {"label": "Trust", "unit": "%", "better": "higher", "best": best}
    hangs_on = {"fact": fact, "label": "the rating" if fact else "", "question": ""}
    models = [("alike", "they count alike", max(worst, 75)), ("dear", "it is dear", worst)]
    projections = [
        *({**common, "key": f"trust:{id_}", "model": id_, "short": short, "worst": low} for id_, short, low in models),
        {**common, "key": "trust", "worst": worst, "hangs_on": hangs_on},
    ]
    answers = [{"key": "how", "question": "How?", "figures": ["trust"]}]
    shown = views(completed({"answers": answers, "projections": projections}), [])
    return next(iter(shown["page"]["figures"]), None)
