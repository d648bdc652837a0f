# SPDX-License-Identifier: Apache-2.0
"""A recall case: open it and stop what it names, pull the stock, note whom it reached, tell them, check, close."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.inventory.actions.correct import advance_lot
from openinfusion.inventory.actions.ledger import on_hand_row, post
from openinfusion.inventory.actions.pump import advance_pump
from openinfusion.inventory.domain.lot import LotState
from openinfusion.inventory.domain.movement import Kind
from openinfusion.inventory.domain.number import number_of
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.domain.recall_case import Reach, RecallClass, RecallState, Told
from openinfusion.inventory.events import RecallOpened
from openinfusion.inventory.models import (
    Location,
    Lot,
    OnHand,
    Pump,
    RecallCase,
    RecallLot,
    RecallNotice,
    RecallPump,
    Reservation,
)
from openinfusion.inventory.queries.recall import recall_facts
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

_STOPPABLE = (LotState.AVAILABLE.value, LotState.QUARANTINED.value)
_BEYOND_REACH = [PlaceKind.QUARANTINE.value, PlaceKind.IN_TRANSIT.value, PlaceKind.PATIENT_HOME.value]


@dataclass(frozen=True, slots=True)
class Reached:
    """A patient whom recalled stock reached, and through what, in words."""

    patient_id: UUID
    reach: Reach
    what: str


@action
def open_recall(
    *, title: str, klass: RecallClass, source: str, why: str, by: Actor, lot_ids: Sequence[UUID] = (),
    pump_ids: Sequence[UUID] = (), instructions: str = "",
) -> UUID:
    """Open a case for these lots and devices and stop them everywhere at once."""
    by.must(permissions.RECALL)
    given = (("title", title), ("source", source), ("why", why))
    faults = [Fault(name, "is needed") for name, text in given if not text.strip()]
    if not lot_ids and not pump_ids:
        faults.append(Fault("lots", "name a lot or a device"))
    if faults:
        raise Malformed(*faults)
    id = new_id()
    row = RecallCase.objects.create(
        id=id, number=f"K{number_of(id, 6)}", title=title.strip(), klass=klass.value, source=source.strip(), why=why.strip(),
        instructions=instructions.strip(), opened_by=by.id, opener_name=by.name,
    )
    _name(row, lot_ids, pump_ids, by)
    write(by, "inventory.recall.open", row, "{actor} opened {subject}: {title}", to_state=row.state, reason=why,
          noted={"title": title.strip(), "lots": len(lot_ids), "devices": len(pump_ids)}, news=[RecallOpened(case_id=row.id)])
    return row.id


@action
def widen_recall(
    *, case_id: UUID, by: Actor, lot_ids: Sequence[UUID] = (), pump_ids: Sequence[UUID] = (), version: int | None = None,
) -> UUID:
    """More lots or devices belong to an open case."""
    by.must(permissions.RECALL)
    row = lock(RecallCase, case_id, version)
    if row.state != RecallState.OPEN.value:
        raise Refused(Reason("not-open", f"{row} is {row.state}", "open it again first"))
    _name(row, lot_ids, pump_ids, by)
    write(by, "inventory.recall.widen", row, "{actor} widened {subject} by {lots} lot(s) and {devices} device(s)",
          noted={"lots": len(lot_ids), "devices": len(pump_ids)}, news=[RecallOpened(case_id=row.id)])
    return row.id


def _name(row: RecallCase, lot_ids: Sequence[UUID], pump_ids: Sequence[UUID], by: Actor) -> None:
    for lot_id in sorted(set(lot_ids)):
        lot = fetch(Lot, lot_id)
        RecallLot.objects.get_or_create(case=row, lot=lot)
        if lot.state in _STOPPABLE:
            advance_lot(lot_id=lot.id, step="recall", reason=f"{row.number}: {row.title}", by=by)
    for pump_id in sorted(set(pump_ids)):
        pump = fetch(Pump, pump_id)
        RecallPump.objects.get_or_create(case=row, pump=pump)
        if pump.patient_id:
            _note(row, Reached(pump.patient_id, Reach.DEVICE, f"{pump}"))
        if any(s.name == "recall" and s.source.value == pump.state for s in pump.machine.steps):
            advance_pump(pump_id=pump.id, step="recall", reason=f"{row.number}: {row.title}", by=by)


@action
def note_reach(*, case_id: UUID, reached: Sequence[Reached], by: Actor) -> int:
    """Patients whom it reached, as the rooms downstream know them; how many are new. Repeating it adds nothing."""
    row = lock(RecallCase, case_id)
    new = sum(_note(row, one) for one in reached)
    write(by, "inventory.recall.reach", row, "{subject} reached {new} more patient(s) of {all} known uses",
          noted={"new": new, "all": len(reached)})
    return new


def _note(row: RecallCase, one: Reached) -> bool:
    _, made = RecallNotice.objects.get_or_create(
        case=row, patient_id=one.patient_id, reach=one.reach.value, what=one.what[:300])
    return made


@action
def pull_stock(*, case_id: UUID, by: Actor, site_id: UUID | None = None) -> Decimal:
    """Release what is held of the recalled lots and carry all of it to quarantine; how many packages moved.

    Orders that held it become short and show it. What is in a patient's home or on the road is not reached by hand here.
    """
    by.must(permissions.RECALL)
    row = lock(RecallCase, case_id)
    lot_ids = list(RecallLot.objects.filter(case=row).values_list("lot_id", flat=True))
    for held in Reservation.objects.select_for_update(of=("self",)).filter(lot_id__in=lot_ids).order_by("id"):
        free = held.held_amount - held.issued_amount - held.released_amount
        if free > 0:
            post(on_hand_row(held.lot_id, held.location_id), Kind.UNRESERVE, free, by=by, for_id=held.for_id)
            held.released_amount += free
            held.save(update_fields=["released_amount"])
    places = OnHand.objects.filter(lot_id__in=lot_ids, on_hand_amount__gt=0).exclude(
        location__kind__in=_BEYOND_REACH).select_related("location")
    moved = Decimal(0)
    for place in places.filter(**({"location__site_id": site_id} if site_id else {})).order_by("id"):
        moved += _to_quarantine(place, row, by)
    write(by, "inventory.recall.pull", row, "{actor} pulled {moved} package(s) of {subject} into quarantine",
          noted={"moved": f"{moved.normalize():f}"})
    return moved


def _to_quarantine(place: OnHand, row: RecallCase, by: Actor) -> Decimal:
    there, _ = Location.objects.get_or_create(site_id=place.location.site_id, code="QUARANTINE", defaults={
        "name": "Quarantine", "kind": PlaceKind.QUARANTINE.value})
    rows = {x: on_hand_row(place.lot_id, x) for x in sorted((place.location_id, there.id))}
    amount: Decimal = rows[place.location_id].on_hand_amount
    post(rows[place.location_id], Kind.TRANSFER, -amount, by=by, for_id=row.id, reason=row.number)
    post(rows[there.id], Kind.TRANSFER, amount, by=by, for_id=row.id, reason=row.number)
    return amount


@action
def tell_patient(*, notice_id: UUID, told: Told, how: str, note: str, by: Actor) -> UUID:
    """A patient was told, could not be reached or need not be told; how, by whom, and why not."""
    by.must(permissions.RECALL)
    row = lock(RecallNotice, notice_id)
    faults = []
    if told is Told.PENDING:
        faults.append(Fault("told", "say what came of it"))
    if told is Told.TOLD and not how.strip():
        faults.append(Fault("how", "say how: call, letter, visit, and with whom you spoke"))
    if told in (Told.UNREACHABLE, Told.NOT_NEEDED) and not note.strip():
        faults.append(Fault("note", "say why"))
    if faults:
        raise Malformed(*faults)
    row.told, row.how, row.note, row.told_by, row.teller_name, row.told_at = (
        told.value, how.strip(), note.strip(), by.id, by.name, now())
    row.save(update_fields=["told", "how", "note", "told_by", "teller_name", "told_at"])
    write(by, "inventory.recall.tell", row, "{actor} noted of {subject}: {told}", patient_id=row.patient_id, reason=note,
          noted={"told": told.value.replace("_", " "), "how": how.strip(), "case": row.case.number})
    return row.id


@action
def advance_recall(*, case_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Stock pulled, everybody told, effect checked (by another), closed, or opened again."""
    row = lock(RecallCase, case_id, version)
    changes: dict[str, Any] = {}
    if step == "check":
        changes = {"check_note": reason.strip(), "checker_name": by.name}
    if step == "close":
        changes = {"closed_at": now()}
    advance(row, step, recall_facts(row, by.id), by=by, reason=reason, **changes)
    return row.id
