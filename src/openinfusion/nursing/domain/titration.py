# SPDX-License-Identifier: Apache-2.0
"""Where an infusion stands in its plan of rate steps, and what comes next: raise, hold, go back, stop. It advises."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from openinfusion.nursing.domain.infusion_record import RateStep


class Next(StrEnum):
    START = "start"
    RAISE = "raise"
    STAY = "stay"
    HOLD = "hold"
    STOPPED = "stopped"
    UNPLANNED = "unplanned"


@dataclass(frozen=True, slots=True)
class Advice:
    """What comes next: the rate in mL/h and since or until when; ``back`` is the step below, for a reaction."""

    next: Next
    rate_ml_per_h: Decimal | None = None
    due_at: datetime | None = None
    back_ml_per_h: Decimal | None = None


def advise(plan: Sequence[Decimal], step_minutes: int, run: Sequence[RateStep], held: bool = False) -> Advice:
    """What comes next after the rates that ran. ``plan``: planned rates, rising. ``held``: a reaction holds the rate."""
    if not plan:
        return Advice(Next.UNPLANNED)
    if not run:
        return Advice(Next.START, plan[0])
    at = run[-1]
    if at.rate_ml_per_h == 0:
        return Advice(Next.STOPPED)
    below = [p for p in plan if p < at.rate_ml_per_h]
    above = [p for p in plan if p > at.rate_ml_per_h]
    back = below[-1] if below else Decimal(0)
    if held:
        return Advice(Next.HOLD, at.rate_ml_per_h, None, back)
    if not above:
        return Advice(Next.STAY, at.rate_ml_per_h, None, back)
    return Advice(Next.RAISE, above[0], at.at + timedelta(minutes=step_minutes), back)


def above_plan(plan: Sequence[Decimal], rate: Decimal) -> bool:
    """Whether a rate is above the highest of the plan."""
    return bool(plan) and rate > max(plan)
