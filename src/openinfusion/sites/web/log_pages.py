# SPDX-License-Identifier: Apache-2.0
"""The lists of a site: round of readings, cleanings, samples, equipment, probes, licences and where it may ship to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from openinfusion.kernel.local_day import begins
from openinfusion.kernel.refusal import Reason
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites.actions.sample import sample_facts
from openinfusion.sites.domain.cleanroom import needs_pressure
from openinfusion.sites.domain.figure import Level, level
from openinfusion.sites.domain.licence import LicenceKind, cannot_judge, reasons_against_shipping
from openinfusion.sites.domain.reading import Measured, cold_range, room_range
from openinfusion.sites.domain.sample import SAMPLE, SampleState
from openinfusion.sites.models import Cleaning, Cleanroom, Hood, Probe, Sample, SiteLicence
from openinfusion.sites.permissions import CLEAN, FURNISH, LICENSE, MEASURE
from openinfusion.sites.queries.facility import PharmacyFact, licences_of, pharmacy_of
from openinfusion.sites.queries.place import EquipmentFact, cold_stores_of, equipment_of, hoods_of, rooms_of
from openinfusion.sites.web.forms import (
    CleaningRoundForm,
    CountForm,
    EquipmentForm,
    LicenceForm,
    ProbeForm,
    ReadingsFileForm,
    SampleForm,
)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to be read on a round; ``name`` is the field's."""

    name: str
    place: str
    measured: str
    unit: str
    kept: str
    needed: bool


@dataclass(frozen=True, slots=True)
class RoundPage:
    site: PharmacyFact
    points: tuple[Point, ...]
    file_form: ReadingsFileForm


@dataclass(frozen=True, slots=True)
class CleaningRow:
    """One round of cleaning: what was cleaned at one instant with one agent."""

    at: datetime
    places: str
    kind: str
    agent: str
    cleaner: str


@dataclass(frozen=True, slots=True)
class CleaningPage:
    site: PharmacyFact
    rows: tuple[CleaningRow, ...]
    missed: tuple[tuple[str, tuple[date, ...]], ...]
    form: CleaningRoundForm | None


@dataclass(frozen=True, slots=True)
class SampleRow:
    row: Sample
    limit: Level
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class SamplesPage:
    site: PharmacyFact
    state: str
    states: tuple[str, ...]
    rows: tuple[SampleRow, ...]
    form: SampleForm | None


@dataclass(frozen=True, slots=True)
class EquipmentListPage:
    site: PharmacyFact
    today: date
    rows: tuple[EquipmentFact, ...]
    form: EquipmentForm | None


@dataclass(frozen=True, slots=True)
class ProbeRow:
    id: UUID
    name: str
    place: str
    hint: str
    made_at: object
    seen_at: object
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class ProbesPage:
    site: PharmacyFact
    rows: tuple[ProbeRow, ...]
    form: ProbeForm | None
    address: str


@dataclass(frozen=True, slots=True)
class ShipTo:
    """A state on record: may this site ship there today, and what is not known about it."""

    state: str
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LicencesPage:
    site: PharmacyFact
    today: date
    rows: tuple[tuple[SiteLicence, str, str], ...]
    ship_to: tuple[ShipTo, ...]
    form: LicenceForm | None


def places(site_id: UUID, *, hoods: bool = True, stores: bool = False) -> list[tuple[str, str]]:
    """Choices of rooms, hoods and cold stores of a site."""
    found = [(f"room:{r.id}", f"{r.name} (room)") for r in rooms_of(site_id)]
    if hoods:
        found += [(f"hood:{h.id}", f"{h.name} (hood in {h.room_name})") for h in hoods_of(site_id) if h.state != "retired"]
    if stores:
        found += [(f"cold_store:{c.id}", c.name) for c in cold_stores_of(site_id)]
    return found


def points_of(site_id: UUID) -> list[Point]:
    """What a round through a site reads: each room's pressure where it is held, temperature and humidity; cold stores."""
    found = []
    for room in rooms_of(site_id):
        for measured in Measured:
            if measured is Measured.PRESSURE and not needs_pressure(room.kind, room.hazardous):
                continue
            kept = str(room_range(measured, room.kind, room.hazardous))
            name = f"{measured.value}:{room.id}"
            found.append(Point(name, room.name, measured.value, measured.unit, kept, measured is Measured.PRESSURE))
    for store in cold_stores_of(site_id):
        kept = str(cold_range(store.kind))
        found.append(Point(f"temperature:{store.id}", store.name, "temperature", "°C", kept, True))
    return found


def round_page(site_id: UUID) -> RoundPage:
    return RoundPage(pharmacy_of(site_id), tuple(points_of(site_id)), ReadingsFileForm())


def cleaning_page(site_id: UUID, by: Actor) -> CleaningPage:
    form = CleaningRoundForm(places=places(site_id)) if by.may(CLEAN.code) else None
    site = pharmacy_of(site_id)
    return CleaningPage(site, tuple(_rounds(cleanings_at(site_id, 300))), tuple(missed_days(site, 30)), form)


def cleanings_at(site_id: UUID, limit: int) -> list[Cleaning]:
    """The latest cleanings of a site's hoods and rooms."""
    rows = Cleaning.objects.select_related("hood", "room")
    return list((rows.filter(hood__site_id=site_id) | rows.filter(room__site_id=site_id)).order_by("-at")[:limit])


def _rounds(rows: list[Cleaning]) -> list[CleaningRow]:
    """The cleanings of one instant in one line."""
    found: dict[tuple[datetime, str, str, str], list[str]] = defaultdict(list)
    for c in rows:
        found[c.at, c.kind, c.agent, c.cleaner_name].append(str(c.hood or c.room))
    return [CleaningRow(at, ", ".join(sorted(p)), kind, agent, who) for (at, kind, agent, who), p in found.items()]


def missed_days(site: PharmacyFact, back: int) -> list[tuple[str, tuple[date, ...]]]:
    """For each room and hood the days of the last so many, today aside, on which no cleaning of it is on record.

    A day on which nothing was compounded may have none: the list shows, the gate judges.
    """
    zone, last = ZoneInfo(site.timezone), today(site.timezone)
    first = last - timedelta(days=back)
    rows = Cleaning.objects.filter(at__gte=begins(first, site.timezone))
    mine = rows.filter(hood__site_id=site.id) | rows.filter(room__site_id=site.id)
    done: dict[UUID | None, set[date]] = defaultdict(set)
    for hood_id, room_id, at in mine.values_list("hood_id", "room_id", "at"):
        done[hood_id or room_id].add(at.astimezone(zone).date())
    places: list[Cleanroom | Hood] = [*Cleanroom.objects.filter(site_id=site.id).exclude(state="retired").order_by("name")]
    places += Hood.objects.filter(site_id=site.id).exclude(state="retired").order_by("name")
    found = []
    for place in places:
        begun = max(first, place.made_at.astimezone(zone).date() + timedelta(days=1))
        days = [begun + timedelta(days=n) for n in range((last - begun).days)]
        if missed := tuple(d for d in days if d not in done[place.id]):
            found.append((place.name, missed))
    return found


def samples_page(site_id: UUID, state: str, by: Actor) -> SamplesPage:
    states = tuple(s.value for s in SampleState)
    rows = samples_at(site_id, state if state in states else "", 120)
    form = SampleForm(places=places(site_id)) if by.may(MEASURE.code) else None
    return SamplesPage(
        pharmacy_of(site_id), state if state in states else "", states, tuple(_sample_row(r, by) for r in rows), form
    )


def samples_at(site_id: UUID, state: str, limit: int) -> list[Sample]:
    """The latest samples of a site, in one state if it is named."""
    rows = Sample.objects.filter(site_id=site_id, **({"state": state} if state else {}))
    return list(rows.order_by("-taken_at")[:limit])


def _sample_row(row: Sample, by: Actor) -> SampleRow:
    acts = acts_of(
        SAMPLE,
        row.state,
        sample_facts(row),
        by,
        url_for=lambda step: reverse("sites:sample_step", args=[row.id, step]),
        forms={"result": CountForm(auto_id=f"count-{row.id}-%s")},
    )
    named = tuple(Act(f"{a.name}-{row.id}", a.label, a.url, a.tone, a.needs_reason, a.sign, a.reasons, a.form) for a in acts)
    tone = "crit" if row.exceeded else SAMPLE.tone(SampleState(row.state))
    return SampleRow(row, level(row.kind, row.iso_class), tone, named)


def equipment_list_page(site_id: UUID, by: Actor) -> EquipmentListPage:
    site = pharmacy_of(site_id)
    form = EquipmentForm(places=places(site_id, hoods=False, stores=True)) if by.may(FURNISH.code) else None
    return EquipmentListPage(site, today(site.timezone), tuple(equipment_of(site_id)), form)


def probes_page(site_id: UUID, by: Actor) -> ProbesPage:
    site, may = pharmacy_of(site_id), by.may(FURNISH.code)
    rows = Probe.objects.filter(site_id=site_id).select_related("room", "cold_store").order_by("name")
    form = ProbeForm(places=places(site_id, hoods=False, stores=True)) if may else None
    return ProbesPage(site, tuple(_probe_row(p, may) for p in rows), form, reverse("api-1:probe_readings"))


def _probe_row(p: Probe, may: bool) -> ProbeRow:
    acts = []
    if may:
        label = "Give a new token" if p.token_made_at else "Give a token"
        acts.append(Act(f"give-{p.id}", label, reverse("sites:probe_token", args=[p.id])))
        if p.token_made_at:
            acts.append(Act(f"take-{p.id}", "Take the token", reverse("sites:probe_take", args=[p.id]), "danger"))
    return ProbeRow(p.id, p.name, str(p.room or p.cold_store), p.token_hint, p.token_made_at, p.last_seen_at, tuple(acts))


def licences_page(site_id: UUID, by: Actor) -> LicencesPage:
    site = pharmacy_of(site_id)
    on, held = today(site.timezone), licences_of(site_id)
    rows = []
    for row in SiteLicence.objects.filter(site_id=site_id).order_by("state_code", "kind", "number"):
        state = "holds"
        if row.expires_on is not None:
            left = (row.expires_on - on).days
            state = "expired" if left < 0 else "expires soon" if left <= 90 else "holds"
        tone = {"holds": "ok", "expires soon": "warn", "expired": "crit"}[state]
        rows.append((row, LicenceKind(row.kind).label, tone))
    to = sorted({x.state for x in held if x.kind in (LicenceKind.PHARMACY, LicenceKind.NONRESIDENT)} | {site.state_code})
    ship = tuple(
        ShipTo(
            state,
            reasons_against_shipping(held, site=site.name, home=site.state_code, to=state, on=on),
            cannot_judge(held, state),
        )
        for state in to
    )
    return LicencesPage(site, on, tuple(rows), ship, LicenceForm() if by.may(LICENSE.code) else None)

