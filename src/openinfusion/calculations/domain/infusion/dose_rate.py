# SPDX-License-Identifier: Apache-2.0
"""A dose in time as a pump rate, and a pump rate as the dose it gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.calculations.domain.inputs import amount

_SOURCE: Final = published("Arithmetic of infusion", 2026)
_PER_KG: Final = amount("dose", "ug/kg/min", "0.0001", "10000")
_UNITS_PER_KG: Final = amount("dose", "[iU]/kg/h", "0.0001", "10000")
_FLAT: Final = amount("dose", "mg/h", "0.0001", "10000")
_DRUG: Final = amount("drug", "mg", "0.001", "100000", note="the drug in the whole bag or syringe")
_DRUG_UNITS: Final = amount("drug", "[iU]", "1", "10000000", note="the units in the whole bag or syringe")
_VOLUME: Final = amount("volume", "mL", "0.1", "20000", note="the whole volume the drug is in")
_RATE: Final = amount("rate", "mL/h", "0.01", "2000")


def pump_rate(dose_per_h: Decimal, per_ml: Decimal) -> Decimal:
    """mL/h that give a dose per hour at a concentration; both in the same unit of amount."""
    return dose_per_h / per_ml


def _worked(dose_per_h: Decimal, drug: Decimal, volume_ml: Decimal, unit: str) -> Worked:
    per_ml = drug / volume_ml
    return Worked(
        results=(Result("rate", "Rate", pump_rate(dose_per_h, per_ml), "mL/h", TENTH),),
        steps=(Step("Dose", dose_per_h, f"{unit}/h"), Step("Concentration", per_ml, f"{unit}/mL")),
    )


@calculation(
    "dose-rate",
    "Pump rate of a dose by weight and time",
    group="infusion",
    formula="mL/h = mcg/kg/min × kg × 60 ÷ mcg/mL",
    source=_SOURCE,
)
def _by_weight(
    dose: Annotated[Decimal, _PER_KG],
    weight_kg: Annotated[Decimal, WEIGHT],
    drug_mg: Annotated[Decimal, _DRUG],
    volume_ml: Annotated[Decimal, _VOLUME],
) -> Worked:
    """For drugs measured by mass, such as dopamine or milrinone."""
    return _worked(dose * weight_kg * 60 / 1000, drug_mg, volume_ml, "mg")


@calculation(
    "dose-rate-units",
    "Pump rate of units by weight and time",
    group="infusion",
    formula="mL/h = units/kg/h × kg ÷ units/mL",
    source=_SOURCE,
)
def _units_by_weight(
    dose: Annotated[Decimal, _UNITS_PER_KG],
    weight_kg: Annotated[Decimal, WEIGHT],
    drug_units: Annotated[Decimal, _DRUG_UNITS],
    volume_ml: Annotated[Decimal, _VOLUME],
) -> Worked:
    """For drugs measured by activity, such as heparin. Units never become milligrams."""
    return _worked(dose * weight_kg, drug_units, volume_ml, "[iU]")


@calculation(
    "dose-rate-flat",
    "Pump rate of a dose by time",
    group="infusion",
    formula="mL/h = mg/h ÷ mg/mL",
    source=_SOURCE,
)
def _flat(
    dose_mg_per_h: Annotated[Decimal, _FLAT],
    drug_mg: Annotated[Decimal, _DRUG],
    volume_ml: Annotated[Decimal, _VOLUME],
) -> Worked:
    """For doses that do not go by weight."""
    return _worked(dose_mg_per_h, drug_mg, volume_ml, "mg")


@calculation(
    "dose-at-rate",
    "Dose that a pump rate gives",
    group="infusion",
    formula="mcg/kg/min = mL/h × mcg/mL ÷ (60 × kg)",
    source=_SOURCE,
)
def _at_rate(
    rate_ml_per_h: Annotated[Decimal, _RATE],
    weight_kg: Annotated[Decimal, WEIGHT],
    drug_mg: Annotated[Decimal, _DRUG],
    volume_ml: Annotated[Decimal, _VOLUME],
) -> Worked:
    """Read a running pump back into the dose: a check of the setting that does not repeat the way it was made."""
    dose = rate_ml_per_h * drug_mg / volume_ml * 1000 / 60 / weight_kg
    return Worked(results=(Result("dose", "Dose", dose, "ug/kg/min", Decimal("0.01")),))
