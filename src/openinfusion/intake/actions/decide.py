# SPDX-License-Identifier: Apache-2.0
"""Every step of a referral; acceptance opens the therapy and transcribes the order."""
from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.intake import models
from openinfusion.intake.domain.referral import REFERRAL, ReferralFacts, ReferralState
from openinfusion.intake.events import ReferralAccepted
from openinfusion.intake.queries import expected_for, facts_with, referral_fact
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.therapy import public as therapy


@action
def advance_referral(
    *, referral_id: UUID, step: str, by: Actor, reason: str = "", turn_away: str = "", referred_to: str = "",
    start_on: date | None = None, version: int | None = None,
) -> UUID:
    """Take a step of a referral. Ends want a coded reason, and referring out a destination."""
    row = lock(models.Referral, referral_id, version)
    if step == "accept":
        return _accept(row, by, reason)
    changes: dict[str, Any] = {"state_since": now()}
    if start_on is not None and step == "schedule":
        changes["start_on"] = start_on
    if step in ("decline", "refer_out", "cancel"):
        changes |= {"turn_away": turn_away, "referred_to": referred_to.strip()}
    seen = {k: v for k, v in changes.items() if k in ("turn_away", "referred_to", "start_on")}
    noted = {
        "code": turn_away.replace("_", " "), "destination": referred_to, "start": seen.get("start_on", row.start_on),
    }
    advance(
        row, step, _facts(row, step, seen), by=by, reason=reason, patient_id=row.patient_id, noted=noted, **changes,
    )
    return row.id


_FILE_IS_READ = ("verify_benefits", "authorize", "accept_clinically")


def _facts(row: models.Referral, step: str, seen: dict[str, Any]) -> ReferralFacts:
    """What this step's guards look at: the whole file where it decides, else only what the step itself brings."""
    if step in _FILE_IS_READ:
        return facts_with(row, **seen)
    return ReferralFacts(**({"start_on": row.start_on} | seen))


def _accept(row: models.Referral, by: Actor, reason: str) -> UUID:
    """Everything is judged before the therapy is opened; the expectation is kept as it stands now."""
    fact = referral_fact(row)
    REFERRAL.advance(ReferralState(row.state), "accept", fact.facts, by.permissions, reason=reason, signed=by.signed)
    site_id = row.site_id or by.site_id
    if site_id is None:
        raise Refused(Reason("site-missing", "no pharmacy is chosen for this patient", "choose the site in the order"))
    order = order_of(row, fact.dose)
    expected = expected_for(fact, house_today())
    therapy_id = therapy.begin_therapy(
        patient_id=row.patient_id,
        drug_code=row.drug_code,
        therapy_class=row.therapy_class,
        diagnosis=row.icd10,
        site_id=site_id,
        prescriber=row.prescriber_name,
        prescriber_npi=row.prescriber_npi,
        start_on=order.start_on,
        by=by,
    )
    prescription_id = therapy.transcribe_prescription(therapy_id=therapy_id, order=order, by=by)
    news = ReferralAccepted(
        referral_id=row.id, therapy_id=therapy_id, prescription_id=prescription_id, patient_id=row.patient_id,
    )
    advance(
        row, "accept", fact.facts, by=by, reason=reason, patient_id=row.patient_id, news=[news],
        noted={"expected_reimbursement": expected.reimbursement.cents, "expected_cost": expected.cost.cents,
               "unknown": expected.unknowns},
        therapy_id=therapy_id, prescription_id=prescription_id, site_id=site_id, state_since=now(),
        required_items=[item.code for item in fact.items],
        expected_reimbursement_cents=expected.reimbursement.cents, expected_cost_cents=expected.cost.cents,
        expected_unknowns=list(expected.unknowns),
        expected_lines=[
            {"kind": line.kind, "text": line.text, "cents": line.amount.cents, "source": line.source,
             "spread_pct": str(line.spread_pct)}
            for line in (*expected.income, *expected.costs)
        ],
    )
    return row.id


def order_of(row: models.Referral, dose: Quantity | None) -> therapy.PrescriptionOrder:
    """The referral's order as therapy transcribes it; the gate has seen that it is complete."""
    if dose is None or row.start_on is None or row.days is None or row.infusion_minutes is None:
        raise NotFound("a complete order")
    return therapy.PrescriptionOrder(
        drug_code=row.drug_code,
        dose=dose,
        route=row.route,
        start_on=row.start_on,
        days=row.days,
        interval_hours=row.interval_hours,
        infusion_minutes=row.infusion_minutes,
        rate_ml_per_h=row.rate_ml_per_h,
        doses=row.doses or 0,
        diagnosis=row.icd10,
        prescriber_name=row.prescriber_name,
        prescriber_npi=row.prescriber_npi,
        ordered_on=row.ordered_on,
        source_text=row.order_text,
        source_ref=row.order_ref or str(row.id),
    )
