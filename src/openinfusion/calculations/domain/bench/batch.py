# SPDX-License-Identifier: Apache-2.0
"""A batch: how much to make and from how many containers."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from openinfusion.calculations.domain.calculation import Result, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount, whole
from openinfusion.calculations.domain.whole import at_least


def batch_volume(units: int, each_ml: Decimal, loss_ml: Decimal, overage: Decimal) -> Decimal:
    """mL to make: units × (volume + loss in hub and tubing) × (1 + overage)."""
    return units * (each_ml + loss_ml) * (1 + overage)


@calculation(
    "batch",
    "Batch",
    group="bench",
    formula="total = units × (mL each + loss) × (1 + overage); containers = ⌈total ÷ usable mL⌉",
    source=published("Pharmaceutical arithmetic", 2026),
)
def _batch(
    units: Annotated[int, whole("units", 1, 10_000)],
    each_ml: Annotated[Decimal, amount("each", "mL", "0.01", "5000", label="Volume of one")],
    usable_ml: Annotated[Decimal, amount("usable", "mL", "0.1", "20000", label="Usable in one container")],
    loss_ml: Annotated[Decimal, amount("loss", "mL", "0", "100", label="Loss of each")] = Decimal(0),
    overage: Annotated[Decimal, amount("overage", "%", "0", "50")] = Decimal(0),
) -> Worked:
    """Containers are opened whole; what is left of the last one is said."""
    total = batch_volume(units, each_ml, loss_ml, overage / 100)
    containers = at_least(total / usable_ml)
    tenth = Decimal("0.1")
    return Worked(
        results=(
            Result("total", "To make", total, "mL", tenth),
            Result("containers", "Containers", Decimal(containers), "{each}", Decimal(1)),
            Result("left", "Left over", containers * usable_ml - total, "mL", tenth),
        )
    )
