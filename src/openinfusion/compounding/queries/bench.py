# SPDX-License-Identifier: Apache-2.0
"""Reads of the bench: the steps of a work order with what was done of them, what stops it, what stands opened in a hood."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from openinfusion.compounding.domain import bench_step
from openinfusion.compounding.domain.bench import Progress
from openinfusion.compounding.domain.bench_report import ReportState
from openinfusion.compounding.domain.bench_step import Proof, StepKind
from openinfusion.compounding.domain.opened import OpenedState
from openinfusion.compounding.models import BenchReport, BenchStep, Carry, OpenedContainer, StepDone, StepLook, WorkOrder
from openinfusion.inventory import public as inventory
from openinfusion.platform.clock import now
from openinfusion.platform.rows import rows_by


@dataclass(frozen=True, slots=True)
class DoneFact:
    """One doing of a step. ``accepted``: None while nobody looked."""

    id: UUID
    at: datetime
    by: UUID
    name: str
    code: str
    keyed: bool
    lot_id: UUID | None
    lot: str
    opened_id: UUID | None
    volume_ml: Decimal | None
    weight_g: Decimal | None
    photo_id: UUID | None
    look: str
    note: str
    looker: str = ""
    accepted: bool | None = None
    look_note: str = ""

    @property
    def stands(self) -> bool:
        return self.accepted is True or (not self.look and self.accepted is None)

    @property
    def waits(self) -> bool:
        return bool(self.look) and self.accepted is None


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step with every doing of it, the last one last."""

    id: UUID
    step: bench_step.BenchStep
    doings: tuple[DoneFact, ...]

    @property
    def done(self) -> DoneFact | None:
        return self.doings[-1] if self.doings else None

    @property
    def stands(self) -> bool:
        return bool(self.doings) and self.doings[-1].stands

    @property
    def waits(self) -> bool:
        return bool(self.doings) and self.doings[-1].waits


def steps_of(work_order_id: UUID) -> list[StepFact]:
    """The steps of a work order in their order; none before it went into the hood."""
    doings: dict[UUID, list[DoneFact]] = {}
    done = rows_by(StepDone, "work_order", work_order_id, order=("made_at", "id"))
    looks = {x.done_id: x for x in rows_by(StepLook, "done", [d.id for d in done if d.look])}
    for d in done:
        doings.setdefault(d.step_id, []).append(_done(d, looks.get(d.id)))
    rows = rows_by(BenchStep, "work_order", work_order_id, order=("place",))
    return [StepFact(r.id, _step(r), tuple(doings.get(r.id, ()))) for r in rows]


def _step(r: BenchStep) -> bench_step.BenchStep:
    return bench_step.BenchStep(
        kind=StepKind(r.kind), text=r.text, asks=Proof(r.asks), place=r.place, container=r.container, name=r.name,
        ingredient_id=r.ingredient_id, product_id=r.product_id, count=r.count, volume_ml=r.volume_ml,
        syringe_ml=r.syringe_ml, expected_g=r.expected_g, low_g=r.low_g, high_g=r.high_g, look=r.look,
    )


def _done(d: StepDone, look: StepLook | None) -> DoneFact:
    return DoneFact(
        d.id, d.done_at, d.done_by, d.doer_name, d.code, d.keyed, d.lot_id, d.lot_number, d.opened_id, d.volume_ml,
        d.weight_g, d.photo_id, d.look, d.note, look.looker_name if look else "", look.accepted if look else None,
        look.note if look else "",
    )


def stopped_by(work_order_id: UUID) -> str:
    """What stops the work at the hood; empty if nothing does."""
    rows = rows_by(BenchReport, "work_order", work_order_id, order=("made_at",))
    return "; ".join(r.text for r in rows if r.stops and r.state == ReportState.OPEN)


def progress_of(row: WorkOrder, steps: list[StepFact]) -> Progress:
    """How far a preparation has come at the hood."""
    waiting = next((s.step.place for s in steps if s.waits), 0)
    return Progress(len(steps), row.compounded_by, row.state == "in_compounding", sum(s.stands for s in steps), waiting,
                    stopped_by(row.id))


@dataclass(frozen=True, slots=True)
class ReportFact:
    """A near miss, a wrong scan or a call, as pages show it."""

    id: UUID
    work_order_id: UUID
    kind: str
    state: str
    stops: bool
    text: str
    code: str
    reporter: str
    reported_by: UUID
    at: datetime
    version: int

    @property
    def stopping(self) -> bool:
        return self.stops and self.state == ReportState.OPEN


def report_fact(r: BenchReport) -> ReportFact:
    return ReportFact(r.id, r.work_order_id, r.kind, r.state, r.stops, r.text, r.code, r.reporter_name, r.reported_by,
                      r.made_at, r.version)


def reports_of(work_order_id: UUID) -> list[ReportFact]:
    """What the bench reported about a work order, the oldest first."""
    return [report_fact(r) for r in rows_by(BenchReport, "work_order", work_order_id, order=("made_at",))]


@dataclass(frozen=True, slots=True)
class OpenedFact:
    """An opened container with what is left and until when it may be used."""

    id: UUID
    state: str
    code: str
    product_id: UUID
    name: str
    lot_id: UUID
    lot: str
    hood_id: UUID
    opened_at: datetime
    opener: str
    good_until: datetime
    because: str
    volume_ml: Decimal
    left_ml: Decimal
    waste_reason: str
    version: int


def opened_fact(r: OpenedContainer) -> OpenedFact:
    return OpenedFact(r.id, r.state, r.code, r.product_id, r.name, r.lot_id, r.lot_number, r.hood_id, r.opened_at,
                      r.opener_name, r.good_until, r.because, r.volume_ml, r.volume_ml - r.drawn_ml, r.waste_reason, r.version)


def opened_in(hood_id: UUID, products: Iterable[UUID]) -> list[OpenedFact]:
    """What stands opened in a hood of these products and may still be used, the soonest ending first."""
    rows = OpenedContainer.objects.filter(
        hood_id=hood_id, product_id__in=list(products), state=OpenedState.OPEN.value, good_until__gt=now())
    return [opened_fact(r) for r in rows.order_by("good_until")]


def opened_at_site(site_id: UUID | None, state: str = OpenedState.OPEN.value) -> list[OpenedFact]:
    """Opened containers of a site (of all where none is given), the soonest ending first."""
    rows = OpenedContainer.objects.filter(**({"state": state} if state else {}), **({"site_id": site_id} if site_id else {}))
    return [opened_fact(r) for r in rows.order_by("good_until")[:500]]


def carried_into(work_order_id: UUID) -> list[OpenedFact]:
    """The opened containers of earlier preparations that a work order drew from."""
    ids = [c.opened_id for c in rows_by(Carry, "work_order", work_order_id)]
    return [opened_fact(r) for r in rows_by(OpenedContainer, "id", ids, order=("opened_at",))]


def work_orders_with_lot(lot_id: UUID) -> list[UUID]:
    """Every work order that a lot was held for or issued to, or that drew from an opened container of it."""
    carried = Carry.objects.filter(opened__lot_id=lot_id).values_list("work_order_id", flat=True)
    return list(dict.fromkeys([*inventory.purposes_of_lot(lot_id), *carried]))


def looks_wanted(actor_id: UUID) -> QuerySet[StepDone]:
    """Steps at a hood that wait for another person than this one."""
    looked = StepLook.objects.filter(done_id=OuterRef("pk"))
    rows = StepDone.objects.filter(work_order__state="in_compounding").exclude(look="").exclude(done_by=actor_id)
    return rows.filter(~Exists(looked)).select_related("work_order")
