# SPDX-License-Identifier: Apache-2.0
"""Money: whole minor units of one currency. Never a float; a split loses no cent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount of US dollars in cents."""

    cents: int

    def __post_init__(self) -> None:
        if not isinstance(self.cents, int) or isinstance(self.cents, bool):
            raise TypeError(f"cents must be int, not {type(self.cents).__name__}")

    @classmethod
    def of(cls, dollars: Decimal | str | int) -> Money:
        """Dollars to money; refuses fractions of a cent, because rounding them is a decision (see `rounded`)."""
        if isinstance(dollars, float):
            raise TypeError("money is never made from a float")
        cents = Decimal(dollars) * 100
        if cents != cents.to_integral_value():
            raise ValueError(f"{dollars} has a fraction of a cent")
        return cls(int(cents))

    @classmethod
    def rounded(cls, dollars: Decimal) -> Money:
        """Dollars to money, half a cent up: the one rounding policy for money."""
        return cls(int((dollars * 100).to_integral_value(rounding=ROUND_HALF_UP)))

    @property
    def dollars(self) -> Decimal:
        return Decimal(self.cents) / 100

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money.rounded(self.dollars * factor)

    def __lt__(self, other: Money) -> bool:
        return self.cents < other.cents

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        return f"{sign}${abs(self.cents) // 100:,}.{abs(self.cents) % 100:02d}"


def total(amounts: Iterable[Money]) -> Money:
    """The sum, to the cent; zero for none."""
    return Money(sum(a.cents for a in amounts))
