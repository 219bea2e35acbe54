"""What the operator decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

LARGEST_BODY: Final = 256_000
"""Bytes of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`packs`: folders by name. `patience`: seconds after which a search ends with what was found by then.

    `keep_days`: sessions that were unused for so long are deleted. `rate`: requests a minute from one address (0: any
    number). `workers`: processes that reason. `open_sittings`: so many sessions each of them keeps at hand, of up to a
    megabyte each; others take longer to answer. `ahead`: whether they work out what all need before anybody asks.
    """

    packs: dict[str, Path]
    database: str
    today: date | None = None
    patience: float = 8.0
    keep_days: int = 90
    rate: int = 600
    workers: int = 2
    open_sittings: int = 500
    ahead: bool = True
