# SPDX-License-Identifier: Apache-2.0
"""A quote: what a contract would pay for these units. What has no rate is listed as unknown, never counted as zero."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openinfusion.kernel.money import Money, total


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """Units of a code. ``share`` is the percentage paid, below 100 for a second therapy on the same days."""

    hcpcs: str
    units: Decimal
    share: int = 100


@dataclass(frozen=True, slots=True)
class PricedLine:
    hcpcs: str
    units: Decimal
    rate: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class Quote:
    reimbursement: Money
    lines: tuple[PricedLine, ...]
    unknown: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.unknown


def quoted(lines: Iterable[QuoteLine], rates: Mapping[str, Money]) -> Quote:
    """Price the lines; each line is rounded once to the cent, half up."""
    asked = list(lines)
    priced = tuple(
        PricedLine(line.hcpcs, line.units, rates[line.hcpcs], rates[line.hcpcs] * (line.units * line.share / 100))
        for line in asked if line.hcpcs in rates
    )
    unknown = tuple(dict.fromkeys(line.hcpcs for line in asked if line.hcpcs not in rates))
    return Quote(total(line.amount for line in priced), priced, unknown)
