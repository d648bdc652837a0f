# SPDX-License-Identifier: Apache-2.0
"""The sites room as JSON: state of a site, temperature readings from probes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.platform.api import Amount, router_for
from openinfusion.platform.clock import now
from openinfusion.sites.actions import record_temperature
from openinfusion.sites.permissions import READ
from openinfusion.sites.public import fitness_reasons, hoods, pharmacies

router = router_for("sites")


class SiteOut(Schema):
    id: UUID
    name: str
    kind: str
    timezone: str


class HoodOut(Schema):
    id: UUID
    name: str
    hazardous: bool
    state: str
    reasons_against: list[str]


class ReadingIn(Schema):
    celsius: Amount
    action_taken: str = ""


class Made(Schema):
    id: UUID


@router.get("/", response=list[SiteOut])
def site_list(request: HttpRequest) -> list[SiteOut]:
    """All sites."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [SiteOut(id=p.id, name=p.name, kind=p.kind, timezone=p.timezone) for p in pharmacies()]


@router.get("/{site_id}/hoods", response=list[HoodOut])
def hood_list(request: HttpRequest, site_id: UUID) -> list[HoodOut]:
    """Hoods of a site, each with the reasons against using it now."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [
        HoodOut(
            id=h.id,
            name=h.name,
            hazardous=h.hazardous,
            state=h.state,
            reasons_against=[str(r) for r in fitness_reasons(h.id, now(), h.hazardous)],
        )
        for h in hoods(site_id)
    ]


@router.post("/cold-stores/{cold_store_id}/readings", response=Made)
def reading_add(request: HttpRequest, cold_store_id: UUID, reading: ReadingIn) -> Made:
    """Record a temperature; one out of range must say what was done."""
    made = record_temperature(
        cold_store_id=cold_store_id,
        celsius=reading.celsius,
        action_taken=reading.action_taken,
        by=request.actor,  # type: ignore[attr-defined]
    )
    return Made(id=made)
