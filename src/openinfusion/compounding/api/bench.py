# SPDX-License-Identifier: Apache-2.0
"""The bench as JSON: the steps at the hood and what was done of them, second looks, reports, opened containers.

The page at the hood speaks to these addresses as well, each call with an Idempotency-Key, so that a step that was told
twice after a lost network is done once.
"""
from __future__ import annotations

import base64
import binascii
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from openinfusion.compounding import permissions, public
from openinfusion.compounding.api.work_order import Made, router
from openinfusion.compounding.public import OpenedFact, StepFact, StepReport
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.actor import Actor
from openinfusion.platform.api import Amount, Instant, Whole


class DoneOut(Schema):
    """One doing of a step. ``accepted``: null while nobody looked."""

    at: datetime
    by: str
    code: str
    keyed: bool
    lot: str
    volume_ml: Decimal | None
    weight_g: Decimal | None
    photo_id: UUID | None
    look: str
    looker: str
    accepted: bool | None


class StepOut(Schema):
    """A step. ``asks``: scan, key, weight or photo; ``offer``: the label of an opened container to take first."""

    place: int
    kind: str
    asks: str
    text: str
    container: int
    count: int
    volume_ml: Decimal | None
    syringe_ml: Decimal | None
    expected_g: Decimal | None
    low_g: Decimal | None
    high_g: Decimal | None
    look: str
    stands: bool
    waits: bool
    doings: list[DoneOut]


class BenchOut(Schema):
    """Every step and how far the work has come."""

    work_order_id: UUID
    state: str
    done: int
    of: int
    waiting: int
    stopped: str
    stop_id: UUID | None
    steps: list[StepOut]


class ReportIn(Schema):
    """What was done of a step. ``photo``: a JPEG or PNG in base 64; ``done_at``: when, where it is told later."""

    place: Whole
    code: str = ""
    keyed: bool = False
    weight_g: Amount | None = None
    volume_ml: Amount | None = None
    photo: str = ""
    note: str = ""
    done_at: Instant | None = None


class StepsIn(Schema):
    reports: list[ReportIn]


class ToldOut(Schema):
    """What came of it: steps that stand, all steps, the step that waits and why, and what stops the work."""

    done: int
    of: int
    waiting: int
    look: str
    stopped: str


class LookIn(Schema):
    accepted: bool
    note: str = ""
    place: Whole | None = None


class SaidIn(Schema):
    text: str = ""


class ReportStepIn(Schema):
    step: str
    reason: str = ""
    version: Whole | None = None


class ReportOut(Schema):
    id: UUID
    kind: str
    state: str
    stops: bool
    text: str
    reporter: str
    at: datetime
    version: int


class OpenedOut(Schema):
    """An opened container; ``label`` is what its own barcode says."""

    id: UUID
    state: str
    label: str
    product_id: UUID
    name: str
    lot: str
    hood_id: UUID
    opened_at: datetime
    good_until: datetime
    because: str
    left_ml: Decimal
    version: int


class WasteIn(Schema):
    reason: str
    version: Whole | None = None


def _by(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _report(given: ReportIn) -> StepReport:
    try:
        photo = base64.b64decode(given.photo, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(Fault("photo", "a picture comes in base 64")) from None
    return StepReport(**given.model_dump(exclude={"photo"}), photo=photo)


def _step(s: StepFact) -> StepOut:
    said: dict[str, Any] = {n: getattr(s.step, n) for n in (
        "place", "text", "container", "count", "volume_ml", "syringe_ml", "expected_g", "low_g", "high_g", "look")}
    doings = [
        DoneOut(at=d.at, by=d.name, code=d.code, keyed=d.keyed, lot=d.lot, volume_ml=d.volume_ml, weight_g=d.weight_g,
                photo_id=d.photo_id, look=d.look, looker=d.looker, accepted=d.accepted) for d in s.doings
    ]
    return StepOut(**said, kind=s.step.kind.value, asks=s.step.asks.value, stands=s.stands, waits=s.waits, doings=doings)


def _opened(f: OpenedFact) -> OpenedOut:
    return OpenedOut(
        id=f.id, state=f.state, label=public.opened_code(f.id), product_id=f.product_id, name=f.name, lot=f.lot,
        hood_id=f.hood_id, opened_at=f.opened_at, good_until=f.good_until, because=f.because, left_ml=f.left_ml,
        version=f.version,
    )


@router.get("/work-orders/{work_order_id}/bench", response=BenchOut)
def bench(request: HttpRequest, work_order_id: UUID) -> BenchOut:
    """The steps at the hood."""
    _by(request).must(permissions.READ)
    order, at = public.work_order(work_order_id), public.progress(work_order_id)
    stop_id = next((r.id for r in public.reports(order.id) if r.stopping), None)
    return BenchOut(work_order_id=order.id, state=order.state, done=at.done, of=at.steps, waiting=at.waiting,
                    stopped=at.stopped, stop_id=stop_id, steps=[_step(s) for s in public.steps(order.id)])


@router.post("/work-orders/{work_order_id}/bench", response=ToldOut)
def record(request: HttpRequest, work_order_id: UUID, given: StepsIn) -> Any:
    """Do the next steps in order. It ends early where one waits for another person or stops the work."""
    reports = [_report(r) for r in given.reports]
    return public.record_steps(work_order_id=work_order_id, reports=reports, by=_by(request))


@router.post("/work-orders/{work_order_id}/look", response=Made)
def look(request: HttpRequest, work_order_id: UUID, given: LookIn) -> Made:
    """Another person's look at the step that waits."""
    return Made(id=public.look_at_step(work_order_id=work_order_id, by=_by(request), **given.model_dump()))


@router.get("/work-orders/{work_order_id}/reports", response=list[ReportOut])
def reports(request: HttpRequest, work_order_id: UUID) -> list[ReportOut]:
    """Wrong scans, near misses and calls of a work order."""
    _by(request).must(permissions.READ)
    names = ("id", "kind", "state", "stops", "text", "reporter", "at", "version")
    return [ReportOut(**{n: getattr(r, n) for n in names}) for r in public.reports(work_order_id)]


@router.post("/work-orders/{work_order_id}/near-misses", response=Made)
def near_miss(request: HttpRequest, work_order_id: UUID, given: SaidIn) -> Made:
    """Report a near miss."""
    return Made(id=public.report_near_miss(work_order_id=work_order_id, text=given.text, by=_by(request)))


@router.post("/work-orders/{work_order_id}/calls", response=Made)
def call(request: HttpRequest, work_order_id: UUID, given: SaidIn) -> Made:
    """Call the pharmacist to the hood."""
    return Made(id=public.call_pharmacist(work_order_id=work_order_id, text=given.text, by=_by(request)))


@router.post("/bench-reports/{report_id}/steps", response=Made)
def report_step(request: HttpRequest, report_id: UUID, given: ReportStepIn) -> Made:
    """Acknowledge at the hood, or review as a pharmacist with a word on what came of it."""
    return Made(id=public.advance_report(report_id=report_id, by=_by(request), **given.model_dump()))


@router.get("/work-orders/{work_order_id}/record")
def record_pdf(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """The worksheet, or once it is compounded the batch record, as PDF."""
    _by(request).must(permissions.READ)
    return HttpResponse(public.record_pdf(work_order_id), content_type="application/pdf")


class PumpIn(Schema):
    """The file that the pump compounder answered with (docs/development/pump-file.md)."""

    bag: Whole
    text: str


@router.get("/work-orders/{work_order_id}/pump-file")
def pump_file(request: HttpRequest, work_order_id: UUID, bag: int = 1) -> HttpResponse:
    """What a pump compounder is to deliver into one bag of nutrition, as CSV."""
    _by(request).must(permissions.COMPOUND)
    return HttpResponse(public.pump_file(work_order_id, bag), content_type="text/csv; charset=utf-8")


@router.post("/work-orders/{work_order_id}/pump-file", response=ToldOut)
def pump_result(request: HttpRequest, work_order_id: UUID, given: PumpIn) -> Any:
    """What it delivered: the draws of the bag are done by it. A mismatch stops the work."""
    return public.record_pump_result(work_order_id=work_order_id, bag=given.bag, text=given.text, by=_by(request))


@router.get("/opened", response=list[OpenedOut])
def opened(request: HttpRequest, site_id: UUID) -> list[OpenedOut]:
    """Everything that stands opened at a site, the soonest ending first."""
    _by(request).must(permissions.READ)
    return [_opened(f) for f in public.opened_at(site_id)]


@router.post("/opened/{opened_id}/waste", response=Made)
def waste(request: HttpRequest, opened_id: UUID, given: WasteIn) -> Made:
    """Throw away what is left, with a reason."""
    return Made(id=public.waste_opened(opened_id=opened_id, by=_by(request), **given.model_dump()))


class HoodWasteIn(Schema):
    """Closed packages of a lot that stand in the hood."""

    lot_id: UUID
    reason: str
    packages: Whole = 1


class ReplaceIn(Schema):
    code: str


class HoodWasteOut(Schema):
    """What was wasted at the hood. ``state``: to_witness or done."""

    id: UUID
    name: str
    lot: str
    packages: int
    replaced: int
    reason: str
    state: str
    witness: str
    version: int


@router.get("/work-orders/{work_order_id}/waste", response=list[HoodWasteOut])
def hood_waste(request: HttpRequest, work_order_id: UUID) -> list[HoodWasteOut]:
    """What was wasted at the hood for a work order."""
    _by(request).must(permissions.READ)
    return [HoodWasteOut(**{n: getattr(w, n) for n in HoodWasteOut.model_fields}) for w in public.waste_of(work_order_id)]


@router.post("/work-orders/{work_order_id}/waste", response=Made)
def waste_package(request: HttpRequest, work_order_id: UUID, given: HoodWasteIn) -> Made:
    """Throw away a closed package at the hood, with a reason; a controlled one waits for its witness."""
    return Made(id=public.waste_package(work_order_id=work_order_id, by=_by(request), **given.model_dump()))


@router.post("/work-orders/{work_order_id}/replacements", response=Made)
def replace_package(request: HttpRequest, work_order_id: UUID, given: ReplaceIn) -> Made:
    """Put another package in the place of a wasted one, by its scan."""
    return Made(id=public.replace_package(work_order_id=work_order_id, scan=given.code, by=_by(request)))


class TurnOut(Schema):
    """Who has a hood, since when."""

    id: UUID
    hood_id: UUID
    hood_name: str
    person_id: UUID
    person: str
    taken_at: datetime
    version: int


class TurnStepIn(Schema):
    """``step``: leave, hand_over (with ``to_id``) or clear (with a reason)."""

    step: str
    reason: str = ""
    to_id: UUID | None = None
    version: Whole | None = None


@router.get("/hood-turns", response=list[TurnOut])
def hood_turns(request: HttpRequest, site_id: UUID) -> list[TurnOut]:
    """Which hoods of a site somebody has now."""
    _by(request).must(permissions.READ)
    return [TurnOut(**{n: getattr(t, n) for n in TurnOut.model_fields}) for t in public.hood_turns(site_id)]


@router.post("/hood-turns/{turn_id}/steps", response=Made)
def hood_turn_step(request: HttpRequest, turn_id: UUID, given: TurnStepIn) -> Made:
    """Leave a hood, hand it over, or clear one that was left."""
    return Made(id=public.advance_turn(turn_id=turn_id, by=_by(request), **given.model_dump()))
