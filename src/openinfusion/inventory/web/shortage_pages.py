# SPDX-License-Identifier: Apache-2.0
"""The page of shortages and what may be given instead."""
from __future__ import annotations

from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.substitute import SUBSTITUTE, SubstituteFacts, SubstituteState
from openinfusion.inventory.models import Substitute
from openinfusion.inventory.queries.purchase import shortages_open, substitutes_of
from openinfusion.inventory.web.buy_forms import (
    ShortageForm,
    SubstituteForm,
)
from openinfusion.inventory.web.table import Entry, Page, cell, table
from openinfusion.inventory.web.working import products_to_choose
from openinfusion.platform.actor import Actor
from openinfusion.platform.ui.parts import Act, acts_of


def shortages_page(by: Actor) -> Page:
    short = shortages_open()
    buys, signs = by.may(permissions.BUY.code), by.may(permissions.SUBSTITUTE.code)
    entries: list[Entry] = []
    if buys:
        entries.append(
            Entry("A product is short", reverse("inventory:shortage"), "Report", ShortageForm(products=products_to_choose()))
        )
    if signs:
        entries.append(
            Entry(
                "Propose a substitute",
                reverse("inventory:substitute"),
                "Propose",
                SubstituteForm(products=products_to_choose()),
                "within the same drug; another pharmacist signs",
            )
        )
    rows = Substitute.objects.select_related("product", "instead").order_by("state", "product__name")
    return Page(
        "Shortages",
        "shortages",
        "and what two pharmacists let stand in",
        entries=tuple(entries),
        tables=(
            table(
                "Short now",
                ("Product", "Since", "Expected", "Note", "Instead", ""),
                [
                    (
                        s.product.name,
                        s.since_on,
                        s.expected_on,
                        s.note,
                        ", ".join(x.instead for x in substitutes_of(s.product_id) if x.state == "signed")
                        or cell("none signed", tone="warn"),
                        cell("", acts=(Act(f"end-{s.id}", "Ended", reverse("inventory:shortage_end", args=[s.id])),))
                        if buys
                        else "",
                    )
                    for s in short
                ],
                empty="Nothing is short",
                text="Report a product that cannot be had.",
            ),
            table(
                "Substitutes",
                ("Product", "Instead", "What changes", "Source", "State", "Proposed by", "Signed by", ""),
                [
                    (
                        s.product.name,
                        s.instead.name,
                        s.differs,
                        s.source,
                        cell(s.state, tone=SUBSTITUTE.tone(SubstituteState(s.state))),
                        s.proposer_name,
                        s.signer_name,
                        cell("", acts=_substitute_acts(s, by)),
                    )
                    for s in rows[:200]
                ],
                empty="No substitute",
                text="A pharmacist proposes one, another signs.",
            ),
        ),
    )


def _substitute_acts(row: Substitute, by: Actor) -> tuple[Act, ...]:
    found = acts_of(
        SUBSTITUTE,
        row.state,
        SubstituteFacts(row.proposed_by, by.id),
        by,
        url_for=lambda step: reverse("inventory:substitute_step", args=[row.id, step]),
    )
    return tuple(Act(f"{a.name}-{row.id}", a.label, a.url, a.tone, a.needs_reason, a.sign, a.reasons, a.form) for a in found)
