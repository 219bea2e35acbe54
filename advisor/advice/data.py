"""Advice as plain data, as `-f json` prints it: what templates get.

In: an `Advice`. Out: dictionaries and lists of texts and numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from advisor.advice import projections, speech
from advisor.advice.advice import Advice
from advisor.advice.answers import finding as finding_of
from advisor.advice.proof import Leaf
from advisor.advice.recommendations import Recommendation, Related, deadline_text, subjects
from advisor.cases.case import Answer
from advisor.language.tree import CASE, Text
from advisor.packs.pack import Fact, Rule
from advisor.reasoning.matching import Outcome
from advisor.reasoning.program import Field
from advisor.reasoning.subject import Subject
from advisor.values import wording
from advisor.values.periods import Period
from advisor.values.text import plain
from advisor.values.types import Number, Partial, Value


def to_data(advice: Advice, *, proofs: bool = True) -> dict[str, Any]:
    """Advice as plain data, as `-f json` prints it, but for the courses of action; `proofs` may be left out."""
    return _Writer(advice, with_proofs=proofs).whole()


def recommendation(advice: Advice, key: str) -> dict[str, Any]:
    """One recommendation as plain data; empty where there is none with that key."""
    one = next((one for one in advice.recommendations if one.key == key), None)
    return {} if one is None else _Writer(advice, with_proofs=False).recommendation(one)


class _Writer:
    """Writes advice as plain data."""

    def __init__(self, advice: Advice, *, with_proofs: bool) -> None:
        self.advice = advice
        self.with_proofs = with_proofs
        self.world = advice.world
        self.pack = advice.world.program.pack
        self.prover = advice.prover
        self.cited: dict[str, None] = {}
        self.related = Related(advice.recommendations)
        self.naming_after: dict[str, list[str]] = {}
        """By rule: the rules whose advice says that it comes before that rule's, so that this comes after."""
        self.naming_before: dict[str, list[str]] = {}
        for rule in self.pack.rules.values():
            for id_ in rule.advise.before if rule.advise is not None else ():
                self.naming_after.setdefault(id_, []).append(rule.id)
            for id_ in rule.advise.after if rule.advise is not None else ():
                self.naming_before.setdefault(id_, []).append(rule.id)

    def whole(self) -> dict[str, Any]:
        pack = self.pack
        found = {
            "format": 1,
            "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest},
            "title": pack.title,
            "question": pack.question,
            "as_of": self.world.as_of.isoformat(),
            "today": self.world.today.isoformat(),
            "era": self.era(),
            "headline": self.advice.headline,
            "standings": {one.id: one.say for one in pack.standings},
            "recommendations": [self.recommendation(one) for one in self.advice.recommendations],
            "findings": list(self.findings()),
            "projections": [self.projection(one) for one in self.advice.forecasts],
            "options": [],
            "open": [self.question(leaf, keys) for leaf, keys in self.advice.open_questions],
            "missed": list(self.missed()),
            "lapsed": list(self.lapsed()),
            "assumptions": list(self.assumptions()),
            "facts": list(self.facts()),
            "proofs": self.proofs() if self.with_proofs else {},
            "notes": "\n".join(self.notes()),
        }
        found["sources"] = self.sources()
        return found

    def era(self) -> str:
        value = self.world.case.values[self.world.program.field(CASE, "era")]
        if isinstance(value, Partial):
            return "between " + wording.listing(
                self.pack.eras[str(one)].title for one in sorted(getattr(value, "values", ()))
            )
        return self.pack.eras[value].title if isinstance(value, str) and value in self.pack.eras else ""

    def about(self, subject: Subject) -> dict[str, str] | None:
        if subject.kind == CASE:
            return None
        return {"kind": subject.kind, "id": subject.id, "label": speech.named(self.world, subject)}

    def cite(self, sources: Iterable[str]) -> list[str]:
        found = list(sources)
        self.cited.update(dict.fromkeys(found))
        return found

    def text(self, text: Text | None, subject: Subject) -> str:
        return speech.spoken(self.world, text, subject)

    # --- recommendations ---------------------------------------------------------------------------------------

    def recommendation(self, one: Recommendation) -> dict[str, Any]:
        deadline = self.advice.deadline(one)
        standing = self.prover.rule_standing(one.rule, one.subject)
        return {
            "key": one.key,
            "id": one.rule.id,
            "about": self.about(one.subject),
            "status": "holds" if one.status else "open",
            "missing": [speech.place(self.world, *leaf) for leaf in self.advice.missing(one)],
            "rank": one.rank,
            "strength": one.advise.strength,
            "title": self.advice.title(one),
            "text": self.text(one.advise.text, one.subject),
            "steps": list(self.steps(one)),
            "deadline": deadline.isoformat() if isinstance(deadline, date) else None,
            "deadline_text": deadline_text(self.world, one, deadline),
            "before": self.keys(one, one.advise.before, after=False),
            "after": self.keys(one, one.advise.after, after=True),
            "standing": self.prover.standing_words(standing),
            "because": [self.reason(one.rule, one.subject), *self.arguments(one, for_=True)],
            "dissent": [*self.opposed(one), *self.arguments(one, for_=False)],
        }

    def steps(self, one: Recommendation) -> Iterator[dict[str, str]]:
        for step in one.advise.steps:
            status: Outcome = True
            if step.when is not None:
                field = self.world.program.condition(one.rule.about, step.when)
                value = one.subject.values[field.index]
                status = None if isinstance(value, Partial) else value is True
            if status is not False:
                yield {"text": self.text(step.do, one.subject), "status": "holds" if status else "open"}

    def keys(self, one: Recommendation, ids: tuple[str, ...], *, after: bool) -> list[str]:
        naming = self.naming_after if after else self.naming_before
        named = [*self.related.to(one, ids), *self.related.to(one, naming.get(one.rule.id, ()))]
        return sorted({other.key for other in named})

    def reason(self, rule: Rule, subject: Subject) -> dict[str, Any]:
        standing = self.prover.rule_standing(rule, subject)
        return {
            "rule": rule.id,
            "text": self.text(rule.because, subject),
            "standing": self.prover.standing_words(standing),
            "sources": self.cite(rule.sources),
            "opinion": rule.opinion,
        }

    def arguments(self, one: Recommendation, *, for_: bool) -> Iterator[dict[str, Any]]:
        for rule in sorted(self.pack.rules.values(), key=lambda rule: rule.id):
            if one.rule.id not in (rule.argues_for if for_ else rule.argues_against):
                continue
            owner = one.subject if rule.about == one.subject.kind else self.world.case
            if rule.about in (owner.kind, CASE) and self.world.state(rule, owner) is True:
                reason = self.reason(rule, owner)
                yield reason if for_ else {"text": reason["text"], "why_below": "", "sources": reason["sources"]}

    def opposed(self, one: Recommendation) -> Iterator[dict[str, Any]]:
        """What would be advised instead, were this not preferred."""
        if one.status is not True:
            return
        for opposition in one.rule.opposes:
            other = self.pack.rules[opposition.rule]
            owners = [one.subject] if other.about == one.subject.kind else subjects(self.world, other.about)
            for owner in owners:
                if self.world.state(other, owner) is True and other.advise is not None:
                    title, because = self.text(other.advise.title, owner), self.text(other.because, owner)
                    yield {
                        "text": f"{wording.sentence(title)} {because}",
                        "why_below": self.text(opposition.because, one.subject),
                        "sources": self.cite(other.sources),
                    }

    # --- findings and figures ----------------------------------------------------------------------------------

    def findings(self) -> Iterator[dict[str, Any]]:
        for kind in self.pack.kinds():
            shown = [one for one in self.world.program.fields[kind] if self.is_finding(one)]
            for subject in subjects(self.world, kind):
                yield from (self.finding(one, subject) for one in sorted(shown, key=lambda one: one.name))

    def is_finding(self, one: Field) -> bool:
        return one.fact is not None and (one.role == "concluded" or (one.fact.derived and one.fact.finding is not None))

    def finding(self, one: Field, subject: Subject) -> dict[str, Any]:
        value = subject.values[one.index]
        assert one.fact is not None
        return {
            "key": speech.key(one.name, subject),
            "id": one.name,
            "about": self.about(subject),
            "status": "open" if isinstance(value, Partial) else "holds",
            "value": plain(value, one.type),
            "text": self.finding_text(one, subject, value),
            "standing": self.prover.standing_words(self.prover.standing(subject, one)),
            "because": list(self.concluding(one, subject)),
        }

    def finding_text(self, one: Field, subject: Subject, value: Value) -> str:
        assert one.fact is not None
        if one.choice:
            return self.text(_finding_of_choice(one.fact, one.choice, value), subject)
        return self.text(finding_of(one.fact, value), subject)

    def concluding(self, one: Field, subject: Subject) -> Iterator[dict[str, Any]]:
        resolution = subject.resolutions.get(one.group.name) if one.group is not None else None
        for number in resolution.winners if resolution is not None else ():
            assert one.group is not None
            yield self.reason(one.group.rules[number], subject)
        for row in self.prover.deciding_rows(subject, one):
            if row.called or row.because or row.sources:
                yield {
                    "rule": row.called,
                    "text": self.text(row.because, subject),
                    "standing": self.prover.standing_words(self.prover.sources_standing(row.sources)),
                    "sources": self.cite(row.sources),
                    "opinion": False,
                }

    def projection(self, one: projections.Forecast) -> dict[str, Any]:
        projection, model = one.projection, one.model
        return {
            "key": one.key,
            "label": projection.label,
            "unit": projection.unit,
            "digits": None,
            "about": None,
            "model": model.title if model else None,
            "short": model.short if model else "",
            "better": projection.better,
            "worst": as_json(one.worst),
            "likely": as_json(one.likely),
            "best": as_json(one.best),
            "absent_because": one.absent or None,
            "assumes": {
                "worst": list(one.assumes_worst),
                "likely": list(one.assumes_likely),
                "best": list(one.assumes_best),
            },
            "standing": one.standing,
            "thresholds": [{"at": as_json(line.at), "means": line.means} for line in projection.thresholds],
            "because": [self.model_reason(one)] if model and model.because else [],
        }

    def model_reason(self, one: projections.Forecast) -> dict[str, Any]:
        assert one.model is not None
        text = self.text(one.model.because, self.world.case)
        sources = self.cite(one.model.sources)
        return {"rule": one.model.id, "text": text, "standing": one.standing, "sources": sources, "opinion": False}

    # --- what else is said -------------------------------------------------------------------------------------

    def question(self, leaf: Leaf, keys: list[str]) -> dict[str, Any]:
        subject, one = leaf
        assert one.fact is not None
        about = speech.named(self.world, subject)
        question = one.fact.question or f"What is {speech.label(one)}?"
        if one.choice:
            question = f"{question} {dict(one.fact.type.choices)[one.choice]}?"
        return {
            "fact": speech.place(self.world, subject, one),
            "question": f"{question} (“{about}”)" if about else question,
            "why": one.fact.why,
            "could_change": list(dict.fromkeys(keys)),
        }

    def missed(self) -> Iterator[dict[str, Any]]:
        """What was to be done by a day that has surely passed, and what holds instead."""
        for rule in sorted(self.pack.rules.values(), key=lambda rule: rule.id):
            advise = rule.advise
            if advise is None or advise.before_deadline is None or advise.deadline is None:
                continue
            for subject in subjects(self.world, rule.about):
                day = speech.value_of(self.world, advise.deadline, subject)
                was = self.prover.truth(advise.before_deadline, subject)
                if isinstance(day, date) and day < self.world.today and was is True and rule.in_force(self.world.as_of):
                    yield {
                        "key": speech.key(rule.id, subject),
                        "about": self.about(subject),
                        "title": self.text(advise.title, subject),
                        "deadline": day.isoformat(),
                        "text": self.text(advise.afterwards, subject),
                        "sources": self.cite(rule.sources),
                    }

    def lapsed(self) -> Iterator[dict[str, Any]]:
        """Rules whose condition holds, but which were true only until some time ago."""
        for rule in sorted(self.pack.rules.values(), key=lambda rule: rule.id):
            if rule.in_force(self.world.as_of) is not False or not _is_over(rule.periods, self.world.as_of):
                continue
            for subject in subjects(self.world, rule.about):
                if self.prover.truth(rule.when, subject) is True:
                    text = self.text(rule.because, subject)
                    until = _until(rule.periods)
                    yield {"rule": rule.id, "text": text, "until": until, "sources": self.cite(rule.sources)}
                    break

    def assumptions(self) -> Iterator[dict[str, Any]]:
        for subject, index in sorted(self.world.assumed, key=lambda pair: (pair[0].kind, pair[0].id, pair[1])):
            one = self.world.program.fields[subject.kind][index]
            assert one.fact is not None
            assume = one.fact.assume
            assert assume is not None
            value = subject.values[index]
            yield {
                "path": speech.place(self.world, subject, one),
                "value": plain(value, one.type),
                "because": self.text(assume.because, subject),
                "sources": self.cite(assume.sources),
                "as_read": projections.assumed(self.world, (subject, index), value),
            }

    def facts(self) -> Iterator[dict[str, Any]]:
        for kind in self.pack.kinds():
            for subject in subjects(self.world, kind):
                for one in self.world.program.fields[kind]:
                    answer = subject.answers.get(one.name) if one.fact is not None else None
                    if answer is not None:
                        yield self.fact(subject, one, answer)

    def fact(self, subject: Subject, one: Field, answer: Answer) -> dict[str, Any]:
        value = "unknown" if answer.unknown else plain(answer.value, one.type)
        words = "you do not know" if answer.unknown else wording.in_words(answer.value, one.type)
        about = speech.named(self.world, subject)
        return {
            "path": speech.place(self.world, subject, one),
            "value": value,
            "as_read": f"{speech.label(one)}{f' (“{about}”)' if about else ''}: {words}",
        }

    def proofs(self) -> dict[str, Any]:
        rules = ((one.key, one.rule, one.subject) for one in self.advice.recommendations)
        facts = (
            (speech.key(one.name, subject), (subject, one))
            for kind in self.pack.kinds()
            for subject in subjects(self.world, kind)
            for one in self.world.program.fields[kind]
            if self.is_finding(one)
        )
        return {key: proof.to_dict() for key, proof in self.prover.proofs(rules, facts).items()}

    def notes(self) -> Iterator[str]:
        for _, one, rules in self.world.clashes:
            names = wording.listing(rule.id for rule in rules)
            yield f"The rules {names} contradict each other about {speech.label(one)}, so it is taken as unknown."
            self.cite(source for rule in rules for source in rule.sources)
        for (subject, index), concluded in self.world.overruled.items():
            one = self.world.program.fields[subject.kind][index]
            words = wording.in_words(concluded, one.type)
            said = f"{speech.label(one)}: {speech.valued(subject, one)}"
            yield f"You said {said}; the rules would say {words}."
        for subject, index in sorted(self.world.bounded, key=lambda pair: (pair[0].kind, pair[0].id, pair[1])):
            one = self.world.program.fields[subject.kind][index]
            yield f"Too much is unknown to work out {speech.label(one)} exactly; it is taken as unknown."

    def sources(self) -> list[dict[str, str]]:
        known = self.pack.sources
        return [
            {
                "id": one.id,
                "title": one.title,
                "url": one.url,
                "date": one.date,
                "standing": one.standing,
            }
            for one in (known[id_] for id_ in self.cited if id_ in known)
        ]


def as_json(number: Number | Value | None) -> int | float | None:
    """A number as JSON has it; halves and the like as the nearest float."""
    if isinstance(number, Fraction):
        return float(number)
    return number if isinstance(number, int) else None


def _is_over(periods: tuple[Period, ...], day: date) -> bool:
    return any(
        period.last is not None and period.last.latest is not None and period.last.latest < day for period in periods
    )


def _finding_of_choice(fact: Fact, choice: str, value: Value) -> Text | None:
    """What is said of one of several choices: its own text where it holds; one text for all stands with the first."""
    if isinstance(fact.finding, Mapping):
        return fact.finding.get(choice) if value is True else None
    return fact.finding if choice == fact.type.choice_ids()[0] else None


def _until(periods: tuple[Period, ...]) -> str:
    """The end of the latest period that has one: a day, `by` a day, or `A .. B` where it lies between two."""
    ends = [period.last for period in periods if period.last is not None and period.last.latest is not None]
    last = max(ends, key=lambda edge: edge.latest or date.min)
    if last.shown_by:
        return f"by {last.latest}"
    if last.earliest == last.latest or last.earliest is None:
        return str(last.latest)
    return f"{last.earliest} .. {last.latest}"
