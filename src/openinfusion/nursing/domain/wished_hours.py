# SPDX-License-Identifier: Apache-2.0
"""When on a day a patient would like a visit to begin: not before one hour, by another if that can be."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class WishedHours:
    """By the clock at the patient's. ``earliest``: nobody is to come before it. ``by``: later is possible, and a plan's price."""

    earliest: time | None = None
    by: time | None = None

    def __bool__(self) -> bool:
        return self.earliest is not None or self.by is not None

    def __str__(self) -> str:
        from_, until = (f"{t:%H:%M}" if t else "" for t in (self.earliest, self.by))
        if from_ and until:
            return f"{from_} to {until}"
        return f"from {from_}" if from_ else f"by {until}" if until else ""

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """The instants of a day; None where nothing is wished."""
        first, last = (datetime.combine(day, t, zone) if t else None for t in (self.earliest, self.by))
        return first, last

    def missed_by(self, begins: datetime, zone: ZoneInfo) -> str:
        """What a beginning is beside the wish: "before it", "after it", or empty."""
        clock = begins.astimezone(zone).time()
        if self.earliest is not None and clock < self.earliest:
            return "before it"
        return "after it" if self.by is not None and clock > self.by else ""


NO_WISH = WishedHours()


def wished(earliest: time | None, by: time | None) -> WishedHours:
    """The hours as somebody wrote them; Malformed where the second is not after the first."""
    if earliest is not None and by is not None and by <= earliest:
        raise Malformed(Fault("wished_by", "the second hour is later than the first; over midnight is not a wish for one day"))
    return WishedHours(earliest, by)
