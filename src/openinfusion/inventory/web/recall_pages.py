# SPDX-License-Identifier: Apache-2.0
"""Pages of recalls and of suspect product: the case with its lots, places, patients, letters and steps on one page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.recall_case import RECALL, RecallClass, RecallState, Told
from openinfusion.inventory.domain.suspect import SUSPECT, SuspectFacts, SuspectState
from openinfusion.inventory.models import Lot, OnHand, Pump, RecallCase, Suspect
from openinfusion.inventory.queries.recall import notices_of, recall_fact, recall_facts, recalled_places
from openinfusion.inventory.web.table import Entry, Page, Table, cell, facts, table
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import timeline
from openinfusion.platform.ui.parts import Act, acts_of

_TONES = {"pending": "warn", "told": "ok", "unreachable": "crit", "not_needed": "idle"}


class RecallForm(forms.Form):
    """A recall as its letter has it, and the lots and devices of the house that it names."""

    title = forms.CharField(label="What is recalled", max_length=200)
    klass = forms.TypedChoiceField(label="Class", coerce=RecallClass, choices=[(k.value, k.value) for k in RecallClass])
    source = forms.CharField(label="Letter (whose, number, day)", max_length=300)
    why = forms.CharField(label="Why", max_length=1000)
    instructions = forms.CharField(
        label="What patients do", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    lot_ids = forms.TypedMultipleChoiceField(label="Lots", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple)
    pump_ids = forms.TypedMultipleChoiceField(label="Devices", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot_ids"].choices = lots_like(text)  # type: ignore[attr-defined]
        self.fields["pump_ids"].choices = pumps_like(text)  # type: ignore[attr-defined]


class WidenForm(forms.Form):
    """More lots and devices of the house."""

    lot_ids = forms.TypedMultipleChoiceField(label="Lots", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple)
    pump_ids = forms.TypedMultipleChoiceField(label="Devices", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot_ids"].choices = lots_like(text)  # type: ignore[attr-defined]
        self.fields["pump_ids"].choices = pumps_like(text)  # type: ignore[attr-defined]


class ToldForm(forms.Form):
    """What came of telling a patient."""

    told = forms.TypedChoiceField(
        label="Outcome", coerce=Told, choices=[(t.value, t.value.replace("_", " ")) for t in Told if t is not Told.PENDING]
    )
    how = forms.CharField(label="How, and with whom", max_length=300, required=False)
    note = forms.CharField(label="If not: why", max_length=500, required=False)


class SuspectForm(forms.Form):
    why = forms.CharField(label="What is suspicious", max_length=1000)


class NoticeForm(forms.Form):
    notice = forms.CharField(label="Notice (Form FDA 3911 and number)", max_length=200)


def lots_like(text: str) -> list[tuple[UUID, str]]:
    """Lots by the beginning of their number or a part of their product's name; none without a text."""
    words = text.strip()
    if len(words) < 2:
        return []
    rows = Lot.objects.select_related("product").exclude(state="destroyed")
    found = rows.filter(number__istartswith=words) | rows.filter(product__name__icontains=words)
    return [(r.id, f"{r.product.name}, lot {r.number}") for r in found.order_by("product__name", "number")[:100]]


def pumps_like(text: str) -> list[tuple[UUID, str]]:
    words = text.strip()
    if len(words) < 2:
        return []
    rows = Pump.objects.select_related("product").exclude(state="retired")
    found = rows.filter(serial__istartswith=words) | rows.filter(product__name__icontains=words)
    return [(r.id, f"{r.product.name}, serial {r.serial}") for r in found.order_by("serial")[:100]]


def recalls_page(by: Actor, text: str) -> Page:
    entries: tuple[Entry, ...] = ()
    if by.may(permissions.RECALL.code) and text.strip():
        entries = (
            Entry(
                "Open a recall", f"{reverse('inventory:recall_open')}?q={text}", "Open and stop the lots", RecallForm(text=text)
            ),
        )
    suspects = Suspect.objects.select_related("lot__product").order_by("-made_at")[:100]
    return Page(
        "Recalls",
        "recalls",
        "search the product, lot or device that the letter names, then open the case",
        search=text,
        entries=entries,
        tables=(
            table(
                "Cases",
                ("Number", "What", "Class", "State", "Opened", "By"),
                [
                    (
                        cell(r.number, href=reverse("inventory:recall", args=[r.id]), code=True),
                        r.title,
                        r.klass,
                        cell(r.state, tone=RECALL.tone(RecallState(r.state))),
                        r.made_at,
                        r.opener_name,
                    )
                    for r in RecallCase.objects.order_by("-made_at")[:200]
                ],
                empty="No recall",
                text="Search above for what the letter names.",
            ),
            table(
                "Suspect product",
                ("Product", "Lot", "Why", "State", "Found by", "Notice by"),
                [
                    (
                        s.lot.product.name,
                        cell(s.lot.number, href=reverse("inventory:suspect", args=[s.id]), code=True),
                        s.why,
                        cell(s.state, tone=SUSPECT.tone(SuspectState(s.state))),
                        s.finder_name,
                        s.notify_by,
                    )
                    for s in suspects
                ],
                empty="Nothing is suspect",
                text="A lot's page has the button that stops it.",
            ),
        ),
    )


def recall_page(case_id: UUID, by: Actor, text: str = "") -> Page:
    row = fetch(RecallCase, case_id)
    fact = recall_fact(row)
    acts = [
        *acts_of(
            RECALL,
            row.state,
            recall_facts(row, by.id),
            by,
            url_for=lambda step: reverse("inventory:recall_step", args=[row.id, step]),
        )
    ]
    entries: tuple[Entry, ...] = ()
    if row.state == RecallState.OPEN.value and by.may(permissions.RECALL.code):
        acts = [
            Act("pull-all", "Pull into quarantine", reverse("inventory:recall_pull", args=[row.id])),
            Act("reach", "Look again whom it reached", f"/trace/reach/{row.id}/"),
            *acts,
        ]
        if text.strip():
            entries = (
                Entry(
                    "More lots or devices",
                    f"{reverse('inventory:recall_widen', args=[row.id])}?q={text}",
                    "Add",
                    WidenForm(text=text),
                ),
            )
    return Page(
        f"Recall {row.number}",
        "recalls",
        row.title,
        row.state,
        RECALL.tone(RecallState(row.state)),
        tuple(acts),
        links=(
            ("Trace", f"/trace/?case={row.id}"),
            ("Letters, CSV", reverse("inventory:recall_letters_csv", args=[row.id])),
            ("Letters, print", reverse("inventory:recall_letters", args=[row.id])),
        ),
        facts=facts(
            ("Class", row.klass),
            ("Letter", row.source),
            ("Why", row.why),
            ("Patients do", row.instructions),
            ("Opened by", row.opener_name),
            ("Effect checked by", row.checker_name),
            ("Finding of the check", row.check_note),
            ("Closed", row.closed_at),
        ),
        search=text if row.state == RecallState.OPEN.value else None,
        tables=(_lots(fact.lot_ids), _devices(fact.pump_ids), _places(fact.lot_ids), told_table(row.id, by)),
        entries=entries,
        lines=tuple(timeline(subject_id=row.id)),
    )


def _lots(lot_ids: tuple[UUID, ...]) -> Table:
    rows = Lot.objects.filter(pk__in=lot_ids).select_related("product").order_by("product__name", "number")
    return table(
        "Lots",
        ("Product", "Lot", "Expires", "State", "Trace"),
        [
            (
                r.product.name,
                cell(r.number, href=reverse("inventory:lot", args=[r.id]), code=True),
                r.expires_on,
                cell(r.state, tone="crit" if r.state == "recalled" else "idle"),
                cell("forward", href=f"/trace/?lot={r.id}"),
            )
            for r in rows
        ],
        empty="No lot",
        text="The case names devices only.",
    )


def _devices(pump_ids: tuple[UUID, ...]) -> Table:
    rows = Pump.objects.filter(pk__in=pump_ids).select_related("product")
    return table(
        "Devices",
        ("Device", "Serial", "State"),
        [
            (r.product.name, cell(r.serial, href=reverse("inventory:pump", args=[r.id]), code=True), r.state.replace("_", " "))
            for r in rows
        ],
        empty="No device",
        text="The case names lots only.",
    )


def _places(lot_ids: tuple[UUID, ...]) -> Table:
    return table(
        "Where it still is",
        ("Product", "Lot", "Site", "Place", "On hand", "Held", ""),
        [
            (
                p.product,
                cell(p.lot, code=True),
                p.site,
                p.place,
                p.on_hand,
                p.held,
                cell("pulled", tone="ok") if p.pulled else cell("to pull", tone="crit"),
            )
            for p in recalled_places(lot_ids)
        ],
        empty="Nothing is left",
        text="No package of these lots is in the house.",
    )


def told_table(case_id: UUID, by: Actor | None = None) -> Table:
    """Whom it reached, and who was told; with the button where somebody may note it."""
    found = notices_of(case_id)
    names = patients.patients([n.patient_id for n in found])
    may = by is not None and by.may(permissions.RECALL.code)
    return table(
        "Patients",
        ("Patient", "Reached by", "What", "Told", "How", "By", ""),
        [
            (
                cell(names[n.patient_id].name, href=f"/chart/{n.patient_id}/"),
                n.reach,
                n.what,
                cell(n.told.replace("_", " "), tone=_TONES[n.told]),
                n.how or n.note,
                n.teller,
                cell(
                    "",
                    acts=(
                        Act(
                            f"told-{n.id}",
                            "Told",
                            reverse("inventory:recall_told", args=[n.id]),
                            form=ToldForm(auto_id=f"told-{n.id}-%s"),
                        ),
                    ),
                )
                if may and n.told in ("pending", "unreachable")
                else "",
            )
            for n in found
        ],
        empty="It reached nobody",
        text="Nothing made of these lots, and nothing of them, left the house.",
    )


def suspect_page(suspect_id: UUID, by: Actor) -> Page:
    row = fetch(Suspect, suspect_id)
    left = OnHand.objects.filter(lot_id=row.lot_id, on_hand_amount__gt=0).exists()
    return Page(
        str(row).capitalize(),
        "recalls",
        row.lot.product.name,
        row.state,
        SUSPECT.tone(SuspectState(row.state)),
        acts_of(
            SUSPECT,
            row.state,
            SuspectFacts(row.notice or "asked for in the form", left),
            by,
            forms={"close": NoticeForm()},
            url_for=lambda step: reverse("inventory:suspect_step", args=[row.id, step]),
        ),
        facts=facts(
            ("Lot", cell(row.lot.number, href=reverse("inventory:lot", args=[row.lot_id]), code=True)),
            ("Why", row.why),
            ("Found by", row.finder_name),
            ("Not genuine since", row.condemned_at),
            ("Notice by", row.notify_by),
            ("Notice", row.notice),
        ),
        tables=(_places((row.lot_id,)),),
        lines=tuple(timeline(subject_id=row.id)),
    )
