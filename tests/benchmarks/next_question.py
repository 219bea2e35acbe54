"""How long the next question takes after an answer: the first pack, eight contracts, answers drawn at random.

`python tests/benchmarks/next_question.py [SESSIONS]` prints the median, the 95th percentile and the slowest, in
milliseconds of processor time.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import advisor
from advisor.advice.advisor import LoadedPack
from advisor.dialogue.session import Prompt, Session
from advisor.files import shipped

CONTRACTS = 8
REPLIES = {"yes/no": ("y", "n"), "money": ("5.6k", "300", "0"), "date": ("3 weeks ago", "dk"), "duration": ("3 weeks",)}


def reply(prompt: Prompt, rng: random.Random) -> str:
    """Some answer to a question; one contract in three has a problem."""
    assert prompt.fact is not None
    type_ = prompt.fact.type
    if type_.kind == "choices":
        return rng.choice(type_.choice_ids()) if rng.random() < 1 / 3 else "none"
    if type_.choices:
        return rng.choice(type_.choice_ids())
    if type_.kind == "reference":
        return rng.choice(("Ann", "Bob"))
    return rng.choice(REPLIES.get(type_.kind, ("4",)))


def play(pack: LoadedPack, seed: int) -> list[float]:
    """Seconds from each contract to the prompt for the next, and from each answer to the next question."""
    rng = random.Random(seed)
    session = Session(pack, pack.case({"facts": {}}), today=date(2026, 11, 23))
    session.next()
    taken: list[float] = []

    def take(step: Callable[[], object]) -> Prompt | None:
        begin = time.process_time()
        step()
        prompt = session.next()
        taken.append(time.process_time() - begin)
        return prompt

    for number in range(CONTRACTS):
        take(partial(session.add, "contract", {"title": f"Contract {number}"}))
    prompt = take(partial(session.close_list, "contract"))
    while prompt is not None:
        prompt = take(partial(answer, session, prompt, reply(prompt, rng)))
    return taken


def answer(session: Session, prompt: Prompt, text: str) -> None:
    """Answers a question; "don't know" where the reply does not do."""
    try:
        session.answer(prompt.path, text)
    except ValueError:
        session.unknown(prompt.path)


def main(sessions: int) -> None:
    """Plays some sessions and prints the figures."""
    gc.disable()  # as the command does
    pack = advisor.load(shipped.rules() / "ending-a-contract")
    taken = sorted(1000 * one for seed in range(sessions) for one in play(pack, seed))
    high = taken[int(len(taken) * 0.95)]
    late = sum(one > 50 for one in taken) / len(taken)
    print(f"{len(taken)} questions: median {statistics.median(taken):.1f} ms, 95 % within {high:.1f} ms, ", end="")
    print(f"slowest {taken[-1]:.0f} ms, over 50 ms: {late:.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
