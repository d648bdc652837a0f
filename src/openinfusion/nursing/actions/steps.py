# SPDX-License-Identifier: Apache-2.0
"""The steps of a visit: accept, set out, arrive, document, sign and the rest."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.nursing.events import VisitSigned
from openinfusion.nursing.models import NurseVisit
from openinfusion.nursing.queries import facts_of
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now


@action
def advance_visit(*, visit_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Take one step of a visit. An offer goes through ``offer_visit``, which names the nurse and the time."""
    if step == "offer":
        raise Refused(Reason("offer-names-a-nurse", "an offer names a nurse and a time"))
    visit = lock(NurseVisit, visit_id, version)
    changes = _changes(visit, step)
    for field, value in changes.items():
        setattr(visit, field, value)
    news = []
    if step == "sign":
        news.append(VisitSigned(visit_id=visit.id, therapy_id=visit.therapy_id, patient_id=visit.patient_id))
    advance(visit, step, facts_of(visit, by), by=by, reason=reason, news=news, **changes)
    return visit.id


def _changes(visit: NurseVisit, step: str) -> dict[str, Any]:
    if step == "arrive":
        return {"started_at": now()}
    if step == "document" and visit.ended_at is None:
        return {"ended_at": now()}
    if step == "sign":
        return {"signed_at": now()}
    if step == "reschedule":
        return {"nurse": None, "nurse_name": "", "planned_start": None, "planned_end": None}
    return {}


@action
def mark_billable(*, visit_id: UUID, by: Actor) -> UUID:
    """Billing has the visit; called by billing when it captured the charges."""
    visit = lock(NurseVisit, visit_id)
    advance(visit, "bill", facts_of(visit, by), by=by)
    return visit.id
