# SPDX-License-Identifier: Apache-2.0
"""Keeping what packages travel in and with: validations of pack-outs, carriers' services, what is asked at the door."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.compounding import public as compounding
from openinfusion.delivery.domain import carrier as carriers
from openinfusion.delivery.domain.carrier import Service
from openinfusion.delivery.domain.pack_out import pack_outs
from openinfusion.delivery.domain.validation import Study, ValidationFacts
from openinfusion.delivery.models import CarrierService, DoorRule, PackOutValidation
from openinfusion.delivery.permissions import CHECK, DISPATCH
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform import files
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.journal import write

_KINDS = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
MOST_BYTES = 10 * 1024 * 1024


def kept(name: str, data: bytes, by: Actor, *, field: str = "Document") -> UUID | None:
    """Keep a document or a photo; its id. Malformed unless it is a PDF, PNG or JPEG of at most 10 MB, by its first bytes."""
    if not data:
        return None
    media_type = next((kind for start, kind in _KINDS.items() if data.startswith(start)), "")
    if not media_type:
        raise Malformed(Fault(field, "attach a PDF, PNG or JPEG"))
    if len(data) > MOST_BYTES:
        raise Malformed(Fault(field, "the file is larger than 10 MB"))
    return files.store(name, data, media_type, by)


@action
def enter_validation(
    *, site_id: UUID, study: Study, by: Actor, file_name: str = "", document: bytes = b"",
) -> UUID:
    """Enter a study that shows that pack-outs hold. It counts once a second pharmacist has approved it."""
    by.must(CHECK)
    study.must_be_sound(pack_outs())
    row = PackOutValidation.objects.create(
        site_id=site_id, codes=list(study.codes), title=study.title.strip(), hours=study.hours, low_c=study.low_c,
        high_c=study.high_c, first_on=study.first, expires_on=study.last, file_id=kept(file_name, document, by),
        entered_by=by.id, enterer_name=by.name,
    )
    write(by, "delivery.validation.enter", row, "{actor} entered {subject} for {codes}: {hours} hours, to {last}",
          noted={"codes": ", ".join(study.codes), "hours": study.hours, "last": study.last})
    return row.id


@action
def advance_validation(*, validation_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Approve a validation, or withdraw it."""
    row = lock(PackOutValidation, validation_id, version)
    changes: dict[str, Any] = {"approved_by": by.id, "approver_name": by.name} if step == "approve" else {}
    advance(row, step, ValidationFacts(row.entered_by, by.id), by=by, reason=reason, **changes)
    return row.id


@action
def add_service(*, site_id: UUID, service: Service, by: Actor) -> UUID:
    """A carrier's service this site uses from now on."""
    by.must(DISPATCH)
    carriers.must_be_sound(service)
    if CarrierService.objects.filter(site_id=site_id, carrier=service.carrier.strip(), name=service.name.strip()).exists():
        raise Refused(Reason("there-already", f"{service} is there already"))
    row = CarrierService.objects.create(
        id=service.id, site_id=site_id, carrier=service.carrier.strip(), name=service.name.strip(), lane=service.lane.value,
        cut_off=service.cut_off, weekdays=sorted(service.weekdays), hours=service.hours,
    )
    write(by, "delivery.service.add", row, "{actor} added the service {subject}")
    leaves = compounding.Departure(row.id, str(row), row.cut_off, weekdays=frozenset(row.weekdays), minutes=60 * row.hours)
    compounding.keep_departure(site_id=site_id, departure=leaves, by=by)
    return row.id


@action
def end_service(*, service_id: UUID, by: Actor, version: int | None = None) -> UUID:
    """A service is not used any more."""
    by.must(DISPATCH)
    row = lock(CarrierService, service_id, version)
    revise(row, "delivery.service.end", "{actor} ended the service {subject}", by=by, is_active=False)
    compounding.drop_departure(source=row.id, by=by)
    return row.id


@action
def set_door(*, site_id: UUID, asks_position: bool, asks_photo: bool, by: Actor) -> UUID:
    """What this site asks for at the door."""
    by.must(DISPATCH)
    row = DoorRule.objects.select_for_update(of=("self",)).filter(site_id=site_id).first()
    row = row or DoorRule.objects.create(site_id=site_id)
    revise(row, "delivery.door.set", "{actor} set what is asked at the door: position {position}, photo {photo}", by=by,
           noted={"position": "yes" if asks_position else "no", "photo": "yes" if asks_photo else "no"},
           asks_position=asks_position, asks_photo=asks_photo)
    return row.id
