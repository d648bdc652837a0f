# SPDX-License-Identifier: Apache-2.0
"""Queues of delivery beside its tickets: answers to look at, excursions to decide, what comes back, studies to approve."""
from __future__ import annotations

from django.db.models import Q

from openinfusion.delivery.domain.coming_back import RETURN, ReturnState
from openinfusion.delivery.domain.validation import VALIDATION
from openinfusion.delivery.models import CallConcern, ComingBack, LoggerRecord, PackOutValidation
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import Ask, Waited, Waiting
from openinfusion.patients.public import patients
from openinfusion.platform.house_day import house_today
from openinfusion.platform.queue import waited, whose_turn


def concerns_waiting(ask: Ask) -> Waited:
    """Answers of calls that a role looks at before the delivery goes, but for those that wait among clinical's calls."""
    rows = CallConcern.objects.filter(state="open", clinical_call_id=None)
    if ask.roles is not None:
        rows = rows.filter(role__in=list(ask.roles))
    return waited(rows, ask, kind="Refill answer", make=_concerns)


def _concerns(rows: list[CallConcern]) -> list[Waiting]:
    people = patients([r.patient_id for r in rows])
    return [
        Waiting("delivery", "Refill answer", r.id, r.text, people[r.patient_id].name if r.patient_id in people else "", "open",
                "warn", r.role, r.made_at, f"/delivery/{r.ticket_id}/#concerns")
        for r in rows
    ]


def excursions_waiting(ask: Ask) -> Waited:
    """Packages that left their range and wait for a pharmacist's decision."""
    if not ask.has(Role.PHARMACIST.value):
        return Waited()
    rows = LoggerRecord.objects.filter(verdict="excursion", usable__isnull=True).select_related("ticket")
    return waited(rows, ask, kind="Package excursion", make=_excursions, late=Q(pk__isnull=False))


def _excursions(rows: list[LoggerRecord]) -> list[Waiting]:
    people = patients([r.ticket.patient_id for r in rows])
    return [
        Waiting("delivery", "Package excursion", r.id, f"{r.ticket.number}: {r.low_c} to {r.high_c} °C on the way",
                people[r.ticket.patient_id].name if r.ticket.patient_id in people else "", "to decide", "crit",
                Role.PHARMACIST.value, r.made_at, f"/delivery/{r.ticket_id}/#logger")
        for r in rows
    ]


def returns_waiting(ask: Ask) -> Waited:
    """What is to be picked up, and what was collected and is not received yet."""
    rows = ComingBack.objects.filter(state__in=whose_turn(RETURN, ask))
    return waited(rows, ask, kind="Return", due="wanted_on", late=Q(wanted_on__lt=house_today()), make=_returns)


def _returns(rows: list[ComingBack]) -> list[Waiting]:
    people = patients([r.patient_id for r in rows])
    return [
        Waiting("delivery", "Return", r.id, f"{r.text}, wanted {r.wanted_on:%d-%b-%Y}",
                people[r.patient_id].name if r.patient_id in people else "", r.state.replace("_", " "),
                RETURN.tone(ReturnState(r.state)), RETURN.owner(ReturnState(r.state)), r.made_at, "/delivery/returns/")
        for r in rows
    ]


def validations_waiting(ask: Ask) -> Waited:
    """Studies of pack-outs that wait for a second pharmacist."""
    rows = PackOutValidation.objects.filter(state__in=whose_turn(VALIDATION, ask))
    return waited(rows, ask, kind="Pack-out validation", make=lambda found: [
        Waiting("delivery", "Pack-out validation", r.id, f"{r.title}: {', '.join(r.codes)}", "", "entered", "wait",
                Role.PHARMACIST.value, r.made_at, "/delivery/pack-outs/")
        for r in found
    ])
