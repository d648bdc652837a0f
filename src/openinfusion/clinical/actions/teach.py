# SPDX-License-Identifier: Apache-2.0
"""Record what was taught and whether it was taught back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.intervene import course_of
from openinfusion.clinical.domain.coded import coded
from openinfusion.clinical.domain.education import check_teaching
from openinfusion.clinical.models import Education
from openinfusion.clinical.queries.monitoring import zone_of
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.journal import write


@action
def record_teaching(
    *,
    patient_id: UUID,
    topic: str,
    method: str,
    result: str,
    by: Actor,
    learner: str = "patient",
    language: str = "",
    interpreter: bool = False,
    note: str = "",
    taught_on: date | None = None,
    therapy_id: UUID | None = None,
) -> UUID:
    """One topic, taught once: how, to whom, and what came back."""
    by.must(permissions.TEACH)
    course = course_of(patient_id, therapy_id)
    on = today(zone_of(patient_id))
    check_teaching(topic, method, result, learner, taught_on or on, on)
    row = Education.objects.create(
        patient_id=patient_id,
        therapy_id=course,
        topic=topic.strip(),
        method=method,
        learner=learner.strip(),
        language=language.strip(),
        interpreter=interpreter,
        result=result,
        note=note.strip(),
        taught_on=taught_on or on,
        recorded_by=by.id,
        recorded_name=by.name,
    )
    write(
        by,
        "clinical.education.record",
        row,
        "{actor} taught {learner} “{topic}”: {result}",
        noted={"learner": row.learner, "topic": row.topic, "result": coded("teach_result")[result].lower()},
    )
    return row.id
