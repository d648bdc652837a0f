# SPDX-License-Identifier: Apache-2.0
"""Record what was taught and whether it was taught back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.intervene import course_of
from openinfusion.clinical.domain.coded import coded
from openinfusion.clinical.domain.education import AT_VISIT, LEARNED, NOT_YET, check_teaching
from openinfusion.clinical.models import Education
from openinfusion.clinical.queries.monitoring import zone_of
from openinfusion.kernel.refusal import Fault, Malformed
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


@action
def keep_visit_teaching(
    *, patient_id: UUID, therapy_id: UUID, visit: str, topics: Sequence[str], taught_back: bool, taught_on: date, by: Actor,
) -> int:
    """What a signed visit taught, on the chart: the same topic of the same visit once. How many were new.

    The visit's record says who was taught and how; here stands its number.
    """
    by.must(permissions.TEACH)
    course, result = course_of(patient_id, therapy_id), LEARNED if taught_back else NOT_YET
    wanted = list(dict.fromkeys(t for topic in topics if (t := topic.strip())))
    if not wanted:
        raise Malformed(Fault("topics", "say what was taught"))
    there = Education.objects.filter(patient_id=patient_id, method=AT_VISIT, note=visit, in_error_at__isnull=True)
    known = {row.topic: row for row in there}
    new = [t for t in wanted if t not in known]
    rows = [
        Education(
            patient_id=patient_id, therapy_id=course, topic=t, method=AT_VISIT, learner=f"as the record of {visit} says",
            result=result, note=visit, taught_on=taught_on, recorded_by=by.id, recorded_name=by.name,
        )
        for t in new
    ]
    for row in rows:
        row.save(force_insert=True)
    write(
        by,
        "clinical.education.keep",
        rows[0] if rows else known[wanted[0]],
        "{actor} taught at {visit}: {topics}; {result}",
        patient_id=patient_id,
        noted={"visit": visit, "topics": ", ".join(new) or "nothing new", "result": coded("teach_result")[result].lower()},
    )
    return len(new)
