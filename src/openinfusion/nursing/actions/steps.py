# SPDX-License-Identifier: Apache-2.0
"""The steps of a visit: accept, set out, arrive, document, sign and the rest."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openinfusion.clinical import public as clinical
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.actions.second import free_second
from openinfusion.nursing.domain.figure import figure
from openinfusion.nursing.domain.miss import MissKind, NextStep, check_miss, reasons
from openinfusion.nursing.domain.visit import BY_CODE
from openinfusion.nursing.events import VisitSigned
from openinfusion.nursing.models import Miss, NurseVisit
from openinfusion.nursing.queries import facts_of
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today

LATEST = timedelta(days=3)


@action
def advance_visit(
    *, visit_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None, at: datetime | None = None,
) -> UUID:
    """Take one step of a visit. An offer goes through ``offer_visit``, which names the nurse and the time.

    ``at``: when it was done, for a step that a phone without a network tells later; not in the future, at most 3 days ago.
    """
    if step == "offer":
        raise Refused(Reason("offer-names-a-nurse", "an offer names a nurse and a time"))
    if step == "check_in":
        raise Refused(Reason("appointment-checks-in", "a visit in a suite begins when its appointment is checked in"))
    if step in BY_CODE:
        raise Refused(Reason("goes-with-appointment", "a visit of a suite is withdrawn with its appointment", "cancel that one"))
    visit = lock(NurseVisit, visit_id, version)
    changes = _changes(visit, step, _done_at(at))
    for field, value in changes.items():
        setattr(visit, field, value)
    news = []
    if step == "sign":
        news.append(VisitSigned(visit_id=visit.id, therapy_id=visit.therapy_id, patient_id=visit.patient_id))
    advance(visit, step, facts_of(visit, by), by=by, reason=reason, news=news, **changes)
    if step == "reschedule":
        free_second(visit, reason, by)
    if step == "sign" and visit.taught:
        _teach(visit, by)
    return visit.id


def _teach(visit: NurseVisit, by: Actor) -> None:
    """What the signed record taught stands on the chart as well, so that nobody teaches it again."""
    on = (visit.ended_at or now()).astimezone(zone_at(visit.site_id)).date()
    clinical.keep_visit_teaching(
        patient_id=visit.patient_id, therapy_id=visit.therapy_id, visit=visit.number, topics=visit.taught,
        taught_back=visit.taught_back, taught_on=on, by=by,
    )


def _done_at(at: datetime | None) -> datetime:
    if at is None:
        return now()
    slack = timedelta(minutes=int(figure("clock_slack_minutes", house_today())))
    if at.tzinfo is None or not now() - LATEST <= at <= now() + slack:
        raise Malformed(Fault("at", "is a time with its zone, not in the future and at most 3 days ago"))
    return at


def _changes(visit: NurseVisit, step: str, at: datetime) -> dict[str, Any]:
    if step == "arrive":
        return {"started_at": at}
    if step == "document" and visit.ended_at is None:
        return {"ended_at": at}
    if step == "sign":
        return {"signed_at": now()}
    if step == "reschedule":
        return {"nurse": None, "nurse_name": "", "planned_start": None, "planned_end": None}
    return {}


@action
def report_miss(
    *, visit_id: UUID, kind: str, reason_code: str, next_step: str, told: Sequence[str], by: Actor, text: str = "",
) -> UUID:
    """A visit did not take place: why, what comes next and who was told. Malformed where somebody must be told first."""
    if kind not in set(MissKind) or next_step not in set(NextStep):
        raise Malformed(Fault("kind", "missed or refused, with what comes next"))
    check_miss(reason_code, NextStep(next_step), tuple(told))
    visit = lock(NurseVisit, visit_id)
    words = reasons()[reason_code] + (f": {text.strip()}" if text.strip() else "")
    advance(visit, "miss", facts_of(visit, by), by=by, reason=words, noted={"next": next_step, "told": list(told)})
    Miss.objects.create(
        visit=visit, patient_id=visit.patient_id, kind=kind, reason_code=reason_code, text=text.strip()[:500], next=next_step,
        told=list(told), recorded_name=by.name,
    )
    return visit.id


@action
def mark_billable(*, visit_id: UUID, by: Actor) -> UUID:
    """Billing has the visit; called by billing when it captured the charges."""
    visit = lock(NurseVisit, visit_id)
    advance(visit, "bill", facts_of(visit, by), by=by)
    return visit.id
