# SPDX-License-Identifier: Apache-2.0
"""A person decides when an appointment begins: no plan moves it from there until the pin is taken off."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.domain.appointment import WAITING, AppointmentState
from openinfusion.nursing.models import Appointment
from openinfusion.nursing.permissions import SUITE_PLAN
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now

_STILL_MOVES = frozenset({*(s.value for s in WAITING), AppointmentState.BOOKED.value})


@action
def pin_appointment(
    *, appointment_id: UUID, why: str, by: Actor, at: datetime | None = None, version: int | None = None,
) -> UUID:
    """Decide when it begins, whatever a plan finds: at its booked time, or ``at``. Chair and nurse may still change.

    Moving it by hand takes the pin along; a plan that has no place then leaves it out and says so.
    """
    by.must(SUITE_PLAN)
    row = lock(Appointment, appointment_id, version)
    at = at or row.starts_at
    faults = [] if why.strip() else [Fault("why", "say why it begins then")]
    if at is None:
        faults.append(Fault("at", "say when; it has no time yet"))
    elif at.tzinfo is None or at < now():
        faults.append(Fault("at", "is a date and time to come, with its zone"))
    if faults:
        raise Malformed(*faults)
    assert at is not None
    if row.state not in _STILL_MOVES:
        raise Refused(Reason("settled", f"the appointment is {row.state.replace('_', ' ')}; nothing moves it any more"))
    if row.starts_at is not None and row.starts_at != at:
        raise Refused(Reason("elsewhere", "it is booked for another time", "move it there first, then pin it"))
    said, why = f"{at.astimezone(zone_at(row.site_id)):%d-%b-%Y %H:%M}", why.strip()[:300]
    revise(row, "nursing.appointment.pin", "{actor} pinned {subject} to {at}: {why}.", by=by,
           noted={"at": said, "why": why}, pinned_at=at, pin_why=why)
    return row.id


@action
def free_appointment(*, appointment_id: UUID, by: Actor, version: int | None = None) -> UUID:
    """Take the pin off: a plan may move it again where that pays."""
    by.must(SUITE_PLAN)
    row = lock(Appointment, appointment_id, version)
    if row.pinned_at is None:
        raise Refused(Reason("not-pinned", "this appointment is not pinned"))
    revise(row, "nursing.appointment.free", "{actor} took the pin off {subject}.", by=by, pinned_at=None, pin_why="")
    return row.id
