# SPDX-License-Identifier: Apache-2.0
"""Views of the compounding room."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.compounding import public as compounding
from openinfusion.compounding.actions.capture import confirm_capture, scan_ingredient
from openinfusion.compounding.actions.label import print_label
from openinfusion.compounding.actions.make import advance_work_order
from openinfusion.compounding.actions.owner import take_from_owner
from openinfusion.compounding.actions.plan import allocate_ingredients, plan_work_order
from openinfusion.compounding.permissions import READ
from openinfusion.compounding.web import pages
from openinfusion.compounding.web.forms import OwnerChosenForm, ReasonForm, ScanForm, StepForm
from openinfusion.kernel.machine import shown
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.files import open_file
from openinfusion.platform.web import Request, read, reads, show, then, writes


@reads(READ.code)
def bench(request: Request) -> HttpResponse:
    return show(request, "compounding/bench.html", pages.bench_page(request.actor))


@reads(READ.code)
def work_order(request: Request, work_order_id: UUID) -> HttpResponse:
    return show(request, "compounding/work_order.html", pages.work_order_page(work_order_id, request.actor))


@writes
def plan(request: Request, prescription_id: UUID) -> HttpResponse:
    made = plan_work_order(prescription_id=prescription_id, by=request.actor)
    return then(request, "compounding:work_order", made, said="The next supply is planned.")


@writes
def work_order_step(request: Request, work_order_id: UUID, step: str) -> HttpResponse:
    advance_work_order(work_order_id=work_order_id, step=step, by=request.actor, **read(StepForm, request))
    state = compounding.WorkOrderState(compounding.work_order(work_order_id).state)
    return then(request, "compounding:work_order", work_order_id, said=f"Now {shown(state)}.")


@writes
def scan(request: Request, work_order_id: UUID) -> HttpResponse:
    scan_ingredient(work_order_id=work_order_id, by=request.actor, **read(ScanForm, request))
    return then(request, "compounding:work_order", work_order_id, said="Right product. Captured.")


@writes
def capture_confirm(request: Request, capture_id: UUID, work_order_id: UUID) -> HttpResponse:
    confirm_capture(capture_id=capture_id, by=request.actor)
    return then(request, "compounding:work_order", work_order_id, said="Confirmed.")


@writes
def allocate(request: Request, work_order_id: UUID) -> HttpResponse:
    allocate_ingredients(work_order_id=work_order_id, by=request.actor)
    return then(request, "compounding:work_order", work_order_id, said="Everything is held.")


@writes
def owner(request: Request, work_order_id: UUID) -> HttpResponse:
    take_from_owner(work_order_id=work_order_id, by=request.actor, **read(OwnerChosenForm, request))
    return then(request, "compounding:work_order", work_order_id, said="Held from there.")


@writes
def label_print(request: Request, work_order_id: UUID) -> HttpResponse:
    print_label(work_order_id=work_order_id, by=request.actor, **read(ReasonForm, request))
    return then(request, "compounding:work_order", work_order_id, said="The label is ready to print.")


@reads(READ.code)
def label(request: Request, work_order_id: UUID) -> HttpResponse:
    """The label PDF as it was stored."""
    made = compounding.preparations_of(work_order_id)
    if not made or made[0].label_file_id is None:
        raise NotFound("label")
    file = open_file(made[0].label_file_id)
    response = HttpResponse(file.data, content_type=file.media_type)
    response["Content-Disposition"] = f'inline; filename="{file.name}"'
    response["Cache-Control"] = "no-store"
    return response
