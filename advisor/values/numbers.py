"""Numbers as people write them: `1,250.50`, `1.250,50`, `1 250`, `1'250`, `2,5k`. The one reader of numbers.

In: a text. Out: the exact number, and what else the text could mean. Marks part thousands only where every group but
the first has three digits; a comma that cannot do so is a decimal comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from advisor.values.types import LARGEST_NUMBER, Number, whole

MOST_DIGITS: Final = 24
"""So many digits a number that is written may have."""

SCALES: Final = {"k": 10**3, "thousand": 10**3, "mio": 10**6, "million": 10**6}
"""What may stand after a number, and how many times as much it then is."""

DIGITS: Final = r"[.,]?\d(?:[.,'_ ]?\d)*"
"""The digits and marks of a number, in a text that is `tidy`; whether they make sense is not said."""

_SPACES = re.compile("[\t\u00a0\u2007\u2009\u202f]")
_TIDY = str.maketrans({"−": "-", "’": "'"})
_WRITTEN = re.compile(
    rf"(?P<sign>[-+])?(?P<digits>{DIGITS})\s*(?P<scale>{'|'.join(SCALES)})?", re.ASCII | re.IGNORECASE
)
_NUMBERS = re.compile(rf"(?<![\w.,']){DIGITS}(?:k\b)?", re.ASCII | re.IGNORECASE)


SCIENTIFIC: Final = re.compile(r"(?P<number>-?\d{1,15}(?:\.\d{1,15})?)[eE](?P<power>[+-]?\d{1,3})", re.ASCII)
"""A number as calculators and programs write it."""
VULGAR: Final = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅕": "0.2", "⅛": "0.125"}
_SIGNS: Final = {">=": "at least", "≥": "at least", "<=": "at most", "≤": "at most", ">": "above", "<": "below",
                 "~": "about", "≈": "about"}  # fmt: skip


def _grouped(mark: str) -> str:
    return rf"[1-9]\d{{0,2}}(?:{mark}\d{{3}})+"


_ENGLISH = re.compile(rf"\d+(?:\.\d+)?|\.\d+|(?:{'|'.join(map(_grouped, ',_ ' + chr(39)))})(?:\.\d+)?", re.ASCII)
_CONTINENTAL = re.compile(
    rf"\d*,\d+|{_grouped('[.]')}(?:,\d+)?|(?:{'|'.join(map(_grouped, '_ ' + chr(39)))}),\d+", re.ASCII
)


class TwoReadings(ValueError):
    """What is written can mean two numbers; the message says how to write each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a number that is written means: as the English write it, and as most others in Europe do.

    None where it makes no sense that way; one of the two always does.
    """

    text: str
    english: Number | None
    continental: Number | None

    @property
    def decimal_comma(self) -> bool:
        """Whether it makes sense only with a comma before its decimals, or with points between its thousands."""
        return self.english is None

    @property
    def either_way(self) -> bool:
        """Whether it makes sense both ways, as `1,234` and `1.234` do."""
        return self.english is not None and self.continental is not None

    @property
    def value(self) -> Number:
        """The number; the English reading of two."""
        found = self.continental if self.english is None else self.english
        assert found is not None
        return found

    def two_readings(self) -> TwoReadings:
        """What to say where it is not clear which of two numbers is meant."""
        assert self.english is not None
        assert self.continental is not None
        great, small = sorted((self.english, self.continental), key=lambda one: one * one, reverse=True)
        first, second = decimal_text(great), unmistakable(decimal_text(small))
        return TwoReadings(
            f"`{self.text[:40]}` can mean {great:,} or {decimal_text(small)}; write {first} for the one"
            f" and {second} for the other"
        )


def tidy(text: str) -> str:
    """The text with plain spaces, hyphens and apostrophes in the place of the finer ones."""
    return _SPACES.sub(" ", text).translate(_TIDY).strip()


def reading(text: str) -> Reading:
    """How a number can be read. Raises ValueError that says what is wrong."""
    shown = text.strip()
    found = _WRITTEN.fullmatch(tidy(text))
    if not found:
        wanted = meant(shown)
        raise ValueError(f"`{shown[:40]}` is not a number{f'; write {wanted}' if wanted else ''}")
    digits = found["digits"]
    if len(re.sub(r"\D", "", digits).lstrip("0")) > MOST_DIGITS:
        raise ValueError(f"`{shown[:40]}` has more digits than anyone needs")
    times = SCALES.get((found["scale"] or "").casefold(), 1) * (-1 if found["sign"] == "-" else 1)
    english = _exact(digits, ".", times) if _ENGLISH.fullmatch(digits) else None
    continental = _exact(digits, ",", times) if _CONTINENTAL.fullmatch(digits) else None
    if english is None and continental is None:
        raise ValueError(f"`{shown[:40]}` is not a number; write thousands as in 1,000 and decimals as in 1.5")
    if not all(-LARGEST_NUMBER <= one <= LARGEST_NUMBER for one in (english, continental) if one is not None):
        raise ValueError(f"`{shown[:40]}` has more digits than anyone needs")
    return Reading(shown, english, continental)


def meant(text: str) -> str:
    """How to write what is almost a number: 1000 for `1e3`, 0.5 for `½`, `at least 5` for `5+`; else empty."""
    text = tidy(text)
    found = SCIENTIFIC.fullmatch(text)
    if found and abs(int(found["power"])) <= MOST_DIGITS:
        return decimal_text(whole(Fraction(found["number"]) * Fraction(10) ** int(found["power"])), MOST_DIGITS)
    ratio = re.fullmatch(r"(\d{1,9})\s*/\s*([1-9]\d{0,8})", text, re.ASCII)
    if ratio:
        return decimal_text(whole(Fraction(int(ratio[1]), int(ratio[2]))))
    if text in VULGAR:
        return VULGAR[text]
    for sign, words in _SIGNS.items():
        rest = text.removeprefix(sign).strip() if text.startswith(sign) else ""
        if rest and _WRITTEN.fullmatch(rest):
            return f"`{words} {rest}`"
    if text.endswith("+") and _WRITTEN.fullmatch(text[:-1].strip()):
        return f"`at least {text[:-1].strip()}`"
    letters = text.translate(str.maketrans("oOlI", "0011"))
    return letters if letters != text and any(map(str.isdigit, text)) and _WRITTEN.fullmatch(letters) else ""


def _exact(digits: str, mark: str, times: int) -> Number:
    """The number, of which `mark` stands before the decimals and all others between thousands."""
    before, _, after = digits.partition(mark)
    places = re.sub(r"\D", "", before) + after
    return whole(Fraction(int(places) * times, pow(10, len(after))))


def read_number(text: str, *, amount: bool = False) -> Number:
    """An exact number from `1,250.50`, `1.250,50`, `2.5k` or `-3`. `1,234` is one thousand and more, as in English.

    An `amount` of money has no thousandths, so that `1.234` may be thousands there, and so may what stands before the
    comma of `1,234k`. Raises ValueError that says what is wrong, `TwoReadings` where either of two may be meant.
    """
    found = reading(text)
    scaled = found.text[-1].isalpha()
    if found.either_way and (scaled if "," in found.text else amount and not scaled):
        raise found.two_readings()
    return found.value


def readings_in(text: str) -> Iterator[Reading]:
    """Each number within a text (`about 1,5`, `4..6`), where it can be read as one."""
    for found in _NUMBERS.finditer(tidy(text).replace("..", " ; ")):
        try:
            yield reading(found[0])
        except ValueError:
            continue


def unsettled(text: str, *, commas: bool) -> TwoReadings | None:
    """What to say of a number in a text that could be meant in two ways beside numbers with decimal commas; else None.

    `commas`: whether such numbers stand elsewhere; they may stand in the text itself too.
    """
    found = list(readings_in(text))
    if not commas and not any(one.decimal_comma for one in found):
        return None
    return next((one.two_readings() for one in found if one.either_way), None)


def has_decimal_comma(text: str) -> bool:
    """Whether a number in a text can only be read with a decimal comma, or with points between thousands."""
    return any(one.decimal_comma for one in readings_in(text))


def decimal_text(number: Number, digits: int = 10) -> str:
    """A number in plain decimal notation, at most `digits` places after the point, no trailing zeros."""
    if isinstance(number, int):
        return str(number)
    scaled = round(abs(number) * 10**digits)
    before, after = divmod(scaled, 10**digits)
    text = f"{before}.{after:0{digits}d}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 and text != "0" else text


def unmistakable(text: str) -> str:
    """A number in decimal notation with one more 0 where its three decimals could be taken for thousands."""
    return f"{text}0" if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", text, re.ASCII) else text
