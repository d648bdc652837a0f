# SPDX-License-Identifier: Apache-2.0
"""What a dosing calculation can take from chart and order, and the notes that were kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openinfusion.clinical.domain.dosing import Known, Sheet, sheet_for
from openinfusion.clinical.models import DosingNote
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.therapy import public as therapy

MOST_DOSES = 60
_IN_MG_PER_L = frozenset({"mg/l", "ug/ml", "mcg/ml"})


@dataclass(frozen=True, slots=True)
class DosingFact:
    id: UUID
    at: datetime
    calculation: str
    title: str
    results: tuple[tuple[str, str], ...]
    advice: str
    writer: str
    given: dict[str, Any]


def known_for(prescription_id: UUID) -> tuple[therapy.PrescriptionFact, Sheet, Known]:
    """The order, what suits its drug, and what the chart knows. Doses are those that were due, not those that were given."""
    order = therapy.prescription(prescription_id)
    chart, sheet = patients.charts([order.patient_id])[order.patient_id], sheet_for(order.order.drug_code)
    at = now()
    due = [d.at for d in therapy.schedule(prescription_id, order.order.start_on, chart.day) if d.at <= at]
    levels = [
        (lab.taken_at, lab.value)
        for loinc in sheet.level_loincs
        for lab in chart.labs.get(loinc, ())
        if lab.unit.lower().replace("µ", "u") in _IN_MG_PER_L
    ]
    return order, sheet, Known(
        weight_kg=chart.weight.value if chart.weight else None,
        height_cm=chart.height.value if chart.height else None,
        age_years=chart.age,
        sex=chart.patient.sex,
        crcl_ml_per_min=chart.crcl.ml_per_min if chart.crcl else None,
        creatinine_mg_per_dl=chart.crcl.creatinine_mg_per_dl if chart.crcl else None,
        dose=order.order.dose,
        interval_hours=order.order.interval_hours,
        infusion_minutes=order.order.infusion_minutes,
        doses_at=due[-MOST_DOSES:],
        levels=sorted(levels),
    )


def dosing_notes(prescription_id: UUID) -> list[DosingFact]:
    """The notes kept for an order, newest first."""
    return [
        DosingFact(
            r.id, r.made_at, r.calculation, r.answer["title"],
            tuple((x["label"], x.get("text") or f"{x['value']} {x['unit']}".strip()) for x in r.answer["results"]),
            r.advice, r.writer_name, r.given,
        )
        for r in DosingNote.objects.filter(prescription_id=prescription_id).order_by("-made_at")[:50]
    ]
