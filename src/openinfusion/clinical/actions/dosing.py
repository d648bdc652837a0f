# SPDX-License-Identifier: Apache-2.0
"""Keep a dosing calculation in the chart. It is worked again here, from what was given, never taken from a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from openinfusion.calculations import public as calculations
from openinfusion.clinical import permissions
from openinfusion.clinical.models import DosingNote
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import plain, write
from openinfusion.therapy import public as therapy


@action
def keep_dosing(*, prescription_id: UUID, calculation: str, given: Mapping[str, Any], advice: str, by: Actor) -> UUID:
    """Write a dosing note: the calculation as it comes out now, and what follows from it."""
    by.must(permissions.DOSE)
    if not advice.strip():
        raise Malformed(Fault("advice", "say what follows: the dose, the next level, or that nothing changes"))
    order = therapy.prescription(prescription_id)
    answer = calculations.ask(calculation, given)
    row = DosingNote.objects.create(
        prescription_id=prescription_id, patient_id=order.patient_id, calculation=calculation,
        version_of_formula=answer.calculation.version, given=plain(given), answer=plain(calculations.said(answer)),
        advice=advice.strip(), written_by=by.id, writer_name=by.name,
    )
    figures = "; ".join(f"{r.label} {r}" for r in answer.worked.results)
    write(by, "clinical.dosing.keep", row, "{actor} worked {title} for {order}: {figures}. {advice}", patient_id=order.patient_id,
          noted={"title": answer.calculation.title, "order": order.line, "figures": figures, "advice": advice.strip()})
    return row.id
