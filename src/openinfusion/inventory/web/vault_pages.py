# SPDX-License-Identifier: Apache-2.0
"""Pages of the vault: what is in it without the book's figure, entries that wait for a witness, discrepancies, inventories."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.controlled import (
    ACT,
    DISCREPANCY,
    ActFacts,
    ActKind,
    ActState,
    DiscrepancyFacts,
    DiscrepancyState,
)
from openinfusion.inventory.models import ControlledAct, ControlledInventory, Discrepancy
from openinfusion.inventory.queries.controlled import inventory_due_on, vault
from openinfusion.inventory.web.table import Entry, Page, cell, facts, table
from openinfusion.inventory.web.vault_forms import EnterForm, InventoryForm, ReportForm, ResolveForm, WitnessForm
from openinfusion.inventory.web.working import working_site
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import timeline
from openinfusion.platform.ui.parts import acts_of


def vault_choices(by: Actor) -> list[tuple[str, str]]:
    return [(f"{r.lot_id} {r.location_id}", f"{r.product}, lot {r.lot}, {r.place}") for r in vault(working_site(by))]


def vault_page(by: Actor) -> Page:
    site_id = working_site(by)
    rows = vault(site_id)
    acts = (
        ControlledAct.objects.filter(location__site_id=site_id)
        .select_related("lot__product", "location")
        .order_by("-made_at")[:50]
    )
    found = (
        Discrepancy.objects.filter(location__site_id=site_id).select_related("lot__product", "location").order_by("-made_at")[:50]
    )
    due = inventory_due_on(site_id)
    entries: list[Entry] = []
    if by.may(permissions.WITNESS.code) and rows:
        entries.append(
            Entry(
                "Enter",
                reverse("inventory:vault_enter"),
                "Hand to a witness",
                EnterForm(choices=vault_choices(by)),
                "it holds once another person has witnessed it",
            )
        )
    if by.may(permissions.RESOLVE.code):
        entries.append(
            Entry(
                "Inventory of all",
                reverse("inventory:vault_inventory"),
                "Take the inventory",
                InventoryForm(),
                f"due by {due:%d-%b-%Y}" if due else "none was taken yet",
            )
        )
    return Page(
        "Vault",
        "vault",
        "controlled substances: a perpetual count, each correction seen by two",
        tables=(
            table(
                "In the vault",
                ("Schedule", "Product", "Lot", "Expires", "Place", "Last counted"),
                [
                    (
                        r.schedule,
                        r.product,
                        cell(r.lot, href=reverse("inventory:lot", args=[r.lot_id]), code=True),
                        r.expires_on,
                        r.place,
                        r.counted_at or cell("never", tone="warn"),
                    )
                    for r in rows
                ],
                empty="The vault is empty",
                text="Controlled substances come here when they are received.",
                sub="counts are blind, so what the book says is not shown here",
            ),
            table(
                "Entries",
                ("What", "Product", "Lot", "Entered by", "State"),
                [
                    (
                        cell(a.kind.replace("_", " "), href=reverse("inventory:vault_act", args=[a.id])),
                        a.lot.product.name,
                        cell(a.lot.number, code=True),
                        a.enterer_name,
                        cell(a.state.replace("_", " "), tone=ACT.tone(ActState(a.state))),
                    )
                    for a in acts
                ],
                empty="No entry",
                text="Counts, waste and corrections come here.",
            ),
            table(
                "Discrepancies",
                ("Found", "Product", "Lot", "Book", "Counted", "State"),
                [
                    (
                        cell(d.made_at, href=reverse("inventory:discrepancy", args=[d.id])),
                        d.lot.product.name,
                        cell(d.lot.number, code=True),
                        d.book_amount,
                        d.counted_amount,
                        cell(d.state, tone=DISCREPANCY.tone(DiscrepancyState(d.state))),
                    )
                    for d in found
                ],
                empty="No discrepancy",
                text="A count that differs from the book opens one.",
            ),
            table(
                "Inventories taken",
                ("Day", "When", "Lines", "By", ""),
                [
                    (
                        i.taken_on,
                        "opening" if i.at_opening else "close of business",
                        len(i.lines),
                        i.taker_name,
                        cell("print", href=reverse("inventory:vault_print", args=[i.id])),
                    )
                    for i in ControlledInventory.objects.filter(site_id=site_id).order_by("-taken_on")[:20]
                ],
                empty="None was taken yet",
                text="One is due every two years; count everything with a witness first.",
            ),
        ),
        entries=tuple(entries),
    )


def act_page(act_id: UUID, by: Actor) -> Page:
    """One entry. Of a count neither the book nor what was counted is shown before it is witnessed."""
    row = fetch(ControlledAct, act_id)
    kind, waits = ActKind(row.kind), row.state == ActState.TO_WITNESS.value
    asked = ActFacts(kind, row.entered_by, by.id, row.amount, row.amount)  # the count of the witness is asked for in the form
    blind = kind is ActKind.COUNT and waits
    return Page(
        str(row).capitalize(),
        "vault",
        f"{row.lot.product}, {row.location}",
        row.state.replace("_", " "),
        ACT.tone(ActState(row.state)),
        acts_of(
            ACT,
            row.state,
            asked,
            by,
            forms={"witness": WitnessForm()} if kind is ActKind.COUNT else {},
            url_for=lambda step: reverse("inventory:vault_step", args=[row.id, step]),
        ),
        facts=facts(
            ("Packages", "hidden until witnessed" if blind else row.amount),
            ("Entered by", row.enterer_name),
            ("Why", row.reason),
            ("Witness", row.witness_name),
            ("Witnessed", row.witnessed_at),
        ),
        tables=(),
        lines=tuple(timeline(subject_id=row.id)),
    )


def discrepancy_page(discrepancy_id: UUID, by: Actor) -> Page:
    row = fetch(Discrepancy, discrepancy_id)
    asked = DiscrepancyFacts(row.found_by, by.id, row.report or "asked for in the form")
    return Page(
        str(row).capitalize(),
        "vault",
        f"{row.lot.product}, {row.location}",
        row.state,
        DISCREPANCY.tone(DiscrepancyState(row.state)),
        acts_of(
            DISCREPANCY,
            row.state,
            asked,
            by,
            forms={"report": ReportForm(), "resolve": ResolveForm()},
            url_for=lambda step: reverse("inventory:discrepancy_step", args=[row.id, step]),
        ),
        facts=facts(
            ("Book", row.book_amount),
            ("Counted", row.counted_amount),
            ("Found by", row.finder_name),
            ("Witness", row.witness_name),
            ("To be resolved by", row.late_at),
            ("Report", row.report),
            ("Finding", row.finding),
            ("Resolved by", row.resolver_name),
            ("Lot", cell(row.lot.number, href=reverse("inventory:lot", args=[row.lot_id]), code=True)),
        ),
        tables=(),
        lines=tuple(timeline(subject_id=row.id)),
    )
