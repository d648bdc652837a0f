# SPDX-License-Identifier: Apache-2.0
"""Maintenance fluid of a child by weight."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import AGE, WEIGHT
from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.kernel.refusal import Reason, Refused

_TEN: Final = Decimal(10)


def holliday_segar(weight_kg: Decimal) -> Decimal:
    """mL a day: 100 per kg for the first 10 kg, 50 for the next 10, 20 for each further (Holliday & Segar 1957)."""
    first, second = min(weight_kg, _TEN), min(max(weight_kg - 10, Decimal(0)), _TEN)
    return first * 100 + second * 50 + max(weight_kg - 20, Decimal(0)) * 20


@calculation(
    "maintenance-fluid",
    "Maintenance fluid (Holliday-Segar)",
    group="therapy",
    formula="mL/day = 100/kg to 10 kg + 50/kg to 20 kg + 20/kg above",
    source=published("Holliday & Segar, Pediatrics 1957;19:823, general knowledge", 1957),
)
def _maintenance(weight_kg: Annotated[Decimal, WEIGHT], age_years: Annotated[Decimal, AGE]) -> Worked:
    """For children in steady state. Newborns, heart and kidney disease and losses need a plan of their own."""
    limits = row("hydration", name="holliday-segar")
    if age_years * 12 < limits.figure("from_months"):
        raise Refused(Reason("newborn", "the formula is not for newborns", "follow the newborn's own plan"))
    daily = holliday_segar(weight_kg)
    warned = []
    if age_years >= limits.figure("adult_from_years") or daily > limits.figure("most_ml_per_day"):
        warned.append(Reason("not-a-child", "for adults and large children the formula gives more than is usual"))
    return Worked(
        results=(
            Result("daily", "Fluid", daily, "mL/d", Decimal(1)),
            Result("rate", "Rate over 24 hours", daily / 24, "mL/h", TENTH),
        ),
        warnings=tuple(warned),
        used=(limits.source,),
    )
