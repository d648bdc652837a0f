# SPDX-License-Identifier: Apache-2.0
"""How long an infusion runs and when it stops."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.infusion.rate import VOLUME
from openinfusion.calculations.domain.inputs import amount, text
from openinfusion.calculations.domain.whole import nearest
from openinfusion.kernel.refusal import Reason

_RATE: Final = amount("rate", "mL/h", "0.01", "2000")
_START: Final = text("start", r"([01]\d|2[0-3]):[0-5]\d", "08:30", note="wall clock, 24 hours")
_DAY: Final = 24 * 60


def stop_clock(start: str, minutes: Decimal) -> tuple[int, str]:
    """Days later and wall clock of the stop, to the nearest minute; a change of the clock in between is not counted."""
    hour, minute = start.split(":")
    total = int(hour) * 60 + int(minute) + nearest(minutes)
    days, left = divmod(total, _DAY)
    return days, f"{left // 60:02}:{left % 60:02}"


@calculation(
    "infusion-duration",
    "Duration and stop of an infusion",
    group="infusion",
    formula="hours = volume ÷ rate; stop = start + hours",
    source=published("Arithmetic of infusion", 2026),
)
def _duration(
    volume_ml: Annotated[Decimal, VOLUME],
    rate_ml_per_h: Annotated[Decimal, _RATE],
    start: Annotated[str | None, _START] = None,
) -> Worked:
    """One rate from start to end; with several rates use stepped-infusion."""
    hours = volume_ml / rate_ml_per_h
    lasts = Result("duration", "Duration", hours, "h", Decimal("0.01"))
    if start is None:
        return Worked(results=(lasts,))
    days, clock = stop_clock(start, hours * 60)
    later = "" if not days else ", next day" if days == 1 else f", {days} days later"
    warned = (Reason("clock-change", "a night in which the clock changes shifts the stop by an hour"),) if days else ()
    return Worked(results=(lasts, Verdict("stop", "Stop", clock, clock + later)), warnings=warned)
