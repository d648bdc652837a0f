# SPDX-License-Identifier: Apache-2.0
"""What is due at the sites and by when: certifications, calibrations, samples, sporicidal cleanings, licences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.span import months_after
from openinfusion.platform.clock import today
from openinfusion.sites.domain.cleanroom import sporicidal_due_on
from openinfusion.sites.domain.figure import whole
from openinfusion.sites.domain.licence import LicenceKind
from openinfusion.sites.models import Cleanroom, Equipment, Hood, SiteLicence
from openinfusion.sites.queries.facility import PharmacyFact, pharmacies
from openinfusion.sites.queries.log import last_sampled


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: ``on`` is the first day on which it is late; None: it was never done."""

    kind: str
    site_id: UUID
    site: str
    what: str
    on: date | None
    url: str

    def late(self, on: date) -> bool:
        return self.on is None or self.on <= on


def due_at(site: PharmacyFact) -> list[Due]:
    """Everything of a site that has a day, the soonest first, what was never done before it."""
    found = [*_rooms(site), *_hoods(site), *_equipment(site), *_licences(site)]
    return sorted(found, key=lambda d: (d.on is not None, d.on or date.min, d.what))


def due_everywhere() -> list[Due]:
    """The same of every site."""
    return [d for site in pharmacies() for d in due_at(site)]


def _rooms(site: PharmacyFact) -> Iterator[Due]:
    zone, sampled = ZoneInfo(site.timezone), last_sampled(site.id)
    for room in Cleanroom.objects.filter(site_id=site.id).exclude(state="retired").order_by("name"):
        url = f"/sites/rooms/{room.id}/"
        until = room.certified_until.astimezone(zone).date() if room.certified_until else None
        yield Due("Certification", site.id, site.name, room.name, until, url)
        last = sporicidal_due_on(room.sporicidal_at, site.timezone) if room.sporicidal_at else None
        yield Due("Sporicidal cleaning", site.id, site.name, room.name, last, url)
        if room.iso_class is None:
            continue
        for kind, words in (("air", "Air sample"), ("surface", "Surface sample")):
            taken = sampled.get((room.id, kind))
            on = months_after(taken, whole(f"{kind}_sample_months")) if taken else None
            yield Due(words, site.id, site.name, room.name, on, url)


def _hoods(site: PharmacyFact) -> Iterator[Due]:
    zone = ZoneInfo(site.timezone)
    for hood in Hood.objects.filter(site_id=site.id).exclude(state="retired").order_by("name"):
        until = hood.certified_until.astimezone(zone).date() if hood.certified_until else None
        yield Due("Certification", site.id, site.name, hood.name, until, f"/sites/hoods/{hood.id}/")


def _equipment(site: PharmacyFact) -> Iterator[Due]:
    for row in Equipment.objects.filter(site_id=site.id, state="in_service"):
        yield Due("Calibration", site.id, site.name, row.name, row.calibrated_until, f"/sites/equipment/{row.id}/")


def _licences(site: PharmacyFact) -> Iterator[Due]:
    for row in SiteLicence.objects.filter(site_id=site.id, expires_on__isnull=False):
        what = f"{LicenceKind(row.kind).label}, {row.state_code}"
        yield Due("Site licence", site.id, site.name, what, row.expires_on, f"/sites/{site.id}/licences/")


def late_at(site: PharmacyFact) -> list[Due]:
    """What is due today or before."""
    return [d for d in due_at(site) if d.late(today(site.timezone))]
