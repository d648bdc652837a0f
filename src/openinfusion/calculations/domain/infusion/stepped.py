# SPDX-License-Identifier: Apache-2.0
"""An infusion that changes its rate: stretches of one rate each, the last one until the volume is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Table, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.infusion.rate import TENTH, VOLUME
from openinfusion.calculations.domain.inputs import amount, rows
from openinfusion.kernel.quantity import rounded, shown_number
from openinfusion.kernel.refusal import Reason, Refused

_STEPS: Final = rows("steps", amount("rate", "mL/h", "0.01", "2000"), amount("minutes", "min", "0.1", "100000"), most=24)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From this minute on this rate (mL/h), until this volume (mL) is in."""

    from_minute: Decimal
    rate_ml_per_h: Decimal
    volume_ml: Decimal

    @property
    def minutes(self) -> Decimal:
        return self.volume_ml / self.rate_ml_per_h * 60


def stretches(plan: Sequence[tuple[Decimal, Decimal]], volume_ml: Decimal) -> tuple[Stretch, ...]:
    """The stretches of a plan of (mL/h, minutes); the last rate runs on until the volume is in. The volumes sum to it."""
    found: list[Stretch] = []
    left, minute = volume_ml, Decimal(0)
    for place, (rate, minutes) in enumerate(plan, 1):
        if left <= 0:
            break
        volume = left if place == len(plan) else min(rate * minutes / 60, left)
        found.append(Stretch(minute, rate, volume))
        minute += found[-1].minutes
        left -= volume
    return tuple(found)


def stretch_table(found: Sequence[Stretch]) -> Table:
    """The stretches as people read them, with what is in at the end of each."""
    lines, total = [], Decimal(0)
    for stretch in found:
        total += stretch.volume_ml
        figures = (stretch.from_minute, stretch.minutes, stretch.rate_ml_per_h, stretch.volume_ml, total)
        lines.append(tuple(shown_number(rounded(figure, TENTH)) for figure in figures))
    return Table("steps", "Steps", ("from minute", "minutes", "mL/h", "mL", "mL in"), tuple(lines))


@calculation(
    "stepped-infusion",
    "Infusion with several rates",
    group="infusion",
    formula="volume = Σ rate × time; with a volume to give, the last rate runs until it is in",
    source=published("Arithmetic of infusion", 2026),
)
def _stepped(steps: Annotated[tuple[dict[str, Any], ...], _STEPS], volume_ml: Annotated[Decimal | None, VOLUME] = None) -> Worked:
    """Ramps up and down alike. Without a volume the steps say how much runs in; with one they say when it is in."""
    plan = [(row["rate"], row["minutes"]) for row in steps]
    planned = sum((rate * minutes / 60 for rate, minutes in plan), Decimal(0))
    found = stretches(plan, planned if volume_ml is None else volume_ml)
    if len(found) < len(plan):
        raise Refused(
            Reason(
                "steps-unused",
                f"the volume is in during step {len(found)}; the later steps are never reached",
                "leave out the later steps",
            )
        )
    end = found[-1].from_minute + found[-1].minutes
    total = sum((stretch.volume_ml for stretch in found), Decimal(0))
    return Worked(
        results=(Result("volume", "Volume", total, "mL", TENTH), Result("minutes", "Total time", end, "min", Decimal(1))),
        tables=(stretch_table(found),),
    )
