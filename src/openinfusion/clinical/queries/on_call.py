# SPDX-License-Identifier: Apache-2.0
"""Who of the roster is asked about a call: its site, who holds a duty there, and to whom it goes when nobody took it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from openinfusion.clinical.domain.call import WITH
from openinfusion.clinical.models import Call
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.team import public as team
from openinfusion.therapy import public as therapy


def site_of(patient_id: UUID, therapy_id: UUID | None, by: Actor) -> UUID | None:
    """The site that answers for a call: of its course, else of the patient's running course, else where it was taken."""
    courses = therapy.therapies_of(patient_id)
    mine = [c for c in courses if c.id == therapy_id] or [c for c in courses if not c.ended_on]
    return mine[0].site_id if mine else by.site_id


def on_call_for(site_id: UUID | None, duty: team.Duty, at: datetime) -> team.OnCall:
    """Who holds a duty at a site; a call without a site finds nobody and says so."""
    if site_id is None:
        return team.OnCall(duty, "a site that is not known", None, ())
    return team.on_call(site_id, duty, at)


def to_raise() -> list[UUID]:
    """The calls that are to go up or over now: not taken in time, or handed to nobody, and somebody is there."""
    at = now()
    waiting = Call.objects.filter(Q(due_at__lte=at) | Q(on_call=None), in_error_at=None, state__in=WITH)
    return [row.id for row in waiting.order_by("due_at", "id") if next_of(row, at) is not None]


def next_of(row: Call, at: datetime) -> team.OnCall | None:
    """Who takes over a call that is late or was handed to nobody: who came on call in its duty since, else the next

    line that is there, each person once. None while there is time, or where nobody is there: it stays where it is.
    """
    late = row.due_at is not None and row.due_at <= at
    if row.site_id is None or row.state not in WITH or row.in_error_at or not (late or row.on_call is None):
        return None
    first = team.Duty(row.duty)
    for duty in (first, *team.line_after(first)):
        found = on_call_for(row.site_id, duty, at)
        if found.holder is not None and found.holder.user_id != row.on_call:
            return found
    return None
