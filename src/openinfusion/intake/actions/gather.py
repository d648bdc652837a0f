# SPDX-License-Identifier: Apache-2.0
"""Gathering what a referral lacks: the order completed, items received, benefits, the patient's assessment."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.intake import models
from openinfusion.intake.adapters import item_rules
from openinfusion.intake.domain.benefit import FEDERAL, may_have_copay_card
from openinfusion.intake.domain.item import is_npi
from openinfusion.intake.permissions import ASSESS, BENEFITS, WORK
from openinfusion.kernel.quantity import unit
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write

_CLOSED = ("accepted", "scheduled", "start_of_care", "declined", "cancelled", "referred_out", "no_response")


def still_open(row: models.Referral) -> None:
    """Refused when the referral has been accepted or has ended: its order now lives in the therapy."""
    if row.state in _CLOSED:
        raise Refused(
            Reason("referral-closed", f"{row} is {row.state.replace('_', ' ')}", "revise the prescription instead")
        )


@action
def complete_order(
    *,
    referral_id: UUID,
    drug_code: str,
    dose_amount: Decimal,
    dose_unit: str,
    route: str,
    interval_hours: int,
    days: int,
    start_on: date,
    prescriber_name: str,
    prescriber_npi: str,
    by: Actor,
    infusion_minutes: int | None = None,
    rate_ml_per_h: Decimal | None = None,
    doses: int | None = None,
    icd10: str = "",
    diagnosis_text: str = "",
    ordered_on: date | None = None,
    site_id: UUID | None = None,
    version: int | None = None,
) -> UUID:
    """Complete or correct the order as the prescriber gave it."""
    by.must(WORK)
    row = lock(models.Referral, referral_id, version)
    still_open(row)
    drug = catalog.drug(drug_code)
    faults = _order_faults(drug, dose_amount, dose_unit, route, interval_hours, days, prescriber_npi)
    if faults:
        raise Malformed(*faults)
    minutes = catalog.formula(drug_code, route).infusion_minutes if infusion_minutes is None else infusion_minutes
    if icd10 and not diagnosis_text:
        try:
            diagnosis_text = catalog.code_text("icd10", icd10.upper())
        except NotFound:
            diagnosis_text = ""
    revise(
        row,
        "intake.referral.order",
        "{actor} completed the order of {subject}: {order}",
        by=by,
        patient_id=row.patient_id,
        noted={
            "order": f"{drug.tall_man} {dose_amount.normalize():f} {unit(dose_unit)} {route} every {interval_hours} h"
        },
        drug_code=drug.code,
        drug_text=drug.tall_man,
        therapy_class=drug.therapy_class,
        dose_amount=dose_amount,
        dose_unit=unit(dose_unit).code,
        route=route,
        interval_hours=interval_hours,
        infusion_minutes=minutes,
        rate_ml_per_h=rate_ml_per_h,
        start_on=start_on,
        days=days,
        doses=doses,
        prescriber_name=prescriber_name.strip(),
        prescriber_npi=prescriber_npi.strip(),
        icd10=icd10.strip().upper(),
        diagnosis_text=diagnosis_text.strip(),
        ordered_on=ordered_on or row.ordered_on,
        site_id=site_id or row.site_id or by.site_id,
    )
    return row.id


def _order_faults(
    drug: catalog.DrugFact, amount: Decimal, dose_unit: str, route: str, interval: int, days: int, npi: str,
) -> list[Fault]:
    faults = []
    if amount <= 0:
        faults.append(Fault("dose_amount", "the dose must be above zero"))
    try:
        unit(dose_unit)
    except Malformed as no:
        faults.append(Fault("dose_unit", no.faults[0].text))
    if route not in drug.routes:
        faults.append(Fault("route", f"{drug.name} is given {' or '.join(drug.routes)}, not {route}"))
    if interval < 1:
        faults.append(Fault("interval_hours", "the interval must be at least one hour"))
    if days < 1:
        faults.append(Fault("days", "the course must be at least one day"))
    if npi.strip() and not is_npi(npi.strip()):
        faults.append(Fault("prescriber_npi", f"“{npi}” is not an NPI: ten digits whose check digit is true"))
    return faults


@action
def receive_item(*, referral_id: UUID, code: str, by: Actor, note: str = "") -> UUID:
    """A required item came in on paper or by word."""
    by.must(WORK)
    row = lock(models.Referral, referral_id)
    still_open(row)
    rule = item_rules().get(code)
    if rule is None:
        raise NotFound(f"required item {code}")
    against = []
    if rule.met_by not in ("received", "lab"):
        against.append(Reason("not-by-hand", f"{rule.label} must stand in the record itself", "record it there"))
    if models.ItemReceived.objects.filter(referral=row, code=code, taken_back=False).exists():
        against.append(Reason("already-received", f"{rule.label} is received already"))
    if against:
        raise Refused(*against)
    item = models.ItemReceived(referral=row, code=code, note=note.strip(), received_by=by.id, received_name=by.name)
    item.save(force_insert=True)
    write(by, "intake.item.received", row, "{actor} received {item} for {subject}", patient_id=row.patient_id,
          noted={"item": rule.label, "note": note})
    return item.id


@action
def take_back_item(*, referral_id: UUID, code: str, reason: str, by: Actor) -> UUID:
    """An item was marked as received in error."""
    by.must(WORK)
    row = lock(models.Referral, referral_id)
    still_open(row)
    item = models.ItemReceived.objects.filter(referral=row, code=code, taken_back=False).first()
    if item is None:
        raise NotFound(f"received item {code}")
    if not reason.strip():
        raise Refused(Reason("reason-missing", "taking an item back needs a reason in words"))
    item.taken_back = True
    item.save(update_fields=["taken_back"])
    write(
        by,
        "intake.item.taken_back",
        row,
        "{actor} took back {item} of {subject}",
        patient_id=row.patient_id,
        reason=reason,
        noted={"item": code.replace("_", " ")},
    )
    return item.id


@action
def record_benefits(
    *,
    referral_id: UUID,
    plan_id: UUID,
    in_network: bool,
    by: Actor,
    verified_on: date | None = None,
    deductible_cents: int | None = None,
    deductible_met_cents: int | None = None,
    coinsurance_pct: Decimal | None = None,
    copay_cents: int | None = None,
    out_of_pocket_left_cents: int | None = None,
    authorization_wanted: bool | None = None,
    call_reference: str = "",
    note: str = "",
    active: bool | None = None,
    deductible_left_cents: int | None = None,
    said: Sequence[str] = (),
    file_id: UUID | None = None,
) -> UUID:
    """Record what the payer said it covers. A later record takes the place of an earlier one.

    Benefits are asked again while a course runs, so an accepted referral takes them too; one that was turned away not.
    """
    by.must(BENEFITS)
    row = lock(models.Referral, referral_id)
    if row.state not in ("accepted", "scheduled", "start_of_care"):
        still_open(row)
    plan = payers.plan(plan_id)
    if coinsurance_pct is not None and not 0 <= coinsurance_pct <= 100:
        raise Malformed(Fault("coinsurance_pct", "a share lies between 0 and 100"))
    found = models.Benefits(
        referral=row,
        plan_id=plan_id,
        verified_on=verified_on or house_today(),
        in_network=in_network,
        deductible_cents=deductible_cents,
        deductible_met_cents=deductible_met_cents,
        coinsurance_pct=coinsurance_pct,
        copay_cents=copay_cents,
        out_of_pocket_left_cents=out_of_pocket_left_cents,
        authorization_wanted=authorization_wanted,
        call_reference=call_reference.strip(),
        note=note.strip(),
        recorded_by=by.id,
        recorded_name=by.name,
        active=active,
        deductible_left_cents=deductible_left_cents,
        said=list(said),
        file_id=file_id,
    )
    found.save(force_insert=True)
    write(by, "intake.benefits.recorded", row, "{actor} recorded the benefits by {plan} for {subject}",
          patient_id=row.patient_id, noted={"plan": plan.name, "in_network": in_network})
    return found.id


@action
def record_assessment(
    *, referral_id: UUID, willing: bool, able_to_learn: bool, caregiver_willing: bool, communicates: bool,
    first_dose_before: bool, by: Actor, assessed_on: date | None = None, services: Sequence[str] = (), note: str = "",
    pregnancy: str = "", lactation: str = "",
) -> UUID:
    """Record whether this patient can be treated at home and which other services are needed.

    ``pregnancy`` and ``lactation``: what the patient said, kept on the chart; empty where it was no subject.
    """
    by.must(ASSESS)
    row = lock(models.Referral, referral_id)
    still_open(row)
    found = models.Assessment(
        referral=row,
        assessed_on=assessed_on or house_today(),
        willing=willing,
        able_to_learn=able_to_learn,
        caregiver_willing=caregiver_willing,
        communicates=communicates,
        first_dose_before=first_dose_before,
        services=[s.strip() for s in services if s.strip()],
        note=note.strip(),
        assessed_by=by.id,
        assessed_name=by.name,
    )
    found.save(force_insert=True)
    write(by, "intake.assessment.recorded", row, "{actor} assessed the patient of {subject}", patient_id=row.patient_id,
          noted={"services": found.services})
    for about, said in (("pregnancy", pregnancy), ("lactation", lactation)):
        if said:
            patients.record_asked(patient_id=row.patient_id, about=about, said=said, origin="intake", by=by)
    return found.id


ASSISTANCE = ("manufacturer_copay", "foundation", "free_drug")


@action
def record_assistance(
    *, referral_id: UUID, kind: str, name: str, by: Actor, amount_cents: int | None = None, until: date | None = None,
    member_number: str = "",
) -> UUID:
    """Help with what the patient owes. Refused: a manufacturer's copay programme for a member of a federal programme."""
    by.must(BENEFITS)
    row = lock(models.Referral, referral_id)
    faults = []
    if kind not in ASSISTANCE:
        faults.append(Fault("kind", f"it is one of {', '.join(ASSISTANCE)}"))
    if not name.strip():
        faults.append(Fault("name", "say which programme"))
    if faults:
        raise Malformed(*faults)
    types = [payers.plan(c.plan_id).payer_type for c in patients.coverage(row.patient_id)]
    if against := may_have_copay_card(kind, types):
        raise Refused(against)
    made = models.Assistance(
        referral=row, kind=kind, name=name.strip(), amount_cents=amount_cents, until=until, member_number=member_number.strip(),
        federal=bool(set(types) & FEDERAL),
    )
    made.save(force_insert=True)
    write(by, "intake.assistance.recorded", row, "{actor} recorded help from {programme} for {subject}",
          patient_id=row.patient_id, noted={"programme": made.name, "kind": kind})
    return made.id
