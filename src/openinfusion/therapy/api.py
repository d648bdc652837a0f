# SPDX-License-Identifier: Apache-2.0
"""The therapy room as JSON: courses, orders and their versions, plans of treatment, doses due."""
from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.kernel.quantity import Quantity, parse_decimal, unit
from openinfusion.platform.api import Whole, router_for
from openinfusion.therapy import permissions, public
from openinfusion.therapy.domain.nutrition import read, written
from openinfusion.therapy.public import PlanText, PrescriptionFact, PrescriptionOrder, TherapyFact

router = router_for("therapy")


class TherapyIn(Schema):
    patient_id: UUID
    drug_code: str
    therapy_class: str = ""
    diagnosis: str = ""
    site_id: UUID
    prescriber: str
    prescriber_npi: str = ""
    start_on: date


class TherapyOut(Schema):
    id: UUID
    number: str
    state: str
    patient_id: UUID
    site_id: UUID
    drug_code: str
    drug_name: str
    therapy_class: str
    start_on: date
    started_on: date | None


class IngredientIn(Schema):
    """A stock solution's code and its amount with a unit per day, such as g/d or meq/kg/d."""

    product: str
    amount: str
    unit: str


class NutritionIn(Schema):
    """A formula of parenteral nutrition. Tapers are pairs of hours and share of the plateau (0.5 is half)."""

    age_years: str
    weight_kg: str
    volume: str
    volume_unit: str = "mL/d"
    ingredients: list[IngredientIn]
    three_in_one: bool = False
    line: str
    hours: str = "24"
    up: list[tuple[str, str]] = []
    down: list[tuple[str, str]] = []
    overfill_ml: str = "0"
    preterm: bool = False
    critical: bool = False
    refeeding: bool = False


class OrderIn(Schema):
    """An order. Amounts are strings, so that no digit is lost; give interval_hours or clock_times."""

    drug_code: str
    dose: str
    dose_unit: str
    route: str
    start_on: date
    days: Whole
    interval_hours: Whole | None = None
    clock_times: list[time] = []
    every_days: Whole = 1
    first_dose_time: time = time(8)
    infusion_minutes: Whole
    rate_ml_per_h: str = ""
    doses: Whole = 0
    osmolarity_mosm_per_l: Whole | None = None
    diagnosis: str = ""
    prescriber_name: str
    prescriber_npi: str = ""
    ordered_on: date | None = None
    instructions: str = ""
    source_text: str = ""
    source_ref: str = ""
    nutrition: NutritionIn | None = None


class RevisionIn(OrderIn):
    reason: str
    version: Whole | None = None


class PrescriptionOut(Schema):
    id: UUID
    number: str
    state: str
    version_no: int
    previous_id: UUID | None
    therapy_id: UUID
    patient_id: UUID
    medication: str
    dose: Decimal
    dose_unit: str
    start_on: date
    last_on: date
    expires_on: date
    verified_at: datetime | None
    version: int
    nutrition: NutritionIn | None  # the formula, where it is parenteral nutrition


class ChangeOut(Schema):
    field: str
    old: str
    new: str
    changed: bool


class DoseOut(Schema):
    number: int
    at: datetime
    local: datetime


class StepIn(Schema):
    step: str
    reason: str = ""
    version: Whole | None = None


class PlanIn(Schema):
    treatment_type: str
    amount: str
    duration: str
    frequency: str
    visits: str = ""
    safety: str = ""


class PlanOut(Schema):
    id: UUID | None
    state: str
    signer_name: str
    signed_on: date | None
    sent_at: datetime | None
    chase_at: datetime | None
    replaces: UUID | None


class AttemptIn(Schema):
    """channel: telephone, fax, portal, email, mail, in_person."""

    channel: str
    result: str
    spoke_with: str = ""


class AttemptOut(Schema):
    asked_at: datetime
    channel: str
    spoke_with: str
    result: str
    asker_name: str


class ReasonIn(Schema):
    reason: str


class SignatureIn(Schema):
    signer_name: str
    signed_on: date


class Made(Schema):
    id: UUID


def _order(given: OrderIn) -> PrescriptionOrder:
    values = given.model_dump(exclude={"dose", "dose_unit", "rate_ml_per_h", "clock_times", "reason", "version", "nutrition"})
    rate = parse_decimal(given.rate_ml_per_h, field="rate_ml_per_h") if given.rate_ml_per_h else None
    return PrescriptionOrder(
        dose=Quantity(parse_decimal(given.dose, field="dose"), unit(given.dose_unit)), rate_ml_per_h=rate,
        clock_times=tuple(given.clock_times), nutrition=read(given.nutrition.model_dump()) if given.nutrition else None,
        **values,
    )


def _therapy(t: TherapyFact) -> TherapyOut:
    return TherapyOut(
        id=t.id, number=t.number, state=t.state, patient_id=t.patient_id, site_id=t.site_id, drug_code=t.drug_code,
        drug_name=t.drug_name, therapy_class=t.therapy_class, start_on=t.start_on, started_on=t.started_on,
    )


def _prescription(p: PrescriptionFact) -> PrescriptionOut:
    return PrescriptionOut(
        id=p.id, number=p.number, state=p.state, version_no=p.version_no, previous_id=p.previous_id,
        therapy_id=p.therapy_id, patient_id=p.patient_id, medication=p.line, dose=p.order.dose.amount,
        dose_unit=p.order.dose.unit.code, start_on=p.order.start_on, last_on=p.order.last_on, expires_on=p.expires_on,
        verified_at=p.verified_at, version=p.version,
        nutrition=NutritionIn(**written(p.order.nutrition)) if p.order.nutrition else None,
    )


@router.post("/", response=Made)
def begin(request: HttpRequest, given: TherapyIn) -> Made:
    """Open a course of therapy."""
    return Made(id=public.begin_therapy(**given.model_dump(), by=request.actor))  # type: ignore[attr-defined]


@router.get("/patients/{patient_id}", response=list[TherapyOut])
def of_patient(request: HttpRequest, patient_id: UUID) -> list[TherapyOut]:
    """The courses of a patient."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [_therapy(t) for t in public.therapies_of(patient_id)]


@router.get("/{uuid:therapy_id}", response=TherapyOut)
def one(request: HttpRequest, therapy_id: UUID) -> TherapyOut:
    """One course."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return _therapy(public.therapy(therapy_id))


@router.post("/{uuid:therapy_id}/steps", response=Made)
def step(request: HttpRequest, therapy_id: UUID, taken: StepIn) -> Made:
    """Start, hold, resume, complete or discontinue a course."""
    return Made(id=public.advance_therapy(therapy_id=therapy_id, by=request.actor,  # type: ignore[attr-defined]
                                          **taken.model_dump()))


@router.get("/{uuid:therapy_id}/prescriptions", response=list[PrescriptionOut])
def prescriptions(request: HttpRequest, therapy_id: UUID) -> list[PrescriptionOut]:
    """All versions of all orders of a course."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [_prescription(p) for p in public.prescriptions_of(therapy_id)]


@router.post("/{uuid:therapy_id}/prescriptions", response=Made)
def transcribe(request: HttpRequest, therapy_id: UUID, given: OrderIn) -> Made:
    """Transcribe an order."""
    return Made(id=public.transcribe_prescription(
        therapy_id=therapy_id, order=_order(given), by=request.actor))  # type: ignore[attr-defined]


@router.get("/prescriptions/{prescription_id}", response=PrescriptionOut)
def prescription(request: HttpRequest, prescription_id: UUID) -> PrescriptionOut:
    """One version of an order."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return _prescription(public.prescription(prescription_id))


@router.get("/prescriptions/{prescription_id}/changes", response=list[ChangeOut])
def changes(request: HttpRequest, prescription_id: UUID) -> list[ChangeOut]:
    """This version against the one before, field by field."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    found = public.changes_of(prescription_id)
    return [ChangeOut(field=c.field, old=c.old, new=c.new, changed=c.changed) for c in found]


@router.get("/prescriptions/{prescription_id}/doses", response=list[DoseOut])
def doses(request: HttpRequest, prescription_id: UUID, first: date, last: date) -> list[DoseOut]:
    """The doses due between two days where the patient lives."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [DoseOut(number=d.number, at=d.at, local=d.local) for d in public.schedule(prescription_id, first, last)]


@router.post("/prescriptions/{prescription_id}/revisions", response=Made)
def revise(request: HttpRequest, prescription_id: UUID, given: RevisionIn) -> Made:
    """Replace a version by a new one."""
    return Made(id=public.revise_prescription(
        prescription_id=prescription_id, order=_order(given), reason=given.reason, version=given.version,
        by=request.actor,  # type: ignore[attr-defined]
    ))


@router.post("/prescriptions/{prescription_id}/steps", response=Made)
def prescription_step(request: HttpRequest, prescription_id: UUID, taken: StepIn) -> Made:
    """Hold, resume, complete, discontinue or expire a version."""
    return Made(id=public.steer_prescription(prescription_id=prescription_id, by=request.actor,  # type: ignore[attr-defined]
                                             **taken.model_dump()))


@router.get("/{uuid:therapy_id}/plan", response=PlanOut)
def plan(request: HttpRequest, therapy_id: UUID) -> PlanOut:
    """The plan of treatment in force."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    p = public.plan_of_treatment(therapy_id)
    return PlanOut(id=p.id, state=p.state, signer_name=p.signer_name, signed_on=p.signed_on, sent_at=p.sent_at,
                   chase_at=p.chase_at, replaces=p.replaces)


@router.post("/{uuid:therapy_id}/plan", response=Made)
def plan_write(request: HttpRequest, therapy_id: UUID, given: PlanIn) -> Made:
    """Write the plan of treatment; vague words are refused."""
    return Made(id=public.write_plan(therapy_id=therapy_id, plan=PlanText(**given.model_dump()),
                                     by=request.actor))  # type: ignore[attr-defined]


@router.post("/plans/{plan_id}/send", response=Made)
def plan_send(request: HttpRequest, plan_id: UUID) -> Made:
    """Send the plan to the prescriber."""
    return Made(id=public.send_plan(plan_id=plan_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/plans/{plan_id}/signature", response=Made)
def plan_sign(request: HttpRequest, plan_id: UUID, given: SignatureIn) -> Made:
    """Record the prescriber's signature and its date."""
    return Made(id=public.sign_plan(plan_id=plan_id, signer_name=given.signer_name, signed_on=given.signed_on,
                                    by=request.actor))  # type: ignore[attr-defined]


@router.get("/plans/{plan_id}/attempts", response=list[AttemptOut])
def plan_attempts(request: HttpRequest, plan_id: UUID) -> list[AttemptOut]:
    """How often the prescriber was asked for the signature."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [
        AttemptOut(asked_at=a.asked_at, channel=a.channel, spoke_with=a.spoke_with, result=a.result, asker_name=a.asker_name)
        for a in public.attempts_of(plan_id)
    ]


@router.post("/plans/{plan_id}/attempts", response=Made)
def plan_chase(request: HttpRequest, plan_id: UUID, given: AttemptIn) -> Made:
    """Log that the prescriber was asked again."""
    return Made(id=public.chase_plan(plan_id=plan_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/plans/{plan_id}/supersede", response=Made)
def plan_supersede(request: HttpRequest, plan_id: UUID, given: ReasonIn) -> Made:
    """The plan no longer holds."""
    return Made(id=public.supersede_plan(plan_id=plan_id, reason=given.reason, by=request.actor))  # type: ignore[attr-defined]
