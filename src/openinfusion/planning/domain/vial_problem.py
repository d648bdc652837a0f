# SPDX-License-Identifier: Apache-2.0
"""Which vials are opened for a day's doses of one drug: the problem, and what a plan of it holds.

Amounts are in the drug's one unit; instants are minutes of the day; money is in cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class VialSize:
    """One product: what a vial holds, what it costs, and how many there are (None: as many as needed)."""

    product: str
    holds: Decimal
    cents: int
    free: int | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """A vial that is open already: what is left of it, and until when it may be used."""

    name: str
    left: Decimal
    until: int


@dataclass(frozen=True, slots=True)
class Dose:
    """So much is drawn for one preparation at a minute."""

    name: str
    amount: Decimal
    at: int


@dataclass(frozen=True, slots=True)
class VialProblem:
    """A day's doses of one drug. ``keeps``: minutes an opened vial may be used; 0 means for one dose only."""

    sizes: tuple[VialSize, ...]
    doses: tuple[Dose, ...]
    keeps: int = 0
    open: tuple[Partial, ...] = ()

    def __post_init__(self) -> None:
        found = [
            *(Fault(f"sizes.{n}", "a vial holds more than nothing") for n, s in enumerate(self.sizes) if s.holds <= 0),
            *(Fault(f"sizes.{n}", "a price is not negative") for n, s in enumerate(self.sizes) if s.cents < 0),
            *(Fault(f"doses.{n}", "a dose is more than nothing") for n, d in enumerate(self.doses) if d.amount <= 0),
        ]
        if not self.sizes:
            found.append(Fault("sizes", "there is no vial to open"))
        if len({d.name for d in self.doses}) != len(self.doses):
            found.append(Fault("doses", "a dose stands twice"))
        if self.keeps < 0:
            found.append(Fault("keeps", "is not negative"))
        if found:
            raise Malformed(*found)

    def in_time(self) -> tuple[Dose, ...]:
        """The doses in the order in which they are made."""
        return tuple(sorted(self.doses, key=lambda d: d.at))


@dataclass(frozen=True, slots=True)
class OpenedVial:
    """A vial that is opened for a dose. ``number`` counts the opened vials of the plan from 1."""

    number: int
    product: str
    holds: Decimal
    cents: int
    at: int
    dose: str


@dataclass(frozen=True, slots=True)
class Draw:
    """So much of a vial goes into a dose. ``source``: the number of an opened vial, or the name of a partial one."""

    dose: str
    source: int | str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class VialPlan:
    """Which vials are opened when, and what goes where. ``proven``: no other plan costs less."""

    opened: tuple[OpenedVial, ...]
    draws: tuple[Draw, ...]
    proven: bool

    @property
    def cents(self) -> int:
        """What the opened vials cost."""
        return sum(v.cents for v in self.opened)

    @property
    def wasted(self) -> Decimal:
        """What is left in opened vials at the end, in the drug's unit."""
        return sum((left for _, left in self._left()), Decimal(0))

    @property
    def wasted_cents(self) -> Decimal:
        """The share of the price that is left in the vials, not rounded."""
        return sum((v.cents * left / v.holds for v, left in self._left()), Decimal(0))

    def _left(self) -> list[tuple[OpenedVial, Decimal]]:
        taken: dict[int | str, Decimal] = {}
        for d in self.draws:
            taken[d.source] = taken.get(d.source, Decimal(0)) + d.amount
        return [(v, v.holds - taken.get(v.number, Decimal(0))) for v in self.opened]

    def counts(self) -> dict[str, int]:
        """How many vials of each product are opened."""
        found: dict[str, int] = {}
        for v in self.opened:
            found[v.product] = found.get(v.product, 0) + 1
        return found
