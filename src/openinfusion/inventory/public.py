# SPDX-License-Identifier: Apache-2.0
"""The door of the inventory room: stock in, held, issued, traced; pumps."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum

from openinfusion.inventory.actions.allocate import (
    allocate,
    allocate_all,
    issue,
    issue_directly,
    release_reservation,
    return_stock,
    swap_lot,
)
from openinfusion.inventory.actions.correct import adjust_stock, advance_lot, count_stock, waste_stock
from openinfusion.inventory.actions.pump import advance_pump, receive_pump
from openinfusion.inventory.actions.receive import open_location, receive_scanned, receive_stock, transfer_stock
from openinfusion.inventory.domain.allocation import Need
from openinfusion.inventory.domain.lot import LOT, LotState
from openinfusion.inventory.domain.near_expiry import near_expiry_until
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.domain.pump import PUMP, PumpState
from openinfusion.inventory.domain.scan import Scan, read_scan
from openinfusion.inventory.models import Lot, Movement, OnHand, Pump, Reservation
from openinfusion.inventory.queries import (
    Allocation,
    LocationFact,
    LotFact,
    MovementFact,
    PumpFact,
    allocations_for,
    free_by_product,
    locations_at,
    lot_by_id,
    lot_facts,
    lots_by_id,
    movements_of,
    pump_fact,
    today_at,
)
from openinfusion.kernel.machine import shown
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, Hit, Waited, Waiting
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.queue import waited, whose_turn

__all__ = [
    "Allocation", "LocationFact", "LotFact", "MovementFact", "Need", "PlaceKind", "PumpFact", "Scan", "adjust_stock",
    "advance_lot", "advance_pump", "allocate", "allocate_all",
    "allocations", "count_stock", "find", "free", "issue", "issue_directly", "keyed_lot",
    "locations", "lot", "lot_by_scan", "lots", "lots_numbered", "lots_of", "lots_present", "movements", "on_hand",
    "open_location", "pump", "pumps",
    "pumps_of", "purposes_of_lot", "read_scan", "receive_pump", "receive_scanned", "receive_stock",
    "release_reservation", "return_stock",
    "scanned_lot", "site_today", "swap_lot", "transfer_stock", "waiting", "waste_stock",
]


def lot(lot_id: UUID) -> LotFact:
    """A lot; NotFound if it is not yours."""
    return lot_by_id(lot_id)


def lots(lot_ids: Iterable[UUID]) -> dict[UUID, LotFact]:
    """Many lots by id, in two queries."""
    return lots_by_id(lot_ids)


def lot_by_scan(gtin: str, lot_no: str, serial: str = "", expiry: date | None = None) -> LotFact:
    """The lot that a scanned code names. NotFound if it was never received; Refused if the expiry differs."""
    rows = Lot.objects.filter(product__gtin=gtin, number=lot_no.upper())
    found = lot_facts(rows.filter(serial=serial) if serial and rows.filter(serial=serial).exists() else rows[:1])
    if not found:
        raise NotFound(f"lot {lot_no} of {gtin}")
    if expiry and found[0].expires_on != expiry:
        raise Refused(Reason("expiry-differs", f"the package says {expiry:%d-%b-%Y}, our record of lot {lot_no} "
                             f"{found[0].expires_on:%d-%b-%Y}", "quarantine it"))
    return found[0]


def scanned_lot(text: str) -> LotFact:
    """The lot that a scanner's text names, from GS1; a code without a lot number cannot name one."""
    scan = read_scan(text)
    if not scan.lot:
        raise Malformed(Fault("scan", "the code names a product but no lot; scan the 2D code, or key the lot"))
    return lot_by_scan(scan.gtin, scan.lot, scan.serial, scan.expires_on)


def keyed_lot(text: str, product_ids: Iterable[UUID]) -> LotFact:
    """The lot that somebody typed: a whole code, or the lot number of one of these products."""
    found = lot_facts(Lot.objects.filter(product_id__in=list(product_ids), number=text.strip().upper())[:2])
    if len(found) > 1:
        raise Refused(Reason("lot-ambiguous", f"lot {text} is of more than one product", "type the whole code"))
    return found[0] if found else scanned_lot(text)


def on_hand(product_id: UUID, site_id: UUID) -> Decimal:
    """Packages on hand at a site, reserved ones included."""
    rows = OnHand.objects.filter(lot__product_id=product_id, location__site_id=site_id)
    return sum((r.on_hand_amount for r in rows), Decimal(0))


def free(product_ids: Iterable[UUID], site_id: UUID) -> dict[UUID, int]:
    """Packages free to allocate at a site, by product; a product with none is absent."""
    return free_by_product(product_ids, site_id)


def allocations(for_id: UUID) -> list[Allocation]:
    """What is held for a purpose and what was issued to it."""
    return allocations_for(for_id)


def lots_of(for_id: UUID) -> list[LotFact]:
    """The lots that were issued to a purpose (a work order, a ticket)."""
    ids = Reservation.objects.filter(for_id=for_id, issued_amount__gt=0).values_list("lot_id", flat=True)
    return lot_facts(Lot.objects.filter(pk__in=set(ids)).order_by("number"))


def purposes_of_lot(lot_id: UUID) -> list[UUID]:
    """Every work order and ticket that holds or was issued some of a lot: where a recall goes."""
    return list(dict.fromkeys(
        Reservation.objects.filter(lot_id=lot_id).order_by("made_at").values_list("for_id", flat=True)))


def lots_numbered(number: str) -> list[LotFact]:
    """The lots that carry this number, of whichever product."""
    return lot_facts(Lot.objects.filter(number=number.strip().upper()))


def lots_present(location_ids: Iterable[UUID], first: datetime, last: datetime) -> list[LotFact]:
    """The lots that lay in these places at any time from an instant up to another, by the ledger."""
    moved = Movement.objects.filter(location_id__in=list(location_ids), made_at__lte=last).values("lot_id", "location_id")
    summed = moved.annotate(
        before=Sum("on_hand_amount", filter=Q(made_at__lt=first), default=Decimal(0)),
        came=Sum("on_hand_amount", filter=Q(made_at__gte=first, on_hand_amount__gt=0), default=Decimal(0)),
    )
    ids = {r["lot_id"] for r in summed if r["before"] > 0 or r["came"] > 0}
    return lot_facts(Lot.objects.filter(pk__in=ids).order_by("number"))


def movements(lot_id: UUID) -> list[MovementFact]:
    """The ledger of a lot, newest first."""
    return movements_of(lot_id)


def locations(site_id: UUID) -> list[LocationFact]:
    """The places of a site."""
    return locations_at(site_id)


def site_today(site_id: UUID) -> date:
    """Today where the site is."""
    return today_at(site_id)


def pump(pump_id: UUID) -> PumpFact:
    row = Pump.objects.filter(pk=pump_id).first()
    if row is None:
        raise NotFound(f"pump {pump_id}")
    return pump_fact(row)


def pumps(site_id: UUID, state: str = "") -> list[PumpFact]:
    """Pumps of a site, in a state if one is given."""
    rows = Pump.objects.filter(site_id=site_id, **({"state": state} if state else {}))
    return [pump_fact(r) for r in rows.order_by("serial")]


def pumps_of(patient_id: UUID) -> list[PumpFact]:
    """Pumps that are assigned to or at a patient."""
    return [pump_fact(r) for r in Pump.objects.filter(patient_id=patient_id).order_by("serial")]


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Lots that wait for a decision or near their expiry, and pumps that wait for a hand."""
    stopped = [s for s in whose_turn(LOT, ask) if s in ("quarantined", "recalled")]
    held = Lot.objects.filter(state__in=stopped).select_related("product")
    found = waited(held, ask, kind="Lot", make=_lots_waiting)
    if ask.has(Role.BUYER.value):
        near = OnHand.objects.filter(
            on_hand_amount__gt=0, lot__state="available", lot__expires_on__lte=near_expiry_until(now().date()),
        ).select_related("lot__product", "location")
        found += waited(near, ask, kind="Lot", since="lot__expires_on", make=_expiring)
    idle = Pump.objects.filter(state__in=whose_turn(PUMP, ask))
    return found + waited(idle, ask, kind="Pump", since="serial", make=_pumps_waiting)


def _lots_waiting(rows: list[Lot]) -> list[Waiting]:
    return [
        Waiting("inventory", "Lot", r.id, f"{r.product.name}, lot {r.number}", "", shown(s := LotState(r.state)),
                LOT.tone(s), LOT.owner(s), r.made_at, f"/inventory/lots/{r.id}/")
        for r in rows
    ]


def _expiring(rows: list[OnHand]) -> list[Waiting]:
    today = now().date()
    return [
        Waiting("inventory", "Lot", r.lot_id,
                f"{shown_number(r.on_hand_amount)} of {r.lot.product.name}, lot {r.lot.number}, {r.location}", "",
                "expired" if r.lot.expires_on < today else f"expires {r.lot.expires_on:%d-%b-%Y}",
                "crit" if r.lot.expires_on < today else "warn", "buyer", r.lot.made_at, f"/inventory/lots/{r.lot_id}/")
        for r in rows
    ]


def _pumps_waiting(rows: list[Pump]) -> list[Waiting]:
    return [
        Waiting("inventory", "Pump", r.id, f"pump {r.serial}", "", shown(s := PumpState(r.state)), PUMP.tone(s),
                PUMP.owner(s), r.made_at, f"/inventory/pumps/{r.id}/")
        for r in rows
    ]


def find(text: str, by: Actor) -> list[Hit]:
    """Lots by number and products with stock by name."""
    wanted = text.strip().upper()
    if len(wanted) < 3 or not by.may("inventory.stock.read"):
        return []
    rows = Lot.objects.filter(number__startswith=wanted).select_related("product")[:8]
    return [
        Hit("Lot", f"{r.product.name}, lot {r.number}", f"{r.state}, expires {r.expires_on:%d-%b-%Y}",
            f"/inventory/lots/{r.id}/")
        for r in rows
    ]
