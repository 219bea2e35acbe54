"""Terms multiplied out: one polynomial over another, so that what cancels is gone and how it rises can be read off.

In: a term. Out: a `Rational`, over the unknowns and those parts that are no polynomials (`min`, `max`, steps).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from advisor.reasoning.formulas.terms import Formula, Part, Term, Unknown
from advisor.values import spans
from advisor.values.spans import Span
from advisor.values.types import Number

MOST: Final = 60
"""So many products are kept of a polynomial; a longer one is not multiplied out."""

Powers = tuple[tuple[int, int], ...]
"""A product: numbers of atoms, in order, each with its power."""
Polynomial = dict[Powers, Number]


class TooLong(Exception):
    """A polynomial would have too many products."""


@dataclass(frozen=True, slots=True)
class Rational:
    """`above` over `below`: polynomials over `atoms`."""

    above: Polynomial
    below: Polynomial
    atoms: tuple[Term, ...]


@lru_cache(maxsize=2048)
def rational(term: Term) -> Rational | None:
    """The term multiplied out; None where that is too long."""
    atoms: dict[Term, int] = {}
    try:
        above, below = _expanded(term, atoms)
    except TooLong:
        return None
    return Rational(*_shortened(above, below), tuple(atoms))


def _expanded(value: Part, atoms: dict[Term, int]) -> tuple[Polynomial, Polynomial]:
    if not isinstance(value, Term):
        return _constant(value), _constant(1)
    if isinstance(value, Unknown) or (isinstance(value, Formula) and value.op not in "+-*/"):
        return {((atoms.setdefault(value, len(atoms)), 1),): 1}, _constant(1)
    assert isinstance(value, Formula)
    (a, b), (c, d) = (_expanded(one, atoms) for one in value.parts)
    match value.op:
        case "*":
            return product(a, c), product(b, d)
        case "/":
            return product(a, d), product(b, c)
    sign = 1 if value.op == "+" else -1
    if b == d:
        return total(a, c, sign), b
    return total(product(a, d), product(c, b), sign), product(b, d)


def _shortened(above: Polynomial, below: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Without the atoms by which all products above and below can be divided."""
    every = [dict(powers) for polynomial in (above, below) for powers in polynomial]
    shared = {atom: min(one.get(atom, 0) for one in every) for atom in (every[0] if every else ())}
    if not any(shared.values()) or not above:
        return above, below

    def without(polynomial: Polynomial) -> Polynomial:
        return {
            tuple((atom, power - shared.get(atom, 0)) for atom, power in powers if power > shared.get(atom, 0)): number
            for powers, number in polynomial.items()
        }

    return without(above), without(below)


def _constant(number: Number) -> Polynomial:
    return {(): number} if number else {}


def total(one: Polynomial, other: Polynomial, sign: int = 1) -> Polynomial:
    """The sum, or for a negative sign the difference."""
    found = dict(one)
    for powers, number in other.items():
        found[powers] = found.get(powers, 0) + sign * number
        if found[powers] == 0:
            del found[powers]
    return found


def product(one: Polynomial, other: Polynomial) -> Polynomial:
    """The product. Raises TooLong."""
    found: Polynomial = {}
    for first, number in one.items():
        for second, factor in other.items():
            powers = dict(first)
            for atom, power in second:
                powers[atom] = powers.get(atom, 0) + power
            key = tuple(sorted(powers.items()))
            found[key] = found.get(key, 0) + number * factor
            if len(found) > MOST:
                raise TooLong
    return {powers: number for powers, number in found.items() if number}


def by_atom(polynomial: Polynomial, atom: int) -> dict[int, Polynomial]:
    """The polynomials by which each power of an atom is multiplied."""
    found: dict[int, Polynomial] = {}
    for powers, number in polynomial.items():
        power = dict(powers).get(atom, 0)
        found.setdefault(power, {})[tuple(one for one in powers if one[0] != atom)] = number
    return found


def derived(polynomial: Polynomial, atom: int) -> Polynomial:
    """How steeply a polynomial rises in an atom."""
    found: Polynomial = {}
    for powers, number in polynomial.items():
        power = dict(powers).get(atom, 0)
        if power:
            left = tuple((one, count - (one == atom)) for one, count in powers if one != atom or count > 1)
            found[left] = number * power
    return found


@lru_cache(maxsize=4096)
def slope(term: Term, atom: int) -> tuple[Polynomial, Polynomial]:
    """How steeply a term that can be multiplied out rises in one of its atoms: one polynomial over another.

    Raises TooLong.
    """
    found = rational(term)
    assert found is not None
    if len(found.below) == 1 and () in found.below:
        return derived(found.above, atom), found.below
    first = product(derived(found.above, atom), found.below)
    second = product(found.above, derived(found.below, atom))
    return total(first, second, -1), product(found.below, found.below)


def span_of(polynomial: Polynomial, of_atom: Callable[[int], Span]) -> Span:
    """Bounds of a polynomial where its atoms are in these spans."""
    found = spans.NOUGHT
    for powers, number in polynomial.items():
        one: Span | None = None
        for atom, power in powers:
            more = spans.powered(of_atom(atom), power)
            one = more if one is None else spans.multiplied(one, more)
        found = spans.added(found, spans.point(number) if one is None else spans.times(one, number))
    return found


def put_in(polynomial: Polynomial, numbers: dict[int, Number]) -> Polynomial:
    """A polynomial once some of its atoms are these numbers."""
    found: Polynomial = {}
    for powers, number in polynomial.items():
        factor: Number = number
        left: list[tuple[int, int]] = []
        for atom, power in powers:
            if atom in numbers:
                factor *= numbers[atom] ** power
            else:
                left.append((atom, power))
        key = tuple(left)
        found[key] = found.get(key, 0) + factor
    return {powers: number for powers, number in found.items() if number}


def root(polynomial: Polynomial, atom: int) -> Fraction | None:
    """Where a polynomial that is a straight line in one atom, and has no other, is nought."""
    parts = by_atom(polynomial, atom)
    if set(parts) <= {0, 1} and 1 in parts and all(set(one) == {()} for one in parts.values()):
        return Fraction(-(parts[0][()] if 0 in parts else 0)) / Fraction(parts[1][()])
    return None
