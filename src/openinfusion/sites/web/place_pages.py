# SPDX-License-Identifier: Apache-2.0
"""One room, hood, cold store or piece of equipment: its state, its logs with charts, what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.urls import reverse

from openinfusion.calculations.public import mean_kinetic
from openinfusion.kernel.refusal import Reason
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites.domain.cleanroom import CLEANROOM, RoomFacts, RoomState, reasons_against_room
from openinfusion.sites.domain.equipment import EQUIPMENT, CalibrationRule, calibration_rules, is_calibrated
from openinfusion.sites.domain.hood import reasons_against
from openinfusion.sites.domain.reading import Measured, cold_range, room_range
from openinfusion.sites.models import Calibration, Certification, Cleaning, Cleanroom, ColdStore, Equipment, Hood, Sample
from openinfusion.sites.permissions import CERTIFY, MEASURE
from openinfusion.sites.queries.facility import zone_of
from openinfusion.sites.queries.fitness import hood_fitness, room_facts
from openinfusion.sites.queries.log import (
    ExcursionFact,
    calibrations_of,
    certifications_of,
    cleanings_of,
    excursions_of,
    room_readings,
    samples_of,
    store_readings,
)
from openinfusion.sites.queries.place import ColdStoreFact, cold_stores_of, equipment_facts
from openinfusion.sites.web.chart import Chart, chart
from openinfusion.sites.web.forms import CalibrationForm, ReadingForm, ReportForm
from openinfusion.sites.web.pages import HoodRow, hood_row

SPANS = (1, 7, 30, 90, 365)
MOST_FOR_KINETIC = 5000


@dataclass(frozen=True, slots=True)
class Logs:
    """What was recorded of a room or a hood."""

    certifications: tuple[Certification, ...]
    samples: tuple[Sample, ...]
    cleanings: tuple[Cleaning, ...]


@dataclass(frozen=True, slots=True)
class RoomPage:
    id: UUID
    site_id: UUID
    zone: str
    facts: RoomFacts
    iso: int | None
    tone: str
    failed_why: str
    reasons: tuple[Reason, ...]
    acts: tuple[Act, ...]
    days: int
    spans: tuple[int, ...]
    charts: tuple[Chart, ...]
    excursions: tuple[ExcursionFact, ...]
    logs: Logs
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class HoodPage:
    hood: HoodRow
    site_id: UUID
    zone: str
    room_id: UUID
    room: str
    reasons: tuple[Reason, ...]
    failed_why: str
    logs: Logs
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ColdStorePage:
    store: ColdStoreFact
    site_id: UUID
    zone: str
    days: int
    spans: tuple[int, ...]
    chart: Chart | None
    kinetic: Decimal | None
    low: Decimal | None
    high: Decimal | None
    excursions: tuple[ExcursionFact, ...]
    form: ReadingForm | None


@dataclass(frozen=True, slots=True)
class EquipmentPage:
    id: UUID
    site_id: UUID
    name: str
    kind: str
    serial: str
    place: str
    state: str
    tone: str
    due: Reason | None
    until: object
    rule: CalibrationRule
    calibrations: tuple[Calibration, ...]
    acts: tuple[Act, ...]
    lines: tuple[Line, ...]


def span_of(text: str) -> int:
    """How many days back a page looks; thirty where none of the choices is asked for."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) in SPANS else 30


def room_page(room_id: UUID, days: int, by: Actor) -> RoomPage:
    room = fetch(Cleanroom, room_id)
    facts, at = room_facts(room, now()), now()
    acts = acts_of(CLEANROOM, room.state, facts, by, url_for=lambda step: reverse("sites:room_step", args=[room.id, step]))
    if by.may(CERTIFY.code):
        url = reverse("sites:room_report", args=[room.id])
        acts = (Act("report", "Record certification", url, form=ReportForm(auto_id="report-%s")), *acts)
    drawn = []
    for measured in Measured:
        found = room_readings(room.id, measured, at - timedelta(days=days), at + timedelta(minutes=10))
        kept = room_range(measured, facts.kind, facts.hazardous)
        drawn.append(chart(measured.value.capitalize(), measured.unit, kept, found, facts.zone))
    return RoomPage(
        room.id,
        room.site_id,
        facts.zone,
        facts,
        room.iso_class,
        CLEANROOM.tone(facts.state),
        room.failed_why if facts.state is RoomState.FAILED else "",
        reasons_against_room(facts),
        acts,
        days,
        SPANS,
        tuple(c for c in drawn if c),
        tuple(excursions_of(room_id=room.id)),
        _logs(room_id=room.id),
        tuple(timeline(subject_id=room.id, limit=40)),
    )


def _logs(**place: UUID) -> Logs:
    return Logs(tuple(certifications_of(**place)), tuple(samples_of(**place)), tuple(cleanings_of(**place)))


def hood_page(hood_id: UUID, by: Actor) -> HoodPage:
    hood, found = fetch(Hood, hood_id), hood_fitness(hood_id, now())
    return HoodPage(
        hood_row(hood, found, by),
        hood.site_id,
        found.hood.room.zone,
        found.room_id,
        found.hood.room.name,
        reasons_against(found.hood, hood.hazardous),
        found.failed_why,
        _logs(hood_id=hood.id),
        tuple(timeline(subject_id=hood.id, limit=40)),
    )


def cold_store_page(cold_store_id: UUID, days: int, by: Actor) -> ColdStorePage:
    row, at = fetch(ColdStore, cold_store_id), now()
    store = next(s for s in cold_stores_of(row.site_id) if s.id == row.id)
    zone = zone_of(row.site_id)
    found = store_readings(row.id, at - timedelta(days=days), at + timedelta(minutes=10))
    values = [r.value for r in found]
    return ColdStorePage(
        store,
        row.site_id,
        zone,
        days,
        SPANS,
        chart("Temperature", "°C", cold_range(store.kind), found, zone),
        mean_kinetic(values).quantize(Decimal("0.1")) if values else None,
        min(values, default=None),
        max(values, default=None),
        tuple(excursions_of(cold_store_id=row.id)),
        ReadingForm() if by.may(MEASURE.code) else None,
    )


def equipment_page(equipment_id: UUID, by: Actor) -> EquipmentPage:
    row = fetch(Equipment, equipment_id)
    facts = equipment_facts(row, today(zone_of(row.site_id)))
    acts = acts_of(EQUIPMENT, row.state, facts, by, url_for=lambda step: reverse("sites:equipment_step", args=[row.id, step]))
    if by.may(CERTIFY.code):
        url = reverse("sites:calibration_add", args=[row.id])
        acts = (Act("calibrate", "Record a calibration", url, form=CalibrationForm(auto_id="calibration-%s")), *acts)
    place = fetch(Cleanroom, row.room_id).name if row.room_id else ""
    place = place or (fetch(ColdStore, row.cold_store_id).name if row.cold_store_id else "")
    return EquipmentPage(
        row.id,
        row.site_id,
        row.name,
        row.kind,
        row.serial,
        place,
        row.state,
        EQUIPMENT.tone(facts.state),
        is_calibrated(facts),
        row.calibrated_until,
        calibration_rules()[facts.kind],
        tuple(calibrations_of(row.id)),
        acts,
        tuple(timeline(subject_id=row.id, limit=40)),
    )
