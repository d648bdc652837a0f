# SPDX-License-Identifier: Apache-2.0
"""Shifts and time off, and the agencies nurses come from."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.kernel.rest import PlannedBreak, break_values, breaks_from, breaks_in
from openinfusion.kernel.roles import Role
from openinfusion.kernel.stretch import SpanKind, must_be_ordered, overlaps
from openinfusion.nursing.models import Agency, AgencyNurse, Availability, NurseBreaks
from openinfusion.nursing.permissions import OFFER, ROSTER, TIME_OFF
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.team.public import person

LONGEST_OVERTIME = 240  # minutes


@action
def plan_time_of(
    *, nurse_id: UUID, kind: str, starts_at: datetime, ends_at: datetime, by: Actor, site_id: UUID | None = None, note: str = "",
    sick: bool = False, overtime_minutes: int = 0,
) -> UUID:
    """Plan a shift, or time off, of a nurse. Refused where one of that kind is planned already: the database holds it.

    ``sick``: off because of illness, whatever time off is planned within it: that stays on file. ``overtime_minutes``: how
    long beyond the end of a shift the nurse stays at most; a visit that begins within the shift may end then.
    """
    by.must(TIME_OFF if nurse_id == by.id else ROSTER)
    if kind not in set(SpanKind):
        raise Malformed(Fault("kind", "works or off"))
    if sick and kind != SpanKind.OFF:
        raise Malformed(Fault("sick", "who is ill has off and does not work"))
    if overtime_minutes and (kind != SpanKind.WORKS or not 0 < overtime_minutes <= LONGEST_OVERTIME):
        raise Malformed(Fault("overtime_minutes", f"up to {LONGEST_OVERTIME} minutes, after a shift"))
    must_be_ordered(starts_at, ends_at)
    nurse = person(nurse_id)
    if Role.NURSE not in nurse.roles:
        raise Malformed(Fault("nurse_id", f"{nurse.name} is no nurse"))
    try:
        with transaction.atomic():
            row = Availability.objects.create(
                nurse=nurse_id, nurse_name=nurse.name, kind=kind, starts_at=starts_at, ends_at=ends_at, site_id=site_id,
                sick=sick, note=note.strip()[:200], overtime_minutes=overtime_minutes,
            )
    except IntegrityError as no:
        if "availability_no_overlap" in str(no):
            raise Refused(overlaps(SpanKind(kind), nurse.name, sick=sick)) from no
        raise
    write(by, "nursing.roster.plan", row, "{actor} planned {subject} from {start} to {end}.",
          noted={"start": starts_at, "end": ends_at})
    return row.id


@action
def plan_breaks(*, nurse_id: UUID, site_id: UUID, day: date, breaks: Sequence[PlannedBreak], by: Actor) -> UUID:
    """The breaks that a plan gives a nurse on a day. Those that have begun stay; the others are the plan's."""
    by.must(OFFER)
    nurse = person(nurse_id)
    row, _ = NurseBreaks.objects.get_or_create(nurse=nurse_id, day=day, defaults={"nurse_name": nurse.name, "site_id": site_id})
    row = lock(NurseBreaks, row.id)
    kept = break_values(breaks_from(breaks_in(row.breaks), breaks, now()))
    revise(row, "nursing.breaks.plan", "{actor} planned {subject}: {count}.", by=by, noted={"count": len(kept)}, breaks=kept)
    return row.id


@action
def end_time_of(*, availability_id: UUID, by: Actor) -> UUID:
    """Take a planned stretch back."""
    row = lock(Availability, availability_id)
    by.must(TIME_OFF if row.nurse == by.id else ROSTER)
    if row.ended:
        raise Refused(Reason("ended-already", "it was taken back already"))
    revise(row, "nursing.roster.end", "{actor} took back {subject} from {start}.", by=by, ended=True,
           noted={"start": row.starts_at})
    return row.id


@action
def keep_agency(
    *, name: str, phone: str, contract_until: date, licence_number: str, licence_state: str, licence_until: date,
    insurance_until: date, by: Actor, contact: str = "", competencies_on: date | None = None, hour_cents: int = 0,
    agency_id: UUID | None = None,
) -> UUID:
    """Enter an agency, or what was renewed of it."""
    by.must(ROSTER)
    asked = (("name", name), ("phone", phone), ("licence_number", licence_number))
    faults = [Fault(n, "is needed") for n, v in asked if not v.strip()]
    if len(licence_state.strip()) != 2:
        faults.append(Fault("licence_state", "a state's two letters"))
    if faults:
        raise Malformed(*faults)
    said: dict[str, Any] = {
        "name": name.strip(), "phone": phone.strip(), "contact": contact.strip(), "contract_until": contract_until,
        "licence_number": licence_number.strip(), "licence_state": licence_state.strip().upper(), "licence_until": licence_until,
        "insurance_until": insurance_until, "competencies_on": competencies_on, "hour_cents": hour_cents,
    }
    if any(a.id != agency_id for a in Agency.objects.filter(name=name.strip())):
        raise Refused(Reason("agency-known", f"{name} is on file already", "change that one"))
    if agency_id is not None:
        row = lock(Agency, agency_id)
        revise(row, "nursing.agency.change", "{actor} changed agency {subject}.", by=by, **said)
        return row.id
    row = Agency.objects.create(**said)
    write(by, "nursing.agency.enter", row, "{actor} entered agency {subject}.")
    return row.id


@action
def send_from_agency(*, agency_id: UUID, nurse_id: UUID, by: Actor) -> UUID:
    """A nurse comes from an agency: its contract, licence, insurance and proof of competencies are asked with every visit."""
    by.must(ROSTER)
    row, nurse = lock(Agency, agency_id), person(nurse_id)
    if before := AgencyNurse.objects.filter(nurse=nurse_id).select_related("agency").first():
        raise Refused(Reason("sent-already", f"{nurse.name} comes from {before.agency.name}"))
    made = AgencyNurse.objects.create(agency=row, nurse=nurse_id, nurse_name=nurse.name)
    write(by, "nursing.agency.send", row, "{nurse} comes from {subject}.", noted={"nurse": nurse.name})
    return made.id
