# SPDX-License-Identifier: Apache-2.0
"""Questions to payers: an authorization as 278 or PAS bundle, and the payer's 278 answer read back.

What is asked comes from intake by its door; the file is kept as it was written, and the request counts as sent.
"""
from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.exchange.actions.control import next_control
from openinfusion.exchange.actions.transmit import queue_file
from openinfusion.exchange.domain.fhir_pas import pas_bundle
from openinfusion.exchange.domain.trading_partners import partners
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider
from openinfusion.exchange.domain.x12.review import ReviewAnswer, ReviewedService, ReviewRequest
from openinfusion.exchange.domain.x12.review_reader import read_review_answers
from openinfusion.exchange.domain.x12.review_writer import request_faults, write_review_requests
from openinfusion.exchange.domain.x12.writing import Envelope
from openinfusion.exchange.permissions import ASK
from openinfusion.intake import public as intake
from openinfusion.kernel.refusal import Malformed, Reason, Refused
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.files import store
from openinfusion.platform.house_day import house_now

FORMS = ("x12", "fhir")


def review_request(q: intake.PayerQuestion) -> ReviewRequest:
    """The request as X12 and FHIR both say it."""
    person = Member(
        q.patient.family, q.patient.given, q.member_id, q.patient.born_on, {"male": "M", "female": "F"}.get(q.patient.sex, "U"),
        q.group_number,
    )
    given, _, family = q.prescriber_name.rpartition(" ")
    return ReviewRequest(
        trace=q.trace, payer=Payer(q.payer_name, q.payer_x12), subscriber=person, diagnoses=q.diagnoses,
        requester=Provider(q.pharmacy_name, q.pharmacy_npi, "", q.pharmacy_taxonomy),
        services=tuple(
            ReviewedService(
                s.code, Decimal(s.units), unit="DA" if s.is_day else "UN", first_on=q.first, last_on=q.last, description=s.text,
            )
            for s in q.services
        ),
        first_on=q.first, last_on=q.last, certification="R" if q.renews else "I", is_urgent=q.urgent,
        ordering=Provider(family, q.prescriber_npi, given) if q.prescriber_npi else None, earlier_authorization=q.renews,
    )


def authorization_text(authorization_id: UUID, form: str, control: int = 0) -> str:
    """The request in words of the form; Malformed names what it lacks."""
    request = review_request(intake.authorization_question(authorization_id))
    if faults := tuple(request_faults(request)):
        raise Malformed(*faults)
    if form == "x12":
        sender, receiver = partners().sender_id, partners().receiver.id
        return write_review_requests(Envelope("278", control, sender, receiver, house_now(), partners().is_test), [request])
    case = intake.authorization_case(authorization_id)
    note = "; ".join(f"{j.text}: {j.standing.value} ({j.evidence})" for j in case.judged)
    return json.dumps(pas_bundle(request, now(), note[:4000]), indent=2)


@action
def send_authorization(*, authorization_id: UUID, form: str, by: Actor) -> UUID:
    """Write the request, keep the file, and count the authorization as submitted; a 278 goes into the outbox. The file's id."""
    by.must(ASK)
    if form not in FORMS:
        raise Refused(Reason("no-such-form", f"a request is sent as {' or '.join(FORMS)}"))
    trace = intake.authorization_question(authorization_id).trace
    name = f"278-{trace}.txt" if form == "x12" else f"PAS-{trace}.json"
    control = next_control() if form == "x12" else 0
    data = authorization_text(authorization_id, form, control).encode("utf-8")
    file_id = store(name, data, "text/plain" if form == "x12" else "application/fhir+json", by)
    if form == "x12":
        queue_file(
            kind="278", receiver=partners().receiver.id, control=control, name=name, data=data, file_id=file_id,
            subject_id=authorization_id, by=by,
        )
    intake.advance_authorization(
        authorization_id=authorization_id, step="submit", transport=form, reference=trace, file_id=file_id, by=by,
    )
    return file_id


_STEPS = {"A1": "approve", "A2": "approve_part", "A6": "approve_part", "A3": "deny"}


@action
def receive_review_answers(*, data: bytes, by: Actor) -> list[str]:
    """Read a payer's 278 answers and enter each into its authorization; what became of each, in words.

    An answer that names no request of ours, or decides nothing, changes no state; a pended one is noted.
    """
    by.must(ASK)
    answers = read_review_answers(data)
    file_id = store("278-answer.txt", data, "text/plain", by)
    said = [_entered(a, file_id, by) for a in answers]
    if not any(ours for ours, _ in said):
        raise Refused(Reason("no-request", "; ".join(text for _, text in said) or "there is no answer in it"))
    return [text for _, text in said]


def _entered(a: ReviewAnswer, file_id: UUID, by: Actor) -> tuple[bool, str]:
    id = next((found for t in a.traces if (found := intake.by_trace(t)) is not None), None)
    if id is None:
        return False, f"no request of ours has the trace {', '.join(a.traces) or '(none)'}"
    step = _STEPS.get(a.decision)
    told = (*a.reasons, *a.messages, *(f"{r.text}: {r.next}" for r in a.rejections))
    words = "; ".join(told) or f"decision {a.decision or 'not given'}"
    fact = intake.authorization(id)
    if step is None:
        intake.note_message(
            authorization_id=id, kind="answer", transport="x12", sent=False, words=f"pended or not decided: {words}",
            file_id=file_id, by=by,
        )
        return True, f"{fact.number or 'the request'} is not decided yet: {words}"
    units = {s.code: int(s.units) for s in a.services if s.code and s.units} or None
    first, last = a.first_on or _first(a), a.last_on or _last(a)
    intake.advance_authorization(
        authorization_id=id, step=step, reason="" if step == "approve" else words, number=a.authorization or _number(a),
        first=first, last=last, units=units if step == "approve_part" else None, transport="x12", reference=a.traces[0],
        file_id=file_id, by=by,
    )
    return True, f"{step.replace('_', ' ')}: {a.authorization or words}"


def _first(a: ReviewAnswer) -> date | None:
    return min((s.first_on for s in a.services if s.first_on), default=None)


def _last(a: ReviewAnswer) -> date | None:
    return max((s.last_on for s in a.services if s.last_on), default=None)


def _number(a: ReviewAnswer) -> str:
    return next((s.authorization for s in a.services if s.authorization), "")
