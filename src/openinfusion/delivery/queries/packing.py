# SPDX-License-Identifier: Apache-2.0
"""Reads of packing: validations of pack-outs, services of carriers, what a site asks for at the door."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.delivery.domain.carrier import Service
from openinfusion.delivery.domain.pack_out import Lane
from openinfusion.delivery.domain.validation import Study, Validation, ValidationState, why_none_holds
from openinfusion.delivery.models import CarrierService, DoorRule, PackOutValidation
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.action import fetch
from openinfusion.platform.rows import rows_by


@dataclass(frozen=True, slots=True)
class ValidationRow:
    """A validation with who entered and who approved it."""

    validation: Validation
    file_id: UUID | None
    enterer_name: str
    approver_name: str
    version: int


def validation_of(r: PackOutValidation) -> Validation:
    study = Study(tuple(r.codes), r.title, r.hours, Decimal(r.low_c), Decimal(r.high_c), r.first_on, r.expires_on)
    return Validation(r.id, study, r.state, r.site_id)


def validations_at(site_id: UUID) -> list[Validation]:
    """Every validation of a site, the one that is good longest first."""
    found = [validation_of(r) for r in rows_by(PackOutValidation, "site", site_id)]
    return sorted(found, key=lambda v: (v.study.last, str(v.id)), reverse=True)


def validation_rows(site_id: UUID | None = None) -> list[ValidationRow]:
    rows = PackOutValidation.objects.order_by("expires_on", "made_at")
    return [ValidationRow(validation_of(r), r.file_id, r.enterer_name, r.approver_name, r.version)
            for r in (rows.filter(site_id=site_id) if site_id else rows)]


def validation_for(site_id: UUID, code: str, on: date, hours: int) -> Validation:
    """The validation that lets a pack-out travel so long; Refused with what would do, where none does."""
    held = validations_at(site_id)
    found = next((v for v in held if v.holds(code, on, hours)), None)
    if found is None:
        raise Refused(why_none_holds(code, on, hours, held))
    return found


def still_holds(validation_id: UUID, on: date) -> bool:
    """Whether a validation is approved and in force on a day."""
    v = validation_of(fetch(PackOutValidation, validation_id))
    return v.state == ValidationState.APPROVED and v.study.first <= on <= v.study.last


def proven_hours(validation_id: UUID) -> int:
    """The hours a validation shows."""
    return fetch(PackOutValidation, validation_id).hours


def service_of(r: CarrierService) -> Service:
    return Service(r.id, r.carrier, r.name, Lane(r.lane), r.cut_off, tuple(r.weekdays), r.hours, r.is_active)


def service(service_id: UUID) -> Service:
    return service_of(fetch(CarrierService, service_id))


def services(site_id: UUID | None = None, *, ended: bool = False) -> list[tuple[UUID, Service]]:
    """The services of a site, or of all: (site, service)."""
    rows = CarrierService.objects.order_by("carrier", "name")
    rows = rows.filter(site_id=site_id) if site_id else rows
    return [(r.site_id, service_of(r)) for r in (rows if ended else rows.filter(is_active=True))]


@dataclass(frozen=True, slots=True)
class Door:
    """What a site asks for at the door."""

    asks_position: bool = False
    asks_photo: bool = False


def door_of(site_id: UUID) -> Door:
    rule = DoorRule.objects.filter(site_id=site_id).first()
    return Door(rule.asks_position, rule.asks_photo) if rule else Door()
