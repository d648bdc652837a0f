# SPDX-License-Identifier: Apache-2.0
"""The door of the patient's own page: links and requests, as frozen facts; the writes; what waits."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.machine import shown
from openinfusion.kernel.waiting import EVERYTHING, Ask, ChartRow, Waited, Waiting
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.queue import waited
from openinfusion.portal.actions.enter import come_in, leave
from openinfusion.portal.actions.link import give_link, renew_link, revoke_link
from openinfusion.portal.actions.refill import answer_refill
from openinfusion.portal.actions.request import advance_request, ask
from openinfusion.portal.domain.link import LINK, LinkState
from openinfusion.portal.domain.request import REQUEST, RequestState
from openinfusion.portal.models import PatientRequest
from openinfusion.portal.permissions import READ
from openinfusion.portal.queries import LinkFact, RequestFact, links_where, patient_actor, request_facts, requests_where

__all__ = [
    "LinkFact", "RequestFact", "advance_request", "answer_refill", "ask", "come_in", "give_link", "leave", "links_where",
    "on_chart", "patient_actor", "renew_link", "requests_where", "revoke_link", "waiting",
]  # fmt: skip


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Patients' requests that are not settled, in the queue of the role each kind names."""
    if not by.may(READ.code):
        return Waited()
    rows = PatientRequest.objects.exclude(state=RequestState.SETTLED.value)
    if ask.roles is not None:
        rows = rows.filter(role__in=list(ask.roles))
    late = Q(state=RequestState.OPEN.value, due_at__lt=now())
    return waited(rows, ask, kind="Patient's request", due="due_at", late=late, make=_waiting)


def _waiting(rows: list[PatientRequest]) -> list[Waiting]:
    return [
        Waiting(
            "portal", "Patient's request", r.id, f"{r.text}: {r.words[:120]}", r.patient, shown(s := RequestState(r.state)),
            "crit" if r.signs or r.late else REQUEST.tone(s), r.role, r.asked_at, f"/portal/patients/{r.patient_id}/#requests",
            r.due_at,
        )
        for r in request_facts(rows)
    ]  # fmt: skip


def on_chart(patient_id: UUID, by: Actor) -> list[ChartRow]:
    """The patient's link and open requests, for the chart; the page that gives a link where there is none."""
    if not by.may(READ.code):
        return []
    url = f"/portal/patients/{patient_id}/"
    found = [
        ChartRow(
            "Patient's page", "Link", shown(s := LinkState(x.state)), LINK.tone(s), f"given by {x.giver_name}", url, x.given_at
        )
        for x in links_where(patient_id=patient_id)[:1]
    ]
    if not found:
        found = [ChartRow("Patient's page", "No link", "none", "idle", "open it to give one", url, now())]
    return found + [
        ChartRow("Patient's request", r.text, r.state, REQUEST.tone(RequestState(r.state)), r.words[:120], url, r.asked_at)
        for r in requests_where(patient_id=patient_id)
        if r.state != RequestState.SETTLED
    ]
