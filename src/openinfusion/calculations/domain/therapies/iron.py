# SPDX-License-Identifier: Apache-2.0
"""The iron deficit after Ganzoni."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import IDEAL, WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount
from openinfusion.kernel.refusal import Reason, Refused

_HEMOGLOBIN: Final = amount("hemoglobin", "g/dL", "2", "25", also={"g/L": "0.1"})
_TARGET: Final = amount("target", "g/dL", "8", "20", also={"g/L": "0.1"}, label="Target hemoglobin")


def ganzoni(weight_kg: Decimal, target: Decimal, hemoglobin: Decimal) -> Decimal:
    """Iron deficit, mg: kg × rise (g/dL) × 2.4, and stores of 500 mg from 35 kg or 15 mg/kg below (Ganzoni 1970)."""
    stores = Decimal(500) if weight_kg >= 35 else weight_kg * 15
    return weight_kg * (target - hemoglobin) * Decimal("2.4") + stores


@calculation(
    "iron-deficit",
    "Iron deficit (Ganzoni)",
    group="therapy",
    formula="mg = kg × (target − hemoglobin, g/dL) × 2.4 + stores (500 mg from 35 kg, 15 mg/kg below)",
    source=published("Ganzoni AM, Schweiz Med Wochenschr 1970;100:301", 1970),
)
def _iron(
    weight_kg: Annotated[Decimal, WEIGHT],
    hemoglobin: Annotated[Decimal, _HEMOGLOBIN],
    target: Annotated[Decimal, _TARGET],
    ideal_kg: Annotated[Decimal | None, IDEAL] = None,
) -> Worked:
    """With the ideal weight given, the lower of both is used: fat needs no iron. The product's label caps each dose."""
    if hemoglobin >= target:
        raise Refused(Reason("no-deficit", "the hemoglobin is at its target; the formula is for a deficit"))
    used = weight_kg if ideal_kg is None else min(weight_kg, ideal_kg)
    note = "actual weight" if used == weight_kg else "ideal weight, since the actual is above it"
    return Worked(
        results=(Result("deficit", "Iron deficit", ganzoni(used, target, hemoglobin), "mg", Decimal(1)),),
        steps=(Step(f"Weight used: {note}", used, "kg"),),
    )
