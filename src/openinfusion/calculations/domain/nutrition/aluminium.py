# SPDX-License-Identifier: Apache-2.0
"""Aluminium of a mixture: the upper bound by the labels. One component without a figure, and nothing comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, rows, yes_no
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit, limit
from openinfusion.calculations.domain.nutrition.inputs import HUNDREDTH, VOLUME, WEIGHT
from openinfusion.kernel.refusal import Reason, Refused


def gauge(micrograms: Decimal | None, weight_kg: Decimal, site: Sequence[Limit] = ()) -> Gauge:
    """mcg/kg/d against warning and limit; a total that is None cannot be judged."""
    per_kg = None if micrograms is None else micrograms / weight_kg
    return Gauge("verdict", "Aluminium", per_kg, "ug/kg/d", limit("aluminium", "all", site))


_COMPONENTS: Final = rows(
    "components",
    VOLUME,
    amount("aluminium", "ug/L", "0", "100000", label="Aluminium by label"),
    yes_no("large_volume", label="Large volume parenteral"),
    optional=("aluminium", "large_volume"),
    note="a large volume without a figure counts with its ceiling of 25 mcg/L; a small one must have its own",
)


def _micrograms(place: int, part: Mapping[str, Any]) -> Decimal:
    if part["aluminium"] is not None:
        return Decimal(part["volume"] * part["aluminium"] / 1000)
    if part["large_volume"]:
        return Decimal(part["volume"] * row("nutrition_practice", name="large_volume_aluminium").figure() / 1000)
    raise Refused(Reason("aluminium-missing", f"component {place} has no aluminium figure", "enter it from its label"))


@calculation(
    "aluminium",
    "Aluminium load",
    group="nutrition",
    formula="mcg/kg/d = Σ(L × mcg/L) ÷ kg",
    source=published("21 CFR 201.323", 2004),
)
def _aluminium(components: Annotated[Sequence[Mapping[str, Any]], _COMPONENTS], weight_kg: Annotated[Decimal, WEIGHT]) -> Worked:
    """An upper bound: labels state the most there may be at expiry."""
    total = sum((_micrograms(place, part) for place, part in enumerate(components, 1)), Decimal(0))
    judged = gauge(total, weight_kg)
    assert judged.limit is not None
    return Worked(
        results=(
            Result("total", "Aluminium", total, "ug/d", HUNDREDTH),
            Result("per_kg", "For the weight", total / weight_kg, "ug/kg/d", HUNDREDTH),
            judged.verdict(),
        ),
        used=(judged.limit.source,),
    )
