# SPDX-License-Identifier: Apache-2.0
"""Logs as CSV, for a surveyor: what the pages show, in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.action import fetch
from openinfusion.platform.clock import now, today
from openinfusion.platform.web import Request, reads, text_table
from openinfusion.sites.domain.reading import Measured
from openinfusion.sites.models import Certification, Cleanroom, ColdStore
from openinfusion.sites.permissions import READ
from openinfusion.sites.queries.due import due_at
from openinfusion.sites.queries.facility import PharmacyFact, licences_of, pharmacy_of, zone_of
from openinfusion.sites.queries.log import room_readings, store_readings
from openinfusion.sites.queries.place import equipment_of
from openinfusion.sites.web.log_pages import cleanings_at, samples_at

MOST = 20_000
_READING = ("at", "measured", "value", "unit", "in range", "what was done", "taken by", "read by")


@reads(READ.code)
def room_csv(request: Request, room_id: UUID) -> HttpResponse:
    """Every reading of a room in the last year."""
    room, at = fetch(Cleanroom, room_id), now()
    zone = ZoneInfo(zone_of(room.site_id))
    rows = (
        (_local(r.at, zone), m.value, r.value, m.unit, _word(r.in_range), r.action_taken, r.taken_by, r.reader)
        for m in Measured
        for r in room_readings(room_id, m, at - timedelta(days=366), at + timedelta(minutes=10))
    )
    return text_table(f"readings-{room.name}", _READING, rows)


@reads(READ.code)
def store_csv(request: Request, cold_store_id: UUID) -> HttpResponse:
    """Every reading of a cold store in the last year."""
    store, at = fetch(ColdStore, cold_store_id), now()
    zone = ZoneInfo(zone_of(store.site_id))
    rows = (
        (_local(r.at, zone), "temperature", r.value, "°C", _word(r.in_range), r.action_taken, r.taken_by, r.reader)
        for r in store_readings(cold_store_id, at - timedelta(days=366), at + timedelta(minutes=10))
    )
    return text_table(f"readings-{store.name}", _READING, rows)


@reads(READ.code)
def site_csv(request: Request, site_id: UUID, what: str) -> HttpResponse:
    """One list of a site: cleanings, samples, certifications, equipment, licences, due."""
    if what not in _TABLES:
        raise NotFound(what)
    site = pharmacy_of(site_id)
    head, make = _TABLES[what]
    return text_table(f"{what}-{site.name}", head, make(site))


def _cleanings(site: PharmacyFact) -> Iterator[Sequence[object]]:
    zone = ZoneInfo(site.timezone)
    for c in cleanings_at(site.id, MOST):
        yield _local(c.at, zone), c.hood or c.room, c.kind, c.agent, c.cleaner_name


def _samples(site: PharmacyFact) -> Iterator[Sequence[object]]:
    zone = ZoneInfo(site.timezone)
    for s in samples_at(site.id, "", MOST):
        judged = "" if s.exceeded is None else "over" if s.exceeded else "within"
        yield (
            _local(s.taken_at, zone), s.kind, s.spot, s.iso_class, s.medium_lot, s.taker_name, _local(s.warmed_at, zone),
            _local(s.moved_at, zone), _local(s.read_at, zone), s.reader_name, "" if s.count is None else s.count, s.genus,
            judged, s.state.replace("_", " "),
        )  # fmt: skip


def _certifications(site: PharmacyFact) -> Iterator[Sequence[object]]:
    zone = ZoneInfo(site.timezone)
    rows = Certification.objects.select_related("hood", "room")
    mine = rows.filter(hood__site_id=site.id) | rows.filter(room__site_id=site.id)
    for c in mine.order_by("-certified_on")[:MOST]:
        smoke = {True: "passed", False: "failed", None: ""}[c.smoke_passed]
        yield (
            c.certified_on, c.hood or c.room, "passed" if c.passed else "failed", c.failings, c.certifier, c.report_number,
            "" if c.particles is None else c.particles, smoke, c.airflow, "" if c.air_changes is None else c.air_changes,
            _local(c.holds_until, zone),
        )  # fmt: skip


def _equipment(site: PharmacyFact) -> Iterator[Sequence[object]]:
    for e in equipment_of(site.id):
        yield e.name, e.kind.value, e.serial, e.place, e.calibrated_until or "never", e.state.replace("_", " ")


def _licences(site: PharmacyFact) -> Iterator[Sequence[object]]:
    for x in licences_of(site.id):
        yield x.kind.label, x.state, x.number, x.expires_on or "", _word(x.holds(today(site.timezone)))


def _due(site: PharmacyFact) -> Iterator[Sequence[object]]:
    for d in due_at(site):
        yield d.on or "never done", d.kind, d.what, _word(d.late(today(site.timezone)))


_TABLES: dict[str, tuple[Sequence[str], Callable[[PharmacyFact], Iterator[Sequence[object]]]]] = {
    "cleanings": (("at", "place", "kind", "agent", "cleaned by"), _cleanings),
    "samples": (
        ("taken at", "kind", "spot", "ISO class", "medium lot", "taken by", "into 30-35 °C", "into 20-25 °C", "read at",
         "read by", "CFU", "genus", "judged", "state"),
        _samples,
    ),
    "certifications": (
        ("certified on", "place", "result", "why not", "certifier", "report", "particles", "smoke", "airflow", "air changes",
         "holds until"),
        _certifications,
    ),
    "equipment": (("name", "kind", "serial", "stands in", "calibration due", "state"), _equipment),
    "licences": (("kind", "state", "number", "valid until", "holds today"), _licences),
    "due": (("due on", "kind", "what", "late"), _due),
}  # fmt: skip


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else at.astimezone(zone).isoformat(timespec="minutes")


def _word(yes: bool) -> str:
    return "yes" if yes else "no"
