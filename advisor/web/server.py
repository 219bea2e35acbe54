"""The server as a process: it listens, says where, and stops cleanly when it is told to."""

from __future__ import annotations

import sys

import uvicorn

from advisor.web import journal
from advisor.web.app import application
from advisor.web.settings import Settings

GRACE = 5
"""Seconds in which requests that are being answered may come to their end."""


class _Server(uvicorn.Server):
    """Says where it listens as soon as it does."""

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Begins to listen."""
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            sys.stderr.write(f"Serving on http://{shown}:{port} (Ctrl-C ends it)\n")
            sys.stderr.flush()


def run(settings: Settings, host: str, port: int, *, behind_proxy: bool = False) -> None:
    """Serves until it is interrupted. Raises what the database's driver raises where it cannot be opened."""
    journal.begin()
    config = uvicorn.Config(
        application(settings),
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # it would write down the addresses of sessions, which are secret
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips="*" if behind_proxy else None,
        timeout_graceful_shutdown=GRACE,
    )
    _Server(config).run()
