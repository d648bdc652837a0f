# SPDX-License-Identifier: Apache-2.0
"""Product that may not be genuine: into quarantine at once, decided by a pharmacist, told to the authority in time."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Sum

from openinfusion.inventory import permissions
from openinfusion.inventory.actions.correct import advance_lot
from openinfusion.inventory.domain.lot import LotState
from openinfusion.inventory.domain.suspect import SuspectFacts, notify_by
from openinfusion.inventory.models import Lot, OnHand, Suspect
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def report_suspect(*, lot_id: UUID, why: str, by: Actor) -> UUID:
    """Stop a lot that may be counterfeit, diverted or tampered with; the case that is open, if there is one."""
    by.must(permissions.QUARANTINE)
    if not why.strip():
        raise Malformed(Fault("why", "say what is suspicious"))
    lot = lock(Lot, lot_id)
    found = Suspect.objects.filter(lot=lot, state__in=["suspected", "illegitimate"]).first()
    if lot.state == LotState.AVAILABLE.value:
        advance_lot(lot_id=lot.id, step="quarantine", reason=f"suspect product: {why.strip()}", by=by)
    row = found or Suspect.objects.create(lot=lot, why=why.strip(), found_by=by.id, finder_name=by.name)
    write(by, "inventory.suspect.report", row, "{actor} reported {subject}", reason=why, to_state=row.state)
    return row.id


@action
def advance_suspect(
    *, suspect_id: UUID, step: str, by: Actor, reason: str = "", notice: str = "", version: int | None = None,
) -> UUID:
    """Clear it (the lot too), find it not genuine (the clock of the notice runs), or close it."""
    row = lock(Suspect, suspect_id, version)
    left = OnHand.objects.filter(lot_id=row.lot_id).aggregate(n=Sum("on_hand_amount"))["n"] or 0
    changes: dict[str, Any] = {"notice": notice.strip()} if notice.strip() else {}
    if step == "condemn":
        changes |= {"condemned_at": now(), "notify_by": notify_by(now())}
    advance(row, step, SuspectFacts(notice or row.notice, left > 0), by=by, reason=reason, **changes)
    if step == "clear" and fetch(Lot, row.lot_id).state == LotState.QUARANTINED.value:
        advance_lot(lot_id=row.lot_id, step="clear", reason=reason, by=by)
    return row.id
