# SPDX-License-Identifier: Apache-2.0
"""The settings of a pump that gives a dose again and again and keeps the vein open in between."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.calculations.domain.infusion.supply import RESIDUAL, usable_ml
from openinfusion.calculations.domain.inputs import amount
from openinfusion.calculations.domain.whole import at_most
from openinfusion.kernel.refusal import Reason, Refused

_ZERO: Final = Decimal(0)


@calculation(
    "pump-intermittent",
    "Settings of an intermittent pump",
    group="infusion",
    formula="mL/h = dose mL ÷ hours; each interval takes dose mL + keep-open mL/h × (interval − hours)",
    source=published("Arithmetic of infusion", 2026),
)
def _intermittent(
    dose_ml: Annotated[Decimal, amount("dose_volume", "mL", "0.1", "5000")],
    hours: Annotated[Decimal, amount("time", "h", "0.05", "48", note="how long one dose runs")],
    interval_h: Annotated[Decimal, amount("interval", "h", "0.5", "168", note="from the start of a dose to the next start")],
    reservoir_ml: Annotated[Decimal, amount("reservoir", "mL", "1", "20000")],
    keep_open: Annotated[Decimal, amount("keep_open", "mL/h", "0", "50", note="rate between the doses")] = _ZERO,
    residual_ml: Annotated[Decimal, RESIDUAL] = _ZERO,
) -> Worked:
    """Rate during the dose, volume of an interval with the keep-open rate, and what the reservoir lasts for."""
    if hours > interval_h:
        raise Refused(Reason("dose-longer-than-interval", "one dose would still run when the next one is due"))
    usable = usable_ml(reservoir_ml, residual_ml, _ZERO)
    cycle = dose_ml + keep_open * (interval_h - hours)
    doses = at_most(usable / cycle)
    if usable - doses * cycle >= dose_ml:  # a last dose without the keep-open time after it
        doses += 1
    if doses == 0:
        raise Refused(Reason("reservoir-too-small", "the reservoir does not hold one dose", "take a larger reservoir"))
    return Worked(
        results=(
            Result("rate", "Rate during the dose", dose_ml / hours, "mL/h", TENTH),
            Result("cycle", "Volume of one interval", cycle, "mL", TENTH),
            Result("daily", "Volume of a day", cycle * 24 / interval_h, "mL/d", TENTH),
            Result("doses", "Whole doses in the reservoir", Decimal(doses), "dose", Decimal(1)),
        )
    )
