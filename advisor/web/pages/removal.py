"""Deleting a session for good: asked once, done at once."""

from __future__ import annotations

from advisor.web.pages.room import Page, Room


def show(room: Room) -> Page:
    """Asks whether all answers are to be deleted."""
    count = sum(1 for _ in room.sitting.session.answered())
    return Page(template="removal.html", values={"count": count, "errors": [], "back": "check"})
