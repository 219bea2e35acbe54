"""What worker processes do, by name: each takes plain data and gives results, the last one the most complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from advisor.cases.document import NotEditable
from advisor.dialogue.goals import choosable
from advisor.dialogue.goals import question as question_of
from advisor.problems.problem import Place, Problem, Problems
from advisor.web import downloads, services
from advisor.web.desk import Desk, Job, Result, Visit
from advisor.web.fields import first
from advisor.web.pages import answer, goals, listing, mending, question, removal, review, trial
from advisor.web.pages.room import Go, NoSuchPage, Page, Room
from advisor.web.sitting import Memory, Sitting, new_case

Show = Callable[[Room], Page | Iterator[Page]]
Take = Callable[[Room], Page | Go]

PAGES: Final[dict[str, Show]] = {
    "goals": goals.show,
    "question": question.show,
    "list": listing.show,
    "check": review.show,
    "answer": answer.show,
    "try": trial.show,
    "delete": removal.show,
}
FORMS: Final[dict[str, Take]] = {
    "goals": goals.take,
    "question": question.take,
    "list": listing.take,
    "check": review.take,
    "answer": answer.take,
}

MOST_WARMED: Final = 4
"""Questions of a pack that are gone through before anybody asks."""
MOST_WARMED_QUESTIONS: Final = 8


def packs(desk: Desk) -> Job:
    """The packs that are served, with what a front page tells of them."""
    found = [
        {
            "id": pack.id,
            "title": pack.data.title,
            "question": pack.data.question,
            "version": pack.data.version,
            "goals": [question_of(pack.data, one) for one in choosable(pack.data)[:4]],
            "count": len(choosable(pack.data)),
        }
        for pack in desk.packs.values()
    ]
    yield Result(data={"packs": found, "broken": {name: str(one) for name, one in desk.broken.items()}})


def plain(desk: Desk, template: str, values: dict[str, Any], here: dict[str, Any], pack: str = "") -> Job:
    """A page or style sheet that shows no case."""
    yield Result(html=desk.renderer(pack).page(template, values, here))


def begin(desk: Desk, pack: str) -> Job:
    """A new session on a pack."""
    sitting = Sitting(desk.pack(pack), new_case(desk.pack(pack)), Memory().to_json(), desk.today)
    text, memory = desk.put_back(sitting)
    chooses = bool(choosable(sitting.pack.data))
    yield Result(text=text, memory=memory, go="goals" if chooses else sitting.next_address())


def bring(desk: Desk, pack: str, text: str) -> Job:
    """A session on a case that a person brings with her. Raises Problems where it cannot even be mended."""
    memory = Memory(began=True).to_json()
    try:
        sitting = desk.taken_out(pack, text, memory)
    except Problems as problems:
        if not _can_be_mended(desk, pack, text):
            raise problems from None
        yield Result(text=text, memory=memory, go="check")
        return
    text, memory = desk.put_back(sitting)
    yield Result(text=text, memory=memory, go="check" if any(True for _ in sitting.session.answered()) else "goals")


def _can_be_mended(desk: Desk, pack: str, text: str) -> bool:
    try:
        mending.CaseToMend(desk.pack(pack), text)
    except (Problems, NotEditable):
        return False
    return True


def show(desk: Desk, visit: Visit) -> Job:
    """A page of a session."""
    try:
        sitting = _opened(desk, visit)
    except Problems:
        yield _written(desk, visit, _to_mend(desk, visit).show())
        return
    name, _, rest = visit.address.partition("/")
    if name == "next":
        yield Result(go=sitting.next_address())
    elif name in PAGES:
        found = PAGES[name](Room(sitting=sitting, rest=rest, form=visit.form))
        for page in [found] if isinstance(found, Page) else found:
            yield _written(desk, visit, page)
    else:
        raise NoSuchPage(visit.address)
    desk.put_back(sitting)


def take(desk: Desk, visit: Visit) -> Job:
    """What a form of a session sent. Nothing is kept of what is to be mended first."""
    try:
        sitting = _opened(desk, visit)
    except Problems:
        yield _mended(desk, visit)
        return
    name, _, rest = visit.address.partition("/")
    if name not in FORMS:
        raise NoSuchPage(visit.address)
    found = FORMS[name](Room(sitting=sitting, rest=rest, form=visit.form))
    if isinstance(found, Go):
        text, memory = desk.put_back(sitting)
        yield Result(go=found.address, text=text, memory=memory)
    else:
        yield _written(desk, visit, found)


def understood(desk: Desk, visit: Visit) -> Job:
    """How what is being typed would be understood."""
    sitting = _opened(desk, visit)
    words = question.understood(Room(sitting=sitting, rest=visit.address.partition("/")[2], form=visit.form))
    desk.put_back(sitting)
    yield Result(data=words)


def download(desk: Desk, visit: Visit) -> Job:
    """The advice or the answers as a file. A case that does not fit the pack is given as it is kept."""
    name = visit.address
    try:
        sitting = _opened(desk, visit)
    except Problems:
        if name != "case.yaml":
            raise
        yield Result(data=downloads.File(visit.text.encode(), "application/yaml"))
        return
    for file in downloads.made(Room(sitting=sitting), name):
        yield Result(data=file)
    desk.put_back(sitting)


def _opened(desk: Desk, visit: Visit) -> Sitting:
    return desk.taken_out(visit.pack, visit.text, visit.memory)


def _written(desk: Desk, visit: Visit, page: Page) -> Result:
    pack = desk.pack(visit.pack)
    here = {**visit.here, "title": pack.data.title, "pack": pack.id}
    return Result(html=desk.renderer(pack.id).page(page.template, page.values, here), status=page.status)


# --- a case that does not fit -----------------------------------------------------------------------------------------


def _to_mend(desk: Desk, visit: Visit) -> mending.CaseToMend:
    try:
        return mending.CaseToMend(desk.pack(visit.pack), visit.text)
    except NotEditable as error:
        raise Problems([Problem(Place("your case"), "not-editable", str(error))]) from None


def _mended(desk: Desk, visit: Visit) -> Result:
    to_mend = _to_mend(desk, visit)
    text = to_mend.take(first(visit.form, "do"), first(visit.form, "value"))
    if text is None:
        return _written(desk, visit, to_mend.show(empty=True))
    return Result(go="check", text=text, memory=visit.memory)


def described(desk: Desk, pack: str) -> Job:
    """A pack, for programs."""
    yield Result(data=services.described(desk.pack(pack)))


def schema(desk: Desk, pack: str) -> Job:
    """The JSON Schema of a pack's cases."""
    yield Result(data=services.schema(desk.pack(pack)))


def operation(desk: Desk, pack: str, wanted: str, body: Any) -> Job:  # noqa: ANN401 - JSON is of any type
    """What a program asks for."""
    for part in services.done(desk.pack(pack), wanted, body, desk.today):
        yield Result(data=part)


def warmed(desk: Desk) -> Iterator[None]:
    """Goes through a session on each pack in small steps, so that nobody has to wait for what is worked out once."""
    for pack in desk.packs.values():
        for goal in choosable(pack.data)[:MOST_WARMED]:
            sitting = Sitting(pack, new_case(pack), Memory().to_json(), desk.today)
            yield
            sitting.session.choose((goal.id,))
            for kind in sitting.session.listed_kinds():
                sitting.session.add(kind, {sitting.pack.data.entities[kind].label: "A"})
                sitting.session.close_list(kind)
            for _ in range(MOST_WARMED_QUESTIONS):
                yield
                prompt = sitting.session.next()
                if prompt is None or prompt.fact is None:
                    break
                sitting.session.answer_so_far()
                sitting.session.progress()
                yield
                sitting.session.unknown(prompt.path)


JOBS: Final[dict[str, Callable[..., Job]]] = {
    "packs": packs,
    "plain": plain,
    "begin": begin,
    "bring": bring,
    "show": show,
    "take": take,
    "understood": understood,
    "download": download,
    "described": described,
    "schema": schema,
    "operation": operation,
}
