# SPDX-License-Identifier: Apache-2.0
"""The rate of an infusion: millilitres an hour, drops a minute, and a rate that is ordered by weight."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount

VOLUME: Final = amount("volume", "mL", "0.1", "20000")
TIME: Final = amount("time", "h", "0.01", "1000", note="how long the infusion runs")
TENTH: Final = Decimal("0.1")
_DROPS: Final = amount("drop_factor", "gtt/mL", "5", "100", note="printed on the set: 10, 15 or 20; 60 for a microdrip set")
_PER_KG: Final = amount("rate", "mL/kg/min", "0.0001", "1")


def ml_per_hour(volume_ml: Decimal, hours: Decimal) -> Decimal:
    """mL/h of a volume that runs in so many hours."""
    return volume_ml / hours


def drops_per_minute(rate_ml_per_h: Decimal, drops_per_ml: Decimal) -> Decimal:
    """Drops a minute of a gravity set; with 60 drops to the mL this is the rate in mL/h."""
    return rate_ml_per_h * drops_per_ml / 60


@calculation(
    "infusion-rate",
    "Infusion rate and drops",
    group="infusion",
    formula="mL/h = volume ÷ hours; drops/min = mL/h × drops per mL ÷ 60",
    source=published("Arithmetic of infusion", 2026),
)
def _rate(
    volume_ml: Annotated[Decimal, VOLUME],
    hours: Annotated[Decimal, TIME],
    drops_per_ml: Annotated[Decimal | None, _DROPS] = None,
) -> Worked:
    """For a pump, and for a gravity set where its drop factor is given. Whole drops are counted."""
    rate = ml_per_hour(volume_ml, hours)
    results = [Result("rate", "Rate", rate, "mL/h", TENTH)]
    if drops_per_ml is not None:
        results.append(Result("drops", "Drops", drops_per_minute(rate, drops_per_ml), "gtt/min", Decimal(1)))
    return Worked(results=tuple(results), steps=(Step("Time", hours, "h"),))


@calculation(
    "rate-by-weight",
    "Pump rate of a rate by weight",
    group="infusion",
    formula="mL/h = mL/kg/min × kg × 60",
    source=published("Arithmetic of infusion", 2026),
)
def _by_weight(per_kg: Annotated[Decimal, _PER_KG], weight_kg: Annotated[Decimal, WEIGHT]) -> Worked:
    """For products whose label gives the rate in mL/kg/min, such as immune globulin."""
    return Worked(results=(Result("rate", "Rate", per_kg * weight_kg * 60, "mL/h", TENTH),))
