# SPDX-License-Identifier: Apache-2.0
"""Views of the X12 side: claim files out, remittance files in."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse

from openinfusion.billing.public import claim
from openinfusion.exchange.actions.standing import ask_standing
from openinfusion.exchange.actions.x12_receive import receive_remittance
from openinfusion.exchange.actions.x12_send import send_ready_claims
from openinfusion.exchange.adapters.paper import paper_pdf
from openinfusion.exchange.domain.paper import paper_pages
from openinfusion.exchange.permissions import READ, RECEIVE
from openinfusion.exchange.queries import ClaimFileFact, claim_file_of, claim_files, claims_out
from openinfusion.platform.files import open_file
from openinfusion.platform.web import Request, read, reads, show, then, writes


class RemittanceForm(forms.Form):
    file = forms.FileField(label="835 file", help_text="As the payer or clearinghouse sent it; up to 20 MB.")


@dataclass(frozen=True, slots=True)
class ClaimFilesPage:
    rows: tuple[ClaimFileFact, ...]


@dataclass(frozen=True, slots=True)
class ClaimFilePage:
    """A file that went out, and its text."""

    file: ClaimFileFact
    text: str


@dataclass(frozen=True, slots=True)
class ReceivePage:
    form: RemittanceForm


@reads(READ.code)
def files(request: Request) -> HttpResponse:
    return show(request, "exchange/claim_files.html", ClaimFilesPage(tuple(claim_files())))


@reads(READ.code)
def claim_file(request: Request, claim_file_id: UUID) -> HttpResponse:
    found = claim_file_of(claim_file_id)
    kept = open_file(found.file_id)
    text = kept.data.decode("ascii", "replace") if kept.media_type == "text/plain" else ""
    return show(request, "exchange/claim_file.html", ClaimFilePage(found, text))


@reads(READ.code)
def file(request: Request, file_id: UUID) -> HttpResponse:
    """The bytes of a file, exactly as they are kept."""
    found = open_file(file_id)
    response = HttpResponse(found.data, content_type="application/octet-stream")
    safe = "".join(c if c.isalnum() or c in ".-_" else "_" for c in found.name) or "file"
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response


@reads(READ.code)
def paper(request: Request, claim_id: UUID) -> HttpResponse:
    """A claim on paper, by the boxes of the CMS-1500."""
    (out,) = claims_out([claim(claim_id)])
    response = HttpResponse(paper_pdf(paper_pages(out)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{out.patient_control}.pdf"'
    return response


@writes
def ask(request: Request, claim_id: UUID) -> HttpResponse:
    ask_standing(claim_ids=[claim_id], by=request.actor)
    return then(request, "billing:claim", claim_id, said="The question waits in the outbox; its answer comes by the inbox.")


@writes
def send(request: Request) -> HttpResponse:
    made = send_ready_claims(by=request.actor)
    return then(request, "exchange:claim_file", made, said="The claim file is written and its claims are sent.")


@reads(RECEIVE.code)
def receive(request: Request) -> HttpResponse:
    return show(request, "exchange/receive.html", ReceivePage(RemittanceForm()))


@writes
def receive_file(request: Request) -> HttpResponse:
    given = read(RemittanceForm, request)["file"]
    ids = receive_remittance(name=given.name, data=given.read(), by=request.actor)
    if len(ids) == 1:
        return then(request, "billing:remittance", ids[0], said="The remittance is in.")
    return then(request, "billing:remittances", said=f"{len(ids)} remittances are in.")
