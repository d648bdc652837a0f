# SPDX-License-Identifier: Apache-2.0
"""What a payer is asked about a referral: who is asked, who asks, about whom, and the services; whatever way it travels."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.intake import models
from openinfusion.intake.queries.authorization_case import authorization_row
from openinfusion.intake.queries.facts import referral_row
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.house_day import house_today
from openinfusion.sites import public as sites

COURSE_DAYS = 90  # asked for where the order does not say how long


@dataclass(frozen=True, slots=True)
class AskedService:
    """One code with the units of the whole course; 0 where no number is asked for."""

    code: str
    units: int
    is_day: bool
    text: str


@dataclass(frozen=True, slots=True)
class PayerQuestion:
    """Everything a 270, a 278 or a PAS bundle says. ``trace`` comes back in the answer."""

    trace: str
    payer_name: str
    payer_x12: str
    plan_id: UUID
    pharmacy_name: str
    pharmacy_npi: str
    pharmacy_taxonomy: str
    patient: patients.PatientFact
    member_id: str
    group_number: str
    is_subscriber: bool
    subscriber: str
    prescriber_name: str
    prescriber_npi: str
    diagnoses: tuple[str, ...]
    services: tuple[AskedService, ...]
    first: date
    last: date
    urgent: bool = False
    renews: str = ""  # the number of the authorization it follows
    state: str = ""


def eligibility_question(referral_id: UUID, plan_id: UUID | None = None) -> PayerQuestion:
    """What a plan is asked about a patient's benefits; the primary one unless another is named."""
    row = referral_row(referral_id)
    return _question(row, plan_id, f"E{row.id.hex.upper()}", (), house_today(), row.days, state=row.state)


def authorization_question(authorization_id: UUID) -> PayerQuestion:
    """What a plan is asked to authorize."""
    auth = authorization_row(authorization_id)
    row = auth.referral
    services = tuple(_service(code, int(n)) for code, n in auth.units.items())
    before = models.Authorization.objects.filter(pk=auth.renews).first() if auth.renews else None
    first = auth.first_on or row.start_on or house_today()
    if before is not None and before.last_on is not None:
        first = max(before.last_on + timedelta(days=1), house_today())
    return _question(
        row, auth.plan_id, trace_of(auth.id), services, first, row.days, urgent=auth.urgent,
        renews=before.number if before else "", state=auth.state,
    )


def trace_of(authorization_id: UUID) -> str:
    """The trace of an authorization in messages; the same for every message about it."""
    return f"A{authorization_id.hex.upper()}"


def by_trace(trace: str) -> UUID | None:
    """The authorization a trace of ours belongs to."""
    text = trace.strip().upper()
    if len(text) != 33 or not text.startswith("A") or any(c not in "0123456789ABCDEF" for c in text[1:]):
        return None
    return models.Authorization.objects.filter(pk=UUID(hex=text[1:])).values_list("id", flat=True).first()


def referral_by_trace(trace: str) -> UUID | None:
    """The referral that an eligibility trace of ours belongs to."""
    text = trace.strip().upper()
    if len(text) != 33 or not text.startswith("E") or any(c not in "0123456789ABCDEF" for c in text[1:]):
        return None
    return models.Referral.objects.filter(pk=UUID(hex=text[1:])).values_list("id", flat=True).first()


def _service(code: str, units: int) -> AskedService:
    try:
        known = catalog.hcpcs(code)
    except NotFound:
        return AskedService(code, units, False, "")
    return AskedService(code, units, known.per_diem, known.text)


def _question(
    row: models.Referral, plan_id: UUID | None, trace: str, services: tuple[AskedService, ...], first: date, days: int | None,
    *, urgent: bool = False, renews: str = "", state: str = "",
) -> PayerQuestion:
    covers = patients.coverage(row.patient_id)
    cover = next((c for c in covers if plan_id is None or c.plan_id == plan_id), None)
    if cover is None:
        raise Refused(Reason("coverage-missing", "no coverage by this plan is recorded", "record the patient's coverage"))
    if row.site_id is None:
        raise Refused(Reason("site-missing", "no pharmacy is chosen for this patient", "choose the site in the order"))
    plan, house = payers.plan(cover.plan_id), sites.pharmacy(row.site_id)
    codes = [row.icd10, *(c.icd10 for c in patients.conditions(row.patient_id))]
    return PayerQuestion(
        trace=trace, payer_name=plan.payer_name, payer_x12=plan.payer_id, plan_id=plan.id, pharmacy_name=house.legal_name,
        pharmacy_npi=house.npi, pharmacy_taxonomy=house.taxonomy, patient=patients.patient(row.patient_id),
        member_id=cover.member_id, group_number=cover.group_number, is_subscriber=cover.relationship == "self",
        subscriber=cover.subscriber, prescriber_name=row.prescriber_name, prescriber_npi=row.prescriber_npi,
        diagnoses=tuple(dict.fromkeys(c for c in codes if c))[:12], services=services, first=first,
        last=first + timedelta(days=(days or COURSE_DAYS) - 1), urgent=urgent, renews=renews, state=state,
    )
