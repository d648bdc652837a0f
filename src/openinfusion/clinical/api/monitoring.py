# SPDX-License-Identifier: Apache-2.0
"""Monitoring and outcomes as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.clinical import permissions, public
from openinfusion.clinical.api.reviews import Made, router
from openinfusion.platform.api import Whole


class MonitoringOut(Schema):
    id: UUID
    state: str
    patient_id: UUID
    therapy_id: UUID
    drug_name: str
    code: str
    name: str
    kind: str
    every_days: int
    source: str
    due_on: date
    late_at: datetime
    late: bool
    drawn_on: date | None
    resulted_on: date | None
    result: str
    flagged: bool
    action_note: str
    actor_name: str
    version: int


class MonitoringIn(Schema):
    """code: a LOINC or the code of an assessment (audiology, echocardiogram)."""

    code: str
    every_days: Whole
    due_on: date
    name: str = ""


class MonitoringStepIn(Schema):
    """step: draw, recollect, result, accept, act, assess, cancel, stop."""

    step: str
    reason: str = ""
    drawn_on: date | None = None
    version: Whole | None = None


class Count(Schema):
    count: int


class MeasureOut(Schema):
    """figure is null where too few days or cases stand behind it."""

    key: str
    title: str
    count: int
    of: int
    unit: str
    figure: str | None
    per: str
    meaning: str


@router.get("/monitoring", response=list[MonitoringOut])
def monitoring(
    request: HttpRequest,
    state: str = "",
    patient_id: UUID | None = None,
    therapy_id: UUID | None = None,
) -> list[MonitoringOut]:
    """Tests, the longest overdue first: those open, or those in a state."""
    request.actor.must(permissions.CARE_READ)  # type: ignore[attr-defined]
    where: dict[str, Any] = {"state": state} if state else {"state__in": ["due", "drawn", "resulted"]}
    where |= {k: v for k, v in (("patient_id", patient_id), ("therapy_id", therapy_id)) if v}
    return [MonitoringOut.from_orm(m) for m in public.monitoring_where(**where)]


@router.post("/therapies/{therapy_id}/monitoring/plan", response=Count)
def monitoring_plan(request: HttpRequest, therapy_id: UUID) -> Count:
    """Put every test on the list that the course needs soon."""
    return Count(count=public.plan_monitoring(therapy_id=therapy_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/therapies/{therapy_id}/monitoring", response=Made)
def monitoring_add(request: HttpRequest, therapy_id: UUID, given: MonitoringIn) -> Made:
    """Put a test on the list by hand."""
    return Made(id=public.add_monitoring(therapy_id=therapy_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/patients/{patient_id}/results/accept", response=Count)
def results_accept(request: HttpRequest, patient_id: UUID) -> Count:
    """Every result of a patient within its range is seen, without a change; those outside wait for words."""
    return Count(count=public.accept_results(patient_id=patient_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/monitoring/{monitoring_id}/steps", response=Made)
def monitoring_step(request: HttpRequest, monitoring_id: UUID, taken: MonitoringStepIn) -> Made:
    """Drawn, matched, judged, left out or stopped."""
    return Made(id=public.advance_monitoring(monitoring_id=monitoring_id, by=request.actor, **taken.model_dump()))  # type: ignore[attr-defined]


@router.get("/outcomes", response=list[MeasureOut])
def outcomes(request: HttpRequest, first: date, last: date, therapy_class: str = "") -> list[MeasureOut]:
    """Outcomes of a period, each with its numerator and denominator."""
    request.actor.must(permissions.OUTCOME_READ)  # type: ignore[attr-defined]
    return [
        MeasureOut(
            key=m.key,
            title=m.title,
            count=m.count,
            of=m.of,
            unit=m.unit,
            per=m.per,
            meaning=m.meaning,
            figure=None if m.figure is None else str(m.figure),
        )
        for m in public.outcomes(first, last, therapy_class).measures
    ]
