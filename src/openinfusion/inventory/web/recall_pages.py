# SPDX-License-Identifier: Apache-2.0
"""Pages of recalls and of suspect product: the case with its lots, places, patients, letters and steps on one page."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.recall_case import RECALL, RecallState
from openinfusion.inventory.domain.suspect import SUSPECT, SuspectState
from openinfusion.inventory.models import Lot, Pump, RecallCase, Suspect
from openinfusion.inventory.queries.recall import notices_of, recall_fact, recall_facts, recalled_places
from openinfusion.inventory.web.recall_forms import RecallForm, ToldForm, WidenForm
from openinfusion.inventory.web.table import Entry, Page, Table, cell, facts, table
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import timeline
from openinfusion.platform.ui.parts import Act, acts_of

_TONES = {"pending": "warn", "told": "ok", "unreachable": "crit", "not_needed": "idle"}


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


