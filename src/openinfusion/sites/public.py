# SPDX-License-Identifier: Apache-2.0
"""The door of the sites room: where is it, may it be used now, may it ship there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.waiting import EVERYTHING, Ask, Hit, Waited
from openinfusion.platform.actor import Actor
from openinfusion.sites.actions.calibrate import add_equipment, advance_equipment, record_calibration
from openinfusion.sites.actions.certify import advance_hood, advance_room, certify_hood, move_hood, record_certification
from openinfusion.sites.actions.clean import clean_hood, record_cleaning
from openinfusion.sites.actions.measure import import_readings, record_round, record_temperature
from openinfusion.sites.actions.probe import add_probe, give_token, take_readings, take_token
from openinfusion.sites.actions.sample import advance_sample, count_sample, take_sample
from openinfusion.sites.actions.set_up import (
    add_chair,
    add_cold_store,
    add_hood,
    add_room,
    locate_site,
    open_site,
    record_site_licence,
)
from openinfusion.sites.actions.travel import set_travel
from openinfusion.sites.domain.certification import Measurements
from openinfusion.sites.domain.cleaning import CleaningKind
from openinfusion.sites.domain.cleanroom import RoomKind
from openinfusion.sites.domain.cold_store import ColdStoreKind
from openinfusion.sites.domain.equipment import EquipmentKind
from openinfusion.sites.domain.hood import reasons_against
from openinfusion.sites.domain.licence import LicenceKind, SiteLicenceFact, reasons_against_shipping
from openinfusion.sites.domain.reading import Given, Measured
from openinfusion.sites.domain.sample import SampleKind
from openinfusion.sites.domain.travel import FASTEST, LEAST_FACTOR, LONGEST, MOST_FACTOR, MOST_PARK, SLOWEST, TravelFigures
from openinfusion.sites.models import Cleanroom, Hood
from openinfusion.sites.queries.due import Due, due_everywhere
from openinfusion.sites.queries.facility import PharmacyFact, chairs_of, licences_of, pharmacies, pharmacy_of, state_of, zone_of
from openinfusion.sites.queries.fitness import fitness_of, hood_fitness
from openinfusion.sites.queries.place import (
    ColdStoreFact,
    EquipmentFact,
    HoodFact,
    RoomFact,
    cold_stores_of,
    equipment_of,
    hood_ids_at,
    hoods_of,
    place_name,
    rooms_of,
)
from openinfusion.sites.queries.travel import travel_on, travel_rows
from openinfusion.sites.queries.waiting import waiting_at_sites

__all__ = [
    "FASTEST",
    "LEAST_FACTOR",
    "LONGEST",
    "MOST_FACTOR",
    "MOST_PARK",
    "SLOWEST",
    "CleaningKind",
    "ColdStoreFact",
    "ColdStoreKind",
    "Due",
    "EquipmentFact",
    "EquipmentKind",
    "FacilityState",
    "Given",
    "HoodFact",
    "LicenceKind",
    "Measured",
    "Measurements",
    "PharmacyFact",
    "RoomFact",
    "RoomKind",
    "SampleKind",
    "SiteLicenceFact",
    "TravelFigures",
    "add_chair",
    "add_cold_store",
    "add_equipment",
    "add_hood",
    "add_probe",
    "add_room",
    "advance_equipment",
    "advance_hood",
    "advance_room",
    "advance_sample",
    "certify_hood",
    "chairs",
    "clean_hood",
    "cold_stores",
    "count_sample",
    "due_everywhere",
    "equipment",
    "facility_state",
    "find",
    "fitness_reasons",
    "give_token",
    "home_state",
    "hood_ids_at",
    "hoods",
    "import_readings",
    "licences",
    "locate_site",
    "move_hood",
    "open_site",
    "pharmacies",
    "pharmacy",
    "place_name",
    "reasons_by_hood",
    "record_calibration",
    "record_certification",
    "record_cleaning",
    "record_round",
    "record_site_licence",
    "record_temperature",
    "rooms",
    "set_travel",
    "shipping_reasons",
    "state_of",
    "suites",
    "take_readings",
    "take_sample",
    "take_token",
    "travel_on",
    "travel_rows",
    "waiting",
    "zone_of",
]


@dataclass(frozen=True, slots=True)
class FacilityState:
    """What the room around a hood allows. ``downgraded``: dating falls back to that of a segregated compounding area."""

    downgraded: bool
    why: str


def pharmacy(site_id: UUID) -> PharmacyFact:
    """The pharmacy or suite at a site; NotFound otherwise."""
    return pharmacy_of(site_id)


def home_state(site_id: UUID) -> str:
    """The state a site stands in, two letters."""
    return state_of(site_id)


def suites() -> list[PharmacyFact]:
    """Sites that are infusion suites."""
    return [p for p in pharmacies() if p.kind == "suite"]


def rooms(site_id: UUID) -> list[RoomFact]:
    """The cleanrooms of a site."""
    return rooms_of(site_id)


def hoods(site_id: UUID) -> list[HoodFact]:
    return hoods_of(site_id)


def cold_stores(site_id: UUID) -> list[ColdStoreFact]:
    return cold_stores_of(site_id)


def equipment(site_id: UUID) -> list[EquipmentFact]:
    """What is calibrated at a site, the soonest due first."""
    return equipment_of(site_id)


def chairs(site_id: UUID) -> list[tuple[UUID, str]]:
    """Chairs of a suite: id and name."""
    return chairs_of(site_id)


def licences(site_id: UUID) -> list[SiteLicenceFact]:
    """The licences of a site."""
    return licences_of(site_id)


def fitness_reasons(hood_id: UUID, at: datetime, hazardous: bool) -> list[Reason]:
    """Every reason why this hood may not be used at this instant for a hazardous (or an ordinary) drug: the hood's and

    its room's (certification, cleaning, pressure of the day, samples, equipment). One round trip.
    """
    return list(reasons_against(hood_fitness(hood_id, at).hood, hazardous))


def reasons_by_hood(hood_ids: Iterable[UUID], at: datetime) -> dict[UUID, list[Reason]]:
    """The same for many hoods at once, each for the drugs it is meant for."""
    return {id: list(reasons_against(f.hood, f.hood.hazardous)) for id, f in fitness_of(hood_ids, at).items()}


def facility_state(hood_id: UUID, at: datetime) -> FacilityState:
    """Whether the hood's room has failed, which downgrades beyond-use dates, and why it has."""
    found = hood_fitness(hood_id, at)
    return FacilityState(bool(found.failed_why), found.failed_why)


def shipping_reasons(site_id: UUID, state: str, on: date, *, controlled: bool = False) -> list[Reason]:
    """May this site ship to this state on this day? Every reason against it."""
    site = pharmacy_of(site_id)
    return list(
        reasons_against_shipping(
            licences_of(site_id), site=site.name, home=site.state_code, to=state.strip().upper(), on=on, controlled=controlled
        )
    )


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """What waits at the sites: hoods and rooms that are out, cold stores out of range, what is due, samples to move on."""
    return waiting_at_sites(by, ask)


def find(text: str, by: Actor) -> list[Hit]:
    """Rooms and hoods by the beginning of their name."""
    wanted = text.strip()
    if len(wanted) < 2 or not by.may("sites.site.read"):
        return []
    rooms = Cleanroom.objects.filter(name__istartswith=wanted).select_related("site")[:4]
    hoods = Hood.objects.filter(name__istartswith=wanted).select_related("site")[:4]
    return [
        *(Hit("Room", f"{r.name}, {r.site.name}", r.state.replace("_", " "), f"/sites/rooms/{r.id}/") for r in rooms),
        *(Hit("Hood", f"{h.name}, {h.site.name}", h.state.replace("_", " "), f"/sites/hoods/{h.id}/") for h in hoods),
    ]
