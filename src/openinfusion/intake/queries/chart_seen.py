# SPDX-License-Identifier: Apache-2.0
"""What of a chart a payer's criteria look at."""
from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from openinfusion.intake import models
from openinfusion.intake.adapters import item_rules
from openinfusion.intake.domain.criteria import ChartSeen, DrugSeen, LabSeen
from openinfusion.intake.queries.facts import dose_of
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.quantity import MG, UnitMismatch
from openinfusion.patients import public as patients
from openinfusion.platform.clock import today
from openinfusion.platform.house_day import house_day_of, house_zone
from openinfusion.therapy import public as therapy


def chart_seen(row: models.Referral) -> ChartSeen:
    """Diagnoses, drugs before, values, weight, dose, papers and the plan of treatment, as they stand now."""
    who = patients.patient(row.patient_id)
    zone = who.timezone or house_zone()
    day = today(zone)
    weights = [m for m in patients.measurements(row.patient_id) if m.kind == patients.MeasurementKind.WEIGHT]
    last = max(weights, key=lambda m: m.taken_at, default=None)
    plan = therapy.plan_of_treatment(row.therapy_id) if row.therapy_id else None
    words = ""
    if plan is not None and plan.signed:
        words = f"signed by {plan.signer_name}" + (f", {plan.signed_on:%d-%b-%Y}" if plan.signed_on else "")
    return ChartSeen(
        today=day, age_years=patients.age_on(who.born_on, day), diagnoses=_diagnoses(row),
        drugs=_drugs(row.patient_id, row.therapy_id),
        labs=tuple(LabSeen(x.loinc, x.name, x.value, x.unit, day_of(x.taken_at, zone)) for x in patients.labs(row.patient_id)),
        weight_kg=last.value if last else None, weighed_on=day_of(last.taken_at, zone) if last else None, dose_mg=_mg(row),
        papers=_papers(row), plan=plan.state if plan else "", plan_words=words,
    )


def _diagnoses(row: models.Referral) -> tuple[tuple[str, str], ...]:
    found = [(row.icd10, row.diagnosis_text)] if row.icd10 else []
    found += [(c.icd10, c.text) for c in patients.conditions(row.patient_id) if c.icd10]
    return tuple(dict(found).items())


def _drugs(patient_id: UUID, own: UUID | None) -> tuple[DrugSeen, ...]:
    """What the patient takes, and what this house gave before."""
    theirs = [DrugSeen(m.name, m.started_on, None, False) for m in patients.medications(patient_id)]
    ours = [
        DrugSeen(t.drug_name, t.started_on or t.start_on, t.ended_on, True)
        for t in therapy.therapies_of(patient_id) if t.id != own
    ]
    return (*theirs, *ours)


def _mg(row: models.Referral) -> Decimal | None:
    dose = dose_of(row)
    try:
        return dose.to(MG).amount if dose is not None else None
    except UnitMismatch:
        return None


def _papers(row: models.Referral) -> dict[str, str]:
    """Papers that were received for the referral, and documents of the chart, by code."""
    found = {d.kind: f"{d.title}, {house_day_of(d.made_at):%d-%b-%Y}" for d in patients.documents(row.patient_id)}
    for item in models.ItemReceived.objects.filter(referral=row, taken_back=False):
        label = item_rules()[item.code].label if item.code in item_rules() else item.code
        found[item.code] = f"{label}, received {house_day_of(item.made_at):%d-%b-%Y} by {item.received_name}"
    return found
