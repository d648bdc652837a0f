# SPDX-License-Identifier: Apache-2.0
"""Report a near miss, call the pharmacist, acknowledge what stops the work, review what was reported."""
from __future__ import annotations

from uuid import UUID

from openinfusion.compounding import permissions
from openinfusion.compounding.domain.bench_report import ReportFacts, ReportKind, ReportState, opens_incident
from openinfusion.compounding.events import BenchTrouble
from openinfusion.compounding.models import BenchReport, WorkOrder
from openinfusion.kernel.news import News
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import write

_SENTENCES = {
    ReportKind.NEAR_MISS: "{actor} reported a near miss at {order}: {text}",
    ReportKind.CALL: "{actor} called the pharmacist to {order}: {text}",
}


def add_report(
    row: WorkOrder, kind: ReportKind, text: str, by: Actor, *, step_id: UUID | None = None, code: str = "", stops: bool = False,
) -> UUID:
    """Keep a report in the action that is under way."""
    report = BenchReport(
        work_order=row, patient_id=row.patient_id, step_id=step_id, kind=kind.value, stops=stops, text=text[:1000],
        code=code.strip()[:200], reported_by=by.id, reporter_name=by.name,
    )
    report.save(force_insert=True)
    said = _SENTENCES.get(kind, "the work on {order} by {actor} was stopped: {text}")
    write(by, f"compounding.bench_report.{kind.value}", report, said, to_state=report.state, patient_id=row.patient_id,
          noted={"order": str(row), "text": text}, news=_news(row, report))
    return report.id


def _news(row: WorkOrder, report: BenchReport) -> list[News]:
    """What the house looks into is told."""
    if not opens_incident(ReportKind(report.kind)):
        return []
    return [BenchTrouble(report_id=report.id, site_id=row.site_id, order_number=row.number, hood_name=row.hood_name,
                         report_kind=report.kind, text=report.text, at=report.made_at, patient_id=row.patient_id)]


@action
def report_near_miss(*, work_order_id: UUID, text: str, by: Actor) -> UUID:
    """Something nearly went wrong and was noticed: kept for the pharmacist's review. It does not stop the work."""
    by.must(permissions.COMPOUND)
    if not text.strip():
        raise Malformed(Fault("text", "say what nearly went wrong"))
    return add_report(lock(WorkOrder, work_order_id), ReportKind.NEAR_MISS, text.strip(), by)


@action
def call_pharmacist(*, work_order_id: UUID, by: Actor, text: str = "") -> UUID:
    """The pharmacist is asked to the hood; it stands in their queue until they answer."""
    by.must(permissions.COMPOUND)
    return add_report(lock(WorkOrder, work_order_id), ReportKind.CALL, text.strip() or "please come to the hood", by)


@action
def advance_report(*, report_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Acknowledge at the hood what stops the work, or review (by a pharmacist, with a word on what came of it)."""
    row = lock(BenchReport, report_id, version)
    facts = ReportFacts(row.stops and row.state == ReportState.OPEN, row.reported_by == by.id)
    advance(row, step, facts, by=by, reason=reason, noted={"text": row.text}, patient_id=row.patient_id)
    return row.id
