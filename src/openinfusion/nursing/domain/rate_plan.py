# SPDX-License-Identifier: Apache-2.0
"""Planned rate steps for an infusion that is raised step by step: from dated rows and the patient's weight."""
from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from openinfusion.kernel.quantity import Rounding, rounded
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source, Standing

_FILE = Path(__file__).parent / "data" / "rate_plans.csv"
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class RatePlan:
    """How an infusion is raised: per step the mL per kg and minute, and how long a step lasts at least."""

    code: str
    drug_code: str
    name: str
    step_minutes: int
    steps_ml_per_kg_per_min: tuple[Decimal, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step for one patient: from this minute on, this rate, until the volume is in."""

    from_minute: Decimal
    rate_ml_per_h: Decimal
    volume_ml: Decimal


@cache
def rate_plans() -> tuple[RatePlan, ...]:
    with _FILE.open(encoding="utf-8", newline="") as rows:
        return tuple(
            RatePlan(
                r["code"], r["drug_code"], r["name"], int(r["step_minutes"]),
                tuple(Decimal(s) for s in r["steps_ml_per_kg_per_min"].split("|")),
                Source(r["source"], date.fromisoformat(r["effective_from"]), Standing(r["status"])),
            ) for r in csv.DictReader(rows)
        )


def planned_steps(plan: RatePlan, weight_kg: Decimal, volume_ml: Decimal) -> tuple[PlannedStep, ...]:
    """The steps for this weight and volume; the last rate runs until the volume is in. Rates to 0.1 mL/h, downwards."""
    if weight_kg <= 0 or volume_ml <= 0:
        raise Refused(Reason("no-weight", "rate steps need a weight and a volume"))
    found: list[PlannedStep] = []
    left, minute = volume_ml, Decimal(0)
    for n, per_kg in enumerate(plan.steps_ml_per_kg_per_min, 1):
        rate = rounded(per_kg * weight_kg * 60, _TENTH, Rounding.DOWN)
        whole = rate * plan.step_minutes / 60
        volume = left if n == len(plan.steps_ml_per_kg_per_min) else min(whole, left)
        found.append(PlannedStep(minute, rate, volume))
        minute += volume / rate * 60
        left -= volume
        if left <= 0:
            break
    return tuple(found)


def total_minutes(steps: tuple[PlannedStep, ...]) -> Decimal:
    """How long the whole infusion takes."""
    last = steps[-1]
    return last.from_minute + last.volume_ml / last.rate_ml_per_h * 60
