# SPDX-License-Identifier: Apache-2.0
"""The steps of an appointment. A check-in begins the visit behind it, whose record holds everything that is done."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.nursing.actions.appointment import tell_the_bench, visit_behind
from openinfusion.nursing.actions.second import follow
from openinfusion.nursing.domain.appointment import AppointmentState as S
from openinfusion.nursing.events import SeatChanged
from openinfusion.nursing.models import Appointment, NurseVisit
from openinfusion.nursing.queries import facts_of as visit_facts
from openinfusion.nursing.queries.drug import preparations_scanned
from openinfusion.nursing.queries.suite import facts_of
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now

_DISTURBS = {"check_in", "cancel", "refuse", "miss"}  # what a plan of the suite's day may have to be made anew for
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
            made = row.made_visit or row.visit_id is None
            changes = {"checked_in_at": now(), "visit": visit_behind(row, by), "made_visit": made}
    elif step.startswith("discharge"):
        changes = {"discharged_at": now()}
    elif step == "unbook":
        changes = dict(_NO_PLACE)
    news = [SeatChanged(patient_id=row.patient_id, appointment_id=row.id, site_id=row.site_id, step=step, starts_at=row.starts_at,
                        at=now())] if step in _DISTURBS and row.starts_at else []  # fmt: skip
    advance(row, step, facts, by=by, reason=reason, news=news, **changes)
    if step == "check_in":
        _begin(row, by)
    elif step == "infuse":
        _take_the_drug(row, by)
    elif step in ("stop", "resume"):
        _infuses(row, step == "resume", reason, by)
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


def _infuses(row: Appointment, takes_place: bool, reason: str, by: Actor) -> None:
    """Whether anything is infused: what was given before stays on the record, which then lacks nothing of an infusion."""
    assert row.visit_id is not None
    text = "{actor} recorded that visit {subject} infuses " + ("after all" if takes_place else "nothing")
    revise(lock(NurseVisit, row.visit_id), "nursing.visit.infuses", text, by=by, reason=reason, infuses=takes_place)


def _let_go(row: Appointment, step: str, reason: str, by: Actor) -> None:
    """What becomes of the visit: one that never began waits for a nurse again; one that began did not take place.

    One that was made with the appointment alone is withdrawn with it.
    """
    if row.visit_id is None:
        return
    visit = lock(NurseVisit, row.visit_id)
    if visit.state == "in_progress":
        advance(visit, "miss", visit_facts(visit, by), by=by, reason=reason)
        return
    if visit.state in ("cancelled", "missed"):  # it was ended on its own page: nothing is left of it to let go
        return
    if visit.state != "requested":
        text = f"visit {visit.number} is {visit.state.replace('_', ' ')}: it took place"
        raise Refused(Reason("visit-made", text, "begin and end the infusion, or say that nothing is infused"))
    follow(visit, reason or "the appointment did not take place", by)
    if step == "unbook":
        return
    if row.made_visit:
        advance(visit, "withdraw", visit_facts(visit, by), by=by, reason=reason or "the appointment did not take place")
    else:
        revise(visit, "nursing.visit.at_home", "{actor} put visit {subject} back to a home.", by=by, in_suite=False)
