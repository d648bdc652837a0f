# SPDX-License-Identifier: Apache-2.0
"""Papers of a delivery: the ticket, the proof, the chain of custody; the photo and the study on file."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.delivery.permissions import READ
from openinfusion.delivery.queries import ticket_of
from openinfusion.delivery.queries.packing import validation_rows
from openinfusion.delivery.web.proof_pdf import custody_pdf, proof_pdf
from openinfusion.delivery.web.ticket_pdf import ticket_pdf
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.files import open_file
from openinfusion.platform.web import Request, reads


def _paper(data: bytes, name: str, media_type: str = "application/pdf") -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@reads(READ.code)
def ticket_document(request: Request, ticket_id: UUID) -> HttpResponse:
    return _paper(ticket_pdf(ticket_id), f"delivery-{ticket_id.hex[-8:]}.pdf")


@reads(READ.code)
def proof_document(request: Request, ticket_id: UUID) -> HttpResponse:
    return _paper(proof_pdf(ticket_id), f"proof-{ticket_id.hex[-8:]}.pdf")


@reads(READ.code)
def custody_document(request: Request, ticket_id: UUID) -> HttpResponse:
    return _paper(custody_pdf(ticket_id), f"custody-{ticket_id.hex[-8:]}.pdf")


@reads(READ.code)
def photo(request: Request, ticket_id: UUID) -> HttpResponse:
    """The photo taken at the door."""
    id = ticket_of(ticket_id).road.photo_id
    if id is None:
        raise NotFound("photo")
    found = open_file(id)
    return _paper(found.data, found.name.replace('"', ""), found.media_type)


@reads(READ.code)
def validation_file(request: Request, validation_id: UUID) -> HttpResponse:
    """The study's document."""
    row = next((r for r in validation_rows() if r.validation.id == validation_id), None)
    if row is None or row.file_id is None:
        raise NotFound("document")
    found = open_file(row.file_id)
    return _paper(found.data, found.name.replace('"', ""), found.media_type)
