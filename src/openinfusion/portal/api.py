# SPDX-License-Identifier: Apache-2.0
"""Links and requests of patients' own pages as JSON, for staff. The patient's side has no API: only the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.platform.api import Whole, router_for
from openinfusion.portal.actions.link import give_link, renew_link, revoke_link
from openinfusion.portal.actions.request import advance_request
from openinfusion.portal.permissions import READ
from openinfusion.portal.queries import links_where, requests_where

router = router_for("portal")


class LinkOut(Schema):
    id: UUID
    patient_id: UUID
    state: str
    code_way: str
    expires_at: datetime
    used_at: datetime | None
    given_at: datetime
    giver_name: str
    wrong_tries: int
    closed: bool
    version: int


class RequestOut(Schema):
    id: UUID
    patient_id: UUID
    kind: str
    role: str
    state: str
    words: str
    signs: list[str]
    is_reaction: bool
    subject_id: UUID | None
    subject_text: str
    event_id: UUID | None
    asked_at: datetime
    due_at: datetime
    taken_at: datetime | None
    taker_name: str
    answer: str
    settled_at: datetime | None
    late: bool
    version: int


class GiveIn(Schema):
    """``code_way``: phone or letter."""

    code_way: str = "phone"
    version: Whole | None = None


class StepIn(Schema):
    reason: str = ""
    version: Whole | None = None


class GivenOut(Schema):
    """``token`` stands at the end of the patient's address /portal/my/…/; both secrets are told this once."""

    id: UUID
    token: str
    code: str


class Made(Schema):
    id: UUID


@router.get("/links", response=list[LinkOut])
def link_list(request: HttpRequest, patient_id: UUID | None = None) -> list[LinkOut]:
    """Links, the newest first; of one patient or of all."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    found = links_where(**({"patient_id": patient_id} if patient_id else {}))
    return [LinkOut.from_orm(x) for x in found]


@router.post("/patients/{patient_id}/link", response=GivenOut)
def link_give(request: HttpRequest, patient_id: UUID, given: GiveIn) -> GivenOut:
    """Give a patient their link and code."""
    return GivenOut(**give_link(patient_id=patient_id, code_way=given.code_way, by=request.actor))  # type: ignore[attr-defined, arg-type]


@router.post("/links/{link_id}/renew", response=GivenOut)
def link_renew(request: HttpRequest, link_id: UUID, given: GiveIn) -> GivenOut:
    """A new link and code in place of the old."""
    made = renew_link(link_id=link_id, code_way=given.code_way, version=given.version, by=request.actor)  # type: ignore[attr-defined]
    return GivenOut(**made)  # type: ignore[arg-type]


@router.post("/links/{link_id}/revoke", response=Made)
def link_revoke(request: HttpRequest, link_id: UUID, given: StepIn) -> Made:
    """Nobody comes in by it any more."""
    return Made(id=revoke_link(link_id=link_id, reason=given.reason, version=given.version, by=request.actor))  # type: ignore[attr-defined]


@router.get("/requests", response=list[RequestOut])
def request_list(request: HttpRequest, patient_id: UUID | None = None, state: str = "") -> list[RequestOut]:
    """Patients' requests, the soonest due first."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    where: dict[str, Any] = ({"patient_id": patient_id} if patient_id else {}) | ({"state": state} if state else {})
    return [RequestOut.from_orm(r) for r in requests_where(**where)]


@router.post("/requests/{request_id}/{step}", response=Made)
def request_step(request: HttpRequest, request_id: UUID, step: str, given: StepIn) -> Made:
    """Take a request, or settle it with what was done and said (``reason``)."""
    made = advance_request(request_id=request_id, step=step, reason=given.reason, version=given.version, by=request.actor)  # type: ignore[attr-defined]
    return Made(id=made)
