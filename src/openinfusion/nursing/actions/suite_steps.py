# SPDX-License-Identifier: Apache-2.0
"""The steps of an appointment. A check-in begins the visit behind it, whose record holds everything that is done."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.nursing.actions.appointment import tell_the_bench, visit_behind
from openinfusion.nursing.actions.second import free_second
from openinfusion.nursing.domain.appointment import AppointmentState as S
from openinfusion.nursing.models import Appointment, NurseVisit
from openinfusion.nursing.permissions import OFFER
from openinfusion.nursing.queries import facts_of as visit_facts
from openinfusion.nursing.queries.drug import preparations_scanned
from openinfusion.nursing.queries.suite import facts_of
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now

_ENDS = {"cancel", "refuse", "miss", "unbook"}
_NO_PLACE: dict[str, Any] = {
    "chair_id": None, "nurse": None, "nurse_name": "", "starts_at": None, "infusion_ends_at": None, "observation_ends_at": None,
    "turnover_ends_at": None, "hold_why": "", "before": None, "light_at_booking": "",
}


@action
def advance_appointment(*, appointment_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Take one step of an appointment. Booking goes through ``book_appointment``, which names chair, nurse and time."""
    if step == "book":
        raise Refused(Reason("booking-names-a-place", "a booking names a chair, a nurse and a time"))
    row = lock(Appointment, appointment_id, version)
    facts = facts_of(row)
    changes: dict[str, Any] = {}
    if step == "check_in":
        if row.state == S.BOOKED.value:
            changes = {"checked_in_at": now(), "visit": visit_behind(row, by)}
    elif step.startswith("discharge"):
        changes = {"discharged_at": now()}
    elif step == "unbook":
        changes = dict(_NO_PLACE)
    advance(row, step, facts, by=by, reason=reason, **changes)
    if step == "check_in":
        _begin(row, by)
    elif step == "infuse":
        _take_the_drug(row, by)
    elif step in _ENDS:
        _let_go(row, step, reason, by)
        tell_the_bench(row, by)
    return row.id


def _begin(row: Appointment, by: Actor) -> None:
    """The visit begins at the suite, with the appointment's nurse."""
    assert row.visit is not None
    visit = row.visit
    changes: dict[str, Any] = {
        "nurse": row.nurse, "nurse_name": row.nurse_name, "planned_start": row.starts_at, "planned_end": row.observation_ends_at,
        "started_at": now(), "site_id": row.site_id, "in_suite": True,
        "prescription_id": visit.prescription_id or row.prescription_id,
    }
    for name, value in changes.items():
        setattr(visit, name, value)
    advance(visit, "check_in", visit_facts(visit, by), by=by, noted={"nurse": row.nurse_name}, **changes)


def _take_the_drug(row: Appointment, by: Actor) -> None:
    """What is given here does not travel: a ticket whose every preparation was scanned is handed over at the chair.

    Where some of a ticket goes home, it goes as any other, and the charge of all of it comes with that delivery.
    """
    assert row.visit is not None
    ticket = delivery.ticket_given_whole(preparations_scanned(row.visit))
    if ticket is not None:
        delivery.hand_over_in_suite(ticket_id=ticket, visit_number=row.visit.number, by=by)


def _let_go(row: Appointment, step: str, reason: str, by: Actor) -> None:
    """What becomes of the visit: one that never began waits for a nurse again; one that began did not take place."""
    if row.visit_id is None:
        return
    visit = lock(NurseVisit, row.visit_id)
    if step == "unbook":
        free_second(visit, reason, by)
    elif visit.state == "in_progress":
        advance(visit, "miss", visit_facts(visit, by), by=by, reason=reason)
    else:
        if by.may(OFFER.code):  # for who may not, she is taken back when the visit is next given a time
            free_second(visit, "the appointment did not take place", by)
        visit.in_suite = False
        visit.save(update_fields=["in_suite"])
