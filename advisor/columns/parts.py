"""What can come out of a table of cases, by name."""

from __future__ import annotations

from typing import Final

PARTS: Final = ("answers", "recommendations", "conclusions", "figures", "open")
"""What can come out of a table."""
