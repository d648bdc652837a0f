# SPDX-License-Identifier: Apache-2.0
"""Work orders as JSON: plan, capture lots, take steps, print labels."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from openinfusion.compounding import permissions, public
from openinfusion.compounding.public import IngredientFact, PreparationFact, WorkOrderFact
from openinfusion.inventory.public import Ownership
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.api import Whole, router_for
from openinfusion.platform.files import open_file

router = router_for("compounding")


class LotOut(Schema):
    capture_id: UUID
    lot_id: UUID
    number: str
    expires_on: date
    packages: int
    keyed: bool
    confirmed: bool


class HeldOut(Schema):
    lot_id: UUID
    number: str
    expires_on: date
    packages: int


class IngredientOut(Schema):
    id: UUID
    role: str
    product_id: UUID
    name: str
    gtin: str
    packages: int
    captured: int
    used: Decimal
    discarded: Decimal
    unit: str
    single_dose: bool
    held: list[HeldOut]
    lots: list[LotOut]


class WorkOrderOut(Schema):
    id: UUID
    number: str
    state: str
    prescription_id: UUID
    therapy_id: UUID
    patient_id: UUID
    site_id: UUID
    title: str
    doses: int
    first_on: date
    last_on: date
    need_by: datetime
    hazardous: bool
    formula_id: UUID | None
    version: int
    ingredients: list[IngredientOut]


class PreparationOut(Schema):
    id: UUID
    work_order_id: UUID
    lot_number: str
    containers: int
    beyond_use_at: datetime
    limit_name: str
    limit_text: str
    released: bool


class ReasonOut(Schema):
    code: str
    text: str
    clears: str


class GateOut(Schema):
    open: bool
    reasons: list[ReasonOut]


class PlanIn(Schema):
    prescription_id: UUID
    days: Whole | None = None


class ScanIn(Schema):
    scan: str
    keyed: bool = False
    packages: Whole = 1
    reason: str = ""


class StepIn(Schema):
    step: str
    reason: str = ""
    hood_id: UUID | None = None
    version: Whole | None = None


class LabelIn(Schema):
    """Why the label is printed again; not needed the first time."""

    reason: str = ""


class Made(Schema):
    id: UUID


def _ingredient(f: IngredientFact) -> IngredientOut:
    return IngredientOut(
        id=f.id, role=f.role, product_id=f.product_id, name=f.name, gtin=f.gtin, packages=f.packages,
        captured=f.captured, used=f.used.amount, discarded=f.discarded.amount, unit=f.used.unit.code,
        single_dose=f.single_dose,
        held=[HeldOut(lot_id=a.lot_id, number=a.lot_number, expires_on=a.expires_on, packages=int(a.quantity))
              for a in f.held],
        lots=[LotOut(capture_id=u.capture_id, lot_id=u.lot_id, number=u.number, expires_on=u.expires_on,
                     packages=u.packages, keyed=u.keyed, confirmed=bool(u.confirmed_by)) for u in f.lots],
    )


def _work_order(f: WorkOrderFact) -> WorkOrderOut:
    return WorkOrderOut(
        id=f.id, number=f.number, state=f.state, prescription_id=f.prescription_id, therapy_id=f.therapy_id,
        patient_id=f.patient_id, site_id=f.site_id, title=f.title, doses=f.doses, first_on=f.first_on,
        last_on=f.last_on, need_by=f.need_by, hazardous=f.hazardous, formula_id=f.formula_id, version=f.version,
        ingredients=[_ingredient(i) for i in public.ingredients(f.id)],
    )


def _preparation(f: PreparationFact) -> PreparationOut:
    return PreparationOut(
        id=f.id, work_order_id=f.work_order_id, lot_number=f.lot_number, containers=f.containers,
        beyond_use_at=f.beyond_use_at, limit_name=f.limit_name, limit_text=f.limit_text, released=f.released,
    )


@router.post("/work-orders", response=Made)
def plan(request: HttpRequest, given: PlanIn) -> Made:
    """Plan the next supply of a verified prescription."""
    return Made(id=public.plan_work_order(**given.model_dump(), by=request.actor))  # type: ignore[attr-defined]


@router.get("/work-orders", response=list[WorkOrderOut])
def of_prescription(request: HttpRequest, prescription_id: UUID) -> list[WorkOrderOut]:
    """The supplies of a prescription version."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [_work_order(f) for f in public.work_orders_of(prescription_id)]


@router.get("/work-orders/{work_order_id}", response=WorkOrderOut)
def one(request: HttpRequest, work_order_id: UUID) -> WorkOrderOut:
    """A work order with its ingredients."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return _work_order(public.work_order(work_order_id))


@router.get("/work-orders/{work_order_id}/gate", response=GateOut)
def gate(request: HttpRequest, work_order_id: UUID, hood_id: UUID | None = None) -> GateOut:
    """May I make this, here, now?"""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    found = public.gate(work_order_id, request.actor, hood_id)  # type: ignore[attr-defined]
    reasons = [ReasonOut(code=r.code, text=r.text, clears=r.clears) for r in found.reasons]
    return GateOut(open=found.open, reasons=reasons)


class OwnerIn(Schema):
    """``owner``: owned, consigned or 340b."""

    owner: Ownership
    reason: str


@router.post("/work-orders/{work_order_id}/owner", response=Made)
def owner(request: HttpRequest, work_order_id: UUID, given: OwnerIn) -> Made:
    """Hold the drug of a planned order from the stock of another owner, with a reason."""
    return Made(id=public.take_from_owner(work_order_id=work_order_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/work-orders/{work_order_id}/allocation", response=Made)
def allocate(request: HttpRequest, work_order_id: UUID) -> Made:
    """Hold what is short."""
    return Made(id=public.allocate_ingredients(work_order_id=work_order_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/work-orders/{work_order_id}/scans", response=Made)
def scan(request: HttpRequest, work_order_id: UUID, given: ScanIn) -> Made:
    """Capture a lot by its barcode."""
    return Made(id=public.scan_ingredient(
        work_order_id=work_order_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/captures/{capture_id}/confirmation", response=Made)
def confirm(request: HttpRequest, capture_id: UUID) -> Made:
    """Confirm another person's keyed entry."""
    return Made(id=public.confirm_capture(capture_id=capture_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/work-orders/{work_order_id}/steps", response=WorkOrderOut)
def step(request: HttpRequest, work_order_id: UUID, given: StepIn) -> WorkOrderOut:
    """Take one step; verify and dispense need a signature (header X-Signature)."""
    public.advance_work_order(
        work_order_id=work_order_id, by=request.actor, **given.model_dump())  # type: ignore[attr-defined]
    return _work_order(public.work_order(work_order_id))


@router.post("/work-orders/{work_order_id}/label", response=Made)
def label_print(request: HttpRequest, work_order_id: UUID, given: LabelIn | None = None) -> Made:
    """Print the labels, again only with a reason; the id of the stored PDF."""
    reason = given.reason if given else ""
    return Made(id=public.print_label(work_order_id=work_order_id, reason=reason, by=request.actor))  # type: ignore[attr-defined]


@router.get("/work-orders/{work_order_id}/label")
def label(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """The label PDF."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    made = public.preparations_of(work_order_id)
    if not made or made[0].label_file_id is None:
        raise NotFound("label")
    file = open_file(made[0].label_file_id)
    return HttpResponse(file.data, content_type=file.media_type)


@router.get("/work-orders/{work_order_id}/preparations", response=list[PreparationOut])
def preparations(request: HttpRequest, work_order_id: UUID) -> list[PreparationOut]:
    """What a work order made."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [_preparation(p) for p in public.preparations_of(work_order_id)]
