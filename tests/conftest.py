"""How the tests run: the same examples every time, so that a failure is nobody's luck. FUZZ=1 looks for new ones."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("fuzz", max_examples=10_000, deadline=None)
settings.load_profile("fuzz" if os.environ.get("FUZZ") else "steady")
