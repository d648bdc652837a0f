# SPDX-License-Identifier: Apache-2.0
"""Body size: surface, ideal, adjusted and lean weight."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.kernel.refusal import Reason, Refused

WEIGHT: Final = amount("weight", "kg", "0.3", "400", also={"lb": "0.45359237", "g": "0.001"})
HEIGHT: Final = amount("height", "cm", "25", "250", also={"in": "2.54", "m": "100"})
AGE: Final = amount("age", "a", "0", "120", also={"mo": "1/12"})
SEX: Final = choice("sex", "female", "male", note="as the formula uses it")

_HUNDREDTH: Final = Decimal("0.01")
_TENTH: Final = Decimal("0.1")


def mosteller(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Body surface, m², after Mosteller 1987: sqrt(height cm × weight kg / 3600)."""
    return (height_cm * weight_kg / 3600).sqrt()


def devine(height_cm: Decimal, *, female: bool) -> Decimal:
    """Ideal body weight of an adult, kg, after Devine 1974; below 60 inches it subtracts."""
    base = Decimal("45.5") if female else Decimal(50)
    return base + Decimal("2.3") * (height_cm / Decimal("2.54") - 60)


def adjusted(weight_kg: Decimal, ideal_kg: Decimal, share: Decimal) -> Decimal:
    """Ideal weight and a share of what is above it, kg."""
    return ideal_kg + share * (weight_kg - ideal_kg)


@calculation(
    "body-surface-mosteller",
    "Body surface (Mosteller)",
    group="body",
    formula="BSA = √(height cm × weight kg ÷ 3600)",
    source=published("Mosteller RD, N Engl J Med 1987;317:1098", 1987),
)
def _mosteller(weight_kg: Annotated[Decimal, WEIGHT], height_cm: Annotated[Decimal, HEIGHT]) -> Worked:
    """The default for chemotherapy, at all ages."""
    return Worked(results=(Result("bsa", "Body surface", mosteller(weight_kg, height_cm), "m2", _HUNDREDTH),))


@calculation(
    "ideal-weight-devine",
    "Ideal body weight (Devine)",
    group="body",
    formula="IBW = 50 kg (men) or 45.5 kg (women) + 2.3 kg × (inches − 60)",
    source=published("Devine 1974; provenance in Pai & Paloucek, Ann Pharmacother 2000;34:1066", 1974),
)
def _devine(height_cm: Annotated[Decimal, HEIGHT], sex: Annotated[str, SEX], age_years: Annotated[Decimal, AGE]) -> Worked:
    """For adults. Below 60 inches the formula goes on subtracting; below the site's floor it refuses."""
    limits = row("body", name="devine")
    if age_years < limits.figure("adult_from_years"):
        raise Refused(Reason("not-adult", "Devine's formula is for adults; for a child use ideal-weight-child"))
    if height_cm < limits.figure("shortest_adult_cm"):
        raise Refused(Reason("height-implausible", "this height is not plausible for an adult", "measure again"))
    inches = height_cm / Decimal("2.54")
    ideal = devine(height_cm, female=sex == "female")
    return Worked(
        results=(Result("ideal", "Ideal body weight", ideal, "kg", _TENTH),),
        steps=(Step("Height", inches, "in"),),
        warnings=(Reason("below-60-inches", "below 60 inches the formula extrapolates"),) if inches < 60 else (),
        used=(limits.source,),
    )
