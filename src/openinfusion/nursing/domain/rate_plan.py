# SPDX-License-Identifier: Apache-2.0
"""Planned rate steps for an infusion that is raised step by step: the rows and the arithmetic are calculations."""
from __future__ import annotations

from decimal import Decimal

from openinfusion.calculations.public import RateRow, Stretch, planned_rates, rate_rows, stretches
from openinfusion.kernel.refusal import Reason, Refused


def rate_plans() -> tuple[RateRow, ...]:
    """Every product and indication that is raised step by step."""
    return rate_rows()


def planned_steps(plan: RateRow, weight_kg: Decimal, volume_ml: Decimal) -> tuple[Stretch, ...]:
    """The steps for this weight and volume; the last rate runs until the volume is in. Rates to 0.1 mL/h, downwards."""
    if weight_kg <= 0 or volume_ml <= 0:
        raise Refused(Reason("no-weight", "rate steps need a weight and a volume"))
    return stretches([(rate, Decimal(plan.step_minutes)) for rate in planned_rates(plan, weight_kg)], volume_ml)


def total_minutes(steps: tuple[Stretch, ...]) -> Decimal:
    """How long the whole infusion takes."""
    return steps[-1].from_minute + steps[-1].minutes
