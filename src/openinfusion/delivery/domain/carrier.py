# SPDX-License-Identifier: Apache-2.0
"""A carrier's service: by when it must be handed over, on which days, for how many hours it is under way."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from openinfusion.delivery.domain.pack_out import Lane
from openinfusion.kernel.refusal import Fault, Malformed, Reason

_TRACKING = re.compile(r"[A-Z0-9][A-Z0-9\-]{5,39}", re.ASCII)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Service:
    """``cut_off``: by the site's clock; ``weekdays``: 0 is Monday; ``hours``: from hand-over to the door at the latest."""

    id: UUID
    carrier: str
    name: str
    lane: Lane
    cut_off: time
    weekdays: tuple[int, ...]
    hours: int
    active: bool = True

    def __str__(self) -> str:
        return f"{self.carrier} {self.name}"


def too_late_for(s: Service, local: datetime) -> Reason | None:
    """Against handing a package to a service at this moment, by the site's clock: ended, not on this day, after the cut-off."""
    if not s.active:
        return Reason("service-ended", f"{s} is not used any more", "choose another service")
    if local.weekday() not in s.weekdays:
        return Reason("no-pick-up", f"{s} does not run on {local:%A}", "choose another service, or an own driver")
    if local.time() > s.cut_off:
        return Reason("cut-off-passed", f"the cut-off of {s} was {s.cut_off:%H:%M}; it is {local:%H:%M}",
                      "choose another service, an own driver, or tomorrow")
    return None


def tracking(text: str) -> str:
    """A tracking number as carriers write it; Malformed otherwise."""
    found = re.sub(r"\s", "", text).upper()
    if not _TRACKING.fullmatch(found):
        raise Malformed(Fault("Tracking number", "6 to 40 letters and digits"))
    return found


def must_be_sound(s: Service) -> None:
    faults = []
    if not s.carrier.strip() or not s.name.strip():
        faults.append(Fault("Service", "name the carrier and the service"))
    if not s.weekdays or any(d not in range(7) for d in s.weekdays):
        faults.append(Fault("Days", "say on which days it is picked up"))
    if not 0 < s.hours <= 240:
        faults.append(Fault("Hours", "between 1 and 240"))
    if faults:
        raise Malformed(*faults)
