# SPDX-License-Identifier: Apache-2.0
"""The papers of an authorization as PDF, from the record: the packet for a request or an appeal, and the letter."""
from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from openinfusion.intake import queries
from openinfusion.intake.queries.authorization_case import authorization_row
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.documents import pdf
from openinfusion.platform.house_day import house_today
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

_DOCUMENTS = Path(__file__).parents[1] / "documents"


def packet(authorization_id: UUID) -> bytes:
    """The request with its criteria and their evidence, the plan of treatment and the letter; after a denial, the appeal."""
    return pdf(_DOCUMENTS / "authorization.typ", paper_data(authorization_id, whole=True))


def letter(authorization_id: UUID) -> bytes:
    """The letter of medical necessity alone, for the prescriber's signature."""
    return pdf(_DOCUMENTS / "authorization.typ", paper_data(authorization_id, whole=False))


def paper_data(authorization_id: UUID, *, whole: bool) -> dict[str, Any]:
    """What the papers say."""
    case, row = queries.authorization_case(authorization_id), authorization_row(authorization_id)
    referral, who, fact = row.referral, patients.patient(row.patient_id), case.fact
    plan = payers.plan(fact.plan_id)
    cover = next((c for c in patients.coverage(row.patient_id) if c.plan_id == fact.plan_id), None)
    course = therapy.plan_of_treatment(referral.therapy_id) if referral.therapy_id else None
    dose = queries.dose_of(referral)
    every = f"every {referral.interval_hours} h" if referral.interval_hours else "interval not recorded"
    return {
        "whole": whole, "pharmacy": _pharmacy(referral.site_id), "payer": str(plan), "today": f"{house_today():%d-%b-%Y}",
        "appeal": fact.state in ("denied", "appealed", "upheld"), "denial": fact.denial_reason, "number": fact.number,
        "patient": who.name, "born": f"{who.born_on:%d-%b-%Y}", "mrn": who.mrn,
        "member": cover.member_id if cover else "not recorded", "group": cover.group_number if cover else "",
        "diagnosis": f"{referral.icd10} {referral.diagnosis_text}".strip() or "not recorded",
        "order": f"{referral.drug_text}, {dose or 'dose not recorded'} {referral.route}, {every}".strip(),
        "days": f"{referral.days} days" if referral.days else "not recorded", "urgent": fact.urgent,
        "prescriber": referral.prescriber_name or "not recorded", "npi": referral.prescriber_npi or "not recorded",
        "codes": [{"code": code, "units": str(n) if n else "no limit"} for code, n in fact.units.items()],
        "criteria": [
            {"text": j.text, "standing": j.standing.value, "evidence": j.evidence} for j in case.judged
        ],
        "letter": fact.letter,
        "plan": [] if course is None or course.state == "not_written" else [
            {"what": what, "text": text} for what, text in (
                ("Treatment", course.treatment_type), ("Amount", course.amount), ("Duration", course.duration),
                ("Frequency", course.frequency), ("Visits", course.visits),
                ("Signed", f"{course.signer_name}, {course.signed_on:%d-%b-%Y}" if course.signed_on else "not yet"),
            ) if text
        ],
    }


def _pharmacy(site_id: UUID | None) -> str:
    """The pharmacy's name; empty where none is chosen yet."""
    try:
        return sites.pharmacy(site_id).legal_name if site_id else ""
    except NotFound:
        return ""
