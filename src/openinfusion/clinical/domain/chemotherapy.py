# SPDX-License-Identifier: Apache-2.0
"""What the checks look at of an order of chemotherapy: its place in a regimen, and the account of a whole life."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openinfusion.clinical.domain.held import HoldJudged
from openinfusion.clinical.domain.lifetime import Lifetime
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.standing import Source

_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenPlace:
    """The cycle and line an order belongs to. ``expected`` is None where the dose could not be worked out."""

    regimen: str
    source: Source
    cycle: int
    cycle_state: str
    cleared_by: str
    percent: int
    expected: Quantity | None
    inputs: tuple[str, ...]
    due: tuple[date, ...]
    first_day: int  # of the line within the cycle
    cycle_days: int
    previous_on: date | None  # day 1 of the cycle given before
    holds: tuple[HoldJudged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChemotherapyFacts:
    """None of a place: the order belongs to no regimen. None of an account: the drug has no limit on file."""

    place: RegimenPlace | None
    ordered_on: tuple[date, ...]  # the days the order gives a dose
    lifetime: Lifetime | None


def dose_days(start_on: date, days: int, *, every_days: int, interval_hours: int | None, doses: int) -> tuple[date, ...]:
    """The days on which an order gives a dose, each once."""
    if interval_hours:
        found = list(dict.fromkeys(h // _HOURS_A_DAY for h in range(0, days * _HOURS_A_DAY, interval_hours)))
    else:
        found = list(range(0, days, every_days))
    return tuple(start_on + timedelta(days=n) for n in (found[:doses] if doses else found))
