# SPDX-License-Identifier: Apache-2.0
"""Hard stops passed in an emergency, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.break_glass import advance_pass, propose_pass
from openinfusion.clinical.api.care import StepIn
from openinfusion.clinical.api.reviews import Made, router
from openinfusion.clinical.queries import passes_where, review_of
from openinfusion.platform.api import Instant


class PassIn(Schema):
    """``reached_at`` carries its zone; sign with the header X-Signature."""

    fingerprint: str
    reason_code: str
    note: str
    prescriber: str
    reached_at: Instant


class PassOut(Schema):
    id: UUID
    state: str
    prescription_id: UUID
    code: str
    title: str
    reason_code: str
    note: str
    prescriber: str
    proposer_name: str
    confirmer_name: str
    ends_at: datetime | None
    review_due_at: datetime | None
    reviewer_name: str
    judgement: str
    version: int


@router.get("/emergency-passes", response=list[PassOut])
def passes(request: HttpRequest, state: str = "") -> list[PassOut]:
    """Every hard stop that was asked to be passed, the newest first."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    where: dict[str, Any] = {"state": state} if state else {}
    return [PassOut.from_orm(p) for p in passes_where(**where)]


@router.post("/prescriptions/{prescription_id}/emergency-passes", response=Made)
def pass_propose(request: HttpRequest, prescription_id: UUID, given: PassIn) -> Made:
    """Ask that a hard stop be passed; a second pharmacist confirms it."""
    by = request.actor  # type: ignore[attr-defined]
    return Made(id=propose_pass(review_id=review_of(prescription_id).id, by=by, **given.model_dump()))


@router.post("/emergency-passes/{pass_id}/steps", response=Made)
def pass_step(request: HttpRequest, pass_id: UUID, taken: StepIn) -> Made:
    """Confirm, withdraw, end, review."""
    return Made(id=advance_pass(pass_id=pass_id, by=request.actor, **taken.model_dump()))  # type: ignore[attr-defined]
