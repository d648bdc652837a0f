# SPDX-License-Identifier: Apache-2.0
"""A suite says when its patient sits, so that the drug is made for that hour; it takes its word back when the hour is gone."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from openinfusion.compounding.models import WorkOrder
from openinfusion.compounding.queries.day import AHEAD
from openinfusion.compounding.queries.work_order import local, site_zone
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise


def needed_in_chair(*, appointment_id: UUID, therapy_id: UUID, at: datetime | None, by: Actor) -> UUID | None:
    """The work order that is made for an appointment at ``at`` (None: it has no hour any more); None where none waits for a hood.

    The first of the therapy whose days hold that day and that no other appointment has. Who may book may say when. Called within
    an action: the therapy's waiting orders are locked before one is chosen, so that of two bookings at once each sees what the
    other took.
    """
    ahead = _locked_ahead(therapy_id)
    held = next((o for o in ahead if o.chair_of == appointment_id), None)
    if at is None:
        return _said(work_order_id=held.id, appointment_id=None, at=None, by=by) if held else None
    found = held if held and _holds(held, at) else None
    if held and found is None:
        _said(work_order_id=held.id, appointment_id=None, at=None, by=by)
    if found is None:
        found = next((o for o in ahead if o.chair_of is None and o.method == "compound" and _holds(o, at)), None)
    if found is None or found.chair_at == at:
        return found.id if found else None
    return _said(work_order_id=found.id, appointment_id=appointment_id, at=at, by=by)


def _locked_ahead(therapy_id: UUID) -> list[WorkOrder]:
    """The therapy's orders that wait for a hood, locked one after the other by their ids, the first needed first."""
    rows = WorkOrder.objects.select_for_update().filter(therapy_id=therapy_id, state__in=AHEAD).order_by("id")
    return sorted(rows, key=lambda o: (o.need_by, o.number))


def _holds(order: WorkOrder, at: datetime) -> bool:
    """Whether the days of a work order hold the day of an instant."""
    return order.first_on <= local(at, site_zone(order.site_id)).date() <= order.last_on


@action
def _said(*, work_order_id: UUID, appointment_id: UUID | None, at: datetime | None, by: Actor) -> UUID:
    """Written on an order that this transaction holds and has looked at since."""
    row = lock(WorkOrder, work_order_id)
    if at is None:
        revise(row, "compounding.work_order.no_chair", "{subject} is not needed in a chair any more.", by=by,
               chair_of=None, chair_at=None)
        return row.id
    revise(row, "compounding.work_order.chair", "{subject} is needed in a chair at {at}.", by=by,
           noted={"at": f"{local(at, site_zone(row.site_id)):%d-%b-%Y %H:%M}"}, chair_of=appointment_id, chair_at=at)
    return row.id
