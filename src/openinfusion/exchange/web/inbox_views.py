# SPDX-License-Identifier: Apache-2.0
"""Views of the inbox: what came in, by folder, SFTP or a person's hands, and what is still to be done with it."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse

from openinfusion.exchange.actions.inbox import receive_file, settle_file
from openinfusion.exchange.permissions import READ, RECEIVE
from openinfusion.exchange.queries import InboundFact, inbound_files, inbound_of
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes

KINDS = ("835", "999", "277CA", "277", "271", "278", "TA1", "NCPDP")


class FileForm(forms.Form):
    file = forms.FileField(label="File", help_text=f"{', '.join(KINDS)}: as it was sent; up to 20 MB.")


class SettleForm(forms.Form):
    reason = forms.CharField(max_length=500, label="What was done with it")


@dataclass(frozen=True, slots=True)
class InboxPage:
    rows: tuple[InboundFact, ...]
    kinds: tuple[str, ...]
    kind: str
    only_waiting: bool
    form: FileForm | None


@dataclass(frozen=True, slots=True)
class InboundPage:
    """One file: what is in it, what was done, and how a person settles what was left."""

    file: InboundFact
    form: SettleForm | None


@reads(READ.code)
def inbox(request: Request) -> HttpResponse:
    asked = request.GET.get("kind", "")
    kind, waiting = (asked if asked in KINDS else ""), request.GET.get("waiting", "") == "1"
    form = FileForm() if request.actor.may(RECEIVE.code) else None
    return show(request, "exchange/inbox.html", InboxPage(tuple(inbound_files(kind, waiting)), KINDS, kind, waiting, form))


@reads(READ.code)
def inbox_csv(request: Request) -> HttpResponse:
    """The inbox as a table to take away."""
    return text_table("inbox", ("received", "name", "kinds", "outcome", "by", "said"), (
        (f.received_at.isoformat(), f.name, " ".join(f.kinds), f.outcome, f.received_name, "; ".join(f.said))
        for f in inbound_files(limit=10_000)
    ))


@writes
def inbox_receive(request: Request) -> HttpResponse:
    given = read(FileForm, request)["file"]
    made = receive_file(name=given.name, data=given.read(), by=request.actor)
    return then(request, "exchange:inbound", made, said="The file is in; what was done with it stands below.")


@reads(READ.code)
def inbound(request: Request, inbound_id: UUID) -> HttpResponse:
    found = inbound_of(inbound_id)
    form = SettleForm() if found.waits and request.actor.may(RECEIVE.code) else None
    return show(request, "exchange/inbound.html", InboundPage(found, form))


@writes
def inbound_settle(request: Request, inbound_id: UUID) -> HttpResponse:
    settle_file(inbound_id=inbound_id, by=request.actor, **read(SettleForm, request))
    return then(request, "exchange:inbound", inbound_id, said="Settled.")
