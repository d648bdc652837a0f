# SPDX-License-Identifier: Apache-2.0
"""Intake as JSON: referrals, what they lack, their steps, benefits, assessments and authorizations."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema, Status

from openinfusion.intake import public as intake
from openinfusion.intake import queries
from openinfusion.intake.domain.incoming import CoverageIn, OrderIn, PersonIn, ReferralIn, SexIn
from openinfusion.intake.permissions import READ
from openinfusion.kernel.ids import new_id
from openinfusion.platform.actor import Actor
from openinfusion.platform.api import Amount, Whole, router_for

router = router_for("intake")


class Made(Schema):
    id: UUID


class ReferralOut(Schema):
    id: UUID
    number: str
    state: str
    version: int
    patient_id: UUID
    patient: str
    drug_code: str
    drug_text: str
    therapy_class: str
    start_on: date | None
    missing: list[str]
    authorization_needed: bool
    therapy_id: UUID | None
    prescription_id: UUID | None


class PersonBody(Schema):
    family: str
    given: str
    born_on: date
    sex: SexIn = SexIn.UNKNOWN
    line1: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phone: str = ""


class OrderBody(Schema):
    drug_text: str
    rxnorm: str = ""
    dose_amount: Amount | None = None
    dose_unit: str = ""
    route: str = ""
    interval_hours: Whole | None = None
    infusion_minutes: Whole | None = None
    start_on: date | None = None
    days: Whole | None = None
    prescriber_name: str = ""
    prescriber_npi: str = ""
    icd10: str = ""


class CoverageBody(Schema):
    payer: str = ""
    plan: str = ""
    member_id: str = ""
    first: date | None = None


class ReferralBody(Schema):
    person: PersonBody
    orders: list[OrderBody] = []
    coverages: list[CoverageBody] = []
    source_name: str = ""
    note: str = ""
    needed_by: date | None = None


class StepBody(Schema):
    reason: str = ""
    turn_away: str = ""
    referred_to: str = ""
    start_on: date | None = None
    version: Whole | None = None


class OrderCompletion(Schema):
    drug_code: str
    dose_amount: Amount
    dose_unit: str
    route: str
    interval_hours: Whole
    days: Whole
    start_on: date
    prescriber_name: str
    prescriber_npi: str
    infusion_minutes: Whole | None = None
    rate_ml_per_h: Amount | None = None
    doses: Whole | None = None
    icd10: str = ""
    diagnosis_text: str = ""
    site_id: UUID | None = None
    version: Whole | None = None


class BenefitsBody(Schema):
    plan_id: UUID
    in_network: bool
    deductible_cents: Whole | None = None
    deductible_met_cents: Whole | None = None
    coinsurance_pct: Amount | None = None
    copay_cents: Whole | None = None
    authorization_wanted: bool | None = None
    call_reference: str = ""


class AssessmentBody(Schema):
    willing: bool
    able_to_learn: bool
    caregiver_willing: bool
    communicates: bool
    first_dose_before: bool
    services: list[str] = []
    note: str = ""
    pregnancy: str = ""
    lactation: str = ""


class UnitsBody(Schema):
    units: dict[str, Whole]


class AnswerBody(Schema):
    reason: str = ""
    number: str = ""
    first: date | None = None
    last: date | None = None
    units: dict[str, Whole] | None = None
    version: Whole | None = None


class MarginOut(Schema):
    reimbursement_cents: int
    cost_cents: int
    margin_cents: int
    unknowns: list[str]


def _by(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _out(r: intake.ReferralFact) -> ReferralOut:
    return ReferralOut(
        id=r.id, number=r.number, state=r.state, version=r.version, patient_id=r.patient.id, patient=r.patient.name,
        drug_code=r.drug_code, drug_text=r.drug_text, therapy_class=r.therapy_class, start_on=r.start_on,
        missing=list(r.missing), authorization_needed=r.facts.authorization_needed, therapy_id=r.therapy_id,
        prescription_id=r.prescription_id,
    )


@router.get("/referrals", response=list[ReferralOut])
def referral_list(request: HttpRequest, state: str = "", text: str = "") -> list[ReferralOut]:
    """Open referrals, or those of a state, with what each lacks."""
    _by(request).must(READ)
    return [_out(r) for r in queries.referral_facts(queries.board_rows(state, text))]


@router.post("/referrals", response={201: Made})
def referral_add(request: HttpRequest, body: ReferralBody) -> Status[Made]:
    """Enter a referral. The header Idempotency-Key makes a repeated call the same referral."""
    said = ReferralIn(
        person=PersonIn(**body.person.dict()),
        source="API",
        source_name=body.source_name,
        note=body.note,
        orders=tuple(OrderIn(text=o.drug_text, **o.dict()) for o in body.orders),
        coverages=tuple(CoverageIn(rank=n, **c.dict()) for n, c in enumerate(body.coverages, 1)),
        needed_by=body.needed_by,
    )
    key = request.headers.get("Idempotency-Key", "") or str(new_id())
    return Status(201, Made(id=intake.receive_referral(referral=said, fingerprint=f"api:{key}", by=_by(request))))


@router.get("/referrals/{referral_id}", response=ReferralOut)
def referral(request: HttpRequest, referral_id: UUID) -> ReferralOut:
    _by(request).must(READ)
    return _out(intake.referral(referral_id))


@router.post("/referrals/{referral_id}/steps/{step}", response=ReferralOut)
def referral_step(request: HttpRequest, referral_id: UUID, step: str, body: StepBody) -> ReferralOut:
    """Take a step: review, verify_benefits, authorize, accept_clinically, accept, schedule, start_care, the ends."""
    intake.advance_referral(referral_id=referral_id, step=step, by=_by(request), **body.dict())
    return _out(intake.referral(referral_id))


@router.post("/referrals/{referral_id}/order", response=ReferralOut)
def order(request: HttpRequest, referral_id: UUID, body: OrderCompletion) -> ReferralOut:
    intake.complete_order(referral_id=referral_id, by=_by(request), **body.dict())
    return _out(intake.referral(referral_id))


@router.post("/referrals/{referral_id}/benefits", response=Made)
def benefits(request: HttpRequest, referral_id: UUID, body: BenefitsBody) -> Made:
    return Made(id=intake.record_benefits(referral_id=referral_id, by=_by(request), **body.dict()))


@router.post("/referrals/{referral_id}/assessment", response=Made)
def assessment(request: HttpRequest, referral_id: UUID, body: AssessmentBody) -> Made:
    return Made(id=intake.record_assessment(referral_id=referral_id, by=_by(request), **body.dict()))


@router.post("/referrals/{referral_id}/items/{code}", response=Made)
def item(request: HttpRequest, referral_id: UUID, code: str, note: str = "") -> Made:
    """A required item came in on paper or by word."""
    return Made(id=intake.receive_item(referral_id=referral_id, code=code, note=note, by=_by(request)))


@router.post("/referrals/{referral_id}/authorizations", response=Made)
def authorization_add(request: HttpRequest, referral_id: UUID, body: UnitsBody) -> Made:
    return Made(id=intake.open_authorization(referral_id=referral_id, units=body.units, by=_by(request)))


@router.post("/authorizations/{authorization_id}/steps/{step}", response=Made)
def authorization_step(request: HttpRequest, authorization_id: UUID, step: str, body: AnswerBody) -> Made:
    made = intake.advance_authorization(authorization_id=authorization_id, step=step, by=_by(request), **body.dict())
    return Made(id=made)


@router.get("/referrals/{referral_id}/expected-margin", response=MarginOut)
def expected_margin(request: HttpRequest, referral_id: UUID) -> MarginOut:
    """What the order would bring and cost; what is not known is listed."""
    _by(request).must(READ)
    m = intake.expected_before(referral_id)
    return MarginOut(
        reimbursement_cents=m.reimbursement.cents,
        cost_cents=m.cost.cents,
        margin_cents=m.margin.cents,
        unknowns=list(m.unknowns),
    )


class ExpectationOut(Schema):
    """One expectation of a course; ``difference_cents`` against the one before, absent at acceptance."""

    on: date | None
    why: str
    reimbursement_cents: int
    cost_cents: int
    margin_cents: int
    least_cents: int
    most_cents: int
    difference_cents: int | None
    unknowns: list[str]


@router.get("/referrals/{referral_id}/expectations", response=list[ExpectationOut])
def expectations(request: HttpRequest, referral_id: UUID) -> list[ExpectationOut]:
    """What was expected at acceptance and after each change of order, contract or prices, the newest first."""
    _by(request).must(READ)
    intake.referral(referral_id)
    return [
        ExpectationOut(
            on=e.on, why=e.why, reimbursement_cents=e.margin.reimbursement.cents, cost_cents=e.margin.cost.cents,
            margin_cents=e.margin.margin.cents, least_cents=e.margin.least.cents, most_cents=e.margin.most.cents,
            difference_cents=None if e.difference is None else e.difference.cents, unknowns=list(e.margin.unknowns),
        )
        for e in intake.expectations_of(referral_id)
    ]
