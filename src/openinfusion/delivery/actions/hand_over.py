# SPDX-License-Identifier: Apache-2.0
"""The hand-over: who took it, how they were known, with what signature, what was not handed over; and the start of care."""
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery.actions.custody import link
from openinfusion.delivery.actions.packing import kept
from openinfusion.delivery.actions.partial import leave_behind
from openinfusion.delivery.actions.stop import end_stop
from openinfusion.delivery.domain.failure import Identity
from openinfusion.delivery.domain.logger import Verdict
from openinfusion.delivery.domain.pack_out import strictest
from openinfusion.delivery.events import Delivered, PackageLeftRange
from openinfusion.delivery.models import DeliveryTicket, LoggerRecord, TicketLine
from openinfusion.delivery.queries import facts_of, lines_of
from openinfusion.delivery.queries.left_range import warm_at_door
from openinfusion.kernel.position import position_faults
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients.public import patient
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.therapy.public import activate_prescription, advance_therapy, prescription, therapy

_STROKES = re.compile(r"^M[MLQ0-9 .,\-]{6,30000}$", re.ASCII)
_TYPED = re.compile(r"^typed:.{2,120}$")
AT_THE_DOOR = "READ AT THE DOOR"  # what stands for a logger where a person read the thermometer


@dataclass(frozen=True, slots=True)
class AtDoor:
    """What was noted at the door beside the signature. ``scans``: the labels scanned; ``left``: lines not handed over.

    ``latitude``, ``longitude`` in degrees and ``accuracy_m`` in metres are kept where the site asks for them.
    """

    identity: Identity | None = None
    scans: tuple[str, ...] = ()
    left: tuple[UUID, ...] = ()
    left_why: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    accuracy_m: int | None = None
    photo_name: str = ""
    photo: bytes = b""
    seal_intact: bool | None = None
    note: str = ""

    def must_be_sound(self) -> None:
        """Malformed where the position cannot be, or lines were left without a word."""
        faults = position_faults(self.latitude, self.longitude)
        if self.left and not self.left_why.strip():
            faults.append(Fault("Why", "say why something was not handed over"))
        if faults:
            raise Malformed(*faults)


NOTHING_NOTED = AtDoor()


@action
def hand_over(
    *, ticket_id: UUID, received_by: str, relation: str, signature: str, by: Actor, arrived_c: Decimal | None = None,
    door: AtDoor = NOTHING_NOTED, version: int | None = None,
) -> UUID:
    """Record the proof of delivery. ``signature``: the strokes as an SVG path, or ``typed:`` and the name.

    What is in ``door.left`` goes onto a ticket of its own and comes back; the rest is delivered.
    """
    ticket = lock(DeliveryTicket, ticket_id, version)
    door.must_be_sound()
    if signature and not (_STROKES.match(signature) or _TYPED.match(signature)):
        raise Malformed(Fault("signature", "the signature is neither strokes nor a typed name"))
    if arrived_c is not None and not -90 <= arrived_c <= 60:
        raise Malformed(Fault("temperature", f"{arrived_c} °C cannot be; was it read in °F?"))
    lines = lines_of(ticket)
    scanned = _scanned(lines, door)
    at = now()
    noted: dict[str, object] = {"celsius": arrived_c}
    ticket.received_by, ticket.relation, ticket.signature_path = received_by.strip(), relation.strip(), signature
    ticket.arrived_c, ticket.delivered_at = arrived_c, at
    noted |= {"received_by": ticket.received_by, "relation": ticket.relation or "relation not said"}
    advance(
        ticket, "deliver", facts_of(ticket, lines, by), by=by, news=[_news(ticket, at)], noted=noted,
        received_by=ticket.received_by, relation=ticket.relation, signature_path=signature, arrived_c=arrived_c,
        delivered_at=at, scanned_at_door=scanned, **_of_the_door(door, by),
    )
    link(ticket, ticket.driver_name, ticket.received_by, by, place=ticket.address, seal=ticket.seal,
         seal_intact=door.seal_intact, note=door.identity.value.replace("_", " ") if door.identity else "")
    _judge_the_door(ticket, lines, at, by)
    if door.left:
        leave_behind(ticket, [row for row in lines if row.id in set(door.left)], door.left_why, by)
    end_stop(ticket, "delivered", by)
    return ticket.id


def _judge_the_door(ticket: DeliveryTicket, lines: Sequence[TicketLine], at: datetime, by: Actor) -> None:
    """A temperature at the door in which nothing of this may be kept is an excursion: a pharmacist decides before it is given.

    Where a logger is in the box its readings tell more; until they are attached it is not given either.
    """
    storage = strictest([row.storage for row in lines])
    why = warm_at_door(ticket, storage)
    if not why or ticket.logger_serial or ticket.arrived_c is None:
        return
    told = f"delivery {ticket.number} {why}"
    row = LoggerRecord.objects.create(
        ticket=ticket, serial=AT_THE_DOOR, times=[at], celsius=[ticket.arrived_c], storage=storage.value, low_c=ticket.arrived_c,
        high_c=ticket.arrived_c, kinetic_c=ticket.arrived_c, minutes_out=0, verdict=Verdict.EXCURSION.value, why=[told],
    )
    news = PackageLeftRange(record_id=row.id, ticket_id=ticket.id, number=ticket.number, site_id=ticket.site_id, began_at=at,
                            ended_at=at, text=told, patient_id=ticket.patient_id)
    revise(ticket, "delivery.ticket.warm", "{subject} was out of its range at the door: {why}", by=by, news=[news],
           noted={"why": why}, logger_verdict=Verdict.EXCURSION.value)


def _news(ticket: DeliveryTicket, at: datetime) -> Delivered:
    day = at.astimezone(ZoneInfo(patient(ticket.patient_id).timezone)).date()
    return Delivered(ticket_id=ticket.id, therapy_id=ticket.therapy_id, delivered_on=day, patient_id=ticket.patient_id)


def _of_the_door(door: AtDoor, by: Actor) -> dict[str, Any]:
    if door == NOTHING_NOTED:
        return {}
    return {
        "identity": door.identity.value if door.identity else "", "latitude": door.latitude, "longitude": door.longitude,
        "accuracy_m": door.accuracy_m, "photo_id": kept(door.photo_name, door.photo, by, field="Photo"),
        "note": door.note.strip()[:1000],
    }


def _scanned(lines: Sequence[TicketLine], door: AtDoor) -> int:
    """How many boxes were scanned; Refused where one is another delivery's, or one is missing that is not said to be left."""
    left = _left_of(lines, door.left)
    if not door.scans:
        return 0
    boxes = {row.id: row for row in lines if row.kind == "preparation"}
    found = set()
    for scan in door.scans:
        row = next((r for r in boxes.values() if r.scan_code and scan.strip().upper().startswith(r.scan_code.upper())), None)
        if row is None:
            raise Refused(Reason("not-on-ticket", f"“{scan}” is not of this delivery",
                                 "do not hand it over; look for the right box"))
        if row.id in left:
            raise Refused(Reason("left-and-scanned", f"{row.text} was scanned and is said not to be handed over"))
        found.add(row.id)
    if missing := [r.text for r in boxes.values() if r.id not in found and r.id not in left]:
        raise Refused(Reason("not-scanned", f"not scanned at the door: {', '.join(missing)}",
                             "scan it, or say that it was not handed over"))
    return len(found)


def _left_of(lines: Sequence[TicketLine], left: Collection[UUID]) -> set[UUID]:
    ids = {row.id for row in lines}
    if unknown := set(left) - ids:
        raise Malformed(Fault("Not handed over", f"{unknown.pop()} is no line of this delivery"))
    if left and set(left) == ids:
        raise Refused(Reason("nothing-handed-over", "nothing was handed over", "record it as a failed delivery"))
    return set(left)


@action
def begin_care(*, ticket_id: UUID, by: Actor) -> UUID:
    """The first supply has arrived: its prescriptions become active and the therapy begins. Safe to repeat."""
    row = lock(DeliveryTicket, ticket_id)
    for prescription_id in {line.prescription_id for line in lines_of(row) if line.prescription_id}:
        if prescription(prescription_id).state == "clinically_verified":
            activate_prescription(prescription_id=prescription_id, by=by)
    if therapy(row.therapy_id).state == "planned":
        advance_therapy(therapy_id=row.therapy_id, step="start", by=by)
    write(by, "delivery.ticket.begin_care", row, "Delivery {subject} has arrived; its orders run.")
    return ticket_id
