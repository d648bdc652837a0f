# SPDX-License-Identifier: Apache-2.0
"""When deliveries leave a site, by a driver's route of a day or a carrier's service, and the last that comes in time."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

DAYS_BEFORE = 5  # so many days before a dose its delivery may leave at most: what a carrier has under way over a weekend


@dataclass(frozen=True, slots=True)
class Departure:
    """``source``: the route or the service. ``day`` of a route, ``weekdays`` (0 is Monday) of a service; ``minutes`` under way,

    None: as the house's figure says.
    """

    source: UUID
    name: str
    at: time
    day: date | None = None
    weekdays: frozenset[int] = frozenset()
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Leaves:
    """One departure of one day."""

    at: datetime
    arrives: datetime
    name: str


def leaves_before(
    dose_at: datetime, zone: ZoneInfo, known: Sequence[Departure], usual: UUID | None, waves: Iterable[time], minutes: int
) -> Leaves | None:
    """The last departure that comes before a dose; None where none of those days does.

    ``usual``: the carrier's service that takes this therapy; without one it goes by a driver: the routes of a day, or the house's
    ``waves`` on a day that has none yet, ``minutes`` under way.
    """
    service = next((d for d in known if d.source == usual and d.weekdays), None)
    day, found = dose_at.astimezone(zone).date(), []
    for on in (day - timedelta(days=back) for back in range(DAYS_BEFORE + 1)):
        if service is not None:
            going = [service] if on.weekday() in service.weekdays else []
        else:
            going = [d for d in known if d.day == on]
        times = [(d.at, d.minutes, d.name) for d in going]
        if service is None and not going:
            times = [(w, None, "") for w in waves]
        for at, under_way, name in times:
            leaves = datetime.combine(on, at, zone)
            found.append(Leaves(leaves, leaves + timedelta(minutes=minutes if under_way is None else under_way), name))
    return max((x for x in found if x.arrives <= dose_at), key=lambda x: x.at, default=None)
