# SPDX-License-Identifier: Apache-2.0
"""A patient asks for something or reports something; somebody of the house takes it and settles it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.clinical import public as clinical
from openinfusion.delivery import public as delivery
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.nursing import public as nursing
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now, today
from openinfusion.platform.house_day import house_zone
from openinfusion.platform.journal import write
from openinfusion.portal.domain.figures import whole
from openinfusion.portal.domain.request import About, Kind, check_words, due_at, kind, role_for
from openinfusion.portal.models import PatientRequest
from openinfusion.portal.permissions import USE
from openinfusion.portal.queries import patient_actor

HARMS = ("mild", "moderate", "severe")


@action
def ask(
    *, patient_id: UUID, code: str, words: str, by: Actor, signs: tuple[str, ...] = (), is_reaction: bool = False,
    harm: str = "mild", subject_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """A request of this patient. What may come of the medicine reaches clinical as a reported event in the same breath.

    ``harm`` is how bad the patient says it is; a pharmacist judges. Nothing that was planned changes by this.
    """
    by.must(USE)
    if by.id != patient_id:
        raise NotFound("patient")
    of = kind(code)
    check_words(words, signs)
    if harm not in HARMS:
        raise Malformed(Fault("harm", f"one of {', '.join(HARMS)}"))
    _must_not_flood(patient_id)
    what = _subject(of, patient_id, subject_id)
    reaction = of.asks_reaction and is_reaction
    event_id = _report(patient_id, words, "severe" if signs else harm) if reaction else None
    row = PatientRequest.objects.create(
        patient_id=patient_id, kind=of.code, role=role_for(of, reaction), words=words.strip(), signs=list(signs),
        is_reaction=reaction, subject_id=subject_id, subject_text=what, event_id=event_id,
        due_at=due_at(of, bool(signs), now()),
    )  # fmt: skip
    write(
        by, "portal.request.ask", row, "{actor} wrote on their own page: {kind}{about}",
        noted={"kind": of.text, "about": f" ({what})" if what else "", "due_at": row.due_at, "signs": list(signs)},
    )  # fmt: skip
    return row.id


def _must_not_flood(patient_id: UUID) -> None:
    if PatientRequest.objects.filter(patient_id=patient_id, state="open").count() >= whole("open_requests"):
        raise Refused(Reason("too-many", "many of your messages wait for us already", "please call us"))


def _subject(of: Kind, patient_id: UUID, subject_id: UUID | None) -> str:
    """The number of the delivery or visit it is about; NotFound for one that is somebody else's."""
    if subject_id is None:
        return ""
    found: Any = None
    if of.about is About.DELIVERY:
        found = delivery.ticket(subject_id)
    elif of.about is About.VISIT:
        found = nursing.visit(subject_id)
    if found is None or found.patient_id != patient_id:
        raise NotFound("subject")
    return str(found.number)


def _report(patient_id: UUID, words: str, harm: str) -> UUID:
    return clinical.report_event(
        patient_id=patient_id, family="adverse_reaction", kind="other", harm=harm, text=f"the patient wrote: {words.strip()}",
        occurred_on=today(patients.timezone(patient_id) or house_zone()), by=patient_actor(patient_id, "clinical.event.report"),
    )  # fmt: skip


@action
def advance_request(*, request_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Take a request, or settle it with what was done and said."""
    row = lock(PatientRequest, request_id, version)
    at = now()
    changes: dict[str, Any] = {}
    if row.taken_by is None:
        changes |= {"taken_by": by.id, "taker_name": by.name, "taken_at": at}
    if step == "settle":
        changes |= {"answer": reason.strip(), "settled_at": at}
    advance(row, step, None, by=by, reason=reason, **changes)
    return row.id
