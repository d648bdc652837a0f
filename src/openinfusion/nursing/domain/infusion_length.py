# SPDX-License-Identifier: Apache-2.0
"""How long an infusion takes, by the order or by the product's rate steps. Where they do not say one thing, a human does."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

LONGEST = 720  # minutes; longer than any suite is open


@dataclass(frozen=True, slots=True)
class Length:
    """Minutes and where they come from; ``minutes`` is None where nobody knows, and ``why`` says what is missing."""

    minutes: int | None
    why: str


def by_steps(totals: Sequence[tuple[str, Decimal]]) -> Length:
    """From the totals of the plans of rate steps that fit (label and minutes): one answer, or none."""
    if not totals:
        return Length(None, "no plan of rate steps fits this drug, dose and weight")
    minutes = {int(m.to_integral_value(ROUND_CEILING)) for _, m in totals}
    if len(minutes) == 1:
        return Length(minutes.pop(), f"rate steps of {totals[0][0]}")
    text = f"the rate steps of {len(totals)} products or indications differ: {min(minutes)} to {max(minutes)} minutes"
    return Length(None, text)


def by_order(infusion_minutes: int, number: str) -> Length:
    """From the order itself."""
    if 0 < infusion_minutes <= LONGEST:
        return Length(infusion_minutes, f"order {number}")
    return Length(None, f"order {number} says no length that fits into a day of a suite")
