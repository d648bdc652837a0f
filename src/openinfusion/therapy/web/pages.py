# SPDX-License-Identifier: Apache-2.0
"""What the templates of the therapy room receive."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.catalog import public as catalog
from openinfusion.patients import public as patients
from openinfusion.patients.public import Banner
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.therapy import permissions
from openinfusion.therapy.domain.order import FieldDifference, difference
from openinfusion.therapy.domain.plan import PLAN, PlanFacts
from openinfusion.therapy.domain.prescription import PRESCRIPTION, PrescriptionState
from openinfusion.therapy.domain.schedule import DoseDue, doses_due
from openinfusion.therapy.domain.therapy import THERAPY, TherapyState
from openinfusion.therapy.models import Prescription, Therapy
from openinfusion.therapy.queries import (
    AttemptFact,
    PlanFact,
    PrescriptionFact,
    TherapyFact,
    attempts_of,
    local_today,
    plan_fact,
    prescription_fact,
    prescription_facts,
    prescriptions_where,
    therapy_fact,
    therapy_facts,
    versions_of,
    zone_of,
)
from openinfusion.therapy.web.forms import ChaseForm, OrderForm, PlanForm, RevisionForm, SignatureForm, values_of

_ELSEWHERE = frozenset({"transcribe", "query", "answer", "verify", "reopen", "activate", "change"})
_SHOWN_DAYS = 7


@dataclass(frozen=True, slots=True)
class Row:
    fact: PrescriptionFact
    tone: str


@dataclass(frozen=True, slots=True)
class TherapyPage:
    therapy: TherapyFact
    tone: str
    banner: Banner
    prescriptions: tuple[Row, ...]
    plan: PlanFact
    plan_tone: str
    plan_acts: tuple[Act, ...]
    plan_form: PlanForm | None
    attempts: tuple[AttemptFact, ...]
    is_to_chase: bool
    acts: tuple[Act, ...]
    may_transcribe: bool
    lines: tuple[Line, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    fact: PrescriptionFact
    tone: str
    changes: tuple[FieldDifference, ...]


@dataclass(frozen=True, slots=True)
class PrescriptionPage:
    fact: PrescriptionFact
    tone: str
    banner: Banner
    fields: tuple[FieldDifference, ...]
    versions: tuple[VersionRow, ...]
    doses: tuple[DoseDue, ...]
    acts: tuple[Act, ...]
    may_revise: bool
    lines: tuple[Line, ...]
    zone: str
    hazard: catalog.Hazard | None
    takes_formula: bool  # of parenteral nutrition, whose formula is written at the workbench


@dataclass(frozen=True, slots=True)
class OrderPage:
    title: str
    banner: Banner
    action: str
    form: forms.Form
    back: str


def _prescription_tone(fact: PrescriptionFact) -> str:
    return PRESCRIPTION.tone(PrescriptionState(fact.state))


def therapy_page(therapy_id: UUID, by: Actor) -> TherapyPage:
    row = fetch(Therapy, therapy_id)
    plan = plan_fact(row.id)
    ended = row.state in ("completed", "discontinued")
    prescriptions = prescriptions_where(therapy_id=row.id)
    return TherapyPage(
        therapy_fact(row), THERAPY.tone(TherapyState(row.state)), patients.banner(row.patient_id),
        tuple(Row(p, _prescription_tone(p)) for p in prescriptions), plan,
        {"signed": "ok", "sent": "wait"}.get(plan.state, "warn"), _plan_acts(row, plan, by),
        _plan_form(row, prescriptions) if plan.id is None and by.may(permissions.PLAN.code) and not ended else None,
        tuple(attempts_of(plan.id)) if plan.id else (), bool(plan.chase_at and plan.state == "sent" and plan.chase_at <= now()),
        acts_of(THERAPY, row.state, therapy_facts(row), by,
                url_for=lambda step: reverse("therapy:therapy_step", args=[row.id, step])),
        by.may(permissions.TRANSCRIBE.code) and not ended, tuple(timeline(subject_id=row.id)), zone_of(row.patient_id),
    )


def _plan_acts(row: Therapy, plan: PlanFact, by: Actor) -> tuple[Act, ...]:
    if plan.id is None:
        return ()
    today = local_today(row.patient_id)
    facts = PlanFacts(row.prescriber_name, today, plan.written_on, today)  # the form asks for the real ones
    sign = SignatureForm(initial={"signer_name": row.prescriber_name})
    steps = acts_of(PLAN, plan.state, facts, by, forms={"sign": sign}, leave_out=frozenset({"outdate"}),
                    url_for=lambda step: reverse(f"therapy:plan_{step}", args=[row.id, plan.id]))
    if plan.state != "sent" or not by.may(permissions.PLAN.code):
        return steps
    chase = Act("chase", "Log a request for the signature", reverse("therapy:plan_chase", args=[row.id, plan.id]),
                form=ChaseForm(auto_id="chase_%s"))
    return (*steps, chase)


def _plan_form(row: Therapy, prescriptions: list[PrescriptionFact]) -> PlanForm:
    """A plan filled from the newest running order; a person completes and writes it."""
    running = [p for p in prescriptions if not p.ended]
    if not running:
        return PlanForm()
    o = running[0].order
    return PlanForm(initial={
        "treatment_type": f"home infusion of {running[0].drug_name}, {o.route}", "amount": f"{o.dose} per dose",
        "duration": f"{o.days} days, {o.start_on:%d-%b-%Y} through {o.last_on:%d-%b-%Y}", "frequency": o.frequency,
        "visits": "skilled nursing once a week for line care and laboratory draws",
    })


def prescription_page(prescription_id: UUID, by: Actor) -> PrescriptionPage:
    row = fetch(Prescription, prescription_id)
    fact, zone = prescription_fact(row), zone_of(row.patient_id)
    family = versions_of(row.id)
    by_id = {v.id: v for v in family}
    today = max(local_today(row.patient_id), row.start_on)
    return PrescriptionPage(
        fact, _prescription_tone(fact), patients.banner(row.patient_id), difference(fact.order, fact.order),
        tuple(VersionRow(v, _prescription_tone(v), _changes(v, by_id)) for v in family),
        tuple(doses_due(fact.order, zone, today, today + timedelta(days=_SHOWN_DAYS - 1))),
        acts_of(PRESCRIPTION, row.state, prescription_facts(row), by, leave_out=_ELSEWHERE,
                url_for=lambda step: reverse("therapy:prescription_step", args=[row.id, step])),
        by.may(permissions.TRANSCRIBE.code) and not fact.ended and fact.state != "received",
        tuple(timeline(subject_id=row.id)), zone, catalog.hazard(row.drug_code),
        catalog.drug(row.drug_code).therapy_class == catalog.TherapyClass.PARENTERAL_NUTRITION,
    )


def _changes(fact: PrescriptionFact, by_id: dict[UUID, PrescriptionFact]) -> tuple[FieldDifference, ...]:
    if fact.previous_id is None:
        return ()
    return tuple(d for d in difference(by_id[fact.previous_id].order, fact.order) if d.changed)


def transcribe_page(therapy_id: UUID) -> OrderPage:
    row = fetch(Therapy, therapy_id)
    form = OrderForm(initial={
        "drug_code": row.drug_code, "start_on": row.start_on, "prescriber_name": row.prescriber_name,
        "prescriber_npi": row.prescriber_npi, "diagnosis": row.diagnosis,
    })
    return OrderPage(f"Transcribe an order of {row.drug_name}", patients.banner(row.patient_id),
                     reverse("therapy:transcription", args=[row.id]), form, reverse("therapy:therapy", args=[row.id]))


def revise_page(prescription_id: UUID) -> OrderPage:
    row = fetch(Prescription, prescription_id)
    fact = prescription_fact(row)
    form = RevisionForm(initial=values_of(fact.order) | {"version": row.version})
    return OrderPage(f"Revise Rx {fact.number}", patients.banner(row.patient_id),
                     reverse("therapy:revision", args=[row.id]), form, reverse("therapy:prescription", args=[row.id]))
