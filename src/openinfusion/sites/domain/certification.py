# SPDX-License-Identifier: Apache-2.0
"""A certification: what was measured, whether it passes, until when it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from openinfusion.kernel.span import months_after
from openinfusion.sites.domain.cleanroom import RoomKind
from openinfusion.sites.domain.figure import figure, level, whole

HOOD_ISO = 5


@dataclass(frozen=True, slots=True)
class Measurements:
    """What a certifier measured; None where it was not part of the work."""

    particles: int | None = None  # of 0.5 µm and more in 1 m³
    smoke_passed: bool | None = None
    air_changes: Decimal | None = None  # an hour; rooms only
    passed: bool = True  # the certifier's own word


def air_changes_wanted(kind: RoomKind, iso: int | None, hazardous: bool) -> Decimal | None:
    """The fewest air changes an hour; None where no figure is on file."""
    if kind is RoomKind.CONTAINED:
        return figure("air_changes_contained_area")
    if hazardous and kind is RoomKind.BUFFER:
        return figure("air_changes_hazardous")
    return {7: figure("air_changes_iso_7"), 8: figure("air_changes_iso_8")}.get(iso or 0)


def failings(m: Measurements, iso: int | None, wanted_changes: Decimal | None) -> tuple[str, ...]:
    """Why a certification does not pass, in words; nothing where it does."""
    found = []
    if not m.passed:
        found.append("the certifier did not pass it")
    if m.particles is not None and iso is not None and level("particles", iso).is_over(m.particles):
        found.append(f"{m.particles} particles is over {level('particles', iso).more_than} for ISO {iso}")
    if m.smoke_passed is False:
        found.append("the smoke study failed")
    if m.air_changes is not None and wanted_changes is not None and m.air_changes < wanted_changes:
        found.append(f"{m.air_changes} air changes an hour is under {wanted_changes}")
    return tuple(found)


def holds_until(certified_on: date, zone: str) -> datetime:
    """The instant from which a passed certification holds no more: midnight of the due day at the site."""
    due = months_after(certified_on, whole("certification_months"))
    return datetime.combine(due, time(0), ZoneInfo(zone))
