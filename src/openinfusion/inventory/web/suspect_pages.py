# SPDX-License-Identifier: Apache-2.0
"""The page of suspect product."""
from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from openinfusion.inventory.domain.suspect import SUSPECT, SuspectFacts, SuspectState
from openinfusion.inventory.models import OnHand, Suspect
from openinfusion.inventory.web.recall_forms import NoticeForm
from openinfusion.inventory.web.recall_pages import _places
from openinfusion.inventory.web.table import Page, cell, facts
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import timeline
from openinfusion.platform.ui.parts import acts_of


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
