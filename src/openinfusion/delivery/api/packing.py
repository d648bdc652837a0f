# SPDX-License-Identifier: Apache-2.0
"""Pack-outs' validations and carriers' services as JSON."""
from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.delivery.actions.packing import add_service, advance_validation, enter_validation
from openinfusion.delivery.api.ticket import router
from openinfusion.delivery.domain.carrier import Service
from openinfusion.delivery.domain.pack_out import Lane
from openinfusion.delivery.domain.validation import Study
from openinfusion.delivery.permissions import READ
from openinfusion.delivery.queries.packing import services, validation_rows
from openinfusion.kernel.ids import new_id
from openinfusion.platform.api import Amount, Whole


class ValidationOut(Schema):
    id: UUID
    site_id: UUID
    state: str
    codes: list[str]
    title: str
    hours: int
    low_c: Decimal
    high_c: Decimal
    first: date
    last: date
    enterer_name: str
    approver_name: str


class ValidationIn(Schema):
    site_id: UUID
    codes: list[str]
    title: str
    hours: Whole
    low_c: Amount
    high_c: Amount
    first: date
    last: date


class ReasonIn(Schema):
    reason: str = ""


class ServiceOut(Schema):
    id: UUID
    carrier: str
    name: str
    lane: Lane
    cut_off: time
    weekdays: list[int]
    hours: int


class ServiceIn(Schema):
    site_id: UUID
    carrier: str
    name: str
    lane: Lane
    cut_off: time
    weekdays: list[Whole]
    hours: Whole


def _rows(only: UUID | None = None) -> list[ValidationOut]:
    return [
        ValidationOut(
            id=v.id, site_id=v.site_id, state=v.state, codes=list(v.study.codes), title=v.study.title, hours=v.study.hours,
            low_c=v.study.low_c, high_c=v.study.high_c, first=v.study.first, last=v.study.last, enterer_name=r.enterer_name,
            approver_name=r.approver_name,
        ) for r in validation_rows() if (v := r.validation) and only in (None, v.id)
    ]


@router.get("/validations", response=list[ValidationOut])
def validation_list(request: HttpRequest) -> list[ValidationOut]:
    """Studies of pack-outs on file."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return _rows()


@router.post("/validations", response=ValidationOut)
def validation_enter(request: HttpRequest, given: ValidationIn) -> ValidationOut:
    """Enter a study; a second pharmacist approves it."""
    said = given.dict()
    site_id = said.pop("site_id")
    study = Study(codes=tuple(said.pop("codes")), **said)
    return _rows(enter_validation(site_id=site_id, study=study, by=request.actor))[0]  # type: ignore[attr-defined]


@router.post("/validations/{validation_id}/steps/{step}", response=ValidationOut)
def validation_step(request: HttpRequest, validation_id: UUID, step: str, given: ReasonIn) -> ValidationOut:
    """Approve (needs the header X-Signature) or withdraw."""
    advance_validation(validation_id=validation_id, step=step, reason=given.reason, by=request.actor)  # type: ignore[attr-defined]
    return _rows(validation_id)[0]


@router.get("/services", response=list[ServiceOut])
def service_list(request: HttpRequest, site_id: UUID) -> list[Service]:
    """Carriers' services a site uses."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [s for _, s in services(site_id)]


@router.post("/services", response=ServiceOut)
def service_add(request: HttpRequest, given: ServiceIn) -> Service:
    """Add a carrier's service."""
    said = given.dict()
    site_id = said.pop("site_id")
    service = Service(id=new_id(), weekdays=tuple(said.pop("weekdays")), **said)
    add_service(site_id=site_id, service=service, by=request.actor)  # type: ignore[attr-defined]
    return service
