"""The first thing that is asked: what the person wants to know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from advisor.dialogue import goals
from advisor.dialogue.session import Session
from advisor.packs.pack import Goal
from advisor.terminal.prompt import Leave, Line, Option
from advisor.terminal.screen import Screen
from advisor.values import wording

PATH: Final = "goals"
"""The name under which a recorded reply is looked for."""
_LEAVE: Final = ("save", "quit", "exit")
_MORE: Final = "more"
_WHOLE_CASE: Final = Option("all", "just look at my case", alone=True)


def may_choose(session: Session) -> bool:
    """Whether the pack has several questions among which to choose."""
    return bool(goals.choosable(session.data))


def choose(session: Session, screen: Screen) -> None:
    """Lets the person tick questions, say one in their own words, or have the case looked at as a whole.

    What was chosen before stays, behind what is chosen now. Raises Leave and EndOfInput.
    """
    offered = goals.choosable(session.data)
    screen.say("What would you like to know?", "strong")
    shown: Sequence[Goal] = goals.first_offered(offered)
    _offer(session, screen, shown, len(offered))
    while True:
        options = _options(session, shown, len(offered))
        reply = screen.read(Line(mark="> ", path=PATH, options=options, several=True))
        if reply.casefold() in _LEAVE:
            raise Leave
        if reply.casefold() == _MORE:
            shown = offered
            _offer(session, screen, shown, len(offered))
            continue
        chosen = _understood(session, screen, offered, reply) if reply not in ("", _WHOLE_CASE.reply) else []
        if chosen is not None:
            if chosen:
                earlier = session.case.goals
                session.choose(tuple(dict.fromkeys((*(goal.id for goal in chosen), *earlier))))
                screen.say(f"✓ {wording.listing(goals.question(session.data, goal) for goal in chosen)}", "faint")
            screen.say()
            return


def _offer(session: Session, screen: Screen, shown: Sequence[Goal], count: int) -> None:
    """Lists the questions, where the screen does not let one pick them, and says what can be typed."""
    more = f"; “{_MORE}” shows all {count} questions" if len(shown) < count else ""
    if screen.picks:
        screen.say(f"Tick one or more, or type it in your own words{more}.", "faint")
        return
    for number, goal in enumerate(shown, 1):
        screen.item(f"{number:>2}.", goals.question(session.data, goal))
    screen.say(f"Numbers, or your own words; Enter to look at the whole case{more}.", "faint")


def _options(session: Session, shown: Sequence[Goal], count: int) -> tuple[Option, ...]:
    questions = [Option(str(number), goals.question(session.data, goal)) for number, goal in enumerate(shown, 1)]
    more = [Option(_MORE, f"show all {count} questions", alone=True)] if len(shown) < count else []
    return (_WHOLE_CASE, *questions, *more)


def _understood(session: Session, screen: Screen, offered: list[Goal], reply: str) -> list[Goal] | None:
    """The goals that a reply names; None where it must be asked again."""
    if re.fullmatch(r"[\d\s,;]+", reply):
        numbers = [int(one) for one in re.findall(r"\d{1,4}", reply)]
        if all(1 <= number <= len(offered) for number in numbers):
            return [offered[number - 1] for number in dict.fromkeys(numbers)]
        screen.say(f"There are {len(offered)} questions: type numbers from 1 to {len(offered)}.", "warn")
        return None
    found = goals.matching(session.data, reply)
    if not found:
        screen.say("None of the questions sounds quite like that. The nearest are:", "warn")
        _list(session, screen, offered, goals.nearest(session.data, reply))
        return None
    screen.say("That may be:")
    _list(session, screen, offered, found)
    several = "all of them" if len(found) > 1 else "it"
    said = screen.read(Line(mark=f"Take {several}? (y, n, or numbers) > ", path=PATH)).casefold()
    if said in ("y", "yes", ""):
        return found
    return _understood(session, screen, offered, said) if re.fullmatch(r"[\d\s,;]+", said) else None


def _list(session: Session, screen: Screen, offered: list[Goal], found: list[Goal]) -> None:
    """Goals under the numbers by which they can be chosen."""
    for goal in found:
        screen.item(f"{offered.index(goal) + 1:>2}.", goals.question(session.data, goal))
