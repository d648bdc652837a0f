# SPDX-License-Identifier: Apache-2.0
"""Report what should not have happened, and judge it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.intervene import course_of
from openinfusion.clinical.domain.coded import coded
from openinfusion.clinical.domain.event import EventFacts, EventState, Harm, Related, check_event
from openinfusion.clinical.models import ClinicalEvent
from openinfusion.clinical.queries.monitoring import zone_of
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now, today
from openinfusion.platform.journal import write


@action
def report_event(
    *,
    patient_id: UUID,
    family: str,
    kind: str,
    occurred_on: date,
    text: str,
    by: Actor,
    harm: str = Harm.MILD.value,
    related: str = Related.UNKNOWN.value,
    ended_on: date | None = None,
    line_id: UUID | None = None,
    therapy_id: UUID | None = None,
) -> UUID:
    """Report an adverse reaction, a line event (which names the device) or unplanned care."""
    by.must(permissions.EVENT_REPORT)
    course = course_of(patient_id, therapy_id)
    device = _device(patient_id, line_id)
    check_event(family, kind, harm, related, occurred_on, ended_on, text, device is not None, today(zone_of(patient_id)))
    row = ClinicalEvent.objects.create(
        patient_id=patient_id,
        therapy_id=course,
        family=family,
        kind=kind,
        harm=harm,
        related=related,
        occurred_on=occurred_on,
        ended_on=ended_on,
        text=text.strip(),
        line_id=line_id,
        device=str(device or ""),
        tip=device.tip if device else "",
        recorded_by=by.id,
        recorded_name=by.name,
    )
    write(
        by,
        "clinical.event.report",
        row,
        "{actor} reported: {kind} ({harm})",
        noted={"kind": coded(family)[kind].lower(), "harm": harm.replace("_", " "), "device": row.device},
    )
    return row.id


def _device(patient_id: UUID, line_id: UUID | None) -> patients.LineFact | None:
    if line_id is None:
        return None
    for line in patients.every_line(patient_id):
        if line.id == line_id:
            return line
    raise Malformed(Fault("line_id", "the patient has no such device"))


@action
def advance_event(
    *,
    event_id: UUID,
    step: str,
    by: Actor,
    reason: str = "",
    related: str = "",
    ended_on: date | None = None,
    version: int | None = None,
) -> UUID:
    """Judge an event (is it related, and what follows from it), or take it up again."""
    if step == "worsen":
        raise Refused(Reason("says-how-much", "an event gets worse by what is recorded of it, with its harm"))
    row = lock(ClinicalEvent, event_id, version)
    if row.in_error_at:
        raise Refused(Reason("in-error", "this entry is marked as entered in error"))
    said = related or row.related
    if said not in set(Related):
        raise Malformed(Fault("related", f"one of {', '.join(Related)}"))
    changes: dict[str, Any] = {}
    if step == "review":
        changes = {
            "related": said,
            "judgement": reason.strip(),
            "reviewed_at": now(),
            "reviewer_name": by.name,
            "ended_on": ended_on or row.ended_on,
        }
    advance(row, step, EventFacts(said), by=by, reason=reason, noted={"related": said}, **changes)
    return row.id


@action
def worsen_event(*, event_id: UUID, harm: str, text: str, by: Actor) -> UUID:
    """What happened got worse: the harm is raised, and one that was judged waits to be judged again. Never lowered."""
    by.must(permissions.EVENT_REPORT)
    row = lock(ClinicalEvent, event_id)
    order = list(Harm)
    if order.index(Harm(harm)) <= order.index(Harm(row.harm)):
        return row.id
    noted = {"harm": harm.replace("_", " "), "was": row.harm.replace("_", " ")}
    changes: dict[str, Any] = {"harm": harm, "text": text.strip() or row.text}
    if row.state == EventState.REVIEWED.value:
        advance(row, "worsen", EventFacts(row.related), by=by, noted=noted, patient_id=row.patient_id, **changes)
    else:
        revise(row, "clinical.event.worsen", "{actor} recorded that {subject} got worse: {was}, now {harm}", by=by, noted=noted,
               patient_id=row.patient_id, **changes)
    return row.id
