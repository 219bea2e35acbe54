"""The parts of a report beside its page: each is shown when somebody asks for it."""

from __future__ import annotations

from typing import Final

WAYS: Final = "ways"
"""The part that compares courses of action, which takes a search."""
CHANGES: Final = "changes"
"""The part that tells what would change the advice, which takes a search."""

PARTS: Final[dict[str, str]] = {
    "steps": "every step, with reasons and dates",
    "figures": "the figures, as they are worked out",
    WAYS: "the ways to go about it, compared",
    CHANGES: "what would change this, and how firmly it stands",
    "doubts": "what is uncertain, and who thinks otherwise",
    "perhaps": "what may also be right, once more is known",
    "past": "what it is too late for, and what no longer holds",
    "findings": "what follows from the answers",
    "case": "the case, as it was understood",
    "sources": "who says so",
}
"""The name of each part, in the order in which they stand, and what it tells."""
