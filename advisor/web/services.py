"""What programs ask for, done in a worker: the next question, an answer, advice, why, what if, courses of action.

In: a pack, and what was sent, as plain data. Out: plain data, in parts where it takes long. Raises Problems.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from advisor.advice.advice import Advice
from advisor.authoring.case_schema import case_schema
from advisor.cases import settings
from advisor.cases.case import Case
from advisor.cases.editable import EditableCase
from advisor.decision import comparison, document
from advisor.decision.explained import explained
from advisor.dialogue import changes
from advisor.dialogue.goals import choosable
from advisor.dialogue.goals import question as question_of
from advisor.dialogue.replies import Misread
from advisor.dialogue.session import Prompt, Session
from advisor.face import Pack
from advisor.problems.problem import Place, Problem, Problems
from advisor.web.interface import OPERATIONS, Operation, Schema

Data = dict[str, Any]
Body = Mapping[str, Any]

SENT: Final = "the request"
"""What messages call what was sent."""
_TYPES: Final[dict[str, tuple[type, str]]] = {
    "object": (dict, "an object"),
    "string": (str, "a text"),
    "boolean": (bool, "true or false"),
    "array": (list, "a list"),
}


def described(pack: Pack) -> Data:
    """A pack with its goals."""
    data = pack.data
    asked = [
        {"id": goal.id, "question": question_of(data, goal), "about": goal.about, "often": goal.often}
        for goal in choosable(data)
    ]
    return {"id": pack.id, "title": data.title, "question": data.question, "version": data.version, "goals": asked}


def schema(pack: Pack) -> Data:
    """The JSON Schema of its cases."""
    return case_schema(pack.data)


# --- what was sent ----------------------------------------------------------------------------------------------------


def done(pack: Pack, name: str, body: Any, today: date | None) -> Iterator[Data]:  # noqa: ANN401 - JSON is of any type
    """What an operation gives, more complete each time. Raises Problems."""
    operation = next(one for one in OPERATIONS if one.name == name)
    checked(operation, body)
    yield from _DONE[name](_Asked(pack, body, today))


def checked(operation: Operation, body: Any) -> None:  # noqa: ANN401 - JSON is of any type
    """Raises Problems where what was sent is not of the shape that is described."""
    request = operation.request
    if not isinstance(body, dict):
        raise Problems([_problem("wrong-kind", "what was sent is not an object", 'send {"case": {...}}')])
    known = request["properties"]
    found = [
        _problem("missing-key", f"`{name}` is missing", "add it") for name in request["required"] if name not in body
    ]
    for name, value in body.items():
        if name not in known:
            allowed = ", ".join(f"`{one}`" for one in known)
            found.append(_problem("unknown-key", f"`{name[:80]}` is not taken here", f"allowed: {allowed}"))
        else:
            found += _of_kind(f"`{name}`", value, known[name])
    if found:
        raise Problems(found)


def _of_kind(name: str, value: Any, wanted: Schema) -> list[Problem]:  # noqa: ANN401 - JSON is of any type
    kind, words = _TYPES[wanted["type"]]
    if not isinstance(value, kind):
        return [_problem("wrong-kind", f"{name} is not {words}", f"write {words}")]
    if isinstance(value, list):
        most = wanted["maxItems"]
        if not 1 <= len(value) <= most:
            return [_problem("wrong-count", f"{name} has {len(value)} items", f"write 1 to {most}")]
        return [one for item in value for one in _of_kind(f"an item of {name}", item, wanted["items"])]
    if wanted.get("format") == "date":
        try:
            date.fromisoformat(str(value))
        except ValueError:
            return [_problem("not-a-date", f"{name} is not a day", "write it as 2026-11-30")]
    return []


def _problem(kind: str, message: str, mend: str) -> Problem:
    return Problem(Place(SENT), kind, message, mend)


class _Asked:
    """What was asked for, read. Raises Problems."""

    def __init__(self, pack: Pack, body: Body, today: date | None) -> None:
        self.pack = pack
        self.body = body
        self.today = date.fromisoformat(body["today"]) if "today" in body else today
        self.as_of = date.fromisoformat(body["as_of"]) if "as_of" in body else None
        self.case: Case = pack.case(body["case"])

    def advice(self) -> Advice:
        return self.pack.advise(self.case, today=self.today, as_of=self.as_of)

    def session(self, keep: Callable[[Case, Case], None] | None = None) -> Session:
        return Session(self.pack, self.case, today=self.today, as_of=self.as_of, keep=keep)


# --- operations -------------------------------------------------------------------------------------------------------


def _advice(asked: _Asked) -> Iterator[Data]:
    advice = asked.advice()
    yield {"advice": document.page(advice)}
    if asked.body.get("full", False):
        yield {"advice": document.page(advice, ways=True)}
        yield {"advice": document.whole(advice, everything=True)}


def _next(asked: _Asked) -> Iterator[Data]:
    yield _where(asked.session())


def _where(session: Session) -> Data:
    """The next question and the answer so far."""
    prompt = session.next()
    verdict, text = session.answer_so_far()
    progress = session.progress()
    return {
        "question": _asked_for(prompt) if prompt is not None else None,
        "so_far": {
            "verdict": verdict,
            "text": text,
            "standing": progress.standing,
            "open": progress.open,
            "answered": progress.answered,
            "likely_left": progress.likely_left,
        },
    }


def _asked_for(prompt: Prompt) -> Data:
    fact = prompt.fact
    return {
        "path": prompt.path,
        "text": prompt.text,
        "heading": prompt.heading,
        "kind": fact.type.kind if fact is not None else "list",
        "unit": fact.type.unit if fact is not None else "",
        "choices": [{"id": id_, "label": label} for id_, label in prompt.choices],
        "help": fact.help if fact is not None else "",
        "why": fact.why if fact is not None else "",
    }


def _answer(asked: _Asked) -> Iterator[Data]:
    editable = EditableCase(asked.pack.data, json.dumps(asked.body["case"]), as_json=True)
    session = asked.session(editable.change)
    before = session.advice()
    try:
        said = session.answer(asked.body["path"], asked.body["reply"])
    except Misread as wrong:
        raise Problems([_problem("misread", "the reply is not understood", str(wrong))]) from None
    yield {
        "case": json.loads(editable.text()),
        "understood": said.words,
        "changes": changes.changes(before, session.advice()),
        "parked": list(said.parked),
        **_where(session),
    }


def _explain(asked: _Asked) -> Iterator[Data]:
    yield explained(asked.advice(), asked.body["key"], asked.body.get("over"))


def _what_if(asked: _Asked) -> Iterator[Data]:
    wanted = settings.read_settings(asked.pack.data, asked.case, asked.body["set"])
    yield comparison.what_if(asked.pack, asked.case, wanted, today=asked.today, as_of=asked.as_of).to_dict()


def _options(asked: _Asked) -> Iterator[Data]:
    found, question, frame = document.options(asked.advice())
    yield {"format": 1, **frame, "options": found, "telling_question": question}


_DONE: Final[dict[str, Callable[[_Asked], Iterator[Data]]]] = {
    "advice": _advice,
    "question": _next,
    "answer": _answer,
    "explain": _explain,
    "whatif": _what_if,
    "options": _options,
}
