# SPDX-License-Identifier: Apache-2.0
"""Counting, the vault, transfers, recalls and devices as JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.inventory import permissions, public
from openinfusion.inventory.api.stock import Made, StepIn, router
from openinfusion.inventory.models import CountLine
from openinfusion.inventory.public import ActKind, CareKind, Mode, RecallClass, Told
from openinfusion.inventory.queries.recall import notices_of
from openinfusion.platform.api import Amount, Whole


class CountIn(Schema):
    location_id: UUID
    klass: str = ""


class FigureIn(Schema):
    """A figure of a line or a lot; a string, so that no digit is lost."""

    id: UUID
    amount: Amount


class FiguresIn(Schema):
    figures: list[FigureIn]
    reason: str = ""


class LineOut(Schema):
    """A line to count: without the book."""

    id: UUID
    lot_id: UUID
    counted: bool


class VaultIn(Schema):
    kind: ActKind
    lot_id: UUID
    location_id: UUID
    amount: Amount
    reason: str = ""


class WitnessIn(Schema):
    counted: Amount | None = None


class SendIn(Schema):
    from_location: UUID
    to_location: UUID
    lots: list[FigureIn]
    note: str = ""


class RecallIn(Schema):
    title: str
    klass: RecallClass
    source: str
    why: str
    instructions: str = ""
    lot_ids: list[UUID] = []
    pump_ids: list[UUID] = []


class NoticeOut(Schema):
    id: UUID
    patient_id: UUID
    reach: str
    what: str
    told: str


class RecallOut(Schema):
    id: UUID
    number: str
    state: str
    lot_ids: list[UUID]
    notices: list[NoticeOut]


class ToldIn(Schema):
    told: Told
    how: str = ""
    note: str = ""


class CareIn(Schema):
    kind: CareKind
    done_on: date
    how: str
    passed: bool


class SettingsIn(Schema):
    mode: Mode
    concentration: Amount
    rate_ml_per_h: Amount
    volume_ml: Amount = Decimal(0)
    every_hours: Amount | None = None
    bolus_ml: Amount = Decimal(0)
    lockout_minutes: Whole | None = None
    hourly_limit_ml: Amount | None = None


class ProgramIn(SettingsIn):
    prescription_id: UUID


class TakenOut(Schema):
    """One use of a lot: by which purpose, how much was taken and how much is set aside."""

    for_id: UUID
    lot_id: UUID
    issued: Amount
    held: Amount


@router.post("/counts", response=Made)
def open_count(request: HttpRequest, given: CountIn) -> Made:
    """Open a count sheet of a place."""
    return Made(id=public.open_count(**given.model_dump(), by=request.actor))  # type: ignore[attr-defined]


@router.get("/counts/{sheet_id}/lines", response=list[LineOut])
def count_lines(request: HttpRequest, sheet_id: UUID) -> list[LineOut]:
    """The lines of a sheet, without what the book says."""
    request.actor.must(permissions.COUNT)  # type: ignore[attr-defined]
    return [
        LineOut(id=x.id, lot_id=x.lot_id, counted=x.counted_amount is not None)
        for x in CountLine.objects.filter(sheet_id=sheet_id).order_by("id")
    ]


@router.post("/counts/{sheet_id}/figures", response=Made)
def record_count(request: HttpRequest, sheet_id: UUID, given: FiguresIn) -> Made:
    """What was counted, by line."""
    amounts = {f.id: f.amount for f in given.figures}
    return Made(id=public.record_count(sheet_id=sheet_id, amounts=amounts, by=request.actor))  # type: ignore[attr-defined]


@router.post("/counts/{sheet_id}/steps", response=Made)
def count_step(request: HttpRequest, sheet_id: UUID, taken: StepIn) -> Made:
    """Finish, recount, confirm, approve or cancel."""
    return Made(id=public.advance_count(sheet_id=sheet_id, by=request.actor, **taken.model_dump()))  # type: ignore[attr-defined]


@router.post("/vault", response=Made)
def enter(request: HttpRequest, given: VaultIn) -> Made:
    """Enter a count, waste or correction of a controlled substance; a witness confirms it."""
    return Made(id=public.enter_controlled(**given.model_dump(), by=request.actor))  # type: ignore[attr-defined]


@router.post("/vault/{act_id}/witness", response=Made)
def witness(request: HttpRequest, act_id: UUID, given: WitnessIn) -> Made:
    """Witness an entry (header X-Signature)."""
    return Made(id=public.witness_controlled(act_id=act_id, counted=given.counted, by=request.actor))  # type: ignore[attr-defined]


@router.post("/transfers", response=Made)
def send(request: HttpRequest, given: SendIn) -> Made:
    """Send lots to another place."""
    return Made(
        id=public.send_transfer(
            from_location=given.from_location,
            to_location=given.to_location,
            lots={f.id: f.amount for f in given.lots},
            note=given.note,
            by=request.actor,  # type: ignore[attr-defined]
        )
    )


@router.post("/transfers/{transfer_id}/receipt", response=Made)
def arrive(request: HttpRequest, transfer_id: UUID, given: FiguresIn) -> Made:
    """Say for each lot how many arrived."""
    return Made(
        id=public.receive_transfer(
            transfer_id=transfer_id,
            arrived={f.id: f.amount for f in given.figures},
            reason=given.reason,
            by=request.actor,  # type: ignore[attr-defined]
        )
    )


@router.post("/recalls", response=Made)
def open_recall(request: HttpRequest, given: RecallIn) -> Made:
    """Open a recall and stop what it names."""
    return Made(id=public.open_recall(**given.model_dump(), by=request.actor))  # type: ignore[attr-defined]


@router.get("/recalls/{case_id}", response=RecallOut)
def recall(request: HttpRequest, case_id: UUID) -> RecallOut:
    """A recall with the patients it reached."""
    request.actor.must(permissions.RECALL)  # type: ignore[attr-defined]
    f = public.recall(case_id)
    return RecallOut(
        id=f.id,
        number=f.number,
        state=f.state,
        lot_ids=list(f.lot_ids),
        notices=[
            NoticeOut(id=n.id, patient_id=n.patient_id, reach=n.reach, what=n.what, told=n.told) for n in notices_of(case_id)
        ],
    )


@router.post("/recalls/{case_id}/steps", response=Made)
def recall_step(request: HttpRequest, case_id: UUID, taken: StepIn) -> Made:
    """Stock pulled, everybody told, effect checked, closed, or opened again."""
    return Made(id=public.advance_recall(case_id=case_id, by=request.actor, **taken.model_dump()))  # type: ignore[attr-defined]


@router.post("/notices/{notice_id}", response=Made)
def told(request: HttpRequest, notice_id: UUID, given: ToldIn) -> Made:
    """Note what came of telling a patient."""
    return Made(id=public.tell_patient(notice_id=notice_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.get("/lots/{lot_id}/uses", response=list[TakenOut])
def uses(request: HttpRequest, lot_id: UUID) -> list[TakenOut]:
    """Which work orders and deliveries took some of a lot."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [TakenOut(for_id=t.for_id, lot_id=t.lot_id, issued=t.issued, held=t.held) for t in public.taken(lots=[lot_id])]


@router.post("/devices/{pump_id}/care", response=Made)
def care(request: HttpRequest, pump_id: UUID, given: CareIn) -> Made:
    """Record a cleaning, maintenance or repair."""
    return Made(id=public.record_care(pump_id=pump_id, care=public.Care(**given.model_dump()), by=request.actor))  # type: ignore[attr-defined]


@router.post("/devices/{pump_id}/program", response=Made)
def program(request: HttpRequest, pump_id: UUID, given: ProgramIn) -> Made:
    """Enter a pump's program for an order."""
    values = given.model_dump()
    order = values.pop("prescription_id")
    return Made(
        id=public.enter_program(
            pump_id=pump_id,
            prescription_id=order,
            settings=public.Settings(**values),
            by=request.actor,  # type: ignore[attr-defined]
        )
    )


@router.post("/programs/{program_id}/check", response=Made)
def check(request: HttpRequest, program_id: UUID, given: SettingsIn) -> Made:
    """A second person's reading of the pump (header X-Signature)."""
    return Made(
        id=public.check_program(
            program_id=program_id,
            seen=public.Settings(**given.model_dump()),
            by=request.actor,  # type: ignore[attr-defined]
        )
    )
