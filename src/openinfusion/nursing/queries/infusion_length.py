# SPDX-License-Identifier: Apache-2.0
"""How long a therapy's infusion takes, from its order or its product's rate steps; said where nobody knows."""
from __future__ import annotations

from openinfusion.kernel.quantity import MG
from openinfusion.kernel.refusal import Refused
from openinfusion.nursing.domain.infusion_length import Length, by_order, by_steps
from openinfusion.nursing.domain.rate_plan import planned_steps, rate_plans, total_minutes
from openinfusion.patients.public import banner
from openinfusion.therapy.public import PrescriptionFact, TherapyFact


def length_of(course: TherapyFact, order: PrescriptionFact | None) -> Length:
    """Minutes of one infusion. Immune globulin by its rate steps, everything else by the order."""
    if order is None:
        return Length(None, "no order of this therapy is on file")
    rows = [r for r in rate_plans() if r.drug == course.drug_code and r.mg_per_ml]
    if not rows:
        return by_order(order.order.infusion_minutes, order.number)
    weight = banner(course.patient_id).weight_kg
    if weight is None:
        return Length(None, "the rate steps need the patient's weight, and none is on the chart")
    dose = order.order.dose
    if dose.unit.dimension is not MG.dimension:
        return Length(None, f"the rate steps need a dose by mass, and the order says {dose}")
    totals = []
    for row in rows:
        assert row.mg_per_ml is not None
        try:
            totals.append((row.label, total_minutes(planned_steps(row, weight, dose.to(MG).amount / row.mg_per_ml))))
        except Refused:
            continue
    return by_steps(totals)
