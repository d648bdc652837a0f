# SPDX-License-Identifier: Apache-2.0
"""Views of the outbox: what is on its way, what was rejected, what nobody knows about."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from openinfusion.exchange.domain.transmission import BY_PEOPLE, TRANSMISSION, TransmissionFacts, TransmissionState
from openinfusion.exchange.permissions import READ
from openinfusion.exchange.public import TransmissionFact, decide_transmission, transmission_of, transmissions
from openinfusion.kernel.machine import shown
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes

_BY_JOBS = frozenset(step.name for step in TRANSMISSION.steps) - BY_PEOPLE


class StepForm(forms.Form):
    reason = forms.CharField(required=False, max_length=2000)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One file with its state in words."""

    file: TransmissionFact
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class OutboxPage:
    rows: tuple[OutboxRow, ...]
    states: tuple[tuple[str, str], ...]
    state: str


@dataclass(frozen=True, slots=True)
class TransmissionPage:
    """One file: what the check and the receiver said, and what a person may do."""

    row: OutboxRow
    acts: tuple[Act, ...]


@reads(READ.code)
def outbox(request: Request) -> HttpResponse:
    states = tuple((s.value, shown(s)) for s in TransmissionState)
    asked = request.GET.get("state", "")
    state = asked if asked in {value for value, _ in states} else ""
    return show(request, "exchange/outbox.html", OutboxPage(tuple(_row(f) for f in transmissions(state)), states, state))


@reads(READ.code)
def outbox_csv(request: Request) -> HttpResponse:
    """The outbox as a table to take away."""
    head = ("made", "kind", "control", "receiver", "state", "sent", "attempts", "report")
    return text_table("outbox", head, (
        (f.made_at.isoformat(), f.kind, f.control, f.receiver, f.state, f.sent_at.isoformat() if f.sent_at else "", f.attempts,
         "; ".join(f.report)) for f in transmissions(limit=10_000)
    ))


@reads(READ.code)
def transmission(request: Request, transmission_id: UUID) -> HttpResponse:
    found = transmission_of(transmission_id)
    acts = acts_of(
        TRANSMISSION, found.state, TransmissionFacts(), request.actor, leave_out=_BY_JOBS,
        url_for=lambda step: reverse("exchange:transmission_step", args=[transmission_id, step]),
    )
    return show(request, "exchange/transmission.html", TransmissionPage(_row(found), acts))


@writes
def transmission_step(request: Request, transmission_id: UUID, step: str) -> HttpResponse:
    decide_transmission(transmission_id=transmission_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "exchange:transmission", transmission_id, said="Noted.")


def _row(f: TransmissionFact) -> OutboxRow:
    state = TransmissionState(f.state)
    return OutboxRow(f, shown(state), TRANSMISSION.tone(state))
