# SPDX-License-Identifier: Apache-2.0
"""The logs of a place: readings, excursions, cleanings, certifications, samples, calibrations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.kernel.local_day import day_of
from openinfusion.sites.domain.reading import Measured
from openinfusion.sites.models import Calibration, Certification, Cleaning, Excursion, RoomReading, Sample, TemperatureReading
from openinfusion.sites.queries.facility import zone_of

MOST = 5000


@dataclass(frozen=True, slots=True)
class ReadingFact:
    at: datetime
    value: Decimal
    in_range: bool
    action_taken: str
    taken_by: str
    reader: str


@dataclass(frozen=True, slots=True)
class ExcursionFact:
    id: UUID
    measured: Measured
    began_at: datetime
    ended_at: datetime | None
    worst: Decimal


def room_readings(room_id: UUID, measured: Measured, first: datetime, last: datetime) -> list[ReadingFact]:
    """Readings of a room in [first, last), the oldest first."""
    rows = RoomReading.objects.filter(room_id=room_id, measured=measured.value, at__gte=first, at__lt=last).order_by("-at")[:MOST]
    return [ReadingFact(r.at, r.value, r.in_range, r.action_taken, r.taken_by, r.reader_name) for r in reversed(rows)]


def store_readings(cold_store_id: UUID, first: datetime, last: datetime) -> list[ReadingFact]:
    """Readings of a cold store in [first, last), the oldest first."""
    rows = TemperatureReading.objects.filter(cold_store_id=cold_store_id, at__gte=first, at__lt=last).order_by("-at")[:MOST]
    return [ReadingFact(r.at, r.celsius, r.in_range, r.action_taken, r.taken_by, r.reader_name) for r in reversed(rows)]


def excursions_of(*, room_id: UUID | None = None, cold_store_id: UUID | None = None) -> list[ExcursionFact]:
    """The latest excursions of a place."""
    rows = Excursion.objects.filter(room_id=room_id, cold_store_id=cold_store_id).order_by("-began_at")[:50]
    return [ExcursionFact(r.id, Measured(r.measured), r.began_at, r.ended_at, r.worst) for r in rows]


def cleanings_of(**place: UUID) -> list[Cleaning]:
    """The latest cleanings of a hood or a room, named by hood_id or room_id."""
    return list(Cleaning.objects.filter(**place).order_by("-at")[:60])


def certifications_of(**place: UUID) -> list[Certification]:
    return list(Certification.objects.filter(**place).order_by("-certified_on", "-made_at")[:20])


def samples_of(**place: UUID) -> list[Sample]:
    return list(Sample.objects.filter(**place).order_by("-taken_at")[:40])


def calibrations_of(equipment_id: UUID) -> list[Calibration]:
    return list(Calibration.objects.filter(equipment_id=equipment_id).order_by("-calibrated_on", "-made_at")[:40])


def clean_since(place: dict[str, UUID], before: datetime, otherwise: datetime) -> datetime:
    """When a place was last known to be clear by a passed sample taken before an instant; else what is given."""
    rows = Sample.objects.filter(**place, state="resulted", exceeded=False, taken_at__lt=before).order_by("-taken_at")
    return rows.values_list("taken_at", flat=True).first() or otherwise


def last_sampled(site_id: UUID) -> dict[tuple[UUID, str], date]:
    """When each room was last sampled for air and surface, voided ones aside: (room id, kind) → day."""
    rows = (
        Sample.objects.filter(site_id=site_id, room__isnull=False)
        .exclude(state="voided")
        .order_by("room_id", "kind", "-taken_at")
        .distinct("room_id", "kind")
    )
    zone = zone_of(site_id)
    return {(r.room_id, r.kind): day_of(r.taken_at, zone) for r in rows if r.room_id}
