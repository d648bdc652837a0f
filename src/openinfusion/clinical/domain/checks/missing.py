# SPDX-License-Identifier: Apache-2.0
"""Facts the dose range needs and does not have, or has only old. What is missing is not guessed."""
from __future__ import annotations

from collections.abc import Sequence

from openinfusion.clinical.domain.facts import DoseLimits, Facts, Figure
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding, Tier


def missing_for(facts: Facts) -> list[Finding]:
    """One finding for each fact that the rows need and nobody recorded."""
    patient, rows, found = facts.patient, facts.limits, []
    if any(r.needs_weight for r in rows) and patient.weight_kg is None:
        found.append(_cannot(facts, "dose-no-weight", "Weight is not recorded", "The range goes by weight.",
                             "weigh the patient and record it"))
    if any(r.per == "m2" for r in rows) and patient.height_cm is None:
        found.append(_cannot(facts, "dose-no-height", "Height is not recorded", "The range goes by body surface.",
                             "measure the patient and record it"))
    if any(r.needs_renal for r in rows) and patient.crcl_ml_per_min is None:
        found.append(_cannot(facts, "dose-no-renal", "Renal function is not known",
                             "The range goes by creatinine clearance, and it cannot be computed from what is recorded.",
                             "record a serum creatinine, weight and height"))
    if any(r.needs_age for r in rows) and patient.age_years is None:
        found.append(_cannot(facts, "dose-no-age", "Age is not known", "The range goes by age.",
                             "record the birth date"))
    return found


def _cannot(facts: Facts, code: str, title: str, text: str, do: str) -> Finding:
    return Finding(
        rule="dose_range", code=code, tier=Tier.CANNOT_JUDGE, title=title, text=text, do=do,
        evidence=(facts.order.drug.code, str(facts.order.dose)),
    )


def stale_for(facts: Facts, rows: Sequence[DoseLimits]) -> list[Finding]:
    """Facts that the rows used and that are older than the house allows."""
    weight, renal = facts.patient.weight_kg, facts.patient.serum_creatinine or facts.patient.crcl_ml_per_min
    found = []
    if any(r.needs_weight for r in rows) and weight:
        found += _old("dose-old-weight", "Weight is old", weight, "weight_age_days", facts)
    if any(r.needs_renal for r in rows) and renal:
        found += _old("dose-old-renal", "Serum creatinine is old", renal, "creatinine_age_days", facts)
    return found


def _old(code: str, title: str, value: Figure, limit: str, facts: Facts) -> list[Finding]:
    row = figure(limit)
    if value.days_old(facts.today) <= row.value:
        return []
    return [Finding(
        rule="dose_range", code=code, tier=Tier.SOFT, title=title,
        text=f"Taken {value.on:%d-%b-%Y}, {value.days_old(facts.today)} days ago; at most {row.value} days.",
        do="ask for a fresh one", evidence=(value.on.isoformat(),), source=row.source,
    )]
