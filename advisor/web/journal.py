"""What the server writes down: a line of JSON a request, without addresses of sessions and without answers."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final

LOGGER: Final = logging.getLogger("advisor.web")


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        found: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "more", {}),
        }
        return json.dumps(found, ensure_ascii=False)


def begin() -> None:
    """Has the lines written to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    LOGGER.handlers[:] = [handler]
    LOGGER.propagate = False
    LOGGER.setLevel(logging.INFO)


def note(event: str, *, level: int = logging.INFO, **more: Any) -> None:  # noqa: ANN401 - whatever prints as JSON
    """Writes a line."""
    LOGGER.log(level, event, extra={"more": more})


class Clock:
    """How long something took."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()

    @property
    def milliseconds(self) -> float:
        """Since it began."""
        return round((time.perf_counter() - self._begun) * 1000, 1)
