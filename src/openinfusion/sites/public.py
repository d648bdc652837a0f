# SPDX-License-Identifier: Apache-2.0
"""The door of the sites room: where is it, and may it be used now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, Waited, Waiting, few
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.sites.actions import (
    add_chair,
    add_cold_store,
    add_hood,
    advance_hood,
    certify_hood,
    clean_hood,
    open_site,
    record_temperature,
)
from openinfusion.sites.domain.cold_store import ColdStoreKind
from openinfusion.sites.domain.hood import reasons_against
from openinfusion.sites.models import Hood
from openinfusion.sites.queries import (
    ColdStoreFact,
    HoodFact,
    PharmacyFact,
    chairs_of,
    cold_stores_of,
    facts_of,
    hoods_of,
    pharmacies,
    pharmacy_of,
)

__all__ = [
    "ColdStoreFact",
    "ColdStoreKind",
    "FacilityState",
    "HoodFact",
    "PharmacyFact",
    "add_chair",
    "add_cold_store",
    "add_hood",
    "advance_hood",
    "certify_hood",
    "chairs",
    "clean_hood",
    "cold_stores",
    "facility_state",
    "fitness_reasons",
    "hoods",
    "open_site",
    "pharmacies",
    "pharmacy",
    "record_temperature",
    "suites",
    "waiting",
]


@dataclass(frozen=True, slots=True)
class FacilityState:
    """What the room around a hood allows. ``downgraded``: dating falls back to that of a segregated compounding area."""

    downgraded: bool
    why: str


def pharmacy(site_id: UUID) -> PharmacyFact:
    """The pharmacy or suite at a site; NotFound otherwise."""
    return pharmacy_of(site_id)


def suites() -> list[PharmacyFact]:
    """Sites that are infusion suites."""
    return [p for p in pharmacies() if p.kind == "suite"]


def hoods(site_id: UUID) -> list[HoodFact]:
    return hoods_of(site_id)


def cold_stores(site_id: UUID) -> list[ColdStoreFact]:
    return cold_stores_of(site_id)


def chairs(site_id: UUID) -> list[tuple[UUID, str]]:
    """Chairs of a suite: id and name."""
    return chairs_of(site_id)


def fitness_reasons(hood_id: UUID, at: datetime, hazardous: bool) -> list[Reason]:
    """Every reason why this hood may not be used at this instant for a hazardous (or an ordinary) drug."""
    return list(reasons_against(facts_of(fetch(Hood, hood_id), at), hazardous))


def facility_state(hood_id: UUID, at: datetime) -> FacilityState:
    """Whether the hood's room has failed, which downgrades beyond-use dates."""
    hood = fetch(Hood, hood_id)
    return FacilityState(hood.room_failed, f"{hood.room_name} failed its last certification" if hood.room_failed else "")


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Hoods that are out of service or soon uncertified, and cold stores out of range."""
    if not ask.has(Role.COMPLIANCE.value):
        return Waited()
    found = _unfit()
    return few("Hood", ask, now(), lambda: [w for w in found if w.kind == "Hood"]) + few(
        "Cold store", ask, now(), lambda: [w for w in found if w.kind == "Cold store"]
    )


def _unfit() -> list[Waiting]:
    at, found = now(), []
    for site in pharmacies():
        for hood in hoods(site.id):
            if hood.state == "out_of_service" or hood.certified_until is None or (hood.certified_until - at).days < 30:
                state = "out of service" if hood.state == "out_of_service" else "certification due"
                found.append(
                    Waiting(
                        "sites",
                        "Hood",
                        hood.id,
                        f"{site.name}: {hood.name}",
                        "",
                        state,
                        "warn",
                        "compliance",
                        at,
                        f"/sites/{site.id}/",
                        hood.certified_until,
                    )
                )
        found += [
            Waiting(
                "sites",
                "Cold store",
                c.id,
                f"{site.name}: {c.name} at {c.last_celsius} °C",
                "",
                "out of range",
                "crit",
                "compliance",
                c.last_at or at,
                f"/sites/{site.id}/",
            )
            for c in cold_stores(site.id)
            if c.in_range is False
        ]
    return found
