# SPDX-License-Identifier: Apache-2.0
"""Rates as a contract states them, one line each: "S9500 145.00", "J1745 asp 106 lesser charge 100 cap 55", "J* awp 85".

A line names a code, or the beginning of codes with a star behind it; the longest beginning that fits a code wins. What
stands behind it is one leg, or two of which the lesser is paid, and a cap on one unit. A code that is carved out is
paid by somebody else.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import Fault, Malformed

PATTERN = re.compile(r"[A-Z][0-9]{4}|[0-9]{5}|[A-Z0-9]{0,4}\*", re.ASCII)


class Basis(StrEnum):
    """What a rate is reckoned from."""

    FIXED = "fixed"  # dollars for one billing unit
    ASP = "asp"  # percent of the average sales price
    AWP = "awp"  # percent of the average wholesale price
    WAC = "wac"  # percent of the wholesale acquisition cost
    MAC = "mac"  # percent of the payer's maximum allowable cost
    FEE = "fee"  # percent of a published fee schedule
    CHARGE = "charge"  # percent of what is charged
    CARVED = "carved"  # paid by somebody else

    @property
    def listed(self) -> bool:
        """Whether its prices come from an imported price list."""
        return self in _LISTED


_LISTED = frozenset({Basis.ASP, Basis.AWP, Basis.WAC, Basis.MAC, Basis.FEE})


@dataclass(frozen=True, slots=True)
class Leg:
    """One way to reckon a price: dollars a unit for ``fixed``, else a percentage of the basis."""

    basis: Basis
    amount: Decimal

    def __str__(self) -> str:
        value = f"{self.amount.normalize():f}"
        return f"{_dollars(self.amount)}" if self.basis is Basis.FIXED else f"{self.basis.value} {value}"

    @property
    def words(self) -> str:
        if self.basis is Basis.FIXED:
            return f"${_dollars(self.amount)} a unit"
        name = "what is charged" if self.basis is Basis.CHARGE else self.basis.value.upper()
        return f"{self.amount.normalize():f} % of {name}"


def _dollars(amount: Decimal) -> str:
    plain = amount.normalize()
    exponent = plain.as_tuple().exponent
    return f"{plain:.2f}" if isinstance(exponent, int) and exponent > -2 else f"{plain:f}"


@dataclass(frozen=True, slots=True)
class RateTerm:
    """One line of a contract's rates. ``cap`` is the most that is paid for one unit, in dollars."""

    pattern: str
    legs: tuple[Leg, ...]
    cap: Decimal | None = None
    payer: str = ""  # who pays a code that is carved out

    @property
    def carved(self) -> bool:
        return not self.legs

    def fits(self, code: str) -> bool:
        return code.startswith(self.pattern[:-1]) if self.pattern.endswith("*") else code == self.pattern

    def __str__(self) -> str:
        if self.carved:
            return f"{self.pattern} carved {self.payer}".strip()
        cap = f" cap {_dollars(self.cap)}" if self.cap is not None else ""
        return f"{self.pattern} {' lesser '.join(map(str, self.legs))}{cap}"

    @property
    def words(self) -> str:
        if self.carved:
            return f"carved out{f': {self.payer}' if self.payer else ''}"
        said = self.legs[0].words if len(self.legs) == 1 else "the lesser of " + " and ".join(x.words for x in self.legs)
        return said + (f", at most ${_dollars(self.cap)} a unit" if self.cap is not None else "")


def rate_for(code: str, terms: Iterable[RateTerm]) -> RateTerm | None:
    """The line that prices a code: its own, else that of the longest beginning; None where no line fits."""
    fitting = [t for t in terms if t.fits(code)]
    return max(fitting, key=lambda t: (not t.pattern.endswith("*"), len(t.pattern)), default=None)


def parse_rate(line: str) -> RateTerm:
    """A line read strictly; Malformed says what is wrong with it."""
    words = line.split()
    pattern = words[0].upper() if words else ""
    if not PATTERN.fullmatch(pattern):
        raise Malformed(Fault(line, "begin with a billing code such as S9500, or the beginning of codes such as J*"))
    rest = words[1:]
    if rest and rest[0].lower() == "carved":
        return RateTerm(pattern, (), payer=" ".join(rest[1:])[:120])
    cap: Decimal | None = None
    if len(rest) >= 2 and rest[-2].lower() == "cap":
        cap, rest = _above_zero(rest[-1], line), rest[:-2]
    legs = tuple(_leg(part.split(), line) for part in " ".join(rest).lower().split(" lesser "))
    if len(legs) > 2 or len({leg.basis for leg in legs}) < len(legs):
        raise Malformed(Fault(line, "the lesser is taken of two different bases"))
    return RateTerm(pattern, legs, cap)


def _leg(words: list[str], line: str) -> Leg:
    if len(words) == 1:
        return Leg(Basis.FIXED, _above_zero(words[0], line))
    if len(words) == 2 and words[0] in set(Basis) - {Basis.FIXED, Basis.CARVED}:
        share = _above_zero(words[1], line)
        if share > 300:
            raise Malformed(Fault(line, f"{share} % is more than any contract pays"))
        return Leg(Basis(words[0]), share)
    raise Malformed(Fault(line, "say dollars a unit, or asp, awp, wac, mac, fee or charge and a percentage, or carved"))


def _above_zero(text: str, line: str) -> Decimal:
    try:
        found = parse_decimal(text.removeprefix("$"))
    except Malformed as no:
        raise Malformed(Fault(line, no.faults[0].text)) from None
    if found <= 0 or found >= 1_000_000:
        raise Malformed(Fault(line, f"{text} is not above zero and below a million"))
    return found


def parse_rates(lines: Iterable[str]) -> tuple[RateTerm, ...]:
    """All lines, in the order of their codes; Malformed with every fault, a code that stands there twice among them."""
    found: dict[str, RateTerm] = {}
    faults: list[Fault] = []
    for line in lines:
        try:
            term = parse_rate(line)
        except Malformed as no:
            faults += no.faults
            continue
        if term.pattern in found:
            faults.append(Fault(line, f"{term.pattern} has a rate already"))
        found[term.pattern] = term
    if faults:
        raise Malformed(*faults)
    return tuple(found[k] for k in sorted(found))
