# SPDX-License-Identifier: Apache-2.0
"""What one unit of a code is worth under a contract: the rate's legs against the price lists of the day.

A price that is not known makes the price of the unit unknown, with the reason; it is never guessed. The ASP file of
Medicare holds payment limits, which are 106 % of ASP except for biosimilars, whose limit adds a share of the reference
product's price (Social Security Act 1847A). So any other percentage of a biosimilar's ASP cannot be told from it.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.kernel.money import Money
from openinfusion.payers.domain.rate import Basis, Leg, RateTerm

ASP_LIMIT_PCT = Decimal(106)
BIOSIMILAR = "Q51"


@dataclass(frozen=True, slots=True)
class ListPrice:
    """A price of a list: dollars for one billing unit of ``code``; of one package, where ``ndc11`` is named."""

    basis: Basis
    code: str
    ndc11: str
    dollars: Decimal
    first: date
    last: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be priced: units of a code, of which package, and what is charged for them if that is known."""

    code: str
    units: Decimal
    ndc11: str = ""
    charge: Money | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """The price in full cents and where it comes from; or, where ``amount`` is None, why it is not known."""

    amount: Money | None
    words: str
    source: str = ""


Prices = Mapping[tuple[Basis, str], ListPrice]  # by basis and by code or NDC


def price(
    term: RateTerm | None, asked: Asked, prices: Prices, *, factor: Decimal = Decimal(1), lesser_of_charge: bool = False,
) -> Priced:
    """The lesser of the rate's legs for these units, each line rounded once to the cent, half up.

    ``factor``: what the contract's escalator has made of a fixed dollar by this day. With ``lesser_of_charge`` a known
    charge bounds the price; an unknown one is said.
    """
    if term is None:
        return Priced(None, f"the contract has no rate for {asked.code}")
    if term.carved:
        return Priced(None, f"{asked.code} is carved out of the contract{f': {term.payer}' if term.payer else ''}")
    found = [_leg(leg, asked, prices, factor) for leg in term.legs]
    unknown = next((p for p in found if p.amount is None), None)
    if unknown is not None:
        return unknown
    best = min(found, key=lambda p: p.amount or Money(0))
    amount, words = best.amount or Money(0), best.words
    if term.cap is not None and (most := Money.rounded(term.cap * asked.units)) < amount:
        amount, words = most, f"the cap of ${term.cap} a unit"
    if lesser_of_charge and asked.charge is not None and asked.charge < amount:
        amount, words = asked.charge, "what is charged, which is less than the rate"
    elif lesser_of_charge and asked.charge is None:
        words += ", unless less is charged"
    return Priced(amount, words, best.source)


def _leg(leg: Leg, asked: Asked, prices: Prices, factor: Decimal) -> Priced:
    if leg.basis is Basis.FIXED:
        each = Money.rounded(leg.amount * factor).dollars if factor != 1 else leg.amount
        return Priced(Money.rounded(each * asked.units), f"${each} a unit", "the contract")
    share = leg.amount / 100
    if leg.basis is Basis.CHARGE:
        if asked.charge is None:
            return Priced(None, f"{asked.code} is paid by what is charged, which is not known yet")
        return Priced(Money.rounded(asked.charge.dollars * share), leg.words, "the contract")
    row = prices.get((leg.basis, asked.ndc11)) or prices.get((leg.basis, asked.code))
    if row is None:
        which = f" (NDC {asked.ndc11})" if asked.ndc11 else ""
        return Priced(None, f"no {leg.basis.value.upper()} price of {asked.code}{which} is loaded for that day")
    if leg.basis is Basis.ASP:
        if leg.amount == ASP_LIMIT_PCT:
            share = Decimal(1)
        elif asked.code.startswith(BIOSIMILAR):
            return Priced(None, f"the ASP file gives the limit of the biosimilar {asked.code}, not its ASP")
        else:
            share = leg.amount / ASP_LIMIT_PCT
    return Priced(Money.rounded(row.dollars * share * asked.units), leg.words, row.source)


def escalated(first: date, on: date, percent: Decimal) -> Decimal:
    """What a yearly escalator has made of one dollar: it steps on each anniversary of the contract's first day."""
    years = on.year - first.year - ((on.month, on.day) < (first.month, first.day))
    return (1 + percent / 100) ** max(years, 0)
