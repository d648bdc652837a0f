# SPDX-License-Identifier: Apache-2.0
"""Put tests on the list of a course, follow them from draw to result, and say what was done about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.coded import check
from openinfusion.clinical.domain.monitoring import MonitoringState, opens_on
from openinfusion.clinical.domain.protocol import Answered, ExamKind, Watch, exam_of
from openinfusion.clinical.models import Monitoring
from openinfusion.clinical.queries.monitoring import (
    Need,
    answered,
    late_from,
    monitoring_facts,
    needs_of,
    results_of,
    zone_of,
)
from openinfusion.kernel.refusal import Fault, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now, today
from openinfusion.platform.journal import write
from openinfusion.therapy import public as therapy

_S = MonitoringState


def _row(course: therapy.TherapyFact, need: Need, zone: str) -> Monitoring:
    w, exam = need.watch, exam_of(need.watch.code, need.watch.name)
    return Monitoring(
        patient_id=course.patient_id,
        therapy_id=course.id,
        drug_name=course.drug_name,
        code=w.code,
        name=w.name,
        kind=exam.kind.value,
        every_days=w.every_days,
        source=w.source,
        due_on=need.due_on,
        opens_on=opens_on(need.due_on, w.every_days),
        late_at=late_from(_S.DUE, need.due_on, zone),
    )


def _put(course: therapy.TherapyFact, needs: Iterable[Need]) -> list[Monitoring]:
    zone = zone_of(course.patient_id)
    return Monitoring.objects.bulk_create([_row(course, n, zone) for n in needs])


@action
def plan_monitoring(*, therapy_id: UUID, by: Actor) -> int:
    """Put every test on the list that this course needs soon; how many. Refused where nothing is to be planned."""
    by.must(permissions.MONITOR_PLAN)
    needs = needs_of(therapy_id)
    if not needs:
        raise Refused(Reason("nothing-to-plan", "every test that is due soon is on the list"))
    rows = _put(therapy.therapy(therapy_id), needs)
    tests = ", ".join(f"{r.name} {r.due_on:%d-%b}" for r in rows)
    write(
        by,
        "clinical.monitoring.plan",
        rows[0],
        "{actor} planned for {drug}: {tests}",
        noted={"drug": rows[0].drug_name, "tests": tests},
    )
    return len(rows)


@action
def add_monitoring(*, therapy_id: UUID, code: str, every_days: int, due_on: date, by: Actor, name: str = "") -> UUID:
    """Put a test on the list by hand; from then on it comes back at this interval until it is stopped."""
    by.must(permissions.MONITOR_PLAN)
    course = therapy.therapy(therapy_id)
    check(
        None if code.strip() else Fault("code", "which test?"),
        None if every_days >= 1 else Fault("every_days", "every how many days is at least 1"),
        Fault("due_on", "a test is not due in the past") if due_on < today(zone_of(course.patient_id)) else None,
    )
    exam = exam_of(code.strip(), name.strip())
    if Monitoring.objects.filter(therapy_id=therapy_id, code=exam.code, state__in=("due", "drawn")).exists():
        raise Refused(Reason("already-due", f"{exam.name} is on the list already", "follow that one, or leave it out first"))
    (row,) = _put(course, [Need(Watch(exam.code, exam.name, every_days, f"asked for by {by.name}"), due_on)])
    write(by, "clinical.monitoring.add", row, "{actor} asked for {subject}, every {days} days", noted={"days": every_days})
    return row.id


@action
def advance_monitoring(
    *,
    monitoring_id: UUID,
    step: str,
    by: Actor,
    reason: str = "",
    drawn_on: date | None = None,
    version: int | None = None,
) -> UUID:
    """Draw, match the result, judge it, leave it out or stop. A result that came puts the next one on the list."""
    row = lock(Monitoring, monitoring_id, version)
    zone = zone_of(row.patient_id)
    found = answered(row, results_of(row.patient_id, zone)) if step in ("result", "unresult") else None
    _steer(row, step, found, zone, by=by, reason=reason, drawn_on=drawn_on)
    if step in ("result", "assess", "cancel"):
        _put_next([row])
    return row.id


@action
def match_results(*, patient_id: UUID, by: Actor) -> int:
    """The chart changed: every test it answers is resulted, and what it no longer answers waits again; how many.

    Refused where nothing follows.
    """
    zone = zone_of(patient_id)
    followed = (_S.DUE.value, _S.DRAWN.value, _S.RESULTED.value)
    waiting = _locked(patient_id=patient_id, state__in=followed).exclude(kind=ExamKind.ASSESSMENT.value)
    rows, results = list(waiting), results_of(patient_id, zone)
    judged = [(row, answered(row, results)) for row in rows]
    changed = [(row, found) for row, found in judged if found.whole != (row.state == _S.RESULTED)]
    if not changed:
        raise Refused(Reason("nothing-follows", "no test follows from the chart as it is"))
    came = []
    for row, found in changed:
        _steer(row, "result" if found.whole else "unresult", found, zone, by=by)
        came += [row] if found.whole else []
    _put_next(came)
    return len(changed)


@action
def accept_results(*, patient_id: UUID, by: Actor) -> int:
    """Every result of a patient that lies within its range is seen, without a change; how many.

    What lies outside waits for a pharmacist's words. Refused where none is within.
    """
    by.must(permissions.MONITOR_ACT)
    rows = list(_locked(patient_id=patient_id, state=_S.RESULTED.value, flagged=False))
    if not rows:
        raise Refused(Reason("nothing-to-see", "no result within its range waits to be seen"))
    for row in rows:
        _steer(row, "accept", None, zone_of(patient_id), by=by)
    return len(rows)


def _locked(**where: object) -> QuerySet[Monitoring]:
    """These tests, locked in one order, so that nobody waits crosswise."""
    return Monitoring.objects.select_for_update(of=("self",)).filter(**where).order_by("id")


def _steer(
    row: Monitoring, step: str, found: Answered | None, zone: str, *, by: Actor, reason: str = "", drawn_on: date | None = None
) -> None:
    """One step of one locked test."""
    on = today(zone)
    day = (drawn_on or on) if step == "draw" else None
    if step == "unresult":
        _fold(row, by)
    advance(
        row,
        step,
        monitoring_facts(row, found, day),
        by=by,
        reason=reason,
        noted={"result": found.text if found else ""},
        **_changes(row, step, reason, found, day, on, by),
    )


def _put_next(rows: Iterable[Monitoring]) -> None:
    """Put the tests that come after these on the lists of their courses."""
    codes: dict[UUID, set[str]] = {}
    for row in rows:
        codes.setdefault(row.therapy_id, set()).add(row.code)
    for therapy_id, asked in codes.items():
        _put(therapy.therapy(therapy_id), [n for n in needs_of(therapy_id) if n.watch.code in asked])


def _fold(row: Monitoring, by: Actor) -> None:
    """A result is withdrawn: the test that was put on the list after it gives way to this one."""
    others = Monitoring.objects.select_for_update(of=("self",)).filter(therapy_id=row.therapy_id, code=row.code)
    for other in others.filter(state__in=("due", "drawn")):
        advance(other, "cancel", monitoring_facts(other), by=by, reason="the result before it was withdrawn", folded=True)


def _changes(
    row: Monitoring,
    step: str,
    reason: str,
    found: Answered | None,
    drawn_on: date | None,
    on: date,
    by: Actor,
) -> dict[str, Any]:
    zone = zone_of(row.patient_id)
    acted: dict[str, Any] = {"acted_by": by.id, "actor_name": by.name, "acted_at": now()}
    if step == "draw" and drawn_on:
        return {"drawn_on": drawn_on, "late_at": late_from(_S.DRAWN, drawn_on, zone)}
    if step == "result" and found and found.whole:
        came = {"resulted_on": on, "result": found.text, "flagged": found.flagged}
        return came | {"drawn_on": found.drawn_on, "late_at": late_from(_S.RESULTED, on, zone)}
    if step in ("recollect", "unresult"):
        gone: dict[str, Any] = {"drawn_on": None, "resulted_on": None, "result": "", "flagged": False}
        return gone | {"late_at": late_from(_S.DUE, row.due_on, zone)}
    if step in ("accept", "act"):
        return acted | {"action_note": reason.strip() or "seen, no change"}
    if step == "assess" and row.kind == ExamKind.ASSESSMENT:
        return acted | {"action_note": reason.strip(), "result": reason.strip(), "drawn_on": on, "resulted_on": on}
    return {"stopped": True} if step == "stop" else {}


@action
def end_monitoring(*, therapy_id: UUID, reason: str, by: Actor) -> int:
    """The course ended: nothing more is drawn for it; how many tests were left out."""
    by.must(permissions.MONITOR_PLAN)
    rows = list(Monitoring.objects.select_for_update(of=("self",)).filter(therapy_id=therapy_id, state__in=("due", "drawn")))
    if not rows:
        raise Refused(Reason("nothing-open", "no test of this course is open"))
    for row in rows:
        advance(row, "cancel", monitoring_facts(row), by=by, reason=reason)
    return len(rows)
