# SPDX-License-Identifier: Apache-2.0
"""A quote: what a contract would pay for these units. What cannot be priced is listed with its reason, never as zero."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from openinfusion.kernel.money import Money, total
from openinfusion.payers.domain.price import Asked, Priced


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """Units of a code. ``share`` is the percentage paid, below 100 for a second therapy on the same days.

    ``ndc11`` and ``charge`` are wanted by rates that go by the package or by what is charged.
    """

    hcpcs: str
    units: Decimal
    share: int = 100
    ndc11: str = ""
    charge: Money | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its price. ``rate`` is that of one unit, rounded to the cent; the amount is reckoned exactly."""

    hcpcs: str
    units: Decimal
    rate: Money
    amount: Money
    words: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    reimbursement: Money
    lines: tuple[PricedLine, ...]
    unknown: tuple[str, ...]
    why: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return not self.unknown


def quoted(lines: Iterable[QuoteLine], price_of: Mapping[str, Money] | Callable[[Asked], Priced]) -> Quote:
    """Price the lines by rates of one unit, or by a contract; each line is rounded once to the cent, half up."""
    ask = price_of if callable(price_of) else _by_rates(price_of)
    priced: list[PricedLine] = []
    why: dict[str, str] = {}
    for line in lines:
        found = ask(Asked(line.hcpcs, line.units * line.share / 100, line.ndc11, line.charge))
        if found.amount is None:
            why.setdefault(line.hcpcs, found.words)
            continue
        rate = Money.rounded(found.amount.dollars * 100 / (line.units * line.share)) if line.units * line.share else Money(0)
        priced.append(PricedLine(line.hcpcs, line.units, rate, found.amount, found.words, found.source))
    return Quote(total(line.amount for line in priced), tuple(priced), tuple(why), why)


def _by_rates(rates: Mapping[str, Money]) -> Callable[[Asked], Priced]:
    def ask(asked: Asked) -> Priced:
        if asked.code not in rates:
            return Priced(None, f"the contract has no rate for {asked.code}")
        return Priced(rates[asked.code] * asked.units, f"{rates[asked.code]} a unit")

    return ask
