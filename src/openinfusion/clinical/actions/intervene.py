# SPDX-License-Identifier: Apache-2.0
"""Record an intervention and settle it."""

from __future__ import annotations

from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.coded import coded
from openinfusion.clinical.domain.intervention import Discipline, InterventionFacts, check_intervention
from openinfusion.clinical.models import Intervention
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.therapy import public as therapy


def course_of(patient_id: UUID, therapy_id: UUID | None) -> UUID | None:
    """The course, if it is this patient's; Refused otherwise. NotFound where there is no such patient."""
    patients.patient(patient_id)
    if therapy_id is not None and therapy.therapy(therapy_id).patient_id != patient_id:
        raise Refused(Reason("other-patient", "this course belongs to another patient"))
    return therapy_id


@action
def record_intervention(
    *,
    patient_id: UUID,
    kind: str,
    problem: str,
    minutes: int,
    by: Actor,
    discipline: str = Discipline.PHARMACY.value,
    recommendation: str = "",
    outcome: str = "",
    therapy_id: UUID | None = None,
    prescription_id: UUID | None = None,
) -> UUID:
    """Write an intervention down; with an outcome it is settled at once, without one it stays open."""
    by.must(permissions.INTERVENE)
    check_intervention(kind, discipline, problem, minutes)
    if prescription_id is not None:
        order = therapy.prescription(prescription_id)
        if therapy_id not in (None, order.therapy_id):
            raise Refused(Reason("other-course", "the order belongs to another course"))
        therapy_id = order.therapy_id
    row = Intervention.objects.create(
        patient_id=patient_id,
        therapy_id=course_of(patient_id, therapy_id),
        prescription_id=prescription_id,
        kind=kind,
        discipline=discipline,
        problem=problem.strip(),
        recommendation=recommendation.strip(),
        minutes=minutes,
        recorded_by=by.id,
        recorded_name=by.name,
    )
    write(
        by,
        "clinical.intervention.record",
        row,
        "{actor} intervened: {kind}, {problem} ({minutes} minutes)",
        noted={"kind": coded("intervention_type")[kind].lower(), "problem": row.problem, "minutes": minutes},
    )
    if outcome:
        _settle(row, outcome, minutes, by)
    return row.id


@action
def settle_intervention(
    *,
    intervention_id: UUID,
    outcome: str,
    by: Actor,
    minutes: int = 0,
    version: int | None = None,
) -> UUID:
    """Say what came of it; ``minutes`` are those spent since, added to the ones before."""
    row = lock(Intervention, intervention_id, version)
    if row.in_error_at:
        raise Refused(Reason("in-error", "this entry is marked as entered in error"))
    _settle(row, outcome, row.minutes + max(minutes, 0), by)
    return row.id


def _settle(row: Intervention, outcome: str, minutes: int, by: Actor) -> None:
    said = coded("intervention_outcome").get(outcome, outcome).lower()
    advance(
        row,
        "settle",
        InterventionFacts(outcome, minutes),
        by=by,
        noted={"outcome": said, "minutes": minutes},
        outcome=outcome,
        minutes=minutes,
        settled_at=now(),
    )
