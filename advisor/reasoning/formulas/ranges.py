"""The range of a term: bounds that are never too narrow, and are exact wherever that can be shown.

In: a term. Out: the span of its values, or whether it compares so with another. The box in which its unknowns are is
cut into pieces, in each of which the term is shown to rise or fall in each unknown: there its bounds are exact, at the
corners. Where it cannot be shown in `MOST_PIECES` cuts, the arithmetic of spans gives bounds that are safe.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Final

from advisor.reasoning.formulas import rationals
from advisor.reasoning.formulas.rationals import Polynomial, TooLong, rational
from advisor.reasoning.formulas.terms import LEAPS_AT_WHOLES, Formula, Part, Term, Unknown, apart, unknowns
from advisor.values import spans
from advisor.values.spans import EVERYTHING, Bound, End, Span
from advisor.values.types import Number, Scalar

MOST_PIECES: Final = 60
"""Pieces into which a box is cut before what is left is taken as it is."""

FINEST: Final = 1000
"""A bound that is not exact is given to so many parts of one."""

MOST_WORK: Final = 600
"""As many operators, each for each unknown, are looked at for that; of a longer term the box is cut less often."""

Corner = Mapping[Unknown, Number]


class Box(dict[Unknown, Span]):
    """Where the unknowns of a term are, and what was found of its parts there."""

    def __init__(self, where: Mapping[Unknown, Span]) -> None:
        super().__init__(where)
        self.found: dict[Term, Span] = {}


def whole_box(term: Term) -> Box:
    """All that is possible of the unknowns of a term."""
    return Box({one: one.span for one in unknowns(term)})


def span_of(value: Part) -> Span:
    """All that a quantity can come to lies in this span."""
    return _span_of(value) if isinstance(value, Term) else spans.point(value)


def roughly(term: Term) -> Span:
    """Bounds of a term that are quickly found, and safe."""
    return outside(term, whole_box(term))


@lru_cache(maxsize=8192)
def _span_of(term: Term) -> Span:
    if isinstance(term, Unknown):
        return term.span
    assert isinstance(term, Formula)
    if term.op == "step":
        return _stepped(term, span_of(term.parts[0]))
    box = whole_box(term)
    low = lowest(term, box)
    high = lowest(Formula("-", (0, term)), box)
    return _met(Span(low[0], -high[0], low[1], high[1]), outside(term, box))


def compared(op: str, left: Scalar | Term, right: Scalar | Term) -> bool | None:
    """Whether `left op right` whatever the unknowns are; None where that depends on them."""
    by = apart(left, right)
    found = _against_nought(op, roughly(by))
    return _against_nought(op, span_of(by)) if found is None else found


def _against_nought(op: str, span: Span) -> bool | None:
    if op == "==":
        return False if span.nowhere_nought else True if span == spans.NOUGHT else None
    if op in (">", ">="):
        span, op = spans.negated(span), "<" if op == ">" else "<="
    below = span.high < 0 or (span.high == 0 and (span.high_open or op == "<="))
    above = span.low > 0 or (span.low == 0 and (span.low_open or op == "<"))
    return True if below else False if above else None


def turn(term: Part) -> tuple[Unknown, Number] | None:
    """For a term that is a straight line in its only unknown: that, and where the term is nought."""
    found = rational(term) if isinstance(term, Term) else None
    if found is None or len(found.atoms) != 1 or not isinstance(found.atoms[0], Unknown):
        return None
    at = rationals.root(found.above, 0)
    return None if at is None else (found.atoms[0], _plain(at))


def is_straight(value: object) -> bool:
    """Whether a quantity is a number, or rises or falls in its unknowns along a straight line."""
    if not isinstance(value, Term):
        return isinstance(value, int | Fraction)
    found = rational(value)
    if found is None or set(found.below) != {()} or not all(isinstance(atom, Unknown) for atom in found.atoms):
        return False
    return all(sum(power for _, power in powers) <= 1 for powers in found.above)


def parted(one: Unknown, at: Number) -> list[Unknown | Number]:
    """An unknown as what it can be below a number, that number, and what it can be above it."""
    below = narrowed(one, Span(one.span.low, at, one.span.low_open, high_open=True))
    above = narrowed(one, Span(at, one.span.high, low_open=True, high_open=one.span.high_open))
    here = one.span.holds(at) and (not one.whole or isinstance(at, int))
    return [*below, *([at] if here else []), *above]


def narrowed(one: Unknown, span: Span) -> list[Unknown | Number]:
    """An unknown in a part of its span: a number where that is all that is left, nothing where nothing is."""
    if one.whole:
        span = whole_ends(span)
    if span.low > span.high or (span.single and (span.low_open or span.high_open)):
        return []
    if span.single:
        assert not isinstance(span.low, float)
        return [span.low]
    return [Unknown(one.name, span, one.whole, one.dated)]


def whole_ends(span: Span) -> Span:
    """The whole numbers of a span."""
    low, high, low_open, high_open = span.low, span.high, span.low_open, span.high_open
    if not isinstance(low, float):
        low, low_open = (math.floor(low) + 1 if low_open else math.ceil(low)), False
    if not isinstance(high, float):
        high, high_open = (math.ceil(high) - 1 if high_open else math.floor(high)), False
    return Span(low, high, low_open, high_open)


# --- bounds that are safe -----------------------------------------------------------------------------------------


def outside(value: Part, box: Box) -> Span:
    """Bounds of a quantity by the arithmetic of spans: safe, and exact where each unknown stands in it once."""
    if not isinstance(value, Term):
        return spans.point(value)
    if isinstance(value, Unknown):
        return box[value]
    assert isinstance(value, Formula)
    found = box.found.get(value)
    if found is None:
        found = box.found[value] = _outside(value, [outside(one, box) for one in value.parts], box)
    return found


def _outside(value: Formula, parts: list[Span], box: Box) -> Span:
    match value.op:
        case "min":
            return reduce(spans.least, parts)
        case "max":
            return reduce(spans.greatest, parts)
        case "step":
            return _stepped(value, parts[0])
    found = _combined(value, parts)
    if value.op == "-" and _bounds("max", value.parts[0]) & _bounds("min", value.parts[1]):
        found = _met(found, spans.UPWARDS)
    return _met(found, _multiplied_out(value, box)) if _repeats(value) else found


def _bounds(op: str, value: Part) -> set[Part]:
    """What a greatest is at least, or a least at most."""
    if not isinstance(value, Formula) or value.op != op:
        return {value}
    return {one for inner in value.parts for one in _bounds(op, inner)}


@lru_cache(maxsize=8192)
def _repeats(term: Term) -> bool:
    """Whether an unknown stands more than once in a term."""
    many = list(unknowns(term))
    return len(set(many)) < len(many)


def _combined(value: Formula, parts: list[Span]) -> Span:
    match value.op:
        case "+":
            return spans.added(*parts)
        case "-":
            return spans.added(parts[0], spans.negated(parts[1]))
        case "*":
            same = value.parts[0] == value.parts[1]
            return spans.powered(parts[0], 2) if same else spans.multiplied(*parts)
    return spans.divided(*parts)


def _multiplied_out(value: Formula, box: Box) -> Span:
    found = rational(value)
    if found is None or any(atom is value for atom in found.atoms):
        return EVERYTHING

    return spans.divided(_span_in(found.above, found.atoms, box), _span_in(found.below, found.atoms, box))


def _met(one: Span, other: Span) -> Span:
    found = spans.both(one, other)
    return found if found.low < found.high or found == Span(found.low, found.low) else one


def _stepped(value: Formula, inner: Span) -> Span:
    assert value.function is not None
    low = _step_at(value, inner.low, inside=Fraction(1, 4) if inner.low_open else 0)
    high = _step_at(value, inner.high, inside=Fraction(-1, 4) if inner.high_open else 0)
    return Span(low, high, isinstance(low, float), isinstance(high, float))


def _step_at(value: Formula, end: float | Number, inside: Number) -> float | Number:
    """A step function at an end of a span; at one that is open, just inside of it where it leaps there."""
    assert value.function is not None
    if isinstance(end, float) or not inside or value.dated:
        return end if isinstance(end, float) else value.function(end)
    # Whole days leap at whole numbers, what is rounded halfway between.
    size, off = (
        (Fraction(1), 0) if value.step in LEAPS_AT_WHOLES else (Fraction(1, 10 ** value.step[1]), Fraction(1, 2))
    )
    at_a_leap = (end / size + off).denominator == 1
    return value.function(end + inside * size if at_a_leap else end)


# --- bounds that are reached --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a box is cut: an unknown, and a number."""

    unknown: Unknown
    at: Number


def lowest(term: Formula, box: Box) -> End:
    """The greatest bound below all that a term comes to within a box that can be shown, and whether it is open."""
    settled: list[End] = []
    pending: list[tuple[End, int, Box]] = [(_low(term, box), 0, box)]
    steps = sum(1 for _ in _formulas(term)) * (1 + sum(not span.single for span in box.values()))
    pieces = max(2, min(MOST_PIECES, MOST_WORK // steps))
    for number in range(1, 2 * pieces, 2):
        if not pending or (settled and min(settled) <= pending[0][0]):
            break
        _, _, piece = heapq.heappop(pending)
        found = _lowest_of(term, piece)
        if isinstance(found, _Cut):
            for more, part in enumerate(_cut(piece, found)):
                heapq.heappush(pending, (_low(term, part), number + more, part))
        else:
            settled.append(found)
    if pending:
        settled.append(_coarser(pending[0][0]))
    return min(settled)


def _low(term: Part, box: Box) -> End:
    found = outside(term, box)
    return found.low, found.low_open


def _coarser(end: End) -> End:
    """A bound that is not exact, with few digits."""
    number, is_open = end
    if isinstance(number, float) or (Fraction(number) * FINEST).denominator == 1:
        return end
    rounded = Fraction(math.floor(number * FINEST), FINEST)
    return (rounded.numerator if rounded.denominator == 1 else rounded), is_open


def _cut(box: Box, cut: _Cut) -> Iterator[Box]:
    span = box[cut.unknown]
    below = Span(span.low, cut.at, span.low_open)
    above = Span(cut.at, span.high, high_open=span.high_open)
    if cut.unknown.whole:
        below = whole_ends(below)
        above = Span(below.high + 1, span.high, high_open=span.high_open)
    yield Box({**box, cut.unknown: below})
    if above.low <= above.high:
        yield Box({**box, cut.unknown: above})


def _lowest_of(term: Formula, box: Box) -> End | _Cut:
    """The lowest bound of a term within a box where it rises or falls in each unknown; else where to cut the box."""
    corner: dict[Unknown, Number] = {one: span.low for one, span in box.items() if span.single}  # type: ignore[misc]
    endless: list[Unknown] = []
    left = [one for one in sorted(box, key=str) if not box[one].single]
    at = box
    while left:
        # Once it is known which way a term goes in one unknown, that holds also where others are at an end of theirs.
        ends = {one: end for one in left if (end := _lower_end(term, one, at)) is not None}
        if not ends:
            return _where_to_cut(term, at, left)
        left = [one for one in left if one not in ends]
        endless += [one for one, end in ends.items() if isinstance(end, float)]
        fixed = {one: end for one, end in ends.items() if not isinstance(end, float)}
        corner.update(fixed)
        at = Box({**at, **{one: spans.point(end) for one, end in fixed.items()}})
    found = _far_out(term, corner, endless) if endless else _corner(term, corner)
    if found is None:
        return _low(term, at) if endless else _low(term, box)
    return found, _never_reached(term, box, corner, endless)


def _lower_end(term: Formula, one: Unknown, box: Box) -> Bound | None:
    """The end of an unknown towards which a term falls within a box; any number where it stays, None where it turns."""
    steep = _slope(term, one, box)
    if steep == spans.NOUGHT:
        return _middle(box[one])
    return box[one].low if steep.rises else box[one].high if steep.falls else None


def _corner(term: Part, corner: Corner) -> float | Number | None:
    """What a term comes to at a corner; less than any number beside a pole, None where nothing can be said."""
    try:
        return value_at(term, corner)
    except ZeroDivisionError:
        pass
    found = rational(term) if isinstance(term, Term) else None
    if found is None:
        return None
    try:
        numbers = {number: value_at(atom, corner) for number, atom in enumerate(found.atoms)}
    except ZeroDivisionError:
        return None
    above, below = (rationals.put_in(one, numbers).get((), 0) for one in (found.above, found.below))
    if below:
        return _plain(Fraction(above) / Fraction(below))
    # The term falls towards this corner and grows beyond all bounds there: it can only be downwards.
    return -math.inf if above else None


def _far_out(term: Formula, corner: Corner, endless: list[Unknown]) -> float | Number | None:
    """What a term comes near to far out, where it falls in all unknowns without bound; None where that is not seen."""
    found = rational(term)
    if found is None:
        return None
    numbers: dict[int, Number] = {}
    for number, atom in enumerate(found.atoms):
        if atom in endless:
            continue
        if any(one in endless for one in unknowns(atom)):
            return None
        try:
            numbers[number] = value_at(atom, corner)
        except ZeroDivisionError:
            return None
    above, below = rationals.put_in(found.above, numbers), rationals.put_in(found.below, numbers)
    for number, atom in enumerate(found.atoms):
        if atom not in endless or not above or not below:
            continue
        tops, bottoms = rationals.by_atom(above, number), rationals.by_atom(below, number)
        most, least = max(tops), max(bottoms)
        if most > least:
            return -math.inf
        if most < least:
            return 0
        above, below = tops[most], bottoms[least]
    if not above or () not in below:
        return None if not below or above else 0
    return _plain(Fraction(above[()]) / Fraction(below[()]))


def _never_reached(term: Formula, box: Box, corner: Corner, endless: list[Unknown]) -> bool:
    """Whether the lowest bound is surely not reached: on the way to an end that is open the term never stops."""
    at: dict[Unknown, Span] = {one: spans.point(number) for one, number in corner.items()}
    for one, span in box.items():
        is_open = one in endless or (span.low_open and corner[one] == span.low)
        is_open |= one not in endless and span.high_open and corner[one] == span.high
        if is_open and not span.single:
            edge = Box({**{other: box[other] for other in endless}, **at, one: span})
            if _slope(term, one, edge).nowhere_nought:
                return True
    return False


def value_at(term: Part, corner: Corner) -> Number:
    """What a quantity comes to once its unknowns are these numbers. Raises ZeroDivisionError."""
    if isinstance(term, Unknown):
        return corner[term]
    if not isinstance(term, Formula):
        assert not isinstance(term, Term)
        return term
    parts = [value_at(one, corner) for one in term.parts]
    match term.op:
        case "+":
            return parts[0] + parts[1]
        case "-":
            return parts[0] - parts[1]
        case "*":
            return parts[0] * parts[1]
        case "/":
            return _plain(Fraction(parts[0]) / Fraction(parts[1]))
        case "step":
            assert term.function is not None
            return term.function(parts[0])
    return min(parts) if term.op == "min" else max(parts)


def _plain(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number


# --- how steeply a term rises -------------------------------------------------------------------------------------


def _slope(value: Part, one: Unknown, box: Box) -> Span:
    """Bounds of how steeply a quantity rises in an unknown within a box; of a leap nothing but its way is known."""
    if not isinstance(value, Term) or one not in set(unknowns(value)):
        return spans.NOUGHT
    if isinstance(value, Unknown):
        return spans.point(1)
    assert isinstance(value, Formula)
    match value.op:
        case "min" | "max":
            return spans.hull(_slope(part, one, box) for part in _in_question(value, box))
        case "step":
            return spans.multiplied(_slope(value.parts[0], one, box), spans.UPWARDS)
    found = rational(value)
    if found is None:
        return _product_rule(value, one, box)
    if spans.divided(spans.point(1), _span_in(found.below, found.atoms, box)) == EVERYTHING:
        # It may leap over a pole.
        return EVERYTHING
    steep = spans.NOUGHT
    for number, atom in enumerate(found.atoms):
        inner = _slope(atom, one, box)
        if inner == spans.NOUGHT:
            continue
        try:
            above, below = rationals.slope(value, number)
        except TooLong:
            return EVERYTHING
        own = spans.divided(_span_in(above, found.atoms, box), _span_in(below, found.atoms, box))
        steep = spans.added(steep, spans.multiplied(own, inner))
    return steep


def _span_in(polynomial: Polynomial, atoms: tuple[Term, ...], box: Box) -> Span:
    return rationals.span_of(polynomial, lambda number: outside(atoms[number], box))


def _product_rule(value: Formula, one: Unknown, box: Box) -> Span:
    """For what is too long to multiply out."""
    left, right = value.parts
    first, second = _slope(left, one, box), _slope(right, one, box)
    match value.op:
        case "+":
            return spans.added(first, second)
        case "-":
            return spans.added(first, spans.negated(second))
        case "*":
            return spans.added(
                spans.multiplied(first, outside(right, box)), spans.multiplied(outside(left, box), second)
            )
    return EVERYTHING


def _in_question(value: Formula, box: Box) -> list[Part]:
    """The parts of a `min` or `max` that may be the least or greatest within a box."""
    found: list[Part] = []
    for part in value.parts:
        sign = 1 if value.op == "min" else -1
        beaten = any(_is_below(other, part, box, sign) for other in found) or any(
            _is_below(other, part, box, sign, strictly=True) for other in value.parts if other is not part
        )
        if not beaten:
            found.append(part)
    return found


def _is_below(one: Part, other: Part, box: Box, sign: int, *, strictly: bool = False) -> bool:
    by = outside(Formula("-", (one, other) if sign > 0 else (other, one)), box)
    return by.high < 0 if strictly else by.falls


# --- where to cut -------------------------------------------------------------------------------------------------


def _where_to_cut(term: Formula, box: Box, among: list[Unknown]) -> _Cut:
    """Where a box is best cut: where parts of a `min` or `max` cross, at a pole, where the term turns, else midway."""
    for polynomial, atoms in _turning(term, box):
        for number, atom in enumerate(atoms):
            root = rationals.root(polynomial, number)
            if root is not None and isinstance(atom, Unknown) and atom in among and _parts(box[atom], root):
                return _Cut(atom, _plain(root))
    wide = max(among, key=lambda one: (box[one].width, str(one)))
    return _Cut(wide, _middle(box[wide]))


def _parts(span: Span, at: Number) -> bool:
    return span.low < at < span.high


def _middle(span: Span) -> Number:
    low, high = span.low, span.high
    if isinstance(low, float) and isinstance(high, float):
        return 0
    if isinstance(low, float):
        assert not isinstance(high, float)
        return min(2 * high, high - 1) if high <= 0 else 0
    if isinstance(high, float):
        return max(2 * low, low + 1) if low >= 0 else 0
    return _plain(Fraction(low + high) / 2)


def _turning(term: Formula, box: Box) -> Iterator[tuple[Polynomial, tuple[Term, ...]]]:
    """Polynomials where a term may turn around when they are nought."""
    for part in _formulas(term):
        if part.op in ("min", "max"):
            questioned = _in_question(part, box)
            for other in questioned[1:]:
                found = rational(Formula("-", (questioned[0], other)))
                if found is not None:
                    yield found.above, found.atoms
    found = rational(term)
    if found is None:
        return
    yield found.below, found.atoms
    for number, atom in enumerate(found.atoms):
        if isinstance(atom, Unknown):
            try:
                yield rationals.slope(term, number)[0], found.atoms
            except TooLong:
                continue


def _formulas(value: Part) -> Iterator[Formula]:
    if isinstance(value, Formula):
        yield value
        for part in value.parts:
            yield from _formulas(part)
