# SPDX-License-Identifier: Apache-2.0
"""What the templates of the compounding room receive."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse

from openinfusion.catalog import public as catalog
from openinfusion.compounding import permissions
from openinfusion.compounding.domain.gate import Gate
from openinfusion.compounding.domain.work_order import WORK_ORDER, WorkOrderState
from openinfusion.compounding.models import Preparation, WorkOrder
from openinfusion.compounding.queries import (
    IngredientFact,
    WorkOrderFact,
    fetched,
    gate_of,
    ingredients_of,
    site_zone,
    steps_of,
    work_order_fact,
    work_order_facts,
)
from openinfusion.compounding.queries.hood_plan import TurnLine, queue_of
from openinfusion.compounding.web.forms import HoodForm, OwnerForm, ScanForm
from openinfusion.compounding.web.turn_pages import HoodRow, hood_rows
from openinfusion.patients import public as patients
from openinfusion.patients.public import Banner
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

_LANES = (
    WorkOrderState.PLANNED, WorkOrderState.RELEASED, WorkOrderState.STAGED, WorkOrderState.PRE_CHECKED,
    WorkOrderState.IN_COMPOUNDING, WorkOrderState.COMPOUNDED, WorkOrderState.FINAL_CHECK, WorkOrderState.VERIFIED,
    WorkOrderState.LABELED, WorkOrderState.QUARANTINED,
)
_GATED = frozenset({"planned", "released", "staged", "pre_checked"})
_MOST_IN_A_LANE = 40


@dataclass(frozen=True, slots=True)
class Card:
    """A work order on the bench list."""

    id: UUID
    number: str
    patient: str
    title: str
    need_by: datetime
    late: bool
    hazardous: bool
    hood: str
    planned: TurnLine | None = None  # its place at the hoods by the plan in force


@dataclass(frozen=True, slots=True)
class Lane:
    state: str
    tone: str
    owner: str
    cards: tuple[Card, ...]
    count: int


@dataclass(frozen=True, slots=True)
class BenchPage:
    lanes: tuple[Lane, ...]
    hoods: tuple[HoodRow, ...]
    zone: str
    total: int


@dataclass(frozen=True, slots=True)
class Dating:
    """The beyond-use date as the page shows it: what set it, and what else was looked at."""

    at: datetime
    name: str
    text: str
    considered: tuple[tuple[str, str, datetime], ...]
    lot: str
    containers: int
    label_file_id: UUID | None


@dataclass(frozen=True, slots=True)
class WorkOrderPage:
    order: WorkOrderFact
    tone: str
    owner: str
    banner: Banner
    prescription: therapy.PrescriptionFact
    lines: tuple[IngredientFact, ...]
    gate: Gate | None
    scan: ScanForm | None
    next_line: str
    may_confirm: bool
    dating: Dating | None
    acts: tuple[Act, ...]
    happened: tuple[Line, ...]
    zone: str
    steps: int
    steps_done: int
    waits: bool
    formula: str


def bench_page(by: Actor) -> BenchPage:
    """Today's work by state, at the site the person works at."""
    rows = WorkOrder.objects.filter(state__in=[s.value for s in _LANES])
    if by.site_id:
        rows = rows.filter(site_id=by.site_id)
    found = list(rows.order_by("need_by"))
    names = patients.patients([r.patient_id for r in found])
    cards: dict[str, list[Card]] = {}
    at = now()
    queue = queue_of(by.site_id, at.astimezone(ZoneInfo(site_zone(by.site_id))).date()) if by.site_id else {}
    found.sort(key=lambda r: (queue[r.id].starts if r.id in queue else r.need_by, r.need_by))
    for r in found:
        cards.setdefault(r.state, []).append(Card(
            r.id, r.number, names[r.patient_id].name, work_order_fact(r).title, r.need_by, r.need_by < at, r.hazardous,
            r.hood_name, queue.get(r.id)))
    lanes = tuple(
        Lane(s.value, WORK_ORDER.tone(s), WORK_ORDER.owner(s), tuple(cards.get(s.value, ())[:_MOST_IN_A_LANE]),
             len(cards.get(s.value, ()))) for s in _LANES)
    return BenchPage(lanes, hood_rows(by), site_zone(by.site_id) if by.site_id else "UTC", len(found))


def work_order_page(work_order_id: UUID, by: Actor, hood_id: UUID | None = None) -> WorkOrderPage:
    row = fetched(work_order_id)
    state = WorkOrderState(row.state)
    lines = ingredients_of(row.id)
    staged = state is WorkOrderState.STAGED and by.may(permissions.STAGE.code)
    waiting = [line for line in lines if not line.complete]
    hood = hood_id or _first_hood(row)
    steps = steps_of(row.id)
    return WorkOrderPage(
        work_order_fact(row), WORK_ORDER.tone(state), WORK_ORDER.owner(state), patients.banner(row.patient_id),
        therapy.prescription(row.prescription_id), tuple(lines),
        gate_of(row, by, hood) if row.state in _GATED else None, ScanForm() if staged and waiting else None,
        f"{waiting[0].name} ({waiting[0].captured + 1} of {waiting[0].packages})" if waiting else "",
        by.may(permissions.CHECK.code), _dating(row), _acts(row, by, lines, hood), tuple(timeline(subject_id=row.id)),
        site_zone(row.site_id), len(steps), sum(s.stands for s in steps), any(s.waits for s in steps), _formula(row),
    )


def _formula(row: WorkOrder) -> str:
    if row.formula_id is None:
        return ""
    fact = catalog.formula_version(row.formula_id)
    stands = f"signed by {fact.source.signed_by}" if fact.source.signed_by else fact.status
    return f"from {fact.effective_from:%d-%b-%Y}, {stands}"


def _first_hood(row: WorkOrder) -> UUID | None:
    """The first hood of the site that is meant for this drug, or any where none is: what the page asks the gate about."""
    if row.hood_id or row.method == "dispense":
        return row.hood_id
    hoods = sites.hoods(row.site_id)
    fitting = [h for h in hoods if h.hazardous == row.hazardous] or hoods
    return fitting[0].id if fitting else None


def _acts(row: WorkOrder, by: Actor, lines: list[IngredientFact], hood: UUID | None) -> tuple[Act, ...]:
    start: Mapping[str, forms.Form] = {}
    if row.method == "compound":
        start = {"start": HoodForm(initial={"hood_id": hood, "version": row.version}, hoods=sites.hoods(row.site_id))}
    steps = acts_of(
        WORK_ORDER, row.state, work_order_facts(row, by, hood), by, forms=start,
        url_for=lambda step: reverse("compounding:work_order_step", args=[row.id, step]),
    )
    extra = []
    if row.state == "planned" and any(line.short for line in lines) and by.may(permissions.PLAN.code):
        extra.append(Act("allocate", "Allocate again", reverse("compounding:allocate", args=[row.id])))
    if row.state == "planned" and by.may(permissions.PLAN.code):
        extra.append(Act("owner", "Take from another owner", reverse("compounding:owner", args=[row.id]), needs_reason=True,
                         form=OwnerForm()))
    if row.state in ("verified", "labeled", "released_to_dispense") and by.may(permissions.LABEL.code):
        extra.append(_print_act(row))
    return (*extra, *steps)


def _print_act(row: WorkOrder) -> Act:
    """Print the label: once just so, every other time with a reason."""
    made = Preparation.objects.filter(work_order=row).first()
    again = made is not None and made.label_printed_at is not None
    url = reverse("compounding:label_print", args=[row.id])
    return Act("label-print", "Print label again" if again else "Print label", url, "pri", needs_reason=again)


def _dating(row: WorkOrder) -> Dating | None:
    made = Preparation.objects.filter(work_order=row).first()
    if made is None:
        return None
    considered = tuple((c["name"], c["text"], datetime.fromisoformat(c["at"])) for c in made.considered)
    return Dating(made.beyond_use_at, made.limit_name, made.limit_text, considered, made.lot_number, made.containers,
                  made.label_file_id)
