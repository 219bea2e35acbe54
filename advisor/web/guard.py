"""What keeps a server safe from what is sent to it: headers, sizes, rates, and requests that other sites make.

No page needs a cookie: a session is reached by its address alone, so another site cannot make a browser send what it
does not know itself. What comes from another site is refused all the same.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.web.settings import LARGEST_BODY

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
}
SECURE_FOR: Final = "max-age=31536000"
"""How long a browser that came over HTTPS is told to come over it again."""
MOST_ADDRESSES: Final = 20_000
"""Addresses whose requests are counted."""
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")

Refuse = Callable[[Request, int, str], ASGIApp]
"""Makes the answer to a request that is refused: its status, and why in words."""


class Guard:
    """Stands before an application."""

    def __init__(self, app: ASGIApp, *, refuse: Refuse, rate: int) -> None:
        self._app = app
        self._refuse = refuse
        self._rates = Rates(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with_headers = _adding_headers(scope, send)
        request = Request(scope)
        wrong = self._wrong(request)
        if wrong is not None:
            await self._refuse(request, *wrong)(scope, receive, with_headers)
            return
        await self._app(scope, _bounded(receive), with_headers)

    def _wrong(self, request: Request) -> tuple[int, str] | None:
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return 413, TOO_LARGE
        if request.method not in SAFE_METHODS and comes_from_elsewhere(request.headers):
            return 403, "This was sent by another site, not by a page of this one, so nothing was done."
        if not self._rates.allows(request.client.host if request.client else ""):
            return 429, "These are too many requests at once. Wait a minute, then go on."
        return None


TOO_LARGE: Final = f"What was sent is larger than {LARGEST_BODY // 1000} kB, more than this takes."


def comes_from_elsewhere(headers: Headers) -> bool:
    """Whether a browser says that a page of another site made it send this."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


def _bounded(receive: Receive) -> Receive:
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > LARGEST_BODY:
            raise HTTPException(413, TOO_LARGE)
        return message

    return bounded


def _adding_headers(scope: Scope, send: Send) -> Send:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
            if scope["scheme"] == "https":
                headers["strict-transport-security"] = SECURE_FOR
        await send(message)

    return adding


class Rates:
    """How often each address has asked of late: a bucket that fills again within a minute."""

    def __init__(self, a_minute: int) -> None:
        self._most = a_minute
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Counts a request; whether it may be answered."""
        if not self._most:
            return True
        now = time.monotonic()
        left, then = self._buckets.pop(address, (float(self._most), now))
        left = min(self._most, left + (now - then) * self._most / 60)
        self._buckets[address] = (left - 1 if left >= 1 else left, now)
        while len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return left >= 1
