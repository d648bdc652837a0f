# SPDX-License-Identifier: Apache-2.0
"""Reads of the sites room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.models import Site
from openinfusion.sites.domain.cold_store import Band, ColdStoreKind, band
from openinfusion.sites.domain.hood import HoodFacts, HoodState
from openinfusion.sites.models import Chair, ColdStore, Hood, Pharmacy, TemperatureReading


@dataclass(frozen=True, slots=True)
class PharmacyFact:
    """A site as labels, tickets and claims print it. ``id`` is the site's."""

    id: UUID
    name: str
    kind: str
    timezone: str
    legal_name: str
    npi: str
    tax_id: str
    taxonomy: str
    street: str
    city: str
    state_code: str
    zip_code: str
    phone: str
    pharmacist_in_charge: str


@dataclass(frozen=True, slots=True)
class HoodFact:
    id: UUID
    name: str
    room_name: str
    hazardous: bool
    state: str
    certified_until: datetime | None
    cleaned_at: datetime | None
    room_failed: bool


@dataclass(frozen=True, slots=True)
class ColdStoreFact:
    id: UUID
    name: str
    kind: ColdStoreKind
    band: Band
    last_celsius: Decimal | None
    last_at: datetime | None
    in_range: bool | None


def facts_of(hood: Hood, at: datetime) -> HoodFacts:
    """The facts that the rules and the buttons of a hood ask for."""
    return HoodFacts(
        hood.name,
        HoodState(hood.state),
        hood.hazardous,
        hood.certified_until,
        hood.cleaned_at,
        hood.room_failed,
        at,
    )


def pharmacy_of(site_id: UUID) -> PharmacyFact:
    """The pharmacy at a site; NotFound where there is none."""
    found = Pharmacy.objects.select_related("site").filter(site_id=site_id).first()
    if found is None:
        raise NotFound(f"pharmacy at {site_id}")
    return _pharmacy(found)


def pharmacies() -> list[PharmacyFact]:
    return [_pharmacy(p) for p in Pharmacy.objects.select_related("site").order_by("site__name")]


def _pharmacy(p: Pharmacy) -> PharmacyFact:
    site: Site = p.site
    return PharmacyFact(
        site.id,
        site.name,
        site.kind,
        site.timezone,
        p.legal_name,
        p.npi,
        p.tax_id,
        p.taxonomy,
        p.street,
        p.city,
        p.state_code,
        p.zip_code,
        p.phone,
        p.pharmacist_in_charge,
    )


def hoods_of(site_id: UUID) -> list[HoodFact]:
    return [
        HoodFact(h.id, h.name, h.room_name, h.hazardous, h.state, h.certified_until, h.cleaned_at, h.room_failed)
        for h in Hood.objects.filter(site_id=site_id).order_by("name")
    ]


def cold_stores_of(site_id: UUID) -> list[ColdStoreFact]:
    """The cold stores of a site with their last reading."""
    last = {
        r.cold_store_id: r
        for r in TemperatureReading.objects.filter(cold_store__site_id=site_id)
        .order_by("cold_store_id", "-at")
        .distinct("cold_store_id")
    }
    found = []
    for store in ColdStore.objects.filter(site_id=site_id).order_by("name"):
        r, kind = last.get(store.id), ColdStoreKind(store.kind)
        found.append(
            ColdStoreFact(
                store.id,
                store.name,
                kind,
                band(kind),
                r.celsius if r else None,
                r.at if r else None,
                r.in_range if r else None,
            )
        )
    return found


def chairs_of(site_id: UUID) -> list[tuple[UUID, str]]:
    return list(Chair.objects.filter(site_id=site_id).order_by("name").values_list("id", "name"))
