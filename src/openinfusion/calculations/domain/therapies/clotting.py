# SPDX-License-Identifier: Apache-2.0
"""Clotting factors: units for a rise of the level, by the recovery in the product's row."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import AGE, WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, table
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.kernel.refusal import Reason, Refused

_PRODUCT: Final = choice("product", *dict.fromkeys((r["product"], r["label"]) for r in table("clotting_factors")))
_SOURCE: Final = published("Units per kg for a rise of 1 unit/dL: the product's label, row by row", 2026)
_RISE: Final = amount("rise", "[iU]/dL", "1", "200", label="Wanted rise", also={"%": "1"}, note="1 % is 1 unit/dL")


def units_for_rise(weight_kg: Decimal, rise: Decimal, per_kg: Decimal) -> Decimal:
    """Units for a rise (units/dL) when each unit/dL takes ``per_kg`` units per kg."""
    return weight_kg * rise * per_kg


def recovery(product: str, age_years: Decimal) -> Row:
    """The row of this product for this age; Refused where no row covers it."""
    for found in table("clotting_factors"):
        if found["product"] == product and found.get("from_years", 0) <= age_years < found.get("below_years", 200):
            return found
    raise Refused(
        Reason("no-recovery", "no recovery of this product for this age is on file", "take it from the label into a row")
    )


@calculation(
    "clotting-factor-dose",
    "Dose of a clotting factor",
    group="therapy",
    formula="units = kg × wanted rise (units/dL) × units/kg per unit/dL",
    source=_SOURCE,
)
def _dose(
    product: Annotated[str, _PRODUCT],
    weight_kg: Annotated[Decimal, WEIGHT],
    rise: Annotated[Decimal, _RISE],
    age_years: Annotated[Decimal, AGE],
) -> Worked:
    """Vials are then chosen by their assayed units (vial-choice-units). A pound is 0.45359237 kg here, not 1/2.2 kg."""
    found = recovery(product, age_years)
    per_kg = found.figure("units_per_kg")
    return Worked(
        results=(Result("dose", "Dose", units_for_rise(weight_kg, rise, per_kg), "[iU]", Decimal(1)),),
        steps=(Step("Units per kg for 1 unit/dL", per_kg),),
        warnings=(Reason("measured-recovery", "a recovery measured in the patient goes before the label's"),),
        used=(found.source,),
    )


@calculation(
    "clotting-factor-rise",
    "Rise of the level after a clotting factor",
    group="therapy",
    formula="rise (units/dL) = units ÷ kg ÷ units/kg per unit/dL",
    source=_SOURCE,
)
def _rise(
    product: Annotated[str, _PRODUCT],
    weight_kg: Annotated[Decimal, WEIGHT],
    units: Annotated[Decimal, amount("dose", "[iU]", "1", "100000")],
    age_years: Annotated[Decimal, AGE],
) -> Worked:
    """What the level should rise by, to compare with what was measured."""
    found = recovery(product, age_years)
    rise = units / weight_kg / found.figure("units_per_kg")
    return Worked(results=(Result("rise", "Expected rise", rise, "[iU]/dL", Decimal("0.1")),), used=(found.source,))
