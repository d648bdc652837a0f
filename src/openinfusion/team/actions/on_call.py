# SPDX-License-Identifier: Apache-2.0
"""Put somebody on call, and take them off."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.team.domain.on_call import Duty, at_site, duties
from openinfusion.team.models import OnCallShift, Person
from openinfusion.team.permissions import ON_CALL
from openinfusion.team.queries.on_call import Place, place_of, shifts_between
from openinfusion.team.queries.people import person_of


@action
def put_on_call(
    *, site_id: UUID, duty: str, user_id: UUID, phone: str, starts_at: datetime, ends_at: datetime, by: Actor
) -> UUID:
    """Give somebody a duty at a site from one instant to another; times without a zone are the site's.

    Malformed for a duty that is not one, an end before the beginning, no number to ring or an hour the clocks skip.
    Refused if the person lacks the role, if the time is over, or if somebody holds the duty in these hours.
    """
    by.must(ON_CALL)
    site, who = place_of(site_id), person_of(user_id)
    if duty not in set(Duty):
        raise Malformed(Fault("duty", f"“{duty}” is not a duty; known are {', '.join(Duty)}"))
    start, end = at_site(starts_at, site.timezone, "starts_at"), at_site(ends_at, site.timezone, "ends_at")
    if faults := _faults(start, end, phone):
        raise Malformed(*faults)
    rule, reasons = duties()[Duty(duty)], []
    if not rule.roles & who.roles:
        wanted = " or ".join(sorted(r.label.lower() for r in rule.roles))
        reasons.append(Reason("not-that-role", f"{who.name} is no {wanted}", "somebody who is, or the role"))
    if end <= now():
        reasons.append(Reason("over", "these hours are over; the roster of the past stands"))
    reasons += _held(site, Duty(duty), start, end)
    if reasons:
        raise Refused(*reasons)
    row = _create(site_id, duty, user_id, phone.strip(), start, end)
    write(
        by,
        "team.on_call.put",
        row,
        "{actor} put {who} on call as {duty} at {site} from {start} to {end}.",
        noted={"who": who.name, "duty": duty, "site": site.name, "start": _said(start, site), "end": _said(end, site)},
    )
    return row.id


def _said(at: datetime, site: Place) -> str:
    return f"{at.astimezone(ZoneInfo(site.timezone)):%d-%b-%Y %H:%M %Z}"


def _faults(start: datetime, end: datetime, phone: str) -> list[Fault]:
    found = []
    if end <= start:
        found.append(Fault("ends_at", "ends after it begins"))
    if sum(c.isdigit() for c in phone) < 7:
        found.append(Fault("phone", "the number to ring, with its area"))
    return found


def _held(site: Place, duty: Duty, start: datetime, end: datetime) -> list[Reason]:
    return [
        Reason("held", f"{s.name} is {duties()[duty].title.lower()} at {site.name} in these hours", "take that shift off first")
        for s in shifts_between(start, end, site.id)
        if s.duty is duty
    ]


def _create(site_id: UUID, duty: str, user_id: UUID, phone: str, start: datetime, end: datetime) -> OnCallShift:
    person = Person.objects.get(user_id=user_id)
    try:
        with transaction.atomic():
            return OnCallShift.objects.create(
                site_id=site_id, duty=duty, person=person, phone=phone, starts_at=start, ends_at=end
            )
    except IntegrityError as no:
        if "shift_one_at_a_time" in str(no):
            raise Refused(Reason("held", "somebody else was just put on call in these hours", "look at the week again")) from no
        raise


@action
def take_off_call(*, shift_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Take a shift off; one that has begun ends now and what was stands. Refused when it is over or off already."""
    by.must(ON_CALL)
    row, at = lock(OnCallShift, shift_id, version), now()
    if not reason.strip():
        raise Malformed(Fault("reason", "why?"))
    if row.taken_off_at is not None or row.ends_at <= at:
        raise Refused(Reason("over", "this shift is over or was taken off; the roster of the past stands"))
    changes: dict[str, Any] = {"ends_at": at}
    if row.starts_at >= at:
        changes = {"taken_off_at": at, "taken_off_by": by.id, "taken_off_reason": reason.strip()}
    revise(
        row,
        "team.on_call.take_off",
        "{actor} took {who} off call as {duty}.",
        by=by,
        reason=reason.strip(),
        noted={"who": row.person.name, "duty": row.duty},
        **changes,
    )
    return row.id
