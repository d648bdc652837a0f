# SPDX-License-Identifier: Apache-2.0
"""The record, section by section, with versions: what a phone without a network sends when it is back."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema, Status

from openinfusion.kernel.refusal import Stale
from openinfusion.nursing.actions.section import resolve_conflict, set_aside, write_section
from openinfusion.nursing.api.packet import PacketOut
from openinfusion.nursing.api.router import router
from openinfusion.nursing.models import NurseVisit, SectionEntry
from openinfusion.nursing.permissions import READ
from openinfusion.nursing.queries.packet import packet, values_on_record
from openinfusion.platform.action import fetch
from openinfusion.platform.api import Instant, Whole


class EntryIn(Schema):
    """What was entered. ``base``: the version of the section it was made upon; left out, nothing is compared.

    ``at``: when, by the phone's clock. ``despite``: why something a check speaks against is on record all the same.
    """

    values: dict[str, Any]
    base: Whole | None = None
    at: Instant | None = None
    device_id: UUID | None = None
    despite: str = ""


class ChoiceIn(Schema):
    """After a 409: the phone's entry, and which one stands: mine or theirs. ``base``: the version the nurse has seen."""

    values: dict[str, Any]
    keeps: str
    base: Whole
    at: Instant | None = None
    device_id: UUID | None = None


class AsideIn(Schema):
    values: dict[str, Any]
    why: str
    at: Instant | None = None
    device_id: UUID | None = None


class SectionOut(Schema):
    """What stands in a section, and its version."""

    section: str
    version: int
    values: Any = None
    state: str


class ConflictOut(Schema):
    """The section was changed meanwhile: the server's copy, for the nurse to compare. Nothing was written."""

    error: str
    details: list[dict[str, str]]
    server: SectionOut


class EntryOut(Schema):
    number: int
    stands: bool
    values: Any
    said_at: datetime
    made_at: datetime
    writer_name: str
    device: str
    problems: list[str]
    why: str
    against: int | None


def _copy(visit_id: UUID, section: str) -> dict[str, Any]:
    v = fetch(NurseVisit, visit_id)
    return {"section": section, "version": v.section_versions.get(section, 0), "values": values_on_record(v).get(section),
            "state": v.state}


def _stale(no: Stale, visit_id: UUID, section: str) -> Status[dict[str, Any]]:
    """409 with the server's copy beside the reason."""
    details = [{"code": "stale", "text": str(no)}]
    return Status(409, {"error": "stale", "details": details, "server": _copy(visit_id, section)})


@router.get("/visits/{visit_id}/packet", response=PacketOut)
def visit_packet(request: HttpRequest, visit_id: UUID) -> dict[str, Any]:
    """A visit as a phone takes it along: patient, order, drug, forms, what is on record, with versions."""
    by = request.actor  # type: ignore[attr-defined]
    by.must(READ)
    return packet(fetch(NurseVisit, visit_id), by)


@router.post("/visits/{visit_id}/sections/{section}", response={200: SectionOut, 409: ConflictOut})
def section_write(request: HttpRequest, visit_id: UUID, section: str, said: EntryIn) -> Any:
    """Write a section of a visit in progress. 409 with the server's copy where it was changed since ``base``."""
    try:
        write_section(visit_id=visit_id, section=section, by=request.actor, **said.dict())  # type: ignore[attr-defined]
    except Stale as no:
        return _stale(no, visit_id, section)
    return _copy(visit_id, section)


@router.post("/visits/{visit_id}/sections/{section}/choice", response={200: SectionOut, 409: ConflictOut})
def section_choice(request: HttpRequest, visit_id: UUID, section: str, said: ChoiceIn) -> Any:
    """The nurse compared both versions and chose; both stay in the record. 409 again where it changed once more."""
    try:
        resolve_conflict(visit_id=visit_id, section=section, by=request.actor, **said.dict())  # type: ignore[attr-defined]
    except Stale as no:
        return _stale(no, visit_id, section)
    return _copy(visit_id, section)


@router.post("/visits/{visit_id}/sections/{section}/aside", response=SectionOut)
def section_aside(request: HttpRequest, visit_id: UUID, section: str, said: AsideIn) -> Any:
    """Keep an entry beside a record that no longer takes it; the nurse manager sees it."""
    set_aside(visit_id=visit_id, section=section, by=request.actor, **said.dict())  # type: ignore[attr-defined]
    return _copy(visit_id, section)


@router.get("/visits/{visit_id}/sections/{section}/entries", response=list[EntryOut])
def section_entries(request: HttpRequest, visit_id: UUID, section: str) -> list[dict[str, Any]]:
    """Every entry of a section, those that stand and those kept beside it."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    rows = SectionEntry.objects.filter(visit_id=visit_id, section=section).select_related("device").order_by("made_at")
    return [
        {"number": r.number, "stands": r.stands, "values": r.values, "said_at": r.said_at, "made_at": r.made_at,
         "writer_name": r.writer_name, "device": r.device.name if r.device else "", "problems": r.problems, "why": r.why,
         "against": r.against} for r in rows
    ]
