# SPDX-License-Identifier: Apache-2.0
"""Electrolytes: the usual daily range by age group, and what calcium gluconate holds by its label."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, yes_no
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit, on_file
from openinfusion.calculations.domain.nutrition.inputs import ADULT_FROM, AGE, HUNDREDTH, WEIGHT
from openinfusion.kernel.refusal import Reason, Refused

NAMES: Final = ("sodium", "potassium", "calcium", "magnesium", "phosphate")
PRETERM: Final = yes_no("preterm", label="Preterm newborn")


def age_group(age_years: Decimal, weight_kg: Decimal, *, preterm: bool) -> str:
    """adult, adolescent (below 18 years, above 50 kg), child, or preterm; Refused for a preterm newborn of a year."""
    if preterm and age_years >= 1:
        raise Refused(Reason("not-newborn", "a preterm newborn is below one year of age", "correct the age or the group"))
    if preterm:
        return "preterm"
    if age_years >= ADULT_FROM:
        return "adult"
    return "adolescent" if weight_kg > 50 else "child"


def daily(name: str, group: str, per_day: Decimal, weight_kg: Decimal, site: Sequence[Limit] = ()) -> Gauge:
    """mEq (phosphate mmol) of a day against the group's range, by weight where the range is by weight."""
    bound = on_file(name, group, site)
    return Gauge(name, name.capitalize(), per_day / weight_kg if "/kg" in bound.unit else per_day, bound.unit, bound)


@calculation(
    "electrolyte-range",
    "Electrolytes per day against the usual range",
    group="nutrition",
    formula="mEq/d or mEq/kg/d (phosphate mmol) within the range of the age group",
    source=published("Ayers 2014 (adults), ASPEN Safe Practices 2004 (children, not read)", 2014),
)
def _range(
    weight_kg: Annotated[Decimal, WEIGHT],
    age_years: Annotated[Decimal, AGE],
    preterm: Annotated[bool, PRETERM] = False,
    sodium: Annotated[Decimal | None, amount("sodium", "meq/d", "0", "2000")] = None,
    potassium: Annotated[Decimal | None, amount("potassium", "meq/d", "0", "2000")] = None,
    calcium: Annotated[Decimal | None, amount("calcium", "meq/d", "0", "2000")] = None,
    magnesium: Annotated[Decimal | None, amount("magnesium", "meq/d", "0", "2000")] = None,
    phosphate: Annotated[Decimal | None, amount("phosphate", "mmol/d", "0", "2000")] = None,
) -> Worked:
    """The range supposes organs that work and no losses; chloride and acetate are given as the acid-base state needs."""
    group = age_group(age_years, weight_kg, preterm=preterm)
    given = zip(NAMES, (sodium, potassium, calcium, magnesium, phosphate), strict=True)
    gauges = [daily(name, group, dose, weight_kg) for name, dose in given if dose is not None]
    if not gauges:
        raise Refused(Reason("nothing-given", "no electrolyte is given"))
    return Worked(
        results=tuple(g.verdict() for g in gauges), used=tuple(dict.fromkeys(g.limit.source for g in gauges if g.limit))
    )


@calculation(
    "calcium-gluconate",
    "Calcium gluconate: volume, mEq and grams",
    group="nutrition",
    formula="mEq = mL × 0.465; g = mL × 0.1",
    source=published("Product label: 100 mg/mL holds 0.465 mEq/mL", 2020),
)
def _calcium(
    volume: Annotated[Decimal | None, amount("volume", "mL", above="0", high="500")] = None,
    calcium: Annotated[Decimal | None, amount("calcium", "meq", above="0", high="250")] = None,
) -> Worked:
    """From a volume or from mEq. By the label's figure: molar masses differ with the water of crystallization."""
    if (volume is None) == (calcium is None):
        raise Refused(Reason("one-of-two", "give the volume or the mEq of calcium, one of them"))
    found = row("nutrition_products", code="calcium-gluconate")
    per_ml = found.figure("per_ml")
    amount_ml = volume if volume is not None else (calcium or Decimal(0)) / per_ml
    return Worked(
        results=(
            Result("calcium", "Calcium", amount_ml * per_ml, "meq", HUNDREDTH),
            Result("volume", "Volume of the 10 % solution", amount_ml, "mL", HUNDREDTH),
            Result("salt", "Calcium gluconate", amount_ml * Decimal(found["contents"]["ca_gluconate"]), "g", HUNDREDTH),
        ),
        used=(found.source,),
    )
