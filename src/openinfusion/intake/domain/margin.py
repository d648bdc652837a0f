# SPDX-License-Identifier: Apache-2.0
"""What an order would bring and cost before it is accepted. It informs; it never blocks. Unknowns are listed."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from openinfusion.kernel.money import Money, total
from openinfusion.kernel.quantity import Quantity, UnitMismatch


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of an expectation; ``kind`` is income, drug, supplies, preparation, delivery, nursing, waste or money.

    ``spread_pct`` is by how much it may be less or more; ``source`` says where the figure comes from.
    """

    text: str
    amount: Money
    kind: str = "income"
    source: str = ""
    spread_pct: Decimal = Decimal(0)

    @property
    def low(self) -> Money:
        return self.amount * (1 - self.spread_pct / 100)

    @property
    def high(self) -> Money:
        return self.amount * (1 + self.spread_pct / 100)


@dataclass(frozen=True, slots=True)
class ExpectedMargin:
    """``unknowns`` name what could not be priced, on either side; the margin leaves it out."""

    reimbursement: Money
    cost: Money
    unknowns: tuple[str, ...]
    income: tuple[CostLine, ...] = ()
    costs: tuple[CostLine, ...] = ()
    days: int = 0  # of the course that is priced

    def share_of(self, days: int) -> Decimal:
        """What part of the course these days are, at most all of it; nothing where the length is not known."""
        return min(Decimal(days) / self.days, Decimal(1)) if self.days else Decimal(0)

    def cost_of(self, kind: str) -> Money:
        return Money(sum(line.amount.cents for line in self.costs if line.kind == kind))

    @property
    def least(self) -> Money:
        """The margin where every line turns out against the house."""
        return total(x.low for x in self.income) - total(x.high for x in self.costs)

    @property
    def most(self) -> Money:
        """The margin where every line turns out for the house; what is not known is in neither."""
        return total(x.high for x in self.income) - total(x.low for x in self.costs)

    @property
    def is_thin(self) -> bool:
        """Whether it may be lost: it informs, and never blocks care."""
        return self.least.cents < 0

    @property
    def margin(self) -> Money:
        return self.reimbursement - self.cost

    @property
    def share(self) -> Decimal | None:
        """The margin as a percentage of reimbursement; None where nothing is paid."""
        if not self.reimbursement:
            return None
        return Decimal(self.margin.cents * 100) / self.reimbursement.cents


def doses_of(*, interval_hours: int, days: int, doses: int) -> int:
    """Doses of the course: as ordered, else one an interval, the first at the start."""
    return doses or int((Decimal(days) * 24 / interval_hours).to_integral_value(rounding=ROUND_CEILING))


def infusion_days(*, interval_hours: int, days: int, doses: int) -> int:
    """Days with an infusion: each day where doses come at least daily, else one a dose."""
    return days if interval_hours <= 24 else min(days, doses)


@dataclass(frozen=True, slots=True)
class Pack:
    """A way to buy the drug: content and price of one container."""

    strength: Quantity
    cost: Money


def thrown_away(dose: Quantity, packs: Iterable[Pack]) -> Decimal | None:
    """The share of the cheapest whole containers of one kind that a dose leaves over; None if no container measures it."""
    best: tuple[Money, Decimal] | None = None
    for pack in packs:
        try:
            exact = dose / pack.strength
        except UnitMismatch:
            continue
        count = exact.to_integral_value(rounding=ROUND_CEILING)
        if count and (best is None or pack.cost * count < best[0]):
            best = pack.cost * count, (count - exact) / count
    return best[1] if best else None


def cost_of_money(owed: Money, days: int, percent_a_year: Decimal) -> Money:
    """What it costs to wait so many days for what is owed."""
    return owed * (percent_a_year / 100 * days / 365)


def cheapest(dose: Quantity, packs: Iterable[Pack]) -> Money | None:
    """The lowest price of whole containers of one kind that hold a dose; None if no container measures the dose."""
    found = []
    for pack in packs:
        try:
            count = (dose / pack.strength).to_integral_value(rounding=ROUND_CEILING)
        except UnitMismatch:
            continue
        found.append(pack.cost * count)
    return min(found) if found else None
