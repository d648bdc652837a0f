# SPDX-License-Identifier: Apache-2.0
"""What the record of a preparation at the hood receives."""
from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.urls import reverse

from openinfusion.compounding.domain.bench_report import BENCH_REPORT, ReportFacts, ReportState
from openinfusion.compounding.domain.hood_waste import HOOD_WASTE, WasteFacts
from openinfusion.compounding.queries import (
    OpenedFact,
    ReportFact,
    StepFact,
    WorkOrderFact,
    carried_into,
    fetched,
    ingredients_of,
    reports_of,
    site_zone,
    steps_of,
    work_order_fact,
)
from openinfusion.compounding.queries.hood_waste import WasteFact, waste_of
from openinfusion.compounding.web.forms import PumpForm
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import public as patients
from openinfusion.patients.public import Banner
from openinfusion.platform.actor import Actor
from openinfusion.platform.ui.parts import Act, acts_of


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report with what may be done about it."""

    report: ReportFact
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class WasteRow:
    """What was wasted, and how another person witnesses it."""

    waste: WasteFact
    acts: tuple[Act, ...]


def _waste(w: WasteFact, work_order_id: UUID, by: Actor) -> WasteRow:
    url = reverse("compounding:waste_witness", args=[w.id, work_order_id])
    acts = acts_of(HOOD_WASTE, w.state, WasteFacts(w.by, by.id), by, url_for=lambda step: url, leave_out=frozenset({"record"}))
    return WasteRow(w, tuple(replace(a, name=f"{a.name}-{w.id}") for a in acts))


@dataclass(frozen=True, slots=True)
class RecordPage:
    order: WorkOrderFact
    banner: Banner
    steps: tuple[StepFact, ...]
    done: int
    off: int  # weights out of tolerance or volumes other than planned, accepted by another person
    photos: tuple[tuple[UUID, str], ...]
    reports: tuple[ReportRow, ...]
    carried: tuple[OpenedFact, ...]
    zone: str
    wasted: tuple[WasteRow, ...]
    bags: tuple[int, ...]  # of nutrition, whose draws a pump compounder may do
    pump: PumpForm | None


def record_page(work_order_id: UUID, by: Actor) -> RecordPage:
    """What was done at the hood, step by step: for the final check, and for whoever asks later."""
    row = fetched(work_order_id)
    steps = steps_of(row.id)
    photos = tuple((d.photo_id, s.step.text) for s in steps for d in s.doings if d.photo_id)
    off = sum(1 for s in steps for d in s.doings if d.look and d.look != s.step.look)
    reports = tuple(_report(r, by) for r in reports_of(row.id))
    bags = tuple(range(1, row.doses + 1)) if steps and any(x.role == "nutrition" for x in ingredients_of(row.id)) else ()
    mine = row.state == "in_compounding" and by.id == row.compounded_by
    pump = PumpForm() if bags and mine else None
    return RecordPage(work_order_fact(row), patients.banner(row.patient_id), tuple(steps), sum(s.stands for s in steps), off,
                      photos, reports, tuple(carried_into(row.id)), site_zone(row.site_id),
                      tuple(_waste(w, row.id, by) for w in waste_of(row.id)), bags, pump)


def _report(r: ReportFact, by: Actor) -> ReportRow:
    state = ReportState(r.state)
    acts = acts_of(BENCH_REPORT, state, ReportFacts(r.stopping, r.reported_by == by.id), by,
                   url_for=lambda step: reverse("compounding:report_step", args=[r.work_order_id, r.id, step]))
    tied = tuple(Act(f"{a.name}-{r.id}", a.label, a.url, a.tone, a.needs_reason, a.sign, a.reasons) for a in acts)
    return ReportRow(r, BENCH_REPORT.tone(state), tied)


def photo_of(work_order_id: UUID, file_id: UUID) -> UUID:
    """A picture of this work order; NotFound for any other file."""
    if not any(d.photo_id == file_id for s in steps_of(fetched(work_order_id).id) for d in s.doings):
        raise NotFound(f"photo {file_id}")
    return file_id
