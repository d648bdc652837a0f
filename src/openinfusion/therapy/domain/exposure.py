# SPDX-License-Identifier: Apache-2.0
"""What a patient has had of a drug in life: here, by cycles given; elsewhere, as it was told."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class GivenDose:
    """One line of a cycle as it was given: the amount of each day, on how many days, at which body surface."""

    drug_code: str
    amount: Quantity
    days: int
    surface_m2: Decimal
    given_on: date

    @property
    def total(self) -> Quantity:
        return self.amount * self.days

    @property
    def total_per_m2(self) -> Decimal:
        return self.total.amount / self.surface_m2


@dataclass(frozen=True, slots=True)
class PriorExposure:
    """What was given elsewhere before: an amount in ``measure`` (mg/m2 or units), zero for never, None for unknown."""

    drug_code: str
    amount: Decimal | None
    measure: str
    told_by: str
    told_on: date


def check_exposure(amount: Decimal | None, measure: str, told_by: str) -> None:
    """Malformed with every fault of what was told."""
    faults = []
    if amount is not None and amount < 0:
        faults.append(Fault("amount", "what was given is not negative"))
    if measure not in ("mg/m2", "units"):
        faults.append(Fault("measure", "give it in mg/m² or in units"))
    if not told_by.strip():
        faults.append(Fault("told_by", "who says so: a record, a letter, the patient?"))
    if faults:
        raise Malformed(*faults)
