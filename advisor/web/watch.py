"""What is seen of each request: how long it took and how it ended, for the log and the figures."""

from __future__ import annotations

import logging
import traceback
from typing import Final

from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.web.figures import Figures
from advisor.web.journal import Clock, note
from advisor.web.workers import Failed


def route_of(scope: Scope) -> str:
    """The pattern of the address that was asked for, in which secrets and answers have only names."""
    for route in scope["app"].routes:
        if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE:
            return route.path
    return "none"


METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SORRY: Final = (
    "Something went wrong here that is not your doing. Your answers are kept. Go back, and try it again in a while.\n"
)


def _in_short(error: Exception) -> str:
    """What failed and where in the program, without anything that a person said."""
    if isinstance(error, Failed):
        return str(error)
    spots = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at " + " < ".join(f"{one.name}:{one.lineno}" for one in reversed(spots[-4:]))


class Watch:
    """Stands before the pages."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through and notes it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clock, status = Clock(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - the log says where it failed, and a person gets a sentence
            note("failed", level=logging.ERROR, route=route_of(scope), error=_in_short(error))
            if not status:
                await Response(SORRY, 500, media_type="text/plain")(scope, receive, noting)
        finally:
            method, route, taken = _method(scope), route_of(scope), clock.milliseconds
            note("request", method=method, route=route, status=status, ms=taken)
            self._figures.count(method, route, status, taken / 1000)


def _method(scope: Scope) -> str:
    """The method that was used, where it is one of the known ones: anybody could make up others without end."""
    return str(scope["method"]) if scope["method"] in METHODS else "other"
