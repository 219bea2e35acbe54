"""Where the tests find things."""

from pathlib import Path

TESTS = Path(__file__).parent
REPOSITORY = TESTS.parent
ADVISOR = REPOSITORY / "advisor"
RULES = REPOSITORY / "rules"
EXAMPLES = TESTS / "packs"
BAD_PACKS = EXAMPLES / "bad_packs"
GOOD = BAD_PACKS / "_good"
