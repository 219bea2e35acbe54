"""The server as a process: it listens, says where, and stops cleanly when it is told to."""

from __future__ import annotations

import os
import socket
import sys

import uvicorn

from advisor.web import journal
from advisor.web.app import application
from advisor.web.settings import Settings

GRACE = 5
"""Seconds in which requests that are being answered may come to their end."""


class CannotListen(Exception):
    """The address is taken or not ours; the message says so."""


def run(settings: Settings, host: str, port: int, *, behind_proxy: bool = False) -> None:
    """Serves until it is interrupted. Raises CannotListen and CannotBeKept."""
    journal.begin()
    os.umask(0o077)  # what is kept in a file is read by nobody else
    with _listening(host, port) as listening:
        config = uvicorn.Config(
            application(settings),
            log_config=None,
            access_log=False,  # it would write down the addresses of sessions, which are secret
            server_header=False,
            proxy_headers=behind_proxy,
            forwarded_allow_ips="*" if behind_proxy else None,
            timeout_graceful_shutdown=GRACE,
        )
        _tell(listening)
        uvicorn.Server(config).run([listening])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CannotListen(f"{host}:{port} cannot be listened on ({reason}); name another with --port") from None


def _tell(listening: socket.socket) -> None:
    """Says where it listens."""
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"Serving on http://{shown}:{port} (Ctrl-C ends it)\n")
    sys.stderr.flush()
