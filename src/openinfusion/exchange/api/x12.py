# SPDX-License-Identifier: Apache-2.0
"""X12 over the API: ready claims into an 837P file, an 835 in."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from openinfusion.billing.public import PostingResult, result_of
from openinfusion.exchange.actions.acknowledge import acknowledge
from openinfusion.exchange.actions.inbox import receive_file
from openinfusion.exchange.actions.standing import ask_standing
from openinfusion.exchange.actions.transmit import decide_transmission
from openinfusion.exchange.actions.x12_receive import receive_remittance
from openinfusion.exchange.actions.x12_send import send_ready_claims
from openinfusion.exchange.api.inspected import InspectionOut
from openinfusion.exchange.domain.x12.inspection import inspect
from openinfusion.exchange.domain.x12.inspection_json import plain
from openinfusion.exchange.permissions import READ
from openinfusion.exchange.queries import (
    ClaimFileFact,
    InboundFact,
    TransmissionFact,
    claim_file_of,
    claim_files,
    inbound_files,
    inbound_of,
    transmission_of,
    transmissions,
)
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.api import RoomRouter
from openinfusion.platform.files import open_file


class SettledOut(Schema):
    """How many of our files an acknowledgement settled."""

    settled: int


class ClaimFileOut(Schema):
    id: UUID
    control: int
    receiver: str
    claims: int
    charge_cents: int
    left_out: list[str]
    sent_at: datetime


class SendIn(Schema):
    """The claims to send; none means all that are ready."""

    claim_ids: list[UUID] = []


class TransmissionOut(Schema):
    id: UUID
    kind: str
    receiver: str
    control: int
    name: str
    state: str
    report: list[str]
    attempts: int
    made_at: datetime
    sent_at: datetime | None


class InboundOut(Schema):
    """A file that came in, and what was done with it."""

    id: UUID
    name: str
    kinds: list[str]
    outcome: str
    said: list[str]
    times: int
    received_at: datetime
    waits: bool


class StepIn(Schema):
    """Why, where the step asks for a reason."""

    reason: str = ""


class PostedOut(Schema):
    remittance_id: UUID
    posted: int
    suspended: int
    posted_cents: int
    findings: list[str]


def add_to(router: RoomRouter) -> None:
    """Add the X12 operations to the room's router."""

    @router.get("/claim-files", response=list[ClaimFileOut])
    def files(request: HttpRequest) -> list[ClaimFileFact]:
        """Files that went out, the newest first."""
        request.actor.must(READ)  # type: ignore[attr-defined]
        return claim_files()

    @router.post("/claim-files", response=ClaimFileOut)
    def send(request: HttpRequest, given: SendIn) -> ClaimFileFact:
        """Write ready claims into one 837P file and mark them as sent."""
        return claim_file_of(send_ready_claims(claim_ids=given.claim_ids,
            by=request.actor))  # type: ignore[attr-defined]

    @router.get("/claim-files/{claim_file_id}/content")
    def content(request: HttpRequest, claim_file_id: UUID) -> HttpResponse:
        """The 837P file, byte for byte."""
        request.actor.must(READ)  # type: ignore[attr-defined]
        return HttpResponse(open_file(claim_file_of(claim_file_id).file_id).data,
            content_type="text/plain; charset=us-ascii")

    @router.get("/outbox", response=list[TransmissionOut])
    def outbox(request: HttpRequest, state: str = "") -> list[TransmissionFact]:
        """Files on their way or arrived, the newest first; of one state where it is given."""
        request.actor.must(READ)  # type: ignore[attr-defined]
        return transmissions(state)

    @router.post("/outbox/{transmission_id}/{step}", response=TransmissionOut)
    def outbox_step(request: HttpRequest, transmission_id: UUID, step: str, given: StepIn) -> TransmissionFact:
        """A person's word about a file: by_hand, by_hand_checked, arrived, again, settle."""
        decide_transmission(
            transmission_id=transmission_id, step=step, reason=given.reason, by=request.actor)  # type: ignore[attr-defined]
        return transmission_of(transmission_id)

    @router.get("/inbox", response=list[InboundOut])
    def inbox(request: HttpRequest, waiting: bool = False) -> list[InboundFact]:
        """Files that came in, the newest first; only those that wait for a person where asked."""
        request.actor.must(READ)  # type: ignore[attr-defined]
        return inbound_files(only_waiting=waiting)

    @router.post("/inbox", response=InboundOut, openapi_extra={
        "requestBody": {"content": {"application/edi-x12": {"schema": {"type": "string"}}}, "required": True},
    })
    def take_in(request: HttpRequest, name: str = "file.x12") -> InboundFact:
        """Take in any file of a clearing house (the body is the file): 835, 999, TA1, 277CA, 277, 271, 278, NCPDP."""
        if not request.body:
            raise Malformed(Fault("body", "the body is empty; send the file itself"))
        return inbound_of(receive_file(name=name, data=request.body, by=request.actor))  # type: ignore[attr-defined]

    @router.post("/claims/standing", response=list[TransmissionOut])
    def ask(request: HttpRequest, given: SendIn) -> list[TransmissionFact]:
        """Ask by 276 where claims stand: those named, or all that were sent long enough ago and not answered."""
        found = ask_standing(claim_ids=given.claim_ids, by=request.actor)  # type: ignore[attr-defined]
        return [transmission_of(i) for i in found]

    @router.post("/acknowledgements", response=SettledOut, openapi_extra={
        "requestBody": {"content": {"application/edi-x12": {"schema": {"type": "string"}}}, "required": True},
    })
    def take_acknowledgement(request: HttpRequest) -> dict[str, int]:
        """Take in a 999 (the body is the file); how many of our files it settled."""
        return {"settled": acknowledge(data=request.body, by=request.actor)}  # type: ignore[attr-defined]

    @router.post("/x12/inspection", response=InspectionOut, exclude_unset=True, openapi_extra={
        "requestBody": {"content": {"application/edi-x12": {"schema": {"type": "string"}}}, "required": True},
    })
    def inspection(request: HttpRequest) -> dict[str, Any]:
        """Say what an X12 file holds (the body is the file) and whether its sums agree; nothing is kept."""
        request.actor.must(READ)  # type: ignore[attr-defined]
        return plain(inspect(request.body))

    @router.post("/remittances", response=list[PostedOut], openapi_extra={
        "requestBody": {"content": {"application/edi-x12": {"schema": {"type": "string"}}}, "required": True},
    })
    def receive(request: HttpRequest, name: str = "remittance.835") -> list[PostingResult]:
        """Take in an 835 (the body is the file) and post what balances; the same content again posts nothing twice."""
        if not request.body:
            raise Malformed(Fault("body", "the body is empty; send the 835 file itself"))
        ids = receive_remittance(name=name, data=request.body, by=request.actor)  # type: ignore[attr-defined]
        return [result_of(i) for i in ids]
