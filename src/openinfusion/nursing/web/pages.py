# SPDX-License-Identifier: Apache-2.0
"""What the templates of nursing receive."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse

from openinfusion.kernel.quantity import Quantity, Rounding, rounded
from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.roles import Role
from openinfusion.nursing.domain.infusion_record import InfusionRecord, infused_volume, missing
from openinfusion.nursing.domain.visit import VISIT, VisitState
from openinfusion.nursing.models import NurseVisit
from openinfusion.nursing.permissions import MAKE, OFFER
from openinfusion.nursing.queries import VisitFact, facts_of, fit_reasons, record_of, visit_fact, visits_where
from openinfusion.nursing.web.forms import ClosingForm, IdentityForm, OfferForm, RateForm, ReactionForm, VitalsForm
from openinfusion.patients.public import Banner, banner, patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.team.public import people
from openinfusion.therapy.public import prescription, therapy

_S = VisitState


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit on the list."""

    id: UUID
    number: str
    patient: str
    address: str
    zone: str
    purpose: str
    state: str
    tone: str
    nurse: str
    start: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class VisitsPage:
    rows: tuple[VisitRow, ...]
    counts: tuple[tuple[str, int], ...]
    state: str
    only_mine: bool


def visits_page(by: Actor, state: str, only_mine: bool) -> VisitsPage:
    wanted = [state] if state else [s.value for s in _S if VISIT.owner(s)]
    found = visits_where(states=wanted, nurse=by.id if only_mine else None)
    who = patients([v.patient_id for v in found])
    rows = tuple(
        VisitRow(
            v.id, v.number, who[v.patient_id].name, str(who[v.patient_id].address), who[v.patient_id].timezone,
            v.purpose,
            v.state, VISIT.tone(_S(v.state)), v.nurse_name, v.planned_start, v.nurse == by.id,
        ) for v in found if v.patient_id in who
    )
    counts = dict.fromkeys((s.value for s in _S), 0)
    for one in NurseVisit.objects.values_list("state", flat=True):
        counts[one] += 1
    return VisitsPage(rows, tuple(counts.items()), state, only_mine)


@dataclass(frozen=True, slots=True)
class NurseRow:
    """A nurse who could be offered the visit, with the reasons against."""

    id: UUID
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit, made for a phone."""

    visit: VisitFact
    row: NurseVisit
    tone: str
    banner: Banner
    therapy: str
    order: str
    record: InfusionRecord
    lacking: tuple[str, ...]
    infused: Quantity | None
    acts: tuple[Act, ...]
    offer_form: OfferForm | None
    nurses: tuple[NurseRow, ...]
    forms: tuple[tuple[str, str, forms.Form], ...]
    lines: list[Line]
    zone: str


def visit_page(visit_id: UUID, by: Actor) -> VisitPage:
    row = fetch(NurseVisit, visit_id)
    v, head, record = visit_fact(row), banner(row.patient_id), record_of(row)
    zone = head.patient.timezone
    acts = acts_of(
        VISIT, row.state, facts_of(row, by), by, leave_out=frozenset({"offer", "bill"}),
        url_for=lambda step: reverse("nursing:step", args=[row.id, step]),
    )
    nurses = _nurses(row, by)
    writes = row.state == _S.IN_PROGRESS.value and row.nurse == by.id and by.may(MAKE.code)
    return VisitPage(
        v, row, VISIT.tone(_S(v.state)), head, therapy(row.therapy_id).drug_name,
        prescription(row.prescription_id).line if row.prescription_id else "No order is named on this visit", record,
        tuple(r.text for r in missing(record)) if row.state == _S.IN_PROGRESS.value else (), _infused(record), acts,
        _offer_form(row, nurses, zone) if nurses else None, nurses, _forms(row, zone) if writes else (),
        timeline(subject_id=row.id), zone,
    )


def _infused(record: InfusionRecord) -> Quantity | None:
    """The volume by the rate steps; None where fewer than two are written or they are out of order."""
    if len(record.rates) < 2:
        return None
    try:
        volume = infused_volume(record.rates)
    except Malformed:
        return None
    return Quantity(rounded(volume.amount, volume.unit.factor / 10, Rounding.HALF_UP), volume.unit)


def _nurses(row: NurseVisit, by: Actor) -> tuple[NurseRow, ...]:
    """The nurses with the reasons against each on the day of the visit, the fit ones first."""
    if row.state not in {_S.REQUESTED.value, _S.REFUSED.value} or not by.may(OFFER.code):
        return ()
    on: date = (row.planned_start or now()).date()
    found = [
        NurseRow(p.id, p.name, tuple(str(r) for r in fit_reasons(row, p.id, on))) for p in people(Role.NURSE)
    ]
    return tuple(sorted(found, key=lambda n: (len(n.reasons), n.name)))


def _offer_form(row: NurseVisit, nurses: tuple[NurseRow, ...], zone: str) -> OfferForm:
    initial: dict[str, Any] = {"planned_start": _local(row.planned_start, zone),
        "planned_end": _local(row.planned_end, zone)}
    return OfferForm(initial=initial, nurses=[
        (str(n.id), n.name if not n.reasons else f"{n.name} (may not: {n.reasons[0]})") for n in nurses
    ])


def _local(at: datetime | None, zone: str) -> datetime | None:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if at else None


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _forms(row: NurseVisit, zone: str) -> tuple[tuple[str, str, forms.Form], ...]:
    """The parts of the record, each with its own form, in the order of a visit."""
    at = _local(now(), zone)
    identity = IdentityForm(auto_id="identity-%s", initial={
        "identifiers": row.identifiers, "line_site": row.line_site, "line_flushes": _yes_no(row.line_flushes),
        "line_blood_return": _yes_no(row.line_blood_return), "line_note": row.line_note,
    })
    reaction = ReactionForm(auto_id="reaction-%s", initial={
        "reaction": row.reaction, "reaction_text": row.reaction_text, "reaction_grade": row.reaction_grade,
        "reaction_action": row.reaction_action,
    })
    closing = ClosingForm(auto_id="closing-%s", initial={
        "taught": "\n".join(row.taught), "taught_back": row.taught_back, "wasted_ml": row.wasted_ml,
        "waste_text": row.waste_text, "started_at": _local(row.started_at, zone),
        "ended_at": _local(row.ended_at, zone),
        "note": row.note,
    })
    infusing = (("rate", "Rate step", RateForm(auto_id="rate-%s", initial={"rate_at": at})),) if row.infuses else ()
    return (
        ("identity", "Identity and line", identity),
        ("vitals", "Vital signs", VitalsForm(auto_id="vitals-%s", initial={"vitals_at": at})),
        *infusing,
        ("reaction", "Reaction", reaction),
        ("closing", "Teaching, waste, times", closing),
    )
