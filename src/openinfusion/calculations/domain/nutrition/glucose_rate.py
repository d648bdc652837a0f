# SPDX-License-Identifier: Apache-2.0
"""Glucose infusion rate. Two conventions lie 9 % apart, so every result says which one it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.calculations.domain.nutrition.inputs import DEXTROSE, HUNDREDTH, MINUTES, WEIGHT

CONVENTION: Final = choice(
    "convention",
    ("hydrous", "hydrous dextrose, as ordered"),
    ("anhydrous", "anhydrous glucose (× 10/11)"),
    note="the usual rule counts dextrose as ordered; some neonatal units count anhydrous glucose",
)
_LABELS: Final = {"hydrous": "Glucose rate (hydrous dextrose, as ordered)", "anhydrous": "Glucose rate (anhydrous glucose)"}


def glucose_rate(dextrose_g: Decimal, weight_kg: Decimal, hours: Decimal, *, convention: str) -> Decimal:
    """mg/kg/min of dextrose over the hours it runs; ``convention`` hydrous (as ordered) or anhydrous (× 10/11)."""
    rate = dextrose_g * 1000 / (weight_kg * hours * MINUTES)
    return rate * 10 / 11 if convention == "anhydrous" else rate


def _worked(hydrous: Decimal, convention: str) -> Worked:
    rate = hydrous * 10 / 11 if convention == "anhydrous" else hydrous
    return Worked(
        results=(Result("rate", _LABELS[convention], rate, "mg/kg/min", HUNDREDTH),),
        steps=(
            Step("As hydrous dextrose", hydrous, "mg/kg/min"),
            Step("As anhydrous glucose", hydrous * 10 / 11, "mg/kg/min"),
        ),
    )


@calculation(
    "glucose-rate",
    "Glucose infusion rate from grams",
    group="nutrition",
    formula="GIR = g × 1000 ÷ (kg × hours × 60); anhydrous glucose × 10/11",
    source=published("Usual rule, and a neonatal unit's guide for the anhydrous convention", 2014),
)
def _from_grams(
    dextrose: Annotated[Decimal, DEXTROSE],
    weight_kg: Annotated[Decimal, WEIGHT],
    duration: Annotated[Decimal, amount("duration", "h", above="0", high="24")],
    convention: Annotated[str, CONVENTION],
) -> Worked:
    """The mean over the hours of infusion; of a cycle with tapers use the cycle, which gives the rate at the plateau."""
    return _worked(glucose_rate(dextrose, weight_kg, duration, convention="hydrous"), convention)


@calculation(
    "glucose-rate-from-strength",
    "Glucose infusion rate from strength and rate",
    group="nutrition",
    formula="GIR = % × mL/kg/h ÷ 6; anhydrous glucose × 10/11",
    source=published("Usual rule, and a neonatal unit's guide for the anhydrous convention", 2014),
)
def _from_strength(
    strength: Annotated[Decimal, amount("strength", "%", above="0", high="70", label="Dextrose strength")],
    rate: Annotated[Decimal, amount("rate", "mL/kg/h", above="0", high="50")],
    convention: Annotated[str, CONVENTION],
) -> Worked:
    """The rate may also be written per day, such as 80 mL/kg/d."""
    return _worked(strength * rate / 6, convention)
