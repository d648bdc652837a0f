# SPDX-License-Identifier: Apache-2.0
"""The door of the inventory room: stock in, held, issued, counted, traced, recalled, bought; devices."""
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
from openinfusion.inventory.actions.correct import (
    adjust_stock,
    advance_lot,
    count_stock,
    destroy_stock,
    send_back_stock,
    waste_stock,
)
from openinfusion.inventory.actions.count import advance_count, explain_count, open_count, record_count
from openinfusion.inventory.actions.deliver_in import DeliveryLine, receive_delivery
from openinfusion.inventory.actions.discrepancy import (
    enter_controlled,
    refuse_controlled,
    report_discrepancy,
    resolve_discrepancy,
    take_controlled_inventory,
    witness_controlled,
)
from openinfusion.inventory.actions.forecast import forecast_use
from openinfusion.inventory.actions.order import advance_order, change_line, open_order, propose_orders, set_par
from openinfusion.inventory.actions.partner import add_supplier, change_terms, set_price, verify_licence
from openinfusion.inventory.actions.pump import advance_pump, check_program, enter_program, receive_pump, record_care
from openinfusion.inventory.actions.recall import (
    Reached,
    advance_recall,
    note_reach,
    open_recall,
    pull_stock,
    tell_patient,
    widen_recall,
)
from openinfusion.inventory.actions.receive import (
    change_location,
    open_location,
    receive_scanned,
    receive_stock,
    transfer_stock,
)
from openinfusion.inventory.actions.shortage import advance_substitute, end_shortage, propose_substitute, report_shortage
from openinfusion.inventory.actions.suspect import advance_suspect, report_suspect
from openinfusion.inventory.actions.transfer import receive_transfer, send_transfer, turn_back_transfer
from openinfusion.inventory.domain.allocation import Need
from openinfusion.inventory.domain.controlled import ActKind
from openinfusion.inventory.domain.device import Care, CareKind
from openinfusion.inventory.domain.device import rental_days as days_of
from openinfusion.inventory.domain.ownership import OWNED, Ownership, Pool
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.domain.program import Mode, Settings
from openinfusion.inventory.domain.recall_case import Reach, RecallClass, Told
from openinfusion.inventory.domain.scan import Scan, read_scan
from openinfusion.inventory.domain.supplier import Terms
from openinfusion.inventory.domain.suspect import Transaction
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
from openinfusion.inventory.queries.device import checked_program, stays
from openinfusion.inventory.queries.purchase import SubstituteFact, substitutes_of
from openinfusion.inventory.queries.recall import RecallFact, Taken, recall_by_id, taken_for, taken_from
from openinfusion.inventory.queries.shelf import ShelfLot, shelf_lots
from openinfusion.inventory.queries.waiting import find, waiting
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused

__all__ = [
    "OWNED", "ActKind", "Allocation", "Care", "CareKind", "DeliveryLine", "LocationFact", "LotFact", "Mode", "MovementFact",
    "Need", "Ownership", "PlaceKind", "Pool", "PumpFact", "Reach", "Reached", "RecallClass", "RecallFact", "Scan", "Settings",
    "ShelfLot",
    "SubstituteFact", "Taken", "Terms", "Told", "Transaction", "add_supplier", "adjust_stock", "advance_count", "advance_lot",
    "advance_order", "advance_pump", "advance_recall", "advance_substitute", "advance_suspect", "allocate", "allocate_all",
    "allocations", "change_line", "change_location", "change_terms", "check_program", "count_stock", "destroy_stock",
    "end_shortage", "enter_controlled", "enter_program", "explain_count", "find", "forecast_use", "free", "issue",
    "issue_directly", "keyed_lot", "locations", "lot", "lot_by_scan", "lots", "lots_numbered", "lots_of",
    "lots_present", "movements", "note_reach", "on_hand",
    "open_count", "open_location", "open_order", "open_recall", "propose_orders", "propose_substitute", "pull_stock", "pump",
    "pump_program",
    "pumps", "pumps_of", "purposes_of_lot", "read_scan", "recall", "receive_delivery", "receive_pump", "receive_scanned",
    "receive_stock", "receive_transfer", "record_care", "record_count", "refuse_controlled", "release_reservation",
    "rental_days", "report_discrepancy", "report_shortage", "report_suspect", "resolve_discrepancy", "return_stock",
    "scanned_lot", "send_back_stock", "send_transfer", "set_par", "set_price", "shelf_lots",
    "site_today", "substitutes", "swap_lot",
    "take_controlled_inventory", "taken", "tell_patient", "transfer_stock", "turn_back_transfer", "verify_licence", "waiting",
    "waste_stock", "widen_recall", "witness_controlled",
]


def lot(lot_id: UUID) -> LotFact:
    """A lot; NotFound if it is not yours."""
    return lot_by_id(lot_id)


def lots(lot_ids: Iterable[UUID]) -> dict[UUID, LotFact]:
    """Many lots by id, in two queries."""
    return lots_by_id(lot_ids)


def lot_by_scan(
    gtin: str, lot_no: str, serial: str = "", expiry: date | None = None, for_id: UUID | None = None,
) -> LotFact:
    """The lot that a scanned code names. NotFound if it was never received; Refused if the expiry differs.

    Of a lot number with several owners the one that ``for_id`` holds is meant; where that does not decide it, Refused.
    """
    rows = Lot.objects.filter(product__gtin=gtin, number=lot_no.upper()).order_by("id")
    same = [r for r in rows if r.serial == serial] if serial else []
    found = lot_facts(_of_one_owner(same or list(rows), for_id)[:1])
    if not found:
        raise NotFound(f"lot {lot_no} of {gtin}")
    if expiry and found[0].expires_on != expiry:
        raise Refused(Reason("expiry-differs", f"the package says {expiry:%d-%b-%Y}, our record of lot {lot_no} "
                             f"{found[0].expires_on:%d-%b-%Y}", "quarantine it"))
    return found[0]


def _of_one_owner(rows: list[Lot], for_id: UUID | None) -> list[Lot]:
    if len({(r.ownership, r.patient_id) for r in rows}) < 2:
        return rows
    held = set(Reservation.objects.filter(for_id=for_id, lot__in=rows).values_list("lot_id", flat=True)) if for_id else set()
    mine = [r for r in rows if r.id in held]
    if len(mine) == 1:
        return mine
    owners = ", ".join(sorted({Ownership(r.ownership).words for r in rows}))
    raise Refused(Reason("owner-ambiguous", f"lot {rows[0].number} is here of more than one owner ({owners})",
                         "hold the one you mean, then scan"))


def scanned_lot(text: str, for_id: UUID | None = None) -> LotFact:
    """The lot that a scanner's text names, from GS1; a code without a lot number cannot name one."""
    scan = read_scan(text)
    if not scan.lot:
        raise Malformed(Fault("scan", "the code names a product but no lot; scan the 2D code, or key the lot"))
    return lot_by_scan(scan.gtin, scan.lot, scan.serial, scan.expires_on, for_id)


def keyed_lot(text: str, product_ids: Iterable[UUID], for_id: UUID | None = None) -> LotFact:
    """The lot that somebody typed: a whole code, or the lot number of one of these products."""
    rows = list(Lot.objects.filter(product_id__in=list(product_ids), number=text.strip().upper()).order_by("id")[:20])
    if len({r.product_id for r in rows}) > 1:
        raise Refused(Reason("lot-ambiguous", f"lot {text} is of more than one product", "type the whole code"))
    found = lot_facts(_of_one_owner(rows, for_id)[:1])
    return found[0] if found else scanned_lot(text, for_id)


def on_hand(product_id: UUID, site_id: UUID) -> Decimal:
    """Packages on hand at a site, reserved ones included."""
    rows = OnHand.objects.filter(lot__product_id=product_id, location__site_id=site_id)
    return sum((r.on_hand_amount for r in rows), Decimal(0))


def free(product_ids: Iterable[UUID], site_id: UUID, pool: Pool = OWNED) -> dict[UUID, int]:
    """Packages of one pool free to allocate at a site, by product; a product with none is absent."""
    return free_by_product(product_ids, site_id, pool)


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


def pump_program(pump_id: UUID) -> Settings | None:
    """The checked program of a pump for the patient it is with; None where there is none."""
    return checked_program(pump_id)


def pumps_of(patient_id: UUID) -> list[PumpFact]:
    """Pumps that are assigned to or at a patient."""
    return [pump_fact(r) for r in Pump.objects.filter(patient_id=patient_id).order_by("serial")]


def taken(*, lots: Iterable[UUID] = (), purposes: Iterable[UUID] = ()) -> list[Taken]:
    """The trace: which purposes took these lots, or which lots these purposes took."""
    return [*(taken_from(lots) if lots else ()), *(taken_for(purposes) if purposes else ())]


def recall(case_id: UUID) -> RecallFact:
    """A recall case; NotFound if it is not yours."""
    return recall_by_id(case_id)


def rental_days(patient_id: UUID, first: date, last: date, therapy_id: UUID | None = None) -> int:
    """Calendar days from a first to a last day on which a device of the house was with a patient, for billing."""
    return days_of(stays(patient_id, therapy_id), first, last)


def substitutes(product_id: UUID) -> list[SubstituteFact]:
    """What two pharmacists let stand in for a product."""
    return [s for s in substitutes_of(product_id) if s.state == "signed"]
