# SPDX-License-Identifier: Apache-2.0
"""Reads of the inventory room: lots, what is on hand, movements, traces."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from openinfusion.inventory.domain.allocation import Candidate
from openinfusion.inventory.domain.lot import LotFacts, LotState, lot_reasons
from openinfusion.inventory.domain.movement import Level
from openinfusion.inventory.domain.ownership import OWNED, Ownership, Pool, pool_of
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.models import Location, Lot, Movement, OnHand, Pump, Reservation
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import NotFound, Reason
from openinfusion.platform.action import fetch
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.models import Site
from openinfusion.platform.reading import Reading
from openinfusion.platform.rows import rows_by
from openinfusion.platform.scope import read_once

PICKABLE = [k.value for k in PlaceKind if k.pickable]
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LotFact:
    """A lot as other rooms see it. ``on_hand`` is everywhere together."""

    id: UUID
    product_id: UUID
    number: str
    serial: str
    expires_on: date
    state: str
    cost: Money
    on_hand: Decimal
    reserved: Decimal
    version: int
    ownership: str = Ownership.OWNED.value
    patient_id: UUID | None = None
    schedule: str = ""

    @property
    def pool(self) -> Pool:
        return pool_of(self.ownership, self.patient_id)

    def reasons(self, today: date) -> list[Reason]:
        """Every reason against using it today."""
        return lot_reasons(LotState(self.state), self.expires_on, today, self.number)


@dataclass(frozen=True, slots=True)
class LocationFact:
    id: UUID
    site_id: UUID
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """So many of a lot held in a place for a purpose."""

    reservation_id: UUID
    product_id: UUID
    lot_id: UUID
    lot_number: str
    expires_on: date
    location_id: UUID
    quantity: Decimal  # still held
    issued: Decimal
    owner: str = "owned"


@dataclass(frozen=True, slots=True)
class MovementFact:
    """One line of a lot's trace."""

    at: datetime
    kind: str
    location: str
    on_hand: Decimal
    reserved: Decimal
    for_id: UUID | None
    reason: str
    mover: str
    witness: str = ""


@dataclass(frozen=True, slots=True)
class PumpFact:
    id: UUID
    serial: str
    state: str
    site_id: UUID
    product_id: UUID
    patient_id: UUID | None
    last_patient_id: UUID | None
    therapy_id: UUID | None
    maintenance_due_on: date | None


def lot_facts(rows: Iterable[Lot]) -> list[LotFact]:
    """Facts of these lots, with what is on hand, in one query more."""
    lots = list(rows)
    on_hand: dict[UUID, Decimal] = defaultdict(Decimal)
    reserved: dict[UUID, Decimal] = defaultdict(Decimal)
    for place in rows_by(OnHand, "lot", [r.id for r in lots]):
        on_hand[place.lot_id] += place.on_hand_amount
        reserved[place.lot_id] += place.reserved_amount
    return [
        LotFact(r.id, r.product_id, r.number, r.serial, r.expires_on, r.state, Money(r.cost_cents),
                on_hand[r.id], reserved[r.id], r.version, r.ownership, r.patient_id, r.schedule)
        for r in lots
    ]


def lot_by_id(lot_id: UUID) -> LotFact:
    found = lot_facts(rows_by(Lot, "id", lot_id))
    if not found:
        raise NotFound(f"lot {lot_id}")
    return found[0]


def lots_by_id(ids: Iterable[UUID]) -> dict[UUID, LotFact]:
    return {f.id: f for f in lot_facts(rows_by(Lot, "id", set(ids)))}


def location_fact(row: Location) -> LocationFact:
    return LocationFact(row.id, row.site_id, row.code, row.name, row.kind)


def locations_at(site_id: UUID) -> list[LocationFact]:
    return [location_fact(r) for r in Location.objects.filter(site_id=site_id).order_by("name")]


def today_at(site_id: UUID) -> date:
    """Today where the site is."""
    return now().astimezone(zone_at(site_id)).date()


@read_once
def zone_at(site_id: UUID) -> ZoneInfo:
    return ZoneInfo(fetch(Site, site_id).timezone)


def candidates(rows: Iterable[OnHand]) -> list[Candidate]:
    """On-hand rows (with their lots) as the allocation sees them."""
    return [
        Candidate(r.lot_id, r.lot.number, r.location_id, r.lot.expires_on, r.on_hand_amount - r.reserved_amount,
                  pool_of(r.lot.ownership, r.lot.patient_id))
        for r in rows
    ]


def level(lot_id: UUID, location_id: UUID) -> Level:
    row = OnHand.objects.filter(lot_id=lot_id, location_id=location_id).first()
    return Level(row.on_hand_amount, row.reserved_amount) if row else Level()


def ledger_level(lot_id: UUID, location_id: UUID) -> Level:
    """The level that the movements themselves add up to."""
    found = Movement.objects.filter(lot_id=lot_id, location_id=location_id).aggregate(
        on_hand=Sum("on_hand_amount"), reserved=Sum("reserved_amount"))
    return Level(found["on_hand"] or _ZERO, found["reserved"] or _ZERO)


def disagreements() -> list[OnHand]:
    """On-hand rows that are not the sum of their movements. There must be none."""
    return [
        r for r in OnHand.objects.all()
        if ledger_level(r.lot_id, r.location_id) != Level(r.on_hand_amount, r.reserved_amount)
    ]


def free_by_product(product_ids: Iterable[UUID], site_id: UUID, pool: Pool = OWNED) -> dict[UUID, int]:
    """Whole packages of one pool free to allocate at a site, in date and not quarantined or recalled."""
    found = OnHand.objects.filter(
        lot__product_id__in=list(product_ids), lot__state=LotState.AVAILABLE.value, location__site_id=site_id,
        location__kind__in=PICKABLE, lot__expires_on__gte=today_at(site_id), lot__ownership=pool.ownership.value,
        lot__patient_id=pool.patient_id,  # type: ignore[misc]
    ).values("lot__product_id").annotate(on_hand=Sum("on_hand_amount"), reserved=Sum("reserved_amount"))
    return {f["lot__product_id"]: int(f["on_hand"] - f["reserved"]) for f in found}


def allocations_for(for_id: UUID) -> list[Allocation]:
    return [
        Allocation(r.id, r.product_id, r.lot_id, r.lot__number, r.lot__expires_on, r.location_id,
                   r.held_amount - r.issued_amount - r.released_amount, r.issued_amount, Ownership(r.ownership).words)
        for r in _HELD([for_id])
    ]


_HELD = Reading(
    lambda among: Reservation.objects.filter(among("for_id")).order_by("made_at", "id"),
    "id", "product_id", "lot_id", "lot__number", "lot__expires_on", "location_id", "held_amount", "issued_amount",
    "released_amount", "ownership",
)


def movements_of(lot_id: UUID) -> list[MovementFact]:
    rows = Movement.objects.filter(lot_id=lot_id).select_related("location").order_by("-made_at", "-id")
    return [
        MovementFact(r.made_at, r.kind, str(r.location), r.on_hand_amount, r.reserved_amount, r.for_id, r.reason,
                     r.mover_name, r.witness_name)
        for r in rows
    ]


def lot_state_facts(row: Lot) -> LotFacts:
    on_hand = OnHand.objects.filter(lot=row).aggregate(total=Sum("on_hand_amount"))["total"] or _ZERO
    return LotFacts(expires_on=row.expires_on, today=house_today(), on_hand=on_hand)


def pump_fact(row: Pump) -> PumpFact:
    return PumpFact(row.id, row.serial, row.state, row.site_id, row.product_id, row.patient_id, row.last_patient_id,
                    row.therapy_id, row.maintenance_due_on)
