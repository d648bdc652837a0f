# SPDX-License-Identifier: Apache-2.0
"""Feeding by tube: volume, rate, cartons and billing units."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.calculations.domain.inputs import amount, whole
from openinfusion.calculations.domain.whole import at_least


@calculation(
    "enteral-feeding",
    "Enteral feeding",
    group="therapy",
    formula="mL/day = kcal/day ÷ kcal/mL; mL/h = mL/day ÷ hours; cartons = ⌈mL/day × days ÷ carton⌉",
    source=published("Arithmetic of enteral nutrition; HCPCS unit of B4150 and its family as a row", 2026),
)
def _enteral(
    kcal: Annotated[Decimal, amount("energy", "kcal/d", "50", "6000")],
    density: Annotated[Decimal, amount("density", "kcal/mL", "0.3", "3")],
    hours: Annotated[Decimal, amount("time", "h/d", "0.5", "24", label="Hours a day")],
    carton_ml: Annotated[Decimal, amount("carton", "mL", "50", "2000")],
    days: Annotated[int, whole("days", 1, 366)],
) -> Worked:
    """Cartons are rounded up once for the whole supply, not for each day."""
    unit = row("enteral", name="hcpcs-unit")
    volume = kcal / density
    a_day = volume / carton_ml
    billed = kcal * days / unit.figure("kcal")
    return Worked(
        results=(
            Result("volume", "Volume", volume, "mL/d", TENTH),
            Result("rate", "Rate", volume / hours, "mL/h", TENTH),
            Result("cartons", "Cartons", Decimal(at_least(a_day * days)), "{each}", Decimal(1)),
            Result("daily_cartons", "Cartons a day", a_day, "{each}/d", Decimal("0.01")),
            Result("billing_units", "Billing units", billed, "1", Decimal("0.01")),
        ),
        steps=(Step(f"Days: {days}"), Step("One billing unit", unit.figure("kcal"), "kcal")),
        used=(unit.source,),
    )
