# SPDX-License-Identifier: Apache-2.0
"""What the bench asks while somebody stands at the hood: which syringe, whether to withdraw first, what the scale may say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from openinfusion.calculations.domain.bench.gravimetry import effective_tolerance
from openinfusion.calculations.domain.bench.syringe import smallest_syringe
from openinfusion.calculations.domain.figures import row, table
from openinfusion.kernel.quantity import rounded

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Syringes:
    """So many syringes of a nominal size (mL); ``measurable`` is whether the policy lets so little be measured directly."""

    nominal_ml: Decimal
    count: int
    measurable: bool


def syringes_for(volume_ml: Decimal, *, closed: bool) -> Syringes:
    """The smallest syringe that holds a volume at the allowed filling; several of the largest where one does not."""
    policy = row("syringes", kind="policy")
    full = policy.figure("closed_full_percent" if closed else "full_percent")
    largest = max(r.figure("nominal_ml") for r in table("syringes") if r["kind"] == "syringe") * full / 100
    count = int((volume_ml / largest).to_integral_value(rounding=ROUND_CEILING)) or 1
    size = smallest_syringe(volume_ml / count, full).figure("nominal_ml")
    return Syringes(size, count, volume_ml >= policy.figure("least_ml"))


def withdraws_first(additive_ml: Decimal, bag_ml: Decimal, *, chemotherapy: bool) -> bool:
    """Whether the policy has the additive's volume taken out of the bag before it is added."""
    policy = row("withdrawal", name="policy")
    share = additive_ml * 100 / bag_ml
    return chemotherapy or bag_ml < policy.figure("bags_below_ml") or share > policy.figure("above_percent")


@dataclass(frozen=True, slots=True)
class WeightBand:
    """What a volume should weigh (g), net of its container, and between which weights it passes; a bound passes."""

    expected_g: Decimal
    low_g: Decimal
    high_g: Decimal

    def holds(self, measured_g: Decimal) -> bool:
        return self.low_g <= measured_g <= self.high_g


def weight_band(
    volume_ml: Decimal, gravity: Decimal, *, percent: Decimal | None = None, scale_sd_g: Decimal = Decimal(0),
) -> WeightBand:
    """The band of a weighed draw: the tolerance asked for, the house's if none is, and never finer than the scale."""
    expected = volume_ml * gravity
    asked = (row("gravimetry", name="one-step").figure("percent") if percent is None else percent) / 100
    share = effective_tolerance(asked, expected, scale_sd_g)
    low, high = (rounded(expected * (1 + sign * share), _HUNDREDTH) for sign in (-1, 1))
    return WeightBand(rounded(expected, _HUNDREDTH), low, high)
