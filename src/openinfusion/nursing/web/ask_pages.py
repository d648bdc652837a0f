# SPDX-License-Identifier: Apache-2.0
"""Asking for visits at a home: find the therapy, say what for, by which order, on which days and how often."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openinfusion.nursing.actions.schedule import NOT_BEGUN
from openinfusion.nursing.models import NurseVisit
from openinfusion.nursing.queries.order import order_of
from openinfusion.nursing.web.forms import RequestForm
from openinfusion.patients.public import patient, search
from openinfusion.platform.web import Request
from openinfusion.platform.web.requests import filled
from openinfusion.therapy.public import TherapyFact, prescriptions_of, therapies_of, therapy

_MOST = 12


@dataclass(frozen=True, slots=True)
class TherapyToVisit:
    """A running therapy with its open visits in words, and the form that asks for more."""

    id: UUID
    patient_id: UUID
    patient: str
    drug: str
    number: str
    open_visits: tuple[tuple[UUID, str], ...]
    form: RequestForm


@dataclass(frozen=True, slots=True)
class AskVisitPage:
    text: str
    therapies: tuple[TherapyToVisit, ...]


def ask_visit_page(text: str, therapy_id: UUID | None) -> AskVisitPage:
    """The running therapies of the patients that a text finds, or one therapy."""
    if therapy_id is not None:
        one = therapy(therapy_id)
        return AskVisitPage("", (_row(patient(one.patient_id).name, one),))
    if len(text.strip()) < 2:
        return AskVisitPage(text, ())
    found = [(p.name, t) for p in search(text, _MOST) for t in therapies_of(p.id) if t.ended_on is None]
    return AskVisitPage(text, tuple(_row(name, t) for name, t in found[:_MOST]))


def _row(name: str, t: TherapyFact) -> TherapyToVisit:
    visits = list(NurseVisit.objects.filter(patient_id=t.patient_id).order_by("-made_at")[:60])
    open_now = [v for v in visits if v.therapy_id == t.id and v.state in NOT_BEGUN]
    last = next((v for v in visits if v.wished_from or v.wished_by), None)
    usual = order_of(t.id, None)
    first: dict[str, Any] = {"infuses": True, "times": 1, "prescription_id": usual.id if usual else ""}
    if last is not None:  # what the patient wished last, to be changed where that is over
        first |= {"wished_from": last.wished_from, "wished_by": last.wished_by}
    form = RequestForm(initial=first, orders=orders_to_name(t.id), auto_id=f"ask-{t.id.hex[-8:]}-%s")
    told = tuple((v.id, f"{v.number}: {v.purpose}, {_when(v)}") for v in sorted(open_now, key=lambda v: v.made_at))
    return TherapyToVisit(t.id, t.patient_id, name, t.drug_name, t.number, told, form)


def orders_to_name(therapy_id: UUID) -> list[tuple[str, str]]:
    """The orders of a therapy that are not over."""
    return [(str(p.id), f"{p.number}: {p.line}") for p in prescriptions_of(therapy_id) if not p.ended]


def said_of(request: Request, therapy_id: UUID) -> dict[str, Any]:
    """What the form asks for."""
    form = filled(RequestForm(request.POST, orders=orders_to_name(therapy_id)))
    form["prescription_id"] = UUID(form["prescription_id"]) if form["prescription_id"] else None
    return form | {"times": form["times"] or 1}


def _when(v: NurseVisit) -> str:
    if v.planned_start is not None:
        return "has a time"
    return f"any day from {v.earliest_on:%d-%b} to {v.latest_on:%d-%b}" if v.earliest_on and v.latest_on else "no time yet"
