"""A guided session as an object: the next question, an answer, a change of mind, the advice so far. No terminal in it.

In: a pack and a case. The whole state is the case itself (answers, skipped and parked ones), so a session goes on
from any case file. Every change makes a new case and hands it to `keep` before anything else happens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from advisor.advice.advice import Advice
from advisor.advice.advisor import LoadedPack
from advisor.cases.case import Answer, Case, Items, path
from advisor.cases.goals import with_told
from advisor.cases.paths import CasePath, parse_path
from advisor.dialogue import answer_words, entities, goals, parking, replies
from advisor.dialogue.days import leaves_the_year_open
from advisor.dialogue.ordering import Ordering
from advisor.dialogue.relevance.relevance import Question, Relevance, Target
from advisor.dialogue.relevance.unknowns import THE_CASE
from advisor.dialogue.replies import Misread
from advisor.language.tree import CASE
from advisor.packs.pack import Fact
from advisor.problems.problem import Problems
from advisor.values import wording
from advisor.values.numbers import has_decimal_comma, unsettled
from advisor.values.types import DATE, REFERENCE, Within

FEW_ENTITIES = 12
"""Up to so many, what is asked of all of them together is worked out anew as each comes in."""
FIRST_GUESS = (0.3, 3)
"""So many answers of so many that a person does not know, before there are any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A question as it is put to a person.

    `fact` is None where a list of entities is asked for (`path` is its plural).
    """

    question: Question
    path: str
    text: str
    heading: str
    """The entity and topic it belongs to; empty where there is neither."""
    fact: Fact | None = None
    choices: tuple[tuple[str, str], ...] = ()
    implied: tuple[str, ...] = ()
    """Of the choices those that follow from what the person wants to know; to be confirmed, not yet said."""
    please_check: str = ""
    """What was said before, where an answer comes back that had become irrelevant."""
    skipped: bool = False
    sharpens: bool = False
    """Whether it can change figures or details only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a session is: recommendations that stand, those still open, and questions answered and likely left."""

    standing: int
    open: int
    answered: int
    likely_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer as it was understood, and the paths of answers that it made irrelevant."""

    path: str
    label: str
    words: str
    parked: tuple[str, ...] = ()


class Session:
    """One person's session on one case."""

    def __init__(
        self,
        pack: LoadedPack,
        case: Case,
        *,
        today: date | None = None,
        as_of: date | None = None,
        keep: Callable[[Case, Case], None] | None = None,
    ) -> None:
        """`keep` gets the case before and after each change and puts it on disk; what it raises undoes the change."""
        self.pack = pack
        self.data = pack.data
        self.today = today or case.today or date.today()  # noqa: DTZ011 - the day where the person is
        self.as_of = as_of or case.as_of or self.today
        self.case = with_told(pack.data, case)
        self.relevance = Relevance(pack.program, today=self.today, as_of=self.as_of)
        self.ordering = Ordering(self.relevance)
        self.sharpening = False
        """Whether questions are asked that can change figures and details only."""
        self._keep = keep
        self.decimal_commas = False
        """Whether the person writes `1,5` for one and a half; then `1,234` may be a little more than one."""
        self._lists_left: set[str] = set()
        """Kinds whose list the person does not want to go on with in this sitting."""
        self._before: list[tuple[Case, Question | None]] = []
        self._last: Question | None = None
        self._advised: tuple[Case, Advice] | None = None
        self._referred = entities.referrers(self.data)
        self._last = self._where_it_was_left()

    def _where_it_was_left(self) -> Question | None:
        """In a case to go on with, the last answer on the entity of which most was asked: its questions come first."""
        listed = {(kind, fact.name) for kind in self.listed_kinds() for fact in self.columns(kind)}
        asked = [one for one in self.answered() if one.entity and (one.kind, one.fact) not in listed]
        times = Counter((one.kind, one.entity) for one in asked)
        if not times:
            return None
        most = max(times, key=lambda who: times[who])
        return [one for one in asked if (one.kind, one.entity) == most][-1]

    # --- the next question ---------------------------------------------------------------------------------------

    def next(self) -> Prompt | None:
        """The question to ask now; None where no answer could change the advice any more."""
        for kind in self.listed_kinds():
            if self._list_matters(kind):
                return self.list_prompt(kind)
        targets = self.targets()
        questions = self._askable(targets)
        if not questions:
            return None
        return self.prompt(self.ordering.first(targets, questions, self._last, self._places()))

    def targets(self) -> list[Target]:
        """What is still open: of the advice, and while figures are sharpened of all that is shown."""
        targets = self.relevance.targets(self.case)
        if self.sharpening and not self._askable(targets):
            targets = self.relevance.details(self.case)
        return targets

    def _askable(self, targets: list[Target]) -> set[Question]:
        """What can be asked now of what is open: nothing skipped or asked twice, or before it surely applies."""
        found = {one for one in self.relevance.questions(targets) if one.fact and not self._answered(one)}
        found = {one for one in found if self.path_of(one) not in self.case.declined}
        found = {one for one in found if not self.relevance.must_wait(one)}
        ready = {one for one in found if self.relevance.applies_for_sure(one)}
        return ready or found

    def _answered(self, question: Question) -> bool:
        """Whether every part of it has an answer, though it be "don't know": asked again, it would say the same."""
        names = answer_words.fields(self.data.facts[question.kind][question.fact])
        return all(self.case.answer(question.kind, question.entity, name) is not None for name in names)

    def _places(self) -> Mapping[tuple[str, str], int]:
        return {
            (kind, item.id): place for kind in self.data.entities for place, item in enumerate(self.case.items(kind))
        }

    def prompt(self, question: Question) -> Prompt:
        """A question as it is put."""
        if not question.fact:
            return self.list_prompt(question.kind)
        fact = self.data.facts[question.kind][question.fact]
        where = self.path_of(question)
        parked = self._parked(question)
        return Prompt(
            question=question,
            path=where,
            text=fact.question or f"What is {fact.label}?",
            heading=self.heading(question),
            fact=fact,
            choices=self._choices(fact),
            implied=self._implied(question),
            please_check=answer_words.in_words(fact, parked, self.name_of) if parked else "",
            skipped=where in self.case.declined,
            sharpens=self.sharpening,
        )

    def _choices(self, fact: Fact) -> tuple[tuple[str, str], ...]:
        if fact.type.kind == REFERENCE:
            return tuple(
                (item.id, self.name_of(fact.type.entity, item.id)) for item in self.case.items(fact.type.entity)
            )
        return fact.type.choices

    def heading(self, question: Question) -> str:
        """The entity and the topic of a question, for people."""
        name = f"“{self.name_of(question.kind, question.entity)}”" if question.entity else ""
        return ", ".join(part for part in (name, self.ordering.section(question).replace("_", " ")) if part)

    def matters(self, case: Case, question: Question) -> bool:
        """Whether an answer to a question could still change the advice on a case."""
        return self.relevance.matters(case, question)

    def path_of(self, question: Question) -> str:
        """Where the answer to a question stands in the case."""
        if question.kind == CASE:
            return question.fact
        plural = self.data.entities[question.kind].plural
        return path(question.kind, question.entity, question.fact, plural) if question.fact else plural

    def name_of(self, kind: str, id_: str) -> str:
        """What people call an entity; nothing for the case itself."""
        return entities.name_of(self.data, self.case, kind, id_)

    # --- lists of entities ------------------------------------------------------------------------------------------

    def _list_matters(self, kind: str) -> bool:
        """Whether the list of a kind is to be asked for: it is not complete, and could change the advice."""
        listed = self.case.entities.get(kind)
        if kind in self._lists_left or (listed is not None and listed.more is not None):
            return False
        return self.relevance.list_matters(self.case, kind)

    def list_prompt(self, kind: str) -> Prompt:
        """The question for a list of entities."""
        entity = self.data.entities[kind]
        return Prompt(
            question=Question(kind, "", ""),
            path=entity.plural,
            text=entity.question or f"Which {entity.plural.replace('_', ' ')} are there?",
            heading="",
        )

    def listed_kinds(self) -> list[str]:
        """The kinds whose entities are asked for in a list; others come in as they are referred to."""
        return [kind for kind in self.data.entities if kind not in self._referred]

    def columns(self, kind: str) -> list[Fact]:
        """The facts that a table of entities asks for."""
        read = self.relevance.times_read(kind)
        return entities.columns(self.data.entities[kind], self.data.facts.get(kind, {}), read)

    def add(self, kind: str, said: Mapping[str, str], times: int = 1) -> str:
        """Adds an entity (or so many alike) with answers by fact, the empty ones left out; its id. Raises Misread."""
        label = self.data.entities[kind].label
        id_ = entities.free_id(self.case, kind, said.get(label, ""))
        answers: dict[str, Answer] = {}
        figures = [text for name, text in said.items() if self.data.facts[kind][name].type.numeric]
        self._settled(*figures)
        for name, text in said.items():
            if text.strip():
                answers |= answer_words.read(self.data.facts[kind][name], text, self.today)
        self._take(entities.with_entity(self.case, kind, id_, answers, times))
        self._note_commas(*figures)
        self._prepare(kind, id_)
        return id_

    def _prepare(self, kind: str, id_: str) -> None:
        """Works out what an entity asks for as soon as it is known, so that the next question need not wait for all."""
        whos = [(kind, id_), *([THE_CASE] if len(self.case.items(kind)) <= FEW_ENTITIES else [])]
        for target in (one for who in whos for one in self.relevance.targets_of(self.case, who)):
            self.ordering.chances.of(target)

    def needs_one(self, kind: str) -> bool:
        """Whether something that the person wants to know is about an entity of a kind of which none is listed."""
        chosen = (self.data.goals[key.partition("@")[0]] for key in self.case.goals)
        return not self.case.items(kind) and any(goal.about == kind for goal in chosen)

    def close_list(self, kind: str, *, more: bool | None = False) -> None:
        """Says that no more entities exist than are listed (`more`: there are others; None: nobody knows)."""
        self._lists_left.add(kind)
        listed = self.case.entities.get(kind, Items())
        self._take(replace(self.case, entities={**self.case.entities, kind: replace(listed, more=more)}))

    def leave_list(self, kind: str) -> None:
        """Leaves the list of a kind as it is in this sitting."""
        self._lists_left.add(kind)

    def remove(self, kind: str, id_: str) -> None:
        """Takes an entity away, with all that was said of it. Raises KeyError."""
        self._take(entities.without_entity(self.data, self.case, kind, id_))

    # --- answers -----------------------------------------------------------------------------------------------------

    def answer(self, where: str, text: str) -> Said:
        """Takes what a person typed for a path. Raises Misread (what is allowed) and Problems (a path that is none)."""
        named = parse_path(self.data, where)
        fact = self.data.facts[named.kind][named.fact]
        case, answers = self._read(self.case, fact, text)
        try:
            said = self._said(named, fact, answers, case)
        except Problems:
            if fact.type.kind != DATE or not leaves_the_year_open(text):
                raise
            return self._said(named, fact, self._in_another_year(fact, text), case)
        if fact.type.numeric:
            self._note_commas(text)
        return said

    def _settled(self, *texts: str) -> None:
        """Raises Misread where a number can be meant in two ways by somebody who writes decimal commas."""
        commas = self.decimal_commas or any(map(has_decimal_comma, texts))
        for wrong in filter(None, (unsettled(text, commas=commas) for text in texts)):
            raise Misread(wording.sentence(str(wrong)))

    def _note_commas(self, *texts: str) -> None:
        """Remembers that the person writes decimal commas, where a number shows it."""
        self.decimal_commas = self.decimal_commas or any(map(has_decimal_comma, texts))

    def _in_another_year(self, fact: Fact, text: str) -> dict[str, Answer]:
        """The day that a text without a year means where the nearest one cannot be: the one before or after it."""
        nearest = replies.read_reply(text, fact, self.today)
        first = nearest.low if isinstance(nearest, Within) else nearest
        away = timedelta(days=-365 if isinstance(first, date) and first > self.today else 365)
        return {fact.name: Answer(value=replies.read_reply(text, fact, self.today + away))}

    def understood(self, question: Question, text: str) -> str:
        """How a reply to a question would be understood, in words. Raises Misread."""
        fact = self.data.facts[question.kind][question.fact]
        case, answers = self._read(self.case, fact, text)
        if case is not self.case:
            return f"a {fact.type.entity.replace('_', ' ')} not named before: {' '.join(text.split())}"
        return answer_words.in_words(fact, answers, self.name_of)

    def _read(self, case: Case, fact: Fact, text: str) -> tuple[Case, dict[str, Answer]]:
        """The answers that a reply gives, and the case with the entity that it names, where that is a new one."""
        if fact.type.numeric:
            self._settled(text)
        if fact.type.kind != REFERENCE or replies.is_unknown(text):
            return case, answer_words.read(fact, text, self.today)
        case, id_ = entities.referred_to(self.data, case, fact.type.entity, text)
        return case, {fact.name: Answer(value=id_)}

    def unknown(self, where: str) -> Said:
        """Takes that the person does not know."""
        return self.answer(where, "unknown")

    def _said(self, named: CasePath, fact: Fact, answers: dict[str, Answer], case: Case) -> Said:
        question = Question(named.kind, named.entity, named.fact)
        where = self.path_of(question)
        changing = any(case.answer(named.kind, named.entity, name) is not None for name in answers)
        for name, answer in answers.items():
            old = case.answer(named.kind, named.entity, name)
            kept = replace(answer, note=old.note) if old is not None else answer
            case = case.with_answer(named.kind, named.entity, name, kept)
        parked = {
            one: answer for one, answer in case.parked.items() if one != where and not one.startswith(f"{where}.")
        }
        case = replace(case, declined=tuple(one for one in case.declined if one != where), parked=parked)
        irrelevant: tuple[str, ...] = ()
        if changing:
            case, irrelevant = parking.park(self, self.case, case, question)
        self._check(case)
        self._take(case, question)
        words = answer_words.in_words(fact, answers, self.name_of)
        return Said(path=where, label=fact.label, words=words, parked=irrelevant)

    def _check(self, case: Case) -> None:
        """Raises Problems where answers cannot all be true."""
        if self.relevance.contradicts(case):
            self.pack.reason(case, today=self.today, as_of=self.as_of)

    def withdraw(self, where: str) -> None:
        """Takes an answer away, as if it had never been given. Raises Problems for a path that is none."""
        named = parse_path(self.data, where)
        case = self.case
        for name in answer_words.fields(self.data.facts[named.kind][named.fact]):
            case = case.with_answer(named.kind, named.entity, name, None)
        self._take(case)

    def skip(self, where: str) -> None:
        """Leaves a question for later."""
        self._take(replace(self.case, declined=(*self.case.declined, where)))

    def take_up(self) -> int:
        """Asks again what was skipped; how many questions that were."""
        count = len(self.case.declined)
        if count:
            self._take(replace(self.case, declined=()))
        return count

    def skipped_that_matter(self) -> set[Question]:
        """What was skipped and could still change the advice."""
        open_ = self.relevance.questions(self.relevance.all_targets(self.case))
        return {one for one in open_ if one.fact and self.path_of(one) in self.case.declined}

    def not_known_that_matter(self) -> set[Question]:
        """What the person does not know, and could still change the advice."""
        unsure = {one for one in self.answered() if all(a.unknown for a in self._answers_of(self.case, one).values())}
        return self.relevance.questions_on(self.relevance.open_levels(self.case)) & unsure

    def undo(self) -> Question | None:
        """Takes back the last step of this sitting; the question that it answered (None where there is none)."""
        if not self._before:
            return None
        case, self._last = self._before[-1]
        asked = self._asked_last(case)
        self._put(case)
        self._before.pop()
        return asked

    def _asked_last(self, before: Case) -> Question | None:
        for question in self.answered():
            if self._answers_of(self.case, question) != self._answers_of(before, question):
                return question
        return None

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._before)

    def _take(self, case: Case, question: Question | None = None) -> None:
        self._before.append((self.case, self._last))
        try:
            self._put(entities.completed(self.data, case))
        except BaseException:
            self._before.pop()
            raise
        self._last = question or self._last

    def _put(self, case: Case) -> None:
        if self._keep is not None:
            self._keep(self.case, case)
        self.case = case

    # --- what was answered -------------------------------------------------------------------------------------------

    def answered(self) -> Iterator[Question]:
        """Every question that has an answer, in the pack's order."""
        for kind in self.data.kinds():
            for id_ in [""] if kind == CASE else [item.id for item in self.case.items(kind)]:
                for fact in self.data.facts[kind].values():
                    question = Question(kind, id_, fact.name)
                    if self._answers_of(self.case, question):
                        yield question

    def _answers_of(self, case: Case, question: Question) -> dict[str, Answer]:
        fact = self.data.facts[question.kind][question.fact]
        found = {}
        for name in answer_words.fields(fact):
            answer = case.answer(question.kind, question.entity, name)
            if answer is not None:
                found[name] = answer
        return found

    def words_of(self, question: Question) -> str:
        """What was answered to a question, in words."""
        fact = self.data.facts[question.kind][question.fact]
        return answer_words.in_words(fact, self._answers_of(self.case, question), self.name_of)

    def said_before(self, question: Question) -> frozenset[str]:
        """Of the replies to choose from, those given before (and perhaps parked since), else those that are implied."""
        fact = self.data.facts[question.kind][question.fact]
        said = self._answers_of(self.case, question) or self._parked(question)
        return answer_words.as_replies(fact, said) if said else frozenset(self._implied(question))

    def _implied(self, question: Question) -> tuple[str, ...]:
        """The boxes of a question not yet answered that follow from what the person wants to know."""
        if self._answers_of(self.case, question) or self._parked(question):
            return ()
        return goals.implied(self.data, self.case, question.kind, question.entity, question.fact)

    def _parked(self, question: Question) -> dict[str, Answer]:
        """The answers to a question that are parked."""
        where = self.path_of(question)
        names = answer_words.fields(self.data.facts[question.kind][question.fact])
        places = {name: f"{where}.{name.partition('.')[2]}" if "." in name else where for name in names}
        return {name: self.case.parked[one] for name, one in places.items() if one in self.case.parked}

    def keep_parked(self, where: str) -> Said:
        """Takes a parked answer back as it was. Raises KeyError where there is none."""
        named = parse_path(self.data, where)
        fact = self.data.facts[named.kind][named.fact]
        answers = self._parked(Question(named.kind, named.entity, named.fact))
        if not answers:
            raise KeyError(where)
        return self._said(named, fact, answers, self.case)

    # --- advice and progress -----------------------------------------------------------------------------------------

    def advice(self) -> Advice:
        """The advice as far as it goes."""
        if self._advised is None or self._advised[0] is not self.case:
            self._advised = self.case, self.pack.advise(self.case, today=self.today, as_of=self.as_of)
        return self._advised[1]

    def choose(self, goals: tuple[str, ...]) -> None:
        """Notes what the person wants to know (goals by id, or of one entity: `goal@entity`), and what that tells."""
        self._put(with_told(self.data, replace(self.case, goals=goals)))

    def answer_so_far(self) -> tuple[str, str]:
        """The first answer that was asked for as it stands now: in a word or a few, and in a sentence or two.

        While it is open, that, and the sound first step. Where no goal was chosen, the first answer of the page, after
        its question; both empty where there is none.
        """
        first = next(iter(self.advice().answers), None)
        if first is None:
            return "", ""
        asked = {(goal.id, entity): settled for goal, (_, entity), settled in self.relevance.answers(self.case)}
        settled = asked.get((first.goal.id, first.subject.id), first.settled)
        verdict, text = (first.verdict, first.text) if settled else ("open", first.meanwhile)
        return (verdict, text) if asked else (f"{first.question} {wording.capital(verdict)}".strip(), text)

    def progress(self) -> Progress:
        """How far the session is."""
        standing, pending = self.relevance.settled(self.case)
        targets = self.targets() if self.sharpening else self.relevance.all_targets(self.case)
        left = self.ordering.chances.likely_left(targets, self._unsure())
        return Progress(standing=standing, open=pending, answered=sum(1 for _ in self.answered()), likely_left=left)

    def _unsure(self) -> float:
        """How often this person does not know an answer, in quarters; at first, that a few are not known."""
        known = [
            any(not one.unknown for one in self._answers_of(self.case, asked).values()) for asked in self.answered()
        ]
        few, many = FIRST_GUESS
        return round(4 * (known.count(False) + few) / (len(known) + many)) / 4

    def concerns(self, question: Question) -> list[str]:
        """The keys of what an answer to a question could change."""
        targets = self.targets()
        return [one.key for one in targets if question in {self.relevance.question(level) for level in one.levels}]


__all__ = ["Misread", "Progress", "Prompt", "Said", "Session"]
