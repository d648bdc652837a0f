# SPDX-License-Identifier: Apache-2.0
"""Pages of transfers and of the places they go between."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import F
from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.domain.transfer import TRANSFER, TransferFacts, TransferState
from openinfusion.inventory.models import Location, OnHand, Transfer, TransferLine
from openinfusion.inventory.web.table import Choice, Entry, Page, cell, facts, table
from openinfusion.inventory.web.working import other_sites, places_to_choose, working_site
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import timeline
from openinfusion.platform.ui.forms import AmountField, WholeField
from openinfusion.platform.ui.parts import Act, acts_of

_KINDS = [(k.value, k.value.replace("_", " ")) for k in PlaceKind if k is not PlaceKind.IN_TRANSIT]


class SendForm(forms.Form):
    """Where to, and how many of each lot that is free in the place."""

    to_location = forms.TypedChoiceField(label="To", coerce=UUID)
    note = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, here: UUID, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_location"].choices = [p for p in other_sites(by) if p[0] != here]  # type: ignore[attr-defined]
        for row in sendable(here):
            free = row.on_hand_amount - row.reserved_amount
            label = f"{row.lot.product.name}, lot {row.lot.number} ({free.normalize():f} free)"
            self.fields[f"lot-{row.lot_id}"] = AmountField(label=label, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        lots = {UUID(k.removeprefix("lot-")): v for k, v in given.items() if k.startswith("lot-") and v}
        if not lots:
            raise forms.ValidationError("say how many of a lot to send")
        return {"to_location": given.get("to_location"), "note": given.get("note", ""), "lots": lots}


class ArriveForm(forms.Form):
    """How many of each lot arrived, and what happened to the rest."""

    reason = forms.CharField(label="What happened to what is missing", required=False, max_length=1000)

    def __init__(self, *args: Any, lines: list[TransferLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"lot-{line.lot_id}"] = AmountField(label=f"{line.lot.product.name}, lot {line.lot.number}: arrived")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        return {
            "reason": given.get("reason", ""),
            "arrived": {UUID(k.removeprefix("lot-")): v for k, v in given.items() if k.startswith("lot-")},
        }


class PlaceForm(forms.Form):
    """A place to open."""

    code = forms.CharField(max_length=20)
    name = forms.CharField(max_length=100)
    kind = forms.TypedChoiceField(choices=_KINDS, coerce=PlaceKind)
    pick_order = WholeField(label="Position on the walk", required=False, min_value=0, max_value=99_999)

    def clean_pick_order(self) -> int:
        return self.cleaned_data.get("pick_order") or 0


class MovePlaceForm(forms.Form):
    """What a place is called and where it stands on the walk."""

    name = forms.CharField(max_length=100)
    pick_order = WholeField(label="Position on the walk", min_value=0, max_value=99_999)


def sendable(here: UUID) -> list[OnHand]:
    rows = OnHand.objects.filter(location_id=here, on_hand_amount__gt=F("reserved_amount"), lot__state="available")
    return list(rows.select_related("lot__product").order_by("lot__product__name", "lot__expires_on")[:200])


def lines_of(transfer_id: UUID) -> list[TransferLine]:
    rows = TransferLine.objects.filter(transfer_id=transfer_id).select_related("lot__product")
    return list(rows.order_by("lot__product__name", "lot__number"))


def transfers_page(by: Actor, here: str) -> Page:
    rows = Transfer.objects.select_related("from_location", "to_location").order_by("-made_at")[:200]
    places = places_to_choose(by)
    chosen = next((id for id, _ in places if str(id) == here), None)
    entries: tuple[Entry, ...] = ()
    if chosen and by.may(permissions.MOVE.code):
        entries = (Entry("Send", reverse("inventory:transfer_send", args=[chosen]), "Send", SendForm(here=chosen, by=by)),)
    return Page(
        "Transfers",
        "transfers",
        "what is on the road belongs to nobody's shelf until it is received",
        choices=(Choice("from", "Send from", (("", "Send from…"), *((str(id), name) for id, name in places)), here),),
        tables=(
            table(
                "Transfers",
                ("Number", "From", "To", "State", "Sent", "By"),
                [
                    (
                        cell(t.number, href=reverse("inventory:transfer_page", args=[t.id]), code=True),
                        t.from_location.name,
                        t.to_location.name,
                        cell(t.state.replace("_", " "), tone=TRANSFER.tone(TransferState(t.state))),
                        t.sent_at,
                        t.sender_name,
                    )
                    for t in rows
                ],
                empty="No transfer",
                text="Choose a place above to send from.",
            ),
        ),
        entries=entries,
    )


def transfer_page(transfer_id: UUID, by: Actor) -> Page:
    row = fetch(Transfer, transfer_id)
    lines = lines_of(row.id)
    entries: tuple[Entry, ...] = ()
    if row.state == TransferState.IN_TRANSIT.value and by.may(permissions.MOVE.code):
        entries = (Entry("Receive", reverse("inventory:transfer_receive", args=[row.id]), "Receive", ArriveForm(lines=lines)),)
    return Page(
        f"Transfer {row.number}",
        "transfers",
        f"{row.from_location} to {row.to_location}",
        row.state.replace("_", " "),
        TRANSFER.tone(TransferState(row.state)),
        acts_of(
            TRANSFER,
            row.state,
            TransferFacts(),
            by,
            leave_out=frozenset({"receive"}),
            url_for=lambda step: reverse("inventory:transfer_back", args=[row.id]),
        ),
        facts=facts(
            ("Sent by", row.sender_name),
            ("Sent", row.sent_at),
            ("Received by", row.receiver_name),
            ("Received", row.received_at),
            ("Note", row.note),
        ),
        tables=(
            table(
                "Lots",
                ("Product", "Lot", "Expires", "Sent", "Arrived"),
                [
                    (
                        x.lot.product.name,
                        cell(x.lot.number, href=reverse("inventory:lot", args=[x.lot_id]), code=True),
                        x.lot.expires_on,
                        x.sent_amount,
                        "" if x.arrived_amount is None else x.arrived_amount,
                    )
                    for x in lines
                ],
            ),
        ),
        entries=entries,
        lines=tuple(timeline(subject_id=row.id)),
    )


def places_page(by: Actor) -> Page:
    rows = Location.objects.filter(site_id=working_site(by)).order_by("pick_order", "name")
    may = by.may(permissions.RECEIVE.code)
    entries = (Entry("Open a place", reverse("inventory:place_open"), "Open", PlaceForm()),) if may else ()
    return Page(
        "Places",
        "places",
        "rooms, shelves, vans, suites and homes; pick lists follow the walk",
        tables=(
            table(
                "Places",
                ("Code", "Name", "Kind", "On the walk", "Picked from", ""),
                [
                    (
                        cell(r.code, code=True),
                        r.name,
                        r.kind.replace("_", " "),
                        r.pick_order,
                        "yes" if PlaceKind(r.kind).pickable else "no",
                        cell("", acts=(_change(r),)) if may else "",
                    )
                    for r in rows
                ],
                empty="No place",
                text="Open the first one.",
            ),
        ),
        links=(("Shelf labels", reverse("inventory:shelf_labels")),),
        entries=entries,
    )


def _change(row: Location) -> Act:
    form = MovePlaceForm(initial={"name": row.name, "pick_order": row.pick_order}, auto_id=f"place-{row.id}-%s")
    return Act(f"change-{row.id}", "Change", reverse("inventory:place_change", args=[row.id]), form=form)
