# SPDX-License-Identifier: Apache-2.0
"""Phones as JSON: register one, take the day along, revoke, allow again."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.nursing.actions.phone import allow_phone, prepare_phone, register_phone, revoke_phone
from openinfusion.nursing.api.packet import DayOfPhone
from openinfusion.nursing.api.router import router
from openinfusion.nursing.models import NurseVisit, Phone
from openinfusion.nursing.permissions import MAKE, ROSTER
from openinfusion.nursing.queries.packet import common, own_breaks, packet
from openinfusion.platform.action import fetch
from openinfusion.platform.clock import now


class PhoneIn(Schema):
    name: str


class WhyIn(Schema):
    reason: str


class PhoneOut(Schema):
    id: UUID
    name: str
    nurse: UUID
    nurse_name: str
    prepared_at: datetime | None
    good_until: datetime | None
    revoked_at: datetime | None
    revoker_name: str


@router.get("/phones", response=list[PhoneOut])
def phones(request: HttpRequest) -> list[Phone]:
    """One's own phones; all of them for who manages the roster."""
    by = request.actor  # type: ignore[attr-defined]
    by.must(MAKE)
    rows = Phone.objects.order_by("nurse_name", "name")
    return list(rows if by.may(ROSTER.code) else rows.filter(nurse=by.id))


@router.post("/phones", response=PhoneOut)
def phone_register(request: HttpRequest, said: PhoneIn) -> Phone:
    """Register this phone as one's own."""
    return fetch(Phone, register_phone(name=said.name, by=request.actor))  # type: ignore[attr-defined]


@router.get("/phones/{device_id}", response=PhoneOut)
def phone_one(request: HttpRequest, device_id: UUID) -> Phone:
    """How this phone stands: whether it was revoked."""
    request.actor.must(MAKE)  # type: ignore[attr-defined]
    return fetch(Phone, device_id)


@router.post("/phones/{device_id}/day", response=DayOfPhone)
def phone_day(request: HttpRequest, device_id: UUID) -> dict[str, Any]:
    """Take the visits along: every packet of the nurse's assigned visits, and how long they may stay on the phone."""
    by = request.actor  # type: ignore[attr-defined]
    prepare_phone(device_id=device_id, by=by)
    phone = fetch(Phone, device_id)
    rows = {str(v.id): v for v in NurseVisit.objects.filter(pk__in=phone.visits)}
    return {
        "now": now(), "good_until": phone.good_until, "nurse": str(by.id), "nurse_name": by.name, "breaks": own_breaks(by),
        "visits": [packet(rows[i], by) for i in phone.visits if i in rows], "common": common(),
    }


@router.post("/phones/{device_id}/revoke", response=PhoneOut)
def phone_revoke(request: HttpRequest, device_id: UUID, said: WhyIn) -> Phone:
    """A lost phone: it gets nothing more and sends nothing."""
    return fetch(Phone, revoke_phone(device_id=device_id, reason=said.reason, by=request.actor))  # type: ignore[attr-defined]


@router.post("/phones/{device_id}/allow", response=PhoneOut)
def phone_allow(request: HttpRequest, device_id: UUID, said: WhyIn) -> Phone:
    """A revoked phone may send again."""
    return fetch(Phone, allow_phone(device_id=device_id, reason=said.reason, by=request.actor))  # type: ignore[attr-defined]
