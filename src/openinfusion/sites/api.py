# SPDX-License-Identifier: Apache-2.0
"""The sites room as JSON: state of a site, temperature readings from probes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.kernel.position import position_of
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.api import Amount, DeviceToken, Instant, Whole, router_for
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.sites.actions.clean import record_cleaning
from openinfusion.sites.actions.measure import record_round, record_temperature
from openinfusion.sites.actions.probe import take_readings
from openinfusion.sites.actions.sample import advance_sample, count_sample, take_sample
from openinfusion.sites.actions.set_up import locate_site
from openinfusion.sites.actions.travel import set_travel
from openinfusion.sites.domain.cleaning import CleaningKind
from openinfusion.sites.domain.reading import Given, Measured
from openinfusion.sites.domain.sample import SampleKind
from openinfusion.sites.domain.travel import TravelFigures
from openinfusion.sites.permissions import READ
from openinfusion.sites.public import PharmacyFact, fitness_reasons, hoods, pharmacies, pharmacy, rooms, shipping_reasons
from openinfusion.sites.queries.due import due_at
from openinfusion.sites.queries.travel import travel_rows

router = router_for("sites")


class SiteOut(Schema):
    id: UUID
    name: str
    kind: str
    timezone: str


class SitePlaceBody(Schema):
    """Degrees as a map gives them, west negative; without them the site is taken off the map."""

    latitude: Amount | None = None
    longitude: Amount | None = None


class HoodOut(Schema):
    id: UUID
    name: str
    hazardous: bool
    state: str
    reasons_against: list[str]


class RoomOut(Schema):
    id: UUID
    name: str
    kind: str
    iso_class: int | None
    hazardous: bool
    state: str
    certified_until: datetime | None


class DueOut(Schema):
    """Something due; ``on`` is null where it was never done."""

    kind: str
    what: str
    on: date | None


class ShipOut(Schema):
    may: bool
    reasons: list[str]


class PointIn(Schema):
    """A reading of a room or cold store, taken now unless ``at`` says when (with its zone)."""

    place_id: UUID
    measured: str
    value: Amount
    at: Instant | None = None
    action_taken: str = ""


class RoundIn(Schema):
    readings: list[PointIn]


class ProbeReadingIn(Schema):
    """What a probe measured of its own place; ``at`` carries its zone."""

    measured: str
    value: Amount
    at: Instant


class ProbeIn(Schema):
    readings: list[ProbeReadingIn]


class ProbeOut(Schema):
    accepted: int
    repeated: int
    out_of_range: int


class CleaningIn(Schema):
    agent: str
    kind: str = "daily"
    hood_ids: list[UUID] = []
    room_ids: list[UUID] = []


class SampleIn(Schema):
    """A sample of one hood or one room."""

    kind: str
    spot: str
    medium_lot: str = ""
    hood_id: UUID | None = None
    room_id: UUID | None = None


class CountIn(Schema):
    count: Whole
    genus: str = ""


class StepIn(Schema):
    reason: str = ""


class ReadingIn(Schema):
    celsius: Amount
    action_taken: str = ""


class Made(Schema):
    id: UUID


class TravelIn(Schema):
    """``factor``: road over great circle; speeds in km/h by bands of the way; ``source``: where the figures come from."""

    effective_from: date
    factor: Amount
    park_minutes: Whole
    near_km: Whole
    near_kmh: Whole
    mid_km: Whole
    mid_kmh: Whole
    far_kmh: Whole
    source: str


class TravelOut(Schema):
    effective_from: date
    factor: Decimal
    park_minutes: int
    near_km: int
    near_kmh: int
    mid_km: int
    mid_kmh: int
    far_kmh: int
    source: str
    status: str


@router.get("/", response=list[SiteOut])
def site_list(request: HttpRequest) -> list[SiteOut]:
    """All sites."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [SiteOut(id=p.id, name=p.name, kind=p.kind, timezone=p.timezone) for p in pharmacies()]


@router.get("/{site_id}/hoods", response=list[HoodOut])
def hood_list(request: HttpRequest, site_id: UUID) -> list[HoodOut]:
    """Hoods of a site, each with the reasons against using it now."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [
        HoodOut(
            id=h.id,
            name=h.name,
            hazardous=h.hazardous,
            state=h.state,
            reasons_against=[str(r) for r in fitness_reasons(h.id, now(), h.hazardous)],
        )
        for h in hoods(site_id)
    ]


@router.post("/cold-stores/{cold_store_id}/readings", response=Made)
def reading_add(request: HttpRequest, cold_store_id: UUID, reading: ReadingIn) -> Made:
    """Record a temperature; one out of range must say what was done."""
    made = record_temperature(
        cold_store_id=cold_store_id,
        celsius=reading.celsius,
        action_taken=reading.action_taken,
        by=request.actor,  # type: ignore[attr-defined]
    )
    return Made(id=made)


@router.get("/{site_id}/rooms", response=list[RoomOut])
def room_list(request: HttpRequest, site_id: UUID) -> list[RoomOut]:
    """The cleanrooms of a site."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [RoomOut.from_orm(r) for r in rooms(site_id)]


@router.get("/{site_id}/due", response=list[DueOut])
def due_list(request: HttpRequest, site_id: UUID) -> list[DueOut]:
    """Everything of a site that has a day, the soonest first."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [DueOut.from_orm(d) for d in due_at(pharmacy(site_id))]


@router.get("/{site_id}/may-ship/{state}", response=ShipOut)
def may_ship(request: HttpRequest, site_id: UUID, state: str, on: date | None = None) -> ShipOut:
    """May this site ship to this state (two letters) on a day, or today?"""
    request.actor.must(READ)  # type: ignore[attr-defined]
    against = shipping_reasons(site_id, state, on or house_today())
    return ShipOut(may=not against, reasons=[str(r) for r in against])


@router.get("/{site_id}/travel", response=list[TravelOut])
def travel_list(request: HttpRequest, site_id: UUID) -> list[TravelOut]:
    """A site's own figures of how long ways take, the newest first; without one in force the house's hold."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [TravelOut.from_orm(r) for r in travel_rows(pharmacy(site_id).id)]


@router.post("/{site_id}/travel", response=Made)
def travel_set(request: HttpRequest, site_id: UUID, given: TravelIn) -> Made:
    """Set how long ways of a site take from a day on, today at the earliest. What is set is never changed; a day has one row."""
    return Made(id=set_travel(site_id=site_id, figures=TravelFigures(**given.dict()), by=request.actor))  # type: ignore[attr-defined]


@router.post("/{site_id}/readings", response=Made)
def round_add(request: HttpRequest, site_id: UUID, given: RoundIn) -> Made:
    """Record a round of readings; one that is out of range must say what was done, or nothing is saved."""
    readings = [
        Given(str(p.place_id), _measured(p.measured, n), p.value, p.at or now(), p.action_taken)
        for n, p in enumerate(given.readings)
    ]
    return Made(id=record_round(site_id=site_id, readings=readings, by=request.actor))  # type: ignore[attr-defined]


@router.post("/probe-readings", response=ProbeOut, auth=DeviceToken(), url_name="probe_readings")
def probe_add(request: HttpRequest, given: ProbeIn) -> ProbeOut:
    """What a probe sends, with its own token. Sent twice, a reading counts once; a wrong one refuses all of them."""
    readings = [
        Given("", _measured(p.measured, n), p.value, p.at) for n, p in enumerate(given.readings)
    ]
    return ProbeOut(**take_readings(readings=readings, by=request.actor))  # type: ignore[attr-defined]


@router.post("/{site_id}/cleanings", response=Made)
def cleaning_add(request: HttpRequest, site_id: UUID, given: CleaningIn) -> Made:
    """Record a round of cleaning, done now."""
    if given.kind not in {k.value for k in CleaningKind}:
        raise Malformed(Fault("kind", "daily or sporicidal"))
    said = given.model_dump() | {"kind": CleaningKind(given.kind)}
    return Made(id=record_cleaning(site_id=site_id, by=request.actor, **said))  # type: ignore[attr-defined]


@router.post("/samples", response=Made)
def sample_add(request: HttpRequest, given: SampleIn) -> Made:
    """Take a sample of a hood or a room."""
    if given.kind not in {k.value for k in SampleKind}:
        raise Malformed(Fault("kind", "air or surface"))
    if (given.hood_id is None) == (given.room_id is None):
        raise Malformed(Fault("room_id", "name one hood or one room"))
    said = given.model_dump() | {"kind": SampleKind(given.kind)}
    return Made(id=take_sample(by=request.actor, **said))  # type: ignore[attr-defined]


@router.post("/samples/{sample_id}/count", response=Made)
def sample_count(request: HttpRequest, sample_id: UUID, given: CountIn) -> Made:
    """Enter the count of a sample."""
    made = count_sample(sample_id=sample_id, count=given.count, genus=given.genus, by=request.actor)  # type: ignore[attr-defined]
    return Made(id=made)


@router.post("/samples/{sample_id}/{step}", response=Made)
def sample_advance(request: HttpRequest, sample_id: UUID, step: str, given: StepIn) -> Made:
    """Incubate a sample, move it on, void it."""
    made = advance_sample(sample_id=sample_id, step=step, reason=given.reason, by=request.actor)  # type: ignore[attr-defined]
    return Made(id=made)


def _measured(text: str, number: int) -> Measured:
    try:
        return Measured(text)
    except ValueError:
        raise Malformed(Fault(f"readings.{number}.measured", "pressure, temperature or humidity")) from None


@router.post("/{site_id}/place", response=SiteOut)
def site_place(request: HttpRequest, site_id: UUID, body: SitePlaceBody) -> PharmacyFact:
    """Say where a site is on the map."""
    point = position_of(body.latitude, body.longitude)
    return pharmacy(locate_site(site_id=site_id, point=point, by=request.actor))  # type: ignore[attr-defined]
