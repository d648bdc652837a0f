# SPDX-License-Identifier: Apache-2.0
"""Rooms, hoods, cold stores and equipment of a site as frozen facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from openinfusion.platform.action import fetch
from openinfusion.platform.models import Site
from openinfusion.sites.domain.cleanroom import RoomKind
from openinfusion.sites.domain.cold_store import Band, ColdStoreKind, band
from openinfusion.sites.domain.equipment import EquipmentFacts, EquipmentKind, EquipmentState
from openinfusion.sites.models import Cleanroom, ColdStore, Equipment, Hood, TemperatureReading


@dataclass(frozen=True, slots=True)
class RoomFact:
    id: UUID
    name: str
    kind: RoomKind
    iso_class: int | None
    hazardous: bool
    state: str
    certified_until: datetime | None
    sporicidal_at: datetime | None


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
    room_id: UUID


@dataclass(frozen=True, slots=True)
class ColdStoreFact:
    id: UUID
    name: str
    kind: ColdStoreKind
    band: Band
    last_celsius: Decimal | None
    last_at: datetime | None
    in_range: bool | None


@dataclass(frozen=True, slots=True)
class EquipmentFact:
    id: UUID
    name: str
    kind: EquipmentKind
    serial: str
    room_id: UUID | None
    place: str
    calibrated_until: date | None
    state: str


def rooms_of(site_id: UUID) -> list[RoomFact]:
    """The cleanrooms of a site that are not retired."""
    rows = Cleanroom.objects.filter(site_id=site_id).exclude(state="retired").order_by("name")
    return [
        RoomFact(r.id, r.name, RoomKind(r.kind), r.iso_class, r.hazardous, r.state, r.certified_until, r.sporicidal_at)
        for r in rows
    ]


def hoods_of(site_id: UUID) -> list[HoodFact]:
    return [
        HoodFact(
            h.id, h.name, h.room.name, h.hazardous, h.state, h.certified_until, h.cleaned_at, h.room.state == "failed", h.room_id
        )
        for h in Hood.objects.filter(site_id=site_id).select_related("room").order_by("name")
    ]


def hood_ids_at(place_kind: str, place_id: UUID) -> list[UUID]:
    """The hoods that a trouble with this place touches: the hood itself, or every hood of the room."""
    if place_kind == "hood":
        return [place_id]
    return list(Hood.objects.filter(room_id=place_id).values_list("id", flat=True)) if place_kind == "room" else []


def cold_stores_of(site_id: UUID) -> list[ColdStoreFact]:
    """The cold stores of a site with their last reading."""
    last = {
        r.cold_store_id: r
        for r in TemperatureReading.objects.filter(cold_store__site_id=site_id)
        .order_by("cold_store_id", "-at")
        .distinct("cold_store_id")
    }
    return [
        cold_store_fact(store, last.get(store.id)) for store in ColdStore.objects.filter(site_id=site_id).order_by("name")
    ]


def cold_store_fact(store: ColdStore, last: TemperatureReading | None) -> ColdStoreFact:
    kind = ColdStoreKind(store.kind)
    return ColdStoreFact(
        store.id,
        store.name,
        kind,
        band(kind),
        last.celsius if last else None,
        last.at if last else None,
        last.in_range if last else None,
    )


def equipment_of(site_id: UUID) -> list[EquipmentFact]:
    """Equipment of a site that is not retired, the soonest due first."""
    rows = Equipment.objects.filter(~Q(state="retired"), site_id=site_id).select_related("room", "cold_store")
    return [
        EquipmentFact(
            e.id,
            e.name,
            EquipmentKind(e.kind),
            e.serial,
            e.room_id,
            str(e.room or e.cold_store or ""),
            e.calibrated_until,
            e.state,
        )
        for e in rows.order_by("calibrated_until", "name")
    ]


def equipment_facts(row: Equipment, today: date) -> EquipmentFacts:
    """The facts that the rules and the buttons of a piece of equipment ask for."""
    return EquipmentFacts(row.name, EquipmentKind(row.kind), EquipmentState(row.state), row.calibrated_until, today)


def place_name(place_kind: str, place_id: UUID) -> str:
    """The name of a room, hood, cold store or site; NotFound if it is not yours."""
    models: dict[str, Any] = {"room": Cleanroom, "hood": Hood, "cold_store": ColdStore, "site": Site}
    return str(fetch(models[place_kind], place_id))
