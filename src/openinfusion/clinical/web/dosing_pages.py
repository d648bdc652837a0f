# SPDX-License-Identifier: Apache-2.0
"""The dosing workbench: which calculations suit an order, filled in from the chart, and the notes kept so far."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from openinfusion.calculations import public as calculations
from openinfusion.clinical.domain.dosing import flattened, prefill
from openinfusion.clinical.queries.dosing import DosingFact, dosing_notes, known_for
from openinfusion.patients import public as patients
from openinfusion.therapy import public as therapy


@dataclass(frozen=True, slots=True)
class Choice:
    """A calculation that suits, with its address filled in from the chart, and what is left to answer."""

    calculation: calculations.Calculation
    address: str
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DosingPage:
    order: therapy.PrescriptionFact
    banner: patients.Banner
    choices: tuple[Choice, ...]
    notes: tuple[DosingFact, ...]
    doses: int
    levels: int
    zone: str


def dosing_page(prescription_id: UUID) -> DosingPage:
    order, sheet, known = known_for(prescription_id)
    back = reverse("clinical:dosing", args=[prescription_id])
    choices = []
    for name in sheet.calculations:
        calculation = calculations.named(name)
        given = prefill([q.input.name for q in calculation.questions], known, sheet.model)
        left = tuple(q.input.label for q in calculation.questions if q.required and q.input.name not in given)
        query = urlencode(flattened(given) | {"keep": back})
        choices.append(Choice(calculation, f"{reverse('calculations:calculation', args=[name])}?{query}", left))
    banner = patients.banner(order.patient_id)
    return DosingPage(
        order, banner, tuple(choices), tuple(dosing_notes(prescription_id)), len(known.doses_at), len(known.levels),
        banner.patient.timezone or "UTC",
    )
